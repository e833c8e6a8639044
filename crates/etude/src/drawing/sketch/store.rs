//! Networks that draw, in model files.

use super::Sketch;
use super::options::Options;
use super::run::Net;
use crate::drawing::novelty::Gallery;
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::precision::Arrays;
use crate::shelf::{Reader, Tensor, Tensors};

/// Everything, by name; `units` are the scale and the floor.
pub(super) fn tensors(options: &Options, flat: &[f32], units: [f32; 2], gallery: &Gallery) -> Tensors {
    let mut tensors = options.precision.store_all(&options.layout.shapes(), flat);
    tensors.insert("sketch.units".to_owned(), Tensor::F32(vec![2], units.to_vec()));
    tensors.extend(gallery.tensors());
    tensors
}

impl Sketch {
    /// Reads a network from a model file.
    ///
    /// # Errors
    ///
    /// Settings that make no sense, and arrays that are missing or don't fit them.
    pub fn load(settings: &Settings, reader: &Reader) -> Result<Self> {
        read(&Options::read(settings)?, reader)
    }
}

/// The same, of known options.
pub(super) fn read(options: &Options, reader: &Reader) -> Result<Sketch> {
    let mut arrays = Arrays::new(reader, options.precision);
    let units: Vec<f64> = reader.weights("sketch.units")?.to_vec();
    let &[scale, least] = units.as_slice() else {
        return reader.refuse(format!("{} units", units.len()), "a scale and a floor");
    };
    if !(1e-6..=1e30).contains(&scale) || !(1e-4..=100.0).contains(&least) {
        return reader.refuse(format!("a scale of {scale} and a floor of {least}"), "positive numbers");
    }
    let net = Net::read(options.layout, least, &mut arrays)?;
    let gallery = Gallery::load(reader)?;
    let mut tensors = arrays.tensors;
    tensors.insert("sketch.units".to_owned(), Tensor::F32(vec![2], vec![scale as f32, least as f32]));
    tensors.extend(gallery.tensors());
    Ok(Sketch { net, scale, gallery, settings: options.settings(), tensors })
}
