//! How precisely the weights of a network are stored.
//!
//! What is shipped is what is used: a network is rounded once, when it is made, and stored as it was rounded. So a file holds
//! exactly the model that was measured.

use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::shelf::{Reader, Tensor, Tensors};
use half::f16;

/// Numbers that share a scale.
const BLOCK: usize = 64;

/// No weight is farther from 0 than this; so no sum of any network here overflows.
pub const GREATEST: f32 = 1000.0;

/// How a number of a matrix is stored. Biases and gains are always f32.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Precision {
    /// 4 bytes, exactly.
    #[default]
    F32,
    /// 2 bytes: IEEE 754 half precision, 11 bits.
    F16,
    /// 1 byte: a whole number in −127..=127, times a scale (f32) that 64 numbers share.
    I8,
}

impl Precision {
    /// All of them; the order is that of the codes in files.
    pub const ALL: [Self; 3] = [Self::F32, Self::F16, Self::I8];

    /// Its name in settings.
    pub const fn name(self) -> &'static str {
        ["f32", "f16", "i8"][self as usize]
    }

    /// What the setting `precision` says.
    ///
    /// # Errors
    ///
    /// Another word than `f32`, `f16` or `i8`.
    pub fn of(settings: &Settings) -> Result<Self> {
        let Some(name) = settings.get("precision") else { return Ok(Self::default()) };
        let found = Self::ALL.into_iter().find(|precision| precision.name() == name.trim());
        found.ok_or_else(|| Error::usage(format!("`precision={name}`"), "precision is f32, f16 or i8"))
    }

    /// The setting, for the list of a recipe.
    pub fn setting() -> Setting {
        Setting {
            name: "precision",
            default: Self::default().name().to_owned(),
            meaning: "how weights are rounded and stored: f32, f16 (half the size) or i8 (a quarter)",
        }
    }

    /// Stores a matrix under a name.
    pub(crate) fn store(self, name: &str, shape: &[usize], numbers: &[f32], tensors: &mut Tensors) {
        let shape = shape.to_vec();
        let tensor = match self {
            Self::F32 => Tensor::F32(shape, numbers.to_vec()),
            Self::F16 => Tensor::U16(shape, numbers.iter().map(|&x| f16::from_f32(x).to_bits()).collect()),
            Self::I8 => {
                let scales: Vec<f32> = numbers.chunks(BLOCK).map(scale).collect();
                let blocks = numbers.chunks(BLOCK).zip(&scales);
                let bytes = blocks.flat_map(|(block, &scale)| block.iter().map(move |&x| level(x, scale)));
                let tensor = Tensor::U8(shape, bytes.collect());
                tensors.insert(format!("{name}.scales"), Tensor::F32(vec![scales.len()], scales));
                tensor
            }
        };
        tensors.insert(name.to_owned(), tensor);
    }

    /// Stores arrays that follow each other in one vector; vectors exactly.
    pub(crate) fn store_all(self, shapes: &[Shape], mut flat: &[f32]) -> Tensors {
        let mut tensors = Tensors::new();
        for shape in shapes {
            let (numbers, rest) = flat.split_at(shape.len());
            match shape.rows {
                0 => Self::F32.store(&shape.name, &[shape.columns], numbers, &mut tensors),
                rows => self.store(&shape.name, &[rows, shape.columns], numbers, &mut tensors),
            }
            flat = rest;
        }
        tensors
    }
}

/// Reads the arrays of a network one by one, and keeps them as they are stored.
pub(crate) struct Arrays<'a> {
    reader: &'a Reader<'a>,
    precision: Precision,
    /// What was read so far.
    pub(crate) tensors: Tensors,
}

impl<'a> Arrays<'a> {
    /// Of a file whose matrices are stored so.
    pub(crate) fn new(reader: &'a Reader<'a>, precision: Precision) -> Self {
        Self { reader, precision, tensors: Tensors::new() }
    }

