//! Barlines as files have them: repeats and variant endings.

use super::cursor::{Cursor, Tag};
use super::part::Measure;
use crate::Result;

/// Reads a barline of the last of the `measures` so far; true where a repeated section begins with the next one.
pub(super) fn read_barline<'a>(
    cursor: &mut Cursor<'a>,
    barline: &Tag<'a>,
    measures: &mut [Measure],
) -> Result<bool> {
    let left = cursor.attribute(barline, "location")?.as_deref() == Some("left");
    let mut repeat_next = false;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "repeat" => {
                let direction = cursor.attribute(&tag, "direction")?.unwrap_or_default();
                let times = cursor.attribute(&tag, "times")?;
                if times.is_some_and(|times| !matches!(times.trim(), "" | "1" | "2")) {
                    cursor.lose("repeat count", "a score repeats once");
                }
                repeat_next |= add_repeat(measures, &direction, left);
                cursor.skip()?;
            }
            "ending" => read_ending(cursor, &tag, measures)?,
            "bar-style" => {
                let style = cursor.text()?;
                let double = style == "light-light";
                if let Some(measure) = measures.last_mut().filter(|_| double && !left) {
                    measure.section_end = true;
                }
                if !matches!(
                    style.as_ref(),
                    "" | "regular" | "none" | "light-light" | "light-heavy" | "heavy-light" | "heavy-heavy"
                ) {
                    cursor.lose("special barline", "a score has plain and double ones and repeats");
                }
            }
            "segno" => lose_sign(cursor, "segno")?,
            "coda" => lose_sign(cursor, "coda sign")?,
            "fermata" => lose_sign(cursor, "barline fermata")?,
            _ => cursor.skip()?,
        }
    }
    Ok(repeat_next)
}

fn read_ending<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>, measures: &mut [Measure]) -> Result<()> {
    let start = cursor.attribute(tag, "type")?.as_deref() == Some("start");
    let numbers = cursor.attribute(tag, "number")?.unwrap_or_default();
    cursor.skip()?;
    let Some(measure) = measures.last_mut().filter(|_| start) else { return Ok(()) };
    let mut numbers = numbers.split([',', ' ', '.']).filter(|number| !number.is_empty());
    let number = numbers.next().and_then(|number| number.parse().ok()).filter(|&number: &u8| number > 0);
    // "1, 2" is an ending for two times through.
    if number.is_none() || numbers.next().is_some() {
        cursor.lose("further ending number", "a bar holds one, above 0");
    }
    measure.ending = number;
    Ok(())
}

/// Marks a repeat; at the wrong side of a bar it belongs to the neighbour. True if that is the next one.
fn add_repeat(measures: &mut [Measure], direction: &str, left: bool) -> bool {
    match (direction, left, measures) {
        ("forward", true, [.., measure]) => measure.repeat_start = true,
        ("forward", false, _) => return true,
        ("backward", false, [.., measure]) => measure.repeat_end = true,
        ("backward", true, [.., before, _]) => before.repeat_end = true,
        _ => {}
    }
    false
}

fn lose_sign(cursor: &mut Cursor<'_>, sign: &'static str) -> Result<()> {
    cursor.lose(sign, "a score holds none");
    cursor.skip()
}
