//! Tests of the network: gradient, order, sums, keys, files.

use super::*;
use crate::inference::chance::Chance;
use crate::kernels;
use crate::music::roll::frame::ALL;
use crate::sequence::precision::Precision;
use crate::shelf::Tensor;
use crate::train::network::{Chunk, Network as _};
use network::Network;

/// A made-up piece of so many frames: a walking chord with pauses, between keys 30 and 62.
fn piece(frames: usize, seed: u64) -> Vec<Frame> {
    let mut chance = Chance::new(seed, 0);
    let mut root = 40;
    let mut frame = || {
        root = (root + chance.below(5)).saturating_sub(2).clamp(30, 50);
        let chord = [0, 4, 7, 12].iter().fold(0, |all, step| all | (1u128 << (root + step)));
        if chance.below(8) == 0 { 0 } else { chord & !(1 << (root + 4 * chance.below(2))) }
    };
    (0..frames).map(|_| frame()).collect()
}

fn options(dropout: f64) -> Options {
    let network = Network { width: 16, layers: 2, note_width: 16, window: 5, margin: 4, clock: 2 };
    Options { network, dropout, forgetting: dropout, ..Options::default() }
}

/// Lessons of two pieces, with weights to begin with that are larger than usual.
fn lessons(dropout: f64) -> (Lessons, Vec<f32>) {
    let (lessons, _) = Lessons::new(options(dropout), &[piece(40, 1), vec![0; 3]], &[]);
    let mut chance = Chance::new(5, 0);
    let drawn = lessons.parameters().into_iter().flat_map(|parameter| parameter.draw(&mut chance));
    let flat: Vec<f32> = drawn.collect();
    let far = flat.len() - 2;
    let grown = flat.iter().enumerate().map(|(at, weight)| if at < far { weight * 1.5 } else { *weight });
    (lessons, grown.collect())
}

fn biaxial() -> Biaxial {
    let flat = lessons(0.0).1;
    Biaxial {
        runner: Runner::new(options(0.0).network, &flat),
        tensors: Tensors::new(),
        settings: Settings::new(),
    }
}

/// Frames of pieces (0: the walking chord, 1: silence), step after step of two streams.
fn chunk(steps: &[[(u32, u32); 2]]) -> Chunk {
    let all = || steps.iter().flatten();
    Chunk {
        steps: steps.len(),
        streams: 2,
        fields: all().flat_map(|&(piece, at)| [piece, at]).collect(),
        symbols: vec![0; 2 * steps.len()],
        resets: all().map(|&(_, at)| at == 0).collect(),
    }
}

/// With the same chance, what is dropped is the same, so the gradient is one of a plain function.
#[test]
fn the_gradient_is_that_of_finite_differences() {
    for dropout in [0.0, 0.4] {
        let (lessons, flat) = lessons(dropout);
        let chunk = chunk(&[[(0, 38), (0, 5)], [(0, 39), (0, 6)], [(1, 0), (0, 7)], [(0, 0), (0, 8)]]);
        let carried = vec![0.1; 2 * lessons.carried()];
        let learn = |flat: &[f32]| lessons.learn(flat, &chunk, &mut carried.clone(), &mut Chance::new(9, 9));
        let (_, gradient) = learn(&flat);
        let (mut chance, mut moved_at_all) = (Chance::new(2, 0), 0);
        for _ in 0..150 {
            let at = chance.below(flat.len() - 2);
            let moved = |by: f32| {
                let mut flat = flat.clone();
                flat[at] += by;
                learn(&flat).0 / 8.0
            };
            let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            let error = (slope - f64::from(gradient[at])).abs();
            assert!(error < 2e-3 + 0.02 * slope.abs(), "{at}: {slope} {}", gradient[at]);
            moved_at_all += usize::from(slope.abs() > 1e-3);
        }
        assert!(moved_at_all > 30, "{moved_at_all}");
        assert_eq!(gradient[flat.len() - 2..], [0.0; 2]);
    }
}

