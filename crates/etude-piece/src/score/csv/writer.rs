//! From a score to a table.

use super::columns::NAMES;
use super::{LATEST, MOST};
use crate::score::{Clock, Losses, Score, Tempo, Voice, Written};
use crate::{Error, Result};
use std::fmt::Write;

pub(super) fn write(score: &Score) -> Result<Written> {
    // The heading stands first: by it the file is known.
    let mut text = NAMES.join(",") + "\n";
    let tempo = match score.tempi.as_slice() {
        [] => Some(Tempo::default()),
        [(_, tempo)] => Some(*tempo),
        _ => None,
    };
    let number = tempo.map(|tempo| tempo.0.to_string()).unwrap_or_default();
    let remarks = [
        ("title", score.title.as_str()),
        ("composer", score.composer.as_str()),
        ("tempo", number.as_str()),
        ("recipe", score.recipe.as_str()),
    ];
    for (name, value) in remarks.into_iter().filter(|(_, value)| !value.is_empty()) {
        let value = value.replace(['\n', '\r'], " ");
        let _ = writeln!(text, "# {name}: {}", value.trim());
    }
    let clock = Clock::of(score);
    let mut losses = losses(score);
    let mut notes: Vec<(f64, f64, u8, Option<u8>)> = Vec::new();
    for note in score.voices().flat_map(Voice::sounding) {
        let Some(pitch) = note.pitch.midi() else {
            losses.add("note", "outside the range of C-1 to G9");
            continue;
        };
        let (onset, end) = (clock.seconds(note.onset), clock.seconds(note.end()));
        notes.push((onset, end - onset, pitch, note.velocity));
    }
    notes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    // A time that was read is rounded by less than a second.
    let fits = |seconds: f64| (0.0..=LATEST + 1.0).contains(&seconds);
    if notes.is_empty() || notes.len() > MOST || !notes.iter().all(|note| fits(note.0) && fits(note.1)) {
        let what = format!("{} notes, some out of range, as a table", notes.len());
        return Err(Error::unfit(what, format!("1 to {MOST} notes within {LATEST} seconds")));
    }
    for (onset, duration, pitch, velocity) in notes {
        let velocity = velocity.map(|velocity| velocity.to_string()).unwrap_or_default();
        let _ =
            writeln!(text, "{pitch},{:.6},{:.6},{velocity}", onset.min(LATEST), duration.clamp(1e-6, LATEST));
    }
    Ok(Written { bytes: text.into_bytes(), lost: losses.lines() })
}

/// What a table doesn't hold.
fn losses(score: &Score) -> Losses {
    let mut losses = Losses::default();
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    losses.add_many(score.keys.len(), "key signature", "a table of notes has none");
    losses.add_many(score.metres.len(), "time signature", "a table of notes has none");
    losses.add_many(score.tempi.len().saturating_sub(1), "change of tempo", "times are seconds");
    losses.add_many(score.chords.len(), "chord symbol", "a table of notes has none");
    losses.add_many(score.voices().count().saturating_sub(1), "voice", "all notes are one list");
    losses.add_many(notes().filter(|note| note.fermata).count(), "fermata", "a table of notes has none");
    losses.add_many(notes().filter(|note| note.tied).count(), "tie", "tied notes sound as one");
    let words = notes().map(|note| note.lyrics.len()).sum();
    losses.add_many(words, "syllable", "a table of notes has none");
    let graces = score.voices().map(|voice| voice.graces.len()).sum();
    losses.add_many(graces, "grace note", "a table of notes has none");
    let repeats = score.bars.iter().filter(|bar| bar.repeat_end || bar.ending.is_some()).count();
    losses.add_many(repeats, "repeat", "the music is written once through");
    losses
}
