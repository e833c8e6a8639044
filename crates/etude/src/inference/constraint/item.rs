//! One entry of a set of things that a cell may be: `C4`, `C`, `C4..G5`, `d-minor`, `chord:G7`, `^5`, `rest`.

use super::harmony::{self, Chord};
use super::token::{Mistake, Token};
use etude_piece::draft::Hole;
use etude_piece::score::pitch::read_name;
use etude_piece::score::{Key, Pitch};

/// One entry of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Rest,
    Sounding,
    /// What the draft has there.
    Given,
    Pitch(u8),
    /// From low to high, both included.
    Range(u8, u8),
    /// Any octave of this class.
    Class(u8),
    /// These classes.
    Scale(u16),
    /// The scale of the piece's key.
    OwnScale,
    /// A degree of the piece's key, 0..=6, and semitones added to it.
    Degree(usize, i8),
    Chord(Chord),
}

/// What the meaning of an entry depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// The piece's key.
    pub(super) key: Key,
    /// Whether this is the lowest of several voices, which a chord's bass binds.
    pub(super) lowest: bool,
    /// What the draft has at this cell; [`Hole::ANY`] where it is open.
    pub(super) given: Hole,
}

const EXPECTED: &str = "a pitch (C4), a class (C), a range (C4..G5), a scale (G-major, scale), \
    a chord (chord:G7), a degree (^5), rest, sounding or given";

impl Item {
    /// Whether it speaks only of what sounds and lets a voice rest: scales and ranges do.
    pub(super) fn leaves_rests(self) -> bool {
        matches!(self, Self::Range(..) | Self::Scale(_) | Self::OwnScale)
    }

    /// The things it names, without the rests that it leaves.
    pub(super) fn hole(self, context: Context) -> Hole {
        let classes = |set: u16| Hole { rest: false, ..Hole::classes(set) };
        match self {
            Self::Rest => Hole::REST,
            Self::Sounding => Hole::SOUNDING,
            Self::Given => context.given,
            Self::Pitch(pitch) => Hole::only(Some(pitch)),
            Self::Range(low, high) => Hole::range(low, high),
            Self::Class(class) => classes(1 << class),
            Self::Scale(set) => classes(set),
            Self::OwnScale => classes(harmony::scale_of(context.key)),
            Self::Degree(degree, alter) => classes(1 << harmony::degree(context.key, degree, alter)),
            Self::Chord(Chord { bass: Some(bass), .. }) if context.lowest => classes(1 << bass),
            Self::Chord(chord) => classes(chord.classes),
        }
    }

    /// Reads an entry.
    pub(super) fn parse(token: Token<'_>) -> Result<Self, Mistake> {
        let lower = token.text.to_ascii_lowercase();
        match lower.as_str() {
            "rest" => return Ok(Self::Rest),
            "sounding" => return Ok(Self::Sounding),
            "given" => return Ok(Self::Given),
            "tonic" => return Ok(Self::Degree(0, 0)),
            "scale" => return Ok(Self::OwnScale),
            _ => {}
        }
        if lower.starts_with("chord:") {
            let symbol = token.after("chord:".len()).trim();
            let known = "a chord symbol such as C, Am, G7, Fmaj7, F#m7b5, Bdim7, Asus4 or C/E";
            return harmony::chord(symbol.text).map(Self::Chord).ok_or_else(|| symbol.mistake(known));
        }
        if let Some(degree) = token.text.strip_prefix('^') {
            return read_degree(degree).ok_or_else(|| token.mistake("a degree from ^1 to ^7, such as ^#4"));
        }
        if let Some((low, high)) = token.split_once("..") {
            return range(token, low, high);
        }
        match read_name(token.text) {
            Some((step, alter, "")) => Ok(Self::Class(harmony::class(step, alter))),
            Some((step, alter, rest)) if rest.starts_with(['-', ' ']) && !octave(rest) => {
                let mode = &rest[1..];
                let scale = harmony::scale(harmony::class(step, alter), mode);
                let expected = "a scale such as G-major, d-minor, natural-minor, harmonic-minor or dorian";
                scale.map(Self::Scale).ok_or_else(|| token.mistake(expected))
            }
            Some(_) => pitch(token).map(Self::Pitch),
            None => Err(token.mistake(EXPECTED)),
        }
    }
}

/// Whether what follows a name is an octave.
fn octave(rest: &str) -> bool {
    rest.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit())
}

fn pitch(token: Token<'_>) -> Result<u8, Mistake> {
    let read = token.text.parse::<Pitch>().ok().and_then(Pitch::midi);
    read.ok_or_else(|| token.mistake("a pitch from C-1 to G9, such as C4, F#4 or Bb3"))
}

fn range(token: Token<'_>, low: Token<'_>, high: Token<'_>) -> Result<Item, Mistake> {
    if low.text.is_empty() && high.text.is_empty() {
        return Err(token.mistake("a range such as C4..G5, C4.. or ..G5"));
    }
    let bottom = if low.text.is_empty() { 0 } else { pitch(low)? };
    let top = if high.text.is_empty() { 127 } else { pitch(high)? };
    match bottom <= top {
        true => Ok(Item::Range(bottom, top)),
        false => Err(token.mistake("the lower pitch first")),
    }
}

/// Reads `5`, `#4`, `b7`.
fn read_degree(text: &str) -> Option<Item> {
    let number = text.trim_start_matches(['#', 'b']);
    let signs = &text[..text.len() - number.len()];
    let degree = number.parse::<usize>().ok().filter(|n| (1..=7).contains(n) && number.len() == 1)?;
    let alter = match signs {
        "" => 0,
        "#" => 1,
        "##" => 2,
        "b" => -1,
        "bb" => -2,
        _ => return None,
    };
    Some(Item::Degree(degree - 1, alter))
}
