//! The order of strokes that spares the pen's way: ends that meet are joined, and strokes follow those that end near them,
//! either way round.

use super::nearest::{Nearest, Place};
use super::tour::shortened;
use crate::strokes::{Point, Stroke, Strokes};

impl Strokes {
    /// The same lines in an order, and each in a direction, that shortens the way of the pen while it is up. Ends that are no
    /// farther apart than `tolerance` are joined by a line. Times are left out. The result depends on the drawing alone.
    #[must_use]
    pub fn ordered(&self, tolerance: f64) -> Self {
        let drawn = self.strokes.iter().filter(|stroke| !stroke.points.is_empty());
        let lines: Vec<Vec<Point>> = drawn.map(|stroke| untimed(&stroke.points)).collect();
        let lines = joined(lines, tolerance);
        let ends: Vec<[Place; 2]> = lines.iter().map(|line| ends(line)).collect();
        let mut lines: Vec<Option<Vec<Point>>> = lines.into_iter().map(Some).collect();
        let order = shortened(nearest_first(&ends), &ends);
        let drawn: Vec<(usize, bool)> = (0..ends.len()).map(|line| (line, false)).collect();
        let better = way(&order, &ends) <= way(&drawn, &ends);
        let order = if better { order } else { shortened(drawn, &ends) };
        let strokes = order.into_iter().filter_map(|(line, turned)| {
            let mut points = lines[line].take()?;
            if turned {
                points.reverse();
            }
            Some(Stroke { points })
        });
        Self { strokes: strokes.collect() }
    }
}

fn untimed(points: &[Point]) -> Vec<Point> {
    points.iter().map(|&point| Point { time: None, ..point }).collect()
}

/// Where a line begins and ends.
fn ends(line: &[Point]) -> [Place; 2] {
    let [first, last] = [0, line.len() - 1].map(|at| line[at]);
    [[first.x, first.y], [last.x, last.y]]
}

/// Lines joined where their ends meet. End `2 * line` is where a line begins, `2 * line + 1` where it ends.
fn joined(lines: Vec<Vec<Point>>, tolerance: f64) -> Vec<Vec<Point>> {
    let places: Vec<Place> = lines.iter().flat_map(|line| ends(line)).collect();
    let mut free = Nearest::new(&places);
    // The other end of the chain that an end belongs to, for ends of chains; and the end that it is joined to, for others.
    let mut opposite: Vec<usize> = (0..places.len()).map(|end| end ^ 1).collect();
    let mut mate: Vec<Option<usize>> = vec![None; places.len()];
    for end in 0..places.len() {
        if mate[end].is_some() {
            continue;
        }
        let own = opposite[end];
        let Some(&(square, other)) = free.find(places[end], 1, |point| point == end || point == own).first()
        else {
            continue;
        };
        if square.sqrt() > tolerance {
            continue;
        }
        (mate[end], mate[other]) = (Some(other), Some(end));
        let (one, two) = (own, opposite[other]);
        (opposite[one], opposite[two]) = (two, one);
        free.remove(end);
        free.remove(other);
    }
    let mut lines: Vec<Option<Vec<Point>>> = lines.into_iter().map(Some).collect();
    let mut chains = Vec::new();
    // Chains begin at ends that are joined to nothing; none is a ring, for a chain's own ends are never joined.
    for start in (0..places.len()).filter(|&end| mate[end].is_none()) {
        let mut chain: Vec<Point> = Vec::new();
        let mut next = Some(start);
        while let Some(mut line) = next.and_then(|end| lines[end / 2].take()) {
            let end = next.unwrap_or(start);
            if end % 2 == 1 {
                line.reverse();
            }
            let meet = chain.last().is_some_and(|last| last.distance(&line[0]) == 0.0);
            chain.extend(line.into_iter().skip(usize::from(meet)));
            next = mate[end ^ 1];
        }
        if !chain.is_empty() {
            chains.push(chain);
        }
    }
    chains
}

/// A tour from the first line on: always on to the nearest end of a line that is left. Each line with whether it is turned.
fn nearest_first(ends: &[[Place; 2]]) -> Vec<(usize, bool)> {
    let places: Vec<Place> = ends.iter().flatten().copied().collect();
    let mut left = Nearest::new(&places);
    let mut tour = Vec::with_capacity(ends.len());
    let mut next = (!ends.is_empty()).then_some(0);
    while let Some(end) = next {
        tour.push((end / 2, end % 2 == 1));
        left.remove(end);
        left.remove(end ^ 1);
        next = left.find(places[end ^ 1], 1, |_| false).first().map(|&(_, end)| end);
    }
    tour
}

