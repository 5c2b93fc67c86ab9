//! Better prices by and by: steps along what is left unserved, each as long as the gap asks (Held, Wolfe and Crowder 1974).
//!
//! Where lines compete for room, what is left unserved jumps from one step to the next; there each step starts at the best
//! prices so far and goes along the mean of late (the volume algorithm, Barahona and Anbil 2000).

use alloc::vec::Vec;
use core::num::Wrapping;

use super::dual::{Dual, Status};
use super::net::Net;
use super::num::{Int, Meter, Row, ZERO, half_of};

/// Steps without a better bound before they are shortened.
const PATIENCE: u32 = 2;
/// The first step length, in 256ths of what would close the gap were the bound linear.
const FIRST: i64 = 448;
/// A location that was always among the chosen of late.
pub(super) const ALWAYS: i64 = 1_024;
/// Bits of a fraction of a unit in what was unserved of late.
const FINE: usize = 8;
/// How much of what is unserved now goes into the mean of late: one part in two to this power.
const NEW: usize = 3;
/// Directions are cut to this many bits, so that their squares can be added up.
const BITS: u32 = 24;
/// Bits of an amount of the search.
const AMOUNT_BITS: u32 = 61;

#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    short: Vec<Int>,
    /// What was unserved of late, finer than a unit.
    direction: Vec<Int>,
    /// The best prices so far, and their ceiling.
    best: Vec<Int>,
    ceiling: Int,
    /// How often each location was among the chosen of late, of [`ALWAYS`].
    pub(super) usage: Vec<i64>,
    length: i64,
    waited: u32,
}

impl Steps {
    /// Starts anew from the present prices, which are evaluated.
    pub(super) fn start(&mut self, net: &Net, dual: &Dual, meter: &mut Meter) {
        self.best.clone_from(&dual.prices);
        self.ceiling = dual.ceiling;
        dual.unserved(net, &mut self.short, meter);
        self.direction.clear();
        self.direction.extend(self.short.iter().map(|short| *short << FINE));
        self.usage.clear();
        self.usage.resize(net.sites.len(), 0);
        for site in &dual.chosen {
            self.usage.put(*site, ALWAYS);
        }
        (self.length, self.waited) = (FIRST, 0);
    }

    /// At most `count` steps, fewer when the bound meets `best`. The dual is evaluated at the best prices afterwards.
    pub(super) fn run(
        &mut self,
        net: &Net,
        status: &[Status],
        dual: &mut Dual,
        best: Int,
        count: usize,
        meter: &mut Meter,
    ) {
        let mut is_best = true;
        let new = if net.tight { NEW } else { 0 };
        for _ in 0..count {
            if !self.step(dual, best, net.tight) {
                break;
            }
            dual.evaluate(net, status, meter);
            dual.unserved(net, &mut self.short, meter);
            self.watch(&dual.chosen);
            is_best = dual.ceiling < self.ceiling;
            self.note(dual, net.tight);
            if is_best && dual.proves(net, best) || self.length == 0 {
                break;
            }
            for (direction, short) in self.direction.iter_mut().zip(&self.short) {
                *direction += ((*short << FINE) - *direction) >> new;
            }
        }
        if !is_best {
            dual.prices.clone_from(&self.best);
            dual.evaluate(net, status, meter);
        }
    }

    /// Keeps the best prices; longer steps when they lead on, shorter when they lead nowhere.
    fn note(&mut self, dual: &Dual, is_mean: bool) {
        if dual.ceiling < self.ceiling {
            self.ceiling = dual.ceiling;
            self.best.clone_from(&dual.prices);
            self.waited = 0;
            let agrees: i64 = self
                .direction
                .iter()
                .zip(&self.short)
                .map(|(old, new)| old.0.signum().wrapping_mul(new.0.signum()))
                .sum();
            if agrees > 0 && is_mean {
                self.length = self.length.wrapping_add(self.length >> 3).min(FIRST);
            }
            return;
        }
        self.waited = self.waited.wrapping_add(1);
        if self.waited > PATIENCE {
            self.waited = 0;
            self.length = if is_mean { self.length.wrapping_mul(5) >> 3 } else { self.length >> 1 };
        }
    }

    /// Along the direction, from the best prices or from the present ones; false when that leads nowhere.
    fn step(&self, dual: &mut Dual, best: Int, from_best: bool) -> bool {
        let ceiling = if from_best { self.ceiling } else { dual.ceiling };
        if from_best {
            dual.prices.clone_from(&self.best);
        }
        let way = |price: Int, way: Int| if price == ZERO { way.min(ZERO) } else { way };
        let ways = || dual.prices.iter().zip(&self.direction).map(|(price, of)| way(*price, *of));
        let longest = ways().map(|way| way.0.unsigned_abs()).max().unwrap_or(0);
        let cut = bits(longest).saturating_sub(BITS) as usize;
        let square: Int = ways().map(|way| (way >> cut) * (way >> cut)).sum();
        let gap = ((ceiling - best).max(ZERO) * Wrapping(self.length)) >> 8;
        let spare = AMOUNT_BITS.saturating_sub(bits(gap.0.unsigned_abs())) as usize;
        let Some(each) = (gap << spare).0.checked_div(square.0).map(Wrapping) else { return false };
        // The direction is 2^FINE times too long, and so the square 4^FINE times too large: one of these cancels.
        let shift = spare.saturating_add(cut).saturating_sub(FINE).min(AMOUNT_BITS as usize);
        let half = half_of(shift);
        for (price, of) in dual.prices.iter_mut().zip(&self.direction) {
            // Half up: a step below one still moves where it is nearer to one than to none.
            let by = each * (way(*price, *of) >> cut);
            *price = (*price - ((by + half) >> shift)).max(ZERO);
        }
        true
    }

    fn watch(&mut self, chosen: &[u32]) {
        self.usage.iter_mut().for_each(|usage| *usage = usage.wrapping_sub(*usage >> 3));
        for site in chosen {
            self.usage.edit(*site, |usage| usage.wrapping_add(ALWAYS >> 3));
        }
    }
}

/// Bits it takes to write an amount.
fn bits(amount: u64) -> u32 {
    u64::BITS.saturating_sub(amount.leading_zeros())
}
