//! The fast paths against plain ones, the gradient against finite differences, the chains against enumeration.

use super::chain::{Chain, Openings, rule};
use super::chords::{ChordClasses, Vocabulary};
use super::columns::{Columns, Stretch};
use super::encode::{Context, Encoded};
use super::energy::{Scratch, Window};
use super::{MaxEnt, Options, fit};
use crate::appraise::voice_leading::VoiceLeading;
use crate::inference::chance::Chance;
use crate::music::rules::Rules;
use etude_piece::alphabet::Alphabet;
use etude_piece::score::{Frame, Grid, Key};
use std::collections::BTreeMap;

/// Costs that are easy to see.
const RULES: Rules = Rules { parallels: 0.7, crossing: 0.4 };

/// Two voices of three pitches each (some cross), two steps in a quarter, random weights, chords with classes.
fn model() -> MaxEnt {
    let options =
        Options { steps_per_quarter: 2, horizontal: vec![1, 2], diagonal: vec![1], ..Options::default() };
    let alphabets = vec![Alphabet::new([60, 62, 67]), Alphabet::new([53, 55, 62])];
    let seen: Vec<Encoded> = (0..6).map(|stream| piece(&alphabets, 8, stream)).collect();
    let classes = ChordClasses::learn(&seen, &alphabets, 3);
    let vocabulary = Vocabulary::learn(&seen, &alphabets);
    let mut model = MaxEnt::new(options, alphabets, classes, vocabulary);
    let mut chance = Chance::new(7, 0);
    let theta: Vec<f64> = (0..model.layout.len).map(|_| chance.unit() - 0.5).collect();
    model.set_theta(&theta);
    model
}

/// A random piece without rests, in half notes and quarters as often as not.
fn piece(alphabets: &[Alphabet], steps: usize, stream: u64) -> Encoded {
    let mut chance = Chance::new(3, stream);
    let frame = Frame { steps_per_quarter: 2, ..Frame::sixteenths(alphabets.len(), steps) };
    let context = Context::new(&frame, Some(Key::C_MAJOR), 2);
    let mut x: Vec<u8> = Vec::new();
    for cell in 0..steps * alphabets.len() {
        let held = cell.checked_sub(alphabets.len()).filter(|_| chance.unit() < 0.6).map(|before| x[before]);
        let drawn = chance.below(3) as u8;
        x.push(held.unwrap_or(drawn));
    }
    Encoded { steps, voices: alphabets.len(), x, context }
}

/// The log-odds of a piece under model and rules, worked out from scratch.
fn plain(model: &MaxEnt, piece: &Encoded, rules: Rules) -> f64 {
    let pitches: Vec<Option<u8>> =
        piece.x.iter().enumerate().map(|(i, &s)| model.alphabets[i % piece.voices].pitch(s)).collect();
    let counts =
        VoiceLeading::of(&[Grid::from_pitches(Frame::sixteenths(piece.voices, piece.steps), &pitches)]);
    let parallels = (counts.parallel_fifths + counts.parallel_octaves) as f64;
    model.score(piece) - rules.parallels * parallels - rules.crossing * counts.crossings as f64
}

/// Every window's odds, up to a constant, are the differences of whole pieces' odds.
#[track_caller]
fn check_windows(length: usize) {
    let model = model();
    let (mut scratch, mut odds) = (Scratch::default(), Vec::new());
    for stream in 0..20 {
        let piece = piece(&model.alphabets, 7, stream);
        for start in 0..=piece.steps - length {
            for voice in 0..2 {
                let window = Window { voice, start, end: start + length };
                model.log_odds(&piece, window, &mut scratch, &mut odds);
                rule(RULES, &piece, &model.alphabets, window, &mut odds);
                let slow: Vec<f64> = (0..4)
                    .map(|symbol| {
                        let mut changed = piece.clone();
                        (start..start + length).for_each(|t| changed.x[t * 2 + voice] = symbol);
                        plain(&model, &changed, RULES)
                    })
                    .collect();
                for symbol in 1..4 {
                    let (fast, slow) = (odds[symbol] - odds[0], slow[symbol] - slow[0]);
                    assert!((fast - slow).abs() < 1e-9, "{window:?}, symbol {symbol}: {fast}, not {slow}");
                }
            }
        }
    }
}

#[test]
fn a_cells_odds_are_those_of_whole_pieces() {
    check_windows(1);
}

#[test]
fn a_stretchs_odds_are_those_of_whole_pieces() {
    check_windows(2);
    check_windows(4);
}

