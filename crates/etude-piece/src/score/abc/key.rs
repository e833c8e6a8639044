//! The values of K: fields, and the properties that K: and V: share.

use super::cursor::Cursor;
use crate::Result;
use crate::score::{Key, Mode, Step};

/// What a K: field says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct KeyField {
    /// The new signature, unless the field only names a clef.
    pub(super) signature: Option<Signature>,
    /// How sounding pitch differs from written, where the field says so.
    pub(super) shift: ShiftField,
}

/// A key signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Signature {
    /// The key; `None` for `K:none`.
    pub(super) key: Option<Key>,
    /// The alteration of each letter, C to B.
    pub(super) alters: [i8; 7],
    /// Whether it is the bagpipes' (HP or Hp), whose grace notes are shorter.
    pub(super) pipes: bool,
}

impl From<Key> for Signature {
    fn from(key: Key) -> Self {
        Self { key: Some(key), alters: Step::ALL.map(|step| key.alter_of(step)), pipes: false }
    }
}

/// Octaves and semitones from written to sounding pitch, where said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ShiftField {
    /// From `octave=`, -4..=4.
    octave: Option<i8>,
    /// From a clef with `+8` or `-8`, -1..=1.
    clef: Option<i8>,
    /// From `transpose=`, -36..=36.
    semitones: Option<i8>,
    /// From `%%MIDI transpose`, -36..=36.
    sound: Option<i8>,
}

impl ShiftField {
    /// What `newer` says, and the rest as it was.
    pub(super) fn updated(self, newer: Self) -> Self {
        Self {
            octave: newer.octave.or(self.octave),
            clef: newer.clef.or(self.clef),
            semitones: newer.semitones.or(self.semitones),
            sound: newer.sound.or(self.sound),
        }
    }

    /// Octaves from written to sounding pitch.
    pub(super) fn octaves(self) -> i8 {
        self.octave.unwrap_or(0) + self.clef.unwrap_or(0)
    }

    /// Semitones from written to sounding pitch, beside the octaves.
    pub(super) fn semitones(self) -> i8 {
        self.semitones.unwrap_or(0) + self.sound.unwrap_or(0)
    }

    /// Takes in a `%%MIDI transpose`; one that is no number from -36 to 36 says nothing.
    pub(super) fn transpose_sound(&mut self, value: &str) {
        let value = value.parse::<i8>().ok().filter(|n| (-36..=36).contains(n));
        self.sound = value.or(self.sound);
    }

    /// Takes in a property; others than `clef`, `octave`, `transpose` and bare clefs say nothing of pitch.
    pub(super) fn take(&mut self, property: &Property<'_>, place: Cursor<'_>) -> Result<()> {
        let number = |limit: i8| {
            let value = property.value.parse::<i8>().ok().filter(|n| (-limit..=limit).contains(n));
            let expected = format!("a whole number from -{limit} to {limit}");
            value.ok_or_else(|| place.error(format!("`{}={}`", property.name, property.value), expected))
        };
        match property.name {
            "octave" => self.octave = Some(number(4)?),
            "transpose" => self.semitones = Some(number(36)?),
            "clef" => self.clef = Some(clef_octave(property.value)),
            "" if is_clef(property.value) => self.clef = Some(clef_octave(property.value)),
            _ => {}
        }
        Ok(())
    }
}

/// Whether a word names a clef.
fn is_clef(word: &str) -> bool {
    ["treble", "bass", "alto", "tenor", "perc", "clef"].iter().any(|clef| word.starts_with(clef))
}

/// How many octaves a clef shifts what is written.
fn clef_octave(clef: &str) -> i8 {
    match () {
        () if clef.ends_with("-8") => -1,
        () if clef.ends_with("+8") => 1,
        () => 0,
    }
}

/// A `name=value` or a bare value (with an empty name) in a K: or V: field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Property<'a> {
    /// What stands before the equals sign.
    pub(super) name: &'a str,
    /// What stands after it, without quotation marks.
    pub(super) value: &'a str,
}

/// The next property, if there is one.
pub(super) fn property<'a>(cursor: &mut Cursor<'a>) -> Option<Property<'a>> {
    cursor.skip_blanks();
    cursor.peek()?;
    let word = cursor.take_while(|c| !c.is_whitespace() && c != '=' && c != '"');
    let name = if cursor.eat('=') { word } else { "" };
    if name.is_empty() && !word.is_empty() {
        return Some(Property { name: "", value: word });
    }
    let value = if cursor.eat('"') {
        cursor.take_until('"').unwrap_or_else(|| cursor.take_while(|_| true))
    } else {
        cursor.take_while(|c| !c.is_whitespace())
    };
    Some(Property { name, value })
}

