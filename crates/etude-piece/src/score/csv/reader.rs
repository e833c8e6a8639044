//! From a table to a score.

use super::columns::{Columns, fields, shown};
use super::{FINEST, LATEST, MOST, UNTOLD};
use crate::score::{Beats, Key, Losses, Note, Part, Pitch, Reading, Score, Tempo, Voice};
use crate::{Fault, Place, Result};

/// The longest text of a remark that is kept, in bytes.
const LONGEST_TEXT: usize = 1 << 16;

/// A row as it is read.
struct Row {
    pitch: u8,
    onset: f64,
    duration: f64,
    velocity: Option<u8>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Reading> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Fault::new(Place::Byte(at), format!("byte {:#04x}", bytes[at]), "a table in UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut score, mut losses) = (Score::default(), Losses::default());
    let mut columns: Option<Columns> = None;
    let mut rows: Vec<Row> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() {
            continue;
        }
        if let Some(remark) = line.trim_start().strip_prefix('#') {
            remember(remark, number, &mut score, &mut losses)?;
            continue;
        }
        let columns = match columns {
            Some(columns) => columns,
            None => {
                let named = fields(line).next().is_some_and(|(_, first)| first.parse::<f64>().is_err());
                let found = if named { Columns::named(line, number)? } else { Columns::PLAIN };
                columns = Some(found);
                if named {
                    continue;
                }
                found
            }
        };
        losses.add_many(columns.others, "value of another column", "a score holds none");
        if rows.len() == MOST {
            let found = format!("more than {MOST} notes");
            return Err(Fault::new(Place::Line(number, 1), found, "fewer").hint("cut the table").into());
        }
        rows.push(row(line, number, &columns)?);
    }
    if rows.is_empty() {
        let fault = Fault::new(Place::Whole, "no notes", "a row with a pitch, an onset and a duration");
        return Err(fault.hint("66,5.1,0.3 is F#4 after 5.1 seconds, for 0.3 seconds").into());
    }
    lay(&mut score, rows);
    Ok(Reading { score, lost: losses.lines() })
}

/// Takes a remark such as `# title: Anthropology`.
fn remember(remark: &str, line: usize, score: &mut Score, losses: &mut Losses) -> Result<()> {
    let (name, value) = remark.split_once(':').unwrap_or((remark, ""));
    let value = value.trim();
    let text = || value.chars().take(LONGEST_TEXT).collect::<String>();
    match name.trim() {
        "title" => score.title = text(),
        "composer" => score.composer = text(),
        "recipe" => score.recipe = text(),
        "tempo" => {
            let tempo = value.parse().ok().filter(|tempo| (1.0..=10_000.0).contains(tempo));
            let wrong = Fault::new(Place::Line(line, 1), format!("tempo `{}`", shown(value)), "a number");
            let tempo = tempo.ok_or_else(|| wrong.hint("quarter notes a minute, 1 to 10000"))?;
            score.tempi = vec![(Beats::ZERO, Tempo(tempo))];
        }
        _ => losses.add("remark", "a score holds none"),
    }
    Ok(())
}

/// Reads one row.
fn row(line: &str, number: usize, columns: &Columns) -> Result<Row> {
    let field = |index: usize, name: &str, fits: &dyn Fn(f64) -> bool, range: &str| {
        let Some((column, text)) = fields(line).nth(index) else {
            let found = format!("`{}`", shown(line));
            let fault = Fault::new(
                Place::Line(number, line.len().max(1)),
                found,
                format!("one more field, the {name}"),
            );
            return Err(fault.hint("each row has a pitch, an onset and a duration").into());
        };
        let read = text.parse::<f64>().ok().filter(|value| value.is_finite() && fits(*value));
        let wrong = || {
            crate::Error::from(Fault::new(
                Place::Line(number, column),
                format!("{name} `{}`", shown(text)),
                range,
            ))
        };
        read.ok_or_else(wrong)
    };
    let seconds = |least: bool| move |value: f64| (value > 0.0 || value == 0.0 && !least) && value <= LATEST;
    let whole = |low: f64| move |value: f64| value.fract() == 0.0 && (low..=127.0).contains(&value);
    let pitch = field(columns.pitch, "pitch", &whole(0.0), "a MIDI number, 0 to 127")?;
    let onset = field(columns.onset, "onset", &seconds(false), "seconds, 0 to 14400")?;
    let duration = field(columns.duration, "duration", &seconds(true), "seconds above 0, up to 14400")?;
    let velocity = match columns.velocity {
        Some(index) if fields(line).nth(index).is_some_and(|(_, text)| !text.is_empty()) => {
            Some(field(index, "velocity", &whole(1.0), "1 to 127")? as u8)
        }
        _ => None,
    };
    Ok(Row { pitch: pitch as u8, onset, duration, velocity })
}

/// The rows as notes of one voice, in beats of the tempo.
fn lay(score: &mut Score, mut rows: Vec<Row>) {
    rows.sort_by(|a, b| a.onset.total_cmp(&b.onset).then(a.pitch.cmp(&b.pitch)));
    let tempo = score.tempi.first().map_or(UNTOLD, |&(_, tempo)| tempo);
    let at = |seconds: f64| Beats::new((seconds * tempo.0 / 60.0 * FINEST as f64).round() as i64, FINEST);
    let note = |row: &Row| {
        let (onset, end) = (at(row.onset), at(row.onset + row.duration));
        let duration = (end - onset).max(Beats::new(1, FINEST));
        Note { velocity: row.velocity, ..Note::new(onset, duration, Pitch::spell(row.pitch, Key::C_MAJOR)) }
    };
    let mut notes: Vec<Note> = rows.iter().map(note).collect();
    notes.sort_by_key(|note| (note.onset, note.pitch.midi()));
    score.tempi = vec![(Beats::ZERO, tempo)];
    score.parts = vec![Part { voices: vec![Voice::from(notes)], ..Part::default() }];
}
