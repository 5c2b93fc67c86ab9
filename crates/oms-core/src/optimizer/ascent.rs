//! Good prices fast: each line in turn gets the price that is best while all others stand.
//!
//! With the other prices standing, the bound falls with a line's price at the rate of its demand and rises at the rate of
//! the caps of those who would still serve it. A location stops at its *threshold*: where its units save nothing any more, or
//! where its excess is used up. So the best price is the threshold at which the caps above it first meet the demand; where
//! they meet it exactly, every price down to the next threshold is as good (coordinate descent of the dual, in the manner of
//! Bilde and Krarup 1977 and Erlenkotter 1978, for caps below the demand too).

use alloc::vec::Vec;

use super::dual::{Dual, Status};
use super::net::{Need, Net};
use super::num::{Int, Meter, Row, ZERO, floor_div};

/// Where on a stretch of equally good prices a line's price is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// At its upper end: nobody has an excess.
    High,
    /// In its middle: locations are left with an excess that other lines can lean on.
    Middle,
}

#[derive(Debug, Default)]
pub(super) struct Sweep {
    /// Of each location, what a unit of its room costs: zero where room is not tight.
    room: Vec<Int>,
    /// The highest thresholds of a line with their caps, highest first.
    top: Vec<(Int, Int)>,
}

impl Sweep {
    /// One price after another, once. The excesses and the ceiling are those of the new prices afterwards.
    pub(super) fn run(&mut self, net: &Net, status: &[Status], dual: &mut Dual, choice: Choice, meter: &mut Meter) {
        self.room.clear();
        for (number, site) in (0..).zip(&net.sites) {
            let price = dual.room_price(net, site);
            self.room.push(price);
            if site.tight {
                let excess = self.excess_at(net, dual, number);
                dual.excess.put(number, excess);
            }
        }
        if dual.next > ZERO {
            // As many locations as may ship are worth opening: each pays the excess of the best that must stay out.
            let (toll, excess) = (dual.next, dual.excess.iter_mut());
            excess.for_each(|excess| *excess -= toll);
        }
        for (number, line) in (0..).zip(&net.lines) {
            self.collect(net, status, dual, (number, line));
            let price = self.best_price(line.demand, choice);
            self.set(net, dual, (number, line), price);
            meter.scan(net.offers_for(line).len().wrapping_mul(2));
        }
        dual.evaluate(net, status, meter);
    }

    /// The excess of a location whose room has a price; never below the true one.
    fn excess_at(&self, net: &Net, dual: &Dual, number: u32) -> Int {
        let site = net.site(number);
        let room = self.room.at(number);
        let above = net
            .offers_of(&site)
            .iter()
            .map(|offer| (offer.save - room - dual.prices.at(offer.of)).max(ZERO) * offer.cap);
        above.sum::<Int>() + room * site.room - site.cost
    }

    /// The line's highest thresholds, as many as it takes to go past its demand.
    fn collect(&mut self, net: &Net, status: &[Status], dual: &Dual, (number, line): (u32, &Need)) {
        self.top.clear();
        let old = dual.prices.at(number);
        let mut caps = ZERO;
        let mut least = ZERO;
        for offer in net.offers_for(line) {
            let save = offer.save - self.room.at(offer.of);
            if save <= least {
                continue;
            }
            let state = status.at(offer.of);
            if state == Status::Closed {
                continue;
            }
            let rest = dual.excess.at(offer.of) - (save - old).max(ZERO) * offer.cap;
            let is_sure = state == Status::Open || rest >= ZERO;
            if !is_sure && save * offer.cap + rest <= least * offer.cap {
                continue;
            }
            let threshold = if is_sure { save } else { save + floor_div(rest, offer.cap) };
            if threshold <= least {
                continue;
            }
            let place = self.top.partition_point(|(other, _)| *other >= threshold);
            self.top.insert(place, (threshold, offer.cap));
            caps += offer.cap;
            while let Some((_, cap)) = self.top.last().filter(|(_, cap)| caps - *cap > line.demand) {
                caps -= *cap;
                self.top.pop();
            }
            if caps > line.demand {
                least = self.top.last().map_or(ZERO, |(threshold, _)| *threshold);
            }
        }
    }

    fn best_price(&self, demand: Int, choice: Choice) -> Int {
        let mut caps = ZERO;
        for (at, (threshold, cap)) in self.top.iter().enumerate() {
            caps += *cap;
            if caps < demand {
                continue;
            }
            let next = self.top.get(at.saturating_add(1)).map_or(ZERO, |(next, _)| *next);
            return match choice {
                Choice::Middle if caps == demand => (*threshold + next) >> 1,
                Choice::Middle | Choice::High => *threshold,
            };
        }
        ZERO
    }

    fn set(&self, net: &Net, dual: &mut Dual, (number, line): (u32, &Need), price: Int) {
        let old = dual.prices.at(number);
        if price == old {
            return;
        }
        dual.prices.put(number, price);
        for offer in net.offers_for(line) {
            let save = offer.save - self.room.at(offer.of);
            if save <= price.min(old) {
                continue;
            }
            let change = ((save - price).max(ZERO) - (save - old).max(ZERO)) * offer.cap;
            dual.excess.edit(offer.of, |excess| excess + change);
        }
    }
}
