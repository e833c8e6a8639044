//! Networks of voices: probabilities that sum to one, what they may and may not see, and the network that runs against the one
//! that learns.

use super::generate::temper;
use super::layout::{Layout, shift};
use super::lessons::Lessons;
use super::options::{Options, Reading};
use super::pass::View;
use super::piece::Piece;
use super::store::{read, tensors};
use super::{Chorale, key};
use crate::appraise::voice_leading::VoiceLeading;
use crate::inference::chance::Chance;
use crate::model::{Kind, Model, Settings, Wish};
use crate::shelf::Reader;
use crate::train::network::{Network, Order};
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Frame, Grid, Key, Onset};

fn options() -> Options {
    let small = [("width", "20"), ("inner", "24"), ("precision", "f32")];
    let small = small.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Options::read(&small.collect()).expect("sound settings")
}

/// Two voices of few pitches, so that all pieces can be written down.
fn layout() -> Layout {
    Layout { ranges: vec![(60, 61), (48, 48)], quarter: 2, width: 20, inner: 24 }
}

/// Weights that nobody trained.
fn weights(reading: Reading) -> Vec<f32> {
    let (lessons, _) = Lessons::new(reading, layout(), options(), Vec::new(), Vec::new());
    let mut chance = Chance::new(3, 0);
    let drawn: Vec<f32> =
        lessons.parameters().iter().flat_map(|parameter| parameter.draw(&mut chance)).collect();
    // Arrays that begin at zero take part too.
    drawn.into_iter().map(|weight| 3.0 * weight + chance.unit() as f32 - 0.5).collect()
}

fn model(reading: Reading) -> std::sync::Arc<dyn Model> {
    let tensors = tensors(&layout(), &weights(reading), &options(), &[1; 24]);
    read(reading, options(), 2, &Reader::new("test", tensors)).expect("our own arrays")
}

fn grid(cells: &[Option<u8>]) -> Grid {
    let frame =
        Frame { steps_per_quarter: 2, key: Some(Key::C_MAJOR), ..Frame::sixteenths(2, cells.len() / 2) };
    Grid::from_pitches(frame, cells)
}

/// Every piece of two steps.
fn all() -> Vec<Grid> {
    let (upper, lower) = ([Some(60), Some(61), None], [Some(48), None]);
    let mut pieces = Vec::new();
    for (a, b) in upper.iter().flat_map(|a| lower.iter().map(move |b| (*a, *b))) {
        for (c, d) in upper.iter().flat_map(|c| lower.iter().map(move |d| (*c, *d))) {
            pieces.push(grid(&[a, b, c, d]));
        }
    }
    pieces
}

#[test]
fn the_exact_likelihoods_of_all_pieces_sum_to_one() {
    let model = model(Reading::Orderless);
    let total: f64 = all()
        .iter()
        .map(|piece| {
            let evaluation = model.evaluate(piece).expect("in range");
            assert_eq!(evaluation.kind, Kind::Exact);
            (-evaluation.total()).exp()
        })
        .sum();
    assert!((total - 1.0).abs() < 1e-5, "{total}");
}

#[test]
fn the_field_gives_each_cell_probabilities_that_sum_to_one() {
    let model = model(Reading::Field);
    let cells = [Some(60), Some(48), None, Some(48)];
    for cell in 0..4 {
        let choices: &[Option<u8>] =
            if cell % 2 == 0 { &[Some(60), Some(61), None] } else { &[Some(48), None] };
        let share = |choice: &Option<u8>| {
            let mut cells = cells;
            cells[cell] = *choice;
            let evaluation = model.evaluate(&grid(&cells)).expect("in range");
            assert_eq!(evaluation.kind, Kind::Pseudo);
            (-evaluation.nats[cell]).exp()
        };
        let total: f64 = choices.iter().map(share).sum();
        assert!((total - 1.0).abs() < 1e-5, "cell {cell}: {total}");
    }
}

#[test]
fn later_cells_change_nothing_before_them() {
    let model = model(Reading::Orderless);
    let nats = |cells: &[Option<u8>]| model.evaluate(&grid(cells)).expect("in range").nats;
    let one = nats(&[Some(60), Some(48), Some(61), Some(48), None, None]);
    let other = nats(&[Some(60), Some(48), Some(61), None, Some(60), Some(48)]);
    assert_eq!(one[..3], other[..3]);
}

