//! Randomness: one seeded ChaCha stream for each chain or item, so that results don't depend on threads.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// Stream number `stream` of `seed`; different streams are independent.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A uniform number in [0, 1), with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Fills with uniform numbers in [0, 1), with 24 random bits each.
    pub fn fill(&mut self, numbers: &mut [f32]) {
        let mut bytes = [0; 1024];
        for numbers in numbers.chunks_mut(bytes.len() / 4) {
            let bytes = &mut bytes[..4 * numbers.len()];
            self.0.fill_bytes(bytes);
            for (number, bytes) in numbers.iter_mut().zip(bytes.as_chunks().0) {
                *number = (u32::from_le_bytes(*bytes) >> 8) as f32 / (1u32 << 24) as f32;
            }
        }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A uniform index in 0..n. Panics if n is 0.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "nothing to choose from");
        // The bias of the multiply-shift is below n / 2⁶⁴.
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// Every order with the same probability (Fisher & Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// An index drawn by probabilities that sum to 1 (rounding errors fall to the last that isn't 0).
    pub fn draw(&mut self, probabilities: &[f64]) -> usize {
        let mut left = self.unit();
        let mut last = 0;
        for (index, &p) in probabilities.iter().enumerate() {
            if p > 0.0 {
                last = index;
                left -= p;
                if left < 0.0 {
                    return index;
                }
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_follow_their_probabilities_and_never_hit_a_zero() {
        let mut chance = Chance::new(1, 0);
        let mut counts = [0i32; 4];
        for _ in 0..40_000 {
            counts[chance.draw(&[0.5, 0.0, 0.375, 0.125])] += 1;
        }
        assert_eq!(counts[1], 0);
        for (count, expected) in counts.iter().zip([20_000, 0, 15_000, 5_000]) {
            assert!((count - expected).abs() < 400, "{counts:?}");
        }
    }

    #[test]
    fn many_numbers_are_uniform_and_go_on_where_they_ended() {
        let mut numbers = vec![0.0; 1000];
        Chance::new(2, 0).fill(&mut numbers);
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        let mean = numbers.iter().sum::<f32>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.03, "{mean}");
        let (mut parts, mut chance) = (vec![0.0; 1000], Chance::new(2, 0));
        parts.chunks_mut(250).for_each(|part| chance.fill(part));
        assert_eq!(parts, numbers);
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, stream| Chance::new(seed, stream).below(1 << 30);
        assert_eq!(first(7, 0), first(7, 0));
        assert_ne!(first(7, 0), first(7, 1));
        assert_ne!(first(7, 0), first(8, 0));
    }
}
