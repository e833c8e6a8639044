//! Into the model file and back.

use super::chords::{ChordClasses, Vocabulary};
use super::{MaxEnt, Options};
use crate::error::Result;
use crate::model::Model;
use crate::shelf::{Card, Reader, Tensor, Tensors};
use etude_piece::alphabet::Alphabet;
use std::sync::Arc;

/// Everything a family has learnt. Weights are stored sparsely, as (index, f32), where the L1 norm left zeros.
pub(super) fn tensors(model: &MaxEnt) -> Tensors {
    let kept: Vec<u32> = (0..model.layout.len as u32).filter(|&i| model.theta()[i as usize] != 0.0).collect();
    let weights: Vec<f64> = kept.iter().map(|&i| model.theta()[i as usize]).collect();
    let alphabet = |a: &Alphabet| {
        [a.pitches().len() as u8].into_iter().chain(a.pitches().iter().copied()).collect::<Vec<u8>>()
    };
    let pitches: Vec<u8> = model.alphabets.iter().flat_map(alphabet).collect();
    let modes: Vec<u8> = model.vocabulary.chords.iter().map(|(minor, _)| u8::from(*minor)).collect();
    let intervals: Vec<u8> = model
        .vocabulary
        .chords
        .iter()
        .flat_map(|(_, chord)| chord.iter().map(|&above| (above + ABOVE) as u8))
        .collect();
    let list = |values: &[u64]| Tensor::U64(vec![values.len()], values.to_vec());
    let bytes = |values: Vec<u8>| Tensor::U8(vec![values.len()], values);
    [
        ("maxent.alphabets", bytes(pitches)),
        ("maxent.voicings", list(&model.classes.voicings)),
        ("maxent.harmonies", list(&model.classes.harmonies)),
        ("maxent.chord_modes", bytes(modes)),
        ("maxent.chords", bytes(intervals)),
        ("maxent.kept", Tensor::U32(vec![kept.len()], kept)),
        ("maxent.weights", Tensor::weights(&weights)),
    ]
    .into_iter()
    .map(|(name, tensor)| (name.to_owned(), tensor))
    .collect()
}

/// Added to an interval above the tonic's pitch class (-11..=127) so that it fits a byte.
const ABOVE: i16 = 12;

/// Reads a family from a model file.
///
/// # Errors
///
/// Arrays that don't fit together.
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Model>> {
    let options = Options::read(&card.settings, card.steps_per_quarter)?;
    let mut alphabets = Vec::new();
    let mut rest = reader.bytes("maxent.alphabets")?;
    while let Some((&count, after)) = rest.split_first() {
        let Some((pitches, after)) = after.split_at_checked(usize::from(count)) else {
            return reader.refuse("an alphabet cut short", "as many pitches as it tells");
        };
        let alphabet = Alphabet::new(pitches.iter().copied());
        if alphabet.pitches() != pitches {
            return reader.refuse("an alphabet out of order", "ascending MIDI numbers");
        }
        alphabets.push(alphabet);
        rest = after;
    }
    let voices = alphabets.len();
    if voices == 0
        || voices > 14
        || voices != card.voices
        || card.steps_per_quarter == 0
        || card.steps_per_quarter > 48
    {
        return reader.refuse(format!("{voices} alphabets"), format!("{}, 1 to 14", card.voices));
    }
    let classes = ChordClasses::new(
        reader.codes("maxent.voicings")?.to_vec(),
        reader.codes("maxent.harmonies")?.to_vec(),
    );
    if classes.voicings.len().max(classes.harmonies.len()) >= usize::from(u16::MAX) {
        return reader.refuse("more chord classes than can be", "fewer than 65535");
    }
    let (modes, intervals) = (reader.bytes("maxent.chord_modes")?, reader.bytes("maxent.chords")?);
    if intervals.len() != modes.len() * voices {
        return reader.refuse(format!("{} intervals", intervals.len()), format!("{}", modes.len() * voices));
    }
    let chords = modes
        .iter()
        .zip(intervals.chunks_exact(voices))
        .map(|(&minor, chord)| (minor != 0, chord.iter().map(|&above| i16::from(above) - ABOVE).collect()));
    let vocabulary = Vocabulary { chords: chords.collect() };
    let mut model = MaxEnt::new(options, alphabets, classes, vocabulary);
    let (kept, weights) = (reader.numbers("maxent.kept")?, reader.weights("maxent.weights")?);
    if kept.len() != weights.len() || kept.iter().any(|&i| i as usize >= model.layout.len) {
        return reader.refuse("weights without a place", format!("at most {} weights", model.layout.len));
    }
    let mut theta = vec![0.0; model.layout.len];
    kept.iter().zip(weights).for_each(|(&index, weight)| theta[index as usize] = weight);
    model.set_theta(&theta);
    Ok(Arc::new(model))
}
