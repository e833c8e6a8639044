//! A slow plain count of tokens, apart from the reader, to compare it with.

use super::corpus::Figures;

/// What a spine's tokens add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Tokens with notes.
    pub(super) tokens: usize,
    /// Tokens whose first tie ends there.
    pub(super) continued: usize,
    /// Notes and grace notes.
    pub(super) heads: usize,
    /// The sum of all MIDI numbers.
    pub(super) sum: u64,
}

impl Count {
    pub(super) fn figures(self) -> Figures {
        Figures { chords: self.tokens, continued: self.continued, sum: self.sum }
    }
}

/// Counts the `**kern` spines of a sound file that neither adds nor exchanges any, the rightmost first.
pub(super) fn count(text: &str) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    // By column, which of the counts it adds to.
    let mut columns: Vec<Option<usize>> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('!') && !line.is_empty()) {
        let tokens: Vec<&str> = line.split('\t').collect();
        if line.starts_with("**") {
            for token in tokens {
                columns.push((token == "**kern").then_some(counts.len()));
                counts.extend((token == "**kern").then(Count::default));
            }
        } else if line.starts_with('*') {
            columns = bent(&columns, &tokens);
        } else if !line.starts_with('=') {
            for (token, column) in tokens.iter().zip(&columns) {
                column.iter().for_each(|&spine| add(&mut counts[spine], token));
            }
        }
    }
    counts.reverse();
    counts
}

/// The columns after a line of interpretations.
fn bent(columns: &[Option<usize>], tokens: &[&str]) -> Vec<Option<usize>> {
    let mut next = Vec::new();
    let mut joined = None;
    for (&column, &token) in columns.iter().zip(tokens) {
        match token {
            "*^" => next.extend([column, column]),
            "*-" => {}
            "*v" if joined == Some(column) => {}
            _ => next.push(column),
        }
        joined = (token == "*v").then_some(column);
    }
    next
}

fn add(count: &mut Count, token: &str) {
    let notes = || token.split(' ').filter(|note| *note != "." && !note.contains('r'));
    let tie = |note: &&str| note.contains(['[', '_', ']']);
    count.tokens += usize::from(notes().next().is_some());
    count.continued += usize::from(notes().find(tie).is_some_and(|note| !note.contains('[')));
    count.heads += notes().count();
    count.sum += notes().map(midi).sum::<u64>();
}

fn midi(note: &str) -> u64 {
    let is_letter = |c: char| matches!(c, 'a'..='g' | 'A'..='G');
    let letter = note.chars().find(|&c| is_letter(c)).expect("a letter");
    let repeats = note.chars().filter(|&c| c == letter).count() as i64;
    let octave = if letter.is_lowercase() { 3 + repeats } else { 4 - repeats };
    let place = "c d ef g a b".find(letter.to_ascii_lowercase()).expect("a letter") as i64;
    let sharps = note.matches('#').count() as i64 - note.matches('-').count() as i64;
    u64::try_from(12 * (octave + 1) + place + sharps).expect("in range")
}
