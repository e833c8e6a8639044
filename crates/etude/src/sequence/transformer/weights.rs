//! What a transformer has learnt, as plain arrays, and how they are stored.

use crate::error::{Error, Result};
use crate::kernels::line::Line;
use crate::sequence::precision::{Arrays, Precision, sound};
use crate::shelf::{Reader, Tensor, Tensors};

/// A transformer. All matrices are row-major, from rows to columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Values of each field, shape (K); the first is Q + 1.
    pub fields: Vec<usize>,
    /// Symbols, Q.
    pub symbols: usize,
    /// Width of the stream that the layers add to, D.
    pub width: usize,
    /// Heads of each layer; D is an even multiple of them.
    pub heads: usize,
    /// Steps that a layer looks back on, the present one counted.
    pub window: usize,
    /// A row for each value of each field, shape (Σ Nₖ, D); the rows of the K values are added.
    pub input: Vec<f32>,
    /// The layers, the one that reads the fields first.
    pub layers: Vec<Layer>,
    /// The last normalisation.
    pub final_norm: Norm,
    /// Log-odds, shape (D, Q).
    pub output: Vec<f32>,
    /// Shape (Q).
    pub output_bias: Vec<f32>,
}

/// What follows a layer normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    /// Shape (D).
    pub gain: Vec<f32>,
    /// Shape (D).
    pub bias: Vec<f32>,
}

/// One layer: attention, then a perceptron, each after a normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Before the attention.
    pub norm1: Norm,
    /// Queries, keys and values side by side, each head by head: shape (D, 3D).
    pub qkv: Vec<f32>,
    /// Shape (3D).
    pub qkv_bias: Vec<f32>,
    /// From what the heads found: shape (D, D).
    pub projection: Vec<f32>,
    /// Shape (D).
    pub projection_bias: Vec<f32>,
    /// Before the perceptron.
    pub norm2: Norm,
    /// Shape (D, 4D).
    pub up: Vec<f32>,
    /// Shape (4D).
    pub up_bias: Vec<f32>,
    /// Shape (4D, D).
    pub down: Vec<f32>,
    /// Shape (D).
    pub down_bias: Vec<f32>,
}

/// The greatest transformer that is read: values of all fields, symbols, width, layers, fields, window.
const MOST: [usize; 6] = [1 << 17, 1 << 16, 1 << 12, 64, 64, 1 << 14];

/// Numbers that a sequence may remember, window · D · layers, each head filled up to whole lines: 256 MiB of keys and values.
const MOST_MEMORY: usize = 1 << 25;

impl Weights {
    /// Values of all fields, Σ Nₖ.
    pub fn rows(&self) -> usize {
        self.fields.iter().sum()
    }

    /// How many numbers there are.
    pub fn parameters(&self) -> usize {
        self.arrays().iter().map(|array| array.numbers.len()).sum()
    }

    fn shape(&self) -> [usize; 5] {
        [self.symbols, self.width, self.layers.len(), self.heads, self.window]
    }

