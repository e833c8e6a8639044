//! A table about pieces: a folder of notes in seconds may hold one, with what the notes don't tell.

use super::columns::{fields, is_heading};
use super::{FINEST, UNTOLD};
use crate::score::{Beats, Score, Tempo};
use std::path::PathBuf;

/// The most pieces.
const MOST: usize = 1 << 16;

/// The largest table, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// What is known of some pieces.
///
/// The first column of a table is the pieces' names: a file's name begins with that of its piece. `tempo` or `avgtempo` is in
/// quarter notes a minute; `title`, and `composer` or `performer`, are words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Piece {
    name: String,
    title: String,
    composer: String,
    tempo: Option<Tempo>,
}

impl Table {
    /// Reads bytes that are a table about pieces: it has a column `tempo` or `avgtempo`, and isn't one of notes.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes.get(..bytes.len().min(MOST_BYTES))?).ok()?;
        let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        let heading = lines.next().filter(|heading| !is_heading(heading))?;
        let names: Vec<String> = fields(heading).map(|(_, name)| name.to_ascii_lowercase()).collect();
        let find = |wanted: [&str; 2]| names.iter().position(|name| wanted.contains(&name.as_str()));
        let tempo = find(["tempo", "avgtempo"]).filter(|column| *column > 0)?;
        let (title, composer) = (find(["title", "title"]), find(["composer", "performer"]));
        let piece = |line: &str| {
            let fields: Vec<&str> = fields(line).map(|(_, field)| field).collect();
            let text = |column: Option<usize>| {
                let field = column.and_then(|column| fields.get(column)).copied().unwrap_or_default();
                field.chars().take(1000).collect::<String>()
            };
            let tempo = fields.get(tempo)?.parse().ok().filter(|tempo| (1.0..=10_000.0).contains(tempo));
            let piece = Piece {
                name: text(Some(0)),
                title: text(title),
                composer: text(composer),
                tempo: tempo.map(Tempo),
            };
            Some(piece).filter(|piece| !piece.name.is_empty())
        };
        let mut pieces: Vec<Piece> = lines.take(MOST).filter_map(piece).collect();
        pieces.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Self { pieces })
    }

    /// Takes the tables about pieces out of a list of files, and makes them one.
    pub fn taken_from(files: &mut Vec<PathBuf>) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        files.retain(|path| {
            let small = std::fs::metadata(path).is_ok_and(|of| of.len() <= MOST_BYTES as u64);
            let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
            let bytes = if small && named { std::fs::read(path).ok() } else { None };
            let table = bytes.and_then(|bytes| Self::read(&bytes));
            let is_none = table.is_none();
            pieces.extend(table.into_iter().flat_map(|table| table.pieces));
            is_none
        });
        pieces.sort_by(|a, b| a.name.cmp(&b.name));
        Self { pieces }
    }

    /// Adds to a score of notes in seconds what is known of the piece that its file is named after. Its beats become those
    /// of the piece's tempo.
    pub fn add_to(&self, score: &mut Score, name: &str) {
        let named = self.pieces.iter().filter(|piece| name.starts_with(&piece.name));
        let Some(piece) = named.max_by_key(|piece| piece.name.len()) else { return };
        if score.title.is_empty() {
            score.title.clone_from(&piece.title);
        }
        if score.composer.is_empty() {
            score.composer.clone_from(&piece.composer);
        }
        let before = score.tempi.first().map_or(UNTOLD, |&(_, tempo)| tempo);
        let Some(tempo) = piece.tempo.filter(|_| before == UNTOLD) else { return };
        let stretch = tempo.0 / before.0;
        let moved = |at: Beats| Beats::new((at.to_f64() * stretch * FINEST as f64).round() as i64, FINEST);
        for voice in score.parts.iter_mut().flat_map(|part| &mut part.voices) {
            for note in &mut voice.notes {
                let end = moved(note.end());
                note.onset = moved(note.onset);
                note.duration = (end - note.onset).max(Beats::new(1, FINEST));
            }
            voice.notes.sort_by_key(|note| (note.onset, note.pitch.midi()));
        }
        score.tempi = vec![(Beats::ZERO, tempo)];
    }
}
