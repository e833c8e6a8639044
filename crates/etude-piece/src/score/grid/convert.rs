//! From scores to grids and back.

use super::{Cell, Frame, Grid, Onset};
use crate::score::{Beats, Key, Note, Part, Pitch, Score, Voice};
use crate::{Error, Fault, Place, Result};

/// The usual names of one to four voices, top to bottom.
pub const VOICE_NAMES: [&str; 4] = ["Soprano", "Alto", "Tenor", "Bass"];

/// The most steps a grid may have; a longer score is refused (about six hours in sixteenths).
const MOST_STEPS: usize = 1 << 17;

/// The most voices a grid may have.
const MOST_VOICES: usize = 16;

/// A score laid on a grid, and how much had to be moved to fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantised {
    /// The nearest grid.
    pub grid: Grid,
    /// Where the moved notes stand, as a person counts.
    pub moved: Vec<String>,
}

impl Grid {
    /// The grid of a score whose every note begins and ends on a step.
    ///
    /// # Errors
    ///
    /// A note off the grid, an empty score, or more than 16 voices.
    pub fn try_from_score(score: &Score, steps_per_quarter: usize) -> Result<Self> {
        let quantised = Self::nearest(score, steps_per_quarter)?;
        match quantised.moved.first() {
            None => Ok(quantised.grid),
            Some(place) => Err(Error::unfit(
                format!("the note at {place} does not fit a grid of {steps_per_quarter} steps in a quarter"),
                "use a finer grid or simpler rhythms",
            )),
        }
    }

    /// The grid nearest to a score; notes off the grid are moved to the nearest step and never vanish.
    ///
    /// # Errors
    ///
    /// An empty score, more than 16 voices, or more than 131,072 steps.
    pub fn nearest(score: &Score, steps_per_quarter: usize) -> Result<Quantised> {
        let unit = Beats::new(1, steps_per_quarter as i64);
        let lines: Vec<Vec<Note>> = score.voices().flat_map(lines).collect();
        if lines.is_empty() {
            return Err(Fault::new(Place::Whole, "no notes", "at least one note").into());
        }
        if lines.len() > MOST_VOICES {
            let hint = "keep fewer parts, or use a model for keyboard music";
            return Err(Error::unfit(format!("{} voices at once", lines.len()), hint));
        }
        let step_of = |at: Beats| usize::try_from(at.round_div(unit)).unwrap_or(0);
        let end = score.duration();
        let steps = step_of(end).max(1);
        if steps > MOST_STEPS {
            return Err(Error::unfit(format!("{steps} steps"), "cut the piece, or use a coarser grid"));
        }
        let frame = Frame {
            voices: lines.len(),
            steps,
            steps_per_quarter,
            key: score.keys.first().map(|&(_, key)| key),
            metre: score.metres.first().map(|&(_, metre)| metre),
            pickup: step_of(score.pickup()),
            fermatas: Vec::new(),
        };
        let mut grid = Self::new(frame);
        let mut moved = Vec::new();
        let mut fermatas = Vec::new();
        for (voice, line) in lines.iter().enumerate() {
            for note in line {
                let (start, stop) = (step_of(note.onset), step_of(note.end()));
                let start = start.min(steps - 1);
                let stop = stop.clamp(start + 1, steps);
                if [note.onset, note.end()].iter().any(|at| at.exact_div(unit).is_none()) {
                    moved.push(grid.frame.place(start));
                }
                for step in start..stop {
                    let onset = if step == start { Onset::Struck } else { Onset::Held };
                    grid.set(step, voice, Cell { pitch: note.pitch.midi(), onset });
                }
                if note.fermata {
                    fermatas.push(stop);
                }
            }
        }
        fermatas.sort_unstable();
        fermatas.dedup();
        grid.frame.fermatas = fermatas;
        Ok(Quantised { grid, moved })
    }
}

