//! The rules of what may come next: events and their durations, bar lines and signs, and the end.

use super::{Grammar, Kind, Last, Stage};
use crate::music::folk::plan::ALL_CLASSES;
use crate::music::folk::tokens::{DURATIONS, Token, UPBEATS, moved};

impl Grammar {
    /// Whether the part may begin with an upbeat.
    pub(super) fn may_lift(&self, ticks: u16) -> bool {
        self.plan.may_lift() && self.owes(ticks) && ticks < self.full && UPBEATS.contains(&ticks)
    }

    /// Whether a note, rest or tie may begin here.
    pub(super) fn allows_event(&self, what: Token) -> bool {
        let begins = match what {
            Token::Pitch(midi) => self.plan.allows_pitch(self.meant(midi), self.notes == 0),
            // Silence could use up the room that the first note needs.
            Token::Rest => self.plan.rests && self.triplet.is_none() && !self.rested() && self.may_wait(),
            Token::Tie => self.plan.ties && self.last == Last::Note,
            _ => false,
        };
        begins && DURATIONS.iter().any(|&ticks| self.fits(what, ticks))
    }

    /// What a pitch in symbols is, as if the tonic were C.
    fn meant(&self, midi: u8) -> u8 {
        self.mode.map_or(midi, |mode| moved(midi, mode))
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
    pub(super) fn fits(&self, what: Token, ticks: u16) -> bool {
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
        room && end <= limit && (!closes || self.kind == Kind::First || self.has_more() || self.is_good(what))
    }

    /// Whether the tune may end with this event.
    pub(super) fn is_good(&self, what: Token) -> bool {
        match what {
            Token::Pitch(midi) => self.plan.ends_with(self.meant(midi)),
            Token::Tie => self.ends_well,
            _ => false,
        }
    }

    /// Whether a bar line, a repeat sign, an ending or the end may come here, within a bar or at its end.
    pub(super) fn allows_line(&self, token: Token) -> bool {
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
                    self.may_close() && (self.last == Last::Note && self.may_end() || self.has_more())
                }
                Kind::First => self.may_close(),
                _ => false,
            },
            Token::Open => self.may_part() && self.plan.may_repeat(self.part + 1),
            Token::Double => self.may_part() && self.plan.may_be_plain(self.part + 1),
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
        place && self.is_long_enough()
    }

    /// Whether the part, or its second ending, may end here because another part comes, which has what the bar lacks.
    fn may_part(&self) -> bool {
        let lacks = self.full.saturating_sub(self.position);
        let lifts = self.plan.may_lift() && UPBEATS.contains(&lacks);
        self.leads_on() && self.has_more() && (lifts && self.is_long_enough() || self.may_close())
    }

    /// Whether the part, or its ending, has bars enough with this one.
    fn is_long_enough(&self) -> bool {
        let least = match self.kind {
            Kind::Second => self.least_second(),
            // An upbeat and a single bar that it makes whole would be no more than that bar.
            _ => self.plan.least_bars(self.part).max(1 + usize::from(self.upbeat > 0)),
        };
        self.bars + 1 >= least
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
    pub(super) fn has_more(&self) -> bool {
        self.part + 1 < self.plan.most_parts()
    }

    /// Whether the tune may end with this part and the note before.
    pub(super) fn may_end(&self) -> bool {
        self.part + 1 >= self.plan.least_parts() && self.ends_well && self.last == Last::Note
    }
}
