//! The terminal: data on stdout, words and progress on stderr.

use crate::failure::{Failure, Result};
use crate::interrupt::interrupted;
use etude_piece::score::{Score, roll};
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};
use std::time::{Duration, Instant};

/// The columns of a terminal that doesn't tell.
const COLUMNS: usize = 80;

/// How often a line of progress is drawn anew.
const REDRAW: Duration = Duration::from_millis(100);

/// Writes data to stdout. A reader that has closed it has read enough: the program ends well.
pub(crate) fn put(bytes: &[u8]) -> Result {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure::plain(format!("stdout: {error}"))),
    }
}

/// Writes an object as one line of JSON to stdout.
pub(crate) fn put_json(object: &impl Serialize) -> Result {
    let line = serde_json::to_string(object).expect("our objects have plain keys");
    put(format!("{line}\n").as_bytes())
}

/// Writes a line to stderr. Nobody is left to hear of a failure to do so.
pub(crate) fn say(line: &str) {
    let _ = writeln!(stderr().lock(), "{line}");
}

/// Whether a person sees stdout.
pub(crate) fn is_seen() -> bool {
    stdout().is_terminal()
}

/// A small piano roll, in colour where a person sees it and `NO_COLOR` isn't set.
pub(crate) fn roll_of(score: &Score) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    roll::text(score, columns.unwrap_or(COLUMNS).min(160), is_seen() && !plain)
}

/// A line of progress on stderr, where a person sees it; gone when the work is.
pub(crate) struct Progress {
    task: String,
    started: Instant,
    drawn: Option<Instant>,
    seen: bool,
}

impl Progress {
    /// Says at once what is being done.
    pub(crate) fn new(task: impl Into<String>) -> Self {
        let now = Instant::now();
        let mut progress =
            Self { task: task.into(), started: now, drawn: None, seen: stderr().is_terminal() };
        progress.draw("");
        progress
    }

    /// Draws the share that is done, 0..=1, with the time that is left; `false` if the work is to end.
    pub(crate) fn step(&mut self, share: f64, words: &str) -> bool {
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= REDRAW) {
            let spent = self.started.elapsed().as_secs_f64();
            let left = if share > 0.0 { spent * (1.0 - share) / share } else { 0.0 };
            let left = if spent > 1.0 { format!(", {left:.0} s left") } else { String::new() };
            self.draw(&format!(" {:.0} %{left}: {words}", 100.0 * share));
        }
        !interrupted()
    }

    fn draw(&mut self, words: &str) {
        if self.seen {
            let line: String = format!("{}{words}", self.task).chars().take(COLUMNS - 1).collect();
            let _ = write!(stderr().lock(), "\r\x1b[K{line}");
            self.drawn = Some(Instant::now());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.seen {
            let _ = write!(stderr().lock(), "\r\x1b[K");
        }
    }
}
