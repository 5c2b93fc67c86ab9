//! Why planning says no: the field, and what is wrong with it.

use serde::Serialize;

use super::{MAX_SERIES, MAX_VALUE};

/// A refused input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{field} {why}")]
pub struct Refusal {
    /// The argument or the field of it, such as `series` or `alpha`.
    pub field: &'static str,
    /// Which entry, when the field is a list.
    pub at: Option<usize>,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing is there.
    #[error("is empty")]
    Empty,
    /// Fewer values than the method needs.
    #[error("is too short")]
    TooShort,
    /// More values than are read.
    #[error("is too long")]
    TooLong,
    /// Not a number, or infinite.
    #[error("is not a finite number")]
    NotFinite,
    /// Below zero where that means nothing.
    #[error("is negative")]
    Negative,
    /// Zero or below where that means nothing.
    #[error("is not positive")]
    NotPositive,
    /// Beyond its bounds.
    #[error("is out of range")]
    OutOfRange,
    /// Not in ascending order.
    #[error("is out of order")]
    Unordered,
    /// Smoothing it leaves the numbers: seasons multiply around a level of zero.
    #[error("leaves no finite forecast")]
    Diverges,
}

impl Refusal {
    pub(crate) const fn of(field: &'static str, why: Why) -> Self {
        Self { field, at: None, why }
    }

    pub(crate) const fn entry(field: &'static str, at: usize, why: Why) -> Self {
        Self { field, at: Some(at), why }
    }
}

/// A smoothing parameter: 0 to 1.
pub(super) fn fraction(field: &'static str, value: f64) -> Result<(), Refusal> {
    if !value.is_finite() {
        return Err(Refusal::of(field, Why::NotFinite));
    }
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(Refusal::of(field, Why::OutOfRange)) }
}

/// A number from zero to [`MAX_VALUE`].
pub(crate) fn not_negative(field: &'static str, value: f64) -> Result<(), Refusal> {
    match wrong(value) {
        Some(why) => Err(Refusal::of(field, why)),
        None if value < 0.0 => Err(Refusal::of(field, Why::Negative)),
        None => Ok(()),
    }
}

/// A number above zero, up to [`MAX_VALUE`].
pub(crate) fn positive(field: &'static str, value: f64) -> Result<(), Refusal> {
    not_negative(field, value)?;
    if value > 0.0 { Ok(()) } else { Err(Refusal::of(field, Why::NotPositive)) }
}

/// A series with 1 to [`MAX_SERIES`] finite values.
pub(super) fn finite_series(series: &[f64]) -> Result<(), Refusal> {
    if series.is_empty() {
        return Err(Refusal::of("series", Why::Empty));
    }
    if series.len() > MAX_SERIES {
        return Err(Refusal::of("series", Why::TooLong));
    }
    every(series, wrong)
}

/// No value below zero: demand.
pub(super) fn no_negative(series: &[f64]) -> Result<(), Refusal> {
    every(series, |value| (value < 0.0).then_some(Why::Negative))
}

/// Every value above zero: seasons that multiply.
pub(super) fn all_positive(series: &[f64]) -> Result<(), Refusal> {
    every(series, |value| (value <= 0.0).then_some(Why::NotPositive))
}

fn every(series: &[f64], wrong: impl Fn(f64) -> Option<Why>) -> Result<(), Refusal> {
    let first = series.iter().enumerate().find_map(|(at, value)| wrong(*value).map(|why| (at, why)));
    first.map_or(Ok(()), |(at, why)| Err(Refusal::entry("series", at, why)))
}

fn wrong(value: f64) -> Option<Why> {
    if !value.is_finite() {
        Some(Why::NotFinite)
    } else if value.abs() > MAX_VALUE {
        Some(Why::OutOfRange)
    } else {
        None
    }
}
