//! The beats of notes that are told in seconds: where a listener would tap, and which part of a beat each note falls on.
//!
//! Dixon, *Automatic extraction of tempo and beat from expressive performances*, Journal of New Music Research 30, 2001 (the
//! task); Ellis, *Beat tracking by dynamic programming*, the same 36, 2007 (the search); Cemgil & Kappen, *Monte Carlo methods for
//! tempo tracking and rhythm quantization*, JAIR 18, 2003 (notes scattered around the places of a beat, of unequal weight).
//!
//! 1. [`track`] finds the beats: of all rows of beats the one under which the notes fall best on the places of the beat, and
//!    whose tempo changes least. A tempo that the score tells is where it looks.
//! 2. [`snap`] lays the notes of each beat on halves, thirds, quarters or sixths of it; where off-beats are late, halves
//!    are swung: two thirds and one third.
//! 3. Which beat begins a bar no one tells: bars of four are laid so that the longest notes begin them.

mod snap;
mod track;

#[cfg(test)]
mod tests;

use etude_piece::score::csv::UNTOLD;
use etude_piece::score::{Beats, Clock, Metre, Note, Score, Tempo, Voice};

/// Places of a beat that notes are laid on.
const PLACES: usize = 12;

/// Fewer onsets than this tell no beat.
const FEWEST: usize = 8;

/// A score without metre, whose notes don't lie on its beats, with beats that they lie on; or nothing where it has its own.
pub(super) fn found(score: &Score) -> Option<Score> {
    if !score.metres.is_empty() || lies_on_its_beats(score) {
        return None;
    }
    let clock = Clock::of(score);
    let mut onsets: Vec<f64> =
        score.voices().flat_map(|voice| &voice.notes).map(|note| clock.seconds(note.onset)).collect();
    onsets.sort_by(f64::total_cmp);
    onsets.dedup_by(|b, a| *b - *a < 0.03);
    if onsets.len() < FEWEST {
        return None;
    }
    let taps = track::track(&onsets, told(score))?;
    let places = snap::places(&onsets, &taps);
    Some(laid(score, &clock, &taps, &onsets, &places))
}

/// A tempo slower than this is counted twice as fast: ballads are played in double time, and their sixteenths are eighths.
const SLOWEST: f64 = 85.0;

/// Seconds of a beat, if the score tells its tempo.
fn told(score: &Score) -> Option<f64> {
    let tempo = score.tempi.first().map(|&(_, tempo)| tempo).filter(|tempo| *tempo != UNTOLD)?.0;
    let doubled = if tempo < SLOWEST { 2.0 * tempo } else { tempo };
    Some(60.0 / doubled)
}

/// Whether nine of ten notes begin on a twenty-fourth of one of its beats.
fn lies_on_its_beats(score: &Score) -> bool {
    let unit = Beats::new(1, 24);
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    let on = notes().filter(|note| note.onset.exact_div(unit).is_some()).count();
    10 * on >= 9 * notes().count()
}

/// The score with its notes on the places of the beats.
fn laid(score: &Score, clock: &Clock, taps: &[f64], onsets: &[f64], places: &[i64]) -> Score {
    let place_of = |note: &Note| {
        let at = onsets.partition_point(|onset| *onset <= clock.seconds(note.onset) + 1e-9).max(1) - 1;
        places[at]
    };
    let unit = Beats::new(1, PLACES as i64);
    let lay = |voice: &Voice| {
        let sounding = voice.sounding();
        let mut notes: Vec<Note> = Vec::with_capacity(sounding.len());
        for note in sounding {
            let from = place_of(&note);
            let until = (snap::exact(taps, clock.seconds(note.end())) * PLACES as f64).round() as i64;
            let (onset, end) = (unit * from, unit * until.max(from + 1));
            notes.push(Note { onset, duration: end - onset, ..note });
        }
        notes.sort_by_key(|note| (note.onset, note.pitch.midi()));
        for index in 1..notes.len() {
            let next = notes[index].onset;
            let note = &mut notes[index - 1];
            let gap = next - note.end();
            // A short gap is how the note was played, and not a rest.
            if gap > Beats::ZERO && gap <= SHORTEST_REST && next > note.onset {
                note.duration = next - note.onset;
            }
        }
        Voice::from(notes)
    };
    let parts = score.parts.iter().map(|part| etude_piece::score::Part {
        voices: part.voices.iter().map(lay).collect(),
        ..part.clone()
    });
    let mut laid =
        Score { parts: parts.collect(), metres: vec![(Beats::ZERO, Metre::COMMON)], ..score.clone() };
    let tempo = 60.0 * (taps.len() - 1) as f64 / (taps[taps.len() - 1] - taps[0]);
    laid.tempi = vec![(Beats::ZERO, Tempo((10.0 * tempo).round() / 10.0))];
    laid.bars.clear();
    barred(&mut laid);
    laid
}

/// A gap of at most so much isn't a rest.
const SHORTEST_REST: Beats = Beats::QUARTER;

/// Moves all notes on by whole beats, so that bars of four begin where the longest notes do.
fn barred(score: &mut Score) {
    let mut weights = [0.0; 4];
    for note in score.voices().flat_map(|voice| &voice.notes) {
        if note.onset.denominator() == 1 {
            weights[note.onset.numerator().rem_euclid(4) as usize] += note.duration.to_f64().min(4.0);
        }
    }
    // Bars begin on the first and are halved by the third.
    let weight = |beat: usize| 2.0 * weights[beat] + weights[(beat + 2) % 4];
    let first = (0..4).max_by(|&a, &b| weight(a).total_cmp(&weight(b)).then(b.cmp(&a))).unwrap_or(0);
    let by = Beats::whole(((4 - first) % 4) as i64);
    let notes = score.parts.iter_mut().flat_map(|part| &mut part.voices).flat_map(|voice| &mut voice.notes);
    notes.for_each(|note| note.onset = note.onset + by);
}