#[test]
fn pieces_that_are_drawn_are_as_frequent_as_the_model_says() {
    let model = model(Reading::Orderless);
    let frame = grid(&[None; 4]).frame;
    let settings = [
        ("sweeps", "0"),
        ("chains", "1"),
        ("temperature", "1"),
        ("rhythm", "1"),
        ("parallels", "0"),
        ("crossing", "0"),
        ("rests", "true"),
    ];
    let settings: Settings = settings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let mut draft = Draft::open(frame);
    // The upper voice's end is given, and seen from the beginning.
    draft.narrow(1, 0, Hole::only(Some(61)));
    let mut found = std::collections::BTreeMap::new();
    let count = 6000;
    for seed in 0..count {
        let wish = Wish { seed, key: Key::C_MAJOR, settings: settings.clone() };
        let made = model.generate(&draft, &wish, &mut |_, _| true).expect("it can be met").grid;
        let pitches: Vec<Option<u8>> = made.pitches().collect();
        assert_eq!(pitches[2], Some(61));
        *found.entry(pitches).or_insert(0) += 1;
    }
    // The same conditional, cell by cell, by the network itself.
    let tensors = tensors(&layout(), &weights(Reading::Orderless), &options(), &[1; 24]);
    let chorale = chorale(&tensors);
    let mut worst: f64 = 0.0;
    for piece in all() {
        let pitches: Vec<Option<u8>> = piece.pitches().collect();
        if pitches[2] != Some(61) {
            continue;
        }
        let own = Piece::new(&piece, &chorale.layout, Key::C_MAJOR).expect("in range");
        let given = [false, false, true, false];
        let ahead = chorale.ahead(&own.known, &own.symbols, &given, None);
        let view = View { known: &own.known, given: &given, open: false, ahead };
        let (mut symbols, mut p) = (own.symbols.clone(), 1.0);
        let asked = |step: usize, voice: usize| !given[2 * step + voice];
        chorale.pass(&view, &mut symbols, &asked, &mut |step, voice, odds, symbols| {
            chorale.normalise(voice, 0, odds);
            let symbol = symbols[2 * step + voice];
            p *= odds[usize::from(symbol)].exp();
            symbol
        });
        let share = f64::from(found.get(&pitches).copied().unwrap_or(0)) / count as f64;
        worst = worst.max((share - p).abs());
    }
    assert!(worst < 0.025, "{worst}");
}

fn chorale(tensors: &crate::shelf::Tensors) -> Chorale {
    let reader = Reader::new("test", tensors.clone());
    let mut arrays = crate::sequence::precision::Arrays::new(&reader, options().precision);
    let net = super::run::Net::read(&layout(), &mut arrays).expect("our own arrays");
    Chorale {
        reading: Reading::Orderless,
        alphabets: layout().alphabets(),
        layout: layout(),
        net,
        keys: vec![1; 24],
        settings: options().settings(),
        tensors: tensors.clone(),
    }
}

#[test]
fn the_network_that_runs_is_the_one_that_learns() {
    let piece = grid(&[Some(60), Some(48), Some(61), Some(48), Some(61), None, None, Some(48)]);
    let own = Piece::new(&piece, &layout(), Key::C_MAJOR).expect("in range");
    let (lessons, data) = Lessons::new(Reading::Field, layout(), options(), vec![own.clone()], Vec::new());
    assert_eq!(lessons.order(), Order::Blocks);
    let chunk = crate::train::network::Chunk {
        steps: 4,
        streams: 1,
        fields: data.train[0].fields.clone(),
        symbols: vec![0; 4],
        resets: vec![true, false, false, false],
    };
    let weights = weights(Reading::Field);
    let learnt = lessons.measure(&weights, &chunk, &mut []);
    let chorale = chorale(&tensors(&layout(), &weights, &options(), &[1; 24]));
    let given = [true; 8];
    let ahead = chorale.ahead(&own.known, &own.symbols, &given, None);
    let view = View { known: &own.known, given: &given, open: true, ahead };
    let (mut symbols, mut run) = (own.symbols.clone(), 0.0);
    chorale.pass(&view, &mut symbols, &|_, _| true, &mut |step, voice, odds, symbols| {
        // The network in training weighs all symbols, those outside the range too.
        let mut shares = odds.to_vec();
        let total = crate::kernels::softmax(&mut shares);
        let symbol = symbols[2 * step + voice];
        run += total - odds[usize::from(symbol)];
        symbol
    });
    assert!((learnt - run).abs() < 1e-3, "{learnt} in training, {run} running");
}

