//! From a tune that is read to a score: parts, bars, and ties that lead somewhere.

use super::tune::{Marks, Tune};
use super::voice::{Layer, Voice as Line};
use crate::score::Losses;
use crate::score::{Bar, Beats, Part, Reading, Score, Voice};

impl Tune {
    /// The score of the whole tune, and what was stepped over.
    pub(super) fn finish(mut self) -> Reading {
        self.voice();
        let mut losses = std::mem::take(&mut self.losses);
        for voice in &mut self.voices {
            voice.end();
            losses.merge(std::mem::take(&mut voice.losses));
            losses.add_many(voice.words.dropped, "syllable", "there is no note for it");
        }
        let bars = bars(&self.voices);
        let mut chords = self.chords;
        chords.sort_by_key(|&(onset, _)| onset);
        let score = Score {
            title: self.title,
            composer: self.composer,
            parts: parts(self.voices, &self.instruments, &mut losses),
            keys: changes(self.keys),
            metres: changes(self.metres),
            tempi: changes(self.tempi),
            bars,
            chords,
            recipe: self.recipe,
        };
        Reading { score, lost: losses.lines() }
    }
}

/// The changes that change something.
fn changes<T: PartialEq>(marks: Marks<T>) -> Vec<(Beats, T)> {
    let mut changes: Vec<(Beats, T)> = marks.into_iter().map(|(onset, (_, value))| (onset, value)).collect();
    changes.dedup_by(|later, earlier| later.1 == earlier.1);
    changes
}

/// The first voice's bars; where another goes on longer, its later ones.
fn bars(voices: &[Line]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let mut end = Beats::ZERO;
    for voice in voices {
        bars.extend(voice.bars.iter().filter(|bar| bar.onset >= end));
        end = end.max(voice.layers[0].time);
    }
    Bar::part_sections(&mut bars);
    bars
}

/// One part for each voice, or for each instrument that plays several under one name.
fn parts(lines: Vec<Line>, instruments: &[Vec<String>], losses: &mut Losses) -> Vec<Part> {
    let plays = |ids: &[String], line: &Line| ids.contains(&line.id);
    let one_name =
        |ids: &[String]| lines.iter().filter(|line| plays(ids, line) && line.name.is_some()).count() <= 1;
    let shared: Vec<&Vec<String>> = instruments.iter().filter(|ids| ids.len() > 1 && one_name(ids)).collect();
    let mut parts: Vec<Part> = Vec::new();
    // The part that each shared instrument has become.
    let mut part_of: Vec<Option<usize>> = vec![None; shared.len()];
    for line in lines {
        let instrument = shared.iter().position(|ids| plays(ids, &line));
        let known = instrument.and_then(|instrument| part_of[instrument]);
        let part = known.unwrap_or_else(|| {
            parts.push(Part { program: line.program, ..Part::default() });
            parts.len() - 1
        });
        if let Some(instrument) = instrument {
            part_of[instrument] = Some(part);
        }
        let part = &mut parts[part];
        match line.name {
            Some(name) => part.name = name,
            // An id such as `Tenor` is a name, `1` is not.
            None if instrument.is_none() && !line.id.bytes().all(|b| b.is_ascii_digit()) => {
                part.name = line.id
            }
            None => {}
        }
        for (number, layer) in line.layers.into_iter().enumerate() {
            if number == 0 || !layer.notes.is_empty() {
                part.voices.push(voice(layer, losses));
            }
        }
    }
    parts
}

/// A voice in order, without ties that lead nowhere (old files write slurs as ties).
fn voice(layer: Layer, losses: &mut Losses) -> Voice {
    let Layer { mut notes, mut graces, .. } = layer;
    notes.sort_by_key(|note| (note.onset, note.pitch));
    graces.sort_by_key(|grace| grace.before);
    let mut astray = 0;
    for index in 0..notes.len() {
        if notes[index].tied {
            let next = (notes[index].end(), notes[index].pitch);
            notes[index].tied = notes.binary_search_by_key(&next, |note| (note.onset, note.pitch)).is_ok();
            astray += usize::from(!notes[index].tied);
        }
    }
    losses.add_many(astray, "tie", "it leads to no note of its pitch");
    Voice { notes, graces }
}
