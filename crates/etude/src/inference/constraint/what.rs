//! What a constraint says: a set of things, a rhythm, a cadence, `open`, `hold` or `strike`.

use super::Kind;
use super::harmony::Cadence;
use super::item::{Context, Item};
use super::token::{Mistake, Token};
use etude_piece::draft::Hole;
use etude_piece::score::Beats;

/// What a constraint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A cell is one of these, or, forbidden, none of them.
    Set(Vec<Item>),
    /// What the draft has there is forgotten.
    Open,
    /// Nothing is struck but at the start.
    Hold,
    /// A note begins at the start.
    Strike,
    /// Notes and rests of these lengths, repeated.
    Rhythm(Vec<Length>),
    /// The region's last two felt beats close so.
    Cadence(Cadence),
}

/// One note or rest of a rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    /// In quarter notes, above 0.
    pub(super) quarters: Beats,
    pub(super) rest: bool,
}

impl What {
    /// Reads what is kept or forbidden.
    pub(super) fn parse(kind: Kind, token: Token<'_>) -> Result<Self, Mistake> {
        let what = read(token)?;
        match (&what, kind) {
            (Self::Set(items), Kind::Forbid) => {
                let based = |item: &Item| matches!(item, Item::Chord(chord) if chord.bass.is_some());
                match items.iter().any(based) {
                    true => Err(token
                        .mistake("a chord without bass after --forbid")
                        .hint("forbid the bass by itself, such as `B=E`")),
                    false => Ok(what),
                }
            }
            (Self::Set(_), _) | (_, Kind::Keep) => Ok(what),
            (_, Kind::Forbid) => Err(token
                .mistake("a set of pitches after --forbid")
                .hint("rhythm, cadence, hold, strike and open can only be kept")),
        }
    }

    /// Whether it is `given` and nothing else.
    pub(super) fn is_given(&self) -> bool {
        matches!(self, Self::Set(items) if items.as_slice() == [Item::Given])
    }

    /// Whether `given` is among the things it names.
    pub(super) fn names_given(&self) -> bool {
        matches!(self, Self::Set(items) if items.contains(&Item::Given))
    }
}

/// What a set leaves of a cell when it is kept.
pub(super) fn kept(items: &[Item], context: Context) -> Hole {
    items.iter().fold(Hole { pitches: 0, rest: false }, |hole, item| {
        let rests = Hole { pitches: 0, rest: item.leaves_rests() };
        hole.or(item.hole(context)).or(rests)
    })
}

/// What a set leaves of a cell when it is forbidden. Where the draft is open, `given` forbids nothing.
pub(super) fn not_forbidden(items: &[Item], context: Context) -> Hole {
    let silent = |item: &&Item| **item == Item::Given && context.given == Hole::ANY;
    items
        .iter()
        .filter(|item| !silent(item))
        .fold(Hole::ANY, |hole, item| hole.and(item.hole(context).complement()))
}

fn read(token: Token<'_>) -> Result<What, Mistake> {
    let lower = token.text.to_ascii_lowercase();
    match lower.as_str() {
        "open" => return Ok(What::Open),
        "hold" => return Ok(What::Hold),
        "strike" => return Ok(What::Strike),
        "cadence" => return Ok(What::Cadence(Cadence::Perfect)),
        "rhythm" => return Err(token.mistake("a rhythm with its lengths, such as rhythm:1,1/2,1/2")),
        _ => {}
    }
    if lower.starts_with("rhythm:") {
        let lengths: Result<_, _> =
            token.after("rhythm:".len()).split(&[',', '|']).into_iter().map(length).collect();
        return lengths.map(What::Rhythm);
    }
    if lower.starts_with("cadence:") {
        let name = token.after("cadence:".len()).trim();
        let known = Cadence::NAMES.iter().find(|(known, _)| *known == name.text.to_ascii_lowercase());
        let expected = "perfect, picardy, plagal, half or deceptive";
        return known.map(|&(_, c)| What::Cadence(c)).ok_or_else(|| name.mistake(expected));
    }
    let items: Result<Vec<Item>, Mistake> = token.split(&[',', '|']).into_iter().map(entry).collect();
    items.map(What::Set)
}

/// An entry of a set; what can only stand alone is pointed out.
fn entry(token: Token<'_>) -> Result<Item, Mistake> {
    let lower = token.text.to_ascii_lowercase();
    let word = lower.split(':').next().unwrap_or_default();
    match ["open", "hold", "strike", "cadence", "rhythm"].contains(&word) {
        true => {
            Err(token.mistake("entries of a set").hint(format!("`{word}` stands alone, in its own --keep")))
        }
        false => Item::parse(token),
    }
}

/// Reads `1`, `1/2`, `1.5`, `1r`.
fn length(token: Token<'_>) -> Result<Length, Mistake> {
    let wrong = || token.mistake("a length in quarter notes, such as 1, 1/2 or 1.5, with r for a rest");
    let number = token.text.strip_suffix(['r', 'R']);
    let text = number.unwrap_or(token.text);
    let whole = |text: &str| {
        let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| digits)
    };
    let quarters = if let Some((above, below)) = text.split_once('/') {
        let below = whole(below).filter(|&n| n > 0).ok_or_else(wrong)?;
        Beats::new(whole(above).ok_or_else(wrong)?, below)
    } else if let Some((units, decimals)) = text.split_once('.') {
        let scale = 10_i64.pow(decimals.len().min(4) as u32);
        let decimals = whole(decimals).ok_or_else(wrong)?;
        Beats::whole(whole(units).ok_or_else(wrong)?) + Beats::new(decimals, scale)
    } else {
        Beats::whole(whole(text).ok_or_else(wrong)?)
    };
    match quarters > Beats::ZERO {
        true => Ok(Length { quarters, rest: number.is_some() }),
        false => Err(wrong()),
    }
}
