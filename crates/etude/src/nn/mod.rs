//! What networks are made of: fused operations, each with a gradient written by hand, on burn's tensors and autodiff.
//!
//! An operation is a plain function of slices ([`operation::Operation`]); [`graph`] puts operations together and asks burn
//! for the gradients of all parameters. No type of burn leaves this folder, so a network of an art is written in slices,
//! shapes and [`graph::Array`]s.
//!
//! Every operation is held against burn's own autodiff on the same formula in plain tensor operations, and against finite
//! differences. Each sum is added in one fixed order, however many threads take part, so that the same seed gives the
//! same weights, bit for bit.
//!
//! ```text
//!     arrays are row-major;  T steps, B streams, H width, Q symbols, K fields
//! ```

pub mod graph;
mod operation;

mod attention;
mod bag;
mod code;
mod cross_entropy;
mod dropout;
mod feed;
mod gelu;
mod gru;
mod linear;
mod lstm;
mod mixture_density;
mod norm;
mod pick;
mod reader;
mod residual;
mod slide;

mod buffers;
pub(crate) mod product;
mod rows;
mod steps;
pub(crate) mod window;

#[cfg(test)]
mod tests;

pub use attention::Attention;
pub use bag::Bag;
pub(crate) use code::deviation;
pub use code::{Code, Divergence};
pub use cross_entropy::{CrossEntropy, IGNORED};
pub use dropout::Dropout;
pub use feed::Feed;
pub use gelu::Gelu;
pub use gru::Gru;
pub use linear::{Linear, Tied};
pub use lstm::Lstm;
pub use mixture_density::{MOST_COMPONENTS, MixtureDensity, NUMBERS, SLANT, SPREADS};
pub use norm::LayerNorm;
pub use operation::Operation;
pub use pick::{NO_ROW, Pick};
pub use reader::{Reader, Reading};
pub use residual::Residual;
pub use slide::{Slide, window};
pub use steps::Sizes;
