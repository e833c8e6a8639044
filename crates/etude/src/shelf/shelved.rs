//! A model of grids with all that belongs to it.

use super::{Card, Opened, Reader, file};
use crate::appraise::novelty::Index;
use crate::appraise::reference::Reference;
use crate::catalogue::Load;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::music::articulation::Articulation;
use std::sync::Arc;

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

impl Shelved {
    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors = self.model.tensors();
        tensors.extend(self.index.tensors());
        tensors.extend(self.articulation.tensors());
        tensors.extend(self.reference.iter().flat_map(Reference::tensors));
        file(&self.card, &tensors)
    }

    /// Reads a file's bytes; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// [`Error::ModelFile`] for whatever isn't a whole, sound file of a model of grids.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self> {
        match Opened::from_bytes(bytes, file)? {
            Opened::Grid(shelved) => Ok(*shelved),
            Opened::Author(authored) => Err(Error::ModelFile {
                file: file.to_owned(),
                found: format!("model `{}`", authored.card.model),
                expected: "a model of voices on a grid".to_owned(),
            }),
        }
    }

    /// Puts together what a file holds.
    pub(super) fn load(card: Card, reader: &Reader, load: Load, hash: String) -> Result<Self> {
        let model = load(&card, reader)?;
        let index = Index::load(reader, card.voices)?;
        let articulation = Articulation::load(reader, card.voices)?;
        let reference = Reference::load(reader)?;
        Ok(Self { card, model, index, articulation, reference, hash })
    }
}
