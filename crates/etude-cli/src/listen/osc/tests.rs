//! Packets: Wekinator's, and those of enemies.

use super::{MOST_DEPTH, events, packets};
use crate::listen::event::{Event, Label, Reply};
use rosc::{OscArray, OscBundle, OscMessage, OscPacket, OscTime, OscType, decoder, encoder};

fn message(addr: &str, args: Vec<OscType>) -> OscPacket {
    OscPacket::Message(OscMessage { addr: addr.to_owned(), args })
}

fn encoded(packet: &OscPacket) -> Vec<u8> {
    encoder::encode(packet).expect("a sound packet")
}

#[track_caller]
fn check(addr: &str, args: Vec<OscType>, expected: Event) {
    assert_eq!(events(&encoded(&message(addr, args))), (vec![expected], Vec::new()));
}

#[track_caller]
fn refused(packet: &[u8], expected: &str) {
    let (events, left_out) = events(packet);
    assert!(events.is_empty(), "{events:?}");
    assert!(left_out.len() == 1 && left_out[0].contains(expected), "{left_out:?}");
}

#[test]
fn the_messages_of_wekinator_are_understood() {
    let control = |word: &str| format!("/wekinator/control/{word}");
    check("/wek/inputs", vec![1f32.into(), 2i32.into(), 0.5f64.into()], Event::Frame(vec![1.0, 2.0, 0.5]));
    check(&control("startDtwRecording"), vec![2i32.into()], Event::Record(Some(Label::Number(2))));
    check(&control("stopDtwRecording"), vec![], Event::StopRecording);
    check(&control("stopDtwRecording"), vec![2i32.into()], Event::StopRecording);
    check(&control("startRecording"), vec![], Event::Record(None));
    check(&control("outputs"), vec![3f32.into()], Event::Choose(Label::Number(3)));
    check(&control("train"), vec![], Event::Train);
    check(&control("startRunning"), vec![], Event::Run);
    check(&control("stopRunning"), vec![], Event::StopRunning);
    check(&control("deleteAllExamples"), vec![], Event::Forget(None));
    check(&control("deleteExamplesForOutput"), vec![1i32.into()], Event::Forget(Some(Label::Number(1))));
    let names = vec!["wave".to_owned(), "push".to_owned()];
    let strings = names.iter().map(|name| OscType::String(name.clone())).collect();
    check(&control("setOutputNames"), strings, Event::Name(names));
}

#[test]
fn a_bundle_is_what_it_holds_in_order() {
    let content =
        vec![message("/wek/inputs", vec![1f32.into()]), message("/wekinator/control/train", vec![])];
    let timetag = OscTime { seconds: 0, fractional: 1 };
    let inner = OscPacket::Bundle(OscBundle { timetag, content });
    let outer =
        OscPacket::Bundle(OscBundle { timetag, content: vec![inner, message("/etude/gesture/end", vec![])] });
    assert_eq!(events(&encoded(&outer)).0, [Event::Frame(vec![1.0]), Event::Train, Event::End]);
}

#[test]
fn what_makes_no_sense_is_left_out_with_a_word() {
    let of = |addr: &str, args| encoded(&message(addr, args));
    refused(&of("/wek/inputs", vec![OscType::String("x".to_owned())]), "expected numbers");
    refused(&of("/wekinator/control/startDtwRecording", vec![]), "expected the number");
    refused(&of("/wekinator/control/startDtwRecording", vec![0i32.into()]), "expected a number from 1");
    refused(&of("/wekinator/control/startDtwRecording", vec![(-3i32).into()]), "expected a number from 1");
    refused(&of("/wekinator/control/outputs", vec![f32::NAN.into()]), "expected a number from 1");
    refused(&of("/wekinator/control/setOutputNames", vec![1f32.into()]), "expected names");
    refused(&of("/wekinator/control/dance\u{1b}[2J", vec![]), "\\u{1b}");
    refused(b"hello", "no OSC");
    refused(b"", "no OSC");
    refused(b"/wek/inputs\0,ff\0\x00\x00", "no OSC");
    refused(b"/\xff\xff\0,\0\0\0", "no OSC");
}

#[test]
fn deep_nests_are_refused_before_they_are_followed() {
    let mut packet = encoded(&message("/wek/inputs", vec![1f32.into()]));
    let mut nested = |levels: usize| {
        for _ in 0..levels {
            let mut outer = b"#bundle\0\0\0\0\0\0\0\0\x01".to_vec();
            outer.extend((packet.len() as u32).to_be_bytes());
            outer.extend(&packet);
            packet = outer;
        }
        packet.clone()
    };
    assert_eq!(events(&nested(MOST_DEPTH - 1)).0, [Event::Frame(vec![1.0])]);
    refused(&nested(3000), "nested");
    let mut lists = b"/wek/inputs\0,".to_vec();
    lists.extend(std::iter::repeat_n(b'[', 30_000));
    lists.extend(std::iter::repeat_n(b']', 30_000));
    lists.resize(lists.len().next_multiple_of(4) + 4, 0);
    refused(&lists, "nested");
    let list = OscType::Array(OscArray { content: vec![1f32.into()] });
    refused(&encoded(&message("/wek/inputs", vec![list])), "expected numbers");
}

#[test]
fn packets_that_lie_about_sizes_or_are_cut_or_stirred_break_nothing() {
    let timetag = OscTime { seconds: 1, fractional: 2 };
    let content = vec![
        message("/wek/inputs", vec![1f32.into(), OscType::Blob(vec![1, 2, 3])]),
        message("/wekinator/control/setOutputNames", vec![OscType::String("a".to_owned())]),
    ];
    let good = encoded(&OscPacket::Bundle(OscBundle { timetag, content }));
    for cut in 0..good.len() {
        events(&good[..cut]);
    }
    for at in 0..good.len() {
        for byte in [0, 1, b',', b'[', 0x7f, 0x80, 0xff] {
            let mut stirred = good.clone();
            stirred[at] = byte;
            events(&stirred);
        }
    }
}

#[test]
fn answers_are_packets_that_others_read() {
    let reply = Reply::Distances(vec![0.5, f64::INFINITY]);
    let sent = packets(&reply);
    let (_, read) = decoder::decode_udp(&sent[0]).expect("a packet");
    assert_eq!(read, message("/wek/outputs", vec![0.5f32.into(), f32::MAX.into()]));
    let (_, read) =
        decoder::decode_udp(&packets(&Reply::Made(2))[0]).map(|(_, p)| ((), p)).expect("a packet");
    assert_eq!(read, message("/output_2", vec![]));
    assert!(packets(&Reply::Said("words".to_owned())).is_empty());
}
