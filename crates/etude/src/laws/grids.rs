//! The laws of models of grids: pinned parts stay; the same seed gives the same piece on any number of threads; one finite
//! surprise per event; saving and loading change nothing; training lowers the corpus's surprise; what is made can be
//! written and read back; every hard constraint holds, and those that can't are named.

use super::damaged;
use crate::appraise::novelty::Index;
use crate::catalogue::{Entry, MODELS, Make};
use crate::inference::chance::Chance;
use crate::inference::constraint::{Constraint, Kind, compile};
use crate::model::{Model, Settings, Wish};
use crate::recipe::{Recipe, train};
use crate::shelf::Shelved;
use etude_piece::corpus::{Corpus, Item, Split};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Frame, Grid, Key, Onset, Score, abc, midi, musicxml};

/// Phrases of two voices in C major, two steps in a quarter, each line a voice: letters are pitches, `-` holds.
const PHRASES: [[&str; 2]; 4] = [
    ["72 - 74 - 76 - 74 - 72 - 71 - 72 - - -", "48 - 55 - 60 - 55 - 57 - 55 - 48 - - -"],
    ["67 - 69 71 72 - 74 - 72 71 69 - 67 - - -", "48 - 53 - 57 - 55 - 53 - 52 50 48 - - -"],
    ["76 - 74 - 72 - 71 69 67 - 71 - 72 - - -", "60 - 59 - 57 - 53 - 55 - 55 - 48 - - -"],
    ["72 - 69 - 71 - 67 - 69 71 72 - 71 - 72 -", "53 - 50 - 55 - 52 - 53 - 57 - 55 - 48 -"],
];

/// The phrases with the first `voices` voices.
fn corpus(voices: usize) -> Corpus {
    let frame = Frame { steps_per_quarter: 2, key: Some(Key::C_MAJOR), ..Frame::sixteenths(voices, 16) };
    let items = PHRASES.iter().enumerate().map(|(index, phrase)| {
        let mut pitches = vec![None; 16 * voices];
        for (voice, line) in phrase.iter().take(voices).enumerate() {
            for (step, word) in line.split_whitespace().enumerate() {
                let held = || pitches[(step - 1) * voices + voice];
                pitches[step * voices + voice] = word.parse().ok().or_else(held);
            }
        }
        Item {
            name: format!("phrase-{index}"),
            split: Split::Train,
            grid: Grid::from_pitches(frame.clone(), &pitches),
        }
    });
    Corpus { name: "phrases".to_owned(), items: items.collect(), skipped: Vec::new() }
}

/// What makes the trainings short; a model takes those that it knows.
fn quick(entry: &Entry) -> Settings {
    let known = (entry.settings)();
    let training =
        [("iterations", "8"), ("updates", "20"), ("batch", "4"), ("transpose", "3"), ("rate", "0.02")];
    // Networks as small as those of the other laws: tests run them at a low level of optimisation.
    let sizes = [("width", "32"), ("inner", "32")];
    let wanted = training.into_iter().chain(sizes);
    let kept = wanted.filter(|(name, _)| known.iter().any(|setting| setting.name == *name));
    kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn trained(entry: &Entry, voices: usize) -> Shelved {
    let recipe =
        Recipe { settings: quick(entry), seed: 5, ..Recipe::of_model(entry.name).expect("it is listed") };
    train(&recipe, &[corpus(voices)], "a test", &mut |_: f64, _: &str| true)
        .expect("the phrases fit every model")
}

/// Every kind of model of grids.
fn grids() -> impl Iterator<Item = &'static Entry> {
    MODELS.iter().filter(|entry| matches!(entry.make, Make::Grid { .. }))
}

/// Every model on every corpus.
fn each(law: impl Fn(&Entry, &Shelved, usize)) {
    for entry in grids() {
        for voices in 1..=2 {
            law(entry, &trained(entry, voices), voices);
        }
    }
}

fn wish(seed: u64) -> Wish {
    Wish { seed, key: Key::C_MAJOR, settings: Settings::new() }
}

fn made(model: &dyn Model, draft: &Draft, seed: u64) -> Grid {
    model.generate(draft, &wish(seed), &mut |_, _| true).expect("a draft that can be filled").grid
}

fn frame(voices: usize) -> Frame {
    Frame { steps_per_quarter: 2, key: Some(Key::C_MAJOR), ..Frame::sixteenths(voices, 24) }
}

#[test]
fn pinned_parts_stay() {
    each(|entry, shelved, voices| {
        let model = shelved.model.as_ref();
        let given = &corpus(voices).items[1].grid;
        let mut draft = Draft::open(given.frame.clone());
        for step in (0..16).filter(|step| step % 3 != 1) {
            draft.pin(step, 0, given.at(step, 0));
        }
        let grid = made(model, &draft, 3);
        assert_eq!(draft.broken_by(&grid), None, "{}", entry.name);
    });
}

#[test]
fn ties_and_sets_hold() {
    each(|entry, shelved, voices| {
        let mut draft = Draft::open(frame(voices));
        for step in 0..24 {
            draft.narrow(step, voices - 1, Hole::classes(0b1010_1011_0101).or(Hole::REST));
            if step % 4 != 0 {
                draft.mark(step, 0, Onset::Held);
            }
        }
        let grid = made(shelved.model.as_ref(), &draft, 8);
        assert_eq!(draft.broken_by(&grid), None, "{}", entry.name);
    });
}

