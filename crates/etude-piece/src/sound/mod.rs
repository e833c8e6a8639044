//! Sound: a score rendered by a clean built-in voice, or with a [`SoundFont`], as a WAV file.
//!
//! A score is played as it is given, from its first bar to its last: [`performance`] alone says what is struck when,
//! so whatever repeats is to be written out before, by [`Score::unfolded`].
//!
//! The built-in voice is between a choir and an organ: each pitch is one cycle of a few partials under the formants of a sung
//! vowel, played twice, slightly apart in tune, with a soft attack, a late vibrato and a small room around it. No
//! sample data, no randomness, and no function whose last bit depends on the platform: the same score gives the same
//! bytes everywhere.
//!
//! ```
//! use etude_piece::score::{Beats, Note, Part, Score, Voice};
//! use etude_piece::sound::{Rendering, recipe_of_wav, render};
//!
//! let note = Note::new(Beats::ZERO, Beats::QUARTER, "A4".parse()?);
//! let part = Part { voices: vec![Voice::from(vec![note])], ..Part::default() };
//! let score = Score { parts: vec![part], recipe: "{}".into(), ..Score::default() };
//! let wav = render(&score, &Rendering::default())?.to_wav();
//! assert_eq!(recipe_of_wav(&wav).as_deref(), Some("{}"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod performance;
mod timbre;

mod envelope;
mod player;
mod room;

mod soundfont;

mod lost;
mod wav;

#[cfg(test)]
mod tests;

pub use performance::{Strike, performance};
pub use soundfont::SoundFont;
pub use wav::recipe_of_wav;

use crate::error::{Error, Result};
use crate::score::Score;
use player::place;

/// Sound in two channels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sound {
    /// Frames per second.
    pub rate: u32,
    /// Left and right, -1.0..=1.0.
    pub frames: Vec<[f32; 2]>,
    /// How the sound came to be, or empty; kept in the file.
    pub recipe: String,
}

/// How to render a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendering {
    /// Frames per second: 44,100 (compact disc), 48,000 (film), or anything from 8,000 to 192,000.
    pub rate: u32,
    /// How much of the room is heard beside the voices, 0.0 (none) to 1.0.
    pub room: f32,
    /// How many times longer a note with a fermata lasts, at least 1.0.
    pub fermata: f64,
    /// The loudest sample, above 0.0 and at most 1.0. 0.891 is -1 dB: players that resample need the headroom.
    pub peak: f32,
}

impl Default for Rendering {
    fn default() -> Self {
        Self { rate: 44_100, room: 0.22, fermata: 1.5, peak: 0.891 }
    }
}

/// The longest sound, in seconds; each takes 350 kB at 44,100 Hz.
const LONGEST: f64 = 3_600.0;
/// The most seconds that all notes together may last: an hour of 64 voices.
const MOST_SOUNDING: f64 = 64.0 * LONGEST;

/// Renders a score: every sounding note once, at its tempo, as loud as it is struck, the voices spread from left
/// (the uppermost) to right. The sound ends when the last note has died away.
///
/// # Errors
/// [`Error::Unfit`] where the music is longer than an hour or has more than 64 voices all the time, or where a setting is
/// out of its range.
pub fn render(score: &Score, settings: &Rendering) -> Result<Sound> {
    settings.check()?;
    let strikes = performance(score, settings);
    let end = length(&strikes)?;
    let tail = envelope::RELEASE + if settings.room > 0.0 { room::TAIL } else { 0.0 };
    let rate = f64::from(settings.rate);
    let mut frames = vec![[0.0; 2]; if strikes.is_empty() { 0 } else { ((end + tail) * rate) as usize }];
    player::play(&strikes, score.voices().count(), rate, &mut frames);
    room::add(&mut frames, rate, settings.room);
    finish(&mut frames, rate, settings.peak);
    Ok(Sound { rate: settings.rate, frames, recipe: score.recipe.clone() })
}

/// When the last strike ends, in seconds.
fn length(strikes: &[Strike]) -> Result<f64> {
    let end = strikes.iter().map(|strike| strike.end).fold(0.0, f64::max);
    if end > LONGEST {
        let minutes = (end / 60.0).ceil();
        return Err(Error::unfit(format!("{minutes} minutes of music"), "render at most 60 at a time"));
    }
    let sounding: f64 = strikes.iter().map(|strike| strike.end - strike.start).sum();
    if sounding > MOST_SOUNDING {
        let hours = (sounding / 3_600.0).ceil();
        return Err(Error::unfit(format!("notes of {hours} hours in all"), "render at most 64 at a time"));
    }
    Ok(end)
}

impl Rendering {
    fn check(&self) -> Result<()> {
        let unfit = |what: String, hint: &str| Err(Error::unfit(what, hint));
        if !(8_000..=192_000).contains(&self.rate) {
            return unfit(format!("{} frames per second", self.rate), "44100 and 48000 are usual");
        }
        if !(0.0..=1.0).contains(&self.room) {
            return unfit(format!("room {}", self.room), "use 0.0 to 1.0");
        }
        if !(1.0..=10.0).contains(&self.fermata) {
            return unfit(format!("fermatas {} times as long", self.fermata), "use 1.0 to 10.0");
        }
        if !(self.peak > 0.0 && self.peak <= 1.0) {
            return unfit(format!("peak {}", self.peak), "use a number above 0.0 and at most 1.0");
        }
        Ok(())
    }
}

/// Takes out what no ear hears, fades the last moment to nothing, and brings the loudest sample to `peak`.
fn finish(frames: &mut [[f32; 2]], rate: f64, peak: f32) {
    // A first-order high-pass at about 15 Hz.
    let keep = (1.0 - 2.0 * std::f64::consts::PI * 15.0 / rate) as f32;
    for channel in 0..2 {
        let (mut before, mut held) = (0.0, 0.0);
        for frame in frames.iter_mut() {
            held = keep * held + frame[channel] - before;
            // Numbers too small to hear slow processors down, and silence should be silent.
            held = if held.abs() < 1e-9 { 0.0 } else { held };
            before = frame[channel];
            frame[channel] = held;
        }
    }
    let fading = ((0.1 * rate) as usize).min(frames.len());
    let start = frames.len() - fading;
    for (i, frame) in frames[start..].iter_mut().enumerate() {
        let level = 1.0 - (i + 1) as f32 / fading as f32;
        *frame = frame.map(|sample| sample * level);
    }
    let loudest = frames.iter().flatten().fold(0.0_f32, |loudest, sample| loudest.max(sample.abs()));
    if loudest > 0.0 {
        let gain = peak / loudest;
        for frame in frames {
            *frame = frame.map(|sample| (sample * gain).clamp(-peak, peak));
        }
    }
}
