//! Generating: from left to right under the draft's masks, by [`crate::inference::autoregressive`].

use super::super::openings::{Openings, mark};
use super::Markov;
use super::feature::{Row, Situation};
use super::key::{Heard, hear};
use super::lines::places;
use super::options::Wishes;
use super::past::Past;
use super::viewpoint::Question;
use crate::error::{Error, Result};
use crate::inference::autoregressive::{Autoregressive, Cloud, Stop, sample};
use crate::inference::constraint::Contradiction;
use crate::kernels;
use crate::model::{Generated, Model, Progress, Wish};
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::Key;
use std::collections::BTreeMap;

/// What a first chord's note outside the tonic triad costs, in nats: at that moment the model knows no key.
const FOREIGN: f64 = 4.0;

/// Fills the holes of a draft.
pub(super) fn generate(
    model: &Markov,
    draft: &Draft,
    wish: &Wish,
    progress: &mut Progress,
) -> Result<Generated> {
    let wishes = Wishes::read(&wish.settings)?;
    let frame = &draft.frame;
    model.check_draft(draft)?;
    let openings = Openings::new(&model.alphabets, draft, wishes.rests)?;
    let writer = Writer { model, places: places(frame) };
    let particles = if openings.free { 1 } else { wishes.particles };
    let cloud = Cloud { particles, temperature: wishes.temperature, seed: wish.seed };
    let triad = triad(wish.key);
    let factors = |written: &Written, factors: &mut [f64]| {
        let (step, voice) = (written.step, writer.voice(written));
        openings.forbid(written, voice, &model.alphabets[voice], factors);
        if step == 0 {
            for (factor, &pitch) in factors.iter_mut().zip(model.alphabets[voice].pitches()) {
                *factor -= if triad >> (pitch % 12) & 1 == 1 { 0.0 } else { FOREIGN };
            }
        }
    };
    let mut tell = |steps: usize| progress(steps as f64 / frame.steps as f64, "writing");
    let drawn =
        sample(&writer, &writer.begin(), frame.steps, factors, cloud, &mut tell).map_err(
            |stop| match stop {
                Stop::Interrupted => Error::Interrupted,
                Stop::DeadEnd(step) | Stop::TooLong(step) => {
                    Contradiction::nothing_left(frame.place(step), None).into()
                }
            },
        )?;
    let diagnostics = BTreeMap::from([
        ("particles".to_owned(), particles as f64),
        ("effective_particles".to_owned(), drawn.effective),
        ("log_evidence".to_owned(), drawn.log_evidence),
    ]);
    Ok(Generated { grid: mark(draft, &drawn.past.cells), diagnostics })
}

/// The pitch classes of a key's tonic triad, as bits.
fn triad(key: Key) -> u16 {
    let third = if key.mode.is_minor() { 3 } else { 4 };
    [0, third, 7].iter().fold(0, |set, above| set | 1 << ((key.tonic_class() + above) % 12))
}

impl Openings {
    /// Marks with −∞ what `voice` may not become next.
    fn forbid(&self, written: &Written, voice: usize, alphabet: &Alphabet, factors: &mut [f64]) {
        let voices = written.voices;
        let cell = written.step * voices + voice;
        let hole = if self.tied[cell] { Hole::only(written.cells[cell - voices]) } else { self.holes[cell] };
        for (factor, symbol) in factors.iter_mut().zip(0..) {
            if !hole.allows(alphabet.pitch(symbol)) {
                *factor = f64::NEG_INFINITY;
            }
        }
    }
}

/// The model as it writes a piece of a given frame: symbols are cells, in the order in which steps decide them.
pub(super) struct Writer<'a> {
    /// The model.
    pub(super) model: &'a Markov,
    /// The place of each step in its quarter, shape (T).
    pub(super) places: Vec<u8>,
}

/// A piece in the making.
#[derive(Clone)]
pub(super) struct Written {
    /// Row-major (T, V); rests where nothing is written yet.
    pub(super) cells: Vec<Option<u8>>,
    voices: usize,
    /// Steps that are wholly written.
    pub(super) step: usize,
    /// How many voices of the step are written.
    rank: usize,
    past: Past,
    key: Heard,
}

impl Writer<'_> {
    /// A blank page.
    pub(super) fn begin(&self) -> Written {
        let (voices, past) = (self.model.order.len(), Past::default());
        let key = hear(&past, voices);
        Written { cells: vec![None; self.places.len() * voices], voices, step: 0, rank: 0, past, key }
    }

    /// The voice that is next.
    fn voice(&self, written: &Written) -> usize {
        self.model.order[written.rank]
    }

    fn row(&self, written: &Written) -> Row {
        let &Written { ref cells, voices, step: time, rank, ref past, key } = written;
        let now = &cells[time * voices..(time + 1) * voices];
        Situation { past, key, time, place: self.places[time], order: &self.model.order, rank, now }.row()
    }
}

impl Autoregressive for Writer<'_> {
    type Past = Written;

    fn steps(&self, written: &Written) -> usize {
        written.step
    }

    fn symbols(&self, written: &Written) -> usize {
        self.model.alphabets[self.voice(written)].len()
    }

    fn add_log_odds(&self, written: &Written, odds: &mut [f64]) {
        let row = self.row(written);
        let old = self.model.old(&row);
        let moves = odds.iter().enumerate().any(|(i, odd)| Some(i) != old && *odd > f64::NEG_INFINITY);
        let mut go = 0.0;
        if let Some(old) = old {
            let stay = self.model.answer(Question::Hold, &row);
            odds[old] += kernels::ln(stay[1]);
            go = kernels::ln(stay[0]);
        }
        // Whither it moves is by far the dearer question, and idle where it may only hold.
        if moves {
            let whither = self.model.answer(Question::Whither, &row);
            let others = odds.iter_mut().enumerate().filter(|(i, _)| Some(*i) != old);
            for ((_, odd), p) in others.zip(whither) {
                if *odd > f64::NEG_INFINITY {
                    *odd += go + kernels::ln(p);
                }
            }
        }
    }

    fn push(&self, written: &mut Written, symbol: usize) {
        let (voice, voices) = (self.voice(written), written.voices);
        written.cells[written.step * voices + voice] = self.model.alphabets[voice].pitch(symbol as u8);
        written.rank += 1;
        if written.rank == voices {
            let step = written.step * voices;
            written.past.push(&written.cells[step..step + voices]);
            written.key = hear(&written.past, voices);
            (written.rank, written.step) = (0, written.step + 1);
        }
    }
}
