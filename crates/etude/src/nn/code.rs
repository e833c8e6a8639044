//! A code for a whole piece, drawn from a Gaussian that an encoder tells (Kingma & Welling 2014), and what it costs.
//!
//! A row of the encoder has 2Z numbers, means m and then logarithms of variances v (both of Z). The cost of a code against
//! the standard normal prior is ½ Σ (m² + eᵛ − 1 − v) nats.

use super::operation::Operation;

/// v is held between these, so that no code costs the world.
const VARIANCES: (f32, f32) = (-12.0, 6.0);

/// The operation (m, v) → m + e^(v/2) ε, shapes (N, 2Z) → (N, Z).
#[derive(Debug)]
pub struct Code {
    /// Z.
    pub width: usize,
    /// ε, (N, Z).
    pub noise: Vec<f32>,
}

impl Operation for Code {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let rows = inputs[0].chunks_exact(2 * self.width).zip(self.noise.chunks_exact(self.width));
        let code = |(row, noise): (&[f32], &[f32])| -> Vec<f32> {
            let (means, variances) = row.split_at(self.width);
            let each = means.iter().zip(variances).zip(noise);
            each.map(|((m, v), noise)| m + deviation(*v) * noise).collect()
        };
        rows.flat_map(code).collect()
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let mut change = vec![0.0; inputs[0].len()];
        let rows = inputs[0].chunks_exact(2 * self.width).zip(change.chunks_exact_mut(2 * self.width));
        let above = gradient.chunks_exact(self.width).zip(self.noise.chunks_exact(self.width));
        for ((row, change), (gradient, noise)) in rows.zip(above) {
            for n in 0..self.width {
                let v = row[self.width + n];
                change[n] = gradient[n];
                change[self.width + n] = 0.5 * gradient[n] * deviation(v) * noise[n] * held(v);
            }
        }
        vec![change]
    }
}

/// The operation (m, v) → weight · max(mean cost of a row, free), shapes (N, 2Z) → (1).
///
/// What is free costs nothing and is not saved (Ha & Eck 2017, eq. (11): KL_min): so a decoder can't do without the code.
#[derive(Debug)]
pub struct Divergence {
    /// Z.
    pub width: usize,
    /// What a nat costs.
    pub weight: f32,
    /// Nats of a code that are free.
    pub free: f32,
}

impl Divergence {
    /// The cost of one row, nats.
    pub fn cost(row: &[f32]) -> f64 {
        let (means, variances) = row.split_at(row.len() / 2);
        let each = means.iter().zip(variances).map(|(&m, &v)| {
            let (m, v) = (f64::from(m), f64::from(v.clamp(VARIANCES.0, VARIANCES.1)));
            0.5 * (m * m + crate::kernels::exp(v) - 1.0 - v)
        });
        each.sum()
    }

    /// Mean cost of a row.
    fn mean(&self, rows: &[f32]) -> f64 {
        let rows = rows.chunks_exact(2 * self.width);
        let count = rows.len().max(1) as f64;
        rows.map(Self::cost).sum::<f64>() / count
    }
}

impl Operation for Divergence {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        vec![self.weight * (self.mean(inputs[0]) as f32).max(self.free)]
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let rows = inputs[0].len() / (2 * self.width);
        if self.mean(inputs[0]) as f32 <= self.free {
            return vec![vec![0.0; inputs[0].len()]];
        }
        let share = gradient[0] * self.weight / rows as f32;
        let slope = |row: &[f32]| -> Vec<f32> {
            let (means, variances) = row.split_at(self.width);
            let by_variance = |&v: &f32| 0.5 * share * (deviation(v) * deviation(v) - 1.0) * held(v);
            means.iter().map(|m| share * m).chain(variances.iter().map(by_variance)).collect()
        };
        vec![inputs[0].chunks_exact(2 * self.width).flat_map(slope).collect()]
    }
}

/// e^(v/2).
pub(crate) fn deviation(v: f32) -> f32 {
    crate::kernels::activation::exp(0.5 * v.clamp(VARIANCES.0, VARIANCES.1))
}

/// 1 where v is within its bounds, else 0.
fn held(v: f32) -> f32 {
    f32::from(u8::from(v >= VARIANCES.0 && v <= VARIANCES.1))
}
