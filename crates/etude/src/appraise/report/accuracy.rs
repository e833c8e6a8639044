//! Statistical accuracy: frequencies and histograms of generated pieces beside those of the corpus.

use super::Beside;
use crate::appraise::histograms::Histograms;
use crate::appraise::profile::Profile;
use crate::appraise::reference::Reference;
use crate::appraise::statistics::{Correlations, Relation};
use serde::Serialize;

/// Does a model reproduce the corpus's statistics?
#[derive(Debug, Clone, Serialize)]
pub struct Accuracy {
    /// Correlations of the frequencies of events; none without a corpus's figures.
    pub correlations: Option<Comparison>,
    /// Histograms by value: MIDI numbers, semitones, steps, and chords as sets of pitch classes above the lowest pitch.
    pub histograms: Beside<Histograms>,
    /// The frequencies themselves, one cloud a relation.
    #[serde(skip)]
    pub clouds: Vec<Cloud>,
}

/// Three correlations.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Generated pieces with training pieces.
    pub generated_with_train: Correlations,
    /// Generated pieces with held-out ones.
    pub generated_with_held_out: Option<Correlations>,
    /// The yardstick: held-out pieces with training pieces.
    pub held_out_with_train: Option<Correlations>,
}

/// The relative frequencies of the events of one relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    /// How the events stand to each other.
    pub relation: Relation,
    /// (train, generated) for every event that either has.
    pub generated: Vec<(f64, f64)>,
    /// (train, held-out); empty where nothing was held out.
    pub held_out: Vec<(f64, f64)>,
}

impl Accuracy {
    pub(super) fn of(made: &Profile, reference: Option<&Reference>) -> Self {
        let histograms = Beside::of(made.histograms.clone(), reference, |profile| profile.histograms.clone());
        let Some(reference) = reference else {
            return Self { correlations: None, histograms, clouds: Vec::new() };
        };
        let (made, train, held_out) =
            (&made.frequencies, &reference.train.frequencies, &reference.held_out.frequencies);
        let held = (reference.held_out.pieces > 0).then_some(held_out);
        let clouds = [Relation::Unary, Relation::Horizontal, Relation::Vertical, Relation::Diagonal];
        let cloud = |relation| Cloud {
            relation,
            generated: train.pairs(made, relation),
            held_out: held.map_or_else(Vec::new, |held_out| train.pairs(held_out, relation)),
        };
        Self {
            correlations: Some(Comparison {
                generated_with_train: made.correlations(train),
                generated_with_held_out: held.map(|held_out| made.correlations(held_out)),
                held_out_with_train: held.map(|held_out| held_out.correlations(train)),
            }),
            histograms,
            clouds: clouds.map(cloud).into_iter().filter(|cloud| !cloud.generated.is_empty()).collect(),
        }
    }
}
