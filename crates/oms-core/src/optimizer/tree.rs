//! Branch and bound: the branch that could save most goes first; a location is decided both ways.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::dual::{Dual, Status};
use super::net::Net;
use super::num::{Int, Row, round_down};
use super::search::Search;
use super::steps::ALWAYS;
use super::trial::FORBIDDEN;

/// Branches kept at once; some megabytes.
const MOST_BRANCHES: usize = 20_000;
/// Price steps for each branch.
const STEPS: usize = 12;

struct Branch {
    ceiling: Int,
    depth: u32,
    number: u64,
    prices: Vec<Int>,
    status: Vec<Status>,
    next: u32,
}

/// The greatest ceiling first, then the deepest, then the oldest.
impl Ord for Branch {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_ceiling = self.ceiling.cmp(&other.ceiling).then(self.depth.cmp(&other.depth));
        by_ceiling.then_with(|| other.number.cmp(&self.number))
    }
}

impl PartialOrd for Branch {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Branch {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Branch {}

struct Tree<'a> {
    search: &'a mut Search,
    net: &'a Net,
    dual: Dual,
    open: BinaryHeap<Branch>,
    /// What branches that could not be settled might save.
    unsettled: Int,
    made: u64,
}

/// Looks through what is left; tells what no plan of this net saves more than.
pub(super) fn run(search: &mut Search, net: &Net, status: Vec<Status>, dual: &Dual) -> Int {
    let mut tree = Tree { search, net, dual: dual.clone(), open: BinaryHeap::new(), unsettled: FORBIDDEN, made: 0 };
    tree.settle_or_keep(status, 0);
    while let Some(branch) = tree.open.pop() {
        if round_down(branch.ceiling, net.step) <= tree.search.saved {
            break;
        }
        if tree.search.meter.is_empty() || tree.open.len() > MOST_BRANCHES {
            tree.unsettled = tree.unsettled.max(branch.ceiling);
            break;
        }
        tree.split(&branch);
    }
    tree.unsettled.max(tree.search.saved)
}

impl Tree<'_> {
    fn split(&mut self, branch: &Branch) {
        for verdict in [Status::Open, Status::Closed] {
            let mut status = branch.status.clone();
            status.put(branch.next, verdict);
            self.close_if_full(&mut status);
            self.dual.prices.clone_from(&branch.prices);
            self.dual.evaluate(self.net, &status, &mut self.search.meter);
            if self.dual.ceiling > branch.ceiling {
                self.dual.ceiling = branch.ceiling;
            }
            self.bound(&mut status);
            self.settle_or_keep(status, branch.depth.saturating_add(1));
        }
    }

    /// When as many are open as may be, nobody else is.
    fn close_if_full(&self, status: &mut [Status]) {
        let open = status.iter().filter(|status| **status == Status::Open).count();
        if open >= self.net.most {
            status.iter_mut().filter(|status| **status == Status::Free).for_each(|status| *status = Status::Closed);
        }
    }

    fn bound(&mut self, status: &mut [Status]) {
        let (net, search) = (self.net, &mut *self.search);
        if self.dual.proves(net, search.saved) {
            return;
        }
        search.steps.start(net, &self.dual, &mut search.meter);
        search.steps.run(net, status, &mut self.dual, search.saved, STEPS, &mut search.meter);
        if self.dual.proves(net, search.saved) {
            return;
        }
        search.look(net, &self.dual, false);
        self.dual.fix(net, status, search.saved);
        self.close_if_full(status);
    }

    /// Done with a branch that cannot be better or is decided in full; any other waits for its turn.
    fn settle_or_keep(&mut self, status: Vec<Status>, depth: u32) {
        if self.dual.proves(self.net, self.search.saved) {
            return;
        }
        let Some(next) = self.undecided(&status) else {
            self.settle(&status);
            return;
        };
        self.made = self.made.wrapping_add(1);
        let prices = self.dual.prices.clone();
        self.open.push(Branch { ceiling: self.dual.ceiling, depth, number: self.made, prices, status, next });
    }

    /// The free location on which the last steps agreed least.
    fn undecided(&self, status: &[Status]) -> Option<u32> {
        let usage = &self.search.steps.usage;
        let doubt = |site: u32| (ALWAYS >> 1).wrapping_sub(usage.at(site)).unsigned_abs();
        (0..)
            .zip(status)
            .filter(|(_, status)| **status == Status::Free)
            .map(|(site, _)| site)
            .min_by_key(|site| doubt(*site))
    }

    /// Every location is decided: what is left is a flow.
    fn settle(&mut self, status: &[Status]) {
        let open = (0..).zip(status).filter(|(_, status)| **status == Status::Open);
        let sites: Vec<u32> = open.map(|(site, _)| site).collect();
        let open = self.search.local.value(self.net, sites, &mut self.search.meter);
        self.search.note(self.net, &open);
        if open.saved <= FORBIDDEN {
            self.unsettled = self.unsettled.max(self.dual.ceiling);
        }
    }
}
