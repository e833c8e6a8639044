//! Codes of whole drawings: found, mixed, and what they cost.

use super::super::mixture::normal_pair;
use super::super::moves::Move;
use super::Sketch;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels;
use etude_piece::strokes::Strokes;

impl Sketch {
    /// Numbers of a code; 0 where drawings have none.
    pub fn code_width(&self) -> usize {
        self.net.layout.code
    }

    /// The code of a drawing: its middle, or one that is drawn around there.
    ///
    /// # Errors
    ///
    /// A network without codes; a drawing without points, or with moves beyond all measure.
    pub fn code(&self, drawing: &Strokes, chance: Option<&mut Chance>) -> Result<Vec<f32>> {
        if self.code_width() == 0 {
            return Err(Error::usage("a network without codes", "train it with `code=128`"));
        }
        let told = self.net.encode(&self.scaled(drawing)?);
        let (means, variances) = told.split_at(self.code_width());
        let Some(chance) = chance else { return Ok(means.to_vec()) };
        let noise: Vec<f32> = means.iter().map(|_| normal_pair(chance)[0] as f32).collect();
        let each = means.iter().zip(variances).zip(noise);
        Ok(each.map(|((m, v), noise)| m + crate::nn::deviation(*v) * noise).collect())
    }

    /// A code from the prior.
    pub fn any_code(&self, chance: &mut Chance) -> Vec<f32> {
        (0..self.code_width()).map(|_| normal_pair(chance)[0] as f32).collect()
    }

    /// −ln p of each point by `samples` codes, at most (Burda & al. 2016, eq. (8)), in units of the scale.
    ///
    /// The weights of the codes are kept up to date point by point, so that each point has its own share of the bound; the
    /// first bears the cost of the codes.
    pub(super) fn bound(&self, moves: &[Move], samples: usize) -> Vec<f64> {
        let told = self.net.encode(moves);
        let (means, variances) = told.split_at(self.code_width());
        let mut chance = Chance::new(0, 0);
        let (mut weights, mut parts) = (Vec::new(), Vec::new());
        for _ in 0..samples.max(1) {
            // ln p(z) − ln q(z): what is the same for both is left out.
            let (mut code, mut weight) = (Vec::new(), 0.0);
            for (&mean, &variance) in means.iter().zip(variances) {
                let (noise, deviation) = (normal_pair(&mut chance)[0], crate::nn::deviation(variance));
                let z = mean + deviation * noise as f32;
                weight += 0.5 * (noise * noise - f64::from(z * z)) + kernels::ln(deviation.into());
                code.push(z);
            }
            weights.push(weight);
            parts.push(self.parts(moves, &code));
        }
        let mean =
            |weights: &[f64]| kernels::softmax(&mut weights.to_vec()) - kernels::ln(weights.len() as f64);
        let mut before = 0.0;
        let bound = (0..moves.len()).map(|point| {
            weights
                .iter_mut()
                .zip(&parts)
                .for_each(|(weight, parts)| *weight -= parts[point][0] + parts[point][1]);
            let after = mean(&weights);
            std::mem::replace(&mut before, after) - after
        });
        bound.collect()
    }
}

/// The code at `share` of the way from one to another on the sphere between them (Shoemake 1985), 0..=1.
pub fn between(from: &[f32], to: &[f32], share: f64) -> Vec<f32> {
    let dot =
        |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
    let norms = (dot(from, from) * dot(to, to)).sqrt();
    let angle = libm::acos((dot(from, to) / norms.max(1e-30)).clamp(-1.0, 1.0));
    let (a, b) = match libm::sin(angle) {
        // Nearly one direction, or opposite ones: along the line.
        sine if sine < 1e-6 => (1.0 - share, share),
        sine => (libm::sin((1.0 - share) * angle) / sine, libm::sin(share * angle) / sine),
    };
    from.iter().zip(to).map(|(x, y)| (a * f64::from(*x) + b * f64::from(*y)) as f32).collect()
}
