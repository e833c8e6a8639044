//! Chords from notes: each span's pitch classes against templates, with a price for every change (Viterbi).
//!
//! A span is half a bar, or a third of it where a bar has three beats. Of a span with weight w(c) on pitch class c, the
//! chord with classes K has the log-odds Σ w(c) · ln p(c | K), where p shares 1 − ε equally among the classes of K and ε
//! among the others: larger chords must earn their additional notes. The bass counts for the root. Between two spans
//! a change costs [`CHANGE`]. Fujishima, *Realtime chord recognition of musical sound*, ICMC 1999 (templates); Sheh & Ellis,
//! *Chord segmentation and recognition using EM-trained hidden Markov models*, ISMIR 2003 (Viterbi).

use super::super::chord::Chord;
use super::line::Line;
use super::voices::Voice;
use etude_piece::score::Frame;

/// What a chord may be: semitones above its root.
const TEMPLATES: [&[u8]; 7] =
    [&[0, 4, 7], &[0, 3, 7], &[0, 4, 7, 10], &[0, 3, 7, 10], &[0, 4, 7, 11], &[0, 3, 6], &[0, 3, 6, 10]];

/// What a bar's worth of strange notes weighs, as a share: ε.
const STRANGE: f64 = 0.12;

/// Nats that a change costs; a span's weights sum to [`WEIGHT`].
const CHANGE: f64 = 1.6;

/// The weight of a span that is full of sound.
const WEIGHT: f64 = 6.0;

/// Nats for a root in the bass.
const ROOT: f64 = 0.9;

/// The chords below a line, by step. None where there is little but the line.
pub(super) fn chords(voices: &[Voice], line: &Line, frame: &Frame) -> Vec<(usize, Chord)> {
    let length =
        |notes: &mut dyn Iterator<Item = (f64, f64)>| notes.map(|(onset, end)| end - onset).sum::<f64>();
    let all = length(&mut voices.iter().flat_map(|voice| &voice.notes).map(|note| (note.onset, note.end)));
    let own = length(&mut line.notes.iter().map(|note| (note.onset, note.end)));
    if all < 1.4 * own {
        return Vec::new();
    }
    let starts = spans(frame);
    let odds = odds(voices, &starts, frame);
    let mut chords: Vec<(usize, Chord)> = Vec::new();
    for (&start, state) in starts.iter().zip(viterbi(&odds)) {
        let chord = of_state(state);
        if chords.last().is_none_or(|last| last.1 != chord) {
            chords.push((start, chord));
        }
    }
    chords
}

/// How many states there are: each template on each root, and no chord.
const STATES: usize = 12 * TEMPLATES.len() + 1;

fn of_state(state: usize) -> Chord {
    if state == STATES - 1 {
        return Chord::NONE;
    }
    Chord::new((state % 12) as u8, TEMPLATES[state / 12])
}

/// The steps at which a chord may begin.
fn spans(frame: &Frame) -> Vec<usize> {
    let bar = frame.steps_per_bar();
    let beats = (bar / frame.steps_per_quarter.max(1)).max(1);
    let parts = match beats {
        1 => 1,
        n if n % 2 == 0 => 2,
        n if n % 3 == 0 => 3,
        _ => 1,
    };
    let mut starts = vec![0];
    for from in (frame.pickup..frame.steps).step_by(bar) {
        starts.extend((0..parts).map(|part| from + part * bar / parts).filter(|start| *start < frame.steps));
    }
    starts.dedup();
    starts
}

/// Log-odds of every state in every span.
fn odds(voices: &[Voice], starts: &[usize], frame: &Frame) -> Vec<[f64; STATES]> {
    let quarter = frame.steps_per_quarter as f64;
    let span_of =
        |at: f64| starts.partition_point(|&start| start as f64 / quarter <= at + 1e-6).saturating_sub(1);
    let end_of = |span: usize| starts.get(span + 1).map_or(f64::INFINITY, |&start| start as f64 / quarter);
    let mut weights = vec![[0.0; 12]; starts.len()];
    let mut bass: Vec<Option<u8>> = vec![None; starts.len()];
    for note in voices.iter().flat_map(|voice| &voice.notes) {
        let mut span = span_of(note.onset);
        let mut from = note.onset;
        loop {
            let until = note.end.min(end_of(span));
            weights[span][usize::from(note.pitch % 12)] += (until - from).max(0.0);
            if bass[span].is_none_or(|lowest| note.pitch < lowest) && until - from > 0.1 {
                bass[span] = Some(note.pitch);
            }
            if until >= note.end || span + 1 == starts.len() {
                break;
            }
            (span, from) = (span + 1, until);
        }
    }
    weights.iter().zip(&bass).map(|(weights, bass)| of_span(weights, *bass)).collect()
}

fn of_span(weights: &[f64; 12], bass: Option<u8>) -> [f64; STATES] {
    let total: f64 = weights.iter().sum();
    let mut odds = [0.0; STATES];
    if total <= 0.0 {
        // Silence goes with anything.
        return odds;
    }
    for (state, odd) in odds.iter_mut().enumerate().take(STATES - 1) {
        let chord = of_state(state);
        let size = f64::from(chord.classes.count_ones());
        let (inside, outside) = (((1.0 - STRANGE) / size).ln(), (STRANGE / (12.0 - size)).ln());
        let shares = weights.iter().enumerate().map(|(class, weight)| {
            weight / total * if chord.classes >> class & 1 == 1 { inside } else { outside }
        });
        *odd = WEIGHT * shares.sum::<f64>();
        *odd += if bass.is_some_and(|bass| bass % 12 == chord.root) { ROOT } else { 0.0 };
    }
    odds[STATES - 1] = WEIGHT * (1.0f64 / 12.0).ln();
    odds
}

/// The likeliest states.
fn viterbi(odds: &[[f64; STATES]]) -> Vec<usize> {
    let best_of = |scores: &[f64; STATES]| {
        let best = (0..STATES).max_by(|&a, &b| scores[a].total_cmp(&scores[b]).then(b.cmp(&a)));
        best.unwrap_or(STATES - 1)
    };
    let mut scores = [0.0; STATES];
    let mut from: Vec<[u8; STATES]> = Vec::with_capacity(odds.len());
    for span in odds {
        let best = best_of(&scores);
        let mut came = [0; STATES];
        for state in 0..STATES {
            let changed = scores[best] - CHANGE;
            let stays = scores[state] >= changed;
            came[state] = if stays { state as u8 } else { best as u8 };
        }
        let before = scores;
        for state in 0..STATES {
            scores[state] = span[state] + before[state].max(before[best] - CHANGE);
        }
        from.push(came);
    }
    let mut state = best_of(&scores);
    let mut path = vec![state; odds.len()];
    for span in (0..odds.len()).rev() {
        path[span] = state;
        state = usize::from(from[span][state]);
    }
    path
}
