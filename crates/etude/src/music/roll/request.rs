//! What is asked of a roll: `--keep` and `--forbid` pin cells on and off.

use super::frame::{ALL, Frame, LOWEST, Pins, text};
use crate::error::{Error, Result};
use crate::inference::constraint::Contradiction;
use etude_piece::score::Pitch;
use std::ops::Range;

/// The language of `--keep` and `--forbid` for rolls.
pub const HELP: &str = "\
  KEYS[@FRAMES]     which cells, such as C4, C4..B4, C4,E4,G4 or *; frames count from 1

  --keep C4@1-8     C4 sounds in frames 1 to 8
  --keep open@5-    forget what the draft has from frame 5 on
  --forbid '*@9'    nothing sounds in frame 9
  --forbid A0..B2   the lowest keys are silent throughout";

/// What one of them says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    /// As it was written.
    pub(super) text: String,
    pub(super) what: What,
    /// Counted from 0; the end may lie beyond the piece's.
    pub(super) region: Range<usize>,
}

/// What is to be of the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// What the draft says is forgotten.
    Open,
    /// These keys sound.
    On(Frame),
    /// These keys don't.
    Off(Frame),
}

impl Demand {
    /// Reads `KEYS@FRAMES`, of `--keep` where `keeps`.
    ///
    /// # Errors
    ///
    /// What isn't in the language.
    pub(super) fn read(text: &str, keeps: bool) -> Result<Self> {
        let (what, region) = match text.split_once('@') {
            Some((what, region)) => (what, self::region(region.trim()).ok_or_else(|| unread(text))?),
            None => (text, 0..usize::MAX),
        };
        let what = match what.trim() {
            "open" if keeps => What::Open,
            keys => {
                let keys = self::keys(keys).ok_or_else(|| unread(text))?;
                if keeps { What::On(keys) } else { What::Off(keys) }
            }
        };
        Ok(Self { text: text.to_owned(), what, region })
    }

    /// Its frames, as far as the piece goes.
    fn within(&self, frames: usize) -> Range<usize> {
        self.region.start.min(frames)..self.region.end.min(frames)
    }

    /// Whether a finished piece is as it says; what is only open always is.
    pub(super) fn is_met(&self, frames: &[Frame]) -> bool {
        frames[self.within(frames.len())].iter().all(|frame| match self.what {
            What::Open => true,
            What::On(keys) => frame & keys == keys,
            What::Off(keys) => frame & keys == 0,
        })
    }
}

fn unread(text: &str) -> Error {
    Error::usage(format!("`{text}`"), "KEYS@FRAMES, such as C4@1-8, C4..B4@5- or *@9")
}

/// Reads `5`, `5-8` or `5-`.
fn region(text: &str) -> Option<Range<usize>> {
    let number = |text: &str| text.trim().parse::<usize>().ok().filter(|number| *number > 0);
    let (from, to) = match text.split_once('-') {
        None => (number(text)?, number(text)?),
        Some((from, "")) => (number(from)?, usize::MAX),
        Some((from, to)) => (number(from)?, number(to)?),
    };
    (from <= to).then_some(from - 1..to)
}

/// Reads `C4,E4..G4` or `*`.
fn keys(text: &str) -> Option<Frame> {
    if text == "*" {
        return Some(ALL);
    }
    let key = |text: &str| {
        let pitch: Pitch = text.trim().parse().ok()?;
        pitch.midi()?.checked_sub(LOWEST).filter(|key| ALL >> key & 1 == 1)
    };
    text.split(',').try_fold(0, |all, part| {
        let (low, high) = part.split_once("..").unwrap_or((part, part));
        let (low, high) = (key(low)?, key(high)?);
        (low <= high).then(|| (low..=high).fold(all, |all, key| all | 1 << key))
    })
}

/// Lays what is asked on the frames of a draft.
///
/// # Errors
///
/// A cell that is to be on and off, with who says so.
pub(super) fn lay(mut pins: Vec<Pins>, demands: &[Demand]) -> Result<Vec<Pins>> {
    let frames = pins.len();
    for demand in demands.iter().filter(|demand| demand.what == What::Open) {
        pins[demand.within(frames)].fill(Pins::default());
    }
    let draft = pins.clone();
    for demand in demands {
        for pins in &mut pins[demand.within(frames)] {
            match demand.what {
                What::Open => {}
                What::On(keys) => pins.on |= keys,
                What::Off(keys) => pins.off |= keys,
            }
        }
    }
    match pins.iter().position(|pins| pins.on & pins.off != 0) {
        None => Ok(pins),
        Some(at) => Err(contradiction(at, pins[at], draft[at], demands).into()),
    }
}

/// Who is to blame for a frame whose keys are to be on and off.
fn contradiction(at: usize, pins: Pins, draft: Pins, demands: &[Demand]) -> Contradiction {
    let cell = 1 << (pins.on & pins.off).trailing_zeros();
    // One that wants it on and one that wants it off are enough.
    let wanting = |on: bool| {
        let given = if on { draft.on } else { draft.off };
        let says = |demand: &&Demand| {
            demand.region.contains(&at)
                && match demand.what {
                    What::Open => false,
                    What::On(keys) => on && keys & cell != 0,
                    What::Off(keys) => !on && keys & cell != 0,
                }
        };
        match given & cell {
            0 => demands.iter().find(says).map_or_else(String::new, |demand| demand.text.clone()),
            _ => "the draft".to_owned(),
        }
    };
    Contradiction {
        place: Some(format!("frame {}", at + 1)),
        voice: None,
        constraints: vec![wanting(true), wanting(false)],
        problem: format!("ask that {} sounds and is silent", text(cell)),
    }
}
