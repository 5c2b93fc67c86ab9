//! What a set of open locations saves, whichever way it is worked out.

use super::fill::Fill;
use super::flow::Flow;
use super::net::Net;
use super::num::{Int, Meter, ZERO};

/// The saving of a set that must not be: a location of it would ship less than the least value.
pub(super) const FORBIDDEN: Int = core::num::Wrapping(-(1 << 60));

/// Sets of open locations, tried one after another in the same memory.
#[derive(Debug, Default)]
pub(super) struct Trial {
    fill: Fill,
    flow: Flow,
    /// The flow of [`Self::keep`].
    kept: Flow,
}

impl Trial {
    /// Serves the lines from these locations; tells what that saves, open costs paid, or [`FORBIDDEN`].
    pub(super) fn open(&mut self, net: &Net, sites: impl Iterator<Item = u32>, meter: &mut Meter) -> Int {
        let saved = self.relaxed(net, sites, meter);
        if net.least > ZERO && !self.reaches_least(net) { FORBIDDEN } else { saved }
    }

    /// The same without asking what each location's shipment is worth.
    pub(super) fn relaxed(&mut self, net: &Net, sites: impl Iterator<Item = u32>, meter: &mut Meter) -> Int {
        if net.tight {
            self.flow.open(net, sites, meter);
            self.flow.saved
        } else {
            self.fill.open(net, sites, meter);
            self.fill.saved
        }
    }

    /// Serves the lines from these locations, to take one away at a time.
    pub(super) fn keep(&mut self, net: &Net, sites: &[u32], meter: &mut Meter) {
        if net.tight {
            self.kept.open(net, sites.iter().copied(), meter);
        }
    }

    /// Serves the lines from the locations that were kept without one of them.
    pub(super) fn without(&mut self, net: &Net, sites: &[u32], out: u32, meter: &mut Meter) -> Int {
        if !net.tight || net.least > ZERO {
            return self.open(net, sites.iter().copied().filter(|site| *site != out), meter);
        }
        self.flow.copy(&self.kept);
        self.flow.close(net, out, meter);
        self.flow.saved
    }

    /// Gets ready for [`Self::more`].
    pub(super) fn ready(&mut self, net: &Net, meter: &mut Meter) {
        if net.tight {
            self.flow.value_lines(meter);
        }
    }

    /// What one more location would save; where lines compete, never less than that.
    pub(super) fn more(&self, net: &Net, site: u32, meter: &mut Meter) -> Int {
        if net.tight { self.flow.more_at_most(net, site, meter) } else { self.fill.more(net, site, meter) }
    }

    /// What the locations on trial save, whatever their shipments are worth.
    pub(super) fn saved(&self, net: &Net) -> Int {
        if net.tight { self.flow.saved } else { self.fill.saved }
    }

    /// Calls with `(line, location, units)` of what is shipped.
    pub(super) fn each_flow(&self, net: &Net, mut call: impl FnMut(u32, u32, Int)) {
        if net.tight {
            self.flow.flows().for_each(|(line, site, units)| call(line, site, units));
        } else {
            self.fill.flows().for_each(|(line, site, units)| call(line, site, units));
        }
    }

    fn reaches_least(&self, net: &Net) -> bool {
        self.flow.shipped_values(net).all(|value| value >= net.least)
    }
}
