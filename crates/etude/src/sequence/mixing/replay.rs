//! Reading the training text again without weighing anything: slots depend on what came where, and on nothing else.
//!
//! So a model file need not hold them: it holds the text, which is far smaller, and they are made anew when it is loaded. The
//! kinds of contexts know nothing of each other, and are made side by side.

use super::Frame;
use super::memory::Learnt;
use super::stream::Stream;
use super::table::{Table, check};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// The memory after a training text: symbols with Q before each sequence, and the further fields of each step.
pub(super) fn replay(frame: &Frame, memory: Learnt, text: &[u16], others: &[u32]) -> Learnt {
    let (start, width) = (frame.layout.symbols() as u32, frame.layout.fields.len());
    let mut stream = Stream::new(memory);
    let mut fields = vec![start; width];
    // The check of each context at each step, (contexts, T), and each step's symbol, (T).
    let mut checks: Vec<Vec<u32>> = vec![Vec::with_capacity(text.len()); frame.layout.contexts.len()];
    let mut symbols = Vec::with_capacity(text.len());
    for &symbol in text {
        if u32::from(symbol) == start {
            stream.end(frame, Some(fields[0]).filter(|&last| last != start));
        } else {
            fields[1..].copy_from_slice(&others[symbols.len() * (width - 1)..][..width - 1]);
            stream.look(frame, &fields, true);
            checks.iter_mut().zip(stream.keys()).for_each(|(checks, &key)| checks.push(check(key)));
            symbols.push(symbol);
        }
        fields[0] = symbol.into();
    }
    stream.end(frame, Some(fields[0]).filter(|&last| last != start));
    let tables = checks.par_iter().map(|checks| Table::build(&frame.code, checks, &symbols)).collect();
    let (_, memory) = stream.into_parts();
    Learnt { tables, ..memory }
}
