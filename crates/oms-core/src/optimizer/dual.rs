//! The bound: what no plan can save more than, whatever the search has or has not looked at.
//!
//! Every line gets a *price* per unit, from zero up. If lines may be served by anybody and pay their price for each unit of
//! their demand, a location is worth opening when what its units save above their prices exceeds its open cost: its *excess*.
//! For every vector of prices, all demands at their price plus the excesses of the (at most P) best locations is at least what
//! any plan saves (Lagrangean relaxation of the demand; Geoffrion 1974, for location problems Cornuéjols, Fisher and
//! Nemhauser 1977). Where that sum is least the bound is tight.

use alloc::vec;
use alloc::vec::Vec;

use super::net::{Net, Offer, Site};
use super::num::{Int, Meter, Row, ZERO, round_down};

/// What a branch of the search has decided about a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    /// Nothing yet.
    #[default]
    Free,
    /// It ships in every plan of this branch, or its cost is paid.
    Open,
    /// It does not ship.
    Closed,
}

/// The ceiling of a branch without a plan: below what any plan saves.
const NOTHING: Int = core::num::Wrapping(-(1 << 60));

/// Prices, and the bound they imply.
#[derive(Clone, Debug, Default)]
pub(super) struct Dual {
    /// Of each line, per unit.
    pub(super) prices: Vec<Int>,
    /// Of each location, at these prices.
    pub(super) excess: Vec<Int>,
    /// The locations that make up the bound: all open ones, and the free ones of positive excess, at most P in all.
    pub(super) chosen: Vec<u32>,
    /// No plan of this branch saves more.
    pub(super) ceiling: Int,
    /// The least excess of a free location among the chosen: zero unless P binds.
    bar: Int,
    /// The best excess that was left out: zero unless P binds.
    pub(super) next: Int,
    scratch: Vec<(Int, Int)>,
    ranked: Vec<(Int, u32)>,
}

impl Dual {
    /// Prices at which nobody has an excess.
    pub(super) fn new(net: &Net) -> Self {
        let dearest = |line| net.offers_for(line).iter().map(|offer| offer.save).max().unwrap_or(ZERO);
        Self {
            prices: net.lines.iter().map(dearest).collect(),
            excess: net.sites.iter().map(|site| ZERO - site.cost).collect(),
            ..Self::default()
        }
    }

    /// These prices, not evaluated yet.
    pub(super) fn at(prices: Vec<Int>) -> Self {
        Self { prices, ..Self::default() }
    }

    /// Works out excesses, the chosen and the ceiling at the present prices.
    pub(super) fn evaluate(&mut self, net: &Net, status: &[Status], meter: &mut Meter) {
        self.excess.resize(net.sites.len(), ZERO);
        self.chosen.clear();
        let mut opened = 0_usize;
        let mut total: Int = net.lines.iter().zip(&self.prices).map(|(line, price)| line.demand * price).sum();
        for (number, site) in (0..).zip(&net.sites) {
            let status = status.at(number);
            if status == Status::Closed {
                continue;
            }
            let excess = self.excess_of(net, site);
            meter.scan(net.offers_of(site).len());
            self.excess.put(number, excess);
            if status == Status::Open {
                opened = opened.saturating_add(1);
            }
            if status == Status::Open || excess > ZERO {
                self.chosen.push(number);
                total += excess;
            }
        }
        (self.bar, self.next) = (ZERO, ZERO);
        if self.chosen.len() >= net.most {
            total -= self.cut(net.most.saturating_sub(opened), status);
        }
        // More open than may ship: this branch has no plan at all.
        self.ceiling = if opened > net.most { NOTHING } else { total };
    }

    /// Leaves only the `most` best free locations among the chosen; tells the excess of those that go.
    fn cut(&mut self, most: usize, status: &[Status]) -> Int {
        let excess = self.excess.as_slice();
        let free = self.chosen.iter().filter(|site| status.at(**site) == Status::Free);
        self.ranked.clear();
        self.ranked.extend(free.map(|site| (ZERO - excess.at(*site), *site)));
        if most < self.ranked.len() {
            self.ranked.select_nth_unstable(most);
        }
        let (inside, out) = self.ranked.split_at(most.min(self.ranked.len()));
        self.next = out.first().map_or(ZERO, |(worth, _)| ZERO - *worth);
        self.bar = inside.iter().map(|(worth, _)| ZERO - *worth).min().unwrap_or(ZERO);
        let gone: Int = out.iter().map(|(worth, _)| ZERO - *worth).sum();
        let first_out = out.first().copied();
        let stays = |site: u32| first_out.is_none_or(|out| (ZERO - excess.at(site), site) < out);
        self.chosen.retain(|site| status.at(*site) == Status::Open || stays(*site));
        gone
    }

