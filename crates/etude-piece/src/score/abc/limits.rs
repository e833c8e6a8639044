//! What a tune may hold, so that times stay exact and memory in proportion to the file.

use super::cursor::Cursor;
use crate::Result;
use crate::score::Beats;

/// Voices of a tune.
pub(super) const VOICES: usize = 128;
/// Overlays of a voice.
pub(super) const OVERLAYS: usize = 8;
/// Bars of a voice.
pub(super) const BARS: usize = 1 << 17;
/// Places for syllables of a voice, in all verses.
pub(super) const SYLLABLES: usize = 1 << 17;
/// Notes of a tune, grace notes included: a thousand pages of them.
pub(super) const NOTES: usize = 1 << 17;
/// Chord symbols, and changes of key, metre and tempo, of a tune.
pub(super) const MARKS: usize = 1 << 14;
/// Notes of a chord.
pub(super) const CHORD: usize = 64;
/// Bars that multi-bar rests fill, in the whole tune.
pub(super) const REST_BARS: u32 = 1 << 12;
/// Verses of words.
pub(super) const VERSES: usize = 16;
/// The greatest denominator of a time in quarter notes.
pub(super) const FINEST: i64 = 1 << 14;
/// The greatest numerator of a time: [`Beats`] asks for less than 2³⁰.
const GREATEST: i64 = 1 << 30;

/// Whether a time is one that [`Beats`] can safely calculate with.
pub(super) fn holds(time: Beats) -> bool {
    time.denominator() <= FINEST && time.numerator() < GREATEST
}

/// `a + b`, if that is within the limits.
pub(super) fn sum(a: Beats, b: Beats, place: &Cursor<'_>) -> Result<Beats> {
    checked(a.checked_add(b), place)
}

/// `a × b`, if that is within the limits.
pub(super) fn product(a: Beats, b: Beats, place: &Cursor<'_>) -> Result<Beats> {
    // Most factors are 1, and fractions are slow to multiply.
    match (a == Beats::QUARTER, b == Beats::QUARTER) {
        (true, _) => checked(Some(b), place),
        (_, true) => checked(Some(a), place),
        _ => checked(a.checked_mul(b), place),
    }
}

fn checked(time: Option<Beats>, place: &Cursor<'_>) -> Result<Beats> {
    time.filter(|&time| holds(time)).ok_or_else(|| {
        let found = time.map_or("an endless time".to_owned(), |time| format!("a time of {time} quarters"));
        place.error(found, format!("a time below 2³⁰ over at most {FINEST}"))
    })
}
