//! The state of a training as bytes: written whole, checked whole, and trusted only then.
//!
//! ```text
//!     "ETUDE TRAINING 2"   SHA-256 of all that follows   fingerprint of the training   numbers   vectors   log
//! ```
//!
//! Numbers are little-endian, vectors are preceded by their length.

use super::adamw::AdamW;
use super::journal::Measurement;
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 16] = b"ETUDE TRAINING 2";

/// Where a training stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct State {
    /// Updates done.
    pub(super) updates: u64,
    /// Measurements since the best one.
    pub(super) worse: u64,
    /// Symbols and nats since the last line of the log.
    pub(super) symbols: u64,
    pub(super) nats: f64,
    /// Symbols learnt from so far.
    pub(super) all_symbols: u64,
    /// Seconds so far.
    pub(super) seconds: f64,
    /// The best mean surprise of the held-out sequences; +∞ before the first.
    pub(super) best: f64,
    /// The parameters, (P).
    pub(super) parameters: Vec<f32>,
    /// The moments, (P) each.
    pub(super) moments: AdamW,
    /// What the streams carry over.
    pub(super) carried: Vec<f32>,
    /// The parameters of the best measurement, (P); empty before the first.
    pub(super) best_parameters: Vec<f32>,
    /// The average of the parameters, (P); empty where none is wished.
    pub(super) averaged: Vec<f32>,
    /// All measurements.
    pub(super) log: Vec<Measurement>,
}

impl State {
    /// The parameters that are measured and kept.
    pub(super) fn judged(&self) -> &[f32] {
        if self.averaged.is_empty() { &self.parameters } else { &self.averaged }
    }

    /// Takes the parameters of this update into the average, which keeps `share` of itself: less in the first updates, so
    /// that it forgets where the training began. 0 for no average.
    pub(super) fn average(&mut self, share: f64) {
        if share == 0.0 {
            return;
        }
        if self.averaged.is_empty() {
            self.averaged.clone_from(&self.parameters);
        }
        let updates = self.updates as f64;
        let share = share.min((1.0 + updates) / (10.0 + updates)) as f32;
        for (mean, now) in self.averaged.iter_mut().zip(&self.parameters) {
            *mean = share * *mean + (1.0 - share) * now;
        }
    }

    /// The state as bytes, for a training of this fingerprint.
    pub(super) fn to_bytes(&self, fingerprint: &[u8; 32]) -> Vec<u8> {
        let mut body = fingerprint.to_vec();
        for number in [self.updates, self.worse, self.symbols, self.all_symbols] {
            body.extend(number.to_le_bytes());
        }
        for number in [self.nats, self.seconds, self.best] {
            body.extend(number.to_le_bytes());
        }
        for vector in self.vectors() {
            body.extend((vector.len() as u64).to_le_bytes());
            body.extend(vector.iter().flat_map(|value| value.to_le_bytes()));
        }
        body.extend((self.log.len() as u64).to_le_bytes());
        for line in &self.log {
            body.extend(line.step.to_le_bytes());
            body.extend(line.symbols.to_le_bytes());
            let valid = line.valid.unwrap_or(f64::NAN);
            body.extend(
                [line.train, valid, line.rate, line.seconds].iter().flat_map(|value| value.to_le_bytes()),
            );
        }
        let digest: [u8; 32] = Sha256::digest(&body).into();
        [MAGIC.as_slice(), &digest, &body].concat()
    }

    fn vectors(&self) -> [&Vec<f32>; 6] {
        let [first, second] = [&self.moments.first, &self.moments.second];
        [&self.parameters, first, second, &self.carried, &self.best_parameters, &self.averaged]
    }

    /// Reads the bytes of a training of this fingerprint, with `parameters` parameters.
    ///
    /// # Errors
    ///
    /// Bytes that are damaged, or belong to another training.
    pub(super) fn from_bytes(bytes: &[u8], fingerprint: &[u8; 32], parameters: usize) -> Result<Self> {
        let damaged = || {
            let hint = "remove it to begin anew, or restore an older copy";
            Error::usage("the kept state of the training is damaged", hint)
        };
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let (digest, body) = rest.split_first_chunk::<32>().ok_or_else(damaged)?;
        if *digest != <[u8; 32]>::from(Sha256::digest(body)) {
            return Err(damaged());
        }
        let (of, body) = body.split_first_chunk::<32>().ok_or_else(damaged)?;
        if of != fingerprint {
            let hint = "the same corpus, settings, seed and program as at the start, or begin anew";
            return Err(Error::usage("the kept state belongs to another training", hint));
        }
        let state = Self::read(&mut Bytes(body)).ok_or_else(damaged)?;
        let [values, first, second, _, best, mean] = state.vectors().map(Vec::len);
        let whole = [values, first, second].iter().all(|&length| length == parameters);
        let fits = |length: usize| length == 0 || length == parameters;
        if !whole || !fits(best) || !fits(mean) || !state.vectors()[0].iter().all(|x| x.is_finite()) {
            return Err(damaged());
        }
        Ok(state)
    }

    fn read(bytes: &mut Bytes) -> Option<Self> {
        let [updates, worse, symbols, all_symbols] =
            [bytes.count()?, bytes.count()?, bytes.count()?, bytes.count()?];
        let [nats, seconds, best] = [bytes.number()?, bytes.number()?, bytes.number()?];
        let (parameters, first, second) = (bytes.vector()?, bytes.vector()?, bytes.vector()?);
        let (carried, best_parameters, averaged) = (bytes.vector()?, bytes.vector()?, bytes.vector()?);
        let lines = bytes.count()?;
        let mut log = Vec::new();
        for _ in 0..lines {
            log.push(bytes.line()?);
        }
        let moments = AdamW { first, second };
        bytes.0.is_empty().then_some(Self {
            updates,
            worse,
            symbols,
            nats,
            all_symbols,
            seconds,
            best,
            parameters,
            moments,
            carried,
            best_parameters,
            averaged,
            log,
        })
    }
}

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn count(&mut self) -> Option<u64> {
        let (head, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*head))
    }

    fn number(&mut self) -> Option<f64> {
        self.count().map(f64::from_bits)
    }

    fn vector(&mut self) -> Option<Vec<f32>> {
        let length = usize::try_from(self.count()?).ok()?.checked_mul(4)?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    fn line(&mut self) -> Option<Measurement> {
        let (step, symbols) = (self.count()?, self.count()?);
        let [train, valid, rate, seconds] = [self.number()?, self.number()?, self.number()?, self.number()?];
        let valid = (!valid.is_nan()).then_some(valid);
        Some(Measurement { step, symbols, train, valid, rate, seconds })
    }
}
