//! Verse: lines in a metre that rhyme, by a pronunciation dictionary, drawn one after the other.
//!
//! Each line is an automaton of the dictionary's words ([`line`]) that ends with a word that rhymes as asked, or to which
//! enough others rhyme ([`rhyme`]). So every line can be finished, whatever the lines before were. What the lines rhyme by is
//! what the model chose in the first of them: the law is that of the model line by line, not that of all verses at once.
//!
//! Ghazvininejad, Shi, Choi & Knight, *Generating topical poetry*, EMNLP 2016, doi:10.18653/v1/D16-1126: automata of metre for
//! a neural model, with rhymes chosen beforehand.

mod alone;
pub(super) mod dictionary;
mod line;
pub(super) mod metre;
mod plan;
mod rhyme;
mod scan;

pub(super) use dictionary::Dictionary;
pub(super) use plan::write;
pub(super) use scan::{rhyme as rhymes, scan};
