//! What the reader and the writer do, by tunes.

mod corpora;
mod hostile;
mod reading;
mod writing;
