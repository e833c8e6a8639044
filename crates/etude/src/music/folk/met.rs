//! A second, slow reading of what is asked, on finished tunes.

use super::ask::{Ask, What};
use etude_piece::score::{Beats, Key, Note, Score};

/// Whether a finished tune is as asked.
pub(super) fn met(ask: &Ask, score: &Score) -> bool {
    let key = score.keys.first().map_or(Key::C_MAJOR, |&(_, key)| key);
    let notes: Vec<&Note> = score.voices().flat_map(|voice| &voice.notes).collect();
    let end = |note: Option<&&Note>, start: bool| {
        let midi = note.and_then(|note| note.pitch.midi());
        midi.is_some_and(|midi| ask.allows_at(start, (midi + 12 - key.tonic_class()) % 12, key))
    };
    let has = match ask.what {
        What::Range(..) | What::Notes(_) | What::Scale => {
            return notes.iter().all(|note| note.pitch.midi().is_some_and(|midi| ask.allows(midi, key)));
        }
        What::Start(_) => return end(notes.first(), true),
        What::End(_) => return end(notes.last(), false),
        What::Rests => notes.iter().map(|note| note.duration).sum::<Beats>() < score.duration(),
        What::Ties => notes.iter().any(|note| note.tied),
        What::Triplets => notes.iter().any(|note| !is_binary(note.duration)),
        What::Upbeats => lifts(score),
        What::Endings => score.bars.iter().any(|bar| bar.ending.is_some()),
    };
    has == ask.keep
}

/// Whether no tuplet is needed to write a duration.
fn is_binary(duration: Beats) -> bool {
    duration.denominator().count_ones() == 1
}

/// Whether a part begins with a bar that isn't full.
fn lifts(score: &Score) -> bool {
    let full = score.metre_at(Beats::ZERO).bar();
    score.bars.windows(2).enumerate().any(|(index, pair)| {
        let begins = index == 0 || pair[0].repeat_start || score.bars[index - 1].repeat_end;
        begins && pair[0].ending.is_none() && pair[1].onset - pair[0].onset < full
    })
}
