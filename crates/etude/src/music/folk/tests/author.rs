//! The author: what is asked is kept, and what is learnt goes into a file and comes back.

use super::super::author::Folk;
use super::super::form::faults;
use super::super::read::read;
use super::super::tokens::show;
use super::super::train::{fit, load, read_from};
use super::reread;
use crate::author::{Author, Made, Request};
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::sequence::engine;
use crate::shelf::{Card, Reader, Tensor};
use etude_piece::piece::{Collection, Piece};
use etude_piece::score::{Metre, Score, abc};
use std::sync::OnceLock;

/// Tunes of our own writing.
const TUNES: &str = "\
X:1\nM:6/8\nL:1/8\nK:G\n|:D|GBd gdB|cec ABc|BdB GBG|AFD D2D|GBd gdB|cec ABc|BdB cAF|AGF G2:|
|:B|dgd BdB|cec A2c|BdB GBd|cAF D2B|dgd BdB|cec A2c|BdB cAF|AGF G2:|

X:2\nM:2/2\nL:1/8\nK:Ddor\n|:A2FA DAFA|A2FA dcAG|E2CE GCEC|EFGA GEDC|A2FA DAFA|A2FA dcAG|E2CE GFEC|D2DE D4:|
|:d2de fded|cAGE C2CE|d2de fagf|edcA d2d2|d2de fded|cAGE C2CE|AGFE (3FGA ce|dcAG D4:|

X:3\nM:3/4\nL:1/8\nK:A\nE2|A4c2|e4c2|d2B2G2|A6|E4F2|G2A2B2|c2B2A2|A4-|A2 z2|]

X:4\nM:2/4\nL:1/8\nK:Em\n|:EG B2|AB GE|DF A2|GF E2:|Be ed|BA GB|A/B/A/G/ FD|EF E2|]
";

fn collection() -> Collection {
    let read = abc::tunes(TUNES.as_bytes()).enumerate();
    let items =
        read.map(|(n, tune)| (format!("tune {}", n + 1), Piece::Score(Box::new(tune.expect("ABC").score))));
    Collection { name: "ours".to_owned(), items: items.collect(), ..Collection::default() }
}

fn folk() -> &'static Folk {
    static FOLK: OnceLock<Folk> = OnceLock::new();
    FOLK.get_or_init(|| {
        let ngram = engine::find("ngram").expect("counts");
        fit(ngram, &collection(), &Settings::new(), 1, &mut |_: f64, _: &str| true).expect("four tunes")
    })
}

fn score(made: &Made) -> &Score {
    match &made.piece {
        Piece::Score(score) => score,
        _ => panic!("a tune is a score"),
    }
}

