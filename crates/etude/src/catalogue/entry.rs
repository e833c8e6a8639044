//! What the catalogue tells of a kind of model.

use crate::author::Author;
use crate::error::Result;
use crate::model::{Model, Settings};
use crate::shelf::{Card, Reader};
use crate::train::journal::Journal;
use etude_piece::corpus::Corpus;
use etude_piece::piece::{Collection, Kind};
use std::sync::Arc;

/// Fits a model to the training split of a corpus, with settings and a seed.
pub type Train = fn(&Corpus, &Settings, u64, &mut dyn Journal) -> Result<Arc<dyn Model>>;

/// Reads a model from a file.
pub type Load = fn(&Card, &Reader) -> Result<Arc<dyn Model>>;

/// Trains an author on a collection, with settings and a seed.
pub type TrainAuthor = fn(&Collection, &Settings, u64, &mut dyn Journal) -> Result<Arc<dyn Author>>;

/// Reads an author from a file.
pub type LoadAuthor = fn(&Card, &Reader) -> Result<Arc<dyn Author>>;

/// How a kind of model is made.
#[derive(Clone, Copy)]
pub enum Make {
    /// A model of grids.
    Grid {
        /// Fits one to a corpus.
        train: Train,
        /// Reads one from a file.
        load: Load,
    },
    /// An author, which writes sequences.
    Author {
        /// What it learns from.
        reads: Kind,
        /// Trains one.
        train: TrainAuthor,
        /// Reads one from a file.
        load: LoadAuthor,
    },
}

/// A kind of model that can be trained.
pub struct Entry {
    /// The name of its folder and its recipes.
    pub name: &'static str,
    /// Which of the four families it belongs to.
    pub family: &'static str,
    /// What it makes.
    pub art: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What can be set when training: name, default, meaning.
    pub settings: fn() -> Vec<Setting>,
    /// What can be set when generating.
    pub wishes: fn() -> Vec<Setting>,
    /// How one comes to be.
    pub make: Make,
}

/// One thing that can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name in `--set NAME=VALUE`.
    pub name: &'static str,
    /// Its default.
    pub default: String,
    /// What it means, with unit and range.
    pub meaning: &'static str,
}
