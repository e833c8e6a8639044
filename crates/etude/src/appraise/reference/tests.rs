//! A corpus's figures against slow plain reckonings, and there and back through a file's arrays.

use super::{Reference, STRETCH, Shares, Surprise, Tune};
use crate::appraise::novelty::Index;
use crate::appraise::statistics::Relation;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::model::{Evaluation, Generated, Kind, Model, Progress, Settings, Wish};
use crate::shelf::{Reader, Tensor, Tensors};
use etude_piece::alphabet::Alphabet;
use etude_piece::corpus::{Corpus, Item, Split};
use etude_piece::draft::Draft;
use etude_piece::score::{Frame, Grid};

/// A model of two voices whose surprise at a piece is its number of steps, a nat each; it makes nothing.
struct Clock(Vec<Alphabet>);

impl Model for Clock {
    fn name(&self) -> &'static str {
        "clock"
    }
    fn alphabets(&self) -> &[Alphabet] {
        &self.0
    }
    fn steps_per_quarter(&self) -> usize {
        1
    }
    fn evaluate(&self, piece: &Grid) -> Result<Evaluation> {
        self.check(piece)?;
        Ok(Evaluation { kind: Kind::Exact, unit: "note", nats: vec![0.5; 2 * piece.steps()] })
    }
    fn generate(&self, _: &Draft, _: &Wish, _: &mut Progress) -> Result<Generated> {
        Err(Error::Interrupted)
    }
    fn tensors(&self) -> Tensors {
        Tensors::new()
    }
    fn settings(&self) -> Settings {
        Settings::new()
    }
}

fn item(name: &str, split: Split, chords: &[[u8; 2]]) -> Item {
    let pitches: Vec<Option<u8>> = chords.concat().into_iter().map(|p| Some(p).filter(|p| *p > 0)).collect();
    let frame = Frame { steps_per_quarter: 1, ..Frame::sixteenths(2, chords.len()) };
    Item { name: name.to_owned(), split, grid: Grid::from_pitches(frame, &pitches) }
}

fn small() -> Corpus {
    let items = vec![
        item("a", Split::Train, &[[60, 48], [62, 50], [64, 52], [65, 53], [0, 48]]),
        item("b", Split::Valid, &[[60, 48], [62, 50], [64, 52], [72, 60]]),
        item("c", Split::Test, &[[72, 60], [71, 60], [71, 60], [62, 50], [60, 41]]),
    ];
    Corpus { name: "small".to_owned(), items, skipped: Vec::new() }
}

/// Three dozen random pieces of two voices and 1 to 80 steps, in all splits.
fn random() -> Corpus {
    let mut chance = Chance::new(5, 0);
    let mut piece = |n: usize| {
        let steps = 1 + chance.below(80);
        let chords: Vec<[u8; 2]> =
            (0..steps).map(|_| [60 + 2 * chance.below(3) as u8, [0, 48, 50][chance.below(3)]]).collect();
        item(&n.to_string(), Split::ALL[n % 3], &chords)
    };
    let items = (0..36).map(&mut piece).collect();
    Corpus { name: "random".to_owned(), items, skipped: Vec::new() }
}

fn index(corpus: &Corpus) -> Index {
    let train = corpus.split(Split::Train).map(|item| (item.name.as_str(), &item.grid));
    let held_out = corpus.items.iter().filter(|item| item.split != Split::Train);
    Index::new(train, held_out.map(|item| &item.grid))
}

fn figures(corpus: &Corpus) -> Reference {
    let model = Clock(vec![Alphabet::range(40, 80); 2]);
    Reference::of(corpus, &index(corpus), &model, &mut |_, _| true).expect("nobody interrupts")
}

#[test]
fn a_held_out_chord_is_discovered_if_another_held_out_piece_has_it() {
    let shares = |cited, discovered, steps| Shares { cited, discovered, steps };
    assert_eq!(figures(&small()).novelty, [shares(3, 1, 4), shares(1, 1, 5)]);
}

#[test]
fn copies_are_those_of_stretches() {
    assert_eq!(figures(&small()).copies, [3, 0]);
    let corpus = random();
    let (found, index) = (figures(&corpus).copies, index(&corpus));
    let mut expected = Vec::new();
    for split in [Split::Valid, Split::Test] {
        for item in corpus.split(split) {
            let chords: Vec<[u8; 2]> = (0..item.grid.steps())
                .map(|t| [0, 1].map(|v| item.grid.at(t, v).pitch.unwrap_or(u8::MAX)))
                .collect();
            let whole = chords.chunks(STRETCH).filter(|stretch| stretch.len() == STRETCH);
            let short = (chords.len() < STRETCH).then_some(chords.as_slice());
            expected.extend(whole.chain(short).map(|stretch| plain_copy(stretch, &index)));
        }
    }
    assert_eq!(found, expected);
}