/// The value of a K: field.
pub(super) fn key(cursor: &mut Cursor<'_>) -> Result<KeyField> {
    cursor.skip_blanks();
    let mut signature = tonic_and_mode(cursor)?;
    let mut altered = false;
    let mut shift = ShiftField::default();
    loop {
        cursor.skip_blanks();
        match cursor.peek() {
            None => break,
            Some('^' | '_' | '=') => {
                let alter = accidental(cursor)?.unwrap_or(0);
                let step = cursor.peek().and_then(Step::from_letter);
                let step = step.ok_or_else(|| cursor.fault("the letter of a note"))?;
                cursor.bump();
                signature.get_or_insert_default().alters[step as usize] = alter;
                altered = true;
            }
            Some(_) => {
                let place = *cursor;
                if let Some(property) = property(cursor) {
                    shift.take(&property, place)?;
                }
            }
        }
    }
    if let Some(signature) = &mut signature
        && altered
    {
        signature.key = nearest(*signature);
    }
    Ok(KeyField { signature, shift })
}

/// The key before any explicit accidentals.
fn tonic_and_mode(cursor: &mut Cursor<'_>) -> Result<Option<Signature>> {
    let rest = cursor.rest();
    let word = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
    match word {
        "" if rest.is_empty() => return Ok(Some(Signature::default())),
        "none" | "None" => {
            cursor.take_while(|c| c.is_ascii_alphabetic());
            return Ok(Some(Signature::default()));
        }
        // The pipes always sound F♯ and C♯, whether or not the signature is drawn.
        "HP" | "Hp" => {
            cursor.take_while(|c| c.is_ascii_alphabetic());
            let key = Key { fifths: 2, mode: Mode::Mixolydian };
            return Ok(Some(Signature { pipes: true, ..key.into() }));
        }
        "" => return Ok(None),
        word if is_clef(word) || ["octave", "transpose", "middle", "stafflines"].contains(&word) => {
            return Ok(None);
        }
        _ => {}
    }
    let wrong = || cursor.fault("a key such as G, Am, Bb, F#m or D dorian").hint("write K:C");
    let step = cursor.peek().and_then(Step::from_letter).ok_or_else(wrong)?;
    let start = *cursor;
    cursor.bump();
    let alter = match cursor.peek() {
        Some('#') => 1,
        Some('b') => -1,
        _ => 0,
    };
    if alter != 0 {
        cursor.bump();
    }
    let before_mode = *cursor;
    cursor.skip_blanks();
    let word = cursor.take_while(|c| c.is_ascii_alphabetic());
    let explicit = word.eq_ignore_ascii_case("exp");
    let mode = mode(word);
    if mode.is_none() && !explicit && before_mode.rest().starts_with(char::is_whitespace) {
        // A property, or a word of comment: not part of the key.
        *cursor = before_mode;
    }
    let key = Key::on(step, alter, mode.unwrap_or(Mode::Major)).ok_or_else(|| {
        start.fault("a key with at most seven accidentals").hint("use its enharmonic neighbour")
    })?;
    Ok(Some(if explicit { Signature { key: Some(key), ..Signature::default() } } else { key.into() }))
}

/// The mode that a word names by its first three letters, in any case; `m` alone is minor.
fn mode(word: &str) -> Option<Mode> {
    match word {
        "m" | "M" => return Some(Mode::Minor),
        "" => return Some(Mode::Major),
        _ => {}
    }
    let start = word.get(..3)?.to_ascii_lowercase();
    match start.as_str() {
        "maj" | "ion" => Some(Mode::Major),
        "min" | "aeo" => Some(Mode::Minor),
        "mix" => Some(Mode::Mixolydian),
        "dor" => Some(Mode::Dorian),
        "phr" => Some(Mode::Phrygian),
        "lyd" => Some(Mode::Lydian),
        "loc" => Some(Mode::Locrian),
        _ => None,
    }
}

/// The key that best tells of a signature with explicit accidentals: one with the same accidentals
/// and the same tonic where there is one, else the key that was named.
fn nearest(signature: Signature) -> Option<Key> {
    let named = signature.key;
    let same = (-7..=7).find(|&fifths| {
        let key = Key { fifths, mode: Mode::Major };
        Step::ALL.into_iter().all(|step| key.alter_of(step) == signature.alters[step as usize])
    });
    let Some(fifths) = same else { return named.or(Some(Key::C_MAJOR)) };
    let on_tonic = |tonic| {
        let mut keys = Mode::ALL.into_iter().map(|mode| Key { fifths, mode });
        keys.find(|key| key.tonic() == tonic)
    };
    named.map(Key::tonic).and_then(on_tonic).or(Some(Key { fifths, mode: Mode::Major }))
}

