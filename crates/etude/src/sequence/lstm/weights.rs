//! What a recurrent network has learnt, as plain arrays, and how they are stored.

use crate::error::{Error, Result};
use crate::sequence::precision::{Arrays, Precision, sound};
use crate::shelf::{Reader, Tensor, Tensors};

/// The kind of the units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Long short-term memory (Hochreiter & Schmidhuber 1997): gates i, f, g, o.
    Lstm,
    /// Gated recurrent units (Cho et al. 2014), with the reset gate behind the product as in PyTorch: gates r, z, n.
    Gru,
}

impl Cell {
    /// Sums that a unit adds up, G.
    pub const fn gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }

    /// Its name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lstm => "lstm",
            Self::Gru => "gru",
        }
    }
}

/// A network of recurrent layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Values of each field, shape (K); the first is Q + 1.
    pub fields: Vec<usize>,
    /// Symbols, Q.
    pub symbols: usize,
    /// Units of a layer, H.
    pub width: usize,
    /// Their kind.
    pub cell: Cell,
    /// The layers, the one that reads the fields first.
    pub layers: Vec<Layer>,
    /// Log-odds from the last layer, shape (H, Q), row-major.
    pub output: Vec<f32>,
    /// Shape (Q).
    pub output_bias: Vec<f32>,
}

/// One recurrent layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The first layer: shape (Σ Nₖ, G·H), a row for each value of each field; the rows of the K values are added. The others:
    /// shape (H, G·H), from the layer below.
    pub input: Vec<f32>,
    /// From the layer itself, one step before: shape (H, G·H).
    pub recurrent: Vec<f32>,
    /// Shape (G·H).
    pub bias: Vec<f32>,
    /// Of a GRU, the bias of the candidate's recurrent sum, inside the reset gate: shape (H). Of an LSTM empty.
    pub recurrent_bias: Vec<f32>,
}

/// The greatest network that is read: values of all fields, symbols, units, layers, fields.
const MOST: [usize; 5] = [1 << 17, 1 << 16, 1 << 13, 64, 64];

impl Weights {
    /// Values of all fields, Σ Nₖ.
    pub fn rows(&self) -> usize {
        self.fields.iter().sum()
    }

    /// How many numbers there are.
    pub fn parameters(&self) -> usize {
        self.arrays().iter().map(|array| array.numbers.len()).sum()
    }

    /// Whether all arrays have their shapes and hold sound numbers.
    ///
    /// # Errors
    ///
    /// The first array that hasn't, or what a network can't have, such as no layer.
    pub fn check(&self) -> Result<()> {
        if let Some(problem) = shape_problem(&self.fields, self.symbols, self.width, self.layers.len()) {
            return Err(Error::usage(problem, "a network that fits its sequences"));
        }
        for Array { name, shape, numbers, .. } in self.arrays() {
            if numbers.len() != shape.iter().product::<usize>() {
                return Err(Error::usage(
                    format!("{} numbers in {name}", numbers.len()),
                    format!("shape {shape:?}"),
                ));
            }
            if let Some(x) = numbers.iter().find(|&&x| !sound(x)) {
                return Err(Error::usage(format!("{x} in {name}"), "train with a smaller learning rate"));
            }
        }
        Ok(())
    }

    /// Everything, by name.
    pub(super) fn tensors(&self, precision: Precision) -> Tensors {
        let list = |numbers: &[usize]| {
            Tensor::U32(vec![numbers.len()], numbers.iter().map(|&number| number as u32).collect())
        };
        let shape = [self.symbols, self.width, self.layers.len(), self.cell as usize, precision as usize];
        let mut tensors = Tensors::from([
            ("lstm.shape".to_owned(), list(&shape)),
            ("lstm.fields".to_owned(), list(&self.fields)),
        ]);
        for Array { name, shape, numbers, exact } in self.arrays() {
            let precision = if exact { Precision::F32 } else { precision };
            precision.store(&name, &shape, numbers, &mut tensors);
        }
        tensors
    }

