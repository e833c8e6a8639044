//! Frames at equal distances, and what is taken away before a comparison.

use super::path;
use crate::gesture::normal::{Normal, Origin, Size};
use crate::gesture::trajectory::Trajectory;
use etude_piece::strokes::{Point, Stroke, Strokes};

#[track_caller]
fn check(trajectory: &Trajectory, expected: &[f64]) {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
    let alike =
        trajectory.frames().len() == expected.len() && trajectory.frames().iter().zip(expected).all(near);
    assert!(alike, "{:?}, not {expected:?}", trajectory.frames());
}

fn drawing(strokes: &[&[[f64; 3]]]) -> Strokes {
    let point = |&[x, y, time]: &[f64; 3]| Point { x, y, time: Some(time) };
    let stroke = |points: &&[[f64; 3]]| Stroke { points: points.iter().map(point).collect() };
    Strokes { strokes: strokes.iter().map(stroke).collect() }
}

#[test]
fn frames_stand_at_equal_distances_along_the_path() {
    let bent = path(&[[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]], 1);
    check(&bent.along_path(5), &[0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 3.0, 1.0]);
    check(&bent.along_path(1), &[0.0, 0.0]);
}

#[test]
fn frames_stand_at_equal_times_where_times_are_known() {
    let line = Trajectory::new(vec![0.0, 1.0, 9.0], 1).expect("three numbers");
    check(&line.along_time(5), &[0.0, 0.5, 1.0, 5.0, 9.0]);
    let timed = line.with_times(vec![0.0, 3.0, 4.0]).expect("three times");
    check(&timed.along_time(5), &[0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 9.0]);
    assert_eq!(timed.along_time(5).times(), [0.0, 1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn a_point_that_is_touched_is_drawn_as_often_as_asked() {
    check(&path(&[[7.0, 8.0]], 1).along_path(3), &[7.0, 8.0, 7.0, 8.0, 7.0, 8.0]);
    let still = path(&[[7.0, 8.0], [7.0, 8.0]], 1);
    let normal = Normal { origin: Origin::Centroid, size: Size::Longest };
    check(&still.along_path(2).normalised(normal), &[0.0; 4]);
}

#[test]
fn no_frame_lies_between_strokes() {
    let cross: [&[[f64; 3]]; 2] =
        [&[[0.0, 0.0, 0.0], [2.0, 0.0, 1.0]], &[[10.0, 5.0, 2.0], [10.0, 7.0, 3.0]]];
    let trajectory = Trajectory::from_strokes(&drawing(&cross)).expect("a drawing");
    assert_eq!(trajectory.length(), 4.0);
    let taken = trajectory.along_path(5);
    check(&taken, &[0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 10.0, 6.0, 10.0, 7.0]);
    assert_eq!(taken.strokes().collect::<Vec<_>>(), [0..3, 3..5]);
}

#[test]
fn a_drawing_comes_back_as_it_was() {
    let cross: [&[[f64; 3]]; 2] = [&[[0.0, 0.0, 0.0], [2.0, 0.5, 1.0]], &[[10.0, 5.0, 2.0]]];
    let strokes = drawing(&cross);
    assert_eq!(Trajectory::from_strokes(&strokes).expect("a drawing").to_strokes(), strokes);
}

#[test]
fn sides_become_one_but_a_line_stays_a_line() {
    let normal = |size| Normal { origin: Origin::Start, size };
    let flat = path(&[[1.0, 1.0], [5.0, 3.0]], 1);
    check(&flat.normalised(normal(Size::Sides(30))), &[0.0, 0.0, 1.0, 1.0]);
    check(&flat.normalised(normal(Size::Longest)), &[0.0, 0.0, 1.0, 0.5]);
    let line = path(&[[1.0, 1.0], [5.0, 2.0]], 1);
    check(&line.normalised(normal(Size::Sides(30))), &[0.0, 0.0, 1.0, 0.25]);
}

#[test]
fn what_is_no_trajectory_is_refused() {
    for (frames, dimension) in [
        (vec![], 2),
        (vec![1.0], 2),
        (vec![1.0], 0),
        (vec![f64::NAN], 1),
        (vec![f64::INFINITY, 0.0], 2),
        (vec![1e300], 1),
        (vec![0.0; 2000], 2000),
    ] {
        assert!(Trajectory::new(frames.clone(), dimension).is_err(), "{} of {dimension}", frames.len());
    }
    let two = || Trajectory::new(vec![1.0, 2.0], 1).expect("two frames");
    for times in [vec![0.0], vec![1.0, 0.0], vec![0.0, f64::NAN]] {
        assert!(two().with_times(times).is_err());
    }
    assert!(Trajectory::from_strokes(&Strokes::default()).is_err());
}
