//! The roll as a picture.

mod system;

use super::layout::{BarLine, Sounding, bar_lines, end, range, sounding, systems};
use crate::score::xml::{escape, recipe_element};
use crate::score::{Beats, Score};
use std::fmt::Write;
use std::ops::Range;

/// The width of the picture, in pixels.
const WIDTH: f64 = 1_000.0;
/// What is kept free at the left for the octaves' names, and at the right.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 16.0;
/// How many quarter notes a system holds, and where there are words or many short notes to read.
const QUARTERS: (usize, usize) = (32, 16);
/// The most verses that are drawn.
const VERSES: usize = 4;
/// A line of words.
const LINE: f64 = 15.0;

/// The voices' colours, by Okabe and Ito (2008): distinct for the colour-blind too.
const COLOURS: [&str; 8] =
    ["#d55e00", "#0072b2", "#009e73", "#b1478a", "#e69f00", "#56b4e9", "#7a6a00", "#555555"];

const STYLE: &str = "\
text{font-family:sans-serif;fill:#222}.title{font-size:22px;font-weight:bold}.caption{font-size:13px;fill:#555}\
.octave{font-size:10px;fill:#777;text-anchor:end}.number{font-size:10px;fill:#777}\
.chord{font-size:13px;font-weight:bold;fill:#333}.word{font-size:12px;fill:#333}\
.paper{fill:#fff}.black{fill:#f0f1f3}.frame{fill:none;stroke:#b8bcc4}.c{stroke:#c9ccd3}\
.beat{stroke:#e3e5e9}.bar{stroke:#8a8f99}.fermata{fill:none;stroke:#222;stroke-width:1.4}.dot{fill:#222}";

/// Draws a score as a piano roll, 1,000 pixels wide: a system for every eight bars or so (four if there are words,
/// chord symbols or mostly short notes), a rectangle for every sounding note in its voice's colour, bars with numbers, octaves with names.
/// Where voices meet on one key the lower one has the lower half.
pub fn svg(score: &Score) -> String {
    let roll = Roll::of(score);
    let mut out = String::new();
    let height = roll.head() + roll.systems.len() as f64 * roll.system_height();
    put(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">\n"
        ),
    );
    put(&mut out, format_args!("<title>{}</title>\n", escape(&score.title)));
    out.push_str(&recipe_element(&score.recipe));
    put(&mut out, format_args!("<style>{STYLE}</style>\n"));
    put(&mut out, format_args!("<rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n"));
    roll.draw_head(&mut out);
    for index in 0..roll.systems.len() {
        roll.draw_system(&mut out, index);
    }
    out.push_str("</svg>\n");
    out
}

/// Appends formatted text.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes all text");
}

/// A picture being drawn.
struct Roll<'a> {
    score: &'a Score,
    /// By onset.
    notes: Vec<Sounding>,
    /// For each of `notes`: whether an upper voice holds its key already.
    shared: Vec<bool>,
    /// The longest note, so that a system knows how far back to look for those that reach into it.
    longest: Beats,
    bars: Vec<BarLine>,
    systems: Vec<Range<Beats>>,
    /// The lowest and highest key drawn.
    low: u8,
    high: u8,
    /// The height of a key, and the width of a quarter note.
    row: f64,
    quarter: f64,
    /// How many lines of words stand under each system.
    verses: usize,
}

impl<'a> Roll<'a> {
    fn of(score: &'a Score) -> Self {
        let mut notes = sounding(score);
        notes.sort_by_key(|sounding| (sounding.note.onset, sounding.voice, sounding.key));
        let bars = bar_lines(score);
        let verses = notes.iter().map(|note| note.note.lyrics.len()).max().unwrap_or(0).min(VERSES);
        let short = notes.iter().filter(|note| note.note.duration < Beats::new(1, 2)).count();
        let dense = verses > 0 || !score.chords.is_empty() || 2 * short > notes.len();
        let quarters = if dense { QUARTERS.1 } else { QUARTERS.0 };
        let upbeat = rounded_up(score.pickup());
        let limit = Beats::whole(quarters as i64);
        let systems = systems(&bars, end(score, &bars), limit, quarters + upbeat, rounded_up);
        let longest_system = systems.iter().map(|system| system.end - system.start).max().unwrap_or(limit);
        let (low, high) = range(&notes);
        let (low, high) = (low.saturating_sub(2), (high + 2).min(127));
        Self {
            score,
            shared: shared(&notes),
            longest: notes.iter().map(|note| note.note.duration).max().unwrap_or_default(),
            notes,
            bars,
            quarter: (WIDTH - LEFT - RIGHT) / longest_system.to_f64().max(4.0),
            systems,
            row: if high - low < 48 { 8.0 } else { 5.0 },
            low,
            high,
            verses,
        }
    }

