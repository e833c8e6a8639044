//! Dropout (Srivastava & al. 2014): while learning, some values become 0 and the others grow by as much as is lost.

use super::operation::Operation;
use crate::inference::chance::Chance;

/// The operation x → x ⊙ mask / (1 − p), of any shape.
#[derive(Debug)]
pub struct Dropout {
    /// 0 or 1 / (1 − p) for each value.
    mask: Vec<f32>,
}

impl Dropout {
    /// A mask for `count` values; each is dropped with probability `share`, 0..1, to within 1/65536.
    pub fn new(count: usize, share: f64, chance: &mut Chance) -> Self {
        Self { mask: Self::mask(count, share, chance) }
    }

    /// Such a mask by itself: 0 or 1 / (1 − p) for each value.
    pub fn mask(count: usize, share: f64, chance: &mut Chance) -> Vec<f32> {
        // Four values to a draw.
        let (threshold, kept) = ((share * 65_536.0) as u64, (1.0 / (1.0 - share)) as f32);
        let mut mask = vec![0.0; count];
        for mask in mask.chunks_mut(4) {
            let mut bits = chance.bits();
            for value in mask {
                *value = if bits & 0xffff < threshold { 0.0 } else { kept };
                bits >>= 16;
            }
        }
        mask
    }

    fn masked(&self, values: &[f32]) -> Vec<f32> {
        values.iter().zip(&self.mask).map(|(value, mask)| value * mask).collect()
    }
}

impl Operation for Dropout {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        self.masked(inputs[0])
    }

    fn backward(&self, _: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        vec![self.masked(gradient)]
    }
}
