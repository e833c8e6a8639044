//! What follows the root of a chord symbol: a triad, a seventh, additions and alterations.

/// What a symbol says after its root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quality {
    /// Semitones above the root.
    pub(super) set: u16,
    /// Whether the next seventh is a major one.
    major: bool,
    /// Whether the next seventh is a diminished one.
    diminished: bool,
}

impl Quality {
    fn add(&mut self, interval: u8) {
        self.set |= 1 << (interval % 12);
    }

    fn drop(&mut self, intervals: &[u8]) {
        for interval in intervals {
            self.set &= !(1 << interval);
        }
    }

    /// Puts one interval in the place of others.
    fn instead(&mut self, others: &[u8], interval: u8) {
        self.drop(others);
        self.add(interval);
    }

    fn seventh(&mut self) {
        let seventh = match (self.diminished, self.major) {
            (true, _) => 9,
            (_, true) => 11,
            _ => 10,
        };
        self.add(seventh);
    }

    /// Reads all that follows a root.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut quality = Self { set: 0b1001_0001, major: false, diminished: false };
        let mut rest = text;
        while !rest.is_empty() {
            let begins = rest.len() == text.len();
            rest = rest.trim_start_matches(BETWEEN);
            if let Some((word, meaning)) = WORDS.iter().find(|(word, _)| is_word(word, rest, begins)) {
                quality.take(*meaning, &mut rest, word.len());
                continue;
            }
            if rest.is_empty() {
                break;
            }
            let (verb, after) = verb(rest);
            let (alter, after) = sign(after);
            let (number, after) = number(after)?;
            quality.degree(verb, alter, number, begins)?;
            rest = after;
        }
        Some(quality)
    }

    /// Takes a word, and moves on behind it.
    fn take(&mut self, meaning: Word, rest: &mut &str, length: usize) {
        *rest = &rest[length..];
        match meaning {
            Word::Nothing => {}
            Word::Major => self.major = true,
            Word::MajorSeventh => {
                self.major = true;
                self.add(11);
            }
            Word::Minor => self.instead(&[4], 3),
            Word::Diminished => {
                self.instead(&[4], 3);
                self.instead(&[7], 6);
                // `dimmaj7` has a major seventh above the diminished triad.
                self.diminished = !rest.starts_with("maj") && !rest.starts_with('M');
            }
            Word::HalfDiminished => {
                self.instead(&[4], 3);
                self.instead(&[7], 6);
                self.add(10);
            }
            Word::Augmented => self.instead(&[7], 8),
            Word::Second => self.instead(&[3, 4], 2),
            Word::Fourth => self.instead(&[3, 4], 5),
            Word::Altered => {
                self.drop(&[7]);
                [1, 3, 6, 8, 10].into_iter().for_each(|interval| self.add(interval));
            }
            Word::SixNine => [9, 2].into_iter().for_each(|interval| self.add(interval)),
        }
    }

    /// Takes a degree: `7`, `b9`, `add11`, `no3`.
    fn degree(&mut self, verb: Verb, alter: i8, number: u8, begins: bool) -> Option<()> {
        let natural = match number {
            1 => 0,
            2 | 9 => 2,
            3 | 10 => 4,
            4 | 11 => 5,
            5 | 12 => 7,
            6 | 13 => 9,
            7 => 11,
            _ => return None,
        };
        let interval = (natural + alter).rem_euclid(12) as u8;
        match (verb, number) {
            (Verb::No, 3) if alter == 0 => self.drop(&[3, 4]),
            (Verb::No, 5) if alter == 0 => self.drop(&[6, 7, 8]),
            (Verb::No, _) => self.drop(&[interval]),
            (Verb::Add, _) => self.add(interval),
            (Verb::Plain, 5) if alter != 0 => self.instead(&[7], interval),
            (Verb::Plain, 5) => {
                if begins {
                    self.drop(&[3, 4]);
                }
            }
            (Verb::Plain, _) if alter != 0 => self.add(interval),
            (Verb::Plain, 6 | 2) => self.add(interval),
            (Verb::Plain, 4) => self.instead(&[3, 4], 5),
            (Verb::Plain, 7) => self.seventh(),
            (Verb::Plain, 9 | 11 | 13) => {
                self.seventh();
                self.add(2);
                self.add(interval);
            }
            _ => return None,
        }
        Some(())
    }
}

