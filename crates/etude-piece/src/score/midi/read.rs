//! From the bytes of a file to the tracks' notes and signs, in ticks.

use super::chunk::{self, Header};
use super::cursor::Cursor;
use super::event::{Event, Events};
use super::signs::text;
use super::unheld::{Tally, Unheld};
use super::{assemble, meta};
use crate::error::{Fault, Place, Result};
use crate::score::{Beats, Key, Metre, Reading, Score};
use std::collections::{BTreeMap, VecDeque};

/// More notes than any score needs, few enough that a hostile file can't fill the memory.
const MOST_NOTES: usize = 1 << 18;
/// The same for tempi, keys, metres, chord symbols and lyrics together.
pub(super) const MOST_SIGNS: usize = 1 << 16;
/// More parts than any orchestra has.
pub(super) const MOST_PARTS: usize = 1 << 12;
/// Names are cut to this many characters.
pub(super) const LONGEST_NAME: usize = 200;
/// The channel whose keys are drums.
const DRUMS: u8 = 9;

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
    /// For each channel the first programme that was set where the channel has no notes: a channel's programme holds
    /// in all tracks.
    pub(super) programs: [Option<u8>; 16],
    /// What a score doesn't hold.
    pub(super) tally: Tally,
    notes: usize,
    /// How many tempi, keys, metres and lyrics were read.
    pub(super) signs: usize,
}

/// One track.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) name: String,
    pub(super) instrument: String,
    /// Names given to single channels by the channel prefix, at most one for each.
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

/// What a track's name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Piece,
    Part,
    Pattern,
}

/// Reads a Standard MIDI file of type 0, 1 or 2.
///
/// Every track and channel with notes becomes a part with one voice; the patterns of a file of type 2 follow one
/// another as one track. A key released ends the earliest press of that key still open in its channel; keys never
/// released end with their track; notes of no length get one tick. Drums are kept as the pitches of their numbers.
/// A channel without programme in its own track has the first that another track gives it. Pitches are spelled in
/// the key in force, or in C major if the file names none, and bars are laid only if it names a metre. Film-frame
/// (SMPTE) divisions are read at 120 quarter notes a minute.
///
/// # Errors
/// A [`Fault`] with the byte where the file breaks the format, where it is cut off or damaged, or where it exceeds
/// 32,768 quarter notes, 262,144 notes, 262,144 bars, 4,096 parts, or 65,536 tempi, keys, metres and lyrics.
pub fn read(bytes: &[u8]) -> Result<Score> {
    Ok(read_with_losses(bytes)?.score)
}

/// Reads a Standard MIDI file as [`read`] does, and lists what of it a score doesn't hold or what had to be mended:
/// controllers, bends, pressure, exclusive messages, markers and other texts, further programmes, drums, unreleased
/// and instant notes, missing status bytes, and more of the kind.
///
/// # Errors
///
/// As [`read`].
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    let mut cursor = Cursor::new(bytes);
    let header = Header::read(&mut cursor)?;
    let mut contents = Contents::default();
    if header.patterns {
        contents.patterns(&mut cursor, &header)?;
    } else {
        contents.side_by_side(&mut cursor, &header)?;
    }
    chunk::end(&cursor, header.tracks, &mut contents.tally)?;
    if header.film {
        contents.tally.add_many(contents.tempi.len(), Unheld::FilmTempo);
        contents.tempi.clear();
    }
    assemble::score(contents, header.tick)
}

impl Contents {
    /// Reads the tracks of a file of type 0 or 1, which sound together.
    fn side_by_side(&mut self, cursor: &mut Cursor<'_>, header: &Header) -> Result<()> {
        for index in 0..header.tracks {
            let chunk = chunk::next_track(cursor, index, header.tracks, &mut self.tally)?;
            let named = if index == 0 { Named::Piece } else { Named::Part };
            let mut track = Track::default();
            self.events(&mut track, named, Events::new(chunk, 0, header.latest))?;
            self.keep(track)?;
        }
        Ok(())
    }

    /// Reads the tracks of a file of type 2, each of which begins where the one before ends.
    fn patterns(&mut self, cursor: &mut Cursor<'_>, header: &Header) -> Result<()> {
        let mut whole = Track::default();
        let mut start = 0;
        for index in 0..header.tracks {
            let chunk = chunk::next_track(cursor, index, header.tracks, &mut self.tally)?;
            if index > 0 {
                // A pattern knows nothing of the one before: MIDI's own tempo and metre hold until it says otherwise.
                self.tempi.push((start, 500_000));
                if !self.metres.is_empty() {
                    self.metres.push((start, Metre::COMMON));
                }
            }
            let named = if index == 0 { Named::Piece } else { Named::Pattern };
            start = self.events(&mut whole, named, Events::new(chunk, start, header.latest))?;
        }
        if header.tracks > 1 {
            self.tally.add_many(header.tracks.into(), Unheld::Pattern);
        }
        self.keep(whole)
    }

