//! What a format or a score could not hold, counted by kind.

use super::Score;
use std::collections::BTreeMap;

/// A score, and what its file said that a score doesn't hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The score.
    pub score: Score,
    /// One line for each kind of thing left out, such as `2 slurs: a score holds none`.
    pub lost: Vec<String>,
}

/// A file's bytes, and what of the piece its format could not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// One line for each kind of thing left out, such as `2 fermatas: MIDI has none`.
    pub lost: Vec<String>,
}

/// A tally of what is left out while a file is read or written. It is as small as there are kinds of things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses(BTreeMap<(&'static str, &'static str), usize>);

impl Losses {
    /// Counts one more `thing` (a singular whose plural takes an s), which is left out because of `why`.
    pub fn add(&mut self, thing: &'static str, why: &'static str) {
        self.add_many(1, thing, why);
    }

    /// Counts `number` more.
    pub fn add_many(&mut self, number: usize, thing: &'static str, why: &'static str) {
        if number > 0 {
            *self.0.entry((thing, why)).or_default() += number;
        }
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: Self) {
        for ((thing, why), number) in other.0 {
            self.add_many(number, thing, why);
        }
    }

    /// One line for each kind, by name: `2 slurs: a score holds none`.
    pub fn lines(&self) -> Vec<String> {
        let line = |(&(thing, why), &number): (&(&str, &str), &usize)| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {thing}{plural}: {why}")
        };
        self.0.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_counted_by_kind() {
        let mut losses = Losses::default();
        losses.add("slur", "a score holds none");
        losses.add_many(2, "grace note", "MIDI has none");
        losses.add_many(0, "fermata", "MIDI has none");
        let mut more = Losses::default();
        more.add("slur", "a score holds none");
        losses.merge(more);
        assert_eq!(losses.lines(), ["2 grace notes: MIDI has none", "2 slurs: a score holds none"]);
    }
}
