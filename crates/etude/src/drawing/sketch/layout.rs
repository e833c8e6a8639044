//! Sizes of a network, and the arrays that it consists of.

use super::trail::{AFTER, BEFORE};
use crate::nn::NUMBERS;
use crate::sequence::precision::Shape;

/// What an encoder reads of a point: what is known of the move, and the pen.
pub(super) const READ: usize = AFTER + 3;

/// Sizes of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Units of the decoder, H.
    pub(super) width: usize,
    /// Components of the mixture, K.
    pub(super) mixtures: usize,
    /// Hidden values before the mixture, and before the pen.
    pub(super) inner: usize,
    pub(super) turn: usize,
    /// Numbers of a code, Z; 0 for none.
    pub(super) code: usize,
    /// Units of each direction of the encoder.
    pub(super) encoder: usize,
}

/// The arrays of a recurrent layer: input, recurrent, bias.
fn recurrent(of: &str, input: usize, width: usize) -> [Shape; 3] {
    [
        matrix(of, "input", input, 4 * width),
        matrix(of, "recurrent", width, 4 * width),
        vector(of, "bias", 4 * width),
    ]
}

fn matrix(of: &str, part: &str, rows: usize, columns: usize) -> Shape {
    Shape { name: format!("sketch.{of}.{part}"), rows, columns }
}

fn vector(of: &str, part: &str, columns: usize) -> Shape {
    matrix(of, part, 0, columns)
}

impl Layout {
    /// All arrays, in order: the decoder, its two heads, and the encoder where there is a code.
    pub(super) fn shapes(&self) -> Vec<Shape> {
        let Self { width, mixtures, inner, turn, code, encoder } = *self;
        let mut shapes = recurrent("decoder", BEFORE + code, width).to_vec();
        shapes.extend([
            matrix("point", "hidden", width + BEFORE, inner),
            vector("point", "hidden_bias", inner),
            matrix("point", "output", inner, NUMBERS * mixtures),
            vector("point", "output_bias", NUMBERS * mixtures),
            matrix("point", "straight", BEFORE, NUMBERS * mixtures),
            matrix("pen", "hidden", width + AFTER, turn),
            vector("pen", "hidden_bias", turn),
            matrix("pen", "output", turn, 3),
            vector("pen", "output_bias", 3),
        ]);
        if code > 0 {
            shapes.extend(recurrent("onwards", READ, encoder));
            shapes.extend(recurrent("backwards", READ, encoder));
            shapes.extend([
                matrix("code", "from_onwards", encoder, 2 * code),
                matrix("code", "from_backwards", encoder, 2 * code),
                vector("code", "bias", 2 * code),
            ]);
        }
        shapes
    }
}
