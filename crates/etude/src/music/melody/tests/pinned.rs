//! What a pinned note bars ahead costs: masks alone, and the look-ahead with particles, against free melodies.

use super::super::author::Melodist;
use super::super::evidence::Evidence;
use super::super::guide::Follower;
use super::super::plan::Plan;
use super::super::train::train_with;
use super::{request, trained};
use crate::author::Request;
use crate::inference::autoregressive::{Options, write};
use crate::model::Settings;
use crate::sequence::engine;
use crate::shared::shared;
use etude_piece::piece::{Collection, Kind};
use etude_piece::score::Pitch;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Bars of each melody: the pinned one and one more follow four free ones.
const BARS: usize = 6;

/// Mean nats of whole melodies under the model, and the standard error of the mean.
type Mean = (f64, f64);

fn mean(nats: &[f64]) -> Mean {
    let count = nats.len() as f64;
    let mean = nats.iter().sum::<f64>() / count;
    let squares: f64 = nats.iter().map(|nats| (nats - mean) * (nats - mean)).sum();
    (mean, (squares / count / (count - 1.0)).sqrt())
}

/// How a melody is led to what is asked.
#[derive(Clone, Copy)]
enum Way {
    /// Nothing is asked but the length; so many particles.
    Free(usize),
    /// What doesn't meet it is forbidden at the step itself, and nothing tells of it before.
    Masked,
    /// The look-ahead, and so many particles; 64 is what `compose` does.
    Led(usize),
}

/// A free melody's nats, and what it sings on the first beat of the fifth bar; nothing where that is a rest. It is written
/// by as many particles as those that are led: with one, a model that would rather end early is led nowhere by its length.
fn free(author: &Melodist, seed: u64) -> Option<(f64, String)> {
    let asked = asked(&[]);
    let plan = Plan::new(author, &asked).expect("nothing is asked");
    let written = drawn(author, &plan, Way::Free(64), seed);
    let grid = author.habits.notation.read(&written.0, &plan.frame);
    let pitch = grid.at(4 * plan.frame.steps_per_bar(), 0).pitch?;
    let pitch = i32::from(pitch) - plan.shift;
    Some((written.1, Pitch::spell(pitch as u8, plan.key).to_string()))
}

fn asked(keep: &[&str]) -> Request {
    Request { length: Some(BARS), ..request(keep, &[]) }
}

/// The symbols of a melody as planned, drawn in one of the ways, and their nats under the model.
fn drawn(author: &Melodist, plan: &Plan, way: Way, seed: u64) -> (Vec<u32>, f64) {
    let evidence = || plan.evidence.clone().expect("something is asked");
    let (evidence, particles) = match way {
        Way::Free(particles) => (None, particles),
        Way::Masked => (Some(Arc::new(evidence().blind())), 1),
        Way::Led(particles) => (Some(evidence()), particles),
    };
    let guide = Follower::new(plan.sheet.clone(), evidence);
    let options = Options { particles, seed, most: plan.frame.steps + 1, ..Options::default() };
    let written = write(author.model.as_ref(), &guide, &options, &mut |_| true).expect("there is a way");
    (written.symbols, written.nats)
}

/// Mean nats of `draws` free melodies that sing on the first beat of bar 5, and in each way of melodies of which
/// that beat's note is pinned: what the free ones sing there, so that exact draws would have the mean of the free ones.
fn compare(author: &Melodist, ways: &[Way], draws: usize) -> (Mean, Vec<Mean>) {
    let sung: Vec<(f64, String)> = (0..).filter_map(|seed| free(author, seed)).take(draws).collect();
    let mut plans: BTreeMap<&str, Request> = BTreeMap::new();
    for (_, pitch) in &sung {
        plans.entry(pitch).or_insert_with(|| asked(&[&format!("@5.1={pitch}")]));
    }
    let plans: BTreeMap<&str, Plan> = plans
        .iter()
        .map(|(pitch, request)| (*pitch, Plan::new(author, request).expect("one note is possible")))
        .collect();
    let of = |way: &Way| {
        // Other draws than those that gave the pins.
        let seeds = 1_000_000..;
        let nats = sung
            .iter()
            .zip(seeds)
            .map(|((_, pitch), seed)| drawn(author, &plans[pitch.as_str()], *way, seed).1);
        mean(&nats.collect::<Vec<f64>>())
    };
    let free = mean(&sung.iter().map(|(nats, _)| *nats).collect::<Vec<f64>>());
    (free, ways.iter().map(of).collect())
}

