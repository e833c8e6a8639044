//! Gestures on drawings that a person can read, and against slow plain versions.

mod chain;
mod follower;
mod recogniser;
mod templates;
mod trajectory;
mod variation;
mod warping;

use super::trajectory::Trajectory;
use crate::inference::chance::Chance;

/// A path through points, `between` frames from each to the next.
fn path(points: &[[f64; 2]], between: usize) -> Trajectory {
    let mut frames = points[0].to_vec();
    for pair in points.windows(2) {
        for step in 1..=between {
            let part = step as f64 / between as f64;
            frames.extend((0..2).map(|d| pair[0][d] + (pair[1][d] - pair[0][d]) * part));
        }
    }
    Trajectory::new(frames, 2).expect("points of a plane")
}

/// A triangle, a zigzag, a hook and a line, each drawn by a hand of some tremor.
fn drawings(tremor: f64, seed: u64) -> Vec<(String, Trajectory)> {
    let mut chance = Chance::new(seed, 0);
    let shapes: [(&str, &[[f64; 2]]); 4] = [
        ("triangle", &[[0.0, 100.0], [50.0, 0.0], [100.0, 100.0], [0.0, 100.0]]),
        ("zigzag", &[[0.0, 0.0], [100.0, 0.0], [0.0, 90.0], [100.0, 90.0]]),
        ("hook", &[[80.0, 0.0], [80.0, 100.0], [0.0, 100.0], [0.0, 60.0]]),
        ("line", &[[0.0, 0.0], [50.0, 1.0], [100.0, 0.0]]),
    ];
    let mut drawn = Vec::new();
    for (name, points) in shapes {
        let mut moved = |number: f64| number + tremor * (chance.unit() - 0.5);
        let points: Vec<[f64; 2]> = points.iter().map(|point| point.map(&mut moved)).collect();
        drawn.push((name.to_owned(), path(&points, 12)));
    }
    drawn
}
