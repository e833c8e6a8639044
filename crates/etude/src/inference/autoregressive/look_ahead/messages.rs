//! The backward messages, from the end to the beginning.

use super::reach::reach;
use super::row::{Row, cost};
use super::steps::Steps;
use super::{MOST_MESSAGES, MOST_WORK};
use crate::inference::autoregressive::{Automaton, Impossible, NONE};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Layers whose messages differ by less than this share are taken for one.
const SETTLED: f64 = 1e-13;

/// A chain and an automaton, and the contexts in which each state can be come to.
pub(super) struct Pair<'a> {
    steps: &'a Steps,
    automaton: &'a Automaton,
    reached: Vec<Vec<u32>>,
    /// Messages and products that one row for each state takes.
    cost: (usize, usize),
}

impl<'a> Pair<'a> {
    /// # Errors
    ///
    /// Too large a pair.
    pub(super) fn new(
        steps: &'a Steps,
        automaton: &'a Automaton,
        order: Option<&[u32]>,
    ) -> Result<Self, Impossible> {
        let reached = reach(steps, automaton, order)?;
        let of = |(state, reached): (u32, &Vec<u32>)| {
            let open = automaton.row(state).iter().filter(|after| **after != NONE).count();
            cost(steps, reached.len(), open)
        };
        let cost = (0..).zip(&reached).map(of);
        let cost = cost.fold((0, 0), |(messages, products), (m, p)| (messages + m, products + p));
        let pair = Self { steps, automaton, reached, cost };
        if pair.fits(1) { Ok(pair) } else { Err(Impossible::TooLarge) }
    }

    /// Whether so many layers can be held and computed.
    fn fits(&self, layers: usize) -> bool {
        let (messages, products) = self.cost;
        messages.saturating_mul(layers) <= MOST_MESSAGES && products.saturating_mul(layers) <= MOST_WORK
    }

    /// β of an automaton that comes nowhere twice, a row for each state; `order` has each state before those after it.
    pub(super) fn sweep(&self, order: &[u32]) -> Vec<Row> {
        let mut rows: Vec<Option<Row>> = (0..self.automaton.states()).map(|_| None).collect();
        for states in by_height(self.automaton, order) {
            let following = |after: u32| rows[after as usize].as_ref().expect("what comes after is lower");
            let computed: Vec<Row> = states.par_iter().map(|&state| self.row(state, following)).collect();
            for (state, row) in states.into_iter().zip(computed) {
                rows[state as usize] = Some(row);
            }
        }
        rows.into_iter().map(|row| row.expect("every state is in the order")).collect()
    }

    /// β of any automaton by how many symbols are left, a row for each state of each layer, and whether they are exact. There
    /// are at most `most` + 1 layers, and fewer where further ones would be like the last, or too many: then the last is a
    /// lower bound for all further.
    ///
    /// # Errors
    ///
    /// Too many messages to reach every end.
    pub(super) fn by_length(&self, most: usize) -> Result<(Vec<Row>, bool), Impossible> {
        let states = self.automaton.states() as u32;
        let farthest = (0..states).map(|state| self.automaton.distance(state)).max().unwrap_or(0) as usize;
        if !self.fits(farthest.min(most) + 1) {
            return Err(Impossible::TooLarge);
        }
        let at_the_end = |state: u32| {
            let value = if self.automaton.is_finishing(state) { 1.0 } else { 0.0 };
            Row::flat(self.steps, &self.reached[state as usize], value)
        };
        let mut rows: Vec<Row> = (0..states).map(at_the_end).collect();
        for left in 1..=most {
            if !self.fits(left + 1) {
                return Ok((rows, false));
            }
            let before = &rows[rows.len() - states as usize..];
            let following = |after: u32| &before[after as usize];
            let layer: Vec<Row> =
                (0..states).into_par_iter().map(|state| self.row(state, following)).collect();
            if layer.iter().zip(before).all(|(row, before)| row.is_near(before, SETTLED)) {
                break;
            }
            rows.extend(layer);
        }
        Ok((rows, true))
    }

    /// β of one state.
    fn row<'b>(&self, state: u32, following: impl Fn(u32) -> &'b Row) -> Row {
        let reached = &self.reached[state as usize];
        match self.automaton.is_finishing(state) {
            true => Row::flat(self.steps, reached, 1.0),
            false => Row::before(self.steps, self.automaton, state, reached, following),
        }
    }
}

/// States by the most symbols that may still come, the fewest first: those of one height don't need each other.
fn by_height(automaton: &Automaton, order: &[u32]) -> Vec<Vec<u32>> {
    let mut heights = vec![0usize; automaton.states()];
    let mut levels: Vec<Vec<u32>> = Vec::new();
    for &state in order.iter().rev() {
        let after = automaton.row(state).iter().filter_map(|&after| heights.get(after as usize));
        let height = after.max().map_or(0, |height| height + 1);
        heights[state as usize] = height;
        levels.resize_with(levels.len().max(height + 1), Vec::new);
        levels[height].push(state);
    }
    levels
}
