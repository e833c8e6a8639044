//! Any bytes as the reader of one format takes them.

#![no_main]

use etude_piece::score::abc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(reading) = abc::read_with_losses(bytes)
        && let Ok(written) = abc::write(&reading.score)
    {
        abc::read(&written.bytes).expect("what we write we read");
    }
});
