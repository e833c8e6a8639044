//! Tapping along: the row of beats that explains the onsets best.
//!
//! Time is cut into frames. With C(f, l) the least cost of a row of beats that ends with a beat at frame f, l frames after the
//! one before,
//!
//! ```text
//!     C(f, l) = N(f − l, f) + min over l′ of [ C(f − l, l′) + (ln(l / l′) / drift)² / 2 ]
//! ```
//!
//! where N(a, b) = Σ − ln Σₚ wₚ 𝒩(t; a + p · (b − a), spread²) + beat, over the onsets t from a to b and the places p of a beat:
//! notes are scattered around places that are more or less usual, and each beat has its price, so that slower beats with
//! notes on unusual places stand against faster ones with few notes.

use super::PLACES;
use crate::kernels::{exp, ln};

/// Seconds of a frame.
const FRAME: f64 = 0.005;

/// Tempi in quarter notes a minute between which it looks where none is told.
const TEMPI: (f64, f64) = (75.0, 320.0);

/// How far from a tempo that is told it looks, as a factor.
const AROUND: f64 = 1.22;

/// Standard deviation of the logarithm of one beat's length against that of the one before: human drift.
const DRIFT: f64 = 0.01;

/// Standard deviation of the tempo's logarithm around [`USUAL`], where none is told; or around the one told.
const WIDTH: (f64, f64) = (0.45, 0.05);

/// The usual tempo, seconds a beat: at 150.
const USUAL: f64 = 0.4;

/// How far notes scatter around their places, in seconds.
const SPREAD: f64 = 0.022;

/// The share of notes that lie anywhere.
const ASTRAY: f64 = 0.03;

/// Nats that a beat costs.
const BEAT: f64 = 1.0;

/// How usual the twelve places of a beat are: on it, half of it, late halves (swung), thirds, quarters, others.
const WEIGHTS: [f64; PLACES] = [0.40, 0.005, 0.015, 0.05, 0.05, 0.02, 0.13, 0.11, 0.12, 0.05, 0.015, 0.035];

/// The longest piece, in seconds.
const LONGEST: f64 = 1800.0;

/// The beats, in seconds, ascending: the first at or before the first onset, the last after the last. Nothing where the
/// piece is too long.
pub(super) fn track(onsets: &[f64], told: Option<f64>) -> Option<Vec<f64>> {
    let (first, last) = (*onsets.first()?, *onsets.last()?);
    if last - first > LONGEST {
        return None;
    }
    let (shortest, longest) = match told {
        Some(beat) => (beat / AROUND, beat * AROUND),
        None => (60.0 / TEMPI.1, 60.0 / TEMPI.0),
    };
    let low = ((shortest / FRAME).round() as usize).max(8);
    let lengths = (longest / FRAME).round() as usize - low.min((longest / FRAME) as usize) + 1;
    let begin = first - longest - FRAME;
    let frames = ((last - begin + longest) / FRAME).ceil() as usize + 1;
    let notes = onsets.iter().map(|onset| ((onset - begin) / FRAME).round() as usize).collect();
    let search = Search { low, lengths, frames, notes, told };
    let taps = search.run()?;
    Some(taps.into_iter().map(|frame| begin + frame as f64 * FRAME).collect())
}

struct Search {
    /// Frames of the shortest beat.
    low: usize,
    /// How many lengths there are.
    lengths: usize,
    frames: usize,
    /// The onsets, in frames.
    notes: Vec<usize>,
    told: Option<f64>,
}

impl Search {
    /// What a tempo costs at each beat: the further from the usual the more.
    fn prior(&self, length: usize) -> f64 {
        let (usual, width) = self.told.map_or((USUAL, WIDTH.0), |beat| (beat, WIDTH.1));
        let off = ln(length as f64 * FRAME / usual) / width;
        off * off / 2.0
    }

    /// The costs of onsets between two beats, shape (lengths, longest + 1): by the length, and by how many frames after the
    /// earliest that belongs to the beat the onset lies.
    fn fits(&self) -> Vec<f32> {
        let across = self.low + self.lengths;
        let spread = SPREAD / FRAME;
        let mut fits = vec![0.0; self.lengths * across];
        for (index, row) in fits.chunks_exact_mut(across).enumerate() {
            let length = (self.low + index) as f64;
            for (after, fit) in row.iter_mut().enumerate().take(self.low + index) {
                let place = (after as f64 - early(self.low + index) as f64) / length * PLACES as f64;
                let near = |(index, weight): (usize, &f64)| {
                    let off = (place - index as f64) * length / PLACES as f64 / spread;
                    weight * exp(-0.5 * off * off)
                };
                let density = WEIGHTS.iter().enumerate().map(near).sum::<f64>()
                    / (spread * (2.0 * std::f64::consts::PI).sqrt());
                // Measured against notes that lie anywhere in a beat of usual length.
                *fit = -(ln(density * (1.0 - ASTRAY) + ASTRAY / length) + ln(USUAL / FRAME)) as f32;
            }
        }
        fits
    }

