//! Spines: the columns of the table, and the paths that split, join, exchange, add and end them.

use super::limits;
use super::lines::{Line, shown};
use super::reader::Reader;
use crate::Result;
use crate::score::Beats;
use std::collections::BTreeMap;

/// What a spine holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing yet: `*+` has just made it.
    Unnamed,
    /// Music.
    Kern,
    /// Words.
    Text,
    /// Chord symbols.
    Chords,
    /// Durations that only measure time.
    Recip,
    /// What a score doesn't hold, by what a token of it is called.
    Other(&'static str),
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "**kern" => Self::Kern,
            "**text" | "**lyrics" | "**silbe" => Self::Text,
            "**mxhm" => Self::Chords,
            "**recip" => Self::Recip,
            "**dynam" | "**dyn" => Self::Other("dynamic"),
            "**harm" | "**root" | "**rhrm" | "**function" | "**fb" | "**harte" => {
                Self::Other("harmonic analysis")
            }
            "**fing" => Self::Other("fingering"),
            _ => Self::Other("foreign token"),
        }
    }

    /// Whether its tokens take time.
    pub(super) fn is_timed(self) -> bool {
        matches!(self, Self::Kern | Self::Recip)
    }
}

/// How a column stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Its tokens follow each other without gaps.
    Steady,
    /// It has just been split off; its first token may still be late.
    Untouched,
    /// It is silent until its first token, while another strand of its spine goes on.
    Late,
}

/// One column of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) kind: Kind,
    /// The part that it belongs to: of music or words.
    pub(super) part: usize,
    /// Which strand of the part's spine it is, left to right.
    pub(super) strand: usize,
    /// Words: which verse, and of which strand.
    pub(super) verse: usize,
    pub(super) voice: usize,
    /// When its last token ends.
    pub(super) end: Beats,
    pub(super) pace: Pace,
}

impl Column {
    fn unnamed(now: Beats) -> Self {
        let pace = Pace::Late;
        Self { kind: Kind::Unnamed, part: 0, strand: 0, verse: 0, voice: 0, end: now, pace }
    }

    /// Whether both are strands of one spine.
    fn is_kin(&self, other: &Self) -> bool {
        (self.kind, self.part) == (other.kind, other.part)
    }
}

impl Reader {
    /// The first line of a piece: what each spine holds.
    pub(super) fn open_spines(&mut self, line: &Line<'_>) -> Result<()> {
        for token in line.tokens() {
            if !token.starts_with("**") {
                let expected = "an exclusive interpretation such as `**kern` over each spine";
                return Err(line.hinted(token, shown(token), expected, "is this a Humdrum file?"));
            }
            if self.columns.len() == limits::SPINES {
                return Err(line.fault(token, "one more spine", at_most_spines()));
            }
            self.columns.push(Column { pace: Pace::Steady, ..Column::unnamed(Beats::ZERO) });
            self.name(self.columns.len() - 1, token, line)?;
        }
        self.number();
        Ok(())
    }

    /// Says what a column holds.
    fn name(&mut self, index: usize, token: &str, line: &Line<'_>) -> Result<()> {
        let kind = match Kind::of(token) {
            // Words without music to their left belong to nobody.
            Kind::Text if !self.columns[..index].iter().any(|column| column.kind == Kind::Kern) => {
                Kind::Other("syllable")
            }
            kind => kind,
        };
        let part = match kind {
            Kind::Kern if self.parts.len() == limits::SPINES => {
                return Err(line.fault(token, "one more spine of music", at_most_spines()));
            }
            Kind::Kern => {
                self.parts.push(super::strike::Line::default());
                self.parts.len() - 1
            }
            Kind::Text => {
                let left = self.columns[..index].iter().rev().find(|column| column.kind == Kind::Kern);
                left.map_or(0, |column| column.part)
            }
            _ => 0,
        };
        let column = &mut self.columns[index];
        (column.kind, column.part) = (kind, part);
        Ok(())
    }

