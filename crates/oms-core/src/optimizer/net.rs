//! A problem as the search sees it: by location and by line, in savings against back-ordering everything.
//!
//! A unit of line `i` shipped from location `j` saves `penalty_i - unit_cost_ij`; a location saves what its units save less
//! its open cost. Minimizing cost is maximizing what is saved, and what cannot save never enters.

use alloc::vec;
use alloc::vec::Vec;
use core::num::Wrapping;

use super::num::{Int, Row, ZERO, gcd, index, int};
use super::problem::{Arc, Line, Problem};

/// Bits that finer prices may add: a price in 1/1024 of a minor unit closes what whole minor units leave open.
const FINEST: u32 = 10;
/// The search keeps the sum of everything that could be paid below this many bits.
const TOTAL_BITS: u32 = 58;

/// What a location can do for a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offer {
    /// The line; in a list by line, the location.
    pub(super) of: u32,
    /// Saved by each unit, above zero.
    pub(super) save: Int,
    /// Most units, from one to the demand.
    pub(super) cap: Int,
}

/// A location that could save something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Site {
    /// Its number in the problem.
    pub(super) name: u32,
    /// Its open cost.
    pub(super) cost: Int,
    /// Most units it can ship in all.
    pub(super) room: Int,
    /// Whether its room is less than all its offers together.
    pub(super) tight: bool,
    first: u32,
    last: u32,
    /// The value of all it could ship.
    value: Int,
}

/// A line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Need {
    /// Units wanted.
    pub(super) demand: Int,
    /// What a unit is worth towards the minimum of a shipment.
    pub(super) value: Int,
    first: u32,
    last: u32,
}

/// The problem in both directions, each in one flat list.
#[derive(Clone, Debug, Default)]
pub(super) struct Net {
    pub(super) sites: Vec<Site>,
    pub(super) lines: Vec<Need>,
    by_site: Vec<Offer>,
    by_line: Vec<Offer>,
    /// Most locations that may ship.
    pub(super) most: usize,
    /// All savings are multiples of this.
    pub(super) step: Int,
    /// The cost of back-ordering everything.
    pub(super) base: Int,
    /// Amounts are minor units times two to this power.
    pub(super) shift: usize,
    /// Whether any location's room is tight or a shipment has a least value: then lines compete.
    pub(super) tight: bool,
    /// A location ships nothing or this value.
    pub(super) least: Int,
}

impl Net {
    /// Takes over what could save anything at all, of a validated problem that could cost `total` minor units at most.
    pub(super) fn new(problem: &Problem, total: u64) -> Self {
        let shift = TOTAL_BITS.saturating_sub(total.checked_ilog2().unwrap_or(0)).min(FINEST) as usize;
        let scaled = |amount: u64| int(amount) << shift;
        let need = |line: &Line| Need { demand: int(line.demand), value: int(line.value), ..Need::default() };
        let sites = (0..).zip(&problem.locations).map(|(name, location)| Site {
            name,
            cost: scaled(location.open_cost),
            room: int(location.capacity.unwrap_or(u64::MAX)),
            ..Site::default()
        });
        let mut net = Self {
            sites: sites.collect(),
            lines: problem.lines.iter().map(need).collect(),
            base: problem.lines.iter().map(|line| scaled(line.penalty) * int(line.demand)).sum(),
            most: problem.most(),
            least: int(problem.min_shipment_value.unwrap_or(0)),
            shift,
            ..Self::default()
        };
        net.take_offers(problem);
        let useful: Vec<bool> = net.sites.iter().map(|site| net.could_save(site)).collect();
        let mut net = net.keep(&useful);
        net.step = net.common_step();
        net
    }

    /// What location `site` can do, by line.
    #[inline]
    pub(super) fn offers_of(&self, site: &Site) -> &[Offer] {
        self.by_site.get(site.first as usize..site.last as usize).unwrap_or_default()
    }

    /// Who can serve a line.
    #[inline]
    pub(super) fn offers_for(&self, line: &Need) -> &[Offer] {
        self.by_line.get(line.first as usize..line.last as usize).unwrap_or_default()
    }

    pub(super) fn site(&self, site: u32) -> Site {
        self.sites.at(site)
    }

    pub(super) fn arcs(&self) -> usize {
        self.by_site.len()
    }

