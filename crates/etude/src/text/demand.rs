//! The little language of `--keep` and `--forbid` for texts.

use super::alphabet::is_of_word;
use super::verse::metre::{metre, scheme};
use crate::error::{Error, Result};
use crate::inference::constraint::Kind;
use std::fmt;
use std::ops::{Range, RangeInclusive};

/// The language on one screen, for a command's long help.
pub const HELP: &str = "\
A constraint on a text is NAME=VALUE. Put it between single quotes.

--keep    start=TEXT           the text begins like this
          end=TEXT             it ends like this
          contains=TEXT        it holds this somewhere
          matches=REGEX        the whole of it matches the regular expression
          line=40..60          characters of each line; 40, 40.. and ..60 too
          lines=4              so many lines, none empty, each ended
          metre=x/x/x/x/x/     syllables of each line, x unstressed, / stressed;
                               or iambic-pentameter, trochaic-tetrameter, ...
          rhyme=ABAB           which lines rhyme with each other; - with none

--forbid  letters=aeiou        none of these letters, in either case, with or
                               without accents
          word=TEXT            this word nowhere, in either case
          contains=TEXT        this nowhere
          matches=REGEX        no match anywhere
          copy=24              no run of more than 24 symbols from the training
                               texts, but for what is given

In TEXT, \\n is the end of a line, \\t a tab and \\\\ a backslash. A REGEX is
written as in Rust's regex crate, without \\b on letters beyond ASCII.

A draft with … in it has holes there: the text around them is kept, and each
hole gets --length characters, or as many as it takes. Any other draft is the
beginning. Without --length a text ends where all that is asked is first met,
or after 500 characters if nothing that is asked speaks of its end. Metre and
rhyme need --set dictionary=@FILE, in the format of the CMU dictionary, whose
words alone are then used; they go together with start, lines, letters and
word, and make four lines if nothing else says how many.

EXAMPLES
          --keep 'start=Once upon' --forbid 'letters=e'       a lipogram
          --keep 'matches=([A-Z][a-z ]+\\n){3}'                three lines
          --keep 'rhyme=ABAB' --keep 'metre=iambic-tetrameter'";

/// The longest line that can be asked for.
const WIDEST: u32 = 10_000;

/// The most lines that can be asked for.
const MOST_LINES: u32 = 1_000;

/// One thing asked, and how it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// With its option: `--keep 'start=Once'`.
    shown: String,
    pub(super) demand: Demand,
}

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Demand {
    /// The text begins like this.
    Start(String),
    /// It ends like this.
    End(String),
    /// It holds this.
    Contains(String),
    /// The whole of it matches.
    Matches(String),
    /// Characters of each line.
    Line(RangeInclusive<u32>),
    /// How many lines.
    Lines(u32),
    /// The metre of each line: whether each syllable is stressed.
    Metre(Vec<bool>),
    /// The letter of each line, which it shares with those that it rhymes with.
    Rhyme(Vec<Option<char>>),
    /// None of these letters.
    NoLetters(String),
    /// Nowhere this word.
    NoWord(String),
    /// Nowhere this text.
    Absent(String),
    /// Nowhere a match.
    NoMatch(String),
    /// No longer run of symbols that the training texts have too.
    Copy(usize),
}

impl Asked {
    /// Reads a constraint.
    ///
    /// # Errors
    ///
    /// A text outside the language, with what it could be.
    pub(super) fn parse(kind: Kind, text: &str) -> Result<Self> {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let shown = format!("{} '{line}'", kind.option());
        match demand(kind, text) {
            Ok(demand) => Ok(Self { shown, demand }),
            Err(hint) => Err(Error::usage(shown, hint)),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Demand {
    /// Whether it says where a text ends.
    pub(super) fn speaks_of_the_end(&self) -> bool {
        matches!(self, Self::End(_) | Self::Matches(_) | Self::Lines(_))
    }

    /// Whether it needs a dictionary.
    pub(super) fn is_verse(&self) -> bool {
        matches!(self, Self::Metre(_) | Self::Rhyme(_))
    }

    /// How it says that a text begins.
    pub(super) fn beginning(&self) -> Option<&str> {
        match self {
            Self::Start(start) => Some(start),
            _ => None,
        }
    }

    /// Where in a text as asked stands what it gives, in bytes.
    pub(super) fn place(&self, text: &str) -> Option<Range<usize>> {
        match self {
            Self::Start(start) => Some(0..start.len()),
            Self::End(end) => Some(text.len() - end.len().min(text.len())..text.len()),
            Self::Contains(part) => text.find(part.as_str()).map(|at| at..at + part.len()),
            _ => None,
        }
    }
}

/// What a constraint asks, or a hint.
fn demand(kind: Kind, text: &str) -> std::result::Result<Demand, String> {
    let (name, value) = text.split_once('=').ok_or("a constraint is NAME=VALUE, such as start=Once upon")?;
    if value.is_empty() {
        return Err(format!("something after `{name}=`"));
    }
    match (kind, name) {
        (Kind::Keep, "start") => Ok(Demand::Start(unescape(value)?)),
        (Kind::Keep, "end") => Ok(Demand::End(unescape(value)?)),
        (Kind::Keep, "contains") => Ok(Demand::Contains(unescape(value)?)),
        (Kind::Keep, "matches") => Ok(Demand::Matches(value.to_owned())),
        (Kind::Keep, "line") => range(value).map(Demand::Line),
        (Kind::Keep, "lines") => {
            let count = value.parse().ok().filter(|lines| (1..=MOST_LINES).contains(lines));
            count.map(Demand::Lines).ok_or_else(|| format!("a whole number from 1 to {MOST_LINES}"))
        }
        (Kind::Keep, "metre") => metre(value).map(Demand::Metre),
        (Kind::Keep, "rhyme") => scheme(value).map(Demand::Rhyme),
        (Kind::Forbid, "letters") => match value.chars().all(char::is_alphabetic) {
            true => Ok(Demand::NoLetters(value.to_owned())),
            false => Err("letters one after the other, such as letters=aeiou".to_owned()),
        },
        (Kind::Forbid, "word") => match value.chars().all(is_of_word) {
            true => Ok(Demand::NoWord(value.to_owned())),
            false => Err("one word of letters and digits; for more use contains= or matches=".to_owned()),
        },
        (Kind::Forbid, "copy") => {
            let most = value.parse().ok().filter(|most| (1..=10_000).contains(most));
            most.map(Demand::Copy).ok_or_else(|| "a whole number from 1 to 10000".to_owned())
        }
        (Kind::Forbid, "contains") => Ok(Demand::Absent(unescape(value)?)),
        (Kind::Forbid, "matches") => Ok(Demand::NoMatch(value.to_owned())),
        (Kind::Keep, _) => {
            Err("--keep knows start, end, contains, matches, line, lines, metre and rhyme".to_owned())
        }
        (Kind::Forbid, _) => Err("--forbid knows letters, word, contains, matches and copy".to_owned()),
    }
}

/// A text whose line ends and tabs are written `\n` and `\t`.
fn unescape(text: &str) -> std::result::Result<String, String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('\\') => '\\',
                _ => return Err("after a backslash n, t or a backslash".to_owned()),
            },
            other => other,
        });
    }
    Ok(plain)
}

