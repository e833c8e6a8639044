//! Where we are in a bar, and how long things are.

use super::cursor::{Cursor, Tag};
use super::note::Element;
use crate::score::Beats;
use crate::{Error, Result};

/// The largest denominator of a time, and the latest time in quarter notes.
pub(super) const MAX_TIME: i64 = 1_000_000;

/// The time inside a bar, as its elements move it.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Divisions of a quarter note; zero before the first are given.
    divisions: Beats,
    /// From the bar's beginning.
    pub(super) now: Beats,
    /// The farthest we have been.
    pub(super) reached: Beats,
    /// The farthest that a note goes, rests aside.
    pub(super) sounded: Beats,
    /// Where the last note began, for the next note of its chord; some files move in time between the two.
    chord_onset: Option<Beats>,
}

impl Clock {
    /// Goes to the beginning of the next bar.
    pub(super) fn next_bar(&mut self) {
        *self = Self { divisions: self.divisions, ..Self::default() };
    }

    /// When the last chord began.
    pub(super) fn chord_onset(&self) -> Beats {
        self.chord_onset.unwrap_or(self.now)
    }

    /// Reads `divisions`.
    pub(super) fn read_divisions<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        self.divisions = cursor.decimal(tag)?;
        if self.divisions <= Beats::ZERO || !in_limits(self.divisions) {
            let found = format!("{} as `divisions`", self.divisions);
            return Err(cursor.fault(tag.at, found, format!("a number above 0, at most {MAX_TIME}")));
        }
        Ok(())
    }

    /// Goes past a note or rest of `divisions`, which begins now or, in a chord, with the one before it; gives its onset
    /// and duration.
    pub(super) fn pass_note<'a>(
        &mut self,
        cursor: &Cursor<'a>,
        tag: &Tag<'a>,
        divisions: Beats,
        element: &Element,
    ) -> Result<(Beats, Beats)> {
        let duration = self.beats(cursor, tag.at, divisions)?;
        let onset = match (element.chord, self.chord_onset) {
            (false, _) => self.now,
            (true, Some(onset)) => onset,
            (true, None) => return Err(cursor.fault(tag.at, "`chord`", "a note before it in the bar")),
        };
        let end = checked_sum(onset, duration).ok_or_else(|| too_long(cursor, tag.at))?;
        self.reached = self.reached.max(end);
        if !element.rest {
            self.sounded = self.sounded.max(end);
        }
        if !element.chord {
            self.chord_onset = Some(onset);
            self.now = end;
        }
        Ok((onset, duration))
    }

    /// Goes back in time, at most to the bar's beginning: some files count a chord's notes one by one.
    pub(super) fn read_backup<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let duration = self.read_movement(cursor, tag)?;
        self.now = (self.now - duration).max(Beats::ZERO);
        Ok(())
    }

    /// Goes on in time.
    pub(super) fn read_forward<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<()> {
        let duration = self.read_movement(cursor, tag)?;
        self.now = checked_sum(self.now, duration).ok_or_else(|| too_long(cursor, tag.at))?;
        self.reached = self.reached.max(self.now);
        Ok(())
    }

    /// The duration of a `backup` or `forward`.
    fn read_movement<'a>(&mut self, cursor: &mut Cursor<'a>, movement: &Tag<'a>) -> Result<Beats> {
        let mut duration = None;
        while let Some(tag) = cursor.child()? {
            match tag.name() {
                "duration" => duration = Some(cursor.decimal(&tag)?),
                _ => cursor.skip()?,
            }
        }
        let found = format!("`{}` without `duration`", movement.name());
        let divisions = duration.ok_or_else(|| cursor.fault(movement.at, found, "one"))?;
        // Some programs write movements that go nowhere.
        if divisions == Beats::ZERO { Ok(Beats::ZERO) } else { self.beats(cursor, movement.at, divisions) }
    }

    /// The place `divisions` from here, at the earliest the bar's beginning.
    pub(super) fn moved(&self, cursor: &Cursor<'_>, at: usize, divisions: Beats) -> Result<Beats> {
        if divisions == Beats::ZERO {
            return Ok(self.now);
        }
        let offset = self.scaled(cursor, at, divisions)?;
        let moved = checked_sum(self.now, offset).ok_or_else(|| too_long(cursor, at))?;
        Ok(moved.max(Beats::ZERO))
    }

    /// A duration in divisions as beats.
    fn beats(&self, cursor: &Cursor<'_>, at: usize, divisions: Beats) -> Result<Beats> {
        if divisions <= Beats::ZERO {
            return Err(cursor.fault(at, format!("a duration of {divisions}"), "one above 0"));
        }
        self.scaled(cursor, at, divisions)
    }

    /// Any count of divisions, such as an offset, as beats.
    fn scaled(&self, cursor: &Cursor<'_>, at: usize, divisions: Beats) -> Result<Beats> {
        if self.divisions == Beats::ZERO {
            let hint = "give `divisions` in the first bar's `attributes`";
            return Err(cursor.hinted(at, "a duration before any `divisions`", "`divisions` first", hint));
        }
        let quarter = Beats::new(self.divisions.denominator(), self.divisions.numerator());
        divisions.checked_mul(quarter).filter(|&beats| in_limits(beats)).ok_or_else(|| too_long(cursor, at))
    }
}

/// The sum, where it stays in the limits.
pub(super) fn checked_sum(first: Beats, second: Beats) -> Option<Beats> {
    first.checked_add(second).filter(|&sum| in_limits(sum))
}

/// Whether a time is small enough to reckon with.
pub(super) fn in_limits(time: Beats) -> bool {
    time.denominator() <= MAX_TIME && time >= Beats::whole(-MAX_TIME) && time <= Beats::whole(MAX_TIME)
}

fn too_long(cursor: &Cursor<'_>, at: usize) -> Error {
    let expected =
        format!("times up to {MAX_TIME} quarter notes, in parts of a quarter note up to 1/{MAX_TIME}");
    cursor.fault(at, "a time out of bounds", expected)
}
