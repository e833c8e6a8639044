//! Whole chords as moves: for a stretch in which no voice moves, all voices but one are drawn at once, from the corpus's
//! chords in this key that have what the remaining voice sings. The current chord must be among them, so that the move
//! is a Gibbs step on a subset of the pieces, and leaves the distribution as it is.

use super::MaxEnt;
use super::encode::{Context, Encoded};
use super::energy::Terms;
use crate::appraise::voice_leading::parallel;
use crate::kernels;
use crate::music::rules::Rules;
use rustc_hash::FxHashMap;

/// The chords of one key, found by what a voice sings.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Symbols, shape (chords, V), ascending.
    chords: Vec<u8>,
    /// (voicing class, harmony class) of each chord.
    classes: Vec<(u32, u32)>,
    /// The chords with a symbol in a voice, shape (V, Q_v, their number).
    by_symbol: Vec<Vec<Vec<u32>>>,
    /// Where a chord stands.
    places: FxHashMap<Vec<u8>, u32>,
    voices: usize,
}

impl Columns {
    /// The chords of the model's corpus in the key of `context`.
    pub fn new(model: &MaxEnt, context: &Context) -> Self {
        let voices = model.layout.voices;
        let chords = model.vocabulary.in_key(context, &model.alphabets);
        let classes = chords.iter().map(|chord| {
            let pitches: Vec<Option<u8>> =
                model.alphabets.iter().zip(chord).map(|(a, &s)| a.pitch(s)).collect();
            (model.classes.voicing(&pitches) as u32, model.classes.harmony(&pitches, context.tonic()) as u32)
        });
        let classes = classes.collect();
        let mut by_symbol: Vec<Vec<Vec<u32>>> =
            model.layout.sizes.iter().map(|&size| vec![Vec::new(); size]).collect();
        for (index, chord) in chords.iter().enumerate() {
            for (voice, &symbol) in chord.iter().enumerate() {
                by_symbol[voice][usize::from(symbol)].push(index as u32);
            }
        }
        let places = chords.iter().cloned().zip(0..).collect();
        Self { chords: chords.concat(), classes, by_symbol, places, voices }
    }

    /// The number of chords.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there is no chord to draw.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The symbols of chord `index`, shape (V).
    pub fn chord(&self, index: usize) -> &[u8] {
        &self.chords[index * self.voices..(index + 1) * self.voices]
    }

    /// The index of a chord, if it is among those that may be drawn.
    pub fn place(&self, chord: &[u8]) -> Option<u32> {
        self.places.get(chord).copied()
    }

    /// The chords in which `voice` sings `symbol`.
    pub fn with(&self, voice: usize, symbol: u8) -> &[u32] {
        &self.by_symbol[voice][usize::from(symbol)]
    }
}

/// A stretch whose chord is to be drawn.
pub struct Stretch<'a> {
    model: &'a MaxEnt,
    piece: &'a Encoded,
    columns: &'a Columns,
    rules: Rules,
    start: usize,
    end: usize,
    /// Log-odds of each voice's symbols from fields and partners outside the stretch, −∞ where barred, shape (V, Q).
    outside: Vec<Vec<f64>>,
}

impl<'a> Stretch<'a> {
    /// The steps `start..end` of a piece; `allows(voice, symbol)` says what the draft leaves open there.
    pub fn new(
        model: &'a MaxEnt,
        piece: &'a Encoded,
        columns: &'a Columns,
        rules: Rules,
        (start, end): (usize, usize),
        allows: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let outside = (0..piece.voices).map(|voice| {
            let mut odds = outside(model, piece, voice, start, end);
            for (symbol, odd) in odds.iter_mut().enumerate() {
                if !allows(voice, symbol) {
                    *odd = f64::NEG_INFINITY;
                }
            }
            odds
        });
        Self { model, piece, columns, rules, start, end, outside: outside.collect() }
    }

    /// The log-odds of a chord, all that depends on it counted.
    pub fn log_odds(&self, index: usize) -> f64 {
        let chord = self.columns.chord(index);
        let mut sum = 0.0;
        for (odds, &symbol) in self.outside.iter().zip(chord) {
            sum += odds[usize::from(symbol)];
        }
        if sum == f64::NEG_INFINITY {
            return sum;
        }
        sum += self.inside(index, chord);
        if self.start > 0 {
            sum += self.border(chord, self.start, self.start - 1);
        }
        if self.end < self.piece.steps {
            sum += self.border(chord, self.end, self.end);
        }
        sum
    }

