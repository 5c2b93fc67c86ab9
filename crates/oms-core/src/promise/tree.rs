//! What comes and goes of a hot SKU: the same questions as [`super::Timeline`], each in O(log days).

use alloc::vec;
use alloc::vec::Vec;

use super::timeline::{shown, signed};
use super::{MAX_BUCKETS, MOST_QUANTITY};
use crate::value::{Day, Delta, Invalid, Problem, Quantity};

/// A range of days: what it adds to C, and the lowest C gets within it when it begins at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Range {
    sum: i64,
    least: i64,
}

impl Range {
    /// This range and the one after it.
    fn then(self, next: Self) -> Self {
        let through = self.sum.saturating_add(next.least);
        Self { sum: self.sum.saturating_add(next.sum), least: self.least.min(through) }
    }
}

/// On hand, receipts and commitments over a fixed number of days, as a binary tree of ranges. A receipt is an addition to
/// every C from its day on, so one leaf and its ancestors change; "the first day from which there is always enough" is a
/// descent to the last day with too little.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    start: Day,
    on_hand: i64,
    leaves: usize,
    /// The root stands at 1, the children of `n` at `2n` and `2n + 1`.
    ranges: Vec<Range>,
}

impl Tree {
    /// Over so many days (rounded up to a power of two, at most [`MAX_BUCKETS`]) from `start` on.
    pub fn new(start: Day, days: usize, on_hand: Delta) -> Result<Self, Invalid> {
        if days > MAX_BUCKETS {
            return Err(Invalid::new("days", Problem::Beyond { most: MAX_BUCKETS as u64 }));
        }
        let leaves = days.max(1).next_power_of_two();
        let ranges = vec![Range::default(); leaves.saturating_mul(2)];
        Ok(Self { start, on_hand: on_hand.thousandths(), leaves, ranges })
    }

    /// Something comes on a day.
    pub fn receive(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
        self.record(day, signed(quantity))
    }

    /// Something goes on a day.
    pub fn commit(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
        self.record(day, signed(quantity).saturating_neg())
    }

    /// A commitment of a day is given back.
    pub fn release(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
        self.record(day, signed(quantity))
    }

    /// C(t), as [`super::Timeline::projected`].
    pub fn projected(&self, day: Day) -> i64 {
        let Some(leaf) = self.leaf(day) else { return self.on_hand.saturating_add(self.range(1).sum) };
        let mut sum = self.range(leaf).sum;
        let mut at = leaf;
        while at > 1 {
            if at & 1 == 1 {
                sum = sum.saturating_add(self.range(at ^ 1).sum);
            }
            at /= 2;
        }
        self.on_hand.saturating_add(sum)
    }

    /// What can be promised for a day, as [`super::Timeline::available`].
    pub fn available(&self, day: Day) -> Quantity {
        let Some(leaf) = self.leaf(day) else { return shown(self.on_hand.saturating_add(self.range(1).sum)) };
        let mut rest = self.range(leaf);
        let mut before = self.on_hand;
        let mut at = leaf;
        while at > 1 {
            let beside = self.range(at ^ 1);
            if at & 1 == 1 {
                before = before.saturating_add(beside.sum);
            } else {
                rest = rest.then(beside);
            }
            at /= 2;
        }
        shown(before.saturating_add(rest.least))
    }

    /// The first day from `from` on at which so much can be promised, as [`super::Timeline::earliest`].
    pub fn earliest(&self, quantity: Quantity, from: Day) -> Option<Day> {
        let from = from.max(self.start);
        let wanted = signed(quantity);
        if wanted == 0 || self.on_hand.saturating_add(self.range(1).least) >= wanted {
            return Some(from);
        }
        let mut before = self.on_hand;
        let mut at = 1_usize;
        while at < self.leaves {
            let left = at.saturating_mul(2);
            let through = before.saturating_add(self.range(left).sum);
            let right = left | 1;
            if through.saturating_add(self.range(right).least) < wanted {
                before = through;
                at = right;
            } else {
                at = left;
            }
        }
        let short = at.saturating_sub(self.leaves);
        let enough = short.saturating_add(1);
        if enough >= self.leaves {
            return None;
        }
        Some(self.start.checked_add(i32::try_from(enough).ok()?)?.max(from))
    }

    /// What comes before the first day counts as the first day; what comes after the last is refused.
    fn record(&mut self, day: Day, change: i64) -> Result<(), Invalid> {
        let Some(leaf) = self.leaf(day) else {
            return Err(Invalid::new("day", Problem::Beyond { most: self.leaves as u64 }));
        };
        let Some(range) = self.ranges.get_mut(leaf) else { return Ok(()) };
        let sum = range.sum.saturating_add(change);
        if sum.unsigned_abs() > MOST_QUANTITY.thousandths() {
            return Err(Invalid::new("quantity", Problem::Beyond { most: MOST_QUANTITY.thousandths() }));
        }
        *range = Range { sum, least: sum };
        let mut at = leaf / 2;
        while at >= 1 {
            let left = at.saturating_mul(2);
            let joined = self.range(left).then(self.range(left | 1));
            if let Some(range) = self.ranges.get_mut(at) {
                *range = joined;
            }
            at /= 2;
        }
        Ok(())
    }

    fn leaf(&self, day: Day) -> Option<usize> {
        let at = usize::try_from(day.days_since(self.start).max(0)).ok()?;
        if at < self.leaves { at.checked_add(self.leaves) } else { None }
    }

    fn range(&self, at: usize) -> Range {
        self.ranges.get(at).copied().unwrap_or_default()
    }
}
