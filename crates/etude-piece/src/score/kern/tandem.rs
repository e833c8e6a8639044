//! Tandem interpretations: keys, metres, tempi, instruments, sections.

use super::instrument;
use super::key::{self, KeySign};
use super::lines::Line;
use super::reader::Reader;
use super::spines::Kind;
use super::text;
use crate::Result;
use crate::score::{Beats, Key, Losses, Metre, Tempo};

/// What interpretations say of the whole score, by onset.
#[derive(Debug, Default)]
pub(super) struct Signs {
    keys: Vec<(Beats, KeySign)>,
    pub(super) metres: Vec<(Beats, Metre)>,
    pub(super) tempi: Vec<(Beats, Tempo)>,
}

/// What begins an interpretation that is layout, or that bars and durations already say.
const LAYOUT: [&str; 30] = [
    "clef", "oclef", "mclef", "staff", "part", "group", "met(", "omet(", "kcancel", "tb", "rscale", "stem",
    "above", "below", "I'", "IC", "IG", "8va", "X8va", "8ba", "X8ba", "15", "X15", "tuplet", "Xtuplet",
    "beam", "Xbeam", "brack", "Xbrack", "cue",
];

impl Signs {
    fn key(&mut self, now: Beats) -> &mut KeySign {
        if self.keys.last().is_none_or(|(at, _)| *at != now) {
            self.keys.push((now, KeySign::default()));
        }
        &mut self.keys.last_mut().expect("one was just there").1
    }

    /// The keys that change something.
    pub(super) fn keys(&self, losses: &mut Losses) -> Vec<(Beats, Key)> {
        let mut keys: Vec<(Beats, Key)> = Vec::new();
        for &(onset, sign) in &self.keys {
            let Some((key, drawn)) = sign.key() else { continue };
            if !drawn {
                losses.add("key signature", "it isn't that of the key which is named");
            }
            if keys.last().is_none_or(|&(_, last)| last != key) {
                keys.push((onset, key));
            }
        }
        keys
    }
}

/// Adds a sign; what another spine says at the same time counts first. Says whether there was room.
fn add<T: PartialEq + Copy>(signs: &mut Vec<(Beats, T)>, now: Beats, value: T) -> bool {
    match signs.last() {
        Some(&(at, earlier)) if at == now => return earlier == value,
        Some(&(_, earlier)) if earlier == value => {}
        _ => signs.push((now, value)),
    }
    true
}

/// Puts a value where there is none. Says whether it is what stands there now.
fn settle<T: PartialEq + Copy>(place: &mut Option<T>, value: T) -> bool {
    *place.get_or_insert(value) == value
}

impl Reader {
    /// A line of interpretations.
    pub(super) fn interpret(&mut self, line: &Line<'_>) -> Result<()> {
        let mut first = true;
        let mut renamed = false;
        for (index, token) in line.tokens().enumerate() {
            let Some(text) = token.strip_prefix('*') else {
                return Err(line.fault(
                    token,
                    super::lines::shown(token),
                    "an interpretation, which begins with `*`",
                ));
            };
            if matches!(text, "" | "^" | "v" | "+" | "-" | "x") || text.starts_with('*') {
                continue;
            }
            match self.columns[index].kind {
                Kind::Kern => {
                    self.tandem(index, text, first);
                    first = false;
                }
                Kind::Text => {
                    let voice = text.strip_prefix("voice").and_then(|number| number.parse().ok());
                    if let Some(voice) = voice.filter(|voice: &usize| (1..=256).contains(voice)) {
                        self.columns[index].voice = voice - 1;
                        renamed = true;
                    }
                }
                _ => {}
            }
        }
        if renamed {
            self.number();
        }
        self.follow_paths(line)
    }

    /// An interpretation of a spine of music; what is lost counts once for a line.
    fn tandem(&mut self, index: usize, text: &str, first: bool) {
        let (now, part) = (self.now, self.columns[index].part);
        let differs = "another part says otherwise";
        if let Some(name) = text.strip_prefix("I\"") {
            let fresh = settle_name(&mut self.parts[part].name, &text::decode(name.trim()));
            if !fresh {
                self.losses.add("name change", "a part has one");
            }
        } else if let Some(label) = text.strip_prefix('>') {
            if first {
                self.bars.section(now, label, &mut self.losses);
            }
        } else if let Some(fifths) = text.strip_prefix("k[").and_then(|rest| rest.strip_suffix(']')) {
            match key::signature(fifths) {
                Some(fifths) if settle(&mut self.signs.key(now).fifths, fifths) => {}
                Some(_) => self.losses.add("key signature", differs),
                None if first => self.losses.add("key signature", "it is that of no key"),
                None => {}
            }
        } else if let Some(tonic) = key::tonic(text) {
            if !settle(&mut self.signs.key(now).tonic, tonic) {
                self.losses.add("key", differs);
            }
        } else if let Some(number) = text.strip_prefix("MM") {
            match tempo(number) {
                Some(tempo) if add(&mut self.signs.tempi, now, tempo) => {}
                Some(_) => self.losses.add("tempo", differs),
                None if first => self.losses.add("tempo", "it is words"),
                None => {}
            }
        } else if let Some(metre) = text.strip_prefix('M').and_then(metre) {
            if !add(&mut self.signs.metres, now, metre) {
                self.losses.add("metre", differs);
            }
        } else if let Some(program) = text.strip_prefix('I').and_then(instrument::program) {
            if !settle(&mut self.parts[part].program, program) {
                self.losses.add("instrument change", "a part has one");
            }
        } else if text.starts_with("ITr") || text.starts_with("Tr") {
            self.losses.add("transposition", "notes are as they sound");
        } else if first && !LAYOUT.iter().any(|start| text.starts_with(start)) {
            self.lose_interpretation(text);
        }
    }

    fn lose_interpretation(&mut self, text: &str) {
        let (thing, why) = match text.as_bytes() {
            [b'M', b'X' | b'Z' | b'0'..=b'9', ..] => ("metre", "it is none of a score's"),
            [b'I', ..] => ("instrument", "General MIDI has none like it"),
            _ if text.ends_with("ped") => ("pedal mark", "a score holds none"),
            _ => ("interpretation", "a score holds none of its kind"),
        };
        self.losses.add(thing, why);
    }
}

/// Names a part that has no name. Says whether it is its name now.
fn settle_name(place: &mut Option<String>, name: &str) -> bool {
    place.get_or_insert_with(|| name.to_owned()) == name
}

/// A tempo in quarter notes per minute.
fn tempo(text: &str) -> Option<Tempo> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = text.parse().ok().filter(|_| plain)?;
    (number > 0.0 && number.is_finite()).then_some(Tempo(number))
}

/// A metre such as `3/4` or `2+3/8`.
fn metre(text: &str) -> Option<Metre> {
    let (counts, unit) = text.split_once('/')?;
    let digits = |text: &str| -> Option<u32> {
        text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut count = 0_u32;
    for term in counts.split('+') {
        count = count.checked_add(digits(term)?)?;
    }
    Metre::new(count, digits(unit)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_may_be_sums() {
        assert_eq!(metre("2+3/8"), Metre::new(5, 8));
        assert_eq!((metre("3/3"), metre("4"), metre("+/4"), metre("4/0")), (None, None, None, None));
    }

    #[test]
    fn tempi_are_numbers() {
        assert_eq!(tempo("66.5"), Some(Tempo(66.5)));
        for text in ["", "0", "[Andante]", "1e9", "inf", "nan", "-3", "..", &"9".repeat(400)] {
            assert_eq!(tempo(text), None, "{text}");
        }
    }
}
