//! `etude play`: a score as a WAV file, by the built-in voice or a soundfont.

use crate::Studio;

/// What a WAV file's header says.
#[derive(Debug, PartialEq)]
struct Wav {
    channels: u16,
    rate: u32,
    seconds: f64,
}

/// Reads the header of a WAV file of 16 bits as we write it: 44 bytes, the samples' length the last four of them.
#[track_caller]
fn wav(bytes: &[u8]) -> Wav {
    assert!(bytes.starts_with(b"RIFF") && &bytes[8..16] == b"WAVEfmt ", "no WAV file");
    let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let (channels, rate) = (u16::from_le_bytes([bytes[22], bytes[23]]), number(24));
    let frames = number(40) / (2 * u32::from(channels));
    Wav { channels, rate, seconds: f64::from(frames) / f64::from(rate) }
}

/// The small tune (eight quarter notes), played with these arguments, lasts so long, and sounds on both sides.
#[track_caller]
fn check(arguments: &[&str], rate: u32, seconds: f64) {
    let studio = studio();
    studio.run(&[&["play", "tune.abc", "-o", "a.wav"], arguments].concat()).succeeds();
    let bytes = studio.read("a.wav");
    let found = wav(&bytes);
    assert_eq!((found.channels, found.rate), (2, rate));
    assert!((found.seconds - seconds).abs() < 0.01, "{} s", found.seconds);
    for side in 0..2 {
        let samples = bytes[44..].chunks_exact(4).map(|frame| &frame[2 * side..2 * side + 2]);
        let loudest = samples.map(|s| i16::from_le_bytes([s[0], s[1]]).unsigned_abs()).max();
        assert!(loudest > Some(3_000) && loudest < Some(32_767), "side {side}: {loudest:?}");
    }
}

/// A folder with `tune.abc` and a soundfont `sine.sf2`.
fn studio() -> Studio {
    let studio = Studio::empty();
    studio.write("tune.abc", crate::studio::TUNE.as_bytes());
    studio.write("sine.sf2", &soundfont());
    studio
}

/// The smallest soundfont: one looped sine of 440 Hz for all programmes.
fn soundfont() -> Vec<u8> {
    let chunk = |name: &[u8; 4], data: &[u8]| [&name[..], &(data.len() as u32).to_le_bytes(), data].concat();
    let words = |words: &[u16]| -> Vec<u8> { words.iter().flat_map(|word| word.to_le_bytes()).collect() };
    let sine = |i: i32| (16_000.0 * (f64::from(i) * std::f64::consts::TAU / 100.0).sin()) as i16;
    let samples: Vec<u8> = (0..200).flat_map(|i| sine(i).to_le_bytes()).collect();
    let ends: Vec<u8> = [0_u32, 200, 100, 200, 44_000].iter().flat_map(|end| end.to_le_bytes()).collect();
    let preset = |zone| [vec![0; 20], words(&[0, 0, zone]), vec![0; 12]].concat();
    let tables = [
        &b"pdta"[..],
        &chunk(b"phdr", &[preset(0), preset(1)].concat()),
        &chunk(b"pbag", &words(&[0, 0, 1, 0])),
        &chunk(b"pgen", &words(&[41, 0, 0, 0])),
        &chunk(b"inst", &[vec![0; 42], words(&[1])].concat()),
        &chunk(b"ibag", &words(&[0, 0, 2, 0])),
        &chunk(b"igen", &words(&[54, 1, 53, 0, 0, 0])),
        &chunk(b"shdr", &[vec![0; 20], ends, vec![69, 0, 0, 0, 1, 0], vec![0; 46]].concat()),
    ];
    let recording = [&b"sdta"[..], &chunk(b"smpl", &samples)].concat();
    let lists = [chunk(b"LIST", b"INFO"), chunk(b"LIST", &recording), chunk(b"LIST", &tables.concat())];
    chunk(b"RIFF", &[&b"sfbk"[..], &lists.concat()].concat())
}

// Eight quarter notes at 100 a minute are 4.8 s. The voice dies away in 0.12 s, the room in 1.6, the soundfont in 2.
const TUNE: f64 = 4.8 + 0.12 + 1.6;
const TUNE_BY_FONT: f64 = 4.8 + 2.0 + 1.6;

#[test]
fn a_tune_is_written_in_stereo_at_44100_hertz() {
    check(&[], 44_100, TUNE);
}

#[test]
fn film_has_48000_hertz() {
    check(&["--rate", "48000"], 48_000, TUNE);
}

#[test]
fn a_tempo_of_ones_own_replaces_the_scores() {
    check(&["--tempo", "200"], 44_100, TUNE - 2.4);
}

#[test]
fn a_soundfont_plays_it_as_well() {
    check(&["--soundfont", "sine.sf2"], 44_100, TUNE_BY_FONT);
    check(&["--soundfont", "sine.sf2", "--rate", "48000"], 48_000, TUNE_BY_FONT);
}

#[test]
fn the_same_command_makes_the_same_bytes() {
    for font in [&[][..], &["--soundfont", "sine.sf2"]] {
        let studio = studio();
        for name in ["a.wav", "b.wav"] {
            studio.run(&[&["play", "tune.abc", "-o", name], font].concat()).succeeds();
        }
        assert_eq!(studio.read("a.wav"), studio.read("b.wav"));
    }
}

