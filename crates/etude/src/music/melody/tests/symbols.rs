//! Melodies as symbols, there and back, and in other keys.

use super::super::guide::Follower;
use super::super::notation::{Notation, Told, folded};
use super::super::{Melody, find};
use super::{TUNES, tune};
use crate::sequence::Sequence;
use etude_piece::score::{Grid, Key, Onset, Pitch, Score};
use std::sync::Arc;

#[track_caller]
fn check_there_and_back(score: &Score) {
    let melody = find(score, 4).expect("notes");
    let Some((low, high)) = melody.grid.ranges()[0] else { panic!("a pitch") };
    let notation =
        Notation { low, high: high.max(low + 1), steps: 4, told: Told::Lookback, chords: true, common: true };
    let symbols = notation.write(&melody.grid);
    let back = notation.read(&symbols, &melody.grid.frame);
    assert_eq!(notation.write(&back), symbols);
    assert_eq!(back.pitches().collect::<Vec<_>>(), melody.grid.pitches().collect::<Vec<_>>());
    let sounding = |grid: &Grid| {
        (0..grid.steps()).map(|step| grid.at(step, 0).onset == Onset::Struck).collect::<Vec<_>>()
    };
    assert_eq!(sounding(&back), sounding(&melody.grid));
    let values = notation.fields();
    let guide = Follower::new(Arc::new(notation.sheet(&melody)), None);
    let sequence = Sequence::follow(Box::new(guide), values.len(), &symbols);
    for row in sequence.fields.chunks_exact(values.len()) {
        assert!(row.iter().zip(&values).all(|(field, size)| (*field as usize) < *size), "{row:?}");
    }
}

#[test]
fn melodies_there_and_back() {
    TUNES.iter().for_each(|body| check_there_and_back(&tune(body)));
    check_there_and_back(&tune("z | G G/G/ z2 | [M:3/4] (3ABc d2 |"));
}

#[test]
fn common_keys_have_no_signature() {
    let notation = Notation { low: 0, high: 127, steps: 4, told: Told::Plain, chords: true, common: true };
    for (key, expected) in
        [("G", 5), ("F", -5), ("A minor", 0), ("Eb", -3), ("F# major", -6), ("D dorian", 0)]
    {
        let key: Key = key.parse().expect("a key");
        assert_eq!(notation.shift(key), expected, "{key}");
        assert_eq!(key.transposed(expected).fifths, 0);
    }
    let folded = folded(100, 60, 72);
    assert_eq!(Pitch::spell(folded, Key::C_MAJOR).to_string(), "E4");
}

#[test]
fn a_melody_moves_with_its_chords() {
    let melody: Melody = find(&tune(TUNES[2]), 4).expect("notes").transposed(-2);
    let key = melody.grid.frame.key.expect("a key");
    assert_eq!((key.to_string().as_str(), melody.chords[0].1.symbol(key)), ("F major", "F".to_owned()));
}
