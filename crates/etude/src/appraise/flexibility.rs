//! Flexibility: random drafts, to see whether a model obeys them.
//!
//! A draft that can be met is drawn constraint by constraint, each kept only if all those so far can be met together with
//! it: so whatever isn't met later is the model's fault. A draft that can't be met holds a few constraints that contradict
//! each other, the model's ranges or the piece, among others that don't.

use crate::inference::chance::Chance;
use crate::inference::constraint::{Constraint, Kind, compile};
use crate::music::compose::{Request, sounding};
use etude_piece::alphabet::Alphabet;
use etude_piece::score::grid::voice_name;
use etude_piece::score::{Frame, Key, Metre, Pitch};

/// What a random draft asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Single notes anywhere in a voice's alphabet, one every other bar.
    Pins,
    /// A narrow range for each voice.
    Ranges,
    /// The key's scale, chord notes on the first beats, forbidden pitch classes, an end on the tonic.
    Scales,
    /// Given rhythms, held bars, struck first beats.
    Rhythms,
    /// Up to one constraint of any kind for each voice and bar.
    Mixed,
}

impl Theme {
    /// All themes, in order.
    pub const ALL: [Self; 5] = [Self::Pins, Self::Ranges, Self::Scales, Self::Rhythms, Self::Mixed];

    /// Its name.
    pub const fn name(self) -> &'static str {
        ["pins", "ranges", "scales", "rhythms", "mixed"][self as usize]
    }

    /// What it asks for, in words.
    pub const fn meaning(self) -> &'static str {
        [
            "single notes pinned anywhere in a voice's alphabet",
            "a narrow range for each voice",
            "the key's scale, chord notes on first beats, forbidden notes, closes",
            "given rhythms, held bars, struck first beats",
            "any of the language's sets for each voice and bar",
        ][self as usize]
    }

    /// Draws constraints for a piece of `bars` bars of 4/4, all of which can be met together.
    pub fn draw(self, ask: &Ask, chance: &mut Chance) -> Vec<Constraint> {
        let mut drawing = Drawing { ask, kept: Vec::new() };
        match self {
            Self::Pins => drawing.pins(chance),
            Self::Ranges => drawing.ranges(chance),
            Self::Scales => drawing.scales(chance),
            Self::Rhythms => drawing.rhythms(chance),
            Self::Mixed => drawing.mixed(chance),
        }
        drawing.kept
    }
}

/// For what a draft is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What each voice may sing, shape (V).
    pub alphabets: &'a [Alphabet],
    /// Steps in a quarter note.
    pub steps_per_quarter: usize,
    /// Full bars of 4/4.
    pub bars: usize,
    /// The key.
    pub key: Key,
}

impl Ask<'_> {
    /// A voice as constraints name it.
    fn voice(&self, voice: usize) -> String {
        let voices = self.alphabets.len();
        match voices {
            1..=4 => voice_name(voice, voices).chars().take(1).collect(),
            _ => (voice + 1).to_string(),
        }
    }

    /// A pitch as constraints name it.
    fn name(&self, pitch: u8) -> String {
        Pitch::spell(pitch, self.key).to_string()
    }

    /// A pitch that a voice can sing, by name; C4 for a voice that can't sing.
    fn pitch(&self, voice: usize, chance: &mut Chance) -> String {
        let pitches = self.alphabets[voice].pitches();
        self.name(if pitches.is_empty() { 60 } else { pitches[chance.below(pitches.len())] })
    }

    /// Whether a piece can keep all of these.
    fn can_be_met(&self, constraints: &[Constraint]) -> bool {
        let frame = Frame {
            steps_per_quarter: self.steps_per_quarter,
            key: Some(self.key),
            metre: Some(Metre::COMMON),
            ..Frame::sixteenths(self.alphabets.len(), 4 * self.steps_per_quarter * self.bars)
        };
        let mut all = constraints.to_vec();
        all.extend(sounding(&Request { constraints: all.clone(), ..Request::default() }));
        compile(None, &frame, self.key, self.alphabets, &all).is_ok()
    }
}

/// The constraints of a draft so far.
struct Drawing<'a> {
    ask: &'a Ask<'a>,
    kept: Vec<Constraint>,
}

