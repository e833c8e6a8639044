//! Into a model file and back, with every array checked.

use super::discount::{COUNTS, Discounts, place};
use super::odds::Odds;
use super::options::Options;
use super::trie::{Trie, children};
use super::{MOST_SYMBOLS, Ngram};
use crate::error::Result;
use crate::model::Settings;
use crate::sequence::SequenceModel;
use crate::shelf::{Reader, Tensor, Tensors};
use std::sync::Arc;

/// Everything a model has learnt; C contexts, N entries, K fields. Small numbers are u8 where the alphabet has less than
/// 256 symbols, else u16.
pub(super) fn tensors(model: &Ngram) -> Tensors {
    let (trie, symbols) = (&model.odds.trie, model.symbols());
    let narrow = |values: Vec<u16>| {
        if symbols < 256 {
            Tensor::U8(vec![values.len()], values.into_iter().map(|value| value as u8).collect())
        } else {
            Tensor::U16(vec![values.len()], values)
        }
    };
    let numbers = |values: Vec<u32>| Tensor::U32(vec![values.len()], values);
    let small: Vec<u8> = trie.counts.iter().map(|&count| u8::try_from(count).unwrap_or(0)).collect();
    let widths = |starts: &[u32], less: u32| starts.windows(2).map(|w| (w[1] - w[0] - less) as u16).collect();
    // The longest contexts have no children, and aren't listed.
    let inner = trie.levels[trie.levels.len() - 2] as usize;
    [
        // How many values each field has, (K).
        ("ngram.fields", numbers(model.fields.iter().map(|&size| size as u32).collect())),
        // The symbol before its parent's, of each context but the empty one, (C − 1).
        ("ngram.contexts", narrow(trie.symbols[1..].to_vec())),
        // How many contexts are longer by one symbol, of each context that isn't of the longest.
        ("ngram.longer", Tensor::U16(vec![inner], widths(&trie.children[..=inner], 0))),
        // How many symbols followed each context, less one, (C).
        ("ngram.kinds", narrow(widths(&trie.entries, 1))),
        // Which they were, (N).
        ("ngram.symbols", narrow(trie.words.clone())),
        // How often, where 0 stands for the next of the large counts, (N).
        ("ngram.counts", Tensor::U8(vec![small.len()], small)),
        // Counts above 255.
        ("ngram.large_counts", numbers(trie.counts.iter().copied().filter(|&count| count > 255).collect())),
        // Discounts, (levels, classes, counts).
        ("ngram.discounts", Tensor::weights(&model.odds.discounts.0)),
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
    let fields: Vec<usize> = reader.numbers("ngram.fields")?.iter().map(|&size| size as usize).collect();
    let symbols = match fields.first() {
        Some(&size) if (2..=MOST_SYMBOLS + 1).contains(&size) => size - 1,
        _ => return reader.refuse("fields without a symbol before", "a field of 2 values or more"),
    };
    let trie = trie(reader, symbols, options.order)?;
    let discounts = reader.weights("ngram.discounts")?;
    if discounts.len() != place(trie.levels.len() - 1, 0) {
        return reader.refuse(format!("{} discounts", discounts.len()), "18 for each length of context");
    }
    let fits = |(at, &d): (usize, &f64)| d > 0.0 && d <= (at % COUNTS + 1) as f64;
    if !discounts.iter().enumerate().all(fits) {
        return reader.refuse("a discount out of range", "above 0, and not above its count");
    }
    Ok(Arc::new(Ngram { options, fields, odds: Odds::new(trie, Discounts(discounts), symbols) }))
}

fn trie(reader: &Reader, symbols: usize, order: usize) -> Result<Trie> {
    let narrow = |name: &str| -> Result<Vec<u16>> {
        if symbols < 256 {
            Ok(reader.bytes(name)?.iter().map(|&value| u16::from(value)).collect())
        } else {
            Ok(reader.shorts(name)?.to_vec())
        }
    };
    let mut trie = Trie { symbols: vec![symbols as u16], parents: vec![0], ..Trie::default() };
    trie.symbols.extend(narrow("ngram.contexts")?);
    let (contexts, longer) = (trie.len(), reader.shorts("ngram.longer")?);
    for (parent, &count) in longer.iter().enumerate() {
        // A context comes after its parent, so it can't be its own.
        if parent >= trie.parents.len() || trie.parents.len() + usize::from(count) > contexts {
            return reader.refuse("more contexts than are listed", format!("{contexts}"));
        }
        trie.parents.resize(trie.parents.len() + usize::from(count), parent as u32);
    }
    if trie.parents.len() != contexts {
        return reader.refuse(format!("{} contexts", trie.parents.len()), format!("{contexts}"));
    }
    trie.children = children(&trie.parents);
    let known = trie.symbols.iter().all(|&symbol| usize::from(symbol) <= symbols);
    if !known || !ascend(&trie.children, &trie.symbols) {
        return reader.refuse("contexts out of order", "ascending symbols of the alphabet");
    }
    trie.levels = vec![0, 1];
    while let [.., begin, end] = trie.levels[..]
        && end < contexts as u32
    {
        let next = trie.children[end as usize];
        if next <= end || trie.levels.len() > order || begin >= end {
            return reader.refuse("contexts longer than the order", format!("at most {order} levels"));
        }
        trie.levels.push(next);
    }
    followers(reader, &mut trie, (symbols, narrow("ngram.kinds")?, narrow("ngram.symbols")?))?;
    Ok(trie)
}

/// Reads what followed the contexts.
fn followers(
    reader: &Reader,
    trie: &mut Trie,
    (symbols, kinds, words): (usize, Vec<u16>, Vec<u16>),
) -> Result<()> {
    let small = reader.bytes("ngram.counts")?;
    let mut large = reader.numbers("ngram.large_counts")?.iter().copied();
    let told: usize = kinds.iter().map(|&kinds| usize::from(kinds) + 1).sum();
    if kinds.len() != trie.len() || small.len() != words.len() || told != words.len() {
        return reader.refuse("counts of another shape", "one for each symbol of each context");
    }
    trie.entries.push(0);
    for &kinds in &kinds {
        let last = trie.entries[trie.entries.len() - 1];
        trie.entries.push(last + u32::from(kinds) + 1);
    }
    for &count in small {
        match if count > 0 { Some(u32::from(count)) } else { large.next() } {
            Some(count) if count > 0 => trie.counts.push(count),
            _ => return reader.refuse("a count of 0", "counts of at least 1"),
        }
    }
    if words.iter().any(|&word| usize::from(word) >= symbols) || !ascend(&trie.entries, &words) {
        return reader.refuse("symbols out of order", "ascending symbols of the alphabet in each context");
    }
    trie.words = words;
    Ok(())
}

/// Whether values ascend strictly between each start and the next.
fn ascend(starts: &[u32], values: &[u16]) -> bool {
    starts.windows(2).all(|w| values[w[0] as usize..w[1] as usize].is_sorted_by(|a, b| a < b))
}
