//! Bars as a score has them, and which of their lines count.

use super::tune::{Bar, length};

/// A bar as the score has it.
pub(super) struct Measure {
    pub(super) events: Bar,
    /// Whether a repeat begins with it.
    pub(super) start: bool,
    /// Whether one ends with it.
    pub(super) end: bool,
    /// Whether a double bar line after it parts two sections that don't repeat.
    pub(super) double: bool,
    pub(super) ending: Option<u8>,
}

/// Double bar lines within what is repeated, or before an upbeat that stands before a repeat sign, part nothing.
pub(super) fn undouble(measures: &mut [Measure], full: u16) {
    let mut repeated = false;
    for number in 0..measures.len() {
        repeated |= measures[number].start;
        let lift = measures.get(number + 1).is_some_and(|next| length(&next.events) < full);
        let lifted = lift && measures.get(number + 2).is_none_or(|after| after.start);
        measures[number].double &= !repeated && !lifted;
        repeated &= !measures[number].end;
    }
}

/// Joins bars that a line parts in the middle, and parts those that lack a line.
pub(super) fn join(measures: Vec<Measure>, full: u16, mended: &mut Vec<&'static str>) -> Vec<Measure> {
    let mut joined: Vec<Measure> = Vec::with_capacity(measures.len());
    for mut measure in measures {
        let unmarked = !measure.start && measure.ending.is_none();
        if let Some(last) = joined.last_mut().filter(|last| unmarked && !last.end && !last.double)
            && length(&last.events).saturating_add(length(&measure.events)) == full
        {
            mended.push("a bar line within a bar is left out");
            last.events.append(&mut measure.events);
            (last.end, last.double) = (measure.end, measure.double);
            continue;
        }
        if length(&measure.events) == 2 * full {
            let mut time = 0;
            let half = measure.events.iter().position(|event| {
                time += event.ticks;
                time == full
            });
            if let Some(half) = half {
                mended.push("a bar line that lacked is put in");
                let events = measure.events.split_off(half + 1);
                let Measure { start, ending, end, double, .. } = measure;
                joined.push(Measure { events: measure.events, start, ending, end: false, double: false });
                joined.push(Measure { events, start: false, ending: None, end, double });
                continue;
            }
        }
        joined.push(measure);
    }
    joined
}
