//! `etude play`: a score as sound, to a file or to the sound card.

#[cfg(feature = "live")]
mod card;

use crate::failure::{Failure, Result};
use crate::terminal::{Progress, put, put_json, say};
use crate::{input, interrupt, save};
use clap::Args;
use etude_piece::score::format::{read_bytes, read_with_losses};
use etude_piece::score::{Beats, Reading, Score, Tempo};
use etude_piece::sound::{Rendering, Sound, SoundFont, render};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Play a score: to a WAV file, or to the sound card where the program was built for it
#[derive(Debug, Args)]
pub(crate) struct Play {
    /// A score: MIDI, MusicXML, ABC or **kern; - for stdin
    file: PathBuf,
    /// Write a .wav file instead of playing; - for stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Play with the instruments of a SoundFont 2 file (.sf2), instead of the built-in voice
    #[arg(long, value_name = "FILE")]
    soundfont: Option<PathBuf>,
    /// Frames per second
    #[arg(long, default_value = "44100", value_parser = ["44100", "48000"])]
    rate: String,
    /// Quarter notes a minute from 10 to 400, in place of the score's own tempi
    #[arg(long, value_name = "N", value_parser = crate::generate::tempo)]
    tempo: Option<f64>,
    /// One line of JSON about what was played
    #[arg(long)]
    json: bool,
}

impl Play {
    /// Reads, renders, and writes or plays.
    pub(crate) fn run(&self) -> Result {
        self.check_output()?;
        let Reading { score, lost } = self.read()?;
        lost.iter().for_each(|line| say(&format!("{}: without {line}", self.name())));
        let (sound, unheard) = self.render(&score)?;
        unheard.iter().for_each(|line| say(&format!("{}: not heard: {line}", self.name())));
        if interrupt::interrupted() {
            return Err(Failure::interrupted("interrupted; nothing was played"));
        }
        let heard = match self.output.as_deref() {
            None => live(&sound)?,
            Some(path) if path == Path::new("-") => {
                put(&sound.to_wav())?;
                sound.seconds()
            }
            Some(path) => {
                save::whole(path, &sound.to_wav())?;
                sound.seconds()
            }
        };
        self.tell(&score, &sound, &[lost, unheard].concat())?;
        match heard < sound.seconds() && interrupt::interrupted() {
            true => Err(Failure::interrupted(format!("interrupted after {heard:.1} s"))),
            false => Ok(()),
        }
    }

    /// Refuses, before any work, an output that can't be.
    fn check_output(&self) -> Result {
        match self.output.as_deref() {
            None if cfg!(feature = "live") => Ok(()),
            None => Err(Failure::usage(
                "this build has no way to the sound card; hint: write a file with -o OUT.wav, \
                 or build the program with `--features live`",
            )),
            Some(path) if path == Path::new("-") && self.json => {
                Err(Failure::usage("stdout takes the sound or JSON, not both"))
            }
            Some(path) if path == Path::new("-") => Ok(()),
            Some(path) if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wav")) => {
                save::check(path)
            }
            Some(path) => {
                let hint = "end the name with .wav";
                Err(Failure::usage(format!("{}: no format for sound; hint: {hint}", path.display())))
            }
        }
    }

    /// The score's name in messages.
    fn name(&self) -> String {
        match self.file == Path::new("-") {
            true => "stdin".to_owned(),
            false => self.file.display().to_string(),
        }
    }

    fn read(&self) -> Result<Reading> {
        let name = self.name();
        let bytes = match self.file == Path::new("-") {
            true => input::stdin()?,
            false => read_bytes(&self.file)?,
        };
        let mut reading = read_with_losses(&bytes, &name)?;
        reading.score = reading.score.unfolded();
        if let Some(tempo) = self.tempo {
            reading.score.tempi = vec![(Beats::ZERO, Tempo(tempo))];
        }
        Ok(reading)
    }

    /// The sound, and what of the score isn't heard in it.
    fn render(&self, score: &Score) -> Result<(Sound, Vec<String>)> {
        let rate = self.rate.parse().expect("one of the two that clap lets pass");
        let settings = Rendering { rate, ..Rendering::default() };
        let progress = Progress::new("rendering");
        let named = |error: etude_piece::Error| Failure::from(error).of(&self.name());
        let sound = match &self.soundfont {
            None => (render(score, &settings).map_err(named)?, Sound::lost(score)),
            Some(path) => SoundFont::open(path)?.render(score, &settings).map_err(named)?,
        };
        drop(progress);
        Ok(sound)
    }

    /// Says what was played.
    fn tell(&self, score: &Score, sound: &Sound, lost: &[String]) -> Result {
        let path = |path: &PathBuf| path.display().to_string();
        if self.json {
            return put_json(&json!({
                "file": self.name(),
                "output": self.output.as_ref().map(path),
                "soundfont": self.soundfont.as_ref().map(path),
                "seconds": (sound.seconds() * 1_000.0).round() / 1_000.0,
                "rate": sound.rate,
                "channels": 2,
                "notes": score.note_count(),
                "lost": lost,
            }));
        }
        if let Some(path) = self.output.as_deref().filter(|path| *path != Path::new("-")) {
            say(&format!("wrote {}, {:.1} s", path.display(), sound.seconds()));
        }
        Ok(())
    }
}

/// Plays to the sound card until the end or Ctrl-C, and tells how many seconds were played.
#[cfg(feature = "live")]
fn live(sound: &Sound) -> Result<f64> {
    card::play(sound)
}

#[cfg(not(feature = "live"))]
fn live(_: &Sound) -> Result<f64> {
    unreachable!("`check_output` lets no one come here without an output")
}
