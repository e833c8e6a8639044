//! What is drawn follows the model's own law, restricted to what was asked.

use super::{author_of, make, request, set};
use crate::author::{Author, Request};
use etude_piece::piece::Piece;
use std::collections::BTreeMap;

/// All texts of some length over `ab c`.
fn texts(length: usize) -> Vec<String> {
    let mut texts = vec![String::new()];
    for _ in 0..length {
        texts = texts.iter().flat_map(|text| "abc".chars().map(move |c| format!("{text}{c}"))).collect();
    }
    texts
}

/// How far the shares of many draws are from the law, as half the sum of differences; and how many texts there are.
fn distance(request: &Request, length: usize, holds: impl Fn(&str) -> bool) -> (f64, usize) {
    let author = author_of(&["abcabbacabcaabcbabcc"], &[("held_out", "0")]).expect("learnt");
    let odds = |text: &str| (-nats(author.as_ref(), text)).exp();
    let law: BTreeMap<String, f64> = texts(length)
        .into_iter()
        .filter(|text| holds(text))
        .map(|text| (text.clone(), odds(&text)))
        .collect();
    let total: f64 = law.values().sum();
    let mut drawn: BTreeMap<String, f64> = BTreeMap::new();
    const DRAWS: u32 = 3_000;
    for seed in 0..DRAWS {
        let (text, _) =
            make(author.as_ref(), &Request { seed: seed.into(), ..request.clone() }).expect("it can be met");
        *drawn.entry(text).or_default() += 1.0 / f64::from(DRAWS);
    }
    assert!(drawn.keys().all(|text| law.contains_key(text)), "{drawn:?}");
    let gap = |(text, odds): (&String, &f64)| (odds / total - drawn.get(text).unwrap_or(&0.0)).abs();
    (law.iter().map(gap).sum::<f64>() / 2.0, law.len())
}

fn nats(author: &dyn Author, text: &str) -> f64 {
    author.evaluate(&Piece::Text(text.to_owned())).expect("it is known").total()
}

#[track_caller]
fn check(request: Request, length: usize, holds: impl Fn(&str) -> bool) {
    let settings = set(&[("particles", "64")]);
    let (distance, count) = distance(&Request { settings, ..request }, length, holds);
    assert!(distance < 0.05, "{distance} over {count} texts");
}

#[test]
fn nothing_asked_is_the_model_itself() {
    check(request(&[], &[], Some(3)), 3, |_| true);
}

#[test]
fn an_expression_restricts_the_law() {
    check(request(&["matches=(a.|bc)+c"], &[], Some(5)), 5, |text| {
        ["a", "bc"].iter().any(|start| text.starts_with(start))
            && text.ends_with('c')
            && text.as_bytes()[..4].chunks(2).all(|two| two[0] == b'a' || two == b"bc")
    });
}

#[test]
fn a_hole_is_filled_by_the_law() {
    let draft = Some(Piece::Text("a…cb".to_owned()));
    check(Request { draft, ..request(&[], &[], Some(3)) }, 6, |text| {
        text.starts_with('a') && text.ends_with("cb")
    });
}
