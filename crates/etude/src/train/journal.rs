//! What a long training tells, and what it keeps so that it can go on after it was killed.

use serde::{Deserialize, Serialize};

/// One line of a training's log.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Updates so far.
    pub step: u64,
    /// Symbols learnt from so far, those seen again counted again.
    pub symbols: u64,
    /// Mean surprise of the training symbols since the last line, nats a symbol.
    pub train: f64,
    /// Mean surprise of the validation sequences, nats a symbol; none where nothing is held out.
    pub valid: Option<f64>,
    /// The learning rate.
    pub rate: f64,
    /// Seconds of training so far, those before an interruption counted.
    pub seconds: f64,
}

/// Where a training writes down how it goes. The library knows neither files nor clocks; its caller does.
pub trait Journal {
    /// Is told the share that is done, 0..=1, and a few words; `false` ends the work.
    fn progress(&mut self, share: f64, words: &str) -> bool;

    /// Is given the whole log whenever a line was added.
    fn log(&mut self, _lines: &[Measurement]) {}

    /// May keep the state of the training, which `state` makes; called often, so whoever keeps it chooses when.
    fn keep(&mut self, _state: &dyn Fn() -> Vec<u8>) {}

    /// The state that was kept last, if this training is to go on from there.
    fn kept(&mut self) -> Option<Vec<u8>> {
        None
    }

    /// Seconds since this run of the training began.
    fn seconds(&self) -> f64 {
        0.0
    }
}

/// A journal that only hears of the progress.
impl<F: FnMut(f64, &str) -> bool> Journal for F {
    fn progress(&mut self, share: f64, words: &str) -> bool {
        self(share, words)
    }
}