    /// The same problem with fewer locations.
    pub(super) fn keep(&self, kept: &[bool]) -> Self {
        let (mut sites, mut by_site) = (Vec::new(), Vec::new());
        for (site, kept) in self.sites.iter().zip(kept) {
            if !kept {
                continue;
            }
            let first = index(by_site.len());
            by_site.extend_from_slice(self.offers_of(site));
            let all: Int = self.offers_of(site).iter().map(|offer| offer.cap).sum();
            sites.push(Site { first, last: index(by_site.len()), tight: site.room < all, ..*site });
        }
        let tight = self.least > ZERO || sites.iter().any(|site| site.tight);
        let mut net = Self { sites, by_site, lines: self.lines.clone(), by_line: Vec::new(), tight, ..*self };
        net.turn();
        net
    }

    /// Sorts the arcs by location, leaving out those that save nothing.
    fn take_offers(&mut self, problem: &Problem) {
        let worth = |arc: &Arc| {
            let line = problem.lines.get(arc.0 as usize).copied().unwrap_or_default();
            let save = (int(line.penalty) - Wrapping(arc.2)) << self.shift;
            let cap = int(line.demand.min(arc.3));
            (save > ZERO && cap > ZERO).then_some(Offer { of: arc.0, save, cap })
        };
        let mut ends = vec![0_u32; problem.locations.len()];
        for arc in &problem.arcs {
            if let Some(site) = self.sites.get_mut(arc.1 as usize).filter(|_| self.least > ZERO) {
                let line = problem.lines.get(arc.0 as usize).copied().unwrap_or_default();
                site.value += int(line.value) * int(line.demand.min(arc.3));
            }
            if worth(arc).is_some() {
                ends.edit(arc.1, |count| count.wrapping_add(1));
            }
        }
        let total = start_each(&mut ends);
        let mut by_site = vec![Offer::default(); total as usize];
        for (arc, offer) in problem.arcs.iter().filter_map(|arc| worth(arc).map(|offer| (arc, offer))) {
            let at = ends.at(arc.1);
            by_site.put(at, offer);
            ends.put(arc.1, at.wrapping_add(1));
        }
        let mut first = 0;
        for (site, last) in self.sites.iter_mut().zip(ends) {
            (site.first, site.last) = (first, last);
            first = last;
        }
        self.by_site = by_site;
    }

    /// Sorts the offers by line.
    fn turn(&mut self) {
        let mut ends = vec![0_u32; self.lines.len()];
        for offer in &self.by_site {
            ends.edit(offer.of, |count| count.wrapping_add(1));
        }
        let total = start_each(&mut ends);
        let mut by_line = vec![Offer::default(); total as usize];
        for (number, site) in (0..).zip(&self.sites) {
            for offer in self.by_site.get(site.first as usize..site.last as usize).unwrap_or_default() {
                let at = ends.at(offer.of);
                by_line.put(at, Offer { of: number, ..*offer });
                ends.put(offer.of, at.wrapping_add(1));
            }
        }
        let mut first = 0;
        for (line, last) in self.lines.iter_mut().zip(ends) {
            (line.first, line.last) = (first, last);
            first = last;
        }
        self.by_line = by_line;
    }

    /// Whether the location saves more than it costs when it has every line to itself, and can reach the least value.
    fn could_save(&self, site: &Site) -> bool {
        let offers = self.offers_of(site);
        let saved: Int = offers.iter().map(|offer| offer.save * offer.cap).sum();
        saved > site.cost && site.value >= self.least && site.room > ZERO
    }

    /// What divides every open cost and every unit's saving divides whatever a plan saves.
    fn common_step(&self) -> Int {
        let costs = self.sites.iter().map(|site| site.cost);
        let saves = self.by_site.iter().map(|offer| offer.save);
        let mut step = 0;
        for amount in costs.chain(saves) {
            step = gcd(amount.0.unsigned_abs() >> self.shift, step);
            if step == 1 {
                break;
            }
        }
        int(step.max(1)) << self.shift
    }
}

/// Turns counts into the place where each begins, and tells their sum.
fn start_each(counts: &mut [u32]) -> u32 {
    let mut sum = 0_u32;
    for count in counts {
        (*count, sum) = (sum, sum.wrapping_add(*count));
    }
    sum
}