/// A piece in two chunks, with the state carried over, is as surprising as frame by frame when it is run.
#[test]
fn learning_and_measuring_agree() {
    let (lessons, flat) = lessons(0.0);
    let mut carried = vec![0.0; 2 * lessons.carried()];
    let mut sum = 0.0;
    for part in [0..16, 16..40] {
        let steps: Vec<_> = part.map(|at| [(0, at), (1, at % 3)]).collect();
        sum += lessons.measure(&flat, &chunk(&steps), &mut carried);
    }
    let (model, frames) = (biaxial(), piece(40, 1));
    let silence: f64 = model.nats(&[0; 3]).iter().sum();
    let expected = model.nats(&frames).iter().sum::<f64>() + silence * 13.0 + model.nats(&[0])[0];
    assert!((sum - expected).abs() < 1e-3, "{sum}, not {expected}");
}

/// Cell by cell as it is written, and frame by frame as it is measured, are the same numbers.
#[test]
fn writing_and_measuring_agree() {
    let (model, frames) = (biaxial(), piece(80, 4));
    let mut memory = model.begin();
    for (&frame, nats) in frames.iter().zip(model.nats(&frames)) {
        let mut sum = 0.0;
        for key in 0..KEYS {
            sum += keywise::surprise(model.odds(&memory, key), sounds(frame, key));
            model.key(&mut memory, key, sounds(frame, key));
        }
        model.end(&mut memory, frame);
        assert_eq!(sum, nats);
    }
}

/// All 4096 frames of twelve keys have together the probability that the other keys are silent: in a piece, and before
/// its first note.
#[test]
fn probabilities_sum_to_one() {
    let model = biaxial();
    for past in [piece(6, 6), vec![0]] {
        let odds = |frame: Frame| {
            let frames: Vec<Frame> = past.iter().copied().chain([frame]).collect();
            model.runner.odds(&frames)[past.len()]
        };
        // The keys above the twelve depend on them, those below don't.
        let sum: f64 = (0..1u128 << 12)
            .map(|ways| {
                let frame = ways << 38;
                let known = odds(frame).into_iter().enumerate().take(50);
                kernels::exp(
                    -known.map(|(key, odds)| keywise::surprise(odds, sounds(frame, key))).sum::<f64>(),
                )
            })
            .sum();
        let below = odds(0).into_iter().take(38).map(|odds| keywise::surprise(odds, false)).sum::<f64>();
        assert!((sum / kernels::exp(-below) - 1.0).abs() < 1e-9, "{sum}");
    }
}

/// What comes later changes nothing: neither later frames nor higher keys.
#[test]
fn surprises_depend_on_the_past_alone() {
    let (model, frames) = (biaxial(), piece(80, 7));
    let whole = model.nats(&frames);
    for length in [1, 2, 17, 64, 79] {
        assert_eq!(model.nats(&frames[..length]), whole[..length]);
    }
    let odds = model.runner.odds(&frames);
    let mut changed = frames.clone();
    changed[70] ^= 1 << 45 | 1 << 60;
    let after = model.runner.odds(&changed);
    assert_eq!(after[..70], odds[..70]);
    assert_eq!(after[70][..46], odds[70][..46]);
    assert_ne!(after[70][46..], odds[70][46..]);
}

/// Exactly so while all near keys are on the keyboard; here those are 26 to 66 at most.
#[test]
fn a_piece_is_as_likely_in_every_key() {
    let (model, frames) = (biaxial(), piece(80, 8));
    let nats = model.nats(&frames);
    for by in -26..=21 {
        let moved = |frame: &Frame| if by < 0 { frame >> -by } else { frame << by };
        let moved: Vec<Frame> = frames.iter().map(moved).collect();
        assert!(moved.iter().all(|frame| frame & !ALL == 0));
        for (nats, moved) in nats.iter().zip(model.nats(&moved)) {
            assert!((nats - moved).abs() < 1e-9, "{by}: {nats} {moved}");
        }
    }
}

