//! Mixtures of bivariate Gaussians, in plain numbers: where the pen goes next.
//!
//! [`MixtureDensity`](crate::nn::MixtureDensity) tells what the numbers of a row mean, and why there is a floor; this is the
//! same density in f64, with draws from it.

use crate::inference::chance::Chance;
use crate::kernels;
use crate::nn::{NUMBERS, SLANT, SPREADS};
use std::f64::consts::{PI, TAU};

/// A mixture of bivariate Gaussians.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    components: Vec<Gaussian>,
}

/// One component.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gaussian {
    /// ln π but for what is the same for all.
    odds: f64,
    mean: [f64; 2],
    /// Σ + ℓ² I: its entries xx, yy and xy, and its determinant.
    xx: f64,
    yy: f64,
    xy: f64,
    determinant: f64,
}

impl Mixture {
    /// From a row of a network, (6K), with the floor ℓ.
    pub fn read(row: &[f32], least: f64) -> Self {
        let count = row.len() / NUMBERS;
        let part = |part: usize, component: usize| f64::from(row[part * count + component]);
        let floor = least * least;
        let component = |at: usize| {
            let spread = |raw: f64| kernels::exp(raw.clamp(SPREADS.0.into(), SPREADS.1.into()));
            let (sx, sy) = (spread(part(3, at)), spread(part(4, at)));
            let e = kernels::exp(-2.0 * part(5, at).abs().min(SLANT.into()));
            let (rho, rest) =
                (((1.0 - e) / (1.0 + e)).copysign(part(5, at)), 4.0 * e / ((1.0 + e) * (1.0 + e)));
            let (xx, yy) = (sx * sx, sy * sy);
            Gaussian {
                odds: part(0, at),
                mean: [part(1, at), part(2, at)],
                xx: xx + floor,
                yy: yy + floor,
                xy: rho * sx * sy,
                determinant: floor * (floor + xx + yy) + xx * yy * rest,
            }
        };
        Self { components: (0..count).map(component).collect() }
    }

    /// ln of the density at a point.
    pub fn log_density(&self, x: f64, y: f64) -> f64 {
        let mut prior: Vec<f64> = self.components.iter().map(|component| component.odds).collect();
        let mut joint: Vec<f64> =
            self.components.iter().map(|component| component.odds + component.log_density(x, y)).collect();
        kernels::softmax(&mut joint) - kernels::softmax(&mut prior)
    }

    /// A point drawn at a temperature τ: log-odds are divided by τ, variances multiplied (Ha & Eck 2017, eq. (8)).
    pub fn draw(&self, temperature: f64, chance: &mut Chance) -> [f64; 2] {
        let mut shares: Vec<f64> =
            self.components.iter().map(|component| component.odds / temperature).collect();
        kernels::softmax(&mut shares);
        let Gaussian { mean, xx, xy, determinant, .. } = self.components[chance.draw(&shares)];
        // Σ = L Lᵀ, by Cholesky.
        let [first, second] = normal_pair(chance);
        let (wide, spread) = (xx.sqrt(), temperature.sqrt());
        let across = xy / wide * first + (determinant / xx).sqrt() * second;
        [mean[0] + spread * wide * first, mean[1] + spread * across]
    }
}

impl Gaussian {
    fn log_density(&self, x: f64, y: f64) -> f64 {
        let (a, b) = (x - self.mean[0], y - self.mean[1]);
        let square = (self.yy * a * a - 2.0 * self.xy * a * b + self.xx * b * b) / self.determinant;
        -0.5 * (square + kernels::ln(self.determinant)) - kernels::ln(2.0 * PI)
    }
}

