//! The tables of a soundfont: every index must lead into the table it names, and onwards only.

use super::chunks::{Chunk, Chunks};
use crate::error::{Fault, Place, Result};

/// Samples of silence that follow the recording: the synthesizer reads one beyond a sample's end, and samples that
/// aren't in the file (those of a sound card's ROM) are taken from here.
pub(super) const SILENCE: usize = 64;

/// Checks all tables.
pub(super) fn check(chunks: &Chunks<'_>) -> Result<()> {
    let table = |name, record| Table::new(name, chunks.get(name), record);
    let (presets, preset_zones) = (table(b"phdr", 38)?, table(b"pbag", 4)?);
    let (instruments, instrument_zones) = (table(b"inst", 22)?, table(b"ibag", 4)?);
    presets.lead(24, "zones", 1, &preset_zones)?;
    preset_zones.lead(0, "generators", 0, &table(b"pgen", 4)?)?;
    instruments.lead(20, "zones", 1, &instrument_zones)?;
    instrument_zones.lead(0, "generators", 0, &table(b"igen", 4)?)?;
    check_samples(&table(b"shdr", 46)?, chunks.get(b"smpl"))
}

/// Records of one length, the last of which only ends the list.
struct Table<'a> {
    name: &'static [u8; 4],
    chunk: Chunk<'a>,
    record: usize,
}

impl<'a> Table<'a> {
    fn new(name: &'static [u8; 4], chunk: Chunk<'a>, record: usize) -> Result<Self> {
        let table = Self { name, chunk, record };
        let size = chunk.data.len();
        if size == 0 || !size.is_multiple_of(record) {
            let found = format!("{size} bytes in `{}`", name.escape_ascii());
            let expected = format!("a multiple of {record}, at least once");
            return Err(Fault::new(Place::Byte(chunk.byte), found, expected).into());
        }
        Ok(table)
    }

    /// The records, with their offsets in the file.
    fn records(&self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let (start, record) = (self.chunk.byte, self.record);
        self.chunk.data.chunks_exact(record).enumerate().map(move |(i, data)| (start + i * record, data))
    }

    /// How many records there are, without the last.
    fn len(&self) -> usize {
        self.chunk.data.len() / self.record - 1
    }

    /// Checks that the indices at offset `field` of the records begin stretches of `target`, each of at least `least`
    /// records, one after the other.
    fn lead(&self, field: usize, what: &str, least: usize, target: &Table<'_>) -> Result<()> {
        let mut before: Option<usize> = None;
        for (byte, record) in self.records() {
            let index = usize::from(u16::from_le_bytes([record[field], record[field + 1]]));
            let earliest = before.map_or(0, |before| before + least);
            if index < earliest || index > target.len() {
                let name = self.name.escape_ascii();
                let found = format!("a record of `{name}` whose {what} begin at {index}");
                let expected = format!("{earliest} to {}", target.len());
                return Err(Fault::new(Place::Byte(byte), found, expected).into());
            }
            before = Some(index);
        }
        Ok(())
    }
}

/// Checks the recording, and that no sample is compressed.
fn check_samples(headers: &Table<'_>, recording: Chunk<'_>) -> Result<()> {
    if recording.data.len() < 4 || !recording.data.len().is_multiple_of(2) {
        let found = format!("{} bytes of recording", recording.data.len());
        return Err(Fault::new(Place::Byte(recording.byte), found, "samples of two bytes").into());
    }
    // The flag of compressed samples, as SoundFont 3 has them.
    let mut records = headers.records().take(headers.len());
    let Some((byte, _)) = records.find(|(_, record)| record[44] & 0x10 != 0) else { return Ok(()) };
    let fault = Fault::new(Place::Byte(byte + 44), "a compressed sample", "16 bits a sample");
    Err(fault.hint("convert the soundfont from SoundFont 3 to SoundFont 2").into())
}

/// The samples' headers, those that lie outside the recording replaced by silence after it. Whether the offsets that
/// instruments add lead out of the recording, the synthesizer checks.
pub(super) fn headers(chunks: &Chunks<'_>) -> Vec<u8> {
    let recorded = chunks.get(b"smpl").data.len() / 2;
    let mut headers = chunks.get(b"shdr").data.to_vec();
    for header in headers.chunks_exact_mut(46) {
        let place =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let [start, end, loop_start, loop_end] = [20, 24, 28, 32].map(place).map(|place| place as usize);
        if !(start < end && end.max(loop_start).max(loop_end) <= recorded) {
            let silence = [recorded, recorded + SILENCE / 2, recorded, recorded].map(|place| place as u32);
            header[20..36].copy_from_slice(&silence.map(u32::to_le_bytes).concat());
        }
    }
    headers
}
