//! The sound card, by the crate `cpal`.

use crate::failure::{Failure, Result};
use crate::interrupt::interrupted;
use crate::terminal::{Progress, say};
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{Device, FromSample, SampleFormat, SizedSample, Stream, SupportedStreamConfig};
use etude_piece::sound::Sound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How often Ctrl-C and the end are looked for.
const LOOK: Duration = Duration::from_millis(50);
/// How long the card is given to play what it has taken.
const DRAIN: Duration = Duration::from_millis(300);

/// What the card's own thread plays, and how far it is.
struct Tape {
    sound: Sound,
    /// Frames of the sound for one of the card.
    step: f64,
    /// How many frames the card has taken.
    taken: AtomicUsize,
    /// Whether the card has gone.
    broken: AtomicBool,
}

/// Plays until the end or Ctrl-C, and tells how many seconds were played.
pub(super) fn play(sound: &Sound) -> Result<f64> {
    let refused = |what: &str, hint: &str| Failure::plain(format!("{what}; hint: {hint}"));
    let device = cpal::default_host().default_output_device();
    let device = device.ok_or_else(|| refused("there is no sound card", "write a file with -o OUT.wav"))?;
    let config = configuration(&device, sound.rate)?;
    let tape = Arc::new(Tape {
        step: f64::from(sound.rate) / f64::from(config.sample_rate()),
        sound: sound.clone(),
        taken: AtomicUsize::new(0),
        broken: AtomicBool::new(false),
    });
    let stream = match config.sample_format() {
        SampleFormat::F32 => stream::<f32>(&device, config, &tape),
        SampleFormat::I16 => stream::<i16>(&device, config, &tape),
        SampleFormat::I32 => stream::<i32>(&device, config, &tape),
        SampleFormat::U8 => stream::<u8>(&device, config, &tape),
        SampleFormat::U16 => stream::<u16>(&device, config, &tape),
        other => {
            Err(refused(&format!("the sound card wants samples of {other}"), "write a file with -o OUT.wav"))
        }
    }?;
    stream.play().map_err(broken)?;
    wait(&tape)
}

/// Waits for the end, for Ctrl-C, or for the card to go.
fn wait(tape: &Tape) -> Result<f64> {
    let all = tape.sound.seconds();
    let mut progress = Progress::new("playing");
    loop {
        let taken = tape.taken.load(Ordering::Relaxed) as f64 * tape.step;
        let heard = (taken / f64::from(tape.sound.rate)).min(all);
        if tape.broken.load(Ordering::Relaxed) {
            return Err(Failure::plain(format!("the sound card stopped after {heard:.1} s")));
        }
        if !progress.step(heard / all.max(f64::MIN_POSITIVE), &format!("{heard:.0} of {all:.0} s"))
            || interrupted()
        {
            return Ok(heard);
        }
        if heard >= all {
            std::thread::sleep(DRAIN);
            return Ok(all);
        }
        std::thread::sleep(LOOK);
    }
}

/// The card's configuration nearest to the sound: at its rate if it can be, else at the card's own.
fn configuration(device: &Device, rate: u32) -> Result<SupportedStreamConfig> {
    let usual = device.default_output_config().map_err(broken)?;
    let mut ranges = device.supported_output_configs().map_err(broken)?;
    let fitting = ranges.find_map(|range| {
        let alike = range.channels() == usual.channels() && range.sample_format() == usual.sample_format();
        range.try_with_sample_rate(rate).filter(|_| alike)
    });
    Ok(fitting.unwrap_or(usual))
}

fn stream<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: SupportedStreamConfig,
    tape: &Arc<Tape>,
) -> Result<Stream> {
    let channels = usize::from(config.channels()).max(1);
    let (player, listener) = (Arc::clone(tape), Arc::clone(tape));
    let fill = move |samples: &mut [T], _: &cpal::OutputCallbackInfo| {
        let begun = player.taken.fetch_add(samples.len() / channels, Ordering::Relaxed);
        for (index, frame) in samples.chunks_mut(channels).enumerate() {
            let heard = player.at((begun + index) as f64 * player.step);
            // One speaker gets both sides; those beyond two stay silent.
            let one = [0.5 * (heard[0] + heard[1])];
            let sides = if channels == 1 { &one[..] } else { &heard[..] };
            for (place, sample) in frame.iter_mut().enumerate() {
                *sample = T::from_sample(sides.get(place).copied().unwrap_or(0.0));
            }
        }
    };
    let failed = move |error: cpal::Error| {
        use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
        // These are passing: the music goes on.
        if !matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun) {
            say(&format!("sound card: {error}"));
            listener.broken.store(true, Ordering::Relaxed);
        }
    };
    device.build_output_stream(config.config(), fill, failed, None).map_err(broken)
}

impl Tape {
    /// The sound at a place in frames, between its two neighbours; silence after its end.
    fn at(&self, place: f64) -> [f32; 2] {
        let index = place as usize;
        let between = (place - index as f64) as f32;
        let frame = |index: usize| self.sound.frames.get(index).copied().unwrap_or_default();
        let (this, next) = (frame(index), frame(index + 1));
        [0, 1].map(|side| this[side] + between * (next[side] - this[side]))
    }
}

fn broken(error: cpal::Error) -> Failure {
    Failure::plain(format!("sound card: {error}; hint: write a file with -o OUT.wav"))
}
