//! The journal of a training on disk: its progress, its log, and the state from which it can go on.

use crate::interrupt::interrupted;
use crate::save;
use crate::terminal::{Progress, say};
use etude::train::journal::{Journal, Measurement};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Where a training writes beside its model.
pub(super) struct Desk {
    progress: Progress,
    started: Instant,
    kept: Instant,
    /// How often the state is written.
    every: Duration,
    state: PathBuf,
    log: PathBuf,
    /// First line of the state's file: only the same training goes on from it.
    title: String,
    resume: bool,
    lines: Vec<Measurement>,
    complained: bool,
}

impl Desk {
    /// A desk for the model that will be at `output`; `origin` tells one training from others.
    pub(super) fn new(output: &Path, origin: &str, resume: bool, every: Duration) -> Self {
        let now = Instant::now();
        Self {
            progress: Progress::new("training"),
            started: now,
            kept: now,
            every,
            state: beside(output, "checkpoint"),
            log: beside(output, "log.jsonl"),
            title: format!("etude checkpoint, {origin}\n"),
            resume,
            lines: Vec::new(),
            complained: false,
        }
    }

    /// Ends the training: there is nothing left to go on with. The log, if there is one, and where it stands.
    pub(super) fn close(self) -> (Vec<Measurement>, PathBuf) {
        if self.kept_bytes().is_some() {
            let _ = std::fs::remove_file(&self.state);
        }
        (self.lines, self.log)
    }

    /// Whether there is a state to go on from.
    pub(super) fn can_go_on(&self) -> bool {
        self.kept_bytes().is_some()
    }

    /// The state that this very training kept.
    fn kept_bytes(&self) -> Option<Vec<u8>> {
        let bytes = std::fs::read(&self.state).ok()?;
        Some(bytes.strip_prefix(self.title.as_bytes())?.to_vec())
    }

    /// A disk that is full must not end a training; it is said once.
    fn write(&mut self, path: &Path, bytes: &[u8]) {
        if let Err(failure) = save::whole(path, bytes)
            && !self.complained
        {
            say(&format!("warning: {}", failure.message));
            self.complained = true;
        }
    }
}

impl Journal for Desk {
    fn progress(&mut self, share: f64, words: &str) -> bool {
        self.progress.step(share, words)
    }

    fn log(&mut self, lines: &[Measurement]) {
        self.lines = lines.to_vec();
        let line = |line| serde_json::to_string(line).expect("a measurement is numbers") + "\n";
        let text: String = lines.iter().map(line).collect();
        let path = self.log.clone();
        self.write(&path, text.as_bytes());
    }

    fn keep(&mut self, state: &dyn Fn() -> Vec<u8>) {
        if self.kept.elapsed() >= self.every || interrupted() {
            let path = self.state.clone();
            let bytes = [self.title.as_bytes(), &state()].concat();
            self.write(&path, &bytes);
            self.kept = Instant::now();
        }
    }

    fn kept(&mut self) -> Option<Vec<u8>> {
        self.resume.then(|| self.kept_bytes()).flatten()
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

/// `mine.safetensors` and `log.jsonl` make `mine.log.jsonl`.
pub(super) fn beside(output: &Path, extension: &str) -> PathBuf {
    output.with_extension(extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_training_goes_on_from_its_own_state_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join("mine.safetensors");
        let desk = |origin, resume| Desk::new(&output, origin, resume, Duration::ZERO);
        let mut first = desk("origin 1", true);
        assert_eq!(first.kept(), None);
        first.keep(&|| b"half way".to_vec());
        assert_eq!(desk("origin 1", true).kept(), Some(b"half way".to_vec()));
        assert_eq!(desk("origin 2", true).kept(), None);
        assert_eq!(desk("origin 1", false).kept(), None);
        first.close();
        assert!(!folder.path().join("mine.checkpoint").exists());
    }
}