    /// A list of whole numbers.
    ///
    /// # Errors
    ///
    /// An array that is missing.
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<usize>> {
        let numbers = self.reader.numbers(name)?;
        self.tensors.insert(name.to_owned(), Tensor::U32(vec![numbers.len()], numbers.to_vec()));
        Ok(numbers.iter().map(|&number| number as usize).collect())
    }

    /// Numbers that are stored exactly.
    ///
    /// # Errors
    ///
    /// Another number of them, or one that no network has.
    pub(crate) fn vector(&mut self, name: &str, len: usize) -> Result<Vec<f32>> {
        self.exact(name, vec![len])
    }

    /// A matrix, row-major.
    ///
    /// # Errors
    ///
    /// As for [`Arrays::vector`].
    pub(crate) fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<Vec<f32>> {
        let shape = vec![rows, columns];
        let (tensor, numbers): (Tensor, Vec<f32>) = match self.precision {
            Precision::F32 => return self.exact(name, shape),
            Precision::F16 => {
                let bits = self.sized(name, self.reader.shorts(name)?, rows * columns)?;
                let numbers = bits.iter().map(|&bits| f16::from_bits(bits).to_f32());
                (Tensor::U16(shape, bits.to_vec()), numbers.collect())
            }
            Precision::I8 => {
                let levels = self.sized(name, self.reader.bytes(name)?, rows * columns)?;
                let scales = self.vector(&format!("{name}.scales"), levels.len().div_ceil(BLOCK))?;
                let scales = scales.iter().flat_map(|&scale| [scale; BLOCK]);
                let numbers = levels.iter().zip(scales).map(|(&level, scale)| f32::from(level as i8) * scale);
                (Tensor::U8(shape, levels.to_vec()), numbers.collect())
            }
        };
        self.tensors.insert(name.to_owned(), tensor);
        self.bounded(name, numbers)
    }

    /// Arrays one after the other, as [`Precision::store_all`] wrote them.
    ///
    /// # Errors
    ///
    /// As for [`Arrays::vector`].
    pub(crate) fn all(&mut self, shapes: &[Shape]) -> Result<Vec<Vec<f32>>> {
        let mut read = |Shape { name, rows, columns }: &Shape| match rows {
            0 => self.vector(name, *columns),
            rows => self.matrix(name, *rows, *columns),
        };
        shapes.iter().map(&mut read).collect()
    }

    fn exact(&mut self, name: &str, shape: Vec<usize>) -> Result<Vec<f32>> {
        let numbers = self.reader.weights(name)?;
        let numbers = self.sized(name, &numbers, shape.iter().product())?;
        let numbers: Vec<f32> = numbers.iter().map(|&x| x as f32).collect();
        self.tensors.insert(name.to_owned(), Tensor::F32(shape, numbers.clone()));
        self.bounded(name, numbers)
    }

    fn sized<'b, T>(&self, name: &str, numbers: &'b [T], count: usize) -> Result<&'b [T]> {
        if numbers.len() == count {
            return Ok(numbers);
        }
        self.reader.refuse(format!("{} numbers in `{name}`", numbers.len()), format!("{count}"))
    }

    fn bounded(&self, name: &str, numbers: Vec<f32>) -> Result<Vec<f32>> {
        let Some(x) = numbers.iter().find(|&&x| !sound(x)) else { return Ok(numbers) };
        self.reader.refuse(format!("{x} in `{name}`"), format!("weights in −{GREATEST}..={GREATEST}"))
    }
}

/// How one array is stored: its name, rows and columns; 0 rows for a vector, which is always exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

impl Shape {
    /// How many numbers it has.
    pub(crate) fn len(&self) -> usize {
        self.rows.max(1) * self.columns
    }
}

/// Whether a network may have all of these weights.
///
/// # Errors
///
/// One that no network has.
pub(crate) fn check(weights: &[f32]) -> Result<()> {
    if weights.iter().all(|&weight| sound(weight)) {
        return Ok(());
    }
    Err(Error::usage("weights beyond all measure", "a lower `rate`, or a longer `warmup`"))
}

