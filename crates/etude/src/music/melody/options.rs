//! What can be set: when training, and when composing.

use super::notation::{Notation, Told};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::autoregressive::Options as Draw;
use crate::model::Settings;
use crate::music::engine;
use crate::settings::get;
use etude_piece::score::{Key, Metre};
use std::collections::BTreeMap;

/// What can be set when training: the notation, the engine, and what the engines know.
pub fn settings() -> Vec<Setting> {
    let mut settings = own();
    settings.extend(engine::settings());
    settings
}

/// What can be set of the notation.
pub(super) fn own() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    vec![
        setting("grid", "4", "steps in a quarter note, 1 to 24: 4 are sixteenths; 12 hold triplets too"),
        setting(
            "fields",
            "plain",
            "plain; lookback: the model also sees what stood one and two bars ago; apart: each fact by itself, for networks",
        ),
        setting(
            "keys",
            "common",
            "common: all melodies move to a signature without accidentals; all: each in twelve keys; own: as they stand",
        ),
    ]
}

/// What can be wished for when composing.
pub fn wishes() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    let mut wishes = vec![
        setting("chords", "", "chord symbols, bars between |, such as Dm7 G7 | Cmaj7; repeated to the end"),
        setting(
            "mode",
            "continue",
            "what a draft is: continue: the beginning; inject: all its notes stay, and its rests are filled",
        ),
    ];
    wishes.extend(Draw::wishes());
    wishes
}

/// The keys that melodies are learnt in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Common,
    All,
    Own,
}

/// What the training was told, and what it found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Habits {
    pub(super) notation: Notation,
    pub(super) keys: Keys,
    /// The key of most training pieces.
    pub(super) key: Key,
    /// The metre of most.
    pub(super) metre: Metre,
    /// The tempo of most, in whole quarter notes per minute.
    pub(super) tempo: u32,
}

/// Reads the settings of the notation; its range is still open.
///
/// # Errors
///
/// Values out of range.
pub(super) fn notation(from: &Settings) -> Result<(Notation, Keys)> {
    let steps = get(from, "grid", 4, "from 1 to 24", |n| (1..=24).contains(n))?;
    let word = |name: &str, default: &str, known: &[&str]| {
        get(from, name, default.to_owned(), &known.join(" or "), |word: &String| {
            known.contains(&word.as_str())
        })
    };
    let told = word("fields", "plain", &Told::ALL.map(|(name, _)| name))?;
    let told = Told::ALL.into_iter().find(|(name, _)| *name == told).map_or(Told::Plain, |(_, told)| told);
    let keys = match word("keys", "common", &["common", "all", "own"])?.as_str() {
        "all" => Keys::All,
        "own" => Keys::Own,
        _ => Keys::Common,
    };
    let common = keys == Keys::Common;
    Ok((Notation { low: 0, high: 127, steps, told, chords: true, common }, keys))
}

impl Habits {
    /// As a model file has them.
    pub(super) fn settings(&self) -> Settings {
        let Notation { low, high, steps, told, chords, .. } = self.notation;
        let keys = match self.keys {
            Keys::Common => "common",
            Keys::All => "all",
            Keys::Own => "own",
        };
        let named = [
            ("grid", steps.to_string()),
            ("fields", told.name().to_owned()),
            ("chords", if chords { "learnt" } else { "none" }.to_owned()),
            ("keys", keys.to_owned()),
            ("low", low.to_string()),
            ("high", high.to_string()),
            ("home_key", self.key.to_string()),
            ("home_metre", self.metre.to_string()),
            ("home_tempo", self.tempo.to_string()),
        ];
        BTreeMap::from(named.map(|(name, value)| (name.to_owned(), value)))
    }

    /// Reads what [`Habits::settings`] told.
    ///
    /// # Errors
    ///
    /// Values that are missing or make no sense.
    pub(super) fn read(from: &Settings) -> Result<Self> {
        let (mut notation, keys) = notation(from)?;
        let pitch =
            |name, default| get(from, name, default, "a MIDI number up to 127", |pitch: &u8| *pitch < 128);
        (notation.low, notation.high) = (pitch("low", 0)?, pitch("high", 127)?);
        if notation.low >= notation.high {
            return Err(Error::usage("a range without pitches", "a sound model file"));
        }
        let learnt = |word: &String| word == "learnt" || word == "none";
        notation.chords = get(from, "chords", "learnt".to_owned(), "learnt or none", learnt)? == "learnt";
        let key = get(from, "home_key", Key::C_MAJOR, "a key", |_| true)?;
        let tempo = get(from, "home_tempo", 100, "from 5 to 500", |tempo| (5..=500).contains(tempo))?;
        let metre = get(from, "home_metre", "4/4".to_owned(), "a metre", |text| metre(text).is_some())?;
        Ok(Self { notation, keys, key, metre: metre_of(&metre), tempo })
    }
}

/// Reads `3/4`.
fn metre(text: &str) -> Option<Metre> {
    let (count, unit) = text.split_once('/')?;
    Metre::new(count.parse().ok()?, unit.parse().ok()?)
}

fn metre_of(text: &str) -> Metre {
    metre(text).unwrap_or(Metre::COMMON)
}
