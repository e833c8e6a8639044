//! What every model of the catalogue obeys, as tests: each law runs for every entry.

mod authors;
mod engines;
mod grids;

use crate::inference::chance::Chance;

/// A model file with a little damage: cut off, a bit turned, bytes of the header changed, or a number in it.
fn damaged(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let header = bytes.len().min(4000);
    let mut damaged = bytes.to_vec();
    match chance.below(4) {
        0 => damaged.truncate(chance.below(bytes.len())),
        1 => damaged[chance.below(bytes.len())] ^= 1 << chance.below(8),
        2 => (0..8).for_each(|_| damaged[chance.below(header)] = chance.below(256) as u8),
        _ => {
            let from = chance.below(header);
            let digit = (from..header).find(|&at| damaged[at].is_ascii_digit()).unwrap_or(from);
            let lie = ["0", "-1", "1e9", "4294967296", "18446744073709551615"][chance.below(5)];
            damaged.splice(digit..=digit, lie.bytes());
        }
    }
    damaged
}
