//! Networks that draw: gradients, what runs against what was trained, codes, files.

use super::super::moves::{Move, Pen, moves, strokes};
use super::batch::Batch;
use super::layout::Layout;
use super::network::Lessons;
use super::{Lesson, Sketch, between};
use crate::inference::chance::Chance;
use crate::model::{Kind, Settings};
use crate::shelf::Reader;
use crate::train::network::{Chunk, Network};
use etude_piece::strokes::Strokes;

const LAYOUT: Layout = Layout { width: 6, mixtures: 3, inner: 5, turn: 4, code: 0, encoder: 4 };

/// Boxes, drawn side by side, some of them open.
fn drawing(seed: u64) -> Vec<Move> {
    let mut chance = Chance::new(seed, 1);
    let mut moves = Vec::new();
    for _ in 0..1 + chance.below(2) {
        let mut number = |low: f64, high: f64| low + (high - low) * chance.unit();
        let (wide, high) = (number(5.0, 9.0), number(3.0, 6.0));
        moves.push(Move { x: number(1.0, 4.0), y: -number(0.0, 2.0), pen: Pen::Down });
        for (x, y) in [(wide, 0.0), (0.0, high), (-wide, 0.0)] {
            moves.push(Move { x: x + number(-0.2, 0.2), y: y + number(-0.2, 0.2), pen: Pen::Down });
        }
        moves.last_mut().expect("a box").pen = Pen::Lifted;
    }
    moves.last_mut().expect("a box").pen = Pen::Done;
    moves
}

fn lessons(code: usize) -> (Lessons, Chunk) {
    let scaled = |seed: u64| -> Vec<Move> {
        drawing(seed).iter().map(|step| Move { x: step.x / 4.0, y: step.y / 4.0, pen: step.pen }).collect()
    };
    let layout = Layout { code, ..LAYOUT };
    let lessons = Lessons { cost: 0.7, ..Lessons::new(layout, 0.1) };
    let (lessons, _) = lessons.with((0..6).map(scaled).collect(), Vec::new());
    let chunk =
        Chunk { steps: 1, streams: 4, fields: vec![3, 0, 5, 1], symbols: vec![0; 4], resets: vec![true; 4] };
    (lessons, chunk)
}

fn parameters(lessons: &Lessons) -> Vec<f32> {
    let mut chance = Chance::new(2, 2);
    let count: usize = lessons.parameters().iter().map(|parameter| parameter.length).sum();
    (0..count).map(|_| 0.8 * chance.unit() as f32 - 0.4).collect()
}

/// Gradients are slopes of the mean surprise; the learnt loss and the measured one are the same without dropout, noise and
/// what is free.
#[track_caller]
fn check_gradient(code: usize) {
    let (lessons, chunk) = lessons(code);
    let parameters = parameters(&lessons);
    let learn = |parameters: &[f32]| lessons.learn(parameters, &chunk, &mut [], &mut Chance::new(7, 7));
    let drawings: Vec<Vec<Move>> = [3, 0, 5, 1].map(drawing).to_vec();
    let points = Batch::new(&drawings).places.len() as f64;
    let (nats, gradient) = learn(&parameters);
    if code == 0 {
        let measured = lessons.measure(&parameters, &chunk, &mut []);
        assert!((nats - measured).abs() < 1e-3, "{nats} and {measured}");
        for at in (0..parameters.len()).step_by(5) {
            let moved = |by: f32| {
                let mut parameters = parameters.clone();
                parameters[at] += by;
                learn(&parameters).0 / points
            };
            let slope = (moved(5e-3) - moved(-5e-3)) / 1e-2;
            let error = (slope - f64::from(gradient[at])).abs();
            assert!(error < 2e-3 + 1e-2 * slope.abs(), "parameter {at}: {}, not {slope}", gradient[at]);
        }
        return;
    }
    // A step against the gradient lowers the bound, for codes too.
    let bound = |parameters: &[f32]| lessons.measure(parameters, &chunk, &mut []);
    let step: Vec<f32> = parameters.iter().zip(&gradient).map(|(x, slope)| x - 2e-3 * slope).collect();
    assert!(bound(&step) < bound(&parameters));
    let of_encoder = &gradient[gradient.len() - 2 * code..];
    assert!(of_encoder.iter().any(|slope| slope.abs() > 1e-6), "the encoder learns");
}

#[test]
fn gradients_are_slopes() {
    check_gradient(0);
}

#[test]
fn a_step_against_the_gradient_lowers_the_bound() {
    check_gradient(3);
}

#[test]
fn windows_tell_the_same_surprise_as_the_whole() {
    let (lessons, chunk) = lessons(0);
    let parameters = parameters(&lessons);
    let whole = lessons.measure(&parameters, &chunk, &mut []);
    let parts = Lessons { steps: 2, ..lessons }.measure(&parameters, &chunk, &mut []);
    assert!((whole - parts).abs() < 1e-3, "{whole}, not {parts}");
}

