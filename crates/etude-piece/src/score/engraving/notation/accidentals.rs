//! Which notes get an accidental: those altered otherwise than the key signature, or their bar so far, says.

use super::{Bar, Close, Event, Head};
use crate::score::{Beats, Key};
use std::collections::BTreeMap;

/// Sets the accidentals of all bars of a staff, for all its voices together.
pub(super) fn settle(bars: &mut [Bar], staff: usize) {
    // The alteration of each line and space, as far as the bar has changed it.
    let mut altered: BTreeMap<i32, i8> = BTreeMap::new();
    let mut goes_on = false;
    for bar in bars {
        if !goes_on || bar.old_key.is_some() {
            altered.clear();
        }
        goes_on = bar.close == Close::Open;
        let key = bar.key;
        let mut events: Vec<&mut Event> =
            bar.layers[staff].iter_mut().flat_map(|layer| &mut layer.events).collect();
        events.sort_by_key(|event| event.onset);
        for event in events {
            let first_of_bar = event.onset == Beats::ZERO;
            let graces = event.graces.iter_mut().map(|grace| &mut grace.head);
            for head in graces.chain(&mut event.heads) {
                set(head, key, first_of_bar, &mut altered);
            }
        }
    }
}

fn set(head: &mut Head, key: Key, first_of_bar: bool, altered: &mut BTreeMap<i32, i8>) {
    let expected = altered.get(&head.position).copied().unwrap_or_else(|| key.alter_of(head.pitch.step));
    // A tie carries its accidental over the bar line, to this note only.
    if head.pitch.alter == expected || (first_of_bar && head.continues) {
        return;
    }
    head.accidental = Some(head.pitch.alter);
    altered.insert(head.position, head.pitch.alter);
}
