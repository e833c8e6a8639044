//! The odds of one cell: two questions, several viewpoints on each, and their mixture.

use super::Markov;
use super::counts::Counts;
use super::feature::{Feature, Row, Situation, pitch};
use super::key::hear;
use super::lines::{Lines, PLACES};
use super::mixture::Opinions;
use super::past::{NOTHING, Past, REST, number};
use super::viewpoint::{Question, Viewpoint};
use crate::kernels;
use etude_piece::alphabet::Alphabet;

/// Share of the even distribution in every answer: no pinned cell is ever impossible, at a cost of 10⁻⁹ nats.
const DOUBT: f64 = 1e-9;

/// Sets of weights per voice: one for each place in the quarter and question.
pub const SETS: usize = 2 * PLACES;

/// What the names of candidates are measured from.
const ANCHORS: [Feature; 5] =
    [Feature::Pitch, Feature::Reference, Feature::Tonic, Feature::FirstPitch, Feature::LastPitch];

impl Question {
    /// The question that the weights of `set` answer.
    pub fn of_set(set: usize) -> Self {
        if set.is_multiple_of(2) { Self::Hold } else { Self::Whither }
    }

    /// How many weights its viewpoints need: one per number of known contexts.
    pub fn weights(self) -> usize {
        self.viewpoints().iter().map(|viewpoint| viewpoint.features.len() + 2).sum()
    }
}

/// Which set of weights answers `question` in the place that `row` describes.
pub fn set_of(question: Question, row: &Row) -> usize {
    let (voice, place) = (row[Feature::Voice as usize] as usize, row[Feature::Beat as usize] as usize);
    voice * SETS + place * 2 + usize::from(question == Question::Whither)
}

/// The questions that a cell answers: whether it holds, if there is something to hold; whither, if it doesn't.
pub fn asked(row: &Row, cell: i16) -> impl Iterator<Item = Question> + use<> {
    let old = pitch(row[Feature::Pitch as usize]);
    let hold = (old != NOTHING).then_some(Question::Hold);
    let whither = (old != cell).then_some(Question::Whither);
    hold.into_iter().chain(whither)
}

/// Calls `visit` with the step and the features of every cell, in the order in which they are decided.
pub fn walk(lines: &Lines, order: &[usize], mut visit: impl FnMut(usize, &Row)) {
    let mut past = Past::default();
    for time in 0..lines.steps {
        let (key, place, now) = (hear(&past, lines.voices), lines.places[time], lines.step(time));
        for rank in 0..lines.voices {
            visit(time, &Situation { past: &past, key, time, place, order, rank, now }.row());
        }
        past.push(now);
    }
}

impl Markov {
    /// The alphabet of the voice that `row` is about.
    pub fn alphabet(&self, row: &Row) -> &Alphabet {
        &self.alphabets[row[Feature::Voice as usize] as usize]
    }

    /// Nats of every cell given the cells before it, row-major (T, V); infinite where an alphabet lacks the cell.
    pub fn nats(&self, lines: &Lines) -> Vec<f64> {
        let mut nats = vec![0.0; lines.cells.len()];
        walk(lines, &self.order, |time, row| {
            let v = row[Feature::Voice as usize] as usize;
            nats[time * lines.voices + v] = self.nats_of(row, lines.at(time, v));
        });
        nats
    }

    /// Nats of one cell in the place that `row` describes.
    pub fn nats_of(&self, row: &Row, cell: Option<u8>) -> f64 {
        let Some(symbol) = self.alphabet(row).symbol(cell) else {
            return f64::INFINITY;
        };
        let thoughts = asked(row, number(cell)).map(|question| (question, self.think(question, row, None)));
        self.settle(row, usize::from(symbol), thoughts)
    }

    /// Nats of a symbol, from what is thought of each question that it answers.
    pub(super) fn settle(
        &self,
        row: &Row,
        symbol: usize,
        thoughts: impl Iterator<Item = (Question, Opinions)>,
    ) -> f64 {
        let old = self.old(row);
        let nats = thoughts.map(|(question, opinions)| {
            let place = match question {
                Question::Hold => usize::from(old == Some(symbol)),
                Question::Whither => symbol - usize::from(old.is_some_and(|old| old < symbol)),
            };
            -kernels::ln(self.weigh(question, row, &opinions)[place])
        });
        nats.sum()
    }

