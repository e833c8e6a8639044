//! Scores there and back, files as other programs write them, and hostile bytes.

use super::{read, write};
use crate::score::example::{chorale, part, voice};
use crate::score::{Beats, Metre, Note, Part, Score};

mod corpus;
mod figures;
mod hostile;
mod losses;

/// A file of type 1 at 4 ticks per quarter note, from its tracks' events.
fn file(tracks: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![b'M', b'T', b'h', b'd', 0, 0, 0, 6, 0, 1, 0, tracks.len() as u8, 0, 4];
    for track in tracks {
        bytes.extend_from_slice(b"MTrk");
        bytes.extend_from_slice(&(track.len() as u32).to_be_bytes());
        bytes.extend_from_slice(track);
    }
    bytes
}

/// The notes of a score, a line for each voice: `onset+length pitch` and syllables.
fn draw(score: &Score) -> Vec<String> {
    let draw_note = |note: &Note| {
        let words: String = note.lyrics.iter().map(|word| format!(" `{word}`")).collect();
        format!("{}+{} {}{words}", note.onset, note.duration, note.pitch)
    };
    score.voices().map(|v| v.notes.iter().map(draw_note).collect::<Vec<_>>().join(", ")).collect()
}

/// The voices read from a file of these tracks.
#[track_caller]
fn check(tracks: &[&[u8]], expected: &[&str]) {
    let score = read(&file(tracks)).expect("a legal file");
    assert_eq!(draw(&score), expected);
}

/// What MIDI leaves of a score: ties joined, fermatas gone, every note struck with 80.
fn as_midi_has_it(mut score: Score) -> Score {
    for voice in score.parts.iter_mut().flat_map(|part| &mut part.voices) {
        voice.notes = voice.sounding();
        for note in &mut voice.notes {
            note.fermata = false;
            note.velocity.get_or_insert(80);
        }
    }
    score
}

#[track_caller]
fn there_and_back(score: Score) {
    let written = write(&score).expect("writable");
    let back = read(&written.bytes).expect("what we write we read");
    assert_eq!(back, as_midi_has_it(score));
    assert_eq!(write(&back).expect("writable").bytes, written.bytes, "writing again gives the same bytes");
}

#[test]
fn a_chorale_comes_back_whole() {
    there_and_back(chorale());
}

#[test]
fn what_is_lost_is_listed() {
    let lost = write(&chorale()).expect("writable").lost;
    assert_eq!(lost, ["8 fermatas: MIDI has none"]);
}

#[test]
fn voices_of_one_part_stay_apart() {
    let mut score = chorale();
    let lower = score.parts.split_off(1).into_iter().flat_map(|part| part.voices);
    score.parts[0].voices.extend(lower);
    there_and_back(score);
}

#[test]
fn triplets_and_sevenths_are_exact() {
    let mut score = chorale();
    score.parts[0].voices[0] = voice("C4:1/3 D4:1/3 E4:1/3 C4:1/7 D4:6/7 C4:1/16 G4:31/16");
    score.chords.clear();
    there_and_back(score);
}

#[test]
fn church_modes_and_changes_of_key_metre_and_tempo_come_back() {
    let mut score = chorale();
    score.keys = vec![
        (Beats::ZERO, "D dorian".parse().expect("a key")),
        (Beats::whole(5), "F# minor".parse().expect("a key")),
    ];
    score.metres.push((Beats::whole(9), Metre::new(6, 8).expect("legal")));
    score.tempi.push((Beats::whole(5), crate::score::Tempo(66.6)));
    for part in &mut score.parts {
        for note in &mut part.voices[0].notes {
            let midi = note.pitch.midi().expect("in range");
            note.pitch =
                crate::score::Pitch::spell(midi, score.keys[usize::from(note.onset >= Beats::whole(5))].1);
        }
    }
    score.measure(Beats::QUARTER);
    there_and_back(score);
}

#[test]
fn what_fits_no_division_is_rounded_and_said() {
    let mut score = Score { parts: vec![part("", "C4:1/1024 D4:1/1023 E4")], ..Score::default() };
    let written = write(&score).expect("writable");
    assert_eq!(written.lost, ["3 notes' times: rounded to 1/27720 of a quarter note"]);
    score.parts[0].voices[0] = voice("F#4 Gb4");
    let written = write(&score).expect("writable");
    assert_eq!(written.lost, ["1 accidental: MIDI numbers the keys of a piano; spelled anew by the key"]);
}

