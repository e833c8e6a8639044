//! Fitting by pseudo-likelihood: the mean of −log p(stretch | all else) over stretches of one voice, plus λ‖θ‖₁.
//!
//! With stretches of one cell this is Besag's pseudo-likelihood (1975; Sakellariou et al. 2017, eq. 7). In a grid that is
//! finer than most notes a single cell says little, since both its neighbours hold the same note; so aligned stretches
//! of several cells that hold one symbol count too, each against the same stretch holding any other (a composite
//! likelihood: Lindsay 1988). The sum runs over fixed chunks of pieces, in order, so that it is the same on any number
//! of threads.

use super::MaxEnt;
use super::encode::Encoded;
use super::energy::{Candidates, Terms, Window};
use crate::kernels;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

/// Pieces with the chord classes of every candidate at every cell worked out once.
pub struct Prepared {
    chunks: Vec<Vec<Sites>>,
    /// Terms of the objective: stretches in all pieces.
    pub terms: usize,
}

/// One piece, its stretches, and the chord classes (voicing, harmony) of every candidate, shape (T, V, Q).
struct Sites {
    piece: Encoded,
    classes: Vec<(u16, u16)>,
    /// Where each cell's candidates begin in `classes`, shape (T, V).
    starts: Vec<u32>,
    windows: Vec<Window>,
}

/// Chunks that the pieces are dealt into: enough for many cores, few enough to sum quickly.
const CHUNKS: usize = 16;

impl Prepared {
    /// Works out the classes for `pieces` under `model`'s alphabets; terms are stretches of these lengths, in steps.
    pub fn new(model: &MaxEnt, pieces: &[Encoded], lengths: &[usize]) -> Self {
        let per_chunk = pieces.len().div_ceil(CHUNKS).max(1);
        let chunks: Vec<&[Encoded]> = pieces.chunks(per_chunk).collect();
        let prepare =
            |pieces: &&[Encoded]| pieces.iter().map(|piece| Sites::new(model, piece, lengths)).collect();
        let chunks: Vec<Vec<Sites>> = chunks.par_iter().map(prepare).collect();
        let terms = chunks.iter().flatten().map(|sites| sites.windows.len()).sum();
        Self { chunks, terms }
    }

    /// The mean pseudo-NLL per term, in nats, and its gradient into `gradient`.
    pub fn objective(&self, model: &MaxEnt, gradient: &mut [f64]) -> f64 {
        let parts: Vec<Part> = self.chunks.par_iter().map(|chunk| Part::of(model, chunk)).collect();
        gradient.fill(0.0);
        let mut turned = vec![0.0; gradient.len()];
        let mut nats = 0.0;
        for part in parts {
            nats += part.nats;
            let (own, of_turned) = part.gradient.split_at(model.layout.len);
            kernels::add(gradient, own);
            kernels::add(&mut turned, of_turned);
        }
        model.layout.add_turned(gradient, &turned);
        let scale = 1.0 / self.terms as f64;
        gradient.iter_mut().for_each(|g| *g *= scale);
        nats * scale
    }
}

impl Sites {
    fn new(model: &MaxEnt, piece: &Encoded, lengths: &[usize]) -> Self {
        let windows = lengths.iter().flat_map(|&length| windows(piece, length)).collect();
        let mut sites = Self { piece: piece.clone(), classes: Vec::new(), starts: Vec::new(), windows };
        if !model.has_chords() {
            return sites;
        }
        let mut known = Candidates::default();
        for step in 0..piece.steps {
            for voice in 0..piece.voices {
                sites.starts.push(sites.classes.len() as u32);
                let classes = model.candidates(piece, step, voice, &mut known);
                sites
                    .classes
                    .extend(classes.iter().map(|&(voicing, harmony)| (voicing as u16, harmony as u16)));
            }
        }
        sites
    }
}

/// The aligned stretches of `length` steps, a power of two or 1, in which a voice holds one symbol.
fn windows(piece: &Encoded, length: usize) -> Vec<Window> {
    let phase = usize::from(piece.context.beat.first().copied().unwrap_or(0)) % length;
    let first = (length - phase) % length;
    let starts = (first..piece.steps).step_by(length).filter(|start| start + length <= piece.steps);
    let cells = starts.flat_map(|start| (0..piece.voices).map(move |voice| (start, voice)));
    let windows = cells.map(|(start, voice)| Window { voice, start, end: start + length });
    let at = |t: usize, voice: usize| piece.x[t * piece.voices + voice];
    windows.filter(|w| (w.start + 1..w.end).all(|t| at(t, w.voice) == at(w.start, w.voice))).collect()
}

/// One chunk's share of the objective.
struct Part {
    nats: f64,
    /// In θ's own order, then in turned tables, as [`MaxEnt::weights`].
    gradient: Vec<f64>,
}

impl Part {
    fn of(model: &MaxEnt, chunk: &[Sites]) -> Self {
        let len = model.layout.len;
        let mut part = Self { nats: 0.0, gradient: vec![0.0; 2 * len] };
        let mut odds = Vec::new();
        let mut terms = Terms::default();
        for sites in chunk {
            for &window in &sites.windows {
                part.stretch(model, sites, window, &mut odds, &mut terms);
            }
        }
        part
    }

    /// Adds one stretch: −log p of its symbol, and the gradient p − δ on every weight it meets.
    fn stretch(
        &mut self,
        model: &MaxEnt,
        sites: &Sites,
        window: Window,
        odds: &mut Vec<f64>,
        terms: &mut Terms,
    ) {
        let piece = &sites.piece;
        let size = model.layout.sizes[window.voice];
        odds.clear();
        odds.resize(size, 0.0);
        model.terms(piece, window, terms);
        terms.add_to(odds, &model.weights);
        let classes = |step: usize| {
            let start = sites.starts[step * piece.voices + window.voice] as usize;
            (model.chord_weights(piece, step), &sites.classes[start..start + size])
        };
        let chord_steps = if model.has_chords() { window.start..window.end } else { 0..0 };
        for step in chord_steps.clone() {
            let ((voicings, harmonies), classes) = classes(step);
            for (odd, &(voicing, harmony)) in odds.iter_mut().zip(classes) {
                *odd += model.weights[voicings + usize::from(voicing)]
                    + model.weights[harmonies + usize::from(harmony)];
            }
        }
        let actual = usize::from(piece.x[window.start * piece.voices + window.voice]);
        let odds_of_actual = odds[actual];
        self.nats += kernels::softmax(odds) - odds_of_actual;
        odds[actual] -= 1.0;
        for row in &terms.rows {
            let start = row.start as usize;
            kernels::add_times(&mut self.gradient[start..start + size], row.times.into(), odds);
        }
        for row in &terms.diagonals {
            let diagonal = self.gradient[row.start as usize..].iter_mut().step_by(size + 1);
            diagonal.zip(odds.iter()).for_each(|(g, away)| *g += f64::from(row.times) * away);
        }
        for &(symbol, here, elsewhere) in &terms.either {
            let away = odds[usize::from(symbol)];
            self.gradient[here as usize] += away;
            self.gradient[elsewhere as usize] -= away;
        }
        for step in chord_steps {
            let ((voicings, harmonies), classes) = classes(step);
            for (away, &(voicing, harmony)) in odds.iter().zip(classes) {
                self.gradient[voicings + usize::from(voicing)] += away;
                self.gradient[harmonies + usize::from(harmony)] += away;
            }
        }
    }
}
