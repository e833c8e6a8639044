//! The laws of authors: the same seed gives the same piece on any number of threads; one finite surprise per event, each with
//! its label; saving and loading change nothing; training lowers the corpus's surprise; what is made can be written, read
//! back and evaluated; what must hold holds; damaged files are refused.

use super::damaged;
use crate::author::{Author, Made, Request};
use crate::catalogue::{Entry, MODELS, Make};
use crate::inference::chance::Chance;
use crate::model::Settings;
use crate::recipe::{Recipe, train_author};
use crate::shelf::Authored;
use etude_piece::piece::{Collection, Kind, Piece};
use etude_piece::score::{Score, abc, midi};
use etude_piece::strokes::stroke3::from_stroke3;
use std::sync::OnceLock;

/// A poem of our own.
const POEM: &str = "The river turns beneath the stone,\nthe heron stands, the heron waits;\nthe evening comes and comes alone\nand closes all the garden gates.\n\nThe lantern burns above the door,\nthe shadow leans, the shadow stays;\nthe river says the thing it swore\nto say until the end of days.\n";

/// Tunes of our own, each of two parts of four bars.
const TUNES: [&str; 4] = [
    "X:1\nT:One\nM:4/4\nL:1/8\nK:C\n|:\"C\"c2ec g2ec|\"F\"a2fa \"G\"g4|\"C\"c2ec g2ec|\"G\"d2Bd \"C\"c4:||:\"C\"g2eg \"F\"a2fa|\"C\"g2ec \"G\"d4|\"C\"g2eg \"F\"a2fa|\"G\"gfed \"C\"c4:|\n",
    "X:2\nT:Two\nM:4/4\nL:1/8\nK:G\n|:\"G\"GABc d2B2|\"C\"e2c2 \"G\"d4|\"G\"GABc d2B2|\"D\"AGFA \"G\"G4:||:\"G\"dBdB \"C\"e2c2|\"G\"dBGB \"D\"A4|\"G\"dBdB \"C\"e2c2|\"D\"dcAF \"G\"G4:|\n",
    "X:3\nT:Three\nM:4/4\nL:1/8\nK:D\n|:\"D\"d2fd a2fd|\"G\"b2gb \"A\"a4|\"D\"d2fd a2fd|\"A\"e2ce \"D\"d4:||:\"D\"a2fa \"G\"b2gb|\"D\"a2fd \"A\"e4|\"D\"a2fa \"G\"b2gb|\"A\"agfe \"D\"d4:|\n",
    "X:4\nT:Four\nM:4/4\nL:1/8\nK:C\n|:\"C\"e2ce g2eg|\"F\"f2df \"C\"e4|\"C\"e2ce g2eg|\"G\"d2gd \"C\"c4:||:\"F\"afaf \"C\"g2e2|\"F\"afdf \"C\"e4|\"F\"afaf \"C\"g2e2|\"G\"dcBd \"C\"c4:|\n",
];

fn score(text: &str) -> Piece {
    Piece::Score(Box::new(abc::read(text.as_bytes()).expect("our own tune")))
}

fn collection(kind: Kind) -> Collection {
    let tunes = || TUNES.iter().enumerate().map(|(n, text)| (format!("tune-{n}"), score(text)));
    let items = match kind {
        Kind::Roll => tunes().collect(),
        Kind::Text => vec![("poem".to_owned(), Piece::Text(POEM.repeat(3)))],
        Kind::Score => tunes().collect(),
        Kind::Strokes => (0..4).map(zigzag).collect(),
    };
    Collection { name: "ours".to_owned(), items, ..Collection::default() }
}

/// A drawing of two strokes, a little different for each number.
fn zigzag(number: usize) -> (String, Piece) {
    let rows: Vec<[f64; 3]> =
        (0..12).map(|row| [2.0, [3.0, -3.0][row % 2] + number as f64, f64::from(row == 5)]).collect();
    (format!("zigzag-{number}"), Piece::Strokes(from_stroke3(&rows).expect("our own rows")))
}

/// What makes the training of a network short.
const SMALL: [(&str, &str); 6] = [
    ("width", "24"),
    ("layers", "1"),
    ("dropout", "0"),
    ("updates", "150"),
    ("batch", "4"),
    ("rate", "0.01"),
];

/// The same for models of frames.
const SMALL_ROLLS: [(&str, &str); 10] = [
    ("steps", "2"),
    ("hidden", "12"),
    ("units", "12"),
    ("dropout", "0"),
    ("updates", "150"),
    ("batch", "4"),
    ("frames", "16"),
    ("rate", "0.02"),
    ("temperatures", "40"),
    ("chains", "4"),
];