impl Drawing<'_> {
    fn add(&mut self, constraint: Constraint) {
        self.kept.push(constraint);
        if !self.ask.can_be_met(&self.kept) {
            self.kept.pop();
        }
    }

    fn voices(&self) -> usize {
        self.ask.alphabets.len()
    }

    fn pins(&mut self, chance: &mut Chance) {
        for voice in 0..self.voices() {
            for bar in 1..=self.ask.bars {
                let (pitch, beat) = (self.ask.pitch(voice, chance), 1 + chance.below(4));
                if chance.below(2) == 0 {
                    self.add(keep(&format!("{}@{bar}.{beat}={pitch}", self.ask.voice(voice))));
                }
            }
        }
    }

    fn ranges(&mut self, chance: &mut Chance) {
        /// Pitches of a voice's alphabet that are left to it.
        const WIDTH: usize = 8;
        for (voice, alphabet) in self.ask.alphabets.iter().enumerate() {
            let pitches = alphabet.pitches();
            if pitches.is_empty() {
                continue;
            }
            let low = chance.below(pitches.len().saturating_sub(WIDTH) + 1);
            let high = (low + WIDTH - 1).min(pitches.len() - 1);
            let [low, high] = [low, high].map(|index| self.ask.name(pitches[index]));
            self.add(keep(&format!("{}={low}..{high}", self.ask.voice(voice))));
        }
    }

    fn scales(&mut self, chance: &mut Chance) {
        self.add(keep("*=scale"));
        if chance.below(2) == 0 {
            self.add(keep("@*.1=^1,^3,^5"));
        }
        for voice in 0..self.voices() {
            let pitch = self.ask.pitch(voice, chance);
            let class = pitch.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
            if chance.below(2) == 0 {
                self.add(forbid(&format!("{}={class}", self.ask.voice(voice))));
            }
        }
        if chance.below(2) == 0 {
            self.add(keep(&format!("{}@end=tonic", self.ask.voice(self.voices() - 1))));
        }
        if chance.below(2) == 0 {
            self.add(keep("@last=cadence"));
        }
    }

    fn rhythms(&mut self, chance: &mut Chance) {
        const RHYTHMS: [&str; 4] = ["1,1/2,1/2", "2,1,1", "1", "3/2,1/2"];
        for bar in 1..=self.ask.bars {
            let voice = self.ask.voice(chance.below(self.voices()));
            let rhythm = RHYTHMS[chance.below(RHYTHMS.len())];
            self.add(keep(&format!("{voice}@{bar}=rhythm:{rhythm}")));
            let voice = self.ask.voice(chance.below(self.voices()));
            self.add(match chance.below(2) {
                0 => keep(&format!("{voice}@{bar}=hold")),
                _ => keep(&format!("{voice}@{bar}.1=strike")),
            });
        }
    }

    fn mixed(&mut self, chance: &mut Chance) {
        let bars = self.ask.bars;
        for voice in 0..self.voices() {
            let name = self.ask.voice(voice);
            for bar in 1..=bars {
                let (a, b) = (self.ask.pitch(voice, chance), self.ask.pitch(voice, chance));
                let beat = 1 + chance.below(4);
                self.add(match chance.below(11) {
                    0 => keep(&format!("{name}@{bar}.{beat}={a}")),
                    1 => keep(&format!("{name}@{bar}={a},{b}")),
                    2 => forbid(&format!("{name}@{bar}={a},{b}")),
                    3 => keep(&format!("{name}@{bar}=scale")),
                    4 => keep(&format!("{name}@{bar}=rhythm:1,1/2,1/2")),
                    5 => keep(&format!("{name}@{bar}.{beat}=rest")),
                    6 => keep(&format!("{name}@{bar}=sounding")),
                    7 => keep(&format!("{name}@{bar}=tonic,^5")),
                    8 => keep(&format!("{name}@{bar}=hold")),
                    9 => forbid(&format!("{name}@{bar}=rest")),
                    _ => continue,
                });
            }
        }
        if chance.below(4) == 0 && self.kept.iter().all(|c| !c.text().contains(&format!("@{bars}"))) {
            self.add(keep("@last=cadence"));
        }
    }
}

