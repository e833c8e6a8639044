//! Shorter ways through lines: 2-opt (Croes 1958) and Or-opt (Or 1976), among near neighbours only (Johnson & McGeoch 1997).
//!
//! A tour is an open way through all lines, each walked in one of two directions. 2-opt walks a stretch of it backwards;
//! Or-opt takes up to three lines out and puts them elsewhere, either way round. Both are done as long as they shorten the way.

use super::nearest::{Nearest, Place};

/// How many near ends are tried for each end.
const NEIGHBOURS: usize = 10;

/// The most lines that are put elsewhere at once.
const MOVED: usize = 3;

/// How many lines may be walked backwards or moved aside in all, for each line of the tour: so there is an end.
const EFFORT: usize = 2_000;

/// And how many may be at least and at most.
const EFFORTS: (usize, usize) = (10_000_000, 400_000_000);

/// By how much a change has to shorten the way: no rounding error does.
const GAIN: f64 = 1e-9;

/// A line and whether it is walked from its end to its beginning.
type Step = (usize, bool);

/// A tour while it is shortened.
struct Tour<'a> {
    steps: Vec<Step>,
    /// Where each line stands in the tour.
    at: Vec<usize>,
    ends: &'a [[Place; 2]],
    /// Near ends of each end, `2 * line` where a line begins and `2 * line + 1` where it ends.
    near: Vec<Vec<usize>>,
    /// What is left of the effort.
    effort: usize,
}

/// A tour that no change of a kind shortens.
pub(super) fn shortened(steps: Vec<Step>, ends: &[[Place; 2]]) -> Vec<Step> {
    if steps.len() < 3 {
        return steps;
    }
    let places: Vec<Place> = ends.iter().flatten().copied().collect();
    let tree = Nearest::new(&places);
    let near = places.iter().enumerate().map(|(end, &place)| {
        let found = tree.find(place, NEIGHBOURS, |other| other / 2 == end / 2);
        found.into_iter().map(|(_, other)| other).collect()
    });
    let mut at = vec![0; ends.len()];
    steps.iter().enumerate().for_each(|(place, &(line, _))| at[line] = place);
    let effort = (EFFORT * steps.len()).clamp(EFFORTS.0, EFFORTS.1);
    let mut tour = Tour { steps, at, ends, near: near.collect(), effort };
    tour.shorten();
    tour.steps
}

fn distance(a: Place, b: Place) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

