//! Any bytes as the reader of one format takes them.

#![no_main]

use etude_piece::score::musicxml;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = musicxml::read_with_losses(bytes)
        && let Ok(written) = musicxml::write(&reading.score)
    {
        musicxml::read(&written.bytes).expect("what we write we read");
    }
});
