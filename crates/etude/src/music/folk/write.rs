//! From a tune in its normal form to a score.

use super::tokens::{METRES, Token, beats, metre};
use super::tune::{Event, Tune};
use etude_piece::score::{self, Beats, Key, Mode, Note, Pitch, Score, Tempo, Voice};

/// The middle of a tune's compass lies as near to this MIDI number as octaves let it: between A4 and B4, where a fiddle's
/// first position has its own.
const MIDDLE: i32 = 70;

/// The score of a tune, `shift` semitones above its pitches; `key` spells them.
///
/// Pitches that MIDI doesn't know are left out, with what is tied to them.
pub fn write(tune: &Tune, key: Key, shift: i32) -> Score {
    let mut score = Score { keys: vec![(Beats::ZERO, key)], ..Score::default() };
    score.metres.push((Beats::ZERO, metre(tune.metre)));
    let mut notes: Vec<Note> = Vec::new();
    let mut now = Beats::ZERO;
    for (number, part) in tune.parts.iter().enumerate() {
        let parted = tune.parts.get(number + 1).is_some_and(|next| !next.repeated);
        let (lift, first) = (usize::from(!part.upbeat.is_empty()), part.first.len());
        let (body, end) = (lift + part.bars.len(), lift + part.len());
        let all = part.written().count();
        for (number, bar) in part.written().enumerate() {
            let ending = match number {
                _ if number == body && first > 0 => Some(1),
                _ if number == end && !part.second.is_empty() => Some(2),
                _ => None,
            };
            score.bars.push(score::Bar {
                onset: now,
                repeat_start: number == 0 && part.repeated,
                repeat_end: number + 1 == end && part.repeated,
                ending,
                section_end: parted && number + 1 == all && (!part.repeated || !part.second.is_empty()),
            });
            for event in bar {
                let onset = now;
                now = now + beats(event.ticks);
                write_event(&mut notes, event, onset, key, shift);
            }
        }
    }
    score.parts.push(score::Part { voices: vec![Voice::from(notes)], ..score::Part::default() });
    score
}

fn write_event(notes: &mut Vec<Note>, event: &Event, onset: Beats, key: Key, shift: i32) {
    let duration = beats(event.ticks);
    match (event.what, notes.last_mut()) {
        (Token::Pitch(midi), _) => {
            let midi = u8::try_from(i32::from(midi) + shift).ok().filter(|&midi| midi < 128);
            notes.extend(midi.map(|midi| Note::new(onset, duration, Pitch::spell(midi, key))));
        }
        (Token::Tie, Some(before)) if before.end() == onset => {
            before.tied = true;
            let pitch = before.pitch;
            notes.push(Note::new(onset, duration, pitch));
        }
        _ => {}
    }
}

/// Semitones from a tune's pitches to a tonic of a class (C = 0), in the octave that suits a fiddle best.
pub fn octave(tune: &Tune, class: u8) -> i32 {
    let pitches = tune.events().filter_map(|event| match event.what {
        Token::Pitch(midi) => Some(i32::from(midi)),
        _ => None,
    });
    let (low, high) = pitches.fold((127, 0), |(low, high), midi| (midi.min(low), midi.max(high)));
    let away = |shift: &i32| ((low + high) + 2 * shift - 2 * MIDDLE).abs();
    (-2..=2).map(|octave| 12 * octave + i32::from(class)).min_by_key(away).unwrap_or(i32::from(class))
}

/// The dance that a metre makes one think of, and its usual speed in quarter notes a minute.
fn dance(metre: usize) -> (&'static str, f64) {
    match METRES[metre] {
        (2, 2) => ("Reel", 200.0),
        (2, 4) => ("Polka", 120.0),
        (3, 4) => ("Waltz", 130.0),
        (4, 4) => ("Hornpipe", 150.0),
        (6, 8) => ("Jig", 168.0),
        (9, 8) => ("Slip jig", 168.0),
        (12, 8) => ("Slide", 180.0),
        _ => ("Tune", 120.0),
    }
}

/// A plain title.
pub fn title(tune: &Tune, key: Key) -> String {
    format!("{} in {key}", dance(tune.metre).0)
}

/// How fast tunes of a metre are played.
pub fn tempo(metre: usize) -> Tempo {
    Tempo(dance(metre).1)
}

/// The tune's mode on a tonic of a class.
pub fn key(tune: &Tune, class: u8) -> Key {
    Key::on_class(class, Mode::ALL[tune.mode])
}
