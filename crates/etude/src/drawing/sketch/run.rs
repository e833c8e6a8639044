//! The network, ready to run, one point at a time.

use super::super::mixture::Mixture;
use super::super::moves::Move;
use super::encoder::read_of;
use super::layout::{Layout, READ};
use super::trail::{BEFORE, Trail};
use crate::error::Result;
use crate::kernels;
use crate::kernels::activation::gelu;
use crate::kernels::affine::Affine;
use crate::kernels::line::{Line, gather};
use crate::kernels::panels::Panels;
use crate::kernels::vector::{Kernel, fast};
use crate::nn::NUMBERS;
use crate::sequence::lstm::{Cell, Update, interleave};
use crate::sequence::precision::Arrays;

/// A network that is ready to run.
pub(super) struct Net {
    pub(super) layout: Layout,
    /// The floor of deviations, in units of the scale.
    least: f64,
    decoder: Layer,
    point: [Affine; 2],
    /// From what is known to the mixture, past all layers.
    straight: Affine,
    pen: [Affine; 2],
    encoder: Option<Encoder>,
}

/// What gives a drawing its code.
struct Encoder {
    /// From the first point on, and from the last.
    sides: [Layer; 2],
    from: [Affine; 2],
}

/// A layer of long short-term memory.
struct Layer {
    input: Panels,
    recurrent: Panels,
    /// Lines (panels, 4).
    bias: Vec<Line>,
    width: usize,
}

/// What a layer knows, lines (H/16) each.
#[derive(Debug, Clone)]
struct State {
    hidden: Vec<Line>,
    memory: Vec<Line>,
}

impl Layer {
    fn new(rows: usize, width: usize, arrays: &[Vec<f32>]) -> Self {
        Self {
            input: Panels::gates(&arrays[0], rows, 4),
            recurrent: Panels::gates(&arrays[1], width, 4),
            bias: interleave(&arrays[2], 4),
            width,
        }
    }

    fn begin(&self) -> State {
        let zero = vec![Line::ZERO; Line::count(self.width)];
        State { hidden: zero.clone(), memory: zero }
    }

    fn step(&self, input: &[f32], state: &mut State) {
        let input = Line::collect(input);
        let before = state.hidden.clone();
        let next = state.hidden.iter_mut().zip(&mut state.memory).zip(self.bias.as_chunks::<4>().0);
        for (panel, ((hidden, memory), bias)) in next.enumerate() {
            let mut sums = *bias;
            self.input.multiply(panel, &input, &mut sums);
            self.recurrent.multiply(panel, &before, &mut sums);
            let (memory, hidden) = (std::slice::from_mut(memory), std::slice::from_mut(hidden));
            fast(Update { cell: Cell::Lstm, sums: &sums, memory, hidden });
        }
    }

    /// h as plain numbers, and what stands beside.
    fn beside(&self, state: &State, beside: &[f32]) -> Vec<Line> {
        let mut all = vec![0.0; self.width + beside.len()];
        let (own, rest) = all.split_at_mut(self.width);
        gather(&state.hidden, 1, 0, own);
        rest.copy_from_slice(beside);
        Line::collect(&all)
    }
}

/// Numbers become their GELU.
struct Bend<'a>(&'a mut [Line]);

impl Kernel for Bend<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for line in self.0 {
            *line = line.map(gelu);
        }
    }
}

/// What a head of one hidden layer tells, as many numbers as asked.
fn head([hidden, output]: &[Affine; 2], input: &[Line], count: usize) -> Vec<f32> {
    let mut inner = vec![Line::ZERO; hidden.lines()];
    hidden.apply(input, 1, &mut inner);
    fast(Bend(&mut inner));
    told(output, &inner, count)
}

fn told(output: &Affine, input: &[Line], count: usize) -> Vec<f32> {
    let mut out = vec![Line::ZERO; output.lines()];
    output.apply(input, 1, &mut out);
    out.iter().flat_map(|line| line.0).take(count).collect()
}

