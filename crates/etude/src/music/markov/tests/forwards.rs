//! Forwards: probabilities, conditionals, memory, training.

use super::super::back_off::MOST_CONTEXTS;
use super::super::conditional::Factors;
use super::super::feature::Feature;
use super::super::generate::Writer;
use super::super::lines::Lines;
use super::super::odds::walk;
use super::super::past::MEMORY;
use super::super::train::learn;
use super::super::viewpoint::Question;
use super::{all_pieces, assert_near, on, pieces, probability, trained};
use crate::inference::autoregressive::surprise;
use crate::model::{Kind, Model, Settings};
use etude_piece::score::{Frame, Grid};

#[test]
fn odds_are_positive_and_sum_to_one_and_agree_with_nats() {
    let model = trained(4, 24, 5);
    for piece in pieces(4, 24, 3, 5) {
        walk(&Lines::new(&piece), &model.order, |_, row| {
            let odds = model.odds(row);
            assert!(odds.iter().all(|p| *p > 0.0));
            assert_near(odds.iter().sum(), 1.0, 1e-12);
            let alphabet = &model.alphabets[row[Feature::Voice as usize] as usize];
            for (symbol, p) in odds.iter().enumerate() {
                assert_near(model.nats_of(row, alphabet.pitch(symbol as u8)), -p.ln(), 1e-9);
            }
        });
    }
}

#[test]
fn probabilities_of_all_pieces_sum_to_one() {
    for (voices, steps) in [(1, 6), (2, 3), (3, 2)] {
        let model = trained(voices, 12, 2);
        let total: f64 = all_pieces(&model, steps).iter().map(|piece| probability(&model, piece)).sum();
        assert_near(total, 1.0, 1e-10);
    }
}

#[test]
fn symbol_by_symbol_costs_what_the_piece_costs() {
    let model = trained(3, 24, 4);
    let lines = Lines::new(&pieces(3, 24, 13, 4)[12]);
    let cells = (0..24).flat_map(|t| [0, 2, 1].map(|v| (t, v)));
    let symbol = |(t, v): (usize, usize)| model.alphabets[v].symbol(lines.at(t, v)).map(usize::from);
    let symbols: Vec<usize> = cells.clone().filter_map(symbol).collect();
    let writer = Writer { model: &model, places: lines.places.clone() };
    let slow = surprise(&writer, &writer.begin(), &symbols);
    let fast = model.nats(&lines);
    for ((t, v), slow) in cells.zip(slow) {
        assert_near(fast[t * 3 + v], slow, 1e-12);
    }
}

#[test]
fn the_conditional_equals_enumeration() {
    let model = trained(2, 12, 4);
    let piece = Lines::new(&pieces(2, 45, 14, 4)[13]);
    let factors = Factors::new(&model, piece.clone());
    let nats = model.conditional_nats(&piece);
    for (t, v) in [(0, 0), (0, 1), (3, 1), (11, 0), (12, 1), (44, 0), (44, 1)] {
        let mut candidate = piece.clone();
        let joint: Vec<f64> = (0..model.alphabets[v].len())
            .map(|symbol| {
                candidate.put(t, v, model.alphabets[v].pitch(symbol as u8));
                probability(&model, &candidate)
            })
            .collect();
        let total: f64 = joint.iter().sum();
        let found = factors.conditional(t, v);
        for (found, joint) in found.iter().zip(joint) {
            assert_near(*found, joint / total, 1e-9);
        }
        let symbol = model.alphabets[v].symbol(piece.at(t, v)).expect("it is in the alphabet");
        assert_near(nats[t * 2 + v], -found[usize::from(symbol)].ln(), 1e-12);
    }
}

#[test]
fn changing_a_cell_keeps_the_factors_in_step() {
    let model = trained(3, 40, 4);
    let pieces: Vec<Lines> = pieces(3, 40, 2, 4).iter().map(Lines::new).collect();
    let mut factors = Factors::new(&model, pieces[0].clone());
    for (i, cell) in pieces[1].cells.iter().enumerate() {
        factors.put(i / 3, i % 3, *cell);
    }
    assert_eq!(factors.lines(), &pieces[1]);
    assert_eq!(factors.total(), Factors::new(&model, pieces[1].clone()).total());
}

