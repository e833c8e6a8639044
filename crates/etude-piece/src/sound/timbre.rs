//! The built-in voice's tone colour: one cycle of each pitch, as a table.

/// Samples in a cycle. A power of two, so that phases wrap by a mask.
pub(super) const CYCLE: usize = 2_048;

/// The formants of a vowel between `ah` and `oh`: centre in hertz, width as a fraction of it, strength.
const FORMANTS: [(f64, f64, f64); 4] =
    [(520.0, 0.45, 1.0), (980.0, 0.30, 0.50), (2_500.0, 0.22, 0.16), (3_300.0, 0.20, 0.08)];

/// How strong the partials are where no formant lifts them.
const BETWEEN_FORMANTS: f64 = 0.30;

/// The highest partials, in hertz: they fade from the first to the second.
const BRIGHTEST: (f64, f64) = (5_000.0, 9_000.0);

/// One cycle of a tone, with its first sample once more at the end to ease interpolation.
pub(super) type Cycle = Box<[f32]>;

/// Makes cycles of any pitch.
pub(super) struct Timbre {
    sine: Vec<f64>,
    rate: f64,
}

impl Timbre {
    /// The timbre at `rate` frames per second.
    pub(super) fn new(rate: f64) -> Self {
        let step = 2.0 * std::f64::consts::PI / CYCLE as f64;
        Self { sine: (0..CYCLE).map(|i| libm::sin(step * i as f64)).collect(), rate }
    }

    /// A cycle of a tone of `hertz`, of about the same loudness for all.
    pub(super) fn cycle(&self, hertz: f64) -> Cycle {
        let partials = self.partials(hertz);
        let power: f64 = partials.iter().map(|amplitude| amplitude * amplitude).sum();
        let level = 1.0 / libm::sqrt(power.max(1e-12));
        let mut cycle = vec![0.0_f64; CYCLE];
        for (i, amplitude) in partials.iter().enumerate() {
            let number = i + 1;
            // Phases by Schroeder's rule for a low crest: π k (k - 1) / K, in whole samples of the table.
            let phase = number * i * CYCLE / (2 * partials.len());
            for (at, sample) in cycle.iter_mut().enumerate() {
                *sample += level * amplitude * self.sine[(number * at + phase) % CYCLE];
            }
        }
        cycle.push(cycle[0]);
        cycle.into_iter().map(|sample| sample as f32).collect()
    }

    /// The amplitudes of partials 1, 2, … of a tone of `hertz`, none so high that it could alias.
    fn partials(&self, hertz: f64) -> Vec<f64> {
        if hertz > 0.45 * self.rate {
            return Vec::new();
        }
        let highest = BRIGHTEST.1.min(0.45 * self.rate);
        let count = ((highest / hertz) as usize).clamp(1, CYCLE / 4);
        let amplitude = |number: usize| {
            let at = hertz * number as f64;
            let lift: f64 = FORMANTS.iter().map(|&formant| resonance(at, formant)).sum();
            let fade = ((BRIGHTEST.1 - at) / (BRIGHTEST.1 - BRIGHTEST.0)).clamp(0.0, 1.0);
            (BETWEEN_FORMANTS + lift) * fade / libm::pow(number as f64, 1.15)
        };
        let mut partials: Vec<f64> = (1..=count).map(amplitude).collect();
        // The fundamental carries the pitch, however far below the formants it lies.
        let strongest = partials.iter().fold(1e-3, |most: f64, &amplitude| most.max(amplitude));
        partials[0] = partials[0].max(0.6 * strongest);
        partials
    }
}

/// How much a formant lifts a partial at `hertz`: a bell over the logarithm of the frequency.
fn resonance(hertz: f64, (centre, width, strength): (f64, f64, f64)) -> f64 {
    let distance = libm::log(hertz / centre) / width;
    strength * libm::exp(-0.5 * distance * distance)
}

/// The frequency of a MIDI number, in hertz, in equal temperament at A4 = 440 Hz.
pub(super) fn hertz(key: u8) -> f64 {
    440.0 * libm::exp2((f64::from(key) - 69.0) / 12.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitches_are_equally_tempered() {
        assert_eq!(hertz(69), 440.0);
        assert!((hertz(60) - 261.6256).abs() < 1e-4);
    }

    #[test]
    fn every_cycle_is_of_one_loudness_without_direct_current() {
        let timbre = Timbre::new(44_100.0);
        for key in 0..128 {
            let cycle = timbre.cycle(hertz(key));
            let power: f32 = cycle[..CYCLE].iter().map(|x| x * x).sum::<f32>() / CYCLE as f32;
            let mean = cycle[..CYCLE].iter().sum::<f32>() / CYCLE as f32;
            assert!((power - 0.5).abs() < 1e-3, "key {key}: power {power}");
            assert!(mean.abs() < 1e-5, "key {key}: mean {mean}");
        }
    }
}
