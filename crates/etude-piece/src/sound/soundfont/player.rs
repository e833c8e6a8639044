//! Plays strikes with the synthesizer, into frames.

use crate::error::{Error, Result};
use crate::sound::{Strike, place};
use rustysynth::{SoundFont, Synthesizer, SynthesizerSettings};
use std::sync::Arc;

/// Seconds in which the last notes die away.
pub(super) const TAIL: f64 = 2.0;
/// How many notes, layers of instruments included, may sound together; the softest make room for more.
const POLYPHONY: usize = 128;
/// Frames that are rendered at a time, at most.
const STRETCH: usize = 4_096;
/// MIDI's commands and the controller for the place between left and right.
const CONTROLLER: i32 = 0xb0;
const PROGRAM: i32 = 0xc0;
const PAN: i32 = 10;
/// The lowest rate that the synthesizer has, in frames per second.
const LOWEST_RATE: u32 = 16_000;

/// What happens at one frame: keys come up before others go down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    Release,
    Press,
}

/// Adds the strikes of `voices` voices to silent `frames`.
pub(super) fn play(
    font: &Arc<SoundFont>,
    strikes: &[Strike],
    voices: usize,
    rate: u32,
    frames: &mut [[f32; 2]],
) -> Result<()> {
    if rate < LOWEST_RATE {
        return Err(Error::unfit(format!("{rate} frames per second"), "soundfonts need 16000 or more"));
    }
    let mut settings = SynthesizerSettings::new(rate as i32);
    settings.maximum_polyphony = POLYPHONY;
    // The room is ours, the same for all.
    settings.enable_reverb_and_chorus = false;
    let synthesizer = Synthesizer::new(font, &settings);
    let mut synthesizer = synthesizer.map_err(|error| Error::unfit(error.to_string(), "use 44100"))?;
    for voice in 0..voices.min(15) {
        let pan = (64.0 + 63.0 * place(voice, voices)) as i32;
        synthesizer.process_midi_message(channel(voice), CONTROLLER, PAN, pan);
    }
    let mut programs = [None; 16];
    let mut rendered = 0;
    for (frame, action, index) in events(strikes, rate) {
        let strike = &strikes[index];
        let (channel, key) = (channel(strike.voice), strike.key.into());
        render(&mut synthesizer, &mut frames[rendered..frame]);
        rendered = frame;
        match action {
            Action::Release => synthesizer.note_off(channel, key),
            Action::Press => {
                if programs[channel as usize].replace(strike.program) != Some(strike.program) {
                    synthesizer.process_midi_message(channel, PROGRAM, strike.program.into(), 0);
                }
                synthesizer.note_on(channel, key, strike.velocity.into());
            }
        }
    }
    render(&mut synthesizer, &mut frames[rendered..]);
    Ok(())
}

/// The channel of a voice: all but the drums' (9) in turn. From the sixteenth voice on they are shared.
fn channel(voice: usize) -> i32 {
    let channel = (voice % 15) as i32;
    if channel < 9 { channel } else { channel + 1 }
}

/// All actions in order of time, each with the number of its strike.
fn events(strikes: &[Strike], rate: u32) -> Vec<(usize, Action, usize)> {
    let frame = |seconds: f64| (seconds * f64::from(rate)) as usize;
    let mut events: Vec<(usize, Action, usize)> = Vec::with_capacity(2 * strikes.len());
    for (index, strike) in strikes.iter().enumerate() {
        let start = frame(strike.start);
        events.push((start, Action::Press, index));
        events.push((frame(strike.end).max(start + 1), Action::Release, index));
    }
    events.sort_unstable();
    events
}

/// Fills frames with what sounds.
fn render(synthesizer: &mut Synthesizer, frames: &mut [[f32; 2]]) {
    let (mut left, mut right) = ([0.0; STRETCH], [0.0; STRETCH]);
    for stretch in frames.chunks_mut(STRETCH) {
        let length = stretch.len();
        synthesizer.render(&mut left[..length], &mut right[..length]);
        for (frame, sides) in stretch.iter_mut().zip(left.iter().zip(&right)) {
            *frame = [*sides.0, *sides.1];
        }
    }
}
