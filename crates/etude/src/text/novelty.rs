//! How new a text is: only what was made counts, not what was given.

use super::author::Writer;
use crate::appraise::spans::{BREAK, Novelty};
use std::ops::Range;

/// Characters of a run that is cited or invented: more than most words have, so that a run is more than spelling.
const RUN: usize = 8;

/// The same for words.
const WORDS: usize = 4;

/// How new a text is, given where in it (in bytes) something stands that was given. Places and lengths are in symbols.
pub(super) fn appraise(writer: &Writer, symbols: &[u32], given: &[Range<usize>]) -> Novelty {
    // The made symbols, a break between stretches, and where each stands in the text.
    let (mut made, mut places) = (Vec::new(), Vec::new());
    let mut byte = 0;
    for (place, &symbol) in symbols.iter().enumerate() {
        let end = byte + writer.alphabet.text(symbol as usize).len();
        match given.iter().any(|given| given.start < end && byte < given.end) {
            false => {
                made.push(symbol);
                places.push(place);
            }
            true if made.last().is_some_and(|&last| last != BREAK) => {
                made.push(BREAK);
                places.push(place);
            }
            true => {}
        }
        byte = end;
    }
    if made.last() == Some(&BREAK) {
        made.pop();
    }
    let run = if writer.alphabet.has_words() { WORDS } else { RUN };
    let mut novelty = writer.memory.appraise(&made, run);
    novelty.start = places.get(novelty.start).copied().unwrap_or(0);
    novelty
}
