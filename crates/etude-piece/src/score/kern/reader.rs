//! Row by row from text to a score.

use super::bars::{BarSign, Bars};
use super::limits;
use super::lines::{self, Line, shown};
use super::record::Records;
use super::spines::{Column, Kind, Pace};
use super::strike::{self, Begun};
use super::tandem::Signs;
use super::text;
use super::token::{self, Length, Wrong};
use crate::score::{Beats, Losses, Reading, Score};
use crate::{Fault, Place, Result};

/// The state that lasts while a file is read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) columns: Vec<Column>,
    /// The music of each `**kern` spine, by the order in which they appeared.
    pub(super) parts: Vec<strike::Line>,
    /// When the next row is due.
    pub(super) now: Beats,
    /// The farthest that any token reaches.
    pub(super) latest: Beats,
    /// Where the notes of this row were put.
    pub(super) begun: Vec<Begun>,
    pub(super) bars: Bars,
    pub(super) signs: Signs,
    chords: Vec<(Beats, String)>,
    records: Records,
    pub(super) losses: Losses,
    /// How many notes there are.
    pub(super) notes: usize,
    /// Whether all spines have come to their end.
    pub(super) ended: bool,
    /// Whether another piece follows.
    more: bool,
}

/// Reads the first piece of a text.
pub(super) fn read(text: &str) -> Result<Reading> {
    let mut reader = Reader::default();
    for line in lines::lines(text) {
        reader.line(&line)?;
    }
    reader.finish()
}

/// How long the first piece of a text is, rests at its end included.
#[cfg(test)]
pub(super) fn length(text: &str) -> Beats {
    let mut reader = Reader::default();
    lines::lines(text).for_each(|line| reader.line(&line).expect("a row"));
    reader.latest
}

impl Reader {
    fn line(&mut self, line: &Line<'_>) -> Result<()> {
        if line.text.starts_with('!') {
            if !self.more {
                self.records.read(line.text, &mut self.losses);
            }
            return Ok(());
        }
        if self.ended {
            self.more = true;
            return Ok(());
        }
        if self.columns.is_empty() {
            return self.open_spines(line);
        }
        if line.count() != self.columns.len() {
            let plural = if line.count() == 1 { "" } else { "s" };
            let found = format!("{} token{plural}", line.count());
            let expected = format!("{}, one for each spine", self.columns.len());
            return Err(line.hinted(line.text, found, expected, "tokens have one tab between them"));
        }
        match line.text.as_bytes()[0] {
            b'*' => self.interpret(line)?,
            b'=' => self.bar_line(line)?,
            _ => self.row(line)?,
        }
        self.now = self.due();
        Ok(())
    }

    /// A row of data.
    fn row(&mut self, line: &Line<'_>) -> Result<()> {
        self.begun.clear();
        let mut timed = false;
        for (index, token) in line.tokens().enumerate() {
            let column = self.columns[index];
            if token == "." {
                continue;
            }
            if token.is_empty() {
                return Err(line.fault(token, "an empty token", "a null token `.`"));
            }
            match column.kind {
                Kind::Kern => timed |= self.strike(index, token, line)?,
                Kind::Recip => {
                    self.measure(index, token, line)?;
                    timed = true;
                }
                Kind::Text => self.sing(&column, token),
                Kind::Chords => self.chord(token, line)?,
                Kind::Unnamed => {
                    return Err(line.fault(token, shown(token), "the new spine's name, such as `**kern`"));
                }
                Kind::Other(what) => self.losses.add(what, "a score holds none"),
            }
        }
        if timed { self.check_silent(line) } else { Ok(()) }
    }

    /// After a row that takes time: no column without a token in it may have been due.
    fn check_silent(&mut self, line: &Line<'_>) -> Result<()> {
        for (index, token) in line.tokens().enumerate() {
            let column = self.columns[index];
            let due = column.kind.is_timed() && column.end <= self.now && token == ".";
            if !due || column.pace == Pace::Late {
                continue;
            }
            let kin = |other: &Column| (other.kind, other.part) == (column.kind, column.part);
            let goes_on = self.columns.iter().any(|other| kin(other) && other.end > self.now);
            if column.pace == Pace::Steady || !goes_on {
                let found = format!("nothing in spine {}, whose last note or rest has ended", index + 1);
                return Err(line.hinted(token, found, "a note or a rest", "its durations may be too short"));
            }
            self.columns[index].pace = Pace::Late;
        }
        Ok(())
    }

    /// A token of a spine that only measures time.
    fn measure(&mut self, index: usize, token: &str, line: &Line<'_>) -> Result<()> {
        let sign =
            token::read(token, None, &mut Losses::default()).map_err(|wrong| line.wrong(token, wrong))?;
        let Length::Lasting(step) = sign.length else { return Err(line.wrong(token, Wrong::DURATION)) };
        self.check_due(index, token, line)?;
        self.keep_step(index, step, token, line)
    }

