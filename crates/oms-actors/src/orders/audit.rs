//! An order object looks at itself: quantities by status, returns, what is still owed.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::order::{FulfillmentStage, LineStatus, Order};
use oms_core::price;
use oms_core::value::Quantity;

use super::book::Kept;
use super::{Inner, Turn};
use crate::journal::read;
use crate::message::{AuditReply, Violation};
use crate::store::Store;

/// Orders looked at in one call.
const AUDIT_PAGE: u32 = 500;

impl<S: Store> Inner<S> {
    /// Looks at the orders after this one.
    pub(super) fn audit(&mut self, after: Option<&str>) -> Turn<AuditReply> {
        self.journal.checkpoint_now()?;
        let page = self.journal.scan("o/", after.unwrap_or_default(), AUDIT_PAGE)?;
        let mut audit = AuditReply::default();
        if page.len() >= usize::try_from(AUDIT_PAGE).unwrap_or(usize::MAX) {
            audit.next = page.last().map(|(key, _)| key.clone());
        }
        for (_, body) in &page {
            let kept: Kept = read(body)?;
            look_at(&kept.record.order, &mut audit);
        }
        Ok(audit)
    }
}

fn look_at(order: &Order, audit: &mut AuditReply) {
    audit.orders = audit.orders.saturating_add(1);
    if !order.errands(order.open_since).is_empty() {
        audit.owing = audit.owing.saturating_add(1);
    }
    audit.allocated = audit.allocated.saturating_add(set_aside(order));
    for (invariant, detail) in broken(order) {
        let subject = order.id.to_string();
        audit.violations.push(Violation { invariant: invariant.to_string(), subject, detail });
    }
}

/// What the order believes that stock objects set aside for it: committed, not known to have left, and not known to have
/// been given back.
fn set_aside(order: &Order) -> i64 {
    let live = order.fulfillments.iter().flat_map(|one| &one.lines).map(|line| {
        let waiting = if line.consumed { Quantity::ZERO } else { line.quantity };
        waiting.saturating_add(line.given_up.saturating_sub(line.given_back))
    });
    i64::try_from(live.sum::<Quantity>().thousandths()).unwrap_or(i64::MAX)
}

fn broken(order: &Order) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for line in &order.lines {
        if line.counts.sum() != line.quantity {
            found.push(("I14", format!("line {}: {} of {} accounted for", line.no, line.counts.sum(), line.quantity)));
        }
        let gone = [LineStatus::Shipped, LineStatus::Delivered, LineStatus::Returned];
        let shipped: Quantity = order
            .fulfillments
            .iter()
            .filter(|one| matches!(one.stage, FulfillmentStage::Shipped { .. } | FulfillmentStage::Delivered { .. }))
            .flat_map(|one| &one.lines)
            .filter(|one| one.line == line.no)
            .map(|one| one.quantity)
            .sum();
        if line.counts.of_any(&gone) != shipped {
            found.push(("I14", format!("line {}: {} left in parcels", line.no, shipped)));
        }
        if line.counts.of(LineStatus::Returned) > shipped {
            found.push(("I13", format!("line {}: more returned than shipped", line.no)));
        }
    }
    let sums: Vec<price::LineTotal> = order.lines.iter().map(|line| line.total).collect();
    if price::totals(&sums).ok() != Some(order.totals) {
        found.push(("I12", "the lines do not sum to the total".to_string()));
    }
    found
}
