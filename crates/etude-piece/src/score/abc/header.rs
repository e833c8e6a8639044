//! The fields before a tune's music, as they are written.

use super::text;
use crate::score::{Beats, Key, Mode, Score, Tempo, Voice};

/// The key in the header.
pub(super) fn first_key(score: &Score) -> Option<Key> {
    score.keys.first().filter(|(onset, _)| *onset == Beats::ZERO).map(|&(_, key)| key)
}

/// An eighth where most notes are shorter than a quarter, else a quarter.
pub(super) fn unit(score: &Score) -> Beats {
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    let short = notes().filter(|note| note.duration < Beats::QUARTER).count();
    if 2 * short > notes().count() { Beats::new(1, 2) } else { Beats::QUARTER }
}

/// Whether the parts need V: fields even if there is one voice only.
pub(super) fn is_named(score: &Score) -> bool {
    score.parts.iter().any(|part| !part.name.is_empty() || part.program > 0)
}

pub(super) fn header(score: &Score, number: usize, voices: &[Voice], unit: Beats) -> String {
    let mut header = format!("%abc-2.1\nX:{number}\n");
    let mut field = |letter: char, value: &str| {
        if !value.is_empty() {
            header.push_str(&format!("{letter}:{value}\n"));
        }
    };
    field('T', &text::encode(score.title.trim()));
    field('C', &text::encode(score.composer.trim()));
    let metre = score.metres.first().filter(|(onset, _)| *onset == Beats::ZERO);
    field('M', &metre.map_or("none".to_owned(), |(_, metre)| metre.to_string()));
    field('L', if unit == Beats::QUARTER { "1/4" } else { "1/8" });
    let tempo = score.tempi.first().filter(|(onset, _)| *onset == Beats::ZERO);
    field('Q', &tempo.map(|&(_, tempo)| tempo_text(tempo)).unwrap_or_default());
    let recipe = score.recipe.replace(['\n', '\r'], " ");
    if !recipe.is_empty() {
        header.push_str(&format!("%%etude-recipe {recipe}\n"));
    }
    if voices.len() > 1 || is_named(score) {
        voice_fields(score, &mut header);
    }
    header.push_str(&format!("K:{}\n", first_key(score).map_or("none".to_owned(), key_name)));
    header
}

/// `%%score`, and V: with name, clef and programme for each voice.
fn voice_fields(score: &Score, header: &mut String) {
    let mut groups: Vec<String> = Vec::new();
    let mut fields = String::new();
    let mut number = 0;
    for part in &score.parts {
        let mut ids: Vec<String> = Vec::new();
        for voice in &part.voices {
            number += 1;
            ids.push(number.to_string());
            fields.push_str(&format!("V:{number}"));
            if ids.len() == 1 && !part.name.is_empty() {
                fields.push_str(&format!(" name=\"{}\"", text::encode(&part.name)));
            }
            fields.push_str(if is_low(voice) { " clef=bass\n" } else { " clef=treble\n" });
            if part.program > 0 {
                fields.push_str(&format!("%%MIDI program {}\n", part.program.min(127)));
            }
        }
        match ids.as_slice() {
            [] => {}
            [id] => groups.push(id.clone()),
            ids => groups.push(format!("{{{}}}", ids.join(" | "))),
        }
    }
    header.push_str(&format!("%%score {}\n{fields}", groups.join(" ")));
}

/// Whether a voice lies mostly below middle C.
fn is_low(voice: &Voice) -> bool {
    let low = voice.notes.iter().filter(|note| note.pitch.midi() < Some(60)).count();
    2 * low > voice.notes.len()
}

/// A key as K: has it, such as `Bb`, `F#m` or `Ddor`.
pub(super) fn key_name(key: Key) -> String {
    let (step, alter) = key.tonic();
    let sign = match alter {
        1 => "#",
        -1 => "b",
        _ => "",
    };
    let mode = match key.mode {
        Mode::Major => "",
        Mode::Minor => "m",
        Mode::Dorian => "dor",
        Mode::Phrygian => "phr",
        Mode::Lydian => "lyd",
        Mode::Mixolydian => "mix",
        Mode::Locrian => "loc",
    };
    format!("{}{sign}{mode}", step.letter())
}

/// A tempo as Q: has it.
pub(super) fn tempo_text(Tempo(quarters): Tempo) -> String {
    format!("1/4={quarters}")
}
