//! One voice's line of text: accidentals, lengths, tuplets, ties and marks.

use super::key::Signature;
use super::ornament::grace_unit;
use super::plan::{Event, odd_part};
use crate::score::dynamics::DYNAMICS;
use crate::score::{Beats, Grace, Key, Pitch, Step};

/// What is written at a certain time before the event there: fields and chord symbols.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub(super) onset: Beats,
    pub(super) text: String,
    /// The signature from here on, where the mark is a key.
    pub(super) key: Option<Key>,
}

/// A voice while it is written.
#[derive(Debug, Clone)]
pub(super) struct Pen {
    /// The unit note length.
    unit: Beats,
    signature: Signature,
    /// What readers may hold to be in force: with accidentals for one octave or all, for overlays or not, of grace
    /// notes or not.
    states: [State; 8],
    /// The tied pitches of the event before.
    tied: Vec<Pitch>,
    /// The velocity that the last dynamic asked for.
    velocity: Option<u8>,
}

/// The alterations of a bar: of each letter in each octave from -2.
type State = [[Option<i8>; 13]; 7];

impl Pen {
    /// A pen at the beginning.
    pub(super) fn new(unit: Beats, key: Option<Key>) -> Self {
        let signature = key.map(Signature::from).unwrap_or_default();
        Self { unit, signature, states: [[[None; 13]; 7]; 8], tied: Vec::new(), velocity: None }
    }

    /// A bar line: alterations end.
    pub(super) fn begin_bar(&mut self) {
        self.states = [[[None; 13]; 7]; 8];
    }

    /// The tied pitches before an overlay begins, or given back when it ends.
    pub(super) fn swap_tied(&mut self, tied: Vec<Pitch>) -> Vec<Pitch> {
        std::mem::replace(&mut self.tied, tied)
    }

    /// An overlay: some readers forget alterations here, some don't.
    pub(super) fn begin_overlay(&mut self) {
        for forgetful in [0, 1, 4, 5] {
            self.states[forgetful] = [[None; 13]; 7];
        }
    }

