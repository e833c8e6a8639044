//! How predictions are put together: the contexts, and the sizes of what is learnt.

use super::contexts::{Context, contexts};
use super::logistic::{Stretch, squash};
use super::spelling::Spelling;
use super::weights::Bank;

/// Inputs that each context gives to the mixers.
pub(super) const INPUTS: usize = 3;

/// Lanes of the sums; rows of weights are as long as a multiple of it.
pub(super) const LANES: usize = 8;

/// Most mixers of the first layer.
pub(super) const MIXERS: usize = 5;

/// The bank of the last mixer, of the two refinements, and of the copied runs; the mixers stand before.
pub(super) const LAST: usize = MIXERS;
pub(super) const REFINED: [usize; 2] = [MIXERS + 1, MIXERS + 2];
pub(super) const RUNS: usize = MIXERS + 3;

/// Points of a refinement's curve, from log-odds −8 to 8.
pub(super) const POINTS: usize = 33;

/// Rows of each refinement.
const CURVES: usize = 1 << 16;

/// Rows of a mixer that looks at the node, or at a symbol, at most.
const ROWS: usize = 2048;

/// Rows of the mixer that looks at the fields.
const FIELD_ROWS: usize = 1024;

/// How long copied runs are told apart.
pub(super) const LONGEST: usize = 31;

/// What a model is made of.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// How many values each field has, (K).
    pub(super) fields: Vec<usize>,
    /// What the symbols are in a text.
    pub(super) spelling: Spelling,
    /// The kinds of contexts.
    pub(super) contexts: Vec<Context>,
    /// Of each, how many last symbols it takes; 0 for those that take others.
    pub(super) orders: Vec<usize>,
    /// Mixers of the first layer.
    pub(super) mixers: usize,
    /// The table of log-odds.
    pub(super) stretch: Stretch,
    /// Symbols of a run that is looked for in what was read.
    pub(super) run: usize,
}

impl Layout {
    pub(super) fn new(fields: Vec<usize>, spelling: Spelling) -> Self {
        let (others, text) = (fields.len() - 1, spelling.is_text());
        let contexts = contexts(others, text);
        let order = |context: &Context| if let Context::Order(order) = context { *order } else { 0 };
        let orders = contexts.iter().map(order).collect();
        Self {
            fields,
            contexts,
            orders,
            stretch: Stretch::new(),
            mixers: 4 + others.min(1),
            run: if text { 6 } else { 4 },
            spelling,
        }
    }

    /// Symbols of the alphabet, Q; as a symbol, what stands before a sequence.
    pub(super) fn symbols(&self) -> usize {
        self.fields[0] - 1
    }

    /// Numbers that the mixers weigh, a multiple of [`LANES`].
    pub(super) fn inputs(&self) -> usize {
        (self.contexts.len() * INPUTS + 3).next_multiple_of(LANES)
    }

    /// The banks of all that is learnt besides slots and maps.
    pub(super) fn banks(&self) -> Vec<Bank> {
        let nodes = self.symbols().saturating_sub(1).clamp(1, ROWS);
        let mixer = |rows: usize| Bank { rows, initial: vec![0.15; self.inputs()] };
        let mut last = vec![0.0; LANES];
        last[..self.mixers].fill(1.0 / self.mixers as f32);
        let curve = (0..POINTS).map(|point| squash((point as f32 - 16.0) / 2.0)).collect();
        let refined = Bank { rows: CURVES, initial: curve };
        vec![
            mixer(nodes),
            mixer(self.fields[0].min(ROWS)),
            mixer(16 * 16),
            mixer(32 * 64),
            mixer(if self.mixers > 4 { FIELD_ROWS } else { 1 }),
            Bank { rows: nodes, initial: last },
            refined.clone(),
            refined,
            Bank { rows: LONGEST + 1, initial: vec![0.5] },
        ]
    }

    /// The rows of the first mixers and of the last at a node.
    pub(super) fn rows(&self, scene: &Scene, node: usize, run: usize, order: usize) -> [u32; MIXERS + 1] {
        let folded = |value: usize| if value < ROWS { value } else { ROWS / 2 + value % (ROWS / 2) };
        let [last, before] = scene.symbols.map(|symbol| symbol as usize);
        let run = if run > 0 { 1 + (run / 4).min(14) } else { 0 };
        [
            folded(node),
            folded(last),
            run * 16 + order.min(15),
            before % 32 * 64 + node.min(63),
            scene.fields as usize % FIELD_ROWS,
            folded(node),
        ]
        .map(|row| row as u32)
    }

    /// The rows of the refinements at a node.
    pub(super) fn curves(scene: &Scene, node: usize) -> [u32; 2] {
        use super::past::hash;
        let [last, before] = scene.symbols.map(u64::from);
        let one = hash(hash(last, 1), node as u64);
        [one, hash(hash(one, 2), before)].map(|hash| (hash >> 48) as u32)
    }
}

/// What the choice of weights looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scene {
    /// The last symbol, and the one before.
    pub(super) symbols: [u32; 2],
    /// A hash of the further fields.
    pub(super) fields: u32,
}
