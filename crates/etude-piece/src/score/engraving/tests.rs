//! Whole scores.

use super::*;
use crate::score::example::chorale;

#[test]
fn a_chorale_is_drawn() {
    let score = chorale();
    std::fs::write("/tmp/c.svg", svg(&score, &Paper::default()).expect("drawn").bytes).unwrap();
    std::fs::write("/tmp/c.png", png(&score, &Paper::default()).expect("drawn").bytes).unwrap();
    std::fs::write("/tmp/c.pdf", pdf(&score, &Paper::default()).expect("drawn").bytes).unwrap();
}
