//! Files cut off at every byte.

use super::formats::{read, seeds};
use super::within_bounds;
use crate::alone;

#[test]
fn a_file_cut_at_any_byte_is_read_or_refused() {
    let _alone = alone();
    for format in read() {
        for seed in seeds(format) {
            for length in 0..seed.len() {
                within_bounds(&seed[..length], &format!("cut.{format}"));
            }
        }
    }
}
