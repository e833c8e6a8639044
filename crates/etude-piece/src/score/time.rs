//! Musical time: exact beats, metres and tempi.

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

/// A point or a length in time, in quarter notes, exact.
///
/// Arithmetic by operators is for values that are known to be small (below 2³⁰ over below 2³⁰);
/// readers of foreign bytes use the `checked_` methods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Beats(Ratio<i64>);

impl Beats {
    /// No time at all.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// A quarter note.
    pub const QUARTER: Self = Self(Ratio::new_raw(1, 1));

    /// `numerator / denominator` quarter notes. Panics if the denominator is 0.
    pub fn new(numerator: i64, denominator: i64) -> Self {
        Self(Ratio::new(numerator, denominator))
    }

    /// A whole number of quarter notes.
    pub const fn whole(quarters: i64) -> Self {
        Self(Ratio::new_raw(quarters, 1))
    }

    /// The numerator of the reduced fraction.
    pub const fn numerator(self) -> i64 {
        *self.0.numer()
    }

    /// The denominator of the reduced fraction, at least 1.
    pub const fn denominator(self) -> i64 {
        *self.0.denom()
    }

    /// The nearest floating-point number, in quarter notes.
    pub fn to_f64(self) -> f64 {
        self.numerator() as f64 / self.denominator() as f64
    }

    /// The sum, or `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(&other.0).map(Self)
    }

    /// The difference, or `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(&other.0).map(Self)
    }

    /// The product, or `None` on overflow.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        self.0.checked_mul(&other.0).map(Self)
    }

    /// How many whole `unit`s fit from zero to here, rounded down.
    pub fn floor_div(self, unit: Self) -> i64 {
        (self.0 / unit.0).floor().to_integer()
    }

    /// How many `unit`s from zero to here, rounded to the nearest (halves up).
    pub fn round_div(self, unit: Self) -> i64 {
        (self.0 / unit.0 + Ratio::new_raw(1, 2)).floor().to_integer()
    }

    /// The number of `unit`s if it is whole.
    pub fn exact_div(self, unit: Self) -> Option<i64> {
        let quotient = self.0 / unit.0;
        quotient.is_integer().then(|| quotient.to_integer())
    }
}

impl Add for Beats {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Beats {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Beats {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i64> for Beats {
    type Output = Self;
    fn mul(self, factor: i64) -> Self {
        Self(self.0 * factor)
    }
}

impl Mul for Beats {
    type Output = Self;
    fn mul(self, factor: Self) -> Self {
        Self(self.0 * factor.0)
    }
}

impl Sum for Beats {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Debug for Beats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Beats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A time signature, such as 3/4: `count` notes of `1/unit` in a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Metre {
    /// Notes in a bar, 1..=255.
    pub count: u8,
    /// The note that is counted: 1, 2, 4, 8, 16, 32 or 64.
    pub unit: u8,
}

impl Metre {
    /// 4/4.
    pub const COMMON: Self = Self { count: 4, unit: 4 };

    /// A time signature, if it is a legal one.
    pub fn new(count: u32, unit: u32) -> Option<Self> {
        let count = u8::try_from(count).ok().filter(|&n| n > 0)?;
        let unit = u8::try_from(unit).ok().filter(|n| n.is_power_of_two() && *n <= 64)?;
        Some(Self { count, unit })
    }

    /// The length of a full bar.
    pub fn bar(self) -> Beats {
        Beats::new(4 * i64::from(self.count), i64::from(self.unit))
    }

    /// The length of the felt beat: a dotted unit in compound metres (6/8, 9/8, 12/8), else the unit.
    pub fn pulse(self) -> Beats {
        let unit = Beats::new(4, i64::from(self.unit));
        if self.unit >= 8 && self.count.is_multiple_of(3) && self.count > 3 { unit * 3 } else { unit }
    }
}

impl Default for Metre {
    fn default() -> Self {
        Self::COMMON
    }
}

impl fmt::Display for Metre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.count, self.unit)
    }
}

/// A tempo in quarter notes per minute, above 0.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Tempo(pub f64);

impl Default for Tempo {
    /// 100 quarter notes per minute (MIDI's 120 hurries a chorale).
    fn default() -> Self {
        Self(100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_are_exact() {
        let third = Beats::new(1, 3);
        assert_eq!(third + third + third, Beats::QUARTER);
        assert_eq!(Beats::new(6, 4).to_string(), "3/2");
        assert_eq!(Beats::new(7, 2).floor_div(Beats::QUARTER), 3);
        assert_eq!(Beats::new(7, 2).exact_div(Beats::QUARTER), None);
        assert_eq!(Beats::new(i64::MAX, 1).checked_add(Beats::QUARTER), None);
    }

    #[test]
    fn metres_know_their_bar_and_pulse() {
        let compound = Metre::new(6, 8).expect("legal");
        assert_eq!(compound.bar(), Beats::whole(3));
        assert_eq!(compound.pulse(), Beats::new(3, 2));
        assert_eq!(Metre::new(3, 4).expect("legal").pulse(), Beats::QUARTER);
        assert_eq!(Metre::new(4, 5), None);
    }
}
