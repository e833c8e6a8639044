//! Where things stand: apart from each other, in order, on the page.

use super::super::glyph::Glyph;
use super::super::notation::Sheet;
use super::super::page::Ink;
use super::super::placing::cluster::clusters;
use super::super::placing::{Format, pages};
use super::super::spacing::lines;
use super::{chorale, long, sheet};
use crate::score::example::part;
use crate::score::{Part, Score};

/// A page of A4 with staves of 7 mm, in staff spaces.
const FORMAT: Format = Format { width: 120.0, height: 169.7, margin: 8.6 };

/// Heads and accidentals that lie on each other, as text.
pub(super) fn collisions(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (number, bar) in sheet.bars.iter().enumerate() {
        for staff in 0..sheet.staves.len() {
            for (onset, cluster) in clusters(bar, staff) {
                let signs = cluster.inks.iter().filter_map(|ink| match ink {
                    Ink::Sign { glyph, scale, .. } if *scale == 1.0 => Some((*glyph, ink.bounds())),
                    _ => None,
                });
                let signs: Vec<_> = signs.collect();
                for (at, (a, first)) in signs.iter().enumerate() {
                    for (b, second) in &signs[at + 1..] {
                        // Corners of slanted heads and of accidentals are empty.
                        if first.overlaps(second, 0.32) {
                            found.push(format!("bar {number}, staff {staff}, {onset}: {a:?} and {b:?}"));
                        }
                    }
                }
            }
        }
    }
    found
}

/// What reaches over a page's edges, as text.
pub(super) fn overflows(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (number, page) in pages(sheet, FORMAT).iter().enumerate() {
        for ink in &page.inks {
            let bounds = ink.bounds();
            let inside = bounds.left > 0.0
                && bounds.right < page.width
                && bounds.top > 0.0
                && bounds.bottom < page.height;
            if !inside {
                found.push(format!("page {number} ({} × {}): {ink:?}", page.width, page.height));
            }
        }
    }
    found
}

/// No heads or accidentals of these voices on one staff collide.
#[track_caller]
fn check(voices: &[&str]) {
    let voices = voices.iter().flat_map(|text| part("", text).voices).collect();
    let score = Score { parts: vec![Part { voices, ..Part::default() }], ..Score::default() };
    assert_eq!(collisions(&sheet(&score)), Vec::<String>::new());
}

#[test]
fn voices_a_second_apart_stand_side_by_side() {
    check(&["C5 D5 E5 F5", "B4 C5 D5 E5"]);
}

#[test]
fn voices_that_cross_stand_side_by_side() {
    check(&["C5 D5 E5 F5", "E5 E5 G5 F5"]);
}

#[test]
fn unlike_notes_in_unison_stand_side_by_side() {
    check(&["C5:2 C5:2", "C5 C5 C5:1/2 C5:1/2 C5"]);
}

#[test]
fn like_notes_in_unison_share_a_head() {
    let score = |voices: &[&str]| Score {
        parts: vec![Part {
            voices: voices.iter().flat_map(|text| part("", text).voices).collect(),
            ..Part::default()
        }],
        ..Score::default()
    };
    let heads = |score: &Score| {
        let clusters = clusters(&sheet(score).bars[0], 0);
        let inks = clusters.values().flat_map(|cluster| cluster.inks.clone()).collect::<Vec<_>>();
        inks.iter().filter(|ink| matches!(ink, Ink::Sign { glyph: Glyph::BlackHead, .. })).count()
    };
    assert_eq!(heads(&score(&["C5 C5 C5 C5", "C5 C5 C5 C5"])), 4);
}

#[test]
fn accidentals_of_a_chord_stand_in_columns() {
    let mut chord = part("", "C#4:4 D#4:4 F#4:4 G#4:4 A#4:4 B#4:4");
    chord.voices[0].notes.iter_mut().for_each(|note| note.onset = crate::score::Beats::ZERO);
    let score = Score { parts: vec![chord], ..Score::default() };
    assert_eq!(collisions(&sheet(&score)), Vec::<String>::new());
}

#[test]
fn time_goes_to_the_right_and_lines_fill_their_width() {
    for score in [chorale(), long(50)] {
        let sheet = sheet(&score);
        let (lines, _) = lines(&sheet, 5.0, 100.0);
        assert_eq!(lines.iter().map(|line| line.bars.len()).sum::<usize>(), sheet.bars.len());
        for (number, line) in lines.iter().enumerate() {
            let places: Vec<f64> =
                line.spots.iter().flat_map(|s| [&[s.left][..], &s.moments, &[s.right]].concat()).collect();
            assert!(places.is_sorted(), "{places:?}");
            assert_eq!(line.left, if number == 0 { 5.0 } else { 0.0 });
            if number + 1 < lines.len() {
                assert!((line.right - 100.0).abs() < 1e-6, "line {number} ends at {}", line.right);
            }
            assert!(line.right < 100.0 + 1e-6);
        }
    }
}

#[test]
fn longer_notes_take_more_room_but_not_in_proportion() {
    let score = Score { parts: vec![part("", "C5:1/2 C5:1/2 C5 C5:2")], ..Score::default() };
    let (lines, _) = lines(&sheet(&score), 0.0, 100.0);
    let spots = &lines[0].spots[0];
    let rooms: Vec<f64> = spots.moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let last = spots.right - spots.moments[3];
    assert!(rooms[0] < rooms[2] && rooms[2] < last && last < 2.0 * rooms[2], "{rooms:?} {last}");
}

#[test]
fn everything_stands_on_its_page() {
    for score in [Score::default(), chorale(), long(300)] {
        assert_eq!(overflows(&sheet(&score)), Vec::<String>::new());
    }
}

#[test]
fn long_scores_have_several_pages() {
    assert_eq!(pages(&sheet(&chorale()), FORMAT).len(), 1);
    assert!(pages(&sheet(&long(300)), FORMAT).len() > 2);
}
