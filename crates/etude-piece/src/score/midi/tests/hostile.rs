//! Bytes that lie, end early or are noise: an error each, never a panic, never much memory.

use super::{chorale, file};
use crate::score::midi::{read, read_with_losses, write};
use std::time::Instant;

/// The message of the error that reading ends with.
#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    let message = read(bytes).expect_err("a broken file").to_string();
    assert_eq!(message, expected);
}

#[test]
fn an_empty_file_is_none() {
    check(&[], "byte 0: found ``, expected `MThd`; hint: this is no Standard MIDI file");
}

#[test]
fn another_format_is_named_by_its_start() {
    check(b"RIFF....", "byte 0: found `RIFF`, expected `MThd`; hint: this is no Standard MIDI file");
}

#[test]
fn a_header_cannot_be_longer_than_its_file() {
    let mut bytes = file(&[&[]]);
    bytes[4] = 0x7f;
    check(&bytes, "byte 4: found a header of 2130706438 bytes with 14 left, expected one of 6 bytes");
}

#[test]
fn a_track_cannot_be_longer_than_its_file() {
    let mut bytes = file(&[&[0, 0xff, 0x2f, 0]]);
    bytes[18..22].copy_from_slice(&u32::MAX.to_be_bytes());
    check(
        &bytes,
        "byte 18: found a chunk of 4294967295 bytes with 4 left in the file, expected a chunk inside the file; \
         hint: the file is cut off or damaged; fetch it again",
    );
}

#[test]
fn a_track_too_short_for_its_events_is_cut_off() {
    check(
        &file(&[&[0, 0x90, 60]]),
        "byte 25: found the end of the track, expected a data byte; \
         hint: the file is cut off or damaged; fetch it again",
    );
}

#[test]
fn the_header_cannot_count_tracks_that_are_not_there() {
    let mut bytes = file(&[&[0, 0xff, 0x2f, 0]]);
    bytes[10..12].copy_from_slice(&[0xff, 0xff]);
    check(
        &bytes,
        "byte 26: found 1 tracks, expected 65535, as the header says; \
         hint: the file is cut off or damaged; fetch it again",
    );
}

#[test]
fn the_header_cannot_hide_tracks() {
    let mut bytes = file(&[&[], &[]]);
    bytes[11] = 1;
    check(&bytes, "byte 22: found a track after the 1 that the header counts, expected the end of the file");
}

#[test]
fn division_0_is_refused() {
    let mut bytes = file(&[&[]]);
    bytes[13] = 0;
    check(&bytes, "byte 12: found division 0, expected at least 1 tick per quarter note; hint: 480 is usual");
}

#[test]
fn type_3_is_none() {
    let mut bytes = file(&[&[]]);
    bytes[9] = 3;
    check(&bytes, "byte 8: found type 3, expected type 0, 1 or 2");
}

#[test]
fn patterns_of_type_2_cannot_together_be_too_long() {
    // 40 patterns of 1,000 quarter notes.
    let pattern: &[u8] = &[0x9f, 0x20, 0xff, 0x2f, 0];
    let mut bytes = file(&[pattern; 40]);
    bytes[9] = 2;
    let message = read(&bytes).expect_err("too long").to_string();
    assert!(message.contains("found tick 132000, expected the music to end by tick 131072"), "{message}");
}

#[test]
fn tick_2_to_the_31st_is_too_late() {
    let mut track = [0xff, 0xff, 0xff, 0x7f, 0xff, 1, 0].repeat(8);
    track.extend([0, 0x90, 60, 80]);
    check(
        &file(&[&track]),
        "byte 22: found tick 268435455, expected the music to end by tick 131072 (32,768 quarter notes)",
    );
}

#[test]
fn an_impossible_metre_is_refused() {
    check(
        &file(&[&[0, 0xff, 0x58, 4, 3, 200, 24, 8]]),
        "byte 23: found a time signature of 3 notes of 1/2^200, expected 1 to 255 notes of 1/1 to 1/64",
    );
}

#[test]
fn an_impossible_key_is_refused() {
    let expected = "byte 23: found a key signature of 9 sharps, expected -7 (flats) to 7";
    check(&file(&[&[0, 0xff, 0x59, 2, 9, 0]]), expected);
}

#[test]
fn tempo_0_is_refused() {
    let expected = "byte 23: found tempo 0, expected a quarter note of some length";
    check(&file(&[&[0, 0xff, 0x51, 3, 0, 0, 0]]), expected);
}

#[test]
fn a_tempo_of_two_bytes_is_refused() {
    check(&file(&[&[0, 0xff, 0x51, 2, 0, 1]]), "byte 23: found a tempo of 2 bytes, expected 3 bytes");
}

#[test]
fn an_upbeat_of_nothing_is_refused() {
    let mut track = vec![0, 0xff, 1, 16];
    track.extend(b"etude-pickup 1/0");
    check(
        &file(&[&track]),
        "byte 23: found `etude-pickup 1/0`, expected a length such as `etude-pickup 1/2`",
    );
}

#[test]
fn millions_of_tiny_notes_are_refused() {
    let mut track = vec![0, 0x90, 60, 80];
    track.extend([0, 60, 80].repeat(3_000_000));
    let message = read(&file(&[&track])).expect_err("too many").to_string();
    assert!(message.contains("more than 262144 notes"), "{message}");
}

