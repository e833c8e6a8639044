//! Any bytes as the reader of one format takes them.

#![no_main]

use etude_piece::score::kern;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = kern::read_with_losses(bytes)
        && let Ok(written) = kern::write(&reading.score)
    {
        kern::read(&written.bytes).expect("what we write we read");
    }
});