impl Grid {
    /// The first voice's notes one after the other, each a step of one quarter: a melody without its rhythm. Of notes that
    /// sound together the highest comes first.
    ///
    /// # Errors
    ///
    /// A score without notes.
    pub fn of_notes(score: &Score) -> Result<Self> {
        let mut notes = score.voices().next().map(Voice::sounding).unwrap_or_default();
        notes.sort_by(|a, b| a.onset.cmp(&b.onset).then(b.pitch.midi().cmp(&a.pitch.midi())));
        let pitches: Vec<Option<u8>> =
            notes.iter().map(|note| note.pitch.midi()).filter(Option::is_some).collect();
        if pitches.is_empty() {
            return Err(Fault::new(Place::Whole, "no notes", "at least one note").into());
        }
        let frame = Frame { steps_per_quarter: 1, ..Frame::sixteenths(1, pitches.len()) };
        let mut grid = Self::from_pitches(frame, &pitches);
        for step in 0..pitches.len() {
            grid.set(step, 0, Cell { onset: Onset::Struck, ..grid.at(step, 0) });
        }
        Ok(grid)
    }
}

/// A voice as lines of one note at a time: the notes of chords are dealt out from the top.
fn lines(voice: &Voice) -> Vec<Vec<Note>> {
    let mut notes = voice.sounding();
    notes.retain(|note| note.pitch.midi().is_some());
    notes.sort_by(|a, b| a.onset.cmp(&b.onset).then(b.pitch.midi().cmp(&a.pitch.midi())));
    let mut lines: Vec<Vec<Note>> = Vec::new();
    for note in notes {
        let free = lines.iter().position(|line| line.last().is_none_or(|last| last.end() <= note.onset));
        match free {
            Some(line) => lines[line].push(note),
            None => lines.push(vec![note]),
        }
        // More notes at once than any grid has voices: `nearest` refuses these by count.
        if lines.len() > MOST_VOICES {
            return lines;
        }
    }
    lines
}

impl From<&Grid> for Score {
    /// The score of a grid: one part a voice, pitches spelled in the grid's key, unmarked cells held.
    fn from(grid: &Grid) -> Self {
        let frame = &grid.frame;
        let unit = Beats::new(1, frame.steps_per_quarter as i64);
        let key = frame.key.unwrap_or(Key::C_MAJOR);
        let parts = (0..frame.voices).map(|voice| Part {
            name: voice_name(voice, frame.voices),
            program: 19,
            voices: vec![Voice::from(notes_of(grid, voice, key, unit))],
        });
        let mut score = Self {
            parts: parts.collect(),
            keys: frame.key.map(|key| (Beats::ZERO, key)).into_iter().collect(),
            metres: vec![(Beats::ZERO, frame.metre.unwrap_or_default())],
            ..Self::default()
        };
        score.measure(unit * frame.pickup as i64);
        score
    }
}

/// The name of a voice among `voices`.
pub fn voice_name(voice: usize, voices: usize) -> String {
    match voices {
        1 => "Melody".to_owned(),
        2..=4 if voice + 1 == voices => VOICE_NAMES[3].to_owned(),
        2..=4 => VOICE_NAMES[voice].to_owned(),
        _ => format!("Voice {}", voice + 1),
    }
}

