//! The formats that are attacked, each with files of our own to start from.

use etude_piece::score::Score;
use etude_piece::score::format::{Format, read_score, write};

/// A tune with most of what ABC has.
const TUNE: &str = include_str!("seeds/tune.abc");

/// A piece in three parts, with words, chords, overlays and changes.
const PIECE: &str = include_str!("seeds/piece.abc");

/// The formats that are read as scores.
pub(crate) fn read() -> Vec<Format> {
    Format::ALL.into_iter().filter(|format| format.is_score()).collect()
}

/// Good files of a format, small and full of features.
pub(crate) fn seeds(format: Format) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = scores().iter().map(|score| written(score, format)).collect();
    if format == Format::Abc {
        seeds.extend([TUNE, PIECE].map(|text| text.as_bytes().to_vec()));
    }
    seeds
}

/// The scores that all formats are given.
pub(crate) fn scores() -> Vec<Score> {
    [TUNE, PIECE].map(|text| read_score(text.as_bytes(), "seed.abc").expect("our own tune")).into()
}

/// A score's file.
#[track_caller]
pub(crate) fn written(score: &Score, format: Format) -> Vec<u8> {
    write(score, format).unwrap_or_else(|error| panic!("{format}: {error}")).bytes
}