#[test]
fn a_cell_is_forgotten_after_the_memory() {
    let model = trained(2, 90, 4);
    let piece = Lines::new(&pieces(2, 90, 1, 4)[0]);
    let mut other = piece.clone();
    other.put(20, 0, if piece.at(20, 0).is_none() { Some(73) } else { None });
    let (before, after) = (model.nats(&piece), model.nats(&other));
    let far = (20 + usize::from(MEMORY) + 1) * 2;
    assert_eq!(before[..40], after[..40]);
    assert_ne!(before[40..far], after[40..far]);
    assert_eq!(before[far..], after[far..]);
}

#[test]
fn evaluations_tell_their_kinds_and_refuse_strangers() {
    let model = trained(2, 24, 3);
    let piece = &pieces(2, 20, 1, 3)[0];
    let exact = model.evaluate(piece).expect("it fits");
    let pseudo = model.conditional(piece).expect("it fits").expect("the model can tell");
    assert_eq!((exact.kind, exact.nats.len()), (Kind::Exact, 40));
    assert_eq!((pseudo.kind, pseudo.nats.len()), (Kind::Pseudo, 40));
    assert!(exact.nats.iter().chain(&pseudo.nats).all(|nats| nats.is_finite() && *nats >= 0.0));
    let refused = |grid: &Grid| model.evaluate(grid).expect_err("it doesn't fit").to_string();
    let strange = Grid::from_pitches(Frame::sixteenths(2, 2), &[Some(72), Some(67), Some(72), Some(20)]);
    assert_eq!(
        refused(&strange),
        "bar 1, beat 1 + 1/16: bass has MIDI number 20; hint: the model's alphabet goes from 67 to 69"
    );
    assert_eq!(refused(&pieces(3, 4, 1, 3)[0]), "a piece of 3 voices; hint: this model knows pieces of 2");
    let coarse = Grid::new(Frame { steps_per_quarter: 2, ..Frame::sixteenths(2, 4) });
    assert_eq!(refused(&coarse), "2 steps in a quarter; hint: this model reads 4");
}

#[test]
fn training_beats_the_uniform_guess_in_one_to_eight_voices() {
    for voices in 1..=8 {
        let pieces = pieces(voices, 20, 8, 4);
        let model = learn(&pieces, &Settings::new(), &mut on).expect("there are pieces");
        let nats: f64 = pieces.iter().flat_map(|piece| model.nats(&Lines::new(piece))).sum();
        assert!(nats / ((8 * 20 * voices) as f64) < 5.0_f64.ln(), "{voices} voices: {nats}");
    }
}

#[test]
fn nothing_can_be_learnt_from_nothing_or_from_unlike_pieces() {
    let refused =
        |grids: &[Grid]| learn(grids, &Settings::new(), &mut on).map(|_| ()).map_err(|e| e.to_string());
    assert_eq!(refused(&[]), Err("no training pieces; hint: a corpus with some".to_owned()));
    let rests = |voices| Grid::new(Frame::sixteenths(voices, 4));
    assert!(refused(&[rests(2), rests(3)]).is_err() && refused(&[rests(9)]).is_err());
    assert_eq!(refused(&[rests(2)]), Ok(()));
}

#[test]
fn training_on_one_and_two_threads_gives_the_same_model_and_can_be_interrupted() {
    let on_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        pool.install(|| trained(2, 40, 4))
    };
    assert_eq!(on_threads(1), on_threads(2));
    let ended = learn(&pieces(2, 8, 3, 4), &Settings::new(), &mut |share, _| share < 0.5);
    assert!(matches!(ended, Err(crate::Error::Interrupted)));
}

#[test]
fn no_viewpoint_has_more_contexts_than_there_is_room_for() {
    let ladders = [Question::Hold, Question::Whither].into_iter().flat_map(Question::viewpoints);
    assert_eq!(ladders.map(|viewpoint| viewpoint.features.len() + 1).max(), Some(MOST_CONTEXTS));
}
