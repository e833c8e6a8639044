//! The chunks of a file: its header and its tracks.

use super::cursor::Cursor;
use super::unheld::{Tally, Unheld};
use crate::error::{Fault, Place, Result};
use crate::score::Beats;

/// The longest music, in quarter notes: five hours at 100 a minute.
const LONGEST: u64 = 1 << 15;

/// The file's first chunk.
pub(super) struct Header {
    pub(super) tracks: u16,
    /// The length of a tick.
    pub(super) tick: Beats,
    /// Whether ticks count film frames, so that tempo events mean nothing.
    pub(super) film: bool,
    /// Whether each track is a piece by itself, as in files of type 2.
    pub(super) patterns: bool,
    /// The last tick that a score may reach.
    pub(super) latest: u64,
}

impl Header {
    /// Reads the header, at the start of the file.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        let whole = cursor.clone();
        if !whole.clone().take(4, "").is_ok_and(|id| id == b"MThd") {
            let start = whole.clone().take(whole.left().min(4), "").unwrap_or_default();
            let fault = Fault::new(Place::Byte(0), format!("`{}`", start.escape_ascii()), "`MThd`");
            return Err(fault.hint("this is no Standard MIDI file").into());
        }
        cursor.take(4, "`MThd`")?;
        let length = cursor.long("the header's length")? as usize;
        if length < 6 || length > cursor.left() {
            let found = format!("a header of {length} bytes with {} left", cursor.left());
            return Err(Fault::new(Place::Byte(4), found, "one of 6 bytes").into());
        }
        let mut inner = cursor.inner(length, "header")?;
        let (kind, tracks, division) =
            (inner.short("the type")?, inner.short("the count")?, inner.short("the division")?);
        match (kind, tracks) {
            (0, 1) | (1 | 2, _) => {}
            (0, _) => {
                let found = format!("{tracks} tracks in a file of type 0");
                return Err(Fault::new(Place::Byte(10), found, "1 track").into());
            }
            _ => return Err(Fault::new(Place::Byte(8), format!("type {kind}"), "type 0, 1 or 2").into()),
        }
        let (tick, film) = tick_length(division)?;
        let latest = Beats::whole(LONGEST as i64).floor_div(tick).unsigned_abs();
        Ok(Self { tracks, tick, film, patterns: kind == 2, latest })
    }
}

/// The length of a tick by the header's division, and whether it counts film frames.
fn tick_length(division: u16) -> Result<(Beats, bool)> {
    let place = Place::Byte(12);
    if division == 0 {
        let fault = Fault::new(place, "division 0", "at least 1 tick per quarter note");
        return Err(fault.hint("480 is usual").into());
    }
    if division < 0x8000 {
        return Ok((Beats::new(1, i64::from(division)), false));
    }
    let [rate, ticks] = division.to_be_bytes();
    // Frames per second as a fraction; 29 stands for 29.97. A quarter note at 120 a minute is half a second.
    let (frames, seconds) = match rate.wrapping_neg() {
        rate @ (24 | 25 | 30) => (i64::from(rate), 1),
        29 => (30_000, 1_001),
        rate => {
            let found = format!("{rate} film frames per second");
            return Err(Fault::new(place, found, "24, 25, 29 or 30").into());
        }
    };
    if ticks == 0 {
        return Err(Fault::new(place, "0 ticks per film frame", "at least 1").into());
    }
    Ok((Beats::new(2 * seconds, frames * i64::from(ticks)), true))
}

/// The track that stands at place `index` of `count`; chunks of other kinds are skipped, as the standard asks.
pub(super) fn next_track<'a>(
    cursor: &mut Cursor<'a>,
    index: u16,
    count: u16,
    tally: &mut Tally,
) -> Result<Cursor<'a>> {
    loop {
        let start = cursor.position();
        if cursor.left() == 0 {
            let expected = format!("{count}, as the header says");
            let fault = Fault::new(Place::Byte(start), format!("{index} tracks"), expected);
            return Err(fault.hint("the file is cut off or damaged; fetch it again").into());
        }
        let is_track = cursor.take(4, "a chunk's name")? == b"MTrk";
        let length = cursor.long("a chunk's length")? as usize;
        if length > cursor.left() {
            let found = format!("a chunk of {length} bytes with {} left in the file", cursor.left());
            let fault = Fault::new(Place::Byte(start + 4), found, "a chunk inside the file");
            return Err(fault.hint("the file is cut off or damaged; fetch it again").into());
        }
        let chunk = cursor.inner(length, "track")?;
        if is_track {
            return Ok(chunk);
        }
        tally.add(Unheld::Chunk);
    }
}

/// What stands after the last track: nothing that is one.
pub(super) fn end(cursor: &Cursor<'_>, count: u16, tally: &mut Tally) -> Result<()> {
    if cursor.clone().take(4, "").is_ok_and(|id| id == b"MTrk") {
        let found = format!("a track after the {count} that the header counts");
        return Err(Fault::new(Place::Byte(cursor.position()), found, "the end of the file").into());
    }
    tally.add_many(cursor.left(), Unheld::StrayByte);
    Ok(())
}
