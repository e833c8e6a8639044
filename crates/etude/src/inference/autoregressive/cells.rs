//! Models that bring a memory of their own and write place by place, such as the voices of a chord.
//!
//! A place may have an alphabet of its own, and a step may have several places. [`sample`] writes pieces of a known number of
//! steps under factors, hard (−∞) or soft, by sequential Monte Carlo, as the module above tells.

use super::Stop;
use super::taste::temper;
use super::weights::Weights;
use crate::inference::chance::Chance;
use crate::kernels;
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

/// A model that writes symbol by symbol. Symbols may come in steps, such as the voices of a chord, and each place may have
/// an alphabet of its own.
pub trait Autoregressive: Sync {
    /// The symbols so far, and what the model remembers of them.
    type Past: Clone + Send + Sync;

    /// How many steps are wholly written.
    fn steps(&self, past: &Self::Past) -> usize;

    /// How many symbols could come next, Q ≥ 1.
    fn symbols(&self, past: &Self::Past) -> usize;

    /// Adds ln p(symbol | past) to every entry of `odds`, shape (Q), that isn't −∞.
    ///
    /// Whoever asks marks with −∞ what is of no interest, so that a model can save work; all p together sum to 1.
    fn add_log_odds(&self, past: &Self::Past, odds: &mut [f64]);

    /// Writes the next symbol.
    fn push(&self, past: &mut Self::Past, symbol: usize);
}

/// How many particles there are, and how they draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cloud {
    /// Particles, ≥ 1.
    pub particles: usize,
    /// Divides the model's log-odds: 1 is its own, lower is more usual.
    pub temperature: f64,
    /// The seed of all randomness.
    pub seed: u64,
}

/// A piece that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn<P> {
    /// Everything written.
    pub past: P,
    /// An estimate of ln Σ p · exp f over all pieces: how likely the model is to meet what is asked by itself.
    pub log_evidence: f64,
    /// The least effective sample size on the way, 1..=particles.
    pub effective: f64,
}

/// A piece in the making, and its own stream of randomness.
struct Particle<P> {
    past: P,
    chance: Chance,
}

