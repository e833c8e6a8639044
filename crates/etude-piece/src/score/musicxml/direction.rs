//! Directions above and below the staves: tempi and dynamics are kept, all others are counted as lost.

use super::cursor::{Cursor, Tag, shortened};
use super::dynamics::{self, Mark};
use super::value::length_of_type;
use crate::Result;
use crate::score::{Beats, Tempo};

/// Signs that a score doesn't hold: element and name.
const SIGNS: [(&str, &str); 18] = [
    ("rehearsal", "rehearsal mark"),
    ("segno", "segno"),
    ("coda", "coda sign"),
    ("symbol", "symbol above the staff"),
    ("dashes", "dashed line"),
    ("bracket", "bracket"),
    ("pedal", "pedal mark"),
    ("harp-pedals", "harp pedal diagram"),
    ("damp", "damping sign"),
    ("damp-all", "damping sign"),
    ("eyeglasses", "eyeglasses sign"),
    ("string-mute", "mute sign"),
    ("scordatura", "scordatura"),
    ("image", "image"),
    ("principal-voice", "principal voice mark"),
    ("percussion", "percussion sign"),
    ("accordion-registration", "accordion registration"),
    ("other-direction", "other direction"),
];

/// What a direction says that a score holds.
#[derive(Debug, Default)]
pub(super) struct Direction {
    pub(super) tempo: Option<Tempo>,
    /// How hard the notes from there on are struck.
    pub(super) velocity: Option<u8>,
    /// How much later than the cursor it is heard, in divisions, and where the file says so.
    pub(super) offset: Option<(Beats, usize)>,
}

/// What the types of a direction show.
#[derive(Debug, Default)]
struct Shown {
    tempo: Option<Tempo>,
    dynamics: Mark,
    words: usize,
}

/// Reads a `direction`. What `sound` says counts more than what is shown.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Direction> {
    let (mut sounded, mut shown, mut offset) = (Direction::default(), Shown::default(), None);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "sound" => sounded = read_sound(cursor, &tag)?,
            "direction-type" => read_type(cursor, &mut shown)?,
            "offset" => {
                // Others only say where it is drawn.
                let heard = cursor.attribute(&tag, "sound")?.as_deref() == Some("yes");
                let divisions = cursor.decimal(&tag)?;
                offset = heard.then_some((divisions, tag.at));
            }
            _ => cursor.skip()?,
        }
    }
    let tempo = sounded.tempo.or(shown.tempo);
    let thing = if tempo.is_some() { "tempo word" } else { "worded direction" };
    (0..shown.words).for_each(|_| cursor.lose(thing, "a score holds none"));
    let Mark { level, accent } = shown.dynamics;
    // An accent's `sound` is about one note.
    let velocity = if accent { level } else { sounded.velocity.or(level) };
    Ok(Direction { tempo, velocity, offset })
}

/// Reads a `direction-type`.
fn read_type(cursor: &mut Cursor<'_>, shown: &mut Shown) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        let kind = cursor.attribute(&tag, "type")?;
        match tag.name() {
            "metronome" => match read_metronome(cursor)? {
                Some(tempo) => shown.tempo = Some(tempo),
                None => cursor.lose("unnumbered metronome mark", "a score holds tempi in quarter notes"),
            },
            "dynamics" => shown.dynamics = dynamics::read(cursor)?,
            "words" => shown.words += usize::from(!cursor.text()?.is_empty()),
            "wedge" => {
                if kind.is_none_or(|kind| matches!(kind.as_str(), "crescendo" | "diminuendo")) {
                    cursor.lose("hairpin", "a score holds none");
                }
                cursor.skip()?;
            }
            "octave-shift" => {
                if kind.is_none_or(|kind| matches!(kind.as_str(), "up" | "down")) {
                    cursor.lose("octave line", "the pitches are kept as they sound");
                }
                cursor.skip()?;
            }
            name => {
                let sign = SIGNS.iter().find(|(element, _)| *element == name);
                // What has an end is counted where it begins.
                let starts = !matches!(kind.as_deref(), Some("stop" | "continue" | "discontinue"));
                if let Some(&(_, sign)) = sign.filter(|_| starts) {
                    cursor.lose(sign, "a score holds none");
                }
                cursor.skip()?;
            }
        }
    }
    Ok(())
}

/// Reads a `sound`.
pub(super) fn read_sound<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<Direction> {
    let tempo = match cursor.attribute(tag, "tempo")? {
        None => None,
        Some(text) => Some(parse_tempo(&text).ok_or_else(|| {
            let found = format!("a tempo of `{}`", shortened(&text));
            cursor.fault(tag.at, found, "quarter notes per minute, above 0")
        })?),
    };
    let velocity = cursor.attribute(tag, "dynamics")?.and_then(|percent| dynamics::velocity(&percent));
    for jump in ["dacapo", "dalsegno", "tocoda", "fine"] {
        if cursor.attribute(tag, jump)?.is_some() {
            cursor.lose("da capo or other jump", "a score is read from front to back");
        }
    }
    cursor.skip()?;
    Ok(Direction { tempo, velocity, offset: None })
}

/// A tempo that can be played.
fn parse_tempo(text: &str) -> Option<Tempo> {
    text.trim().parse().ok().filter(|&tempo: &f64| is_playable(tempo)).map(Tempo)
}

/// Whether a number of quarter notes per minute is one that can be played.
pub(super) fn is_playable(tempo: f64) -> bool {
    (1e-3..=1e6).contains(&tempo)
}

/// A metronome mark's tempo; `None` where it has no number, or relates two note values.
fn read_metronome(cursor: &mut Cursor<'_>) -> Result<Option<Tempo>> {
    let (mut unit, mut dots, mut per_minute) = (None, 0, None);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "beat-unit" => unit = length_of_type(&cursor.text()?),
            "beat-unit-dot" => {
                dots += 1;
                cursor.skip()?;
            }
            "per-minute" => {
                let text = cursor.text()?;
                // "ca. 72" has its number somewhere.
                let number =
                    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|n| n.parse::<f64>().ok());
                per_minute = number;
            }
            _ => cursor.skip()?,
        }
    }
    let dotted = 2.0 - 0.5_f64.powi(dots);
    let tempo = unit.zip(per_minute).map(|(unit, count): (Beats, f64)| unit.to_f64() * dotted * count);
    Ok(tempo.filter(|&tempo| is_playable(tempo)).map(Tempo))
}
