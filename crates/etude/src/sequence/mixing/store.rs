//! Into a model file and back, with every array checked.

use super::code::Code;
use super::layout::{Layout, REFINED};
use super::logistic::{part, whole};
use super::maps::Maps;
use super::memory::Learnt;
use super::options::Options;
use super::replay::replay;
use super::slot::HISTORIES;
use super::spelling::Spelling;
use super::weights::Weights;
use super::{Frame, MOST_SYMBOLS, Mixing};
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::SequenceModel;
use crate::shelf::{Reader, Tensor, Tensors};
use std::sync::Arc;

/// No weight is larger; those that are learnt stay far below.
const LARGEST: f32 = 1e4;

/// Everything a model has learnt; T symbols of training text, K fields.
pub(super) fn tensors(model: &Mixing) -> Tensors {
    let (layout, weights) = (&model.frame.layout, &model.learnt.weights);
    let bytes = |values: Vec<u8>| Tensor::U8(vec![values.len()], values);
    let shorts = |values: Vec<u16>| Tensor::U16(vec![values.len()], values);
    let numbers = |values: Vec<u32>| Tensor::U32(vec![values.len()], values);
    let narrow_text = layout.symbols() < 256;
    let narrow_others = layout.fields[1..].iter().all(|&size| size <= 256);
    let text = model.frame.text.clone();
    let (mut kept, mut rows, mut values, mut curves) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for bank in 0..weights.banks.len() {
        let changed: Vec<u32> = weights.changed(bank).collect();
        for &row in &changed {
            let row = weights.row((bank, row));
            if REFINED.contains(&bank) {
                curves.extend(row.iter().map(|&p| part(p)));
            } else {
                values.extend_from_slice(row);
            }
        }
        kept.push(changed.len() as u32);
        rows.extend(changed.iter().map(|&row| row as u16));
    }
    [
        // How many values each field has, (K).
        ("mixing.fields", numbers(layout.fields.iter().map(|&size| size as u32).collect())),
        // The training sequences behind each other, Q before each.
        (
            "mixing.text",
            if narrow_text { bytes(text.iter().map(|&s| s as u8).collect()) } else { shorts(text) },
        ),
        // The further fields of each step, (T, K − 1).
        (
            "mixing.others",
            if narrow_others {
                bytes(model.others.iter().map(|&value| value as u8).collect())
            } else {
                numbers(model.others.clone())
            },
        ),
        // What histories mean, in 65,535ths, (contexts, histories).
        ("mixing.histories", shorts(model.learnt.maps.parts())),
        // How many rows of each bank have changed, and which, ascending.
        ("mixing.kept", numbers(kept)),
        ("mixing.rows", shorts(rows)),
        // Those rows, of the mixers and of copied runs; and of the refinements in 65,535ths.
        ("mixing.weights", Tensor::F32(vec![values.len()], values)),
        ("mixing.curves", shorts(curves)),
    ]
    .into_iter()
    .map(|(name, tensor)| (name.to_owned(), tensor))
    .collect()
}

/// Reads a model from a model file.
///
/// # Errors
///
/// Arrays that don't fit together.
pub fn load(settings: &Settings, reader: &Reader) -> Result<Arc<dyn SequenceModel>> {
    let options = Options::read(settings)?;
    let fields: Vec<usize> = reader.numbers("mixing.fields")?.iter().map(|&size| size as usize).collect();
    let symbols = match fields.first() {
        Some(&size) if (2..=MOST_SYMBOLS + 1).contains(&size) => size - 1,
        _ => return reader.refuse("fields without a symbol before", "a field of 2 values or more"),
    };
    let (text, others) = (text(reader, symbols)?, others(reader, &fields[1..])?);
    let steps = text.iter().filter(|&&symbol| usize::from(symbol) < symbols).count();
    if others.len() != steps * (fields.len() - 1) {
        return reader.refuse(format!("{} further fields", others.len()), format!("those of {steps} steps"));
    }
    let layout = Layout::new(fields, Spelling::new(&options.spelling, symbols)?);
    let histories = reader.shorts("mixing.histories")?;
    if histories.len() != layout.contexts.len() * HISTORIES {
        return reader.refuse(format!("{} histories", histories.len()), "those of all contexts");
    }
    let weights = weights(reader, &layout)?;
    let mut counts = vec![0; symbols];
    for &symbol in text.iter().filter(|&&symbol| usize::from(symbol) < symbols) {
        counts[usize::from(symbol)] += 1;
    }
    let frame = Frame { layout, code: Code::new(&counts), text: Vec::new() };
    let memory = Learnt::new(frame.layout.contexts.len(), weights, Maps::from_parts(histories));
    let learnt = replay(&frame, memory, &text, &others);
    Ok(Arc::new(Mixing { options, frame: Frame { text, ..frame }, learnt, others }))
}

