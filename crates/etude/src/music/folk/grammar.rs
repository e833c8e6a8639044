//! What may come next in a tune: an automaton with memory, that allows a symbol only if the tune can be finished after it.
//!
//! Every bar is exactly as long as its metre says, but for upbeats and the last bars of parts. A part that begins with
//! an upbeat of u ends after a bar of the full length less u, so that the two make a whole bar when it is repeated; a
//! part or second ending that leads nowhere back may also end with a full bar, or with one that the next part's upbeat makes
//! whole. What the last bar of a part lacks, the upbeat of the next part has, unless the plan lets it be. Before its first repeated part a tune
//! may have an upbeat that isn't repeated. The notes of a triplet stand together until they fill the time of three
//! like the first. A tune closes with a note.

mod rules;

use super::plan::Plan;
use super::tokens::{Token, bar_ticks};
use std::sync::Arc;

/// How far a tune has come.
#[derive(Debug, Clone)]
pub struct Grammar {
    plan: Arc<Plan>,
    stage: Stage,
    kind: Kind,
    pub(super) metre: Option<usize>,
    pub(super) mode: Option<usize>,
    /// Ticks of a full bar; 0 before the metre is known.
    pub(super) full: u16,
    /// The upbeat that the part before asks for, if there is one.
    owed: Option<u16>,
    /// Ticks since the bar's line, or since where it would be before an upbeat.
    pub(super) position: u16,
    /// The part's upbeat in ticks, 0 for none.
    upbeat: u16,
    pub(super) in_upbeat: bool,
    /// Parts before this one.
    pub(super) part: usize,
    /// Bars of this part that are finished; in a second ending, those of that ending.
    pub(super) bars: usize,
    /// Bars of this part before its first ending.
    before: usize,
    /// A triplet under way: the duration it began with, and the ticks so far.
    triplet: Option<(u16, u16)>,
    last: Last,
    /// Whether the note before may be a tune's last.
    ends_well: bool,
    notes: usize,
}

/// What kind of symbol is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Metre,
    Mode,
    /// A part begins: `|:`, an upbeat or an event.
    Part,
    /// After `|:`: an upbeat or an event.
    Opened,
    /// An event begins a bar, or an upbeat.
    Fresh,
    /// An event, or what comes after the bar.
    Event,
    /// How long an event is.
    Duration(Token),
    /// After the `:|` of a first ending.
    Second,
    /// After another `:|`.
    After,
    /// After `||`.
    Parted,
    Done,
}

/// What of a tune is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Repeated,
    First,
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Note,
    Rest,
}