    /// What the chord is worth in itself, held from the stretch's start to its end.
    fn inside(&self, index: usize, chord: &[u8]) -> f64 {
        let (layout, weights) = (&self.model.layout, &self.model.weights);
        let length = self.end - self.start;
        let mut sum = 0.0;
        for pair in layout.pairs.iter().filter(|pair| pair.distance < length) {
            let cell =
                usize::from(chord[pair.first]) * layout.sizes[pair.second] + usize::from(chord[pair.second]);
            sum += (length - pair.distance) as f64 * weights[pair.start + cell];
        }
        let (voicing, harmony) = self.columns.classes[index];
        for step in self.start..self.end {
            let (voicings, harmonies) = self.model.chord_weights(self.piece, step);
            sum += weights[voicings + voicing as usize] + weights[harmonies + harmony as usize];
        }
        if self.rules.crossing > 0.0 {
            sum -= self.rules.crossing * (crossings(self.model, chord) * length) as f64;
        }
        sum
    }

    /// What the chord is worth beside the chord at `beside`; motion is counted into step `into`.
    fn border(&self, chord: &[u8], into: usize, beside: usize) -> f64 {
        let voices = chord.len();
        let neighbour = &self.piece.x[beside * voices..(beside + 1) * voices];
        let moved = (0..voices).fold(0, |bits, v| bits | usize::from(chord[v] != neighbour[v]) << v);
        let mut sum = self.model.layout.motion.map_or(0.0, |motion| {
            self.model.weights[motion + (usize::from(self.piece.context.beat[into]) << voices) + moved]
        });
        if self.rules.parallels > 0.0 && moved.count_ones() > 1 {
            let (before, now) = if beside < into { (neighbour, chord) } else { (chord, neighbour) };
            sum -= self.rules.parallels * parallels(self.model, before, now) as f64;
        }
        sum
    }
}

/// How many pairs of voices move in parallel fifths or octaves between two chords.
fn parallels(model: &MaxEnt, before: &[u8], now: &[u8]) -> usize {
    let pitch = |chord: &[u8], voice: usize| model.alphabets[voice].pitch(chord[voice]);
    let mut count = 0;
    for upper in 0..now.len() {
        for lower in upper + 1..now.len() {
            let (Some(a), Some(b)) = (pitch(before, upper), pitch(before, lower)) else { continue };
            let (Some(c), Some(d)) = (pitch(now, upper), pitch(now, lower)) else { continue };
            count += usize::from(parallel((a, b), (c, d)).is_some());
        }
    }
    count
}

/// How many voices lie above their upper neighbours.
fn crossings(model: &MaxEnt, chord: &[u8]) -> usize {
    let pitch = |voice: usize| model.alphabets[voice].pitch(chord[voice]);
    (1..chord.len()).filter(|&lower| pitch(lower - 1).is_some() && pitch(lower - 1) < pitch(lower)).count()
}

/// The log-odds of each symbol of one voice from fields and from partners outside the stretch, shape (Q).
fn outside(model: &MaxEnt, piece: &Encoded, voice: usize, start: usize, end: usize) -> Vec<f64> {
    let layout = &model.layout;
    let size = layout.sizes[voice];
    let at = |step: usize, voice: usize| usize::from(piece.x[step * piece.voices + voice]);
    let mut terms = Terms::default();
    for field in 0..3 {
        terms.run((start..end).map(|t| layout.fields(voice, &piece.context, t)[field]));
    }
    for &(index, is_first) in &layout.pairs_of[voice] {
        let (pair, distance) = (&layout.pairs[index], layout.pairs[index].distance);
        if is_first {
            let steps =
                start.max(end.saturating_sub(distance))..end.min(piece.steps.saturating_sub(distance));
            let table = layout.len + pair.start;
            terms.run(steps.map(|t| table + at(t + distance, pair.second) * size));
        } else {
            let steps = start.max(distance)..end.min(start + distance);
            terms.run(steps.map(|t| pair.start + at(t - distance, pair.first) * size));
        }
    }
    let mut odds = vec![0.0; size];
    kernels::add_rows(&mut odds, &model.weights, &terms.rows);
    odds
}
