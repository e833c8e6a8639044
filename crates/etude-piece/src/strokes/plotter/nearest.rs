//! Which of many points is nearest: a k-d tree (Bentley 1975) from which points can be taken away.

/// A place on the sheet.
pub(super) type Place = [f64; 2];

/// Points by their numbers. Its nodes are the points themselves, laid out so that the middle of a range parts it.
#[derive(Debug)]
pub(super) struct Nearest {
    /// Numbers of points, in the tree's order.
    order: Vec<u32>,
    /// The place of each point, in the tree's order.
    places: Vec<Place>,
    /// Where each point stands in the tree.
    at: Vec<u32>,
    /// Whether a point is still there, in the tree's order.
    there: Vec<bool>,
    /// How many points are still there in the range of which a node is the middle.
    left: Vec<u32>,
}

impl Nearest {
    /// A tree of all points.
    pub(super) fn new(points: &[Place]) -> Self {
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut left = vec![0; points.len()];
        let mut ranges = vec![(0_usize, points.len(), 0)];
        while let Some((from, to, axis)) = ranges.pop() {
            if from == to {
                continue;
            }
            let middle = from.midpoint(to);
            let by = |&a: &u32, &b: &u32| {
                points[a as usize][axis].total_cmp(&points[b as usize][axis]).then(a.cmp(&b))
            };
            order[from..to].select_nth_unstable_by(middle - from, by);
            left[middle] = (to - from) as u32;
            ranges.extend([(from, middle, 1 - axis), (middle + 1, to, 1 - axis)]);
        }
        let mut at = vec![0; points.len()];
        for (place, &point) in order.iter().enumerate() {
            at[point as usize] = place as u32;
        }
        let places = order.iter().map(|&point| points[point as usize]).collect();
        Self { there: vec![true; order.len()], order, places, at, left }
    }

    /// Takes a point away, if it is there.
    pub(super) fn remove(&mut self, point: usize) {
        let at = self.at[point] as usize;
        if !std::mem::take(&mut self.there[at]) {
            return;
        }
        let (mut from, mut to) = (0_usize, self.order.len());
        loop {
            let middle = from.midpoint(to);
            self.left[middle] -= 1;
            match at.cmp(&middle) {
                std::cmp::Ordering::Less => to = middle,
                std::cmp::Ordering::Equal => return,
                std::cmp::Ordering::Greater => from = middle + 1,
            }
        }
    }

    /// The nearest points that are there and not `except`, nearest first, with the squares of their distances; the lower number
    /// comes first where distances are the same.
    pub(super) fn find(
        &self,
        place: Place,
        count: usize,
        except: impl Fn(usize) -> bool,
    ) -> Vec<(f64, usize)> {
        let mut found: Vec<(f64, usize)> = Vec::with_capacity(count + 1);
        let mut ranges = vec![(0_usize, self.order.len(), 0, 0.0)];
        while let Some((from, to, axis, away)) = ranges.pop() {
            let middle = from.midpoint(to);
            let far = found.len() == count && found.last().is_none_or(|&(most, _)| away > most);
            if from == to || far || self.left[middle] == 0 {
                continue;
            }
            let here = self.places[middle];
            let point = self.order[middle] as usize;
            if self.there[middle] && !except(point) {
                let entry = ((here[0] - place[0]).powi(2) + (here[1] - place[1]).powi(2), point);
                let before =
                    |known: &(f64, usize)| known.0 < entry.0 || (known.0 == entry.0 && known.1 < entry.1);
                let rank = found.partition_point(before);
                if rank < count {
                    found.insert(rank, entry);
                    found.truncate(count);
                }
            }
            let side = place[axis] - here[axis];
            let other = away.max(side * side);
            let (lower, upper) = ((from, middle, 1 - axis), (middle + 1, to, 1 - axis));
            let (near, beyond) = if side < 0.0 { (lower, upper) } else { (upper, lower) };
            ranges.push((beyond.0, beyond.1, beyond.2, other));
            ranges.push((near.0, near.1, near.2, away));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::mutants::Chance;

    #[test]
    fn the_tree_finds_what_a_plain_search_finds() {
        let chance = &mut Chance::new(5);
        for size in [0, 1, 2, 7, 100, 300] {
            // Few places, so that many points share one.
            let points: Vec<Place> =
                (0..size).map(|_| [chance.below(20) as f64, chance.below(20) as f64]).collect();
            let mut tree = Nearest::new(&points);
            let mut gone = vec![false; size];
            for _ in 0..60 {
                let place = [chance.below(25) as f64, chance.below(25) as f64];
                let mut plain: Vec<(f64, usize)> = (0..size)
                    .filter(|&point| !gone[point] && point % 7 != 3)
                    .map(|point| {
                        ((points[point][0] - place[0]).powi(2) + (points[point][1] - place[1]).powi(2), point)
                    })
                    .collect();
                plain.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                plain.truncate(5);
                assert_eq!(tree.find(place, 5, |point| point % 7 == 3), plain);
                if size > 0 {
                    let point = chance.below(size);
                    tree.remove(point);
                    gone[point] = true;
                }
            }
        }
    }
}
