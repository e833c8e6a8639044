//! Tests of the notation, the grammar and the author.

mod author;
mod corpus;
mod reading;
mod shipped;
mod walks;

use super::read::read;
use super::tune::Tune;
use etude_piece::score::{Score, abc};

/// The tune that a header and music in ABC give.
fn tune(text: &str) -> Result<Tune, String> {
    let abc = format!("X:1\nL:1/8\n{text}\n");
    read(&abc::read(abc.as_bytes()).expect("ABC")).map(|read| read.tune)
}

/// What a score that was written as ABC reads as.
fn reread(score: &Score) -> Result<Tune, String> {
    let written = abc::write(score).expect("it fits ABC");
    assert!(written.lost.is_empty(), "{:?}", written.lost);
    let read = read(&abc::read(&written.bytes).expect("our own ABC"))?;
    match read.mended.is_empty() {
        true => Ok(read.tune),
        false => Err(format!("{:?} in\n{}", read.mended, String::from_utf8_lossy(&written.bytes))),
    }
}
