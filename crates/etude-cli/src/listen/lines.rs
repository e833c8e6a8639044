//! Lines of text instead of packets, so that anything that writes lines can be listened to, and scripts can test it.
//!
//! | line in | means |
//! |---|---|
//! | `0.5,1.25` | a frame |
//! | an empty line | a gesture or an example has ended |
//! | `record NAME`, `stop` | an example of a gesture begins, ends |
//! | `train`, `run`, `halt` | learn; answer; stop answering |
//! | `forget`, `forget NAME` | forget examples |
//! | `# …` | nothing |
//!
//! Out comes a table: one row for each frame of a gesture that is under way, with the likeliest gesture, one for each gesture
//! that has ended, without a name where it is none of them, and one where a gesture was made.

use super::event::{Event, Label, Reply};
use etude::gesture::follower::Standing;
use serde_json::{Value, json};

/// The longest line in bytes.
pub(crate) const MOST_BYTES: usize = 64 << 10;

/// The heading of the table.
pub(crate) const HEADING: &str = "event,gesture,probability,phase,nats,distance\n";

/// What a line says, if anything.
pub(crate) fn event(line: &str) -> Result<Option<Event>, String> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let name = Some(rest.trim()).filter(|rest| !rest.is_empty()).map(|name| Label::Name(name.to_owned()));
    let bare = |event| match &name {
        None => Ok(Some(event)),
        Some(_) => Err(format!("found `{line}`, expected `{word}` alone")),
    };
    match word {
        "" => Ok(Some(Event::End)),
        "record" if name.is_none() => {
            Err("found `record`, expected the name of a gesture after it".to_owned())
        }
        "record" => Ok(Some(Event::Record(name))),
        "stop" => bare(Event::StopRecording),
        "train" => bare(Event::Train),
        "run" => bare(Event::Run),
        "halt" => bare(Event::StopRunning),
        "forget" => Ok(Some(Event::Forget(name))),
        _ if word.starts_with('#') => Ok(None),
        _ => {
            let number = |cell: &str| {
                let cell = cell.trim();
                cell.parse::<f64>().map_err(|_| {
                    let cell: String = cell.chars().take(40).flat_map(char::escape_debug).collect();
                    format!(
                        "found `{cell}`, expected numbers between commas, or a word such as record or run"
                    )
                })
            };
            Ok(Some(Event::Frame(line.split(',').map(number).collect::<Result<_, _>>()?)))
        }
    }
}

/// A reply as a row of the table, if it is to have one.
pub(crate) fn row(reply: &Reply, names: &[String]) -> Option<String> {
    match reply {
        Reply::Following(standings) => {
            let (name, standing) = likeliest(standings, names)?;
            let Standing { probability, phase, nats, .. } = standing;
            Some(format!("following,{},{probability:.4},{phase:.4},{nats:.2},\n", cell(name)))
        }
        Reply::Ended(answer) => {
            let first = answer.ranking.first()?;
            let name = if answer.known { cell(&first.name) } else { String::new() };
            Some(format!("ended,{name},{:.4},,,{:.5}\n", first.share, first.distance))
        }
        Reply::Made(number) => Some(format!("made,{},,,,\n", cell(names.get(number - 1)?))),
        Reply::Distances(_) | Reply::Said(_) => None,
    }
}

/// A reply as an object of JSON, if it is to have one.
pub(crate) fn object(reply: &Reply, names: &[String]) -> Option<Value> {
    let finite = |number: f64| if number.is_finite() { json!(number) } else { Value::Null };
    match reply {
        Reply::Following(standings) => {
            let gestures = standings.iter().zip(names).filter_map(|(standing, name)| {
                let standing = standing.as_ref()?;
                Some(json!({
                    "gesture": name,
                    "probability": standing.probability,
                    "phase": standing.phase,
                    "nats": standing.nats,
                    "finished": standing.finished,
                    "size": standing.size,
                }))
            });
            Some(json!({ "event": "following", "gestures": gestures.collect::<Vec<_>>() }))
        }
        Reply::Ended(answer) => {
            let ranking = answer.ranking.iter().map(|candidate| {
                json!({
                    "gesture": candidate.name,
                    "share": candidate.share,
                    "distance": finite(candidate.distance),
                })
            });
            let first = answer.ranking.first().filter(|_| answer.known).map(|first| &first.name);
            Some(json!({ "event": "ended", "gesture": first, "ranking": ranking.collect::<Vec<_>>() }))
        }
        Reply::Distances(distances) => {
            let distances: Vec<Value> = distances.iter().map(|&distance| finite(distance)).collect();
            Some(json!({ "event": "distances", "gestures": names, "distances": distances }))
        }
        Reply::Made(number) => {
            Some(json!({ "event": "made", "number": number, "gesture": names.get(number - 1) }))
        }
        Reply::Said(_) => None,
    }
}

/// The likeliest gesture with its name.
fn likeliest<'a>(standings: &[Option<Standing>], names: &'a [String]) -> Option<(&'a str, Standing)> {
    let known = standings.iter().zip(names).filter_map(|(s, name)| Some((name.as_str(), (*s)?)));
    known.max_by(|a, b| a.1.probability.total_cmp(&b.1.probability))
}

/// A cell of the table, in quotes where it holds a comma or quotes.
fn cell(text: &str) -> String {
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
