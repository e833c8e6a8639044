//! `etude listen gesture`: lines on stdin, packets on a port, model files, Ctrl-C.

use crate::{Run, Studio};
use std::net::UdpSocket;
use std::process::Stdio;
use std::time::Duration;

/// A line to the right, or a hook, a little different for each number.
fn drawing(name: &str, number: usize) -> Vec<[f64; 2]> {
    let wobble = |i: usize| ((i * 7 + number * 3) % 5) as f64 * 0.4;
    let place = |i: usize| match name {
        "line" => [3.0 * i as f64, wobble(i)],
        _ => [wobble(i) + if i < 20 { 4.0 * i as f64 } else { 80.0 }, 4.0 * i.saturating_sub(20) as f64],
    };
    (0..40).map(place).collect()
}

/// The same as lines of text.
fn lines(points: &[[f64; 2]]) -> String {
    points.iter().map(|[x, y]| format!("{x},{y}\n")).collect()
}

/// Two examples of each.
fn lesson() -> String {
    let example = |name: &str, number| format!("record {name}\n{}stop\n", lines(&drawing(name, number)));
    ["line", "hook"].iter().flat_map(|name| (1..3).map(|number| example(name, number))).collect()
}

fn listen(studio: &Studio, more: &[&str], text: &str) -> Run {
    studio.run_with(&[&["listen", "gesture", "-"], more].concat(), text.as_bytes())
}

#[test]
fn gestures_are_taught_and_told_by_lines() {
    let studio = Studio::empty();
    let text = format!("{}run\n{}\n{}", lesson(), lines(&drawing("hook", 9)), lines(&drawing("line", 8)));
    let run = listen(&studio, &[], &text).succeeds();
    let rows = run.text();
    let mut rows = rows.lines();
    assert_eq!(rows.next(), Some("event,gesture,probability,phase,nats,distance"));
    let made: Vec<&str> = rows.clone().filter(|row| row.starts_with("made,")).collect();
    assert_eq!(made, ["made,hook,,,,", "made,line,,,,"]);
    assert_eq!(rows.filter(|row| row.starts_with("following,")).count(), 80);
    assert!(run.stderr.contains("learnt 2 gestures from 4 examples"), "{}", run.stderr);
}

#[test]
fn what_is_no_gesture_has_no_name() {
    let circle: Vec<[f64; 2]> = (0..40).map(|i| f64::from(i) * 0.4).map(|a| [a.sin(), a.cos()]).collect();
    let text = format!("{}run\n{}\n", lesson(), lines(&circle));
    let run = listen(&Studio::empty(), &["--json"], &text).succeeds();
    let ended: Vec<_> = run.objects().into_iter().filter(|object| object["event"] == "ended").collect();
    assert_eq!(ended.len(), 1);
    assert!(ended[0]["gesture"].is_null() && ended[0]["ranking"][0]["share"].is_number(), "{ended:?}");
}

#[test]
fn what_was_learnt_goes_into_a_file_and_comes_back() {
    let studio = Studio::empty();
    listen(&studio, &["-o", "taught.safetensors"], &format!("{}train\n", lesson())).succeeds();
    let text = format!("run\n{}", lines(&drawing("line", 8)));
    let run = listen(&studio, &["--model", "taught.safetensors"], &text).succeeds();
    assert!(run.text().contains("made,line"), "{}", run.text());
    assert!(studio.run(&["show", "taught.safetensors"]).succeeds().text().contains("gesture"));
    let made = ["generate", "taught.safetensors", "--set", "gesture=hook", "--seed", "3", "-o", "hook.svg"];
    studio.run(&made).succeeds();
    assert!(studio.read("hook.svg").starts_with(b"<"));
}