#[test]
fn a_piece_that_never_sounds_has_the_counted_odds() {
    let (lessons, _) = lessons(0.0);
    let expected = keywise::surprise(f64::from(lessons.parameters().last().map_or(0.0, first)), false);
    for nats in biaxial().nats(&[0; 3]) {
        assert!((nats - 88.0 * expected).abs() < 1e-6, "{nats} {expected}");
    }
}

/// The first of given values.
fn first(parameter: &crate::train::network::Parameter) -> f32 {
    match &parameter.initial {
        crate::train::network::Initial::Given(values) => values[0],
        _ => f32::NAN,
    }
}

/// Loads a file of a small network after a change.
fn changed(change: impl FnOnce(&mut Tensors)) -> std::result::Result<(), String> {
    let Options { network, .. } = options(0.0);
    let mut tensors = Precision::F32.store_all(&network.shapes(), &lessons(0.0).1);
    change(&mut tensors);
    load(&options(0.0).settings(), &Reader::new("test", tensors)).map(drop).map_err(|error| error.to_string())
}

#[test]
fn files_of_other_networks_are_refused() {
    assert_eq!(changed(|_| ()), Ok(()));
    let missing = changed(|tensors| drop(tensors.remove("note.bias")));
    assert_eq!(missing, Err("test: found no such array, expected an array `note.bias`".to_owned()));
    let short = Tensor::F32(vec![3], vec![0.0; 3]);
    let short = changed(|tensors| drop(tensors.insert("far".to_owned(), short)));
    assert_eq!(short, Err("test: found 3 numbers in `far`, expected 2".to_owned()));
    let nothing = Tensor::F32(vec![2], vec![f32::NAN; 2]);
    let nothing = changed(|tensors| drop(tensors.insert("far".to_owned(), nothing)));
    assert_eq!(nothing, Err("test: found NaN or infinity in `far`, expected finite weights".to_owned()));
    let wide = Tensor::F32(vec![30, 128], vec![0.0; 3840]);
    let wide = changed(|tensors| drop(tensors.insert("time.0.input".to_owned(), wide)));
    assert_eq!(wide, Err("test: found 3840 numbers in `time.0.input`, expected 1920".to_owned()));
}

#[test]
fn a_stored_network_is_the_same_network() {
    let settings = options(0.0).settings();
    let tensors = Precision::F32.store_all(&options(0.0).network.shapes(), &lessons(0.0).1);
    let model = load(&settings, &Reader::new("test", tensors.clone())).expect("it is sound");
    assert_eq!((model.tensors(), model.settings()), (tensors, settings));
    assert_eq!(model.nats(&piece(20, 3)), biaxial().nats(&piece(20, 3)));
}

/// Keeps every state, and ends the work after so many updates.
#[derive(Default)]
struct Book {
    kept: Option<Vec<u8>>,
    updates: u64,
    most: u64,
}

impl Journal for Book {
    fn progress(&mut self, _: f64, _: &str) -> bool {
        self.updates += 1;
        self.updates != self.most
    }
    fn keep(&mut self, state: &dyn Fn() -> Vec<u8>) {
        self.kept = Some(state());
    }
    fn kept(&mut self) -> Option<Vec<u8>> {
        self.kept.clone()
    }
}

#[test]
fn a_killed_training_goes_on_to_the_same_weights() {
    let mut settings = options(0.3).settings();
    let few = [("updates", "12"), ("frames", "8"), ("measure", "4"), ("batch", "2")];
    settings.extend(few.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let lesson = Lesson { train: vec![piece(40, 1), piece(30, 2)], valid: vec![piece(20, 3)] };
    let whole = train(&lesson, &settings, 3, &mut Book::default()).expect("it is sound");
    let mut book = Book { most: 7, ..Book::default() };
    assert!(matches!(train(&lesson, &settings, 3, &mut book), Err(crate::Error::Interrupted)));
    let resumed = train(&lesson, &settings, 3, &mut book).expect("it goes on");
    assert_eq!((book.updates, resumed.tensors()), (12, whole.tensors()));
}