/// `40`, `40..60`, `40..` or `..60`.
fn range(text: &str) -> std::result::Result<RangeInclusive<u32>, String> {
    let number = |text: &str, missing: u32| match text {
        "" => Some(missing),
        digits => digits.parse().ok().filter(|&number| number <= WIDEST),
    };
    let ends = match text.split_once("..") {
        None => number(text, 0).map(|number| (number, number)),
        Some((low, high)) => number(low, 0).zip(number(high, u32::MAX)),
    };
    let ends = ends.filter(|(low, high)| low <= high && *high > 0);
    let hint = || format!("characters of a line, such as 40, 40..60, 40.. or ..60, at most {WIDEST}");
    ends.map(|(low, high)| low..=high).ok_or_else(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;

    #[track_caller]
    fn check(kind: Kind, text: &str, expected: &str) {
        let told = match Asked::parse(kind, text) {
            Ok(asked) => format!("{:?}", asked.demand),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn texts_are_read_with_their_line_ends() {
        check(Kind::Keep, "start=a\\nb\\\\n", r#"Start("a\nb\\n")"#);
        check(Kind::Keep, "end==", r#"End("=")"#);
    }

    #[test]
    fn expressions_keep_their_backslashes() {
        check(Kind::Keep, "matches=a\\nb", r#"Matches("a\\nb")"#);
    }

    #[test]
    fn ranges_have_open_ends() {
        check(Kind::Keep, "line=40..60", "Line(40..=60)");
        check(Kind::Keep, "line=7", "Line(7..=7)");
        check(Kind::Keep, "line=..60", "Line(0..=60)");
        check(Kind::Keep, "line=40..", "Line(40..=4294967295)");
    }

    #[test]
    fn mistakes_come_with_a_hint() {
        check(Kind::Keep, "Once", "--keep 'Once'; hint: a constraint is NAME=VALUE, such as start=Once upon");
        check(Kind::Keep, "start=", "--keep 'start='; hint: something after `start=`");
        check(Kind::Keep, "end=\\x", "--keep 'end=\\x'; hint: after a backslash n, t or a backslash");
        check(Kind::Keep, "lines=0", "--keep 'lines=0'; hint: a whole number from 1 to 1000");
        check(
            Kind::Forbid,
            "letters=a,e",
            "--forbid 'letters=a,e'; hint: letters one after the other, such as letters=aeiou",
        );
        check(
            Kind::Keep,
            "letters=e",
            "--keep 'letters=e'; hint: --keep knows start, end, contains, matches, line, lines, metre and rhyme",
        );
        check(
            Kind::Keep,
            "line=60..40",
            "--keep 'line=60..40'; hint: characters of a line, such as 40, 40..60, 40.. or ..60, at most 10000",
        );
    }

    #[test]
    fn no_mutation_panics() {
        let seeds = ["start=a\\nb", "line=40..60", "lines=4", "letters=aé", "matches=(a|b)*\\n", "word=it's"];
        let mut chance = Chance::new(1, 0);
        for round in 0..4_000 {
            let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
            for _ in 0..1 + chance.below(4) {
                let at = chance.below(text.len().max(1)).min(text.len().saturating_sub(1));
                match chance.below(3) {
                    0 if !text.is_empty() => drop(text.remove(at)),
                    _ => text.insert(at, ['=', '.', '\\', 'é', '9', '\n', '🦆', ' '][chance.below(8)]),
                }
            }
            let text: String = text.into_iter().collect();
            for kind in [Kind::Keep, Kind::Forbid] {
                let _ = Asked::parse(kind, &text);
            }
        }
    }
}
