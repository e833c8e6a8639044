//! A bar as a row of springs between its moments.
//!
//! A spring's ideal length grows with the square root of the time it stands for; where longer notes sound on beneath
//! it, it has its share of the shortest one's (after J. S. Gourlay, "Spacing a Line of Music", 1987). It is never
//! shorter than what stands at its ends needs: heads with their accidentals, words, chord symbols.

use super::super::lettering::Face;
use super::super::notation::{Bar, Close, Sheet};
use super::super::placing::cluster::{Cluster, clusters};
use super::super::placing::signatures;
use super::super::placing::words::{Syllable, chord_symbol};
use super::super::proportions::{
    AFTER_LINE, BAR_LINE, BEFORE_LINE, CHORDS, DOT, HYPHEN_GAP, LINE_GAP, NOTE_GAP, QUARTER, SHORTEST,
    THICK_LINE, WORD_GAP,
};
use crate::score::Beats;
use std::collections::{BTreeMap, BTreeSet};

/// The width of a repeat sign or a final bar line, of which the last line's half belongs to the next bar.
pub(in super::super) const CLOSE: f64 = BAR_LINE + LINE_GAP + THICK_LINE;
/// Repeat dots with their distance from the line.
pub(in super::super) const REPEAT_DOTS: f64 = 2.0 * DOT + 0.4;
/// How much of the room between words is before a bar line, and how much after it.
const WORD_BEFORE: f64 = 0.1;
const WORD_AFTER: f64 = WORD_GAP - WORD_BEFORE;

/// A bar's springs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in super::super) struct Gauge {
    /// When something stands in the bar, ascending; never empty.
    pub(in super::super) moments: Vec<Beats>,
    /// From each moment to the next, the last to the bar line: at most that short, and best that long.
    pub(in super::super) least: Vec<f64>,
    pub(in super::super) ideal: Vec<f64>,
    /// From the bar line before to the first moment, and where the bar begins a line, from the signatures.
    pub(in super::super) lead: f64,
    pub(in super::super) first_lead: f64,
    /// What the bar line itself takes.
    pub(in super::super) close: f64,
}

impl Gauge {
    /// The width within a line, or at its beginning, when every spring is as long as it is best.
    pub(in super::super) fn natural(&self, begins: bool) -> f64 {
        self.fixed(begins)
            + self.least.iter().zip(&self.ideal).map(|(least, ideal)| least.max(*ideal)).sum::<f64>()
    }

    /// The width when every spring is as short as can be.
    pub(in super::super) fn least(&self, begins: bool) -> f64 {
        self.fixed(begins) + self.least.iter().sum::<f64>()
    }

    /// What isn't springs.
    pub(in super::super) fn fixed(&self, begins: bool) -> f64 {
        self.close + if begins { self.first_lead } else { self.lead }
    }
}

/// Something that takes room around a moment.
struct Item {
    moment: usize,
    left: f64,
    right: f64,
    /// What must be free between it and the next.
    gap: f64,
}

/// Measures a bar.
pub(in super::super) fn gauge(sheet: &Sheet, index: usize) -> Gauge {
    let bar = &sheet.bars[index];
    let staves: Vec<BTreeMap<Beats, Cluster>> =
        (0..sheet.staves.len()).map(|staff| clusters(bar, staff)).collect();
    let mut moments: BTreeSet<Beats> = staves.iter().flat_map(|staff| staff.keys().copied()).collect();
    moments.extend(bar.chords.iter().map(|(at, _)| *at));
    // A bar of rests has its room all the same.
    moments.insert(Beats::ZERO);
    let moments: Vec<Beats> = moments.into_iter().collect();
    let mut gauge = Gauge { ideal: ideal(bar, &moments), ..Gauge::default() };
    gauge.least = vec![SHORTEST * 0.6; moments.len()];
    gauge.close = match bar.close {
        Close::Open => 0.0,
        Close::Plain => BAR_LINE,
        Close::Double => 2.0 * BAR_LINE + LINE_GAP,
        Close::Repeat => CLOSE + REPEAT_DOTS,
        Close::Final => CLOSE,
    };
    let lead = if bar.close == Close::Open || bar.number.is_some() || index == 0 { AFTER_LINE } else { 0.4 };
    let at = |onset: &Beats| moments.binary_search(onset).unwrap_or(0);
    let (mut before, mut words_before) = (0.0f64, 0.0f64);
    for staff in &staves {
        let items = staff.iter().map(|(onset, cluster)| {
            let bounds = cluster.bounds();
            let (left, right) = if bounds.is_empty() { (0.0, 1.0) } else { (-bounds.left, bounds.right) };
            Item { moment: at(onset), left, right, gap: NOTE_GAP }
        });
        let items: Vec<Item> = items.collect();
        before = before.max(items.first().filter(|item| item.moment == 0).map_or(0.0, |item| item.left));
        keep_apart(&mut gauge, &items, BEFORE_LINE);
    }
    for (staff, known) in sheet.staves.iter().enumerate() {
        for verse in 0..known.verses {
            let items = syllables(bar, staff, verse, &at);
            let first = items.first().filter(|item| item.moment == 0);
            words_before = words_before.max(first.map_or(0.0, |item| item.left + WORD_AFTER));
            keep_apart(&mut gauge, &items, WORD_BEFORE);
        }
    }
    let symbol = |(onset, text): &(Beats, String)| Item {
        moment: at(onset),
        left: 0.0,
        right: Face::Regular.width(&chord_symbol(text)) * CHORDS,
        gap: WORD_GAP,
    };
    let symbols: Vec<Item> = bar.chords.iter().map(symbol).collect();
    keep_apart(&mut gauge, &symbols, 0.2);
    let repeat = if bar.repeat_start { CLOSE + REPEAT_DOTS } else { 0.0 };
    let notes = (lead + (before - 0.3).max(0.0)).max(words_before);
    gauge.first_lead = repeat + (notes - 0.3).max(0.4);
    let signatures = signatures::width(bar);
    gauge.lead = repeat + signatures + if signatures > 0.0 { 0.6 } else { 0.0 } + notes;
    gauge.moments = moments;
    gauge
}

