//! What looks at a whole vector: layer normalisation and the softmax.

use super::activation::exp;
use super::line::Line;
use super::vector::Kernel;

/// What is added to a variance before its root is taken, so that a constant vector divides by no zero (PyTorch's default).
const EPSILON: f32 = 1e-5;

/// Layer normalisation (Ba, Kiros & Hinton 2016): (x − mean) / √(variance + 10⁻⁵) · gain + bias, stream by stream.
pub struct LayerNorm<'a> {
    /// Lines (F/16, N).
    pub inputs: &'a [Line],
    /// Lines (F/16).
    pub gain: &'a [Line],
    /// Lines (F/16).
    pub bias: &'a [Line],
    /// Numbers of a vector, F.
    pub width: usize,
    /// Lines (F/16, N).
    pub outputs: &'a mut [Line],
}

impl Kernel for LayerNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let streams = self.inputs.len() / self.gain.len();
        let last = self.gain.len() - 1;
        let filled = self.width - last * Line::LEN;
        for stream in 0..streams {
            let lines = || self.inputs.iter().skip(stream).step_by(streams);
            let sum = lines().fold(Line::ZERO, |sum, &line| sum.zip(line, |a, b| a + b));
            let mean = sum.sum() / self.width as f32;
            let mut squares = Line::ZERO;
            for (block, line) in lines().enumerate() {
                let mut apart = line.map(|x| x - mean);
                if block == last {
                    apart.0[filled..].fill(0.0);
                }
                squares = squares.zip(apart, |sum, x| x.mul_add(x, sum));
            }
            let scale = 1.0 / (squares.sum() / self.width as f32 + EPSILON).sqrt();
            for (block, line) in lines().enumerate() {
                let normal = line.map(|x| (x - mean) * scale);
                let scaled = normal.zip(self.gain[block], |x, gain| x * gain);
                self.outputs[block * streams + stream] = scaled.zip(self.bias[block], |x, bias| x + bias);
            }
        }
    }
}

/// Turns log-odds into probabilities in place, as far as `count`; what follows in the last line becomes 0.
#[inline(always)]
pub fn softmax(odds: &mut [Line], count: usize) {
    if let Some(last) = odds.last_mut() {
        last.0[(count - 1) % Line::LEN + 1..].fill(f32::NEG_INFINITY);
    }
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    let tops = odds.iter().fold(Line([f32::NEG_INFINITY; Line::LEN]), |tops, &line| tops.zip(line, greater));
    let top = tops.0.into_iter().fold(f32::NEG_INFINITY, greater);
    let mut sums = Line::ZERO;
    for line in odds.iter_mut() {
        *line = line.map(|odd| if odd == f32::NEG_INFINITY { 0.0 } else { exp(odd - top) });
        sums = sums.zip(*line, |sum, odd| sum + odd);
    }
    let inverse = 1.0 / sums.sum();
    for line in odds.iter_mut() {
        *line = line.map(|odd| odd * inverse);
    }
}

/// ln p of a stream's symbols from their log-odds, lines (Q/16, N), in f64.
pub fn log_probabilities(odds: &[Line], streams: usize, stream: usize, log_probabilities: &mut [f64]) {
    for (block, chunk) in log_probabilities.chunks_mut(Line::LEN).enumerate() {
        let line = odds[block * streams + stream];
        chunk.iter_mut().zip(line.0).for_each(|(p, odd)| *p = f64::from(odd));
    }
    let top = log_probabilities.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    let mut sum = 0.0;
    for p in log_probabilities.iter_mut() {
        *p -= top;
        sum += super::exp(*p);
    }
    let total = super::ln(sum);
    log_probabilities.iter_mut().for_each(|p| *p -= total);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;
    use crate::kernels::vector::fast;

    /// Numbers in −3..3.
    fn random(count: usize) -> Vec<f32> {
        let mut chance = Chance::new(count as u64, 0);
        (0..count).map(|_| chance.unit() as f32 * 6.0 - 3.0).collect()
    }

    fn numbers(lines: &[Line]) -> Vec<f32> {
        lines.iter().flat_map(|line| line.0).collect()
    }

    #[track_caller]
    fn check(found: &[f32], expected: impl Iterator<Item = f64>) {
        for (&found, expected) in found.iter().zip(expected) {
            assert!((f64::from(found) - expected).abs() < 2e-6, "{found}, not {expected}");
        }
    }

    #[test]
    fn layers_are_normalised_at_every_width() {
        for width in [1, 2, 15, 16, 17, 40, 128] {
            let (x, gain, bias) = (random(width), random(width + 1), random(width + 2));
            let (gain, bias) = (&gain[..width], &bias[..width]);
            let (inputs, gains, biases) = (Line::collect(&x), Line::collect(gain), Line::collect(bias));
            let normalise = |plain: bool| {
                let mut outputs = vec![Line::ZERO; inputs.len()];
                let (inputs, gain, bias) = (&inputs, &gains, &biases);
                let norm = LayerNorm { inputs, gain, bias, width, outputs: &mut outputs };
                if plain {
                    norm.run()
                } else {
                    fast(norm)
                }
                outputs
            };
            let outputs = normalise(false);
            assert_eq!(outputs, normalise(true));
            let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / width as f64;
            let variance = x.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / width as f64;
            let normal = |f: usize| (f64::from(x[f]) - mean) / (variance + 1e-5).sqrt();
            let expected = (0..width).map(|f| normal(f) * f64::from(gain[f]) + f64::from(bias[f]));
            check(&numbers(&outputs), expected);
        }
    }

    #[test]
    fn softmax_sums_to_one_and_leaves_out_what_is_not_there() {
        for count in [1, 3, 16, 17, 100] {
            let odds = random(count);
            let mut lines = Line::collect(&odds);
            softmax(&mut lines, count);
            let total: f64 = odds.iter().map(|&x| f64::from(x).exp()).sum();
            let numbers = numbers(&lines);
            check(&numbers, odds.iter().map(|&x| f64::from(x).exp() / total));
            assert!(numbers[count..].iter().all(|&p| p == 0.0));
        }
    }
}
