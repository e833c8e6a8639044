//! How far things reach above and below a staff, space by space, so that others keep clear of them.

use super::super::outline::Bounds;
use super::super::page::Ink;

/// The least distance from one staff's middle line to the next's.
const STAVES: f64 = 10.0;
/// What is free between the things of two staves, at least.
const CLEAR: f64 = 0.8;

/// How far things reach up and down along a line, space by space.
pub(super) struct Skyline {
    tops: Vec<f64>,
    bottoms: Vec<f64>,
}

impl Skyline {
    pub(super) fn of(inks: &[Ink], width: f64) -> Self {
        let size = width.ceil().max(1.0) as usize + 1;
        let mut skyline = Self { tops: vec![-2.0; size], bottoms: vec![2.0; size] };
        inks.iter().for_each(|ink| skyline.add(ink.bounds()));
        skyline
    }

    fn bins(&self, left: f64, right: f64) -> std::ops::Range<usize> {
        let bin = |x: f64| (x.max(0.0) as usize).min(self.tops.len() - 1);
        bin(left)..bin(right).max(bin(left)) + 1
    }

    pub(super) fn add(&mut self, bounds: Bounds) {
        for bin in self.bins(bounds.left, bounds.right) {
            self.tops[bin] = self.tops[bin].min(bounds.top);
            self.bottoms[bin] = self.bottoms[bin].max(bounds.bottom);
        }
    }

    pub(super) fn top(&self, left: f64, right: f64) -> f64 {
        self.tops[self.bins(left, right)].iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(super) fn bottom(&self, left: f64, right: f64) -> f64 {
        self.bottoms[self.bins(left, right)].iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// How far below this one's middle line another's must be.
    pub(super) fn distance(&self, below: &Self) -> f64 {
        let apart = self.bottoms.iter().zip(&below.tops).map(|(bottom, top)| bottom - top);
        apart.fold(STAVES - CLEAR, f64::max) + CLEAR
    }
}
