//! What a person should know of a model.

use crate::model::Settings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person should know of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its name, such as `bach`.
    pub name: String,
    /// The catalogue name of what it was trained as, such as `maxent`.
    pub model: String,
    /// One sentence.
    pub summary: String,
    /// What it was trained on, with the licence of the data.
    pub data: String,
    /// The licence of the weights.
    pub licence: String,
    /// The training command.
    pub command: String,
    /// The program version that trained it.
    pub version: String,
    /// Pieces and a fingerprint of the corpus.
    pub corpus: String,
    /// Settings of the training.
    pub settings: Settings,
    /// Keys of the training pieces as the corpus has them, as text, with their counts.
    pub keys: BTreeMap<String, u32>,
    /// Steps in a quarter note.
    pub steps_per_quarter: usize,
    /// Voices, top to bottom.
    pub voices: usize,
    /// The training log's last line.
    pub log: String,
}
