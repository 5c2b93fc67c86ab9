//! The other semantics of available to promise: every requirement eats receipts, and what it cannot eat stays negative at
//! its own day.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::timeline::{Step, Timeline, ascend, shown, signed};
use crate::value::{Day, Quantity};

/// How what comes and what goes are set against each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// Netted look-ahead: the least that is ever left from the day on (Dynamics 365, NetSuite's cumulative).
    #[default]
    Netted,
    /// Backward consumption: a requirement eats what comes on its day, then the latest receipts before it (SAP R/3,
    /// Oracle).
    Backward {
        /// Whether what is free of earlier receipts adds up. Otherwise one receipt has to cover a request.
        #[serde(default)]
        accumulate: bool,
        /// Free receipts older than so many days do not add up any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window_days: Option<u32>,
    },
    /// One receipt covers a request, the earliest that can (NetSuite's discrete, the record of a master schedule).
    Discrete,
}

/// A day on which something can be had, and the receipt it is had from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// When it can be had.
    pub day: Day,
    /// The day the requirement has to be written down for, so that it eats what was found.
    pub commit: Day,
}

/// What is free of each day's receipts after backward consumption, in thousandths; negative where a requirement found
/// nothing to eat. What is on hand counts for `today`, or for the first day with an event if that is earlier.
pub fn backward(timeline: &Timeline, today: Day) -> Vec<(Day, i64)> {
    let mut rows = opened(timeline, today);
    let mut free: Vec<usize> = Vec::new();
    for at in 0..rows.len() {
        let Some(net) = rows.get(at).map(|row| row.1) else { continue };
        if net > 0 {
            free.push(at);
        }
        let mut missing = net.min(0).saturating_neg();
        while missing > 0 {
            let Some(row) = free.last().and_then(|earlier| rows.get_mut(*earlier)) else { break };
            let eaten = row.1.min(missing);
            row.1 = row.1.saturating_sub(eaten);
            missing = missing.saturating_sub(eaten);
            if row.1 == 0 {
                free.pop();
            }
        }
        if let Some(row) = rows.get_mut(at).filter(|row| row.1 < 0) {
            row.1 = missing.saturating_neg();
        }
    }
    rows
}

/// What each day adds, with what is on hand on the first.
fn opened(timeline: &Timeline, today: Day) -> Vec<(Day, i64)> {
    let net = |(day, supply, demand): (Day, i64, i64)| (day, supply.saturating_sub(demand));
    let days = timeline.days().iter().map(|bucket| (bucket.day, bucket.supply, bucket.demand));
    let mut rows: Vec<(Day, i64)> = days.map(net).collect();
    if rows.first().is_none_or(|(first, _)| *first > today) {
        rows.insert(0, (today, 0));
    }
    if let Some(first) = rows.first_mut() {
        first.1 = first.1.saturating_add(timeline.on_hand());
    }
    rows
}

/// Available to promise by day: as [`backward`], or with what is free added up. A day whose own requirement is not
/// covered shows what is missing.
pub fn accumulated(free: &[(Day, i64)], window_days: Option<u32>) -> Vec<(Day, i64)> {
    let mut rows = Vec::with_capacity(free.len());
    let mut sum = 0_i64;
    let mut oldest = 0_usize;
    for (day, left) in free {
        sum = sum.saturating_add((*left).max(0));
        while let Some((_, gone)) = free.get(oldest).filter(|(old, _)| too_old(*old, *day, window_days)) {
            sum = sum.saturating_sub((*gone).max(0));
            oldest = oldest.saturating_add(1);
        }
        rows.push((*day, if *left < 0 { *left } else { sum }));
    }
    rows
}

fn too_old(old: Day, day: Day, window_days: Option<u32>) -> bool {
    window_days.is_some_and(|window| i64::from(day.days_since(old)) > i64::from(window))
}

impl Method {
    /// What can be promised for a day. Under the methods that do not add up: the most one receipt has free by then.
    pub fn available(self, timeline: &Timeline, day: Day, today: Day) -> Quantity {
        match self {
            Self::Netted => timeline.available(day),
            Self::Backward { accumulate: true, window_days } => {
                shown(added(&backward(timeline, today), day, window_days))
            }
            Self::Backward { accumulate: false, .. } | Self::Discrete => {
                let free = backward(timeline, today);
                let by_then = free.iter().take_while(|(known, _)| *known <= day);
                shown(by_then.map(|(_, left)| *left).max().unwrap_or(0))
            }
        }
    }

    /// When so much can be had from a day on. Where receipts do not add up, the latest single receipt by then that has
    /// it, else the first after; discrete takes the earliest of all.
    pub fn earliest(self, timeline: &Timeline, quantity: Quantity, from: Day, today: Day) -> Option<Found> {
        let wanted = signed(quantity);
        let at = |day: Day| Found { day: day.max(from), commit: day };
        if wanted == 0 {
            return Some(at(from));
        }
        match self {
            Self::Netted => timeline.earliest(quantity, from).map(at),
            Self::Backward { accumulate: true, window_days } => {
                let free = backward(timeline, today);
                let later = free.iter().map(|(day, _)| *day).filter(|day| *day > from);
                core::iter::once(from).chain(later).find(|day| added(&free, *day, window_days) >= wanted).map(at)
            }
            Self::Backward { accumulate: false, .. } => {
                let free = backward(timeline, today);
                let mut enough = free.iter().filter(|(_, left)| *left >= wanted).map(|(day, _)| *day);
                let by_then = enough.clone().take_while(|day| *day <= from).last();
                by_then.or_else(|| enough.next()).map(at)
            }
            Self::Discrete => {
                let free = backward(timeline, today);
                free.iter().find(|(_, left)| *left >= wanted).map(|(day, _)| at(*day))
            }
        }
    }

    /// Schedule lines that sum to the quantity, or to less when there is never more.
    pub fn steps(self, timeline: &Timeline, quantity: Quantity, from: Day, today: Day) -> Vec<Step> {
        match self {
            Self::Netted => timeline.steps(quantity, from),
            Self::Backward { accumulate: true, window_days } => {
                let free = backward(timeline, today);
                let later = free.iter().map(|(day, _)| *day).filter(|day| *day > from);
                let days = core::iter::once(from).chain(later);
                let rows = days.map(|day| Step { day, quantity: shown(added(&free, day, window_days)) });
                ascend(rows, quantity)
            }
            Self::Backward { accumulate: false, .. } | Self::Discrete => {
                single(&backward(timeline, today), quantity, from)
            }
        }
    }
}

/// Whole receipts one after the other.
fn single(free: &[(Day, i64)], quantity: Quantity, from: Day) -> Vec<Step> {
    let mut left = quantity;
    let mut steps = Vec::new();
    for (day, there) in free {
        let taken = shown(*there).min(left);
        if !taken.is_zero() {
            left = left.saturating_sub(taken);
            steps.push(Step { day: (*day).max(from), quantity: taken });
        }
    }
    steps
}

/// Everything free by a day that is not too old for it.
fn added(free: &[(Day, i64)], day: Day, window_days: Option<u32>) -> i64 {
    let counts = |(old, left): &&(Day, i64)| *old <= day && *left > 0 && !too_old(*old, day, window_days);
    free.iter().filter(counts).fold(0, |sum, (_, left)| sum.saturating_add(*left))
}