/// The same for models of drawings.
const SMALL_DRAWINGS: [(&str, &str); 7] = [
    ("width", "24"),
    ("inner", "24"),
    ("mixtures", "4"),
    ("encoder", "8"),
    ("updates", "150"),
    ("batch", "4"),
    ("rate", "0.01"),
];

/// What an entry knows of some settings.
fn known(entry: &Entry, small: &[(&str, &str)]) -> Settings {
    let settings = (entry.settings)();
    let known = |name: &str| settings.iter().any(|setting| setting.name == name);
    small.iter().filter(|(name, _)| known(name)).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

/// What is trained: every entry as it is, networks small; an author of music with a network, and one of drawings with codes.
fn kinds() -> impl Iterator<Item = (&'static Entry, Settings)> {
    let small = || SMALL.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let authors = || MODELS.iter().filter(|entry| matches!(entry.make, Make::Author { .. }));
    let plain = authors().map(move |entry| {
        let network = entry.name.starts_with("text-");
        let settings = match entry.make {
            Make::Author { reads: Kind::Roll, .. } => known(entry, &SMALL_ROLLS),
            Make::Author { reads: Kind::Strokes, .. } => known(entry, &SMALL_DRAWINGS),
            _ if network => Settings::from(small()),
            _ => Settings::new(),
        };
        (entry, settings)
    });
    let with_network = authors().filter(|entry| entry.name == "folk").map(move |entry| {
        let mut settings = Settings::from(small());
        settings.insert("engine".to_owned(), "lstm".to_owned());
        (entry, settings)
    });
    let with_codes = authors()
        .filter(|entry| entry.name == "sketch")
        .map(|entry| (entry, known(entry, &[&SMALL_DRAWINGS[..], &[("code", "3")]].concat())));
    plain.chain(with_network).chain(with_codes)
}

fn trained(entry: &Entry, settings: &Settings) -> Authored {
    let Make::Author { reads, .. } = entry.make else { panic!("{} is no author", entry.name) };
    let recipe =
        Recipe { settings: settings.clone(), seed: 5, ..Recipe::of_model(entry.name).expect("it is listed") };
    train_author(&recipe, &collection(reads), "a test", &mut |_: f64, _: &str| true)
        .unwrap_or_else(|error| panic!("{}: {error}", entry.name))
}

/// All of them, trained once for all laws.
fn authors() -> &'static [(&'static Entry, Settings, Authored)] {
    static AUTHORS: OnceLock<Vec<(&Entry, Settings, Authored)>> = OnceLock::new();
    AUTHORS.get_or_init(|| {
        kinds().map(|(entry, settings)| (entry, settings.clone(), trained(entry, &settings))).collect()
    })
}

/// Every author, with a piece that it learnt from.
fn each(law: impl Fn(&Entry, &Authored, &Piece)) {
    for (entry, _, authored) in authors() {
        let Make::Author { reads, .. } = entry.make else { continue };
        law(entry, authored, &collection(reads).items[0].1);
    }
}

/// A short piece; lengths are characters of a text, points of a drawing, bars of music.
fn request(piece: &Piece, seed: u64) -> Request {
    let length = if matches!(piece, Piece::Text(_) | Piece::Strokes(_)) { 60 } else { 4 };
    Request { length: Some(length), seed, ..Request::default() }
}

fn made(author: &dyn Author, request: &Request) -> Made {
    author.compose(request, &mut |_, _| true).unwrap_or_else(|error| panic!("{}: {error}", author.name()))
}

#[test]
fn the_same_seed_gives_the_same_piece_on_any_number_of_threads() {
    for (entry, settings, authored) in authors() {
        let Make::Author { reads, .. } = entry.make else { continue };
        let piece = &collection(reads).items[0].1;
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| {
                let bytes = trained(entry, settings).to_bytes();
                (bytes, made(authored.author.as_ref(), &request(piece, 4)).piece)
            })
        };
        let (one, three) = (on(1), on(3));
        assert!(one.0 == authored.to_bytes() && one.0 == three.0, "{}: training", entry.name);
        assert_eq!(one.1, three.1, "{}: composing", entry.name);
        let another = made(authored.author.as_ref(), &request(piece, 5)).piece;
        assert_ne!(one.1, another, "{}: another seed", entry.name);
    }
}

