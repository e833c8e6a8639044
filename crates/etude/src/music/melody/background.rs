//! A melody in a few counts: what a look-ahead takes for likely, where the model itself would be asked too often.
//!
//! What happens at a step depends on whether a note sounds; which note begins depends on the last by its interval.

use super::notation::{HOLD, Notation, OFF};
use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};

/// Intervals from −24 to 24 semitones are counted each; wider ones as the widest.
const WIDEST: i32 = 24;

/// Counts of what happens in melodies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Background {
    /// While a note sounds: it goes on, ends, another begins.
    sounding: [u32; 3],
    /// In a rest: it goes on, a note begins.
    resting: [u32; 2],
    /// Intervals between one note and the next.
    intervals: Vec<u32>,
    /// Pitches, by their place in the range.
    pitches: Vec<u32>,
}

impl Background {
    /// Nothing seen yet; everything counts once, so that all is possible.
    pub(super) fn new(notation: &Notation) -> Self {
        Self {
            sounding: [1; 3],
            resting: [1; 2],
            intervals: vec![1; 2 * WIDEST as usize + 1],
            pitches: vec![1; notation.pitches()],
        }
    }

    /// Counts the symbols of a melody.
    pub(super) fn count(&mut self, notation: &Notation, symbols: &[u32]) {
        let mut last: Option<usize> = None;
        let mut sounds = false;
        for &symbol in symbols {
            let symbol = symbol as usize;
            let struck = notation.struck(symbol);
            let happened = match (symbol, struck) {
                (HOLD, _) => 0,
                (OFF, _) => 1,
                (_, Some(_)) => 2,
                _ => continue,
            };
            if sounds {
                self.sounding[happened] = self.sounding[happened].saturating_add(1);
            } else {
                let begins = usize::from(struck.is_some());
                self.resting[begins] = self.resting[begins].saturating_add(1);
            }
            if let Some(index) = struck {
                self.pitches[index] = self.pitches[index].saturating_add(1);
                if let Some(last) = last {
                    let interval = &mut self.intervals[interval(last, index)];
                    *interval = interval.saturating_add(1);
                }
                last = Some(index);
            }
            sounds = if symbol == HOLD { sounds } else { struck.is_some() };
        }
    }

    /// The probabilities of all that may happen, shape (P + 1, P + 2): from each sounding pitch, then from a rest, to
    /// going on, to a rest, and to each new pitch.
    pub(super) fn transitions(&self) -> Vec<f64> {
        let pitches = self.pitches.len();
        let mut table = vec![0.0; (pitches + 1) * (pitches + 2)];
        let total = |counts: &[u32]| counts.iter().map(|&count| f64::from(count)).sum::<f64>();
        for (from, row) in table.chunks_exact_mut(pitches + 2).enumerate() {
            let rests = from == pitches;
            let weigh = |to: usize| {
                let wide = if rests { 1.0 } else { f64::from(self.intervals[interval(from, to)]) };
                wide * f64::from(self.pitches[to])
            };
            let all: f64 = (0..pitches).map(weigh).sum();
            let begins = if rests {
                row[0] = f64::from(self.resting[0]) / total(&self.resting);
                1.0 - row[0]
            } else {
                row[0] = f64::from(self.sounding[0]) / total(&self.sounding);
                row[1] = f64::from(self.sounding[1]) / total(&self.sounding);
                f64::from(self.sounding[2]) / total(&self.sounding)
            };
            for to in 0..pitches {
                row[2 + to] = begins * weigh(to) / all;
            }
        }
        table
    }

    /// The arrays of the model file.
    pub(super) fn tensors(&self) -> Tensors {
        let array = |counts: &[u32]| Tensor::U32(vec![counts.len()], counts.to_vec());
        Tensors::from([
            ("background.sounding".to_owned(), array(&self.sounding)),
            ("background.resting".to_owned(), array(&self.resting)),
            ("background.intervals".to_owned(), array(&self.intervals)),
            ("background.pitches".to_owned(), array(&self.pitches)),
        ])
    }

    /// Reads it from a model file.
    ///
    /// # Errors
    ///
    /// Arrays that are missing, of another length, or hold a zero.
    pub(super) fn load(reader: &Reader, notation: &Notation) -> Result<Self> {
        let mut read = Self::new(notation);
        let Self { sounding, resting, intervals, pitches } = &mut read;
        let arrays: [(&str, &mut [u32]); 4] =
            [("sounding", sounding), ("resting", resting), ("intervals", intervals), ("pitches", pitches)];
        for (name, counts) in arrays {
            let found = reader.numbers(&format!("background.{name}"))?;
            if found.len() != counts.len() || found.contains(&0) {
                let wrong = format!("{} counts in `background.{name}`", found.len());
                return reader.refuse(wrong, format!("{} counts above 0", counts.len()));
            }
            counts.copy_from_slice(found);
        }
        Ok(read)
    }
}

/// The place of an interval among the counted ones.
fn interval(from: usize, to: usize) -> usize {
    let semitones = (to as i32 - from as i32).clamp(-WIDEST, WIDEST);
    (semitones + WIDEST) as usize
}
