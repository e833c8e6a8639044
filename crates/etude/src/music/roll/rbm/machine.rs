//! A trained machine, with or without a recurrent network before it.

use super::super::frame::{Frame, Pins};
use super::super::model::{FrameModel, Lesson, Wish, Written};
use super::super::network::{self, Arrays, Biases, Head, Options, Trained, biased, step};
use super::gibbs::{Chains, Heat, Weights, energies};
use super::head::Rbm;
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels::vector::{Kernel, fast};
use crate::model::{Kind, Progress, Settings};
use crate::settings::get;
use crate::shelf::{Reader, Tensors};
use crate::train::journal::Journal;
use crate::train::options::Options as Training;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What these machines have that other networks haven't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Extra {
    /// k.
    pub(in super::super) gibbs: usize,
    pub(in super::super) persistent: bool,
    /// Of the annealing for ln Z.
    pub(in super::super) temperatures: usize,
    pub(in super::super) chains: usize,
}

impl Extra {
    fn read(from: &Settings, default: &Self) -> Result<Self> {
        let count =
            |name, default, most: usize, range| get(from, name, default, range, |n| (1..=most).contains(n));
        let usual = if default.persistent { "yes" } else { "no" };
        let word =
            get(from, "persistent", usual.to_owned(), "yes or no", |w| ["yes", "no"].contains(&w.as_str()))?;
        Ok(Self {
            gibbs: count("gibbs", default.gibbs, 1000, "from 1 to 1000")?,
            persistent: word == "yes",
            temperatures: count("temperatures", default.temperatures, 100_000, "from 1 to 100000")?,
            chains: count("chains", default.chains, 10_000, "from 1 to 10000")?,
        })
    }

    fn values(&self) -> [(&'static str, String, &'static str); 4] {
        let persistent = if self.persistent { "yes" } else { "no" };
        [
            ("gibbs", self.gibbs.to_string(), "Gibbs steps of contrastive divergence, 1 to 1000"),
            (
                "persistent",
                persistent.to_owned(),
                "whether those steps go on where they ended before: yes or no",
            ),
            ("temperatures", self.temperatures.to_string(), "steps of the annealing for ln Z, 1 to 100000"),
            ("chains", self.chains.to_string(), "chains of that annealing, 1 to 10000"),
        ]
    }

    /// What can be set, with these values as defaults.
    pub(in super::super) fn describe(&self) -> Vec<Setting> {
        self.values().map(|(name, default, meaning)| Setting { name, default, meaning }).into()
    }
}

/// What can be wished for.
pub(in super::super) fn wishes() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    vec![
        setting("temperature", "1", "below 1 more usual, above it bolder; 0.05 to 5"),
        setting("sweeps", "200", "Gibbs steps for each frame, 1 to 100000"),
    ]
}

/// Fits one with these defaults.
pub(in super::super) fn train(
    default: &(Options, Extra),
    lesson: &Lesson,
    given: &Settings,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn FrameModel>> {
    let (options, extra) = (Options::read(given, &default.0)?, Extra::read(given, &default.1)?);
    let (usual, lone) = super::default();
    let without = Options { hidden: options.hidden, ..usual };
    let training = Training { updates: options.before, ..without.training.clone() };
    let before = (options.before > 0).then(|| (head(&without, lone), training));
    let trained = network::fit(head(&options, extra), before, lesson, &options, seed, journal)?;
    Ok(Arc::new(Machine { trained, options, extra, partition: OnceLock::new() }))
}

/// Reads one with these defaults.
pub(in super::super) fn load(
    default: &(Options, Extra),
    given: &Settings,
    reader: &Reader,
) -> Result<Arc<dyn FrameModel>> {
    let (options, extra) = (Options::read(given, &default.0)?, Extra::read(given, &default.1)?);
    let trained = network::load(head(&options, extra), &options, reader)?;
    Ok(Arc::new(Machine { trained, options, extra, partition: OnceLock::new() }))
}

fn head(options: &Options, extra: Extra) -> Rbm {
    let Extra { gibbs, persistent, temperatures, chains } = extra;
    Rbm { hidden: options.hidden, gibbs, persistent, temperatures, chains, lone: options.units == 0 }
}

/// A trained machine.
struct Machine {
    trained: Trained<Rbm>,
    options: Options,
    extra: Extra,
    /// ln Z of a machine without a recurrent network, once it was asked for.
    partition: OnceLock<f64>,
}

impl Machine {
    fn weights(&self) -> Weights {
        self.trained.network.head.ready(self.trained.arrays().own)
    }
}

impl FrameModel for Machine {
    fn kind(&self) -> Kind {
        Kind::Estimate
    }

    fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        let Trained { network, .. } = &self.trained;
        if network.units > 0 {
            return self.trained.nats(frames);
        }
        let weights = self.weights();
        let biases = self.trained.biases(&[]);
        let anneal = || network.head.anneal(&weights, &biases, 0).log_partition().0;
        let partition = *self.partition.get_or_init(anneal);
        // As in the head: no surprise is below 0.
        let surprise = |energy: f64| (energy + partition).max(0.0);
        energies(&weights, biases.rows(), frames).into_iter().map(surprise).collect()
    }

    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
        let fits = |x: &f64| (0.05..=5.0).contains(x);
        let temperature = get(&wish.settings, "temperature", 1.0, "from 0.05 to 5", fits)?;
        let sweeps =
            get(&wish.settings, "sweeps", 200, "from 1 to 100000", |n: &usize| (1..=100_000).contains(n))?;
        let mut state = vec![0.0; self.trained.network.units];
        let mut frames: Vec<Frame> = Vec::with_capacity(pins.len());
        let (arrays, weights, mut biases) =
            (self.trained.arrays(), self.weights(), self.trained.network.biases());
        let heat = Heat { times: (1.0 / temperature) as f32, ..Heat::NONE };
        for (at, &pins) in pins.iter().enumerate() {
            let mut chance = Chance::new(wish.seed, at as u64);
            // The first guess is the frame before.
            let first = frames.last().copied().unwrap_or(0);
            fast(Bias { arrays: &arrays, state: &state, biases: &mut biases });
            let mut chain = Chains::new(&weights, biases.rows(), vec![(first | pins.on) & !pins.off]);
            for _ in 0..sweeps {
                weights.step(biases.rows(), heat, pins, &mut chain, &mut chance);
            }
            let frame = chain.frames[0];
            frames.push(frame);
            fast(Step { arrays: &arrays, hidden: &biases.hidden, frame, state: &mut state });
            if !progress((at + 1) as f64 / frames.capacity() as f64, "composing") {
                return Err(Error::Interrupted);
            }
        }
        Ok(Written { frames, diagnostics: BTreeMap::new() })
    }

    fn tensors(&self) -> Tensors {
        self.trained.tensors()
    }

    fn settings(&self) -> Settings {
        let mut settings = self.options.settings();
        settings.extend(self.extra.values().map(|(name, value, _)| (name.to_owned(), value)));
        settings
    }
}

/// The biases in a state.
struct Bias<'a> {
    arrays: &'a Arrays<'a>,
    state: &'a [f32],
    biases: &'a mut Biases,
}

impl Kernel for Bias<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        biased(self.arrays, self.state, self.biases);
    }
}

/// Moves the state on.
struct Step<'a> {
    arrays: &'a Arrays<'a>,
    hidden: &'a [f32],
    frame: Frame,
    state: &'a mut [f32],
}

impl Kernel for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut next = vec![0.0; self.state.len()];
        step(self.arrays, self.state, self.hidden, self.frame, &mut next);
        self.state.copy_from_slice(&next);
    }
}
