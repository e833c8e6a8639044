//! Which staff a voice stands on, and the staves' clefs, by how high the music lies.

use crate::score::{Part, Voice};

/// A clef: its sign, the line it stands on, and by how many octaves it transposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clef {
    pub(super) sign: &'static str,
    pub(super) line: u8,
    pub(super) octaves: i8,
}

const TREBLE: Clef = Clef { sign: "G", line: 2, octaves: 0 };
const TENOR: Clef = Clef { sign: "G", line: 2, octaves: -1 };
const BASS: Clef = Clef { sign: "F", line: 4, octaves: 0 };

/// The staves of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Staves {
    /// The staff of each voice, counted from 0.
    pub(super) of_voice: Vec<usize>,
    /// The clef of each staff, one or two.
    pub(super) clefs: Vec<Clef>,
}

/// A part of several voices that lie on both sides of middle C has two staves, any other has one.
pub(super) fn staves(part: &Part) -> Staves {
    let low: Vec<Option<bool>> = part.voices.iter().map(is_low).collect();
    let one_staff = !(low.contains(&Some(true)) && low.contains(&Some(false)));
    if one_staff {
        let all_low = low.contains(&Some(true));
        let clef = if is_tenor(part) { TENOR } else { [TREBLE, BASS][usize::from(all_low)] };
        return Staves { of_voice: vec![0; low.len()], clefs: vec![clef] };
    }
    // A silent voice stands with the one above it.
    let mut staff = 0;
    let mut place = |low: Option<bool>| {
        staff = low.map_or(staff, usize::from);
        staff
    };
    Staves { of_voice: low.into_iter().map(&mut place).collect(), clefs: vec![TREBLE, BASS] }
}

/// Whether a voice lies below middle C, on the mean of its sounding time; `None` if it is silent.
fn is_low(voice: &Voice) -> Option<bool> {
    let sounding = voice.notes.iter().filter_map(|note| Some((note.pitch.midi()?, note.duration.to_f64())));
    let (weighted, time) = sounding.fold((0.0, 0.0), |(weighted, time), (pitch, duration)| {
        (weighted + f64::from(pitch) * duration, time + duration)
    });
    (time > 0.0).then(|| weighted / time < 60.0)
}

/// Whether it is a tenor's part, within its range C3..C5.
fn is_tenor(part: &Part) -> bool {
    let pitches = || part.voices.iter().flat_map(|voice| &voice.notes).filter_map(|note| note.pitch.midi());
    part.name.to_lowercase().contains("tenor") && pitches().all(|pitch| (48..=72).contains(&pitch))
}
