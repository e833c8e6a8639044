//! A tune in its normal form: parts of bars of events, in C; to symbols and back.

use super::tokens::{Token, bar_ticks, moved};

/// A tune, its tonic moved to C.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tune {
    /// The metre's place in [`METRES`](super::tokens::METRES).
    pub metre: usize,
    /// The mode's place in `Mode::ALL`.
    pub mode: usize,
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a tune.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Whether it is played twice.
    pub repeated: bool,
    /// What comes before its first full bar; may be empty.
    pub upbeat: Bar,
    /// Its bars, without those of the endings.
    pub bars: Vec<Bar>,
    /// The bars that are only played the first time.
    pub first: Vec<Bar>,
    /// The bars that are played the second time instead.
    pub second: Vec<Bar>,
}

/// What a bar holds.
pub type Bar = Vec<Event>;

/// A note, a rest, or a note that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// [`Token::Rest`], [`Token::Tie`] or [`Token::Pitch`].
    pub what: Token,
    /// How long it is.
    pub ticks: u16,
}

impl Part {
    /// All its bars in the order in which they are written.
    pub fn written(&self) -> impl Iterator<Item = &Bar> {
        let upbeat = (!self.upbeat.is_empty()).then_some(&self.upbeat);
        upbeat.into_iter().chain(&self.bars).chain(&self.first).chain(&self.second)
    }

    /// How many bars are played the first time, the upbeat not counted.
    pub fn len(&self) -> usize {
        self.bars.len() + self.first.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How long a bar is.
pub fn length(bar: &[Event]) -> u16 {
    bar.iter().fold(0, |sum, event| sum.saturating_add(event.ticks))
}

impl Tune {
    /// Its symbols, END at last; `None` where a duration or a pitch isn't in the alphabet.
    pub fn symbols(&self) -> Option<Vec<u32>> {
        let mut tokens = vec![Token::Metre(self.metre), Token::Mode(self.mode)];
        for (number, part) in self.parts.iter().enumerate() {
            let before = number.checked_sub(1).map(|before| &self.parts[before]);
            if part.repeated {
                tokens.push(Token::Open);
            } else if before.is_some_and(|before| !before.repeated || !before.second.is_empty()) {
                tokens.push(Token::Double);
            }
            if !part.upbeat.is_empty() {
                tokens.push(Token::Upbeat(length(&part.upbeat)));
            }
            let bars: Vec<&Bar> =
                (!part.upbeat.is_empty()).then_some(&part.upbeat).into_iter().chain(&part.bars).collect();
            write(&mut tokens, bars, self.mode);
            if !part.first.is_empty() {
                tokens.push(Token::First);
                write(&mut tokens, part.first.iter().collect(), self.mode);
            }
            if part.repeated {
                tokens.push(Token::Close);
            }
            if !part.second.is_empty() {
                tokens.push(Token::Second);
                write(&mut tokens, part.second.iter().collect(), self.mode);
            }
        }
        tokens.push(Token::End);
        tokens.into_iter().map(|token| token.symbol().map(|symbol| symbol as u32)).collect()
    }

    /// The tune that symbols write; a bar line more or less is taken as it comes, but nothing is made up.
    ///
    /// Symbols that a [`Grammar`](super::grammar::Grammar) allows are read as they were meant; of others it says no more
    /// than that they can be laid in parts. The last bar may be unfinished, END may lack.
    pub fn of(symbols: &[u32]) -> Option<Self> {
        let mut tokens = symbols.iter().map(|&symbol| Token::of(symbol as usize));
        let mut next = || tokens.next().flatten();
        let (Some(Token::Metre(metre)), Some(Token::Mode(mode))) = (next(), next()) else { return None };
        let mut tune = Self { metre, mode, parts: Vec::new() };
        let mut here = Here::Bars;
        let mut part = Part::default();
        let mut bar = Bar::new();
        let mut upbeat = false;
        let mut what = None;
        while let Some(token) = next() {
            match token {
                Token::Pitch(_) | Token::Rest | Token::Tie => {
                    if here == Here::After {
                        tune.parts.push(std::mem::take(&mut part));
                        here = Here::Bars;
                    }
                    what = Some(named(token, mode));
                }
                Token::Duration(ticks) => bar.push(Event { what: what.take()?, ticks }),
                Token::Upbeat(_) => {
                    if here == Here::After {
                        tune.parts.push(std::mem::take(&mut part));
                        here = Here::Bars;
                    }
                    upbeat = true;
                }
                Token::Metre(_) | Token::Mode(_) => return None,
                _ => {
                    let full = std::mem::take(&mut bar);
                    if !full.is_empty() {
                        match here {
                            Here::Bars if std::mem::take(&mut upbeat) => part.upbeat = full,
                            Here::Bars => part.bars.push(full),
                            Here::First => part.first.push(full),
                            Here::Second => part.second.push(full),
                            Here::After => return None,
                        }
                    }
                    match token {
                        Token::Open => {
                            if part != Part::default() {
                                tune.parts.push(std::mem::take(&mut part));
                            }
                            part.repeated = true;
                            here = Here::Bars;
                        }
                        Token::Close | Token::Double => here = Here::After,
                        Token::First => here = Here::First,
                        Token::Second => here = Here::Second,
                        Token::End => break,
                        _ => {}
                    }
                }
            }
        }
        if !bar.is_empty() {
            match here {
                Here::Bars if upbeat => part.upbeat = bar,
                Here::Bars => part.bars.push(bar),
                Here::First => part.first.push(bar),
                Here::Second => part.second.push(bar),
                Here::After => return None,
            }
        }
        if part.written().next().is_some() {
            tune.parts.push(part);
        }
        Some(tune)
    }

    /// All events, in order.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.parts.iter().flat_map(Part::written).flatten()
    }

    /// Ticks of a full bar.
    pub fn bar(&self) -> u16 {
        bar_ticks(self.metre)
    }
}

/// Where a bar belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Bars,
    First,
    Second,
    /// After `:|` or `||`.
    After,
}

/// A pitch of a tune as its symbol has it, or the other way round; any other token as it is.
pub(super) fn named(what: Token, mode: usize) -> Token {
    match what {
        Token::Pitch(midi) => Token::Pitch(moved(midi, mode)),
        other => other,
    }
}

fn write(tokens: &mut Vec<Token>, bars: Vec<&Bar>, mode: usize) {
    for (number, bar) in bars.into_iter().enumerate() {
        if number > 0 {
            tokens.push(Token::Bar);
        }
        tokens.extend(bar.iter().flat_map(|event| [named(event.what, mode), Token::Duration(event.ticks)]));
    }
}
