//! Notation as text that a person can read, for tests.
//!
//! Bars end with `|`, voices of a bar are joined by `&`. A note is its drawn accidental (`#`, `b`, `=`), its pitch, its
//! shape (`4.` is a dotted quarter), `~` for a tie, `^` or `v` for its stem; rests begin with `r`, brackets are beams,
//! braces tuplets.

use super::{Close, Event, Layer, Sheet, Stem};

/// The listing of a staff.
pub(super) fn listing(sheet: &Sheet, staff: usize) -> String {
    let bar = |bar: &super::Bar| {
        let layers: Vec<String> = bar.layers[staff].iter().map(layer).collect();
        let close = match bar.close {
            Close::Open => "",
            Close::Plain => "|",
            Close::Double => "||",
            Close::Repeat => ":|",
            Close::Final => "|.",
        };
        let metre = if bar.shows_metre { format!("{} ", bar.metre) } else { String::new() };
        format!("{metre}{} {close}", layers.join(" & "))
    };
    sheet.bars.iter().map(bar).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn layer(layer: &Layer) -> String {
    let mut words = Vec::new();
    for (at, event) in layer.events.iter().enumerate() {
        if event.hidden {
            continue;
        }
        let opens = |open: bool, sign: &str| if open { sign.to_owned() } else { String::new() };
        let tuplet = |at: usize| layer.tuplets.iter().any(|tuplet| tuplet.events.start == at);
        let ends = |at: usize| layer.tuplets.iter().any(|tuplet| tuplet.events.end == at + 1);
        words.push(format!(
            "{}{}{}{}{}",
            opens(tuplet(at), "{"),
            opens(layer.beams.iter().any(|beam| beam.start == at), "["),
            sign(event),
            opens(layer.beams.iter().any(|beam| beam.end == at + 1), "]"),
            opens(ends(at), "}"),
        ));
    }
    words.join(" ")
}

fn sign(event: &Event) -> String {
    let shape = match event.shape.halvings {
        ..0 => "breve".to_owned(),
        halvings => (1 << halvings).to_string(),
    } + &".".repeat(event.shape.dots);
    if event.is_rest() {
        return if event.whole_bar { "R".to_owned() } else { format!("r{shape}") };
    }
    let heads: Vec<String> = event
        .heads
        .iter()
        .map(|head| {
            let accidental = match head.accidental {
                None => "",
                Some(-1) => "b",
                Some(0) => "=",
                Some(1) => "#",
                Some(-2) => "bb",
                Some(_) => "x",
            };
            let pitch = format!("{}{}", head.pitch.step.letter(), head.pitch.octave);
            format!("{accidental}{pitch}{}", if head.tied { "~" } else { "" })
        })
        .collect();
    let stem = match event.stem {
        _ if event.shape.halvings < 1 => "",
        Stem::Up => "^",
        Stem::Down => "v",
    };
    format!("{}:{shape}{stem}", heads.join("+"))
}
