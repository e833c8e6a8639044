//! The network, ready to run, one point at a time.

use super::super::mixture::Mixture;
use super::super::moves::{Move, Pen};
use super::layout::{Layout, PENS, WRITTEN};
use super::network::written;
use crate::inference::chance::Chance;
use crate::kernels;
use crate::kernels::activation::{sigmoid, tanh};
use crate::kernels::affine::Affine;
use crate::kernels::line::Line;
use crate::nn::window::{AIMED, TOLD, aim, look, places, weight};
use crate::nn::{NUMBERS, SPREADS};

/// No move is longer, in units of the scale.
const LONGEST: f64 = 50.0;
/// Points of a letter at most, on the average of a text, and a letter's worth of patience besides.
const PATIENCE: usize = 60;
/// So many points may be drawn without the window moving on by half a letter.
const STALLED: usize = 120;

/// A network that is ready to run.
pub struct Net {
    layout: Layout,
    /// The floor of deviations, in units of the scale.
    least: f64,
    reader: Affine,
    window: Affine,
    writer: Affine,
    point: Affine,
    pen: Affine,
}

/// A line that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Its moves, in units of the scale.
    pub moves: Vec<Move>,
    /// Whether the window passed the end of the text; if not, the guard stopped a pen that ran away.
    pub done: bool,
}

impl Net {
    /// From the arrays of the network in training, in their order.
    pub fn new(layout: Layout, least: f64, arrays: &[&[f32]]) -> Self {
        let Layout { reader, writer, .. } = layout;
        let joined = |a: usize, b: usize| [arrays[a], arrays[b]].concat();
        let (seen, above) = (layout.seen(), layout.seen() + writer);
        Self {
            layout,
            least,
            reader: Affine::new(arrays[0], WRITTEN + seen, arrays[1]),
            window: Affine::new(arrays[2], reader, arrays[3]),
            writer: Affine::new(&joined(4, 5), seen + WRITTEN + writer, arrays[6]),
            point: Affine::new(&joined(7, 8), above, arrays[9]),
            pen: Affine::new(&joined(10, 11), above, arrays[12]),
        }
    }

    /// A pen that stands before the first point of a text.
    pub(super) fn begin(&self, text: &[u32]) -> Pencil<'_> {
        let Layout { letters, gaussians, reader, writer, .. } = self.layout;
        let mut pencil = Pencil {
            net: self,
            text: text.to_vec(),
            reader: [vec![0.0; reader], vec![0.0; reader]],
            writer: [vec![0.0; writer], vec![0.0; writer]],
            window: vec![0.0; letters],
            places: vec![0.0; gaussians],
            aim: vec![0.0; AIMED * gaussians],
            height: 0.0,
        };
        pencil.look(None);
        pencil
    }

    /// Writes a text; after `sample`, what somebody wrote and its moves, in that hand. A `bias` of 0 is the model's own;
    /// a greater one writes more plainly (eq. (61) and (62)).
    pub fn write(
        &self,
        text: &[u32],
        sample: Option<(&[u32], &[Move])>,
        bias: f64,
        chance: &mut Chance,
    ) -> Written {
        let primed = sample.map_or(&[][..], |(text, _)| text);
        let mut pencil = self.begin(&[primed, text].concat());
        for step in sample.map_or(&[][..], |(_, moves)| moves) {
            pencil.push(step);
        }
        let most = PATIENCE * (text.len() + 1);
        let (mut moves, mut done) = (Vec::new(), text.is_empty());
        let (mut reached, mut since) = (pencil.place(), 0);
        while !done && moves.len() < most && since < STALLED {
            let [x, y] = pencil.point(bias).draw(1.0, chance).map(|x| x.clamp(-LONGEST, LONGEST));
            let lifted = chance.unit() < kernels::exp(pencil.pens()[1]);
            let step = Move { x, y, pen: if lifted { Pen::Lifted } else { Pen::Down } };
            moves.push(step);
            pencil.push(&step);
            done = pencil.is_past();
            since += 1;
            if pencil.place() > reached + 0.5 {
                (reached, since) = (pencil.place(), 0);
            }
        }
        if let Some(last) = moves.last_mut() {
            last.pen = Pen::Done;
        }
        Written { moves, done }
    }
}