    /// Whether all arrays have their shapes and hold sound numbers.
    ///
    /// # Errors
    ///
    /// The first array that hasn't, or what a transformer can't have, such as no layer.
    pub fn check(&self) -> Result<()> {
        if let Some(problem) = shape_problem(&self.fields, self.shape()) {
            return Err(Error::usage(problem, "a transformer that fits its sequences"));
        }
        for Array { name, shape, numbers } in self.arrays() {
            if numbers.len() != shape.iter().product::<usize>() {
                let found = format!("{} numbers in {name}", numbers.len());
                return Err(Error::usage(found, format!("shape {shape:?}")));
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
        let [symbols, width, layers, heads, window] = self.shape();
        let shape = [symbols, width, layers, heads, window, precision as usize];
        let mut tensors = Tensors::from([
            ("transformer.shape".to_owned(), list(&shape)),
            ("transformer.fields".to_owned(), list(&self.fields)),
        ]);
        for Array { name, shape, numbers } in self.arrays() {
            let precision = if shape.len() == 1 { Precision::F32 } else { precision };
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
        let &[symbols, width, layers, heads, window, precision] = reader.numbers("transformer.shape")? else {
            return reader.refuse("a transformer of unknown shape", "6 numbers in `transformer.shape`");
        };
        let Some(&precision) = Precision::ALL.get(precision as usize) else {
            return reader.refuse(format!("precision {precision}"), "0 to 2");
        };
        let shape = [symbols, width, layers, heads, window].map(|number| number as usize);
        let mut arrays = Arrays::new(reader, precision);
        arrays.list("transformer.shape")?;
        let fields = arrays.list("transformer.fields")?;
        if let Some(problem) = shape_problem(&fields, shape) {
            return reader.refuse(problem, "a transformer");
        }
        let [symbols, width, layers, heads, window] = shape;
        let input = arrays.matrix("transformer.input", fields.iter().sum(), width)?;
        let layers =
            (0..layers).map(|layer| Layer::read(&mut arrays, layer, width)).collect::<Result<_>>()?;
        let final_norm = Norm::read(&mut arrays, "transformer.final_norm", width)?;
        let output = arrays.matrix("transformer.output", width, symbols)?;
        let output_bias = arrays.vector("transformer.output_bias", symbols)?;
        let weights =
            Self { fields, symbols, width, heads, window, input, layers, final_norm, output, output_bias };
        Ok((weights, arrays.tensors))
    }

    /// All arrays with their names and shapes.
    fn arrays(&self) -> Vec<Array<'_>> {
        let width = self.width;
        let mut arrays = vec![
            Array::new("transformer.input".into(), &[self.rows(), width], &self.input),
            Array::new("transformer.output".into(), &[width, self.symbols], &self.output),
            Array::new("transformer.output_bias".into(), &[self.symbols], &self.output_bias),
        ];
        arrays.extend(self.final_norm.arrays("transformer.final_norm", width));
        arrays.extend(self.layers.iter().enumerate().flat_map(|(number, layer)| layer.arrays(number, width)));
        arrays
    }
}

impl Layer {
    fn read(arrays: &mut Arrays, number: usize, width: usize) -> Result<Self> {
        let name = |part: &str| format!("transformer.{number}.{part}");
        Ok(Self {
            norm1: Norm::read(arrays, &name("norm1"), width)?,
            qkv: arrays.matrix(&name("qkv"), width, 3 * width)?,
            qkv_bias: arrays.vector(&name("qkv_bias"), 3 * width)?,
            projection: arrays.matrix(&name("projection"), width, width)?,
            projection_bias: arrays.vector(&name("projection_bias"), width)?,
            norm2: Norm::read(arrays, &name("norm2"), width)?,
            up: arrays.matrix(&name("up"), width, 4 * width)?,
            up_bias: arrays.vector(&name("up_bias"), 4 * width)?,
            down: arrays.matrix(&name("down"), 4 * width, width)?,
            down_bias: arrays.vector(&name("down_bias"), width)?,
        })
    }

    fn arrays(&self, number: usize, width: usize) -> Vec<Array<'_>> {
        let name = |part: &str| format!("transformer.{number}.{part}");
        let mut arrays = vec![
            Array::new(name("qkv"), &[width, 3 * width], &self.qkv),
            Array::new(name("qkv_bias"), &[3 * width], &self.qkv_bias),
            Array::new(name("projection"), &[width, width], &self.projection),
            Array::new(name("projection_bias"), &[width], &self.projection_bias),
            Array::new(name("up"), &[width, 4 * width], &self.up),
            Array::new(name("up_bias"), &[4 * width], &self.up_bias),
            Array::new(name("down"), &[4 * width, width], &self.down),
            Array::new(name("down_bias"), &[width], &self.down_bias),
        ];
        arrays.extend(self.norm1.arrays(&name("norm1"), width));
        arrays.extend(self.norm2.arrays(&name("norm2"), width));
        arrays
    }
}

impl Norm {
    fn read(arrays: &mut Arrays, name: &str, width: usize) -> Result<Self> {
        let gain = arrays.vector(&format!("{name}.gain"), width)?;
        Ok(Self { gain, bias: arrays.vector(&format!("{name}.bias"), width)? })
    }

    fn arrays(&self, name: &str, width: usize) -> [Array<'_>; 2] {
        [("gain", &self.gain), ("bias", &self.bias)]
            .map(|(part, numbers)| Array::new(format!("{name}.{part}"), &[width], numbers))
    }
}

/// An array as it is stored; what has one axis is exact at every precision.
struct Array<'a> {
    name: String,
    shape: Vec<usize>,
    numbers: &'a [f32],
}

impl<'a> Array<'a> {
    fn new(name: String, shape: &[usize], numbers: &'a [f32]) -> Self {
        Self { name, shape: shape.to_vec(), numbers }
    }
}

/// What is wrong with the shape of a transformer, if anything is.
fn shape_problem(fields: &[usize], shape: [usize; 5]) -> Option<String> {
    let [symbols, width, layers, heads, window] = shape;
    let [most_rows, most_symbols, most_width, most_layers, most_fields, most_window] = MOST;
    let outside = |what: &str, number: usize, most: usize| {
        (!(1..=most).contains(&number)).then(|| format!("{number} {what}, not 1 to {most}"))
    };
    let rows = fields.iter().fold(0, |sum: usize, &values| sum.saturating_add(values));
    outside("symbols", symbols, most_symbols)
        .or_else(|| outside("numbers wide", width, most_width))
        .or_else(|| outside("layers", layers, most_layers))
        .or_else(|| outside("steps of window", window, most_window))
        .or_else(|| outside("heads", heads, width))
        .or_else(|| (!width.is_multiple_of(2 * heads)).then(|| format!("{heads} heads of {width} numbers")))
        .or_else(|| {
            let padded = (width / heads).next_multiple_of(Line::LEN) * heads;
            outside("numbers to remember", window * padded * layers, MOST_MEMORY)
        })
        .or_else(|| outside("fields", fields.len(), most_fields))
        .or_else(|| outside("values of fields", rows, most_rows))
        .or_else(|| {
            (fields[0] != symbols + 1)
                .then(|| format!("{} values of field 0, not {}", fields[0], symbols + 1))
        })
}
