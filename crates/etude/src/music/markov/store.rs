//! Into the model file and back, with every array checked.

use super::super::voices::outer_first;
use super::Markov;
use super::counts::Counts;
use super::lines::MOST_VOICES;
use super::odds::SETS;
use super::options::Options;
use super::viewpoint::{Question, fingerprint};
use crate::error::Result;
use crate::model::Model;
use crate::shelf::{Card, Reader, Tensor, Tensors};
use etude_piece::alphabet::Alphabet;
use std::sync::Arc;

/// Everything a model has learnt; C contexts, N symbols in them, V voices.
pub(super) fn tensors(model: &Markov) -> Tensors {
    let counts = &model.counts;
    let kinds = counts.starts.windows(2).map(|pair| (pair[1] - pair[0] - 1) as u8).collect();
    let small = counts.counts.iter().map(|&count| u8::try_from(count).unwrap_or(0)).collect();
    let large = counts.counts.iter().copied().filter(|&count| count > 255).collect();
    let spans = model.alphabets.iter().map(|alphabet| alphabet.span().unwrap_or((0, 0)));
    let bytes = |values: Vec<u8>| Tensor::U8(vec![values.len()], values);
    let numbers = |values: Vec<u32>| Tensor::U32(vec![values.len()], values);
    [
        // Lowest and highest pitch of each voice, (2 V).
        ("markov.ranges", bytes(spans.flat_map(|(low, high)| [low, high]).collect())),
        // Says which viewpoints the counts belong to, (1).
        ("markov.viewpoints", numbers(vec![fingerprint()])),
        // Hashes of contexts, strictly ascending, (C).
        ("markov.contexts", numbers(counts.contexts.clone())),
        // How many symbols each context has, less one, (C).
        ("markov.kinds", bytes(kinds)),
        // Symbols, ascending in each context, (N).
        ("markov.symbols", bytes(counts.symbols.clone())),
        // Counts, where 0 stands for the next of the large ones, (N).
        ("markov.counts", bytes(small)),
        // Counts above 255.
        ("markov.large_counts", numbers(large)),
        // Weights, set by set.
        ("markov.weights", Tensor::weights(&model.weights.concat())),
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
pub fn load(card: &Card, reader: &Reader) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(read(card, reader)?))
}

/// The same, its type still known.
pub(super) fn read(card: &Card, reader: &Reader) -> Result<Markov> {
    if !(1..=48).contains(&card.steps_per_quarter) {
        return reader.refuse(format!("{} steps in a quarter", card.steps_per_quarter), "1 to 48");
    }
    if !(1..=MOST_VOICES).contains(&card.voices) {
        return reader.refuse(format!("{} voices", card.voices), format!("1 to {MOST_VOICES}"));
    }
    let options = Options::read(&card.settings, card.steps_per_quarter)?;
    if *reader.numbers("markov.viewpoints")? != [fingerprint()] {
        return reader.refuse("counts of other viewpoints", "those of this program's version");
    }
    let alphabets = alphabets(card, reader)?;
    let (counts, weights) = (counts(reader)?, weights(card, reader)?);
    Ok(Markov { options, order: outer_first(card.voices), alphabets, counts, weights })
}

fn alphabets(card: &Card, reader: &Reader) -> Result<Vec<Alphabet>> {
    let spans = reader.bytes("markov.ranges")?;
    if spans.len() != 2 * card.voices {
        return reader.refuse(format!("{} ends of ranges", spans.len()), format!("{}", 2 * card.voices));
    }
    let spans = spans.as_chunks::<2>().0;
    if let Some([low, high]) = spans.iter().find(|[low, high]| low > high || *high > 127) {
        return reader.refuse(format!("a range from {low} to {high}"), "ascending MIDI numbers");
    }
    Ok(spans.iter().map(|&[low, high]| Alphabet::range(low, high)).collect())
}

fn counts(reader: &Reader) -> Result<Counts> {
    let contexts = reader.numbers("markov.contexts")?;
    let (kinds, symbols) = (reader.bytes("markov.kinds")?, reader.bytes("markov.symbols")?);
    let small = reader.bytes("markov.counts")?;
    if !contexts.is_sorted_by(|a, b| a < b) {
        return reader.refuse("contexts out of order", "ascending contexts");
    }
    if kinds.len() != contexts.len() || small.len() != symbols.len() {
        return reader.refuse("counts of another shape", "one for each symbol of each context");
    }
    let told: u64 = kinds.iter().map(|&kinds| u64::from(kinds) + 1).sum();
    if told != symbols.len() as u64 || u32::try_from(told).is_err() {
        return reader.refuse(format!("{} symbols", symbols.len()), format!("{told}, as the contexts tell"));
    }
    let starts = kinds.iter().scan(0, |end, &kinds| {
        *end += u32::from(kinds) + 1;
        Some(*end)
    });
    let starts: Vec<u32> = std::iter::once(0).chain(starts).collect();
    let large = reader.numbers("markov.large_counts")?;
    if small.iter().filter(|&&count| count == 0).count() != large.len() {
        return reader.refuse(format!("{} large counts", large.len()), "one for each count left out");
    }
    let mut large = large.iter().copied();
    let count = |&small: &u8| if small > 0 { u32::from(small) } else { large.next().unwrap_or(1) };
    let counts: Vec<u32> = small.iter().map(count).collect();
    for pair in starts.windows(2) {
        let range = pair[0] as usize..pair[1] as usize;
        let total: u64 = counts[range.clone()].iter().map(|&count| u64::from(count)).sum();
        if !symbols[range].is_sorted_by(|a, b| a < b) || total > u64::from(u32::MAX) {
            return reader
                .refuse("a context of another shape", "ascending symbols, counts below 2³² together");
        }
    }
    if counts.contains(&0) {
        return reader.refuse("a count of 0", "counts of at least 1");
    }
    Ok(Counts::assemble(contexts.to_vec(), starts, symbols.to_vec(), counts))
}

fn weights(card: &Card, reader: &Reader) -> Result<Vec<Vec<f64>>> {
    let all = reader.weights("markov.weights")?;
    let sizes = || (0..card.voices * SETS).map(|set| Question::of_set(set).weights());
    let expected: usize = sizes().sum();
    if all.len() != expected {
        return reader.refuse(format!("{} weights", all.len()), format!("{expected}"));
    }
    let mut left = all.into_iter();
    Ok(sizes().map(|size| left.by_ref().take(size).collect()).collect())
}
