//! Networks of voices in model files.

use super::Chorale;
use super::layout::Layout;
use super::network::shapes;
use super::options::{Options, Reading};
use super::run::Net;
use crate::error::Result;
use crate::model::Model;
use crate::sequence::precision::Arrays;
use crate::shelf::{Card, Reader, Tensor, Tensors};
use std::sync::Arc;

/// The most voices that a network has.
pub(super) const MOST_VOICES: usize = 16;

/// Everything, by name.
pub(super) fn tensors(layout: &Layout, flat: &[f32], options: &Options, keys: &[u32]) -> Tensors {
    let mut tensors = options.precision.store_all(&shapes(layout), flat);
    let ranges = layout.ranges.iter().flat_map(|&(low, high)| [low, high]).collect();
    tensors.insert("chorale.ranges".to_owned(), Tensor::U8(vec![2 * layout.voices()], ranges));
    tensors.insert("chorale.keys".to_owned(), Tensor::U32(vec![keys.len()], keys.to_vec()));
    tensors
}

/// Reads a model from a model file.
///
/// # Errors
///
/// Arrays that don't fit together.
pub fn load(reading: Reading, card: &Card, reader: &Reader) -> Result<Arc<dyn Model>> {
    let options = Options::read(&card.settings)?;
    read(reading, options, card.steps_per_quarter, reader)
}

/// The same, of known options.
pub(super) fn read(
    reading: Reading,
    options: Options,
    quarter: usize,
    reader: &Reader,
) -> Result<Arc<dyn Model>> {
    if !(1..=48).contains(&quarter) {
        return reader.refuse(format!("{quarter} steps in a quarter"), "1 to 48");
    }
    let ranges = reader.bytes("chorale.ranges")?.to_vec();
    let pairs = ranges.as_chunks::<2>().0;
    if !ranges.len().is_multiple_of(2) || !(1..=MOST_VOICES).contains(&pairs.len()) {
        return reader.refuse(format!("{} ends of ranges", ranges.len()), "two for each of 1 to 16 voices");
    }
    if let Some([low, high]) = pairs.iter().find(|[low, high]| low > high || *high > 127) {
        return reader.refuse(format!("a range from {low} to {high}"), "ascending MIDI numbers");
    }
    let keys = reader.numbers("chorale.keys")?.to_vec();
    if keys.len() != 24 || keys.iter().any(|&count| count > 1 << 24) {
        return reader.refuse(format!("counts of {} keys", keys.len()), "24 counts of pieces");
    }
    let ranges_of = pairs.iter().map(|&[low, high]| (low, high)).collect();
    let layout = Layout { ranges: ranges_of, quarter, width: options.width, inner: options.inner };
    let mut arrays = Arrays::new(reader, options.precision);
    let net = Net::read(&layout, &mut arrays)?;
    let mut tensors = arrays.tensors;
    tensors.insert("chorale.ranges".to_owned(), Tensor::U8(vec![ranges.len()], ranges));
    tensors.insert("chorale.keys".to_owned(), Tensor::U32(vec![24], keys.clone()));
    let alphabets = layout.alphabets();
    let settings = options.settings();
    Ok(Arc::new(Chorale { reading, layout, alphabets, net, keys, settings, tensors }))
}
