//! From seconds to places of the beat.

use super::PLACES;

/// Ways to part a beat: the places that they hold, and nats that they cost beside the simplest.
const WAYS: [(&[usize], f64); 5] =
    [(&[0], 0.0), (&[0, HALF], 0.4), (&[0, 4, 8], 1.6), (&[0, 3, 6, 9], 1.8), (&[0, 2, 4, 6, 8, 10], 4.0)];

/// Half of a beat.
const HALF: usize = 6;

/// The place of a swung half: two thirds.
const SWUNG: usize = 8;

/// Off-beats that are as late as this, as a share of the beat, are swung.
const LATE: f64 = 0.57;

/// How far notes scatter around their places, as a share of the beat.
const SPREAD: f64 = 0.06;

/// The exact place of a time, in beats from the first tap; beyond the taps by the tempo at the end.
pub(super) fn exact(taps: &[f64], at: f64) -> f64 {
    let beat = taps.partition_point(|tap| *tap <= at).clamp(1, taps.len() - 1) - 1;
    beat as f64 + (at - taps[beat]) / (taps[beat + 1] - taps[beat])
}

/// The place of each onset, in twelfths of a beat from the first tap; strictly ascending.
pub(super) fn places(onsets: &[f64], taps: &[f64]) -> Vec<i64> {
    let exact: Vec<f64> = onsets.iter().map(|&onset| exact(taps, onset)).collect();
    let late = off_beat(&exact);
    let (half, swung) = if late >= LATE { (late, SWUNG) } else { (0.5, HALF) };
    let mut places: Vec<i64> = Vec::with_capacity(exact.len());
    let mut begun = 0;
    while begun < exact.len() {
        let beat = (exact[begun] + EARLY).floor();
        let count = exact[begun..].iter().take_while(|at| **at + EARLY < beat + 1.0).count().max(1);
        let notes: Vec<f64> = exact[begun..begun + count].iter().map(|at| at - beat).collect();
        for place in best(&notes, half, swung) {
            places.push(beat as i64 * PLACES as i64 + place as i64);
        }
        begun += count;
    }
    // Where two fall on one place, the later moves on.
    for index in 1..places.len() {
        places[index] = places[index].max(places[index - 1] + 1);
    }
    places
}

/// Notes that are early by so much of a beat are the next beat's.
const EARLY: f64 = 0.09;

/// The middle of all places near half a beat, 0..1.
fn off_beat(exact: &[f64]) -> f64 {
    let mut near: Vec<f64> =
        exact.iter().map(|at| at - at.floor()).filter(|at| (0.42..0.76).contains(at)).collect();
    near.sort_by(f64::total_cmp);
    near.get(near.len() / 2).copied().unwrap_or(0.5)
}

/// The places of the notes of one beat, in twelfths, by the way that costs least.
fn best(notes: &[f64], half: f64, swung: usize) -> Vec<usize> {
    let ways = WAYS.iter().map(|(places, price)| {
        let is_half = places.len() == 2;
        let at = |place: usize| if is_half && place == HALF { half } else { place as f64 / PLACES as f64 };
        let (mut laid, mut cost) = (Vec::with_capacity(notes.len()), *price);
        for note in notes {
            let off = |place: usize| (note - at(place)).abs();
            let nearest = places.iter().copied().min_by(|&a, &b| off(a).total_cmp(&off(b))).unwrap_or(0);
            let strayed = off(nearest) / SPREAD;
            cost += strayed * strayed / 2.0;
            let place = if is_half && nearest == HALF { swung } else { nearest };
            // Two notes on one place are dear.
            cost += if laid.last() == Some(&place) { 8.0 } else { 0.0 };
            laid.push(place);
        }
        (cost, laid)
    });
    let best = ways.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, laid)| laid).unwrap_or_default()
}
