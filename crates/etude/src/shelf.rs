//! Model files: one safetensors file that holds weights, alphabets, settings, the novelty index, the corpus's figures, and
//! a card.
//!
//! Metadata of the file: `etude` (format version), `card` (JSON). Integers are stored as u8, u16 or u32, weights as f32.
//! Loading refuses what isn't finite, has another shape than its card tells, or leaves out a part.

use crate::appraise::novelty::Index;
use crate::appraise::reference::Reference;
use crate::catalogue;
use crate::error::{Error, Result};
use crate::model::{Model, Settings};
use crate::music::articulation::Articulation;
use safetensors::{Dtype, SafeTensors, View};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The version of the file format.
const FORMAT: &str = "1";

/// A model with all that belongs to it.
#[derive(Clone)]
pub struct Shelved {
    /// What a person should know.
    pub card: Card,
    /// The model itself.
    pub model: Arc<dyn Model>,
    /// What its training pieces hold, to tell what is new.
    pub index: Index,
    /// When a repeated pitch is struck again.
    pub articulation: Articulation,
    /// The corpus's own figures; older files have none.
    pub reference: Option<Reference>,
    /// The first 16 hexadecimal digits of the file's SHA-256; empty before it is saved.
    pub hash: String,
}

/// What a person should know of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its name, such as `bach`.
    pub name: String,
    /// The catalogue name of what it was trained as, such as `maxent`.
    pub model: String,
    /// One sentence.
    pub summary: String,
    /// What it was trained on, with the licence of the data.
    pub data: String,
    /// The licence of the weights.
    pub licence: String,
    /// The training command.
    pub command: String,
    /// The program version that trained it.
    pub version: String,
    /// Pieces and a fingerprint of the corpus.
    pub corpus: String,
    /// Settings of the training.
    pub settings: Settings,
    /// Keys of the training pieces as the corpus has them, as text, with their counts.
    pub keys: BTreeMap<String, u32>,
    /// Steps in a quarter note.
    pub steps_per_quarter: usize,
    /// Voices, top to bottom.
    pub voices: usize,
    /// The training log's last line.
    pub log: String,
}

/// Named arrays.
pub type Tensors = BTreeMap<String, Tensor>;

/// One array.
#[derive(Debug, Clone, PartialEq)]
pub enum Tensor {
    /// Weights.
    F32(Vec<usize>, Vec<f32>),
    /// Symbols.
    U8(Vec<usize>, Vec<u8>),
    /// Classes and counts.
    U16(Vec<usize>, Vec<u16>),
    /// Indices and counts.
    U32(Vec<usize>, Vec<u32>),
    /// Codes.
    U64(Vec<usize>, Vec<u64>),
}

impl Tensor {
    /// A list of weights, rounded to f32.
    pub fn weights(values: &[f64]) -> Self {
        Self::F32(vec![values.len()], values.iter().map(|&x| x as f32).collect())
    }

