//! Small elements that stand between the notes: transposition, key, metre and tempo.

use super::cursor::{Cursor, Tag, shortened};
use super::interval::Interval;
use super::part::checked_sum;
use super::value::length_of_type;
use crate::Result;
use crate::score::{Beats, Key, Metre, Mode, Tempo};

/// A transposition, from written to sounding.
pub(super) fn read_transpose(cursor: &mut Cursor<'_>) -> Result<Interval> {
    let (mut diatonic, mut chromatic, mut octaves) = (None, 0, 0);
    let small = |number: i64| i32::try_from(number).expect("the range is small");
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "diatonic" => diatonic = Some(small(cursor.integer(&tag, -60..=60)?)),
            "chromatic" => chromatic = small(cursor.integer(&tag, -100..=100)?),
            "octave-change" => octaves = small(cursor.integer(&tag, -8..=8)?),
            _ => cursor.skip()?,
        }
    }
    let usual = Interval::usual(chromatic);
    let interval = diatonic.map_or(usual, |diatonic| Interval { diatonic, chromatic });
    Ok(interval.with_octaves(octaves))
}

/// A key signature; `None` for one of free accidentals.
pub(super) fn read_key(cursor: &mut Cursor<'_>) -> Result<Option<Key>> {
    let (mut fifths, mut mode) = (None, Mode::Major);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "fifths" => fifths = i8::try_from(cursor.integer(&tag, -7..=7)?).ok(),
            "mode" => {
                let name = cursor.text()?;
                mode = match name.as_ref() {
                    "aeolian" => Mode::Minor,
                    name => Mode::ALL.into_iter().find(|mode| mode.name() == name).unwrap_or(Mode::Major),
                };
            }
            _ => cursor.skip()?,
        }
    }
    Ok(fifths.map(|fifths| Key { fifths, mode }))
}

/// A time signature; `None` for music without measure.
pub(super) fn read_time<'a>(cursor: &mut Cursor<'a>, time: &Tag<'a>) -> Result<Option<Metre>> {
    let (mut bar, mut beats, mut largest_unit) = (Beats::ZERO, 0, 1);
    let mut measured = false;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "beats" => {
                measured = true;
                let text = cursor.text()?;
                // Additive metres, such as 3+2/8, are the sum.
                beats =
                    text.split('+').filter_map(|count| count.trim().parse::<u8>().ok()).map(i64::from).sum();
            }
            "beat-type" => {
                let unit = cursor.integer(&tag, 1..=64)?;
                largest_unit = largest_unit.max(unit);
                bar = checked_sum(bar, Beats::new(beats, unit)).unwrap_or(bar);
            }
            _ => cursor.skip()?,
        }
    }
    if !measured {
        return Ok(None);
    }
    let counted = bar.exact_div(Beats::new(1, largest_unit)).and_then(|count| u32::try_from(count).ok());
    let unit = u32::try_from(largest_unit).ok();
    let metre = counted.zip(unit).and_then(|(count, unit)| Metre::new(count, unit));
    metre.map(Some).ok_or_else(|| {
        let expected = "1 to 255 beats of 1, 2, 4, 8, 16, 32 or 64";
        cursor.fault(time.at, format!("a bar of {bar} whole notes in units of 1/{largest_unit}"), expected)
    })
}

/// The tempo of a `sound`, if it gives one.
pub(super) fn read_sound<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<Option<Tempo>> {
    let tempo = match cursor.attribute(tag, "tempo")? {
        None => None,
        Some(text) => Some(parse_tempo(&text).ok_or_else(|| {
            let found = format!("a tempo of `{}`", shortened(&text));
            cursor.fault(tag.at, found, "quarter notes per minute, above 0")
        })?),
    };
    cursor.skip()?;
    Ok(tempo)
}

/// A tempo that can be played.
fn parse_tempo(text: &str) -> Option<Tempo> {
    text.trim().parse().ok().filter(|&tempo: &f64| is_playable(tempo)).map(Tempo)
}

/// Whether a number of quarter notes per minute is one that can be played.
pub(super) fn is_playable(tempo: f64) -> bool {
    (1e-3..=1e6).contains(&tempo)
}

/// The tempo that a `direction-type` shows as a metronome mark.
pub(super) fn read_direction_type(cursor: &mut Cursor<'_>) -> Result<Option<Tempo>> {
    let mut tempo = None;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "metronome" => tempo = read_metronome(cursor)?.or(tempo),
            _ => cursor.skip()?,
        }
    }
    Ok(tempo)
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