    /// The distribution over the voice's symbols in the place that `row` describes, shape (Q).
    pub fn odds(&self, row: &Row) -> Vec<f64> {
        let mut odds = self.answer(Question::Whither, row);
        if let Some(old) = self.old(row) {
            let stay = self.answer(Question::Hold, row);
            odds.iter_mut().for_each(|p| *p *= stay[0]);
            odds.insert(old, stay[1]);
        }
        odds
    }

    /// The distribution over the candidates of `question`, shape (X).
    pub(super) fn answer(&self, question: Question, row: &Row) -> Vec<f64> {
        self.weigh(question, row, &self.think(question, row, None))
    }

    /// The same once the opinions are known.
    fn weigh(&self, question: Question, row: &Row, opinions: &Opinions) -> Vec<f64> {
        let mut odds = opinions.mix(&self.weights[set_of(question, row)]);
        let even = 1.0 / odds.len() as f64;
        odds.iter_mut().for_each(|p| *p += DOUBT * (even - *p));
        odds
    }

    /// The symbol of what the voice had in the step before.
    pub(super) fn old(&self, row: &Row) -> Option<usize> {
        let old = pitch(row[Feature::Pitch as usize]);
        let cell = (old != NOTHING).then(|| u8::try_from(old).ok())?;
        self.alphabet(row).symbol(cell).map(usize::from)
    }

    /// The candidates of `question` as pitch numbers: any other pitch and the old one; or all symbols but the old one.
    pub(super) fn candidates(&self, question: Question, row: &Row) -> Vec<i16> {
        let old = pitch(row[Feature::Pitch as usize]);
        let pitches = || self.alphabet(row).pitches().iter().map(|&pitch| i16::from(pitch));
        match question {
            Question::Hold => vec![NOTHING, old],
            Question::Whither => pitches().chain([REST]).filter(|&candidate| candidate != old).collect(),
        }
    }

    /// What each viewpoint thinks of each candidate; the counts of `own` are left out.
    pub(super) fn think(&self, question: Question, row: &Row, own: Option<&Counts>) -> Opinions {
        let candidates = self.candidates(question, row);
        let experts = question.viewpoints().len();
        let mut opinions =
            Opinions { slots: vec![0; experts], scores: vec![0.0; experts * candidates.len()] };
        self.rethink(question, row, &candidates, &mut opinions, own, |_| true);
        opinions
    }

    /// The same, given what was thought in the place that `near` describes: only who sees a difference thinks again.
    pub(super) fn think_near(
        &self,
        question: Question,
        row: &Row,
        near: &Row,
        thought: &Opinions,
    ) -> Opinions {
        let changed = |feature: &Feature| row[*feature as usize] != near[*feature as usize];
        if question == Question::Whither && ANCHORS.iter().any(changed) {
            return self.think(question, row, None);
        }
        let mut opinions = thought.clone();
        let differs = |viewpoint: &Viewpoint| viewpoint.features.iter().any(changed);
        self.rethink(question, row, &self.candidates(question, row), &mut opinions, None, differs);
        opinions
    }

    /// Replaces the opinions of those viewpoints that must think.
    fn rethink(
        &self,
        question: Question,
        row: &Row,
        candidates: &[i16],
        opinions: &mut Opinions,
        own: Option<&Counts>,
        must: impl Fn(&Viewpoint) -> bool,
    ) {
        let viewpoints = question.viewpoints();
        let mut odds = vec![0.0; candidates.len()];
        let mut first_slot = 0;
        for (k, viewpoint) in viewpoints.iter().enumerate() {
            if must(viewpoint) {
                let back_off = &self.options.back_off;
                let known = back_off.estimate(&self.counts, own, viewpoint, row, candidates, &mut odds);
                opinions.slots[k] = first_slot + known;
                for (scores, &p) in opinions.scores.chunks_exact_mut(viewpoints.len()).zip(&odds) {
                    scores[k] = kernels::ln(p);
                }
            }
            first_slot += viewpoint.features.len() + 2;
        }
    }
}
