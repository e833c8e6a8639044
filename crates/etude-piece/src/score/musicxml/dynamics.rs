//! Dynamic marks, and how hard they ask notes to be struck.

use super::cursor::Cursor;
use crate::Result;

/// The velocity of each mark, 1..=127.
///
/// Finale's, which most files carry as `sound` beside the mark, in per cent of 90: 40 for *pp*, 54 for *p*, 98 for *f*.
/// Beyond *pppp* and *ffff* it has none: they are as soft and as loud as there is room.
const LEVELS: [(&str, u8); 15] = [
    ("n", 1),
    ("pppppp", 1),
    ("ppppp", 5),
    ("pppp", 10),
    ("ppp", 23),
    ("pp", 36),
    ("p", 49),
    ("mp", 62),
    ("mf", 75),
    ("f", 88),
    ("ff", 101),
    ("fff", 114),
    ("ffff", 127),
    ("fffff", 127),
    ("ffffff", 127),
];

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
        let found = LEVELS.iter().find(|(name, _)| *name == stays).map(|&(_, level)| level);
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
