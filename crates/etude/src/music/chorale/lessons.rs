//! What the network learns from: pieces, laid out under masks that are drawn anew each time.

use super::layout::Layout;
use super::mask::Mask;
use super::options::{Options, Reading};
use super::piece::Piece;
use crate::inference::chance::Chance;
use crate::nn::{IGNORED, NO_ROW};
use crate::sequence::{Sequence, Sequences};
use crate::train::network::Chunk;

/// Pieces that are learnt, and then those that are only measured.
#[derive(Debug)]
pub(super) struct Lessons {
    pub(super) reading: Reading,
    pub(super) layout: Layout,
    pub(super) options: Options,
    /// Pieces, and for how many steps each cell has held, (T, V).
    pieces: Vec<(Piece, Vec<usize>)>,
}

/// One chunk, laid out for the network.
pub(super) struct Read {
    /// Fields of the two readers in the order in which each reads, (T, B, K).
    pub(super) sides: [Vec<u32>; 2],
    pub(super) resets: [Vec<bool>; 2],
    /// Which state of each reader a step sees, (T, B).
    pub(super) sees: [Vec<u32>; 2],
    /// What each voice is asked, (V).
    pub(super) heads: Vec<Head>,
}

/// What one voice's head is asked.
#[derive(Clone, Default)]
pub(super) struct Head {
    /// What it reads, (T, B, K).
    pub(super) fields: Vec<u32>,
    /// What goes straight to its odds, (T, B, V).
    pub(super) moves: Vec<u32>,
    /// What the voice sang the step before, (T, B).
    pub(super) around: Vec<u32>,
    /// The answers, (T, B).
    pub(super) symbols: Vec<u32>,
}

impl Lessons {
    /// Pieces, and the sequences of (piece, step) that the training loop puts in order.
    pub(super) fn new(
        reading: Reading,
        layout: Layout,
        options: Options,
        train: Vec<Piece>,
        valid: Vec<Piece>,
    ) -> (Self, Sequences) {
        let learnt = train.len();
        let voices = layout.voices();
        let pieces: Vec<_> = train
            .into_iter()
            .chain(valid)
            .map(|piece| (piece.runs(voices), piece))
            .map(|(runs, piece)| (piece, runs))
            .collect();
        let longest = pieces.iter().map(|(piece, _)| piece.known.steps).max().unwrap_or(0);
        let mut sequences = pieces.iter().enumerate().map(|(number, (piece, _))| Sequence {
            fields: (0..piece.known.steps).flat_map(|step| [number as u32, step as u32]).collect(),
            symbols: vec![0; piece.known.steps],
        });
        let fields = vec![pieces.len().max(1), longest.max(1)];
        let train = sequences.by_ref().take(learnt).collect();
        let data = Sequences { symbols: 1, fields, train, valid: sequences.collect() };
        (Self { reading, layout, options, pieces }, data)
    }

    /// Lays out a chunk under masks that `chance` draws; what is forgotten of the past, in learning alone, is drawn as well.
    pub(super) fn read(&self, chunk: &Chunk, chance: &mut Chance, learning: bool) -> Read {
        let Chunk { steps, streams, .. } = *chunk;
        let voices = self.layout.voices();
        let hiding = if learning { self.options.hiding } else { 0.0 };
        let draw = |_| Mask::draw(self.reading, steps, voices, hiding, chance);
        let masks: Vec<Mask> = (0..streams).map(draw).collect();
        let at = |step: usize, stream: usize| step * streams + stream;
        let begins = |step: usize, stream: usize| step == 0 || chunk.resets[at(step, stream)];
        let ends = |step: usize, stream: usize| step + 1 == steps || begins(step + 1, stream);
        let mut read = Read {
            sides: [Vec::new(), Vec::new()],
            resets: [Vec::new(), Vec::new()],
            sees: [Vec::new(), Vec::new()],
            heads: vec![Head::default(); voices],
        };
        let [left, right] = &mut read.sides;
        for step in 0..steps {
            for (stream, mask) in masks.iter().enumerate() {
                let (piece, runs, t) = self.place(chunk, at(step, stream));
                left.extend((0..voices).map(|v| self.symbol(piece, t, v, !mask.forgotten(step, v))));
                piece.known.fields(t, &runs[t * voices..][..voices], left);
                read.resets[0].push(begins(step, stream));
                read.sees[0].push(if begins(step, stream) { NO_ROW } else { at(step - 1, stream) as u32 });
                // The other reader has its steps in the order T − 1 … 0.
                read.sees[1].push(if ends(step, stream) {
                    NO_ROW
                } else {
                    at(steps - 2 - step, stream) as u32
                });
                for (voice, head) in read.heads.iter_mut().enumerate() {
                    let counts = chunk.symbols[at(step, stream)] != IGNORED;
                    self.ask(head, voice, (piece, runs, t), (mask, step), counts);
                }
            }
        }
        let silent = vec![0; voices];
        for step in (0..steps).rev() {
            for (stream, mask) in masks.iter().enumerate() {
                let (piece, _, t) = self.place(chunk, at(step, stream));
                right.extend((0..voices).map(|v| self.symbol(piece, t, v, mask.is_given(step, v))));
                piece.known.fields(t, &silent, right);
                read.resets[1].push(ends(step, stream));
            }
        }
        read
    }

    /// Lays out what one voice's head is asked at step `t` of a piece, which is step `step` of its mask.
    fn ask(
        &self,
        head: &mut Head,
        voice: usize,
        (piece, runs, t): (&Piece, &[usize], usize),
        (mask, step): (&Mask, usize),
        counts: bool,
    ) {
        let voices = self.layout.voices();
        let of = |t: Option<usize>, shows: &dyn Fn(usize) -> bool| -> Vec<u32> {
            let symbol = |other: usize| match t.filter(|&t| t < piece.known.steps) {
                Some(t) => self.symbol(piece, t, other, shows(other)),
                None => u32::from(self.layout.outside(other)),
            };
            (0..voices).map(symbol).collect()
        };
        let before = t.checked_sub(1);
        let now = of(Some(t), &|other| mask.shows(step, voice, other));
        let last = of(before, &|other| other == voice || step == 0 || !mask.forgotten(step - 1, other));
        // A cell beyond the stretch is as given as the last one in it.
        let next = of(Some(t + 1), &|other| mask.is_given((step + 1).min(mask.steps() - 1), other));
        head.around.push(last[voice]);
        self.layout.around(voice, [&now, &last, &next], &mut head.fields);
        self.layout.moved(voice, &now, &last, &mut head.moves);
        let silent = vec![0; voices];
        let run = before.map_or(&silent[..], |before| &runs[before * voices..][..voices]);
        piece.known.fields(t, run, &mut head.fields);
        head.symbols.push(if counts { self.symbol(piece, t, voice, true) } else { IGNORED });
    }

    /// The symbol of a cell, or that of a hidden one.
    fn symbol(&self, piece: &Piece, t: usize, voice: usize, shown: bool) -> u32 {
        let symbol = || piece.symbols[t * self.layout.voices() + voice];
        u32::from(if shown { symbol() } else { self.layout.hidden(voice) })
    }

    /// The piece and the step of a row of a chunk.
    fn place(&self, chunk: &Chunk, row: usize) -> (&Piece, &[usize], usize) {
        let (piece, runs) = &self.pieces[chunk.fields[2 * row] as usize];
        (piece, runs, chunk.fields[2 * row + 1] as usize)
    }
}