    /// Reads what [`Weights::tensors`] wrote, and gives it back as it was written too.
    ///
    /// # Errors
    ///
    /// Arrays that are missing, have another size than the file tells, or hold what no network has.
    pub(super) fn read(reader: &Reader) -> Result<(Self, Tensors)> {
        let &[symbols, width, layers, cell, precision] = reader.numbers("lstm.shape")? else {
            return reader.refuse("a network of unknown shape", "5 numbers in `lstm.shape`");
        };
        let Some(&cell) = [Cell::Lstm, Cell::Gru].get(cell as usize) else {
            return reader.refuse(format!("units of kind {cell}"), "0 for LSTM or 1 for GRU");
        };
        let Some(&precision) = Precision::ALL.get(precision as usize) else {
            return reader.refuse(format!("precision {precision}"), "0 to 2");
        };
        let [symbols, width, layers] = [symbols, width, layers].map(|number| number as usize);
        let mut arrays = Arrays::new(reader, precision);
        arrays.list("lstm.shape")?;
        let fields = arrays.list("lstm.fields")?;
        if let Some(problem) = shape_problem(&fields, symbols, width, layers) {
            return reader.refuse(problem, "a recurrent network");
        }
        let columns = cell.gates() * width;
        let mut layer = |layer: usize| {
            let name = |part: &str| format!("lstm.{layer}.{part}");
            let rows = if layer == 0 { fields.iter().sum() } else { width };
            Ok(Layer {
                input: arrays.matrix(&name("input"), rows, columns)?,
                recurrent: arrays.matrix(&name("recurrent"), width, columns)?,
                bias: arrays.vector(&name("bias"), columns)?,
                recurrent_bias: match cell {
                    Cell::Lstm => Vec::new(),
                    Cell::Gru => arrays.vector(&name("recurrent_bias"), width)?,
                },
            })
        };
        let layers = (0..layers).map(&mut layer).collect::<Result<_>>()?;
        let output = arrays.matrix("lstm.output", width, symbols)?;
        let output_bias = arrays.vector("lstm.output_bias", symbols)?;
        Ok((Self { fields, symbols, width, cell, layers, output, output_bias }, arrays.tensors))
    }

    /// All arrays with their names and shapes.
    fn arrays(&self) -> Vec<Array<'_>> {
        let (width, columns) = (self.width, self.cell.gates() * self.width);
        let matrix =
            |name, rows, columns, numbers| Array { name, shape: vec![rows, columns], numbers, exact: false };
        let vector = |name, len, numbers| Array { name, shape: vec![len], numbers, exact: true };
        let mut arrays = vec![
            matrix("lstm.output".to_owned(), width, self.symbols, &self.output),
            vector("lstm.output_bias".to_owned(), self.symbols, &self.output_bias),
        ];
        for (number, layer) in self.layers.iter().enumerate() {
            let name = |part: &str| format!("lstm.{number}.{part}");
            let rows = if number == 0 { self.rows() } else { width };
            arrays.push(matrix(name("input"), rows, columns, &layer.input));
            arrays.push(matrix(name("recurrent"), width, columns, &layer.recurrent));
            arrays.push(vector(name("bias"), columns, &layer.bias));
            if self.cell == Cell::Gru {
                arrays.push(vector(name("recurrent_bias"), width, &layer.recurrent_bias));
            }
        }
        arrays
    }
}

/// An array as it is stored; biases are exact at every precision.
struct Array<'a> {
    name: String,
    shape: Vec<usize>,
    numbers: &'a [f32],
    exact: bool,
}

/// What is wrong with the shape of a network, if anything is.
fn shape_problem(fields: &[usize], symbols: usize, width: usize, layers: usize) -> Option<String> {
    let [most_rows, most_symbols, most_width, most_layers, most_fields] = MOST;
    let outside = |what: &str, number: usize, most: usize| {
        (!(1..=most).contains(&number)).then(|| format!("{number} {what}, not 1 to {most}"))
    };
    let rows = fields.iter().fold(0, |sum: usize, &values| sum.saturating_add(values));
    outside("symbols", symbols, most_symbols)
        .or_else(|| outside("units", width, most_width))
        .or_else(|| outside("layers", layers, most_layers))
        .or_else(|| outside("fields", fields.len(), most_fields))
        .or_else(|| outside("values of fields", rows, most_rows))
        .or_else(|| {
            (fields[0] != symbols + 1)
                .then(|| format!("{} values of field 0, not {}", fields[0], symbols + 1))
        })
}
