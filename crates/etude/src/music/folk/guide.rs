//! Follows a tune while it is written: the grammar, and what a model reads at each step.
//!
//! | field | values | meaning |
//! |---|---|---|
//! | 0 | Q + 1 | the symbol before |
//! | 1 | 25 | the place in the bar, in sixteenths |
//! | 2 | 17 | bars of the part that are finished: 0 to 7, then 8 to 15 over and over; 16 in an upbeat |
//! | 3 | 88 | the metre and the mode |
//! | 4 | 16 | the part, four and more alike; whether it is repeated, and which ending it is |
//! | 5, 6, 7 | Q + 1 | the symbol at the same place 1, 4 and 8 bars before, Q for none |

use super::grammar::{Grammar, Kind};
use super::plan::Plan;
use super::tokens::{METRES, SYMBOLS, Token, UPBEATS};
use crate::sequence::Guide;
use etude_piece::score::Mode;
use std::sync::Arc;

/// Fields, K.
pub const FIELDS: usize = 8;

/// How many values each field has.
pub fn fields() -> Vec<usize> {
    let sight = SYMBOLS + 1;
    vec![sight, 25, 17, (METRES.len() + 1) * (Mode::ALL.len() + 1), 16, sight, sight, sight]
}

/// How many bars before a model may look.
const LOOKS: [usize; 3] = [1, 4, 8];

/// Bars that are remembered: those that are looked at, and the one under way.
const ROWS: usize = 9;

/// Places of a bar: an event and a duration at each tick of the longest bar, and its end.
const PLACES: usize = 2 * (288 + 1);

/// Stands where nothing stands.
const NOTHING: u8 = u8::MAX;

const _: () = assert!(SYMBOLS < NOTHING as usize && UPBEATS[UPBEATS.len() - 1] < 288);

/// A tune in the making.
#[derive(Clone)]
pub struct Follow {
    grammar: Grammar,
    /// The symbol before, or Q.
    before: u32,
    /// What stands at each place of the last bars, shape (ROWS, PLACES), row n for bars of number n modulo ROWS.
    rows: Arc<Vec<u8>>,
    /// The number of the bar under way. An upbeat has the number of the bar that it makes whole, the tune's first one 0.
    bar: usize,
    /// Whether the bar under way has an event.
    begun: bool,
}

impl Follow {
    /// A tune that isn't begun.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self {
            grammar: Grammar::new(plan),
            before: SYMBOLS as u32,
            rows: Arc::new(vec![NOTHING; ROWS * PLACES]),
            bar: 0,
            begun: false,
        }
    }

    /// The place of the symbol to come in its bar.
    fn place(&self) -> usize {
        2 * usize::from(self.grammar.position).min(PLACES / 2 - 1)
            + usize::from(self.grammar.awaited().is_some())
    }

    /// The number of the bar that the symbol to come stands in.
    fn current(&self) -> usize {
        self.bar + usize::from(!self.begun && self.grammar.position == 0)
    }

    /// What stood at this place so many bars before, or Q.
    fn seen(&self, back: usize) -> u32 {
        let row = self.current().checked_sub(back).map(|bar| bar % ROWS);
        let seen = row.map(|row| self.rows[row * PLACES + self.place()]);
        seen.filter(|&seen| seen != NOTHING).map_or(SYMBOLS as u32, u32::from)
    }

    /// The bar of the part: see the module's table.
    fn counted(&self) -> u32 {
        match (self.grammar.in_upbeat, self.grammar.bars) {
            (true, _) => 16,
            (_, bars @ 0..8) => bars as u32,
            (_, bars) => 8 + (bars % 8) as u32,
        }
    }
}

impl Guide for Follow {
    fn fields(&self, fields: &mut [u32]) {
        let grammar = &self.grammar;
        let metre = grammar.metre.unwrap_or(METRES.len());
        let mode = grammar.mode.unwrap_or(Mode::ALL.len());
        let kind = match grammar.kind() {
            Kind::Plain => 0,
            Kind::Repeated => 1,
            Kind::First => 2,
            Kind::Second => 3,
        };
        fields[0] = self.before;
        fields[1] = u32::from(grammar.position.min(288) / 12);
        fields[2] = self.counted();
        fields[3] = (metre * (Mode::ALL.len() + 1) + mode) as u32;
        fields[4] = (4 * grammar.part.min(3) + kind) as u32;
        for (field, back) in fields[5..].iter_mut().zip(LOOKS) {
            *field = self.seen(back);
        }
    }

    fn weigh(&self, log_odds: &mut [f64]) {
        for (symbol, odd) in log_odds.iter_mut().enumerate() {
            let allowed = Token::of(symbol).is_some_and(|token| self.grammar.allows(token));
            if !allowed {
                *odd = f64::NEG_INFINITY;
            }
        }
    }

    fn push(&mut self, symbol: usize) {
        let Some(token) = Token::of(symbol) else { return };
        let event = matches!(token, Token::Pitch(_) | Token::Rest | Token::Tie);
        if event {
            let bar = self.current();
            if bar > self.bar {
                self.bar = bar;
                let row = bar % ROWS * PLACES;
                Arc::make_mut(&mut self.rows)[row..row + PLACES].fill(NOTHING);
            }
            self.begun = true;
        }
        if event || self.grammar.position > 0 || self.grammar.awaited().is_some() {
            let at = self.bar % ROWS * PLACES + self.place();
            Arc::make_mut(&mut self.rows)[at] = symbol as u8;
        }
        self.grammar.push(token);
        self.before = symbol as u32;
        self.begun &=
            !matches!(token, Token::Bar | Token::First | Token::Close | Token::Open | Token::Double);
    }

    fn is_done(&self) -> bool {
        self.grammar.is_done()
    }

    fn fork(&self) -> Box<dyn Guide> {
        Box::new(self.clone())
    }
}
