//! Whole scores: what stands where, hostile ones, and those of the corpora.

mod corpora;
mod hostile;
mod places;

use super::{Paper, notation, pdf, png, svg};
use crate::score::example::{chorale, part};
use crate::score::{Beats, Losses, Metre, Score};

/// A score's notation.
fn sheet(score: &Score) -> notation::Sheet {
    notation::sheet(score, &mut Losses::default()).expect("a score within bounds")
}

/// So many bars of four quarter notes.
fn long(bars: usize) -> Score {
    let mut score = Score {
        parts: vec![part("", &"C4 E4 G4 C5 ".repeat(bars))],
        metres: vec![(Beats::ZERO, Metre::COMMON)],
        ..Score::default()
    };
    score.measure(Beats::ZERO);
    score
}

#[test]
fn the_same_score_gives_the_same_bytes() {
    let score = chorale();
    let paper = Paper::default();
    for draw in [svg, png, pdf] {
        let first = draw(&score, &paper).expect("a chorale is drawn");
        assert_eq!(first, draw(&score, &paper).expect("a chorale is drawn"));
        assert!(first.lost.is_empty(), "{:?}", first.lost);
    }
}

#[test]
fn pictures_are_as_large_as_their_pages() {
    let score = long(200);
    let paper = Paper::default();
    let picture = String::from_utf8(svg(&score, &paper).expect("drawn").bytes).expect("text");
    // 210 mm at 96 pixels an inch.
    assert!(
        picture.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"793.7\""),
        "{}",
        &picture[..120]
    );
    let document = pdf(&score, &paper).expect("drawn").bytes;
    let pages = document.windows(11).filter(|window| window == b"/Type /Page").count();
    // One of them is the tree of pages.
    assert!(pages > 2, "{pages} pages");
    let dots = png(&score, &paper).expect("drawn").bytes;
    let width = u32::from_be_bytes([dots[16], dots[17], dots[18], dots[19]]);
    // 120 staff spaces of 10 dots.
    assert_eq!(width, 1200);
}

#[test]
fn what_goes_a_little_over_a_page_is_drawn_smaller() {
    let usual = Paper::default().space();
    let drawings = (8..20).map(|lines| super::draw(&long(8 * lines), &Paper::default()).expect("drawn"));
    let drawings: Vec<(usize, bool)> = drawings.map(|d| (d.pages.len(), d.space < usual)).collect();
    assert!(
        drawings.contains(&(1, false)) && drawings.contains(&(1, true)) && drawings.contains(&(2, false))
    );
    assert!(!drawings.contains(&(2, true)), "{drawings:?}");
}

#[test]
fn letters_that_the_type_lacks_are_told() {
    let score = Score { title: "漢字 and čeština".to_owned(), ..chorale() };
    let lost = svg(&score, &Paper::default()).expect("drawn").lost;
    assert_eq!(lost, ["2 letters: the type has those of Europe's Latin alphabets"]);
}

#[test]
fn paper_is_kept_within_bounds() {
    let odd = Paper { width: f64::NAN, height: -1.0, margin: 1e9, staff: 0.0, resolution: f64::INFINITY };
    for draw in [svg, png, pdf] {
        assert!(draw(&chorale(), &odd).is_ok());
    }
}

#[test]
fn recipes_come_back_whatever_they_hold() {
    let recipe = "{\"a\":\"♯ ) ( \\\\ % < > & \\\"\"}";
    let score = Score { recipe: recipe.to_owned(), ..chorale() };
    let paper = Paper::default();
    let dots = png(&score, &paper).expect("drawn").bytes;
    assert_eq!(super::recipe_of_png(&dots).as_deref(), Some(recipe));
    let document = pdf(&score, &paper).expect("drawn").bytes;
    assert_eq!(super::recipe_of_pdf(&document).as_deref(), Some(recipe));
    for bytes in [&dots[..40], b"\x89PNG", b"%PDF-1.7 /EtudeRecipe (%4", b""] {
        assert_eq!(super::recipe_of_png(bytes).or(super::recipe_of_pdf(bytes)), None);
    }
}
