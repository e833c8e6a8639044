//! Performances of our own making, there and back, learnt and written.

use super::author::{load_with, train_with};
use super::events::{Event, SYMBOLS, read, write};
use super::guide::{FIELDS, Follower};
use super::{Performer, Played, of_score, to_score};
use crate::author::{Author, Request};
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::music::melody::PAIRS;
use crate::sequence::Guide;
use crate::shelf::Reader;
use etude_piece::piece::{Collection, Piece};
use etude_piece::score::format::{Format, read_score, write as write_file};
use etude_piece::score::{Beats, Key, Score, Tempo};

fn note(onset: f64, end: f64, pitch: u8, velocity: u8) -> Played {
    Played { onset, end, pitch, velocity }
}

/// A broken chord, a chord, and a repeated note.
fn phrase() -> Vec<Played> {
    vec![
        note(0.0, 0.48, 60, 60),
        note(0.25, 1.9, 64, 70),
        note(0.52, 0.9, 67, 80),
        note(1.0, 1.5, 60, 82),
        note(1.0, 1.5, 72, 100),
        note(1.5, 3.01, 72, 102),
    ]
}

/// Events in words: `+60` and `-60` for keys, `>25` for steps, `f15` for a force, `.` for the end.
fn told(symbols: &[u32]) -> String {
    let word = |&symbol: &u32| match Event::of(symbol as usize) {
        Event::On(key) => format!("+{}", key + 21),
        Event::Off(key) => format!("-{}", key + 21),
        Event::Shift(steps) => format!(">{steps}"),
        Event::Force(force) => format!("f{force}"),
        Event::End => ".".to_owned(),
    };
    symbols.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(played: &[Played], expected: &str) {
    assert_eq!(told(&write(played)), expected);
}

#[test]
fn notes_become_events_releases_first() {
    check(&phrase()[..2], "f15 +60 >25 f17 +64 >23 -60 >100 >42 -64");
    check(&phrase()[4..], "f25 +72 >50 -72 +72 >100 >51 -72".replace("f25", ">100 f25").as_str());
}

#[test]
fn a_key_pressed_again_is_released_before() {
    check(&[note(0.0, 2.0, 60, 64), note(1.0, 1.5, 60, 64)], "f16 +60 >100 -60 +60 >50 -60");
    check(&[note(0.0, 0.001, 60, 64), note(0.002, 0.5, 60, 64)], "f16 +60 >50 -60");
}

#[test]
fn every_symbol_is_an_event_and_back() {
    (0..SYMBOLS).for_each(|symbol| assert_eq!(Event::of(symbol).symbol(), symbol));
}

#[track_caller]
fn check_there_and_back(played: &[Played]) {
    let back = read(&write(played));
    assert_eq!(back.len(), played.len());
    for (back, played) in back.iter().zip(played) {
        assert_eq!(back.pitch, played.pitch);
        assert!(
            (back.onset - played.onset).abs() <= 0.01 && (back.end - played.end).abs() <= 0.0101,
            "{back:?} {played:?}"
        );
        assert!(back.velocity.abs_diff(played.velocity) <= 4, "{back:?} {played:?}");
    }
    let again = of_score(&to_score(&back, Key::C_MAJOR)).expect("notes");
    assert_eq!(write(&again), write(played));
}

#[test]
fn a_phrase_there_and_back() {
    check_there_and_back(&phrase());
}

#[test]
fn a_midi_file_keeps_every_hundredth() {
    let score = to_score(&phrase(), Key::C_MAJOR);
    let file = write_file(&score, Format::Midi).expect("it can be written");
    let back = read_score(&file.bytes, "a file").expect("our own file");
    assert_eq!(write(&of_score(&back).expect("notes")), write(&phrase()));
}

#[test]
fn tempi_turn_beats_into_seconds() {
    let mut score = to_score(&phrase()[..2], Key::C_MAJOR);
    score.tempi = vec![(Beats::ZERO, Tempo(60.0)), (Beats::new(1, 2), Tempo(240.0))];
    let onsets: Vec<f64> = of_score(&score).expect("notes").iter().map(|note| note.onset).collect();
    assert_eq!(onsets, [0.0, 0.5]);
    let ends: Vec<f64> = of_score(&score).expect("notes").iter().map(|note| note.end).collect();
    assert!((ends[0] - 0.615).abs() < 1e-9, "{ends:?}");
}

fn trained() -> Performer {
    let piece = |shift: u8| {
        let moved: Vec<Played> =
            phrase().into_iter().map(|n| Played { pitch: n.pitch + shift, ..n }).collect();
        Piece::Score(Box::new(to_score(&moved, Key::C_MAJOR)))
    };
    let items = vec![("one".to_owned(), piece(0)), ("two".to_owned(), piece(5))];
    let collection = Collection { items, ..Collection::default() };
    train_with(&PAIRS, &collection, &Settings::new(), 1, &mut |_: f64, _: &str| true).expect("two are enough")
}

fn request(seconds: &str) -> Request {
    Request {
        settings: Settings::from([("seconds".to_owned(), seconds.to_owned())]),
        seed: 5,
        ..Request::default()
    }
}

fn composed(request: &Request) -> Score {
    let made = trained().compose(request, &mut |_, _| true).expect("it can be performed");
    match made.piece {
        Piece::Score(score) => *score,
        _ => panic!("a score"),
    }
}

#[test]
fn a_performance_lasts_as_long_as_asked() {
    let played = of_score(&composed(&request("4"))).expect("notes");
    let end = played.iter().map(|note| note.end).fold(0.0, f64::max);
    assert!(end <= 4.0 + 1e-9, "{end}");
}

#[test]
fn a_draft_is_gone_on_from() {
    let draft = Some(Piece::Score(Box::new(to_score(&phrase(), Key::C_MAJOR))));
    let played = of_score(&composed(&Request { draft, ..request("3") })).expect("notes");
    let given = read(&write(&phrase()));
    assert_eq!(write(&played)[..8], write(&given)[..8]);
    assert!(played.len() > phrase().len());
}

#[test]
fn saving_and_loading_changes_nothing() {
    let author = trained();
    let loaded =
        load_with(&PAIRS, &author.settings(), &Reader::new("a file", author.tensors())).expect("sound");
    let piece = Piece::Score(Box::new(to_score(&phrase(), Key::C_MAJOR)));
    let of = |author: &Performer| author.evaluate(&piece).expect("notes");
    assert_eq!(of(&author), of(&loaded));
    assert_eq!(of(&author).nats.len(), write(&phrase()).len() + 1);
}

#[test]
fn constraints_are_refused_with_a_hint() {
    let asked = Request { keep: vec!["@1=C5".to_owned()], ..request("3") };
    let error = trained().compose(&asked, &mut |_, _| true).expect_err("no bars");
    assert!(error.to_string().starts_with("constraints on a performance"), "{error}");
}

/// Random walks under a uniform model: every key that is pressed is released, and no walk comes to a dead end.
#[test]
fn no_walk_comes_to_a_dead_end() {
    let mut chance = Chance::new(2, 0);
    for length in [1, 7, 100, 350] {
        for walk in 0..6 {
            let mut guide = Follower::new(Some(length)).fork();
            let (mut symbols, mut now): (Vec<u32>, usize) = (Vec::new(), 0);
            let mut down = [false; 88];
            while !guide.is_done() {
                let mut odds = vec![0.0; SYMBOLS];
                guide.weigh(&mut odds);
                let allowed = (0..SYMBOLS).filter(|&symbol| odds[symbol] > f64::NEG_INFINITY);
                // Some walks let no time pass as long as they can.
                let still = |symbol: &usize| walk % 2 == 0 || !matches!(Event::of(*symbol), Event::Shift(_));
                let mut some: Vec<usize> = allowed.clone().filter(still).collect();
                if some.is_empty() {
                    some = allowed.collect();
                }
                let symbol = some[chance.below(some.len())];
                match Event::of(symbol) {
                    Event::On(key) => assert!(!std::mem::replace(&mut down[key], true)),
                    Event::Off(key) => assert!(std::mem::replace(&mut down[key], false)),
                    Event::Shift(steps) => now += steps,
                    _ => {}
                }
                let mut fields = [0; 4];
                guide.fields(&mut fields);
                assert!(fields.iter().zip(FIELDS).all(|(field, size)| (*field as usize) < size));
                guide.push(symbol);
                symbols.push(symbol as u32);
                assert!(symbols.len() <= Follower::most(length), "{length}: {}", symbols.len());
            }
            assert!(now as u64 <= length && down.iter().all(|down| !down));
        }
    }
}

/// All performances of the Vienna 4×22 corpus.
#[test]
#[ignore = "reads a hundred files"]
fn the_vienna_performances_there_and_back() {
    let Some(root) = crate::shared::shared("vienna4x22") else { return };
    let folders = [root.clone(), root.join("midi")];
    let (mut files, mut notes, mut lost, mut events) = (0, 0, 0, 0);
    let (mut worst, mut force): (f64, u8) = (0.0, 0);
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for path in etude_piece::score::format::scores_in(folder).expect("a folder") {
            if path.extension().is_none_or(|extension| extension != "mid") {
                continue;
            }
            let score = etude_piece::score::format::open_score(&path).expect("a score");
            let played = of_score(&score).expect("notes");
            let symbols = write(&played);
            let back = read(&symbols);
            (files, notes, events) = (files + 1, notes + played.len(), events + symbols.len());
            lost += played.len() - back.len();
            assert_eq!(write(&back), symbols, "{}", path.display());
            for note in &back {
                let near =
                    |other: &&Played| other.pitch == note.pitch && (other.onset - note.onset).abs() < 0.0051;
                let other = played.iter().find(near).expect("each note was played");
                worst = worst.max((other.onset - note.onset).abs());
                force = force.max(other.velocity.abs_diff(note.velocity));
            }
        }
    }
    println!(
        "{files} files, {notes} notes, {events} events, {lost} notes joined; onsets within {worst} s, velocities within {force}"
    );
    assert!(worst <= 0.01 && force <= 4);
}
