//! Open Sound Control over UDP, with the addresses of Wekinator (Fiebrink, Trueman & Cook 2009).
//!
//! | in | means |
//! |---|---|
//! | `/wek/inputs` f… | a frame |
//! | `/wekinator/control/startDtwRecording` i, `stopDtwRecording` | an example of gesture i, from 1 |
//! | `/wekinator/control/startRecording`, `stopRecording`, `outputs` i | the same, of the gesture that `outputs` chose |
//! | `/wekinator/control/train`, `startRunning`, `stopRunning` | as they say |
//! | `/wekinator/control/deleteAllExamples`, `deleteExamplesForOutput` i | forget examples |
//! | `/wekinator/control/setOutputNames` s… | names of the gestures |
//! | `/etude/gesture/end` | a gesture has ended |
//!
//! | out | when | says |
//! |---|---|---|
//! | `/wek/outputs` f… | a gesture has ended; with `--ends never` at every frame | how far each gesture is, by number |
//! | `/output_1`, `/output_2` … | a gesture was made | – |
//! | `/etude/gesture/following` f… | at every frame of a gesture | probability and phase of each gesture, by number |
//! | `/etude/gesture/likelihood` f… | the same | nats of each gesture, by number |
//! | `/etude/gesture/made` s f | a gesture has ended | its name, or an empty one for none of them; its share |

use super::event::{Event, Label, Reply};
use etude::gesture::follower::Standing;
use rosc::{OscMessage, OscPacket, OscType, decoder, encoder};

/// The most bundles in bundles, and lists in lists. Taking a packet apart takes a bit of the stack for each.
const MOST_DEPTH: usize = 16;

/// What is sent for a distance that isn't known: the largest number that patches of 32 bits read.
const FAR: f32 = f32::MAX;

/// What a packet says: its events in order, and what of it was left out, for a person.
pub(crate) fn events(packet: &[u8]) -> (Vec<Event>, Vec<String>) {
    let (mut events, mut left_out) = (Vec::new(), Vec::new());
    if let Err(reason) = sound(packet) {
        left_out.push(reason);
        return (events, left_out);
    }
    match decoder::decode_udp(packet) {
        Err(error) => left_out.push(format!("a packet of {} bytes is no OSC: {error}", packet.len())),
        Ok((_, packet)) => unpack(packet, &mut events, &mut left_out),
    }
    (events, left_out)
}

/// Refuses packets that are nested deeply, without following them.
fn sound(packet: &[u8]) -> Result<(), String> {
    let deep = || Err(format!("found a packet nested more than {MOST_DEPTH} deep, expected a message"));
    // Every bundle in a bundle has its own tag, and every list its own bracket behind the comma of a message's types.
    if packet.windows(8).filter(|bytes| bytes == b"#bundle\0").take(4096).count() > MOST_DEPTH
        && depth(packet) > MOST_DEPTH
    {
        return deep();
    }
    let brackets = packet.split(|&byte| byte == b',').skip(1);
    let types = brackets.map(|rest| rest.iter().take_while(|&&byte| byte != 0));
    match types.map(|types| types.filter(|&&byte| byte == b'[').count()).max() {
        Some(lists) if lists > MOST_DEPTH => deep(),
        _ => Ok(()),
    }
}

/// How deep bundles lie in bundles, as far as [`MOST_DEPTH`] and one more.
fn depth(packet: &[u8]) -> usize {
    // Parts that are to be looked at, each with its depth.
    let mut parts = vec![(packet, 1)];
    let mut deepest = 0;
    while let Some((part, depth)) = parts.pop() {
        deepest = deepest.max(depth);
        if deepest > MOST_DEPTH || !part.starts_with(b"#bundle\0") {
            continue;
        }
        let mut rest = part.get(16..).unwrap_or_default();
        while let Some((size, after)) = rest.split_first_chunk() {
            let size = u32::from_be_bytes(*size) as usize;
            let Some((element, after)) = after.split_at_checked(size) else { break };
            parts.push((element, depth + 1));
            rest = after;
        }
    }
    deepest
}

/// The events of a packet that isn't deep.
fn unpack(packet: OscPacket, events: &mut Vec<Event>, left_out: &mut Vec<String>) {
    match packet {
        OscPacket::Bundle(bundle) => {
            bundle.content.into_iter().for_each(|packet| unpack(packet, events, left_out));
        }
        OscPacket::Message(message) => match event(&message) {
            Ok(event) => events.push(event),
            Err(reason) => left_out.push(reason),
        },
    }
}

