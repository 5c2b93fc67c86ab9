//! What tills say of orders: goods sold over a counter, taken back, handed over, or sold although an order counted on them.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::head::{Head, Shortage};
use super::line::{Line, LineStatus};
use super::refusal::Refusal;
use super::state::{Fulfillment, FulfillmentStage, Order, Received, ReturnLine};
use super::status::{Action, Standing};
use super::{MAX_RETURN_LINES, MAX_RETURNS};
use crate::price::Totals;
use crate::sorting;
use crate::value::{Digest, Label, LocationId, OrderId, Quantity, Sku};

type Decided = Result<Vec<Event>, Refusal>;

/// A sale over a counter: paid, and the goods are gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterSale {
    /// The order that it is.
    pub id: OrderId,
    /// What is fixed.
    pub head: Head,
    /// What was sold, as it was priced.
    pub lines: Vec<Line>,
    /// What it came to.
    pub totals: Totals,
    /// Where.
    pub location: LocationId,
}

/// A fact: recorded once.
pub(super) fn sell(state: Option<&Order>, sale: &CounterSale) -> Vec<Event> {
    if state.is_some() {
        return vec![];
    }
    vec![Event::Sold {
        id: sale.id,
        head: Box::new(sale.head.clone()),
        lines: sale.lines.clone(),
        totals: sale.totals,
        location: sale.location.clone(),
    }]
}

/// Goods are back at a counter, whatever was asked or allowed before: as much of them as left and is not back yet is a return
/// of this order (I13). The stock was told by whoever took them.
pub(super) fn take_back(
    order: &Order,
    key: Digest,
    location: &LocationId,
    reason: Option<&Label>,
    lines: &[Received],
) -> Decided {
    if order.returns.iter().any(|one| one.key == key) {
        return Ok(vec![]);
    }
    let before: usize = order.returns.iter().map(|one| one.lines.len()).sum();
    if order.returns.len() >= MAX_RETURNS || before.saturating_add(lines.len()) > MAX_RETURN_LINES {
        return Err(Refusal::TooMany { most: MAX_RETURNS });
    }
    let mut taken: Vec<Received> = Vec::new();
    for line in lines {
        let already: Quantity = taken.iter().filter(|one| one.line == line.line).map(|one| one.quantity).sum();
        let quantity = line.quantity.min(out(order, line.line).saturating_sub(already));
        if !quantity.is_zero() {
            taken.push(Received { quantity, ..line.clone() });
        }
    }
    if taken.is_empty() {
        return Err(Refusal::NoLines);
    }
    let no = order.returns.iter().map(|one| one.no).max().unwrap_or(0).saturating_add(1);
    let mut asked: Vec<ReturnLine> = Vec::new();
    for one in &taken {
        match asked.iter_mut().find(|line| line.line == one.line) {
            Some(line) => line.quantity = line.quantity.saturating_add(one.quantity),
            None => asked.push(ReturnLine { line: one.line, quantity: one.quantity, reason: reason.cloned() }),
        }
    }
    let mut objects: Vec<u16> = taken.iter().filter_map(|one| Some(order.line(one.line)?.object)).collect();
    sorting::sort(&mut objects);
    objects.dedup();
    let mut events = overtaken(order, &taken);
    events.extend([Event::ReturnRequested { no, key, lines: asked }, Event::ReturnAuthorized { no }]);
    events.push(Event::ReturnReceived { no, location: location.clone(), lines: taken });
    events.extend(objects.into_iter().map(|object| Event::Restocked { no, object }));
    Ok(events)
}

/// What of a line left and is not back.
fn out(order: &Order, no: u32) -> Quantity {
    let line = order.line(no);
    line.map(|line| line.counts.of_any(&[LineStatus::Shipped, LineStatus::Delivered])).unwrap_or_default()
}

/// Returns under way whose goods can no longer come, because they came over the counter.
fn overtaken(order: &Order, taken: &[Received]) -> Vec<Event> {
    let mut events = Vec::new();
    for one in order.returns.iter().filter(|one| one.is_underway()) {
        let can_come = |line: &ReturnLine| {
            let came: Quantity = taken.iter().filter(|back| back.line == line.line).map(|back| back.quantity).sum();
            out(order, line.line).saturating_sub(came) >= line.quantity
        };
        if !one.lines.iter().all(can_come) {
            events.push(Event::ReturnCanceled { no: one.no, reason: "it came back at a till".parse().ok() });
        }
    }
    events
}

/// A customer has the goods of a fulfillment in hand: whatever step it was at, it is delivered.
pub(super) fn hand_over(order: &Order, no: u32, location: &LocationId) -> Decided {
    let fulfillment = order.fulfillment(no).ok_or(Refusal::NoSuchFulfillment { no })?;
    let not_now = Refusal::NotNow { action: Action::Deliver, standing: Standing::Part(fulfillment.status()) };
    if fulfillment.location != *location {
        // What was sent to the store of the till is in the customer's hands, so it arrived.
        let steps = [Event::Arrived { no }, Event::Delivered { no }];
        let done = match fulfillment.stage {
            FulfillmentStage::Shipped { .. } => usize::from(fulfillment.arrived.is_some()),
            FulfillmentStage::Delivered { .. } => 2,
            FulfillmentStage::Open
            | FulfillmentStage::Picked
            | FulfillmentStage::Packed
            | FulfillmentStage::Rejected { .. }
            | FulfillmentStage::Canceled => return Err(not_now),
        };
        let here = order.store() == Some(location);
        return if here { Ok(steps.into_iter().skip(done).collect()) } else { Err(not_now) };
    }
    let shipped = Event::Shipped { no, carrier: None, tracking: None };
    let steps = [Event::Picked { no }, Event::Packed { no }, shipped, Event::Delivered { no }];
    let done = match fulfillment.stage {
        FulfillmentStage::Open => 0,
        FulfillmentStage::Picked => 1,
        FulfillmentStage::Packed => 2,
        FulfillmentStage::Shipped { .. } => 3,
        FulfillmentStage::Delivered { .. } => 4,
        FulfillmentStage::Rejected { .. } | FulfillmentStage::Canceled => return Err(not_now),
    };
    Ok(steps.into_iter().skip(done).collect())
}

/// What an order counted on at a location was sold there over the counter. What nobody picked yet is to be served from
/// elsewhere, or waits; an order that wants all or nothing at once is canceled as far as that.
pub(super) fn yield_up(order: &Order, location: &LocationId, sku: &Sku, elsewhere: bool) -> Vec<Event> {
    let counts = |one: &&Fulfillment| {
        one.stage == FulfillmentStage::Open
            && one.location == *location
            && one.lines.iter().any(|line| line.sku == *sku && !line.quantity.is_zero())
    };
    let reason: Option<Label> = "sold over the counter".parse().ok();
    let Some(fulfillment) = order.fulfillments.iter().find(counts) else { return vec![] };
    if elsewhere || order.head.shortage != Shortage::Reject {
        return vec![Event::LocationRejected { no: fulfillment.no, reason }];
    }
    let lines = fulfillment.lines.iter().filter(|line| line.sku == *sku && !line.quantity.is_zero());
    let parts = lines.map(|line| super::CanceledPart {
        line: line.line,
        open: Quantity::ZERO,
        backordered: Quantity::ZERO,
        allocated: vec![(fulfillment.no, line.quantity)],
    });
    vec![Event::Canceled { reason, parts: parts.collect(), key: None }]
}
