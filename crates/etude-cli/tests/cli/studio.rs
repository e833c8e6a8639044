//! A folder for one test, a small model trained once for all, and a short way to run the binary.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The chords of the corpus's phrases, soprano to bass.
const CHORDS: [(&str, [u8; 4]); 8] = [
    ("C", [72, 67, 64, 48]),
    ("E", [76, 67, 60, 48]),
    ("F", [72, 69, 65, 53]),
    ("G", [71, 67, 62, 55]),
    ("A", [72, 69, 64, 57]),
    ("D", [74, 69, 65, 50]),
    ("7", [71, 65, 62, 55]),
    ("1", [72, 64, 55, 48]),
];

/// Two bars each, a chord a beat: four to learn from, one for validation, one for testing.
const PHRASES: [(&str, &[&str]); 3] = [
    ("train", &["CFGCAD71", "CGAFC711", "EDGCFC71", "CAFGED71"]),
    ("valid", &["EGCFDGA1"]),
    ("test", &["CCFFGG11"]),
];

/// A soprano of two bars on those chords.
pub(crate) const TUNE: &str = "X:1\nT:Small tune\nM:4/4\nL:1/4\nK:C\nc c B c|c d B c|]\n";

/// The corpus in JSON.
pub(crate) fn corpus() -> String {
    let chord = |name: char| {
        let (_, pitches) = CHORDS.iter().find(|(known, _)| known.starts_with(name)).expect("a chord of ours");
        format!("{pitches:?}")
    };
    let phrase = |text: &&str| {
        let steps: Vec<String> = text.chars().flat_map(|name| vec![chord(name); 4]).collect();
        format!("[{}]", steps.join(","))
    };
    let split = |(name, phrases): &(&str, &[&str])| {
        format!("\"{name}\": [{}]", phrases.iter().map(phrase).collect::<Vec<_>>().join(","))
    };
    format!("{{{}}}", PHRASES.iter().map(split).collect::<Vec<_>>().join(","))
}

/// The bytes of a model of that corpus.
fn model() -> &'static [u8] {
    static MODEL: OnceLock<Vec<u8>> = OnceLock::new();
    MODEL.get_or_init(|| {
        let studio = Studio::empty();
        studio.write("phrases.json", corpus().as_bytes());
        studio.run(&TRAIN).succeeds();
        studio.read("tiny.safetensors")
    })
}

/// How the model is trained.
pub(crate) const TRAIN: [&str; 9] = [
    "train",
    "maxent",
    "phrases.json",
    "-o",
    "tiny.safetensors",
    "--set",
    "updates=20",
    "--set",
    "iterations=5",
];

/// A folder of its own for a test; gone when the test is.
pub(crate) struct Studio {
    folder: tempfile::TempDir,
}

impl Studio {
    /// A folder with `tiny.safetensors`, `phrases.json` and `tune.abc`.
    pub(crate) fn new() -> Self {
        let studio = Self::empty();
        studio.write("tiny.safetensors", model());
        studio.write("phrases.json", corpus().as_bytes());
        studio.write("tune.abc", TUNE.as_bytes());
        studio
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the test") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("a file for the test");
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of all files, in order.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("our own folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The binary, to be run in this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_etude")));
        command.args(arguments).current_dir(self.folder.path()).env_remove("NO_COLOR").env_remove("COLUMNS");
        command
    }

    /// Runs the binary in this folder with nothing on stdin.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"")
    }

    /// Runs the binary in this folder with some bytes on stdin.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        // One that fails early needn't read.
        let _ = child.stdin.take().expect("a pipe").write_all(stdin);
        Run::of(child.wait_with_output().expect("the binary ends"))
    }

    /// `etude generate` with the small model, two bars, few sweeps and seed 1.
    pub(crate) fn generate(&self, arguments: &[&str]) -> Run {
        let fixed = ["generate", "tiny.safetensors", "--seed", "1", "--set", "sweeps=20"];
        self.run(&[&fixed, arguments].concat())
    }
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Self { code: output.status.code(), stdout: output.stdout, stderr }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// The objects on stdout, one a line.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect()
    }

    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// It ended with this code, and said all of this on stderr.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "no `{word}` in: {}", self.stderr);
        }
        self
    }
}
