//! The network, ready to run: one step of a reader, and the odds of one voice.

use super::layout::{Layout, REACH};
use super::network::shapes;
use crate::error::Result;
use crate::kernels::activation::gelu;
use crate::kernels::affine::Affine;
use crate::kernels::line::Line;
use crate::kernels::vector::{Kernel, fast};
use crate::nn::window;
use crate::sequence::lstm::{Cell, Update};
use crate::sequence::precision::Arrays;

/// A network that is ready to run.
pub(super) struct Net {
    pub(super) left: Reader,
    pub(super) right: Reader,
    heads: Vec<Head>,
}

impl Net {
    /// Reads what [`super::store`] wrote.
    ///
    /// # Errors
    ///
    /// Arrays that are missing or of another size, and numbers that no network has.
    pub(super) fn read(layout: &Layout, arrays: &mut Arrays) -> Result<Self> {
        let mut read = arrays.all(&shapes(layout))?.into_iter();
        let mut next = || read.next().expect("as many as there are shapes");
        let mut reader = || Reader::new(layout, &next(), &next(), &next(), &next());
        let (left, right) = (reader(), reader());
        let heads = (0..layout.voices()).map(|voice| Head {
            from_left: Affine::new(&next(), layout.width, &vec![0.0; layout.inner]),
            from_right: Affine::new(&next(), layout.width, &vec![0.0; layout.inner]),
            table: Table::new(&layout.head(), &next(), &next()),
            output: Affine::new(&next(), layout.inner, &vec![0.0; layout.outputs(voice)]),
            straight: Table::new(&layout.moves(), &next(), &next()),
        });
        let heads = heads.collect();
        Ok(Self { left, right, heads })
    }

    /// Log-odds of the symbols of a voice, f64 (Q), from what the readers know and the head's fields.
    pub(super) fn odds(
        &self,
        voice: usize,
        [left, right]: [&[Line]; 2],
        [fields, moves]: [&[u32]; 2],
        before: u32,
        odds: &mut [f64],
    ) {
        let head = &self.heads[voice];
        let lines = head.from_left.lines();
        let (mut one, mut other) = (vec![Line::ZERO; lines], vec![Line::ZERO; lines]);
        head.from_left.apply(left, 1, &mut one);
        head.from_right.apply(right, 1, &mut other);
        let mut hidden = head.table.bias.clone();
        head.table.add_up(fields, &mut hidden);
        fast(Bend { hidden: &mut hidden, one: &one, other: &other });
        let mut out = vec![Line::ZERO; head.output.lines()];
        head.output.apply(&hidden, 1, &mut out);
        fast(Add { sums: &mut out, row: &head.straight.bias });
        head.straight.add_up(moves, &mut out);
        let numbers: Vec<f32> = out.iter().flat_map(|line| line.0).collect();
        odds.iter_mut().zip(&numbers).for_each(|(odd, &number)| *odd = f64::from(number));
        if let Some((range, from)) = window(odds.len(), REACH as usize, before) {
            odds[range].iter_mut().zip(&numbers[from..]).for_each(|(odd, &number)| *odd += f64::from(number));
        }
    }
}

/// Rows of a table, one for each value of each field, and a bias.
struct Table {
    starts: Vec<usize>,
    /// Lines of a row.
    lines: usize,
    rows: Vec<Line>,
    bias: Vec<Line>,
}

impl Table {
    fn new(sizes: &[usize], table: &[f32], bias: &[f32]) -> Self {
        let starts = sizes.iter().scan(0, |sum, size| {
            let start = *sum;
            *sum += size;
            Some(start)
        });
        let starts = starts.collect();
        let rows = table.chunks_exact(bias.len()).flat_map(Line::collect).collect();
        Self { starts, lines: Line::count(bias.len()), rows, bias: Line::collect(bias) }
    }

    fn add_up(&self, fields: &[u32], sums: &mut [Line]) {
        for (&value, start) in fields.iter().zip(&self.starts) {
            let row = &self.rows[(start + value as usize) * self.lines..][..self.lines];
            fast(Add { sums, row });
        }
    }
}

/// Adds a row.
struct Add<'a> {
    sums: &'a mut [Line],
    row: &'a [Line],
}

impl Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (sum, row) in self.sums.iter_mut().zip(self.row) {
            *sum = sum.zip(*row, |sum, row| sum + row);
        }
    }
}

/// The hidden values: GELU of the sum of three vectors.
struct Bend<'a> {
    hidden: &'a mut [Line],
    one: &'a [Line],
    other: &'a [Line],
}

impl Kernel for Bend<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (hidden, (one, other)) in self.hidden.iter_mut().zip(self.one.iter().zip(self.other)) {
            let sum = hidden.zip(*one, |a, b| a + b).zip(*other, |a, b| a + b);
            *hidden = sum.map(gelu);
        }
    }
}

/// A voice's head.
struct Head {
    from_left: Affine,
    from_right: Affine,
    table: Table,
    output: Affine,
    straight: Table,
}

/// One of the two readers, a layer of gated recurrent units.
pub(super) struct Reader {
    table: Table,
    recurrent: Affine,
    width: usize,
}

impl Reader {
    fn new(layout: &Layout, table: &[f32], bias: &[f32], recurrent: &[f32], own: &[f32]) -> Self {
        let width = layout.width;
        // The candidate's own bias stands inside the reset gate, beside the recurrent sum.
        let mut biases = vec![0.0; 3 * width];
        biases[2 * width..].copy_from_slice(own);
        let gates = |row: &[f32]| -> Vec<f32> { pad(row, width) };
        let table: Vec<f32> = table.chunks_exact(3 * width).flat_map(gates).collect();
        let recurrent: Vec<f32> = recurrent.chunks_exact(3 * width).flat_map(gates).collect();
        let table = Table::new(&layout.reader(), &table, &pad(bias, width));
        Self { table, recurrent: Affine::new(&recurrent, width, &pad(&biases, width)), width }
    }

    /// Knows nothing.
    pub(super) fn begin(&self) -> Vec<Line> {
        vec![Line::ZERO; Line::count(self.width)]
    }

    /// Reads a step.
    pub(super) fn read(&self, fields: &[u32], state: &mut [Line]) {
        let mut input = self.table.bias.clone();
        self.table.add_up(fields, &mut input);
        let mut own = vec![Line::ZERO; self.recurrent.lines()];
        self.recurrent.apply(state, 1, &mut own);
        let lines = state.len();
        for (at, memory) in state.chunks_exact_mut(1).enumerate() {
            let gates = |sums: &[Line]| [0, 1, 2].map(|gate| sums[gate * lines + at]);
            let sums = [gates(&input), gates(&own)];
            let mut hidden = [Line::ZERO];
            fast(Update { cell: Cell::Gru, sums: sums.as_flattened(), memory, hidden: &mut hidden });
        }
    }
}

/// Each of the three gates filled up to whole lines.
fn pad(row: &[f32], width: usize) -> Vec<f32> {
    row.chunks_exact(width).flat_map(Line::collect).flat_map(|line| line.0).collect()
}
