//! The rows of each bar: bar line, sections, strands, changes, grace notes and notes.

use super::marks::Marks;
use super::page::{Page, Place};
use super::pieces::{Chord, Piece};
use super::sheet::{BarRows, Music};
use super::{recip, text};
use crate::score::{Bar, Beats, Grace, Score};

/// Writes bar after bar.
pub(super) struct Pen<'a> {
    score: &'a Score,
    page: Page,
    music: Vec<Music<'a>>,
    marks: Marks<'a>,
    bars: &'a [Bar],
    /// How many changes, and chord symbols, are written.
    changes: usize,
    chords: usize,
    /// By part and strand, how many grace notes are written.
    graces: Vec<Vec<usize>>,
    /// By part and verse, whether the last syllable ends with a hyphen.
    hyphens: Vec<Vec<bool>>,
    /// The number of the last bar that has one, and whether the one before may be the first half of a bar.
    number: usize,
    half: bool,
    /// How many sections have begun.
    sections: usize,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        score: &'a Score,
        page: Page,
        music: Vec<Music<'a>>,
        marks: Marks<'a>,
        bars: &'a [Bar],
    ) -> Self {
        let graces = music.iter().map(|music| vec![0; music.strands.len()]).collect();
        let hyphens = music.iter().map(|music| vec![false; music.verses.len()]).collect();
        let (changes, chords, number, half, sections) = (0, 0, 0, false, 0);
        Self { score, page, music, marks, bars, changes, chords, graces, hyphens, number, half, sections }
    }

    /// The whole text, with its last bar line.
    pub(super) fn finish(mut self) -> String {
        if let Some(last) = self.bars.last() {
            self.page.all(if last.repeat_end { "==:|!" } else { "==" });
        }
        self.page.all("*-");
        self.page.text
    }

    /// Writes a bar.
    pub(super) fn bar(&mut self, index: usize, rows: &BarRows<'a>) {
        let (start, end) = rows.span;
        let strands: Vec<usize> = rows.strands.iter().map(Vec::len).collect();
        if index == 0 {
            self.write_changes(start);
            self.write_sections(index);
            self.write_line(index, rows);
            self.page.bend(&strands);
        } else {
            self.write_line(index, rows);
            self.write_sections(index);
            self.page.bend(&strands);
        }
        let times = if self.page.measured { self.all_times(rows) } else { rows.times.clone() };
        let mut next: Vec<Vec<usize>> = strands.iter().map(|&count| vec![0; count]).collect();
        for (row, &time) in times.iter().enumerate() {
            self.write_changes(time);
            self.write_graces(time);
            let until = times.get(row + 1).copied().unwrap_or(end);
            self.write_row(rows, &mut next, time, until - time);
        }
    }

    /// When rows of a bar begin, those that only signs stand above included.
    fn all_times(&self, rows: &BarRows<'a>) -> Vec<Beats> {
        let (start, end) = rows.span;
        let inside = |time: &Beats| start <= *time && *time < end;
        let changes = self.marks.changes[self.changes..].iter().map(|&(at, _)| at).take_while(|&at| at < end);
        let chords = self.marks.chords[self.chords..].iter().map(|&(at, _)| at).take_while(|&at| at < end);
        let mut times: Vec<Beats> =
            rows.times.iter().copied().chain(changes).chain(chords).filter(inside).collect();
        times.sort_unstable();
        times.dedup();
        times
    }

    fn write_changes(&mut self, time: Beats) {
        while let Some((_, token)) = self.marks.changes.get(self.changes).filter(|(at, _)| *at <= time) {
            self.page.music(token);
            self.changes += 1;
        }
    }

    /// The bar line before a bar; a full first bar has one that isn't drawn.
    fn write_line(&mut self, index: usize, rows: &BarRows<'a>) {
        let Some(&bar) = self.bars.get(index) else { return };
        let before = index.checked_sub(1).map(|before| self.bars[before]);
        let numbered = self.is_numbered(index, rows);
        self.number += usize::from(numbered);
        let number = if numbered { self.number.to_string() } else { String::new() };
        let signs = match (before.is_some_and(|bar| bar.repeat_end), bar.repeat_start) {
            (true, true) => ":|!|:",
            (true, false) => ":|!",
            (false, true) => "!|:",
            (false, false) if index == 0 => "-",
            (false, false) if before.is_some_and(|bar| bar.section_end) => "||",
            (false, false) => "",
        };
        // An upbeat stands before the first line.
        if index > 0 || numbered || bar.repeat_start {
            self.page.all(&format!("={number}{signs}"));
        }
    }

    /// Whether a bar counts: an upbeat doesn't, nor does the second half of a bar that a repeat sign cuts in two.
    fn is_numbered(&mut self, index: usize, rows: &BarRows<'a>) -> bool {
        let (start, end) = rows.span;
        if index == 0 {
            return self.score.pickup() == Beats::ZERO;
        }
        let full = self.score.metre_at(start).bar();
        let before = start - self.bars[index - 1].onset;
        let second_half = !self.half && index > 1 && end > start && before + (end - start) == full;
        self.half = second_half;
        !second_half
    }

    /// Labels of sections, if the piece has endings, which are named after them.
    fn write_sections(&mut self, index: usize) {
        let Some(&bar) = self.bars.get(index) else { return };
        if self.bars.iter().all(|bar| bar.ending.is_none()) {
            return;
        }
        if index == 0 || bar.repeat_start {
            self.sections += 1;
            self.page.music(&format!("*>{}", section(self.sections)));
        }
        if let Some(number) = bar.ending {
            self.page.music(&format!("*>{}{number}", section(self.sections)));
        }
    }

    /// The rows of grace notes before `time`, the last ones side by side.
    fn write_graces(&mut self, time: Beats) {
        let mut most = 0;
        let mut taken: Vec<Vec<&[&'a Grace]>> = Vec::new();
        for (music, next) in self.music.iter().zip(&mut self.graces) {
            let mut of_part: Vec<&[&'a Grace]> = Vec::new();
            for (strand, next) in music.strands.iter().zip(next) {
                let waiting = &strand.graces[*next..];
                let count = waiting.iter().take_while(|grace| grace.before == time).count();
                *next += count;
                most = most.max(count);
                of_part.push(&waiting[..count]);
            }
            taken.push(of_part);
        }
        for row in 0..most {
            self.page.row(|place, text| {
                let graces = match place {
                    Place::Kern(part, strand) => taken[part].get(strand).copied().unwrap_or_default(),
                    _ => &[],
                };
                match (row + graces.len()).checked_sub(most) {
                    Some(index) => write_grace(graces[index], text),
                    None => text.push('.'),
                }
            });
        }
    }

    /// The row of what begins at `time`, and lasts for `step` until the next row.
    fn write_row(&mut self, rows: &BarRows<'a>, next: &mut [Vec<usize>], time: Beats, step: Beats) {
        let current = |part: usize, strand: usize, at: usize| {
            rows.strands[part].get(strand)?.get(at).filter(|chord| chord.onset == time)
        };
        let symbol = self.marks.chords.get(self.chords).filter(|(at, _)| *at <= time);
        self.chords += usize::from(symbol.is_some());
        let (music, hyphens) = (&self.music, &mut self.hyphens);
        self.page.row(|place, text| {
            let begun = text.len();
            match place {
                Place::Recip => text.push_str(&recip::duration(step)),
                Place::Kern(part, strand) => {
                    if let Some(chord) = current(part, strand, next[part][strand]) {
                        write_chord(chord, text);
                    }
                }
                Place::Words(part, place) => {
                    let (voice, verse) = music[part].verses[place];
                    let at = next[part].get(voice).copied().unwrap_or(0);
                    let sung = current(part, voice, at).and_then(|chord| chord.notes.first()?.words);
                    if let Some(syllable) =
                        sung.and_then(|note| note.lyrics.get(verse)).filter(|text| !text.is_empty())
                    {
                        write_syllable(syllable, &mut hyphens[part][place], text);
                    }
                }
                Place::Chords => {
                    if let Some((_, symbol)) = symbol {
                        text.push_str(&text::encode_token(symbol));
                    }
                }
            }
            if text.len() == begun {
                text.push('.');
            }
        });
        for (part, strands) in next.iter_mut().enumerate() {
            for (strand, at) in strands.iter_mut().enumerate() {
                *at += usize::from(current(part, strand, *at).is_some());
            }
        }
    }
}

/// The name of a section, counted from 1: A to Z, then AA and so on.
fn section(number: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = number;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).expect("below 26"));
        rest /= 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

