//! The null class: how far from its examples a gesture may be before it is none, learnt from the examples alone.
//!
//! After Taranta et al. 2017: *Jackknife*, DOI 10.1145/3025453.3026002, section 4.4: what should be taken is made from the
//! examples, and so is what shouldn't.
//!
//! | | from |
//! |---|---|
//! | taken | each example beside the other ones of its name; new ones, drawn from the name's chain |
//! | not taken | examples of other names; the end of one example followed by the beginning of another |
//!
//! The limit is where least of both are misjudged, in the middle of the widest gap of that kind.

use super::recogniser::Recogniser;
use super::trajectory::Trajectory;
use super::variation::Variation;
use super::warping::Series;
use crate::inference::chance::Chance;

/// New examples of each name.
const DRAWN: usize = 6;

/// Pairs of which one begins and the other ends.
const JOINED: usize = 12;

/// Examples of other names, at most.
const OTHERS: usize = 24;

/// The seed of what is drawn: the same examples give the same limits.
const SEED: u64 = 0;

/// A limit for each name.
pub(super) fn limits(recogniser: &Recogniser) -> Vec<f64> {
    let view = recogniser.options().view();
    let examples = recogniser.examples();
    let joined: Vec<Series> =
        joined(examples, &mut Chance::new(SEED, 0)).iter().map(|joint| Series::new(joint, &view)).collect();
    let limit = |(place, name): (usize, &String)| {
        let own: Vec<&Series> =
            recogniser.templates().iter().filter(|t| t.name == place).map(|t| &t.series).collect();
        let apart = |asked: &Series| nearest(asked, own.iter().copied());
        let mut taken: Vec<f64> = Vec::new();
        if own.len() > 1 {
            // More than a few dozen tell nothing new.
            for (index, asked) in own.iter().enumerate().take(OTHERS) {
                let others = own.iter().enumerate().filter(|(other, _)| *other != index);
                taken.push(nearest(asked, others.map(|(_, series)| *series)));
            }
        }
        let chain = recogniser.follower().chain(name).expect("every name has a chain");
        let mut chance = Chance::new(SEED, 1 + place as u64);
        for _ in 0..DRAWN {
            taken.push(apart(&Series::new(&Variation::draw(chain, &mut chance).trajectory(), &view)));
        }
        let foreign = recogniser.templates().iter().filter(|template| template.name != place);
        let step = foreign.clone().count().div_ceil(OTHERS).max(1);
        let foreign = foreign.step_by(step).map(|template| &template.series);
        // What is no nearer than an example of the same name would be is no help.
        let refused: Vec<f64> = foreign.chain(&joined).map(apart).collect();
        between(taken, refused)
    };
    recogniser.names().iter().enumerate().map(limit).collect()
}

/// The distance to the nearest of some series.
fn nearest<'a>(asked: &Series, others: impl Iterator<Item = &'a Series>) -> f64 {
    others.fold(f64::INFINITY, |least, other| least.min(asked.distance(other, least)))
}

/// The end of one example followed by the beginning of another.
fn joined(examples: &[(usize, Trajectory)], chance: &mut Chance) -> Vec<Trajectory> {
    let mut pair = || {
        let [first, second] = [(); 2].map(|()| &examples[chance.below(examples.len())].1);
        let dimension = first.dimension();
        let (end, start) = (first.len() / 2, second.len().div_ceil(2));
        // Pens go on where they are.
        let shift: Vec<f64> = first
            .frame(first.len() - 1)
            .iter()
            .zip(second.frame(0))
            .map(|(last, next)| last - next)
            .collect();
        let mut frames = first.frames()[end * dimension..].to_vec();
        frames.extend(
            second.frames()[..start * dimension].iter().enumerate().map(|(i, x)| x + shift[i % dimension]),
        );
        Trajectory::new(frames, dimension).expect("parts of trajectories are finite")
    };
    (0..JOINED).map(|_| pair()).collect()
}

/// The number that least of `taken` are above and least of `refused` below, in the middle of the widest such gap.
fn between(mut taken: Vec<f64>, mut refused: Vec<f64>) -> f64 {
    taken.sort_by(f64::total_cmp);
    refused.sort_by(f64::total_cmp);
    let mut all: Vec<f64> = taken.iter().chain(&refused).copied().filter(|x| x.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let wrong = |limit: f64| {
        let missed = taken.len() - taken.partition_point(|&x| x <= limit);
        let passed = refused.partition_point(|&x| x <= limit);
        missed as f64 / taken.len() as f64 + passed as f64 / refused.len().max(1) as f64
    };
    let mut best = (f64::INFINITY, 0.0, all.last().copied().unwrap_or(0.0));
    for pair in all.windows(2) {
        let middle = 0.5 * (pair[0] + pair[1]);
        let (wrong, gap) = (wrong(middle), pair[1] - pair[0]);
        if wrong < best.0 || (wrong == best.0 && gap > best.1) {
            best = (wrong, gap, middle);
        }
    }
    best.2
}

#[cfg(test)]
mod tests {
    use super::between;

    #[track_caller]
    fn check(taken: &[f64], refused: &[f64], expected: f64) {
        assert_eq!(between(taken.to_vec(), refused.to_vec()), expected);
    }

    #[test]
    fn a_limit_lies_in_the_middle_between_what_is_taken_and_what_is_not() {
        check(&[1.0, 2.0], &[6.0, 9.0], 4.0);
    }

    #[test]
    fn where_they_mingle_least_are_misjudged() {
        check(&[1.0, 2.0, 8.0], &[7.0, 9.0, 10.0, 11.0], 8.5);
        check(&[1.0, 2.0, 3.0, 10.5], &[6.0, 7.0], 4.5);
    }

    #[test]
    fn a_single_example_that_nothing_is_beside_has_a_limit() {
        check(&[2.0], &[], 2.0);
    }
}
