//! How new a drawing is: how far it lies from the nearest that was learnt, against how far drawings lie that weren't.
//!
//! Drawings are compared as shapes: [`PLACES`] places at equal lengths along all strokes, moved and scaled so that the longer
//! side of the drawing is 1. The distance of two is the mean distance of their places, one by one, so the order of drawing
//! counts. A drawing that lies nearer than nearly all held-out ones is as good as a copy.

use super::moves::{Move, Pen};
use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};

/// Places of a shape.
pub const PLACES: usize = 24;
/// A drawing is a copy where fewer held-out ones than this share lie as near.
const COPY: f64 = 0.01;
/// How many held-out distances are kept.
const KEPT: usize = 200;

/// A drawing as a shape: its places, x and y in turn, in 1/255 of its longer side.
type Shape = [u8; 2 * PLACES];

/// The drawings that were learnt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gallery {
    shapes: Vec<Shape>,
    names: Vec<String>,
    /// Distances of held-out drawings to the nearest, ascending; empty where nothing was held out.
    held_out: Vec<f32>,
}

/// The nearest of the drawings that were learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Its name.
    pub name: String,
    /// Mean distance of its places, as a share of the drawing's longer side.
    pub distance: f64,
    /// The share of held-out drawings that lie nearer to their own nearest, where any were held out.
    pub nearer: Option<f64>,
}

impl Nearest {
    /// Whether it is as near as copies are.
    pub fn is_copy(&self) -> bool {
        self.nearer.map_or(self.distance < 0.5 / 255.0, |nearer| nearer < COPY)
    }
}

/// The shape of a drawing; a single place where it has no length.
fn shape(moves: &[Move]) -> Shape {
    let (mut at, mut length) = ((0.0, 0.0), 0.0);
    let mut down = false;
    // Each point with the length that is drawn until there.
    let mut points: Vec<(f64, f64, f64)> = Vec::with_capacity(moves.len());
    for step in moves {
        at = (at.0 + step.x, at.1 + step.y);
        length += if down { (step.x * step.x + step.y * step.y).sqrt() } else { 0.0 };
        down = step.pen == Pen::Down;
        points.push((length, at.0, at.1));
    }
    let bounds = |of: fn(&(f64, f64, f64)) -> f64| {
        points
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let ((left, right), (top, bottom)) = (bounds(|p| p.1), bounds(|p| p.2));
    let side = (right - left).max(bottom - top).max(f64::MIN_POSITIVE);
    let mut shape = [0; 2 * PLACES];
    for (place, pair) in shape.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let wanted = length * place as f64 / (PLACES - 1) as f64;
        let next = points.partition_point(|point| point.0 < wanted).min(points.len().saturating_sub(1));
        let Some(&(to, x, y)) = points.get(next) else { continue };
        let (from, x0, y0) = points[next.saturating_sub(1)];
        let share = if to > from { (wanted - from) / (to - from) } else { 1.0 };
        let level = |a: f64, b: f64, low: f64| ((a + share * (b - a) - low) / side * 255.0).round() as u8;
        *pair = [level(x0, x, left), level(y0, y, top)];
    }
    shape
}

/// Mean distance of places.
fn distance(a: &Shape, b: &Shape) -> f64 {
    let pairs = a.as_chunks::<2>().0.iter().zip(b.as_chunks::<2>().0);
    let each = pairs.map(|(a, b)| {
        let [dx, dy] = [0, 1].map(|axis| f32::from(a[axis]) - f32::from(b[axis]));
        (dx * dx + dy * dy).sqrt()
    });
    f64::from(each.sum::<f32>()) / (255 * PLACES) as f64
}