/// Two normal numbers by Box & Muller 1958.
pub fn normal_pair(chance: &mut Chance) -> [f64; 2] {
    let (radius, turn) = (1.0 - chance.unit(), chance.unit());
    let radius = (-2.0 * kernels::ln(radius)).sqrt();
    [radius * libm::cos(TAU * turn), radius * libm::sin(TAU * turn)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{MixtureDensity, Operation};

    /// Rows of K components.
    fn row(components: usize) -> Vec<f32> {
        let mut chance = Chance::new(3, components as u64);
        (0..NUMBERS * components).map(|_| 4.0 * chance.unit() as f32 - 2.0).collect()
    }

    #[test]
    fn the_operation_of_networks_tells_the_same_density() {
        for components in [1, 5, 16, 20, 64] {
            let (row, point) = (row(components), [0.7f32, -1.2]);
            for least in [0.004, 0.1, 1.0] {
                let judge = MixtureDensity::new(components, least, vec![Some(point)]);
                judge.forward(&[&row]);
                let ours = -Mixture::read(&row, least.into()).log_density(point[0].into(), point[1].into());
                assert!((judge.nats() - ours).abs() < 1e-3 * ours.abs().max(1.0), "{} {ours}", judge.nats());
            }
        }
    }

    #[test]
    fn a_component_by_itself_is_the_formula_of_the_paper() {
        // With a floor of next to nothing: Graves 2013, eq. (24) and (25).
        let (mx, my, sx, sy, r) = (0.3, -0.4, 0.2f64, -0.5f64, 0.6f64);
        let row = [0.0, mx as f32, my as f32, sx as f32, sy as f32, r as f32];
        let (x, y) = (1.0, 0.5);
        let (sx, sy, rho) =
            (f64::from(sx as f32).exp(), f64::from(sy as f32).exp(), f64::from(r as f32).tanh());
        let (a, b) = ((x - f64::from(mx as f32)) / sx, (y - f64::from(my as f32)) / sy);
        let z = a * a + b * b - 2.0 * rho * a * b;
        let expected = (-z / (2.0 * (1.0 - rho * rho))).exp() / (TAU * sx * sy * (1.0 - rho * rho).sqrt());
        let ours = Mixture::read(&row, 1e-9).log_density(x, y).exp();
        assert!((ours - expected).abs() < 1e-9, "{ours}, not {expected}");
    }

    #[test]
    fn densities_sum_to_one_and_stay_under_the_floors() {
        let (mixture, step) = (Mixture::read(&row(7), 0.2), 0.05);
        let grid =
            (-600..=600).flat_map(|x| (-600..=600).map(move |y| (f64::from(x) * step, f64::from(y) * step)));
        let densities: Vec<f64> = grid.map(|(x, y)| mixture.log_density(x, y).exp()).collect();
        let total = densities.iter().sum::<f64>() * step * step;
        assert!((total - 1.0).abs() < 1e-3, "{total}");
        let thin = [0.0, 0.0, 0.0, -20.0, 9.0, 30.0];
        for row in [thin.to_vec(), row(3)] {
            assert!(Mixture::read(&row, 0.2).log_density(0.0, 0.0) <= -(TAU * 0.04f64).ln() + 1e-12);
        }
    }

    #[test]
    fn draws_have_the_moments_of_the_mixture() {
        let row = [0.5, -0.5, 1.0, -2.0, 0.0, 1.0, 0.1, -0.3, -0.2, 0.4, 1.0, -0.7];
        let mixture = Mixture::read(&row.map(|x: f64| x as f32), 0.1);
        let mut chance = Chance::new(1, 1);
        let draws: Vec<[f64; 2]> = (0..200_000).map(|_| mixture.draw(1.0, &mut chance)).collect();
        let mean = |of: &dyn Fn(&[f64; 2]) -> f64| draws.iter().map(of).sum::<f64>() / draws.len() as f64;
        let mut shares = [0.5, -0.5];
        kernels::softmax(&mut shares);
        let expected = |of: &dyn Fn(&Gaussian) -> f64| -> f64 {
            mixture.components.iter().zip(shares).map(|(component, share)| share * of(component)).sum()
        };
        for (drawn, exact) in [
            (mean(&|p| p[0]), expected(&|c| c.mean[0])),
            (mean(&|p| p[1]), expected(&|c| c.mean[1])),
            (mean(&|p| p[0] * p[0]), expected(&|c| c.xx + c.mean[0] * c.mean[0])),
            (mean(&|p| p[1] * p[1]), expected(&|c| c.yy + c.mean[1] * c.mean[1])),
            (mean(&|p| p[0] * p[1]), expected(&|c| c.xy + c.mean[0] * c.mean[1])),
        ] {
            assert!((drawn - exact).abs() < 0.03, "{drawn}, not {exact}");
        }
    }

    #[test]
    fn a_low_temperature_draws_the_likeliest_place() {
        let row = [2.0, 0.0, 1.0, -2.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let mixture = Mixture::read(&row, 0.1);
        let mut chance = Chance::new(1, 2);
        for _ in 0..100 {
            let [x, y] = mixture.draw(1e-4, &mut chance);
            assert!((x - 1.0).abs() < 0.1 && y.abs() < 0.1, "{x} {y}");
        }
    }
}
