//! What is rendered, measured.

use super::{Rendering, Sound, render};
use crate::score::example::{chorale, part};
use crate::score::{Beats, Score, Tempo};

/// One voice at 60 quarter notes a minute without a room.
fn dry(notes: &str) -> Sound {
    let tempi = vec![(Beats::ZERO, Tempo(60.0))];
    let score = Score { parts: vec![part("", notes)], tempi, ..Score::default() };
    render(&score, &Rendering { room: 0.0, ..Rendering::default() }).expect("renderable")
}

/// The power at a frequency, by Goertzel's recurrence over the left channel.
fn power_at(sound: &Sound, hertz: f64) -> f64 {
    let turn = 2.0 * (2.0 * std::f64::consts::PI * hertz / f64::from(sound.rate)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for frame in &sound.frames {
        (last, before) = (f64::from(frame[0]) + turn * last - before, last);
    }
    last * last + before * before - turn * last * before
}

/// The loudest sample between two moments, in seconds.
fn loudest(sound: &Sound, from: f64, to: f64) -> f32 {
    let at = |seconds: f64| (seconds * f64::from(sound.rate)) as usize;
    sound.frames[at(from)..at(to)].iter().flatten().fold(0.0, |most, sample| most.max(sample.abs()))
}

#[test]
fn a4_sounds_at_440_hertz() {
    let sound = dry("A4:2");
    let loudest = (400..=480)
        .max_by(|&a, &b| power_at(&sound, f64::from(a)).total_cmp(&power_at(&sound, f64::from(b))));
    assert_eq!(loudest, Some(440));
}

#[test]
fn the_sound_ends_when_the_last_note_has_died_away() {
    assert_eq!(dry("A4:2").frames.len(), (2.12 * 44_100.0) as usize);
}

#[test]
fn the_loudest_sample_is_the_peak() {
    let sound = render(&chorale(), &Rendering::default()).expect("renderable");
    let peak = loudest(&sound, 0.0, sound.seconds());
    assert!(peak <= 0.891 && peak > 0.890, "{peak}");
}

#[test]
fn there_is_no_direct_current() {
    let sound = render(&chorale(), &Rendering::default()).expect("renderable");
    let mean: f64 =
        sound.frames.iter().map(|frame| f64::from(frame[0])).sum::<f64>() / sound.frames.len() as f64;
    assert!(mean.abs() < 1e-4, "{mean}");
}

#[test]
fn silence_stays_silent() {
    assert!(dry("r:4").frames.is_empty());
    let sound = dry("C4 r:4 C4");
    assert_eq!(loudest(&sound, 1.5, 4.5), 0.0);
}

#[test]
fn a_note_struck_again_is_heard_to_be() {
    let sound = dry("C4:1 C4:1");
    assert!(loudest(&sound, 0.98, 1.0) < 0.1 * loudest(&sound, 0.5, 0.8));
    let held = dry("C4:1_ C4:1");
    assert!(loudest(&held, 0.98, 1.0) > 0.4 * loudest(&held, 0.5, 0.8));
}

#[test]
fn harder_is_louder() {
    let mut score = Score { parts: vec![part("", "C4 r:3 C4")], ..Score::default() };
    score.parts[0].voices[0].notes[0].velocity = Some(40);
    score.tempi = vec![(Beats::ZERO, Tempo(60.0))];
    let sound = render(&score, &Rendering { room: 0.0, ..Rendering::default() }).expect("renderable");
    assert!(loudest(&sound, 0.0, 1.0) < 0.5 * loudest(&sound, 4.0, 5.0));
}

#[test]
fn the_upper_voice_stands_left_of_the_lower() {
    let score = Score { parts: vec![part("", "C5"), part("", "r:4 C4")], ..Score::default() };
    let sound = render(&score, &Rendering { room: 0.0, ..Rendering::default() }).expect("renderable");
    let energy = |channel: usize, from: usize, to: usize| {
        sound.frames[from..to].iter().map(|frame| frame[channel] * frame[channel]).sum::<f32>()
    };
    let half = sound.frames.len() / 2;
    assert!(energy(0, 0, half) > 2.0 * energy(1, 0, half));
    assert!(energy(1, half, 2 * half) > 2.0 * energy(0, half, 2 * half));
}

/// The bytes themselves: the same in debug and release, today and on any machine.
#[test]
fn the_same_score_gives_the_same_bytes() {
    let settings = Rendering::default();
    let wav = || render(&chorale(), &settings).expect("renderable").to_wav();
    let sum = |bytes: &[u8]| {
        // The 64-bit Fowler-Noll-Vo sum.
        bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, &byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    let first = wav();
    assert_eq!(first, wav());
    assert_eq!(format!("{:016x}", sum(&first)), "4027f8b92914116c");
}

#[test]
fn an_hour_is_the_most() {
    let tempi = vec![(Beats::ZERO, Tempo(60.0))];
    let score = Score { parts: vec![part("", "C4:4000")], tempi, ..Score::default() };
    let message = render(&score, &Rendering::default()).expect_err("too long").to_string();
    assert_eq!(message, "67 minutes of music; hint: render at most 60 at a time");
}

#[test]
fn settings_out_of_range_are_refused() {
    for settings in [
        Rendering { rate: 0, ..Rendering::default() },
        Rendering { room: f32::NAN, ..Rendering::default() },
        Rendering { fermata: 0.5, ..Rendering::default() },
        Rendering { peak: 0.0, ..Rendering::default() },
    ] {
        assert!(render(&chorale(), &settings).is_err(), "{settings:?}");
    }
}
