//! Reports on small models, against the same figures taken one by one.

use super::{Report, Wanted, report};
use crate::appraise::statistics::correlations;
use crate::error::Error;
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::music::compose::{Composed, Request, compose};
use crate::recipe::{Recipe, train};
use crate::shelf::Shelved;
use etude_piece::corpus::{Corpus, Item, Split};
use etude_piece::score::{Frame, Grid, Key};

const WANTED: Wanted = Wanted { pieces: 6, seed: 3 };

/// Twelve pieces of four bars in a major scale, every third for validation and every other third for testing.
fn corpus(voices: usize) -> Corpus {
    let mut chance = Chance::new(8, voices as u64);
    let items = (0..12).map(|n| {
        let frame = Frame { steps_per_quarter: 2, key: Some(Key::C_MAJOR), ..Frame::sixteenths(voices, 32) };
        let scale = [0, 2, 4, 5, 7, 9, 11, 12];
        let mut now: Vec<usize> = (0..voices).map(|_| chance.below(8)).collect();
        let mut pitches = Vec::new();
        for step in 0..32 {
            for (voice, degree) in now.iter_mut().enumerate() {
                if step % 2 == 0 {
                    *degree = (*degree + 7 + chance.below(3)) % 8;
                }
                pitches.push(Some(72 - 12 * voice as u8 + scale[*degree]));
            }
        }
        let split = [Split::Train, Split::Train, Split::Valid, Split::Test][n % 4];
        Item { name: format!("piece-{n}"), split, grid: Grid::from_pitches(frame, &pitches) }
    });
    Corpus { name: "scales".to_owned(), items: items.collect(), skipped: Vec::new() }
}