fn small(more: &[(&str, &str)]) -> Settings {
    let small = [
        ("width", "24"),
        ("inner", "24"),
        ("turn", "8"),
        ("mixtures", "4"),
        ("encoder", "12"),
        ("updates", "200"),
        ("batch", "16"),
        ("rate", "0.02"),
    ];
    small.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn trained(more: &[(&str, &str)]) -> Sketch {
    let drawings: Vec<Strokes> = (0..60).map(|seed| strokes(&drawing(seed))).collect();
    let lesson = Lesson {
        train: drawings[..50].iter().map(|drawing| ("box", drawing)).collect(),
        valid: drawings[50..].iter().collect(),
    };
    Sketch::train(&lesson, &small(more), 3, &mut |_: f64, _: &str| true).expect("it learns")
}

#[test]
fn it_learns_and_its_file_holds_all_of_it() {
    let sketch = trained(&[]);
    let held_out = strokes(&drawing(100));
    let told = sketch.evaluate(&held_out, 1).expect("a box");
    assert_eq!((told.kind, told.nats.len()), (Kind::Exact, held_out.points().count()));
    // A uniform density over a move's range, 20 by 12, and three fates of the pen, would be 6.6 nats.
    assert!(told.mean() < 3.0, "{} nats", told.mean());
    let reader = Reader::new("a test", sketch.tensors());
    let loaded = Sketch::load(&sketch.settings(), &reader).expect("our own file");
    assert_eq!(loaded.evaluate(&held_out, 1).expect("a box").nats, told.nats);
    assert_eq!(loaded.tensors(), sketch.tensors());
}

#[test]
fn what_runs_is_what_was_trained() {
    for code in ["0", "4"] {
        let sketch = trained(&[("updates", "20"), ("precision", "f32"), ("code", code)]);
        let (drawing, scale) = (drawing(100), sketch.scale());
        let scaled =
            drawing.iter().map(|step| Move { x: step.x / scale, y: step.y / scale, pen: step.pen }).collect();
        let lessons = Lessons::new(sketch.net.layout, 0.002);
        let (lessons, _) = lessons.with(vec![scaled], Vec::new());
        let reader = Reader::new("a test", sketch.tensors());
        let shapes = sketch.net.layout.shapes();
        let flat: Vec<f32> = shapes
            .iter()
            .flat_map(|shape| {
                reader.weights(&shape.name).expect("f32").iter().map(|x| *x as f32).collect::<Vec<_>>()
            })
            .collect();
        let chunk = Chunk { steps: 1, streams: 1, fields: vec![0], symbols: vec![0], resets: vec![true] };
        let trained = lessons.measure(&flat, &chunk, &mut []);
        let points = drawing.len() as f64;
        let told = sketch.evaluate(&strokes(&drawing), 4000).expect("a box");
        let ran = told.nats.iter().sum::<f64>() - points * 2.0 * scale.ln();
        if code == "0" {
            assert!((trained - ran).abs() < 1e-2, "{trained}, not {ran}");
        } else {
            // One code, with the whole cost, against many: the bound of many is lower, but for chance.
            assert_eq!(told.kind, Kind::Bound);
            assert!(ran < trained + 3.0 && ran > trained - 30.0, "{trained} and {ran}");
        }
    }
}

#[test]
fn drawings_are_finished_with_what_is_given_in_them() {
    let sketch = trained(&[]);
    let given = strokes(&drawing(101)[..4]);
    let draw = |seed: u64, most: usize| {
        let chance = &mut Chance::new(seed, 0);
        sketch.draw(&[], Some(&given), 0.5, most, chance, &mut |_, _| true).expect("a drawing")
    };
    let drawn = draw(1, 100);
    assert_eq!(drawn.strokes.strokes[..given.strokes.len()], given.strokes);
    assert!(drawn.strokes.points().count() > given.points().count());
    assert_eq!(drawn, draw(1, 100));
    assert_ne!(drawn, draw(2, 100));
    let long = draw(1, 5);
    assert_eq!((long.strokes.points().count(), long.done), (5, moves(&drawn.strokes).len() == 5));
}

#[test]
fn codes_are_found_mixed_and_drawn_from() {
    let sketch = trained(&[("code", "4")]);
    let [one, other] = [101, 102].map(|seed| sketch.code(&strokes(&drawing(seed)), None).expect("a code"));
    assert_eq!((one.len(), sketch.code_width()), (4, 4));
    for (share, end) in [(0.0, &one), (1.0, &other)] {
        let near = between(&one, &other, share);
        assert!(near.iter().zip(end).all(|(a, b)| (a - b).abs() < 1e-5));
    }
    let chance = &mut Chance::new(5, 0);
    let drawn = sketch.draw(&between(&one, &other, 0.5), None, 0.3, 200, chance, &mut |_, _| true);
    assert!(drawn.expect("a drawing").strokes.points().count() > 1);
    let near = sketch.code(&strokes(&drawing(101)), Some(chance)).expect("a code");
    assert_ne!(near, one);
    assert!(trained(&[("updates", "1")]).code(&strokes(&drawing(1)), None).is_err());
}

#[test]
fn more_codes_bound_more_tightly() {
    let sketch = trained(&[("code", "4")]);
    let bound = |samples: usize| {
        let each = (100..110).map(|seed| sketch.evaluate(&strokes(&drawing(seed)), samples).expect("a box"));
        each.map(|told| told.nats.iter().sum::<f64>()).sum::<f64>()
    };
    assert!(bound(64) <= bound(1) + 1e-6, "{} and {}", bound(64), bound(1));
}

#[test]
fn what_has_no_point_or_leaves_all_measure_is_refused() {
    let sketch = trained(&[("updates", "1")]);
    assert!(sketch.evaluate(&Strokes::default(), 1).is_err());
    for x in [f64::NAN, f64::INFINITY, 1e12] {
        let far = strokes(&[Move { x, y: 0.0, pen: Pen::Done }]);
        assert!(sketch.evaluate(&far, 1).is_err(), "{x}");
    }
    let still = strokes(&[Move { x: 0.0, y: 0.0, pen: Pen::Done }]);
    let lesson = Lesson { train: vec![("still", &still)], valid: Vec::new() };
    assert!(Sketch::train(&lesson, &small(&[]), 1, &mut |_: f64, _: &str| true).is_err());
}
