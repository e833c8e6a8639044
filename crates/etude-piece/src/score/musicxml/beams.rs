//! Beams: eighths and shorter notes of the same beat are joined.

use super::events::Event;
use super::value::Pulses;

/// For each event its beams, outermost first, as MusicXML names them; none for rests, long notes and lone ones.
pub(super) fn beams(events: &[Event], pulses: Pulses) -> Vec<Vec<&'static str>> {
    let levels: Vec<usize> = events.iter().map(levels).collect();
    let beat: Vec<i64> = events.iter().map(|event| pulses.index(event.onset)).collect();
    // Two neighbours are joined at a level if both have it and both are of one beat.
    let joined = |first: usize, level: usize| {
        levels.get(first).zip(levels.get(first + 1)).is_some_and(|(&a, &b)| a >= level && b >= level)
            && beat[first] == beat[first + 1]
    };
    let marks = |at: usize| {
        let before = |level| at > 0 && joined(at - 1, level);
        if !before(1) && !joined(at, 1) {
            return Vec::new();
        }
        let mark = |level| match (before(level), joined(at, level)) {
            (true, true) => "continue",
            (true, false) => "end",
            (false, true) => "begin",
            // A stub points into its group.
            (false, false) if before(1) => "backward hook",
            (false, false) => "forward hook",
        };
        (1..=levels[at]).map(mark).collect()
    };
    (0..events.len()).map(marks).collect()
}

/// The beams that an event could have; MusicXML knows eight.
fn levels(event: &Event) -> usize {
    if event.is_rest() { 0 } else { event.value.map_or(0, |value| value.beams().min(8)) }
}