    /// The text of a bar's events in one layer. Marks stand before the event at or after their time;
    /// `rest` is the letter for rests.
    pub(super) fn bar(&mut self, events: &[Event<'_>], marks: &[Mark], rest: char) -> String {
        let mut text = String::new();
        let mut marks = marks.iter().peekable();
        let mut events = events.iter().peekable();
        // How many more events the tuplet holds, and what their lengths are multiplied by.
        let (mut left, mut factor) = (0_usize, Beats::QUARTER);
        while let Some(event) = events.next() {
            // The standard's order: fields, grace notes, chord symbols, decorations.
            let mut symbols = String::new();
            while let Some(mark) = marks.next_if(|mark| mark.onset <= event.onset) {
                let is_symbol = mark.text.starts_with('"');
                self.mark(mark, if is_symbol { &mut symbols } else { &mut text });
            }
            let tuplet_at = text.len();
            self.graces(event.graces, &mut text);
            text.push_str(&symbols);
            if left == 0 {
                factor = Beats::QUARTER;
                if let Some((notes, time, reach)) = tuplet(event, events.clone()) {
                    let usual = (notes, time, reach) == (3, 2, 3);
                    let sign = if usual { "(3".to_owned() } else { format!("({notes}:{time}:{reach}") };
                    text.insert_str(tuplet_at, &sign);
                    (left, factor) = (reach, Beats::new(notes, time));
                }
            }
            self.event(event, factor, rest, &mut text);
            left = left.saturating_sub(1);
            text.push(' ');
        }
        for mark in marks {
            self.mark(mark, &mut text);
        }
        text.truncate(text.trim_end().len());
        text
    }

    fn mark(&mut self, mark: &Mark, text: &mut String) {
        text.push_str(&mark.text);
        if let Some(key) = mark.key {
            self.signature = key.into();
        }
    }

    /// Grace notes in braces.
    fn graces(&mut self, graces: &[Grace], text: &mut String) {
        for group in graces.chunk_by(|a, b| a.slashed == b.slashed) {
            text.push_str(if group[0].slashed { "{/" } else { "{" });
            for grace in group {
                self.pitch(grace.pitch, true, text);
                text.push_str(&length(grace.duration, grace_unit(false)));
            }
            text.push('}');
        }
    }

    fn event(&mut self, event: &Event<'_>, factor: Beats, rest: char, text: &mut String) {
        if event.velocity.is_some() && event.velocity != self.velocity {
            let dynamic = DYNAMICS.iter().find(|&&(_, velocity)| event.velocity == Some(velocity));
            text.extend(dynamic.map(|(name, _)| format!("!{name}!")));
            self.velocity = event.velocity;
        }
        if event.fermata {
            text.push_str("!fermata!");
        }
        // A tie of all notes stands after the chord.
        let all_tied = !event.pitches.is_empty() && event.pitches.iter().all(|&(_, tied)| tied);
        match event.pitches.as_slice() {
            [] => text.push(rest),
            [(pitch, _)] => self.pitch(*pitch, false, text),
            pitches => {
                text.push('[');
                for &(pitch, tied) in pitches {
                    self.pitch(pitch, false, text);
                    if tied && !all_tied {
                        text.push('-');
                    }
                }
                text.push(']');
            }
        }
        text.push_str(&length(event.length * factor, self.unit));
        if all_tied {
            text.push('-');
        }
        self.tied = event.pitches.iter().filter(|(_, tied)| *tied).map(|&(pitch, _)| pitch).collect();
    }

    /// Accidental (where any reader needs it), letter and octave of a note or a grace note.
    fn pitch(&mut self, pitch: Pitch, grace: bool, text: &mut String) {
        let (letter, place) = (pitch.step as usize, usize::from((pitch.octave + 2).unsigned_abs()));
        let in_force = |state: &State| state[letter][place].unwrap_or(self.signature.alters[letter]);
        let same_line = |other: &&Pitch| (other.step, other.octave) == (pitch.step, pitch.octave);
        let clear = self.states.iter().all(|state| in_force(state) == pitch.alter)
            && self.tied.iter().filter(same_line).all(|other| other.alter == pitch.alter);
        if !clear {
            text.push_str(match pitch.alter {
                2 => "^^",
                1 => "^",
                -1 => "_",
                -2 => "__",
                _ => "=",
            });
            // Half of the readers take no notice of a grace note's accidental.
            let heed = if grace { 4 } else { 8 };
            for (number, state) in self.states.iter_mut().enumerate().take(heed) {
                match number % 2 {
                    0 => state[letter][place] = Some(pitch.alter),
                    _ => state[letter] = [Some(pitch.alter); 13],
                }
            }
        }
        let name = pitch.step.letter();
        text.push(if pitch.octave > 4 { name.to_ascii_lowercase() } else { name });
        (5..pitch.octave).for_each(|_| text.push('\''));
        (pitch.octave..4).for_each(|_| text.push(','));
    }
}

/// Whether ABC has signs for a pitch.
pub(super) fn has_signs(pitch: Pitch) -> bool {
    pitch.alter.abs() <= 2 && Step::ALL.contains(&pitch.step)
}

/// The tuplet that an event begins: how many notes in the time of how many, for how many events;
/// it ends where the beat is met again or events of another kind follow.
fn tuplet<'a>(first: &Event<'_>, more: impl Iterator<Item = &'a Event<'a>>) -> Option<(i64, i64, usize)> {
    let notes = odd_part(first.length);
    if notes == 1 || notes > 63 {
        return None;
    }
    let time = 1 << notes.ilog2();
    let (mut reach, mut total) = (1, first.length);
    for event in more {
        if odd_part(total) == 1 || odd_part(event.length) != notes || reach == 200 {
            break;
        }
        total = total + event.length;
        reach += 1;
    }
    Some((notes, time, reach))
}

/// A length in unit notes: nothing for 1, then `2`, `/`, `3/2`.
fn length(length: Beats, unit: Beats) -> String {
    let units = length * Beats::new(unit.denominator(), unit.numerator());
    match (units.numerator(), units.denominator()) {
        (1, 1) => String::new(),
        (n, 1) => n.to_string(),
        (1, 2) => "/".to_owned(),
        (1, d) => format!("/{d}"),
        (n, d) => format!("{n}/{d}"),
    }
}
