//! How a recurrent layer reads: a dense product of the layer below, or rows of a table for fields.

use super::bag::Bag;
use super::buffers::take;
use super::product::{Matrix, multiply_shared};
use super::rows::{SHARE, repeated};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

/// What a layer of G columns reads.
#[derive(Debug)]
pub enum Feed {
    /// x (N, I) times W (I, G); arrays x and W.
    Dense {
        /// Width of the layer below, I.
        width: usize,
    },
    /// The sum of rows of a table (Σ N_k, G); the table is the only array.
    Fields(Bag),
}

impl Feed {
    /// The arrays of the feed, and the `N` further ones of the operation.
    pub(super) fn split<'a, 'b, const N: usize>(
        &self,
        inputs: &'a [&'b [f32]],
    ) -> (&'a [&'b [f32]], &'a [&'b [f32]; N]) {
        let own = match self {
            Self::Dense { .. } => 2,
            Self::Fields(_) => 1,
        };
        let (own, rest) = inputs.split_at(own);
        (own, rest.try_into().expect("as many arrays as the operation has"))
    }

    /// What is read, and the bias, for every row: (N, G).
    pub(super) fn forward(&self, own: &[&[f32]], bias: &[f32]) -> Vec<f32> {
        match (self, own) {
            (Self::Dense { width }, &[x, weights]) => {
                let rows = x.len() / width;
                let mut out = repeated(bias, rows);
                let weights = Matrix::new(weights, *width, bias.len());
                multiply_shared(Matrix::new(x, rows, *width), weights, &mut out, true);
                out
            }
            (Self::Fields(bag), &[table]) => {
                let mut out = take(bag.rows() * bias.len());
                let shares = out.par_chunks_mut(SHARE * bias.len()).enumerate();
                shares.for_each(|(share, out)| bag.add_up(table, bias, share * SHARE, out));
                out
            }
            _ => unreachable!("a feed has its arrays"),
        }
    }

    /// The gradient of each of its arrays, given that of what is read, (N, G).
    pub(super) fn backward(&self, own: &[&[f32]], change: &[f32]) -> Vec<Vec<f32>> {
        match (self, own) {
            (Self::Dense { width }, &[x, weights]) => {
                let (rows, columns) = (x.len() / width, weights.len() / width);
                let change = Matrix::new(change, rows, columns);
                let (mut dx, mut dw) = (vec![0.0; x.len()], vec![0.0; weights.len()]);
                let back = Matrix::new(weights, *width, columns).transposed();
                multiply_shared(change, back, &mut dx, false);
                multiply_shared(Matrix::new(x, rows, *width).transposed(), change, &mut dw, false);
                vec![dx, dw]
            }
            (Self::Fields(bag), &[table]) => vec![bag.spread(change, table.len())],
            _ => unreachable!("a feed has its arrays"),
        }
    }
}
