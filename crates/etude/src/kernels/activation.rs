//! Functions of one f32, without branches or calls, so that a loop over them becomes vector code.

use std::f32::consts::{LN_2, LOG2_E};

/// eˣ within 2 units in the last place for −87 ≤ x ≤ 88; beyond, the value at that edge.
///
/// x = k·ln 2 + r with |r| ≤ ½ ln 2, eʳ by its Taylor polynomial of degree 7, 2ᵏ by the exponent bits.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding it to a small number leaves the nearest integer in the low bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³
    const LN_2_LOW: f32 = -1.904_654_3e-9; // ln 2 less its nearest f32
    let x = x.clamp(-87.0, 88.0);
    let shifted = x.mul_add(LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = k.mul_add(-LN_2_LOW, k.mul_add(-LN_2, x));
    let mut sum = 1.0 / 5040.0;
    for inverse in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = r.mul_add(sum, inverse);
    }
    sum * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// 1 / (1 + e⁻ˣ), the logistic function.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent.
///
/// Near 0 an odd polynomial, fitted at Chebyshev points (relative error 2·10⁻⁸); beyond 0.625, 1 − 2 / (e²ˣ + 1).
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let magnitude = x.abs();
    let far = 1.0 - 2.0 / (exp(2.0 * magnitude) + 1.0);
    let square = x * x;
    let mut sum = -0.006_102_968_7;
    for coefficient in [0.021_001_931, -0.053_852_01, 0.133_327_77, -0.333_333_3] {
        sum = square.mul_add(sum, coefficient);
    }
    let near = (magnitude * square).mul_add(sum, magnitude);
    let value = if magnitude < 0.625 { near } else { far };
    value.copysign(x)
}

/// The Gaussian error linear unit by tanh: ½x·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³) (Hendrycks & Gimpel 2016).
///
/// Written as x · sigmoid(2u), which is the same and keeps its digits where the tail is thin.
#[inline(always)]
pub fn gelu(x: f32) -> f32 {
    const SCALE: f32 = 1.595_769_1; // 2 √(2/π)
    x * sigmoid(SCALE * (0.044_715 * x * x).mul_add(x, x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::line::Line;
    use crate::kernels::vector::{Kernel, fast};

    /// The greatest error of a function over −`span`..=`span`, relative to max(|true value|, `floor`).
    fn error(span: f64, floor: f64, ours: fn(f32) -> f32, exact: fn(f64) -> f64) -> f64 {
        let points = (-60_000..=60_000).map(|i| (f64::from(i) * span / 60_000.0) as f32);
        points.fold(0.0, |worst, x| {
            let exact = exact(f64::from(x));
            let error = (f64::from(ours(x)) - exact).abs() / exact.abs().max(floor);
            if error > worst { error } else { worst }
        })
    }

    #[track_caller]
    fn check(error: f64, limit: f64) {
        assert!(error <= limit, "{error:e} is over {limit:e}");
    }

    #[test]
    fn exp_agrees_with_the_library() {
        check(error(87.0, 0.0, exp, libm::exp), 2.4e-7);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f32::NEG_INFINITY), exp(-87.0));
        assert_eq!(exp(f32::INFINITY), exp(88.0));
    }

    #[test]
    fn sigmoid_agrees_with_the_library() {
        check(error(80.0, 0.0, sigmoid, |x| 1.0 / (1.0 + libm::exp(-x))), 4e-7);
        assert_eq!([sigmoid(-1e30), sigmoid(0.0), sigmoid(1e30)], [1.0 / (1.0 + exp(88.0)), 0.5, 1.0]);
    }

    #[test]
    fn tanh_agrees_with_the_library() {
        check(error(1.0, 1e-30, tanh, libm::tanh), 2.4e-7);
        check(error(20.0, 1e-30, tanh, libm::tanh), 2.4e-7);
        assert_eq!([tanh(-1e30), tanh(0.0), tanh(1e30)], [-1.0, 0.0, 1.0]);
    }

    #[test]
    fn gelu_agrees_with_the_library() {
        let exact = |x: f64| {
            let u = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x);
            0.5 * x * (1.0 + libm::tanh(u))
        };
        check(error(20.0, 1e-3, gelu, exact), 2e-6);
    }

    /// All four functions of a line.
    struct All(Line);

    impl Kernel for All {
        type Output = [Line; 4];

        #[inline(always)]
        fn run(self) -> [Line; 4] {
            [self.0.map(exp), self.0.map(sigmoid), self.0.map(tanh), self.0.map(gelu)]
        }
    }

    #[test]
    fn wide_vectors_give_the_same_bits() {
        for i in 0..4_000 {
            let line =
                Line(std::array::from_fn(|place| (i as f32 - 2_000.0) * 0.05 + place as f32 * 0.003_7));
            assert_eq!(fast(All(line)), All(line).run());
        }
    }
}
