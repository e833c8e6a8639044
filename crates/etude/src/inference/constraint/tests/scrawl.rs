//! Random sentences of the language, whole and damaged, on pieces of any shape.

use super::super::{Constraint, Kind, compile, met};
use super::pick;
use crate::inference::chance::Chance;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::{Frame, Grid, Key, Metre};

const VOICES: [&str; 12] = ["", "*", "S", "SA", "b", "1", "2,3", "1-3", "M", "soprano", "T,alto", "5"];
const REGIONS: [&str; 18] = [
    "",
    "@1",
    "@2-",
    "@-1",
    "@1.2",
    "@1.2-2.1",
    "@*.1",
    "@end",
    "@start",
    "@last",
    "@1.1+1/2",
    "@0",
    "@7",
    "@1,end",
    "@2.7",
    "@last-end",
    "@start-1.3",
    "@*.3+2/3",
];
const WHATS: [&str; 26] = [
    "C5",
    "C",
    "C4..G5",
    "D4..",
    "..E5",
    "scale",
    "d-minor",
    "chord:G7",
    "chord:C/E",
    "^1",
    "^#4,^5",
    "tonic",
    "rest",
    "sounding",
    "given",
    "given,rest",
    "open",
    "rhythm:1",
    "rhythm:2,1r",
    "rhythm:1/2,1/2,1",
    "hold",
    "strike",
    "cadence",
    "cadence:half",
    "C4|E4|G4",
    "sounding,rest",
];

/// A sentence of the language, or what is left of one after some blows.
fn scrawl(chance: &mut Chance) -> String {
    let mut text = format!("{}{}={}", pick(chance, &VOICES), pick(chance, &REGIONS), pick(chance, &WHATS));
    for _ in 0..chance.below(3) {
        let mut letters: Vec<char> = text.chars().collect();
        let at = chance.below(letters.len() + 1);
        let strange = ['@', '=', '-', '.', ',', '9', '0', 'é', '/', '+', '^', '*', ' ', 'b', '\u{0}'];
        match chance.below(3) {
            0 => letters.insert(at, strange[chance.below(strange.len())]),
            1 if at < letters.len() => _ = letters.remove(at),
            _ => letters.truncate(at),
        }
        text = letters.into_iter().collect();
    }
    text
}

/// A frame of any shape, the empty one included.
fn any_frame(chance: &mut Chance) -> Frame {
    let metres =
        [None, Metre::new(4, 4), Metre::new(3, 8), Metre::new(6, 8), Metre::new(2, 2), Metre::new(5, 64)];
    let steps = chance.below(24);
    Frame {
        steps_per_quarter: 1 + chance.below(4),
        metre: metres[chance.below(metres.len())],
        pickup: chance.below(6),
        ..Frame::sixteenths(1 + chance.below(6), steps)
    }
}

#[test]
fn ten_thousand_scrawls_do_no_harm() {
    let mut chance = Chance::new(1, 0);
    let (mut read, mut laid) = (0, 0);
    for _ in 0..10_000 {
        let kind = if chance.below(3) == 0 { Kind::Forbid } else { Kind::Keep };
        let Ok(constraint) = Constraint::parse(kind, &scrawl(&mut chance)) else { continue };
        read += 1;
        let frame = any_frame(&mut chance);
        let ranges: Vec<Alphabet> = (0..frame.voices).map(|_| Alphabet::range(50, 80)).collect();
        let draft = Draft::open(frame.clone());
        let grid = Grid::new(frame.clone());
        met(Some(&draft), Key::C_MAJOR, &grid, std::slice::from_ref(&constraint));
        laid += usize::from(compile(Some(&draft), &frame, Key::C_MAJOR, &ranges, &[constraint]).is_ok());
    }
    assert!(read > 3_000 && laid > 1_000, "only {read} were read and {laid} laid");
}
