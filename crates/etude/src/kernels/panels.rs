//! Matrices in panels: stored in the order in which a product reads them.
//!
//! A panel holds P·16 columns of a matrix (K, J), row by row: lines (K, P). A product adds up each of its sums over k
//! in ascending order, one fused multiply-add after the other, whatever the number of streams. So many streams give the
//! bits of each alone, and panels can be shared among threads.

use super::line::Line;
use super::vector::{Kernel, fast};

/// A matrix (K, J), ready to be multiplied.
#[derive(Debug, Clone)]
pub struct Panels {
    /// Panels, rows, parts; rows are filled up with 0 to a multiple of 16.
    lines: Vec<Line>,
    /// Rows, a multiple of 16.
    rows: usize,
    /// Lines of a panel's row, P.
    parts: usize,
}

impl Panels {
    /// Parts of the panels that [`Panels::plain`] makes.
    pub const PARTS: usize = 4;

    /// A matrix (`rows`, J), row-major. Panel p yields the columns 64·p.. as four lines.
    pub fn plain(matrix: &[f32], rows: usize) -> Self {
        let panels = (matrix.len() / rows).div_ceil(Self::PARTS * Line::LEN);
        Self::pack(matrix, rows, Self::PARTS, panels, |column| {
            let line = column / Line::LEN;
            (line / Self::PARTS, line % Self::PARTS, column % Line::LEN)
        })
    }

    /// A matrix (`rows`, `gates` · H), row-major. Panel p yields the columns 16·p.. of each gate as one line.
    pub fn gates(matrix: &[f32], rows: usize, gates: usize) -> Self {
        let width = matrix.len() / rows / gates;
        Self::pack(matrix, rows, gates, Line::count(width), |column| {
            let unit = column % width;
            (unit / Line::LEN, column / width, unit % Line::LEN)
        })
    }

    /// Puts each column where `place` tells: panel, part, and place in the line.
    fn pack(
        matrix: &[f32],
        rows: usize,
        parts: usize,
        panels: usize,
        place: impl Fn(usize) -> (usize, usize, usize),
    ) -> Self {
        let padded = rows.next_multiple_of(Line::LEN);
        let mut lines = vec![Line::ZERO; panels * padded * parts];
        for (row, numbers) in matrix.chunks_exact(matrix.len() / rows).enumerate() {
            for (column, &number) in numbers.iter().enumerate() {
                let (panel, part, place) = place(column);
                lines[(panel * padded + row) * parts + part].0[place] = number;
            }
        }
        Self { lines, rows: padded, parts }
    }

    /// How many panels there are.
    pub fn count(&self) -> usize {
        self.lines.len() / (self.rows * self.parts)
    }

    /// Multiply-adds of one panel for one stream.
    pub fn work(&self) -> usize {
        self.rows * self.parts * Line::LEN
    }

    /// Adds to `sums`, lines (P, N), the product of `inputs`, lines (K/16, N), with a panel.
    pub fn multiply(&self, panel: usize, inputs: &[Line], sums: &mut [Line]) {
        fast(self.product(panel, inputs, sums));
    }

    fn product<'a>(&'a self, panel: usize, inputs: &'a [Line], sums: &'a mut [Line]) -> Product<'a> {
        let size = self.rows * self.parts;
        let streams = sums.len() / self.parts;
        let inputs = &inputs[..self.rows / Line::LEN * streams];
        Product { panel: &self.lines[panel * size..][..size], parts: self.parts, inputs, streams, sums }
    }
}

/// The product of one panel with the vectors of all streams.
struct Product<'a> {
    /// Lines (K, P).
    panel: &'a [Line],
    parts: usize,
    /// Lines (K/16, N).
    inputs: &'a [Line],
    streams: usize,
    /// Lines (P, N).
    sums: &'a mut [Line],
}

impl Kernel for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        match (self.streams, self.parts) {
            (1, 4) => self.row::<4>(),
            (1, 3) => self.row::<3>(),
            _ => {
                for part in 0..self.parts {
                    self.part(part);
                }
            }
        }
    }
}

impl Product<'_> {
    /// All parts of one stream: the panel is read once, from its beginning to its end.
    #[inline(always)]
    fn row<const P: usize>(&mut self) {
        let own: &mut [Line; P] = self.sums.first_chunk_mut().expect("a line for each part");
        let mut sums = *own;
        for (rows, input) in self.panel.chunks_exact(Line::LEN * P).zip(self.inputs) {
            for (row, &number) in rows.as_chunks::<P>().0.iter().zip(&input.0) {
                for part in 0..P {
                    sums[part] = sums[part].add_times(row[part], number);
                }
            }
        }
        *own = sums;
    }

    /// One part of all streams, six of them at a time: their sums stay in the registers.
    #[inline(always)]
    fn part(&mut self, part: usize) {
        let mut stream = 0;
        while stream < self.streams {
            stream += match self.streams - stream {
                1 => self.tile::<1>(part, stream),
                2 => self.tile::<2>(part, stream),
                3 => self.tile::<3>(part, stream),
                4 => self.tile::<4>(part, stream),
                5 => self.tile::<5>(part, stream),
                _ => self.tile::<6>(part, stream),
            };
        }
    }

    /// One part of S streams from `stream` on; returns S.
    #[inline(always)]
    fn tile<const S: usize>(&mut self, part: usize, stream: usize) -> usize {
        let sums: &mut [Line; S] =
            self.sums[part * self.streams + stream..].first_chunk_mut().expect("a line for each stream");
        // Copied number by number: a slice of the halves would take them out of the registers.
        let mut halves = [[[0.0; HALF]; 2]; S];
        for s in 0..S {
            for place in 0..Line::LEN {
                halves[s][place / HALF][place % HALF] = sums[s].0[place];
            }
        }
        let blocks = self.panel.chunks_exact(Line::LEN * self.parts);
        for (rows, inputs) in blocks.zip(self.inputs.chunks_exact(self.streams)) {
            let inputs: &[Line; S] = inputs[stream..].first_chunk().expect("a line for each stream");
            for (place, row) in rows.chunks_exact(self.parts).enumerate() {
                let [left, right] = row[part].0.as_chunks().0 else { unreachable!("a line has two halves") };
                for s in 0..S {
                    let number = inputs[s].0[place % Line::LEN];
                    halves[s][0] = add_times(halves[s][0], left, number);
                    halves[s][1] = add_times(halves[s][1], right, number);
                }
            }
        }
        for s in 0..S {
            for place in 0..Line::LEN {
                sums[s].0[place] = halves[s][place / HALF][place % HALF];
            }
        }
        S
    }
}

/// Numbers in half a line.
const HALF: usize = Line::LEN / 2;

/// Half a line. The compiler keeps many of them in registers, which it doesn't with whole ones.
type Half = [f32; HALF];

/// A loop rather than a function of arrays: those may be compiled apart, for a machine without wide vectors.
#[inline(always)]
fn add_times(sum: Half, weights: &Half, times: f32) -> Half {
    let mut sum = sum;
    for place in 0..HALF {
        sum[place] = weights[place].mul_add(times, sum[place]);
    }
    sum
}

#[cfg(test)]
mod tests;
