//! Smoother lines: every point goes to the mean of the stretch of line around it.

use super::{Point, Stroke, Strokes};

/// How often the mean is taken: three times come close to a Gaussian.
const ROUNDS: usize = 3;

impl Strokes {
    /// The drawing with smoothed strokes. `width` is about twice the standard deviation of the window, in units of the drawing
    /// along the line: what is finer than that is smoothed away. Ends and times stay; the window shrinks towards the ends.
    #[must_use]
    pub fn smoothed(&self, width: f64) -> Self {
        Self { strokes: self.strokes.iter().map(|stroke| stroke.smoothed(width)).collect() }
    }
}

impl Stroke {
    /// The stroke smoothed, as [`Strokes::smoothed`].
    #[must_use]
    pub fn smoothed(&self, width: f64) -> Self {
        let worth = width.is_finite() && width > 0.0;
        // Means over windows of ±h have the variance h²/3, and those of three rounds add up: h is the standard deviation.
        (0..if worth { ROUNDS } else { 0 }).fold(self.clone(), |stroke, _| stroke.averaged(width / 2.0))
    }

    /// Each point at the mean of the line from `half` before it to `half` after it.
    fn averaged(&self, half: f64) -> Self {
        let ways = self.ways();
        let (Some(&length), true) = (ways.last(), self.points.len() > 2) else { return self.clone() };
        let integral = Integral::of(&self.points, &ways);
        let (mut low, mut high) = (0, 0);
        let mut points = self.points.clone();
        for (index, point) in points.iter_mut().enumerate() {
            let way = ways[index];
            let half = half.min(way).min(length - way);
            if half <= 0.0 {
                continue;
            }
            let (from, to) = (integral.until(way - half, &mut low), integral.until(way + half, &mut high));
            (point.x, point.y) = ((to.0 - from.0) / (2.0 * half), (to.1 - from.1) / (2.0 * half));
        }
        // Where the line stands still, its ends stand at the ends of its way, whatever their number.
        Self { points }
    }
}

/// The sum of a line's coordinates along its way.
struct Integral<'a> {
    points: &'a [Point],
    ways: &'a [f64],
    /// The sum up to each point, counted from the first so that large coordinates cancel nothing.
    sums: Vec<(f64, f64)>,
}

impl<'a> Integral<'a> {
    fn of(points: &'a [Point], ways: &'a [f64]) -> Self {
        let mut sums = vec![(0.0, 0.0)];
        for index in 1..points.len() {
            let (a, b, step) = (points[index - 1], points[index], ways[index] - ways[index - 1]);
            let (x, y) = sums[index - 1];
            sums.push((x + step * (a.x + b.x) / 2.0, y + step * (a.y + b.y) / 2.0));
        }
        Self { points, ways, sums }
    }

    /// The sum up to a way. `from` is where the last search ended: ways are asked for in ascending order, or nearly.
    fn until(&self, way: f64, from: &mut usize) -> (f64, f64) {
        while *from > 0 && self.ways[*from] > way {
            *from -= 1;
        }
        while *from + 2 < self.ways.len() && self.ways[*from + 1] < way {
            *from += 1;
        }
        let at = *from;
        let step = self.ways[at + 1] - self.ways[at];
        let here = (way - self.ways[at]).clamp(0.0, step);
        let share = if step > 0.0 { here / step } else { 0.0 };
        let end = self.points[at].towards(&self.points[at + 1], share);
        let (x, y) = self.sums[at];
        (x + here * (self.points[at].x + end.x) / 2.0, y + here * (self.points[at].y + end.y) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(points: impl IntoIterator<Item = (f64, f64)>) -> Stroke {
        Stroke { points: points.into_iter().map(|(x, y)| Point { x, y, time: None }).collect() }
    }

    #[test]
    fn a_straight_line_stays_and_so_do_ends() {
        let line = stroke((0..20).map(|index| (f64::from(index), 2.0 * f64::from(index))));
        for (before, after) in line.points.iter().zip(line.smoothed(5.0).points) {
            assert!(before.distance(&after) < 1e-9, "{before:?} {after:?}");
        }
        let zigzag = stroke((0..21).map(|index| (f64::from(index), f64::from(index % 2))));
        let smooth = zigzag.smoothed(6.0);
        assert_eq!((smooth.points[0], smooth.points[20]), (zigzag.points[0], zigzag.points[20]));
        assert!(smooth.points[5..16].iter().all(|point| (point.y - 0.5).abs() < 0.05), "{:?}", smooth.points);
    }

    #[test]
    fn the_window_is_a_slow_plain_mean() {
        let line =
            stroke([(0.0, 0.0), (1.0, 3.0), (2.0, -1.0), (2.0, -1.0), (5.0, 0.0), (6.0, 6.0), (7.0, 7.0)]);
        let (ways, fast) = (line.ways(), line.averaged(1.5));
        let at = |way: f64| {
            let next = ways.partition_point(|&known| known < way).clamp(1, ways.len() - 1);
            let step = ways[next] - ways[next - 1];
            line.points[next - 1]
                .towards(&line.points[next], if step > 0.0 { (way - ways[next - 1]) / step } else { 0.0 })
        };
        for (index, &way) in ways.iter().enumerate() {
            let half = 1.5_f64.min(way).min(ways[6] - way);
            let many = 20_000;
            let sum = (0..many).map(|k| at(way - half + 2.0 * half * (f64::from(k) + 0.5) / f64::from(many)));
            let (x, y) = sum.fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
            let slow = Point { x: x / f64::from(many), y: y / f64::from(many), time: None };
            assert!(slow.distance(&fast.points[index]) < 1e-3, "{index}: {slow:?} {:?}", fast.points[index]);
        }
    }

    #[test]
    fn dots_and_nonsense_change_nothing() {
        let dots = stroke([(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]);
        assert_eq!(dots.smoothed(3.0), dots);
        let line = stroke([(0.0, 0.0), (1.0, 1.0), (0.0, 5.0)]);
        assert_eq!([line.smoothed(f64::NAN), line.smoothed(0.0)], [line.clone(), line]);
    }
}
