//! Which staves there are, with their clefs and names, which voices stand on them, and which staves belong together.

use crate::score::{Beats, Note, Part, Pitch, Score, Voice};
use std::borrow::Cow;
use std::ops::Range;

/// A clef.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) enum Clef {
    #[default]
    Treble,
    /// A treble clef that sounds an octave lower.
    Treble8,
    Bass,
}

impl Clef {
    const ALL: [Self; 3] = [Self::Treble, Self::Bass, Self::Treble8];

    /// The staff position of the middle line, as [`Pitch::staff_position`] counts.
    fn middle(self) -> i32 {
        match self {
            Self::Treble => 34,
            Self::Treble8 => 27,
            Self::Bass => 22,
        }
    }

    /// Half spaces above the middle line.
    pub(super) fn position(self, pitch: Pitch) -> i32 {
        pitch.staff_position() - self.middle()
    }
}

/// A staff.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Staff {
    /// Its names, one above the other.
    pub(in super::super) names: Vec<String>,
    pub(in super::super) clef: Clef,
    /// How many verses stand under it.
    pub(in super::super) verses: usize,
}

/// Staves that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Group {
    pub(in super::super) staves: Range<usize>,
    pub(in super::super) joint: Joint,
    /// The name of all of it, if it has one.
    pub(in super::super) name: String,
}

/// What holds a group together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Joint {
    /// One player.
    Brace,
    /// A choir on two staves, or several parts.
    Bracket,
}

/// A staff and the voices on it.
#[derive(Debug, Default)]
pub(super) struct Seat<'a> {
    pub(super) staff: Staff,
    /// Top to bottom. A voice whose words stand under another staff already comes without them.
    pub(super) voices: Vec<Cow<'a, Voice>>,
    /// Whether its voices are singers, each to be told of its rests.
    pub(super) choir: bool,
}

/// All staves of a score.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) staves: Vec<Seat<'a>>,
    pub(super) groups: Vec<Group>,
}

/// The staves of a score: two for four voices that make a choir, two for a part on both sides of middle C, else one for each
/// part.
pub(super) fn plan(score: &Score) -> Plan<'_> {
    if let Some(plan) = choir(score) {
        return plan;
    }
    let mut plan = Plan::default();
    for part in &score.parts {
        let first = plan.staves.len();
        let (high, low): (Vec<&Voice>, Vec<&Voice>) = split(part);
        let name = told([part.name.as_str()].into_iter());
        let names = if low.is_empty() { name.clone() } else { Vec::new() };
        plan.staves.push(seat(names, high, part.voices.len() == 1));
        if !low.is_empty() {
            plan.staves.push(seat(Vec::new(), low, false));
            let staves = first..first + 2;
            plan.groups.push(Group { staves, joint: Joint::Brace, name: name.concat() });
        }
    }
    if plan.staves.is_empty() {
        plan.staves.push(Seat::default());
    }
    if score.parts.len() > 1 {
        let staves = 0..plan.staves.len();
        plan.groups.push(Group { staves, joint: Joint::Bracket, name: String::new() });
    }
    plan
}

/// A choir's two staves: the upper two voices, and the lower two.
fn choir(score: &Score) -> Option<Plan<'_>> {
    let voices: Vec<(&str, &Voice)> = score
        .parts
        .iter()
        .flat_map(|part| part.voices.iter().map(|voice| (part.name.as_str(), voice)))
        .collect();
    let [soprano, alto, tenor, bass] = voices.as_slice().try_into().ok()?;
    let parted = score.parts.len() == 4 || (score.parts.len() == 2 && score.parts[0].voices.len() == 2);
    let single = voices.iter().all(|(_, voice)| is_single(voice));
    let heights: Vec<f64> = voices.iter().filter_map(|(_, voice)| height(voice)).collect();
    let ordered = heights.len() == 4 && heights.windows(2).all(|pair| pair[0] + 2.0 > pair[1]);
    // From the third below middle C upwards, and up to the third above it.
    if !parted || !single || !ordered || heights[1] < 57.0 || heights[2] > 64.0 {
        return None;
    }
    if [alto, tenor, bass].iter().any(|(_, voice)| !sings_along(voice, soprano.1)) {
        return None;
    }
    let names = |upper: &str, lower: &str| match upper == lower {
        true => told([upper].into_iter()),
        false => told([upper, lower].into_iter()),
    };
    let staff = |clef, names| Staff { names, clef, verses: 0 };
    let upper = Seat {
        staff: staff(Clef::Treble, names(soprano.0, alto.0)),
        voices: vec![Cow::Borrowed(soprano.1), Cow::Owned(wordless(alto.1))],
        choir: true,
    };
    let lower = Seat {
        staff: staff(Clef::Bass, names(tenor.0, bass.0)),
        voices: vec![Cow::Owned(wordless(tenor.1)), Cow::Owned(wordless(bass.1))],
        choir: true,
    };
    let group = Group { staves: 0..2, joint: Joint::Bracket, name: String::new() };
    Some(Plan { staves: vec![upper, lower], groups: vec![group] })
}

/// Whether no two notes of a voice sound together.
fn is_single(voice: &Voice) -> bool {
    voice.notes.windows(2).all(|pair| pair[0].end() <= pair[1].onset)
}

/// Whether a voice has no words, or none that the soprano doesn't sing at the same time.
fn sings_along(voice: &Voice, soprano: &Voice) -> bool {
    voice.notes.iter().filter(|note| !note.lyrics.is_empty()).all(|note| {
        let same = soprano.notes.binary_search_by_key(&note.onset, |other| other.onset);
        same.is_ok_and(|at| soprano.notes[at].lyrics == note.lyrics)
    })
}

