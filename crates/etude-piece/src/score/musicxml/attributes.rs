//! What `attributes` say: transposition, key and metre.

use super::clock::checked_sum;
use super::cursor::{Cursor, Tag};
use super::interval::Interval;
use crate::Result;
use crate::score::{Beats, Key, Metre, Mode};

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
    let interval = diatonic.map_or(usual, |diatonic| Interval { diatonic, chromatic }).with_octaves(octaves);
    if interval != Interval::default() {
        cursor.lose("transposition", "the pitches are kept as they sound");
    }
    Ok(interval)
}

/// A key signature; `None` for one of free accidentals.
pub(super) fn read_key(cursor: &mut Cursor<'_>) -> Result<Option<Key>> {
    let (mut fifths, mut mode, mut free) = (None, Mode::Major, false);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "fifths" => fifths = Some(near_fifths(cursor, &tag)?),
            "key-step" => {
                free = true;
                cursor.skip()?;
            }
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
    if free {
        cursor.lose("free key signature", "the notes keep them");
    }
    Ok(fifths.map(|fifths| Key { fifths, mode }))
}

/// A key's accidentals; beyond seven, those of the key that sounds the same.
fn near_fifths<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Result<i8> {
    let written = cursor.integer(tag, -14..=14)?;
    let near = if (-7..=7).contains(&written) { written } else { (written + 5).rem_euclid(12) - 5 };
    if near != written {
        cursor.lose("overfull key signature", "the key that sounds the same is kept");
    }
    Ok(i8::try_from(near).expect("within seven fifths of C"))
}

/// A time signature; `None` for music without measure.
pub(super) fn read_time<'a>(cursor: &mut Cursor<'a>, time: &Tag<'a>) -> Result<Option<Metre>> {
    let (mut bar, mut beats, mut largest_unit) = (Beats::ZERO, 0, 1);
    let (mut measured, mut parts) = (false, 0);
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "beats" => {
                measured = true;
                let text = cursor.text()?;
                // Additive metres, such as 3+2/8, are the sum.
                beats =
                    text.split('+').filter_map(|count| count.trim().parse::<u8>().ok()).map(i64::from).sum();
                parts += text.split('+').count();
            }
            "interchangeable" => {
                cursor.lose("second time signature", "a score holds one at a time");
                cursor.skip()?;
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
    if parts > 1 {
        cursor.lose("additive time signature", "its sum is kept");
    }
    let counted = bar.exact_div(Beats::new(1, largest_unit)).and_then(|count| u32::try_from(count).ok());
    let unit = u32::try_from(largest_unit).ok();
    let metre = counted.zip(unit).and_then(|(count, unit)| Metre::new(count, unit));
    metre.map(Some).ok_or_else(|| {
        let expected = "1 to 255 beats of 1, 2, 4, 8, 16, 32 or 64";
        cursor.fault(time.at, format!("a bar of {bar} whole notes in units of 1/{largest_unit}"), expected)
    })
}

/// Passes over what `measure-style` abbreviates.
pub(super) fn read_measure_style(cursor: &mut Cursor<'_>) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        let starts = cursor.attribute(&tag, "type")?.is_none_or(|kind| kind == "start");
        let thing = match tag.name() {
            "multiple-rest" => Some("multi-bar rest"),
            "measure-repeat" | "beat-repeat" => Some("bar repeat sign"),
            "slash" => Some("slash sign"),
            _ => None,
        };
        if let Some(thing) = thing.filter(|_| starts) {
            cursor.lose(thing, "bars are kept as they are spelled out");
        }
        cursor.skip()?;
    }
    Ok(())
}
