//! Any bytes as the reader of one format takes them.

#![no_main]

use etude_piece::score::midi;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = midi::read_with_losses(bytes)
        && let Ok(written) = midi::write(&reading.score)
    {
        midi::read(&written.bytes).expect("what we write we read");
    }
});
