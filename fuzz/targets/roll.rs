//! Any bytes as the reader of corpora of rolls takes them.

#![no_main]

use etude_piece::roll::{Roll, read};
use etude_piece::score::{Key, Metre};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (_, _, roll) in read(bytes).unwrap_or_default().into_iter().take(4) {
        let score = roll.to_score(1, Key::C_MAJOR, Metre::COMMON, 120.0);
        if let Ok(back) = Roll::of_score(&score, 1) {
            assert!(roll.frames.starts_with(&back.frames), "only silence at the end is lost");
        }
    }
});