    /// Reads events into a track, and tells the tick that they end at.
    fn events(&mut self, track: &mut Track, named: Named, mut events: Events<'_>) -> Result<u64> {
        let first = track.notes.len();
        // The presses not yet released, earliest first, by channel and key.
        let mut pressed: BTreeMap<(u8, u8), VecDeque<usize>> = BTreeMap::new();
        let mut prefix = None;
        while let Some(timed) = events.next()? {
            match timed.event {
                Event::On { channel, key, velocity } => {
                    self.notes += 1;
                    limit(self.notes, MOST_NOTES, "notes", timed.byte)?;
                    if channel == DRUMS {
                        self.tally.add(Unheld::Drum);
                    }
                    pressed.entry((channel, key)).or_default().push_back(track.notes.len());
                    track.notes.push(Sounded { channel, onset: timed.tick, key, end: u64::MAX, velocity });
                }
                Event::Off { channel, key, told } => {
                    if told {
                        self.tally.add(Unheld::ReleaseSpeed);
                    }
                    match pressed.get_mut(&(channel, key)).and_then(VecDeque::pop_front) {
                        Some(note) => self.release(&mut track.notes[note], timed.tick),
                        None => self.tally.add(Unheld::StrayRelease),
                    }
                }
                Event::Program { channel, program } => match &mut track.programs[usize::from(channel)] {
                    Some(_) => self.tally.add(Unheld::Program),
                    none => *none = Some(program),
                },
                Event::Meta { kind: meta::CHANNEL, data } => {
                    prefix = data.first().map(|channel| channel & 0x0f)
                }
                Event::Meta { kind: meta::NAME, data } => self.name(track, named, prefix, data),
                Event::Meta { kind: meta::END, .. } => {}
                Event::Meta { kind, data } => self.meta(track, timed, kind, data)?,
                Event::Other(kind) => self.tally.add(kind),
            }
            if !matches!(timed.event, Event::Meta { .. }) {
                prefix = None;
            }
        }
        for note in track.notes[first..].iter_mut().filter(|note| note.end == u64::MAX) {
            self.tally.add(Unheld::UnreleasedNote);
            note.end = events.tick().max(note.onset + 1);
        }
        events.finish(&mut self.tally);
        Ok(events.tick())
    }

    fn release(&mut self, note: &mut Sounded, tick: u64) {
        if tick == note.onset {
            self.tally.add(Unheld::InstantNote);
        }
        note.end = tick.max(note.onset + 1);
    }

    /// A track's name, or one of its channels'.
    fn name(&mut self, track: &mut Track, named: Named, prefix: Option<u8>, data: &[u8]) {
        let name = self.bearable(data);
        let slot = match (prefix, named) {
            (Some(channel), _) => {
                let known = track.channel_names.iter().position(|&(named, _)| named == channel);
                let at = known.unwrap_or_else(|| {
                    track.channel_names.push((channel, String::new()));
                    track.channel_names.len() - 1
                });
                &mut track.channel_names[at].1
            }
            (None, Named::Piece) => &mut self.title,
            (None, Named::Part) => &mut track.name,
            (None, Named::Pattern) => return self.tally.add(Unheld::PatternName),
        };
        if !slot.is_empty() && *slot != name {
            self.tally.add(Unheld::FurtherName);
        }
        *slot = name;
    }

    /// A name: text without surrounding blanks, of bearable length.
    pub(super) fn bearable(&mut self, data: &[u8]) -> String {
        let whole = text(data);
        let mut name = whole.trim_matches([' ', '\0', '\r', '\n', '\t']);
        if let Some((end, _)) = name.char_indices().nth(LONGEST_NAME) {
            self.tally.add(Unheld::LongName);
            name = &name[..end];
        }
        name.to_owned()
    }

    /// Keeps a track that has notes or lyrics, and of the others what belongs to their channels.
    fn keep(&mut self, track: Track) -> Result<()> {
        let sounding = track.notes.iter().fold(0_u16, |set, note| set | 1 << note.channel);
        for (channel, program) in track.programs.iter().enumerate() {
            if program.is_none() || sounding >> channel & 1 == 1 {
                continue;
            }
            match &mut self.programs[channel] {
                Some(_) => self.tally.add(Unheld::Program),
                none => *none = *program,
            }
        }
        let names = || [&track.name].into_iter().chain(track.channel_names.iter().map(|(_, name)| name));
        let instrument = (!track.instrument.is_empty()).then_some(&track.instrument);
        if sounding == 0 {
            let idle = names().chain(instrument).filter(|name| !name.is_empty()).count();
            self.tally.add_many(idle, Unheld::IdleName);
        } else if instrument.is_some_and(|own| names().any(|name| !name.is_empty() && name != own)) {
            self.tally.add(Unheld::InstrumentName);
        }
        if track.notes.is_empty() && track.lyrics.is_empty() {
            return Ok(());
        }
        if self.tracks.len() == MOST_PARTS {
            return Err(too_many_parts());
        }
        self.tracks.push(track);
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

/// There are more than [`MOST_PARTS`].
pub(super) fn too_many_parts() -> crate::Error {
    let found = format!("more than {MOST_PARTS} tracks and channels with notes");
    Fault::new(Place::Whole, found, "a score that a person could read").into()
}
