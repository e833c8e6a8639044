//! SoundFont 2: a score rendered with recorded instruments, by the programmes of its parts.
//!
//! The file is taken apart and checked here, chunk by chunk and index by index, and only a clean copy of what is
//! needed goes to the synthesizer (the crate `rustysynth`): it trusts sizes and indices, and would ask for gigabytes
//! or panic where they lie. Before a note is struck, [`regions`] checks that the synthesizer can play it.
//!
//! On one machine the same score and soundfont always give the same bytes. Other than with the built-in voice, another
//! platform may differ in the last bit: the synthesizer takes sines and powers from the platform's library.
//!
//! Specification: SoundFont Technical Specification 2.04 (E-mu Systems, 2006).

mod chunks;
mod records;
mod regions;

mod player;

#[cfg(test)]
mod tests;

use super::{Rendering, Sound, finish, length, lost, room};
use crate::error::{Error, Fault, Place, Result};
use crate::score::{Losses, Score};
use chunks::Chunks;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// The largest soundfont that is read, in bytes; reading takes about twice as much memory.
const MOST_BYTES: u64 = 1 << 30;

/// A soundfont, ready to play.
#[derive(Debug, Clone)]
pub struct SoundFont {
    font: Arc<rustysynth::SoundFont>,
    /// How many samples were recorded; what follows is silence.
    recorded: usize,
}

impl SoundFont {
    /// Reads a soundfont from a file.
    ///
    /// # Errors
    /// A file that the system doesn't give, that is larger than 1 GiB, or that [`SoundFont::read`] refuses.
    pub fn open(path: &Path) -> Result<Self> {
        let refused = |source| Error::Io { path: path.to_owned(), source };
        let name = path.display().to_string();
        let size = std::fs::metadata(path).map_err(refused)?.len();
        if size > MOST_BYTES {
            return Err(Error::from(too_large(size)).in_file(&name));
        }
        let bytes = std::fs::read(path).map_err(refused)?;
        Self::read(&bytes).map_err(|error| error.in_file(&name))
    }

    /// Reads a soundfont from bytes.
    ///
    /// # Errors
    /// A [`Fault`] where the bytes are no SoundFont 2 file, or where a size or an index in it leads astray.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(too_large(bytes.len() as u64).into());
        }
        let chunks = Chunks::find(bytes)?;
        records::check(&chunks)?;
        let mut clean = chunks.file(&records::headers(&chunks), 2 * records::SILENCE);
        let font = contained(|| rustysynth::SoundFont::new(&mut clean))?;
        let font =
            font.map_err(|error| Fault::new(Place::Whole, error.to_string(), "a sound SoundFont 2 file"))?;
        Ok(Self { font: Arc::new(font), recorded: chunks.get(b"smpl").data.len() / 2 })
    }

    /// Renders a score as [`render`](super::render) does, but with the instruments that the programmes of its parts
    /// name, and lists what isn't heard. Where the soundfont has no such programme its first instrument plays.
    ///
    /// # Errors
    /// [`Error::Unfit`] where the music is longer than an hour, a setting is out of its range, the rate is below
    /// 16,000 frames per second, or the sound grows beyond all bounds.
    pub fn render(&self, score: &Score, settings: &Rendering) -> Result<(Sound, Vec<String>)> {
        settings.check()?;
        let mut losses = Losses::default();
        lost::of_any(score, &mut losses);
        let strikes = super::performance(score, settings);
        let seconds = length(&strikes)?;
        let rate = f64::from(settings.rate);
        let tail = player::TAIL + if settings.room > 0.0 { room::TAIL } else { 0.0 };
        let mut frames =
            vec![[0.0; 2]; if strikes.is_empty() { 0 } else { ((seconds + tail) * rate) as usize }];
        let playable = regions::playable(&self.font, self.recorded, &strikes, settings.rate, &mut losses);
        let voices = score.voices().count();
        contained(|| player::play(&self.font, &playable, voices, settings.rate, &mut frames))??;
        if frames.iter().flatten().any(|sample| !sample.is_finite()) {
            let what = "an instrument of the soundfont whose sound grows beyond all bounds";
            return Err(Error::unfit(what, "use another soundfont"));
        }
        room::add(&mut frames, rate, settings.room);
        finish(&mut frames, rate, settings.peak);
        Ok((Sound { rate: settings.rate, frames, recipe: score.recipe.clone() }, losses.lines()))
    }
}

fn too_large(size: u64) -> Fault {
    Fault::new(Place::Whole, format!("{size} bytes"), "a soundfont of at most 1 GiB")
}

/// What the error says when [`contained`] had to contain something.
const BROKEN: &str = "a soundfont that its player can't bear";

/// Calls the synthesizer. Everything that is known to make it panic is refused before; should something have been
/// overlooked, a file that someone sent must not end the program.
fn contained<T>(call: impl FnOnce() -> T) -> Result<T> {
    let outcome = catch_unwind(AssertUnwindSafe(call));
    outcome.map_err(|_| Fault::new(Place::Whole, BROKEN, "a sound SoundFont 2 file").into())
}
