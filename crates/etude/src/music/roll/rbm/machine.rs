//! A trained machine, with or without a recurrent network before it.

use super::super::frame::{Frame, KEYS, Pins};
use super::super::model::{FrameModel, Lesson, Wish, Written};
use super::super::network::{self, Biases, Head, Options, Trained, biased, step};
use super::anneal::Anneal;
use super::gibbs::{draw_hidden, draw_keys, inner};
use super::head::{Rbm, free_energy};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels::vector::{Kernel, fast};
use crate::model::{Kind, Progress, Settings};
use crate::settings::get;
use crate::shelf::{Reader, Tensors};
use crate::train::journal::Journal;
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
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
    let trained = network::fit(head(&options, extra), lesson, &options, seed, journal)?;
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
    Rbm { hidden: options.hidden, gibbs: extra.gibbs, persistent: extra.persistent }
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
    fn log_partition(&self, biases: &Biases, stream: u64) -> f64 {
        let Extra { temperatures, chains, .. } = self.extra;
        let weights = self.trained.arrays().own;
        Anneal { weights, biases, temperatures, chains, stream }.log_partition().0
    }
}

impl FrameModel for Machine {
    fn kind(&self) -> Kind {
        Kind::Estimate
    }

    fn nats(&self, frames: &[Frame]) -> Vec<f64> {
        let arrays = self.trained.arrays();
        let biases = fast(BiasesOf { machine: self, frames });
        let lone = (self.trained.network.units == 0 && !biases.is_empty())
            .then(|| *self.partition.get_or_init(|| self.log_partition(&biases[0], 0)));
        let surprise = |(at, (biases, &frame)): (usize, (&Biases, &Frame))| {
            // Each frame's chains have streams of their own, whatever thread they run on.
            let stream = at as u64 * self.extra.chains as u64;
            let partition = lone.unwrap_or_else(|| self.log_partition(biases, stream));
            fast(Energy { weights: arrays.own, biases, frame }) + partition
        };
        biases.par_iter().zip(frames).enumerate().map(surprise).collect()
    }

    fn write(&self, pins: &[Pins], wish: &Wish, progress: &mut Progress) -> Result<Written> {
        let fits = |x: &f64| (0.05..=5.0).contains(x);
        let temperature = get(&wish.settings, "temperature", 1.0, "from 0.05 to 5", fits)?;
        let sweeps =
            get(&wish.settings, "sweeps", 200, "from 1 to 100000", |n: &usize| (1..=100_000).contains(n))?;
        let mut state = vec![0.0; self.trained.network.units];
        let mut frames: Vec<Frame> = Vec::with_capacity(pins.len());
        let times = (1.0 / temperature) as f32;
        for (at, &pins) in pins.iter().enumerate() {
            let mut chance = Chance::new(wish.seed, at as u64);
            // The first guess is the frame before.
            let first = frames.last().copied().unwrap_or(0);
            let sweep =
                Sweep { machine: self, state: &mut state, first, pins, times, sweeps, chance: &mut chance };
            frames.push(fast(sweep));
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

/// F of one frame.
struct Energy<'a> {
    weights: &'a [f32],
    biases: &'a Biases,
    frame: Frame,
}

impl Kernel for Energy<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        free_energy(self.weights, self.biases, self.frame)
    }
}

/// The biases at each frame, by those before.
struct BiasesOf<'a> {
    machine: &'a Machine,
    frames: &'a [Frame],
}

impl Kernel for BiasesOf<'_> {
    type Output = Vec<Biases>;

    #[inline(always)]
    fn run(self) -> Vec<Biases> {
        let Trained { network, .. } = &self.machine.trained;
        let arrays = self.machine.trained.arrays();
        let (mut state, mut next) = (vec![0.0; network.units], vec![0.0; network.units]);
        let mut all = Vec::with_capacity(self.frames.len());
        for &frame in self.frames {
            let mut biases = network.biases();
            biased(&arrays, &state, &mut biases);
            step(&arrays, &state, &biases.hidden, frame, &mut next);
            all.push(biases);
            state.copy_from_slice(&next);
        }
        all
    }
}

/// Draws one frame by Gibbs steps, and moves the state on.
struct Sweep<'a> {
    machine: &'a Machine,
    state: &'a mut [f32],
    first: Frame,
    pins: Pins,
    /// One over the temperature.
    times: f32,
    sweeps: usize,
    chance: &'a mut Chance,
}

impl Kernel for Sweep<'_> {
    type Output = Frame;

    #[inline(always)]
    fn run(self) -> Frame {
        let Self { machine, state, first, pins, times, sweeps, chance } = self;
        let arrays = machine.trained.arrays();
        let mut biases = machine.trained.network.biases();
        let hidden = machine.trained.network.head.hidden();
        let (mut into, mut units) = (vec![0.0; hidden], vec![0.0; hidden]);
        biased(&arrays, state, &mut biases);
        let mut frame = (first | pins.on) & !pins.off;
        for _ in 0..sweeps {
            inner(arrays.own, &biases, frame, &mut into);
            draw_hidden(&into, times, chance, &mut units);
            frame = draw_keys(arrays.own, &biases, &units, (times, &[0.0; KEYS]), pins, chance);
        }
        let mut next = vec![0.0; state.len()];
        step(&arrays, state, &biases.hidden, frame, &mut next);
        state.copy_from_slice(&next);
        frame
    }
}