/// What a message says.
fn event(message: &OscMessage) -> Result<Event, String> {
    let OscMessage { addr, args } = message;
    let numbers = || args.iter().map(|arg| number(addr, arg)).collect::<Result<Vec<f64>, String>>();
    let label = || match args.first() {
        Some(OscType::String(name)) => Ok(Label::Name(name.clone())),
        Some(arg) => match number(addr, arg)? {
            whole if whole.fract() == 0.0 && (1.0..=1e6).contains(&whole) => {
                Ok(Label::Number(whole as usize))
            }
            other => Err(format!("{addr}: found gesture {other}, expected a number from 1")),
        },
        None => Err(format!("{addr}: found no argument, expected the number of a gesture, from 1")),
    };
    let control = match addr.as_str() {
        "/wek/inputs" => return Ok(Event::Frame(numbers()?)),
        "/etude/gesture/end" => return Ok(Event::End),
        other => other.strip_prefix("/wekinator/control/").unwrap_or(""),
    };
    Ok(match control {
        "startDtwRecording" => Event::Record(Some(label()?)),
        "startRecording" => Event::Record(None),
        "stopDtwRecording" | "stopRecording" => Event::StopRecording,
        "outputs" => Event::Choose(label()?),
        "train" => Event::Train,
        "startRunning" => Event::Run,
        "stopRunning" => Event::StopRunning,
        "deleteAllExamples" => Event::Forget(None),
        "deleteExamplesForOutput" => Event::Forget(Some(label()?)),
        "setOutputNames" => {
            let name = |arg: &OscType| match arg {
                OscType::String(name) => Ok(name.clone()),
                other => Err(format!("{addr}: found {}, expected names", shown(other))),
            };
            Event::Name(args.iter().map(name).collect::<Result<_, _>>()?)
        }
        _ => return Err(format!("{}: nothing here listens to it", short(addr))),
    })
}

/// A number of any type.
fn number(addr: &str, arg: &OscType) -> Result<f64, String> {
    match arg {
        OscType::Float(number) => Ok(f64::from(*number)),
        OscType::Double(number) => Ok(*number),
        OscType::Int(number) => Ok(f64::from(*number)),
        OscType::Long(number) => Ok(*number as f64),
        other => Err(format!("{addr}: found {}, expected numbers", shown(other))),
    }
}

/// An argument in a message to a person.
fn shown(arg: &OscType) -> String {
    short(&format!("{arg:?}"))
}

/// The beginning of what somebody sent, without what would move a terminal's cursor.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

/// A reply as packets.
pub(crate) fn packets(reply: &Reply) -> Vec<Vec<u8>> {
    let floats = |numbers: Vec<f32>| numbers.into_iter().map(OscType::Float).collect::<Vec<_>>();
    let small = |number: f64| if number.is_finite() { number as f32 } else { FAR };
    let messages: Vec<(String, Vec<OscType>)> = match reply {
        Reply::Distances(distances) => {
            vec![("/wek/outputs".to_owned(), floats(distances.iter().map(|&d| small(d)).collect()))]
        }
        Reply::Made(number) => vec![(format!("/output_{number}"), Vec::new())],
        Reply::Following(standings) => {
            let of = |standing: &Option<Standing>| {
                standing.map_or([0.0, 0.0], |s| [s.probability as f32, s.phase as f32])
            };
            let nats = standings.iter().map(|s| s.map_or(-FAR, |standing| small(standing.nats)));
            vec![
                ("/etude/gesture/following".to_owned(), floats(standings.iter().flat_map(of).collect())),
                ("/etude/gesture/likelihood".to_owned(), floats(nats.collect())),
            ]
        }
        Reply::Ended(answer) => {
            let first = answer.ranking.first().filter(|_| answer.known);
            let name = first.map_or(String::new(), |first| first.name.clone());
            let share = first.map_or(0.0, |first| first.share as f32);
            vec![("/etude/gesture/made".to_owned(), vec![OscType::String(name), OscType::Float(share)])]
        }
        Reply::Said(_) => Vec::new(),
    };
    let packet = |(addr, args)| encoder::encode(&OscPacket::Message(OscMessage { addr, args })).ok();
    messages.into_iter().filter_map(packet).collect()
}

#[cfg(test)]
mod tests;
