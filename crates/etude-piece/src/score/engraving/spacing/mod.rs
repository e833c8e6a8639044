//! How wide everything is: bars by their notes' lengths and by what must not touch, and which bars make a line.

mod breaking;
mod gauge;

pub(super) use breaking::{Line, Spots, lines};
pub(super) use gauge::{CLOSE, Gauge, REPEAT_DOTS};
