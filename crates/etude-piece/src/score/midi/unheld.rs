//! What a file says that a score doesn't hold, counted while it is read.

use crate::score::Losses;

/// A kind of thing that a score doesn't hold, or that had to be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unheld {
    Controller,
    Bend,
    Pressure,
    Exclusive,
    ReleaseSpeed,
    Program,
    Drum,
    UnreleasedNote,
    InstantNote,
    StrayRelease,
    Text,
    Copyright,
    Marker,
    Cue,
    Specific,
    Sequence,
    ProgramName,
    DeviceName,
    Port,
    FilmOffset,
    UnknownMeta,
    FurtherName,
    LongName,
    IdleName,
    InstrumentName,
    Syllable,
    LineBreak,
    FilmTempo,
    Status,
    Chunk,
    StrayByte,
    MissingEnd,
    Pattern,
    PatternName,
}

impl Unheld {
    const ALL: [Self; 34] = [
        Self::Controller,
        Self::Bend,
        Self::Pressure,
        Self::Exclusive,
        Self::ReleaseSpeed,
        Self::Program,
        Self::Drum,
        Self::UnreleasedNote,
        Self::InstantNote,
        Self::StrayRelease,
        Self::Text,
        Self::Copyright,
        Self::Marker,
        Self::Cue,
        Self::Specific,
        Self::Sequence,
        Self::ProgramName,
        Self::DeviceName,
        Self::Port,
        Self::FilmOffset,
        Self::UnknownMeta,
        Self::FurtherName,
        Self::LongName,
        Self::IdleName,
        Self::InstrumentName,
        Self::Syllable,
        Self::LineBreak,
        Self::FilmTempo,
        Self::Status,
        Self::Chunk,
        Self::StrayByte,
        Self::MissingEnd,
        Self::Pattern,
        Self::PatternName,
    ];

    /// What a meta event of no use to a score is.
    pub(super) const fn of_meta(kind: u8) -> Self {
        match kind {
            0x00 => Self::Sequence,
            0x01 => Self::Text,
            0x02 => Self::Copyright,
            0x06 => Self::Marker,
            0x07 => Self::Cue,
            0x08 => Self::ProgramName,
            0x09 => Self::DeviceName,
            0x21 => Self::Port,
            0x54 => Self::FilmOffset,
            0x7f => Self::Specific,
            _ => Self::UnknownMeta,
        }
    }

    /// Its name in the singular, and what became of it.
    const fn words(self) -> (&'static str, &'static str) {
        const NONE: &str = "a score holds none";
        const ELSEWHERE: &str = "the last one of its track counts";
        match self {
            Self::Controller => ("controller change", NONE),
            Self::Bend => ("pitch bend", NONE),
            Self::Pressure => ("pressure change", NONE),
            Self::Exclusive => ("system exclusive message", NONE),
            Self::ReleaseSpeed => ("release speed", NONE),
            Self::Program => ("programme change", "a part has one programme"),
            Self::Drum => ("drum note", "kept as the pitch of its number; a score knows no drums"),
            Self::UnreleasedNote => ("unreleased note", "held to the end of its track"),
            Self::InstantNote => ("instant note", "given the length of a tick"),
            Self::StrayRelease => ("stray release", "its key isn't down"),
            Self::Text => ("text", NONE),
            Self::Copyright => ("copyright notice", NONE),
            Self::Marker => ("marker", NONE),
            Self::Cue => ("cue point", NONE),
            Self::Specific => ("sequencer-specific event", NONE),
            Self::Sequence => ("sequence number", NONE),
            Self::ProgramName => ("programme name", NONE),
            Self::DeviceName => ("device name", NONE),
            Self::Port => ("port", NONE),
            Self::FilmOffset => ("film offset", "a score begins at 0"),
            Self::UnknownMeta => ("unknown meta event", NONE),
            Self::FurtherName => ("further name", ELSEWHERE),
            Self::LongName => ("long name", "cut to 200 characters"),
            Self::IdleName => ("track name", "there are no notes to name"),
            Self::InstrumentName => ("instrument name", "the part has a name of its own"),
            Self::Syllable => ("syllable", "no note begins with it"),
            Self::LineBreak => ("line break", "a score's words have none"),
            Self::FilmTempo => ("tempo change", "film frames pass at their own speed"),
            Self::Status => ("missing status byte", "that before a meta or exclusive event is taken"),
            Self::Chunk => ("unknown chunk", NONE),
            Self::StrayByte => ("stray byte", "after the end of a track"),
            Self::MissingEnd => ("missing end of track", "the last byte ends it"),
            Self::Pattern => ("pattern", "a file of type 2 holds them apart; they follow one another"),
            Self::PatternName => ("pattern name", "a score has one title"),
        }
    }
}

/// How many of each kind there were. Plain numbers, for files of millions of events.
#[derive(Debug)]
pub(super) struct Tally([usize; Unheld::ALL.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; Unheld::ALL.len()])
    }
}

impl Tally {
    /// Counts one more.
    pub(super) fn add(&mut self, kind: Unheld) {
        self.add_many(1, kind);
    }

    /// Counts `number` more.
    pub(super) fn add_many(&mut self, number: usize, kind: Unheld) {
        self.0[kind as usize] += number;
    }

    /// One line for each kind that there was.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut losses = Losses::default();
        for kind in Unheld::ALL {
            let (thing, why) = kind.words();
            losses.add_many(self.0[kind as usize], thing, why);
        }
        losses.lines()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_once_in_its_place() {
        for (place, kind) in Unheld::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{kind:?}");
        }
        assert_eq!(Unheld::PatternName as usize + 1, Unheld::ALL.len());
    }
}
