//! How much a piece is like itself so many frames before: its periods, such as bar and phrase, found while it goes on.

use super::super::frame::Frame;
use super::recall::Suggestion;

/// The greatest distance that is compared, frames.
const MOST: usize = 192;
/// Shares of the newest comparison in the running means: one that follows quickly, and one slowly.
const SHARES: [f32; 2] = [0.15, 0.03];
/// How much more struck keys count than those that only sound.
const STRUCK: u32 = 2;
/// Distances whose likeness the network sees, frames.
pub(super) const DISTANCES: [usize; 14] = [2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128];

/// Running means of likeness, 0 to 1, for each distance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Likeness {
    /// (2, MOST + 1).
    means: [Vec<f32>; 2],
}

impl Likeness {
    pub(super) fn new() -> Self {
        Self { means: [vec![0.0; MOST + 1], vec![0.0; MOST + 1]] }
    }

    /// Takes in the newest frame, the last of `frames`: the Jaccard index of what sounds and is struck, now and then.
    pub(super) fn push(&mut self, frames: &[Frame]) {
        let Some(last) = frames.len().checked_sub(1) else { return };
        let (now, now_struck) = (frames[last], struck(frames, last));
        for distance in 1..=MOST.min(last) {
            let (then, then_struck) = (frames[last - distance], struck(frames, last - distance));
            let all = (now | then).count_ones() + STRUCK * (now_struck | then_struck).count_ones();
            if all == 0 {
                continue;
            }
            let both = (now & then).count_ones() + STRUCK * (now_struck & then_struck).count_ones();
            let index = both as f32 / all as f32;
            for (means, share) in self.means.iter_mut().zip(SHARES) {
                means[distance] += share * (index - means[distance]);
            }
        }
    }

    /// The likeness at each of [`DISTANCES`].
    pub(super) fn at_distances(&self) -> [f32; DISTANCES.len()] {
        DISTANCES.map(|distance| self.means[0][distance])
    }

    /// The frames as long ago as the piece is most like itself, by either mean.
    pub(super) fn suggest(&self, frames: &[Frame]) -> [Suggestion; 2] {
        [&self.means[0], &self.means[1]].map(|means| {
            let mut best = (0.0, 0);
            for (distance, &mean) in means.iter().enumerate().take(frames.len() + 1).skip(2) {
                if mean > best.0 {
                    best = (mean, distance);
                }
            }
            match best {
                (_, 0) => Suggestion::default(),
                (mean, distance) => {
                    let class = 1 + (mean * 8.0).min(8.0) as u8;
                    Suggestion { frame: frames[frames.len() - distance], class }
                }
            }
        })
    }
}

/// Keys that begin to sound in a frame.
pub(super) fn struck(frames: &[Frame], at: usize) -> Frame {
    match at {
        0 => frames[0],
        _ => frames[at] & !frames[at - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_of_six_is_found() {
        let (mut frames, mut likeness) = (Vec::new(), Likeness::new());
        for at in 0..60 {
            frames.push(1 << (30 + [0, 4, 7, 12, 5, 9][at % 6]));
            likeness.push(&frames);
        }
        for suggestion in likeness.suggest(&frames) {
            assert_eq!(suggestion.frame, frames[54]);
        }
        let [_, _, _, six, eight, ..] = likeness.at_distances();
        assert!(six > 0.99 && eight == 0.0, "{six} {eight}");
    }
}