    /// The best row of beats, in frames.
    fn run(&self) -> Option<Vec<usize>> {
        let Self { low, lengths, frames, .. } = *self;
        let width = low + lengths;
        // The costs of the last frames, a row for each; and for every frame and length which length came before.
        let mut costs = vec![f32::INFINITY; (width + 1) * lengths];
        let mut before = vec![u8::MAX; frames * lengths];
        if lengths > usize::from(u8::MAX) {
            return None;
        }
        let (near, fits) = (self.near(), self.fits());
        // How many notes begin before each frame.
        let begun: Vec<usize> =
            (0..=frames).map(|frame| self.notes.partition_point(|note| *note < frame)).collect();
        let first = self.notes[0];
        let row_of = |frame: usize| (frame % (width + 1)) * lengths;
        let prior: Vec<f64> = (0..lengths).map(|length| self.prior(low + length)).collect();
        for frame in 0..frames {
            let mut row = vec![f32::INFINITY; lengths];
            for (length, cost) in row.iter_mut().enumerate() {
                let whole = low + length;
                if frame <= first + early(whole) {
                    // The first beat: at or before the first onset, by less than a beat.
                    if first < frame + whole - early(whole) {
                        *cost = prior[length] as f32;
                    }
                    continue;
                }
                let Some(from) = frame.checked_sub(whole) else { continue };
                let past = &costs[row_of(from)..][..lengths];
                let (mut best, mut came) = (f32::INFINITY, 0);
                for &(other, change) in &near[length] {
                    let reached = past[other] + change;
                    if reached < best {
                        (best, came) = (reached, other);
                    }
                }
                if best < f32::INFINITY {
                    let earliest = from.saturating_sub(early(whole));
                    let within = &self.notes[begun[earliest]..begun[frame - early(whole)]];
                    let row = &fits[length * width..][..width];
                    let fit: f32 = within.iter().map(|note| row[note - earliest]).sum();
                    *cost = best + fit + (BEAT + HOLDS * prior[length]) as f32;
                    before[frame * lengths + length] = came as u8;
                }
            }
            costs[row_of(frame)..][..lengths].copy_from_slice(&row);
        }
        self.back(&costs, &before, row_of)
    }

    /// The lengths that may come before each, with what the change costs.
    fn near(&self) -> Vec<Vec<(usize, f32)>> {
        let near = |length: usize| {
            let whole = (self.low + length) as f64;
            let reach = (whole * 3.5 * DRIFT).ceil() as usize + 1;
            let others = length.saturating_sub(reach)..(length + reach + 1).min(self.lengths);
            others
                .map(|other| {
                    // Half a frame more or less is rounding.
                    let apart = (other.abs_diff(length) as f64 - 0.5).max(0.0) / whole / DRIFT;
                    (other, (apart * apart / 2.0) as f32)
                })
                .collect()
        };
        (0..self.lengths).map(near).collect()
    }

    /// The best row's beats, read backwards from its last, which is the first after the last onset.
    fn back(&self, costs: &[f32], before: &[u8], row_of: impl Fn(usize) -> usize) -> Option<Vec<usize>> {
        let last = self.notes[self.notes.len() - 1];
        let ends =
            (last + 1..self.frames).flat_map(|frame| (0..self.lengths).map(move |length| (frame, length)));
        let ends = ends.filter(|&(frame, length)| {
            frame - self.low - length <= last && last + early(self.low + length) < frame
        });
        let (mut frame, mut length) =
            ends.min_by(|a, b| costs[row_of(a.0) + a.1].total_cmp(&costs[row_of(b.0) + b.1]))?;
        let mut taps = vec![frame];
        while before[frame * self.lengths + length] != u8::MAX {
            let came = usize::from(before[frame * self.lengths + length]);
            frame -= self.low + length;
            length = came;
            taps.push(frame);
        }
        taps.reverse();
        (taps.len() > 1).then_some(taps)
    }
}

/// How much the tempo's prior counts at each beat, against once at the start.
const HOLDS: f64 = 0.2;

/// Notes so many frames before a beat are that beat's: half a place.
fn early(length: usize) -> usize {
    length / (2 * PLACES)
}
