//! Scores: what a person reads. Parts and voices of notes with exact times and spelled pitches,
//! with keys, metres, tempi, bars, chord symbols and words.

pub mod pitch;
pub mod time;

pub mod abc;
pub mod csv;
pub mod kern;
pub mod midi;
pub mod musicxml;

pub mod format;

pub mod engraving;
pub mod grid;
pub mod roll;

mod clock;
mod dynamics;
mod losses;
mod unfold;

pub(crate) mod xml;

#[cfg(test)]
pub(crate) mod example;

pub use clock::Clock;
pub use grid::{Cell, Frame, Grid, Onset};
pub use losses::{Losses, Reading, Written};
pub use pitch::{Key, Mode, Pitch, Step};
pub use time::{Beats, Metre, Tempo};

/// A piece of written music.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// The title, or empty.
    pub title: String,
    /// Who wrote the music, or empty.
    pub composer: String,
    /// The instruments or groups of singers, top to bottom.
    pub parts: Vec<Part>,
    /// Key signatures by onset, ascending. Empty: unknown.
    pub keys: Vec<(Beats, Key)>,
    /// Time signatures by onset, ascending. Empty: unmeasured.
    pub metres: Vec<(Beats, Metre)>,
    /// Tempi by onset, ascending. Empty: [`Tempo::default`].
    pub tempi: Vec<(Beats, Tempo)>,
    /// The bars as written, ascending by onset, without gaps. Empty: see [`Score::measure`].
    pub bars: Vec<Bar>,
    /// Chord symbols above the music, ascending by onset.
    pub chords: Vec<(Beats, String)>,
    /// How the score came to be (Étude's recipe as one line of JSON), or empty.
    pub recipe: String,
}

/// One instrument or group: a name and its voices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    /// The name, such as `Soprano`, or empty.
    pub name: String,
    /// The General MIDI programme, 0..=127.
    pub program: u8,
    /// The voices, top to bottom.
    pub voices: Vec<Voice>,
}

/// One line of notes. Time without a note is rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Voice {
    /// The notes, ascending by onset, then by pitch. Notes of a chord share their onset.
    pub notes: Vec<Note>,
    /// The grace notes, ascending by [`Grace::before`], those before one note in the order they are played.
    pub graces: Vec<Grace>,
}

/// A grace note: an ornament that is written, but takes no time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace {
    /// The onset of the note or chord that it leads to.
    pub before: Beats,
    /// How long it looks: an eighth note is 1/2.
    pub duration: Beats,
    /// What sounds.
    pub pitch: Pitch,
    /// Whether its stem is struck through (an acciaccatura).
    pub slashed: bool,
}

/// One written note.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// When it begins, from the start of the score.
    pub onset: Beats,
    /// How long it is written, above 0.
    pub duration: Beats,
    /// What sounds.
    pub pitch: Pitch,
    /// Whether it goes on, unstruck, into the next note of this pitch.
    pub tied: bool,
    /// Whether it carries a fermata.
    pub fermata: bool,
    /// Syllables sung on it, one per verse; a trailing hyphen joins to the next note's.
    pub lyrics: Vec<String>,
    /// How hard it is struck, 1..=127, if the source says.
    pub velocity: Option<u8>,
}

impl Note {
    /// A plain note.
    pub fn new(onset: Beats, duration: Beats, pitch: Pitch) -> Self {
        Self { onset, duration, pitch, tied: false, fermata: false, lyrics: Vec::new(), velocity: None }
    }

    /// When it ends.
    pub fn end(&self) -> Beats {
        self.onset + self.duration
    }
}

/// One written bar; it ends where the next begins, the last one at the score's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bar {
    /// When it begins.
    pub onset: Beats,
    /// Whether a repeated section begins here.
    pub repeat_start: bool,
    /// Whether a repeated section ends with this bar.
    pub repeat_end: bool,
    /// The number of the variant ending that begins here (1, 2, …).
    pub ending: Option<u8>,
    /// Whether a section ends with this bar that a double bar line parts from the next; repeat signs part sections by
    /// themselves.
    pub section_end: bool,
}

impl Bar {
    /// Keeps of double bar lines those that part two sections: none at repeat signs, nor at the end, nor where a repeat sign
    /// leads back past it.
    pub(crate) fn part_sections(bars: &mut [Self]) {
        let (mut next, mut leads_back): (Option<Self>, bool) = (None, false);
        for bar in bars.iter_mut().rev() {
            let goes_on = next.filter(|next| !next.repeat_start);
            leads_back = goes_on.is_some_and(|next| next.repeat_end || leads_back);
            bar.section_end &= goes_on.is_some() && !bar.repeat_end && !leads_back;
            next = Some(*bar);
        }
    }
}

impl Score {
    /// When the last note or bar ends.
    pub fn duration(&self) -> Beats {
        let notes = self.voices().flat_map(|voice| &voice.notes).map(Note::end);
        let bars = self.bars.last().map(|bar| bar.onset);
        notes.chain(bars).max().unwrap_or(Beats::ZERO)
    }

    /// All voices of all parts, top to bottom.
    pub fn voices(&self) -> impl Iterator<Item = &Voice> {
        self.parts.iter().flat_map(|part| &part.voices)
    }

