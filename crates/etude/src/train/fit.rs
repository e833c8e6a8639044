//! The one training loop for networks.
//!
//! Updates by AdamW on chunks of sequences, with clipped gradients and a rate that rises and falls; measurements on held-out
//! sequences, of which the best decides what is kept; on wish of the average of the parameters, which forgets slowly (Polyak &
//! Juditsky 1992). The journal may keep the whole state after every update. A training
//! that was killed goes on from there and ends with the same weights, bit for bit: what is drawn depends on the seed and
//! the number of the update alone.

use super::adamw::{AdamW, Step, norm};
use super::journal::{Journal, Measurement};
use super::network::{Chunk, Network, Parameter};
use super::options::Options;
use super::order::{Epoch, FIRST, Shape, UPDATES, held_out};
use super::state::State;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::sequence::{Sequence, Sequences};
use sha2::{Digest, Sha256};

/// Fits a network; returns its parameters at the best measurement, or the last ones where nothing is held out.
///
/// # Errors
///
/// [`Error::Interrupted`] if the journal says so, after it was given the state; a kept state that is damaged or another
/// training's; a training that diverges; nothing to learn from.
pub fn fit(
    network: &dyn Network,
    data: &Sequences,
    options: &Options,
    seed: u64,
    journal: &mut dyn Journal,
) -> Result<Vec<f32>> {
    check(data)?;
    let symbols = data.train.iter().map(|sequence| sequence.len()).sum();
    let shape = Shape::new(network.order(), symbols, options.batch, options.steps).ok_or_else(|| {
        Error::usage("nothing to learn from", "at least one training sequence with a symbol")
    })?;
    let mut training = Training::new(network, data, options, seed, shape);
    let mut state = match journal.kept() {
        Some(bytes) => training.restore(&bytes)?,
        None => training.begin(),
    };
    training.earlier = state.seconds - journal.seconds();
    journal.log(&state.log);
    while !training.is_done(&state) {
        training.update(&mut state)?;
        if training.is_measured(&state) {
            training.measure(&mut state, journal)?;
        }
        state.seconds = training.earlier + journal.seconds();
        journal.keep(&|| state.to_bytes(&training.fingerprint));
        let share = state.updates as f64 / training.updates as f64;
        if !journal.progress(share.min(1.0), &words(&state)) {
            return Err(Error::Interrupted);
        }
    }
    let held_out = !state.best_parameters.is_empty();
    Ok(if held_out { state.best_parameters } else { state.judged().to_vec() })
}

/// Sequences are what they say.
fn check(data: &Sequences) -> Result<()> {
    let width = data.fields.len();
    let bad = |sequence: &&Sequence| {
        let mut fields = sequence.fields.iter().zip(data.fields.iter().cycle());
        sequence.fields.len() != width * sequence.len()
            || sequence.symbols.iter().any(|&symbol| symbol as usize >= data.symbols)
            || fields.any(|(&value, &size)| value as usize >= size)
    };
    let sequences = || data.train.iter().chain(&data.valid);
    if data.symbols == 0 || width == 0 || sequences().any(|sequence| bad(&sequence)) {
        let hint = "as many fields at each step as there are sizes, and symbols below their number";
        return Err(Error::usage("a sequence that isn't one of its kind", hint));
    }
    Ok(())
}

/// What is said while it goes on.
fn words(state: &State) -> String {
    let mut words = format!("update {}", state.updates);
    if let Some(line) = state.log.last() {
        words += &format!(", {:.4} nats a symbol", line.train);
        words += &line.valid.map_or(String::new(), |valid| format!(", {valid:.4} held out"));
    }
    words
}

/// What stays the same while a network is fitted.
struct Training<'a> {
    network: &'a dyn Network,
    data: &'a Sequences,
    options: &'a Options,
    parameters: Vec<Parameter>,
    seed: u64,
    shape: Shape,
    valid: Vec<Chunk>,
    /// All updates.
    updates: u64,
    /// Updates between measurements.
    interval: u64,
    /// Seconds before this run, less what its clock showed then.
    earlier: f64,
    fingerprint: [u8; 32],
    /// The epoch that is seen, with its number.
    epoch: Option<(u64, Epoch)>,
}

impl<'a> Training<'a> {
    fn new(
        network: &'a dyn Network,
        data: &'a Sequences,
        options: &'a Options,
        seed: u64,
        shape: Shape,
    ) -> Self {
        let valid = held_out(&data.valid, data.fields.len(), network.order(), options.batch, options.steps);
        let parameters = network.parameters();
        let each = shape.updates();
        let asked = ((options.epochs * each as f64).round() as u64).max(1);
        let updates = if options.updates == 0 { asked } else { options.updates };
        let interval = if options.measure == 0 { each } else { options.measure };
        let fingerprint = fingerprint(network, data, options, seed);
        let (earlier, epoch) = (0.0, None);
        Self {
            network,
            data,
            options,
            parameters,
            seed,
            shape,
            valid,
            updates,
            interval,
            earlier,
            fingerprint,
            epoch,
        }
    }

