//! Back-propagation through time: from the slopes of each frame's biases to those of all weights.

use super::super::frame::{Frame, KEYS, sounding};
use super::Biases;
use super::arrays::{Arrays, Slopes};
use super::vectors::{add_times, dot, row};

/// What went by on the way forwards.
pub(super) struct Past<'a> {
    pub(super) states: &'a [f32],
    pub(super) seen: &'a [f32],
    pub(super) bias_slopes: &'a mut [Biases],
    pub(super) frames: &'a [Option<Frame>],
}

/// Back-propagation through time.
#[inline(always)]
pub(super) fn backwards(arrays: &Arrays, past: &mut Past, resets: &[bool], kept: f32, slopes: &mut Slopes) {
    let hidden = arrays.hidden.len();
    let units = arrays.to_visible.len() / KEYS;
    let tied = arrays.state_bias.len() != units;
    // Slope of the state after the step, then of what went into its function.
    let mut after = vec![0.0; units];
    let mut inner = vec![0.0; units];
    for at in (0..past.frames.len()).rev() {
        let Some(frame) = past.frames[at] else { continue };
        let biases = &mut past.bias_slopes[at];
        let state = &past.states[at * units..][..units];
        let next = &past.states[(at + 1) * units..][..units];
        let seen = &past.seen[at * units..][..units];
        for (inner, (after, next)) in inner.iter_mut().zip(after.iter().zip(next)) {
            *inner = after * if tied { next * (1.0 - next) } else { 1.0 - next * next };
        }
        let input = if tied { &mut *slopes.own } else { &mut *slopes.input };
        sounding(frame).for_each(|key| add_times(&mut input[key * units..][..units], 1.0, &inner));
        if tied {
            // What went into the state are the hidden units' biases at this frame, and the head's weights.
            add_times(&mut biases.hidden, 1.0, &inner);
        }
        add_times(slopes.state_bias, 1.0, &inner);
        add_times(slopes.visible, 1.0, &biases.visible);
        add_times(slopes.hidden, 1.0, &biases.hidden);
        for unit in 0..units {
            after[unit] = 0.0;
            if !tied {
                add_times(&mut slopes.recurrent[unit * units..][..units], state[unit], &inner);
            }
            if !resets[at] {
                if !tied {
                    after[unit] = dot(row(arrays.recurrent, unit, units), &inner);
                }
                // Where the state is 0, it may have been dropped: then the head's slopes don't reach it.
                if seen[unit] != 0.0 {
                    let (to_visible, to_hidden) =
                        (row(arrays.to_visible, unit, KEYS), row(arrays.to_hidden, unit, hidden));
                    let slope = dot(to_visible, &biases.visible) + dot(to_hidden, &biases.hidden);
                    after[unit] += slope / kept;
                }
                add_times(&mut slopes.to_visible[unit * KEYS..][..KEYS], seen[unit], &biases.visible);
                add_times(&mut slopes.to_hidden[unit * hidden..][..hidden], seen[unit], &biases.hidden);
            }
        }
    }
}
