//! The roll on a terminal.

use super::layout::{BarLine, Sounding, bar_lines, end, range, sounding, systems};
use crate::score::{Beats, Score};
use std::collections::BTreeMap;
use std::ops::Range;

/// The most rows of a system.
const ROWS: usize = 24;
/// The columns before the music: a pitch's name.
const LABEL: usize = 3;
/// The narrowest terminal that anything is drawn for.
const NARROWEST: usize = 16;

/// The voices' colours when struck and when held, of the 256 that terminals have.
const COLOURS: [(u8, u8); 8] =
    [(208, 130), (39, 25), (42, 29), (176, 96), (220, 136), (117, 67), (185, 100), (250, 243)];

/// Prints a score as a small piano roll of at most `width` columns and 24 rows a system (at least 16 columns).
///
/// Plain, a struck note is its voice's letter, the first of its part's name or else a number, and a held one is `-`;
/// with `colour`, notes are blocks in the colours of 256-colour terminals, bright where struck. Ranges over two octaves
/// put several semitones into a row, two of which colour still tells apart.
pub fn text(score: &Score, width: usize, colour: bool) -> String {
    let notes = sounding(score);
    let bars = bar_lines(score);
    let unit = unit(&notes);
    let columns = width.max(NARROWEST) - LABEL - 1;
    let longest = unit * (columns as i64 - 1);
    let size = |length: Beats| steps(length, unit).max(1) + 1;
    let (low, high) = range(&notes);
    let sheet = Sheet {
        rows: Rows::between(low, high, colour),
        letters: letters(score),
        unit,
        systems: systems(&bars, end(score, &bars), longest, columns, size),
        bars,
    };
    let mut pages: Vec<Page> = sheet.systems.iter().map(|_| Page::default()).collect();
    for note in &notes {
        sheet.set(note, &mut pages);
    }
    let systems = sheet.systems.iter().zip(&pages);
    let mut lines: Vec<String> =
        systems.flat_map(|(system, page)| sheet.draw(system, page, colour)).collect();
    lines.extend(legend(score, &sheet.letters, colour));
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Half a quarter note, or a quarter of one where more than 1 note in 20 begins between.
fn unit(notes: &[Sounding]) -> Beats {
    let half = Beats::new(1, 2);
    let exact = notes.iter().filter(|note| note.note.onset.exact_div(half).is_some()).count();
    if 20 * exact >= 19 * notes.len() { half } else { Beats::new(1, 4) }
}

/// A length in units, rounded.
fn steps(length: Beats, unit: Beats) -> usize {
    usize::try_from(length.round_div(unit)).unwrap_or(0)
}

/// The voices' letters: their parts' first ones where those differ, else numbers.
fn letters(score: &Score) -> Vec<char> {
    let voices = score.voices().count();
    let names = score.parts.iter().flat_map(|part| part.voices.iter().map(|_| part.name.as_str()));
    let initials: Vec<char> =
        names.filter_map(|name| name.chars().next().filter(char::is_ascii_alphabetic)).collect();
    let mut distinct = initials.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() == voices {
        return initials.iter().map(char::to_ascii_uppercase).collect();
    }
    let number =
        |voice: usize| char::from_digit(voice as u32 % 35 + 1, 36).expect("1..=35 are digits to base 36");
    (0..voices).map(number).collect()
}

/// How keys become rows.
#[derive(Debug, Clone, Copy)]
struct Rows {
    /// The lowest key, and how many rows there are.
    low: u8,
    count: usize,
    /// Semitones in a half row and in a row: the same number where rows have no halves.
    half: u8,
    whole: u8,
}

impl Rows {
    fn between(low: u8, high: u8, colour: bool) -> Self {
        let keys = usize::from(high - low) + 1;
        let (half, whole) = match (keys.div_ceil(ROWS), colour) {
            (1, _) => (1, 1),
            (semitones, false) => (semitones, semitones),
            (semitones, true) => (semitones.div_ceil(2), 2 * semitones.div_ceil(2)),
        };
        Self { low, count: keys.div_ceil(whole), half: half as u8, whole: whole as u8 }
    }

    /// The half row of a key, counted from the lowest; each row has one or two.
    fn half_of(self, key: u8) -> usize {
        usize::from((key - self.low) / self.half)
    }

    /// How many half rows make a row.
    fn halves(self) -> usize {
        usize::from(self.whole / self.half)
    }

    /// The name beside a row: its white key where it has but one semitone, else the C or the G that it holds.
    fn label(self, row: usize) -> String {
        let lowest = usize::from(self.low) + row * usize::from(self.whole);
        let keys = lowest..lowest + usize::from(self.whole);
        let named = |key: &usize| self.whole == 1 || matches!(key % 12, 0 | 7);
        let names = ["C", "", "D", "", "E", "F", "", "G", "", "A", "", "B"];
        let key = keys.filter(named).find(|key| !names[key % 12].is_empty());
        key.map_or_else(String::new, |key| format!("{}{}", names[key % 12], key as i64 / 12 - 1))
    }
}

/// What sounds in one half row at one step: the voice, and whether it is struck there.
type Cell = (usize, bool);

/// The cells of a system, by half row and step.
type Page = BTreeMap<(usize, usize), Cell>;

/// A roll being printed.
struct Sheet {
    rows: Rows,
    letters: Vec<char>,
    unit: Beats,
    bars: Vec<BarLine>,
    systems: Vec<Range<Beats>>,
}

impl Sheet {
    /// Sets a note's cells on the pages it sounds on. Upper voices, which come first, keep what they have.
    fn set(&self, note: &Sounding, pages: &mut [Page]) {
        let (onset, end) = (note.note.onset, note.note.end());
        let first = self.systems.partition_point(|system| system.end <= onset);
        for (system, page) in self.systems.iter().zip(pages).skip(first).take_while(|(s, _)| s.start < end) {
            let from = if onset < system.start { 0 } else { steps(onset - system.start, self.unit) };
            let to = steps(end.min(system.end) - system.start, self.unit).max(from + 1);
            for step in from..to {
                let struck = step == from && onset >= system.start;
                page.entry((self.rows.half_of(note.key), step)).or_insert((note.voice, struck));
            }
        }
    }

    /// The lines of a system: bar numbers, then rows from the highest.
    fn draw(&self, system: &Range<Beats>, page: &Page, colour: bool) -> Vec<String> {
        let first = self.bars.partition_point(|bar| bar.onset < system.start);
        let bars = self.bars[first..].iter().take_while(|bar| bar.onset < system.end);
        let bars: Vec<(usize, Option<usize>)> =
            bars.map(|bar| (steps(bar.onset - system.start, self.unit), bar.number)).collect();
        let length = steps(system.end - system.start, self.unit).max(1);
        let mut lines: Vec<String> = [numbers(&bars)].into_iter().filter(|line| !line.is_empty()).collect();
        for row in (0..self.rows.count).rev() {
            let mut line = format!("{:>LABEL$}", self.rows.label(row));
            for step in 0..length {
                if step == 0 || bars.iter().any(|&(at, _)| at == step) {
                    line.push_str(if colour { "\x1b[90m│\x1b[0m" } else { "|" });
                }
                let halves = self.rows.halves();
                let cell = |half: usize| page.get(&(row * halves + half, step)).copied();
                let (lower, upper) = (cell(0), if halves == 2 { cell(1) } else { cell(0) });
                match colour {
                    true => line.push_str(&block(upper, lower)),
                    false => line.push(self.letter(lower)),
                }
            }
            lines.push(line.trim_end().to_owned());
        }
        lines
    }

    fn letter(&self, cell: Option<Cell>) -> char {
        match cell {
            None => ' ',
            Some((voice, true)) => self.letters[voice],
            Some((_, false)) => '-',
        }
    }
}

/// The line of bar numbers, each over its bar line where there is room.
fn numbers(bars: &[(usize, Option<usize>)]) -> String {
    let mut line = String::new();
    for (lines_before, &(step, number)) in bars.iter().enumerate() {
        let column = LABEL + step + lines_before;
        let taken = line.chars().count();
        if let Some(number) = number.filter(|_| taken == 0 || taken < column) {
            line.push_str(&" ".repeat(column - taken));
            line.push_str(&number.to_string());
        }
    }
    line
}

/// A block with an upper and a lower half.
fn block(upper: Option<Cell>, lower: Option<Cell>) -> String {
    let shade = |(voice, struck): Cell| {
        let (bright, dark) = COLOURS[voice % COLOURS.len()];
        if struck { bright } else { dark }
    };
    match (upper.map(shade), lower.map(shade)) {
        (None, None) => " ".to_owned(),
        (Some(upper), None) => format!("\x1b[38;5;{upper}m▀\x1b[0m"),
        (None, Some(lower)) => format!("\x1b[38;5;{lower}m▄\x1b[0m"),
        (Some(upper), Some(lower)) if upper == lower => format!("\x1b[38;5;{upper}m█\x1b[0m"),
        (Some(upper), Some(lower)) => format!("\x1b[38;5;{upper};48;5;{lower}m▀\x1b[0m"),
    }
}

/// Which letter or colour is which voice, if there are several.
fn legend(score: &Score, letters: &[char], colour: bool) -> Option<String> {
    let names = score.parts.iter().flat_map(|part| part.voices.iter().map(|_| part.name.as_str()));
    let entries: Vec<String> = names
        .zip(letters)
        .enumerate()
        .map(|(voice, (name, letter))| match colour {
            true => format!("{} {name}", block(Some((voice, true)), Some((voice, true)))),
            false => format!("{letter} {name}"),
        })
        .collect();
    (entries.len() > 1).then(|| format!("{:LABEL$} {}", "", entries.join("  ")))
}

#[cfg(test)]
mod tests;