/// How far the pen travels between the lines of a tour.
fn way(tour: &[(usize, bool)], ends: &[[Place; 2]]) -> f64 {
    let gap = |pair: &[(usize, bool)]| {
        let (from, to) = (ends[pair[0].0][usize::from(!pair[0].1)], ends[pair[1].0][usize::from(pair[1].1)]);
        (from[0] - to[0]).hypot(from[1] - to[1])
    };
    tour.windows(2).map(gap).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::mutants::Chance;
    use crate::strokes::stroke3::from_stroke3;

    /// Short lines anywhere.
    fn scattered(count: usize, seed: u64) -> Strokes {
        let chance = &mut Chance::new(seed);
        let strokes = (0..count).map(|_| {
            let (x, y) = (chance.below(1000) as f64, chance.below(1000) as f64);
            let end = (x + chance.below(60) as f64, y + chance.below(60) as f64);
            Stroke { points: [(x, y), end].map(|(x, y)| Point { x, y, time: None }).to_vec() }
        });
        Strokes { strokes: strokes.collect() }
    }

    /// The lines whatever their order and direction.
    fn lines(strokes: &Strokes) -> Vec<String> {
        let told = |stroke: &Stroke| {
            let mut points: Vec<String> =
                stroke.points.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
            points.sort();
            points.join(" ")
        };
        let mut lines: Vec<String> = strokes.strokes.iter().map(told).collect();
        lines.sort();
        lines
    }

    #[test]
    fn no_line_is_lost_and_the_way_is_shorter() {
        for count in [0, 1, 2, 3, 50, 2000] {
            let drawing = scattered(count, 11);
            let ordered = drawing.ordered(-1.0);
            assert!(lines(&ordered) == lines(&drawing), "{count}");
            assert!(ordered.pen_up() <= drawing.pen_up(), "{count}");
            assert!(ordered == drawing.ordered(-1.0), "{count}");
        }
        let drawing = scattered(2000, 11);
        let greedy = {
            let ends: Vec<[Place; 2]> = drawing.strokes.iter().map(|stroke| ends(&stroke.points)).collect();
            way(&nearest_first(&ends), &ends)
        };
        let found = drawing.ordered(-1.0).pen_up();
        assert!(found < 0.9 * greedy, "{found} {greedy}");
    }

    #[test]
    fn few_strokes_come_in_the_best_order() {
        let mut worst: f64 = 1.0;
        for seed in 0..30 {
            let drawing = scattered(6, seed);
            worst = worst.max(drawing.ordered(-1.0).pen_up() / best(&drawing));
        }
        assert!(worst < 1.1, "{worst}");
    }

    /// The shortest way, by trying all orders and directions.
    fn best(drawing: &Strokes) -> f64 {
        let ends: Vec<[Place; 2]> = drawing.strokes.iter().map(|stroke| ends(&stroke.points)).collect();
        let mut least = f64::MAX;
        let mut open = vec![(0_u32, None::<Place>, 0.0)];
        while let Some((done, at, way)) = open.pop() {
            if done + 1 == 1 << ends.len() {
                least = least.min(way);
            }
            for (line, places) in ends.iter().enumerate().filter(|(line, _)| done & (1 << line) == 0) {
                for turned in [0, 1] {
                    let gap =
                        at.map_or(0.0, |at| (at[0] - places[turned][0]).hypot(at[1] - places[turned][1]));
                    open.push((done | (1 << line), Some(places[1 - turned]), way + gap));
                }
            }
        }
        least
    }

    #[test]
    fn ends_that_meet_are_joined_either_way_round() {
        let rows = [
            [0.0, 0.0, 0.0],
            [5.0, 0.0, 1.0],
            [5.0, 5.0, 0.0],
            [-5.0, -5.0, 1.0],
            [5.0, 5.2, 0.0],
            [0.0, 5.0, 1.0],
        ];
        let drawing = from_stroke3(&rows).expect("three lines");
        assert_eq!(drawing.ordered(0.0).strokes.len(), 2);
        assert_eq!(drawing.ordered(0.25).to_string(), "0,0 5,0 10,5 10,5.2 10,10.2");
    }

    #[test]
    fn a_star_a_ring_and_dots_are_joined_in_no_time() {
        let lines = 20_000;
        let star = (0..lines).map(|index| [(0.0, 0.0), (f64::from(index), 1.0)]);
        let ring =
            (0..lines).map(|index| [(f64::from(index % lines), 9.0), (f64::from((index + 1) % lines), 9.0)]);
        for shape in [star.collect::<Vec<_>>(), ring.collect()] {
            let stroke = |line: [(f64, f64); 2]| Stroke {
                points: line.map(|(x, y)| Point { x, y, time: None }).to_vec(),
            };
            let drawing = Strokes { strokes: shape.into_iter().map(stroke).collect() };
            assert!(drawing.ordered(0.0).strokes.len() <= 10_000);
        }
        let dot = Stroke { points: vec![Point::default()] };
        assert_eq!(Strokes { strokes: vec![dot; 1000] }.ordered(0.0).to_string(), "0,0");
    }
}
