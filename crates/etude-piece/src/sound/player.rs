//! Plays strikes with the built-in voice, into frames.

use super::envelope::Envelope;
use super::performance::Strike;
use super::timbre::{CYCLE, Cycle, Timbre, hertz};
use std::collections::BTreeMap;

/// Each note has two singers: the first in tune, the second, softer, 4 hundredths of a semitone above. Were they as
/// loud as each other, the beats between them would silence the note again and again.
const DETUNING: [f64; 2] = [1.0, 1.002_313];
const LOUDNESS: [f64; 2] = [1.0, 0.38];
/// How far the vibrato goes: 7 hundredths of a semitone, of the frequency.
const VIBRATO: f64 = 0.004;
/// How often, in hertz; the voices differ a little, so that they don't sway as one.
const VIBRATO_RATE: f64 = 5.1;
/// Seconds until the vibrato begins and until it is full.
const VIBRATO_ONSET: (f64, f64) = (0.25, 0.9);
/// How far to the sides the outer voices stand, of 1.
const WIDTH: f64 = 0.65;
/// Frames between two looks at the envelope and the vibrato.
const BLOCK: usize = 32;

/// Adds the strikes of `voices` voices to `frames`.
pub(super) fn play(strikes: &[Strike], voices: usize, rate: f64, frames: &mut [[f32; 2]]) {
    let timbre = Timbre::new(rate);
    let mut cycles: BTreeMap<u8, Cycle> = BTreeMap::new();
    for strike in strikes {
        let cycle = cycles.entry(strike.key).or_insert_with(|| timbre.cycle(hertz(strike.key)));
        let start = (strike.start * rate) as usize;
        if let Some(rest) = frames.get_mut(start..) {
            Singers::new(strike, voices, rate).sing(cycle, rest);
        }
    }
}

/// Where a voice of `voices` stands, from -1.0 (left) to 1.0.
pub(super) fn place(voice: usize, voices: usize) -> f64 {
    if voices > 1 { WIDTH * (2.0 * voice as f64 / (voices - 1) as f64 - 1.0) } else { 0.0 }
}

/// The two singers of one note.
struct Singers {
    envelope: Envelope,
    /// Table samples per frame, without detuning and vibrato.
    step: f64,
    /// The vibrato's phase in turns at the start, and turns per frame.
    vibrato: (f64, f64),
    rate: f64,
    /// What each singer adds to left and right.
    gains: [[f32; 2]; 2],
}

impl Singers {
    fn new(strike: &Strike, voices: usize, rate: f64) -> Self {
        let loudness = f64::from(strike.velocity) / 80.0;
        let level = 0.1 * libm::pow(loudness, 1.5);
        let place = place(strike.voice, voices);
        // The two stand a little apart, which the ear takes for breadth.
        let gains = [0, 1].map(|singer| {
            let apart = [-0.1, 0.3][singer];
            let angle = (1.0 + (place + apart).clamp(-1.0, 1.0)) * std::f64::consts::FRAC_PI_4;
            let level = level * LOUDNESS[singer];
            [(level * libm::cos(angle)) as f32, (level * libm::sin(angle)) as f32]
        });
        let voice = (strike.voice % 16) as f64;
        Self {
            envelope: Envelope::new(strike.end - strike.start, strike.again, rate),
            step: hertz(strike.key) * CYCLE as f64 / rate,
            vibrato: (0.37 * voice, (VIBRATO_RATE + 0.13 * voice) / rate),
            rate,
            gains,
        }
    }

    /// Adds the note to the frames that begin with it.
    fn sing(&self, cycle: &Cycle, frames: &mut [[f32; 2]]) {
        let last = self.envelope.frames().min(frames.len());
        // The second singer comes in elsewhere in the cycle, so that they never cancel at the start.
        let mut phases = [0.0, 0.31 * CYCLE as f64];
        let mut level = self.envelope.level(0) as f32;
        for (index, block) in frames[..last].chunks_mut(BLOCK).enumerate() {
            let frame = index * BLOCK;
            let slope = (self.envelope.level(frame + BLOCK) as f32 - level) / BLOCK as f32;
            let bend = self.step * (1.0 + self.sway(frame));
            let steps = DETUNING.map(|detuning| bend * detuning);
            for out in block {
                for singer in 0..2 {
                    let sample = level * read(cycle, phases[singer]);
                    out[0] += self.gains[singer][0] * sample;
                    out[1] += self.gains[singer][1] * sample;
                    phases[singer] += steps[singer];
                    if phases[singer] >= CYCLE as f64 {
                        phases[singer] -= CYCLE as f64;
                    }
                }
                level += slope;
            }
        }
    }

    /// The vibrato's part of the frequency at a frame.
    fn sway(&self, frame: usize) -> f64 {
        let (from, full) = VIBRATO_ONSET;
        let depth = ((frame as f64 / self.rate - from) / (full - from)).clamp(0.0, 1.0);
        let turns = self.vibrato.0 + self.vibrato.1 * frame as f64;
        VIBRATO * depth * libm::sin(2.0 * std::f64::consts::PI * (turns - libm::floor(turns)))
    }
}

/// The cycle at a phase in samples, 0..CYCLE, between its two neighbours.
fn read(cycle: &Cycle, phase: f64) -> f32 {
    let index = (phase as usize) & (CYCLE - 1);
    let between = (phase - index as f64) as f32;
    cycle[index] + between * (cycle[index + 1] - cycle[index])
}
