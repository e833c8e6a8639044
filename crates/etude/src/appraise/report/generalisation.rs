//! Generalisation: what is cited, discovered and invented, what is copied, and how the voices are led.

use super::{Beside, Piece};
use crate::appraise::consonance::Consonance;
use crate::appraise::novelty::{Index, frames};
use crate::appraise::profile::Profile;
use crate::appraise::reference::{Reference, STRETCH, Shares};
use crate::appraise::voice_leading::VoiceLeading;
use serde::Serialize;

/// The most neighbours that are named.
const NEIGHBOURS: usize = 10;

/// Does a model invent?
#[derive(Debug, Clone, Serialize)]
pub struct Generalisation {
    /// How new the chords are.
    pub chords: Beside<Newness>,
    /// The longest copy from the training pieces, in quarters: of each generated piece, and of each stretch of the held-out
    /// pieces that is as long.
    pub copies: Beside<Vec<usize>>,
    /// Quarters of such a stretch.
    pub stretch: usize,
    /// The generated pieces that copy most, and from where.
    pub nearest: Vec<Neighbour>,
    /// Parallels and crossings.
    pub voice_leading: Beside<Motion>,
    /// Notes on strong beats that belong to the chord that explains most of them.
    pub consonance: Beside<Harmony>,
}

/// How new the chords of a set of pieces are, as shares of all steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Newness {
    /// The training pieces hold the chord.
    pub cited: f64,
    /// Only held-out pieces hold it.
    pub discovered: f64,
    /// Neither does.
    pub invented: f64,
}

/// A generated piece and the training piece that it shares most with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbour {
    /// The generated piece's seed.
    pub seed: u64,
    /// Quarters that both share, in some transposition.
    pub quarters: usize,
    /// Where they begin in the generated piece.
    pub place: String,
    /// The training piece.
    pub piece: String,
    /// The quarter of the training piece at which they begin, from 1.
    pub quarter: usize,
}

/// Voice-leading counts with their rates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Motion {
    /// The counts.
    #[serde(flatten)]
    pub counts: VoiceLeading,
    /// Parallel fifths for every thousand pairs of voices that both move.
    pub fifths_per_thousand: f64,
    /// Parallel octaves and unisons likewise.
    pub octaves_per_thousand: f64,
    /// Crossings for every thousand pairs of sounding neighbours.
    pub crossings_per_thousand: f64,
}

/// Notes on strong beats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Harmony {
    /// The counts.
    #[serde(flatten)]
    pub counts: Consonance,
    /// The share that is consonant.
    pub share: f64,
}

impl Generalisation {
    pub(super) fn of(pieces: &[Piece], made: &Profile, reference: Option<&Reference>, index: &Index) -> Self {
        let held_out = reference.filter(|reference| reference.held_out.pieces > 0);
        let own = pieces.iter().map(|piece| shares(piece, index));
        let runs: Vec<_> = pieces.iter().map(|piece| index.longest_run(&frames(&piece.grid))).collect();
        let mut order: Vec<usize> = (0..pieces.len()).filter(|&n| runs[n].quarters > 0).collect();
        order.sort_by_key(|&n| (usize::MAX - runs[n].quarters, n));
        let neighbour = |n: usize| {
            let (run, frame) = (runs[n], &pieces[n].grid.frame);
            let step = frame.pickup % frame.steps_per_quarter + run.start * frame.steps_per_quarter;
            let name = run.piece.and_then(|piece| index.pieces.get(piece)).map(|(name, _)| name.clone());
            Neighbour {
                seed: pieces[n].seed,
                quarters: run.quarters,
                place: frame.place(step),
                piece: name.unwrap_or_default(),
                quarter: run.start_there + 1,
            }
        };
        Self {
            chords: Beside {
                generated: Newness::of(own),
                held_out: held_out.map(|reference| Newness::of(reference.novelty.iter().copied())),
                train: None,
            },
            copies: Beside {
                generated: runs.iter().map(|run| run.quarters).collect(),
                held_out: held_out.map(|reference| reference.copies.clone()),
                train: None,
            },
            stretch: STRETCH,
            nearest: order.into_iter().take(NEIGHBOURS).map(neighbour).collect(),
            voice_leading: Beside::of(Motion::of(made), reference, Motion::of),
            consonance: Beside::of(Harmony::of(made), reference, Harmony::of),
        }
    }
}

/// How new a piece's chords are.
fn shares(piece: &Piece, index: &Index) -> Shares {
    let steps = piece.grid.steps();
    let novelty = index.appraise(&piece.grid);
    let of = |share: f64| (share * steps as f64).round() as usize;
    Shares { cited: of(novelty.cited), discovered: of(novelty.discovered), steps }
}

impl Newness {
    /// Of all steps together.
    fn of(shares: impl Iterator<Item = Shares>) -> Self {
        let (mut cited, mut discovered, mut steps) = (0, 0, 0);
        for each in shares {
            cited += each.cited;
            discovered += each.discovered;
            steps += each.steps;
        }
        let share = |part: usize| part as f64 / steps.max(1) as f64;
        Self {
            cited: share(cited),
            discovered: share(discovered),
            invented: share(steps - cited - discovered),
        }
    }
}

impl Motion {
    fn of(profile: &Profile) -> Self {
        let counts = profile.voice_leading;
        let rate = |part: usize| 1000.0 * part as f64 / counts.moving_pairs.max(1) as f64;
        Self {
            counts,
            fifths_per_thousand: rate(counts.parallel_fifths),
            octaves_per_thousand: rate(counts.parallel_octaves),
            crossings_per_thousand: counts.crossings_per_thousand(),
        }
    }
}

impl Harmony {
    fn of(profile: &Profile) -> Self {
        Self { counts: profile.consonance, share: profile.consonance.share() }
    }
}
