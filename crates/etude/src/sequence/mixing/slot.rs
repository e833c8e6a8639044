//! What a context remembers of one decision: a history of its bits, and a probability that followed them.
//!
//! A history counts zeros and ones, and knows the last bit. When one answer comes, a large count of the other is cut: what
//! happened lately tells more (Mahoney, *Adaptive weighing of context models for lossless data compression*, Florida Tech
//! CS-2005-16, 2005, section 2.2: nonstationary states).

/// Counts of a history go from 0 to one less.
const COUNTS: u16 = 24;

/// Different histories: zeros, ones, and the last bit.
pub(super) const HISTORIES: usize = (COUNTS * COUNTS * 2) as usize;

/// Most times that a slot knows it was seen.
const OLDEST: u16 = 31;

/// Bits of the history in `state`; the rest is the age.
const SHIFT: u16 = 11;

/// One decision in one context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// The node of the code where it is taken.
    pub(super) node: u16,
    /// The history, and above it how often it was seen, up to 31; 0 means never.
    state: u16,
    /// The probability of 1, in 65,536ths.
    one: u16,
}

impl Slot {
    /// A decision that was never seen.
    pub(super) fn new(node: u16) -> Self {
        Self { node, state: 0, one: 1 << 15 }
    }

    /// What stands before a list of slots in an arena: its length, and the room it has, in steps.
    pub(super) fn header(length: usize, steps: usize) -> Self {
        Self { node: length as u16, state: steps as u16, one: 0 }
    }

    /// Length and steps of a header.
    pub(super) fn sizes(self) -> (usize, usize) {
        (usize::from(self.node), usize::from(self.state))
    }

    /// Whether it was ever seen.
    pub(super) fn is_seen(self) -> bool {
        self.state >> SHIFT > 0
    }

    /// The number of its history, below [`HISTORIES`].
    pub(super) fn history(self) -> usize {
        usize::from(self.state & ((1 << SHIFT) - 1))
    }

    /// The last bit.
    pub(super) fn last(self) -> usize {
        self.history() / usize::from(COUNTS * COUNTS)
    }

    /// The probability of 1 in 4096ths.
    pub(super) fn one(self) -> usize {
        usize::from(self.one >> 4)
    }

    /// What it is after one more bit.
    pub(super) fn after(self, bit: usize) -> Self {
        let history = self.state & ((1 << SHIFT) - 1);
        let mut counts = [history % COUNTS, history / COUNTS % COUNTS];
        counts[bit] = (counts[bit] + 1).min(COUNTS - 1);
        counts[1 - bit] = match counts[1 - bit] {
            few @ 0..=2 => few,
            3 => 2,
            4..=5 => 3,
            6..=8 => 4,
            9..=14 => 5,
            _ => 6,
        };
        let history = counts[0] + COUNTS * counts[1] + COUNTS * COUNTS * bit as u16;
        let age = self.state >> SHIFT;
        // The probability moves by 1 / (age + 1.5) of the way, in whole numbers.
        let (aim, now) = (65_535 * bit as i32, i32::from(self.one));
        let one = now + (aim - now) * 2 / (2 * i32::from(age) + 3);
        Self { node: self.node, state: history | (age + 1).min(OLDEST) << SHIFT, one: one as u16 }
    }
}

/// What is thought at first of a history: the share of ones, each count raised by 0.4.
pub(super) fn prior(history: usize) -> f32 {
    let counts = usize::from(COUNTS);
    let (zeros, ones) = ((history % counts) as f32, (history / counts % counts) as f32);
    (ones + 0.4) / (zeros + ones + 0.8)
}

/// Finds the slots of a path in a list of slots with ascending nodes; `found` hears the depth of each that is there.
pub(super) fn gather(list: &[Slot], path: &[Slot], mut found: impl FnMut(usize, Slot)) {
    let mut rest = list;
    for (depth, step) in path.iter().enumerate() {
        let Some(skipped) = rest.iter().position(|slot| slot.node >= step.node) else { return };
        rest = &rest[skipped..];
        if rest[0].node == step.node {
            found(depth, rest[0]);
        }
    }
}

/// Writes the slots of a path into a list of slots with ascending nodes; `merged` takes the whole.
pub(super) fn merge(list: &[Slot], path: &[Slot], merged: &mut Vec<Slot>) {
    merged.clear();
    let mut rest = list.iter().copied().peekable();
    for &new in path {
        while let Some(old) = rest.next_if(|old| old.node < new.node) {
            merged.push(old);
        }
        rest.next_if(|old| old.node == new.node);
        merged.push(new);
    }
    merged.extend(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts of zeros and ones and the last bit after some bits.
    #[track_caller]
    fn check(bits: &str, expected: (usize, usize, usize)) {
        let slot = bits.bytes().fold(Slot::new(7), |slot, bit| slot.after(usize::from(bit - b'0')));
        let counts = usize::from(COUNTS);
        let history = slot.history();
        assert_eq!((history % counts, history / counts % counts, slot.last()), expected);
        assert!(history < HISTORIES && slot.node == 7 && slot.is_seen());
    }

    #[test]
    fn histories_count_their_bits() {
        check("0010", (3, 1, 0));
    }

    #[test]
    fn a_surprise_cuts_what_was_sure() {
        check("00000000001", (5, 1, 1));
    }

    #[test]
    fn counts_end_somewhere() {
        check(&"1".repeat(100), (0, 23, 1));
    }

    #[test]
    fn probabilities_follow_the_bits() {
        let after = |bits: &str| bits.bytes().fold(Slot::new(0), |s, b| s.after(usize::from(b - b'0'))).one();
        assert_eq!((after(""), after("1"), after("0")), (2048, 3413, 682));
        assert!(after(&"1".repeat(500)) > 4000 && after(&"0".repeat(500)) < 96);
    }

    #[test]
    fn slots_merge_in_order_and_the_new_one_wins() {
        let slots = |nodes: &[u16], bit| nodes.iter().map(|&n| Slot::new(n).after(bit)).collect::<Vec<_>>();
        let mut merged = Vec::new();
        merge(&slots(&[0, 3, 5, 9], 0), &slots(&[0, 4, 5], 1), &mut merged);
        let told: Vec<(u16, usize)> = merged.iter().map(|slot| (slot.node, slot.last())).collect();
        assert_eq!(told, [(0, 1), (3, 0), (4, 1), (5, 1), (9, 0)]);
    }
}
