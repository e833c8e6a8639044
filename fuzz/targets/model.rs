//! Any bytes as a model file.

#![no_main]

use etude::shelf::Shelved;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Shelved::from_bytes(bytes, "fuzzed");
});
