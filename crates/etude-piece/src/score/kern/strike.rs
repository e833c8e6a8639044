//! A row's tokens of music: notes, rests and grace notes put into their voices, ties led to their ends.

use super::limits;
use super::lines::{Line as Row, shown};
use super::reader::Reader;
use super::spines::{Column, Pace};
use super::token::{self, Length, NoteToken, Wrong};
use crate::Result;
use crate::score::{Beats, Grace, Losses, Note, Part, Pitch, Voice};

/// One spine's music as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) name: Option<String>,
    pub(super) program: Option<u8>,
    voices: Vec<Voice>,
    /// Ties that wait for their end.
    waiting: Vec<Waiting>,
    /// How many ties have begun, and not found an end.
    open: usize,
}

/// A tie that waits for its end.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    pitch: Pitch,
    end: Beats,
    voice: usize,
    index: usize,
}

/// Where a column's first note of a row was put.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    pub(super) part: usize,
    pub(super) strand: usize,
    pub(super) voice: usize,
    pub(super) index: usize,
}

impl Line {
    fn voice(&mut self, voice: usize) -> &mut Voice {
        if self.voices.len() <= voice {
            self.voices.resize_with(voice + 1, Voice::default);
        }
        &mut self.voices[voice]
    }

    /// A note by its place in its voice.
    pub(super) fn note(&mut self, begun: Begun) -> Option<&mut Note> {
        self.voices.get_mut(begun.voice)?.notes.get_mut(begun.index)
    }

    /// Puts a note into its voice: its strand's, or the one that the note tied to it is in. Returns voice and place.
    fn put(&mut self, note: Note, token: &NoteToken, strand: usize, losses: &mut Losses) -> (usize, usize) {
        let voice = if token.closes { self.end_tie(&note, strand, losses) } else { strand };
        let (onset, pitch, end) = (note.onset, note.pitch, note.end());
        let notes = &mut self.voice(voice).notes;
        let index = notes.len();
        notes.push(note);
        if token.opens {
            self.waiting.retain(|tie| tie.end >= onset);
            if self.waiting.len() < limits::TIES {
                self.waiting.push(Waiting { pitch, end, voice, index });
            }
            self.open += 1;
        }
        (voice, index)
    }

    /// Ends the tie that leads to `note`. Returns the voice that it comes from.
    fn end_tie(&mut self, note: &Note, strand: usize, losses: &mut Losses) -> usize {
        let leads = |tie: &Waiting| (tie.pitch, tie.end) == (note.pitch, note.onset);
        let own = self.waiting.iter().position(|tie| leads(tie) && tie.voice == strand);
        let Some(place) = own.or_else(|| self.waiting.iter().position(leads)) else {
            losses.add("tie end", "no tie leads to it");
            return strand;
        };
        let tie = self.waiting.swap_remove(place);
        self.voices[tie.voice].notes[tie.index].tied = true;
        self.open -= 1;
        tie.voice
    }

    /// The part, its voices in order.
    pub(super) fn finish(mut self, losses: &mut Losses) -> Part {
        losses.add_many(self.open, "tie", "it leads to no note");
        self.voice(0);
        for voice in &mut self.voices {
            // Unisons have one order too, so that reading is a function of the music alone.
            voice.notes.sort_by_key(|note| (note.onset, note.pitch, note.duration, note.tied));
            let notes = &voice.notes;
            let leads = |grace: &Grace| notes.binary_search_by_key(&grace.before, |note| note.onset).is_ok();
            let before = voice.graces.len();
            voice.graces.retain(leads);
            losses.add_many(before - voice.graces.len(), "grace note", "it leads to no note");
            voice.graces.sort_by_key(|grace| grace.before);
        }
        let (name, program) = (self.name.unwrap_or_default(), self.program.unwrap_or(0));
        Part { name, program, voices: self.voices }
    }
}

