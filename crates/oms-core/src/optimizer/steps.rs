//! Better prices by and by: steps along what is left unserved (Held, Wolfe and Crowder 1974), each as long as the gap asks.

use alloc::vec::Vec;
use core::num::Wrapping;

use super::dual::{Dual, Status};
use super::net::Net;
use super::num::{Int, Meter, Row, ZERO, half_of};

/// Steps without a better bound before they are halved.
const PATIENCE: u32 = 2;
/// The first step length, in sixteenths of what would close the gap were the bound linear.
const FIRST: i64 = 28;
/// A location that was always among the chosen of late.
pub(super) const ALWAYS: i64 = 1_024;
/// Directions are cut to this many bits, so that their squares can be added up.
const BITS: u32 = 24;
/// Bits of an amount of the search.
const AMOUNT_BITS: u32 = 61;

#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    short: Vec<Int>,
    direction: Vec<Int>,
    best: Vec<Int>,
    ceiling: Int,
    /// How often each location was among the chosen of late, of [`ALWAYS`].
    pub(super) usage: Vec<i64>,
    length: i64,
    waited: u32,
}

impl Steps {
    /// Starts anew from the present prices.
    pub(super) fn start(&mut self, net: &Net, dual: &Dual) {
        self.best.clone_from(&dual.prices);
        self.ceiling = dual.ceiling;
        self.direction.clear();
        self.direction.resize(net.lines.len(), ZERO);
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
        for _ in 0..count {
            dual.unserved(net, &mut self.short, meter);
            if !self.turn(&dual.prices) {
                break;
            }
            self.step(dual, best);
            dual.evaluate(net, status, meter);
            self.watch(&dual.chosen);
            is_best = dual.ceiling < self.ceiling;
            self.note(dual);
            if is_best && dual.proves(net, best) || self.length == 0 {
                break;
            }
        }
        if !is_best {
            dual.prices.clone_from(&self.best);
            dual.evaluate(net, status, meter);
        }
    }

    /// Keeps the best prices, and shortens the steps when they lead nowhere.
    fn note(&mut self, dual: &Dual) {
        if dual.ceiling < self.ceiling {
            self.ceiling = dual.ceiling;
            self.best.clone_from(&dual.prices);
            self.waited = 0;
            return;
        }
        self.waited = self.waited.wrapping_add(1);
        if self.waited > PATIENCE {
            self.waited = 0;
            self.length >>= 1;
        }
    }

    /// Turns the direction towards what is unserved; false when everything is served as it should be.
    fn turn(&mut self, prices: &[Int]) -> bool {
        let mut moves = false;
        for ((direction, short), price) in self.direction.iter_mut().zip(&self.short).zip(prices) {
            let stuck = *price == ZERO && *short > ZERO;
            let short = if stuck { ZERO } else { *short };
            moves |= short != ZERO;
            *direction = short;
        }
        moves
    }

    fn step(&self, dual: &mut Dual, best: Int) {
        let longest = self.direction.iter().map(|short| short.0.unsigned_abs()).max().unwrap_or(0);
        let cut = bits(longest).saturating_sub(BITS) as usize;
        let square: Int = self.direction.iter().map(|short| (*short >> cut) * (*short >> cut)).sum();
        let gap = ((dual.ceiling - best).max(ZERO) * Wrapping(self.length)) >> 4;
        let spare = AMOUNT_BITS.saturating_sub(bits(gap.0.unsigned_abs())) as usize;
        let each = Wrapping((gap << spare).0.checked_div(square.0).unwrap_or(0));
        let shift = spare.saturating_add(cut).min(AMOUNT_BITS as usize);
        let half = half_of(shift);
        for (price, short) in dual.prices.iter_mut().zip(&self.direction) {
            // Half up: a step below one still moves where it is nearer to one than to none.
            let by = each * (*short >> cut);
            *price = (*price - ((by + half) >> shift)).max(ZERO);
        }
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