/// The notes of one voice.
fn notes_of(grid: &Grid, voice: usize, key: Key, unit: Beats) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut sounding: Option<u8> = None;
    for step in 0..grid.steps() {
        let cell = grid.at(step, voice);
        match cell.pitch {
            Some(pitch) if sounding == Some(pitch) && cell.onset != Onset::Struck => {
                let last = notes.last_mut().expect("a sounding pitch has a note");
                last.duration = last.duration + unit;
            }
            Some(pitch) => {
                let written = Pitch::spell(pitch, key);
                notes.push(Note::new(unit * step as i64, unit, written));
            }
            None => {}
        }
        sounding = cell.pitch;
        if grid.frame.fermatas.binary_search(&(step + 1)).is_ok() && cell.pitch.is_some() {
            let last = notes.last_mut().expect("a sounding pitch has a note");
            last.fermata = true;
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid drawn with a row per voice: a letter and octave strikes, `-` holds, `.` rests.
    fn drawn(rows: &[&str]) -> Grid {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split_whitespace().collect()).collect();
        let mut grid = Grid::new(Frame::sixteenths(rows.len(), rows[0].len()));
        for (voice, row) in rows.iter().enumerate() {
            for (step, mark) in row.iter().enumerate() {
                let cell = match *mark {
                    "." => Cell::REST,
                    "-" => Cell { onset: Onset::Held, ..grid.at(step - 1, voice) },
                    name => {
                        let pitch: Pitch = name.parse().expect("a pitch");
                        Cell { pitch: pitch.midi(), onset: Onset::Struck }
                    }
                };
                grid.set(step, voice, cell);
            }
        }
        grid.frame.metre = Some(crate::score::Metre::COMMON);
        grid
    }

    #[track_caller]
    fn check_there_and_back(rows: &[&str]) {
        let grid = drawn(rows);
        let back = Grid::try_from_score(&Score::from(&grid), 4).expect("on the grid");
        assert_eq!(back.pitches().collect::<Vec<_>>(), grid.pitches().collect::<Vec<_>>());
        for step in 0..grid.steps() {
            for voice in 0..grid.voices() {
                assert_eq!(back.at(step, voice), grid.at(step, voice), "step {step}, voice {voice}");
            }
        }
    }

    #[test]
    fn holds_repeats_and_rests_survive_there_and_back() {
        check_there_and_back(&["C5 - C5 - . . D5 -", "G4 - - - G4 G4 . F4"]);
    }

    #[test]
    fn a_chord_in_one_voice_is_dealt_out_from_the_top() {
        let at = |pitch: &str| Note::new(Beats::ZERO, Beats::QUARTER, pitch.parse().expect("a pitch"));
        let voice = Voice::from(vec![at("C4"), at("G4"), at("E4")]);
        let part = Part { voices: vec![voice], ..Part::default() };
        let score = Score { parts: vec![part], ..Score::default() };
        let grid = Grid::try_from_score(&score, 4).expect("on the grid");
        assert_eq!(grid.chord(0).collect::<Vec<_>>(), [Some(67), Some(64), Some(60)]);
    }

    #[test]
    fn a_melody_without_rhythm_has_a_step_for_each_note() {
        let pitch = "C4".parse().expect("a pitch");
        let notes =
            [(0, 3), (3, 1), (5, 2)].map(|(at, long)| Note::new(Beats::whole(at), Beats::whole(long), pitch));
        let part = Part { voices: vec![Voice::from(notes.to_vec())], ..Part::default() };
        let grid = Grid::of_notes(&Score { parts: vec![part], ..Score::default() }).expect("notes");
        assert_eq!(grid.steps(), 3);
        assert!((0..3).all(|step| grid.at(step, 0).onset == Onset::Struck));
    }

    #[test]
    fn a_triplet_is_refused_by_name_or_moved() {
        let third = Beats::new(1, 3);
        let pitch = "C4".parse().expect("a pitch");
        let notes: Vec<Note> = (0..3).map(|i| Note::new(third * i, third, pitch)).collect();
        let part = Part { voices: vec![Voice::from(notes)], ..Part::default() };
        let score = Score { parts: vec![part], ..Score::default() };
        let error = Grid::try_from_score(&score, 4).expect_err("a triplet");
        assert!(error.to_string().starts_with("the note at bar 1, beat 1 does not fit"), "{error}");
        let struck = (0..4)
            .filter(|&t| Grid::nearest(&score, 4).expect("a grid").grid.at(t, 0).onset == Onset::Struck);
        assert_eq!(struck.count(), 3);
    }
}