#[test]
fn keys_are_counted_from_c_major_and_a_minor() {
    let semitones: Vec<i32> = (0..12).map(|tonic| shift(key(tonic)).0).collect();
    assert_eq!(semitones, [0, 1, 2, 3, 4, 5, -6, -5, -4, -3, -2, -1]);
    assert_eq!(shift(key(12 + 9)), (0, true));
}

#[test]
fn what_is_tied_moves_together() {
    for reading in [Reading::Orderless, Reading::Field] {
        let model = model(reading);
        let frame = Frame { steps_per_quarter: 2, ..Frame::sixteenths(2, 8) };
        let mut draft = Draft::open(frame);
        for step in 3..7 {
            draft.mark(step, 0, Onset::Held);
        }
        for seed in 0..20 {
            let settings = Settings::from([("sweeps".to_owned(), "8".to_owned())]);
            let wish = Wish { seed, key: Key::C_MAJOR, settings };
            let made = model.generate(&draft, &wish, &mut |_, _| true).expect("it can be met").grid;
            assert_eq!(draft.broken_by(&made), None);
        }
    }
}

#[test]
fn moves_have_a_temperature_of_their_own() {
    let odds = [0.3, -1.0, 2.0, f64::NEG_INFINITY];
    let tempered = |before, moves, holds| {
        let mut odds = odds;
        temper(&mut odds, before, moves, holds);
        assert!((odds.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        odds
    };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    let plain = tempered(None, 1.0, 1.0);
    for (at, share) in tempered(Some(0), 1.0, 1.0).into_iter().enumerate() {
        assert!(near(share, plain[at]), "at temperature 1 nothing changes");
    }
    let [hold, low, high, never] = tempered(Some(0), 0.5, 1.0);
    assert!(near(hold, plain[0]) && near(never, 0.0));
    assert!(near(low / high, (plain[1] / plain[2]).powi(2)));
    let held = tempered(Some(0), 1.0, 0.5);
    assert!(near(held[0] / (1.0 - held[0]), (plain[0] / (1.0 - plain[0])).powi(2)));
    let mut only = [f64::NEG_INFINITY, 0.0];
    temper(&mut only, Some(1), 0.5, 0.5);
    assert_eq!(only, [0.0, 1.0]);
}

#[test]
fn rules_are_kept_where_there_is_a_way() {
    let ranges = vec![(60, 72), (48, 60), (48, 60)];
    let layout = Layout { ranges, quarter: 2, width: 20, inner: 24 };
    let (lessons, _) = Lessons::new(Reading::Orderless, layout.clone(), options(), Vec::new(), Vec::new());
    let mut chance = Chance::new(3, 0);
    let flat: Vec<f32> =
        lessons.parameters().iter().flat_map(|parameter| parameter.draw(&mut chance)).collect();
    let tensors = tensors(&layout, &flat, &options(), &[1; 24]);
    let model =
        read(Reading::Orderless, options(), 2, &Reader::new("test", tensors)).expect("our own arrays");
    let draft = Draft::open(Frame { steps_per_quarter: 2, ..Frame::sixteenths(3, 400) });
    let parallels = |cost: &str, sweeps: &str| {
        let settings = [("parallels", cost), ("sweeps", sweeps), ("crossing", "0"), ("temperature", "1")];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let wish = Wish { seed: 1, key: Key::C_MAJOR, settings };
        let made = model.generate(&draft, &wish, &mut |_, _| true).expect("nothing is asked");
        let counts = VoiceLeading::of([&made.grid]);
        counts.parallel_fifths + counts.parallel_octaves
    };
    assert!(parallels("0", "0") > 3);
    assert_eq!([parallels("100", "0"), parallels("100", "6")], [0, 0]);
}