impl Tour<'_> {
    /// Changes the tour until nothing shortens it, line by line; lines beside a change are looked at again.
    fn shorten(&mut self) {
        let mut waiting: std::collections::VecDeque<usize> =
            self.steps.iter().map(|&(line, _)| line).collect();
        let mut waits = vec![true; self.ends.len()];
        while let Some(line) = waiting.pop_front() {
            waits[line] = false;
            while let Some(touched) = self.improve(line) {
                for line in touched {
                    if !std::mem::replace(&mut waits[line], true) {
                        waiting.push_back(line);
                    }
                }
                if self.effort == 0 {
                    return;
                }
            }
        }
    }

    /// The first change found that shortens the way beside a line, done; the lines beside it.
    fn improve(&mut self, line: usize) -> Option<Vec<usize>> {
        for end in [2 * line, 2 * line + 1] {
            for index in 0..self.near[end].len() {
                let other = self.near[end][index];
                let found = self.turn(end, other).or_else(|| self.shift(line, end, other));
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// Where a line is entered.
    fn entry(&self, at: usize) -> Place {
        let (line, turned) = self.steps[at];
        self.ends[line][usize::from(turned)]
    }

    /// Where it is left.
    fn exit(&self, at: usize) -> Place {
        let (line, turned) = self.steps[at];
        self.ends[line][usize::from(!turned)]
    }

    /// The gap between a step and the next one, if both are there.
    fn gap(&self, before: Option<usize>, after: usize) -> f64 {
        match before {
            Some(before) if after < self.steps.len() => distance(self.exit(before), self.entry(after)),
            _ => 0.0,
        }
    }

    /// Whether the tour leaves an end of a line, rather than enters there.
    fn leaves(&self, end: usize) -> bool {
        (end % 2 == 1) != self.steps[self.at[end / 2]].1
    }

    /// 2-opt: brings two ends together by walking what is between them backwards.
    fn turn(&mut self, end: usize, other: usize) -> Option<Vec<usize>> {
        // Two ends that are both left, or both entered, meet if all from after the first to the second is turned.
        let leaves = self.leaves(end);
        if leaves != self.leaves(other) {
            return None;
        }
        let (low, high) = {
            let (a, b) = (self.at[end / 2], self.at[other / 2]);
            (a.min(b), a.max(b))
        };
        let (from, to) = if leaves { (low + 1, high) } else { (low, high - 1) };
        let (before, after) = (from.checked_sub(1), to + 1);
        let old = self.gap(before, from) + self.gap(Some(to), after);
        let joined = before.map_or(0.0, |before| distance(self.exit(before), self.exit(to)));
        let last = if after < self.steps.len() { distance(self.entry(from), self.entry(after)) } else { 0.0 };
        if old - joined - last <= GAIN || !self.spend(to + 1 - from) {
            return None;
        }
        self.reverse(from, to);
        Some(self.beside(&[before.unwrap_or(0), from, to, after]))
    }

    /// Walks a stretch backwards.
    fn reverse(&mut self, from: usize, to: usize) {
        let turn = |steps: &mut [Step]| {
            steps.reverse();
            steps.iter_mut().for_each(|(_, turned)| *turned = !*turned);
        };
        turn(&mut self.steps[from..=to]);
        self.number(from, to);
    }

    /// Or-opt: puts a line, and up to two after or before it, between `other` and its neighbour, where `end` meets it.
    fn shift(&mut self, line: usize, end: usize, other: usize) -> Option<Vec<usize>> {
        let at = self.at[line];
        for count in 1..=MOVED.min(self.steps.len() - 1) {
            // The end of the moved stretch that is to meet the other is the line's own: the rest goes the other way.
            let (from, to) = match self.leaves(end) {
                true => (at.checked_sub(count - 1), at),
                false => (Some(at), at + count - 1),
            };
            let Some(from) = from.filter(|_| to < self.steps.len()) else { break };
            let goal = self.at[other / 2];
            if (from..=to).contains(&goal) {
                break;
            }
            // The gap that takes the stretch: after the other if that is left there, else before it.
            let (left, right) =
                if self.leaves(other) { (Some(goal), goal + 1) } else { (goal.checked_sub(1), goal) };
            if left == Some(to) || right == from {
                continue;
            }
            let turned = self.leaves(end) == self.leaves(other);
            let (entry, exit) = match turned {
                true => (self.exit(to), self.entry(from)),
                false => (self.entry(from), self.exit(to)),
            };
            let old =
                self.gap(from.checked_sub(1), from) + self.gap(Some(to), to + 1) + self.gap(left, right);
            let healed = match from.checked_sub(1) {
                Some(before) if to + 1 < self.steps.len() => distance(self.exit(before), self.entry(to + 1)),
                _ => 0.0,
            };
            let first = left.map_or(0.0, |left| distance(self.exit(left), entry));
            let second = if right < self.steps.len() { distance(exit, self.entry(right)) } else { 0.0 };
            let span = if goal > to { right - from } else { to + 1 - right };
            if old - healed - first - second <= GAIN || !self.spend(span) {
                continue;
            }
            if turned {
                self.reverse(from, to);
            }
            let (low, high) = if goal > to { (from, right - 1) } else { (right, to) };
            match goal > to {
                true => self.steps[low..=high].rotate_left(count),
                false => self.steps[low..=high].rotate_right(count),
            }
            self.number(low, high);
            let (start, stop) = if goal > to { (high + 1 - count, high) } else { (low, low + count - 1) };
            let healed = if goal > to { low } else { high };
            return Some(self.beside(&[
                healed.saturating_sub(1),
                healed,
                healed + 1,
                start.saturating_sub(1),
                start,
                stop,
                stop + 1,
            ]));
        }
        None
    }

    fn number(&mut self, from: usize, to: usize) {
        for place in from..=to {
            self.at[self.steps[place].0] = place;
        }
    }

    /// Takes from the effort, if there is enough left.
    fn spend(&mut self, steps: usize) -> bool {
        let enough = self.effort >= steps;
        self.effort = if enough { self.effort - steps } else { 0 };
        enough
    }

    /// The lines at places, those that are there.
    fn beside(&self, places: &[usize]) -> Vec<usize> {
        places.iter().filter_map(|&place| self.steps.get(place)).map(|&(line, _)| line).collect()
    }
}
