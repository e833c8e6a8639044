//! The encoder in training: two readers of whole drawings, one from each end, and the codes that they tell.

use super::batch::Batch;
use super::layout::{Layout, READ};
use super::network::{Lessons, Way};
use super::trail::AFTER;
use crate::nn::graph::{Array, apply_1, apply_2, apply_3, apply_4};
use crate::nn::{Code, Divergence, Feed, Linear, Lstm, NO_ROW, Pick, Residual, Sizes};
use std::sync::Arc;

/// What an encoder reads of a point.
pub(super) fn read_of(after: &[f32], pen: u32) -> [f32; READ] {
    let mut read = [0.0; READ];
    read[..AFTER].copy_from_slice(after);
    read[AFTER + pen as usize] = 1.0;
    read
}

impl Lessons {
    /// What the decoder reads where each drawing has a code, (T, B, 18 + Z), and what the codes cost by the point.
    pub(super) fn code(&self, arrays: &[Array], batch: &Batch, way: &Way) -> (Array, Array) {
        let Layout { code, encoder: width, .. } = self.layout;
        let (steps, streams) = (batch.steps, batch.streams);
        let drawings = batch.drawings.iter().flatten().max().map_or(0, |most| *most as usize + 1);
        let mut read = [vec![0.0; steps * streams * READ], vec![0.0; steps * streams * READ]];
        let mut resets = [batch.resets.clone(), vec![true; steps * streams]];
        // Where each reader is when it has read a drawing: at its last point, and at its first.
        let mut ends = [vec![NO_ROW; drawings], vec![NO_ROW; drawings]];
        for (row, &place) in batch.places.iter().enumerate() {
            let place = place as usize;
            let (step, stream) = (place / streams, place % streams);
            let mirrored = (steps - 1 - step) * streams + stream;
            let own = read_of(&batch.after[row * AFTER..][..AFTER], batch.pens[row]);
            read[0][place * READ..][..READ].copy_from_slice(&own);
            read[1][mirrored * READ..][..READ].copy_from_slice(&own);
            let number = batch.drawings[place].expect("a point is of a drawing") as usize;
            ends[0][number] = place as u32;
            if ends[1][number] == NO_ROW {
                ends[1][number] = mirrored as u32;
            }
            resets[1][mirrored] = batch.pens[row] == 2;
        }
        let sizes = Sizes { steps, streams, width };
        let zero = vec![0.0; streams * width];
        let add = |a: &Array, b: &Array| apply_2(Arc::new(Residual), a, b);
        let no_bias = Array::constant(vec![0.0; 2 * code]);
        let mut told = Vec::new();
        for (side, (read, (resets, ends))) in read.into_iter().zip(resets.into_iter().zip(ends)).enumerate() {
            let layer = Lstm::new(sizes, Feed::Dense { width: READ }, resets, zero.clone(), zero.clone());
            let own = &arrays[3 * side..3 * side + 3];
            let states = apply_4(Arc::new(layer), [&Array::constant(read), &own[0], &own[1], &own[2]]);
            let last = apply_1(Arc::new(Pick { width, rows: ends, beside: Vec::new() }), &states);
            let bias = if side == 0 { &arrays[8] } else { &no_bias };
            told.push(apply_3(
                Arc::new(Linear { input: width, output: 2 * code }),
                &last,
                &arrays[6 + side],
                bias,
            ));
        }
        let told = add(&told[0], &told[1]);
        let z = apply_1(Arc::new(Code { width: code, noise: way.noise.clone() }), &told);
        let rows = batch.drawings.iter().map(|drawing| drawing.unwrap_or(NO_ROW)).collect();
        let x = apply_1(Arc::new(Pick { width: code, rows, beside: batch.before.clone() }), &z);
        // A drawing's cost, as a share of each of its points.
        let weight = (way.cost * drawings as f64 / batch.places.len().max(1) as f64) as f32;
        let divergence = Divergence { width: code, weight, free: way.free as f32 };
        (x, apply_1(Arc::new(divergence), &told))
    }
}