/// The syllables of a verse under a staff.
fn syllables(bar: &Bar, staff: usize, verse: usize, at: &dyn Fn(&Beats) -> usize) -> Vec<Item> {
    let mut items: BTreeMap<Beats, Item> = BTreeMap::new();
    for event in bar.layers[staff].iter().flat_map(|layer| &layer.events) {
        let Some(syllable) = event.words.get(verse).and_then(|word| Syllable::of(word)) else { continue };
        let (left, right) = syllable.reach();
        // A hyphen stands between bars too.
        let right = if syllable.goes_on { right + HYPHEN_GAP - WORD_GAP } else { right };
        let gap = WORD_GAP;
        items.entry(event.onset).or_insert(Item { moment: at(&event.onset), left, right, gap });
    }
    items.into_values().collect()
}

/// Lengthens the springs between things that would touch, each by its share; `end` is free before the bar line.
fn keep_apart(gauge: &mut Gauge, items: &[Item], end: f64) {
    let count = gauge.ideal.len();
    for (place, item) in items.iter().enumerate() {
        let (to, needed) = match items.get(place + 1) {
            Some(next) => (next.moment, item.right + item.gap + next.left),
            None => (count, item.right + end),
        };
        if to <= item.moment {
            continue;
        }
        let springs = item.moment..to;
        let has: f64 = gauge.least[springs.clone()].iter().sum();
        let total: f64 = gauge.ideal[springs.clone()].iter().sum();
        if needed > has {
            for spring in springs {
                gauge.least[spring] += (needed - has) * gauge.ideal[spring] / total;
            }
        }
    }
}

/// The best lengths of the springs after the moments.
fn ideal(bar: &Bar, moments: &[Beats]) -> Vec<f64> {
    let mut events: Vec<(Beats, Beats, f64)> = bar
        .layers
        .iter()
        .flatten()
        .flat_map(|layer| &layer.events)
        .filter(|event| !event.hidden)
        .map(|event| (event.onset, event.end(), event.duration.to_f64()))
        .collect();
    events.sort_by_key(|event| event.0);
    let mut sounding: Vec<(Beats, f64)> = Vec::new();
    let mut next = 0;
    let mut springs = Vec::with_capacity(moments.len());
    for (at, &moment) in moments.iter().enumerate() {
        sounding.retain(|&(end, _)| end > moment);
        while let Some(&(_, end, length)) = events.get(next).filter(|event| event.0 <= moment) {
            sounding.push((end, length));
            next += 1;
        }
        let until = moments.get(at + 1).copied().unwrap_or(bar.length.max(moment));
        let gap = (until - moment).to_f64();
        let shortest = sounding.iter().map(|&(_, length)| length).fold(f64::INFINITY, f64::min);
        let shortest = if shortest.is_finite() { shortest.max(1.0 / 64.0) } else { gap.max(1.0 / 64.0) };
        let note = (QUARTER * shortest.min(8.0).sqrt()).max(SHORTEST);
        // Within one note the springs share what it takes.
        springs.push(note * (gap / shortest).clamp(0.1, 4.0));
    }
    springs
}