#[test]
fn every_event_has_one_finite_surprise_and_a_label() {
    each(|entry, authored, piece| {
        let evaluation = authored.author.evaluate(piece).expect("a training piece");
        assert!(!evaluation.nats.is_empty(), "{}", entry.name);
        // A density of points may be above 1.
        let least = if evaluation.unit == "point" { f64::NEG_INFINITY } else { -1e-12 };
        assert!(evaluation.nats.iter().all(|n| n.is_finite() && *n >= least), "{}", entry.name);
        let labels = authored.author.labels(piece).expect("a training piece");
        assert_eq!(labels.len(), evaluation.nats.len(), "{}", entry.name);
        assert!(labels.iter().any(|(_, what)| !what.is_empty()), "{}: labels say what", entry.name);
    });
}

#[test]
fn saving_and_loading_change_nothing() {
    each(|entry, authored, piece| {
        let bytes = authored.to_bytes();
        let loaded = Authored::from_bytes(&bytes, "a.safetensors").expect("our own file");
        assert!(loaded.to_bytes() == bytes, "{}: the file", entry.name);
        let nats = |authored: &Authored| authored.author.evaluate(piece).expect("a training piece").nats;
        assert_eq!(nats(&loaded), nats(authored), "{}: evaluating", entry.name);
        let again = made(loaded.author.as_ref(), &request(piece, 2)).piece;
        assert_eq!(
            again,
            made(authored.author.as_ref(), &request(piece, 2)).piece,
            "{}: composing",
            entry.name
        );
    });
}

#[test]
fn training_lowers_the_surprise() {
    each(|entry, authored, piece| {
        let evaluation = authored.author.evaluate(piece).expect("a training piece");
        let mean = evaluation.mean();
        // A network that has learnt for a moment only knows which symbols are frequent. A frame of 88 keys costs 61 nats untrained.
        let most = if evaluation.unit == "frame" { 10.0 } else { 2.4 };
        assert!(mean < most, "{}: {mean} nats", entry.name);
    });
}

#[test]
fn what_is_made_can_be_written_read_back_and_evaluated() {
    each(|entry, authored, piece| {
        let made = made(authored.author.as_ref(), &request(piece, 6));
        if let Piece::Score(score) = &made.piece {
            let back = midi::read(&midi::write(score).expect("MIDI").bytes).expect("our own file");
            let sounds = |score: &Score| {
                let notes =
                    score.parts.iter().flat_map(|part| &part.voices).flat_map(|voice| voice.sounding());
                notes.map(|note| note.pitch.midi()).collect::<Vec<_>>()
            };
            assert_eq!(sounds(&back), sounds(score), "{}", entry.name);
        }
        let evaluation = authored.author.evaluate(&made.piece);
        let evaluation = evaluation.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        assert!(evaluation.nats.iter().all(|nats| nats.is_finite()), "{}", entry.name);
    });
}

#[test]
fn the_work_ends_when_it_is_told_to() {
    each(|entry, authored, piece| {
        let ended = authored.author.compose(&request(piece, 1), &mut |_, _| false);
        assert!(matches!(ended, Err(crate::Error::Interrupted)), "{}", entry.name);
    });
}

#[test]
fn wishes_that_nobody_knows_are_refused() {
    each(|entry, authored, piece| {
        let settings = Settings::from([("colour".to_owned(), "blue".to_owned())]);
        let request = Request { settings, ..request(piece, 1) };
        let refused = authored.author.compose(&request, &mut |_, _| true);
        assert!(matches!(refused, Err(crate::Error::Usage { .. })), "{}", entry.name);
        let keep = Request { keep: vec!["colour=blue".to_owned()], settings: Settings::new(), ..request };
        assert!(authored.author.compose(&keep, &mut |_, _| true).is_err(), "{}", entry.name);
    });
}

#[test]
fn a_damaged_model_file_is_refused_and_never_trusted() {
    each(|entry, authored, piece| {
        let bytes = authored.to_bytes();
        let mut chance = Chance::new(2, 0);
        for number in 0..1000 {
            // Some damage only changes a weight a little; none may bring the program down.
            let loaded = Authored::from_bytes(&damaged(&bytes, &mut chance), entry.name);
            if number % 10 == 0
                && let Ok(loaded) = loaded
            {
                let _ = loaded.author.evaluate(piece);
                let _ = loaded.author.compose(&request(piece, 1), &mut |_, _| true);
            }
        }
    });
}
