//! Plots as inline SVG: each one says in its `title` and `desc` what it shows, and takes its colours from the page.

mod bars;
mod canvas;
mod histogram;
mod scatter;
mod strip;

pub(super) use bars::{Bar, Row, Segment, bars, stacks};
pub(super) use canvas::escape;
pub(super) use histogram::{Histogram, histogram};
pub(super) use scatter::{Scatter, scatter};
pub(super) use strip::{Strip, strips};

/// The class of a set of pieces, by which the page colours it.
pub(super) fn class(set: &str) -> &'static str {
    match set {
        "generated" => "generated",
        "held-out" => "held",
        _ => "train",
    }
}
