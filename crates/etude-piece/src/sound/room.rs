//! A small room: eight delays that feed each other through a matrix without loss, their highs damped
//! (a feedback delay network after Jot and Chaigne, 1991).

/// Seconds in which the room goes silent after the last note.
pub(super) const TAIL: f64 = 1.6;

/// Seconds until an echo is a thousandth as loud.
const DECAY: f64 = 1.5;
/// The delays in seconds, none a simple multiple of another.
const DELAYS: [f64; 8] = [0.0297, 0.0371, 0.0411, 0.0437, 0.0531, 0.0597, 0.0671, 0.0739];
/// The corner of the low-pass in each loop, in hertz.
const DAMPING: f64 = 4_200.0;

/// Adds the room's answer to the frames, as strong as `amount`, 0.0..=1.0.
pub(super) fn add(frames: &mut [[f32; 2]], rate: f64, amount: f32) {
    if amount == 0.0 {
        return;
    }
    let mut lines = DELAYS.map(|delay| Line::new(delay, rate));
    for frame in frames {
        let mut heard = lines.each_mut().map(Line::read);
        let left = heard[0] - heard[2] + heard[4] - heard[6];
        let right = heard[1] - heard[3] + heard[5] - heard[7];
        mix(&mut heard);
        for (i, line) in lines.iter_mut().enumerate() {
            line.write(heard[i] + frame[i % 2]);
        }
        frame[0] += amount * left;
        frame[1] += amount * right;
    }
}

/// One delay line with its loss.
struct Line {
    samples: Vec<f32>,
    at: usize,
    /// The share that survives one round.
    gain: f32,
    /// The low-pass's share of the new sample, and what it holds.
    open: f32,
    held: f32,
}

impl Line {
    fn new(delay: f64, rate: f64) -> Self {
        let open = 1.0 - libm::exp(-2.0 * std::f64::consts::PI * DAMPING / rate);
        Self {
            samples: vec![0.0; ((delay * rate) as usize).max(1)],
            at: 0,
            gain: libm::pow(10.0, -3.0 * delay / DECAY) as f32,
            open: open as f32,
            held: 0.0,
        }
    }

    fn read(&mut self) -> f32 {
        // What no ear hears is dropped: numbers too small slow processors down.
        let sample = self.samples[self.at];
        self.held += self.open * (sample - self.held);
        if self.held.abs() < 1e-15 {
            self.held = 0.0;
        }
        self.gain * self.held
    }

    fn write(&mut self, sample: f32) {
        self.samples[self.at] = sample;
        self.at += 1;
        if self.at == self.samples.len() {
            self.at = 0;
        }
    }
}

/// The Hadamard matrix of order 8, scaled to lose nothing: every line hears every other.
fn mix(values: &mut [f32; 8]) {
    for span in [1, 2, 4] {
        for i in (0..8).filter(|i| i & span == 0) {
            let (a, b) = (values[i], values[i + span]);
            values[i] = a + b;
            values[i + span] = a - b;
        }
    }
    *values = values.map(|value| value * std::f32::consts::FRAC_1_SQRT_2 * 0.5);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_keeps_the_energy() {
        let mut values = [1.0, -2.0, 3.0, 0.5, 0.0, 1.0, -1.0, 2.0];
        let energy = |values: &[f32; 8]| values.iter().map(|v| v * v).sum::<f32>();
        let before = energy(&values);
        mix(&mut values);
        assert!((energy(&values) - before).abs() < 1e-4);
    }

    #[test]
    fn an_echo_dies_within_the_tail() {
        let mut frames = vec![[0.0; 2]; (TAIL * 44_100.0) as usize];
        frames[0] = [1.0, 1.0];
        add(&mut frames, 44_100.0, 1.0);
        let end = frames[frames.len() - 441..].iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
        let early = frames[1..8_820].iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(early > 0.1 && end < 2e-3, "{early} {end}");
    }

    #[test]
    fn no_room_changes_nothing() {
        let mut frames = vec![[0.5, -0.5]; 10];
        add(&mut frames, 44_100.0, 0.0);
        assert_eq!(frames, vec![[0.5, -0.5]; 10]);
    }
}
