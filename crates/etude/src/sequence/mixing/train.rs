//! Reading the training sequences once or more, learning all the way.

use super::code::Code;
use super::layout::Layout;
use super::maps::Maps;
use super::memory::Learnt;
use super::options::Options;
use super::spelling::Spelling;
use super::stream::{Room, Stream};
use super::weights::Weights;
use super::{Frame, MOST_SYMBOLS, Mixing};
use crate::error::{Error, Result};
use crate::model::Settings;
use crate::sequence::{Sequence, SequenceModel, Sequences};
use crate::train::journal::{Journal, Measurement};
use std::sync::Arc;

/// Symbols between two lines of the log.
const LINE: u64 = 50_000;

/// Fits a model to sequences; the seed changes nothing.
///
/// # Errors
///
/// Settings out of range, sequences that aren't as they say, or an interruption.
pub fn train(
    sequences: &Sequences,
    settings: &Settings,
    _seed: u64,
    journal: &mut dyn Journal,
) -> Result<Arc<dyn SequenceModel>> {
    Ok(Arc::new(fitted(sequences, Options::read(settings)?, journal)?))
}

/// The same, its type still known.
pub(super) fn fitted(data: &Sequences, options: Options, journal: &mut dyn Journal) -> Result<Mixing> {
    sound(data)?;
    let spelling = Spelling::new(&options.spelling, data.symbols)?;
    let layout = Layout::new(data.fields.clone(), spelling);
    let frame = Frame { code: code(data.symbols, &data.train), layout, text: Vec::new() };
    let (mut weights, mut maps) =
        (Weights::new(frame.layout.banks()), Maps::new(frame.layout.contexts.len()));
    let mut log = Log { lines: Vec::new(), nats: 0.0, symbols: 0, total: 0, rate: options.rate };
    log.total = options.passes as u64 * data.train.iter().map(|sequence| sequence.len() as u64).sum::<u64>();
    let mut passes = 0;
    loop {
        // A further pass forgets what came where, else it would only learn that all is known.
        let mut stream = Stream::new(Learnt::new(frame.layout.contexts.len(), weights, maps));
        read(&frame, &data.train, &mut stream, &mut log, journal)?;
        let (text, learnt) = stream.into_parts();
        passes += 1;
        if passes < options.passes {
            (weights, maps) = (learnt.weights, learnt.maps);
            continue;
        }
        let others = data.train.iter().flat_map(|s| s.fields.chunks_exact(data.fields.len()));
        let others = others.flat_map(|row| &row[1..]).copied().collect();
        return Ok(Mixing { options, frame: Frame { text, ..frame }, learnt: learnt.rounded(), others });
    }
}

/// One pass over all sequences.
fn read(
    frame: &Frame,
    sequences: &[Sequence],
    stream: &mut Stream<Learnt>,
    log: &mut Log,
    journal: &mut dyn Journal,
) -> Result<()> {
    let mut room = Room::new(frame);
    for sequence in sequences {
        let steps = sequence.fields.chunks_exact(frame.layout.fields.len()).zip(&sequence.symbols);
        for (fields, &symbol) in steps {
            stream.look(frame, fields, true);
            log.nats -= stream.one(frame, &mut room, symbol);
            stream.learn(frame, &mut room, symbol, log.rate);
            log.symbols += 1;
            if log.symbols.is_multiple_of(LINE) || log.symbols == log.total {
                log.line(journal)?;
            }
        }
        stream.end(frame, sequence.symbols.last().copied());
    }
    Ok(())
}

/// How the training goes.
struct Log {
    lines: Vec<Measurement>,
    nats: f64,
    symbols: u64,
    total: u64,
    rate: f32,
}

impl Log {
    fn line(&mut self, journal: &mut dyn Journal) -> Result<()> {
        let before = self.lines.last().map_or(0, |line| line.symbols);
        let train = std::mem::take(&mut self.nats) / (self.symbols - before) as f64;
        let (step, symbols, rate) = (self.symbols, self.symbols, f64::from(self.rate));
        self.lines.push(Measurement { step, symbols, train, valid: None, rate, seconds: journal.seconds() });
        journal.log(&self.lines);
        let words = format!("{symbols} symbols, {train:.4} nats a symbol");
        if journal.progress(symbols as f64 / self.total as f64, &words) {
            Ok(())
        } else {
            Err(Error::Interrupted)
        }
    }
}

/// The code for the symbols of sequences.
fn code(symbols: usize, sequences: &[Sequence]) -> Code {
    let mut counts = vec![0; symbols];
    sequences.iter().flat_map(|sequence| &sequence.symbols).for_each(|&symbol| counts[symbol as usize] += 1);
    Code::new(&counts)
}

/// Whether the sequences are as they say.
fn sound(data: &Sequences) -> Result<()> {
    let (width, total) = (data.fields.len(), data.train.iter().map(Sequence::len).sum::<usize>());
    if data.fields.first() != Some(&(data.symbols + 1)) || !(1..=MOST_SYMBOLS).contains(&data.symbols) {
        return Err(Error::usage(
            format!("{} symbols, fields of sizes {:?}", data.symbols, data.fields),
            format!("at most {MOST_SYMBOLS} symbols, the symbol before as the first field"),
        ));
    }
    if total == 0 || total + data.train.len() > u32::MAX as usize {
        return Err(Error::usage(format!("{total} symbols to learn from"), "1 to 4 billion"));
    }
    for sequence in &data.train {
        let begins = sequence.fields.first().is_none_or(|&first| first as usize == data.symbols);
        let known = sequence.symbols.iter().all(|&symbol| (symbol as usize) < data.symbols);
        let rows = sequence.fields.chunks_exact(width);
        let before = sequence.symbols.iter().zip(rows.skip(1)).all(|(symbol, row)| *symbol == row[0]);
        if !begins || !known || !before || sequence.fields.len() != width * sequence.len() {
            return Err(Error::usage(
                "a sequence whose fields aren't those of its symbols",
                "the symbol before as the first field",
            ));
        }
    }
    Ok(())
}