#[test]
fn lines_that_make_no_sense_are_named_and_the_rest_is_heard() {
    let text = format!("dance\n{}1,2,3\n1,x\nrun\n{}", lesson(), lines(&drawing("hook", 9)));
    let run = listen(&Studio::empty(), &[], &text).fails(3, &["line 1: found `dance`", "3 of "]);
    assert!(run.text().contains("made,hook"), "{}", run.text());
    listen(&Studio::empty(), &[], "run\n").fails(3, &["line 1: no example"]);
    listen(&Studio::empty(), &[], &"9".repeat(200_000)).fails(3, &["more than"]);
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let studio = Studio::new();
    studio.run(&["listen", "gesture", "nowhere"]).fails(2, &["no address `nowhere`"]);
    studio.run(&["listen", "gesture", "-", "--pause", "0"]).fails(2, &["0.02 to 60"]);
    studio.run(&["listen", "gesture", "-", "--model", "tiny.safetensors"]).fails(2, &["expected gestures"]);
    studio.run(&["listen", "gesture", "-", "-o", "no/such/model"]).fails(1, &["there is no folder"]);
}

/// A message of a few 32-bit numbers, as OSC has it.
fn message(address: &str, types: &str, numbers: &[[u8; 4]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in [address.to_owned(), format!(",{types}")] {
        bytes.extend(text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4) + if bytes.len() % 4 == 0 { 4 } else { 0 }, 0);
    }
    bytes.extend(numbers.concat());
    bytes
}

#[cfg(unix)]
#[test]
fn packets_are_heard_and_answered_and_ctrl_c_ends_it() {
    let studio = Studio::empty();
    let answers = UdpSocket::bind("127.0.0.1:0").expect("a port");
    answers.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    // Some port that is free now.
    let port = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let (here, there) = (answers.local_addr().expect("an address").to_string(), format!("127.0.0.1:{port}"));
    let arguments =
        ["listen", "gesture", &there, "--send", &here, "--pause", "0.1", "-o", "taught.safetensors"];
    let mut command = studio.command(&arguments);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the binary runs");
    std::thread::sleep(Duration::from_millis(1500));
    let send = |bytes: &[u8]| {
        answers.send_to(bytes, &there).expect("a packet goes out");
        // The system may drop packets that come too fast.
        std::thread::sleep(Duration::from_millis(1));
    };
    let frames = |points: &[[f64; 2]]| {
        for point in points {
            send(&message("/wek/inputs", "ff", &point.map(|number| (number as f32).to_be_bytes())));
        }
    };
    send(b"\xff\xff hostile");
    send(&[b"#bundle\0".repeat(4000), vec![0; 7]].concat());
    for (number, name) in ["line", "hook"].iter().enumerate() {
        send(&message("/wekinator/control/startDtwRecording", "i", &[(number as i32 + 1).to_be_bytes()]));
        frames(&drawing(name, 1));
        send(&message("/wekinator/control/stopDtwRecording", "", &[]));
    }
    send(&message("/wekinator/control/startRunning", "", &[]));
    std::thread::sleep(Duration::from_millis(500));
    frames(&drawing("hook", 4));
    let mut buffer = [0; 4096];
    let mut heard = Vec::new();
    while !heard.iter().any(|address: &String| address == "/output_2") {
        let (size, _) =
            answers.recv_from(&mut buffer).unwrap_or_else(|error| panic!("{error}: only {heard:?}"));
        let end = buffer[..size].iter().position(|&byte| byte == 0).unwrap_or(size);
        heard.push(String::from_utf8_lossy(&buffer[..end]).into_owned());
    }
    for expected in ["/etude/gesture/following", "/etude/gesture/made", "/wek/outputs"] {
        assert!(heard.iter().any(|address| address == expected), "{expected} in {heard:?}");
    }
    let signal = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(signal.expect("kill is there").success());
    let run = Run::of(child.wait_with_output().expect("the binary ends"));
    let run = run.fails(130, &["listening on 127.0.0.1", "left out", "interrupted after", "wrote taught"]);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!(studio.files().contains(&"taught.safetensors".to_owned()));
}
