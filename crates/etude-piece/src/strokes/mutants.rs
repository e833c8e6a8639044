//! Files that were damaged by chance, for tests of readers.

/// Numbers that look drawn by chance, the same in every run (xorshift64).
pub(crate) struct Chance(u64);

impl Chance {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// Chance that begins somewhere.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
}

/// Hands `read` a file in `count` damaged forms and in all shorter ones; how many of the damaged ones it took.
pub(crate) fn damage(file: &[u8], count: usize, mut read: impl FnMut(&[u8]) -> bool) -> usize {
    let step = (file.len() / 500).max(1);
    for length in (0..file.len()).step_by(step) {
        read(&file[..length]);
    }
    let chance = &mut Chance::new(17);
    let mut taken = 0;
    for _ in 0..count {
        let mut mutant = file.to_vec();
        for _ in 0..1 + chance.below(3) {
            mutate(&mut mutant, chance);
        }
        taken += usize::from(read(&mutant));
    }
    taken
}

/// Changes a few bytes: another byte, a digit, a piece taken out, a piece doubled.
fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    if bytes.is_empty() {
        return;
    }
    let at = chance.below(bytes.len());
    let length = (1 + chance.below(60)).min(bytes.len() - at);
    match chance.below(5) {
        0 => bytes[at] = chance.below(256) as u8,
        1 | 2 => {
            let digits: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
            if !digits.is_empty() {
                bytes[digits[chance.below(digits.len())]] = b"0123456789-.eEnN"[chance.below(16)];
            }
        }
        3 => drop(bytes.drain(at..at + length)),
        _ => {
            let piece = bytes[at..at + length].to_vec();
            bytes.splice(at..at, piece);
        }
    }
}
