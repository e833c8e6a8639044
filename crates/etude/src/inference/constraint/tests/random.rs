//! Random constraints: the compilation equals a plain reading, and culprits are really culprits.

use super::super::{Constraint, Contradiction, Kind, compile, met};
use super::{pick, quarters};
use crate::inference::chance::Chance;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::{Cell, Frame, Grid, Key, Onset};

/// Pitches of the small cases.
const FEW: [u8; 3] = [60, 64, 67];

/// What a cell can be in a small case: a rest, or a pitch struck or held.
fn cells() -> Vec<Cell> {
    let sounding = FEW
        .into_iter()
        .flat_map(|pitch| [Onset::Struck, Onset::Held].map(|onset| Cell { pitch: Some(pitch), onset }));
    std::iter::once(Cell::REST).chain(sounding).collect()
}

/// Every piece of a frame in which what is held goes on from the same pitch.
fn every_piece(frame: &Frame) -> Vec<Grid> {
    let cells = cells();
    let count = frame.voices * frame.steps;
    let mut pieces = Vec::new();
    for number in 0..cells.len().pow(count as u32) {
        let mut grid = Grid::new(frame.clone());
        let mut left = number;
        for at in 0..count {
            grid.set(at / frame.voices, at % frame.voices, cells[left % cells.len()]);
            left /= cells.len();
        }
        let legal = (0..count).all(|at| {
            let (step, voice) = (at / frame.voices, at % frame.voices);
            let cell = grid.at(step, voice);
            cell.onset != Onset::Held || (step > 0 && grid.at(step - 1, voice).pitch == cell.pitch)
        });
        if legal {
            pieces.push(grid);
        }
    }
    pieces
}

/// Part of a random piece.
fn some_draft(chance: &mut Chance, pieces: &[Grid]) -> Draft {
    let piece = &pieces[chance.below(pieces.len())];
    let mut draft = Draft::open(piece.frame.clone());
    for step in 0..piece.steps() {
        for voice in 0..piece.voices() {
            let cell = piece.at(step, voice);
            match chance.below(4) {
                0 => draft.pin(step, voice, cell),
                1 => draft.narrow(step, voice, etude_piece::draft::Hole::only(cell.pitch)),
                2 => draft.mark(step, voice, cell.onset),
                _ => {}
            }
        }
    }
    draft
}

fn few(voices: usize) -> Vec<Alphabet> {
    (0..voices).map(|_| Alphabet::new(FEW)).collect()
}

/// Constraints that fit the small frames, with chances of meeting each other.
fn some_constraints(chance: &mut Chance, voices: usize, most: usize, whats: &[&str]) -> Vec<Constraint> {
    let regions = ["", "@1.1", "@1.2", "@1.1-1.2", "@*.2", "@start", "@end", "@1"];
    let parts = ["", "1", "*", "2"];
    let parts = &parts[..voices + 2];
    let count = 1 + chance.below(most);
    let mut constraints = Vec::new();
    while constraints.len() < count {
        let text = format!("{}{}={}", pick(chance, parts), pick(chance, &regions), pick(chance, whats));
        let kind = if chance.below(3) == 0 { Kind::Forbid } else { Kind::Keep };
        constraints.extend(Constraint::parse(kind, &text));
    }
    constraints
}

const SMALL: [&str; 18] = [
    "C4",
    "E",
    "C4..E4",
    "E4..",
    "c-minor",
    "scale",
    "^3",
    "chord:C",
    "chord:C/E",
    "chord:Am",
    "rest",
    "sounding",
    "rhythm:1",
    "rhythm:2",
    "rhythm:1,1r",
    "hold",
    "strike",
    "cadence:half",
];

