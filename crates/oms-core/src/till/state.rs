//! Where a till stands: what its journal comes to. Folding the entries again gives the same, entry by entry.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::chain::Tip;
use super::entry::Entry;
use super::event::Event;
use super::facts::{CLOCK_LIMIT_MS, Clock};
use super::name::DeviceId;
use super::sale::{Refunded, ReturnOf, Sale};
use super::shift::{Closed, Shift};
use crate::value::{Digest, OrderId, Quantity, Sku, Timestamp};

/// Lines of which a till remembers that they came back through it: more than come back before the edge knows of it.
const RETURNS_KEPT: usize = 500;

/// Where a till stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Till {
    /// How far its journal goes.
    pub tip: Tip,
    /// The number of the next receipt.
    pub next_receipt: u64,
    /// When the last entry was made, by the device's clock.
    pub at: Timestamp,
    /// How far off the clock was when a manager last accepted it, in milliseconds.
    pub accepted_skew: i64,
    /// The shift that is open.
    pub shift: Option<Shift>,
    /// The last one that was closed.
    pub last_shift: Option<Shift>,
    /// How many shifts there were.
    pub shifts: u32,
    /// What was done with the rights to each SKU.
    pub used: BTreeMap<Sku, Used>,
    /// What came back through this till: the last 500 lines, the latest at the end.
    pub returned: Vec<Returned>,
}

/// What was done with the rights to a SKU: totals of this epoch, which only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Sold by right.
    pub sold: Quantity,
    /// Given back.
    pub surrendered: Quantity,
}

/// What came back of a line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// The order.
    pub order: OrderId,
    /// Its line.
    pub line: u32,
    /// How much.
    pub quantity: Quantity,
}

impl Till {
    /// One that was just enrolled.
    pub fn new(device: DeviceId, epoch: u32, genesis: Digest, next_receipt: u64) -> Self {
        Self {
            tip: Tip { device, epoch, seq: 0, head: genesis },
            next_receipt,
            at: Timestamp::EPOCH,
            accepted_skew: 0,
            shift: None,
            last_shift: None,
            shifts: 0,
            used: BTreeMap::new(),
            returned: Vec::new(),
        }
    }

    /// What it may still sell of a SKU: granted less sold less given back.
    pub fn right(&self, sku: &Sku, granted: &BTreeMap<Sku, Quantity>) -> Quantity {
        let granted = granted.get(sku).copied().unwrap_or_default();
        let used = self.used.get(sku).copied().unwrap_or_default();
        granted.saturating_sub(used.sold).saturating_sub(used.surrendered)
    }

    /// How much of a line of an order came back through this till.
    pub fn returned(&self, order: OrderId, line: u32) -> Quantity {
        let found = self.returned.iter().filter(|returned| returned.order == order && returned.line == line);
        found.map(|returned| returned.quantity).sum()
    }

    /// How far the clock is off, in milliseconds, when that is more than a manager accepted: against the edge's, or, when
    /// that was never heard, against the last entry's when the clock was set back since.
    pub fn clock_off(&self, clock: &Clock) -> Option<i64> {
        let (skew, accepted) = match clock.skew {
            Some(skew) => (skew, self.accepted_skew),
            None => (clock.now.millis_since(self.at).min(0), 0),
        };
        (skew.saturating_sub(accepted).saturating_abs() > CLOCK_LIMIT_MS).then_some(skew)
    }

    /// Takes in the next entry with its hash. Judges nothing: what an entry is to the journal is for [`super::chain`].
    pub fn apply(&mut self, entry: &Entry, hash: Digest) {
        self.tip.seq = entry.seq;
        self.tip.head = hash;
        self.at = entry.at;
        match &entry.event {
            Event::ShiftOpened { cashier, float } => {
                self.shifts = self.shifts.saturating_add(1);
                self.shift = Some(Shift::open(self.shifts, cashier.clone(), entry.at, *float));
            }
            Event::ShiftClosed { cashier, counted, expected } => {
                let closed = Closed { cashier: cashier.clone(), at: entry.at, counted: *counted, expected: *expected };
                self.last_shift = self.shift.take().map(|shift| Shift { closed: Some(closed), ..shift });
            }
            Event::PaidIn { amount, .. } => {
                self.in_shift(|shift| shift.paid_in = shift.paid_in.saturating_add(*amount));
            }
            Event::PaidOut { amount, .. } => {
                self.in_shift(|shift| shift.paid_out = shift.paid_out.saturating_add(*amount));
            }
            Event::DrawerOpened { .. } => {
                self.in_shift(|shift| shift.drawer_openings = shift.drawer_openings.saturating_add(1));
            }
            Event::Sold(sale) => self.sold(sale),
            Event::Refunded(refunded) => self.refunded(refunded),
            Event::Requested { tenders, .. } => self.in_shift(|shift| shift.take_tenders(tenders)),
            Event::Surrendered { pieces } => {
                for piece in pieces {
                    let used = self.used.entry(piece.sku.clone()).or_default();
                    used.surrendered = used.surrendered.saturating_add(piece.quantity);
                }
            }
            Event::ClockAccepted { skew, .. } => self.accepted_skew = *skew,
            Event::Counted { .. } | Event::HandedOver { .. } => {}
        }
    }

    fn in_shift(&mut self, change: impl FnOnce(&mut Shift)) {
        if let Some(shift) = &mut self.shift {
            change(shift);
        }
    }

    fn sold(&mut self, sale: &Sale) {
        self.next_receipt = sale.receipt.number.saturating_add(1);
        for line in sale.lines.iter().filter(|line| !line.within.is_zero()) {
            let used = self.used.entry(line.sku.clone()).or_default();
            used.sold = used.sold.saturating_add(line.within);
        }
        self.in_shift(|shift| shift.take_sale(sale));
    }

    fn refunded(&mut self, refunded: &Refunded) {
        self.next_receipt = refunded.receipt.number.saturating_add(1);
        self.in_shift(|shift| shift.take_refund(refunded));
        let ReturnOf::Order { order, .. } = refunded.of else { return };
        for line in &refunded.lines {
            if let Some(no) = line.line {
                self.returned.push(Returned { order, line: no, quantity: line.quantity });
            }
        }
        let forgotten = self.returned.len().saturating_sub(RETURNS_KEPT);
        self.returned.drain(..forgotten);
    }
}
