//! One decision: the probability that the answer is 1, and the lesson when it is known.
//!
//! ```text
//!     xᵢ   log-odds and other signs from all contexts                    inputs
//!     sⱼ = wⱼ · x                     wⱼ chosen by what is seen          mixers of the first layer
//!     s  = v · s₁…ₘ                   v chosen by the node               the last mixer
//!     p  = ½ squash(s) + ¼ r₁(s) + ¼ r₂(s)                               refinements: curves, chosen by the last symbols
//!     wⱼ ← wⱼ + η (bit − squash(sⱼ)) x                                   online gradient of −ln p
//! ```
//!
//! Mahoney 2005, sections 2.3 (mixing) and 2.4 (secondary symbol estimation); as gated mixtures: Knoll & de Freitas, *A
//! machine learning perspective on predictive coding with PAQ8*, DCC 2012.

use super::layout::{INPUTS, LANES, LAST, LONGEST, Layout, MIXERS, POINTS, REFINED, RUNS, Scene};
use super::logistic::{place, squash};
use super::memory::Memory;
use super::slot::Slot;

/// The share of the way that a curve moves towards each answer.
const CURVE_RATE: f32 = 0.02;

/// The same for the trust in copied runs.
const RUN_RATE: f32 = 0.005;

/// Probabilities never come closer to 0 and 1 than this.
const LEAST: f32 = 1e-5;

/// A decision in the making; holds what its lesson needs.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    inputs: Vec<f32>,
    /// What the mixers say, filled up with zeros.
    mixed: [f32; LANES],
    /// What the last mixer says.
    odds: f32,
    rows: [u32; MIXERS + 1],
    curves: [u32; 2],
}

impl Decision {
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            inputs: vec![0.0; layout.inputs()],
            mixed: [0.0; LANES],
            odds: 0.0,
            rows: [0; MIXERS + 1],
            curves: [0; 2],
        }
    }

    /// The probability of 1 at a node, given each context's slot, and the answer that a copied run of `run` symbols would
    /// give, if there is one.
    pub(super) fn predict(
        &mut self,
        layout: &Layout,
        memory: &impl Memory,
        scene: &Scene,
        (node, slots): (usize, &[Slot]),
        copied: Option<(usize, usize)>,
    ) -> f32 {
        let order = self.fill(layout, memory, slots, copied);
        self.rows = layout.rows(scene, node, copied.map_or(0, |(_, run)| run), order);
        self.curves = Layout::curves(scene, node);
        for mixer in 0..layout.mixers {
            let weights = memory.row((mixer, self.rows[mixer]));
            self.mixed[mixer] = dot(weights, &self.inputs).clamp(-20.0, 20.0);
        }
        self.odds = dot(memory.row((LAST, self.rows[MIXERS])), &self.mixed).clamp(-20.0, 20.0);
        let (point, share) = point(self.odds);
        let curve = |index: usize| {
            let curve = memory.row((REFINED[index], self.curves[index]));
            curve[point] * (1.0 - share) + curve[point + 1] * share
        };
        (0.5 * squash(self.odds) + 0.25 * (curve(0) + curve(1))).clamp(LEAST, 1.0 - LEAST)
    }

    /// Fills the inputs; returns the longest order whose slot was seen.
    fn fill(
        &mut self,
        layout: &Layout,
        memory: &impl Memory,
        slots: &[Slot],
        copied: Option<(usize, usize)>,
    ) -> usize {
        let (maps, mut longest) = (memory.maps(), 0);
        for (context, (slot, inputs)) in slots.iter().zip(self.inputs.chunks_exact_mut(INPUTS)).enumerate() {
            if !slot.is_seen() {
                inputs.fill(0.0);
                continue;
            }
            let (one, odds) = maps.get(context, slot.history());
            inputs[0] = odds;
            inputs[1] = layout.stretch.at(slot.one()) * 0.5;
            inputs[2] = (one - 0.5) * 3.0;
            longest = longest.max(layout.orders[context]);
        }
        let rest = &mut self.inputs[slots.len() * INPUTS..];
        (rest[0], rest[1], rest[2]) = (0.0, 0.0, 0.3);
        if let Some((answer, run)) = copied {
            let run = run.min(LONGEST);
            let trust = memory.row((RUNS, run as u32))[0];
            let sign = if answer == 1 { 1.0 } else { -1.0 };
            rest[0] = sign * layout.stretch.at(place(trust));
            rest[1] = sign * (run as f32).sqrt() * 0.3;
        }
        longest
    }

    /// Learns from the answer to what was just predicted.
    pub(super) fn learn(
        &self,
        layout: &Layout,
        memory: &mut impl Memory,
        rate: f32,
        (answer, slots): (usize, &[Slot]),
        copied: Option<(usize, usize)>,
    ) {
        let bit = answer as f32;
        for mixer in 0..layout.mixers {
            let step = rate * (bit - squash(self.mixed[mixer]));
            add(memory.row_mut((mixer, self.rows[mixer])), step, &self.inputs);
        }
        let step = rate * (bit - squash(self.odds));
        add(memory.row_mut((LAST, self.rows[MIXERS])), step, &self.mixed);
        let (point, share) = point(self.odds);
        for (bank, row) in REFINED.into_iter().zip(self.curves) {
            let curve = memory.row_mut((bank, row));
            curve[point] += (bit - curve[point]) * CURVE_RATE * (1.0 - share);
            curve[point + 1] += (bit - curve[point + 1]) * CURVE_RATE * share;
        }
        if let Some((expected, run)) = copied {
            let hit = if expected == answer { 1.0 } else { 0.0 };
            let trust = &mut memory.row_mut((RUNS, run.min(LONGEST) as u32))[0];
            *trust = (*trust + (hit - *trust) * RUN_RATE).clamp(0.001, 0.999);
        }
        for (context, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.is_seen()) {
            memory.teach(context, slot.history(), answer);
        }
    }
}

/// Where log-odds lie on a curve: the point below, and the share of the way to the next.
fn point(odds: f32) -> (usize, f32) {
    let along = (odds.clamp(-7.999, 7.999) + 8.0) * 2.0;
    let point = (along as usize).min(POINTS - 2);
    (point, along - point as f32)
}

/// Σ wᵢ xᵢ, in lanes: the same sum everywhere.
fn dot(weights: &[f32], inputs: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for (weights, inputs) in weights.as_chunks::<LANES>().0.iter().zip(inputs.as_chunks::<LANES>().0) {
        for (lane, (weight, input)) in lanes.iter_mut().zip(weights.iter().zip(inputs)) {
            *lane += weight * input;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// wᵢ ← wᵢ + step · xᵢ.
fn add(weights: &mut [f32], step: f32, inputs: &[f32]) {
    for (weight, input) in weights.iter_mut().zip(inputs) {
        *weight += step * input;
    }
}
