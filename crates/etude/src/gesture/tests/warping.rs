//! Warping against the plain recursion, and its bound against it.

use super::drawings;
use crate::gesture::normal::{Normal, Origin, Size};
use crate::gesture::trajectory::{Trajectory, squared_distance};
use crate::gesture::warping::{Along, Series, View};
use crate::inference::chance::Chance;

const COUNT: usize = 9;

fn view(band: usize) -> View {
    let normal = Normal { origin: Origin::Kept, size: Size::Kept };
    View { along: Along::Time, count: COUNT, normal, directions: 0.0, band }
}

/// D(i, j) as it is written.
fn plain(a: &Trajectory, b: &Trajectory, i: usize, j: usize, band: usize) -> f64 {
    if i.abs_diff(j) > band {
        return f64::INFINITY;
    }
    let before = match (i, j) {
        (0, 0) => 0.0,
        (0, _) => plain(a, b, 0, j - 1, band),
        (_, 0) => plain(a, b, i - 1, 0, band),
        _ => {
            plain(a, b, i - 1, j, band).min(plain(a, b, i, j - 1, band)).min(plain(a, b, i - 1, j - 1, band))
        }
    };
    squared_distance(a.frame(i), b.frame(j)) + before
}

fn noise(seed: u64) -> Trajectory {
    let mut chance = Chance::new(seed, 0);
    Trajectory::new((0..2 * COUNT).map(|_| chance.unit()).collect(), 2).expect("numbers")
}

#[track_caller]
fn check(band: usize) {
    for seed in 0..20 {
        let (a, b) = (noise(seed), noise(seed + 100));
        let expected = (plain(&a, &b, COUNT - 1, COUNT - 1, band) / COUNT as f64).sqrt();
        let (a, b) = (Series::new(&a, &view(band)), Series::new(&b, &view(band)));
        assert!((a.distance(&b, f64::INFINITY) - expected).abs() < 1e-12);
        assert!(a.lower_bound(&b).max(b.lower_bound(&a)) <= expected + 1e-12);
        assert_eq!(a.distance(&b, expected * 1.001), a.distance(&b, f64::INFINITY));
        assert_eq!(a.distance(&b, expected * 0.999), f64::INFINITY);
        assert_eq!(a.distance(&a, f64::INFINITY), 0.0);
    }
}

#[test]
fn the_fast_cost_is_that_of_the_plain_recursion_and_never_below_its_bound() {
    check(0);
    check(2);
    check(COUNT);
}

#[test]
fn a_gesture_that_lingers_is_the_same() {
    let steady =
        Trajectory::new((0..40).map(|i| libm::sin(f64::from(i) * 0.2)).collect(), 1).expect("a wave");
    let lingering: Vec<f64> =
        (0..60).map(|i| libm::sin(f64::from(i.min(20) + (i - 40).max(0)) * 0.2)).collect();
    let lingering = Trajectory::new(lingering, 1).expect("a wave");
    let other = Trajectory::new((0..40).map(|i| libm::cos(f64::from(i) * 0.2)).collect(), 1).expect("a wave");
    let series = |gesture, band| Series::new(gesture, &View { count: 40, ..view(band) });
    let apart = |gesture, band| series(gesture, band).distance(&series(&steady, band), f64::INFINITY);
    let told = [apart(&lingering, 15), apart(&lingering, 0), apart(&other, 15)];
    assert!(told[0] < 0.1 && told[1] > 0.3 && told[2] > 0.2, "{told:?}");
}

#[test]
fn drawings_are_told_apart() {
    let normal = Normal { origin: Origin::Centroid, size: Size::Longest };
    let view = View { along: Along::Path, count: 48, normal, directions: 0.4, band: 7 };
    let known: Vec<(String, Series)> =
        drawings(0.0, 1).into_iter().map(|(name, drawing)| (name, Series::new(&drawing, &view))).collect();
    for (name, drawing) in drawings(25.0, 5) {
        let asked = Series::new(&drawing, &view);
        let apart = |known: &Series| asked.distance(known, f64::INFINITY);
        let best = known.iter().min_by(|a, b| apart(&a.1).total_cmp(&apart(&b.1))).expect("four");
        assert_eq!(best.0, name);
    }
}