#[test]
fn a_chords_odds_are_those_of_whole_pieces() {
    let model = model();
    for stream in 0..20 {
        let piece = piece(&model.alphabets, 8, stream);
        let columns = Columns::new(&model, &piece.context);
        assert!(columns.len() > 2);
        for (start, end) in [(0, 2), (2, 4), (4, 6), (6, 8), (3, 4)] {
            let stretch = Stretch::new(&model, &piece, &columns, RULES, (start, end), |_, _| true);
            let odds = |index: usize| {
                let mut changed = piece.clone();
                (start..end).for_each(|t| changed.x[t * 2..t * 2 + 2].copy_from_slice(columns.chord(index)));
                (stretch.log_odds(index), plain(&model, &changed, RULES))
            };
            let first = odds(0);
            for index in 1..columns.len() {
                let (fast, slow) = odds(index);
                let (fast, slow) = (fast - first.0, slow - first.1);
                assert!((fast - slow).abs() < 1e-9, "{start}..{end}, chord {index}: {fast}, not {slow}");
            }
        }
    }
}

#[test]
fn the_gradient_agrees_with_finite_differences() {
    let mut model = model();
    let pieces: Vec<Encoded> = (0..3).map(|stream| piece(&model.alphabets, 8, stream)).collect();
    let prepared = fit::Prepared::new(&model, &pieces, &[1, 2, 4]);
    let mut gradient = vec![0.0; model.layout.len];
    prepared.objective(&model, &mut gradient);
    let theta = model.theta().to_vec();
    let mut ignored = gradient.clone();
    for index in 0..theta.len() {
        let mut at = |step: f64| {
            let mut moved = theta.clone();
            moved[index] += step;
            model.set_theta(&moved);
            prepared.objective(&model, &mut ignored)
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert!(
            (gradient[index] - difference).abs() < 1e-8,
            "θ[{index}]: {}, not {difference}",
            gradient[index]
        );
    }
}

/// Compares the chain's frequencies of every whole piece's cells and neighbouring pairs with those of enumeration.
#[track_caller]
fn check_chain(steps: usize, prepare: impl Fn(&mut Openings)) {
    let model = model();
    let mut openings = Openings::all(&model, steps);
    // No rests: three symbols a cell.
    (0..openings.allowed.len()).filter(|i| i % openings.width == 3).collect::<Vec<_>>().into_iter().for_each(
        |i| {
            openings.allowed[i] = false;
        },
    );
    prepare(&mut openings);
    let mut start = piece(&model.alphabets, steps, 0);
    let columns = Columns::new(&model, &start.context);
    let mut exact: BTreeMap<(usize, u8, u8), f64> = BTreeMap::new();
    let mut total = 0.0;
    let cells = steps * 2;
    for number in 0..3usize.pow(cells as u32) {
        let x: Vec<u8> = (0..cells).map(|cell| (number / 3usize.pow(cell as u32) % 3) as u8).collect();
        let kept = |cell: usize| {
            openings.allows(cell, x[cell].into()) && (!openings.tied[cell] || x[cell] == x[cell - 2])
        };
        if (0..cells).all(kept) {
            let piece = Encoded { x, ..start.clone() };
            let weight = plain(&model, &piece, RULES).exp();
            total += weight;
            pairs(&piece.x, |pair| *exact.entry(pair).or_insert(0.0) += weight);
            start = piece;
        }
    }
    let mut chain = Chain::new(&model, &openings, RULES, &columns, start, Chance::new(1, 0));
    let mut found: BTreeMap<(usize, u8, u8), f64> = BTreeMap::new();
    let sweeps = 400_000;
    for _ in 0..sweeps {
        chain.sweep(1.0);
        pairs(&chain.piece.x, |pair| *found.entry(pair).or_insert(0.0) += 1.0 / f64::from(sweeps));
    }
    for (pair, weight) in exact {
        let (expected, found) = (weight / total, found.get(&pair).copied().unwrap_or(0.0));
        assert!((expected - found).abs() < 0.012, "{pair:?}: {found:.4}, not {expected:.4}");
    }
}

/// Every cell with the one before it in its voice and the one before it in its step.
fn pairs(x: &[u8], mut take: impl FnMut((usize, u8, u8))) {
    for cell in 1..x.len() {
        take((cell, x[cell - 1], x[cell]));
        if cell >= 2 {
            take((1000 + cell, x[cell - 2], x[cell]));
        }
    }
}

#[test]
fn the_chain_has_the_distribution_that_enumeration_finds() {
    check_chain(4, |_| {});
}

#[test]
fn so_it_has_with_pinned_and_tied_cells() {
    check_chain(5, |openings| {
        openings.tied[3 * 2] = true;
        openings.tied[4 * 2] = true;
        openings.tied[2 * 2 + 1] = true;
        (1..3).for_each(|symbol| openings.allowed[openings.width + symbol] = false);
        openings.allowed[4 * 2 * openings.width] = false;
    });
}