#[test]
fn struck_again_is_not_held() {
    let score = Score { parts: vec![part("", "C4 C4 C4_ C4")], ..Score::default() };
    let back = read(&write(&score).expect("writable").bytes).expect("readable");
    assert_eq!(draw(&back), ["0+1 C4, 1+1 C4, 2+2 C4"]);
}

#[test]
fn a_time_before_the_start_is_refused() {
    let early = Note::new(Beats::whole(-1), Beats::QUARTER, "C4".parse().expect("a pitch"));
    let voices = vec![crate::score::Voice::from(vec![early])];
    let score = Score { parts: vec![Part { voices, ..Part::default() }], ..Score::default() };
    assert!(write(&score).is_err());
}

#[test]
fn a_key_released_ends_its_earliest_press() {
    check(&[&[0, 0x90, 60, 80, 2, 60, 80, 2, 60, 0, 4, 60, 0]], &["0+1 C4, 1/2+3/2 C4"]);
}

#[test]
fn a_key_never_released_ends_with_its_track() {
    check(&[&[0, 0x90, 60, 80, 8, 0xff, 0x2f, 0]], &["0+2 C4"]);
}

#[test]
fn a_note_of_no_length_gets_one_tick() {
    check(&[&[0, 0x90, 60, 80, 0, 60, 0, 4, 62, 80, 0, 0xff, 0x2f, 0]], &["0+1/4 C4, 1+1/4 D4"]);
}

#[test]
fn each_track_and_channel_is_a_part() {
    check(
        &[&[0, 0x91, 64, 80, 0, 0x90, 60, 80, 4, 0x80, 60, 0, 0, 0x81, 64, 0], &[0, 0x90, 48, 80, 4, 48, 0]],
        &["0+1 C4", "0+1 E4", "0+1 C3"],
    );
}

#[test]
fn spelling_follows_the_key_signature_in_force() {
    let signs: &[u8] = &[0, 0xff, 0x59, 2, 3, 0, 4, 0xff, 0x59, 2, 0xfc, 1];
    check(&[signs, &[0, 0x90, 68, 80, 4, 68, 0, 0, 68, 80, 4, 68, 0]], &["0+1 G#4, 1+1 Ab4"]);
}

#[test]
fn karaoke_words_find_the_voice_that_sings_them() {
    let words: &[u8] = &[0, 0xff, 5, 2, b'L', b'a', 4, 0xff, 5, 1, b'\r', 0, 0xff, 5, 3, b'l', 0xe9, b'!'];
    let drone: &[u8] = &[0, 0x91, 48, 80, 8, 48, 0];
    let tune: &[u8] = &[0, 0x90, 60, 80, 4, 60, 0, 0, 62, 80, 4, 62, 0];
    check(&[words, drone, tune], &["0+2 C3", "0+1 C4 `La`, 1+1 D4 `lé!`"]);
}

#[test]
fn names_and_programmes_are_kept() {
    let tune: &[u8] =
        &[0, 0xff, 3, 4, b'O', b'b', b'o', b'e', 0, 0xc0, 68, 0, 0xff, 4, 1, b'x', 0, 0x90, 60, 80, 4, 60, 0];
    let score = read(&file(&[&[0, 0xff, 3, 3, b'A', b'i', b'r'], tune])).expect("legal");
    assert_eq!((score.title.as_str(), score.parts[0].name.as_str()), ("Air", "Oboe"));
    assert_eq!(score.parts[0].program, 68);
}

#[test]
fn without_a_metre_there_are_no_bars() {
    let score = read(&file(&[&[0, 0x90, 60, 80, 40, 60, 0]])).expect("legal");
    assert!(score.bars.is_empty() && score.metres.is_empty() && score.keys.is_empty());
    assert_eq!(score.tempi, [(Beats::ZERO, crate::score::Tempo(120.0))]);
}

#[test]
fn film_frames_are_read_at_120() {
    // 25 frames of 40 ticks: 1,000 ticks a second, 500 a quarter note.
    let mut bytes = file(&[&[0, 0xff, 0x51, 3, 9, 9, 9, 0, 0x90, 60, 80, 0x83, 0x74, 60, 0]]);
    bytes[12..14].copy_from_slice(&[(-25_i8).cast_unsigned(), 40]);
    let score = read(&bytes).expect("legal");
    assert_eq!(draw(&score), ["0+1 C4"]);
    assert_eq!(score.tempi, [(Beats::ZERO, crate::score::Tempo(120.0))]);
}
