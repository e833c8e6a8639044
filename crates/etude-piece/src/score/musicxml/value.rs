//! Note values: which lengths one note head can show, and how to cut those that none can.

use crate::score::{Beats, Metre};

/// The note types, each half as long as the one before, from 32 quarter notes down.
const TYPES: [&str; 14] = [
    "maxima", "long", "breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th",
    "256th", "512th", "1024th",
];

/// The length of the longest type.
const MAXIMA: Beats = Beats::whole(32);

/// The largest tuplet that gets a note value; finer divisions are written by their durations alone.
const MAX_TUPLET: i64 = 15;

/// What a note head shows of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::score) struct Value {
    /// Halvings of a maxima, an index into the types.
    pub(in crate::score) kind: usize,
    /// Augmentation dots, 0..=2.
    pub(in crate::score) dots: usize,
    /// Of a tuplet: so many notes in the time of `normal`; 1 if it is none.
    pub(in crate::score) actual: i64,
    pub(super) normal: i64,
}

impl Value {
    /// The value of a note at `onset` in its bar that is `duration` long, if it has one.
    pub(in crate::score) fn of(onset: Beats, duration: Beats) -> Option<Self> {
        let Shown { length: shown, actual, normal } = Shown::of(onset, duration)?;
        let odd = shown.numerator() >> shown.numerator().trailing_zeros();
        let dots = match odd {
            1 => 0,
            3 => 1,
            7 => 2,
            _ => return None,
        };
        let undotted = shown * Beats::new(1 << dots, odd);
        let halvings = MAXIMA * Beats::new(undotted.denominator(), undotted.numerator());
        if halvings.denominator() > 1 {
            return None;
        }
        let kind = halvings.numerator().trailing_zeros() as usize;
        (kind < TYPES.len()).then_some(Self { kind, dots, actual, normal })
    }

    /// MusicXML's name of its type.
    pub(super) fn name(self) -> &'static str {
        TYPES[self.kind]
    }

    /// The number of beams or flags: 0 for a quarter and longer, 1 for an eighth.
    pub(in crate::score) fn beams(self) -> usize {
        self.kind.saturating_sub(5)
    }
}

/// The length that a note in a tuplet looks like, and the tuplet.
#[derive(Debug, Clone, Copy)]
struct Shown {
    length: Beats,
    actual: i64,
    normal: i64,
}

impl Shown {
    /// What a note at `onset` in its bar that is `duration` long looks like; `None` in tuplets too fine to be shown.
    fn of(onset: Beats, duration: Beats) -> Option<Self> {
        let actual = tuplet(onset, duration);
        if actual > MAX_TUPLET {
            return None;
        }
        let normal = largest_power(actual);
        Some(Self { length: duration * Beats::new(actual, normal), actual, normal })
    }
}

/// The value of a grace note, which is in no tuplet and has at most two dots.
pub(super) fn value_of_grace(duration: Beats) -> Option<Value> {
    let small = duration > Beats::ZERO && duration <= MAXIMA * 2;
    let value = if small { Value::of(Beats::ZERO, duration) } else { None };
    value.filter(|value| value.actual == 1)
}

/// The length of a type by its name.
pub(super) fn length_of_type(name: &str) -> Option<Beats> {
    let kind = TYPES.iter().position(|&of| of == name)?;
    Some(MAXIMA * Beats::new(1, 1 << kind))
}

/// The felt beats of a bar.
#[derive(Debug, Clone, Copy)]
pub(in crate::score) struct Pulses {
    pulse: Beats,
    /// How far into a beat the bar begins: an upbeat bar ends with a beat's end.
    phase: Beats,
}

impl Pulses {
    /// The beats of a bar of `length`; `upbeat` is what it lacks at its beginning.
    pub(in crate::score) fn new(metre: Metre, upbeat: Beats) -> Self {
        let pulse = metre.pulse();
        let phase = upbeat - pulse * upbeat.floor_div(pulse);
        Self { pulse, phase }
    }

    /// The number of the beat that `time` falls into; a boundary falls into the beat it begins.
    pub(in crate::score) fn index(self, time: Beats) -> i64 {
        (time + self.phase).floor_div(self.pulse)
    }

    /// The beginning of beat `index`.
    fn beginning(self, index: i64) -> Beats {
        self.pulse * index - self.phase
    }

    /// The first boundary after `start` and before `end`.
    fn first_between(self, start: Beats, end: Beats) -> Option<Beats> {
        Some(self.beginning(self.index(start) + 1)).filter(|&boundary| boundary < end)
    }

    /// The last boundary after `start` and before `end`.
    fn last_between(self, start: Beats, end: Beats) -> Option<Beats> {
        let at_or_before = self.beginning(self.index(end));
        let before = if at_or_before == end { at_or_before - self.pulse } else { at_or_before };
        Some(before).filter(|&boundary| boundary > start)
    }

    fn is_boundary(self, time: Beats) -> bool {
        self.beginning(self.index(time)) == time
    }
}

/// Cuts a note from `start` to `end` in its bar into pieces that have a value, where that can be done;
/// gives the pieces' ends. A piece is never cut again, so notes that were cut once stay as they are.
pub(in crate::score) fn cut_note(start: Beats, end: Beats, pulses: Pulses) -> Vec<Beats> {
    let mut ends = vec![end];
    let mut finished = Vec::new();
    let mut from = start;
    while let Some(&to) = ends.last() {
        match cut(from, to, pulses) {
            Some(middle) => ends.push(middle),
            None => {
                finished.push(to);
                ends.pop();
                from = to;
            }
        }
    }
    finished
}

