//! One head of one stream: what it remembers, and where it looks.

use crate::kernels::line::Line;
use crate::kernels::norm::softmax;
use crate::kernels::vector::Kernel;

/// Looks from the present step on all steps of the ring, the present one counted.
pub(super) struct Attention<'a> {
    /// The present query, key and value, each (d); query and key not yet rotated.
    pub(super) query: &'a mut [f32],
    pub(super) key: &'a mut [f32],
    pub(super) value: &'a [f32],
    /// cos and sin of the present step's angles, each (d/2).
    pub(super) turn: (&'a [f32], &'a [f32]),
    /// Where in the ring the present step goes, and how many steps it holds then.
    pub(super) slot: usize,
    pub(super) filled: usize,
    /// Rotated keys, lines (window/16, d): number i of slot t stands in line (t/16, i) at place t % 16.
    pub(super) keys: &'a mut [Line],
    /// Values, lines (window, d/16).
    pub(super) values: &'a mut [Line],
    /// Working space, lines (window/16).
    pub(super) scores: &'a mut [Line],
    /// What it found, lines (d/16).
    pub(super) found: &'a mut [Line],
}

impl Kernel for Attention<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let size = self.query.len();
        rotate(self.query, self.turn);
        rotate(self.key, self.turn);
        let block = &mut self.keys[self.slot / Line::LEN * size..][..size];
        for (line, &number) in block.iter_mut().zip(self.key.iter()) {
            line.0[self.slot % Line::LEN] = number;
        }
        let value = &mut self.values[self.slot * self.found.len()..][..self.found.len()];
        for (line, numbers) in value.iter_mut().zip(self.value.chunks(Line::LEN)) {
            line.0[..numbers.len()].copy_from_slice(numbers);
        }

        let scores = &mut self.scores[..Line::count(self.filled)];
        let scale = 1.0 / (size as f32).sqrt();
        for (score, keys) in scores.iter_mut().zip(self.keys.chunks_exact(size)) {
            let mut sum = Line::ZERO;
            for (&number, &key) in self.query.iter().zip(keys) {
                sum = sum.add_times(key, number);
            }
            *score = sum.map(|x| x * scale);
        }
        softmax(scores, self.filled);
        self.found.fill(Line::ZERO);
        for (score, values) in scores.iter().zip(self.values.chunks(Line::LEN * self.found.len())) {
            for (&weight, value) in score.0.iter().zip(values.chunks_exact(self.found.len())) {
                for (found, &value) in self.found.iter_mut().zip(value) {
                    *found = found.add_times(value, weight);
                }
            }
        }
    }
}

/// Turns the pairs (i, i + d/2) by their angles.
#[inline(always)]
fn rotate(numbers: &mut [f32], (cos, sin): (&[f32], &[f32])) {
    let (first, second) = numbers.split_at_mut(cos.len());
    for ((a, b), (&cos, &sin)) in first.iter_mut().zip(second).zip(cos.iter().zip(sin)) {
        let (x, y) = (*a, *b);
        *a = x * cos - y * sin;
        *b = y * cos + x * sin;
    }
}
