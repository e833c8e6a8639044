//! All models of frames, one line each.

use super::model::{FrameModel, Lesson};
use super::{author, bernoulli, keywise, nade, rbm, rnn_nade, rnn_rbm, rtrbm, tied_nade};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::shelf::Reader;
use crate::train::journal::Journal;
use std::sync::Arc;

/// Fits a model of frames.
pub type Train = fn(&Lesson, &Settings, u64, &mut dyn Journal) -> Result<Arc<dyn FrameModel>>;

/// Reads one from a file.
pub type Load = fn(&Settings, &Reader) -> Result<Arc<dyn FrameModel>>;

/// A kind of model of frames.
pub struct FrameKind {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// What can be set when training it, beside what every roll has.
    pub settings: fn() -> Vec<Setting>,
    /// What can be wished for when it writes.
    pub wishes: fn() -> Vec<Setting>,
    /// Fits one.
    pub train: Train,
    /// Reads one from a file.
    pub load: Load,
}

/// All of them.
pub static MODELS: [FrameKind; 7] = [
    FrameKind {
        name: "bernoulli",
        settings: bernoulli::settings,
        wishes: keywise::wishes,
        train: bernoulli::train,
        load: bernoulli::load,
    },
    FrameKind {
        name: "nade",
        settings: nade::settings,
        wishes: keywise::wishes,
        train: nade::train,
        load: nade::load,
    },
    FrameKind {
        name: "rnn-nade",
        settings: rnn_nade::settings,
        wishes: keywise::wishes,
        train: rnn_nade::train,
        load: rnn_nade::load,
    },
    FrameKind {
        name: "tied-nade",
        settings: tied_nade::settings,
        wishes: keywise::wishes,
        train: tied_nade::train,
        load: tied_nade::load,
    },
    FrameKind {
        name: "rbm",
        settings: rbm::settings,
        wishes: rbm::wishes,
        train: rbm::train,
        load: rbm::load,
    },
    FrameKind {
        name: "rnn-rbm",
        settings: rnn_rbm::settings,
        wishes: rbm::wishes,
        train: rnn_rbm::train,
        load: rnn_rbm::load,
    },
    FrameKind {
        name: "rtrbm",
        settings: rtrbm::settings,
        wishes: rbm::wishes,
        train: rtrbm::train,
        load: rtrbm::load,
    },
];

/// The kind of a name.
pub fn find(name: &str) -> Option<&'static FrameKind> {
    MODELS.iter().find(|kind| kind.name == name)
}

/// What can be set when training the model of a name.
pub fn settings(name: &str) -> Vec<Setting> {
    let own = find(name).map(|kind| (kind.settings)()).unwrap_or_default();
    author::settings().into_iter().chain(own).collect()
}

/// What can be wished for from the model of a name.
pub fn wishes(name: &str) -> Vec<Setting> {
    let own = find(name).map(|kind| (kind.wishes)()).unwrap_or_default();
    super::compose::wishes().into_iter().chain(own).collect()
}