fn wordless(voice: &Voice) -> Voice {
    let mut voice = voice.clone();
    voice.notes.iter_mut().for_each(|note| note.lyrics.clear());
    voice
}

/// The mean MIDI number over a voice's time; `None` where it is silent.
fn height(voice: &Voice) -> Option<f64> {
    let (weighted, time) = voice.notes.iter().fold((0.0, 0.0), |(weighted, time), note| {
        let duration = note.duration.to_f64();
        (weighted + f64::from(number(note.pitch)) * duration, time + duration)
    });
    (time > 0.0).then(|| weighted / time)
}

/// The MIDI number, also beyond MIDI's range.
fn number(pitch: Pitch) -> i32 {
    12 * (i32::from(pitch.octave) + 1) + i32::from(pitch.step.semitones()) + i32::from(pitch.alter)
}

/// The voices of a part that lie high and those that lie low, where it has both; else all are in the first list.
fn split(part: &Part) -> (Vec<&Voice>, Vec<&Voice>) {
    let is_low = |voice: &&Voice| height(voice).map(|height| height < 60.0);
    let lows: Vec<Option<bool>> = part.voices.iter().map(|voice| is_low(&voice)).collect();
    if !(lows.contains(&Some(true)) && lows.contains(&Some(false))) {
        return (part.voices.iter().collect(), Vec::new());
    }
    let (mut high, mut low) = (Vec::new(), Vec::new());
    // A silent voice stands with the one above it.
    let mut last = false;
    for (voice, is_low) in part.voices.iter().zip(lows) {
        last = is_low.unwrap_or(last);
        if last { low.push(voice) } else { high.push(voice) }
    }
    (high, low)
}

fn seat(names: Vec<String>, voices: Vec<&Voice>, may_transpose: bool) -> Seat<'_> {
    let clef = clef(&voices, may_transpose);
    let voices = voices.into_iter().map(Cow::Borrowed).collect();
    Seat { staff: Staff { names, clef, verses: 0 }, voices, choir: false }
}

/// The names that tell a person something: not `1`, `V:2` or `S1V1`, which are a file's own.
fn told<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let is_name = |name: &&str| {
        let numbered = name.contains(|c: char| c.is_ascii_digit());
        !name.is_empty() && (!numbered || name.contains(char::is_lowercase))
    };
    names.filter(is_name).map(str::to_owned).collect()
}

/// The clef with the fewest ledger lines over the time of all notes; the one for tenors only for one melody.
fn clef(voices: &[&Voice], may_transpose: bool) -> Clef {
    let notes = || voices.iter().flat_map(|voice| &voice.notes);
    let is_melody = may_transpose && voices.iter().all(|voice| is_single(voice));
    let cost = |clef: &Clef| {
        let ledgers = |note: &Note| (clef.position(note.pitch).abs() - 4).max(0) / 2;
        let time: f64 = notes().map(|note| f64::from(ledgers(note)) * note.duration.to_f64()).sum();
        let total: f64 = notes().map(|note| note.duration.to_f64()).sum();
        // The rare clef must spare a ledger line on every third note.
        let spared = if *clef == Clef::Treble8 { total / 3.0 } else { 0.0 };
        // An empty sum may be a negative zero, which is less than zero.
        time + spared + 0.0
    };
    let clefs = Clef::ALL.into_iter().filter(|clef| is_melody || *clef != Clef::Treble8);
    clefs.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or_default()
}

/// When all voices of all staves end.
pub(super) fn end(plan: &Plan<'_>) -> Beats {
    let voices = plan.staves.iter().flat_map(|seat| &seat.voices);
    voices.flat_map(|voice| &voice.notes).map(Note::end).max().unwrap_or(Beats::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::example::{chorale, part};

    /// Clefs and the number of voices on each staff.
    #[track_caller]
    fn check(parts: Vec<Part>, expected: &str) {
        let score = Score { parts, ..Score::default() };
        let plan = plan(&score);
        let staves = plan.staves.iter().map(|seat| format!("{:?} {}", seat.staff.clef, seat.voices.len()));
        assert_eq!(staves.collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn a_choir_has_two_staves() {
        check(chorale().parts, "Treble 2, Bass 2");
    }

    #[test]
    fn a_choir_of_two_parts_too() {
        let parts = chorale().parts;
        let pair = |from: usize| Part {
            voices: parts[from..from + 2].iter().flat_map(|part| part.voices.clone()).collect(),
            ..Part::default()
        };
        check(vec![pair(0), pair(2)], "Treble 2, Bass 2");
    }

    #[test]
    fn voices_with_words_of_their_own_have_staves_of_their_own() {
        let mut parts = chorale().parts;
        parts[1].voices[0].notes[3].lyrics = vec!["other".to_owned()];
        check(parts, "Treble 1, Treble 1, Bass 1, Bass 1");
    }

    #[test]
    fn a_clef_spares_ledger_lines() {
        check(vec![part("", "C5 D5")], "Treble 1");
        check(vec![part("", "C3 D3")], "Bass 1");
        check(vec![part("", "G3 E4 G4 A4 E3")], "Treble8 1");
        check(vec![part("", "")], "Treble 1");
    }

    #[test]
    fn a_part_around_middle_c_has_two_staves() {
        let mut piano = part("Piano", "C5 D5");
        piano.voices.extend(part("", "C3 D3").voices);
        check(vec![piano], "Treble 1, Bass 1");
    }

    #[test]
    fn without_parts_there_is_one_staff() {
        check(vec![], "Treble 0");
    }
}
