//! Back-propagation through time: from the slopes of each frame's biases to those of all weights.

use super::super::frame::{KEYS, sounding};
use super::arrays::{Arrays, Slopes};
use super::forwards::Track;
use super::vectors::add_times;
use super::{Biases, Head};
use crate::kernels::vector::{Kernel, fast};
use crate::music::roll::frame::Frame;
use crate::music::roll::network::learn::FrameNetwork;
use crate::nn::product::{Matrix, Packed, multiply};

/// The matrices of the way back, made ready.
pub(super) struct Back {
    recurrent: Packed,
    to_visible: Packed,
    to_hidden: Packed,
}

impl Back {
    pub(super) fn new<H: Head>(network: &FrameNetwork<H>, arrays: &Arrays) -> Self {
        let (units, hidden) = (network.units, arrays.hidden.len());
        let state = if network.tied { 0 } else { units };
        let turned = |values, rows, columns| Packed::new(Matrix::new(values, rows, columns).transposed());
        Self {
            recurrent: turned(arrays.recurrent, state, state),
            to_visible: turned(arrays.to_visible, units, KEYS),
            to_hidden: turned(arrays.to_hidden, units, hidden),
        }
    }

    /// Adds to `slopes` what the slopes of all biases, rows (T, N), come to. They are changed on the way.
    pub(super) fn run<H: Head>(
        &self,
        network: &FrameNetwork<H>,
        track: &Track,
        biases: &mut Biases,
        slopes: &mut Slopes,
    ) {
        let (units, tied, kept) = (network.units, network.tied, (1.0 - network.dropout) as f32);
        let (n, hidden) = (track.streams, slopes.hidden.len());
        // Slopes of the state after the step; and of what went into its function, all steps.
        let mut after = vec![0.0; n * units];
        let mut inner = vec![0.0; if units == 0 { 0 } else { track.steps * n * units }];
        for at in (0..track.steps).rev() {
            if units == 0 {
                break;
            }
            let here = at * n..(at + 1) * n;
            let next = &track.states[(at + 1) * n * units..][..n * units];
            let inner = &mut inner[at * n * units..][..n * units];
            for (stream, frame) in track.frames[here.clone()].iter().enumerate() {
                let row = stream * units..(stream + 1) * units;
                if frame.is_some() {
                    fast(Unbend {
                        tied,
                        after: &after[row.clone()],
                        next: &next[row.clone()],
                        inner: &mut inner[row],
                    });
                }
            }
            let visible = &biases.visible[at * n * KEYS..][..n * KEYS];
            let own = &mut biases.hidden[at * n * hidden..][..n * hidden];
            if tied {
                // What went into the state are the hidden units' biases at this frame, and the head's weights.
                fast(Add { from: inner, to: own });
            }
            let mut seen = vec![0.0; n * units];
            multiply(Matrix::new(visible, n, KEYS), &self.to_visible, &mut seen, false);
            multiply(Matrix::new(own, n, hidden), &self.to_hidden, &mut seen, true);
            // Where the state is 0, it may have been dropped: then the head's slopes don't reach it.
            let shown = &track.seen[at * n * units..][..n * units];
            for (seen, shown) in seen.iter_mut().zip(shown) {
                *seen = if *shown == 0.0 { 0.0 } else { *seen / kept };
            }
            if tied {
                after.copy_from_slice(&seen);
            } else {
                multiply(Matrix::new(inner, n, units), &self.recurrent, &mut after, false);
                fast(Add { from: &seen, to: &mut after });
            }
            for (after, reset) in after.chunks_exact_mut(units).zip(&track.resets[here]) {
                if *reset {
                    after.fill(0.0);
                }
            }
        }
        self.weights(network, track, (biases, &inner), slopes);
    }

    /// From the slopes of what went into the functions to those of the weights.
    fn weights<H: Head>(
        &self,
        network: &FrameNetwork<H>,
        track: &Track,
        (biases, inner): (&Biases, &[f32]),
        slopes: &mut Slopes,
    ) {
        let (units, rows, hidden) = (network.units, track.frames.len(), slopes.hidden.len());
        fast(Sum { rows: &biases.visible, sums: slopes.visible });
        fast(Sum { rows: &biases.hidden, sums: slopes.hidden });
        if units == 0 {
            return;
        }
        let seen = Matrix::new(&track.seen, rows, units).transposed();
        multiply(seen, &Packed::new(Matrix::new(&biases.visible, rows, KEYS)), slopes.to_visible, true);
        multiply(seen, &Packed::new(Matrix::new(&biases.hidden, rows, hidden)), slopes.to_hidden, true);
        let input = if network.tied { &mut *slopes.own } else { &mut *slopes.input };
        fast(Leave { frames: &track.frames, inner, units, rows: input });
        if !network.tied {
            let states = Matrix::new(&track.states[..rows * units], rows, units).transposed();
            multiply(states, &Packed::new(Matrix::new(inner, rows, units)), slopes.recurrent, true);
            fast(Sum { rows: inner, sums: slopes.state_bias });
        }
    }
}

/// Through the function of the state's units.
struct Unbend<'a> {
    tied: bool,
    after: &'a [f32],
    next: &'a [f32],
    inner: &'a mut [f32],
}

impl Kernel for Unbend<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { tied, after, next, inner } = self;
        for (inner, (after, next)) in inner.iter_mut().zip(after.iter().zip(next)) {
            *inner = after * if tied { next * (1.0 - next) } else { 1.0 - next * next };
        }
    }
}

/// Adds numbers to others.
struct Add<'a> {
    from: &'a [f32],
    to: &'a mut [f32],
}

impl Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { from, to } = self;
        add_times(to, 1.0, from);
    }
}

/// Adds all rows to one.
struct Sum<'a> {
    rows: &'a [f32],
    sums: &'a mut [f32],
}

impl Kernel for Sum<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { rows, sums } = self;
        rows.chunks_exact(sums.len()).for_each(|row| add_times(sums, 1.0, row));
    }
}

/// Adds a row for each frame to those of the keys that sound in it.
struct Leave<'a> {
    frames: &'a [Option<Frame>],
    /// (T, N, U).
    inner: &'a [f32],
    units: usize,
    /// (88, U).
    rows: &'a mut [f32],
}

impl Kernel for Leave<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { frames, inner, units, rows } = self;
        for (frame, inner) in frames.iter().zip(inner.chunks_exact(units)) {
            sounding(frame.unwrap_or(0))
                .for_each(|key| add_times(&mut rows[key * units..][..units], 1.0, inner));
        }
    }
}