/// The alteration that accidental signs ask for; `None` where no sign stands.
pub(super) fn accidental(cursor: &mut Cursor<'_>) -> Result<Option<i8>> {
    let start = *cursor;
    let (sharps, flats, naturals) = (cursor.count('^'), cursor.count('_'), cursor.count('='));
    match (sharps, flats, naturals) {
        (0, 0, 0) => Ok(None),
        (0, 0, 1) => Ok(Some(0)),
        (1, 0, 0) => Ok(Some(1)),
        (2, 0, 0) => Ok(Some(2)),
        (0, 1, 0) => Ok(Some(-1)),
        (0, 2, 0) => Ok(Some(-2)),
        _ => Err(start.fault("one accidental: ^, ^^, _, __ or =").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and its alterations of C D E F G A B.
    #[track_caller]
    fn check(text: &str, expected: &str, alters: [i8; 7]) {
        let field = key(&mut Cursor::new(text, 0, 1)).expect("a key");
        let signature = field.signature.expect("a signature");
        let name = signature.key.map_or("none".to_owned(), |key| key.to_string());
        assert_eq!((name.as_str(), signature.alters), (expected, alters));
    }

    #[track_caller]
    fn shifts(text: &str, octaves: i8, semitones: i8) {
        let field = key(&mut Cursor::new(text, 0, 1)).expect("a key");
        assert_eq!((field.shift.octaves(), field.shift.semitones()), (octaves, semitones));
    }

    #[test]
    fn tonics_take_any_mode() {
        check("G", "G major", [0, 0, 0, 1, 0, 0, 0]);
        check("F#m", "F# minor", [1, 0, 0, 1, 1, 0, 0]);
        check("Bb Major", "Bb major", [0, 0, -1, 0, 0, 0, -1]);
        check("EMin", "E minor", [0, 0, 0, 1, 0, 0, 0]);
        check("EM", "E minor", [0, 0, 0, 1, 0, 0, 0]);
        check("A Mixolydian", "A mixolydian", [1, 0, 0, 1, 0, 0, 0]);
        check("Ddor", "D dorian", [0; 7]);
        check("EPHRYGIAN", "E phrygian", [0; 7]);
        check("F lydian", "F lydian", [0; 7]);
        check("B Loc", "B locrian", [0; 7]);
        check("C ionian", "C major", [0; 7]);
        check("A aeolian", "A minor", [0; 7]);
    }

    #[test]
    fn pipes_and_no_key_at_all() {
        check("Hp", "A mixolydian", [1, 0, 0, 1, 0, 0, 0]);
        check("HP", "A mixolydian", [1, 0, 0, 1, 0, 0, 0]);
        check("none", "none", [0; 7]);
        check("", "none", [0; 7]);
    }

    #[test]
    fn accidentals_may_be_added_or_all_there_is() {
        check("D Phr ^f", "D phrygian", [0, 0, -1, 1, 0, 0, -1]);
        check("Dmix=c", "D mixolydian", [0, 0, 0, 1, 0, 0, 0]);
        check("D maj =c", "D mixolydian", [0, 0, 0, 1, 0, 0, 0]);
        check("D exp _b _e ^f", "D major", [0, 0, -1, 1, 0, 0, -1]);
        check("G exp ^f ^c", "G lydian", [1, 0, 0, 1, 0, 0, 0]);
        check("^f", "G major", [0, 0, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn clefs_and_transposition_ride_along() {
        check("C clef=bass", "C major", [0; 7]);
        check("G treble-8", "G major", [0, 0, 0, 1, 0, 0, 0]);
        shifts("G treble-8", -1, 0);
        shifts("C octave=1 clef=treble+8", 2, 0);
        shifts("Dm bass transpose=-2", 0, -2);
        assert_eq!(key(&mut Cursor::new("clef=bass", 0, 1)).map(|field| field.signature).ok(), Some(None));
    }

    #[test]
    fn what_is_no_key_is_named() {
        let error = key(&mut Cursor::new("H moll", 0, 3)).expect_err("no key");
        let expected = "a key such as G, Am, Bb, F#m or D dorian; hint: write K:C";
        assert_eq!(error.to_string(), format!("line 3, column 1: found `H`, expected {expected}"));
        assert!(key(&mut Cursor::new("G#", 0, 1)).is_err());
        assert!(key(&mut Cursor::new("C octave=99", 0, 1)).is_err());
        assert!(key(&mut Cursor::new("C ^^^f", 0, 1)).is_err());
    }
}
