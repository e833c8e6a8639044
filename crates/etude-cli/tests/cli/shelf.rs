//! `etude train`, `show` and `models`.

use crate::Studio;
use crate::studio::TRAIN;

#[test]
fn training_twice_makes_the_same_bytes_wherever_it_runs() {
    let (one, other) = (Studio::new(), Studio::new());
    let before = one.read("tiny.safetensors");
    one.run(&TRAIN).succeeds();
    assert_eq!(one.read("tiny.safetensors"), before);
    std::fs::create_dir(other.path("in")).expect("a folder of our own");
    std::fs::rename(other.path("phrases.json"), other.path("in/phrases.json")).expect("a move");
    let mut arguments = TRAIN.to_vec();
    arguments[2] = "in/phrases.json";
    arguments.push("--json");
    let [object] = other.run(&arguments).succeeds().objects().try_into().expect("one object");
    assert_eq!(other.read("tiny.safetensors"), before);
    assert_eq!(object["model"], "tiny.safetensors");
    assert_eq!(object["card"]["model"], "maxent");
    assert!(object["hash"].as_str().is_some_and(|hash| hash.len() == 16), "{object}");
}

#[test]
fn resuming_keeps_what_this_very_training_made_and_nothing_else() {
    let studio = Studio::new();
    let resumed = |more: &[&str]| studio.run(&[&TRAIN[..], &["--resume"], more].concat()).succeeds().stderr;
    assert!(resumed(&[]).contains("is this very training's, and is kept"));
    assert!(resumed(&["--seed", "9"]).contains("wrote tiny.safetensors"));
    assert!(resumed(&["--set", "rate=0.01"]).contains("wrote tiny.safetensors"));
    studio.write("phrases.json", crate::studio::corpus().replace("72", "71").as_bytes());
    assert!(resumed(&["--set", "rate=0.01"]).contains("wrote tiny.safetensors"));
    studio.write("tiny.safetensors", b"something else");
    assert!(resumed(&[]).contains("wrote tiny.safetensors"));
}

#[test]
fn a_recipe_in_toml_is_followed() {
    let studio = Studio::new();
    let recipe = "name = \"mine\"\nmodel = \"maxent\"\nsummary = \"six phrases\"\nlicence = \"CC0\"\nseed = 3\n\n\
                  [settings]\nupdates = \"5\"\niterations = \"2\"\n";
    studio.write("mine.toml", recipe.as_bytes());
    studio.run(&["train", "mine.toml", "phrases.json", "-o", "mine.safetensors"]).succeeds();
    let card = studio.run(&["show", "mine.safetensors"]).succeeds().text();
    assert!(card.contains("six phrases") && card.contains("CC0") && card.contains("updates=5"), "{card}");
    studio.write("mine.toml", b"name = ");
    studio.run(&["train", "mine.toml", "phrases.json", "-o", "x.safetensors"]).fails(3, &["mine.toml: "]);
    studio.run(&["train", "sonata", "phrases.json", "-o", "x.safetensors"]).fails(2, &["one of maxent"]);
    studio.run(&["train", "maxent", "none.json", "-o", "x.safetensors"]).fails(3, &["none.json"]);
    assert!(!studio.files().contains(&"x.safetensors".to_owned()));
}

#[test]
fn show_prints_scores_and_models_for_a_person() {
    let studio = Studio::new();
    let tune = studio.run(&["show", "tune.abc"]).succeeds().text();
    for line in ["title  Small tune", "key    C major", "metre  4/4", "bars   2", "notes  8"] {
        assert!(tune.lines().any(|found| found == line), "no `{line}` in:\n{tune}");
    }
    assert!(tune.contains("B4 to D5 in 8 notes") && tune.contains(" C5|1"), "{tune}");
    let card = studio.run(&["show", "tiny.safetensors"]).succeeds().text();
    assert!(card.contains("grid      4 voices, 4 steps in a quarter note"), "{card}");
    assert!(card.contains("bass      C3 to A3"), "{card}");
    studio.generate(&["-o", "a.mid"]).succeeds();
    let made = studio.run(&["show", "a.mid"]).succeeds().text();
    assert!(made.contains("model tiny.safetensors") && made.contains("seed 1"), "{made}");
    studio.run(&["show", "missing.mid"]).fails(3, &["missing.mid"]);
}

#[test]
fn models_lists_kinds_with_settings_and_wishes() {
    let text = Studio::empty().run(&["models"]).succeeds().text();
    assert!(text.contains("maxent: RandomField, music") && text.contains("temperature=1"), "{text}");
    assert!(text.starts_with("built in\n"), "{text}");
}

#[test]
fn no_color_is_respected_and_pipes_are_plain() {
    let studio = Studio::new();
    let output =
        studio.command(&["show", "tune.abc"]).env("NO_COLOR", "1").output().expect("the binary runs");
    assert!(!output.stdout.contains(&0x1b));
    assert_eq!(studio.run(&["show", "tune.abc"]).stdout, output.stdout);
}

/// Runs `etude show tune.abc` on a terminal; `None` where no `script` makes one.
#[cfg(target_os = "linux")]
fn on_a_terminal(studio: &Studio, no_color: &str) -> Option<String> {
    let binary = env!("CARGO_BIN_EXE_etude");
    let mut command = std::process::Command::new("script");
    command.args(["-qec", &format!("'{binary}' show tune.abc"), "/dev/null"]).env("NO_COLOR", no_color);
    command.current_dir(studio.path(".")).stdin(std::process::Stdio::null());
    let output = command.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_has_colours_unless_told_otherwise() {
    let studio = Studio::new();
    let Some(coloured) = on_a_terminal(&studio, "") else {
        println!("skipped: no program `script` to make a terminal with");
        return;
    };
    assert!(coloured.contains("\x1b[38;5;") && coloured.contains("Small tune"), "{coloured}");
    let plain = on_a_terminal(&studio, "1").expect("there was one before");
    assert!(!plain.contains('\x1b') && plain.contains("Small tune"), "{plain}");
}