/// The compilation allows exactly the pieces that meet every constraint on a plain reading.
#[track_caller]
fn check_against_every_piece(voices: usize, steps: usize, cases: usize, seed: u64) {
    let frame = quarters(voices, steps);
    let pieces = every_piece(&frame);
    let mut chance = Chance::new(seed, 0);
    let (mut possible, mut impossible) = (0, 0);
    for _ in 0..cases {
        let draft = some_draft(&mut chance, &pieces);
        let mut constraints = some_constraints(&mut chance, voices, 3, &SMALL);
        let keep = |text: &str| Constraint::parse(Kind::Keep, text).expect("it reads");
        let mut plain = Vec::new();
        match chance.below(4) {
            // Some of the draft, and perhaps not quite what it was.
            0 => {
                constraints.push(keep("@1.2=given"));
                constraints.extend(some_constraints(
                    &mut chance,
                    voices,
                    1,
                    &["given", "given,rest", "open"],
                ));
            }
            // The draft counts by itself: the plain reading is told so.
            1 => {
                constraints.push(keep("@1.2=open"));
                plain.push(keep("*=given"));
            }
            _ => plain.push(keep("*=given")),
        }
        plain.extend(constraints.iter().cloned());
        let laid = compile(Some(&draft), &frame, Key::C_MAJOR, &few(voices), &constraints);
        let mut some = false;
        for piece in &pieces {
            let keeps = met(Some(&draft), Key::C_MAJOR, piece, &plain).into_iter().all(|met| met);
            let allowed = laid.as_ref().is_ok_and(|laid| laid.broken_by(piece).is_none());
            assert_eq!(keeps, allowed, "{constraints:?}\n{draft:?}\n{laid:?}\n{piece:?}");
            some |= keeps;
        }
        assert_eq!(some, laid.is_ok(), "{constraints:?}\n{draft:?}");
        if some { possible += 1 } else { impossible += 1 }
    }
    assert!(possible > cases / 10 && impossible > cases / 10, "{possible} possible, {impossible} impossible");
}

#[test]
fn a_melodys_draft_allows_exactly_what_a_plain_reading_does() {
    check_against_every_piece(1, 4, 400, 2);
}

#[test]
fn two_voices_draft_allows_exactly_what_a_plain_reading_does() {
    check_against_every_piece(2, 2, 400, 3);
}

/// Lays only those sources that are named.
fn lay_only(
    names: &[String],
    draft: &Draft,
    ranges: &[Alphabet],
    constraints: &[Constraint],
) -> Result<Draft, Contradiction> {
    let has = |name: &str| names.iter().any(|other| other == name);
    let ranges: Vec<Alphabet> = ranges
        .iter()
        .enumerate()
        .map(|(voice, range)| {
            match names.iter().any(|name| name.ends_with(["of the soprano", "of the bass"][voice])) {
                true => range.clone(),
                false => Alphabet::range(0, 127),
            }
        })
        .collect();
    let constraints: Vec<Constraint> =
        constraints.iter().filter(|constraint| has(&constraint.to_string())).cloned().collect();
    let draft = has("the draft").then_some(draft);
    compile(draft, &quarters(2, 4), Key::C_MAJOR, &ranges, &constraints)
}

#[test]
fn a_thousand_contradictions_are_named_by_smallest_sets() {
    let pieces = every_piece(&quarters(2, 2));
    let mut chance = Chance::new(4, 0);
    let mut found = 0;
    for _ in 0..100_000 {
        let draft = some_draft(&mut chance, &pieces);
        let constraints = some_constraints(&mut chance, 2, 6, &SMALL);
        let ranges = few(2);
        let Err(all) = compile(Some(&draft), &quarters(2, 4), Key::C_MAJOR, &ranges, &constraints) else {
            continue;
        };
        let mut typed: Vec<String> = constraints.iter().map(Constraint::to_string).collect();
        typed.sort();
        typed.dedup();
        // A constraint typed twice can't be told from its double by name; one that fits no piece is no contradiction.
        if typed.len() < constraints.len() || all.place.is_none() {
            continue;
        }
        found += 1;
        let names = all.constraints.clone();
        assert!(lay_only(&names, &draft, &ranges, &constraints).is_err(), "{all} is no contradiction");
        for left_out in 0..names.len() {
            let mut fewer = names.clone();
            fewer.remove(left_out);
            if let Err(other) = lay_only(&fewer, &draft, &ranges, &constraints) {
                // What is left may still contradict itself, but elsewhere or otherwise.
                let same = other.place == all.place && other.voice == all.voice;
                let disagree = |c: &Contradiction| c.problem.contains("begin");
                assert!(!same || disagree(&other) != disagree(&all), "{all}; yet {other}");
            }
        }
        if found == 1_000 {
            return;
        }
    }
    panic!("only {found} contradictions came up");
}
