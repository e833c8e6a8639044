//! What is given: a draft's notes, where they lie on the model's grid, and how its own words come back in the end.

use super::Request;
use crate::error::{Error, Result};
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Frame, Grid, Score};

/// The draft's notes on the model's grid, and which voice of the model each of its voices is.
pub(super) struct Given<'a> {
    score: &'a Score,
    /// The notes, at the nearest steps.
    pub(super) grid: Grid,
    /// The model's voice of each of the draft's.
    voices: Vec<usize>,
    /// Notes that had to be moved to a step.
    pub(super) moved: usize,
}

impl<'a> Given<'a> {
    pub(super) fn new(
        score: &'a Score,
        request: &Request,
        steps_per_quarter: usize,
        voices: usize,
    ) -> Result<Self> {
        let quantised = Grid::nearest(score, steps_per_quarter)?;
        let grid = quantised.grid;
        let count = grid.voices();
        let places = match (count, request.voice) {
            (_, Some(voice)) if voice >= voices => {
                return Err(Error::usage(format!("voice {}", voice + 1), format!("1 to {voices}")));
            }
            (1, voice) => vec![voice.unwrap_or(0)],
            _ if count == voices => (0..voices).collect(),
            _ if count < voices => named(score, count, voices).unwrap_or_else(|| spread(count, voices)),
            _ => {
                return Err(Error::usage(
                    format!("a draft of {count} voices"),
                    format!("this model writes {voices}; leave out or join some"),
                ));
            }
        };
        Ok(Self { score, grid, voices: places, moved: quantised.moved.len() })
    }

    /// The semitones, as few as can be, by which the notes must move to lie in their voices' alphabets.
    pub(super) fn shift(&self, alphabets: &[Alphabet]) -> i32 {
        let fits = |semitones: &i32| {
            (0..self.grid.steps()).all(|step| {
                self.voices.iter().enumerate().all(|(own, &voice)| {
                    let Some(pitch) = self.grid.at(step, own).pitch else { return true };
                    let moved = u8::try_from(i32::from(pitch) + semitones).ok();
                    moved.is_some_and(|moved| alphabets[voice].symbol(Some(moved)).is_some())
                })
            })
        };
        // Nearest first; an octave keeps the colour of the key, so it goes before odd intervals of its size or more.
        let mut shifts: Vec<i32> = (-48..=48).collect();
        shifts.sort_by_key(|s| (if s % 12 == 0 { s.abs() - 7 } else { s.abs() }, *s < 0));
        shifts.into_iter().find(fits).unwrap_or(0)
    }

    /// The notes as a draft in the model's voices: what sounds is pinned, all else open.
    pub(super) fn draft(&self, frame: &Frame, voices: usize) -> Draft {
        let mut draft = Draft::open(Frame { voices, ..frame.clone() });
        let steps = self.grid.steps().min(frame.steps);
        for (own, &voice) in self.voices.iter().enumerate() {
            for step in 0..steps {
                let cell = self.grid.at(step, own);
                if cell.pitch.is_some() {
                    draft.pin(step, voice, cell);
                } else if self.voices.len() < voices || self.sounds_later(step, own) {
                    draft.narrow(step, voice, Hole::REST);
                }
            }
        }
        draft
    }

    /// Whether a voice of the draft sings again after a step: then a silence there is meant.
    fn sounds_later(&self, step: usize, own: usize) -> bool {
        (step..self.grid.steps()).any(|t| self.grid.at(t, own).pitch.is_some())
    }

    /// Puts the draft's own words back: its titles, signs and words, and its notes in every voice that was kept whole.
    pub(super) fn restore(&self, score: &mut Score, grid: &Grid) {
        score.title.clone_from(&self.score.title);
        score.composer.clone_from(&self.score.composer);
        score.tempi.clone_from(&self.score.tempi);
        score.chords.clone_from(&self.score.chords);
        let whole = grid.steps() == self.grid.steps();
        if whole {
            score.bars.clone_from(&self.score.bars);
            score.metres.clone_from(&self.score.metres);
        }
        let lines: Vec<_> = self.score.voices().collect();
        if lines.len() != self.voices.len() || !whole {
            return;
        }
        for (own, &voice) in self.voices.iter().enumerate() {
            let kept =
                (0..grid.steps()).all(|step| grid.at(step, voice).pitch == self.grid.at(step, own).pitch);
            if kept {
                score.parts[voice].voices[0].notes.clone_from(&lines[own].notes);
            }
        }
    }
}

/// The model's voices that a draft's part names mean, if they mean distinct ones.
fn named(score: &Score, count: usize, voices: usize) -> Option<Vec<usize>> {
    if score.parts.len() != count {
        return None;
    }
    let place = |name: &str| {
        let initial = name.trim().chars().next()?.to_ascii_lowercase();
        (0..voices).find(|&voice| voice_name(voice, voices).to_ascii_lowercase().starts_with(initial))
    };
    let places: Vec<usize> = score.parts.iter().map(|part| place(&part.name)).collect::<Option<_>>()?;
    places.windows(2).all(|pair| pair[0] < pair[1]).then_some(places)
}

/// Voices without names: the lowest is the lowest, the others come from the top.
fn spread(count: usize, voices: usize) -> Vec<usize> {
    (0..count).map(|own| if own + 1 == count { voices - 1 } else { own }).collect()
}
