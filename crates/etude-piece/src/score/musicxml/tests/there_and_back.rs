//! Scores written and read again: the same music, and then the same bytes.

use super::{random_score, read, show};
use crate::score::musicxml::{layout, write, write_compressed};
use crate::score::{Bar, Beats, Key, Metre, Note, Part, Score, Tempo, Voice};

/// Checks that a score comes back as the same music with nothing lost, and that the second file equals the first.
#[track_caller]
fn check(score: &Score) {
    let written = write(score).expect("writable");
    let text = String::from_utf8(written.bytes.clone()).expect("UTF-8");
    let back = read(&written.bytes).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(written.lost, Vec::<String>::new());
    let (fitted, _) = layout::fit(score).expect("writable");
    assert_eq!(back, fitted, "\n{text}");
    for (voice, heard) in score.voices().zip(back.voices()) {
        assert_eq!(heard.sounding(), voice.sounding());
        assert_eq!(heard.graces, voice.graces);
    }
    let archive = write_compressed(score).expect("writable");
    assert_eq!(read(&archive.bytes).expect("legal"), back);
    assert_eq!(String::from_utf8(write(&back).expect("writable").bytes).expect("UTF-8"), text);
}

/// A voice of notes such as `C4/2`, `r/1`, `C4~/1`, one after another.
fn voice(text: &str) -> Voice {
    let mut now = Beats::ZERO;
    let mut notes = Vec::new();
    for word in text.split_whitespace() {
        let (head, length) = word.split_once('/').expect("a length");
        let (numerator, denominator) = length.split_once('/').unwrap_or((length, "1"));
        let length = Beats::new(numerator.parse().expect("a number"), denominator.parse().expect("a number"));
        if head != "r" {
            let pitch = head.trim_end_matches(['~', '^']).parse().expect("a pitch");
            let marked = Note {
                tied: head.contains('~'),
                fermata: head.contains('^'),
                ..Note::new(now, length, pitch)
            };
            notes.push(marked);
        }
        now = now + length;
    }
    Voice::from(notes)
}

/// A score of one part with these voices.
fn score(voices: &[&str]) -> Score {
    let voices = voices.iter().map(|text| voice(text)).collect();
    let part = Part { name: "Tune".to_owned(), program: 0, voices };
    Score { parts: vec![part], metres: vec![(Beats::ZERO, Metre::COMMON)], ..Score::default() }
}

#[test]
fn plain_notes() {
    check(&score(&["C4/1 D4/1 E4/1/2 F4/1/2 G4/1", "C3/4"]));
}

#[test]
fn notes_over_barlines_come_back_tied() {
    let long = score(&["r/3 C4/9"]);
    check(&long);
    assert_eq!(show(&read(&write(&long).expect("writable").bytes).expect("legal")), "r/3 C4~/1 C4~/4 C4/4");
}

#[test]
fn ties_and_fermatas_of_the_score_itself() {
    check(&score(&["C4~/1 C4/1 D4^/2 E4~/4 E4^/5"]));
}

#[test]
fn tuplets_of_every_kind() {
    check(&score(&["C4/1/3 D4/1/3 E4/1/3 F4/2/3 G4/2/3 A4/2/3 r/1/3 B4/2/3"]));
    check(&score(&["C4/1/5 D4/1/5 E4/3/5 F4/1/7 G4/6/7 A4/1/9 B4/8/9 C5/1/17 D5/16/17"]));
}

#[test]
fn dangling_ties() {
    check(&score(&["C4~/1 D4/1 C4~/2"]));
}

#[test]
fn voices_and_parts_without_notes() {
    check(&score(&["", "C4/1", ""]));
    check(&score(&[]));
    check(&score(&["C3/4 C3/4 C3/1", "", "C5/1"]));
}

#[test]
fn music_without_metre() {
    check(&Score { metres: Vec::new(), ..score(&["C4/7"]) });
}

#[test]
fn upbeats_repeats_and_endings() {
    let mut piece = score(&["C4/1 D4/4 E4/4 F4/4 G4/3"]);
    piece.measure(Beats::QUARTER);
    piece.bars[1].repeat_start = true;
    piece.bars[2].ending = Some(1);
    piece.bars[2].repeat_end = true;
    piece.bars[3].ending = Some(2);
    check(&piece);
}

#[test]
fn bars_that_no_metre_explains() {
    let at = |onset| Bar { onset: Beats::new(onset, 6), ..Bar::default() };
    check(&Score { bars: [0, 7, 20, 21].map(at).to_vec(), ..score(&["C4/5 D4/1/6"]) });
}

#[test]
fn marks_between_notes() {
    let g_major: Key = "G major".parse().expect("a key");
    let d_minor: Key = "D minor".parse().expect("a key");
    let three = Metre::new(3, 4).expect("legal");
    check(&Score {
        keys: vec![(Beats::ZERO, g_major), (Beats::new(5, 2), d_minor)],
        metres: vec![(Beats::ZERO, Metre::COMMON), (Beats::whole(5), three)],
        tempi: vec![(Beats::new(1, 3), Tempo(72.123_456_789)), (Beats::whole(30), Tempo(1e5))],
        chords: vec![(Beats::new(3, 2), "Am7/G".to_owned()), (Beats::whole(9), "N.C.".to_owned())],
        ..score(&["C4/4 D4/4", "r/2 E4/1/2"])
    });
}

#[test]
fn chords_of_unequal_lengths_are_cut_and_tied() {
    let mut piece = score(&["C4/1 D4/1 E4/2"]);
    piece.parts[0].voices[0]
        .notes
        .insert(1, Note::new(Beats::ZERO, Beats::whole(3), "G4".parse().expect("a pitch")));
    check(&piece);
    let back = read(&write(&piece).expect("writable").bytes).expect("legal");
    assert_eq!(show(&back), "[C4 G4~]/1 [D4 G4~]/1 E4~/1 G4/1 E4/1".replace("E4~/1 G4/1", "[E4~ G4]/1"));
}

#[test]
fn every_velocity() {
    let mut piece = score(&[&"C4/1 ".repeat(127)]);
    for (note, velocity) in piece.parts[0].voices[0].notes.iter_mut().zip(1..) {
        note.velocity = Some(velocity);
    }
    check(&piece);
}

#[test]
fn chord_symbols_of_every_kind() {
    let symbols = "C Cm C7 Cmaj7 F#m7b5 Bbdim7 Gsus4 A+ D6/9 Eb/G C5 Cadd9 N.C. NC H7 b7 CN.C. /G C/ C/g Bbb Fbb/Abb hello";
    let chords = symbols.split(' ').zip(0..).map(|(symbol, at)| (Beats::new(at, 2), symbol.to_owned()));
    check(&Score { chords: chords.collect(), ..score(&["C4/4 C4/4 C4/4"]) });
}

#[test]
fn two_hundred_random_scores_come_back() {
    for seed in 0..200 {
        let mut piece = random_score(seed);
        // Notes that are struck again while they sound can't come back; the next test is about them.
        let (fitted, lost) = layout::fit(&piece).expect("writable");
        if !lost.is_empty() {
            piece = fitted;
        }
        check(&piece);
    }
}

#[test]
fn fitting_is_done_once() {
    for seed in 200..300 {
        let (fitted, _) = layout::fit(&random_score(seed)).expect("writable");
        assert_eq!(layout::fit(&fitted).expect("writable"), (fitted, Vec::new()), "seed {seed}");
    }
}
