//! Regular expressions, as automata over the bytes of characters.

use super::Part;
use regex_automata::Anchored;
use regex_automata::MatchKind;
use regex_automata::dfa::dense::{Builder, Config, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;

/// Bytes that an expression may take while it is compiled.
const MOST_BYTES: usize = 4 << 20;

/// An expression compiled.
#[derive(Debug)]
struct Machine {
    machine: DFA<Vec<u32>>,
    start: StateID,
}

impl Machine {
    /// `anchored`: a match begins at the first character.
    fn new(expression: &str, anchored: Anchored) -> Result<Self, String> {
        let kind = if anchored.is_anchored() { StartKind::Anchored } else { StartKind::Unanchored };
        let config = Config::new()
            .start_kind(kind)
            // All ends of a match, not only the one that a search would prefer.
            .match_kind(MatchKind::All)
            .accelerate(false)
            .dfa_size_limit(Some(MOST_BYTES))
            .determinize_size_limit(Some(MOST_BYTES));
        let machine = Builder::new()
            .configure(config)
            .thompson(thompson::Config::new().nfa_size_limit(Some(MOST_BYTES)))
            .build(expression)
            .map_err(|error| told(&error))?;
        let start = start::Config::new().anchored(anchored);
        let start = machine.start_state(&start).map_err(|error| error.to_string())?;
        Ok(Self { machine, start })
    }

    /// The state after the bytes of a character; none where a match has become impossible, or `found` one.
    fn after(&self, state: u32, character: char, stop: impl Fn(StateID) -> bool) -> Option<u32> {
        let mut buffer = [0; 4];
        let mut state = StateID::new(state as usize).expect("it was a state");
        for &byte in character.encode_utf8(&mut buffer).as_bytes() {
            state = self.machine.next_state(state, byte);
            if stop(state) || self.machine.is_quit_state(state) {
                return None;
            }
        }
        Some(state.as_u32())
    }

    /// Whether a match ends here, if the text does.
    fn matches(&self, state: u32) -> bool {
        let state = StateID::new(state as usize).expect("it was a state");
        self.machine.is_match_state(self.machine.next_eoi_state(state))
    }

    /// Characters whose bytes are of one class are alike.
    fn class(&self, character: char) -> u64 {
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer).as_bytes();
        let classes = self.machine.byte_classes();
        // How many bytes there are comes first, so that no two sequences are confused.
        bytes.iter().fold(bytes.len() as u64, |class, &byte| class << 8 | u64::from(classes.get(byte)))
    }
}

/// The innermost reason on one line: the outer ones only say that something went wrong.
fn told(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let told = innermost.to_string();
    let last = told.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it doesn't read");
    last.trim().trim_start_matches("error: ").to_owned()
}

/// The whole text matches.
#[derive(Debug)]
pub(in crate::text) struct Pattern(Machine);

impl Pattern {
    /// Compiles a regular expression.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub(in crate::text) fn new(expression: &str) -> Result<Self, String> {
        Machine::new(expression, Anchored::Yes).map(Self)
    }
}

impl Part for Pattern {
    fn start(&self) -> u32 {
        self.0.start.as_u32()
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        self.0.after(state, character, |state| self.0.machine.is_dead_state(state))
    }

    fn accepts(&self, state: u32) -> bool {
        self.0.matches(state)
    }

    fn class(&self, character: char) -> u64 {
        self.0.class(character)
    }
}

/// Nothing in the text matches.
#[derive(Debug)]
pub(in crate::text) struct Absence(Machine);

impl Absence {
    /// Compiles a regular expression.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub(in crate::text) fn new(expression: &str) -> Result<Self, String> {
        Machine::new(expression, Anchored::No).map(Self)
    }
}

impl Part for Absence {
    fn start(&self) -> u32 {
        self.0.start.as_u32()
    }

    fn after(&self, state: u32, character: char) -> Option<u32> {
        // A match shows one byte after its end, or at the end of the text: see `accepts`.
        self.0.after(state, character, |state| self.0.machine.is_match_state(state))
    }

    fn accepts(&self, state: u32) -> bool {
        !self.0.matches(state)
    }

    fn class(&self, character: char) -> u64 {
        self.0.class(character)
    }
}