    /// The height of title and legend.
    fn head(&self) -> f64 {
        84.0
    }

    /// The height of the lines above a system's frame.
    fn above(&self) -> f64 {
        if self.score.chords.is_empty() { 16.0 } else { 32.0 }
    }

    fn frame_height(&self) -> f64 {
        f64::from(self.high - self.low + 1) * self.row
    }

    fn system_height(&self) -> f64 {
        self.above() + self.frame_height() + LINE * self.verses as f64 + 22.0
    }

    /// The top of a key's row, from the top of the frame.
    fn y(&self, key: u8) -> f64 {
        f64::from(self.high - key) * self.row
    }

    fn draw_head(&self, out: &mut String) {
        let title = if self.score.title.is_empty() { "Untitled" } else { &self.score.title };
        put(
            out,
            format_args!("<text class=\"title\" x=\"{LEFT}\" y=\"32\">{}</text>\n", shortened(title, 76)),
        );
        let caption = shortened(&self.caption(), 130);
        put(out, format_args!("<text class=\"caption\" x=\"{LEFT}\" y=\"52\">{caption}</text>\n"));
        let names = self.score.parts.iter().flat_map(|part| part.voices.iter().map(|_| part.name.as_str()));
        let mut x = LEFT;
        for (voice, name) in names.enumerate().take(16) {
            let name = if name.is_empty() { format!("Voice {}", voice + 1) } else { shortened(name, 24) };
            let colour = COLOURS[voice % COLOURS.len()];
            put(
                out,
                format_args!(
                    "<rect x=\"{x}\" y=\"63\" width=\"18\" height=\"8\" rx=\"3\" fill=\"{colour}\"/>\
                 <text class=\"caption\" x=\"{}\" y=\"71\">{name}</text>\n",
                    x + 23.0
                ),
            );
            x += 44.0 + 7.5 * name.chars().count() as f64;
            if x > WIDTH - 120.0 {
                break;
            }
        }
    }

    /// Composer, key, metre and tempo, as far as they are known.
    fn caption(&self) -> String {
        let score = self.score;
        let composer = (!score.composer.is_empty()).then(|| score.composer.clone());
        let key = score.keys.first().map(|(_, key)| key.to_string());
        let metre = score.metres.first().map(|(_, metre)| metre.to_string());
        let tempo = score.tempi.first().map(|(_, tempo)| format!("{:.0} quarter notes a minute", tempo.0));
        [composer, key, metre, tempo].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// For notes by onset: which begin while an upper voice, or an earlier note, holds their key.
fn shared(notes: &[Sounding]) -> Vec<bool> {
    let mut held = [Beats::ZERO; 128];
    notes
        .iter()
        .map(|note| {
            let until = &mut held[usize::from(note.key)];
            let shared = note.note.onset < *until;
            *until = note.note.end().max(*until);
            shared
        })
        .collect()
}

/// A length in whole quarter notes, rounded up.
fn rounded_up(length: Beats) -> usize {
    usize::try_from(-(-length).floor_div(Beats::QUARTER)).unwrap_or(0)
}

/// Pictures need no more than two digits behind the point.
fn hundredths(pixels: f64) -> f64 {
    (pixels * 100.0).round() / 100.0
}

/// Text of at most `most` characters, escaped.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return escape(text);
    }
    let start: String = text.chars().take(most - 1).collect();
    escape(&start) + "…"
}

#[cfg(test)]
mod tests;
