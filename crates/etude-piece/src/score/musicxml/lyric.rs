//! Words: the syllables at a note, by verse.

use super::cursor::{Cursor, Tag};
use crate::Result;

/// The most verses that a note keeps.
pub(super) const MAX_VERSES: usize = 16;

/// Reads a syllable into its verse: the one of its number, else the next free one.
pub(super) fn read<'a>(cursor: &mut Cursor<'a>, lyric: &Tag<'a>, lyrics: &mut Vec<String>) -> Result<()> {
    let number = cursor.attribute(lyric, "number")?.and_then(|number| number.parse::<usize>().ok());
    let mut syllable = String::new();
    let mut continues = false;
    let mut elision = "";
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "text" => {
                syllable.push_str(elision);
                syllable.push_str(&cursor.text()?);
            }
            "syllabic" => continues = matches!(cursor.text()?.as_ref(), "begin" | "middle"),
            "elision" => {
                elision = "‿";
                cursor.skip()?;
            }
            "extend" => {
                let kind = cursor.attribute(&tag, "type")?;
                if kind.is_none_or(|kind| kind == "start") {
                    cursor.lose("extender line", "a score holds none");
                }
                cursor.skip()?;
            }
            "laughing" | "humming" => {
                cursor.lose("laughing or humming passage", "a score holds syllables");
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
    }
    if syllable.is_empty() {
        return Ok(());
    }
    if continues {
        syllable.push('-');
    }
    let verse =
        number.filter(|number| (1..=MAX_VERSES).contains(number)).map_or(lyrics.len(), |number| number - 1);
    if verse >= MAX_VERSES {
        cursor.lose("syllable", "beyond the sixteenth verse a note keeps none");
        return Ok(());
    }
    if lyrics.len() <= verse {
        lyrics.resize(verse + 1, String::new());
    }
    let before = std::mem::replace(&mut lyrics[verse], syllable);
    if !before.is_empty() {
        cursor.lose("syllable", "its verse has another at the same note");
    }
    Ok(())
}
