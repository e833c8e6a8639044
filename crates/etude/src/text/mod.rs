//! Texts: an [`Author`](crate::author::Author) that writes in characters or words, by any
//! [engine](crate::sequence::engine) of sequences.
//!
//! What is learnt of each text is all but its last tenth, which is held out. A model reads one symbol after the other and
//! foretells the next; run forwards, it tells how surprising each is. Run backwards, it writes under constraints (see
//! [`HELP`]), all of which are made into one deterministic automaton over the symbols. Whatever state is reached, the text
//! can still be finished as asked, so nothing is drawn in vain, and what can't be met is known before anything is drawn.
//!
//! The automata are those of Papadopoulos, Pachet, Roy & Sakellariou, *Exact sampling for regular and Markov constraints with
//! belief propagation*, CP 2015, doi:10.1007/978-3-319-23219-5_24.
//!
//! ```text
//!     text ─alphabet→ symbols (T) ─→ surprise (T)
//!     text ←alphabet─ symbols ←─ model × automaton ←─ constraints, draft, length
//! ```

mod alphabet;
mod author;
mod automaton;
mod compose;
mod copy;
mod demand;
mod draft;
mod fold;
mod met;
mod novelty;
mod source;
mod train;
mod verse;

#[cfg(test)]
mod tests;

pub use demand::HELP;
pub use train::{HELD_OUT, cut, load, settings, train};

use crate::catalogue::Setting;
use crate::inference::autoregressive::Options;

/// What can be set when writing.
pub fn wishes() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    let mut wishes = Options::wishes();
    wishes.retain(|wish| wish.name != "particles");
    wishes.push(setting(
        "particles",
        "16",
        "texts written side by side towards what is asked (one where nothing is), 1 to 4096",
    ));
    wishes.push(setting("hole", draft::HOLE, "the mark of a hole in a draft"));
    wishes.push(setting(
        "dictionary",
        "",
        "how words are spoken, in the format of the CMU dictionary: for metre and rhyme",
    ));
    wishes
}
