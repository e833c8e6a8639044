//! Everything that narrows a text, each by its own name: the draft, the length, the constraints.

use super::alphabet::{Alphabet, named};
use super::automaton::{
    Absence, Absent, Contains, Draft, End, Length, Letters, Lines, Part, Pattern, Start, Word, product,
};
use super::demand::{Asked, Demand};
use super::draft::Given;
use crate::error::{Error, Result};
use crate::inference::autoregressive::{Automaton, Impossible};
use crate::inference::constraint::Contradiction;

/// How many characters are written where nothing that is asked speaks of the end.
pub(super) const LENGTH: usize = 500;

/// Something that narrows a text.
pub(super) struct Source {
    /// As a message names it.
    name: String,
    part: Box<dyn Part>,
}

/// All sources: the draft and the length, then the constraints as typed.
///
/// # Errors
///
/// Expressions that don't read, and characters that the model doesn't know.
pub(super) fn all(
    asked: &[Asked],
    given: Option<&Given>,
    length: Option<usize>,
    alphabet: &Alphabet,
) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    if let Some(given) = given {
        let name = "the draft";
        given.texts.iter().try_for_each(|text| known(text, name, alphabet))?;
        let texts: Vec<&str> = given.texts.iter().map(String::as_str).collect();
        let part: Box<dyn Part> = match given.is_beginning() {
            true => Box::new(Start::new(given.beginning())),
            false => Box::new(Draft::new(&texts, given.hole)),
        };
        sources.push(Source { name: name.to_owned(), part });
    }
    let part = bounds(asked, given, length);
    sources.extend(part.map(|part| Source { name: "the length".to_owned(), part: Box::new(part) }));
    // A cap on copies is no automaton.
    for one in asked.iter().filter(|one| !matches!(one.demand, Demand::Copy(_))) {
        sources.push(Source { name: one.to_string(), part: part_of(one, alphabet)? });
    }
    Ok(sources)
}

/// How long the text is, unless something else says where it ends.
fn bounds(asked: &[Asked], given: Option<&Given>, length: Option<usize>) -> Option<Length> {
    match (given.filter(|given| !given.is_beginning()), length) {
        (Some(_), Some(_)) => None,
        (None, Some(length)) => Some(Length { least: length as u32, most: Some(length as u32) }),
        (_, None) => {
            let ends = asked.iter().any(|one| one.demand.speaks_of_the_end());
            let begun = asked.iter().filter_map(|one| match &one.demand {
                Demand::Start(start) => Some(start.chars().count()),
                _ => None,
            });
            let begun = begun.chain(given.map(Given::characters)).max().unwrap_or(0);
            let open = !ends && !given.is_some_and(Given::has_end);
            open.then(|| Length { least: (begun + LENGTH) as u32, most: None })
        }
    }
}

/// The automaton of one constraint.
///
/// # Errors
///
/// Expressions that don't read, characters that the model doesn't know, and what isn't for automata of this kind.
fn part_of(asked: &Asked, alphabet: &Alphabet) -> Result<Box<dyn Part>> {
    let known = |text: &str| known(text, &asked.to_string(), alphabet);
    let unreadable = |problem: String| Error::usage(asked.to_string(), problem);
    Ok(match &asked.demand {
        Demand::Start(text) => {
            known(text)?;
            Box::new(Start::new(text))
        }
        Demand::End(text) => {
            known(text)?;
            Box::new(End::new(text))
        }
        Demand::Contains(text) => {
            known(text)?;
            Box::new(Contains::new(text))
        }
        Demand::Matches(expression) => Box::new(Pattern::new(expression).map_err(unreadable)?),
        Demand::Line(length) => Box::new(Lines { length: length.clone(), count: None }),
        Demand::Lines(count) => Box::new(Lines { length: 1..=u32::MAX, count: Some(*count) }),
        Demand::NoLetters(letters) => Box::new(Letters::new(letters)),
        Demand::NoWord(word) => Box::new(Word::new(word)),
        Demand::Absent(text) => Box::new(Absent::new(text)),
        Demand::NoMatch(expression) => Box::new(Absence::new(expression).map_err(unreadable)?),
        Demand::Metre(_) | Demand::Rhyme(_) | Demand::Copy(_) => {
            return Err(Error::Broken(format!("{asked} is kept in another way")));
        }
    })
}

/// Whether the model knows all characters of a text.
///
/// # Errors
///
/// The first that it doesn't.
pub(super) fn known(text: &str, name: &str, alphabet: &Alphabet) -> Result<()> {
    match text.chars().find(|&character| alphabet.symbol(character).is_none()) {
        None => Ok(()),
        Some(character) => {
            let problem = format!("has {}, which the model never saw", named(character));
            let constraints = vec![name.to_owned()];
            Err(Contradiction { place: None, voice: None, constraints, problem }.into())
        }
    }
}

/// The texts that are as all sources ask.
///
/// # Errors
///
/// A smallest set of sources that contradict each other, or a table that would be too large.
pub(super) fn compile(sources: &[Source], alphabet: &Alphabet) -> Result<Automaton> {
    let parts = |sources: &[&Source]| {
        let parts: Vec<&dyn Part> = sources.iter().map(|source| source.part.as_ref()).collect();
        product(&parts, alphabet)
    };
    let mut left: Vec<&Source> = sources.iter().collect();
    match parts(&left) {
        Err(Impossible::Nothing) => {}
        other => return Ok(other?),
    }
    // Whoever isn't needed for the contradiction is left out, one by one.
    let mut index = 0;
    while index < left.len() {
        let others: Vec<&Source> =
            left.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, s)| *s).collect();
        match parts(&others) {
            Err(Impossible::Nothing) => left = others,
            _ => index += 1,
        }
    }
    let constraints: Vec<String> = left.iter().map(|source| source.name.clone()).collect();
    Err(contradiction(&constraints).into())
}

/// What can't be met, and by whose fault.
pub(super) fn contradiction(names: &[String]) -> Contradiction {
    let problem = if names.len() == 1 { "leaves nothing to write" } else { "leave nothing to write" };
    Contradiction { place: None, voice: None, constraints: names.to_vec(), problem: problem.to_owned() }
}
