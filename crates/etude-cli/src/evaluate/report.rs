//! Evaluations as a table, or as JSON.

use crate::failure::Result;
use crate::library::Chosen;
use crate::terminal::{put, put_json};
use etude::model::{Evaluation, Kind};
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Grid, Pitch};
use serde_json::{Value, json};

/// How many notes a person is shown of a piece.
const SHOWN: usize = 10;

/// One piece as one model sees it.
pub(super) struct Row {
    /// Which of the chosen models.
    pub(super) model: usize,
    /// The piece's name.
    pub(super) item: String,
    /// What the events are.
    pub(super) subject: Subject,
    /// What the model says.
    pub(super) evaluation: Evaluation,
}

/// What the events of a piece are.
pub(super) enum Subject {
    /// The cells of a grid.
    Grid(Grid),
    /// Symbols, each with its place and its text.
    Symbols(Vec<(String, String)>),
}

/// One event: where it is, what it is, and its surprise in nats.
struct Event {
    place: String,
    /// Empty where there is but one.
    voice: String,
    what: String,
    nats: f64,
}

impl Row {
    /// All events in the order of time, voices from the top.
    fn events(&self) -> Vec<Event> {
        let nats = &self.evaluation.nats;
        let grid = match &self.subject {
            Subject::Grid(grid) => grid,
            Subject::Symbols(labels) => {
                let event = |((place, what), &nats): (&(String, String), &f64)| Event {
                    place: place.clone(),
                    voice: String::new(),
                    what: what.clone(),
                    nats,
                };
                return labels.iter().zip(nats).map(event).collect();
            }
        };
        let (voices, key) = (grid.voices(), grid.key());
        let event = |(cell, &nats): (usize, &f64)| {
            let (step, voice) = (cell / voices, cell % voices);
            let pitch = grid.at(step, voice).pitch;
            Event {
                place: grid.frame.place(step),
                voice: voice_name(voice, voices).to_lowercase(),
                what: pitch.map_or("rest".to_owned(), |midi| Pitch::spell(midi, key).to_string()),
                nats,
            }
        };
        nats.iter().enumerate().take(grid.steps() * voices).map(event).collect()
    }

    /// What may be compared: numbers of one kind, for the same events.
    fn measure(&self) -> (Kind, &'static str, usize) {
        (self.evaluation.kind, self.evaluation.unit, self.evaluation.nats.len())
    }
}

/// The sums of one model's rows: nats and events.
struct Sum {
    kind: Kind,
    unit: &'static str,
    items: usize,
    nats: f64,
    events: usize,
}

impl Sum {
    /// The total of all rows of a model, if there are any.
    fn of(rows: &[Row], model: usize) -> Option<Self> {
        let own: Vec<&Evaluation> =
            rows.iter().filter(|row| row.model == model).map(|row| &row.evaluation).collect();
        let first = own.first()?;
        Some(Self {
            kind: first.kind,
            unit: first.unit,
            items: own.len(),
            nats: own.iter().map(|evaluation| evaluation.total()).sum(),
            events: own.iter().map(|evaluation| evaluation.nats.len()).sum(),
        })
    }

    fn mean(&self) -> f64 {
        self.nats / self.events.max(1) as f64
    }
}

/// One object a row, then one a model.
pub(super) fn json(rows: &[Row], chosen: &[Chosen], with_events: bool) -> Result {
    for row in rows {
        let evaluation = &row.evaluation;
        let mut object = json!({
            "model": chosen[row.model].name,
            "item": row.item,
            "kind": evaluation.kind.name(),
            "unit": evaluation.unit,
            "nats": evaluation.total(),
            "events": evaluation.nats.len(),
            "nats_per_event": evaluation.mean(),
        });
        if with_events {
            object["surprises"] = row.events().iter().map(object_of).collect();
        }
        put_json(&object)?;
    }
    for (model, one) in chosen.iter().enumerate() {
        let Some(sum) = Sum::of(rows, model) else { continue };
        put_json(&json!({
            "model": one.name,
            "item": "summary",
            "kind": sum.kind.name(),
            "unit": sum.unit,
            "nats": sum.nats,
            "events": sum.events,
            "nats_per_event": sum.mean(),
            "items": sum.items,
        }))?;
    }
    Ok(())
}

fn object_of(event: &Event) -> Value {
    match event.voice.as_str() {
        "" => json!({ "place": event.place, "symbol": event.what, "nats": event.nats }),
        voice => json!({ "place": event.place, "voice": voice, "pitch": event.what, "nats": event.nats }),
    }
}

/// A table for a person; with several models, a ranking of each piece.
pub(super) fn table(rows: &[Row], chosen: &[Chosen], with_events: bool) -> Result {
    let mut items: Vec<&str> = Vec::new();
    for row in rows {
        if !items.contains(&row.item.as_str()) {
            items.push(&row.item);
        }
    }
    let width = items.iter().map(|item| item.chars().count()).chain([7]).max().unwrap_or(7);
    for item in items {
        let of_item: Vec<&Row> = rows.iter().filter(|row| row.item == item).collect();
        put(match of_item.as_slice() {
            [row] => format!("{item:width$}  {}\n", figures(row)),
            several => ranking(item, several, chosen),
        }
        .as_bytes())?;
        if with_events {
            of_item.iter().try_for_each(|row| put(surprises(row, chosen).as_bytes()))?;
        }
    }
    for (model, one) in chosen.iter().enumerate() {
        let Some(sum) = Sum::of(rows, model).filter(|sum| sum.items > 1) else { continue };
        let figures = figure(sum.mean(), sum.kind, sum.unit, sum.events);
        put(format!("{:width$}  {figures}, {} pieces, by {}\n", "summary", sum.items, one.name).as_bytes())?;
    }
    Ok(())
}

fn figures(row: &Row) -> String {
    figure(row.evaluation.mean(), row.evaluation.kind, row.evaluation.unit, row.evaluation.nats.len())
}

/// `0.4123 nats per note (pseudo, 512 notes)`
fn figure(mean: f64, kind: Kind, unit: &str, events: usize) -> String {
    format!("{mean:.4} nats per {unit} ({}, {events} {unit}s)", kind.name())
}

/// Who wrote it? The least surprised model first, among those whose numbers are of one kind.
fn ranking(item: &str, rows: &[&Row], chosen: &[Chosen]) -> String {
    let mut measures = Vec::new();
    for row in rows {
        if !measures.contains(&row.measure()) {
            measures.push(row.measure());
        }
    }
    let mut text = format!("{item}\n");
    for measure in &measures {
        let mut equal: Vec<&&Row> = rows.iter().filter(|row| row.measure() == *measure).collect();
        equal.sort_by(|a, b| a.evaluation.mean().total_cmp(&b.evaluation.mean()));
        for (rank, row) in equal.iter().enumerate() {
            text.push_str(&format!("  {}. {}  {}\n", rank + 1, chosen[row.model].name, figures(row)));
        }
    }
    if measures.len() > 1 {
        text.push_str("  numbers of unlike kinds can't be compared: each kind has its own ranking\n");
    }
    text
}

/// The most surprising notes, the first ones first among equals.
fn surprises(row: &Row, chosen: &[Chosen]) -> String {
    let mut events = row.events();
    events.sort_by(|a, b| b.nats.total_cmp(&a.nats));
    let line = |event: &Event| {
        format!("    {:>7.3} nats  {:<4}  {:<8}  {}\n", event.nats, event.what, event.voice, event.place)
    };
    let lines: String = events.iter().take(SHOWN).map(line).collect();
    format!("  most surprising to {}:\n{lines}", chosen[row.model].name)
}
