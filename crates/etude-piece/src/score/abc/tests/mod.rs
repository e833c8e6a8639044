//! What the reader and the writer do, by tunes.

mod corpora;
mod reading;
