//! Drafts that are made from whole pieces: a piece with some of its notes opened, and a piece on its way to another.

use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::Draft;
use etude_piece::score::{Frame, Grid, Onset};

/// The stream of the notes that a variation opens; no chain has it.
const VARIED: u64 = u64::MAX - 1;
/// The most notes of a voice that a variation opens at once.
const MOST_TOGETHER: usize = 4;
/// The golden ratio, less one: its multiples are spread evenly.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

/// A draft with about this share of what it pins opened, 0..=1: runs of 1 to 4 notes of one voice, drawn by the seed.
///
/// # Errors
///
/// A share out of range.
pub(super) fn varied(draft: &Draft, share: f64, seed: u64) -> Result<Draft> {
    check(share)?;
    let mut voices: Vec<Vec<std::ops::Range<usize>>> =
        (0..draft.frame.voices).map(|voice| notes(draft, voice)).collect();
    let mut runs: Vec<(usize, usize)> = voices
        .iter()
        .enumerate()
        .flat_map(|(voice, notes)| (0..notes.len()).map(move |note| (voice, note)))
        .collect();
    let all: usize = voices.iter().flatten().map(ExactSizeIterator::len).sum();
    let mut left = (share * all as f64).round() as usize;
    let mut chance = Chance::new(seed, VARIED);
    chance.shuffle(&mut runs);
    let mut opened = vec![false; draft.frame.steps * draft.frame.voices];
    for (voice, first) in runs {
        let end = (first + 1 + chance.below(MOST_TOGETHER)).min(voices[voice].len());
        for note in &mut voices[voice][first..end] {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(note.len());
            // What is open already counts once.
            for step in std::mem::take(note) {
                opened[step * draft.frame.voices + voice] = true;
            }
        }
    }
    Ok(without(draft, |step, voice| opened[step * draft.frame.voices + voice]))
}

/// A piece so far on its way to another, 0..=1: of each half note that both have, all voices are kept from the first, kept from
/// the second, or open. At share s these have the chances (1 − s)², s² and 2s(1 − s); at 0 it is the first piece and at 1 the
/// second, and a half note that has left the first doesn't come back.
///
/// The second is moved into the key of the first, and its notes outside the voices' `ranges` are open.
///
/// # Errors
///
/// A share out of range, and pieces of another number of voices.
pub(super) fn between(first: &Draft, second: &Grid, ranges: &[Alphabet], share: f64) -> Result<Draft> {
    check(share)?;
    let (frame, voices) = (&first.frame, first.frame.voices);
    if second.voices() != voices {
        return Err(Error::usage(
            format!("a piece of {} voices to go towards", second.voices()),
            format!("all {voices} voices, as in a chorale"),
        ));
    }
    let second = in_key_of(second, frame);
    let block = 2 * frame.steps_per_quarter;
    let lead = second.frame.pickup as i64 - frame.pickup as i64;
    let mut draft = Draft::open(frame.clone());
    for step in 0..frame.steps {
        // Blocks are counted from the first full bar.
        let number = (step + block * (frame.pickup / block + 1) - frame.pickup) / block;
        let place = (number as f64 * GOLDEN).fract();
        let there = usize::try_from(step as i64 + lead).ok().filter(|&there| there < second.steps());
        for (voice, range) in ranges.iter().enumerate() {
            match there.map(|there| second.at(there, voice)) {
                Some(cell) if place >= 1.0 - share * share => {
                    if cell.pitch.is_some() && range.symbol(cell.pitch).is_some() {
                        draft.pin(step, voice, cell);
                    }
                }
                Some(_) if place >= (1.0 - share).powi(2) => {}
                _ => {
                    draft.narrow(step, voice, first.hole(step, voice));
                    draft.mark(step, voice, first.onset(step, voice));
                }
            }
        }
    }
    untie(&mut draft);
    Ok(draft)
}

/// A piece in the key of a frame: the same tonic where both are major or both minor, else the same signature.
fn in_key_of(grid: &Grid, frame: &Frame) -> Grid {
    let (Some(from), Some(to)) = (grid.frame.key, frame.key) else { return grid.clone() };
    let class = |key: etude_piece::score::Key| {
        let relative = from.mode.is_minor() != to.mode.is_minor() && key.mode.is_minor();
        i32::from(key.tonic_class()) + if relative { 3 } else { 0 }
    };
    let up = (class(to) - class(from)).rem_euclid(12);
    let nearest = if up > 6 { up - 12 } else { up };
    [nearest, nearest - 12, nearest + 12]
        .iter()
        .find_map(|&shift| grid.transposed(shift))
        .unwrap_or_else(|| grid.clone())
}

fn check(share: f64) -> Result<()> {
    match (0.0..=1.0).contains(&share) {
        true => Ok(()),
        false => Err(Error::usage(format!("a share of {share}"), "from 0 to 1")),
    }
}

/// The notes that a draft pins in a voice, as ranges of steps.
fn notes(draft: &Draft, voice: usize) -> Vec<std::ops::Range<usize>> {
    let mut notes: Vec<std::ops::Range<usize>> = Vec::new();
    for step in 0..draft.frame.steps {
        let hole = draft.hole(step, voice);
        if hole.len() != 1 || hole.rest {
            continue;
        }
        let goes_on = draft.onset(step, voice) != Onset::Struck;
        match notes.last_mut() {
            Some(last) if last.end == step && goes_on && draft.hole(step - 1, voice) == hole => last.end += 1,
            _ => notes.push(step..step + 1),
        }
    }
    notes
}

/// The same draft with some cells open.
fn without(draft: &Draft, opened: impl Fn(usize, usize) -> bool) -> Draft {
    let mut copy = Draft::open(draft.frame.clone());
    for step in 0..draft.frame.steps {
        for voice in (0..draft.frame.voices).filter(|&voice| !opened(step, voice)) {
            copy.narrow(step, voice, draft.hole(step, voice));
            copy.mark(step, voice, draft.onset(step, voice));
        }
    }
    untie(&mut copy);
    copy
}

/// Lets nothing be tied to a cell of another pitch or an open one.
fn untie(draft: &mut Draft) {
    for step in 0..draft.frame.steps {
        for voice in 0..draft.frame.voices {
            let alike = step > 0 && draft.hole(step - 1, voice) == draft.hole(step, voice);
            if draft.onset(step, voice) == Onset::Held && !alike {
                draft.mark(step, voice, Onset::Unmarked);
            }
        }
    }
}
