//! Chord changes as a person types them: `Dm7 G7 | Cmaj7 | % | N.C.`.

use super::chord::Chord;
use crate::error::{Error, Result};

/// Reads bars of chords: the chords of a bar share it equally, and `%` or an empty bar repeats the bar before.
///
/// # Errors
///
/// A word that is no chord symbol, more than 1000 bars, and bars without any chord.
pub(super) fn read(text: &str) -> Result<Vec<Vec<Chord>>> {
    let hint = "symbols such as C, Am7, G7sus4 or D/F#, bars between |: Dm7 G7 | Cmaj7";
    let mut bars: Vec<Vec<Chord>> = Vec::new();
    for bar in text.trim().trim_matches('|').split('|') {
        let words: Vec<&str> = bar.split_whitespace().collect();
        let chords = match words.as_slice() {
            [] | ["%"] => bars.last().cloned(),
            words => {
                let read = |word: &&str| {
                    let found = || format!("`{}` in the chords", word.chars().take(40).collect::<String>());
                    Chord::parse(word).ok_or_else(|| Error::usage(found(), hint))
                };
                Some(words.iter().map(read).collect::<Result<Vec<Chord>>>()?)
            }
        };
        bars.push(chords.ok_or_else(|| Error::usage("chords that begin with an empty bar", hint))?);
        if bars.len() > 1000 {
            return Err(Error::usage("more than 1000 bars of chords", hint));
        }
    }
    Ok(bars)
}

/// The chords of bars that are repeated over `steps` steps, by the step at which they begin; an upbeat has the chord of the
/// first bar's end.
pub(super) fn laid(bars: &[Vec<Chord>], bar: usize, pickup: usize, steps: usize) -> Vec<(usize, Chord)> {
    let mut chords: Vec<(usize, Chord)> = Vec::new();
    let mut add = |step: usize, chord: Chord| {
        if step < steps && chords.last().is_none_or(|last| last.1 != chord) {
            chords.push((step, chord));
        }
    };
    if pickup > 0 {
        add(0, *bars[0].last().unwrap_or(&Chord::NONE));
    }
    for (index, from) in (pickup..steps).step_by(bar.max(1)).enumerate() {
        let chords = &bars[index % bars.len()];
        for (part, &chord) in chords.iter().enumerate() {
            add(from + part * bar / chords.len(), chord);
        }
    }
    chords
}

/// Chords that lie at steps, repeated from the bar after their last one; the first `bars` bars are theirs.
pub(super) fn repeated(
    own: &[(usize, Chord)],
    bar: usize,
    pickup: usize,
    bars: usize,
    steps: usize,
) -> Vec<(usize, Chord)> {
    let length = (bars * bar).max(1);
    let mut chords: Vec<(usize, Chord)> = own.iter().copied().filter(|chord| chord.0 < steps).collect();
    // At the beginning of the first bar the last chord before it still holds.
    let before = own.iter().rev().find(|chord| chord.0 <= pickup).map(|chord| (pickup, chord.1));
    let within = own.iter().copied().filter(|chord| chord.0 > pickup && chord.0 < pickup + length);
    let round: Vec<(usize, Chord)> = before.into_iter().chain(within).collect();
    for start in (pickup + length..steps).step_by(length) {
        let moved = round.iter().map(|&(step, chord)| (start + step - pickup, chord));
        chords.extend(moved.filter(|chord| chord.0 < steps));
    }
    chords
}
