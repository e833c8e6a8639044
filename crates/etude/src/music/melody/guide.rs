//! Follows a melody while it is written.

use super::evidence::Evidence;
use super::notation::{HOLD, Notation, OFF, Told};
use super::sheet::Sheet;
use crate::sequence::Guide;
use std::sync::Arc;

/// Follows a melody: what is read at each step, and what may come.
#[derive(Clone)]
pub(super) struct Follower {
    sheet: Arc<Sheet>,
    /// What is asked, if anything is.
    evidence: Option<Arc<Evidence>>,
    /// The symbols so far.
    past: Vec<u32>,
    /// The place in the range of the last note, or P before the first.
    last: usize,
    sounds: bool,
    /// Steps since it began, or since it ended.
    age: usize,
    /// Steps since it began.
    since: usize,
    /// Semitones from the note before it, and how many steps after that it began.
    interval: Option<i32>,
    length: usize,
    done: bool,
}

impl Follower {
    pub(super) fn new(sheet: Arc<Sheet>, evidence: Option<Arc<Evidence>>) -> Self {
        let last = sheet.notation.pitches();
        let (past, interval) = (Vec::new(), None);
        Self {
            sheet,
            evidence,
            past,
            last,
            sounds: false,
            age: 0,
            since: 0,
            interval,
            length: 0,
            done: false,
        }
    }

    fn notation(&self) -> &Notation {
        &self.sheet.notation
    }

    /// What sounds: a place in the range, or P.
    fn sounding(&self) -> usize {
        if self.sounds { self.last } else { self.notation().pitches() }
    }

    /// Adds what the look-ahead says of each symbol of this step.
    fn look_ahead(&self, evidence: &Evidence, log_odds: &mut [f64]) {
        let (step, sounding, pitches) = (self.past.len(), self.sounding(), self.notation().pitches());
        let here = evidence.log(step, sounding);
        let mut weigh = |symbol: usize, may: bool, after: usize| {
            log_odds[symbol] += if may { evidence.log(step + 1, after) - here } else { f64::NEG_INFINITY };
        };
        weigh(HOLD, evidence.may_hold(step, sounding), sounding);
        weigh(OFF, evidence.may_rest(step, sounding), pitches);
        for index in 0..pitches {
            weigh(Notation::strike(index), evidence.may_strike(step, index), index);
        }
    }

    /// Whether more is asked of what is still to come than that it ends in time.
    pub(super) fn expects(&self) -> bool {
        let evidence = self.evidence.as_ref();
        evidence.is_some_and(|evidence| evidence.log(self.past.len(), self.sounding()).abs() > 1e-9)
    }

    /// The symbol `bars` bars before the step to come, less `ago` steps; or Q.
    fn ago(&self, bars: usize, ago: usize) -> u32 {
        let back = bars * self.sheet.frame.steps_per_bar() + ago;
        let at = self.past.len().checked_sub(back);
        at.map_or(self.notation().symbols() as u32, |at| self.past[at])
    }
}

impl Guide for Follower {
    fn fields(&self, fields: &mut [u32]) {
        let notation = self.notation();
        let step = self.past.len();
        fields[0] = self.past.last().copied().unwrap_or(notation.symbols() as u32);
        fields[1] = notation.place(&self.sheet.frame, step) as u32;
        let pitches = notation.pitches();
        fields[2] = match (self.last == pitches, self.sounds) {
            (true, _) => 2 * pitches,
            (_, true) => self.last,
            (_, false) => pitches + self.last,
        } as u32;
        let note = (self.last < pitches).then_some(self.last);
        let chord = self.sheet.chords.get(step).copied().unwrap_or(0);
        let looks_back = match notation.told {
            Told::Plain | Told::Lookback => {
                fields[3] = notation.rhythm(self.age, self.length, fields[1] as usize) as u32;
                fields[4] = notation.motion(note, self.interval) as u32;
                fields[5] = notation.harmony(chord, note);
                fields[6] = self.sheet.surroundings(step);
                &mut fields[7..]
            }
            Told::Apart => {
                fields[3] = notation.age(self.age) as u32;
                fields[4] = notation.length(self.length) as u32;
                fields[5] = Notation::interval(self.interval) as u32;
                (fields[6], fields[7]) = (chord, notation.above(chord, note));
                fields[8] = self.sheet.bars_left(step);
                &mut fields[9..]
            }
        };
        if let [one, two, again] = looks_back {
            (*one, *two) = (self.ago(1, 0), self.ago(2, 0));
            // Whether the symbol before repeats what stood a bar, or two, before it.
            let repeats = |bars| step > 0 && self.past[step - 1] == self.ago(bars, 1);
            *again = u32::from(repeats(1)) + 2 * u32::from(repeats(2));
        }
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        let notation = *self.notation();
        let (step, end, pitches) = (self.past.len(), notation.end(), notation.pitches());
        if step >= self.sheet.frame.steps {
            log_odds[..end].fill(f64::NEG_INFINITY);
            return;
        }
        log_odds[end] = f64::NEG_INFINITY;
        if !self.sounds {
            log_odds[OFF] = f64::NEG_INFINITY;
        }
        if let Some(evidence) = &self.evidence {
            self.look_ahead(evidence, log_odds);
        }
        // A melody has a note.
        let strikes = log_odds[Notation::strike(0)..end].iter().any(|odd| *odd > f64::NEG_INFINITY);
        if step + 1 == self.sheet.frame.steps && self.last == pitches && strikes {
            log_odds[HOLD] = f64::NEG_INFINITY;
        }
    }

    fn push(&mut self, symbol: usize) {
        self.age += 1;
        self.since += 1;
        if symbol == OFF {
            (self.sounds, self.age) = (false, 1);
        } else if let Some(index) = self.notation().struck(symbol) {
            if self.last < self.notation().pitches() {
                self.interval = Some(index as i32 - self.last as i32);
                self.length = self.since - 1;
            }
            (self.last, self.sounds, self.age, self.since) = (index, true, 1, 1);
        }
        self.done |= symbol == self.notation().end();
        self.past.push(symbol as u32);
    }

    fn is_done(&self) -> bool {
        self.done
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}
