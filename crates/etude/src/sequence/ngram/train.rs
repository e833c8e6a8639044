//! From sequences to counts and discounts.

use super::count::count;
use super::discount::Discounts;
use super::fit::fit;
use super::odds::Odds;
use super::options::Options;
use super::{MOST_SYMBOLS, Ngram};
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::{Sequence, SequenceModel, Sequences, surprise};
use crate::train::journal::{Journal, Measurement};
use std::sync::Arc;

/// Fits a model to sequences; the seed changes nothing.
///
/// # Errors
///
/// Settings out of range, an alphabet too large, no symbols at all, or an interruption.
pub fn train(
    sequences: &Sequences,
    settings: &Settings,
    _seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn SequenceModel>> {
    let options = Options::read(settings)?;
    Ok(Arc::new(fitted(sequences, options, journal)?))
}

/// The same, its type still known.
pub(super) fn fitted(data: &Sequences, options: Options, journal: &mut dyn Journal) -> Result<Ngram> {
    sound(data)?;
    let mut tell = |share: f64, words: &str| {
        if journal.progress(share, words) { Ok(()) } else { Err(Error::Interrupted) }
    };
    tell(0.0, "counting")?;
    let start = data.symbols as u16;
    let (trie, seen) = count(&data.train, start, options.order - 1);
    let mut discounts = Discounts::estimate(&trie);
    let mut surprise = None;
    if options.fitted {
        let held_out = held_out(data);
        tell(0.4, "counting without what is held out")?;
        let (part, _) = match &held_out {
            Some((rest, _)) => count(rest, start, options.order - 1),
            None => (trie.clone(), Vec::new()),
        };
        let measured = held_out.as_ref().map_or(data.valid.as_slice(), |(_, held_out)| held_out);
        let (mut told, mut begun) = (Ok(()), Discounts::estimate(&part));
        // Parts may lack the longest contexts; those keep what the whole tells.
        begun.0.extend_from_slice(discounts.0.get(begun.0.len()..).unwrap_or(&[]));
        (discounts, surprise) = fit(&part, start, measured, &begun, |progress| {
            told = tell(0.5 + progress.iteration as f64 / 120.0, "fitting discounts");
            told.is_ok()
        });
        told?;
    }
    let kept: Vec<bool> = seen.iter().enumerate().map(|(node, &n)| node == 0 || n >= options.least).collect();
    let trie = if options.least > 1 { trie.keep(&kept) } else { trie };
    discounts.0.truncate((trie.levels.len() - 1) * super::discount::place(1, 0));
    let odds = Odds::new(trie, discounts.rounded(), data.symbols);
    let model = Ngram { options, fields: data.fields.clone(), odds };
    let words = log(&model, data, surprise, journal);
    if journal.progress(1.0, &words) { Ok(model) } else { Err(Error::Interrupted) }
}

/// Whether counts can be made of it.
fn sound(data: &Sequences) -> Result<()> {
    let symbols: usize = data.train.iter().map(|sequence| sequence.len() + 1).sum();
    if data.train.iter().all(Sequence::is_empty) {
        return Err(Error::usage("nothing to count", "at least one sequence of one symbol"));
    }
    if data.fields.first() != Some(&(data.symbols + 1)) {
        return Err(Error::usage(
            format!("fields of sizes {:?}", data.fields),
            "the symbol before as the first field",
        ));
    }
    if !(1..=MOST_SYMBOLS).contains(&data.symbols) || symbols > u32::MAX as usize {
        return Err(Error::usage(
            format!("{symbols} symbols of an alphabet of {}", data.symbols),
            format!("at most 4 billion, of an alphabet of {MOST_SYMBOLS}"),
        ));
    }
    let all = data.train.iter().chain(&data.valid).flat_map(|sequence| &sequence.symbols);
    match all.into_iter().find(|&&symbol| symbol as usize >= data.symbols) {
        Some(symbol) => {
            Err(Error::usage(format!("symbol {symbol}"), format!("symbols below {}", data.symbols)))
        }
        None => Ok(()),
    }
}

/// Where nothing is set aside, the training sequences in two parts: one to count, one to fit discounts to.
fn held_out(data: &Sequences) -> Option<(Vec<Sequence>, Vec<Sequence>)> {
    if data.valid.iter().any(|sequence| !sequence.is_empty()) {
        return None;
    }
    let of = |symbols: &[u32]| Sequence { fields: Vec::new(), symbols: symbols.to_vec() };
    let cut = |sequence: &Sequence| sequence.len() - sequence.len().div_ceil(10).min(sequence.len() - 1);
    let (mut rest, mut held_out) = (Vec::new(), Vec::new());
    let many = data.train.len() >= 10;
    for (index, sequence) in data.train.iter().filter(|sequence| !sequence.is_empty()).enumerate() {
        let symbols = &sequence.symbols;
        match (many, index % 10 == 9) {
            (true, true) => held_out.push(of(symbols)),
            (true, false) => rest.push(of(symbols)),
            (false, _) => {
                rest.push(of(&symbols[..cut(sequence)]));
                held_out.push(of(&symbols[cut(sequence)..]));
            }
        }
    }
    Some((rest, held_out))
}

/// Writes down how surprised the model is by what was set aside, and tells it in a few words.
///
/// Where the caller set nothing aside, that is what the discounts were fitted to: `fitted`, by the counts of all the rest.
fn log(model: &Ngram, data: &Sequences, fitted: Option<f64>, journal: &mut dyn Journal) -> String {
    /// Most symbols that are measured.
    const MEASURED: usize = 50_000;
    let mean = |sequences: &[Sequence]| {
        let width = data.fields.len();
        let (mut nats, mut left) = (Vec::new(), MEASURED);
        for sequence in sequences {
            let steps = sequence.len().min(left);
            left -= steps;
            let (fields, symbols) =
                (sequence.fields[..steps * width].to_vec(), sequence.symbols[..steps].to_vec());
            nats.extend(surprise(model, &Sequence { fields, symbols }));
        }
        (!nats.is_empty()).then(|| nats.iter().sum::<f64>() / nats.len() as f64)
    };
    let line = Measurement {
        step: 1,
        symbols: data.train.iter().map(|sequence| sequence.len() as u64).sum(),
        train: mean(&data.train).unwrap_or(0.0),
        valid: mean(&data.valid).or(fitted),
        rate: 0.0,
        seconds: journal.seconds(),
    };
    journal.log(&[line]);
    let held_out = line.valid.map_or(String::new(), |valid| format!(", {valid:.4} held out"));
    format!("{} symbols, {:.4} nats a symbol{held_out}", line.symbols, line.train)
}