#[test]
fn stdin_and_stdout_are_minus() {
    let studio = studio();
    studio.run(&["play", "tune.abc", "-o", "a.wav"]).succeeds();
    let run = studio.run_with(&["play", "-", "-o", "-"], crate::studio::TUNE.as_bytes()).succeeds();
    assert_eq!(run.stdout, studio.read("a.wav"));
    assert_eq!(run.stderr, "");
}

#[test]
fn json_tells_what_was_played() {
    let studio = studio();
    let run = studio.run(&["play", "tune.abc", "-o", "a.wav", "--json"]).succeeds();
    let expected = serde_json::json!({
        "file": "tune.abc", "output": "a.wav", "soundfont": null, "seconds": 6.52, "rate": 44_100,
        "channels": 2, "notes": 8, "lost": [],
    });
    assert_eq!(run.objects(), [expected]);
}

#[test]
fn what_the_score_lost_and_what_is_not_heard_is_said() {
    let studio = studio();
    let flute =
        b"MThd\0\0\0\x06\0\0\0\x01\0\x04MTrk\0\0\0\x13\0\xc0\x49\0\xb0\x40\x7f\0\x90<P\x04\x80<@\0\xff\x2f\0";
    studio.write("flute.mid", flute);
    let run = studio.run(&["play", "flute.mid", "-o", "a.wav"]).succeeds();
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(
        lines,
        [
            "flute.mid: without 1 controller change: a score holds none",
            "flute.mid: not heard: 1 instrument: the built-in voice, a choir or an organ, plays all",
            "wrote a.wav, 2.2 s",
        ]
    );
    let run = studio.run(&["play", "flute.mid", "-o", "a.wav", "--soundfont", "sine.sf2"]).succeeds();
    assert!(run.stderr.contains("its programme isn't in the soundfont"), "{}", run.stderr);
}

#[test]
fn the_recipe_goes_into_the_sound() {
    let studio = Studio::new();
    studio.generate(&["-o", "a.mid", "-o", "a.wav"]).succeeds();
    studio.run(&["play", "a.mid", "-o", "b.wav"]).succeeds();
    let comment = |name: &str| {
        let bytes = studio.read(name);
        let at = bytes.windows(8).rposition(|start| start == b"INFOICMT").expect("a comment");
        bytes[at..].to_vec()
    };
    assert_eq!(comment("b.wav"), comment("a.wav"));
}

/// It fails like this, and makes nothing.
#[track_caller]
fn check_failure(arguments: &[&str], code: i32, words: &[&str]) {
    let studio = studio();
    let mut astray = soundfont();
    let at = astray.windows(4).position(|name| name == b"pbag").expect("there");
    astray[at + 12] = 9;
    studio.write("astray.sf2", &astray);
    studio.write("wrong.abc", b"X:1\nL:1/4\nK:C\nc z0 c|\n");
    studio.write("endless.abc", b"X:1\nL:1/1\nQ:1/4=10\nK:C\nz255 z255 c|\n");
    let before = studio.files();
    let run = studio.run(&[&["play"], arguments].concat()).fails(code, words);
    assert!(run.stdout.is_empty(), "{}", run.text());
    assert_eq!(studio.files(), before, "a failure makes nothing");
}

#[cfg(not(feature = "live"))]
#[test]
fn without_a_sound_card_an_output_is_needed() {
    check_failure(&["tune.abc"], 2, &["no way to the sound card", "-o OUT.wav", "--features live"]);
}

#[test]
fn outputs_and_settings_that_make_no_sense_are_usage() {
    check_failure(&["tune.abc", "-o", "a.mid"], 2, &["a.mid: no format for sound", ".wav"]);
    check_failure(&["tune.abc", "-o", "-", "--json"], 2, &["not both"]);
    check_failure(&["tune.abc", "-o", "a.wav", "--rate", "22050"], 2, &["22050", "48000"]);
    check_failure(&["tune.abc", "-o", "a.wav", "--tempo", "9"], 2, &["from 10 to 400"]);
    check_failure(&["tune.abc", "-o", "nowhere/a.wav"], 1, &["there is no folder nowhere"]);
}

#[test]
fn scores_that_are_missing_damaged_or_too_long_are_named() {
    check_failure(&["missing.mid", "-o", "a.wav"], 3, &["missing.mid: "]);
    check_failure(&["wrong.abc", "-o", "a.wav"], 3, &["wrong.abc: line 4, column ", "found "]);
    check_failure(&["sine.sf2", "-o", "a.wav"], 3, &["sine.sf2: found a sound"]);
    check_failure(&["endless.abc", "-o", "a.wav"], 3, &["endless.abc: ", "minutes of music"]);
}

#[test]
fn soundfonts_that_are_missing_or_damaged_are_named_with_the_place() {
    let with = |font: &'static str| ["tune.abc", "-o", "a.wav", "--soundfont", font];
    check_failure(&with("missing.sf2"), 3, &["missing.sf2: "]);
    check_failure(&with("tune.abc"), 3, &["tune.abc: byte 0: found ", "this is no SoundFont 2 file"]);
    check_failure(&with("astray.sf2"), 3, &["astray.sf2: byte ", "`pbag` whose generators begin at 9"]);
}
