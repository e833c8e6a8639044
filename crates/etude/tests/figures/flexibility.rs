//! Random drafts: every feasible one is filled and kept, every infeasible one is named.

use crate::corpora::bach;
use etude::Error;
use etude::inference::chance::Chance;
use etude::inference::constraint::{Constraint, Kind};
use etude::model::Settings;
use etude::music::compose::{Request, compose};
use etude::shelf::Shelved;
use etude_piece::score::{Key, Pitch};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

const VOICES: [&str; 4] = ["S", "A", "T", "B"];

fn quick(settings: &[(&str, &str)]) -> Settings {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn request(seed: u64, bars: usize, constraints: Vec<Constraint>) -> Request {
    let settings = quick(&[("sweeps", "3"), ("chains", "1")]);
    Request { bars: Some(bars), seed, constraints, settings, key: Some(Key::C_MAJOR), ..Request::default() }
}

/// A pitch that a voice can sing, by name.
fn pitch(shelved: &Shelved, voice: usize, chance: &mut Chance) -> String {
    let pitches = shelved.model.alphabets()[voice].pitches();
    Pitch::spell(pitches[chance.below(pitches.len())], Key::C_MAJOR).to_string()
}

fn keep(text: &str) -> Constraint {
    Constraint::parse(Kind::Keep, text).expect("a constraint")
}

fn forbid(text: &str) -> Constraint {
    Constraint::parse(Kind::Forbid, text).expect("a constraint")
}

/// Constraints that can be met together: each speaks of a bar and voice of its own, or only of scales and rhythms.
fn feasible(shelved: &Shelved, bars: usize, chance: &mut Chance) -> Vec<Constraint> {
    let mut constraints = Vec::new();
    for (voice, name) in VOICES.iter().enumerate() {
        for bar in 1..=bars {
            let (a, b) = (pitch(shelved, voice, chance), pitch(shelved, voice, chance));
            let beat = 1 + chance.below(4);
            constraints.push(match chance.below(11) {
                0 => keep(&format!("{name}@{bar}.{beat}={a}")),
                1 => keep(&format!("{name}@{bar}={a},{b}")),
                2 => forbid(&format!("{name}@{bar}={a},{b}")),
                3 => keep(&format!("{name}@{bar}=scale")),
                4 => keep(&format!("{name}@{bar}=rhythm:1,1/2,1/2")),
                5 => keep(&format!("{name}@{bar}.{beat}=rest")),
                6 => keep(&format!("{name}@{bar}=sounding")),
                7 => keep(&format!("{name}@{bar}=tonic,^5")),
                8 => keep(&format!("{name}@{bar}=hold")),
                9 => forbid(&format!("{name}@{bar}=rest")),
                _ => continue,
            });
        }
    }
    if chance.below(4) == 0 && constraints.iter().all(|c| !c.text().contains(&format!("@{bars}"))) {
        constraints.push(keep("cadence"));
    }
    constraints
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
            let constraints = feasible(&shelved, bars, &mut chance);
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

/// A pair of constraints that contradict each other, or one that contradicts the model or the piece.
fn infeasible(shelved: &Shelved, bars: usize, chance: &mut Chance) -> Vec<Constraint> {
    let voice = chance.below(4);
    let (name, bar, beat) = (VOICES[voice], 1 + chance.below(bars), 1 + chance.below(4));
    let pitches = shelved.model.alphabets()[voice].pitches();
    let index = chance.below(pitches.len() - 1);
    let [a, b] = [index, index + 1].map(|i| Pitch::spell(pitches[i], Key::C_MAJOR).to_string());
    let place = format!("{name}@{bar}.{beat}");
    match chance.below(7) {
        0 => vec![keep(&format!("{place}={a}")), keep(&format!("{place}={b}"))],
        1 => vec![keep(&format!("{place}={a},{b}")), forbid(&format!("{name}@{bar}={a},{b}"))],
        2 => vec![keep(&format!("{place}=rest")), keep(&format!("{name}@{bar}=sounding"))],
        3 => vec![keep(&format!("{place}=C9"))],
        4 => vec![keep(&format!("{name}@{}={a}", bars + 1))],
        5 => vec![
            keep(&format!("{name}@{bar}=hold")),
            keep(&format!("{name}@{bar}.2={a}")),
            keep(&format!("{name}@{bar}.3={b}")),
        ],
        _ => vec![keep(&format!("{place}={a}")), forbid(&format!("{place}={a}"))],
    }
}

#[test]
#[ignore = "prints the figures of docs/benchmarks.md"]
fn a_thousand_infeasible_drafts_are_named() {
    let shelved = bach();
    for seed in 0..1_000 {
        let mut chance = Chance::new(12, seed);
        let bars = 1 + chance.below(3);
        let guilty = infeasible(&shelved, bars, &mut chance);
        let mut constraints = vec![keep("*=sounding,rest"), forbid("*@1=C0")];
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
