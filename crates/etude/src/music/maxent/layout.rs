//! Where each feature's weight stands in the flat vector θ.

use super::Options;
use super::encode::Context;
use etude_piece::alphabet::Alphabet;

/// Classes of distance to the edges of a phrase; see [`super::encode::edge`].
pub const EDGES: usize = 8;

/// Classes of key: 12 tonics × (major, minor), and unknown.
pub const KEYS: usize = 25;

/// Blocks of weights, in the order in which they stand in θ.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Voices, V.
    pub voices: usize,
    /// Symbols of each voice, Q_v.
    pub sizes: Vec<usize>,
    /// Steps in a quarter: the metrical positions that are told apart.
    pub positions: usize,
    /// Start of voice v's unary field by metrical position, (positions, Q).
    pub by_position: Vec<usize>,
    /// Start of voice v's unary field by distance to the phrase's edges, ([`EDGES`], Q).
    pub by_edge: Vec<usize>,
    /// Start of voice v's unary field by key, ([`KEYS`], Q).
    pub by_key: Vec<usize>,
    /// Couplings of two cells.
    pub pairs: Vec<Pair>,
    /// For each voice: the pairs it takes part in, as (pair, whether it is the earlier or upper cell).
    pub pairs_of: Vec<Vec<(usize, bool)>>,
    /// Start of the motion field, (positions, 2^V), or `None` with more than 6 voices.
    pub motion: Option<usize>,
    /// Start of the voicing field, (2, voicings), the first voicing standing for all unseen ones.
    pub voicings: usize,
    /// Voicings told apart, the unseen included.
    pub voicing_count: usize,
    /// Start of the harmony field, (2, harmonies).
    pub harmonies: usize,
    /// Harmonies told apart, the unseen included.
    pub harmony_count: usize,
    /// Length of θ.
    pub len: usize,
}

/// A coupling of voice `first` at step t with voice `second` at step t + `distance`:
/// horizontal (the same voice), vertical (`distance` 0) or diagonal.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The earlier cell's voice, or the upper one's.
    pub first: usize,
    /// The later cell's voice, or the lower one's.
    pub second: usize,
    /// Steps from the first to the second, ≥ 0.
    pub distance: usize,
    /// Start of the table in θ, (Q_first, Q_second).
    pub start: usize,
}

impl Layout {
    /// The layout for these alphabets, settings and numbers of chord classes.
    pub fn new(alphabets: &[Alphabet], options: &Options, voicings: usize, harmonies: usize) -> Self {
        let voices = alphabets.len();
        let sizes: Vec<usize> = alphabets.iter().map(Alphabet::len).collect();
        let positions = options.steps_per_quarter;
        let mut len = 0;
        let mut take = |count: usize| {
            let start = len;
            len += count;
            start
        };
        let by_position = sizes.iter().map(|q| take(positions * q)).collect();
        let by_edge = sizes.iter().map(|q| take(EDGES * q)).collect();
        let by_key = sizes.iter().map(|q| take(KEYS * q)).collect();
        let mut pairs = Vec::new();
        let mut couple = |first: usize, second: usize, distance: usize| {
            let start = take(sizes[first] * sizes[second]);
            pairs.push(Pair { first, second, distance, start });
        };
        for voice in 0..voices {
            options.horizontal.iter().for_each(|&distance| couple(voice, voice, distance));
        }
        for upper in 0..voices {
            (upper + 1..voices).for_each(|lower| couple(upper, lower, 0));
        }
        for first in 0..voices {
            for second in (0..voices).filter(|&second| second != first) {
                options.diagonal.iter().for_each(|&distance| couple(first, second, distance));
            }
        }
        let of_voice = |voice: usize| {
            let ends = pairs.iter().enumerate().flat_map(|(i, pair)| {
                let as_first = (pair.first == voice).then_some((i, true));
                let as_second = (pair.second == voice).then_some((i, false));
                as_first.into_iter().chain(as_second)
            });
            ends.collect()
        };
        let pairs_of = (0..voices).map(of_voice).collect();
        let motion = (voices <= 6).then(|| take(positions << voices));
        let (voicing_start, harmony_start) = (take(2 * voicings), take(2 * harmonies));
        Self {
            voices,
            sizes,
            positions,
            by_position,
            by_edge,
            by_key,
            pairs,
            pairs_of,
            motion,
            voicings: voicing_start,
            voicing_count: voicings,
            harmonies: harmony_start,
            harmony_count: harmonies,
            len,
        }
    }

    /// Where the rows of the three unary fields of a voice at a step begin.
    pub fn fields(&self, voice: usize, context: &Context, step: usize) -> [usize; 3] {
        let size = self.sizes[voice];
        [
            self.by_position[voice] + usize::from(context.beat[step]) * size,
            self.by_edge[voice] + usize::from(context.edge[step]) * size,
            self.by_key[voice] + usize::from(context.key) * size,
        ]
    }

    /// θ's pair tables turned round, (Q_second, Q_first), at the same starts; the rest is 0.
    pub fn turned(&self, theta: &[f64]) -> Vec<f64> {
        let mut turned = vec![0.0; theta.len()];
        for pair in &self.pairs {
            let (rows, columns) = (self.sizes[pair.first], self.sizes[pair.second]);
            for row in 0..rows {
                for column in 0..columns {
                    turned[pair.start + column * rows + row] = theta[pair.start + row * columns + column];
                }
            }
        }
        turned
    }

    /// Adds a gradient gathered in turned tables to one in θ's own order.
    pub fn add_turned(&self, gradient: &mut [f64], turned: &[f64]) {
        for pair in &self.pairs {
            let (rows, columns) = (self.sizes[pair.first], self.sizes[pair.second]);
            for row in 0..rows {
                for column in 0..columns {
                    gradient[pair.start + row * columns + column] += turned[pair.start + column * rows + row];
                }
            }
        }
    }
}
