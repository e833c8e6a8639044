//! From scores to rolls and back.

use super::{Roll, keys};
use crate::score::{Beats, Key, Metre, Note, Part, Pitch, Score, Tempo, Voice};
use crate::{Error, Result};

/// The most frames of a roll that comes from a score: six hours of sixteenths.
const MOST: i64 = 1 << 17;

impl Roll {
    /// The frames of a score, `steps` ≥ 1 in a quarter note: each note sounds from the frame that its onset is nearest to,
    /// for at least one frame.
    ///
    /// # Errors
    ///
    /// A score without notes, or one that is too long.
    pub fn of_score(score: &Score, steps: usize) -> Result<Self> {
        let at = |beats: Beats| (beats.to_f64() * steps as f64).round() as i64;
        let mut frames = Vec::new();
        for note in score.voices().flat_map(Voice::sounding) {
            let Some(key) = note.pitch.midi() else { continue };
            let from = at(note.onset).max(0);
            let to = at(note.end()).max(from + 1);
            if to > MOST {
                let hint = format!("at most {MOST} frames; cut it, or take fewer in a quarter note");
                return Err(Error::unfit(format!("a score of {to} frames"), hint));
            }
            if frames.len() < to as usize {
                frames.resize(to as usize, 0);
            }
            frames[from as usize..to as usize].iter_mut().for_each(|frame| *frame |= 1u128 << key);
        }
        match frames.is_empty() {
            true => Err(Error::unfit("a score without notes", "at least one note")),
            false => Ok(Self { frames }),
        }
    }

    /// A score of a piano, `steps` ≥ 1 frames in a quarter note: frames in which a key sounds on are one note.
    ///
    /// Silence at the end leaves no trace.
    pub fn to_score(&self, steps: usize, key: Key, metre: Metre, tempo: f64) -> Score {
        let beats = |frame: usize| Beats::new(frame as i64, steps as i64);
        let mut begun = [0; 128];
        let mut notes = Vec::new();
        let mut before = 0;
        for (at, frame) in self.frames.iter().copied().chain([0]).enumerate() {
            for ended in keys(before & !frame) {
                let onset = beats(begun[ended as usize]);
                notes.push(Note::new(onset, beats(at) - onset, Pitch::spell(ended, key)));
            }
            keys(frame & !before).for_each(|struck| begun[struck as usize] = at);
            before = frame;
        }
        notes.sort_by_key(|note| (note.onset, note.pitch.midi()));
        let part = Part { name: "Piano".to_owned(), program: 0, voices: vec![Voice::from(notes)] };
        let mut score = Score {
            parts: vec![part],
            keys: vec![(Beats::ZERO, key)],
            metres: vec![(Beats::ZERO, metre)],
            tempi: vec![(Beats::ZERO, Tempo(tempo))],
            ..Score::default()
        };
        score.measure(Beats::ZERO);
        score
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::shared::shared;
    use crate::score::{abc, midi};

    #[track_caller]
    fn check(abc: &str, steps: usize, expected: &[&[u8]]) {
        let roll = Roll::of_score(&abc::read(abc.as_bytes()).expect("a tune"), steps).expect("it fits");
        let frames: Vec<Vec<u8>> = roll.frames.iter().map(|&frame| keys(frame).collect()).collect();
        assert_eq!(frames, expected);
    }

    #[test]
    fn notes_sound_from_their_onset_to_their_end() {
        check("X:1\nL:1/4\nK:C\nC2 z [EG]|", 1, &[&[60], &[60], &[], &[64, 67]]);
    }

    #[test]
    fn short_notes_fill_a_frame() {
        check("X:1\nL:1/16\nK:C\nC z3 D4|", 1, &[&[60], &[62]]);
    }

    #[test]
    fn a_corpus_goes_through_midi_and_comes_back() {
        let Some(path) = shared("polyphonic/JSB_Chorales.json.gz") else { return };
        for (name, _, mut roll) in
            super::super::read(&std::fs::read(path).expect("a file")).expect("a corpus")
        {
            let score = roll.to_score(1, Key::C_MAJOR, Metre::COMMON, 120.0);
            let back = midi::read(&midi::write(&score).expect("MIDI").bytes).expect("our own file");
            while roll.frames.last() == Some(&0) {
                roll.frames.pop();
            }
            assert_eq!(Roll::of_score(&back, 1).expect("it fits"), roll, "{name}");
        }
    }
}
