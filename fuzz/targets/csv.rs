//! Any bytes as the reader of one format takes them.

#![no_main]

use etude_piece::score::csv;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = csv::read_with_losses(bytes)
        && let Ok(written) = csv::write(&reading.score)
    {
        csv::read(&written.bytes).expect("what we write we read");
    }
});
