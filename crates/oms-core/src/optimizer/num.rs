//! Numbers of the search, and rows that are read by number.

use core::num::Wrapping;

/// Money and units inside the search, in 1/scale of a minor unit and in whole units.
///
/// A problem that passed [`super::Problem::validate`] keeps every sum of the search below 2^61, so nothing ever wraps; the
/// wrapping type says so without a test per addition, which WebAssembly would pay dearly for in multiplications.
pub(super) type Int = Wrapping<i64>;

pub(super) const ZERO: Int = Wrapping(0);

/// A validated amount; larger ones never get here.
pub(super) fn int(amount: u64) -> Int {
    Wrapping(i64::try_from(amount).unwrap_or(i64::MAX))
}

/// The index that counts up to a length. Lengths are bounded by the limits of a problem.
pub(super) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// `amount / parts` rounded down; `parts` is positive.
pub(super) fn floor_div(amount: Int, parts: Int) -> Int {
    Wrapping(amount.0.checked_div_euclid(parts.0).unwrap_or_default())
}

/// The greatest multiple of `step` that is not above `amount`; `step` is positive.
pub(super) fn round_down(amount: Int, step: Int) -> Int {
    amount - Wrapping(amount.0.checked_rem_euclid(step.0).unwrap_or_default())
}

/// Half of two to the power of `bits`: added before a shift by as many bits, it rounds to the nearest.
pub(super) fn half_of(bits: usize) -> Int {
    bits.checked_sub(1).map_or(ZERO, |less| Wrapping(1_i64) << less)
}

/// The greatest common divisor; of nothing and `b` it is `b`.
pub(super) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// A row read and written by index. What lies outside reads as the default and is not written: every access is total, at
/// the price of the comparison that a checked index costs anyway.
pub(super) trait Row<T> {
    fn at(&self, index: u32) -> T;
    fn put(&mut self, index: u32, value: T);
    fn edit(&mut self, index: u32, change: impl FnOnce(T) -> T);
}

impl<T: Copy + Default> Row<T> for [T] {
    #[inline]
    fn at(&self, index: u32) -> T {
        self.get(index as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn put(&mut self, index: u32, value: T) {
        if let Some(slot) = self.get_mut(index as usize) {
            *slot = value;
        }
    }

    #[inline]
    fn edit(&mut self, index: u32, change: impl FnOnce(T) -> T) {
        if let Some(slot) = self.get_mut(index as usize) {
            *slot = change(*slot);
        }
    }
}

/// What the search has spent, in scanned arcs, and what it may spend.
#[derive(Debug)]
pub(super) struct Meter {
    pub(super) spent: u64,
    pub(super) limit: u64,
}

impl Meter {
    #[inline]
    pub(super) fn scan(&mut self, arcs: usize) {
        self.spent = self.spent.wrapping_add(arcs as u64);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spent >= self.limit
    }
}
