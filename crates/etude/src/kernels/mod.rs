//! The few loops that all the time is spent in. Plain arithmetic only, in one fixed order, so that the same
//! input gives the same bytes in every build and on every machine with IEEE 754 doubles.
//!
//! What networks need, in f32 and sixteen at a time, stands in the modules below; here are the f64 of the other models.

pub mod line;

pub mod panels;

pub mod affine;

pub mod activation;

pub mod norm;

pub mod vector;

/// Adds `row` to `sum`, element by element, as far as `sum` reaches.
#[inline]
pub fn add(sum: &mut [f64], row: &[f64]) {
    for (s, r) in sum.iter_mut().zip(row) {
        *s += r;
    }
}

/// Lanes that [`add_rows`] sums at a time; a table needs as many entries to spare behind its last row.
pub const LANES: usize = 8;

/// A row of a table, and how often it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Where it begins.
    pub start: u32,
    /// How often it counts.
    pub times: f32,
}

/// Adds many rows of one table to `sum`: element q gains `times · table[start + q]` for each row.
///
/// Block by block, so that a block's sums stay in registers over all rows.
#[inline]
pub fn add_rows(sum: &mut [f64], table: &[f64], rows: &[Row]) {
    for (block, sums) in sum.chunks_mut(LANES).enumerate() {
        let mut lanes = [0.0; LANES];
        lanes[..sums.len()].copy_from_slice(sums);
        for row in rows {
            let at = row.start as usize + block * LANES;
            let times = f64::from(row.times);
            let values: &[f64; LANES] = table[at..].first_chunk().expect("the table has lanes to spare");
            for (lane, value) in lanes.iter_mut().zip(values) {
                *lane += times * value;
            }
        }
        let len = sums.len();
        sums.copy_from_slice(&lanes[..len]);
    }
}

/// Adds `times · row` to `sum`, element by element, as far as `sum` reaches.
#[inline]
pub fn add_times(sum: &mut [f64], times: f64, row: &[f64]) {
    for (s, r) in sum.iter_mut().zip(row) {
        *s += times * r;
    }
}

/// eˣ within 2 units in the last place for −700 ≤ x ≤ 700; beyond, the value at that edge.
///
/// Written without branches or calls, so that a loop over it becomes vector code: x = k·ln 2 + r with |r| ≤ ½ ln 2,
/// eʳ by its Taylor polynomial of degree 12, 2ᵏ by the exponent bits.
#[inline]
pub fn exp(x: f64) -> f64 {
    /// Adding it to a small number leaves the nearest integer in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8; // 32 bits of ln 2, so that k times it is exact
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let mut sum = 1.0 / 479_001_600.0;
    for inverse in [
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum * r + inverse;
    }
    let power = shifted.to_bits().wrapping_add(1023) << 52;
    sum * f64::from_bits(power)
}

/// Turns log-odds into probabilities in place; returns log Σ exp of what came in.
///
/// `odds` must not be empty; entries of −∞ become 0, and at least one must be finite.
#[inline]
pub fn softmax(odds: &mut [f64]) -> f64 {
    let top = odds.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    let mut sum = 0.0;
    for odd in odds.iter_mut() {
        let below = *odd - top;
        *odd = if below < -700.0 { 0.0 } else { exp(below) };
    }
    for odd in odds.iter() {
        sum += odd;
    }
    let inverse = 1.0 / sum;
    for odd in odds.iter_mut() {
        *odd *= inverse;
    }
    top + ln(sum)
}

/// The natural logarithm, by the same code on every platform.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_the_library() {
        for i in -70_000..=70_000 {
            let x = f64::from(i) * 0.01 + 0.003;
            let (ours, theirs) = (exp(x), x.clamp(-700.0, 700.0).exp());
            assert!((ours / theirs - 1.0).abs() < 5e-16, "exp({x}) = {ours}, not {theirs}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(f64::NEG_INFINITY), exp(-700.0));
    }

    #[test]
    fn rows_are_added_as_one_by_one() {
        let table: Vec<f64> = (0..100).map(f64::from).collect();
        for size in [1, 7, 8, 9, 25] {
            let (mut fast, mut slow) = (vec![0.5; size], vec![0.5; size]);
            let rows = [(0, 1.0), (3, 2.0), (60, 0.5)].map(|(start, times)| Row { start, times });
            add_rows(&mut fast, &table, &rows);
            rows.iter().for_each(|row| add_times(&mut slow, row.times.into(), &table[row.start as usize..]));
            assert_eq!(fast, slow);
        }
    }

    #[test]
    fn softmax_sums_to_one_and_drops_the_impossible() {
        let mut odds = [1.0, 2.0, f64::NEG_INFINITY, 3.0];
        let total = softmax(&mut odds);
        assert!((odds.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert_eq!(odds[2], 0.0);
        let direct = (1f64.exp() + 2f64.exp() + 3f64.exp()).ln();
        assert!((total - direct).abs() < 1e-14);
    }
}
