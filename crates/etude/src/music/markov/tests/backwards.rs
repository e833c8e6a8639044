//! Backwards: masks, ties, contradictions, seeds.

use super::super::Markov;
use super::super::generate::{Writer, Written};
use super::{all_pieces, assert_near, on, probability, trained, wish};
use crate::Error;
use crate::inference::autoregressive::{Cloud, sample};
use crate::inference::chance::Chance;
use crate::model::{Model, Wish};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Frame, Grid, Onset};

fn open(voices: usize, steps: usize) -> Draft {
    Draft::open(Frame::sixteenths(voices, steps))
}

fn generate(model: &Markov, draft: &Draft, wish: &Wish) -> Grid {
    model.generate(draft, wish, &mut on).expect("the draft can be met").grid
}

#[test]
fn particles_approach_the_exact_conditional() {
    let model = trained(1, 12, 2);
    let mut exact = vec![0.0; model.alphabets[0].len()];
    let symbol = |cell| usize::from(model.alphabets[0].symbol(cell).expect("it is in the alphabet"));
    let goal = symbol(Some(73));
    for piece in all_pieces(&model, 3).iter().filter(|piece| piece.at(2, 0) == Some(73)) {
        exact[symbol(piece.at(0, 0))] += probability(&model, piece);
    }
    let total: f64 = exact.iter().sum();
    let writer = Writer { model: &model, places: vec![0, 1, 2] };
    let mut found = vec![0.0; exact.len()];
    for seed in 0..1500 {
        let last = |written: &Written, factors: &mut [f64]| {
            let others = factors.iter_mut().enumerate().filter(|(q, _)| written.step == 2 && *q != goal);
            others.for_each(|(_, factor)| *factor = f64::NEG_INFINITY);
        };
        let cloud = Cloud { particles: 32, temperature: 1.0, seed };
        let drawn = sample(&writer, &writer.begin(), 3, last, cloud, &mut |_| true).expect("there is a way");
        found[symbol(drawn.past.cells[0])] += 1.0 / 1500.0;
    }
    for (found, exact) in found.iter().zip(exact) {
        assert_near(*found, exact / total, 0.05);
    }
}

#[test]
fn every_draft_is_kept_ties_included() {
    let model = trained(4, 24, 5);
    for seed in 0..60 {
        let mut chance = Chance::new(seed, 9);
        let mut draft = open(4, 12);
        for (step, voice) in (0..12).flat_map(|t| (0..4).map(move |v| (t, v))) {
            let low = model.alphabets[voice].span().expect("it sounds").0;
            let pitch = low + chance.below(3) as u8;
            match chance.below(5) {
                0 if draft.onset(step, voice) != Onset::Held => {
                    draft.narrow(step, voice, Hole::only(Some(pitch)));
                }
                1 => draft.narrow(step, voice, Hole::only(Some(pitch)).complement()),
                2 if draft.hole(step, voice).len() > 5 => draft.mark(step, voice, Onset::Held),
                3 => draft.mark(step, voice, Onset::Struck),
                _ => {}
            }
        }
        let settings = [("particles", "8"), ("rests", if seed % 2 == 0 { "true" } else { "false" })];
        match model.generate(&draft, &wish(seed, &settings), &mut on) {
            Ok(made) => assert_eq!(draft.broken_by(&made.grid), None, "seed {seed}"),
            Err(Error::Contradiction(_)) => assert!(contradicts_itself(&model, &draft), "seed {seed}"),
            Err(other) => panic!("seed {seed}: {other}"),
        }
    }
}

/// Whether some atom of the draft has no pitch, nor the rest, that all of its cells allow.
fn contradicts_itself(model: &Markov, draft: &Draft) -> bool {
    let cells = (0..draft.frame.steps).flat_map(|t| (0..draft.frame.voices).map(move |v| (t, v)));
    cells.into_iter().any(|(start, v)| {
        let atom: Vec<usize> =
            (start..draft.frame.steps).filter(|&t| draft.atom_start(t, v) == start).collect();
        let alphabet = &model.alphabets[v];
        let symbols = (0..alphabet.len()).map(|symbol| alphabet.pitch(symbol as u8));
        !symbols.into_iter().any(|cell| atom.iter().all(|&t| draft.hole(t, v).allows(cell)))
    })
}

