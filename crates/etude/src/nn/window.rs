//! A window on a text: where a layer that writes looks, moved on by what it knows (Graves 2013, arXiv:1308.0850, section 5.1).
//!
//! ```text
//!     α, β, Δ = exp of α̂, β̂, κ̂         (K) each, eq. (48) to (51)
//!     κ = κ′ + Δ                        places in the text, counted from 1; κ′ is where the step before looked
//!     φ(u) = Σ α exp(−β (κ − u)²)       eq. (46)
//!     w = Σ φ(u) c(u)                   eq. (47): c(u) has a 1 at the letter u, and the width V
//! ```
//!
//! α̂ is held in −15..=5, β̂ in −6..=5 and κ̂ in −10..=1.5: no step passes more than about four letters.

use crate::kernels::activation::exp;

/// Numbers that are kept of each Gaussian: α, β, κ and Δ.
pub(crate) const AIMED: usize = 4;
/// Numbers of each Gaussian that a network tells: α̂, β̂ and κ̂.
pub(crate) const TOLD: usize = 3;
/// Bounds of these.
const BOUNDS: [(f32, f32); TOLD] = [(-15.0, 5.0), (-6.0, 5.0), (-10.0, 1.5)];
/// Beyond this exponent a Gaussian counts nothing.
const FAINT: f32 = 60.0;

/// Where a window looks: `aim`, (4K) as runs α, β, κ, Δ, from what is told, (3K), and where it looked before, κ′ (K).
pub(crate) fn aim(told: &[f32], before: &[f32], aim: &mut [f32]) {
    let count = before.len();
    let bent = |part: usize, at: usize| exp(told[part * count + at].clamp(BOUNDS[part].0, BOUNDS[part].1));
    for at in 0..count {
        let step = bent(2, at);
        aim[at] = bent(0, at);
        aim[count + at] = bent(1, at);
        aim[2 * count + at] = before[at] + step;
        aim[3 * count + at] = step;
    }
}

/// The places, (K).
pub(crate) fn places(aim: &[f32]) -> &[f32] {
    let count = aim.len() / AIMED;
    &aim[2 * count..3 * count]
}

/// How much a window sees of the place u, counted from 1: φ(u).
pub(crate) fn weight(aim: &[f32], u: usize) -> f32 {
    let count = aim.len() / AIMED;
    let part = |at: usize| {
        let away = aim[2 * count + at] - u as f32;
        let exponent = aim[count + at] * away * away;
        if exponent < FAINT { aim[at] * exp(-exponent) } else { 0.0 }
    };
    (0..count).map(part).sum()
}

/// What a window sees of a text: w (V), added to what is there.
pub(crate) fn look(aim: &[f32], text: &[u32], window: &mut [f32]) {
    for (at, &letter) in text.iter().enumerate() {
        window[letter as usize] += weight(aim, at + 1);
    }
}

/// The way back of [`look`] and [`aim`]: the gradient of what is told, (3K), given that of w, (V), and in `carried`, (K), that
/// of κ, which becomes that of κ′.
pub(crate) fn look_back(
    aim: &[f32],
    told: &[f32],
    text: &[u32],
    change: &[f32],
    carried: &mut [f32],
    back: &mut [f32],
) {
    let count = carried.len();
    for at in 0..count {
        let (alpha, beta, kappa, step) = (aim[at], aim[count + at], aim[2 * count + at], aim[3 * count + at]);
        let mut by = [0.0f32; TOLD];
        for (place, &letter) in text.iter().enumerate() {
            let away = kappa - (place + 1) as f32;
            let exponent = beta * away * away;
            if exponent < FAINT {
                let seen = change[letter as usize] * alpha * exp(-exponent);
                by[0] += seen;
                by[1] -= seen * exponent;
                by[2] -= seen * 2.0 * beta * away;
            }
        }
        carried[at] += by[2];
        by[2] = carried[at] * step;
        for (part, by) in by.into_iter().enumerate() {
            let (least, most) = BOUNDS[part];
            let place = part * count + at;
            let held = (least..=most).contains(&told[place]);
            back[place] = if held { by } else { 0.0 };
        }
    }
}
