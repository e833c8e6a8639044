//! `etude listen`: recognise and follow what comes in while it comes in.

mod event;

mod session;

mod teaching;

mod osc;

mod lines;

mod stdin;

use crate::failure::{Failure, Result};
use crate::interrupt::interrupted;
use crate::library;
use crate::save;
use crate::terminal::{put, put_json, say};
use clap::{Args, Subcommand, ValueEnum};
use etude::gesture::author::{learnt, shelved};
use etude::gesture::{Options, Reads, Recogniser};
use etude::shelf::Opened;
use event::{Ends, Event, Reply};
use session::Session;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};
use stdin::stdin_lines;

/// How long is waited for anything before Ctrl-C and the end of a gesture are looked for.
const TICK: Duration = Duration::from_millis(20);

/// Recognise and follow what comes in, while it comes in
#[derive(Debug, Args)]
pub(crate) struct Listen {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Gesture(Gesture),
}

/// Gestures of a pen or of any sensors, from one to five examples each
///
/// Listens to Open Sound Control on this machine alone, at Wekinator's port, to Wekinator's messages, and answers to
/// Wekinator's port. With `-` in place of the address it reads lines from stdin (numbers between commas; record NAME, stop,
/// train, run, halt, forget; an empty line ends a gesture), and writes a table to stdout.
#[derive(Debug, Args)]
struct Gesture {
    /// Where to listen: an address and port of this machine, or `-` for lines on stdin
    #[arg(value_name = "ADDRESS", default_value = "127.0.0.1:6448")]
    listen: String,
    /// Where to answer; with `-` on stdin answers go to stdout
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:12000")]
    send: SocketAddr,
    /// What comes in
    #[arg(long, value_enum, default_value_t = Input::Drawings)]
    reads: Input,
    /// When a gesture ends: when nothing comes in for a while (or `stopRunning`, `end`, an empty line); or never, the last
    /// frames being compared at every frame
    #[arg(long, value_enum, default_value_t = Ending::Pause)]
    ends: Ending,
    /// How long nothing has to come in, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.4, value_parser = seconds)]
    pause: f64,
    /// How far from its examples a gesture may be: this many times what was learnt
    #[arg(long, value_name = "TIMES", default_value_t = 1.0, value_parser = times)]
    tolerance: f64,
    /// A model file of kind `gesture` whose gestures are known from the start; it also says what comes in, and how
    /// tolerantly
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Where to write what was learnt, at the end
    #[arg(short, long, value_name = "MODEL")]
    output: Option<PathBuf>,
    /// Answers as lines of JSON on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Input {
    /// Drawings: x and y of a pen, wherever and however large
    Drawings,
    /// Sensors: absolute numbers in time
    Sensors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ending {
    Pause,
    Never,
}

fn seconds(text: &str) -> std::result::Result<f64, String> {
    text.parse().ok().filter(|seconds| (0.02..=60.0).contains(seconds)).ok_or_else(|| "0.02 to 60".to_owned())
}

fn times(text: &str) -> std::result::Result<f64, String> {
    text.parse()
        .ok()
        .filter(|times| (0.001..=1000.0).contains(times))
        .ok_or_else(|| "0.001 to 1000".to_owned())
}

impl Listen {
    /// Listens until the end of stdin or Ctrl-C.
    pub(crate) fn run(&self) -> Result {
        let What::Gesture(gesture) = &self.what;
        gesture.run()
    }
}

impl Gesture {
    fn run(&self) -> Result {
        let reads = match self.reads {
            Input::Drawings => Reads::Drawings,
            Input::Sensors => Reads::Sensors,
        };
        let options = Options { reads, tolerance: self.tolerance, ..Options::default() };
        let ends = if self.ends == Ending::Never { Ends::Never } else { Ends::Told };
        if let Some(path) = &self.output {
            save::check(path)?;
        }
        let known = self.model.as_deref().map(known).transpose()?;
        let mut session = Session::new(options, ends, known);
        let done = match self.listen.as_str() {
            "-" => self.lines(&mut session),
            address => self.packets(&mut session, address),
        };
        // What was learnt is kept however the listening ended.
        self.save(&session).and(done)
    }

    /// Writes what was learnt, if that is asked for.
    fn save(&self, session: &Session) -> Result {
        match (&self.output, session.recogniser()) {
            (None, _) => Ok(()),
            (Some(path), Some(recogniser)) => {
                let model = shelved(recogniser, "etude listen gesture");
                save::whole(path, &model.to_bytes())?;
                say(&format!("wrote {}, {}", path.display(), model.card.log));
                Ok(())
            }
            (Some(path), None) => {
                say(&format!("nothing was learnt; {} was not written", path.display()));
                Ok(())
            }
        }
    }

