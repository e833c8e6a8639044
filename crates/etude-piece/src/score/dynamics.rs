//! Dynamic marks, and how hard they ask notes to be struck.

/// The marks that scores write, and the velocity of each, 1..=127.
///
/// Finale's, which most MusicXML files carry as `sound` beside the mark, in per cent of 90: 40 for *pp*, 54 for *p*, 98 for
/// *f*.
pub(crate) const DYNAMICS: [(&str, u8); 10] = [
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
];

/// The velocity that a mark asks for.
pub(crate) fn level(mark: &str) -> Option<u8> {
    DYNAMICS.iter().find(|(name, _)| *name == mark).map(|&(_, level)| level)
}