/// A few constraints that contradict each other, the model or the piece; `None` if no voice can sing two pitches.
pub fn contradictory(ask: &Ask, chance: &mut Chance) -> Option<Vec<Constraint>> {
    let voices: Vec<usize> =
        (0..ask.alphabets.len()).filter(|&v| ask.alphabets[v].pitches().len() > 1).collect();
    if voices.is_empty() {
        return None;
    }
    let voice = voices[chance.below(voices.len())];
    let (name, bar, beat) = (ask.voice(voice), 1 + chance.below(ask.bars), 1 + chance.below(4));
    let pitches = ask.alphabets[voice].pitches();
    let index = chance.below(pitches.len() - 1);
    let [a, b] = [index, index + 1].map(|index| ask.name(pitches[index]));
    let foreign = (0..128).rev().find(|pitch| !pitches.contains(pitch)).map(|pitch| ask.name(pitch));
    let place = format!("{name}@{bar}.{beat}");
    Some(match (chance.below(7), foreign) {
        (0, _) => vec![keep(&format!("{place}={a}")), keep(&format!("{place}={b}"))],
        (1, _) => vec![keep(&format!("{place}={a},{b}")), forbid(&format!("{name}@{bar}={a},{b}"))],
        (2, _) => vec![keep(&format!("{place}=rest")), keep(&format!("{name}@{bar}=sounding"))],
        (3, Some(foreign)) => vec![keep(&format!("{place}={foreign}"))],
        (4, _) => vec![keep(&format!("{name}@{}={a}", ask.bars + 1))],
        (5, _) => vec![
            keep(&format!("{name}@{bar}=hold")),
            keep(&format!("{name}@{bar}.2={a}")),
            keep(&format!("{name}@{bar}.3={b}")),
        ],
        _ => vec![keep(&format!("{place}={a}")), forbid(&format!("{place}={a}"))],
    })
}

/// Constraints that contradict nothing, to hide others among.
pub fn harmless() -> Vec<Constraint> {
    vec![keep("*=sounding,rest"), forbid("*@1=C0")]
}

/// A constraint of `--keep`; the texts of this file are in the language.
pub(super) fn keep(text: &str) -> Constraint {
    Constraint::parse(Kind::Keep, text).expect("a text of the language")
}

fn forbid(text: &str) -> Constraint {
    Constraint::parse(Kind::Forbid, text).expect("a text of the language")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws a thousand drafts for these alphabets, and says how many constraints they had.
    #[track_caller]
    fn check(alphabets: &[Alphabet], steps_per_quarter: usize, least: usize) {
        let ask = Ask { alphabets, steps_per_quarter, bars: 2, key: Key::C_MAJOR };
        let mut drawn = 0;
        for seed in 0..200 {
            for theme in Theme::ALL {
                let constraints = theme.draw(&ask, &mut Chance::new(seed, theme as u64));
                assert!(ask.can_be_met(&constraints), "{constraints:?}");
                drawn += constraints.len();
            }
            if let Some(mut guilty) = contradictory(&ask, &mut Chance::new(seed, 9)) {
                guilty.extend(harmless());
                assert!(!ask.can_be_met(&guilty), "{guilty:?}");
            }
        }
        assert!(drawn >= least, "{drawn} constraints");
    }

    #[test]
    fn four_voices_are_asked_for_much_that_can_be_met() {
        let ranges = [(60, 79), (53, 72), (48, 67), (40, 60)];
        check(&ranges.map(|(low, high)| Alphabet::range(low, high)), 4, 3_000);
    }

    #[test]
    fn a_melody_can_be_asked() {
        check(&[Alphabet::range(55, 79)], 2, 1_000);
    }

    #[test]
    fn seven_voices_are_numbered() {
        check(&vec![Alphabet::range(48, 72); 7], 4, 3_000);
    }

    #[test]
    fn every_pitch_has_a_name_that_reads() {
        check(&[Alphabet::range(0, 127)], 4, 1_000);
    }

    #[test]
    fn voices_with_hardly_a_pitch_are_asked_for_little() {
        check(&[Alphabet::new([61]), Alphabet::new([50, 62])], 1, 1);
    }
}
