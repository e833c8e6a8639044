//! Gradients against finite differences, and against burn's autodiff on the same formulas in plain tensor operations.

mod differences;
mod networks;
mod plain;
mod reader;

use crate::inference::chance::Chance;

/// Numbers in −scale..scale.
fn numbers(stream: u64, count: usize, scale: f32) -> Vec<f32> {
    let mut chance = Chance::new(11, stream);
    (0..count).map(|_| (2.0 * chance.unit() as f32 - 1.0) * scale).collect()
}

/// Four steps of three streams; a sequence begins in the midst of the second, and another at the first step of the third.
const RESETS: [bool; 12] = [false, false, true, false, false, false, false, true, false, false, false, false];