/// The longest run by trying everything.
fn plain_copy(ours: &[[u8; 2]], index: &Index) -> usize {
    let mut longest = 0;
    for (_, theirs) in &index.pieces {
        for (i, j) in (0..ours.len()).flat_map(|i| (0..theirs.len()).map(move |j| (i, j))) {
            for shift in -40..=40 {
                let same = |a: u8, b: u8| match (a < 128, b < 128) {
                    (true, true) => i16::from(a) - i16::from(b) == shift,
                    (a, b) => a == b,
                };
                let pairs = ours[i..].iter().zip(&theirs[j..]);
                let run = pairs.take_while(|(a, b)| same(a[0], b[0]) && same(a[1], b[1])).count();
                longest = longest.max(run);
            }
        }
    }
    if longest < 2 { 0 } else { longest }
}

#[test]
fn frequencies_are_those_of_counting_one_by_one() {
    let corpus = random();
    let found = figures(&corpus).train.frequencies;
    for (event, count) in &found.counts[Relation::Diagonal as usize] {
        let (voice, pitch, other, second) = *event;
        let is =
            |grid: &Grid, t: usize, v: u8, p: u8| grid.at(t, usize::from(v)).pitch.unwrap_or(u8::MAX) == p;
        let of = |item: &Item| {
            let steps = 1..item.grid.steps();
            steps.filter(|&t| is(&item.grid, t - 1, voice, pitch) && is(&item.grid, t, other, second)).count()
        };
        assert_eq!(*count, corpus.split(Split::Train).map(of).sum::<usize>() as u64, "{event:?}");
    }
}

#[test]
fn the_model_is_asked_about_every_piece_it_reads() {
    let mut corpus = small();
    corpus.items.push(item("low", Split::Test, &[[30, 20]]));
    let found = figures(&corpus);
    assert_eq!(found.surprise_train, [Surprise { nats: 5.0, events: 10 }]);
    assert_eq!(found.surprise_held_out.iter().map(|s| s.nats).collect::<Vec<_>>(), [4.0, 5.0]);
    assert_eq!(found.held_out.pieces, 3);
}

#[test]
fn tunes_are_held_out_beginnings_in_whole_bars() {
    let tunes: Vec<Tune> = figures(&small()).tunes;
    let pitches: Vec<Vec<u8>> = tunes.iter().map(|t| t.pitches.iter().flatten().copied().collect()).collect();
    assert_eq!(pitches, [[60, 62, 64, 72], [72, 71, 71, 62]]);
    let mut all_for_training = small();
    all_for_training.items.iter_mut().for_each(|item| item.split = Split::Train);
    assert_eq!(figures(&all_for_training).tunes.len(), 3, "of training pieces where nothing was held out");
}

#[test]
fn figures_come_back_from_their_arrays() {
    for corpus in [small(), random()] {
        let found = figures(&corpus);
        let back = Reference::load(&Reader::new("a file", found.tensors())).expect("our own arrays");
        assert_eq!(back, Some(found));
    }
    assert_eq!(Reference::load(&Reader::new("an old file", Tensors::new())).expect("nothing is wrong"), None);
}

#[test]
fn damaged_arrays_are_refused_and_never_trusted() {
    let sound = figures(&random()).tensors();
    for name in sound.keys().filter(|name| *name != "corpus.train") {
        let mut fewer = sound.clone();
        fewer.remove(name);
        assert!(Reference::load(&Reader::new("a file", fewer)).is_err(), "without {name}");
    }
    let mut chance = Chance::new(3, 0);
    let mut refused = 0;
    for _ in 0..2_000 {
        let mut damaged = sound.clone();
        let Some(Tensor::U8(_, bytes)) = damaged.get_mut("corpus.train") else { panic!("it is bytes") };
        match chance.below(2) {
            0 => bytes.truncate(chance.below(bytes.len())),
            _ => {
                let at = chance.below(bytes.len());
                bytes[at] = chance.below(256) as u8;
            }
        }
        refused += usize::from(Reference::load(&Reader::new("a file", damaged)).is_err());
    }
    // What is cut short is refused always, and some of what is changed.
    assert!(refused > 1_000, "{refused}");
}
