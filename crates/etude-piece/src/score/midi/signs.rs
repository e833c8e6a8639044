//! Meta events as signs of a score: tempi, keys, metres, words, and texts of ours.

use super::event::Timed;
use super::read::{Contents, MOST_SIGNS, Track, limit};
use super::unheld::Unheld;
use super::{CHORD, COMPOSER, KEY, PICKUP, RECIPE, VOICE, meta};
use crate::error::{Fault, Place, Result};
use crate::score::{Beats, Key, Metre, Mode};

impl Contents {
    /// Reads a meta event that isn't a name.
    pub(super) fn meta(&mut self, track: &mut Track, timed: Timed<'_>, kind: u8, data: &[u8]) -> Result<()> {
        let (tick, byte) = (timed.tick, timed.byte);
        match (kind, data) {
            (meta::TEXT, _) => {
                if !self.text(track, timed, &text(data))? {
                    self.tally.add(Unheld::Text);
                    return Ok(());
                }
            }
            (meta::INSTRUMENT, _) => {
                let name = self.bearable(data);
                if !track.instrument.is_empty() && track.instrument != name {
                    self.tally.add(Unheld::FurtherName);
                }
                track.instrument = name;
            }
            (meta::LYRIC, _) => {
                let whole = text(data);
                let syllable = whole.trim();
                // A lone line break is layout, an empty text holds a verse's place.
                if !syllable.is_empty() || whole.is_empty() {
                    track.lyrics.push((tick, syllable.to_owned()));
                } else {
                    self.tally.add(Unheld::LineBreak);
                }
            }
            (meta::TEMPO, &[a, b, c]) => {
                let microseconds = u32::from_be_bytes([0, a, b, c]);
                if microseconds == 0 {
                    return Err(
                        Fault::new(Place::Byte(byte), "tempo 0", "a quarter note of some length").into()
                    );
                }
                self.tempi.push((tick, microseconds));
            }
            (meta::METRE, &[count, power, ..]) => self.metres.push((tick, metre(count, power, byte)?)),
            (meta::KEY, &[fifths, minor]) => self.keys.push((tick, key(fifths, minor, byte)?)),
            (meta::TEMPO | meta::METRE | meta::KEY, _) => {
                let (what, length) = match kind {
                    meta::TEMPO => ("tempo", 3),
                    meta::METRE => ("time signature", 4),
                    _ => ("key signature", 2),
                };
                let found = format!("a {what} of {} bytes", data.len());
                return Err(Fault::new(Place::Byte(byte), found, format!("{length} bytes")).into());
            }
            // An offset of zero says nothing.
            (meta::FILM_OFFSET, &[hours, 0, 0, 0, 0]) if hours & 0x1f == 0 => return Ok(()),
            _ => {
                self.tally.add(Unheld::of_meta(kind));
                return Ok(());
            }
        }
        self.signs += 1;
        limit(self.signs, MOST_SIGNS, "tempi, keys, metres and lyrics", byte)
    }

    /// A text event, and whether it is one of ours: others mean nothing to a score.
    fn text(&mut self, track: &mut Track, timed: Timed<'_>, text: &str) -> Result<bool> {
        let fault = |expected: &str| {
            let start: String = text.chars().take(40).collect();
            Fault::new(Place::Byte(timed.byte), format!("`{start}`"), expected)
        };
        if let Some(recipe) = text.strip_prefix(RECIPE) {
            self.recipe = recipe.to_owned();
        } else if let Some(composer) = text.strip_prefix(COMPOSER) {
            self.composer = composer.to_owned();
        } else if let Some(chord) = text.strip_prefix(CHORD) {
            self.chords.push((timed.tick, chord.to_owned()));
        } else if let Some(key) = text.strip_prefix(KEY) {
            self.keys
                .push((timed.tick, key.parse().map_err(|_| fault("a key such as `etude-key D dorian`"))?));
        } else if let Some(length) = text.strip_prefix(PICKUP) {
            self.pickup = Some(pickup(length).ok_or_else(|| fault("a length such as `etude-pickup 1/2`"))?);
        } else if text == VOICE {
            track.joins = true;
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

/// A length in quarter notes, above 0 and below 256, written `1` or `1/2`.
fn pickup(text: &str) -> Option<Beats> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let numerator: u16 = numerator.parse().ok()?;
    let denominator: u16 = denominator.parse().ok().filter(|&n| n > 0)?;
    let length = Beats::new(numerator.into(), denominator.into());
    (length > Beats::ZERO && length < Beats::whole(256)).then_some(length)
}

fn metre(count: u8, power: u8, byte: usize) -> Result<Metre> {
    let unit = 1_u32.checked_shl(power.into()).unwrap_or(0);
    let fault = || {
        let found = format!("a time signature of {count} notes of 1/2^{power}");
        Fault::new(Place::Byte(byte), found, "1 to 255 notes of 1/1 to 1/64").into()
    };
    Metre::new(count.into(), unit).ok_or_else(fault)
}

fn key(fifths: u8, minor: u8, byte: usize) -> Result<Key> {
    let fifths = fifths.cast_signed();
    let mode = match minor {
        0 => Mode::Major,
        1 => Mode::Minor,
        _ => {
            let found = format!("mode {minor} in a key signature");
            return Err(Fault::new(Place::Byte(byte), found, "0 (major) or 1 (minor)").into());
        }
    };
    if !(-7..=7).contains(&fifths) {
        let found = format!("a key signature of {fifths} sharps");
        return Err(Fault::new(Place::Byte(byte), found, "-7 (flats) to 7").into());
    }
    Ok(Key { fifths, mode })
}

/// A text event's text: UTF-8, or else Latin-1, the two that files hold.
pub(super) fn text(data: &[u8]) -> String {
    let latin = || data.iter().map(|&byte| char::from(byte)).collect();
    std::str::from_utf8(data).map_or_else(|_| latin(), str::to_owned)
}