#[test]
fn the_same_seed_gives_the_same_piece_on_any_number_of_threads() {
    each(|entry, shelved, voices| {
        let draft = Draft::open(frame(voices));
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| (trained(entry, voices).to_bytes(), made(shelved.model.as_ref(), &draft, 4)))
        };
        let (one, three) = (on(1), on(3));
        assert!(one.0 == three.0, "{}: training", entry.name);
        assert_eq!(one.1, three.1, "{}: generating", entry.name);
        assert_ne!(one.1, made(shelved.model.as_ref(), &draft, 5), "{}: another seed", entry.name);
    });
}

#[test]
fn every_event_has_one_finite_surprise() {
    each(|entry, shelved, voices| {
        for item in &corpus(voices).items {
            let evaluation = shelved.model.evaluate(&item.grid).expect("a training piece");
            assert_eq!(evaluation.nats.len(), 16 * voices, "{}", entry.name);
            assert!(evaluation.nats.iter().all(|n| n.is_finite() && *n >= -1e-12), "{}", entry.name);
        }
    });
}

#[test]
fn saving_and_loading_change_nothing() {
    each(|entry, shelved, voices| {
        let bytes = shelved.to_bytes();
        let loaded = Shelved::from_bytes(&bytes, "a.safetensors").expect("our own file");
        assert!(loaded.to_bytes() == bytes, "{}: the file", entry.name);
        let piece = &corpus(voices).items[0].grid;
        let nats = |shelved: &Shelved| shelved.model.evaluate(piece).expect("a training piece").nats;
        assert_eq!(nats(&loaded), nats(shelved), "{}: evaluating", entry.name);
        let draft = Draft::open(frame(voices));
        let again = made(loaded.model.as_ref(), &draft, 2);
        assert_eq!(again, made(shelved.model.as_ref(), &draft, 2), "{}: generating", entry.name);
        assert_eq!(loaded.index, shelved.index, "{}: the index", entry.name);
    });
}

#[test]
fn training_lowers_the_corpus_surprise() {
    each(|entry, shelved, voices| {
        let uniform: f64 = shelved.model.alphabets().iter().map(|a| (a.len() as f64).ln()).sum::<f64>();
        let items = corpus(voices).items;
        let total: f64 = items.iter().map(|i| shelved.model.evaluate(&i.grid).expect("a piece").mean()).sum();
        let mean = total / items.len() as f64;
        assert!(mean < 0.6 * uniform / voices as f64, "{}: {mean} nats", entry.name);
    });
}

#[test]
fn what_is_made_can_be_written_and_read_back() {
    each(|entry, shelved, voices| {
        let grid = made(shelved.model.as_ref(), &Draft::open(frame(voices)), 6);
        let score = Score::from(&grid);
        let files = [
            midi::read(&midi::write(&score).expect("MIDI").bytes),
            musicxml::read(&musicxml::write(&score).expect("MusicXML").bytes),
            abc::read(&abc::write(&score).expect("ABC").bytes),
        ];
        for file in files {
            let back = Grid::try_from_score(&file.expect("our own file"), 2).expect("on the grid");
            assert!(back.pitches().eq(grid.pitches().take(back.steps() * voices)), "{}", entry.name);
        }
    });
}

#[test]
fn hard_constraints_hold_and_impossible_ones_are_named() {
    each(|entry, shelved, voices| {
        let model = shelved.model.as_ref();
        let (ranges, mut chance) = (model.alphabets(), Chance::new(9, 0));
        let keep = |text: &str| Constraint::parse(Kind::Keep, text).expect("a constraint");
        for seed in 0..20 {
            let (low, high) = ranges[0].span().expect("the phrases sound");
            let pitch = low + chance.below(usize::from(high - low) + 1) as u8;
            let named = etude_piece::score::Pitch::spell(pitch, Key::C_MAJOR);
            let asked =
                [keep(&format!("1@{}={named}", 1 + seed % 3)), keep("@*.1=sounding"), keep("1@2-3=hold")];
            let draft = compile(None, &frame(voices), Key::C_MAJOR, ranges, &asked).expect("it can be met");
            let grid = made(model, &draft, seed);
            assert_eq!(draft.broken_by(&grid), None, "{}, seed {seed}", entry.name);
        }
        let asked = [keep("1@2=C4,E4"), keep("1@2=C5,E5")];
        let refused = compile(None, &frame(voices), Key::C_MAJOR, ranges, &asked);
        assert!(refused.is_err(), "{}", entry.name);
    });
}

#[test]
fn a_damaged_model_file_is_refused_and_never_trusted() {
    for entry in grids() {
        let bytes = trained(entry, 2).to_bytes();
        let mut chance = Chance::new(2, 0);
        for number in 0..20_000 {
            // Some damage only changes a weight a little; none may bring the program down.
            let loaded = Shelved::from_bytes(&damaged(&bytes, &mut chance), "damaged");
            if number % 20 == 0
                && let Ok(loaded) = loaded
            {
                let _ = loaded.model.evaluate(&corpus(2).items[0].grid);
            }
        }
    }
}

#[test]
fn the_index_knows_the_training_pieces() {
    let corpus = corpus(2);
    let pieces = corpus.items.iter().map(|item| (item.name.as_str(), &item.grid));
    let novelty = Index::new(pieces, [].into_iter()).appraise(&corpus.items[2].grid);
    assert_eq!((novelty.cited, novelty.longest_copy, novelty.longest_copy_of.as_str()), (1.0, 8, "phrase-2"));
}
