//! Chord symbols: the text above the music, such as `Am7/G`, and MusicXML's `harmony` with root, kind and bass.

use super::cursor::{Cursor, Tag};
use super::interval::Interval;
use super::markup::Markup;
use crate::Result;
use crate::score::pitch::read_name;
use crate::score::{Beats, Step};

/// MusicXML's kinds of chord, each with the ways to write it, ours first.
const KINDS: [(&str, &[&str]); 28] = [
    ("major", &["", "maj", "M"]),
    ("minor", &["m", "min", "mi", "-"]),
    ("augmented", &["aug", "+"]),
    ("diminished", &["dim", "°", "o"]),
    ("dominant", &["7"]),
    ("major-seventh", &["maj7", "M7", "ma7", "Δ", "Δ7"]),
    ("minor-seventh", &["m7", "min7", "mi7", "-7"]),
    ("diminished-seventh", &["dim7", "°7", "o7"]),
    ("augmented-seventh", &["aug7", "+7", "7#5"]),
    ("half-diminished", &["m7b5", "ø", "ø7", "min7b5", "m7(b5)"]),
    ("major-minor", &["m(maj7)", "mM7", "mmaj7", "min(maj7)"]),
    ("major-sixth", &["6", "maj6"]),
    ("minor-sixth", &["m6", "min6"]),
    ("dominant-ninth", &["9"]),
    ("major-ninth", &["maj9", "M9"]),
    ("minor-ninth", &["m9", "min9"]),
    ("dominant-11th", &["11"]),
    ("major-11th", &["maj11", "M11"]),
    ("minor-11th", &["m11", "min11"]),
    ("dominant-13th", &["13"]),
    ("major-13th", &["maj13", "M13"]),
    ("minor-13th", &["m13", "min13"]),
    ("suspended-second", &["sus2"]),
    ("suspended-fourth", &["sus4", "sus"]),
    ("power", &["5"]),
    ("none", &["N.C.", "NC", "N.C", "no chord"]),
    ("pedal", &["pedal"]),
    ("other", &[]),
];

/// A note name: a letter and its alteration.
type Name = (Step, i8);

/// What a `harmony` element says.
#[derive(Debug, Default)]
pub(super) struct Harmony {
    root: Option<Name>,
    /// How the kind is written, unless it says.
    kind: &'static str,
    /// How the file wants the kind written.
    text: Option<String>,
    /// Added, altered and left out degrees, such as `b9`.
    degrees: Vec<String>,
    bass: Option<Name>,
    /// Whether it says that there is no chord.
    none: bool,
    /// How much later than the cursor it stands, in divisions.
    pub(super) offset: Beats,
}

/// Reads a `harmony` element.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Harmony> {
    let mut harmony = Harmony::default();
    let mut stacked = false;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "root" if harmony.root.is_some() => {
                cursor.lose("stacked chord symbol", "the first one is kept");
                stacked = true;
                cursor.skip()?;
            }
            "kind" | "bass" | "degree" if stacked => cursor.skip()?,
            "root" => harmony.root = read_root(cursor)?,
            "bass" => harmony.bass = read_root(cursor)?,
            "kind" => {
                harmony.text = cursor.attribute(&tag, "text")?;
                let kind = cursor.text()?;
                harmony.none = kind == "none";
                let known = KINDS.iter().find(|(name, _)| *name == kind);
                if harmony.text.is_none() && known.is_none_or(|(name, _)| *name == "other") {
                    cursor.lose("unknown chord kind", "its root is kept");
                }
                harmony.kind = known.and_then(|(_, ways)| ways.first()).copied().unwrap_or_default();
            }
            "frame" => {
                cursor.lose("fretboard diagram", "a score holds none");
                cursor.skip()?;
            }
            "function" | "numeral" => {
                cursor.lose("harmonic function", "a score holds chord symbols");
                cursor.skip()?;
            }
            "inversion" => {
                cursor.lose("chord inversion", "a chord symbol names its bass");
                cursor.skip()?;
            }
            "degree" => harmony.degrees.extend(read_degree(cursor, &tag)?),
            "offset" => harmony.offset = cursor.decimal(&tag)?,
            _ => cursor.skip()?,
        }
    }
    Ok(harmony)
}

/// Reads a `root` or `bass`; `None` where the file wants it unwritten.
fn read_root(cursor: &mut Cursor<'_>) -> Result<Option<Name>> {
    let (mut step, mut alter, mut written) = (None, 0, true);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "root-step" | "bass-step" => {
                written = cursor.attribute(&tag, "text")?.is_none_or(|text| !text.is_empty());
                step = Some(read_step(cursor, &tag)?);
            }
            "root-alter" | "bass-alter" => alter = cursor.integer(&tag, -3..=3)?,
            _ => cursor.skip()?,
        }
    }
    let alter = i8::try_from(alter).expect("within three accidentals");
    Ok(step.filter(|_| written).map(|step| (step, alter)))
}

