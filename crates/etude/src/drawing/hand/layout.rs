//! Sizes of a network that writes, and the arrays that it consists of.

use crate::nn::NUMBERS;
use crate::sequence::precision::Shape;

/// What a layer is told of what was written: dx and dy of the last move, whether the pen was lifted, and how far below the base
/// line it stands.
pub(super) const WRITTEN: usize = 4;
/// What the pen may do at a point: stay down, or be lifted.
pub(super) const PENS: usize = 2;

/// Sizes of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Letters that can be written, V.
    pub letters: usize,
    /// Gaussians of the window, K.
    pub gaussians: usize,
    /// Units of the layer that reads, H.
    pub reader: usize,
    /// Units of the layer above it, J.
    pub writer: usize,
    /// Components of the mixture, M.
    pub mixtures: usize,
}

impl Layout {
    /// What the upper layer sees: what was written, and the lower layer with its window.
    pub(super) fn seen(&self) -> usize {
        self.reader + self.letters
    }

    /// All arrays, in order.
    pub(super) fn shapes(&self) -> Vec<Shape> {
        let Self { gaussians, reader, writer, mixtures, .. } = *self;
        let shape =
            |name: &str, rows: usize, columns: usize| Shape { name: format!("hand.{name}"), rows, columns };
        vec![
            shape("reader.gates", WRITTEN + self.seen(), 4 * reader),
            shape("reader.bias", 0, 4 * reader),
            shape("reader.window", reader, 3 * gaussians),
            shape("reader.window_bias", 0, 3 * gaussians),
            shape("writer.input", self.seen() + WRITTEN, 4 * writer),
            shape("writer.recurrent", writer, 4 * writer),
            shape("writer.bias", 0, 4 * writer),
            shape("point.reader", self.seen(), NUMBERS * mixtures),
            shape("point.writer", writer, NUMBERS * mixtures),
            shape("point.bias", 0, NUMBERS * mixtures),
            shape("pen.reader", self.seen(), PENS),
            shape("pen.writer", writer, PENS),
            shape("pen.bias", 0, PENS),
        ]
    }
}
