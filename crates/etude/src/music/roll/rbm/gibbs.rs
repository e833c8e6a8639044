//! From keys to hidden units and back.

use super::super::frame::{Frame, KEYS, Pins, sounding};
use super::super::network::{Biases, add_times, dot, row};
use crate::inference::chance::Chance;
use crate::kernels;
use crate::kernels::activation::{exp, sigmoid};

/// What goes into the hidden units, (H): b_h + v W.
#[inline(always)]
pub(super) fn inner(weights: &[f32], biases: &Biases, frame: Frame, to: &mut [f32]) {
    to.copy_from_slice(&biases.hidden);
    let hidden = to.len();
    sounding(frame).for_each(|key| add_times(to, 1.0, row(weights, key, hidden)));
}

/// Draws hidden units from `times` what goes into them, as 0 and 1.
#[inline(always)]
pub(super) fn draw_hidden(inner: &[f32], times: f32, chance: &mut Chance, to: &mut [f32]) {
    for (to, inner) in to.iter_mut().zip(inner) {
        *to = sigmoid(times * inner);
    }
    for to in to.iter_mut() {
        *to = if chance.unit() < f64::from(*to) { 1.0 } else { 0.0 };
    }
}

/// Draws keys from σ(base + times · (b_v + W h)), those pinned as they are.
#[inline(always)]
pub(super) fn draw_keys(
    weights: &[f32],
    biases: &Biases,
    units: &[f32],
    (times, base): (f32, &[f32]),
    pins: Pins,
    chance: &mut Chance,
) -> Frame {
    let mut odds = [0.0f32; KEYS];
    for (key, odds) in odds.iter_mut().enumerate() {
        let all = biases.visible[key] + dot(row(weights, key, units.len()), units);
        *odds = sigmoid(times * all + base[key]);
    }
    let mut frame = 0;
    for (key, share) in odds.into_iter().enumerate() {
        if chance.unit() < f64::from(share) {
            frame |= 1 << key;
        }
    }
    (frame | pins.on) & !pins.off
}

/// Σⱼ ln(1 + exp(times · innerⱼ)).
#[inline(always)]
pub(super) fn free(inner: &[f32], times: f32) -> f64 {
    // Each factor lies in 1..=2, so that products of so many stay far below what f32 holds.
    let mut total = 0.0;
    for part in inner.chunks(1024) {
        let mut products = [1.0f32; 16];
        let mut sums = [0.0f32; 16];
        for chunk in part.chunks(16) {
            for (inner, (product, sum)) in chunk.iter().zip(products.iter_mut().zip(&mut sums)) {
                let x = times * inner;
                *sum += x.max(0.0);
                *product *= 1.0 + exp(-x.abs());
            }
        }
        total += products.iter().map(|product| kernels::ln(f64::from(*product))).sum::<f64>();
        total += sums.iter().map(|sum| f64::from(*sum)).sum::<f64>();
    }
    total
}

/// F(v), by what goes into the hidden units.
#[inline(always)]
pub(super) fn energy(biases: &Biases, frame: Frame, inner: &[f32]) -> f64 {
    let visible: f64 = sounding(frame).map(|key| f64::from(biases.visible[key])).sum();
    -visible - free(inner, 1.0)
}
