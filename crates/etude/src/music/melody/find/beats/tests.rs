//! Tunes of known beats, played as people play; and the solos of the Weimar collection.

use super::track::track;
use super::{PLACES, found, snap, told as told_beat};
use crate::inference::chance::Chance;
use crate::shared::shared;
use etude_piece::piece::{Collection, Kind, Piece};
use etude_piece::score::csv;
use etude_piece::score::{Clock, Score};
use std::time::Instant;

/// A tune in twelfths of a beat: eighths, triplets, rests, repeated.
const TUNE: [i64; 22] =
    [0, 6, 12, 18, 24, 36, 40, 44, 48, 54, 60, 72, 78, 84, 96, 108, 114, 120, 126, 132, 138, 144];

/// Seconds of a tune played at a tempo that drifts, off-beats late, every note a little astray.
fn played(tempo: f64, swing: f64, seed: u64) -> (Vec<f64>, Vec<i64>) {
    let mut chance = Chance::new(seed, 0);
    let (mut taps, mut beat) = (vec![1.0], 60.0 / tempo);
    for _ in 0..240 {
        beat *= 1.0 + 0.01 * (chance.unit() - 0.5);
        taps.push(taps[taps.len() - 1] + beat);
    }
    let mut onsets = Vec::new();
    let mut places = Vec::new();
    for round in 0..12 {
        for place in TUNE.iter().take(21) {
            let place = place + 12 * 13 * round;
            let (whole, part) = ((place / 12) as usize, place % 12);
            let share = if part == 6 { swing } else { part as f64 / 12.0 };
            let astray = 0.016 * (chance.unit() + chance.unit() - 1.0);
            onsets.push(taps[whole] + share * (taps[whole + 1] - taps[whole]) + astray);
            places.push(if part == 6 && swing > 0.57 { place + 2 } else { place });
        }
    }
    (onsets, places)
}

/// The share of notes whose place in the beat is found again.
fn share(tempo: f64, swing: f64, told: bool) -> f64 {
    let mut right = 0;
    let mut all = 0;
    for seed in 0..4 {
        let (onsets, places) = played(tempo, swing, seed);
        let taps = track(&onsets, told.then_some(60.0 / tempo * 1.03)).expect("it is short");
        let found = snap::places(&onsets, &taps);
        right += found.iter().zip(&places).filter(|(a, b)| (*a - *b).rem_euclid(PLACES as i64) == 0).count();
        all += places.len();
    }
    right as f64 / all as f64
}

#[track_caller]
fn check(tempo: f64, swing: f64, told: bool, least: f64) {
    let share = share(tempo, swing, told);
    assert!(share >= least, "{share} of the notes at {tempo}, swing {swing}");
}

#[test]
fn swung_tunes_are_tapped_to_where_the_tempo_is_told() {
    check(100.0, 0.64, true, 0.97);
    check(160.0, 0.62, true, 0.97);
    check(220.0, 0.6, true, 0.9);
}

#[test]
fn straight_tunes_are_tapped_to_where_the_tempo_is_told() {
    check(90.0, 0.5, true, 0.97);
    check(150.0, 0.5, true, 0.95);
}

#[test]
fn a_tempo_that_is_not_told_is_found() {
    check(120.0, 0.62, false, 0.95);
    check(170.0, 0.6, false, 0.95);
}

#[test]
fn what_has_beats_keeps_them() {
    let score = etude_piece::score::abc::read(b"X:1\nL:1/8\nK:C\ncdef gabc' cdef gabc'\n").expect("a tune");
    assert_eq!(found(&Score { metres: Vec::new(), ..score.clone() }), None);
    let few = csv::read(b"60,0.013,1\n62,1.017,1\n").expect("notes");
    assert_eq!(found(&few), None);
}

#[test]
fn notes_in_seconds_become_a_melody_with_bars() {
    let (onsets, _) = played(140.0, 0.63, 3);
    let table: String = onsets.iter().map(|onset| format!("67,{onset},0.15\n")).collect();
    let score = csv::read(table.as_bytes()).expect("notes");
    let laid = found(&score).expect("it has no beats of its own");
    assert_eq!(laid.note_count(), onsets.len());
    assert!((laid.tempi[0].1.0 - 140.0).abs() < 6.0, "{:?}", laid.tempi);
    assert_eq!(crate::music::melody::find(&score, 12).expect("notes").grid.frame.steps_per_quarter, 12);
}

/// How well the beats of the solos fit: against the tempo that is known of them, and how far notes lie from their places.
#[test]
#[ignore = "reads three hundred solos from a folder of tables: weimar-jazz/solos, and solos.csv in it"]
fn figures_of_the_weimar_solos() {
    let Some(folder) =
        shared("weimar-jazz/solos").or_else(|| std::env::var_os("ETUDE_SOLOS").map(Into::into))
    else {
        return;
    };
    let solos = Collection::open(&[folder], Kind::Score).expect("solos");
    for told in [true, false] {
        let begun = Instant::now();
        let (mut near, mut double, mut half, mut known) = (0, 0, 0, 0);
        let (mut notes, mut exact_sum, mut place_sum, mut plain_sum, mut seconds) = (0, 0.0, 0.0, 0.0, 0.0);
        for (_, piece) in &solos.items {
            let Piece::Score(score) = piece else { continue };
            let tempo = score.tempi[0].1;
            let clock = Clock::of(score);
            let mut onsets: Vec<f64> =
                score.voices().flat_map(|voice| &voice.notes).map(|note| clock.seconds(note.onset)).collect();
            onsets.dedup_by(|b, a| *b - *a < 0.03);
            let is_known = tempo != csv::UNTOLD;
            let taps = track(&onsets, told_beat(score).filter(|_| told)).expect("it is short");
            let mean = 60.0 * (taps.len() - 1) as f64 / (taps[taps.len() - 1] - taps[0]);
            let off = |factor: f64| {
                is_known && (mean / 60.0 * told_beat(score).unwrap_or(1.0) / factor).ln().abs() < 0.06
            };
            known += usize::from(is_known);
            near += usize::from(off(1.0));
            double += usize::from(off(2.0));
            half += usize::from(off(0.5));
            let places = snap::places(&onsets, &taps);
            for (onset, place) in onsets.iter().zip(&places) {
                let exact = snap::exact(&taps, *onset);
                let beat = taps.len() as f64 / (taps[taps.len() - 1] - taps[0]);
                let off = (exact - *place as f64 / 12.0).abs();
                place_sum += off;
                seconds += off / beat;
                let rounded = (exact * 12.0).round() / 12.0;
                plain_sum += (exact - rounded).abs();
                let quarter = (exact * 4.0).round() / 4.0;
                exact_sum += (exact - quarter).abs();
                notes += 1;
            }
        }
        let count = f64::from(notes);
        println!(
            "tempo told: {told}; of {known} known tempi {near} within 6 %, {double} doubled, {half} halved; {notes} notes, off their places by {:.4} of a beat, {:.1} ms; plainly to twelfths {:.4}, to quarters {:.4}; {:.1} s",
            place_sum / count,
            1000.0 * seconds / count,
            plain_sum / count,
            exact_sum / count,
            begun.elapsed().as_secs_f64()
        );
    }
}
