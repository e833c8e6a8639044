//! What a network learns to write from: texts, and lines of somebody's hand.

use super::super::moves::{Move, moves};
use super::letters::Letters;
use super::network::Line;
use super::style::Style;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use etude_piece::strokes::Strokes;

/// Seconds between two points: about 13 points for a letter.
pub const SECONDS: f64 = 0.03;

/// The letters that can be written, in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    letters: Vec<char>,
}

impl Alphabet {
    /// Every letter of some texts, once, in order.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut letters: Vec<char> = texts.into_iter().flat_map(str::chars).collect();
        letters.sort_unstable();
        letters.dedup();
        Self { letters }
    }

    /// Everything that a keyboard prints, and the letters of Latin-1 but the Icelandic Þ, þ and ð, which no font that we know has.
    pub fn latin() -> Self {
        let letters = (' '..='~')
            .chain(('À'..='ÿ').filter(|letter| letter.is_alphabetic() && !"Þþð".contains(*letter)));
        Self { letters: letters.collect() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The letters in order.
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// A text as numbers.
    ///
    /// # Errors
    ///
    /// Letters that aren't in it, named.
    pub fn code(&self, text: &str) -> Result<Vec<u32>> {
        let mut unknown: Vec<char> = text.chars().filter(|letter| !self.letters.contains(letter)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            let unknown: String = unknown.into_iter().collect();
            let found = format!("{unknown:?}, which this hand never learnt");
            return Err(Error::usage(found, "write it in other letters"));
        }
        let number =
            |letter: char| self.letters.iter().position(|known| *known == letter).unwrap_or(0) as u32;
        Ok(text.chars().map(number).collect())
    }
}

/// A hand's line as moves, a point every [`SECONDS`], in ems.
///
/// # Errors
///
/// Strokes without times, and more points than a drawing holds.
pub fn spaced(line: &Strokes) -> Result<Vec<Move>> {
    Ok(moves(&line.resampled_in_time(SECONDS)?))
}

/// Texts written in the fonts in turn, each in a style of its own, in ems.
///
/// # Errors
///
/// Letters that no font has, or that aren't in the alphabet.
pub fn written<'a>(
    letters: &Letters,
    alphabet: &Alphabet,
    texts: impl IntoIterator<Item = &'a str>,
    seed: u64,
) -> Result<Vec<Line>> {
    let line = |(number, text): (usize, &str)| {
        let mut chance = Chance::new(seed, number as u64);
        let style = Style::drawn(&mut chance);
        let strokes = letters.write(number % letters.fonts(), text, &style, &mut chance)?;
        Ok(Line { text: alphabet.code(text)?, moves: spaced(&strokes)? })
    };
    texts.into_iter().enumerate().map(line).collect()
}

/// The standard deviation of all moves, dx and dy together, and the lines in units of it.
///
/// # Errors
///
/// Lines whose pen doesn't move.
pub fn scaled(mut lines: Vec<Line>) -> Result<(f64, Vec<Line>)> {
    let steps = || lines.iter().flat_map(|line| &line.moves).flat_map(|step| [step.x, step.y]);
    let count = steps().count().max(1) as f64;
    let mean = steps().sum::<f64>() / count;
    let scale = (steps().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
    if !(scale.is_finite() && scale > 1e-9) {
        let found = format!("{} lines whose moves have a standard deviation of {scale}", lines.len());
        return Err(Error::usage(found, "lines whose pen moves, by finite numbers"));
    }
    for step in lines.iter_mut().flat_map(|line| &mut line.moves) {
        (step.x, step.y) = (step.x / scale, step.y / scale);
    }
    Ok((scale, lines))
}
