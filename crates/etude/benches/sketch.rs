//! Sketches: trains, measures on the test split and draws, on the data sets of sketch-rnn.
//!
//!     cargo bench -p etude --bench sketch -- short_kanji FOLDER [NAME=VALUE ...]
//!
//! The state of the training, the network and its drawings are kept in FOLDER; a second run goes on from there.

use etude::drawing::sketch::{Lesson, Sketch};
use etude::model::Settings;
use etude::train::journal::Journal;
use etude_piece::corpus::Split;
use etude_piece::piece::{Collection, Kind, Piece};
use etude_piece::strokes::{Point, Stroke, Strokes, png};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The drawings of a split, by name.
fn split(corpus: &Collection, split: Split) -> Vec<(&str, &Strokes)> {
    corpus.split(split).map(named).collect()
}

fn named((name, piece): &(String, Piece)) -> (&str, &Strokes) {
    match piece {
        Piece::Strokes(strokes) => (name, strokes),
        _ => unreachable!("a collection of drawings"),
    }
}

/// Keeps the state of the training in a file, and tells each measurement.
struct Kept {
    path: PathBuf,
    begun: Instant,
    kept: Instant,
    told: usize,
}

impl Journal for Kept {
    fn progress(&mut self, _: f64, _: &str) -> bool {
        true
    }

    fn log(&mut self, lines: &[etude::train::journal::Measurement]) {
        if let Some(line) = lines.last().filter(|_| lines.len() > self.told) {
            println!("{line:?}");
        }
        self.told = lines.len();
    }

    fn keep(&mut self, state: &dyn Fn() -> Vec<u8>) {
        if self.kept.elapsed().as_secs() >= 30 {
            std::fs::write(&self.path, state()).expect("the folder can be written");
            self.kept = Instant::now();
        }
    }

    fn kept(&mut self) -> Option<Vec<u8>> {
        std::fs::read(&self.path).ok()
    }

    fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }
}

/// Drawings in rows of ten.
fn sheet(drawings: &[Strokes]) -> Strokes {
    let mut sheet = Strokes::default();
    for (number, drawing) in drawings.iter().enumerate() {
        let Some(bounds) = drawing.bounds() else { continue };
        let by = 80.0 / bounds.width().max(bounds.height()).max(1e-9);
        let (left, top) = ((number % 10) as f64 * 100.0, (number / 10) as f64 * 100.0);
        let place = |point: &Point| Point {
            x: left + (point.x - bounds.left) * by,
            y: top + (point.y - bounds.top) * by,
            time: None,
        };
        let strokes = drawing.strokes.iter();
        sheet
            .strokes
            .extend(strokes.map(|stroke| Stroke { points: stroke.points.iter().map(place).collect() }));
    }
    sheet
}

/// Mean nats per point, in units of the drawings.
fn mean(sketch: &Sketch, drawings: &[(&str, &Strokes)], samples: usize) -> f64 {
    let told = drawings.iter().map(|(_, drawing)| sketch.evaluate(drawing, samples).expect("a drawing").nats);
    let (sum, count) =
        told.fold((0.0, 0), |(sum, count), nats| (sum + nats.iter().sum::<f64>(), count + nats.len()));
    sum / count as f64
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [corpus, folder, settings @ ..] = arguments.as_slice() else {
        println!("skipped: no corpus is named");
        return;
    };
    let data = std::env::var("ETUDE_DATA").expect("ETUDE_DATA names the folder of corpora");
    let path = Path::new(&data).join(format!("sketch-rnn/{corpus}.jsonl.gz"));
    let corpus = Collection::open(&[path], Kind::Strokes).expect("a corpus");
    let of = |name| split(&corpus, name);
    let settings: Settings = settings
        .iter()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    let now = Instant::now();
    let mut journal = Kept { path: folder.join("state"), begun: now, kept: now, told: 0 };
    let valid = of(Split::Valid).into_iter().map(|(_, drawing)| drawing).collect();
    let lesson = Lesson { train: of(Split::Train), valid };
    let sketch = Sketch::train(&lesson, &settings, 1, &mut journal).expect("it learns");
    let units = 2.0 * sketch.scale().ln();
    println!("trained in {:.0} s", now.elapsed().as_secs_f64());
    let samples = 16;
    let test = mean(&sketch, &of(Split::Test), samples);
    println!(
        "test: {test:.4} nats a point in units of the drawings, {:.4} in units of the scale",
        test - units
    );
    let begun = Instant::now();
    let (mut drawings, mut points) = (Vec::new(), 0);
    for seed in 0..100 {
        let mut chance = etude::inference::chance::Chance::new(seed, 0);
        let code = sketch.any_code(&mut chance);
        let drawn = sketch.draw(&code, None, 0.5, 1000, &mut chance, &mut |_, _| true).expect("a drawing");
        points += drawn.strokes.points().count();
        drawings.push(drawn.strokes);
    }
    println!("{:.0} points a second", points as f64 / begun.elapsed().as_secs_f64());
    let picture = png::Picture { width: 1500, height: 1500, ..png::Picture::default() };
    let bytes = png::png(&sheet(&drawings), &picture, "").expect("a picture");
    std::fs::write(folder.join("drawings.png"), bytes).expect("the folder can be written");
}
