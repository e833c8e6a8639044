//! Generalisation: which chords a piece cites, rediscovers or invents, and its longest verbatim copy.
//!
//! Source: Hadjeres, Sakellariou & Pachet 2016 call a chord *cited* that the training pieces hold, *discovered* one that
//! only the held-out pieces hold, and *invented* one that neither does.

use crate::error::Result;
use crate::shelf::{Reader, Tensor, Tensors};
use etude_piece::score::Grid;
use rustc_hash::{FxHashMap, FxHashSet};

/// The frames of a piece that copies are sought in: one chord a quarter, each with 255 for a rest.
pub type Frames = Vec<Vec<u8>>;

/// What is known of a corpus to tell what is new: its chords, and its pieces in quarters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// Distinct chords of the training pieces, ascending, each with 255 for a rest, shape (chords, V).
    pub cited: Vec<Vec<u8>>,
    /// Distinct chords that only the held-out pieces have.
    pub discovered: Vec<Vec<u8>>,
    /// Name and frames of every training piece.
    pub pieces: Vec<(String, Frames)>,
    lookup: Lookup,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Lookup {
    cited: FxHashSet<Vec<u8>>,
    discovered: FxHashSet<Vec<u8>>,
    /// Where in the training pieces a pair of neighbouring frames stands, up to transposition.
    pairs: FxHashMap<Vec<i16>, Vec<(u32, u32)>>,
}

/// How new a piece is.
#[derive(Debug, Clone, PartialEq)]
pub struct Novelty {
    /// Share of steps whose chord the training pieces hold, 0..=1.
    pub cited: f64,
    /// Share of steps whose chord only the held-out pieces hold.
    pub discovered: f64,
    /// Share of steps whose chord neither holds.
    pub invented: f64,
    /// The longest run of quarters that a training piece has too, in any transposition.
    pub longest_copy: usize,
    /// The training piece that has it, or empty.
    pub longest_copy_of: String,
}

/// The longest run of quarters, at least 2, that a piece shares with a training piece in some transposition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    /// Its length; 0 where there is none.
    pub quarters: usize,
    /// The quarter of the piece at which it begins, from 0.
    pub start: usize,
    /// The training piece, by its place in [`Index::pieces`].
    pub piece: Option<usize>,
    /// The quarter of the training piece at which it begins.
    pub start_there: usize,
}

impl Index {
    /// The index of training and held-out pieces.
    pub fn new<'a>(
        train: impl Iterator<Item = (&'a str, &'a Grid)>,
        held_out: impl Iterator<Item = &'a Grid>,
    ) -> Self {
        let mut index = Self::default();
        for (name, grid) in train {
            index.cited.extend(chords(grid));
            index.pieces.push((name.to_owned(), frames(grid)));
        }
        index.cited.sort_unstable();
        index.cited.dedup();
        index.discovered =
            held_out.flat_map(chords).filter(|c| index.cited.binary_search(c).is_err()).collect();
        index.discovered.sort_unstable();
        index.discovered.dedup();
        index.prepared()
    }

    /// The same index, ready to look things up.
    #[must_use]
    pub fn prepared(mut self) -> Self {
        let mut lookup = Lookup {
            cited: self.cited.iter().cloned().collect(),
            discovered: self.discovered.iter().cloned().collect(),
            pairs: FxHashMap::default(),
        };
        for (piece, (_, frames)) in self.pieces.iter().enumerate() {
            for (at, pair) in frames.windows(2).enumerate() {
                lookup.pairs.entry(relative(pair)).or_default().push((piece as u32, at as u32));
            }
        }
        self.lookup = lookup;
        self
    }

    /// How new a piece is against this index.
    pub fn appraise(&self, grid: &Grid) -> Novelty {
        let (mut cited, mut discovered) = (0, 0);
        for chord in chords(grid) {
            if self.cites(&chord) {
                cited += 1;
            } else if self.lookup.discovered.contains(&chord) {
                discovered += 1;
            }
        }
        let steps = grid.steps() as f64;
        let longest = self.longest_run(&frames(grid));
        Novelty {
            cited: f64::from(cited) / steps,
            discovered: f64::from(discovered) / steps,
            invented: (steps - f64::from(cited + discovered)) / steps,
            longest_copy: longest.quarters,
            longest_copy_of: longest.piece.map_or(String::new(), |piece| self.pieces[piece].0.clone()),
        }
    }

    /// The longest run that these frames share with a training piece; the first among equals.
    pub fn longest_run(&self, ours: &[Vec<u8>]) -> Run {
        let mut longest = Run::default();
        for start in 0..ours.len().saturating_sub(1) {
            let Some(places) = self.lookup.pairs.get(&relative(&ours[start..start + 2])) else { continue };
            for &(piece, at) in places {
                let theirs = &self.pieces[piece as usize].1[at as usize..];
                let quarters = run(&ours[start..], theirs);
                if quarters > longest.quarters {
                    longest = Run { quarters, start, piece: Some(piece as usize), start_there: at as usize };
                }
            }
        }
        longest
    }

    /// Whether the training pieces hold a chord.
    pub fn cites(&self, chord: &Vec<u8>) -> bool {
        self.lookup.cited.contains(chord)
    }
}