impl Grammar {
    /// A tune that isn't begun.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            stage: Stage::Metre,
            kind: Kind::Plain,
            metre: None,
            mode: None,
            full: 0,
            owed: None,
            position: 0,
            upbeat: 0,
            in_upbeat: false,
            part: 0,
            bars: 0,
            before: 0,
            triplet: None,
            last: Last::Nothing,
            ends_well: false,
            notes: 0,
        }
    }

    /// Whether the tune is finished.
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Whether a token may come next.
    pub fn allows(&self, token: Token) -> bool {
        let whole = token.symbol().is_some();
        whole
            && match (self.stage, token) {
                (Stage::Metre, Token::Metre(index)) => self.plan.allows_metre(index),
                (Stage::Mode, Token::Mode(index)) => self.plan.mode.is_none_or(|mode| mode == index),
                (Stage::Part, Token::Open) => self.plan.may_repeat(self.part),
                (Stage::Part, Token::Upbeat(ticks)) => {
                    let intro = self.part == 0 && self.plan.may_repeat(0) && self.owed.is_none();
                    (intro || self.plan.may_be_plain(self.part)) && self.may_lift(ticks)
                }
                (Stage::Opened, Token::Upbeat(ticks)) => self.may_lift(ticks),
                (Stage::Part, _) => {
                    self.plan.may_be_plain(self.part) && self.owes(0) && self.allows_event(token)
                }
                (Stage::Opened, _) => self.owes(0) && self.allows_event(token),
                (Stage::Fresh, _) => self.allows_event(token),
                (Stage::Event, Token::Pitch(_) | Token::Rest | Token::Tie) => self.allows_event(token),
                (Stage::Event, _) => self.allows_line(token),
                (Stage::Duration(what), Token::Duration(ticks)) => self.fits(what, ticks),
                (Stage::Second, Token::Second) => true,
                (Stage::After, Token::End) => self.may_end(),
                (Stage::After, _) => self.has_more() && self.next_part().allows(token),
                (Stage::Parted, Token::Open) => false,
                (Stage::Parted, _) => self.next_part().allows(token),
                _ => false,
            }
    }

    /// Takes a token that is allowed.
    pub fn push(&mut self, token: Token) {
        match token {
            Token::Metre(index) => {
                (self.metre, self.full, self.stage) = (Some(index), bar_ticks(index), Stage::Mode)
            }
            Token::Mode(index) => (self.mode, self.stage) = (Some(index), Stage::Part),
            Token::Open => {
                if self.stage == Stage::Event {
                    self.owe();
                }
                if self.stage != Stage::Part {
                    let intro = self.stage == Stage::Event && self.in_upbeat;
                    let part = self.part;
                    *self = self.next_part();
                    self.part = if intro { part } else { self.part };
                }
                (self.kind, self.stage) = (Kind::Repeated, Stage::Opened);
            }
            Token::Upbeat(ticks) => {
                if matches!(self.stage, Stage::After | Stage::Parted) {
                    *self = self.next_part();
                }
                (self.upbeat, self.position) = (ticks, self.full.saturating_sub(ticks));
                (self.in_upbeat, self.stage) = (true, Stage::Fresh);
            }
            Token::Pitch(_) | Token::Rest | Token::Tie => {
                if matches!(self.stage, Stage::After | Stage::Parted) {
                    *self = self.next_part();
                }
                self.stage = Stage::Duration(token);
            }
            Token::Duration(ticks) => self.last(ticks),
            Token::Bar | Token::First => {
                self.finish_bar();
                if token == Token::First {
                    (self.kind, self.before, self.last) = (Kind::First, self.bars, Last::Nothing);
                }
            }
            Token::Close => {
                self.owe();
                self.finish_bar();
                self.stage = if self.kind == Kind::First { Stage::Second } else { Stage::After };
            }
            Token::Double => {
                self.owe();
                self.finish_bar();
                self.stage = Stage::Parted;
            }
            Token::Second => {
                self.before = self.bars.saturating_sub(self.before);
                (self.kind, self.bars, self.stage, self.last) =
                    (Kind::Second, 0, Stage::Fresh, Last::Nothing);
            }
            Token::End => self.stage = Stage::Done,
        }
    }

    /// An event's duration.
    fn last(&mut self, ticks: u16) {
        let Stage::Duration(what) = self.stage else { return };
        self.position = self.position.saturating_add(ticks);
        self.triplet = match self.triplet {
            None if ticks.is_multiple_of(3) => None,
            None => Some((ticks, ticks)),
            Some((_, before)) if (before + ticks).is_multiple_of(3) => None,
            Some((first, before)) => Some((first, before + ticks)),
        };
        self.ends_well = self.is_good(what);
        self.last = if what == Token::Rest { Last::Rest } else { Last::Note };
        self.notes += usize::from(what != Token::Rest);
        self.stage = Stage::Event;
    }

    /// A part ends: what its last bar lacks is for the next to bring.
    fn owe(&mut self) {
        self.owed = self.plan.flows.then(|| self.full.saturating_sub(self.position));
    }

    /// Whether the part may begin with an upbeat of so many ticks, 0 for none.
    fn owes(&self, ticks: u16) -> bool {
        self.owed.is_none_or(|owed| owed == ticks)
    }

    fn finish_bar(&mut self) {
        self.bars += usize::from(!self.in_upbeat);
        (self.position, self.in_upbeat, self.stage) = (0, false, Stage::Fresh);
    }

    /// The state in which the next part begins.
    fn next_part(&self) -> Self {
        Self {
            stage: Stage::Part,
            kind: Kind::Plain,
            position: 0,
            upbeat: 0,
            in_upbeat: false,
            part: self.part + 1,
            bars: 0,
            before: 0,
            last: Last::Nothing,
            ..self.clone()
        }
    }

    /// What of the tune is under way.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The event whose duration is awaited.
    pub(super) fn awaited(&self) -> Option<Token> {
        match self.stage {
            Stage::Duration(what) => Some(what),
            _ => None,
        }
    }
}
