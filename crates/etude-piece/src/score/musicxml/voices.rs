//! The voices of a part while it is read: notes, grace notes that wait for theirs, and how hard they are struck.

use super::cursor::{Cursor, Tag};
use super::note::Element;
use super::part::At;
use crate::Result;
use crate::score::{Beats, Grace, Note};
use std::collections::BTreeMap;

/// A voice.
#[derive(Debug, Default)]
pub(super) struct MeasuredVoice {
    pub(super) notes: Vec<Placed>,
    /// Grace notes with the bars of the notes that they lead to, from whose beginnings their times count.
    pub(super) graces: Vec<(u32, Grace)>,
    /// How many of them, at the end, still wait for that note.
    waiting: usize,
    /// Whether there was a rest since the last note, grace notes included.
    rested: bool,
}

/// A note in its bar.
#[derive(Debug)]
pub(super) struct Placed {
    /// The note, with its onset from its bar's beginning.
    pub(super) note: Note,
    /// Its bar, counted from 0.
    pub(super) measure: u32,
    /// Whether a tie ends at it.
    pub(super) continues: bool,
}

/// The voices of a part.
#[derive(Debug, Default)]
pub(super) struct Voices {
    /// Where each voice stands, by its name in the file.
    names: BTreeMap<String, usize>,
    voices: Vec<MeasuredVoice>,
}

impl Voices {
    /// The voice of a name, new if it was never heard of.
    pub(super) fn named<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        name: &str,
    ) -> Result<&mut MeasuredVoice> {
        let at = match self.names.get(name) {
            Some(&at) => at,
            None => {
                // A vector's first place is four places.
                cursor.keep::<(String, usize, MeasuredVoice, [Placed; 2])>(tag, 1)?;
                cursor.keep::<u8>(tag, name.len())?;
                self.names.insert(name.to_owned(), self.voices.len());
                self.voices.push(MeasuredVoice::default());
                self.voices.len() - 1
            }
        };
        Ok(&mut self.voices[at])
    }

    /// The voices in the order of their numbers, those with other names after them; `levels` are the velocities in force.
    pub(super) fn finish(mut self, cursor: &mut Cursor<'_>, levels: &[(At, u8)]) -> Vec<MeasuredVoice> {
        self.voices.iter_mut().for_each(|voice| voice.finish(cursor, levels));
        let mut order: Vec<(u32, usize)> = Vec::with_capacity(self.names.len());
        for (name, at) in self.names {
            order.push((name.parse().unwrap_or(u32::MAX), at));
        }
        order.sort_unstable();
        order.into_iter().map(|(_, at)| std::mem::take(&mut self.voices[at])).collect()
    }
}

impl MeasuredVoice {
    /// Adds a note, or what takes its time in silence.
    pub(super) fn add_note<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        element: Element,
        (onset, duration): (Beats, Beats),
        measure: u32,
    ) -> Result<()> {
        let Some(pitch) = element.pitch.filter(|_| !element.cue) else {
            self.rested = true;
            return Ok(());
        };
        let text = element.lyrics.iter().map(String::len).sum();
        cursor.keep::<Placed>(tag, 1)?;
        cursor.keep::<String>(tag, element.lyrics.len())?;
        cursor.keep::<u8>(tag, text)?;
        if self.waiting > 0 && self.rested {
            cursor.lose("grace note before a rest", "it stands before the next note");
        }
        let arrived = self.graces.len() - self.waiting;
        for (bar, grace) in &mut self.graces[arrived..] {
            (*bar, grace.before) = (measure, onset);
        }
        (self.waiting, self.rested) = (0, false);
        let note = Note {
            tied: element.tied,
            fermata: element.fermata,
            lyrics: element.lyrics,
            velocity: element.velocity,
            ..Note::new(onset, duration, pitch)
        };
        self.notes.push(Placed { note, measure, continues: element.continues });
        Ok(())
    }

    /// Lets a grace note wait for the next note.
    pub(super) fn add_grace<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        element: Element,
        slashed: bool,
    ) -> Result<()> {
        let Some(pitch) = element.pitch.filter(|_| !element.cue) else { return Ok(()) };
        if element.chord {
            cursor.lose("grace note of a chord", "it follows the one before it");
        }
        if element.tied || element.continues {
            cursor.lose("grace note tie", "a score has none");
        }
        if element.fermata {
            cursor.lose("grace note fermata", "a score has none");
        }
        for _ in &element.lyrics {
            cursor.lose("grace note syllable", "a score has none");
        }
        cursor.keep::<(u32, Grace)>(tag, 1)?;
        let duration = element.shown.unwrap_or(Beats::new(1, 2));
        self.graces.push((0, Grace { before: Beats::ZERO, duration, pitch, slashed }));
        self.waiting += 1;
        self.rested = false;
        Ok(())
    }

    /// Lets go of grace notes that wait in vain, and gives notes that don't say how hard they are struck the velocity
    /// of their place.
    fn finish(&mut self, cursor: &mut Cursor<'_>, levels: &[(At, u8)]) {
        self.graces.truncate(self.graces.len() - self.waiting);
        (0..self.waiting).for_each(|_| cursor.lose("grace note", "no note of its voice follows it"));
        for Placed { note, measure, .. } in &mut self.notes {
            let begun = levels.partition_point(|&(at, _)| at <= (*measure, note.onset));
            let level = begun.checked_sub(1).map(|last| levels[last].1);
            note.velocity = note.velocity.or(level);
        }
    }
}
