//! What both rolls need to know of a score: its range, its bar lines, and where to break it into systems.

use crate::score::{Bar, Beats, Note, Score};
use std::ops::Range;

/// Where a bar begins, and its number if it has one (an upbeat has none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BarLine {
    pub(super) onset: Beats,
    pub(super) number: Option<usize>,
}

/// A sounding note with its MIDI number and its voice, counted from the uppermost.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sounding {
    pub(super) key: u8,
    pub(super) voice: usize,
    pub(super) note: Note,
}

/// All sounding notes, voice by voice; those that no piano has are left out.
pub(super) fn sounding(score: &Score) -> Vec<Sounding> {
    let voices = score.voices().enumerate();
    let notes = voices.flat_map(|(voice, v)| v.sounding().into_iter().map(move |note| (voice, note)));
    notes.filter_map(|(voice, note)| note.pitch.midi().map(|key| Sounding { key, voice, note })).collect()
}

/// The lowest and the highest MIDI number, or the octave from middle C where nothing sounds.
pub(super) fn range(notes: &[Sounding]) -> (u8, u8) {
    let keys = || notes.iter().map(|note| note.key);
    match (keys().min(), keys().max()) {
        (Some(low), Some(high)) => (low, high),
        _ => (60, 72),
    }
}

/// The score's bars, numbered from 1 after the upbeat; where it has none, unnumbered ones of 4 quarter notes.
pub(super) fn bar_lines(score: &Score) -> Vec<BarLine> {
    if score.bars.is_empty() {
        let mut laid = Score { parts: score.parts.clone(), ..Score::default() };
        laid.measure(Beats::ZERO);
        return laid.bars.iter().map(|bar| BarLine { onset: bar.onset, number: None }).collect();
    }
    let upbeats = usize::from(score.pickup() > Beats::ZERO);
    let numbered = |(index, bar): (usize, &Bar)| BarLine {
        onset: bar.onset,
        number: (index >= upbeats).then_some(index + 1 - upbeats),
    };
    score.bars.iter().enumerate().map(numbered).collect()
}

/// When the last bar ends: after the last note, and where the metre says so.
pub(super) fn end(score: &Score, bars: &[BarLine]) -> Beats {
    let last = bars.last().map_or(Beats::ZERO, |bar| bar.onset);
    let full = last + score.metre_at(last).bar();
    // A last bar that an upbeat shortened isn't drawn as if it were full.
    let shortened = full - score.pickup();
    let end = score.duration();
    if end <= shortened && score.pickup() > Beats::ZERO { shortened } else { end.max(full) }
}

/// Breaks the time from 0 to `end` into systems of whole bars, so that the sizes of a system's bars add up to at most
/// `most`, as far as bars allow; bars longer than `longest` are broken too.
pub(super) fn systems(
    bars: &[BarLine],
    end: Beats,
    longest: Beats,
    most: usize,
    size: impl Fn(Beats) -> usize,
) -> Vec<Range<Beats>> {
    let ends = bars.iter().skip(1).map(|bar| bar.onset).chain([end]);
    let mut systems: Vec<Range<Beats>> = Vec::new();
    let mut room = 0;
    for (bar, bar_end) in bars.iter().zip(ends) {
        let mut from = bar.onset;
        while from < bar_end {
            let to = bar_end.min(from + longest);
            let needed = size(to - from);
            match systems.last_mut() {
                Some(system) if needed <= room => {
                    system.end = to;
                    room -= needed;
                }
                _ => {
                    systems.push(from..to);
                    room = most.saturating_sub(needed);
                }
            }
            from = to;
        }
    }
    systems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::example::{chorale, part};

    /// The systems of bars of 4 after an upbeat of 1, at most `most` quarter notes wide.
    #[track_caller]
    fn check(most: usize, expected: &[(i64, i64)]) {
        let score = chorale();
        let bars = bar_lines(&score);
        let size = |length: Beats| length.floor_div(Beats::QUARTER) as usize;
        let longest = Beats::whole(most as i64);
        let systems = systems(&bars, end(&score, &bars), longest, most, size);
        let expected: Vec<_> = expected.iter().map(|&(a, b)| Beats::whole(a)..Beats::whole(b)).collect();
        assert_eq!(systems, expected);
    }

    #[test]
    fn systems_hold_whole_bars() {
        check(9, &[(0, 9), (9, 16)]);
        check(8, &[(0, 5), (5, 13), (13, 16)]);
        check(100, &[(0, 16)]);
    }

    #[test]
    fn bars_longer_than_a_system_are_broken() {
        check(3, &[(0, 1), (1, 4), (4, 5), (5, 8), (8, 9), (9, 12), (12, 13), (13, 16)]);
    }

    #[test]
    fn an_upbeat_has_no_number() {
        let numbers: Vec<_> = bar_lines(&chorale()).iter().map(|bar| bar.number).collect();
        assert_eq!(numbers, [None, Some(1), Some(2), Some(3), Some(4)]);
    }

    #[test]
    fn without_bars_there_are_lines_without_numbers() {
        let score = Score { parts: vec![part("", "C4:6")], ..Score::default() };
        let onsets: Vec<_> = bar_lines(&score).iter().map(|bar| (bar.onset, bar.number)).collect();
        assert_eq!(onsets, [(Beats::ZERO, None), (Beats::whole(4), None)]);
    }
}
