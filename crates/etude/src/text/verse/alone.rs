//! What goes together with metre and rhyme.

use crate::error::{Error, Result};
use crate::text::demand::{Asked, Demand};
use crate::text::draft::Given;

/// Refuses what doesn't.
///
/// # Errors
///
/// The first constraint that asks for more than verse can keep.
pub(super) fn refuse(asked: &[Asked], given: Option<&Given>) -> Result<()> {
    let hint = "metre and rhyme go together with start, lines, letters and word, and a draft of one line to begin with";
    let begins = |text: &str| !text.contains('\n');
    for one in asked {
        let fits = match &one.demand {
            Demand::Start(start) => begins(start),
            Demand::Metre(_) | Demand::Rhyme(_) | Demand::Lines(_) => true,
            Demand::NoLetters(_) | Demand::NoWord(_) => true,
            _ => false,
        };
        if !fits {
            return Err(Error::usage(one.to_string(), hint));
        }
    }
    match given.is_none_or(|given| given.is_beginning() && begins(given.beginning())) {
        true => Ok(()),
        false => Err(Error::usage("the draft, beside metre or rhyme", hint)),
    }
}
