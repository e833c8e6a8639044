//! What the reader and the writer do, by tunes.

mod corpora;
mod habits;
mod hostile;
mod oracle;
mod reading;
mod writing;
