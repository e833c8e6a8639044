//! Reading a model file's arrays, with suspicion.

use super::{Tensor, Tensors};
use crate::error::{Error, Result};

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