    /// What a location's units save above their prices, less its open cost.
    fn excess_of(&mut self, net: &Net, site: &Site) -> Int {
        let prices = self.prices.as_slice();
        if !site.tight {
            let above = |offer: &Offer| (offer.save - prices.at(offer.of)).max(ZERO) * offer.cap;
            return net.offers_of(site).iter().map(above).sum::<Int>() - site.cost;
        }
        let mut saved = ZERO - site.cost;
        let mut room = site.room;
        best_first(net.offers_of(site), prices, &mut self.scratch);
        for (above, cap) in &self.scratch {
            let units = room.min(*cap);
            saved += *above * units;
            room -= units;
            if room == ZERO {
                break;
            }
        }
        saved
    }

    /// The price of a unit of the location's room at these prices: what its last unit saves above its line's price.
    pub(super) fn room_price(&mut self, net: &Net, site: &Site) -> Int {
        if !site.tight {
            return ZERO;
        }
        let mut room = site.room;
        best_first(net.offers_of(site), &self.prices, &mut self.scratch);
        for (above, cap) in &self.scratch {
            room -= *cap;
            if room <= ZERO {
                return *above;
            }
        }
        ZERO
    }

    /// Each line's demand less what the chosen locations would ship of it at these prices: which way the prices should move.
    pub(super) fn unserved(&self, net: &Net, short: &mut Vec<Int>, meter: &mut Meter) {
        short.clear();
        short.extend(net.lines.iter().map(|line| line.demand));
        for number in &self.chosen {
            let site = net.site(*number);
            let offers = net.offers_of(&site);
            meter.scan(offers.len());
            let mut take = |line: u32, units: Int| short.edit(line, |short| short - units);
            if !site.tight {
                let wanted = offers.iter().filter(|offer| offer.save > self.prices.at(offer.of));
                wanted.for_each(|offer| take(offer.of, offer.cap));
                continue;
            }
            let mut order: Vec<(Int, u32, Int)> = offers
                .iter()
                .map(|offer| (self.prices.at(offer.of) - offer.save, offer.of, offer.cap))
                .filter(|(below, ..)| *below < ZERO)
                .collect();
            order.sort_unstable();
            let mut room = site.room;
            for (_, line, cap) in order {
                let units = room.min(cap);
                take(line, units);
                room -= units;
            }
        }
    }

    /// Whether no plan of this branch saves more than `best`, savings being multiples of the net's step.
    pub(super) fn proves(&self, net: &Net, best: Int) -> bool {
        round_down(self.ceiling, net.step) <= best
    }

    /// Decides the free locations that every plan better than `best` must open, or cannot.
    /// Returns how many it decided.
    pub(super) fn fix(&self, net: &Net, status: &mut [Status], best: Int) -> usize {
        let mut fixed = 0_usize;
        let is_full = self.chosen.len() >= net.most;
        let (bar, next) = (if is_full { self.bar } else { ZERO }, self.next);
        for ((excess, status), number) in self.excess.iter().zip(status.iter_mut()).zip(0..) {
            if *status != Status::Free {
                continue;
            }
            let is_chosen = *excess > ZERO && (*excess > bar || self.chosen.contains(&number));
            let (without, verdict) = if is_chosen {
                (self.ceiling - *excess + next, Status::Open)
            } else {
                (self.ceiling + *excess - bar, Status::Closed)
            };
            if round_down(without, net.step) <= best {
                *status = verdict;
                fixed = fixed.saturating_add(1);
            }
        }
        fixed
    }
}

/// The offers that save something above their price, best first.
fn best_first(offers: &[Offer], prices: &[Int], into: &mut Vec<(Int, Int)>) {
    into.clear();
    let above = offers.iter().map(|offer| (offer.save - prices.at(offer.of), offer.cap));
    into.extend(above.filter(|(above, _)| *above > ZERO));
    into.sort_unstable_by(|a, b| b.cmp(a));
}

/// All free.
pub(super) fn all_free(net: &Net) -> Vec<Status> {
    vec![Status::Free; net.sites.len()]
}
