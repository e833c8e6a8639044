//! The odds of one cell given all others, later ones included: the joint, renormalised over what the cell may be.
//!
//! ```text
//! p(x_i | x_−i) = p(x_i, x_−i) / Σ_q p(q, x_−i)
//! ```
//!
//! Only factors whose features change with the cell count, and none lies more than [`super::past::MEMORY`] steps later.

use super::Markov;
use super::feature::{FEATURES, Row, Situation};
use super::key::hear;
use super::lines::Lines;
use super::mixture::Opinions;
use super::odds::asked;
use super::past::{Past, number};
use super::viewpoint::Question;
use crate::kernels;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

/// A piece and all factors of its probability, kept up to date while cells change.
#[derive(Debug, Clone)]
pub struct Factors<'a> {
    model: &'a Markov,
    lines: Lines,
    /// What is remembered before each step, shape (T + 1).
    pasts: Vec<Past>,
    /// Factors of each step, in the order of decision, shape (T, V).
    factors: Vec<Factor>,
}

/// The factor of one cell: its features, what was thought of each question asked, and the nats of what came.
#[derive(Debug, Clone)]
struct Factor {
    row: Row,
    thoughts: Vec<(Question, Opinions)>,
    nats: f64,
}

impl<'a> Factors<'a> {
    /// The factors of a piece whose cells lie in the model's alphabets.
    pub fn new(model: &'a Markov, lines: Lines) -> Self {
        let steps = lines.steps;
        let unset = Factor { row: [0; FEATURES], thoughts: Vec::new(), nats: 0.0 };
        let factors = vec![unset; lines.cells.len()];
        let mut factors = Self { model, lines, pasts: vec![Past::default(); steps + 1], factors };
        (0..steps).for_each(|time| factors.refresh(time));
        factors
    }

    /// The piece as it stands.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Nats of the whole piece.
    pub fn total(&self) -> f64 {
        self.factors.iter().map(|factor| factor.nats).sum()
    }

    /// Changes one cell and the factors that depend on it.
    pub fn put(&mut self, t: usize, v: usize, cell: Option<u8>) {
        self.lines.put(t, v, cell);
        for time in t..self.lines.steps {
            let before = self.pasts[time + 1].clone();
            self.refresh(time);
            if self.pasts[time + 1] == before {
                return;
            }
        }
    }

    /// The distribution of voice `v` at step `t` given all other cells, shape (Q).
    pub fn conditional(&self, t: usize, v: usize) -> Vec<f64> {
        let alphabet = &self.model.alphabets[v];
        let rank = self.model.order.iter().position(|&u| u == v).expect("the order holds every voice");
        let own = self.model.odds(&self.factors[t * self.lines.voices + rank].row);
        let odds = own.iter().zip(0..).map(|(&p, symbol)| {
            let later = self.change(t, rank, alphabet.pitch(symbol));
            kernels::ln(p) - later
        });
        let mut odds: Vec<f64> = odds.collect();
        kernels::softmax(&mut odds);
        odds
    }

    /// By how many nats the factors after a cell grow when it becomes `cell`.
    fn change(&self, t: usize, rank: usize, cell: Option<u8>) -> f64 {
        let (voices, order) = (self.lines.voices, &self.model.order);
        if self.lines.at(t, order[rank]) == cell {
            return 0.0;
        }
        let mut step = self.lines.step(t).to_vec();
        step[order[rank]] = cell;
        let mut past = self.pasts[t].clone();
        let mut change = 0.0;
        for time in t..self.lines.steps {
            let now = if time == t { &step[..] } else { self.lines.step(time) };
            let (key, place) = (hear(&past, voices), self.lines.places[time]);
            for later in if time == t { rank + 1 } else { 0 }..voices {
                let row = Situation { past: &past, key, time, place, order, rank: later, now }.row();
                let factor = &self.factors[time * voices + later];
                if row != factor.row {
                    change += factor.nats_near(self.model, &row, now[order[later]]) - factor.nats;
                }
            }
            past.push(now);
            if past == self.pasts[time + 1] {
                break;
            }
        }
        change
    }

    /// Works out the factors of one step and what is remembered after it.
    fn refresh(&mut self, time: usize) {
        let (order, past) = (&self.model.order, &self.pasts[time]);
        let (now, place, key) = (self.lines.step(time), self.lines.places[time], hear(past, order.len()));
        for rank in 0..order.len() {
            let row = Situation { past, key, time, place, order, rank, now }.row();
            self.factors[time * order.len() + rank] = Factor::new(self.model, row, now[order[rank]]);
        }
        let mut next = past.clone();
        next.push(now);
        self.pasts[time + 1] = next;
    }
}

impl Factor {
    fn new(model: &Markov, row: Row, cell: Option<u8>) -> Self {
        let thoughts: Vec<_> =
            asked(&row, number(cell)).map(|question| (question, model.think(question, &row, None))).collect();
        let symbol = model.alphabet(&row).symbol(cell);
        let settle = |symbol| model.settle(&row, usize::from(symbol), thoughts.iter().cloned());
        let nats = symbol.map_or(f64::INFINITY, settle);
        Self { row, thoughts, nats }
    }

    /// The nats of the same cell where its features are `row`.
    fn nats_near(&self, model: &Markov, row: &Row, cell: Option<u8>) -> f64 {
        let Some(symbol) = model.alphabet(row).symbol(cell) else {
            return f64::INFINITY;
        };
        let again = |question| match self.thoughts.iter().find(|(asked, _)| *asked == question) {
            Some((_, thought)) => (question, model.think_near(question, row, &self.row, thought)),
            None => (question, model.think(question, row, None)),
        };
        model.settle(row, usize::from(symbol), asked(row, number(cell)).map(again))
    }
}

impl Markov {
    /// −ln p(cell | all other cells) of every cell, row-major (T, V).
    pub fn conditional_nats(&self, lines: &Lines) -> Vec<f64> {
        let factors = Factors::new(self, lines.clone());
        let nats = |i: usize| {
            let (t, v) = (i / lines.voices, i % lines.voices);
            let symbol = self.alphabets[v].symbol(lines.at(t, v));
            symbol
                .map_or(f64::INFINITY, |symbol| -kernels::ln(factors.conditional(t, v)[usize::from(symbol)]))
        };
        (0..lines.cells.len()).into_par_iter().map(nats).collect()
    }
}
