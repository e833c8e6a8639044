//! A set of pieces in numbers: all that is compared between a corpus and what a model makes of it.

use super::consonance::Consonance;
use super::histograms::Histograms;
use super::statistics::Frequencies;
use super::voice_leading::VoiceLeading;
use etude_piece::score::Grid;

/// What was counted in a set of pieces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// Pieces.
    pub pieces: usize,
    /// Steps of all pieces.
    pub steps: usize,
    /// How often pitches, and pairs of them, occur.
    pub frequencies: Frequencies,
    /// Pitches, intervals, durations and chords.
    pub histograms: Histograms,
    /// Parallels and crossings.
    pub voice_leading: VoiceLeading,
    /// Notes on strong beats that a chord explains.
    pub consonance: Consonance,
}

impl Profile {
    /// Counts in all pieces.
    pub fn of<'a>(grids: impl IntoIterator<Item = &'a Grid>) -> Self {
        let grids: Vec<&Grid> = grids.into_iter().collect();
        let each = || grids.iter().copied();
        let (frequencies, histograms) = rayon::join(|| Frequencies::of(each()), || Histograms::of(each()));
        Self {
            pieces: grids.len(),
            steps: grids.iter().map(|grid| grid.steps()).sum(),
            frequencies,
            histograms,
            voice_leading: VoiceLeading::of(each()),
            consonance: Consonance::of(each()),
        }
    }
}