/// Masks alone let a melody walk on until it stumbles over the pinned note; whoever is led writes what is likelier.
#[test]
fn a_pinned_note_changes_what_leads_to_it() {
    let author = trained(&[]);
    let (free, of) = compare(&author, &[Way::Masked, Way::Led(64)], 200);
    let [masked, led] = of[..] else { panic!("two ways") };
    assert!(led.0 < masked.0, "free {free:?}, masked {masked:?}, led {led:?}");
}

#[test]
fn blind_evidence_tells_nothing_before_the_pinned_step_and_keeps_it() {
    let author = trained(&[]);
    let asked = asked(&["@5.1=A4"]);
    let plan = Plan::new(&author, &asked).expect("one note is possible");
    let evidence: &Evidence = plan.evidence.as_ref().expect("something is asked");
    let blind = evidence.blind();
    let nothing = author.habits.notation.pitches();
    assert_eq!(blind.log(0, nothing), 0.0);
    assert!(evidence.log(0, nothing) < -1.0);
    let may = |step| (0..nothing).filter(|&pitch| blind.may_strike(step, pitch)).count();
    assert_eq!((may(63), may(64)), (nothing, 1));
}

#[test]
#[ignore = "trains three engines on a thousand tunes and writes thousands of melodies"]
fn figures_of_pinned_notes() {
    let Some(folder) = shared("nottingham-abc/ABC_cleaned") else { return };
    let tunes = Collection::open(&[folder], Kind::Score).expect("tunes");
    let engines: [(&str, &[(&str, &str)]); 3] = [
        ("ngram", &[]),
        ("mixing", &[("learns", "false")]),
        ("lstm", &[("layers", "1"), ("width", "96"), ("batch", "32"), ("updates", "400"), ("rate", "0.005")]),
    ];
    let only = std::env::var("ETUDE_ENGINE").ok();
    for (name, settings) in
        engines.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name))
    {
        let begun = Instant::now();
        let settings: Settings =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let engine = engine::find(name).expect("an engine");
        let author =
            train_with(engine, &tunes, &settings, 1, &mut |_: f64, _: &str| true).expect("there are tunes");
        println!("{name}, trained in {:.0} s on {} tunes", begun.elapsed().as_secs_f64(), tunes.items.len());
        let tell = |(mean, error): Mean| format!("{mean:.1} ± {error:.1}");
        let ways = [Way::Masked, Way::Led(1), Way::Led(8), Way::Led(64)];
        let (free, of) = compare(&author, &ways, 200);
        println!(
            "{name}, pinned as free ones sing: free {}, masks {}, led alone {}, by 8 {}, by 64 {}",
            tell(free),
            tell(of[0]),
            tell(of[1]),
            tell(of[2]),
            tell(of[3])
        );
        let unasked = asked(&[]);
        let plan = Plan::new(&author, &unasked).expect("nothing is asked");
        let alone = (0..200).map(|seed| drawn(&author, &plan, Way::Free(1), seed).1);
        let alone = mean(&alone.collect::<Vec<f64>>());
        println!("{name}, free, one particle, whatever stands in bar 5: {}", tell(alone));
        // Notes of one pitch, the first in the scale, the others not.
        let free = alone;
        for pitch in ["G5", "F#5", "C#6", "Bb4"] {
            let asked = asked(&[&format!("@5.1={pitch}")]);
            let plan = Plan::new(&author, &asked).expect("one note is possible");
            let of =
                |way| mean(&(0..200).map(|seed| drawn(&author, &plan, way, seed).1).collect::<Vec<f64>>());
            let (masked, led) = (of(Way::Masked), of(Way::Led(64)));
            println!(
                "{name}, pinned {pitch}: masks {}, led {}; off free ones: masks {:.1}, led {:.1}",
                tell(masked),
                tell(led),
                (masked.0 - free.0).abs(),
                (led.0 - free.0).abs()
            );
        }
    }
}