/// What a word does.
#[derive(Debug, Clone, Copy)]
enum Word {
    Nothing,
    Major,
    MajorSeventh,
    Minor,
    Diminished,
    HalfDiminished,
    Augmented,
    Second,
    Fourth,
    Altered,
    SixNine,
}

/// The words, those that begin like others first.
const WORDS: [(&str, Word); 35] = [
    ("sus4", Word::Fourth),
    ("sus2", Word::Second),
    ("sus", Word::Fourth),
    ("major", Word::Major),
    ("maj", Word::Major),
    ("Maj", Word::Major),
    ("MAJ", Word::Major),
    ("minor", Word::Minor),
    ("min", Word::Minor),
    ("Min", Word::Minor),
    ("MIN", Word::Minor),
    ("ma", Word::Major),
    ("Ma", Word::Major),
    ("mi", Word::Minor),
    ("m", Word::Minor),
    ("M", Word::Major),
    ("j", Word::Major),
    ("Δ7", Word::MajorSeventh),
    ("Δ", Word::MajorSeventh),
    ("^7", Word::MajorSeventh),
    ("^", Word::MajorSeventh),
    ("hdim7", Word::HalfDiminished),
    ("hdim", Word::HalfDiminished),
    ("ø7", Word::HalfDiminished),
    ("ø", Word::HalfDiminished),
    ("dim", Word::Diminished),
    ("°", Word::Diminished),
    ("o", Word::Diminished),
    ("aug", Word::Augmented),
    ("alt", Word::Altered),
    ("6/9", Word::SixNine),
    ("69", Word::SixNine),
    ("-", Word::Minor),
    ("+", Word::Augmented),
    ("dom", Word::Nothing),
];

/// What may stand between the words.
const BETWEEN: [char; 5] = ['(', ')', ',', '[', ']'];

/// Whether a text begins with a word; `begins` says whether it follows the root.
fn is_word(word: &str, text: &str, begins: bool) -> bool {
    let Some(after) = text.strip_prefix(word) else { return false };
    match word {
        // Later these are signs before a number.
        "-" | "+" => begins,
        "o" => begins && !after.starts_with("mit"),
        // `madd9` is minor.
        "ma" | "Ma" => after.starts_with(|next: char| next.is_ascii_digit()),
        _ => true,
    }
}

/// What is done with a degree.
#[derive(Debug, Clone, Copy)]
enum Verb {
    Plain,
    Add,
    No,
}

/// A verb and what follows.
fn verb(text: &str) -> (Verb, &str) {
    let verbs = [("add", Verb::Add), ("no", Verb::No), ("omit", Verb::No)];
    let found = verbs.iter().find_map(|(word, verb)| Some((*verb, text.strip_prefix(word)?)));
    found.unwrap_or((Verb::Plain, text))
}

/// A sharp or flat, in semitones, and what follows.
fn sign(text: &str) -> (i8, &str) {
    let signs = [("##", 2), ("bb", -2), ("#", 1), ("+", 1), ("b", -1), ("-", -1)];
    let found = signs.iter().find_map(|(sign, alter)| Some((*alter, text.strip_prefix(sign)?)));
    found.unwrap_or((0, text))
}

/// A degree and what follows it.
fn number(text: &str) -> Option<(u8, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    // `65` is no degree; two digits are one only from 10 to 13.
    let long = text.get(..2).filter(|_| digits >= 2).and_then(|two| two.parse().ok());
    let (number, length) = match long.filter(|number| (10..=13).contains(number)) {
        Some(number) => (number, 2),
        None => (text.get(..1)?.parse().ok()?, 1),
    };
    Some((number, &text[length..]))
}