/// Cuts a rest like a note, but first where its first and last beats begin: rests show the beats.
pub(in crate::score) fn cut_rest(start: Beats, end: Beats, pulses: Pulses) -> Vec<Beats> {
    let mut corners = vec![start];
    if !pulses.is_boundary(start) {
        corners.extend(pulses.first_between(start, end));
    }
    if !pulses.is_boundary(end) {
        corners.extend(pulses.last_between(start, end).filter(|last| !corners.contains(last)));
    }
    corners.push(end);
    corners.windows(2).flat_map(|corner| cut_note(corner[0], corner[1], pulses)).collect()
}

/// Where to cut a note once; `None` if it has a value, or none of its pieces would.
fn cut(start: Beats, end: Beats, pulses: Pulses) -> Option<Beats> {
    let duration = end - start;
    if Value::of(start, duration).is_some() || duration > MAXIMA * 2 {
        return None;
    }
    let beat = pulses.first_between(start, end).filter(|_| !pulses.is_boundary(start));
    beat.or_else(|| pulses.last_between(start, end).filter(|_| tuplet(start, duration) > 1))
        .or_else(|| longest_value(start, duration).map(|length| start + length))
}

/// The longest length below `duration` that has a value at `start`, in the same tuplet.
fn longest_value(start: Beats, duration: Beats) -> Option<Beats> {
    let Shown { length: shown, actual, normal } = Shown::of(start, duration)?;
    let largest = largest_power(shown.numerator());
    let fits = |length: &i64| *length <= shown.numerator();
    let units =
        [largest / 4 * 7, largest / 2 * 3, largest].into_iter().find(|length| *length > 0 && fits(length))?;
    let length = Beats::new(units, shown.denominator()) * Beats::new(normal, actual);
    (length < duration && Value::of(start, length).is_some()).then_some(length)
}

/// The tuplet that a note belongs to: the odd part of the divisions that its ends need.
fn tuplet(onset: Beats, duration: Beats) -> i64 {
    let odd = |number: i64| number >> number.trailing_zeros();
    let (first, second) = (odd(onset.denominator()), odd(duration.denominator()));
    lowest_common_multiple(first, second).unwrap_or(i64::MAX)
}

/// The largest power of two up to `number`, which is above 0.
const fn largest_power(number: i64) -> i64 {
    1 << number.ilog2()
}

/// The least common multiple of two numbers above 0, unless it is too large.
pub(super) fn lowest_common_multiple(first: i64, second: i64) -> Option<i64> {
    // Reducing the fraction takes the common divisor out.
    Beats::new(first, second).numerator().checked_mul(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beats(text: &str) -> Beats {
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        Beats::new(numerator.parse().unwrap(), denominator.parse().unwrap())
    }

    /// Pieces of a note in 4/4 from `start` to `end`, as `type` and dots, with `3` for triplets.
    #[track_caller]
    fn check(start: &str, end: &str, expected: &str) {
        let (mut start, end) = (beats(start), beats(end));
        let mut pieces = Vec::new();
        for end in cut_note(start, end, Pulses::new(Metre::COMMON, Beats::ZERO)) {
            let piece = match Value::of(start, end - start) {
                None => format!("({})", end - start),
                Some(value) => {
                    let ratio = if value.actual > 1 { value.actual.to_string() } else { String::new() };
                    format!("{}{}{ratio}", value.name(), ".".repeat(value.dots))
                }
            };
            pieces.push(piece);
            start = end;
        }
        assert_eq!(pieces.join(" "), expected);
    }

    #[test]
    fn plain_and_dotted_values_stay_whole() {
        check("0", "1", "quarter");
        check("1/2", "2", "quarter.");
        check("0", "7/2", "half..");
        check("0", "1/256", "1024th");
    }

    #[test]
    fn a_length_without_a_value_is_cut_at_beats() {
        check("0", "5/4", "quarter 16th");
        check("3/4", "2", "16th quarter");
        check("0", "5", "whole quarter");
    }

    #[test]
    fn tuplets_are_shown_as_such() {
        check("0", "1/3", "eighth3");
        check("1/3", "1", "quarter3");
        check("0", "4/3", "half3");
        check("0", "5/3", "quarter quarter3");
        check("0", "1/5", "16th5");
        check("0", "1/10", "32nd5");
    }

    #[test]
    fn what_no_note_head_shows_stays_a_bare_length() {
        check("0", "1/17", "(1/17)");
        check("0", "100", "(100)");
        check("0", "1/512", "(1/512)");
    }

    #[test]
    fn cut_pieces_are_never_cut_again() {
        let pulses = Pulses::new(Metre::COMMON, Beats::ZERO);
        for denominator in [1, 2, 3, 5, 6, 7, 8, 9, 12, 15, 16, 17, 24, 30, 480] {
            for from in (0..4 * denominator).step_by(1 + denominator as usize / 16) {
                for to in from + 1..=4 * denominator {
                    let mut start = Beats::new(from, denominator);
                    for end in cut_note(start, Beats::new(to, denominator), pulses) {
                        assert_eq!(cut_note(start, end, pulses), [end], "{start}..{end}");
                        start = end;
                    }
                }
            }
        }
    }

    #[test]
    fn rests_show_the_beats() {
        let pulses = Pulses::new(Metre::COMMON, Beats::ZERO);
        assert_eq!(cut_rest(beats("1/2"), beats("4"), pulses), ["1", "4"].map(beats));
        assert_eq!(cut_rest(beats("1/3"), beats("5/3"), pulses), ["1", "5/3"].map(beats));
        assert_eq!(cut_rest(beats("1/2"), beats("5/2"), pulses), ["1", "2", "5/2"].map(beats));
    }
}
