//! Demand that comes now and then: size and occurrence are smoothed apart.

use alloc::vec;
use alloc::vec::Vec;

use super::refusal::no_negative;
use super::{Fit, Refusal, count};

/// Croston's `correction * size / interval`. Size and interval are smoothed only when demand occurs; the first size is
/// the first demand, the first interval its position counted from one. A series without demand forecasts nothing.
pub(super) fn croston(series: &[f64], alpha: f64, correction: f64, horizon: usize) -> Result<Fit, Refusal> {
    no_negative(series)?;
    let mut known: Option<(f64, f64)> = None;
    let mut since = 0_usize;
    let mut before = Vec::with_capacity(series.len());
    let rate = |known: Option<(f64, f64)>| known.map(|(size, interval)| correction * (size / interval));
    for value in series {
        before.push(rate(known));
        since = since.saturating_add(1);
        if *value > 0.0 {
            let gap = count(since);
            known = Some(known.map_or((*value, gap), |(size, interval)| {
                (alpha * value + (1.0 - alpha) * size, alpha * gap + (1.0 - alpha) * interval)
            }));
            since = 0;
        }
    }
    Ok(Fit { before, next: vec![rate(known).unwrap_or(0.0); horizon] })
}

/// Size times probability. The size is smoothed when demand occurs, from the first demand; the probability every period,
/// from 1 or 0 as the first period had demand or not.
pub(super) fn tsb(series: &[f64], demand: f64, probability: f64, horizon: usize) -> Result<Fit, Refusal> {
    no_negative(series)?;
    let mut size: Option<f64> = None;
    let mut chance: Option<f64> = None;
    let mut before = Vec::with_capacity(series.len());
    let expected = |size: Option<f64>, chance: Option<f64>| size.zip(chance).map(|(size, chance)| size * chance);
    for value in series {
        before.push(expected(size, chance));
        let occurs = if *value > 0.0 { 1.0 } else { 0.0 };
        chance = Some(chance.map_or(occurs, |chance| probability * occurs + (1.0 - probability) * chance));
        if *value > 0.0 {
            size = Some(size.map_or(*value, |size| demand * value + (1.0 - demand) * size));
        }
    }
    Ok(Fit { before, next: vec![expected(size, chance).unwrap_or(0.0); horizon] })
}