fn settings(named: &[(&str, &str)]) -> Settings {
    named.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// What a request comes to: the lengths of bars between the signs, or the error.
#[track_caller]
fn check(request: &Request, expected: &str) {
    let told = match folk().compose(request, &mut |_, _| true) {
        Err(error) => error.to_string(),
        Ok(made) => {
            assert!(made.met.iter().all(|met| *met), "{:?}", made.met);
            let tune = reread(score(&made)).expect("our own tune");
            let parts = tune.parts.iter().filter(|part| !part.is_empty());
            let shown = parts.map(|part| format!("{}{}", part.len(), if part.repeated { ":" } else { "" }));
            let key = score(&made).keys[0].1;
            format!("{} {key} {}", score(&made).metres[0].1, shown.collect::<Vec<_>>().join(" "))
        }
    };
    assert_eq!(told, expected);
}

#[test]
fn metre_key_and_form_are_as_asked() {
    let request = Request {
        key: Some("B minor".parse().expect("a key")),
        metre: Metre::new(9, 8),
        settings: settings(&[("form", "AABB")]),
        seed: 3,
        ..Request::default()
    };
    check(&request, "9/8 B minor 8: 8:");
}

#[test]
fn a_length_is_the_number_of_written_bars() {
    let request = Request {
        key: Some("D".parse().expect("a key")),
        metre: Metre::new(6, 8),
        settings: settings(&[("form", "AAB")]),
        length: Some(9),
        ..Request::default()
    };
    check(&request, "6/8 D major 5: 4");
}

#[test]
fn constraints_that_contradict_each_other_are_named() {
    let request = Request {
        key: Some("G".parse().expect("a key")),
        keep: words(&["range=G4..B4", "end=4", "start=1"]),
        ..Request::default()
    };
    check(&request, "--keep 'range=G4..B4' and --keep 'end=4' leave no tune");
}

#[test]
fn a_draft_in_another_metre_is_a_contradiction() {
    let draft = abc::read(b"X:1\nM:2/4\nL:1/8\nK:G\nGABc|").expect("ABC");
    let request =
        Request { draft: Some(Piece::Score(Box::new(draft))), metre: Metre::new(3, 4), ..Request::default() };
    check(&request, "the draft and the metre leave no tune");
}

#[test]
fn what_is_not_understood_is_refused() {
    let request = Request { settings: settings(&[("mode", "blues")]), ..Request::default() };
    check(
        &request,
        "`mode=blues`; hint: one of major, dorian, phrygian, lydian, mixolydian, minor, locrian, or `learnt`",
    );
    let request = Request { metre: Metre::new(5, 4), ..Request::default() };
    check(&request, "a metre of 5/4; hint: one of 2/2, 2/4, 3/4, 4/4, 6/8, 9/8, 12/8, 3/8, 3/2, 6/4");
}

#[test]
fn a_draft_is_kept_and_continued() {
    for (seed, music) in
        ["|:D|GBd gdB|cA", "D|GBd gdB|cec ABc|", "GBd gdB|cec ABc:|", "|:GBd gdB|[1cec ABc:|[2GA"]
            .iter()
            .enumerate()
    {
        let draft = abc::read(format!("X:1\nM:6/8\nL:1/8\nK:G\n{music}\n").as_bytes()).expect("ABC");
        let count = draft.parts[0].voices[0].notes.len();
        let request = Request {
            draft: Some(Piece::Score(Box::new(draft.clone()))),
            seed: seed as u64,
            ..Request::default()
        };
        let made = folk().compose(&request, &mut |_, _| true).expect("it can be continued");
        let notes = &score(&made).parts[0].voices[0].notes;
        let pitches = |notes: &[etude_piece::score::Note]| -> Vec<_> {
            notes.iter().map(|note| (note.onset, note.duration, note.pitch)).collect()
        };
        assert_eq!(pitches(&notes[..count]), pitches(&draft.parts[0].voices[0].notes), "{music}");
        // What is closed may be a whole tune already.
        assert!(notes.len() > count || music.ends_with(":|"), "{music}");
    }
}

#[test]
fn whatever_is_asked_at_random_holds() {
    let asks = ["range=G3..B5", "range=D4..", "notes=D,E,F#,G,A,B,C#", "scale", "start=1,5", "end=1"];
    let bans =
        ["rests", "ties", "triplets", "upbeats", "endings", "notes=C", "start=1", "end=#4", "range=..A3"];
    let mut chance = Chance::new(21, 0);
    for seed in 0..100 {
        let mut draw = |words: &[&str]| -> Vec<String> {
            words.iter().filter(|_| chance.below(3) == 0).map(|&word| word.to_owned()).collect()
        };
        let (keep, forbid) = (draw(&asks), draw(&bans));
        let particles = settings(&[("particles", "2")]);
        let request = Request { keep, forbid, seed, settings: particles, ..Request::default() };
        let made = match folk().compose(&request, &mut |_, _| true) {
            Err(crate::Error::Contradiction(found)) => {
                assert!(!found.constraints.is_empty(), "{request:?}");
                continue;
            }
            made => made.unwrap_or_else(|error| panic!("{error} of {request:?}")),
        };
        assert!(made.met.iter().all(|met| *met), "{:?} of {request:?}", made.met);
        assert_eq!(faults(score(&made)), [""; 0], "{request:?}");
        assert!(reread(score(&made)).is_ok(), "{request:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_tune_and_another_another() {
    let tune = |seed| {
        let made = folk().compose(&Request { seed, ..Request::default() }, &mut |_, _| true).expect("a tune");
        abc::write(score(&made)).expect("ABC").bytes
    };
    assert_eq!(tune(5), tune(5));
    assert_ne!(tune(5), tune(6));
}

#[test]
fn what_is_learnt_comes_back_from_a_file() {
    let (folk, collection) = (folk(), collection());
    let card = Card { settings: folk.settings(), ..Card::default() };
    let again = load(&card, &Reader::new("file", folk.tensors())).expect("its own file");
    let request = Request { seed: 9, ..Request::default() };
    let made = |author: &dyn Author| {
        abc::write(score(&author.compose(&request, &mut |_, _| true).expect("a tune"))).expect("ABC").bytes
    };
    assert_eq!(made(folk), made(again.as_ref()));
    for (name, piece) in &collection.items {
        let (one, two) = (folk.evaluate(piece).expect(name), again.evaluate(piece).expect(name));
        assert_eq!(one.nats, two.nats);
        assert!(one.nats.iter().all(|nats| nats.is_finite()) && one.unit == "token");
    }
}

#[test]
fn a_file_that_lies_is_refused() {
    let (folk, ngram) = (folk(), engine::find("ngram").expect("counts"));
    for name in ["folk.keys", "memory.symbols", "memory.names"] {
        let mut tensors = folk.tensors();
        tensors.remove(name);
        assert!(read_from(ngram, &folk.settings, &Reader::new("file", tensors)).is_err(), "{name}");
    }
    let mut tensors = folk.tensors();
    tensors.insert("folk.keys".to_owned(), Tensor::U32(vec![1], vec![1]));
    assert!(read_from(ngram, &folk.settings, &Reader::new("file", tensors)).is_err());
    let mut tensors = folk.tensors();
    tensors.insert("memory.symbols".to_owned(), Tensor::U8(vec![2], vec![7, 255]));
    tensors.insert("memory.names".to_owned(), Tensor::U8(vec![1], vec![b'a']));
    assert!(read_from(ngram, &folk.settings, &Reader::new("file", tensors)).is_err());
}

#[test]
fn its_own_tunes_are_copied_at_full_length() {
    let folk = folk();
    for index in 0..folk.memory.len() {
        let symbols = folk.memory.sequence(index);
        assert_eq!(folk.memory.appraise(symbols, 16).longest_copy, symbols.len());
    }
}

#[test]
fn no_score_that_is_damaged_makes_the_reader_fall() {
    let mut chance = Chance::new(2, 0);
    for _ in 0..1000 {
        let mut bytes = TUNES.as_bytes().to_vec();
        for _ in 0..1 + chance.below(12) {
            let at = chance.below(bytes.len());
            bytes[at] = b"|:[]12zA-/(3 \n"[chance.below(14)];
        }
        for tune in abc::tunes(&bytes).flatten() {
            if let Ok(read) = read(&tune.score) {
                assert!(show(&read.tune.symbols().expect("it was checked")).ends_with("END"));
            }
            let draft = Request { draft: Some(Piece::Score(Box::new(tune.score))), ..Request::default() };
            if chance.below(40) == 0
                && let Ok(made) = folk().compose(&draft, &mut |_, _| true)
            {
                assert_eq!(faults(score(&made)), [""; 0]);
            }
        }
    }
}
