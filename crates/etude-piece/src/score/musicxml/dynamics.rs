//! Dynamic marks of MusicXML.

use super::cursor::Cursor;
use crate::Result;
use crate::score::dynamics::level;

/// Marks beyond those that have a level of their own: they are as soft and as loud as there is room.
const BEYOND: [(&str, u8); 5] = [("n", 1), ("pppppp", 1), ("ppppp", 5), ("fffff", 127), ("ffffff", 127)];

/// Marks that strike one note and leave another level behind.
const ACCENTED: [(&str, &str); 5] = [("fp", "p"), ("sfp", "p"), ("sfpp", "pp"), ("sfzp", "p"), ("pf", "f")];

/// What a mark asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    /// The velocity of the notes from there on.
    pub(super) level: Option<u8>,
    /// Whether it strikes the first of them otherwise.
    pub(super) accent: bool,
}

/// Reads `dynamics`.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Mark> {
    let mut mark = Mark::default();
    while let Some(tag) = cursor.child()? {
        let accented = ACCENTED.iter().find(|(name, _)| *name == tag.name());
        let stays = accented.map_or(tag.name(), |&(_, stays)| stays);
        let beyond = || BEYOND.iter().find(|(name, _)| *name == stays).map(|&(_, level)| level);
        let found = level(stays).or_else(beyond);
        if accented.is_some() || found.is_none() {
            let other = tag.name() == "other-dynamics";
            let thing = if other { "unknown dynamic mark" } else { "sforzato mark" };
            cursor.lose(thing, "a score has velocities alone");
            mark.accent |= !other;
        }
        mark.level = found.or(mark.level);
        cursor.skip()?;
    }
    Ok(mark)
}

/// A velocity from MusicXML's per cent of 90; a silent note is as soft as can be.
pub(super) fn velocity(percent: &str) -> Option<u8> {
    let percent: f64 = percent.trim().parse().ok()?;
    // The range is checked first, so the cast keeps the number.
    (0.0..=1000.0).contains(&percent).then(|| (percent * 0.9).round().clamp(1.0, 127.0) as u8)
}
