//! How a chunk of frames is laid out: keys side by side for the layers over time, frames side by side for the layer over keys.

use super::super::frame::{Frame, KEYS, sounds};
use super::super::keywise;
use super::network::Network;
use super::past::{Past, pasts, reach};
use crate::nn::{IGNORED, NO_ROW, Pick};
use crate::train::network::Chunk;
use std::ops::Range;

/// A piece, what is known before each of its frames, and its keys that may be near.
pub(super) struct Piece {
    frames: Vec<Frame>,
    pasts: Vec<Past>,
    keys: Range<usize>,
}

impl Piece {
    pub(super) fn new(frames: &[Frame], margin: usize) -> Self {
        Self { frames: frames.to_vec(), pasts: pasts(frames), keys: reach(frames, margin) }
    }
}

/// What the layers over time read.
pub(super) struct Time {
    /// The keys of each stream: all that may be near in its pieces; (B).
    pub(super) keys: Vec<Range<usize>>,
    /// Keys of all streams, R.
    pub(super) rows: usize,
    /// (T, R, I).
    pub(super) features: Vec<f32>,
    /// Where a piece begins, (T, R).
    pub(super) resets: Vec<bool>,
}

/// A frame, and where time tells of its keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    past: Past,
    frame: Frame,
    /// The row of the lowest key that time tells of, and that key.
    row: usize,
    lowest: usize,
}

/// What the layer over keys reads, and what it is to tell.
pub(super) struct Notes {
    /// F.
    pub(super) frames: usize,
    /// Keys of each frame from its first near one on, as many as the longest has; K.
    pub(super) keys: usize,
    /// From (T, R, H) to (K, F, H + E).
    pub(super) pick: Pick,
    /// Where a stretch of near keys begins, (K, F).
    pub(super) resets: Vec<bool>,
    /// Whether the key sounds; ignored where it isn't near; (K, F).
    pub(super) symbols: Vec<u32>,
    /// The surprises of all cells that aren't near, nats.
    pub(super) far: f64,
}

impl Time {
    /// Lays out a chunk of (piece, frame); tells its frames, too.
    pub(super) fn new(network: Network, pieces: &[Piece], chunk: &Chunk) -> (Self, Vec<Note>) {
        let at = |step: usize, stream: usize| {
            let index = step * chunk.streams + stream;
            let [piece, frame] = [0, 1].map(|field| chunk.fields[2 * index + field] as usize);
            (chunk.symbols[index] != IGNORED).then(|| (&pieces[piece], frame))
        };
        let keys = |stream| {
            let pieces = (0..chunk.steps).filter_map(|step| at(step, stream)).map(|(piece, _)| &piece.keys);
            let join = |a: Range<usize>, b: Range<usize>| a.start.min(b.start)..a.end.max(b.end);
            // A single key where nothing sounds: no array is empty then.
            pieces.filter(|keys| !keys.is_empty()).cloned().reduce(join).unwrap_or(0..1)
        };
        let keys: Vec<Range<usize>> = (0..chunk.streams).map(keys).collect();
        let rows = keys.iter().map(ExactSizeIterator::len).sum();
        let width = network.time_features();
        let mut time =
            Self { rows, features: vec![0.0; chunk.steps * rows * width], resets: Vec::new(), keys };
        let mut features = time.features.chunks_exact_mut(width);
        let mut notes = Vec::with_capacity(chunk.symbols.len());
        for step in 0..chunk.steps {
            for (stream, keys) in time.keys.iter().enumerate() {
                let (row, resets) = (time.resets.len(), chunk.resets[step * chunk.streams + stream]);
                time.resets.resize(row + keys.len(), resets);
                let features = features.by_ref().take(keys.len());
                let Some((piece, index)) = at(step, stream) else {
                    features.for_each(drop);
                    continue;
                };
                let (past, frame) = (piece.pasts[index], piece.frames[index]);
                keys.clone().zip(features).for_each(|(key, out)| network.read_past(&past, key, out));
                notes.push(Note { past, frame, row, lowest: keys.start });
            }
        }
        (time, notes)
    }
}

impl Notes {
    /// Lays out frames; `far` are the log-odds of cells that aren't near.
    pub(super) fn new(network: Network, far: [f32; 2], notes: &[Note]) -> Self {
        let near: Vec<Frame> = notes.iter().map(|note| note.near(network.margin)).collect();
        let length = |near: Frame| near.checked_ilog2().map_or(1, |last| 1 + last - near.trailing_zeros());
        let keys = near.iter().map(|&near| length(near) as usize).max().unwrap_or(1);
        let width = network.note_features();
        let mut features = vec![0.0; keys * notes.len() * width];
        let mut cells = features.chunks_exact_mut(width);
        let (mut rows, mut resets, mut symbols) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..keys {
            for ((note, &near), features) in notes.iter().zip(&near).zip(&mut cells) {
                let key = near.trailing_zeros() as usize + step;
                let is_near = key < KEYS && sounds(near, key);
                resets.push(!is_near || step == 0 || !sounds(near, key - 1));
                rows.push(if is_near { (note.row + key - note.lowest) as u32 } else { NO_ROW });
                symbols.push(if is_near { u32::from(sounds(note.frame, key)) } else { IGNORED });
                if is_near {
                    network.read_lower(&note.past, note.lower(key), key, features);
                }
            }
        }
        let pick = Pick { width: network.width, rows, beside: features };
        let far = notes.iter().zip(&near).map(|(note, near)| note.far_nats(far, *near)).sum();
        Self { frames: notes.len(), keys, pick, resets, symbols, far }
    }
}

impl Note {
    /// The sounding keys below one.
    fn lower(&self, key: usize) -> Frame {
        self.frame & ((1 << key) - 1)
    }

    /// All near keys.
    fn near(&self, margin: usize) -> Frame {
        let is_near = |key: &usize| self.past.is_near(self.lower(*key), *key, margin);
        (0..KEYS).filter(is_near).fold(0, |all, key| all | 1 << key)
    }

    /// The surprise of all other keys.
    fn far_nats(&self, odds: [f32; 2], near: Frame) -> f64 {
        let odds = f64::from(odds[self.past.far()]);
        let cells = (0..KEYS).filter(|key| !sounds(near, *key));
        cells.map(|key| keywise::surprise(odds, sounds(self.frame, key))).sum()
    }
}
