//! Model files: one safetensors file that holds weights, alphabets, settings, what tells copies apart, and a card.
//!
//! Metadata of the file: `etude` (format version, a blank, the card in JSON). Integers are stored as u8, u16, u32 or u64,
//! weights as f32. Loading refuses what isn't finite, has another shape than its card tells, or leaves out a part.
//!
//! A file holds a model of grids with what belongs to it ([`Shelved`]), or an author ([`Authored`]); [`Opened`] is either.

mod card;
mod reader;
mod shelved;
mod tensor;

pub use card::Card;
pub use reader::Reader;
pub use shelved::Shelved;
pub use tensor::{Tensor, Tensors};

use crate::author::Author;
use crate::catalogue::{self, Make};
use crate::error::{Error, Result};
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use tensor::{Bytes, tensor};

/// The version of the file format.
const FORMAT: &str = "1";

/// What a model file holds.
#[derive(Clone)]
pub enum Opened {
    /// A model of grids.
    Grid(Box<Shelved>),
    /// An author.
    Author(Box<Authored>),
}

/// An author with its card.
#[derive(Clone)]
pub struct Authored {
    /// What a person should know.
    pub card: Card,
    /// The author itself.
    pub author: Arc<dyn Author>,
    /// The first 16 hexadecimal digits of the file's SHA-256; empty before it is saved.
    pub hash: String,
}

impl Opened {
    /// Reads a file's bytes; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// [`Error::ModelFile`] for whatever isn't a whole, sound model file of this program.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self> {
        let (card, reader) = parse(bytes, file)?;
        let Some(entry) = catalogue::find(&card.model) else {
            return reader.refuse(format!("model `{}`", card.model), "a model of the catalogue");
        };
        Ok(match entry.make {
            Make::Grid { load, .. } => Self::Grid(Box::new(Shelved::load(card, &reader, load, hash(bytes))?)),
            Make::Author { load, .. } => {
                let author = load(&card, &reader)?;
                Self::Author(Box::new(Authored { card, author, hash: hash(bytes) }))
            }
        })
    }

    /// The card.
    pub fn card(&self) -> &Card {
        match self {
            Self::Grid(shelved) => &shelved.card,
            Self::Author(authored) => &authored.card,
        }
    }

    /// The file's hash.
    pub fn hash(&self) -> &str {
        match self {
            Self::Grid(shelved) => &shelved.hash,
            Self::Author(authored) => &authored.hash,
        }
    }

    /// The model of grids that it is.
    ///
    /// # Errors
    ///
    /// It is an author.
    pub fn grid(&self) -> Result<&Shelved> {
        match self {
            Self::Grid(shelved) => Ok(shelved),
            Self::Author(authored) => Err(Error::usage(
                format!("{} writes sequences", authored.card.name),
                "this asks for a model of voices on a grid, such as bach",
            )),
        }
    }
}

impl Authored {
    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        file(&self.card, &self.author.tensors())
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    ///
    /// As for [`Opened::from_bytes`], and models of grids.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self> {
        match Opened::from_bytes(bytes, file)? {
            Opened::Author(authored) => Ok(*authored),
            Opened::Grid(shelved) => Err(Error::ModelFile {
                file: file.to_owned(),
                found: format!("model `{}`", shelved.card.model),
                expected: "an author".to_owned(),
            }),
        }
    }
}

/// A file of a card and arrays.
fn file(card: &Card, tensors: &Tensors) -> Vec<u8> {
    let views = tensors.iter().map(|(name, tensor)| {
        let (dtype, shape, data) = tensor.parts();
        (name.clone(), Bytes { dtype, shape: shape.to_vec(), data })
    });
    let card = serde_json::to_string(card).expect("a card is plain text and numbers");
    // One key, so that no order of a hash map shows in the file.
    let metadata = HashMap::from([("etude".to_owned(), format!("{FORMAT} {card}"))]);
    safetensors::serialize(views, Some(metadata)).expect("shapes are those of the arrays")
}

/// The card and the arrays of a file.
fn parse<'a>(bytes: &[u8], file: &'a str) -> Result<(Card, Reader<'a>)> {
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
        let tensor = tensor(view.dtype(), view.shape().to_vec(), view.data())
            .ok_or_else(|| wrong(format!("{:?} in `{name}`", view.dtype()), "f32, u8, u16, u32 or u64"))?;
        tensors.insert(name, tensor);
    }
    Ok((card, Reader::new(file, tensors)))
}

/// The first 16 hexadecimal digits of the SHA-256.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