fn trained(model: &str, corpus: &Corpus) -> Shelved {
    let settings: Settings = match model {
        "maxent" => [("iterations", "8"), ("updates", "20"), ("batch", "4")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        _ => Settings::new(),
    };
    let recipe = Recipe { settings, seed: 5, ..Recipe::of_model(model).expect("it is listed") };
    train(&recipe, std::slice::from_ref(corpus), "a test", &mut |_: f64, _: &str| true)
        .expect("the pieces fit")
}

fn reported(shelved: &Shelved, corpus: Option<&Corpus>) -> Report {
    report(shelved, corpus, &WANTED, &mut |_, _| true).expect("nobody interrupts")
}

fn text(report: &Report) -> String {
    serde_json::to_string(report).expect("plain keys")
}

/// The free pieces, one by one.
fn pieces(shelved: &Shelved) -> Vec<Composed> {
    let seeds = WANTED.seed..WANTED.seed + WANTED.pieces as u64;
    let request = |seed| Request { bars: Some(8), seed, ..Request::default() };
    seeds.map(|seed| compose(shelved, &request(seed), &mut |_, _| true).expect("nothing is asked")).collect()
}

#[test]
fn the_figures_are_those_of_the_pieces_that_generate_makes() {
    let corpus = corpus(2);
    let shelved = trained("markov", &corpus);
    let (found, pieces) = (reported(&shelved, None), pieces(&shelved));
    let grids: Vec<Grid> = pieces.iter().map(|piece| piece.grid.clone()).collect();
    let held_out: Vec<Grid> =
        [Split::Valid, Split::Test].into_iter().flat_map(|split| corpus.grids(split)).collect();
    let train = corpus.grids(Split::Train);
    let comparison = found.statistics.correlations.expect("the model file tells");
    assert_eq!(comparison.generated_with_train, correlations(&grids, &train));
    assert_eq!(comparison.generated_with_held_out, Some(correlations(&grids, &held_out)));
    assert_eq!(comparison.held_out_with_train, Some(correlations(&held_out, &train)));
    let copies: Vec<usize> = pieces.iter().map(|piece| piece.novelty.longest_copy).collect();
    assert_eq!(found.generalisation.copies.generated, copies);
    let mean = |of: fn(&Composed) -> f64| pieces.iter().map(of).sum::<f64>() / pieces.len() as f64;
    assert!((found.generalisation.chords.generated.cited - mean(|p| p.novelty.cited)).abs() < 1e-12);
    assert!((found.generalisation.chords.generated.invented - mean(|p| p.novelty.invented)).abs() < 1e-12);
    let most = found.generalisation.nearest.first().expect("chance shares two quarters somewhere");
    assert_eq!(Some(&most.quarters), copies.iter().max());
    let nats: f64 = grids.iter().map(|g| shelved.model.evaluate(g).expect("its own piece").mean()).sum();
    let own = &found.flexibility.likelihood.generated;
    assert!((own.nats_per_event - nats / pieces.len() as f64).abs() < 1e-6);
    let nats: f64 = held_out.iter().map(|g| shelved.model.evaluate(g).expect("in range").mean()).sum();
    let held = found.flexibility.likelihood.held_out.expect("some were held out");
    assert!((held.nats_per_event - nats / held_out.len() as f64).abs() < 1e-6);
}

#[test]
fn a_model_file_tells_of_its_corpus_what_the_corpus_tells() {
    for (model, voices) in [("maxent", 2), ("markov", 3), ("markov", 1)] {
        let corpus = corpus(voices);
        let shelved = trained(model, &corpus);
        let (mut from_file, mut from_corpus) = (reported(&shelved, None), reported(&shelved, Some(&corpus)));
        let [file, opened] = [&mut from_file, &mut from_corpus].map(|r| r.corpus.take().expect("figures"));
        assert!(!file.opened && opened.opened && file.own && opened.own);
        assert_eq!((file.name, file.train, file.held_out), (opened.name, opened.train, opened.held_out));
        assert_eq!(text(&from_file), text(&from_corpus), "{model}, {voices} voices");
        assert_eq!(from_file.statistics.clouds, from_corpus.statistics.clouds);
    }
}

#[test]
fn every_constraint_is_kept_and_every_contradiction_named() {
    for (model, voices) in [("maxent", 4), ("markov", 2), ("maxent", 1)] {
        let found = reported(&trained(model, &corpus(voices)), None).flexibility;
        assert_eq!(found.drafts.len(), 6);
        for drafts in &found.drafts {
            let Some(theme) = Some(&drafts.theme).filter(|_| drafts.failed == 0) else {
                panic!("{model}, {}: {}", drafts.theme, drafts.reason)
            };
            assert!(drafts.given > 0 && drafts.kept == drafts.given, "{model}, {theme}");
            assert!(drafts.likelihood.nats_per_event.is_finite(), "{model}, {theme}");
        }
        assert_eq!(found.contradictions.given, WANTED.pieces);
        assert_eq!(found.contradictions.named, WANTED.pieces, "{}", found.contradictions.example);
    }
}

#[test]
fn another_corpus_is_said_to_be_another() {
    let shelved = trained("markov", &corpus(2));
    let mut other = corpus(2);
    other.items.truncate(7);
    let against = reported(&shelved, Some(&other)).corpus.expect("it was opened");
    assert_eq!((against.own, against.train, against.held_out), (false, 4, 3));
    let refused = report(&shelved, Some(&corpus(3)), &WANTED, &mut |_, _| true);
    let message = refused.expect_err("three voices are not two").to_string();
    assert!(message.starts_with("scales: no training piece of 2 voices"), "{message}");
}

#[test]
fn without_figures_and_without_held_out_pieces_less_is_said() {
    let mut all_for_training = corpus(2);
    all_for_training.items.iter_mut().for_each(|item| item.split = Split::Train);
    let mut shelved = trained("markov", &all_for_training);
    let found = reported(&shelved, None);
    let comparison = found.statistics.correlations.expect("training pieces were counted");
    assert!(comparison.held_out_with_train.is_none() && comparison.generated_with_train.unary.is_finite());
    assert_eq!((found.generalisation.copies.held_out, found.flexibility.drafts.len()), (None, 6));
    shelved.reference = None;
    let found = reported(&shelved, None);
    assert!(found.corpus.is_none() && found.statistics.correlations.is_none());
    assert_eq!(found.flexibility.drafts.len(), 5, "no tune is known");
    assert_eq!(found.generalisation.copies.generated.len(), WANTED.pieces, "the index is always there");
}

#[test]
fn reports_can_be_interrupted() {
    let stopped = report(&trained("markov", &corpus(2)), None, &WANTED, &mut |share, _| share < 0.5);
    assert!(matches!(stopped, Err(Error::Interrupted)));
}
