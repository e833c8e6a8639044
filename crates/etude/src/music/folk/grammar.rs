//! What may come next in a tune: an automaton with memory, that allows a symbol only if the tune can be finished after it.
//!
//! Every bar is exactly as long as its metre says, but for upbeats and the last bars of parts. A part that begins with
//! an upbeat of u ends after a bar of the full length less u, so that the two make a whole bar when it is repeated; a
//! part or second ending that leads nowhere back may also end with a full bar. What the last bar of a part lacks, the
//! upbeat of the next part has, unless the plan lets it be. Before its first repeated part a tune
//! may have an upbeat that isn't repeated. The notes of a triplet stand together until they fill the time of three
//! like the first. A tune closes with a note.

use super::plan::{ALL_CLASSES, Plan};
use super::tokens::{DURATIONS, Token, UPBEATS, bar_ticks};
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
                if self.stage == Stage::After {
                    *self = self.next_part();
                }
                (self.upbeat, self.position) = (ticks, self.full.saturating_sub(ticks));
                (self.in_upbeat, self.stage) = (true, Stage::Fresh);
            }
            Token::Pitch(_) | Token::Rest | Token::Tie => {
                if self.stage == Stage::After {
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
        self.position += ticks;
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

    /// Whether the part may begin with an upbeat.
    fn may_lift(&self, ticks: u16) -> bool {
        self.plan.may_lift() && self.owes(ticks) && ticks < self.full && UPBEATS.contains(&ticks)
    }

    /// Whether a note, rest or tie may begin here.
    fn allows_event(&self, what: Token) -> bool {
        let begins = match what {
            Token::Pitch(midi) => self.plan.allows_pitch(midi, self.notes == 0),
            // Silence could use up the room that the first note needs.
            Token::Rest => self.plan.rests && self.triplet.is_none() && !self.rested() && self.may_wait(),
            Token::Tie => self.plan.ties && self.last == Last::Note,
            _ => false,
        };
        begins && DURATIONS.iter().any(|&ticks| self.fits(what, ticks))
    }

    /// Whether silence may come before the first note.
    fn may_wait(&self) -> bool {
        self.notes > 0 || self.plan.start == ALL_CLASSES
    }

    /// Whether a rest came before in this bar.
    fn rested(&self) -> bool {
        self.last == Last::Rest && self.stage == Stage::Event
    }

    /// Whether an event of this duration fits in the bar, and all that has to come after it too.
    fn fits(&self, what: Token, ticks: u16) -> bool {
        let limit = self.limit();
        let end = self.position.saturating_add(ticks);
        let room = match self.triplet {
            // Halves and wholes and doubles of the first always fill the time of three in the end.
            Some((first, before)) => {
                (ticks == first || ticks == 2 * first || 2 * ticks == first) && before + ticks <= 3 * first
            }
            None if ticks.is_multiple_of(3) => true,
            None => self.plan.triplets && what != Token::Rest && self.position + 3 * ticks <= limit,
        };
        let closes = end == limit && self.must_close();
        room && end <= limit
            && (!closes || self.kind == Kind::First || self.can_go_on() || self.is_good(what))
    }

    /// Whether the tune may end with this event.
    fn is_good(&self, what: Token) -> bool {
        match what {
            Token::Pitch(midi) => self.plan.ends_with(midi),
            Token::Tie => self.ends_well,
            _ => false,
        }
    }

    /// Whether a bar line, a repeat sign, an ending or the end may come here, within a bar or at its end.
    fn allows_line(&self, token: Token) -> bool {
        if self.triplet.is_some() {
            return false;
        }
        if self.in_upbeat {
            let plain = self.kind == Kind::Repeated || self.plan.may_be_plain(self.part);
            return self.position == self.full
                && match token {
                    Token::Bar => plain,
                    Token::Open => self.kind == Kind::Plain && self.part == 0 && self.plan.may_repeat(0),
                    _ => false,
                };
        }
        match token {
            Token::Bar => self.position == self.full && !self.must_close(),
            Token::First => {
                self.kind == Kind::Repeated
                    && self.position == self.full
                    && !self.must_close()
                    && self.plan.may_have_endings(self.part)
            }
            Token::Close => match self.kind {
                Kind::Repeated => {
                    self.may_close() && (self.last == Last::Note && self.may_end() || self.can_go_on())
                }
                Kind::First => self.may_close(),
                _ => false,
            },
            Token::Open => self.leads_on() && self.may_close() && self.can_go_on(),
            Token::End => self.leads_on() && self.may_close() && self.may_end(),
            _ => false,
        }
    }

    /// Whether no `:|` is awaited.
    fn leads_on(&self) -> bool {
        matches!(self.kind, Kind::Plain | Kind::Second)
    }

    /// Where a last bar ends that its part's upbeat makes whole.
    fn closing(&self) -> u16 {
        self.full - self.upbeat.min(self.full)
    }

    /// Where the bar has to end.
    fn limit(&self) -> u16 {
        match self.in_upbeat || self.leads_on() || !self.must_close() {
            true => self.full,
            false => self.closing(),
        }
    }

    /// Whether this is the last bar that the part, or its ending, may have.
    fn must_close(&self) -> bool {
        !self.in_upbeat && self.bars + 1 >= self.most_bars()
    }

    /// Whether the part, or its ending, may end here.
    fn may_close(&self) -> bool {
        let place = self.position == self.closing() || self.leads_on() && self.position == self.full;
        let least = match self.kind {
            Kind::Second => self.least_second(),
            // An upbeat and a single bar that it makes whole would be no more than that bar.
            _ => self.plan.least_bars(self.part).max(1 + usize::from(self.upbeat > 0)),
        };
        place && self.bars + 1 >= least
    }

    fn most_bars(&self) -> usize {
        match self.kind {
            Kind::Second if self.plan.is_exact(self.part) => self.before,
            _ => self.plan.most_bars(self.part),
        }
    }

    fn least_second(&self) -> usize {
        if self.plan.is_exact(self.part) { self.before } else { 1 }
    }

    /// Whether there may be another part.
    fn has_more(&self) -> bool {
        self.part + 1 < self.plan.most_parts()
    }

    /// Whether another part may begin after what is under way.
    fn can_go_on(&self) -> bool {
        self.has_more() && (!self.leads_on() || self.plan.may_repeat(self.part + 1))
    }

    /// Whether the tune may end with this part and the note before.
    fn may_end(&self) -> bool {
        self.part + 1 >= self.plan.least_parts() && self.ends_well && self.last == Last::Note
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
