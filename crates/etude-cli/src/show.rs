//! `etude show`: what a score, a drawing or a model holds, for a person.

mod drawing;

use crate::drawing::{holds_drawings, is_called_drawing};
use crate::failure::Result;
use crate::library::{self, Chosen};
use crate::recipe::Recipe;
use crate::terminal::{put, roll_of};
use clap::Args;
use etude::shelf::Opened;
use etude_piece::score::format::{read_bytes, read_score};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Beats, Key, Pitch, Score};
use etude_piece::strokes;
use std::path::Path;

/// Show what a score, a drawing or a model holds
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A score (MIDI, MusicXML, ABC, **kern), drawings (SVG, stroke-3, Quick, Draw! …), a built-in model, or a model file
    #[arg(value_name = "FILE|MODEL")]
    what: String,
}

impl Show {
    /// Prints it.
    pub(crate) fn run(&self) -> Result {
        let text = match library::names_model(&self.what) {
            true => card(&library::open(Some(&self.what))?),
            false => self.piece()?,
        };
        put(text.as_bytes())
    }

    /// What a file holds that is no model.
    fn piece(&self) -> Result<String> {
        let path = Path::new(&self.what);
        let bytes =
            if is_called_drawing(path) { strokes::format::read_bytes(path)? } else { read_bytes(path)? };
        match holds_drawings(&bytes, &self.what) {
            true => drawing::described(&bytes, &self.what),
            false => Ok(sheet(&read_score(&bytes, &self.what)?)),
        }
    }
}

/// Lines of `name  value`, without those that have no value.
fn lines(entries: &[(&str, String)]) -> String {
    let told = || entries.iter().filter(|(_, value)| !value.is_empty());
    let width = told().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    told().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

/// A model's card.
fn card(model: &Chosen) -> String {
    let card = model.opened.card();
    let mut entries = vec![
        ("name", card.name.clone()),
        ("summary", card.summary.clone()),
        ("model", card.model.clone()),
        ("hash", model.hash().to_owned()),
        ("data", card.data.clone()),
        ("licence", card.licence.clone()),
        ("corpus", card.corpus.clone()),
        ("command", card.command.clone()),
        ("version", card.version.clone()),
        ("log", card.log.clone()),
        (
            "settings",
            card.settings
                .iter()
                .map(|(name, value)| format!("{name}={}", value.escape_debug()))
                .collect::<Vec<_>>()
                .join(" "),
        ),
    ];
    let Opened::Grid(shelved) = &model.opened else { return lines(&entries) };
    let grid = format!("{} voices, {} steps in a quarter note", card.voices, card.steps_per_quarter);
    entries.push(("grid", grid));
    let alphabets = shelved.model.alphabets();
    let mut keys: Vec<(&String, &u32)> = card.keys.iter().collect();
    keys.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let keys = keys.iter().map(|(key, count)| format!("{key} {count}")).collect::<Vec<_>>().join(", ");
    entries.push(("keys", keys));
    let names: Vec<String> =
        (0..alphabets.len()).map(|voice| voice_name(voice, alphabets.len()).to_lowercase()).collect();
    for (name, alphabet) in names.iter().zip(alphabets) {
        let span = alphabet.span().map(|(low, high)| range(low, high, Key::C_MAJOR));
        entries.push((name, span.unwrap_or_else(|| "silent".to_owned())));
    }
    lines(&entries)
}

/// A score's facts and its roll.
fn sheet(score: &Score) -> String {
    let list = |values: Vec<String>| values.join(", ");
    let told = |onset: Beats, value: String| {
        if onset == Beats::ZERO { value } else { format!("{value} from {}", place(score, onset)) }
    };
    let recipe = Recipe::read(&score.recipe, "").ok();
    let pickup = if score.pickup() > Beats::ZERO { " after an upbeat" } else { "" };
    let full = score.bars.len() - usize::from(!pickup.is_empty() && !score.bars.is_empty());
    let entries = [
        ("title", score.title.clone()),
        ("composer", score.composer.clone()),
        ("key", list(score.keys.iter().map(|&(at, key)| told(at, key.to_string())).collect())),
        ("metre", list(score.metres.iter().map(|&(at, metre)| told(at, metre.to_string())).collect())),
        (
            "tempo",
            list(
                score
                    .tempi
                    .iter()
                    .map(|&(at, tempo)| told(at, format!("{:.0} quarter notes a minute", tempo.0)))
                    .collect(),
            ),
        ),
        ("bars", format!("{full}{pickup}")),
        ("notes", score.note_count().to_string()),
        (
            "made by",
            recipe.map_or_else(String::new, |r| {
                format!("Étude {}, model {} ({}), seed {}", r.etude, r.model, r.hash, r.seed)
            }),
        ),
    ];
    let mut text = lines(&entries);
    for part in &score.parts {
        for voice in &part.voices {
            let pitches = voice.notes.iter().filter_map(|note| note.pitch.midi());
            let span = pitches.clone().min().zip(pitches.max());
            let span = span.map(|(low, high)| range(low, high, score.key_at(Beats::ZERO)));
            let name = if part.name.is_empty() { "voice" } else { &part.name };
            let notes = voice.sounding().len();
            text.push_str(&format!(
                "{name}: {} in {notes} notes\n",
                span.unwrap_or_else(|| "silent".to_owned())
            ));
        }
    }
    text + &roll_of(score)
}

/// `bar 3`, as the score counts.
fn place(score: &Score, onset: Beats) -> String {
    let begun = score.bars.partition_point(|bar| bar.onset <= onset);
    format!("bar {}", begun - usize::from(score.pickup() > Beats::ZERO && begun > 0))
}

/// `C4 to G5`.
fn range(low: u8, high: u8, key: Key) -> String {
    format!("{} to {}", Pitch::spell(low, key), Pitch::spell(high, key))
}
