//! From the bytes of a file to the tracks' notes and signs, in ticks.

use super::cursor::Cursor;
use super::event::{Event, Events};
use super::signs::text;
use super::{assemble, meta};
use crate::error::{Fault, Place, Result};
use crate::score::{Beats, Key, Metre, Reading, Score};
use std::collections::{BTreeMap, VecDeque};

/// More notes than any score needs, few enough that a hostile file can't fill the memory.
const MOST_NOTES: usize = 1 << 18;
/// The same for tempi, keys, metres, chord symbols and lyrics together.
pub(super) const MOST_SIGNS: usize = 1 << 16;
/// The longest music, in quarter notes: five hours at 100 a minute.
const LONGEST: u64 = 1 << 15;
/// Names are cut to this many characters.
const LONGEST_NAME: usize = 200;

/// What a file holds, with times in ticks.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) title: String,
    pub(super) composer: String,
    pub(super) recipe: String,
    pub(super) pickup: Option<Beats>,
    /// Microseconds per quarter note.
    pub(super) tempi: Vec<(u64, u32)>,
    pub(super) metres: Vec<(u64, Metre)>,
    pub(super) keys: Vec<(u64, Key)>,
    pub(super) chords: Vec<(u64, String)>,
    /// The tracks with notes or lyrics.
    pub(super) tracks: Vec<Track>,
    notes: usize,
    /// How many tempi, keys, metres and lyrics were read.
    pub(super) signs: usize,
}

/// One track.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) name: String,
    pub(super) instrument: String,
    /// Names given to single channels by the channel prefix.
    pub(super) channel_names: Vec<(u8, String)>,
    /// Each channel's first programme.
    pub(super) programs: [Option<u8>; 16],
    pub(super) notes: Vec<Sounded>,
    pub(super) lyrics: Vec<(u64, String)>,
    /// Whether it is a further voice of the part before.
    pub(super) joins: bool,
}

/// A key pressed for a while, in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sounded {
    pub(super) channel: u8,
    pub(super) onset: u64,
    pub(super) key: u8,
    pub(super) end: u64,
    pub(super) velocity: u8,
}

/// The file's first chunk.
struct Header {
    tracks: u16,
    /// The length of a tick.
    tick: Beats,
    /// Whether ticks count film frames, so that tempo events mean nothing.
    film: bool,
    /// The last tick that a score may reach.
    latest: u64,
}

/// Reads a Standard MIDI file of type 0 or 1.
///
/// Every track and channel with notes becomes a part with one voice. A key released ends the earliest press of that
/// key still open in its channel; keys never released end with their track; notes of no length get one tick.
/// Pitches are spelled in the key in force, or in C major if the file names none, and bars are laid only if it
/// names a metre. Film-frame (SMPTE) divisions are read at 120 quarter notes a minute.
///
/// # Errors
/// A [`Fault`] with the byte where the file breaks the format, where it is cut off or damaged, or where it exceeds
/// 32,768 quarter notes, 262,144 notes, or 65,536 tempi, keys, metres and lyrics.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads a Standard MIDI file as [`read`] does, and lists what of it a score doesn't hold.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    let mut cursor = Cursor::new(bytes);
    let header = header(&mut cursor)?;
    let mut contents = Contents::default();
    for index in 0..header.tracks {
        let track = next_track(&mut cursor, index, header.tracks)?;
        contents.track(index, Events::new(track, header.latest))?;
    }
    if cursor.clone().take(4, "").is_ok_and(|id| id == b"MTrk") {
        let found = format!("a track after the {} that the header counts", header.tracks);
        return Err(Fault::new(Place::Byte(cursor.position()), found, "the end of the file").into());
    }
    if header.film {
        contents.tempi.clear();
    }
    Ok(Reading { score: assemble::score(contents, header.tick)?, lost: Vec::new() })
}