impl Index {
    /// The index by name.
    pub fn tensors(&self) -> Tensors {
        let chords = |chords: &[Vec<u8>]| {
            let width = chords.first().map_or(0, Vec::len);
            Tensor::U8(vec![chords.len(), width], chords.concat())
        };
        let names =
            self.pieces.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("\n").into_bytes();
        let frames: Vec<Vec<u8>> =
            self.pieces.iter().flat_map(|(_, frames)| frames.iter().cloned()).collect();
        let lengths: Vec<u32> = self.pieces.iter().map(|(_, frames)| frames.len() as u32).collect();
        Tensors::from([
            ("novelty.cited".to_owned(), chords(&self.cited)),
            ("novelty.discovered".to_owned(), chords(&self.discovered)),
            ("novelty.frames".to_owned(), chords(&frames)),
            ("novelty.lengths".to_owned(), Tensor::U32(vec![lengths.len()], lengths)),
            ("novelty.names".to_owned(), Tensor::U8(vec![names.len()], names)),
        ])
    }

    /// Reads an index of chords of `voices` voices.
    ///
    /// # Errors
    ///
    /// Arrays that don't fit together.
    pub fn load(reader: &Reader, voices: usize) -> Result<Self> {
        let chords = |name: &str| -> Result<Vec<Vec<u8>>> {
            let bytes = reader.bytes(name)?;
            if voices == 0 || bytes.len() % voices != 0 {
                return reader
                    .refuse(format!("{} bytes in `{name}`", bytes.len()), format!("chords of {voices}"));
            }
            Ok(bytes.chunks_exact(voices).map(<[u8]>::to_vec).collect())
        };
        let frames = chords("novelty.frames")?;
        let names = String::from_utf8_lossy(reader.bytes("novelty.names")?).into_owned();
        let lengths = reader.numbers("novelty.lengths")?;
        let total: u64 = lengths.iter().map(|&n| u64::from(n)).sum();
        let names: Vec<&str> = if lengths.is_empty() { Vec::new() } else { names.split('\n').collect() };
        if total != frames.len() as u64 || names.len() != lengths.len() {
            return reader
                .refuse(format!("{} frames, {} names", frames.len(), names.len()), "those of the pieces");
        }
        let mut rest = frames.into_iter();
        let pieces = names
            .iter()
            .zip(lengths)
            .map(|(name, &length)| ((*name).to_owned(), rest.by_ref().take(length as usize).collect()));
        let pieces = pieces.collect();
        let (cited, discovered) = (chords("novelty.cited")?, chords("novelty.discovered")?);
        Ok(Self { cited, discovered, pieces, lookup: Lookup::default() }.prepared())
    }
}

/// How many frames two pieces share from their starts on, the second moved by the interval of their first pitches.
fn run(ours: &[Vec<u8>], theirs: &[Vec<u8>]) -> usize {
    let Some(shift) = shift(&ours[0], &theirs[0]) else {
        return ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    };
    ours.iter().zip(theirs).take_while(|(a, b)| same(a, b, shift)).count()
}

/// The interval between the first sounding pitches of two frames.
fn shift(ours: &[u8], theirs: &[u8]) -> Option<i16> {
    ours.iter().zip(theirs).find(|(a, b)| **a < 128 && **b < 128).map(|(a, b)| i16::from(*a) - i16::from(*b))
}

fn same(ours: &[u8], theirs: &[u8], shift: i16) -> bool {
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(&a, &b)| if a < 128 && b < 128 { i16::from(a) - i16::from(b) == shift } else { a == b })
}

/// A pair of frames, each pitch counted from the first that sounds.
fn relative(pair: &[Vec<u8>]) -> Vec<i16> {
    let base = pair.iter().flatten().find(|p| **p < 128).map_or(0, |p| i16::from(*p));
    pair.iter().flatten().map(|&p| if p < 128 { i16::from(p) - base } else { i16::MAX }).collect()
}

/// The chords of all steps.
pub(super) fn chords(grid: &Grid) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..grid.steps()).map(|step| chord(grid, step))
}

fn chord(grid: &Grid, step: usize) -> Vec<u8> {
    grid.chord(step).map(|pitch| pitch.unwrap_or(u8::MAX)).collect()
}

/// One chord a quarter, on the beat.
pub(super) fn frames(grid: &Grid) -> Frames {
    let quarter = grid.frame.steps_per_quarter;
    (grid.frame.pickup % quarter..grid.steps()).step_by(quarter).map(|step| chord(grid, step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::Frame;

    fn grid(chords: &[[u8; 2]]) -> Grid {
        let pitches: Vec<Option<u8>> = chords.concat().into_iter().map(Some).collect();
        let frame = Frame { steps_per_quarter: 1, ..Frame::sixteenths(2, chords.len()) };
        Grid::from_pitches(frame, &pitches)
    }

    fn index() -> Index {
        let train = grid(&[[60, 48], [62, 50], [64, 52], [65, 53], [67, 48]]);
        let held_out = grid(&[[72, 60]]);
        Index::new([("first", &train)].into_iter(), [&held_out].into_iter())
    }

    #[test]
    fn chords_are_cited_discovered_or_invented() {
        let novelty = index().appraise(&grid(&[[60, 48], [72, 60], [61, 48], [62, 50]]));
        assert_eq!((novelty.cited, novelty.discovered, novelty.invented), (0.5, 0.25, 0.25));
    }

    #[test]
    fn copies_are_found_in_every_transposition() {
        let novelty = index().appraise(&grid(&[[50, 40], [65, 53], [67, 55], [68, 56], [60, 40]]));
        assert_eq!((novelty.longest_copy, novelty.longest_copy_of.as_str()), (3, "first"));
    }

    #[test]
    fn nothing_copied_is_nothing_named() {
        let novelty = index().appraise(&grid(&[[50, 40], [61, 40]]));
        assert_eq!((novelty.longest_copy, novelty.longest_copy_of.as_str()), (0, ""));
    }
}
