//! A window that slides with a value: how a melody's next pitch is told by the interval as well as by the pitch.

use super::operation::Operation;
use super::pick::NO_ROW;

/// The operation x → y, shapes (N, Q + 2R + 1) → (N, Q): y_q = x_q + x_{Q + R + q − a} for each q but the last within R of
/// the row's `around` a; the last, which is no pitch, has no interval.
#[derive(Debug)]
pub struct Slide {
    /// Q.
    pub count: usize,
    /// R.
    pub reach: usize,
    /// What the window of each row lies around, 0..Q − 1, or [`NO_ROW`] for no window, (N).
    pub around: Vec<u32>,
}

/// Which values of a row a window around `around` is added to, and where in the row it begins.
pub fn window(count: usize, reach: usize, around: u32) -> Option<(std::ops::Range<usize>, usize)> {
    if around == NO_ROW || around as usize + 1 >= count {
        return None;
    }
    let around = around as usize;
    let (first, end) = (around.saturating_sub(reach), (around + reach + 1).min(count - 1));
    Some((first..end, count + reach + first - around))
}

impl Slide {
    fn columns(&self) -> usize {
        self.count + 2 * self.reach + 1
    }
}

impl Operation for Slide {
    fn forward(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let mut out = Vec::with_capacity(self.around.len() * self.count);
        for (row, &around) in inputs[0].chunks_exact(self.columns()).zip(&self.around) {
            let at = out.len();
            out.extend_from_slice(&row[..self.count]);
            if let Some((range, from)) = window(self.count, self.reach, around) {
                let out = &mut out[at..][range];
                out.iter_mut().zip(&row[from..]).for_each(|(out, value)| *out += value);
            }
        }
        out
    }

    fn backward(&self, inputs: &[&[f32]], _: &[f32], gradient: &[f32]) -> Vec<Vec<f32>> {
        let mut change = vec![0.0; inputs[0].len()];
        let rows = change.chunks_exact_mut(self.columns()).zip(gradient.chunks_exact(self.count));
        for ((change, gradient), &around) in rows.zip(&self.around) {
            change[..self.count].copy_from_slice(gradient);
            if let Some((range, from)) = window(self.count, self.reach, around) {
                let length = range.len();
                change[from..from + length].copy_from_slice(&gradient[range]);
            }
        }
        vec![change]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The operation is linear, so its gradient is the transposed matrix.
    #[test]
    fn a_window_is_added_around_its_value_and_the_gradient_goes_both_ways() {
        let slide = Slide { count: 4, reach: 1, around: vec![0, 1, 3, NO_ROW] };
        let row = [1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0];
        let x = row.repeat(4);
        let y = slide.forward(&[&x]);
        assert_eq!(y[..4], [21.0, 32.0, 3.0, 4.0]);
        assert_eq!(y[4..8], [11.0, 22.0, 33.0, 4.0]);
        assert_eq!(y[8..], [1.0, 2.0, 3.0, 4.0].repeat(2));
        let weights: Vec<f32> = (1..=16).map(|n| n as f32).collect();
        let change = &slide.backward(&[&x], &y, &weights)[0];
        assert_eq!(change[..7], [1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 2.0]);
        assert_eq!(change[7..14], [5.0, 6.0, 7.0, 8.0, 5.0, 6.0, 7.0]);
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        assert_eq!(product(&y, &weights), product(&x, change));
    }
}
