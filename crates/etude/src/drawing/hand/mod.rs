//! Handwriting: a text is given, its strokes are open.
//!
//! Graves, *Generating sequences with recurrent neural networks*, 2013, arXiv:1308.0850, section 5. A layer reads the text
//! through a window that it moves on itself ([`Reader`](crate::nn::Reader)); a second layer writes; a mixture of Gaussians tells
//! where the next point lies, and two odds whether the pen is lifted there.
//!
//! ```text
//! h, w = LSTM(x, w′, h′) with a window on the text       x: the last move, whether the pen was lifted, its height
//! H    = LSTM(x, h, w, H′)
//! p(dx, dy | …) = Σ π N(dx, dy; μ, Σ + ℓ² I)             π, μ, Σ = A (h, w) + B H
//! p(pen | …)    = softmax(C (h, w) + D H)                down, lifted
//! ```
//!
//! A line ends when the window looks rather past the end of its text than at any letter. A guard ends it besides: moves are
//! bounded, so is the number of points for each letter, and a window that doesn't move on stops the pen; such a line is told apart
//! from one that is done. Where we differ from the paper: two layers, not three; no peepholes; they are told how far
//! the pen stands from the base line, as lines drift otherwise; densities have a floor.
//!
//! | what | where |
//! |---|---|
//! | letters of single-line fonts | [`letters`] |
//! | writing them as somebody would | [`style`] |
//! | lines on pages | [`page`] |
//! | somebody who writes a font | [`copyist`] |
//! | texts and lines to learn from | [`lesson`] |
//! | the network in training | [`network`] |
//! | the network that writes | [`run`] |

pub mod letters;

pub mod style;

pub mod page;

pub mod copyist;

mod layout;

pub mod lesson;

pub mod network;

pub mod run;

#[cfg(test)]
mod tests;

pub use layout::Layout;