fn text(reader: &Reader, symbols: usize) -> Result<Vec<u16>> {
    let text: Vec<u16> = if symbols < 256 {
        reader.bytes("mixing.text")?.iter().map(|&symbol| symbol.into()).collect()
    } else {
        reader.shorts("mixing.text")?.to_vec()
    };
    if text.first().is_none_or(|&first| usize::from(first) != symbols) || text.len() > u32::MAX as usize {
        return reader.refuse("a text that doesn't begin", format!("{symbols} before each sequence"));
    }
    match text.iter().find(|&&symbol| usize::from(symbol) > symbols) {
        Some(symbol) => reader.refuse(format!("symbol {symbol} in the text"), format!("at most {symbols}")),
        None => Ok(text),
    }
}

/// The further fields, of these sizes.
fn others(reader: &Reader, sizes: &[usize]) -> Result<Vec<u32>> {
    let others: Vec<u32> = if sizes.iter().all(|&size| size <= 256) {
        reader.bytes("mixing.others")?.iter().map(|&value| value.into()).collect()
    } else {
        reader.numbers("mixing.others")?.to_vec()
    };
    let fits = |row: &[u32]| row.iter().zip(sizes).all(|(&value, &size)| (value as usize) < size);
    if !sizes.is_empty() && !others.chunks(sizes.len()).all(fits) {
        return reader.refuse("a field beyond its size", format!("values below {sizes:?}"));
    }
    Ok(others)
}

fn weights(reader: &Reader, layout: &Layout) -> Result<Weights> {
    let mut weights = Weights::new(layout.banks());
    let (kept, rows) = (reader.numbers("mixing.kept")?, reader.shorts("mixing.rows")?);
    let values: Vec<f32> = reader.weights("mixing.weights")?.iter().map(|&value| value as f32).collect();
    let curves: Vec<f32> = reader.shorts("mixing.curves")?.iter().map(|&p| whole(p)).collect();
    let told: u64 = kept.iter().map(|&count| u64::from(count)).sum();
    if kept.len() != weights.banks.len() || told != rows.len() as u64 {
        return reader.refuse("rows of other banks", format!("those of {} banks", weights.banks.len()));
    }
    if values.iter().any(|value| value.abs() > LARGEST) {
        return reader.refuse("weights out of range", format!("at most {LARGEST}"));
    }
    let (mut rows, mut values, mut curves) = (rows.iter(), values.as_slice(), curves.as_slice());
    for (bank, &count) in kept.iter().enumerate() {
        let (most, width) = (weights.banks[bank].rows, weights.banks[bank].initial.len());
        let source = if REFINED.contains(&bank) { &mut curves } else { &mut values };
        for &row in rows.by_ref().take(count as usize) {
            match source.split_off(..width) {
                Some(row_values) if usize::from(row) < most => {
                    weights.row_mut((bank, row.into())).copy_from_slice(row_values);
                }
                _ => {
                    return reader
                        .refuse(format!("row {row} of bank {bank}"), format!("{most} rows of {width}"));
                }
            }
        }
    }
    if !values.is_empty() || !curves.is_empty() {
        return reader.refuse("weights of no row", "as many as the rows have");
    }
    Ok(weights)
}
