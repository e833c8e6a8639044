//! `$1` and point clouds: what they must not mind, and the fast matching against a plain one.

use super::{drawings, path};
use crate::gesture::cloud::{self, Cloud};
use crate::gesture::dollar::{Angle, Template};
use crate::gesture::trajectory::Trajectory;
use etude_piece::strokes::Strokes;

/// Turned by an angle about some place, enlarged and moved.
fn elsewhere(gesture: &Trajectory, angle: f64) -> Trajectory {
    gesture.turned(angle).map(|frame| vec![3.0 * frame[0] - 70.0, 3.0 * frame[1] + 900.0])
}

#[track_caller]
fn check(angle: Angle, turned: f64) {
    let known: Vec<(String, Template)> =
        drawings(0.0, 1).into_iter().map(|(name, drawing)| (name, Template::new(&drawing, angle))).collect();
    for (name, drawing) in drawings(15.0, 2) {
        let asked = Template::new(&elsewhere(&drawing, turned), angle);
        let order = |a: &&(String, Template), b: &&(String, Template)| {
            asked.score(&a.1).total_cmp(&asked.score(&b.1))
        };
        let best = known.iter().max_by(order).expect("four templates");
        assert_eq!(best.0, name, "turned by {turned}");
        assert!(asked.score(&best.1) > 0.8, "{name}: {}", asked.score(&best.1));
    }
}

#[test]
fn place_size_and_angle_do_not_matter() {
    check(Angle::Any, 0.0);
    check(Angle::Any, 2.0);
    check(Angle::Protractor, -1.3);
    check(Angle::Near, 0.3);
}

#[test]
fn a_gesture_is_at_no_distance_from_itself() {
    for (name, drawing) in drawings(10.0, 3) {
        for angle in [Angle::Any, Angle::Protractor] {
            let (here, there) =
                (Template::new(&drawing, angle), Template::new(&elsewhere(&drawing, 1.0), angle));
            // Golden sections come within 2°, and stop.
            assert!(here.distance(&there) < 0.03, "{name}: {}", here.distance(&there));
        }
    }
}

#[test]
fn golden_sections_find_what_trying_every_angle_finds() {
    let shapes = drawings(10.0, 4);
    for (_, a) in &shapes {
        for (_, b) in &shapes {
            let prepared = |angle: f64| Template::new(&a.turned(angle), Angle::Near);
            let found = Template::new(a, Angle::Near).distance(&Template::new(b, Angle::Near));
            let still = Template::new(b, Angle::Near);
            assert!(found <= prepared(0.0).distance(&still) + 1e-9);
        }
    }
}

#[test]
fn a_cloud_minds_neither_direction_nor_order_of_strokes() {
    let plus = |swapped: bool, back: bool| {
        let bar = path(&[[0.0, 50.0], [100.0, 50.0]], 8).to_strokes();
        let post = path(&[[50.0, 0.0], [50.0, 100.0]], 8).to_strokes();
        let mut strokes: Vec<_> = bar.strokes.into_iter().chain(post.strokes).collect();
        if swapped {
            strokes.reverse();
        }
        if back {
            strokes.iter_mut().for_each(|stroke| stroke.points.reverse());
        }
        Cloud::new(&Trajectory::from_strokes(&Strokes { strokes }).expect("a plus"))
    };
    let times = Cloud::new(&path(&[[0.0, 0.0], [100.0, 100.0], [100.0, 0.0], [0.0, 100.0]], 8));
    let all = f64::INFINITY;
    for (swapped, back) in [(true, false), (false, true), (true, true)] {
        let near = plus(false, false).distance(&plus(swapped, back), all);
        assert!(near < 0.3 * plus(false, false).distance(&times, all), "{swapped} {back}: {near}");
    }
}

#[test]
fn bounds_and_early_ends_of_clouds_change_no_answer() {
    let clouds: Vec<Cloud> =
        (0..6).flat_map(|seed| drawings(30.0, seed)).map(|(_, drawing)| Cloud::new(&drawing)).collect();
    for a in &clouds {
        for b in &clouds {
            let plain = cloud::plain_distance(a, b);
            assert_eq!(a.distance(b, f64::INFINITY), plain);
            assert!(a.distance(b, plain * 1.01 + 1e-9) == plain);
            assert!(a.distance(b, plain * 0.5) > plain * 0.5 || plain == 0.0);
        }
    }
}
