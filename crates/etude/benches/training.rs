//! Milliseconds for one update of a network, chunk, gradient and optimiser together.
//!
//!     cargo bench --bench training                          both networks
//!     cargo bench --bench training -- lstm 8                one of them, 8 updates
//!
//! `training.py` beside it does the same in PyTorch, runs this program in turn with itself, and prints both.

use etude::model::Settings;
use etude::sequence::engine::find;
use etude::sequence::{Sequence, Sequences};
use etude::train::journal::Journal;
use std::time::Instant;

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Settings by name.
type Pairs = &'static [(&'static str, &'static str)];

/// A network, its settings, and its alphabet.
const CASES: [(&str, Pairs, u32); 2] = [
    ("lstm", &[("layers", "2"), ("width", "256"), ("batch", "64"), ("steps", "64"), ("dropout", "0")], 100),
    (
        "transformer",
        &[
            ("layers", "4"),
            ("width", "128"),
            ("heads", "4"),
            ("batch", "12"),
            ("block", "64"),
            ("dropout", "0"),
            ("tied", "false"),
        ],
        65,
    ),
];

/// Takes the time of each update, and ends the training after some.
struct Clock {
    last: Instant,
    times: Vec<f64>,
    updates: usize,
}

impl Journal for Clock {
    fn progress(&mut self, _: f64, _: &str) -> bool {
        self.times.push(self.last.elapsed().as_secs_f64() * 1e3);
        self.last = Instant::now();
        self.times.len() < self.updates
    }
}

fn main() {
    // `cargo test --benches` runs this too, without arguments; the figures are for those who ask.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() {
        return;
    }
    let words: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let wanted = words.first().map(|word| word.as_str());
    let updates = words.get(1).map_or(8, |count| count.parse().expect("a number of updates"));
    for (name, settings, symbols) in
        CASES.iter().filter(|(name, ..)| wanted.is_none_or(|wanted| wanted == *name))
    {
        let pair = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let mut settings: Settings = settings.iter().map(pair).collect();
        settings
            .extend([("epochs".to_owned(), "1000".to_owned()), ("measure".to_owned(), "1000000".to_owned())]);
        let numbers = (0..1u64 << 17).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32 % symbols);
        let numbers: Vec<u32> = numbers.collect();
        let alphabet = *symbols as usize;
        let data = Sequences {
            symbols: alphabet,
            fields: vec![alphabet + 1],
            train: vec![Sequence::plain(&numbers, alphabet)],
            valid: Vec::new(),
        };
        // The first update also lays out the epoch: it isn't shown.
        let mut clock = Clock { last: Instant::now(), times: Vec::new(), updates: updates + 1 };
        let engine = find(name).expect("an engine");
        // It always ends by being stopped.
        (engine.train)(&data, &settings, 1, &mut clock).err();
        for time in &clock.times[1..] {
            println!("{name} {time:.2} ms");
        }
    }
}
