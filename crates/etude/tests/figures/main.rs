//! The figures of docs/benchmarks.md that are counted, not timed. They take minutes, so they run on request:
//! `cargo test --release -p etude --test figures -- --ignored --nocapture --test-threads 1`.

mod corpora;
mod flexibility;
mod gestures;
mod likelihood;
mod style;
mod tunes;
