//! What is drawn, in musical terms: staves with clefs, bars, and in each bar the notes, rests, accidentals, stems and
//! beams of every voice. Nothing here knows how wide or how high anything is.

mod accidentals;
mod beams;
mod events;
mod fit;
mod frames;
#[cfg(test)]
mod listing;
mod staves;
mod strands;

use super::super::musicxml::value::Value;
use crate::Result;
use crate::score::{Beats, Key, Losses, Metre, Pitch, Score, Tempo};
use std::ops::Range;

pub(super) use staves::{Clef, Group, Joint, Staff};

/// A score as staves and bars.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sheet {
    pub(super) title: String,
    pub(super) composer: String,
    /// The staves, top to bottom.
    pub(super) staves: Vec<Staff>,
    /// Staves that belong together.
    pub(super) groups: Vec<Group>,
    pub(super) bars: Vec<Bar>,
}

impl Sheet {
    /// All that is written in letters.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let names = self.staves.iter().flat_map(|staff| &staff.names);
        let chords = self.bars.iter().flat_map(|bar| bar.chords.iter().map(|(_, text)| text));
        let layers = self.bars.iter().flat_map(|bar| bar.layers.iter().flatten());
        let words = layers.flat_map(|layer| layer.events.iter().flat_map(|event| &event.words));
        let groups = self.groups.iter().map(|group| &group.name);
        [&self.title, &self.composer]
            .into_iter()
            .chain(names)
            .chain(groups)
            .chain(chords)
            .chain(words)
            .map(String::as_str)
    }
}

/// A bar, or a piece of one that is too long for a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bar {
    /// Its number if it has one: upbeats and the later pieces of a bar have none.
    pub(super) number: Option<usize>,
    /// From the start of the score.
    pub(super) onset: Beats,
    pub(super) length: Beats,
    pub(super) key: Key,
    /// The key before, where the signature changes here.
    pub(super) old_key: Option<Key>,
    pub(super) metre: Metre,
    /// Whether the time signature stands here.
    pub(super) shows_metre: bool,
    pub(super) repeat_start: bool,
    pub(super) close: Close,
    pub(super) ending: Option<Ending>,
    /// By staff, then by voice.
    pub(super) layers: Vec<Vec<Layer>>,
    /// Chord symbols, by onset from the bar's beginning.
    pub(super) chords: Vec<(Beats, String)>,
    pub(super) tempi: Vec<(Beats, Tempo)>,
}

/// The bar line that ends a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// None: the bar goes on in the next piece.
    Open,
    Plain,
    Double,
    Repeat,
    Final,
}

/// A variant ending that covers a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) number: u8,
    /// Whether it begins with this bar, and whether it ends with it.
    pub(super) starts: bool,
    pub(super) stops: bool,
}

/// A voice in a bar of a staff.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layer {
    pub(super) role: Role,
    /// End to end from the bar's beginning.
    pub(super) events: Vec<Event>,
    /// Which events a beam joins.
    pub(super) beams: Vec<Range<usize>>,
    pub(super) tuplets: Vec<Tuplet>,
}

/// How a voice stands among those of its staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Alone: stems go by the notes.
    #[default]
    Only,
    /// Stems upwards.
    Upper,
    /// Stems downwards.
    Lower,
}

/// A tuplet: so many notes in the time of the next lower power of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tuplet {
    pub(super) events: Range<usize>,
    pub(super) notes: i64,
}

/// A note, a chord or a rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// From the bar's beginning.
    pub(super) onset: Beats,
    pub(super) duration: Beats,
    pub(super) shape: Shape,
    /// From the lowest; empty for a rest.
    pub(super) heads: Vec<Head>,
    pub(super) stem: Stem,
    /// Whether it is a rest for a whole bar.
    pub(super) whole_bar: bool,
    /// Whether it is a rest that isn't drawn: another voice of the staff tells enough.
    pub(super) hidden: bool,
    pub(super) fermata: bool,
    /// Syllables, by verse.
    pub(super) words: Vec<String>,
    /// The grace notes that lead to it.
    pub(super) graces: Vec<Ornament>,
}

impl Event {
    pub(super) fn is_rest(&self) -> bool {
        self.heads.is_empty()
    }

    pub(super) fn end(&self) -> Beats {
        self.onset + self.duration
    }

    /// The highest head's position; 0 for a rest.
    pub(super) fn top(&self) -> i32 {
        self.heads.last().map_or(0, |head| head.position)
    }

    /// The lowest head's position; 0 for a rest.
    pub(super) fn bottom(&self) -> i32 {
        self.heads.first().map_or(0, |head| head.position)
    }
}

/// What a length looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Halvings of a whole note: -1 for a breve, 2 for a quarter.
    pub(super) halvings: i32,
    pub(super) dots: usize,
    /// Of a tuplet: so many notes in the time of the next lower power of two; 1 if it is none.
    pub(super) tuplet: i64,
}

impl Shape {
    /// How a length at an onset in its bar looks; one that no head shows looks like the next shorter that one does.
    fn of(onset: Beats, duration: Beats) -> Self {
        if let Some(value) = Value::of(onset, duration) {
            // The first type is the maxima, 3 doublings of a whole note.
            return Self { halvings: value.kind as i32 - 3, dots: value.dots, tuplet: value.actual };
        }
        let mut halvings = -1;
        while halvings < 7 && duration < Beats::whole(8) * Beats::new(1, 1 << (halvings + 1)) {
            halvings += 1;
        }
        Self { halvings, dots: 0, tuplet: 1 }
    }

    /// How many flags or beams it has.
    pub(super) fn flags(self) -> usize {
        usize::try_from(self.halvings - 2).unwrap_or(0).min(8)
    }
}

/// Where a stem points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stem {
    #[default]
    Up,
    Down,
}

/// A note head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) pitch: Pitch,
    /// Half spaces above the middle line.
    pub(super) position: i32,
    /// The alteration that is drawn before it, if one is.
    pub(super) accidental: Option<i8>,
    /// Whether a tie leads here, and whether one leads to the next note of its voice.
    pub(super) continues: bool,
    pub(super) tied: bool,
}

/// A grace note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ornament {
    pub(super) head: Head,
    pub(super) shape: Shape,
    pub(super) slashed: bool,
}

/// What a score looks like in notation; what can't be shown is counted in `losses`.
///
/// # Errors
///
/// Times out of bounds, and more bars or notes than pages are made of.
pub(super) fn sheet(score: &Score, losses: &mut Losses) -> Result<Sheet> {
    let score = fit::fit(score, losses)?;
    let plan = staves::plan(&score);
    let frames = frames::frames(&score, &plan);
    let mut bars: Vec<Bar> = frames.iter().map(|frame| frame.bar.clone()).collect();
    events::fill(&mut bars, &frames, &plan)?;
    let mut staves: Vec<Staff> = plan.staves.iter().map(|seat| seat.staff.clone()).collect();
    for (index, staff) in staves.iter_mut().enumerate() {
        accidentals::settle(&mut bars, index);
        let layers = bars.iter().flat_map(|bar| &bar.layers[index]);
        staff.verses = layers.flat_map(|l| &l.events).map(|e| e.words.len()).max().unwrap_or(0);
    }
    let groups = plan.groups.clone();
    Ok(Sheet { title: score.title.clone(), composer: score.composer.clone(), staves, groups, bars })
}

#[cfg(test)]
mod tests;
