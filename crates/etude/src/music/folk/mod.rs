//! Folk tunes: an [`Author`](crate::author::Author) that writes dance tunes symbol by symbol, by any
//! [`engine`](crate::sequence::engine) of sequences.
//!
//! Sturm, Santos, Ben-Tal & Korshunova, *Music transcription modelling and composition using deep learning*, 1st Conference on
//! Computer Simulation of Musical Creativity, 2016, arXiv:1604.08723 (folk-rnn): a tune in ABC is a sequence of symbols, and a
//! model foretells each given those before. Metre and mode come first; the tonic is always C.
//!
//! ```text
//!     tune ─read→ parts ─→ symbols (T) ─guide→ fields (T, K) ─→ surprise (T)
//!     tune ←write─ parts ←─ symbols (T) ←─ model × grammar ←─ plan ←─ request
//! ```
//!
//! Where we differ: durations are exact, not multipliers; a triplet is told by its notes' durations, an upbeat by its length
//! before it comes, and ties are kept. A grammar allows only what leads to a tune whose bars are all right (the paper's
//! model sometimes miscounts), so none has to be thrown away. Besides the symbol before, a model may read where in the bar and
//! in the part it is, and what stood at the same place one, four and eight bars before. Metre, mode and form are lent by
//! a training tune, unless they are asked for; with `form=free` the model makes up the form.
//!
//! Each twentieth piece of a collection is held out. What is asked of a tune is laid on its [`plan`]; [`HELP`] has the language.

pub mod tokens;

pub mod tune;

mod measure;
mod parts;
pub mod read;
pub mod write;

pub mod plan;

pub mod grammar;
pub mod guide;

pub mod form;

mod ask;
mod met;
mod request;
mod wish;

mod author;
mod compose;
mod train;

#[cfg(test)]
mod tests;

pub use ask::HELP;
pub use request::wishes;
pub use train::{HELD_OUT, Item, is_held_out, items, load, settings, train};
