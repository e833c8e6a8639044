//! Signs at a note that a score doesn't hold, by their elements.

use super::cursor::{Cursor, Tag};
use crate::Result;

/// Why they are left out.
const WHY: &str = "a score holds none";

/// Elements of `notations` and of the groups in it, each with its name.
const SIGNS: [(&str, &str); 32] = [
    ("slur", "slur"),
    ("staccato", "staccato dot"),
    ("accent", "accent"),
    ("strong-accent", "accent"),
    ("tenuto", "tenuto"),
    ("detached-legato", "tenuto"),
    ("staccatissimo", "staccato dot"),
    ("spiccato", "staccato dot"),
    ("breath-mark", "breath mark"),
    ("caesura", "caesura"),
    ("trill-mark", "trill"),
    ("wavy-line", "wavy line"),
    ("turn", "turn"),
    ("delayed-turn", "turn"),
    ("inverted-turn", "turn"),
    ("delayed-inverted-turn", "turn"),
    ("vertical-turn", "turn"),
    ("inverted-vertical-turn", "turn"),
    ("mordent", "mordent"),
    ("inverted-mordent", "mordent"),
    ("tremolo", "tremolo"),
    ("glissando", "glissando line"),
    ("slide", "slide"),
    ("arpeggiate", "arpeggio"),
    ("non-arpeggiate", "bracketed chord"),
    ("fingering", "fingering"),
    ("string", "string number"),
    ("fret", "fret number"),
    ("up-bow", "bowing"),
    ("down-bow", "bowing"),
    ("harmonic", "harmonic"),
    ("accidental-mark", "ornament accidental"),
];

/// Counts a sign by its name, or as `other`, and passes over it; what has an end is counted where it begins.
pub(super) fn lose<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>, other: &'static str) -> Result<()> {
    let kind = cursor.attribute(tag, "type")?;
    if !matches!(kind.as_deref(), Some("stop" | "continue")) {
        let sign = SIGNS.iter().find(|(element, _)| *element == tag.name());
        cursor.lose(sign.map_or(other, |&(_, sign)| sign), WHY);
    }
    cursor.skip()
}

/// Counts all signs of a group in `notations`, such as `articulations`.
pub(super) fn lose_group(cursor: &mut Cursor<'_>, other: &'static str) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        lose(cursor, &tag, other)?;
    }
    Ok(())
}