    /// The number of sounding notes: tied ones count once.
    pub fn note_count(&self) -> usize {
        self.voices().map(|voice| voice.sounding().len()).sum()
    }

    /// The key at `onset`, or C major where none is written.
    pub fn key_at(&self, onset: Beats) -> Key {
        in_force(&self.keys, onset).unwrap_or(Key::C_MAJOR)
    }

    /// The metre at `onset`, or 4/4 where none is written.
    pub fn metre_at(&self, onset: Beats) -> Metre {
        in_force(&self.metres, onset).unwrap_or(Metre::COMMON)
    }

    /// The length of the upbeat: the first bar's, where it is shorter than its metre says; else zero.
    pub fn pickup(&self) -> Beats {
        match self.bars.as_slice() {
            [first, second, ..] => {
                let length = second.onset - first.onset;
                if length < self.metre_at(Beats::ZERO).bar() { length } else { Beats::ZERO }
            }
            _ => Beats::ZERO,
        }
    }

    /// Lays the bars by the metres, after an upbeat of length `pickup` (zero for none), up to the last note.
    pub fn measure(&mut self, pickup: Beats) {
        self.bars.clear();
        let end = self.duration();
        let mut metre = self.metre_at(Beats::ZERO);
        let mut changes = self.metres.iter().peekable();
        let mut onset = Beats::ZERO;
        while onset < end || self.bars.is_empty() {
            self.bars.push(Bar { onset, ..Bar::default() });
            while let Some(&(_, begun)) = changes.next_if(|(at, _)| *at <= onset) {
                metre = begun;
            }
            let length = if onset == Beats::ZERO && pickup > Beats::ZERO { pickup } else { metre.bar() };
            // A change of metre always begins a bar.
            let full = onset + length;
            onset = changes.peek().map_or(full, |&&(at, _)| at.min(full));
        }
    }
}

/// The last entry at or before `onset`.
fn in_force<T: Copy>(entries: &[(Beats, T)], onset: Beats) -> Option<T> {
    let begun = entries.partition_point(|(at, _)| *at <= onset);
    entries[..begun].last().or(entries.first()).map(|&(_, value)| value)
}

impl From<Vec<Note>> for Voice {
    /// A voice without grace notes.
    fn from(notes: Vec<Note>) -> Self {
        Self { notes, graces: Vec::new() }
    }
}

impl Voice {
    /// The notes as heard: tied ones joined into one.
    pub fn sounding(&self) -> Vec<Note> {
        let mut heard: Vec<Note> = Vec::with_capacity(self.notes.len());
        // Where in `heard` a tie waits for its continuation, by pitch.
        let mut waiting: Vec<(Pitch, usize)> = Vec::new();
        for note in &self.notes {
            let continues =
                waiting.iter().position(|&(pitch, at)| pitch == note.pitch && heard[at].end() == note.onset);
            let at = match continues {
                Some(w) => {
                    let (_, at) = waiting.swap_remove(w);
                    heard[at].duration = heard[at].duration + note.duration;
                    heard[at].fermata |= note.fermata;
                    at
                }
                None => {
                    heard.push(Note { tied: false, ..note.clone() });
                    heard.len() - 1
                }
            };
            if note.tied {
                // Ties whose partner never came are forgotten, so this list stays as small as a chord.
                waiting.retain(|&(_, at)| heard[at].end() >= note.onset);
                waiting.push((note.pitch, at));
            }
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(onset: i64, duration: i64, pitch: &str, tied: bool) -> Note {
        let pitch = pitch.parse().expect("a pitch");
        Note { tied, ..Note::new(Beats::whole(onset), Beats::whole(duration), pitch) }
    }

    #[test]
    fn tied_notes_sound_as_one() {
        let voice = Voice::from(vec![
            note(0, 1, "C4", true),
            note(1, 2, "C4", true),
            note(3, 1, "C4", false),
            note(4, 1, "C4", false),
        ]);
        let lengths: Vec<Beats> = voice.sounding().iter().map(|n| n.duration).collect();
        assert_eq!(lengths, [Beats::whole(4), Beats::whole(1)]);
    }

    #[test]
    fn a_tie_without_partner_is_just_a_note() {
        let voice = Voice::from(vec![note(0, 1, "C4", true), note(2, 1, "C4", false)]);
        assert_eq!(voice.sounding().len(), 2);
    }

    #[test]
    fn bars_follow_upbeat_and_metre_changes() {
        let three = Metre::new(3, 4).expect("legal");
        let mut score = Score {
            metres: vec![(Beats::ZERO, Metre::COMMON), (Beats::whole(5), three)],
            parts: vec![Part {
                voices: vec![Voice::from(vec![note(0, 11, "C4", false)])],
                ..Part::default()
            }],
            ..Score::default()
        };
        score.measure(Beats::QUARTER);
        let onsets: Vec<Beats> = score.bars.iter().map(|bar| bar.onset).collect();
        assert_eq!(onsets, [0, 1, 5, 8].map(Beats::whole));
        assert_eq!(score.pickup(), Beats::QUARTER);
    }
}
