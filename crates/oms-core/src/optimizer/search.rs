//! The search: prices and plans from both sides until they meet, then branch and bound.

use alloc::vec::Vec;

use super::ascent::{Choice, Sweep};
use super::dual::{Dual, Status, all_free};
use super::local::{Local, Open};
use super::net::Net;
use super::num::{Int, Meter, ZERO, round_down};
use super::steps::Steps;
use super::tree;

/// Rounds of price steps at the root, each followed by a look for a better plan.
const ROUNDS: usize = 12;
/// Price steps of a round.
const STEPS: usize = 10;

/// What the search found.
#[derive(Debug)]
pub(super) struct Found {
    /// The open locations, by their number in the problem.
    pub(super) sites: Vec<u32>,
    /// No plan saves more.
    pub(super) ceiling: Int,
    /// The prices of the best bound over all locations at the root.
    pub(super) prices: Vec<Int>,
    pub(super) meter: Meter,
}

/// The best plan so far, and the memory of the search.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) sites: Vec<u32>,
    pub(super) saved: Int,
    pub(super) meter: Meter,
    pub(super) local: Local,
    pub(super) steps: Steps,
    /// What of the work went into looking for plans after the first.
    looked: u64,
}

/// Searches until nothing better can be, or the work is spent.
pub(super) fn run(full: &Net, limit: u64) -> Found {
    let meter = Meter { spent: 0, limit };
    let (local, steps) = (Local::default(), Steps::default());
    let mut search = Search { sites: Vec::new(), saved: ZERO, meter, local, steps, looked: 0 };
    let (mut dual, mut status) = (Dual::new(full), all_free(full));
    search.first(full, &status, &mut dual);
    let mut prices = dual.prices.clone();
    let mut ceiling = dual.ceiling;
    if !dual.proves(full, search.saved) && !search.meter.is_empty() {
        let mut net = search.shrink(full, &mut status, &mut dual);
        search.approach(&mut net, &mut status, &mut dual);
        ceiling = ceiling.min(dual.ceiling);
        if !dual.proves(&net, search.saved) {
            ceiling = ceiling.min(tree::run(&mut search, &net, status, &dual));
        }
        prices = search.better_at_root(full, prices, dual.prices);
    }
    let ceiling = round_down(ceiling, full.step).max(search.saved);
    Found { sites: search.sites, ceiling, prices, meter: search.meter }
}

impl Search {
    /// Keeps a plan if it is the best so far.
    pub(super) fn note(&mut self, net: &Net, open: &Open) -> bool {
        let better = open.saved > self.saved;
        if better {
            self.saved = open.saved;
            self.sites.clear();
            self.sites.extend(open.sites.iter().map(|site| net.site(*site).name));
        }
        better
    }

    /// First prices and first plans.
    fn first(&mut self, net: &Net, status: &[Status], dual: &mut Dual) {
        let mut sweep = Sweep::default();
        sweep.run(net, status, dual, Choice::High, &mut self.meter);
        let mut open = self.local.best_single(net, &mut self.meter);
        self.local.add_all(net, &mut open, &mut self.meter);
        self.local.drop_all(net, &mut open, &mut self.meter);
        self.note(net, &open);
        let mut best = dual.clone();
        for choice in [Choice::Middle, Choice::Middle, Choice::High] {
            if best.proves(net, self.saved) || self.meter.is_empty() {
                break;
            }
            sweep.run(net, status, dual, choice, &mut self.meter);
            if dual.ceiling < best.ceiling {
                best.clone_from(dual);
            }
        }
        *dual = best;
    }

    /// Decides what the bound decides, and leaves out what is closed.
    fn shrink(&mut self, net: &Net, status: &mut Vec<Status>, dual: &mut Dual) -> Net {
        dual.fix(net, status, self.saved);
        let kept: Vec<bool> = status.iter().map(|status| *status != Status::Closed).collect();
        let small = net.keep(&kept);
        status.retain(|status| *status != Status::Closed);
        self.meter.scan(net.arcs());
        dual.evaluate(&small, status, &mut self.meter);
        small
    }

    /// Steps from both sides: better prices, and plans from what they choose.
    fn approach(&mut self, net: &mut Net, status: &mut Vec<Status>, dual: &mut Dual) {
        self.look(net, dual, true);
        self.steps.start(net, dual, &mut self.meter);
        let mut last = dual.ceiling;
        for round in 0..ROUNDS {
            if dual.proves(net, self.saved) || self.meter.is_empty() {
                return;
            }
            self.steps.run(net, status, dual, self.saved, STEPS, &mut self.meter);
            self.look(net, dual, round == 1);
            let decided = dual.fix(net, status, self.saved);
            dual.evaluate(net, status, &mut self.meter);
            if dual.proves(net, self.saved) {
                return;
            }
            if decided > 0 && status.contains(&Status::Closed) {
                *net = self.shrink(net, status, dual);
                self.steps.start(net, dual, &mut self.meter);
            }
            if !status.contains(&Status::Free) {
                return;
            }
            // A bound that has stopped moving is left to the tree.
            if round > 3 && (last - dual.ceiling) << 8 < dual.ceiling - self.saved {
                return;
            }
            last = dual.ceiling;
        }
    }

    /// A plan from the locations the prices choose, made better; not more than half of all work goes into that.
    pub(super) fn look(&mut self, net: &Net, dual: &Dual, thorough: bool) {
        let before = self.meter.spent;
        if !thorough && self.looked > before >> 1 {
            return;
        }
        let mut open = self.local.value(net, dual.chosen.clone(), &mut self.meter);
        self.local.drop_all(net, &mut open, &mut self.meter);
        if thorough {
            self.local.add_all(net, &mut open, &mut self.meter);
        }
        if self.note(net, &open) || thorough {
            self.local.climb(net, &mut open, &mut self.meter);
            self.note(net, &open);
        }
        self.looked = self.looked.wrapping_add(self.meter.spent.wrapping_sub(before));
    }

    /// Which of two vectors of prices bounds better when no location is left out.
    fn better_at_root(&mut self, full: &Net, one: Vec<Int>, other: Vec<Int>) -> Vec<Int> {
        let free = all_free(full);
        let mut ceiling = |prices: &[Int]| {
            let mut dual = Dual::at(prices.to_vec());
            dual.evaluate(full, &free, &mut self.meter);
            dual.ceiling
        };
        if ceiling(&other) < ceiling(&one) { other } else { one }
    }
}
