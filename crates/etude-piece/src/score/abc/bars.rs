//! One voice's bars: where they begin and end, and the lines that run beside them.

use super::cursor::Cursor;
use super::limits;
use super::spelling::NO_ALTERATIONS;
use super::voice::{Layer, Voice};
use crate::Result;
use crate::score::{Bar, Metre};

/// A repeat sign, or none, at a bar line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct BarSign {
    /// A repeated section ends here.
    pub(super) repeat_end: bool,
    /// A repeated section begins here.
    pub(super) repeat_start: bool,
    /// A variant ending begins here.
    pub(super) ending: Option<u8>,
    /// It is double, so that a section may begin here.
    pub(super) double: bool,
}

/// Where a repeat sign leads back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Section {
    /// To the end of the section before, or to the beginning.
    #[default]
    Unmarked,
    /// To the bar of this number, which a double bar line comes before.
    Double(usize),
    /// To a sign of its own.
    Marked,
}

impl Voice {
    /// Rests for whole bars.
    pub(super) fn rest_bars(&mut self, count: u32, place: &Cursor<'_>) -> Result<()> {
        let bar = self.metre.unwrap_or(Metre::COMMON).bar();
        for number in 0..count {
            if number > 0 {
                self.end_bar();
            }
            self.push(&mut [], bar, place)?;
        }
        Ok(())
    }

    /// Begins a bar of the main line if none is open.
    pub(super) fn open_bar(&mut self, place: &Cursor<'_>) -> Result<()> {
        if self.bar_open || self.current > 0 {
            return Ok(());
        }
        if self.bars.len() == limits::BARS {
            return Err(place.error("too many bars", format!("at most {} in a voice", limits::BARS)));
        }
        let onset = self.layers[0].time;
        self.bars.push(Bar { onset, ..std::mem::take(&mut self.next_bar) });
        self.bar_open = true;
        Ok(())
    }

    /// Ends the bar under way, if there is one.
    fn end_bar(&mut self) {
        self.bar_open = false;
        self.altered = NO_ALTERATIONS;
        if std::mem::take(&mut self.fermata) {
            self.losses.add("fermata", "it stands on no note");
        }
    }

    /// A bar line.
    pub(super) fn bar_line(&mut self, sign: BarSign) {
        self.altered = NO_ALTERATIONS;
        if self.current > 0 {
            // An overlay of several bars goes on until it has caught up with the main line.
            if self.time() < self.layers[0].time {
                return;
            }
            self.current = 0;
        }
        self.end_bar();
        if let Some(bar) = self.bars.last_mut().filter(|_| sign.double) {
            bar.section_end = true;
        }
        if sign.repeat_end {
            if let Some(bar) = self.bars.last_mut() {
                bar.repeat_end = true;
            }
            if let Section::Double(start) = self.section
                && let Some(bar) = self.bars.get_mut(start)
            {
                bar.repeat_start = true;
            }
            self.section = Section::Unmarked;
        }
        if sign.repeat_start {
            self.section = Section::Marked;
        } else if sign.double && self.section != Section::Marked {
            self.section = Section::Double(self.bars.len());
        }
        self.next_bar.repeat_start |= sign.repeat_start;
        self.next_bar.ending = sign.ending.or(self.next_bar.ending);
    }

    /// Goes back to the beginning of the bar, or of an earlier one, for another line beside this one.
    pub(super) fn overlay(&mut self, bars_back: usize, place: &Cursor<'_>) -> Result<()> {
        let target = match (self.bar_open, self.bars.len().checked_sub(bars_back)) {
            (true, Some(index)) => self.bars[index].onset,
            (true, None) => return Err(place.error("more `&` than bars", "one `&` for each bar to go back")),
            (false, _) => self.layers[0].time,
        };
        self.current += 1;
        if self.current > limits::OVERLAYS {
            return Err(place.error("too many overlays", format!("at most {} in a bar", limits::OVERLAYS)));
        }
        if self.layers.len() == self.current {
            self.layers.push(Layer::default());
        }
        self.layers[self.current].time = target;
        self.layers[self.current].last = None;
        self.altered = NO_ALTERATIONS;
        (self.tuplet, self.broken) = (None, None);
        Ok(())
    }
}