    /// A syllable on the note that begins in this row.
    fn sing(&mut self, column: &Column, token: &str) {
        // Signs that the syllable before goes on.
        if matches!(token, "_" | "|") {
            return;
        }
        let syllable = token.strip_prefix('-').filter(|rest| !rest.is_empty()).unwrap_or(token);
        let here = |begun: &&Begun| (begun.part, begun.strand) == (column.part, column.voice);
        let begun = self.begun.iter().find(here).copied();
        let note = begun.and_then(|begun| self.parts[column.part].note(begun));
        match note {
            _ if column.verse >= limits::VERSES => {
                self.losses.add("syllable", "a voice has at most 16 verses");
            }
            Some(note) => {
                if note.lyrics.len() <= column.verse {
                    note.lyrics.reserve_exact(column.verse + 1 - note.lyrics.len());
                    note.lyrics.resize(column.verse + 1, String::new());
                }
                note.lyrics[column.verse] = text::decode(syllable);
            }
            None => self.losses.add("syllable", "no note begins with it"),
        }
    }

    fn chord(&mut self, token: &str, line: &Line<'_>) -> Result<()> {
        if self.chords.len() == limits::MARKS {
            return Err(line.fault(token, "one more chord symbol", format!("at most {}", limits::MARKS)));
        }
        self.chords.push((self.now, symbol(token)));
        Ok(())
    }

    fn bar_line(&mut self, line: &Line<'_>) -> Result<()> {
        let mut drawn = None;
        for (index, token) in line.tokens().enumerate() {
            if self.columns[index].kind != Kind::Kern || token == "." {
                continue;
            }
            if !token.starts_with('=') {
                return Err(line.fault(token, shown(token), "a bar line, as in the other spines"));
            }
            drawn = drawn.or(Some(token));
        }
        let Some(token) = drawn else { return Ok(()) };
        let sign = BarSign::read(token);
        if sign.fermata {
            self.losses.add("fermata", "it stands on a bar line");
        }
        let room = self.bars.line(self.now, sign);
        if room {
            Ok(())
        } else {
            Err(line.fault(token, "one more bar", format!("at most {}", limits::BARS)))
        }
    }

    fn finish(mut self) -> Result<Reading> {
        if self.parts.is_empty() {
            return Err(Fault::new(Place::Whole, "no spine of music", "a line with `**kern`")
                .hint("is this a Humdrum file?")
                .into());
        }
        if self.more {
            self.losses.add("further piece", "only a file's first is read");
        }
        let mut losses = self.losses;
        let keys = self.signs.keys(&mut losses);
        let mut parts: Vec<_> = self.parts.into_iter().map(|line| line.finish(&mut losses)).collect();
        // The lowest part stands leftmost.
        parts.reverse();
        let score = Score {
            title: self.records.title(),
            composer: self.records.composer,
            parts,
            keys,
            metres: self.signs.metres,
            tempi: self.signs.tempi,
            bars: self.bars.finish(self.latest, &mut losses),
            chords: self.chords,
            recipe: self.records.recipe,
        };
        Ok(Reading { score, lost: losses.lines() })
    }
}

/// The words for kinds of chord, and what a symbol has for them.
const KINDS: [(&str, &str); 17] = [
    ("major", ""),
    ("minor", "m"),
    ("augmented", "aug"),
    ("diminished", "dim"),
    ("dominant", "7"),
    ("major-seventh", "maj7"),
    ("minor-seventh", "m7"),
    ("diminished-seventh", "dim7"),
    ("augmented-seventh", "aug7"),
    ("half-diminished", "m7b5"),
    ("major-sixth", "6"),
    ("minor-sixth", "m6"),
    ("dominant-ninth", "9"),
    ("major-ninth", "maj9"),
    ("minor-ninth", "m9"),
    ("suspended-second", "sus2"),
    ("suspended-fourth", "sus4"),
];

/// The chord symbol of a token: `Am7/G` as it is, `B- minor-seventh/A-` as `Bbm7/Ab`.
fn symbol(token: &str) -> String {
    let Some((root, rest)) = token.split_once(' ') else { return text::decode(token) };
    let (kind, bass) = rest.split_once('/').unwrap_or((rest, ""));
    let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == kind.trim()) else {
        return text::decode(token);
    };
    let (root, bass) = (root.replace('-', "b"), bass.trim().replace('-', "b"));
    let slash = if bass.is_empty() { "" } else { "/" };
    format!("{root}{kind}{slash}{bass}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(token: &str, expected: &str) {
        assert_eq!(symbol(token), expected);
    }

    #[test]
    fn chords_in_words_become_symbols() {
        check("C major", "C");
        check("B- minor-seventh/A-", "Bbm7/Ab");
        check("F# dominant", "F#7");
        check("Am7/G", "Am7/G");
        check("N.C.", "N.C.");
        check("see next page", "see next page");
    }
}
