//! Bytes that lie, end early or are noise: an error each, never a panic, never much memory.

use super::{chorale, file};
use crate::score::midi::{read, write};

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
fn type_2_is_not_read_yet() {
    let mut bytes = file(&[&[]]);
    bytes[9] = 2;
    check(
        &bytes,
        "byte 8: found type 2, expected type 0 or 1; hint: files of type 2 hold several pieces; save each as type 1",
    );
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

#[test]
fn the_most_bars_that_a_file_can_ask_for_are_laid_quickly() {
    // 1/64 bars over 32,768 quarter notes, with as many metre changes as allowed.
    let mut track = [1, 0xff, 0x58, 4, 1, 6, 24, 8].repeat(65_000);
    track.extend([0, 0x90, 60, 80, 0x83, 0xff, 0x7f, 60, 0]);
    let score = read(&file(&[&track])).expect("legal, if mad");
    assert!(score.bars.len() > 500_000);
}

#[test]
fn cut_off_anywhere_it_is_an_error() {
    let bytes = write(&chorale()).expect("writable").bytes;
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "cut to {length} bytes");
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
