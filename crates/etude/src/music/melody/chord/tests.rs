//! Symbols of all sorts, and every set of classes there and back.

use super::{Chord, rotate};
use crate::inference::chance::Chance;
use etude_piece::score::Key;

fn names(chord: Chord) -> String {
    const NAMES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    let order = (0..12).map(|i| (chord.root + i) % 12).filter(|class| chord.classes >> class & 1 == 1);
    let classes: Vec<&str> = order.map(|class| NAMES[usize::from(class)]).collect();
    let bass = if chord.bass == chord.root {
        String::new()
    } else {
        format!(" / {}", NAMES[usize::from(chord.bass)])
    };
    classes.join(" ") + &bass
}

#[track_caller]
fn check(symbol: &str, expected: &str) {
    assert_eq!(Chord::parse(symbol).map_or("none".to_owned(), names), expected, "{symbol}");
}

#[test]
fn triads_and_sevenths_are_read() {
    check("C", "C E G");
    check("Am7", "A C E G");
    check("A-7", "A C E G");
    check("F#m7b5", "F# A C E");
    check("Bbmaj7", "Bb D F A");
    check("B♭Δ7", "Bb D F A");
    check("CM7", "C E G B");
    check("C7", "C E G Bb");
    check("Cø7", "C Eb F# Bb");
    check("C°7", "C Eb F# A");
    check("Cdim", "C Eb F#");
    check("Co7", "C Eb F# A");
    check("C+", "C E Ab");
    check("C+7", "C E Ab Bb");
    check("CmMaj7", "C Eb G B");
    check("Cm(maj7)", "C Eb G B");
}

#[test]
fn additions_and_alterations_are_read() {
    check("G7sus4", "G C D F");
    check("Gsus", "G C D");
    check("C6/9", "C D E G A");
    check("C69", "C D E G A");
    check("Eb7#9b13", "Eb F# G Bb B C#");
    check("Eb7(#9,b13)", "Eb F# G Bb B C#");
    check("C9", "C D E G Bb");
    check("C13", "C D E G A Bb");
    check("Cmaj9", "C D E G B");
    check("Cadd9", "C D E G");
    check("Cm(add9)", "C D Eb G");
    check("C7b5", "C E F# Bb");
    check("C7-9", "C C# E G Bb");
    check("C7alt", "C C# Eb E F# Ab Bb");
    check("C5", "C G");
    check("Cno3", "C G");
}

#[test]
fn basses_sound_too() {
    check("D/F#", "D F# A / F#");
    check("C/D", "C D E G / D");
    check("Am7/G", "A C E G / G");
    check("C6/9/E", "C D E G A / E");
}

#[test]
fn silence_is_a_symbol_and_nonsense_none() {
    assert_eq!(Chord::parse("N.C."), Some(Chord::NONE));
    for text in ["", "H7", "hello", "C/X", "Cmaj7/", "C10", "G7ß", "/", "C7add", "Fine", "D.C."] {
        check(text, "none");
    }
    check(&format!("C{}", "7".repeat(100)), "none");
}

#[test]
fn any_bytes_read_as_a_chord_or_as_none() {
    let mut chance = Chance::new(1, 0);
    let pieces: Vec<char> = "ABCDGm7#b(9)5/13+-°øΔaddsusmajno♭".chars().collect();
    for _ in 0..20_000 {
        let length = chance.below(12);
        let text: String = (0..length).map(|_| pieces[chance.below(pieces.len())]).collect();
        let Some(chord) = Chord::parse(&text) else { continue };
        assert_eq!(Chord::parse(&chord.symbol(Key::C_MAJOR)), Some(chord), "{text}");
    }
}

#[test]
fn every_set_on_every_root_is_written_and_read_back() {
    for root in 0..12 {
        for intervals in (1..4096u16).step_by(2) {
            let chord = Chord { root, classes: rotate(intervals, root), bass: root };
            let symbol = chord.symbol(Key::C_MAJOR);
            assert_eq!(Chord::parse(&symbol), Some(chord), "{symbol}");
        }
    }
}

#[test]
fn families_part_major_from_minor_and_dominant() {
    let families = ["C", "C7", "Am", "Am7", "Bdim", "Gsus4", "Cmaj7", "Bm7b5", "G7alt"];
    let families = families.map(|symbol| Chord::parse(symbol).expect("a chord").family());
    assert_eq!(families, [0, 1, 2, 3, 4, 5, 0, 4, 1]);
}

#[test]
fn chords_move_with_the_key() {
    let moved = Chord::parse("D/F#").expect("a chord").transposed(-2);
    assert_eq!(moved.symbol(Key::C_MAJOR), "C/E");
    assert_eq!(Chord::NONE.transposed(5), Chord::NONE);
}
