//! What a pinned note bars ahead costs: masks alone, and the look-ahead with particles, against free melodies.

use super::super::author::Melodist;
use super::super::evidence::Evidence;
use super::super::guide::Follower;
use super::super::plan::Plan;
use super::super::train::train_with;
use super::{request, shared, trained};
use crate::author::Request;
use crate::inference::autoregressive::{Options, write};
use crate::model::Settings;
use crate::sequence::engine;
use etude_piece::piece::{Collection, Kind};
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
    /// Nothing is asked.
    Free,
    /// What doesn't meet it is forbidden at the step itself, and nothing tells of it before.
    Masked,
    /// The look-ahead, and so many particles; 64 is what `compose` does.
    Led(usize),
}

/// Nats under the model of melodies with what `keep` asks, drawn in one of the ways.
fn drawn(author: &Melodist, keep: &str, way: Way, draws: u64) -> Mean {
    let asked = Request { length: Some(BARS), ..request(&[keep], &[]) };
    let plan = Plan::new(author, &asked).expect("one note is possible");
    let evidence = plan.evidence.clone().expect("something is asked");
    let (evidence, particles) = match way {
        Way::Free => (None, 1),
        Way::Masked => (Some(Arc::new(evidence.blind())), 1),
        Way::Led(particles) => (Some(evidence), particles),
    };
    let guide = Follower::new(plan.sheet.clone(), evidence);
    let options = Options { particles, most: plan.frame.steps + 1, ..Options::default() };
    let nats = (0..draws).map(|seed| {
        let options = Options { seed, ..options.clone() };
        write(author.model.as_ref(), &guide, &options, &mut |_| true).expect("there is a way").nats
    });
    mean(&nats.collect::<Vec<f64>>())
}

/// Masks alone let a melody walk on until it stumbles over the pinned note; whoever is led is closer to free melodies.
#[test]
fn a_pinned_note_changes_what_leads_to_it() {
    let author = trained(&[]);
    let of = |way| drawn(&author, "@5.1=F#4", way, 400).0;
    let (free, masked, led) = (of(Way::Free), of(Way::Masked), of(Way::Led(64)));
    assert!((led - free).abs() < (masked - free).abs(), "free {free}, masked {masked}, led {led}");
}

#[test]
fn blind_evidence_tells_nothing_before_the_pinned_step_and_keeps_it() {
    let author = trained(&[]);
    let asked = Request { length: Some(BARS), ..request(&["@5.1=A4"], &[]) };
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
    for (name, settings) in engines.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        let begun = Instant::now();
        let settings: Settings =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let engine = engine::find(name).expect("an engine");
        let author =
            train_with(engine, &tunes, &settings, 1, &mut |_: f64, _: &str| true).expect("there are tunes");
        println!("{name}, trained in {:.0} s on {} tunes", begun.elapsed().as_secs_f64(), tunes.items.len());
        for keep in ["@5.1=G5", "@5.1=C6", "@5.1=F#5", "@5.1=Bb4"] {
            let ways = [Way::Free, Way::Masked, Way::Led(1), Way::Led(8), Way::Led(64)];
            let found = ways.map(|way| drawn(&author, keep, way, 200));
            let (free, masked, led) = (found[0].0, found[1].0, found[4].0);
            let told = found.map(|(mean, error)| format!("{mean:.1} ± {error:.1}"));
            println!(
                "{name} {keep}: free {}, masks {}, led alone {}, by 8 {}, by 64 {}; distances: masks {:.1}, led {:.1}",
                told[0],
                told[1],
                told[2],
                told[3],
                told[4],
                (masked - free).abs(),
                (led - free).abs()
            );
            assert!((led - free).abs() < (masked - free).abs(), "{name}, {keep}");
        }
    }
}
