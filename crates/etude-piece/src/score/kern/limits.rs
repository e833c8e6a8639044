//! What a file may hold, so that times stay exact and memory in proportion to the file.

use crate::score::Beats;

/// Spines that stand side by side, strands of split ones counted singly; and spines of music in all.
pub(super) const SPINES: usize = 256;
/// Notes and grace notes of a piece.
pub(super) const NOTES: usize = 1 << 17;
/// Bars of a piece.
pub(super) const BARS: usize = 1 << 17;
/// Chord symbols, and section labels, of a piece.
pub(super) const MARKS: usize = 1 << 16;
/// Notes of a chord.
pub(super) const CHORD: usize = 64;
/// Verses of words of a voice.
pub(super) const VERSES: usize = 16;
/// Ties of a part that wait for their end.
pub(super) const TIES: usize = 256;
/// Dots of a duration.
pub(super) const DOTS: u32 = 8;
/// The greatest denominator of a time in quarter notes.
const FINEST: i64 = 1 << 14;
/// The greatest numerator of a time: [`Beats`] asks for less than 2³⁰.
const GREATEST: i64 = 1 << 30;

/// Whether a time is one that [`Beats`] can safely calculate with.
pub(super) fn holds(time: Beats) -> bool {
    time.denominator() <= FINEST && time.numerator() < GREATEST
}

/// `a + b`, if that is within the limits.
pub(super) fn sum(a: Beats, b: Beats) -> Option<Beats> {
    // Most times are whole, and fractions are slow to add.
    let sum = match (a.denominator(), b.denominator()) {
        (1, 1) => Beats::whole(a.numerator() + b.numerator()),
        _ => a.checked_add(b)?,
    };
    Some(sum).filter(|&sum| holds(sum))
}
