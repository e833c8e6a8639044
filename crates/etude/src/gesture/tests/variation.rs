//! New gestures: of the right law, no copies, and the same from the same seed.

use super::chain::DRAWING;
use super::{drawings, path};
use crate::gesture::chain::{Building, Chain};
use crate::gesture::trajectory::Trajectory;
use crate::gesture::variation::Variation;
use crate::inference::chance::Chance;
use etude_piece::strokes::Strokes;

const SENSORS: Building = Building { anchored: false, ..DRAWING };

#[test]
fn each_place_has_the_mean_and_the_variance_of_its_state() {
    let examples: Vec<Trajectory> = (1..5).map(|seed| drawings(20.0, seed).swap_remove(2).1).collect();
    let chain = Chain::build(&examples.iter().collect::<Vec<_>>(), &SENSORS);
    let (first, last) = (0, chain.states() - 1);
    const DRAWN: usize = 4000;
    let mut sums = [[0.0; 2]; 2];
    let mut chance = Chance::new(5, 0);
    for _ in 0..DRAWN {
        let made = Variation::draw(&chain, &mut chance).trajectory();
        for (place, (frame, state)) in [(0, first), (made.len() - 1, last)].into_iter().enumerate() {
            let apart = made.frame(frame)[1] - chain.mean[state * 2 + 1];
            sums[place][0] += apart;
            sums[place][1] += apart * apart;
        }
    }
    for (place, state) in [first, last].into_iter().enumerate() {
        let variance = chain.variance[state * 2 + 1];
        let [mean, square] = sums[place].map(|sum| sum / DRAWN as f64);
        assert!(mean.abs() < 4.0 * (variance / DRAWN as f64).sqrt(), "{mean}");
        assert!((square / variance - 1.0).abs() < 0.1, "{square} beside {variance}");
    }
}

#[test]
fn what_is_made_is_as_long_as_its_examples_and_no_two_are_alike() {
    let example = drawings(0.0, 1).swap_remove(1).1;
    let times = (0..example.len()).map(|i| i as f64 * 0.01).collect();
    let example = example.with_times(times).expect("a time for each frame");
    let chain = Chain::build(&[&example], &DRAWING);
    let draw = |stream| Variation::draw(&chain, &mut Chance::new(1, stream)).trajectory();
    for stream in 0..20 {
        let made = draw(stream);
        let ratio = made.len() as f64 / example.len() as f64;
        assert!((0.5..2.0).contains(&ratio), "{ratio}");
        let seconds = made.times()[made.len() - 1];
        assert!((0.15..0.8).contains(&seconds), "{seconds}");
        assert_eq!(made, draw(stream));
        assert_ne!(made, draw(stream + 1));
        assert_ne!(made.frames(), example.frames());
    }
}

#[test]
fn a_drawing_of_two_strokes_stays_one() {
    let bar = path(&[[0.0, 50.0], [100.0, 50.0]], 15).to_strokes();
    let post = path(&[[50.0, 0.0], [50.0, 100.0]], 15).to_strokes();
    let strokes = bar.strokes.into_iter().chain(post.strokes).collect();
    let plus = Trajectory::from_strokes(&Strokes { strokes }).expect("a plus");
    let chain = Chain::build(&[&plus], &DRAWING);
    for stream in 0..10 {
        let made = Variation::draw(&chain, &mut Chance::new(1, stream)).strokes();
        assert_eq!(made.strokes.len(), 2);
        for stroke in &made.strokes {
            let longest =
                stroke.points.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y));
            assert!(longest.fold(0.0, f64::max) < 30.0, "a stroke holds no jump");
        }
    }
}