fn write_grace(grace: &Grace, text: &mut String) {
    text.push_str(&recip::duration(grace.duration));
    text.push_str(&recip::pitch(grace.pitch));
    text.push_str(if grace.slashed { "q" } else { "qq" });
}

fn write_chord(chord: &Chord<'_>, text: &mut String) {
    if chord.notes.is_empty() {
        text.push_str(&recip::duration(chord.step));
        text.push('r');
    }
    for (index, note) in chord.notes.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        write_note(note, text);
    }
}

fn write_note(note: &Piece<'_>, text: &mut String) {
    if note.opens && !note.closes {
        text.push('[');
    }
    text.push_str(&recip::duration(note.duration));
    text.push_str(&recip::pitch(note.pitch));
    text.push_str(match (note.opens, note.closes) {
        (true, true) => "_",
        (false, true) => "]",
        _ => "",
    });
    if note.fermata {
        text.push(';');
    }
}

/// Writes a syllable; one that follows a hyphen begins with one, as is the custom.
fn write_syllable(syllable: &str, hyphen: &mut bool, text: &mut String) {
    if *hyphen {
        text.push('-');
    }
    text.push_str(&text::encode_token(syllable));
    *hyphen = syllable.ends_with('-');
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn sections_go_on_after_z() {
        assert_eq!([1, 2, 26, 27, 28, 703].map(section), ["A", "B", "Z", "AA", "AB", "AAA"]);
    }
}