fn header(cursor: &mut Cursor<'_>) -> Result<Header> {
    let whole = cursor.clone();
    if !whole.clone().take(4, "").is_ok_and(|id| id == b"MThd") {
        let start = whole.clone().take(whole.left().min(4), "").unwrap_or_default();
        let found = format!("`{}`", start.escape_ascii());
        return Err(Fault::new(Place::Byte(0), found, "`MThd`").hint("this is no Standard MIDI file").into());
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
        (0, 1) | (1, _) => {}
        (0, _) => {
            let found = format!("{tracks} tracks in a file of type 0");
            return Err(Fault::new(Place::Byte(10), found, "1 track").into());
        }
        _ => {
            let fault = Fault::new(Place::Byte(8), format!("type {kind}"), "type 0 or 1");
            return Err(fault.hint("files of type 2 hold several pieces; save each as type 1").into());
        }
    }
    let (tick, film) = tick_length(division)?;
    let latest = (Beats::whole(LONGEST as i64)).floor_div(tick);
    Ok(Header { tracks, tick, film, latest: latest.unsigned_abs() })
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

/// The next track chunk; chunks of other kinds are skipped, as the standard asks.
fn next_track<'a>(cursor: &mut Cursor<'a>, index: u16, count: u16) -> Result<Cursor<'a>> {
    loop {
        let start = cursor.position();
        if cursor.left() == 0 {
            let fault = Fault::new(
                Place::Byte(start),
                format!("{index} tracks"),
                format!("{count}, as the header says"),
            );
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
    }
}

impl Contents {
    /// Reads the track that stands at place `index`.
    fn track(&mut self, index: u16, mut events: Events<'_>) -> Result<()> {
        let mut track = Track::default();
        // The presses not yet released, earliest first, by channel and key.
        let mut pressed: BTreeMap<(u8, u8), VecDeque<usize>> = BTreeMap::new();
        let mut prefix = None;
        while let Some(timed) = events.next()? {
            match timed.event {
                Event::On { channel, key, velocity } => {
                    self.notes += 1;
                    limit(self.notes, MOST_NOTES, "notes", timed.byte)?;
                    pressed.entry((channel, key)).or_default().push_back(track.notes.len());
                    track.notes.push(Sounded { channel, onset: timed.tick, key, end: u64::MAX, velocity });
                }
                Event::Off { channel, key } => {
                    if let Some(note) = pressed.get_mut(&(channel, key)).and_then(VecDeque::pop_front) {
                        let note = &mut track.notes[note];
                        note.end = timed.tick.max(note.onset + 1);
                    }
                }
                Event::Program { channel, program } => {
                    track.programs[usize::from(channel)].get_or_insert(program);
                }
                Event::Meta { kind: meta::CHANNEL, data } => {
                    prefix = data.first().map(|channel| channel & 0x0f)
                }
                Event::Meta { kind: meta::NAME, data } => match (prefix, index) {
                    (Some(channel), _) => track.channel_names.push((channel, name(data))),
                    (None, 0) => self.title = name(data),
                    (None, _) => track.name = name(data),
                },
                Event::Meta { kind, data } => self.meta(&mut track, timed, kind, data)?,
                Event::Other => {}
            }
            if !matches!(timed.event, Event::Meta { .. }) {
                prefix = None;
            }
        }
        for note in &mut track.notes {
            note.end = note.end.min(events.tick().max(note.onset + 1));
        }
        if !(track.notes.is_empty() && track.lyrics.is_empty()) {
            self.tracks.push(track);
        }
        Ok(())
    }
}

/// A fault where `count` exceeds `most`.
pub(super) fn limit(count: usize, most: usize, what: &str, byte: usize) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    Err(Fault::new(Place::Byte(byte), format!("more than {most} {what}"), "a score that a person could read")
        .into())
}

/// A name: text without surrounding blanks, of bearable length.
pub(super) fn name(data: &[u8]) -> String {
    text(data).trim_matches([' ', '\0', '\r', '\n', '\t']).chars().take(LONGEST_NAME).collect()
}