    /// Reads lines from stdin until they end.
    fn lines(&self, session: &mut Session) -> Result {
        if !self.json {
            put(lines::HEADING.as_bytes())?;
        }
        let incoming = stdin_lines();
        let (mut number, mut unheard) = (0, 0);
        loop {
            if interrupted() {
                return Err(Failure::interrupted(format!("interrupted after {number} lines")));
            }
            let line = match incoming.recv_timeout(TICK) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            number += 1;
            let event = line.and_then(|line| lines::event(&line));
            let taken = event.and_then(|event| event.map_or(Ok(Vec::new()), |event| session.take(event)));
            match taken {
                Ok(replies) => self.write(&replies, session.names())?,
                Err(reason) => {
                    unheard += 1;
                    say(&format!("line {number}: {reason}"));
                }
            }
        }
        if session.is_under_way() {
            let replies = session.take(Event::End).map_err(Failure::plain)?;
            self.write(&replies, session.names())?;
        }
        match unheard {
            0 => Ok(()),
            _ => Err(Failure::input(format!("stdin: {unheard} of {number} lines were left out"))),
        }
    }

    /// Answers on stdout, words on stderr.
    fn write(&self, replies: &[Reply], names: &[String]) -> Result {
        for reply in replies {
            if let Reply::Said(words) = reply {
                say(words);
            }
            match self.json {
                true => lines::object(reply, names).map_or(Ok(()), |object| put_json(&object))?,
                false => lines::row(reply, names).map_or(Ok(()), |row| put(row.as_bytes()))?,
            }
        }
        Ok(())
    }

    /// Listens to packets until Ctrl-C.
    fn packets(&self, session: &mut Session, address: &str) -> Result {
        let address: SocketAddr = address.parse().map_err(|_| {
            Failure::usage(format!("no address `{address}`; hint: such as 127.0.0.1:6448, or - for stdin"))
        })?;
        let refused = |error: std::io::Error| Failure::plain(format!("{address}: {error}"));
        let socket = UdpSocket::bind(address).map_err(refused)?;
        socket.set_read_timeout(Some(TICK)).map_err(refused)?;
        let heard = socket.local_addr().map_err(refused)?;
        if !heard.ip().is_loopback() {
            say("anyone who reaches this address can teach and ask");
        }
        say(&format!("listening on {heard}, answering to {}; Ctrl-C ends", self.send));
        let pause = Duration::from_secs_f64(self.pause);
        let (mut buffer, mut last) = (vec![0; 1 << 16], Instant::now());
        let (mut count, mut complaints) = (0u64, Complaints::default());
        while !interrupted() {
            let (events, left_out) = match socket.recv_from(&mut buffer) {
                Ok((size, _)) => {
                    count += 1;
                    last = Instant::now();
                    osc::events(&buffer[..size])
                }
                Err(error) if is_quiet(&error) => Default::default(),
                Err(error) => return Err(refused(error)),
            };
            left_out.iter().for_each(|reason| complaints.hear(reason));
            let ended = session.is_under_way() && last.elapsed() >= pause;
            for event in events.into_iter().chain(ended.then_some(Event::End)) {
                match session.take(event) {
                    Ok(replies) => self.send(&socket, &replies, session.names())?,
                    Err(reason) => complaints.hear(&reason),
                }
            }
        }
        Err(Failure::interrupted(format!("interrupted after {count} packets")))
    }

    /// Answers to the other program, words on stderr.
    fn send(&self, socket: &UdpSocket, replies: &[Reply], names: &[String]) -> Result {
        for reply in replies {
            if let Reply::Said(words) = reply {
                say(words);
            }
            for packet in osc::packets(reply) {
                // Nobody has to listen there.
                let _ = socket.send_to(&packet, self.send);
            }
            if self.json {
                lines::object(reply, names).map_or(Ok(()), |object| put_json(&object))?;
            }
        }
        Ok(())
    }
}

/// What a model file knows.
fn known(name: &str) -> Result<Recogniser> {
    let chosen = library::open(Some(name))?;
    match &chosen.opened {
        Opened::Author(authored) => Ok(learnt(authored, name)?),
        Opened::Grid(_) => Err(Failure::usage(format!("{name}: found a model of voices, expected gestures"))),
    }
}

/// Whether nothing came in, or what was sent reached nobody: on some systems the next reading tells.
fn is_quiet(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut | Interrupted | ConnectionRefused | ConnectionReset)
}

/// Says what is wrong with what comes in, but not a thousand times a second.
#[derive(Default)]
struct Complaints {
    last: Option<Instant>,
    held: u64,
}

impl Complaints {
    fn hear(&mut self, reason: &str) {
        const LEAST: Duration = Duration::from_secs(1);
        if self.last.is_some_and(|said| said.elapsed() < LEAST) {
            self.held += 1;
            return;
        }
        let more = if self.held > 0 { format!(" (and {} more)", self.held) } else { String::new() };
        say(&format!("left out: {reason}{more}"));
        (self.last, self.held) = (Some(Instant::now()), 0);
    }
}