    fn parts(&self) -> (Dtype, &[usize], Vec<u8>) {
        match self {
            Self::F32(shape, v) => (Dtype::F32, shape, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Self::U8(shape, v) => (Dtype::U8, shape, v.clone()),
            Self::U16(shape, v) => (Dtype::U16, shape, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Self::U32(shape, v) => (Dtype::U32, shape, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Self::U64(shape, v) => (Dtype::U64, shape, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        }
    }
}

/// A tensor as the safetensors crate wants to see it.
struct Bytes {
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl View for Bytes {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.data)
    }
    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// Reads named arrays, refusing what isn't there, has another type, or isn't finite.
pub struct Reader<'a> {
    file: &'a str,
    tensors: Tensors,
}

impl<'a> Reader<'a> {
    /// A reader of arrays that came from `file`.
    pub fn new(file: &'a str, tensors: Tensors) -> Self {
        Self { file, tensors }
    }

    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::ModelFile { file: self.file.to_owned(), found: found.into(), expected: expected.into() }
    }

    /// What doesn't fit together in the file.
    pub fn refuse<T>(&self, found: impl Into<String>, expected: impl Into<String>) -> Result<T> {
        Err(self.wrong(found, expected))
    }

    /// Whether there is an array of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn get(&self, name: &str) -> Result<&Tensor> {
        self.tensors.get(name).ok_or_else(|| self.wrong("no such array", format!("an array `{name}`")))
    }

    /// Weights by name.
    pub fn weights(&self, name: &str) -> Result<Vec<f64>> {
        match self.get(name)? {
            Tensor::F32(_, values) if values.iter().all(|x| x.is_finite()) => {
                Ok(values.iter().map(|&x| f64::from(x)).collect())
            }
            Tensor::F32(..) => self.refuse(format!("NaN or infinity in `{name}`"), "finite weights"),
            _ => self.refuse(format!("`{name}` of another type"), "f32"),
        }
    }

    /// Bytes by name.
    pub fn bytes(&self, name: &str) -> Result<&[u8]> {
        match self.get(name)? {
            Tensor::U8(_, values) => Ok(values),
            _ => self.refuse(format!("`{name}` of another type"), "u8"),
        }
    }

    /// Small numbers by name.
    pub fn shorts(&self, name: &str) -> Result<&[u16]> {
        match self.get(name)? {
            Tensor::U16(_, values) => Ok(values),
            _ => self.refuse(format!("`{name}` of another type"), "u16"),
        }
    }

    /// Numbers by name.
    pub fn numbers(&self, name: &str) -> Result<&[u32]> {
        match self.get(name)? {
            Tensor::U32(_, values) => Ok(values),
            _ => self.refuse(format!("`{name}` of another type"), "u32"),
        }
    }

    /// Codes by name.
    pub fn codes(&self, name: &str) -> Result<&[u64]> {
        match self.get(name)? {
            Tensor::U64(_, values) => Ok(values),
            _ => self.refuse(format!("`{name}` of another type"), "u64"),
        }
    }
}

impl Shelved {
    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors = self.model.tensors();
        tensors.extend(self.index.tensors());
        tensors.extend(self.articulation.tensors());
        tensors.extend(self.reference.iter().flat_map(Reference::tensors));
        let views = tensors.iter().map(|(name, tensor)| {
            let (dtype, shape, data) = tensor.parts();
            (name.clone(), Bytes { dtype, shape: shape.to_vec(), data })
        });
        let card = serde_json::to_string(&self.card).expect("a card is plain text and numbers");
        // One key, so that no order of a hash map shows in the file.
        let metadata = HashMap::from([("etude".to_owned(), format!("{FORMAT} {card}"))]);
        safetensors::serialize(views, Some(metadata)).expect("shapes are those of the arrays")
    }

    /// Reads a file's bytes; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// [`Error::ModelFile`] for whatever isn't a whole, sound model file of this program.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self> {
        let wrong = |found: String, expected: &str| Error::ModelFile {
            file: file.to_owned(),
            found,
            expected: expected.to_owned(),
        };
        let foreign = |error: safetensors::SafeTensorError| wrong(error.to_string(), "a safetensors file");
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(foreign)?;
        let told = metadata.metadata().as_ref().and_then(|map| map.get("etude"));
        let told = told.ok_or_else(|| wrong("no card".into(), "a model of Étude"))?;
        let (format, card) = told.split_once(' ').unwrap_or((told, ""));
        if format != FORMAT {
            return Err(wrong(format!("format {format}"), &format!("format {FORMAT}")));
        }
        let card: Card = serde_json::from_str(card).map_err(|e| wrong(e.to_string(), "a card in JSON"))?;
        let arrays = SafeTensors::deserialize(bytes).map_err(foreign)?;
        let mut tensors = Tensors::new();
        for (name, view) in arrays.tensors() {
            let tensor = tensor(view.dtype(), view.shape().to_vec(), view.data()).ok_or_else(|| {
                wrong(format!("{:?} in `{name}`", view.dtype()), "f32, u8, u16, u32 or u64")
            })?;
            tensors.insert(name, tensor);
        }
        let reader = Reader::new(file, tensors);
        let entry = catalogue::find(&card.model)
            .ok_or_else(|| wrong(format!("model `{}`", card.model), "a model of the catalogue"))?;
        let model = (entry.load)(&card, &reader)?;
        let index = Index::load(&reader, card.voices)?;
        let articulation = Articulation::load(&reader, card.voices)?;
        let reference = Reference::load(&reader)?;
        Ok(Self { card, model, index, articulation, reference, hash: hash(bytes) })
    }
}

/// The first 16 hexadecimal digits of the SHA-256.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// An array from its bytes, if its type is one of ours.
fn tensor(dtype: Dtype, shape: Vec<usize>, data: &[u8]) -> Option<Tensor> {
    /// The little-endian values of N bytes each.
    fn values<const N: usize, T>(data: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
        data.as_chunks::<N>().0.iter().map(|&chunk| read(chunk)).collect()
    }
    Some(match dtype {
        Dtype::F32 => Tensor::F32(shape, values(data, f32::from_le_bytes)),
        Dtype::U8 => Tensor::U8(shape, data.to_vec()),
        Dtype::U16 => Tensor::U16(shape, values(data, u16::from_le_bytes)),
        Dtype::U32 => Tensor::U32(shape, values(data, u32::from_le_bytes)),
        Dtype::U64 => Tensor::U64(shape, values(data, u64::from_le_bytes)),
        _ => return None,
    })
}