/// A line under way.
#[derive(Clone)]
pub(super) struct Pencil<'a> {
    net: &'a Net,
    text: Vec<u32>,
    /// h and c.
    reader: [Vec<f32>; 2],
    writer: [Vec<f32>; 2],
    window: Vec<f32>,
    places: Vec<f32>,
    aim: Vec<f32>,
    /// How far below the base line the pen stands.
    height: f64,
}

fn told(affine: &Affine, input: &[f32], count: usize) -> Vec<f32> {
    let mut out = vec![Line::ZERO; affine.lines()];
    affine.apply(&Line::collect(input), 1, &mut out);
    out.iter().flat_map(|line| line.0).take(count).collect()
}

/// A cell moves on.
fn remember(gates: &[f32], [h, c]: &mut [Vec<f32>; 2]) {
    let width = h.len();
    for at in 0..width {
        let [i, f, o] = [0, 1, 3].map(|gate| sigmoid(gates[gate * width + at]));
        c[at] = f * c[at] + i * tanh(gates[2 * width + at]);
        h[at] = o * tanh(c[at]);
    }
}

impl Pencil<'_> {
    /// Takes in the last move.
    fn look(&mut self, last: Option<&Move>) {
        let Layout { gaussians, reader, writer, .. } = self.net.layout;
        self.height += last.map_or(0.0, |step| step.y);
        let written = written(last, self.height as f32);
        let input = [&written[..], &self.window, &self.reader[0]].concat();
        remember(&told(&self.net.reader, &input, 4 * reader), &mut self.reader);
        let raw = told(&self.net.window, &self.reader[0], TOLD * gaussians);
        aim(&raw, &self.places, &mut self.aim);
        self.places.copy_from_slice(places(&self.aim));
        self.window.fill(0.0);
        look(&self.aim, &self.text, &mut self.window);
        let input = [&self.reader[0][..], &self.window, &written, &self.writer[0]].concat();
        remember(&told(&self.net.writer, &input, 4 * writer), &mut self.writer);
    }

    /// What the heads see.
    fn above(&self) -> Vec<f32> {
        [&self.reader[0][..], &self.window, &self.writer[0]].concat()
    }

    /// Where the next point may be.
    pub(super) fn point(&self, bias: f64) -> Mixture {
        let count = self.net.layout.mixtures;
        let mut row = told(&self.net.point, &self.above(), NUMBERS * count);
        // Eq. (61) and (62).
        row[..count].iter_mut().for_each(|odds| *odds *= 1.0 + bias as f32);
        let spreads = row[3 * count..5 * count].iter_mut();
        spreads.for_each(|spread| *spread = spread.clamp(SPREADS.0, SPREADS.1) - bias as f32);
        Mixture::read(&row, self.net.least)
    }

    /// Log-probabilities that the pen stays down at the next point, and that it is lifted.
    pub(super) fn pens(&self) -> [f64; PENS] {
        let row = told(&self.net.pen, &self.above(), PENS);
        let odds = [0, 1].map(|pen| f64::from(row[pen]));
        let total = kernels::softmax(&mut odds.clone());
        odds.map(|odd| odd - total)
    }

    /// The pen moves.
    pub(super) fn push(&mut self, step: &Move) {
        self.look(Some(step));
    }

    /// The mean place of the window, in letters.
    fn place(&self) -> f64 {
        self.places.iter().map(|&place| f64::from(place)).sum::<f64>() / self.places.len() as f64
    }

    /// Whether the window looks rather past the end of the text than at any letter of it.
    fn is_past(&self) -> bool {
        let end = weight(&self.aim, self.text.len() + 1);
        let furthest = (1..=self.text.len()).all(|place| weight(&self.aim, place) < end);
        // A window that stands far beyond sees nothing at all.
        furthest || self.place() > self.text.len() as f64 + 1.5
    }
}
