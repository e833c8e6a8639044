//! What the model obeys, checked on pieces small enough to enumerate, and its figures on the chorales.

mod backwards;
mod chorales;
mod files;
mod forwards;

use super::Markov;
use super::lines::{Lines, places};
use super::train::learn;
use crate::inference::chance::Chance;
use crate::model::{Settings, Wish};
use etude_piece::score::{Frame, Grid, Key};

/// Random walks of `width` pitches and rests in which voices move at different paces.
fn pieces(voices: usize, steps: usize, count: usize, width: u8) -> Vec<Grid> {
    let mut chance = Chance::new(7, 0);
    let mut piece = || {
        let mut cells: Vec<Option<u8>> = Vec::new();
        for i in 0..voices * steps {
            let low = 72 - 5 * (i % voices) as u8;
            let fresh = i < voices || chance.below(3) == 0;
            let new = chance.below(usize::from(width) + 1) as u8;
            cells.push(if fresh { new.checked_sub(1).map(|above| low + above) } else { cells[i - voices] });
        }
        Grid::from_pitches(Frame::sixteenths(voices, steps), &cells)
    };
    (0..count).map(|_| piece()).collect()
}

fn on(_: f64, _: &str) -> bool {
    true
}

fn trained(voices: usize, steps: usize, width: u8) -> Markov {
    learn(&pieces(voices, steps, 12, width), &Settings::new(), &mut on).expect("there are pieces")
}

/// Every piece over the model's alphabets.
fn all_pieces(model: &Markov, steps: usize) -> Vec<Lines> {
    let voices = model.alphabets.len();
    let mut cells: Vec<Vec<Option<u8>>> = vec![Vec::new()];
    for i in 0..voices * steps {
        let alphabet = &model.alphabets[i % voices];
        let longer = |cells: &Vec<Option<u8>>, symbol: usize| {
            let mut cells = cells.clone();
            cells.push(alphabet.pitch(symbol as u8));
            cells
        };
        cells = cells.iter().flat_map(|cells| (0..alphabet.len()).map(move |q| longer(cells, q))).collect();
    }
    let places = places(&Frame::sixteenths(voices, steps));
    cells.into_iter().map(|cells| Lines { voices, steps, places: places.clone(), cells }).collect()
}

fn probability(model: &Markov, lines: &Lines) -> f64 {
    (-model.nats(lines).iter().sum::<f64>()).exp()
}

fn wish(seed: u64, settings: &[(&str, &str)]) -> Wish {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Wish { seed, key: Key::C_MAJOR, settings }
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}
