//! All parameters of a network as one flat vector, and its parts.

use super::super::frame::KEYS;
use crate::train::network::{Initial, Parameter};

/// The names of the parts that every network has, those after the second only with a recurrent network.
const NAMES: [&str; 7] = ["visible", "hidden", "input", "recurrent", "state_bias", "to_visible", "to_hidden"];

/// How large the parts are: U recurrent units, H hidden ones, and the head's own matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) units: usize,
    /// Whether the state is that of the hidden units, without weights of its own.
    pub(super) tied: bool,
    pub(super) hidden: usize,
    pub(super) own: usize,
}

impl Layout {
    /// Numbers in each of [`NAMES`], then in all of the head's own together.
    fn lengths(self) -> [usize; 8] {
        let Self { units, hidden, own, .. } = self;
        let state = self.state();
        [KEYS, hidden, KEYS * state, state * units, state, units * KEYS, units * hidden, own * KEYS * hidden]
    }

    /// Numbers in all of them.
    pub(super) fn count(self) -> usize {
        self.lengths().iter().sum()
    }

    /// Units with weights of their own.
    fn state(self) -> usize {
        if self.tied { 0 } else { self.units }
    }

    /// Name and length of every array that isn't empty, in order.
    pub(super) fn named(self, own: &[&'static str]) -> Vec<(&'static str, usize)> {
        let each = KEYS * self.hidden;
        let named = NAMES.into_iter().zip(self.lengths()).chain(own.iter().map(|name| (*name, each)));
        named.filter(|(_, length)| *length > 0).collect()
    }

    /// First values: what is given, else biases 0, matrices uniform as Glorot & Bengio 2010 have them.
    pub(super) fn parameters(self, first: &First) -> Vec<Parameter> {
        let Self { units, hidden, own, .. } = self;
        let state = self.state();
        let bias = |length| Parameter { length, decays: false, initial: Initial::Given(vec![0.0; length]) };
        let matrix = |rows: usize, columns: usize| {
            let most = (6.0 / (rows + columns).max(1) as f32).sqrt();
            Parameter { length: rows * columns, decays: true, initial: Initial::Uniform(most) }
        };
        let mut all = vec![bias(KEYS), bias(hidden)];
        all.extend([matrix(KEYS, state), matrix(state, units), bias(state)]);
        all.extend([matrix(units, KEYS), matrix(units, hidden)]);
        all.extend((0..own).map(|_| matrix(KEYS, hidden)));
        let heads = all.len() - own;
        let places = [0, 1].into_iter().chain(heads..all.len());
        let given = [&first.visible, &first.hidden].into_iter().chain(&first.own);
        for (place, given) in places.zip(given).filter(|(_, given)| !given.is_empty()) {
            all[place].initial = Initial::Given(given.clone());
        }
        all
    }
}

/// First values of the head's biases and matrices; where they are empty, nothing is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in super::super) struct First {
    /// (88).
    pub(in super::super) visible: Vec<f32>,
    /// (H).
    pub(in super::super) hidden: Vec<f32>,
    /// (88, H) each.
    pub(in super::super) own: Vec<Vec<f32>>,
}

impl First {
    /// A number that tells first values apart.
    pub(super) fn mark(&self) -> u64 {
        // FNV-1a (Fowler, Noll & Vo 1991), number by number.
        let numbers = [&self.visible, &self.hidden].into_iter().chain(&self.own).flatten();
        let mix =
            |hash: u64, number: &f32| (hash ^ u64::from(number.to_bits())).wrapping_mul(0x100_0000_01b3);
        numbers.fold(0xcbf2_9ce4_8422_2325, mix)
    }
}

/// The parts of a flat vector.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Arrays<'a> {
    pub(in super::super) visible: &'a [f32],
    pub(in super::super) hidden: &'a [f32],
    pub(in super::super) input: &'a [f32],
    pub(in super::super) recurrent: &'a [f32],
    pub(in super::super) state_bias: &'a [f32],
    pub(in super::super) to_visible: &'a [f32],
    pub(in super::super) to_hidden: &'a [f32],
    /// The head's.
    pub(in super::super) own: &'a [f32],
}

impl<'a> Arrays<'a> {
    pub(super) fn new(mut flat: &'a [f32], layout: Layout) -> Self {
        let [visible, hidden, input, recurrent, state_bias, to_visible, to_hidden, own] =
            layout.lengths().map(|length| {
                let (part, rest) = flat.split_at(length);
                flat = rest;
                part
            });
        Self { visible, hidden, input, recurrent, state_bias, to_visible, to_hidden, own }
    }
}

/// The same parts of a gradient.
pub(in super::super) struct Slopes<'a> {
    pub(in super::super) visible: &'a mut [f32],
    pub(in super::super) hidden: &'a mut [f32],
    pub(in super::super) input: &'a mut [f32],
    pub(in super::super) recurrent: &'a mut [f32],
    pub(in super::super) state_bias: &'a mut [f32],
    pub(in super::super) to_visible: &'a mut [f32],
    pub(in super::super) to_hidden: &'a mut [f32],
    /// The head's.
    pub(in super::super) own: &'a mut [f32],
}

impl<'a> Slopes<'a> {
    pub(super) fn new(mut flat: &'a mut [f32], layout: Layout) -> Self {
        let [visible, hidden, input, recurrent, state_bias, to_visible, to_hidden, own] =
            layout.lengths().map(|length| {
                let (part, rest) = std::mem::take(&mut flat).split_at_mut(length);
                flat = rest;
                part
            });
        Self { visible, hidden, input, recurrent, state_bias, to_visible, to_hidden, own }
    }
}
