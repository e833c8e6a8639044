//! Sketches: trains, measures on the test split and draws, on the data sets of sketch-rnn.
//!
//!     cargo bench -p etude --bench sketch -- short_kanji FOLDER [NAME=VALUE ...]
//!
//! The state of the training, the network and its drawings are kept in FOLDER; a second run goes on from there.

use etude::drawing::sketch::{Lesson, Sketch};
use etude::model::Settings;
use etude::train::journal::Journal;
use etude_piece::strokes::{Point, Stroke, Strokes};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Drawings of the three splits.
type Splits = [Vec<(String, Strokes)>; 3];

/// Reads a corpus of stroke-3 lines.
fn read(path: &Path) -> Splits {
    let file = std::fs::File::open(path).expect("a corpus");
    let mut splits: Splits = Default::default();
    for (number, line) in BufReader::new(flate2::read::GzDecoder::new(file)).lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let rows: Vec<[f64; 3]> = serde_json::from_value(line["stroke3"].clone()).expect("stroke-3");
        let split =
            ["train", "valid", "test"].iter().position(|name| line["split"] == *name).expect("a split");
        let (mut x, mut y, mut strokes, mut points) = (0.0, 0.0, Strokes::default(), Vec::new());
        let last = rows.len() - 1;
        for (at, [dx, dy, lifted]) in rows.into_iter().enumerate() {
            (x, y) = (x + dx, y + dy);
            points.push(Point { x, y, time: None });
            if lifted == 1.0 || at == last {
                strokes.strokes.push(Stroke { points: std::mem::take(&mut points) });
            }
        }
        splits[split].push((number.to_string(), strokes));
    }
    splits
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

fn svg(drawings: &[Strokes]) -> String {
    let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 1000\">\n");
    for (number, drawing) in drawings.iter().enumerate() {
        let bounds = |of: fn(&Point) -> f64| {
            drawing.points().map(of).fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)))
        };
        let ((left, right), (top, bottom)) = (bounds(|p| p.x), bounds(|p| p.y));
        let by = 80.0 / (right - left).max(bottom - top).max(1e-9);
        let (x, y) = (number as f64 % 10.0 * 100.0 + 10.0, (number / 10) as f64 * 100.0 + 10.0);
        for stroke in &drawing.strokes {
            let at = |p: &Point| format!("{:.1},{:.1}", x + (p.x - left) * by, y + (p.y - top) * by);
            let points: Vec<String> = stroke.points.iter().map(at).collect();
            out += &format!("<polyline fill=\"none\" stroke=\"black\" points=\"{}\"/>\n", points.join(" "));
        }
    }
    out + "</svg>\n"
}

/// Mean nats per point, in units of the drawings.
fn mean(sketch: &Sketch, drawings: &[(String, Strokes)], samples: usize) -> f64 {
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
    let splits = read(&Path::new(&data).join(format!("sketch-rnn/{corpus}.jsonl.gz")));
    let settings: Settings = settings
        .iter()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    let now = Instant::now();
    let mut journal = Kept { path: folder.join("state"), begun: now, kept: now, told: 0 };
    let lesson = Lesson {
        train: splits[0].iter().map(|(name, drawing)| (name.as_str(), drawing)).collect(),
        valid: splits[1].iter().map(|(_, drawing)| drawing).collect(),
    };
    let sketch = Sketch::train(&lesson, &settings, 1, &mut journal).expect("it learns");
    let units = 2.0 * sketch.scale().ln();
    println!("trained in {:.0} s", now.elapsed().as_secs_f64());
    let samples = 16;
    let test = mean(&sketch, &splits[2], samples);
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
    let mut file = std::fs::File::create(folder.join("drawings.svg")).expect("a file");
    file.write_all(svg(&drawings).as_bytes()).expect("a file");
}
