//! The look-ahead: for every step and everything that may sound there, how likely what is asked later can still be met.
//!
//! With s what sounded at step t − 1 (a pitch, or nothing), βₜ(s) = Σ p(event | s) · βₜ₊₁(after it) over the events that step
//! t allows, where p is the [`Background`]'s, and β = 1 at the end. Where nothing is asked all β are 1. β is 0 exactly
//! where nothing leads to the end, so whoever never steps onto a 0 comes to no dead end.

use super::background::Background;
use super::notation::Notation;
use crate::kernels;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::Onset;

/// What is asked of each step, and how likely it can be met.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    pitches: usize,
    /// What may sound at each step, as places in the range, bit `n` for place `n`; shape (T).
    holes: Vec<Hole>,
    onsets: Vec<Onset>,
    /// ln β, shape (T + 1, P + 1): each pitch, then nothing.
    log: Vec<f64>,
}

impl Evidence {
    /// The look-ahead of a draft of one voice that is moved already.
    pub(super) fn new(draft: &Draft, notation: &Notation, background: &Background) -> Self {
        let pitches = notation.pitches();
        let range = Hole::range(0, (pitches - 1) as u8);
        let steps = draft.frame.steps;
        let hole = |step| {
            let hole = draft.hole(step, 0);
            Hole { pitches: hole.pitches >> notation.low & range.pitches, rest: hole.rest }
        };
        let holes: Vec<Hole> = (0..steps).map(hole).collect();
        let onsets = (0..steps).map(|step| draft.onset(step, 0)).collect();
        let width = pitches + 1;
        let mut evidence = Self { pitches, holes, onsets, log: vec![0.0; (steps + 1) * width] };
        let table = background.transitions();
        let mut later = vec![1.0; width];
        // What is left out of `later`, so that its largest entry is always 1.
        let mut scale = 0.0;
        for step in (0..steps).rev() {
            let now: Vec<f64> = (0..width).map(|from| evidence.sum(step, from, &table, &later)).collect();
            let top = now.iter().fold(0.0f64, |a, &b| a.max(b));
            if top == 0.0 {
                // Nothing leads to the end from here, nor from anything before.
                evidence.log[..(step + 1) * width].fill(f64::NEG_INFINITY);
                return evidence;
            }
            scale += kernels::ln(top);
            later = now.iter().map(|beta| beta / top).collect();
            for (log, beta) in evidence.log[step * width..].iter_mut().zip(&later) {
                *log = if *beta > 0.0 { kernels::ln(*beta) + scale } else { f64::NEG_INFINITY };
            }
        }
        evidence
    }

    /// Σ p · β over what may happen at a step.
    fn sum(&self, step: usize, from: usize, table: &[f64], later: &[f64]) -> f64 {
        let row = &table[from * (self.pitches + 2)..][..self.pitches + 2];
        let mut sum = 0.0;
        if self.may_hold(step, from) {
            sum += row[0] * later[from];
        }
        if self.may_rest(step, from) {
            sum += row[1] * later[self.pitches];
        }
        if self.onsets[step] != Onset::Held || step == 0 {
            let hole = self.holes[step].pitches;
            sum += (0..self.pitches)
                .filter(|to| hole >> to & 1 == 1)
                .map(|to| row[2 + to] * later[to])
                .sum::<f64>();
        }
        sum
    }

    /// Whether what sounded may go on at a step.
    pub(super) fn may_hold(&self, step: usize, from: usize) -> bool {
        let hole = self.holes[step];
        if from == self.pitches {
            hole.rest
        } else {
            hole.pitches >> from & 1 == 1 && self.onsets[step] != Onset::Struck
        }
    }

    /// Whether a note may end at a step.
    pub(super) fn may_rest(&self, step: usize, from: usize) -> bool {
        from < self.pitches && self.holes[step].rest && (self.onsets[step] != Onset::Held || step == 0)
    }

    /// Whether a note may begin at a step.
    pub(super) fn may_strike(&self, step: usize, to: usize) -> bool {
        self.holes[step].pitches >> to & 1 == 1 && (self.onsets[step] != Onset::Held || step == 0)
    }

    /// ln β before a step, where `sounding` is the pitch's place in the range, or P.
    pub(super) fn log(&self, step: usize, sounding: usize) -> f64 {
        self.log[step * (self.pitches + 1) + sounding]
    }

    /// The same draft without any look-ahead: each step forbids what doesn't fit it, and nothing tells of it before.
    #[cfg(test)]
    pub(super) fn blind(&self) -> Self {
        Self { log: vec![0.0; self.log.len()], ..self.clone() }
    }

    /// Whether anything leads to the end.
    pub(super) fn is_possible(&self) -> bool {
        self.log(0, self.pitches) > f64::NEG_INFINITY
    }
}
