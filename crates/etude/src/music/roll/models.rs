//! All models of frames, one line each.

use super::model::{FrameModel, Lesson};
use super::network::Options;
use super::rbm::Extra;
use super::{author, bernoulli, biaxial, keywise, nade, rbm, rnn_nade, rnn_rbm, rtrbm, tied_nade};
use crate::catalogue::Setting;
use crate::error::Result;
use crate::model::Settings;
use crate::shelf::Reader;
use crate::train::journal::Journal;
use std::sync::Arc;

/// A kind of model of frames.
pub struct FrameKind {
    /// Its name in the catalogue.
    pub name: &'static str,
    made: Made,
}

/// Fits a model of frames.
type Train = fn(&Lesson, &Settings, u64, &mut dyn Journal) -> Result<Arc<dyn FrameModel>>;

/// How a model of frames is made.
enum Made {
    /// As no other is.
    Own {
        settings: fn() -> Vec<Setting>,
        train: Train,
        load: fn(&Settings, &Reader) -> Result<Arc<dyn FrameModel>>,
    },
    /// A network with NADE as its head, from these defaults.
    Nade(fn() -> Options),
    /// A network with a Boltzmann machine as its head, from these.
    Machine(fn() -> (Options, Extra)),
}

/// All of them.
pub static MODELS: [FrameKind; 8] = [
    FrameKind {
        name: "bernoulli",
        made: Made::Own { settings: bernoulli::settings, train: bernoulli::train, load: bernoulli::load },
    },
    FrameKind { name: "nade", made: Made::Nade(nade::default) },
    FrameKind { name: "rnn-nade", made: Made::Nade(rnn_nade::default) },
    FrameKind {
        name: "tied-nade",
        made: Made::Own { settings: tied_nade::settings, train: tied_nade::train, load: tied_nade::load },
    },
    FrameKind {
        name: "biaxial",
        made: Made::Own { settings: biaxial::settings, train: biaxial::train, load: biaxial::load },
    },
    FrameKind { name: "rbm", made: Made::Machine(rbm::default) },
    FrameKind { name: "rnn-rbm", made: Made::Machine(rnn_rbm::default) },
    FrameKind { name: "rtrbm", made: Made::Machine(rtrbm::default) },
];

impl FrameKind {
    /// What can be set when training it, beside what every roll has.
    pub fn settings(&self) -> Vec<Setting> {
        match self.made {
            Made::Own { settings, .. } => settings(),
            Made::Nade(default) => default().describe(),
            Made::Machine(default) => {
                let (options, extra) = default();
                options.describe().into_iter().chain(extra.describe()).collect()
            }
        }
    }

    /// What can be wished for when it writes.
    pub fn wishes(&self) -> Vec<Setting> {
        match self.made {
            Made::Own { .. } | Made::Nade(_) => keywise::wishes(),
            Made::Machine(_) => rbm::wishes(),
        }
    }

    /// Fits one, with settings that [`FrameKind::settings`] knows.
    ///
    /// # Errors
    ///
    /// Settings out of range, a training that diverges, and interruptions.
    pub fn train(
        &self,
        lesson: &Lesson,
        given: &Settings,
        seed: u64,
        journal: &mut dyn Journal,
    ) -> Result<Arc<dyn FrameModel>> {
        match self.made {
            Made::Own { train, .. } => train(lesson, given, seed, journal),
            Made::Nade(default) => nade::train(&default(), lesson, given, seed, journal),
            Made::Machine(default) => rbm::train(&default(), lesson, given, seed, journal),
        }
    }

    /// Reads one from a file.
    ///
    /// # Errors
    ///
    /// Settings that make no sense, and arrays that are missing or don't fit them.
    pub fn load(&self, given: &Settings, reader: &Reader) -> Result<Arc<dyn FrameModel>> {
        // A file tells the settings of every roll too.
        let own = self.settings();
        let mut given = given.clone();
        given.retain(|name, _| own.iter().any(|setting| setting.name == name.as_str()));
        let given = &given;
        match self.made {
            Made::Own { load, .. } => load(given, reader),
            Made::Nade(default) => nade::load(&default(), given, reader),
            Made::Machine(default) => rbm::load(&default(), given, reader),
        }
    }
}

/// The kind of a name.
pub fn find(name: &str) -> Option<&'static FrameKind> {
    MODELS.iter().find(|kind| kind.name == name)
}

/// What can be set when training the model of a name.
pub fn settings(name: &str) -> Vec<Setting> {
    let own = find(name).map(FrameKind::settings).unwrap_or_default();
    author::settings().into_iter().chain(own).collect()
}

/// What can be wished for from the model of a name.
pub fn wishes(name: &str) -> Vec<Setting> {
    let own = find(name).map(FrameKind::wishes).unwrap_or_default();
    super::compose::wishes().into_iter().chain(own).collect()
}
