//! Taste: how far a draw may stray from what is usual.
//!
//! Three steps, in this order:
//!
//! 1. the temperature τ reshapes the model's own distribution over all Q symbols, p(x)^(1/τ) / Σ p^(1/τ);
//! 2. the guide's weights are added; −∞ forbids;
//! 3. of what is left, only the `top_k` likeliest symbols stay, and of these only the fewest likeliest whose shares together
//!    reach `nucleus`. The likeliest always stays, so nothing that can be met becomes a dead end.
//!
//! Fan, Lewis & Dauphin, *Hierarchical neural story generation*, ACL 2018 (top-k); Holtzman et al., *The curious case of
//! neural text degeneration*, ICLR 2020 (nucleus).

use crate::catalogue::Setting;
use crate::error::Result;
use crate::kernels;
use crate::model::Settings;
use crate::settings::get;

/// How far a draw may stray from what is usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taste {
    /// Divides the model's log-odds, 0.05..=20: 1 is its own, lower is more usual.
    pub temperature: f64,
    /// Draws only among so many of the likeliest symbols, ≥ 1.
    pub top_k: Option<usize>,
    /// Draws only among the likeliest symbols that together have this share, 0 < p ≤ 1.
    pub nucleus: Option<f64>,
}

impl Default for Taste {
    /// The model's own distribution.
    fn default() -> Self {
        Self { temperature: 1.0, top_k: None, nucleus: None }
    }
}

impl Taste {
    /// Reads settings by name; `0` symbols and a share of `1` are no limits.
    ///
    /// # Errors
    ///
    /// Values that don't read or are out of range.
    pub fn read(from: &Settings) -> Result<Self> {
        let temperature =
            get(from, "temperature", 1.0, "from 0.05 to 20", |x: &f64| (0.05..=20.0).contains(x))?;
        let top_k = get(from, "top_k", 0, "a whole number, 0 for all symbols", |_: &usize| true)?;
        let nucleus =
            get(from, "nucleus", 1.0, "a share above 0, at most 1", |x: &f64| *x > 0.0 && *x <= 1.0)?;
        Ok(Self {
            temperature,
            top_k: Some(top_k).filter(|&k| k > 0),
            nucleus: Some(nucleus).filter(|&share| share < 1.0),
        })
    }

    /// What can be set, for an art's wishes.
    pub fn wishes() -> Vec<Setting> {
        let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
        vec![
            setting(
                "temperature",
                "1",
                "1 is the model's own; lower is more usual, higher more adventurous; 0.05 to 20",
            ),
            setting("top_k", "0", "draws only among so many of the likeliest symbols; 0 for all"),
            setting(
                "nucleus",
                "1",
                "draws only among the likeliest symbols that together have this share, 0 to 1",
            ),
        ]
    }

    /// Step 1, in place: ln p becomes ln p at this temperature, shape (Q).
    pub(super) fn temper(&self, log_probabilities: &mut [f64]) {
        if self.temperature != 1.0 {
            temper(log_probabilities, self.temperature);
        }
    }

    /// Step 3, in place: log-odds (Q) become the probabilities of what may be drawn. Returns ln m, the sum of all exp before
    /// the likeliest were picked out, or nothing where all are −∞.
    pub(super) fn choose(&self, odds: &mut [f64]) -> Option<f64> {
        if odds.iter().all(|&odd| odd == f64::NEG_INFINITY) {
            return None;
        }
        let mass = kernels::softmax(odds);
        // Numbers that are none, from a model that broke, must not draw what is forbidden.
        if !mass.is_finite() {
            return None;
        }
        if self.top_k.is_some() || self.nucleus.is_some() {
            self.keep_likeliest(odds);
        }
        Some(mass)
    }

