//! Networks that write: training and running agree, and no pen runs away.

use super::layout::Layout;
use super::lesson::{Alphabet, scaled, written};
use super::letters::Letters;
use super::network::{Lessons, Line};
use super::run::{Net, Written};
use crate::drawing::moves::Pen;
use crate::inference::chance::Chance;
use crate::train::network::{Chunk, Network, arrays};
use etude_piece::strokes::svg::Font;

fn letters() -> Letters {
    let text = "<svg><font><font-face units-per-em=\"100\"/><glyph unicode=\" \" horiz-adv-x=\"30\"/>\
                <glyph unicode=\"l\" horiz-adv-x=\"30\" d=\"M10 70V0\"/>\
                <glyph unicode=\"u\" horiz-adv-x=\"40\" d=\"M0 40V10L10 0H20L30 10V40V0\"/>\
                <glyph unicode=\"-\" horiz-adv-x=\"40\" d=\"M0 30H30\"/></font></svg>";
    Letters::new(vec![Font::read(text.as_bytes()).expect("a font")]).expect("a font")
}

fn lessons(steps: usize) -> Lessons {
    let texts = ["lul-", "u l", "-uu", "ll ul"];
    let alphabet = Alphabet::of(texts);
    let lines = written(&letters(), &alphabet, texts, 3).expect("lines");
    let (_, lines) = scaled(lines).expect("moves");
    let layout = Layout { letters: alphabet.len(), gaussians: 2, reader: 9, writer: 7, mixtures: 3 };
    Lessons { layout, least: 0.05, steps, lines }
}

/// All lines at once.
fn chunk(lessons: &Lessons) -> Chunk {
    let streams = lessons.lines.len();
    Chunk {
        steps: 1,
        streams,
        fields: (0..streams as u32).collect(),
        symbols: vec![0; streams],
        resets: vec![true; streams],
    }
}

fn parameters(lessons: &Lessons) -> Vec<f32> {
    let mut chance = Chance::new(1, 1);
    lessons.parameters().iter().flat_map(|parameter| parameter.draw(&mut chance)).collect()
}

fn net(lessons: &Lessons, flat: &[f32]) -> Net {
    Net::new(lessons.layout, lessons.least.into(), &arrays(&lessons.parameters(), flat))
}

/// −ln p of a line, point by point, by the network that runs.
fn surprise(net: &Net, line: &Line) -> f64 {
    let mut pencil = net.begin(&line.text);
    let mut nats = 0.0;
    for step in &line.moves {
        nats -= pencil.point(0.0).log_density(step.x, step.y);
        nats -= pencil.pens()[usize::from(step.pen != Pen::Down)];
        pencil.push(step);
    }
    nats
}

#[test]
fn training_and_running_are_equally_surprised() {
    for steps in [7, 1000] {
        let lessons = lessons(steps);
        let flat = parameters(&lessons);
        let told = lessons.measure(&flat, &chunk(&lessons), &mut []);
        let net = net(&lessons, &flat);
        let plain: f64 = lessons.lines.iter().map(|line| surprise(&net, line)).sum();
        assert!((told - plain).abs() < 1e-3 * plain.abs(), "{told}, not {plain}");
    }
}

/// Adam of Kingma & Ba 2015 on all lines at once.
fn trained(lessons: &Lessons, updates: i32) -> (Vec<f32>, f64, f64) {
    let (mut flat, chunk) = (parameters(lessons), chunk(lessons));
    let (mut mean, mut square) = (vec![0.0f32; flat.len()], vec![0.0f32; flat.len()]);
    let (mut first, mut last) = (0.0, 0.0);
    for update in 1..=updates {
        let (nats, gradient) = lessons.learn(&flat, &chunk, &mut [], &mut Chance::new(0, 0));
        if update == 1 {
            first = nats;
        }
        last = nats;
        for (at, slope) in gradient.into_iter().enumerate() {
            mean[at] = 0.9 * mean[at] + 0.1 * slope;
            square[at] = 0.99 * square[at] + 0.01 * slope * slope;
            let (m, v) = (mean[at] / (1.0 - 0.9f32.powi(update)), square[at] / (1.0 - 0.99f32.powi(update)));
            flat[at] -= 0.01 * m / (v.sqrt() + 1e-6);
        }
    }
    (flat, first, last)
}

#[test]
fn it_learns() {
    let lessons = lessons(1000);
    let points: usize = lessons.lines.iter().map(|line| line.moves.len()).sum();
    let (_, first, last) = trained(&lessons, 60);
    assert!(last < first - points as f64, "{first} before, {last} after, {points} points");
}

#[test]
fn no_pen_runs_away_even_of_a_network_that_learnt_nothing() {
    let lessons = lessons(1000);
    let net = net(&lessons, &parameters(&lessons));
    for stream in 0..20 {
        let text = &lessons.lines[stream % 4].text;
        let Written { moves, .. } = net.write(text, None, 0.5, &mut Chance::new(2, stream as u64));
        assert!(moves.len() <= 60 * (text.len() + 1), "{} points", moves.len());
        assert!(moves.iter().all(|step| step.x.abs() <= 50.0 && step.y.abs() <= 50.0));
        assert_eq!(moves.last().map(|step| step.pen), Some(Pen::Done));
    }
}

#[test]
fn a_seed_writes_the_same_line_and_a_sample_changes_it() {
    let lessons = lessons(1000);
    let net = net(&lessons, &parameters(&lessons));
    let (sample, text) = (&lessons.lines[0], &lessons.lines[1].text);
    let write = |sample, seed| net.write(text, sample, 1.0, &mut Chance::new(seed, 0)).moves;
    assert_eq!(write(None, 1), write(None, 1));
    assert_ne!(write(None, 1), write(None, 2));
    assert_ne!(write(None, 1), write(Some((&sample.text[..], &sample.moves[..])), 1));
}

#[test]
fn letters_that_were_never_learnt_are_named() {
    let error = Alphabet::of(["abc"]).code("cxay!").expect_err("no such letters").to_string();
    assert!(error.starts_with("\"!xy\", which this hand never learnt"), "{error}");
    assert_eq!(Alphabet::of(["cab"]).code("abba").expect("letters"), [0, 1, 1, 0]);
    assert_eq!(Alphabet::latin().len(), 95 + 59);
}
