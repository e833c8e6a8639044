//! Drawings side by side: packed into streams, one behind the other, and laid out for the network.

use super::super::moves::{Move, Pen};
use super::trail::{AFTER, BEFORE, Trail};
use crate::inference::chance::Chance;

/// Some drawings, laid out: T steps of B streams.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// T.
    pub(super) steps: usize,
    /// B.
    pub(super) streams: usize,
    /// Where a drawing begins, or nothing stands, (T, B).
    pub(super) resets: Vec<bool>,
    /// The drawing of each place, (T, B).
    pub(super) drawings: Vec<Option<u32>>,
    /// What is known before each point, (T, B, 18); 0 where none stands.
    pub(super) before: Vec<f32>,
    /// The places that hold a point, (N); then what they hold: the move, what is known of it, and the pen.
    pub(super) places: Vec<u32>,
    pub(super) points: Vec<Option<[f32; 2]>>,
    pub(super) after: Vec<f32>,
    pub(super) pens: Vec<u32>,
}

impl Batch {
    /// Lays out drawings; a stream is as long as the longest of them.
    pub(super) fn new(drawings: &[Vec<Move>]) -> Self {
        let steps = drawings.iter().map(Vec::len).max().unwrap_or(0);
        let streams = packed(drawings, steps);
        let count = steps * streams.len();
        let mut batch = Self {
            steps,
            streams: streams.len(),
            resets: vec![true; count],
            drawings: vec![None; count],
            before: vec![0.0; count * BEFORE],
            ..Self::default()
        };
        let mut rows = Vec::new();
        for (stream, numbers) in streams.iter().enumerate() {
            let mut step = 0;
            for &number in numbers {
                let mut trail = Trail::new();
                for (at, moved) in drawings[number].iter().enumerate() {
                    let place = step * streams.len() + stream;
                    batch.resets[place] = at == 0;
                    batch.drawings[place] = Some(number as u32);
                    batch.before[place * BEFORE..][..BEFORE].copy_from_slice(&trail.before());
                    rows.push((place, *moved, trail.after(moved.x as f32, moved.y as f32)));
                    trail.push(*moved);
                    step += 1;
                }
            }
        }
        // By place, so that a window of steps is a run of rows.
        rows.sort_by_key(|(place, ..)| *place);
        for (place, moved, after) in rows {
            batch.places.push(place as u32);
            batch.points.push(Some([moved.x as f32, moved.y as f32]));
            batch.after.extend(after);
            batch.pens.push(Pen::ALL.iter().position(|pen| *pen == moved.pen).expect("one of three") as u32);
        }
        batch
    }

    /// Steps from..to by themselves.
    pub(super) fn window(&self, from: usize, to: usize) -> Self {
        let places = from * self.streams..to * self.streams;
        let row = |place: usize| self.places.partition_point(|&at| (at as usize) < place);
        let rows = row(places.start)..row(places.end);
        Self {
            steps: to - from,
            streams: self.streams,
            resets: self.resets[places.clone()].to_vec(),
            drawings: self.drawings[places.clone()].to_vec(),
            before: self.before[places.start * BEFORE..places.end * BEFORE].to_vec(),
            places: self.places[rows.clone()].iter().map(|&at| at - places.start as u32).collect(),
            points: self.points[rows.clone()].to_vec(),
            after: self.after[rows.start * AFTER..rows.end * AFTER].to_vec(),
            pens: self.pens[rows].to_vec(),
        }
    }
}

/// The drawings of each stream: the longest first, each into the first stream that has room.
fn packed(drawings: &[Vec<Move>], steps: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..drawings.len()).filter(|&number| !drawings[number].is_empty()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(drawings[number].len()));
    let (mut streams, mut filled): (Vec<Vec<usize>>, Vec<usize>) = (Vec::new(), Vec::new());
    for number in order {
        let length = drawings[number].len();
        let stream = filled.iter().position(|filled| filled + length <= steps).unwrap_or_else(|| {
            streams.push(Vec::new());
            filled.push(0);
            filled.len() - 1
        });
        streams[stream].push(number);
        filled[stream] += length;
    }
    streams
}

