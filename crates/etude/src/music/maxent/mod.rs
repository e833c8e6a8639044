//! Maximum entropy.

pub mod chain;
pub mod chords;
pub mod columns;
pub mod encode;
pub mod energy;
pub mod fit;
pub mod layout;
pub mod persist;
pub mod rules;

use crate::kernels;
use crate::train::owlqn;
use chords::ChordClasses;
use encode::Encoded;
use etude_piece::alphabet::Alphabet;
use etude_piece::score::Grid;
use layout::Layout;

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub steps_per_quarter: usize,
    pub horizontal: Vec<usize>,
    pub diagonal: Vec<usize>,
    pub l1: f64,
    pub iterations: usize,
    pub least: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            steps_per_quarter: 4,
            horizontal: vec![1, 2, 3, 4, 8, 16],
            diagonal: vec![1, 4],
            l1: 1e-6,
            iterations: 40,
            least: 8,
        }
    }
}

/// The model.
#[derive(Debug, Clone)]
pub struct MaxEnt {
    pub settings: Settings,
    pub alphabets: Vec<Alphabet>,
    pub classes: ChordClasses,
    pub layout: Layout,
    /// θ, then its pair tables turned round, then lanes to spare.
    pub weights: Vec<f64>,
    pub vocabulary: Vec<(bool, Vec<Option<i16>>)>,
}

impl MaxEnt {
    pub fn new(settings: Settings, alphabets: Vec<Alphabet>, classes: ChordClasses) -> Self {
        let layout =
            Layout::new(&alphabets, &settings, classes.voicings.len() + 1, classes.harmonies.len() + 1);
        let weights = vec![0.0; 2 * layout.len + kernels::LANES];
        Self { settings, alphabets, classes, weights, layout, vocabulary: Vec::new() }
    }

    pub fn theta(&self) -> &[f64] {
        &self.weights[..self.layout.len]
    }

    pub fn set_theta(&mut self, theta: &[f64]) {
        let len = self.layout.len;
        self.weights[..len].copy_from_slice(theta);
        self.weights[len..2 * len].copy_from_slice(&self.layout.turned(theta));
    }

    pub fn fit(
        &mut self,
        pieces: &[Encoded],
        lengths: &[usize],
        l1: f64,
        iterations: usize,
        mut report: impl FnMut(owlqn::Progress),
    ) {
        let prepared = fit::Prepared::new(self, pieces, lengths);
        let mut theta = self.theta().to_vec();
        let options = owlqn::Options { l1, iterations, ..owlqn::Options::default() };
        owlqn::minimise(
            &mut theta,
            &options,
            |theta, gradient| {
                self.set_theta(theta);
                prepared.objective(self, gradient)
            },
            |p| {
                report(p);
                true
            },
        );
        self.set_theta(&theta);
    }
}

/// Encodes with all transpositions.
pub fn augment(grids: &[Grid], alphabets: &[Alphabet], most: i32) -> Vec<Encoded> {
    let mut out = Vec::new();
    for grid in grids {
        let key = grid.key();
        for s in -most..=most {
            if let Some(moved) = grid.transposed(s) {
                if let Ok(e) = encode::encode(&moved, alphabets, key.transposed(s)) {
                    out.push(e);
                }
            }
        }
    }
    out
}

impl MaxEnt {
    /// Chords for a key.
    pub fn chords_in(&self, context: &encode::Context) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        let shifts: Vec<i16> = match context.tonic() {
            Some((tonic, _)) => [-12, 0, 12].iter().map(|o| o + i16::from(tonic)).collect(),
            None => (-12..24).collect(),
        };
        for (minor, chord) in &self.vocabulary {
            if context.tonic().is_some_and(|(_, m)| m != *minor) {
                continue;
            }
            for &shift in &shifts {
                let moved: Option<Vec<u8>> = chord
                    .iter()
                    .zip(&self.alphabets)
                    .map(|(p, a)| match p {
                        None => Some(a.rest()),
                        Some(p) => u8::try_from(p + shift).ok().and_then(|p| a.symbol(Some(p))),
                    })
                    .collect();
                out.extend(moved);
            }
        }
        out
    }
}

/// vocabulary.
pub fn vocabulary(pieces: &[Encoded], alphabets: &[Alphabet]) -> Vec<(bool, Vec<Option<i16>>)> {
    let mut set = std::collections::BTreeSet::new();
    for p in pieces {
        let Some((tonic, minor)) = p.context.tonic() else { continue };
        for t in 0..p.steps {
            let c: Vec<Option<i16>> = (0..p.voices)
                .map(|v| alphabets[v].pitch(p.x[t * p.voices + v]).map(|x| i16::from(x) - i16::from(tonic)))
                .collect();
            if c.iter().all(Option::is_some) {
                set.insert((minor, c));
            }
        }
    }
    set.into_iter().collect()
}
