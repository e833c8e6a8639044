//! Have the chains mixed? Two diagnostics of scalar traces.

/// The potential scale reduction R̂ of chains split in halves: near 1 when they agree; above about 1.1 they don't yet.
/// NaN for traces shorter than 4.
///
/// Source: Gelman & Rubin 1992; split as in Gelman et al., *Bayesian Data Analysis*, 3rd ed., section 11.4.
pub fn r_hat(chains: &[&[f64]]) -> f64 {
    let halves: Vec<&[f64]> = chains
        .iter()
        .flat_map(|chain| {
            let half = chain.len() / 2;
            [&chain[..half], &chain[chain.len() - half..]]
        })
        .collect();
    let n = halves.iter().map(|half| half.len()).min().unwrap_or(0);
    if n < 2 {
        return f64::NAN;
    }
    let means: Vec<f64> = halves.iter().map(|half| mean(half)).collect();
    let within = mean(&halves.iter().map(|half| variance(half)).collect::<Vec<_>>());
    if within == 0.0 {
        return 1.0;
    }
    let n = n as f64;
    (((n - 1.0) / n * within + variance(&means)) / within).sqrt()
}

/// How many independent draws a trace is worth: its length over the integrated autocorrelation time, summed up to the
/// first pair of neighbouring lags that isn't positive (Geyer 1992).
pub fn effective_size(trace: &[f64]) -> f64 {
    let n = trace.len();
    let (mean, variance) = (mean(trace), variance(trace));
    if n < 4 || variance == 0.0 {
        return n as f64;
    }
    let correlation = |lag: usize| {
        let products = trace.iter().zip(&trace[lag..]).map(|(a, b)| (a - mean) * (b - mean));
        products.sum::<f64>() / (n as f64 * variance)
    };
    let mut time = -1.0;
    for lag in (0..n - 1).step_by(2) {
        let pair = correlation(lag) + correlation(lag + 1);
        if pair <= 0.0 {
            break;
        }
        time += 2.0 * pair;
    }
    n as f64 / time.max(1.0)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The unbiased variance.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::chance::Chance;

    fn noise(stream: u64, start: f64) -> Vec<f64> {
        let mut chance = Chance::new(1, stream);
        (0..400).map(|_| start + chance.unit()).collect()
    }

    #[test]
    fn chains_that_agree_have_an_r_hat_of_one() {
        let (a, b) = (noise(0, 0.0), noise(1, 0.0));
        assert!((r_hat(&[&a, &b]) - 1.0).abs() < 0.02);
        assert!(effective_size(&a) > 250.0, "{}", effective_size(&a));
    }

    #[test]
    fn chains_that_disagree_do_not() {
        let (a, b) = (noise(0, 0.0), noise(1, 2.0));
        assert!(r_hat(&[&a, &b]) > 2.0);
    }

    #[test]
    fn a_slow_walk_is_worth_few_draws() {
        let steps = noise(0, -0.5);
        let walk: Vec<f64> = steps
            .iter()
            .scan(0.0, |x, step| {
                *x = 0.99 * *x + step;
                Some(*x)
            })
            .collect();
        assert!(effective_size(&walk) < 40.0, "{}", effective_size(&walk));
    }
}