impl Reader {
    /// Reads a token of music that isn't null. Says whether it takes time.
    pub(super) fn strike(&mut self, index: usize, token: &str, row: &Row<'_>) -> Result<bool> {
        let column = self.columns[index];
        let (mut before, mut step, mut begun) = (None, None, None);
        for (count, text) in token.split(' ').filter(|text| !text.is_empty()).enumerate() {
            if count == limits::CHORD {
                return Err(row.fault(text, "too large a chord", format!("at most {} notes", limits::CHORD)));
            }
            let sign = token::read(text, before, &mut self.losses).map_err(|wrong| row.wrong(text, wrong))?;
            if sign.pitch.is_none() && !sign.rest {
                return Err(row.wrong(text, Wrong::PITCH));
            }
            before = Some(sign.length);
            match sign.length {
                Length::Grace { look, slashed } => self.grace(&column, &sign, look, slashed, text, row)?,
                Length::Lasting(duration) => {
                    if step.is_none() {
                        self.check_due(index, token, row)?;
                        step = Some(duration);
                    }
                    let place = self.sound(&column, &sign, duration, text, row)?;
                    begun = begun.or(place);
                }
            }
        }
        self.begun.extend(begun);
        let Some(step) = step else { return Ok(false) };
        self.keep_step(index, step, token, row)?;
        Ok(true)
    }

    /// Moves a column on.
    pub(super) fn keep_step(&mut self, index: usize, step: Beats, token: &str, row: &Row<'_>) -> Result<()> {
        let end = self.later(step, token, row)?;
        let column = &mut self.columns[index];
        (column.end, column.pace) = (end, Pace::Steady);
        self.latest = self.latest.max(end);
        Ok(())
    }

    /// A fault unless the column is due now.
    pub(super) fn check_due(&self, index: usize, token: &str, row: &Row<'_>) -> Result<()> {
        let end = self.columns[index].end;
        if end <= self.now {
            return Ok(());
        }
        let found = format!(
            "{} in spine {}, which still sounds for {} quarters",
            shown(token),
            index + 1,
            end - self.now
        );
        Err(row.hinted(token, found, "a null token `.`", "another spine's durations may be too short"))
    }

    fn grace(
        &mut self,
        column: &Column,
        sign: &NoteToken,
        look: Beats,
        slashed: bool,
        text: &str,
        row: &Row<'_>,
    ) -> Result<()> {
        let Some(pitch) = sign.pitch else { return Ok(()) };
        self.count_note(text, row)?;
        let before = column.end.max(self.now);
        let grace = Grace { before, duration: look, pitch, slashed };
        self.parts[column.part].voice(column.strand).graces.push(grace);
        Ok(())
    }

    /// A note or a rest.
    fn sound(
        &mut self,
        column: &Column,
        sign: &NoteToken,
        duration: Beats,
        text: &str,
        row: &Row<'_>,
    ) -> Result<Option<Begun>> {
        let Some(pitch) = sign.pitch else {
            if sign.fermata {
                self.losses.add("fermata", "it stands on a rest");
            }
            return Ok(None);
        };
        self.count_note(text, row)?;
        self.later(duration, text, row)?;
        let note = Note { fermata: sign.fermata, ..Note::new(self.now, duration, pitch) };
        let Column { part, strand, .. } = *column;
        let (voice, index) = self.parts[part].put(note, sign, strand, &mut self.losses);
        Ok(Some(Begun { part, strand, voice, index }))
    }

    /// The time `duration` after now.
    fn later(&self, duration: Beats, token: &str, row: &Row<'_>) -> Result<Beats> {
        let sum = limits::sum(self.now, duration);
        let place =
            || row.fault(token, format!("a time {duration} after {}", self.now), "one below 2³⁰ over 2¹⁴");
        sum.ok_or_else(place)
    }

    fn count_note(&mut self, text: &str, row: &Row<'_>) -> Result<()> {
        self.notes += 1;
        if self.notes > limits::NOTES {
            return Err(row.fault(text, "one more note", format!("at most {}", limits::NOTES)));
        }
        Ok(())
    }
}