impl Gallery {
    /// Remembers named drawings, and how far held-out ones lie from them.
    pub fn new<'a>(
        learnt: impl IntoIterator<Item = (&'a str, &'a [Move])>,
        held_out: impl IntoIterator<Item = &'a [Move]>,
    ) -> Self {
        let mut gallery = Self::default();
        for (name, moves) in learnt {
            gallery.names.push(name.replace('\n', " "));
            gallery.shapes.push(shape(moves));
        }
        if !gallery.shapes.is_empty() {
            let far = held_out.into_iter().take(KEPT).map(|moves| gallery.find(&shape(moves)).1 as f32);
            gallery.held_out = far.collect();
            gallery.held_out.sort_by(f32::total_cmp);
        }
        gallery
    }

    /// Number and distance of the nearest; there is one.
    fn find(&self, shape: &Shape) -> (usize, f64) {
        let each = self.shapes.iter().map(|other| distance(shape, other)).enumerate();
        each.fold((0, f64::INFINITY), |best, other| if other.1 < best.1 { other } else { best })
    }

    /// The nearest to a drawing; none where nothing was learnt.
    pub fn nearest(&self, moves: &[Move]) -> Option<Nearest> {
        if self.shapes.is_empty() {
            return None;
        }
        let (number, distance) = self.find(&shape(moves));
        let nearer = self.held_out.partition_point(|&held| f64::from(held) < distance);
        let nearer = (!self.held_out.is_empty()).then(|| nearer as f64 / self.held_out.len() as f64);
        Some(Nearest { name: self.names[number].clone(), distance, nearer })
    }

    /// The arrays of the model file.
    pub fn tensors(&self) -> Tensors {
        let names = self.names.join("\n").into_bytes();
        Tensors::from([
            (
                "gallery.shapes".to_owned(),
                Tensor::U8(vec![self.shapes.len(), 2 * PLACES], self.shapes.concat()),
            ),
            ("gallery.names".to_owned(), Tensor::U8(vec![names.len()], names)),
            ("gallery.held_out".to_owned(), Tensor::F32(vec![self.held_out.len()], self.held_out.clone())),
        ])
    }

    /// Reads it from a model file.
    ///
    /// # Errors
    ///
    /// Arrays that are missing or don't fit together.
    pub fn load(reader: &Reader) -> Result<Self> {
        let (shapes, rest) = reader.bytes("gallery.shapes")?.as_chunks::<{ 2 * PLACES }>();
        let Ok(names) = std::str::from_utf8(reader.bytes("gallery.names")?) else {
            return reader.refuse("names that aren't text", "names, a line each");
        };
        let names: Vec<String> =
            if shapes.is_empty() { Vec::new() } else { names.split('\n').map(str::to_owned).collect() };
        if !rest.is_empty() || names.len() != shapes.len() {
            return reader.refuse(format!("{} names of {} drawings", names.len(), shapes.len()), "as many");
        }
        let held_out: Vec<f32> = reader.weights("gallery.held_out")?.iter().map(|&x| x as f32).collect();
        if !held_out.is_sorted() {
            return reader.refuse("distances out of order", "ascending distances");
        }
        Ok(Self { shapes: shapes.to_vec(), names, held_out })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(points: &[(f64, f64)]) -> Vec<Move> {
        let last = points.len() - 1;
        let pen = |at| if at == last { Pen::Done } else { Pen::Down };
        points.iter().enumerate().map(|(at, &(x, y))| Move { x, y, pen: pen(at) }).collect()
    }

    #[test]
    fn a_copy_is_near_wherever_it_lies_and_however_large_it_is() {
        let square = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
        let line = drawing(&[(0.0, 0.0), (5.0, 5.0)]);
        let learnt = drawing(&square);
        let gallery = Gallery::new([("square", learnt.as_slice()), ("line", line.as_slice())], []);
        let other = drawing(&square.map(|(x, y)| (x * 7.0 + 0.0, y * 7.0)));
        let found = gallery.nearest(&other).expect("there are two");
        assert!(found.name == "square" && found.distance < 0.01 && found.is_copy(), "{found:?}");
        let zigzag = drawing(&[(3.0, 3.0), (1.0, 4.0), (1.0, -4.0), (1.0, 4.0)]);
        assert!(!gallery.nearest(&zigzag).expect("there are two").is_copy());
        assert_eq!(Gallery::default().nearest(&other), None);
    }

    #[test]
    fn drawings_without_length_have_a_shape() {
        assert_eq!(shape(&drawing(&[(3.0, 4.0)])), [0; 2 * PLACES]);
        assert_eq!(shape(&[]), [0; 2 * PLACES]);
    }

    #[test]
    fn what_is_stored_is_read() {
        let line = drawing(&[(0.0, 0.0), (5.0, 5.0)]);
        let held = drawing(&[(0.0, 0.0), (5.0, 2.0)]);
        let gallery = Gallery::new([("line", line.as_slice())], [held.as_slice()]);
        let read = Gallery::load(&Reader::new("a test", gallery.tensors())).expect("our own");
        assert_eq!(read, gallery);
        let nearer = gallery.nearest(&line).expect("there is one").nearer;
        assert_eq!(nearer, Some(0.0));
    }
}
