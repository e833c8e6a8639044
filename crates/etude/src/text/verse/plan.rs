//! Planning verse, and drawing it line by line.

use super::alone::refuse;
use super::dictionary::Dictionary;
use super::line::{Line, endings};
use super::rhyme::Rhymes;
use super::scan::words;
use crate::error::{Error, Result};
use crate::inference::autoregressive::{Aim, Automaton, Impossible, MOST_ENTRIES, Options, Written};
use crate::inference::chance::Chance;
use crate::sequence::Chain;
use crate::text::alphabet::tokens;
use crate::text::author::Writer;
use crate::text::automaton::{Letters, Part, Start, Word, product};
use crate::text::demand::{Asked, Demand};
use crate::text::draft::Given;
use crate::text::source::{contradiction, known};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Lines, if nothing says how many.
const LINES: usize = 4;

/// Words of the dictionary that are used at most: those that the training texts have most often.
const MOST_WORDS: usize = 20_000;

/// Fewer words than these aren't tried when a table is too large.
const FEWEST_WORDS: usize = 100;

/// Words by which it is told how large a table would be.
const SAMPLE: usize = 400;

/// How many symbols more than the fewest a line has at most.
const MORE: usize = 80;

/// Writes verse.
///
/// # Errors
///
/// Constraints that don't go together with verse or contradict each other, and interruptions.
pub(in crate::text) fn write(
    writer: &Writer,
    asked: &[Asked],
    given: Option<&Given>,
    dictionary: &Dictionary,
    options: &Options,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Written> {
    refuse(asked, given)?;
    for one in asked {
        let start = one.demand.beginning().unwrap_or("");
        known(start, &one.to_string(), &writer.alphabet)?;
    }
    known(given.map_or("", Given::beginning), "the draft", &writer.alphabet)?;
    let all: Vec<&Asked> = asked.iter().collect();
    let verse = Verse::new(writer, &all, given, dictionary)?;
    let (vocabulary, first) = verse.vocabulary(writer, asked, given)?;
    verse.write(writer, &vocabulary, first, options, progress)
}

/// What is asked of a verse.
struct Verse<'a> {
    dictionary: &'a Dictionary,
    metre: Option<&'a [bool]>,
    /// The letter of each line.
    scheme: Vec<Option<char>>,
    start: String,
    letters: Vec<Letters>,
    banned: Vec<Word>,
    /// The words that may be used, the most frequent first.
    words: Vec<&'a str>,
}

