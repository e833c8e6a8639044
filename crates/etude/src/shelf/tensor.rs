//! Named arrays, as model files hold them.

use safetensors::{Dtype, View};
use std::borrow::Cow;
use std::collections::BTreeMap;

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

    pub(super) fn parts(&self) -> (Dtype, &[usize], Vec<u8>) {
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
pub(super) struct Bytes {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
    pub(super) data: Vec<u8>,
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

/// An array from its bytes, if its type is one of ours.
pub(super) fn tensor(dtype: Dtype, shape: Vec<usize>, data: &[u8]) -> Option<Tensor> {
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