/// Whether a network may have such a weight.
pub(crate) fn sound(x: f32) -> bool {
    x.abs() <= GREATEST
}

/// The number that the level 1 of a block stands for.
fn scale(block: &[f32]) -> f32 {
    block.iter().fold(0.0, |top: f32, x| top.max(x.abs())) / 127.0
}

/// The nearest level to a number, as a byte.
fn level(x: f32, scale: f32) -> u8 {
    if scale == 0.0 {
        return 0;
    }
    (x / scale).round().clamp(-127.0, 127.0) as i8 as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;

    /// The greatest error of storing 1,000 numbers in −2..2, and whether storing what was read changes nothing.
    fn error(precision: Precision) -> f32 {
        let mut chance = Chance::new(1, 0);
        let numbers: Vec<f32> = (0..1000).map(|_| chance.unit() as f32 * 4.0 - 2.0).collect();
        let mut tensors = Tensors::new();
        precision.store("w", &[10, 100], &numbers, &mut tensors);
        let reader = Reader::new("test", tensors.clone());
        let mut arrays = Arrays::new(&reader, precision);
        let read = arrays.matrix("w", 10, 100).expect("as stored");
        assert_eq!(arrays.tensors, tensors);
        numbers.iter().zip(&read).fold(0.0, |worst, (a, b)| worst.max((a - b).abs()))
    }

    #[test]
    fn f32_is_exact() {
        assert_eq!(error(Precision::F32), 0.0);
    }

    #[test]
    fn f16_keeps_eleven_bits() {
        assert!(error(Precision::F16) <= 1.0 / 2048.0);
    }

    #[test]
    fn i8_keeps_a_254th_of_the_greatest_of_its_block() {
        assert!(error(Precision::I8) <= 2.0 / 254.0 * 1.000_01);
    }

    #[test]
    fn zeros_and_short_blocks_are_stored() {
        let mut tensors = Tensors::new();
        Precision::I8.store("w", &[1, 65], &[0.0; 65], &mut tensors);
        let read = Arrays::new(&Reader::new("test", tensors), Precision::I8).matrix("w", 1, 65);
        assert_eq!(read.expect("zeros"), [0.0; 65]);
    }

    #[test]
    fn what_no_network_has_is_refused() {
        let read = |tensor: Tensor, precision: Precision| {
            let scales = Tensor::F32(vec![1], vec![f32::MAX]);
            let tensors = Tensors::from([("w".to_owned(), tensor), ("w.scales".to_owned(), scales)]);
            let reader = Reader::new("test", tensors);
            Arrays::new(&reader, precision).matrix("w", 1, 1).expect_err("nonsense").to_string()
        };
        let nan = read(Tensor::F32(vec![1], vec![f32::NAN]), Precision::F32);
        assert_eq!(nan, "test: found NaN or infinity in `w`, expected finite weights");
        let infinite = read(Tensor::U16(vec![1], vec![0x7c00]), Precision::F16);
        assert_eq!(infinite, "test: found inf in `w`, expected weights in −1000..=1000");
        let great = read(Tensor::U8(vec![1], vec![1]), Precision::I8);
        assert!(great.contains("in `w.scales`"), "{great}");
        let long = read(Tensor::U8(vec![2], vec![1, 2]), Precision::I8);
        assert_eq!(long, "test: found 2 numbers in `w`, expected 1");
    }

    #[test]
    fn settings_name_it() {
        let of = |value: &str| Precision::of(&Settings::from([("precision".to_owned(), value.to_owned())]));
        assert_eq!(of("i8").expect("known"), Precision::I8);
        assert_eq!(Precision::of(&Settings::new()).expect("the default"), Precision::F32);
        let error = of("i4").expect_err("unknown").to_string();
        assert_eq!(error, "`precision=i4`; hint: precision is f32, f16 or i8");
    }
}
