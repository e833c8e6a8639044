//! Random drafts: every feasible one is filled and kept, every infeasible one is named.

use crate::corpora::bach;
use etude::Error;
use etude::appraise::flexibility::{Ask, Theme, contradictory, harmless};
use etude::inference::chance::Chance;
use etude::inference::constraint::Constraint;
use etude::model::Settings;
use etude::music::compose::{Request, compose};
use etude::shelf::Shelved;
use etude_piece::score::Key;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

fn quick(settings: &[(&str, &str)]) -> Settings {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn request(seed: u64, bars: usize, constraints: Vec<Constraint>) -> Request {
    let settings = quick(&[("sweeps", "3"), ("chains", "1")]);
    Request { bars: Some(bars), seed, constraints, settings, key: Some(Key::C_MAJOR), ..Request::default() }
}

fn ask(shelved: &Shelved, bars: usize) -> Ask<'_> {
    Ask { alphabets: shelved.model.alphabets(), steps_per_quarter: 4, bars, key: Key::C_MAJOR }
}

#[test]
#[ignore = "some minutes; prints the figures of docs/benchmarks.md"]
fn ten_thousand_feasible_drafts_are_kept() {
    let shelved = bach();
    let counts: Vec<usize> = (0..10_000u64)
        .into_par_iter()
        .map(|seed| {
            let mut chance = Chance::new(11, seed);
            let bars = 1 + chance.below(3);
            let constraints = Theme::Mixed.draw(&ask(&shelved, bars), &mut chance);
            let made = compose(&shelved, &request(seed, bars, constraints.clone()), &mut |_, _| true);
            let made = made.unwrap_or_else(|error| panic!("draft {seed}: {error}"));
            let broken: Vec<&str> =
                constraints.iter().zip(&made.met).filter(|(_, met)| !**met).map(|(c, _)| c.text()).collect();
            assert!(broken.is_empty(), "draft {seed} broke {broken:?}");
            constraints.len()
        })
        .collect();
    println!("10,000 drafts, {} constraints, all kept", counts.iter().sum::<usize>());
}

#[test]
#[ignore = "prints the figures of docs/benchmarks.md"]
fn a_thousand_infeasible_drafts_are_named() {
    let shelved = bach();
    for seed in 0..1_000 {
        let mut chance = Chance::new(12, seed);
        let bars = 1 + chance.below(3);
        let guilty = contradictory(&ask(&shelved, bars), &mut chance).expect("voices of many pitches");
        let mut constraints = harmless();
        constraints.extend(guilty.iter().cloned());
        match compose(&shelved, &request(seed, bars, constraints), &mut |_, _| true) {
            Err(Error::Contradiction(named)) => {
                let text = named.to_string();
                assert!(
                    guilty.iter().all(|c| text.contains(c.text())),
                    "draft {seed}: {text} should name {guilty:?}"
                );
            }
            other => panic!("draft {seed}: {guilty:?} gave {:?}", other.map(|made| made.met)),
        }
    }
    println!("1,000 contradictions, all named");
}
