//! Bars and beats of a frame, as a person counts them: the upbeat is bar 0, beats are the metre's counted unit.

use super::region::Beat;
use etude_piece::score::{Frame, Metre};
use std::ops::Range;

/// Where the bars and beats of a piece lie on its steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bars {
    steps: usize,
    pickup: usize,
    /// Steps in a full bar, ≥ 1.
    bar: usize,
    /// Steps in a counted beat, as a fraction: a beat may be shorter than a step.
    beat: (usize, usize),
    /// Steps in a felt beat, ≥ 1: three counted ones in 6/8, 9/8 and 12/8.
    pulse: usize,
}

impl Bars {
    /// The bars of a frame; 4/4 where its metre is unknown.
    pub(super) fn of(frame: &Frame) -> Self {
        let metre = frame.metre.unwrap_or(Metre::COMMON);
        let pulse = metre.pulse().to_f64() * frame.steps_per_quarter as f64;
        Self {
            steps: frame.steps,
            pickup: frame.pickup.min(frame.steps),
            bar: frame.steps_per_bar(),
            beat: (4 * frame.steps_per_quarter.max(1), usize::from(metre.unit).max(1)),
            pulse: pulse.round().max(1.0) as usize,
        }
    }

    /// Steps of the piece, T.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// Steps in a felt beat.
    pub(super) fn pulse(&self) -> usize {
        self.pulse
    }

    /// The bar of a step.
    fn of_step(&self, step: usize) -> usize {
        step.checked_sub(self.pickup).map_or(0, |from| 1 + from / self.bar)
    }

    /// The last bar; 0 if there is only an upbeat.
    pub(super) fn last(&self) -> usize {
        self.of_step(self.steps.saturating_sub(1))
    }

    /// All bars, the upbeat included where there is one.
    pub(super) fn all(&self) -> Range<usize> {
        usize::from(self.pickup == 0)..self.last() + 1
    }

    /// The steps of a bar.
    pub(super) fn bar(&self, bar: usize) -> Result<Range<usize>, String> {
        if !self.all().contains(&bar) {
            return Err(match bar {
                0 => "bar 0 is the upbeat, and the piece has none".to_owned(),
                _ => format!("bar {bar} lies beyond the last bar, {}", self.last()),
            });
        }
        if bar == 0 {
            return Ok(0..self.pickup);
        }
        let start = self.pickup + (bar - 1) * self.bar;
        Ok(start..(start + self.bar).min(self.steps))
    }

    /// The steps of a beat of a bar, from the given part of it on.
    pub(super) fn beat(&self, bar: usize, beat: Beat) -> Result<Range<usize>, String> {
        let steps = self.bar(bar)?;
        let (above, below) = beat.offset;
        // Parts of a step, as many as `below` × the beat's denominator.
        let parts = ((beat.number - 1) * below + above) * self.beat.0;
        let in_step = below * self.beat.1;
        if above > 0 && !parts.is_multiple_of(in_step) {
            let Beat { number, .. } = beat;
            return Err(format!("beat {number} + {above}/{below} falls between the steps of the grid"));
        }
        let start = steps.start + parts / in_step;
        let end = steps.start + (beat.number * self.beat.0 / self.beat.1);
        if start >= steps.end {
            let beats = (steps.len() * self.beat.1).div_ceil(self.beat.0);
            let word = if beats == 1 { "beat" } else { "beats" };
            return Err(format!("bar {bar} has {beats} {word}, so no beat {}", beat.number));
        }
        Ok(start..end.max(start + 1).min(steps.end))
    }

    /// The counted beat that holds a step.
    pub(super) fn beat_at(&self, step: usize) -> Range<usize> {
        let bar = self.of_step(step);
        let numbers = 1..=self.bar.max(self.pickup) * self.beat.1 / self.beat.0 + 1;
        let beats = numbers.filter_map(|number| self.beat(bar, Beat { number, offset: (0, 1) }).ok());
        let held = beats.into_iter().find(|beat| beat.contains(&step));
        held.unwrap_or(step..step + 1)
    }

    /// `bar 3, beat 2 + 1/2`, as a person counts.
    pub(super) fn place(&self, step: usize) -> String {
        let bar = self.of_step(step);
        let start = if bar == 0 { 0 } else { self.pickup + (bar - 1) * self.bar };
        let parts = (step - start) * self.beat.1;
        let (beat, part) = (parts / self.beat.0 + 1, parts % self.beat.0);
        if part == 0 {
            return format!("bar {bar}, beat {beat}");
        }
        let common =
            (1..=part).rev().find(|&n| part.is_multiple_of(n) && self.beat.0.is_multiple_of(n)).unwrap_or(1);
        format!("bar {bar}, beat {beat} + {}/{}", part / common, self.beat.0 / common)
    }
}
