//! Sixteen numbers side by side, the unit of everything that networks compute here.
//!
//! A vector of F numbers for each of N streams is stored as lines (⌈F/16⌉, N): feature f of stream n stands in line
//! `f / 16 · N + n` at place `f % 16`; places beyond F hold 0. So one stream's numbers follow each other, and many streams
//! lie side by side.
//!
//! Loops here count places from 0 to 15, so that every compiler makes vector code of them.

/// Sixteen numbers on one line of the cache.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Line(pub [f32; Line::LEN]);

impl Line {
    /// Numbers in a line.
    pub const LEN: usize = 16;

    /// Zeros.
    pub const ZERO: Self = Self([0.0; Self::LEN]);

    /// Lines that `numbers` numbers need.
    pub const fn count(numbers: usize) -> usize {
        numbers.div_ceil(Self::LEN)
    }

    /// As many lines as the numbers need, the last filled up with 0.
    pub fn collect(numbers: &[f32]) -> Vec<Self> {
        let line = |chunk: &[f32]| {
            let mut line = Self::ZERO;
            line.0[..chunk.len()].copy_from_slice(chunk);
            line
        };
        numbers.chunks(Self::LEN).map(line).collect()
    }

    /// The numbers of a row from one place on, 0 beyond its end.
    #[inline(always)]
    pub fn load(row: &[f32], from: usize) -> Self {
        let row = &row[from..];
        if let Some(whole) = row.first_chunk() {
            return Self(*whole);
        }
        let mut line = Self::ZERO;
        line.0[..row.len()].copy_from_slice(row);
        line
    }

    /// The way back of [`Line::load`]: what lies beyond the end of the row is dropped.
    #[inline(always)]
    pub fn store(self, row: &mut [f32], from: usize) {
        let row = &mut row[from..];
        if let Some(whole) = row.first_chunk_mut() {
            *whole = self.0;
        } else {
            row.copy_from_slice(&self.0[..row.len()]);
        }
    }

    /// `self + weights · times`, rounded once.
    #[inline(always)]
    #[must_use]
    pub fn add_times(self, weights: Self, times: f32) -> Self {
        let mut sum = self;
        for place in 0..Self::LEN {
            sum.0[place] = weights.0[place].mul_add(times, sum.0[place]);
        }
        sum
    }

    /// A function of each number.
    #[inline(always)]
    #[must_use]
    pub fn map(self, function: impl Fn(f32) -> f32) -> Self {
        let mut line = self;
        for place in 0..Self::LEN {
            line.0[place] = function(line.0[place]);
        }
        line
    }

    /// A function of each pair of numbers.
    #[inline(always)]
    #[must_use]
    pub fn zip(self, other: Self, function: impl Fn(f32, f32) -> f32) -> Self {
        let mut line = self;
        for place in 0..Self::LEN {
            line.0[place] = function(line.0[place], other.0[place]);
        }
        line
    }

    /// The sum of the sixteen, in a fixed order: halves are added until one number is left.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let mut line = self.0;
        let mut half = Self::LEN / 2;
        while half > 0 {
            for place in 0..half {
                line[place] += line[place + half];
            }
            half /= 2;
        }
        line[0]
    }
}

/// The numbers of stream `stream` among `streams`, as many as `numbers` holds.
pub fn gather(lines: &[Line], streams: usize, stream: usize, numbers: &mut [f32]) {
    for (block, chunk) in numbers.chunks_mut(Line::LEN).enumerate() {
        chunk.copy_from_slice(&lines[block * streams + stream].0[..chunk.len()]);
    }
}

/// Makes each stream a copy of one of `old`: stream n of `new` becomes stream `parents[n]` of the `streams` in `old`.
pub fn select(old: &[Line], streams: usize, parents: &[usize], new: &mut Vec<Line>) {
    new.clear();
    for block in old.chunks_exact(streams) {
        new.extend(parents.iter().map(|&parent| block[parent]));
    }
}

/// Does a step's work, of so many multiply-adds, on a thread of the pool: from outside, each of its parallel loops would wait
/// for threads to wake. A little work is done where it is.
pub fn together<R: Send>(work: usize, step: impl FnOnce() -> R + Send) -> R {
    /// Multiply-adds that take a thread about 100 microseconds.
    const LEAST: usize = 1 << 20;
    if work < LEAST { step() } else { rayon::scope(|_| step()) }
}

/// How many pieces of work, of so many multiply-adds each, a thread should take at least: handing over less costs more
/// than it saves.
pub fn share(work: usize) -> usize {
    /// Multiply-adds that take a thread about 20 microseconds.
    const LEAST: usize = 1 << 18;
    LEAST.div_ceil(work.max(1))
}
