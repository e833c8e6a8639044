//! w: lines: syllables under the notes of the music line before them.

use super::cursor::Cursor;
use super::limits;
use super::text;
use crate::Result;
use crate::score::Note;

/// The notes that the next w: line goes under.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Which music line they stand in.
    line: usize,
    /// The index of each note or chord, and the number of its bar.
    events: Vec<(usize, usize)>,
    /// How many w: lines there were.
    verses: usize,
    /// The event that the next syllable goes under.
    next: usize,
    /// The bar it stands in.
    bar: usize,
    /// How many places for syllables there are in the whole voice.
    places: usize,
    /// How many syllables found no note.
    pub(super) dropped: usize,
}

impl Words {
    /// Takes in a note or chord of music line `line`: the first of a new line begins anew.
    pub(super) fn hear(&mut self, line: usize, note: usize, bar: usize) {
        if line != self.line {
            self.events.clear();
            (self.line, self.verses, self.next) = (line, 0, 0);
        }
        self.events.push((note, bar));
    }

    /// Puts a line of syllables under `notes`: the next verse's, or more of this one's.
    /// Syllables without a note are dropped.
    pub(super) fn sing(&mut self, cursor: &mut Cursor<'_>, more: bool, notes: &mut [Note]) -> Result<()> {
        if !more || self.verses == 0 {
            self.verses += 1;
            self.next = 0;
            self.bar = self.events.first().map_or(0, |&(_, bar)| bar);
        }
        if self.verses > limits::VERSES {
            return Err(cursor.error("too many verses", format!("at most {} under a line", limits::VERSES)));
        }
        loop {
            cursor.skip_blanks();
            match cursor.peek() {
                None => return Ok(()),
                Some('|') => self.next_bar(),
                // Held on, left out, or an empty syllable between two hyphens.
                Some('_' | '*' | '-') => self.next += 1,
                Some(_) => {
                    let place = *cursor;
                    self.put(&syllable(cursor), notes, &place)?;
                    continue;
                }
            }
            cursor.bump();
        }
    }

    /// Goes to the first note of the next bar.
    fn next_bar(&mut self) {
        if let Some(&(_, bar)) = self.next.checked_sub(1).and_then(|last| self.events.get(last)) {
            self.bar = self.bar.max(bar);
        }
        self.bar += 1;
        let ahead = self.events.get(self.next..).unwrap_or_default();
        self.next += ahead.iter().take_while(|&&(_, bar)| bar < self.bar).count();
    }

    /// Puts a syllable under the next note.
    fn put(&mut self, syllable: &str, notes: &mut [Note], place: &Cursor<'_>) -> Result<()> {
        let note = self.events.get(self.next).and_then(|&(index, _)| notes.get_mut(index));
        self.next += 1;
        if syllable.trim().is_empty() {
            return Ok(());
        }
        let Some(note) = note else {
            self.dropped += 1;
            return Ok(());
        };
        if note.lyrics.len() < self.verses {
            self.places += self.verses - note.lyrics.len();
            if self.places > limits::SYLLABLES {
                let expected = format!("at most {} in a voice, in all verses", limits::SYLLABLES);
                return Err(place.error("too many syllables", expected));
            }
            note.lyrics.resize(self.verses, String::new());
        }
        syllable.clone_into(&mut note.lyrics[self.verses - 1]);
        Ok(())
    }
}

/// The syllable ahead, with its hyphen if it has one.
fn syllable(cursor: &mut Cursor<'_>) -> String {
    let mut raw = String::new();
    while let Some(next) = cursor.peek() {
        if next.is_whitespace() || matches!(next, '|' | '_' | '*') {
            break;
        }
        cursor.bump();
        match next {
            '~' => raw.push(' '),
            '-' => {
                raw.push('-');
                break;
            }
            '\\' => {
                raw.push('\\');
                raw.extend(cursor.bump());
            }
            _ => raw.push(next),
        }
    }
    text::decode(&raw)
}

/// The syllable as a w: line spells it; the inverse of [`syllable`].
pub(super) fn spell(syllable: &str) -> String {
    let (body, hyphen) = match syllable.strip_suffix('-') {
        Some(body) => (body, "-"),
        None => (syllable, ""),
    };
    let mut spelled = String::with_capacity(syllable.len());
    for c in body.chars() {
        match c {
            '-' => spelled.push_str("\\-"),
            c if c.is_whitespace() || c.is_control() => spelled.push('~'),
            '|' | '_' | '*' | '~' | '\\' | '%' | '&' => spelled.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => spelled.push(c),
        }
    }
    spelled + hyphen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Beats;

    /// Sings lines under two bars of four notes; verses are joined by `/`, notes by blanks.
    #[track_caller]
    fn check(lines: &[&str], expected: &str) {
        let pitch = "C4".parse().expect("a pitch");
        let mut notes = vec![Note::new(Beats::ZERO, Beats::QUARTER, pitch); 8];
        let mut words = Words::default();
        (0..8).for_each(|note| words.hear(1, note, note / 4));
        for line in lines {
            words.sing(&mut Cursor::new(line, 0, 1), false, &mut notes).expect("words");
        }
        let sung: Vec<String> = notes.iter().map(|note| note.lyrics.join("/")).collect();
        assert_eq!(sung.join(" ").trim_end(), expected);
    }

    #[test]
    fn syllables_and_hyphens() {
        check(&["Al-le-lu-ia, sing to God a-"], "Al- le- lu- ia, sing to God a-");
        check(&["might- y for- tress"], "might- y for- tress");
    }

    #[test]
    fn held_and_left_out_notes() {
        check(&["time__ goes * on"], "time   goes  on");
        check(&["a - - b"], "a   b");
        check(&["a-- b"], "a-  b");
    }

    #[test]
    fn bars_and_blanks() {
        check(&["one~of two | three"], "one of two   three");
        check(&["| two"], "    two");
        check(&["a b c d | e"], "a b c d e");
        check(&["a\\-b c"], "a-b c");
    }

    #[test]
    fn verses_are_kept_apart() {
        check(&["a b", "* d", "e"], "a//e b/d");
    }

    #[test]
    fn too_many_syllables_are_dropped() {
        check(&["a b c d e f g h i j"], "a b c d e f g h");
    }

    #[test]
    fn every_syllable_comes_back() {
        for text in ["plain-", "two words", "a-b", "~|*_\\%&", "é"] {
            assert_eq!(syllable(&mut Cursor::new(&spell(text), 0, 1)), text);
        }
    }
}