impl Net {
    /// Reads what [`super::store`] wrote.
    ///
    /// # Errors
    ///
    /// Arrays that are missing or of another size, and numbers that no network has.
    pub(super) fn read(layout: Layout, least: f64, arrays: &mut Arrays) -> Result<Self> {
        let all = arrays.all(&layout.shapes())?;
        let Layout { width, inner, turn, code, encoder, .. } = layout;
        let affine = |at: usize, rows: usize| Affine::new(&all[at], rows, &all[at + 1]);
        let encoder = (code > 0).then(|| Encoder {
            sides: [12, 15].map(|at| Layer::new(READ, encoder, &all[at..at + 3])),
            from: [
                Affine::new(&all[18], encoder, &all[20]),
                Affine::new(&all[19], encoder, &vec![0.0; 2 * code]),
            ],
        });
        Ok(Self {
            layout,
            least,
            decoder: Layer::new(BEFORE + code, width, &all[..3]),
            point: [affine(3, all[3].len() / inner), affine(5, inner)],
            straight: Affine::new(&all[7], BEFORE, &vec![0.0; NUMBERS * layout.mixtures]),
            pen: [affine(8, all[8].len() / turn), affine(10, turn)],
            encoder,
        })
    }

    /// Means and logarithms of variances of a drawing's code, (2Z), from its moves in units of the scale.
    pub(super) fn encode(&self, moves: &[Move]) -> Vec<f32> {
        let Some(encoder) = &self.encoder else { return Vec::new() };
        let mut trail = Trail::new();
        let read: Vec<[f32; READ]> = moves
            .iter()
            .map(|step| {
                let after = trail.after(step.x as f32, step.y as f32);
                trail.push(*step);
                read_of(&after, step.pen as u32)
            })
            .collect();
        let count = 2 * self.layout.code;
        let sides = encoder.sides.iter().zip(&encoder.from).enumerate().map(|(side, (layer, from))| {
            let mut state = layer.begin();
            match side {
                0 => read.iter().for_each(|read| layer.step(read, &mut state)),
                _ => read.iter().rev().for_each(|read| layer.step(read, &mut state)),
            }
            told(from, &state.hidden, count)
        });
        sides.fold(vec![0.0; count], |sum, side| sum.iter().zip(side).map(|(a, b)| a + b).collect())
    }

    /// A pen that stands before the first point.
    pub(super) fn begin(&self, code: &[f32]) -> Hand<'_> {
        let mut hand = Hand {
            net: self,
            state: self.decoder.begin(),
            trail: Trail::new(),
            before: [0.0; BEFORE],
            code: code.to_vec(),
        };
        hand.look();
        hand
    }
}

/// A drawing under way, in units of the scale.
#[derive(Clone)]
pub(super) struct Hand<'a> {
    net: &'a Net,
    state: State,
    trail: Trail,
    before: [f32; BEFORE],
    code: Vec<f32>,
}

impl Hand<'_> {
    /// Takes in what is known before the next point.
    fn look(&mut self) {
        self.before = self.trail.before();
        let input = [self.before.as_slice(), &self.code].concat();
        self.net.decoder.step(&input, &mut self.state);
    }

    /// Where the next point may be.
    pub(super) fn point(&self) -> Mixture {
        let input = self.net.decoder.beside(&self.state, &self.before);
        let count = NUMBERS * self.net.layout.mixtures;
        let straight = told(&self.net.straight, &Line::collect(&self.before), count);
        let bent = head(&self.net.point, &input, count);
        let row: Vec<f32> = bent.iter().zip(straight).map(|(a, b)| a + b).collect();
        Mixture::read(&row, self.net.least)
    }

    /// Log-probabilities of what the pen does after a move, at a temperature.
    pub(super) fn pens(&self, x: f64, y: f64, temperature: f64) -> [f64; 3] {
        let input = self.net.decoder.beside(&self.state, &self.trail.after(x as f32, y as f32));
        let row = head(&self.net.pen, &input, 3);
        let odds = [0, 1, 2].map(|pen| f64::from(row[pen]) / temperature);
        let total = kernels::softmax(&mut odds.clone());
        odds.map(|odd| odd - total)
    }

    /// The pen moves.
    pub(super) fn push(&mut self, step: Move) {
        self.trail.push(step);
        self.look();
    }
}