#[test]
fn a_tie_looks_ahead_to_what_its_end_allows() {
    let model = trained(1, 24, 5);
    let mut draft = open(1, 8);
    (3..6).for_each(|step| draft.mark(step, 0, Onset::Held));
    draft.narrow(5, 0, Hole::only(Some(75)));
    for seed in 0..20 {
        let grid = generate(&model, &draft, &wish(seed, &[("particles", "1")]));
        assert!((2..6).all(|step| grid.at(step, 0).pitch == Some(75)), "seed {seed}");
    }
}

#[test]
fn rests_are_for_those_who_ask_or_leave_nothing_else() {
    let model = trained(2, 24, 2);
    let mut draft = open(2, 16);
    draft.narrow(5, 1, Hole::REST.or(Hole::only(Some(3))));
    let silent = |settings: &[(&str, &str)]| {
        let grid = generate(&model, &draft, &wish(4, settings));
        grid.pitches().filter(Option::is_none).count()
    };
    assert_eq!(silent(&[]), 1);
    assert!(silent(&[("rests", "true")]) > 1);
}

#[test]
fn an_atom_without_choice_is_named() {
    let model = trained(2, 12, 3);
    let mut draft = open(2, 4);
    draft.mark(3, 1, Onset::Held);
    draft.narrow(2, 1, Hole::only(Some(67)));
    draft.narrow(3, 1, Hole::only(Some(68)));
    let error = model.generate(&draft, &wish(1, &[]), &mut on).expect_err("a note has one pitch");
    assert_eq!(
        error.to_string(),
        "bar 1, beat 1 + 2/16, bass: the draft and the model's range leave nothing"
    );
}

#[test]
fn the_same_seed_gives_the_same_piece_on_any_number_of_threads() {
    let model = trained(4, 24, 5);
    let mut draft = open(4, 16);
    draft.narrow(15, 3, Hole::only(Some(58)));
    let draw = |seed, threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        pool.install(|| model.generate(&draft, &wish(seed, &[]), &mut on).expect("58 is in the alphabet"))
    };
    assert_eq!(draw(3, 1), draw(3, 2));
    assert_ne!(draw(3, 1).grid, draw(4, 1).grid);
}

#[test]
fn a_seed_means_the_same_piece_in_every_build() {
    let model = trained(2, 24, 5);
    let grid = generate(&model, &open(2, 10), &wish(5, &[("rests", "true")]));
    let name = |t, v| grid.at(t, v).pitch.map_or("-".to_owned(), |pitch| pitch.to_string());
    let line = |v| (0..10).map(|t| name(t, v)).collect::<Vec<_>>().join(" ");
    assert_eq!([line(0), line(1)], ["72 72 75 75 75 72 74 74 74 74", "- - 70 68 67 67 67 67 - -"]);
}

#[test]
fn the_wished_key_is_heard_in_the_first_chord() {
    let model = trained(3, 24, 12);
    let in_triad = (0..40).map(|seed| {
        let grid = generate(&model, &open(3, 1), &wish(seed, &[]));
        grid.chord(0).flatten().filter(|pitch| [0, 4, 7].contains(&(pitch % 12))).count()
    });
    assert!(in_triad.sum::<usize>() > 100, "of 120 notes");
}

#[test]
fn other_shapes_settings_out_of_range_and_interruptions_are_told() {
    let model = trained(2, 12, 3);
    let told = |draft: &Draft, wish: &Wish| {
        model.generate(draft, wish, &mut |share, _| share < 0.5).map(|_| ()).map_err(|e| e.to_string())
    };
    let refused = |text: &str| Err(text.to_owned());
    assert_eq!(
        told(&open(3, 4), &wish(1, &[])),
        refused("a draft of 3 voices, 4 steps in a quarter; hint: 2 and 4")
    );
    assert_eq!(
        told(&open(2, 4), &wish(1, &[("particles", "0")])),
        refused("`particles=0`; hint: particles is from 1 to 100000")
    );
    assert_eq!(told(&open(2, 4), &wish(1, &[])), refused("interrupted"));
    assert_eq!(told(&open(2, 0), &wish(1, &[])), Ok(()));
}
