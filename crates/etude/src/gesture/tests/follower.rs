//! Following a gesture while it is under way.

use super::chain::DRAWING;
use super::{drawings, path};
use crate::gesture::follower::{Follower, Standing};
use crate::gesture::trajectory::Trajectory;

fn follower() -> Follower {
    let examples: Vec<(String, Trajectory)> = (1..4).flat_map(|seed| drawings(15.0, seed)).collect();
    Follower::learn(&examples, &DRAWING).expect("twelve examples")
}

/// What is known after each frame.
fn followed(follower: &Follower, gesture: &Trajectory) -> Vec<Vec<Standing>> {
    let mut following = follower.begin();
    (0..gesture.len()).map(|i| following.step(follower, gesture.frame(i)).expect("a frame")).collect()
}

#[test]
fn every_gesture_is_known_before_its_end_and_its_phase_runs_from_0_to_1() {
    let follower = follower();
    for (index, (name, gesture)) in drawings(15.0, 9).into_iter().enumerate() {
        let told = followed(&follower, &gesture);
        let late = &told[told.len() * 3 / 4];
        assert!(late[index].probability > 0.9, "{name}: {late:?}");
        let phases: Vec<f64> = told.iter().map(|standings| standings[index].phase).collect();
        assert!(phases[0] < 0.05 && phases[phases.len() - 1] > 0.7, "{name}: {phases:?}");
        // How large a line will be can't be told before its end.
        let halfway = phases[phases.len() / 2];
        assert!((halfway - 0.5).abs() < 0.15 || name == "line", "{name}: {halfway}");
        let finished = [told.len() / 2, told.len() - 1].map(|frame| told[frame][index].finished);
        assert!(finished[0] < 0.01 && finished[1] > 0.1, "{name}: {finished:?}");
    }
}

#[test]
fn probabilities_sum_to_one_at_every_frame() {
    for standings in followed(&follower(), &drawings(40.0, 11)[2].1) {
        let sum: f64 = standings.iter().map(|standing| standing.probability).sum();
        assert!((sum - 1.0).abs() < 1e-9);
        assert!(standings.iter().all(|s| (0.0..=1.0 + 1e-9).contains(&s.phase) && s.nats.is_finite()));
    }
}

#[test]
fn a_drawing_of_half_the_size_and_twice_the_pace_is_followed() {
    let follower = follower();
    let small = path(&[[0.0, 70.0], [35.0, 0.0], [70.0, 70.0], [0.0, 70.0]], 6);
    let told = followed(&follower, &small);
    let last = &told[told.len() - 1][0];
    assert!(last.probability > 0.9 && last.size < 0.8 && last.phase > 0.9, "{last:?}");
}

#[test]
fn foreign_frames_are_refused() {
    let follower = follower();
    for frame in [&[1.0][..], &[1.0, f64::NAN], &[1.0, f64::INFINITY], &[1.0, 2.0, 3.0], &[]] {
        assert!(follower.begin().step(&follower, frame).is_err(), "{frame:?}");
    }
    assert!(Follower::learn(&[], &DRAWING).is_err());
    let other = Trajectory::new(vec![1.0; 3], 3).expect("a frame");
    let mixed = [drawings(0.0, 1).swap_remove(0), ("other".to_owned(), other)];
    assert!(Follower::learn(&mixed, &DRAWING).is_err());
}
