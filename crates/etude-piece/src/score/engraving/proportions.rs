//! How thick lines are and how far apart things stand, in staff spaces. Where nothing else is said, the figures follow
//! what engravers do (E. Gould, *Behind Bars*, 2011), rounded to what looks right with our signs.

/// Lines of the staff.
pub(super) const STAFF_LINE: f64 = 0.11;
pub(super) const LEDGER_LINE: f64 = 0.16;
/// How far a ledger line goes beyond its head.
pub(super) const LEDGER_REACH: f64 = 0.36;
pub(super) const STEM: f64 = 0.12;
/// The usual length of a stem: an octave.
pub(super) const STEM_LENGTH: f64 = 3.5;
pub(super) const BEAM: f64 = 0.5;
/// From one beam to the next.
pub(super) const BEAM_STEP: f64 = 0.76;
pub(super) const BAR_LINE: f64 = 0.16;
pub(super) const THICK_LINE: f64 = 0.5;
/// Between the lines of a final bar line.
pub(super) const LINE_GAP: f64 = 0.4;
pub(super) const DOT: f64 = 0.2;

/// The size of grace notes.
pub(super) const GRACE: f64 = 0.64;
/// Between accidental and head.
pub(super) const ACCIDENTAL_GAP: f64 = 0.22;

/// From the bar line to the first note.
pub(super) const AFTER_LINE: f64 = 1.1;
/// From the last note to the bar line, at least.
pub(super) const BEFORE_LINE: f64 = 0.9;
/// Between things that follow each other on a staff, at least.
pub(super) const NOTE_GAP: f64 = 0.4;
/// What a quarter note takes, from which others follow by the square root of their length.
pub(super) const QUARTER: f64 = 3.6;
/// What any note takes at least, unless the line is too short.
pub(super) const SHORTEST: f64 = 1.7;

/// Sizes of text.
pub(super) const LYRICS: f64 = 2.15;
pub(super) const CHORDS: f64 = 2.3;
pub(super) const NAMES: f64 = 2.2;
pub(super) const TITLE: f64 = 4.6;
pub(super) const COMPOSER: f64 = 2.3;
pub(super) const TEMPO: f64 = 2.2;
pub(super) const NUMBERS: f64 = 1.7;
/// From one verse's base line to the next.
pub(super) const VERSE: f64 = 2.4;
/// Between words, and between syllables with a hyphen.
pub(super) const WORD_GAP: f64 = 0.75;
pub(super) const HYPHEN_GAP: f64 = 1.2;