    fn count(&self) -> usize {
        self.parameters.iter().map(|parameter| parameter.length).sum()
    }

    fn begin(&self) -> State {
        let mut chance = Chance::new(self.seed, FIRST);
        let drawn = self.parameters.iter().flat_map(|parameter| parameter.draw(&mut chance));
        State {
            parameters: drawn.collect(),
            moments: AdamW::new(self.count()),
            carried: vec![0.0; self.shape.streams * self.network.carried()],
            best: f64::INFINITY,
            ..State::default()
        }
    }

    fn restore(&self, bytes: &[u8]) -> Result<State> {
        let state = State::from_bytes(bytes, &self.fingerprint, self.count())?;
        if state.carried.len() != self.shape.streams * self.network.carried() {
            return Err(Error::usage("the kept state of the training is damaged", "remove it to begin anew"));
        }
        Ok(state)
    }

    fn is_done(&self, state: &State) -> bool {
        let patience = self.options.patience;
        state.updates >= self.updates || (patience > 0 && state.worse >= patience)
    }

    fn is_measured(&self, state: &State) -> bool {
        state.updates.is_multiple_of(self.interval) || state.updates == self.updates
    }

    /// One update.
    fn update(&mut self, state: &mut State) -> Result<()> {
        let (index, within) = (state.updates / self.shape.updates(), state.updates % self.shape.updates());
        let (data, shape, seed) = (self.data, self.shape, self.seed);
        let epoch = match self.epoch.take() {
            Some((number, epoch)) if number == index => epoch,
            _ => Epoch::new(&data.train, data.fields.len(), shape, seed, index),
        };
        let chunk = epoch.chunk(within);
        self.epoch = Some((index, epoch));
        let mut chance = Chance::new(seed, UPDATES + state.updates);
        self.network.stands(state.updates as f64 / self.updates as f64);
        // On a thread of the pool: from outside, each of the many parallel loops would wait for threads to wake.
        let (nats, gradient, norm) = rayon::scope(|_| {
            let (nats, gradient) =
                self.network.learn(&state.parameters, &chunk, &mut state.carried, &mut chance);
            let norm = norm(&gradient);
            (nats, gradient, norm)
        });
        if !nats.is_finite() || !norm.is_finite() {
            let found = format!("the training diverged at update {}", state.updates);
            return Err(Error::usage(found, "a lower `rate`, or a longer `warmup`"));
        }
        let scale = if norm > self.options.clip { (self.options.clip / norm) as f32 } else { 1.0 };
        let rate = self.options.rate_at(state.updates, self.updates);
        let step = Step { update: state.updates, rate, decay: self.options.decay, scale };
        rayon::scope(|_| state.moments.update(&mut state.parameters, &gradient, &self.parameters, &step));
        state.average(self.options.average);
        state.updates += 1;
        state.nats += nats;
        state.symbols += chunk.symbols.len() as u64;
        state.all_symbols += chunk.symbols.len() as u64;
        Ok(())
    }

    /// A line of the log, and what follows from it.
    fn measure(&self, state: &mut State, journal: &mut dyn Journal) -> Result<()> {
        let valid = self.held_out(state.judged());
        state.log.push(Measurement {
            step: state.updates,
            symbols: state.all_symbols,
            train: state.nats / state.symbols.max(1) as f64,
            valid,
            rate: self.options.rate_at(state.updates - 1, self.updates),
            seconds: self.earlier + journal.seconds(),
        });
        (state.nats, state.symbols) = (0.0, 0);
        journal.log(&state.log);
        let Some(valid) = valid else { return Ok(()) };
        if !valid.is_finite() {
            let found = format!("the training diverged at update {}", state.updates);
            return Err(Error::usage(found, "a lower `rate`, or a longer `warmup`"));
        }
        if valid < state.best {
            (state.best, state.worse) = (valid, 0);
            state.best_parameters = state.judged().to_vec();
        } else {
            state.worse += 1;
        }
        Ok(())
    }

    /// Mean surprise of the held-out sequences, nats a symbol.
    fn held_out(&self, parameters: &[f32]) -> Option<f64> {
        self.valid.first()?;
        let nats = self.network.measure_all(parameters, &self.valid);
        let symbols = self.valid.iter().flat_map(|chunk| &chunk.symbols);
        let counted = symbols.filter(|symbol| **symbol != crate::nn::IGNORED).count();
        Some(nats / counted.max(1) as f64)
    }
}

/// What makes a training this one and no other.
fn fingerprint(network: &dyn Network, data: &Sequences, options: &Options, seed: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    let version = env!("CARGO_PKG_VERSION");
    hash.update(format!(
        "{version} {} {seed} {options:?} {} {:?}",
        network.identity(),
        data.symbols,
        data.fields
    ));
    for (part, sequences) in [&data.train, &data.valid].into_iter().enumerate() {
        for sequence in sequences {
            hash.update([part as u8]);
            hash.update((sequence.len() as u64).to_le_bytes());
            for number in sequence.fields.iter().chain(&sequence.symbols) {
                hash.update(number.to_le_bytes());
            }
        }
    }
    hash.finalize().into()
}
