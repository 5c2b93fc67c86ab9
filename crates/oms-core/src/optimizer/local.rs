//! Better plans from a plan: open one more, close one, or both at once.

use alloc::vec::Vec;

use super::net::Net;
use super::num::{Int, Meter, ZERO, index};
use super::trial::{FORBIDDEN, Trial};

/// Where lines compete, what a location would save is only known by trying: at most so many of the most promising.
const TRIES: usize = 3;
/// Work after which a climb does not start another round, in scanned arcs: a bound is worth more than the last swap.
const MOST_CLIMB: u64 = 200_000;

/// A set of open locations, by their place in the net, and what it saves.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    pub(super) sites: Vec<u32>,
    pub(super) saved: Int,
}

#[derive(Debug, Default)]
pub(super) struct Local {
    trial: Trial,
    promising: Vec<(Int, u32)>,
}

impl Local {
    /// The best location on its own.
    pub(super) fn best_single(&mut self, net: &Net, meter: &mut Meter) -> Open {
        let mut open = self.value(net, Vec::new(), meter);
        if net.most > 0 {
            self.add(net, &mut open, meter);
        }
        open
    }

    /// What exactly these locations save.
    pub(super) fn value(&mut self, net: &Net, sites: Vec<u32>, meter: &mut Meter) -> Open {
        let saved = self.trial.open(net, sites.iter().copied(), meter);
        Open { sites, saved }
    }

    /// Opens, one at a time, whatever saves most.
    pub(super) fn add_all(&mut self, net: &Net, open: &mut Open, meter: &mut Meter) {
        while open.sites.len() < net.most && !meter.is_empty() && self.add(net, open, meter) {}
    }

    /// Closes, one at a time, whatever saves most by being closed.
    pub(super) fn drop_all(&mut self, net: &Net, open: &mut Open, meter: &mut Meter) {
        while !meter.is_empty() && self.drop_one(net, open, meter) {}
    }

    /// Adds, drops and swaps until none of them helps.
    pub(super) fn climb(&mut self, net: &Net, open: &mut Open, meter: &mut Meter) {
        let started = meter.spent;
        loop {
            self.drop_all(net, open, meter);
            self.add_all(net, open, meter);
            let tired = meter.spent.wrapping_sub(started) > MOST_CLIMB;
            if tired || meter.is_empty() || !self.swap(net, open, meter) {
                return;
            }
        }
    }

    fn add(&mut self, net: &Net, open: &mut Open, meter: &mut Meter) -> bool {
        self.trial.relaxed(net, open.sites.iter().copied(), meter);
        let Some((site, saved)) = self.best_addition(net, &open.sites, None, open.saved, meter) else { return false };
        open.sites.push(site);
        open.saved = saved;
        true
    }

    fn drop_one(&mut self, net: &Net, open: &mut Open, meter: &mut Meter) -> bool {
        let mut best = (open.saved, None);
        self.trial.keep(net, &open.sites, meter);
        for out in &open.sites {
            let saved = self.trial.without(net, &open.sites, *out, meter);
            if saved > best.0 {
                best = (saved, Some(*out));
            }
        }
        let (saved, Some(out)) = best else { return false };
        open.sites.retain(|site| *site != out);
        open.saved = saved;
        true
    }

    fn swap(&mut self, net: &Net, open: &mut Open, meter: &mut Meter) -> bool {
        let mut best = (open.saved, None);
        self.trial.keep(net, &open.sites, meter);
        for out in &open.sites {
            if meter.is_empty() {
                break;
            }
            self.trial.without(net, &open.sites, *out, meter);
            if let Some((site, saved)) = self.best_addition(net, &open.sites, Some(*out), best.0, meter) {
                best = (saved, Some((*out, site)));
            }
        }
        let (saved, Some((out, into))) = best else { return false };
        open.sites.retain(|site| *site != out);
        open.sites.push(into);
        open.saved = saved;
        true
    }

    /// The location that, added to what is on trial, saves most, if that is more than `floor`.
    /// On trial are the `open` locations without `out`.
    fn best_addition(
        &mut self,
        net: &Net,
        open: &[u32],
        out: Option<u32>,
        floor: Int,
        meter: &mut Meter,
    ) -> Option<(u32, Int)> {
        self.trial.ready(net, meter);
        let now = self.trial.saved(net);
        self.promising.clear();
        for site in (0..index(net.sites.len())).filter(|site| !open.contains(site)) {
            let saved = now + self.trial.more(net, site, meter);
            if saved > floor {
                self.promising.push((ZERO - saved, site));
            }
        }
        if !net.tight {
            return self.promising.iter().min().map(|(saved, site)| (*site, ZERO - *saved));
        }
        self.promising.sort_unstable();
        let mut best = (floor, None);
        let promising = core::mem::take(&mut self.promising);
        for (at_most, site) in promising.iter().take(TRIES) {
            if ZERO - *at_most <= best.0 {
                break;
            }
            let rest = open.iter().copied().filter(|other| Some(*other) != out);
            let saved = self.trial.open(net, rest.chain([*site]), meter);
            if saved > best.0 && saved > FORBIDDEN {
                best = (saved, Some(*site));
            }
        }
        self.promising = promising;
        best.1.map(|site| (site, best.0))
    }
}