impl<'a> Verse<'a> {
    fn new(
        writer: &Writer,
        asked: &[&'a Asked],
        given: Option<&Given>,
        dictionary: &'a Dictionary,
    ) -> Result<Self> {
        let (mut metres, mut schemes, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut letters, mut banned) = (Vec::new(), Vec::new());
        let mut starts: Vec<&str> = given.map(Given::beginning).into_iter().collect();
        for one in asked {
            match &one.demand {
                Demand::Metre(metre) => metres.push((*one, metre)),
                Demand::Rhyme(scheme) => schemes.push((*one, scheme)),
                Demand::Lines(lines) => counts.push((*one, *lines as usize)),
                Demand::NoLetters(forbidden) => letters.push(Letters::new(forbidden)),
                Demand::NoWord(word) => banned.push(Word::new(word)),
                Demand::Start(start) => starts.push(start),
                _ => {}
            }
        }
        let differ =
            |one: &Asked, other: &Asked| Err(contradiction(&[one.to_string(), other.to_string()]).into());
        if let Some(((one, _), (other, _))) =
            metres.iter().zip(metres.iter().skip(1)).find(|(a, b)| a.1 != b.1)
        {
            return differ(one, other);
        }
        if let Some(((one, _), (other, _))) =
            schemes.iter().zip(schemes.iter().skip(1)).find(|(a, b)| a.1 != b.1)
        {
            return differ(one, other);
        }
        if let Some(((one, _), (other, _))) =
            counts.iter().zip(counts.iter().skip(1)).find(|(a, b)| a.1 != b.1)
        {
            return differ(one, other);
        }
        if let (Some((one, scheme)), Some((other, lines))) = (schemes.first(), counts.first())
            && scheme.len() != *lines
        {
            return differ(one, other);
        }
        let lines = counts.first().map_or(LINES, |(_, lines)| *lines);
        let scheme = schemes.first().map_or_else(|| vec![None; lines], |(_, scheme)| (*scheme).clone());
        let start = starts.iter().max_by_key(|start| start.len()).copied().unwrap_or("").to_owned();
        let metre = metres.first().map(|(_, metre)| metre.as_slice());
        let mut verse = Self { dictionary, metre, scheme, start, letters, banned, words: Vec::new() };
        verse.words = verse.allowed(writer);
        Ok(verse)
    }

    /// The words of the dictionary that the alphabet can write and nothing forbids, those that the training texts have most
    /// often first.
    fn allowed(&self, writer: &Writer) -> Vec<&'a str> {
        // Only looked up.
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        for index in 0..writer.memory.len() {
            for token in tokens(&writer.alphabet.decode(writer.memory.sequence(index))) {
                let token = token.to_lowercase();
                match counts.get_mut(&token) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(token, 1)),
                }
            }
        }
        let known = |word: &str| word.chars().all(|c| writer.alphabet.symbol(c).is_some());
        let passes = |part: &dyn Part, word: &str| {
            let end = word.chars().try_fold(part.start(), |state, character| part.after(state, character));
            end.is_some_and(|end| part.accepts(end))
        };
        let free = |word: &str| {
            self.letters.iter().all(|part| passes(part, word))
                && self.banned.iter().all(|part| passes(part, word))
        };
        let single = |word: &str| words(word).next() == Some(word);
        let words = self.dictionary.words.keys().map(String::as_str);
        let mut words: Vec<&str> = words.filter(|word| single(word) && known(word) && free(word)).collect();
        words.sort_by_cached_key(|word| std::cmp::Reverse(counts.get(*word).copied().unwrap_or(0)));
        words.truncate(MOST_WORDS);
        words
    }

    /// As many words as make no table too large, and the automaton of the first line; contradictions show here, before anything
    /// is drawn.
    fn vocabulary(
        &self,
        writer: &Writer,
        asked: &[Asked],
        given: Option<&Given>,
    ) -> Result<(Vec<&'a str>, Automaton)> {
        let mut count = self.likely_count(writer);
        loop {
            match self.line(writer, &self.words[..count], &self.rhymes(&self.words[..count]), 0) {
                Ok(line) => return Ok((self.words[..count].to_vec(), line)),
                Err(Impossible::TooLarge) if count > FEWEST_WORDS => count = count * 3 / 4,
                Err(Impossible::TooLarge) => return Err(Impossible::TooLarge.into()),
                Err(Impossible::Nothing) if count < self.words.len() => {
                    return Err(Impossible::TooLarge.into());
                }
                Err(Impossible::Nothing) => return Err(self.blame(writer, asked, given)),
            }
        }
    }

    /// How many words make a table that is just not too large, by what the table of a few takes for each beginning of a word.
    fn likely_count(&self, writer: &Writer) -> usize {
        let few = self.words.len().min(SAMPLE);
        let Ok(line) = self.line(writer, &self.words[..few], &self.rhymes(&self.words[..few]), 0) else {
            return self.words.len();
        };
        let mut beginnings: BTreeSet<&str> = BTreeSet::new();
        let mut counts = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let ends = word.char_indices().map(|(at, character)| at + character.len_utf8());
            beginnings.extend(ends.map(|end| &word[..end]));
            counts.push(beginnings.len());
        }
        let Some(&sampled) = counts.get(few.saturating_sub(1)) else { return few };
        let most = MOST_ENTRIES / writer.alphabet.len() * sampled / line.states() * 9 / 10;
        counts.partition_point(|&count| count <= most).max(few)
    }

    /// Leaves out what isn't needed for a contradiction, one by one, and names the rest.
    fn blame(&self, writer: &Writer, asked: &[Asked], given: Option<&Given>) -> Error {
        let fails = |asked: &[&Asked], given: Option<&Given>| {
            Verse::new(writer, asked, given, self.dictionary).is_ok_and(|verse| {
                let line = verse.line(writer, &verse.words, &verse.rhymes(&verse.words), 0);
                matches!(line, Err(Impossible::Nothing))
            })
        };
        let mut left: Vec<&Asked> = asked.iter().collect();
        let given = given.filter(|_| !fails(&left, None));
        let mut index = 0;
        while index < left.len() {
            let mut others = left.clone();
            others.remove(index);
            match fails(&others, given) {
                true => left = others,
                false => index += 1,
            }
        }
        let mut names: Vec<String> = given.map(|_| "the draft".to_owned()).into_iter().collect();
        names.extend(left.iter().map(|asked| asked.to_string()));
        names.push("the dictionary".to_owned());
        contradiction(&names).into()
    }

    /// The words that can end a line, and what they rhyme by.
    fn rhymes(&self, words: &[&'a str]) -> Rhymes<'a> {
        let ends = match self.metre {
            None => words.to_vec(),
            Some(metre) => endings(metre, self.dictionary, words),
        };
        Rhymes::new(self.dictionary, &self.scheme, ends)
    }

    /// The automaton of one line.
    fn line(
        &self,
        writer: &Writer,
        words: &[&'a str],
        rhymes: &Rhymes<'a>,
        index: usize,
    ) -> std::result::Result<Automaton, Impossible> {
        let line = Line::new(self.metre, self.dictionary, words, |word| rhymes.allows(index, word));
        let start = Start::new(if index == 0 { &self.start } else { "" });
        product(&[&line, &start], &writer.alphabet)
    }

    fn write(
        &self,
        writer: &Writer,
        vocabulary: &[&'a str],
        first: Automaton,
        options: &Options,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Written> {
        let mut rhymes = self.rhymes(vocabulary);
        let chains: Vec<&dyn Chain> = writer.chains().iter().map(|chain| chain as &dyn Chain).collect();
        let symbols = writer.alphabet.len();
        let mut so_far =
            Written { symbols: Vec::new(), log_evidence: 0.0, effective: f64::INFINITY, nats: 0.0 };
        let mut first = Some(first);
        for index in 0..self.scheme.len() {
            let line = match first.take() {
                Some(line) => line,
                None => self.line(writer, vocabulary, &rhymes, index)?,
            };
            let begun = so_far.symbols.len();
            let shortest = line.distance(0) as usize;
            let (automaton, given) = match index {
                0 => (line, writer.alphabet.encode(&self.start)?),
                _ => (Automaton::only(symbols, &so_far.symbols)?.then(&line)?, so_far.symbols.clone()),
            };
            // Every line has randomness of its own.
            let seed = Chance::new(options.seed, u64::MAX - index as u64).bits();
            let options = Options { given, seed, most: shortest + MORE, ..options.clone() };
            let aim = Aim::new(writer.model.as_ref(), &chains, Arc::new(automaton), None, options)?;
            let mut told = |written: usize| progress(begun + written);
            let written =
                aim.write(&mut told).map_err(|stop| stop.error(|step| format!("symbol {}", step + 1)))?;
            so_far.log_evidence += written.log_evidence;
            so_far.effective = so_far.effective.min(written.effective);
            so_far.nats += written.nats;
            let line = writer.alphabet.decode(&written.symbols[begun..]);
            if let Some(last) = words(&line).last() {
                rhymes.choose(index, &last.to_lowercase());
            }
            so_far.symbols = written.symbols;
        }
        Ok(so_far)
    }
}
