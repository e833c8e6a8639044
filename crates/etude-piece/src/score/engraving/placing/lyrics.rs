//! Verses under a staff.

use super::super::notation::Sheet;
use super::super::page::Ink;
use super::super::proportions::{LYRICS, VERSE};
use super::super::spacing::{Gauge, Line};
use super::words::{Syllable, hyphens};
use std::collections::BTreeMap;

/// The verses under a staff whose things reach down to `lowest`.
pub(super) fn draw(sheet: &Sheet, gauges: &[Gauge], line: &Line, staff: usize, lowest: f64) -> Vec<Ink> {
    let mut inks = Vec::new();
    for verse in 0..sheet.staves[staff].verses {
        let y = (lowest + 0.6).max(3.4) + 0.75 * LYRICS + VERSE * verse as f64;
        // Where the last syllable ended, if a hyphen follows it.
        let mut open: Option<f64> = None;
        for (index, spots) in line.bars.clone().zip(&line.spots) {
            let mut syllables = BTreeMap::new();
            for event in sheet.bars[index].layers[staff].iter().flat_map(|layer| &layer.events) {
                if let Some(syllable) = event.words.get(verse).and_then(|word| Syllable::of(word)) {
                    syllables.entry(event.onset).or_insert(syllable);
                }
            }
            for (onset, syllable) in syllables {
                let Ok(moment) = gauges[index].moments.binary_search(&onset) else { continue };
                let goes_on = syllable.goes_on;
                let (from, to) = syllable.draw(&mut inks, spots.moments[moment], y);
                if let Some(before) = open {
                    hyphens(&mut inks, before, from, y);
                }
                open = goes_on.then_some(to);
            }
        }
        if let Some(before) = open {
            hyphens(&mut inks, before, line.right.max(before + 1.2), y);
        }
    }
    inks
}