    /// Follows the spine paths of a line of interpretations, if it has any.
    pub(super) fn follow_paths(&mut self, line: &Line<'_>) -> Result<()> {
        let is_path =
            |token: &str| matches!(token, "*^" | "*v" | "*+" | "*x" | "*-") || token.starts_with("**");
        if !line.tokens().any(is_path) {
            return Ok(());
        }
        let tokens: Vec<&str> = line.tokens().collect();
        let mut next: Vec<Column> = Vec::with_capacity(tokens.len() + 1);
        let mut exchanged: Vec<usize> = Vec::new();
        let mut at = 0;
        while let Some(&token) = tokens.get(at) {
            let column = self.columns[at];
            match token {
                "*^" => {
                    let pace = if column.pace == Pace::Steady { Pace::Untouched } else { column.pace };
                    next.extend([Column { pace, ..column }; 2]);
                }
                "*+" => next.extend([column, Column::unnamed(self.now)]),
                "*-" => {}
                "*v" => {
                    let run = (at..tokens.len())
                        .take_while(|&i| tokens[i] == "*v" && self.columns[i].is_kin(&column))
                        .count();
                    next.push(join(&self.columns[at..at + run], token, line)?);
                    at += run - 1;
                }
                "*x" => {
                    exchanged.push(next.len());
                    next.push(column);
                }
                _ => next.push(column),
            }
            if next.len() > limits::SPINES {
                return Err(line.fault(token, "one more spine", at_most_spines()));
            }
            at += 1;
        }
        match exchanged.as_slice() {
            [] => {}
            &[a, b] => next.swap(a, b),
            places => {
                let token = tokens.iter().find(|token| **token == "*x").expect("one was found");
                let found = format!("{} spines to exchange", places.len());
                return Err(line.fault(token, found, "two `*x` on a line"));
            }
        }
        self.columns = next;
        self.name_added(line, &tokens)?;
        self.number();
        self.ended = self.columns.is_empty();
        Ok(())
    }

    /// Takes the names of spines that were added on an earlier line.
    fn name_added(&mut self, line: &Line<'_>, tokens: &[&str]) -> Result<()> {
        if !tokens.iter().any(|token| token.starts_with("**")) {
            return Ok(());
        }
        if tokens.len() != self.columns.len() {
            let token = tokens[0];
            return Err(line.fault(
                token,
                "a new name beside a spine path",
                "one after the other, on two lines",
            ));
        }
        for (index, &token) in tokens.iter().enumerate().filter(|(_, token)| token.starts_with("**")) {
            match self.columns[index].kind {
                Kind::Unnamed => self.name(index, token, line)?,
                kind if kind == Kind::of(token) => {}
                _ => return Err(line.fault(token, shown(token), "the kind that the spine already has")),
            }
        }
        Ok(())
    }

    /// Numbers the strands of each part, and the verses of each strand.
    pub(super) fn number(&mut self) {
        let mut strands = vec![0; self.parts.len()];
        let mut verses: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for column in &mut self.columns {
            match column.kind {
                Kind::Kern => {
                    column.strand = strands[column.part];
                    strands[column.part] += 1;
                }
                Kind::Text => {
                    let verse = verses.entry((column.part, column.voice)).or_default();
                    column.verse = *verse;
                    *verse += 1;
                }
                _ => {}
            }
        }
    }

    /// When the next row of data is due.
    pub(super) fn due(&self) -> Beats {
        let timed = self.columns.iter().filter(|column| column.kind.is_timed() && column.pace != Pace::Late);
        timed.map(|column| column.end).min().map_or(self.now, |due| due.max(self.now))
    }
}

/// The column that strands join into.
fn join(strands: &[Column], token: &str, line: &Line<'_>) -> Result<Column> {
    if strands.len() < 2 {
        let expected = "two or more `*v` beside each other, over strands of one spine";
        return Err(line.fault(token, "`*v` alone", expected));
    }
    let end = strands.iter().map(|column| column.end).max().expect("two or more");
    let timed = strands[0].kind.is_timed();
    if timed && strands.iter().any(|column| column.pace == Pace::Steady && column.end != end) {
        let expected = "strands that end at the same time";
        return Err(line.fault(token, "`*v` where one strand still sounds", expected));
    }
    let steady = strands.iter().find(|column| column.pace == Pace::Steady);
    let pace = steady.map_or(strands[0].pace, |column| column.pace);
    Ok(Column { end, pace, ..strands[0] })
}

fn at_most_spines() -> String {
    format!("at most {} beside each other", limits::SPINES)
}
