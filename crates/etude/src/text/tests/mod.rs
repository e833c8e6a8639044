//! Authors of texts, with a small engine of their own.

mod bigram;
mod constraints;
mod files;
mod law;
mod many;
mod verse;

use super::train::train_with;
use crate::author::{Author, Made, Request};
use crate::error::Result;
use crate::model::Settings;
use etude_piece::piece::{Collection, Piece};
use std::sync::Arc;

/// Verses of our own, to learn from.
pub(super) const VERSES: &str = "\
The river carries every name away,
and what it takes it never gives again;
the willows stoop to hear what waters say,
and write it down in circles made of rain.

A kettle hums, a window turns to gold,
the evening folds its letters one by one;
I keep the warmest of them from the cold
and read aloud until the light is gone.

Who taught the owl to ask the wood at night?
Who told the stones to lie so still and wait?
A little lamp can hold so much of light
that moths come home to it, however late.
";

/// An author that learnt from some texts.
pub(super) fn author_of(texts: &[&str], settings: &[(&str, &str)]) -> Result<Arc<dyn Author>> {
    let items = texts.iter().enumerate();
    let items = items.map(|(index, text)| (format!("text-{index}"), Piece::Text((*text).to_owned())));
    let collection =
        Collection { name: "verses".to_owned(), items: items.collect(), ..Collection::default() };
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    train_with(&bigram::ENGINE, &collection, &settings, 1, &mut |_: f64, _: &str| true)
}

/// An author that learnt from our verses.
pub(super) fn author() -> Arc<dyn Author> {
    author_of(&[VERSES], &[("held_out", "0")]).expect("enough to learn from")
}

/// A request with constraints.
pub(super) fn request(keep: &[&str], forbid: &[&str], length: Option<usize>) -> Request {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Request { keep: owned(keep), forbid: owned(forbid), length, ..Request::default() }
}

/// The text that an author makes.
pub(super) fn make(author: &dyn Author, request: &Request) -> Result<(String, Made)> {
    let made = author.compose(request, &mut |_, _| true)?;
    match &made.piece {
        Piece::Text(text) => Ok((text.clone(), made)),
        _ => unreachable!("texts make texts"),
    }
}

/// Named settings.
pub(super) fn set(settings: &[(&str, &str)]) -> Settings {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
