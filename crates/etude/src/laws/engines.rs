//! The laws of engines: what a sequence becomes doesn't depend on how many are written beside it, nor on threads.

use crate::inference::autoregressive::{Aim, Automaton, Counted, Options, Written, write_many};
use crate::inference::autoregressive::{Follow, Stop};
use crate::model::Settings;
use crate::sequence::engine::ENGINES;
use crate::sequence::{Guide, Sequence, SequenceModel, Sequences};
use std::ops::Range;
use std::sync::Arc;

const SYMBOLS: usize = 5;

/// One of every engine, networks small, of a tune in five symbols.
fn models() -> Vec<Arc<dyn SequenceModel>> {
    let sequence = |shift: usize| {
        let symbols = (0..300).map(|at: usize| ((at * at + at / 7 + shift) % SYMBOLS) as u32);
        Sequence::plain(&symbols.collect::<Vec<u32>>(), SYMBOLS)
    };
    let data = Sequences {
        symbols: SYMBOLS,
        fields: vec![SYMBOLS + 1],
        train: vec![sequence(0), sequence(3)],
        valid: vec![sequence(1)],
    };
    let train = |engine: &crate::sequence::engine::Engine| {
        let small = [("width", "24"), ("layers", "2"), ("updates", "40"), ("batch", "4"), ("rate", "0.01")];
        let small: Settings = small.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        (engine.train)(&data, &engine.own(&small), 1, &mut |_: f64, _: &str| true)
            .unwrap_or_else(|error| panic!("{}: {error}", engine.name))
    };
    ENGINES.iter().map(train).collect()
}

fn many(model: &dyn SequenceModel, guide: &dyn Guide, pieces: Range<u64>) -> Vec<Result<Written, Stop>> {
    let options = Options { seed: 7, ..Options::default() };
    write_many(model, guide, pieces, &options, &mut |_| true)
}

#[test]
fn a_batch_of_any_size_writes_what_each_writes_alone() {
    // Sequences end at the first 4, so that a batch grows smaller on its way.
    let asked = Automaton::until(SYMBOLS, &[false, false, false, false, true]).expect("4 ends it");
    let guide = Follow::new(Arc::new(asked), Some(40)).expect("long enough");
    for model in models() {
        let all = many(model.as_ref(), &guide, 0..70);
        assert!(all.iter().all(Result::is_ok), "{}", model.name());
        for (piece, written) in all.iter().enumerate() {
            let alone = many(model.as_ref(), &guide, piece as u64..piece as u64 + 1);
            assert_eq!(alone[0], *written, "{}: piece {piece} alone", model.name());
        }
        for size in [2, 3, 8, 33] {
            let first: Vec<_> =
                (0..70 / size).flat_map(|n| many(model.as_ref(), &guide, n * size..(n + 1) * size)).collect();
            assert_eq!(first, all[..first.len()], "{}: {size} side by side", model.name());
        }
    }
}

#[test]
fn a_batch_that_looks_ahead_writes_what_each_writes_alone_on_any_number_of_threads() {
    let end = Automaton::only(SYMBOLS, &[4, 0]).expect("small");
    let asked = Arc::new(Automaton::any(SYMBOLS, 20).expect("small").then(&end).expect("small"));
    for model in models() {
        let counted = Counted::new(SYMBOLS, 1, [[0, 1, 4, 0, 2, 3, 4, 0].as_slice()]).expect("small");
        let write = |pieces: Range<u64>| {
            let options = Options { seed: 3, ..Options::default() };
            let aim = Aim::new(model.as_ref(), &[&counted], Arc::clone(&asked), None, options);
            aim.expect("there is a way").write_many(pieces, &mut |_| true)
        };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| write(0..20))
        };
        let (one, three) = (on(1), on(3));
        assert_eq!(one, three, "{}: threads", model.name());
        for (piece, written) in (0..).zip(&one) {
            assert_eq!(write(piece..piece + 1)[0], *written, "{}: piece {piece} alone", model.name());
        }
    }
}