#[test]
fn millions_of_tempi_are_refused() {
    let track = [0, 0xff, 0x51, 3, 1, 1, 1].repeat(1_000_000);
    let message = read(&file(&[&track])).expect_err("too many").to_string();
    assert!(message.contains("more than 65536 tempi"), "{message}");
}

/// Bars of 1/64 over a time in quarter notes, in variable-length ticks, with as many changes of metre as allowed.
fn bars_of_a_64th(ticks: [u8; 3]) -> Vec<u8> {
    let mut track = [0, 0xff, 0x58, 4, 1, 6, 24, 8].repeat(65_000);
    track.extend([0, 0x90, 60, 80, ticks[0], ticks[1], ticks[2], 60, 0]);
    file(&[&track])
}

#[test]
fn the_most_bars_that_a_file_can_ask_for_are_laid_quickly() {
    // 16,380 quarter notes of 4 ticks.
    let score = read(&bars_of_a_64th([0x83, 0xff, 0x70])).expect("legal, if mad");
    assert_eq!(score.bars.len(), 16_380 * 16);
}

#[test]
fn more_bars_are_refused() {
    // 32,764 quarter notes.
    let message = read(&bars_of_a_64th([0x87, 0xff, 0x70])).expect_err("too many").to_string();
    assert_eq!(message, "found more than 262144 bars, expected a score that a person could read");
}

#[test]
fn more_parts_than_an_orchestra_has_are_refused() {
    let note: &[u8] = &[0, 0x90, 60, 80, 4, 60, 0];
    let mut bytes = file(&[note].repeat(4_097));
    bytes[10..12].copy_from_slice(&4_097_u16.to_be_bytes());
    let message = read(&bytes).expect_err("too many").to_string();
    assert!(message.starts_with("found more than 4096 tracks and channels with notes"), "{message}");
}

/// Files of about this size whose events are as small as they can be, each with a name.
fn tiny_events(bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    let track = |start: &[u8], event: &[u8]| file(&[&[start, &event.repeat(bytes / event.len())].concat()]);
    vec![
        ("notes", track(&[0, 0x90, 60, 80], &[0, 60, 80])),
        ("releases", track(&[0, 0x80, 60, 64], &[0, 60, 64])),
        ("pressure", track(&[0, 0xd0, 1], &[0, 1])),
        ("programmes", track(&[0, 0xc0, 1], &[0, 1])),
        ("controllers", track(&[0, 0xb0, 7, 7], &[0, 7, 7])),
        ("empty texts", track(&[], &[0, 0xff, 1, 0])),
        ("empty words", track(&[], &[0, 0xff, 5, 0])),
        ("channels' names", track(&[], &[0, 0xff, 0x20, 1, 3, 0, 0xff, 3, 1, b'x'])),
        ("tempi", track(&[], &[0, 0xff, 0x51, 3, 9, 9, 9])),
        ("exclusive messages", track(&[], &[0, 0xf0, 0])),
        ("chunks", [&file(&[])[..11], &[1, 0, 4], &b"XXXX\0\0\0\0".repeat(bytes / 8)].concat()),
        ("noise after the track", [file(&[&[0, 0xff, 0x2f, 0]]), vec![0; bytes]].concat()),
    ]
}

/// Each of them is read or refused in less than a second for every megabyte.
#[track_caller]
fn check_speed(megabytes: usize) {
    for (name, bytes) in tiny_events(megabytes << 20) {
        let started = Instant::now();
        let outcome = match read_with_losses(&bytes) {
            Ok(reading) => reading.lost.join("; "),
            Err(error) => error.to_string(),
        };
        let seconds = started.elapsed().as_secs_f64();
        println!("{megabytes} MiB of {name}: {seconds:.3} s: {outcome}");
        assert!(seconds < megabytes as f64, "{name}: {seconds} s");
    }
}

#[test]
fn two_megabytes_of_tiny_events_end_quickly() {
    check_speed(2);
}

#[test]
#[ignore = "50 MiB each: run it in release, with --nocapture"]
fn fifty_megabytes_of_tiny_events_end_quickly() {
    check_speed(50);
}

#[test]
fn cut_off_anywhere_it_is_an_error() {
    let bytes = write(&chorale()).expect("writable").bytes;
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "cut to {length} bytes");
    }
    let pattern: &[u8] = &[0, 0x90, 60, 80, 4, 60, 0, 0, 0xff, 0x2f, 0];
    let mut patterns = file(&[pattern; 3]);
    patterns[9] = 2;
    for length in 0..patterns.len() {
        assert!(read(&patterns[..length]).is_err(), "type 2 cut to {length} bytes");
    }
}

#[test]
fn no_mutant_makes_it_panic() {
    let whole = write(&chorale()).expect("writable").bytes;
    let mut state = 1_u64;
    let mut random = |below: usize| {
        // Knuth's MMIX constants; the high bits are the random ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut read_well = 0;
    for _ in 0..6_000 {
        let mut mutant = whole.clone();
        for _ in 0..=random(4) {
            let at = random(mutant.len());
            match random(4) {
                0 => mutant[at] = random(256) as u8,
                1 => mutant[at] ^= 1 << random(8),
                2 => drop(mutant.remove(at)),
                _ => mutant.insert(at, [0, 0x7f, 0x80, 0xff][random(4)]),
            }
        }
        if let Ok(score) = read(&mutant) {
            read_well += 1;
            drop(write(&score));
        }
    }
    assert!(read_well > 100, "the mutants should not all die at the door");
}