/// Reads the text of a `step` element of any kind.
pub(super) fn read_step(cursor: &mut Cursor<'_>, tag: &Tag<'_>) -> Result<Step> {
    let text = cursor.text()?;
    let mut letters = text.chars();
    let step = letters.next().filter(char::is_ascii_uppercase).and_then(Step::from_letter);
    step.filter(|_| letters.next().is_none()).ok_or_else(|| {
        let found = format!("`{}` as `{}`", super::cursor::shortened(&text), tag.name());
        cursor.fault(tag.at, found, "one of the letters A to G")
    })
}

/// Reads a `degree`, such as `b9`, `add9` or `no3`.
fn read_degree<'a>(cursor: &mut Cursor<'a>, degree: &Tag<'a>) -> Result<Option<String>> {
    let shown = cursor.attribute(degree, "print-object")?.is_none_or(|value| value != "no");
    let (mut value, mut alter, mut kind) = (0, 0, String::new());
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "degree-value" => value = cursor.integer(&tag, 1..=99)?,
            "degree-alter" => alter = cursor.integer(&tag, -3..=3)?,
            "degree-type" => kind = cursor.text()?.into_owned(),
            _ => cursor.skip()?,
        }
    }
    let prefix = match kind.as_str() {
        "subtract" => "no".to_owned(),
        "add" if alter == 0 => "add".to_owned(),
        _ => accidentals(alter),
    };
    Ok((shown && value > 0).then(|| format!("{prefix}{value}")))
}

impl Harmony {
    /// The symbol as text, `interval` above what is written; empty if there is nothing to show.
    pub(super) fn symbol(&self, interval: Interval) -> String {
        let name = |name: Option<Name>| name.map(|name| spell(interval.above_name(name).unwrap_or(name)));
        let root = name(self.root).unwrap_or_default();
        let kind = self.text.as_deref().unwrap_or(self.kind);
        // "No chord" has no root, whatever placeholder the file gives it.
        if self.none {
            return kind.trim().to_owned();
        }
        let degrees = match self.degrees.as_slice() {
            [] => String::new(),
            degrees => format!("({})", degrees.join(",")),
        };
        let bass = name(self.bass).map(|bass| format!("/{bass}")).unwrap_or_default();
        format!("{root}{kind}{degrees}{bass}").trim().to_owned()
    }
}

/// Writes a chord symbol's text as a `harmony` element, `offset` divisions after the cursor.
pub(super) fn write(markup: &mut Markup, symbol: &str, offset: i64) {
    let (root, kind, bass) = parse(symbol);
    let is_none = |(name, ways): &&(&str, &[&str])| *name == "none" && ways.contains(&kind);
    let named = match root {
        Some(_) => KINDS.iter().find(|(name, ways)| *name != "none" && ways.contains(&kind)),
        None => KINDS.iter().find(is_none),
    };
    markup.open("harmony", &[]);
    markup.open("root", &[]);
    match root {
        Some(name) => write_name(markup, name, "root-step", "root-alter"),
        // Something must stand here; the empty text keeps it unwritten.
        None => markup.leaf("root-step", &[("text", "")], "C"),
    }
    markup.close("root");
    let text = [("text", kind)];
    let attributes: &[(&str, &str)] = if kind.is_empty() { &[] } else { &text };
    markup.leaf("kind", attributes, named.map_or("other", |(name, _)| name));
    if let Some(name) = bass {
        markup.open("bass", &[]);
        write_name(markup, name, "bass-step", "bass-alter");
        markup.close("bass");
    }
    if offset != 0 {
        markup.leaf("offset", &[], &offset.to_string());
    }
    markup.close("harmony");
}

/// Root, kind and bass of a symbol's text; without a root all of it is the kind.
fn parse(symbol: &str) -> (Option<Name>, &str, Option<Name>) {
    let capital = |text: &str| text.starts_with(|first: char| first.is_ascii_uppercase());
    let named = |text| read_name(text).filter(|_| capital(text));
    let Some((step, alter, rest)) = named(symbol) else { return (None, symbol, None) };
    let slash = rest.rsplit_once('/').and_then(|(kind, bass)| match named(bass) {
        Some((step, alter, "")) => Some((kind, (step, alter))),
        _ => None,
    });
    match slash {
        Some((kind, bass)) => (Some((step, alter)), kind, Some(bass)),
        None => (Some((step, alter)), rest, None),
    }
}

fn write_name(markup: &mut Markup, (step, alter): Name, step_element: &str, alter_element: &str) {
    markup.leaf(step_element, &[], &step.letter().to_string());
    if alter != 0 {
        markup.leaf(alter_element, &[], &alter.to_string());
    }
}

/// A note name as chord symbols have it.
fn spell((step, alter): Name) -> String {
    format!("{}{}", step.letter(), accidentals(alter.into()))
}

/// `#`s above 0, `b`s below.
fn accidentals(alter: i64) -> String {
    let sign = if alter > 0 { "#" } else { "b" };
    sign.repeat(usize::try_from(alter.unsigned_abs()).expect("at most three"))
}