/// Writes on from `start` until `steps` steps are written.
///
/// `factors` adds f(symbol | past) to a row of zeros, shape (Q); −∞ forbids. `progress` is told the steps written so far and
/// ends the work by `false`. The outcome doesn't depend on threads: each particle has its own stream.
///
/// # Errors
///
/// See [`Stop`]. Panics without particles.
pub fn sample<M: Autoregressive>(
    model: &M,
    start: &M::Past,
    steps: usize,
    factors: impl Fn(&M::Past, &mut [f64]) + Sync,
    cloud: Cloud,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Drawn<M::Past>, Stop> {
    let mut weights = Weights::new(cloud.particles, cloud.seed);
    let particle =
        |index: usize| Particle { past: start.clone(), chance: Chance::new(cloud.seed, index as u64 + 1) };
    let mut particles: Vec<Particle<M::Past>> = (0..cloud.particles).map(particle).collect();
    for step in model.steps(start)..steps {
        particles.par_iter_mut().zip(&mut weights.log).for_each(|(particle, weight)| {
            while model.steps(&particle.past) <= step && *weight > f64::NEG_INFINITY {
                *weight += write(model, &factors, cloud.temperature, particle);
            }
        });
        if let Some(parents) = weights.settle(step)? {
            let pasts: Vec<M::Past> = parents.iter().map(|&parent| particles[parent].past.clone()).collect();
            particles.iter_mut().zip(pasts).for_each(|(particle, past)| particle.past = past);
        }
        if !progress(step + 1) {
            return Err(Stop::Interrupted);
        }
    }
    let verdict = weights.finish(Stop::DeadEnd(steps))?;
    let past = particles.swap_remove(verdict.chosen).past;
    Ok(Drawn { past, log_evidence: verdict.log_evidence, effective: verdict.effective })
}

/// Writes one symbol of a particle and tells ln m, by which its weight grows; −∞ where nothing may come.
fn write<M: Autoregressive>(
    model: &M,
    factors: &impl Fn(&M::Past, &mut [f64]),
    temperature: f64,
    particle: &mut Particle<M::Past>,
) -> f64 {
    let mut odds = vec![0.0; model.symbols(&particle.past)];
    factors(&particle.past, &mut odds);
    if temperature == 1.0 {
        model.add_log_odds(&particle.past, &mut odds);
    } else {
        // All symbols, those forbidden too, share what the temperature changes.
        let mut own = vec![0.0; odds.len()];
        model.add_log_odds(&particle.past, &mut own);
        temper(&mut own, temperature);
        kernels::add(&mut odds, &own);
    }
    if odds.iter().all(|&odd| odd == f64::NEG_INFINITY) {
        return f64::NEG_INFINITY;
    }
    let mass = kernels::softmax(&mut odds);
    let symbol = particle.chance.draw(&odds);
    model.push(&mut particle.past, symbol);
    mass
}

/// −ln p(symbol | past) of each of `symbols`, in the order in which they are written.
pub fn surprise<M: Autoregressive>(model: &M, start: &M::Past, symbols: &[usize]) -> Vec<f64> {
    let mut past = start.clone();
    let nats = symbols.iter().map(|&symbol| {
        let mut odds = vec![f64::NEG_INFINITY; model.symbols(&past)];
        odds[symbol] = 0.0;
        model.add_log_odds(&past, &mut odds);
        model.push(&mut past, symbol);
        -odds[symbol]
    });
    nats.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of two symbols that prefers to stay, one symbol per step.
    struct Chain;

    impl Autoregressive for Chain {
        type Past = Vec<usize>;

        fn steps(&self, past: &Vec<usize>) -> usize {
            past.len()
        }

        fn symbols(&self, _: &Vec<usize>) -> usize {
            2
        }

        fn add_log_odds(&self, past: &Vec<usize>, odds: &mut [f64]) {
            let stays = past.last().copied().unwrap_or(0);
            for (symbol, odd) in odds.iter_mut().enumerate() {
                *odd += kernels::ln(if symbol == stays { 0.8 } else { 0.2 });
            }
        }

        fn push(&self, past: &mut Vec<usize>, symbol: usize) {
            past.push(symbol);
        }
    }

    fn cloud(particles: usize, seed: u64) -> Cloud {
        Cloud { particles, temperature: 1.0, seed }
    }

    /// The last of four symbols is 1.
    fn ends_on_one(past: &[usize], factors: &mut [f64]) {
        if past.len() == 3 {
            factors[0] = f64::NEG_INFINITY;
        }
    }

    fn draw(particles: usize, seed: u64) -> Drawn<Vec<usize>> {
        let ends = |past: &Vec<usize>, factors: &mut [f64]| ends_on_one(past, factors);
        sample(&Chain, &vec![], 4, ends, cloud(particles, seed), &mut |_| true).expect("there is a way")
    }

    #[test]
    fn particles_approach_the_exact_conditional() {
        let pieces: Vec<Vec<usize>> =
            (0..8).map(|bits| vec![bits >> 2 & 1, bits >> 1 & 1, bits & 1, 1]).collect();
        let joint: Vec<f64> = pieces
            .iter()
            .map(|piece| (-surprise(&Chain, &vec![], piece).iter().sum::<f64>()).exp())
            .collect();
        let total: f64 = joint.iter().sum();
        let mut found = [0.0; 8];
        for seed in 0..4000 {
            let drawn = draw(32, seed).past;
            let index = pieces.iter().position(|piece| *piece == drawn).expect("it ends on 1");
            found[index] += 1.0 / 4000.0;
        }
        for (found, joint) in found.iter().zip(joint) {
            assert!((found - joint / total).abs() < 0.03, "{found} for {}", joint / total);
        }
    }

    #[test]
    fn the_evidence_is_the_probability_of_what_is_asked() {
        let mean = (0..200).map(|seed| draw(64, seed).log_evidence.exp()).sum::<f64>() / 200.0;
        // After four steps of 0.8 / 0.2 the chain has switched an odd number of times with (1 − 0.6⁴) / 2.
        assert!((mean - (1.0 - 0.6f64.powi(4)) / 2.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn a_low_temperature_leaves_the_likeliest() {
        let cold = Cloud { particles: 1, temperature: 0.05, seed: 3 };
        let drawn = sample(&Chain, &vec![], 20, |_, _| (), cold, &mut |_| true).expect("nothing is asked");
        assert_eq!(drawn.past, [0; 20]);
    }

    #[test]
    fn dead_ends_and_interruptions_are_told() {
        let forbid = |past: &Vec<usize>, factors: &mut [f64]| {
            if past.len() == 2 {
                factors.fill(f64::NEG_INFINITY);
            }
        };
        let stuck = sample(&Chain, &vec![], 4, forbid, cloud(3, 1), &mut |_| true);
        assert_eq!(stuck, Err(Stop::DeadEnd(2)));
        let ended = sample(&Chain, &vec![], 4, |_, _| (), cloud(3, 1), &mut |done| done < 2);
        assert_eq!(ended, Err(Stop::Interrupted));
    }
}
