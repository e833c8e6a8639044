//! Every constraint is kept, and those that can't be are named.

use super::{author, author_of, make, request, set};
use crate::author::Request;
use crate::inference::chance::Chance;
use etude_piece::piece::Piece;

/// What an author of our verses makes of constraints: its text, or why there is none. Every constraint must be met.
fn made(request: &Request) -> String {
    match make(author().as_ref(), request) {
        Ok((text, made)) => {
            assert!(made.met.iter().all(|met| *met), "{text}");
            assert_eq!(made.met.len(), request.keep.len() + request.forbid.len());
            text
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(keep: &[&str], forbid: &[&str], length: Option<usize>, holds: impl Fn(&str) -> bool) {
    for seed in 0..20 {
        let text = made(&Request { seed, ..request(keep, forbid, length) });
        assert!(holds(&text), "{text}");
    }
}

#[track_caller]
fn refused(keep: &[&str], forbid: &[&str], length: Option<usize>, expected: &str) {
    assert_eq!(made(&request(keep, forbid, length)), expected);
}

#[test]
fn nothing_asked_is_five_hundred_characters() {
    check(&[], &[], None, |text| text.chars().count() == 500);
}

#[test]
fn a_length_is_kept() {
    check(&[], &[], Some(33), |text| text.chars().count() == 33);
}

#[test]
fn a_text_begins_and_ends_as_asked() {
    check(&["start=The owl", "end=gone."], &[], Some(60), |text| {
        text.starts_with("The owl") && text.ends_with("gone.") && text.len() == 60
    });
}

#[test]
fn a_lipogram_has_none_of_its_letters() {
    check(&[], &["letters=ae"], Some(80), |text| !text.to_lowercase().contains(['a', 'e']));
}

#[test]
fn expressions_hold() {
    check(&["matches=([A-Z][a-z ]+\n){2}"], &["matches=ee|  "], None, |text| {
        text.lines().count() == 2 && !text.contains("ee") && !text.contains("  ")
    });
}

#[test]
fn lines_are_counted_and_measured() {
    check(&["lines=3", "line=10..20"], &["word=the"], None, |text| {
        let fits = |line: &str| (10..=20).contains(&line.chars().count());
        text.lines().count() == 3 && text.lines().all(fits)
    });
}

#[test]
fn what_is_to_stand_somewhere_does() {
    check(&["contains=lamp, lamp"], &["contains=and"], Some(60), |text| text.contains("lamp, lamp"));
}

#[test]
fn a_draft_is_continued_or_filled() {
    let with = |draft: &str, length| Request {
        draft: Some(Piece::Text(draft.to_owned())),
        ..request(&[], &[], length)
    };
    let text = made(&with("The owl\n", Some(30)));
    assert!(text.starts_with("The owl") && text.len() == 30, "{text}");
    let text = made(&with("The … owl … rain.", Some(12)));
    assert!(text.starts_with("The ") && text.get(16..21) == Some(" owl "), "{text}");
    assert!(text.ends_with(" rain.") && text.len() == 39, "{text}");
    let text = made(&with("The … rain.", None));
    assert!(text.starts_with("The ") && text.find(" rain.") == Some(text.len() - 6), "{text}");
}

#[test]
fn another_mark_of_holes_can_be_wished() {
    let draft = Some(Piece::Text("A__!".to_owned()));
    let request = Request { draft, settings: set(&[("hole", "__")]), ..request(&[], &[], Some(2)) };
    assert!(made(&request).contains("'__'") || made(&request).contains("never saw"), "{}", made(&request));
}

#[test]
fn contradictions_name_the_fewest_that_are_to_blame() {
    refused(
        &["start=The owl", "lines=2"],
        &["letters=w", "word=and"],
        None,
        "--keep 'start=The owl' and --forbid 'letters=w' leave nothing to write",
    );
    refused(
        &["end=rain.", "lines=2"],
        &[],
        None,
        "--keep 'end=rain.' and --keep 'lines=2' leave nothing to write",
    );
    refused(&["start=The owl"], &[], Some(3), "the length and --keep 'start=The owl' leave nothing to write");
    refused(
        &["matches=a{3}", "matches=a{4}"],
        &["word=b"],
        None,
        "--keep 'matches=a{3}' and --keep 'matches=a{4}' leave nothing to write",
    );
    refused(&[], &["matches="], None, "--forbid 'matches='; hint: something after `matches=`");
    refused(&[], &["matches=a?"], None, "--forbid 'matches=a?' leaves nothing to write");
}

#[test]
fn what_the_model_never_saw_is_named() {
    refused(&["start=été"], &[], None, "--keep 'start=été' has `é` (U+00E9), which the model never saw");
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    refused(&["matches=("], &[], None, "--keep 'matches=('; hint: unclosed group");
    refused(&[], &[], Some(0), "a length of 0; hint: 1 to 100000 characters");
    let key = Some(etude_piece::score::Key::C_MAJOR);
    let told = made(&Request { key, ..Request::default() });
    assert_eq!(told, "a key, of a text; hint: that is for models of music");
}

#[test]
fn texts_of_all_the_world_are_written() {
    let world =
        author_of(&["Üben macht ß 🦆. Été à l'ouest 🦆🦆; naïve cœur — ñandú.\n"; 3], &[]).expect("learnt");
    for seed in 0..10 {
        let request = Request { seed, ..request(&["start=🦆", "contains=ß"], &["letters=e"], Some(20)) };
        let (text, made) = make(world.as_ref(), &request).expect("it can be met");
        assert_eq!((made.met, text.chars().count()), (vec![true; 3], 20));
        assert!(!text.contains(['é', 'e', 'É']) && text.starts_with('🦆'), "{text}");
    }
}

#[test]
fn words_can_be_the_unit() {
    let words = author_of(&[super::VERSES; 4], &[("unit", "word"), ("words", "40")]).expect("learnt");
    for seed in 0..10 {
        let request =
            Request { seed, ..request(&["start=The river", "end=rain.\n"], &["word=of"], Some(60)) };
        let (text, made) = make(words.as_ref(), &request).expect("it can be met");
        assert_eq!((made.met, text.chars().count()), (vec![true; 3], 60));
    }
}

#[test]
fn the_same_seed_makes_the_same_text() {
    let asked = Request { seed: 9, ..request(&["end=rain."], &["letters=k"], Some(70)) };
    assert_eq!(made(&asked), made(&asked));
    assert_ne!(made(&asked), made(&Request { seed: 10, ..asked.clone() }));
}

#[test]
fn what_was_given_is_no_copy() {
    let request = request(&["start=The river carries every name away,\nand"], &[], Some(43));
    let (text, made) = make(author().as_ref(), &request).expect("it can be met");
    assert!(made.novelty.longest_copy <= 5 && made.novelty.start >= 38, "{text:?} {:?}", made.novelty);
}

#[test]
fn copies_have_a_cap() {
    check(&[], &["copy=3"], Some(60), |text| {
        let characters: Vec<char> = text.chars().collect();
        !characters.windows(4).any(|run| super::VERSES.contains(&run.iter().collect::<String>()))
    });
    let text = made(&request(&["start=The river carries"], &["copy=4"], Some(40)));
    assert!(text.starts_with("The river carries"), "what was given is no copy: {text}");
    // Every character but none stands in the training texts.
    refused(
        &["matches=rive?r?"],
        &["copy=1"],
        Some(5),
        "--forbid 'copy=1' and the training texts leave nothing to write",
    );
}

#[test]
fn no_mutation_of_a_constraint_panics() {
    let author = author();
    let seeds = ["start=The", "matches=[a-z ]{1,9}", "line=4..9", "lines=2", "end=n\\n", "contains=ow"];
    let mut chance = Chance::new(2, 0);
    for _ in 0..200 {
        let mut mutate = |text: &str| {
            let mut text: Vec<char> = text.chars().collect();
            let at = chance.below(text.len());
            match chance.below(2) {
                0 => drop(text.remove(at)),
                _ => text.insert(at, ['=', '(', '\\', 'é', '9', '{', '*', '.'][chance.below(8)]),
            }
            text.into_iter().collect::<String>()
        };
        let keep: Vec<String> = seeds.iter().map(|seed| mutate(seed)).collect();
        for spec in keep {
            let request = Request { keep: vec![spec], length: Some(12), ..Request::default() };
            if let Ok(made) = author.compose(&request, &mut |_, _| true) {
                assert_eq!(made.met, [true], "{request:?} {:?}", made.piece);
            }
        }
    }
}
