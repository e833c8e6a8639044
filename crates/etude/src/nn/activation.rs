//! The functions inside networks, for single numbers, without branches, so that loops over them become vector code.
//!
//! Plain arithmetic in one order: the same bits on every machine. [`vectorised`] compiles a loop for the widest vectors
//! that the processor has.

/// Runs a loop with the widest vectors of this processor.
#[inline(always)]
pub(super) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// eˣ, relative error below 3e-7; beyond ±87 the value at that edge.
///
/// x = k·ln 2 + r with |r| ≤ ½ ln 2; eʳ by the polynomial of Cephes' `expf` (Moshier 1984), 2ᵏ by the exponent's bits.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// Adding it to a small number leaves the nearest integer in the low bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * 0.693_359_4) + k * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let e = p * r * r + r + 1.0;
    e * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// tanh x = 2 σ(2x) − 1, absolute error below 3e-7.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

#[cfg(test)]
mod tests {
    use super::{exp, sigmoid, tanh};

    #[track_caller]
    fn check(ours: f32, theirs: f64, tolerance: f64) {
        assert!((f64::from(ours) - theirs).abs() <= tolerance, "{ours}, not {theirs}");
    }

    #[test]
    fn they_agree_with_the_library() {
        for i in -8_600..=8_600 {
            let x = i as f32 * 0.01 + 0.003;
            let wide = f64::from(x);
            check(exp(x), wide.exp(), 3e-7 * wide.exp());
            check(sigmoid(x), 1.0 / (1.0 + (-wide).exp()), 3e-7);
            check(tanh(x), wide.tanh(), 3e-7);
        }
    }

    #[test]
    fn the_ends_are_finite() {
        assert_eq!(tanh(f32::INFINITY), 1.0);
        assert_eq!(tanh(f32::NEG_INFINITY), -1.0);
        assert!(exp(f32::INFINITY).is_finite());
    }
}