/// How a drawing is varied while it is learnt (Ha & Eck 2017, section 3.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Variation {
    /// Widths and heights are multiplied by 1 ± as much at most.
    pub(super) stretch: f64,
    /// The share of points within strokes that are left out.
    pub(super) skip: f64,
}

impl Variation {
    /// A drawing, varied.
    pub(super) fn vary(self, drawing: &[Move], chance: &mut Chance) -> Vec<Move> {
        let mut factor = || 1.0 + self.stretch * (2.0 * chance.unit() - 1.0);
        let (wide, high) = (factor(), factor());
        let mut varied: Vec<Move> = Vec::with_capacity(drawing.len());
        let mut points = 0;
        for step in drawing {
            let step = Move { x: step.x * wide, y: step.y * high, pen: step.pen };
            let within = step.pen == Pen::Down && points > 2;
            match varied.last_mut() {
                // The point before goes, and the pen comes here from the one before that.
                Some(last) if within && self.skip > 0.0 && chance.unit() < self.skip => {
                    *last = Move { x: last.x + step.x, y: last.y + step.y, pen: step.pen };
                }
                _ => varied.push(step),
            }
            points = if step.pen == Pen::Down { points + 1 } else { 0 };
        }
        varied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(points: usize, seed: u64) -> Vec<Move> {
        let mut chance = Chance::new(seed, 0);
        let mut pen = |at| match at {
            _ if at + 1 == points => Pen::Done,
            _ if chance.unit() < 0.2 => Pen::Lifted,
            _ => Pen::Down,
        };
        (0..points).map(|at| Move { x: at as f64, y: -0.5 * at as f64, pen: pen(at) }).collect()
    }

    #[test]
    fn every_point_stands_once_and_in_order() {
        let drawings: Vec<Vec<Move>> = [5, 1, 9, 3, 3, 2, 0].map(|points| drawing(points, 1)).to_vec();
        let batch = Batch::new(&drawings);
        assert_eq!((batch.steps, batch.streams, batch.places.len()), (9, 3, 23));
        assert_eq!(
            batch.resets.iter().zip(&batch.drawings).filter(|(reset, d)| **reset && d.is_some()).count(),
            6
        );
        for (number, drawing) in drawings.iter().enumerate() {
            let own = batch.places.iter().zip(&batch.points);
            let own = own.filter(|(place, _)| batch.drawings[**place as usize] == Some(number as u32));
            let found: Vec<f32> = own.map(|(_, point)| point.expect("a point")[0]).collect();
            assert_eq!(found, drawing.iter().map(|step| step.x as f32).collect::<Vec<_>>());
        }
        let (first, second) = (batch.window(0, 4), batch.window(4, 9));
        assert_eq!([&first.points[..], &second.points[..]].concat(), batch.points);
        assert_eq!([&first.before[..], &second.before[..]].concat(), batch.before);
        assert_eq!([&first.after[..], &second.after[..]].concat(), batch.after);
    }

    #[test]
    fn a_varied_drawing_ends_where_it_would_and_lifts_the_pen_as_often() {
        let mut chance = Chance::new(4, 4);
        let mut left_out = 0;
        for seed in 0..50 {
            let drawing = drawing(40, seed);
            let varied = Variation { stretch: 0.0, skip: 0.3 }.vary(&drawing, &mut chance);
            let lifts = |moves: &[Move]| moves.iter().filter(|step| step.pen != Pen::Down).count();
            let ends = |moves: &[Move]| moves.iter().map(|step| step.x).sum::<f64>();
            left_out += drawing.len() - varied.len();
            assert_eq!(lifts(&varied), lifts(&drawing));
            assert!((ends(&varied) - ends(&drawing)).abs() < 1e-9);
        }
        // Of 2,000 points about a quarter lie so deep in a stroke, and 3 of 10 of these go.
        assert!((80..400).contains(&left_out), "{left_out}");
        assert_eq!(Variation { stretch: 0.0, skip: 0.0 }.vary(&drawing(9, 1), &mut chance), drawing(9, 1));
    }
}