    /// Leaves of probabilities only those of the likeliest symbols, scaled to sum to 1; of equals the first.
    fn keep_likeliest(&self, probabilities: &mut [f64]) {
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]).then(a.cmp(&b)));
        let most = self.top_k.unwrap_or(usize::MAX).clamp(1, order.len());
        let whole: f64 = order[..most].iter().map(|&symbol| probabilities[symbol]).sum();
        let enough = self.nucleus.unwrap_or(1.0) * whole;
        let (mut kept, mut sum) = (0, 0.0);
        while kept < most && (kept == 0 || sum < enough) {
            sum += probabilities[order[kept]];
            kept += 1;
        }
        order[kept..].iter().for_each(|&symbol| probabilities[symbol] = 0.0);
        probabilities.iter_mut().for_each(|p| *p /= sum);
    }
}

/// Divides log-odds (Q) by a temperature and makes them ln p again.
pub(super) fn temper(log_probabilities: &mut [f64], temperature: f64) {
    log_probabilities.iter_mut().for_each(|odd| *odd /= temperature);
    let total = kernels::softmax(&mut log_probabilities.to_vec());
    log_probabilities.iter_mut().for_each(|odd| *odd -= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stays of odds 8 : 4 : 2 : 1 : 1, in sixteenths.
    #[track_caller]
    fn check(taste: Taste, expected: [f64; 5]) {
        let mut odds = [8.0, 4.0, 2.0, 1.0, 1.0].map(|odd: f64| kernels::ln(odd / 16.0));
        taste.temper(&mut odds);
        assert!(taste.choose(&mut odds).expect("something is left").abs() < 1e-12);
        for (found, expected) in odds.iter().zip(expected) {
            assert!((found * 16.0 - expected).abs() < 1e-9, "{:?}", odds.map(|p| p * 16.0));
        }
    }

    fn top(top_k: usize) -> Taste {
        Taste { top_k: Some(top_k), ..Taste::default() }
    }

    fn nucleus(share: f64) -> Taste {
        Taste { nucleus: Some(share), ..Taste::default() }
    }

    #[test]
    fn the_default_leaves_the_model_alone() {
        check(Taste::default(), [8.0, 4.0, 2.0, 1.0, 1.0]);
    }

    #[test]
    fn a_low_temperature_sharpens() {
        // The squares are 64 : 16 : 4 : 1 : 1.
        let taste = Taste { temperature: 0.5, ..Taste::default() };
        check(taste, [64.0, 16.0, 4.0, 1.0, 1.0].map(|odd| odd * 16.0 / 86.0));
    }

    #[test]
    fn top_k_keeps_the_likeliest_and_of_equals_the_first() {
        check(top(4), [8.0, 4.0, 2.0, 1.0, 0.0].map(|odd| odd * 16.0 / 15.0));
    }

    #[test]
    fn a_nucleus_keeps_the_fewest_that_reach_its_share() {
        check(nucleus(0.7), [8.0 * 16.0 / 12.0, 4.0 * 16.0 / 12.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_likeliest_always_stays() {
        check(nucleus(1e-9), [16.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn what_is_forbidden_counts_neither_for_top_k_nor_for_the_nucleus() {
        let mut odds = [f64::NEG_INFINITY, 0.25f64.ln(), 0.125f64.ln()];
        let mass = top(1).choose(&mut odds).expect("something is left");
        assert_eq!(odds, [0.0, 1.0, 0.0]);
        assert!((mass - 0.375f64.ln()).abs() < 1e-12, "the weight is that of all that is allowed");
    }

    #[test]
    fn nothing_left_and_numbers_that_are_none_are_dead_ends() {
        assert_eq!(Taste::default().choose(&mut [f64::NEG_INFINITY; 2]), None);
        assert_eq!(Taste::default().choose(&mut [f64::NAN, 0.0]), None);
    }

    #[test]
    fn settings_are_read_and_refused() {
        let read =
            |name: &str, value: &str| Taste::read(&Settings::from([(name.to_owned(), value.to_owned())]));
        assert_eq!(read("top_k", "0").expect("no limit"), Taste::default());
        assert_eq!(read("top_k", "5").expect("a limit"), top(5));
        assert_eq!(read("nucleus", "0.9").expect("a share"), nucleus(0.9));
        for (name, value) in [("temperature", "0"), ("top_k", "-1"), ("nucleus", "0"), ("nucleus", "NaN")] {
            assert!(read(name, value).is_err(), "{name}={value}");
        }
    }
}
