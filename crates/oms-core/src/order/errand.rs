//! What the world still owes an order, worked out from its state alone.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::line::LineStatus;
use super::state::{Fulfillment, FulfillmentStage, Order, Return, ReturnStage, Stage};
use crate::promise::DemandClass;
use crate::sorting;
use crate::stock::{Ask, HoldId, Move, MoveLine, MovementId, Waiting};
use crate::value::{CartId, LocationId, Quantity, Sku, Timestamp};

/// A command for somebody else. Sending it again is sending the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Ask the SKU objects what they have of these, then plan.
    Quote { skus: Vec<(u16, Sku)>, cart: Option<CartId>, class: DemandClass },
    /// Ask a SKU object to set stock aside.
    Reserve {
        object: u16,
        hold: HoldId,
        epoch: u32,
        parts: Vec<Ask>,
        cart: Option<CartId>,
        class: DemandClass,
        sole: bool,
    },
    /// Give back a dead epoch's hold.
    Release { object: u16, hold: HoldId },
    /// Give back part of a live hold: totals so far.
    GiveBack { object: u16, no: u32, hold: HoldId, totals: Vec<Ask> },
    /// Tell a SKU object that goods left.
    Consume { object: u16, no: u32, hold: HoldId, parts: Vec<Ask> },
    /// Tell a SKU object what of its goods the order waits for, and what of that it bought of goods on their way; nothing
    /// of a SKU takes it off the list.
    Enlist { object: u16, wait: Waiting, skus: Vec<(Sku, Quantity)>, pegs: Vec<Ask> },
    /// Tell a SKU object that goods came back.
    Restock { object: u16, no: u32, movement: Move },
}

/// Releases come first: an order must not be kept from stock by its own dead epochs.
pub(super) fn errands(order: &Order, now: Timestamp) -> Vec<Errand> {
    let mut errands: Vec<Errand> =
        order.dead.iter().map(|dead| Errand::Release { object: dead.object, hold: dead.hold }).collect();
    for fulfillment in &order.fulfillments {
        give_backs(fulfillment, &mut errands);
        consumes(fulfillment, &mut errands);
    }
    for one in &order.returns {
        restocks(order, one, &mut errands);
    }
    match &order.attempt {
        Some(_) => reserves(order, &mut errands),
        None => {
            enlists(order, &mut errands);
            errands.extend(quote(order, now).filter(|_| order.dead.is_empty()));
        }
    }
    errands
}

/// What the order waits for by SKU object, against what the objects know.
fn enlists(order: &Order, errands: &mut Vec<Errand>) {
    let mut waits: BTreeMap<u16, BTreeMap<Sku, Quantity>> = BTreeMap::new();
    for (object, skus) in &order.enlisted {
        let known = skus.iter().map(|(sku, _)| (sku.clone(), Quantity::ZERO));
        waits.entry(*object).or_default().extend(known);
    }
    for line in &order.lines {
        let waiting = line.counts.of(LineStatus::Backordered);
        if waiting.is_zero() {
            continue;
        }
        let sum = waits.entry(line.object).or_default().entry(line.sku.clone()).or_default();
        *sum = sum.saturating_add(waiting);
    }
    let bought = order.pegs_now();
    for (object, skus) in waits {
        let skus: Vec<(Sku, Quantity)> = skus.into_iter().collect();
        let known = order.enlisted.iter().find(|(of, _)| *of == object).map(|(_, skus)| skus.as_slice());
        if known.unwrap_or_default() != skus || order.repegged.contains(&object) {
            // Of what is made there is always more: the order waits for it like anybody.
            let here = bought.iter().filter(|peg| !peg.made && skus.iter().any(|(sku, _)| *sku == peg.part.sku));
            let pegs = here.map(|peg| peg.part.clone()).collect();
            errands.push(Errand::Enlist { object, wait: order.waiting(), skus, pegs });
        }
    }
}

pub(super) fn wake_at(order: &Order) -> Option<Timestamp> {
    let owes = !errands(order, order.open_since).is_empty();
    let waits = !order.quantity_in(&[LineStatus::Backordered]).is_zero();
    if owes { Some(order.open_since) } else { order.look_at.filter(|_| waits) }
}

/// The first epoch asks everybody at once; later ones ask in ascending order of objects, one after the other, or two
/// orders could each take half of the last pair and both lose.
fn reserves(order: &Order, errands: &mut Vec<Errand>) {
    let Some(attempt) = &order.attempt else { return };
    let waiting = attempt.holds.iter().filter(|ask| !attempt.held.contains(&ask.hold));
    let at_once = if attempt.first { usize::MAX } else { 1 };
    errands.extend(waiting.take(at_once).map(|ask| Errand::Reserve {
        object: ask.object,
        hold: ask.hold,
        epoch: attempt.epoch,
        parts: ask.parts.clone(),
        cart: order.head.cart.clone(),
        class: order.head.demand_class(),
        sole: attempt.holds.len() == 1,
    }));
}

fn quote(order: &Order, now: Timestamp) -> Option<Errand> {
    let looks = order.look_at.is_some_and(|at| at <= now);
    let wanted = |status: LineStatus| match status {
        LineStatus::Open => true,
        LineStatus::Backordered => looks,
        LineStatus::Allocated
        | LineStatus::Picked
        | LineStatus::Packed
        | LineStatus::Shipped
        | LineStatus::Delivered
        | LineStatus::Returned
        | LineStatus::Canceled => false,
    };
    if order.stage != Stage::Open {
        return None;
    }
    let lines = order.lines.iter().filter(|line| line.counts.iter().any(|(status, _)| wanted(status)));
    let mut skus: Vec<(u16, Sku)> = lines.map(|line| (line.object, line.sku.clone())).collect();
    sorting::sort(&mut skus);
    skus.dedup();
    (!skus.is_empty()).then(|| Errand::Quote { skus, cart: order.head.cart.clone(), class: order.head.demand_class() })
}

/// The lines of a fulfillment that pass, by the hold that backs them.
fn by_hold(
    fulfillment: &Fulfillment,
    quantity: impl Fn(&super::FulfillmentLine) -> Option<Quantity>,
) -> Vec<(u16, HoldId, Vec<Ask>)> {
    let mut holds: Vec<(u16, HoldId, Vec<Ask>)> = Vec::new();
    for line in &fulfillment.lines {
        let Some(quantity) = quantity(line) else { continue };
        let location: LocationId = fulfillment.location.clone();
        let ask = Ask { line: line.line, sku: line.sku.clone(), location, quantity };
        match holds.iter_mut().find(|(_, hold, _)| *hold == line.hold) {
            Some((_, _, asks)) => asks.push(ask),
            None => holds.push((line.object, line.hold, alloc::vec![ask])),
        }
    }
    holds
}

fn give_backs(fulfillment: &Fulfillment, errands: &mut Vec<Errand>) {
    let holds = by_hold(fulfillment, |line| (line.given_up > line.given_back).then_some(line.given_up));
    let no = fulfillment.no;
    errands.extend(holds.into_iter().map(|(object, hold, totals)| Errand::GiveBack { object, no, hold, totals }));
}

fn consumes(fulfillment: &Fulfillment, errands: &mut Vec<Errand>) {
    let left = matches!(fulfillment.stage, FulfillmentStage::Shipped { .. } | FulfillmentStage::Delivered { .. });
    let holds =
        by_hold(fulfillment, |line| (left && !line.consumed && !line.quantity.is_zero()).then_some(line.quantity));
    let no = fulfillment.no;
    errands.extend(holds.into_iter().map(|(object, hold, parts)| Errand::Consume { object, no, hold, parts }));
}

fn restocks(order: &Order, one: &Return, errands: &mut Vec<Errand>) {
    let ReturnStage::Received { location, lines, restocked } = &one.stage else { return };
    let mut objects: Vec<(u16, Vec<MoveLine>)> = Vec::new();
    for received in lines {
        let Some(line) = order.line(received.line) else { continue };
        if restocked.contains(&line.object) {
            continue;
        }
        let back = MoveLine::Return {
            sku: line.sku.clone(),
            location: location.clone(),
            quantity: received.quantity,
            disposition: received.disposition,
        };
        match objects.iter_mut().find(|(object, _)| *object == line.object) {
            Some((_, lines)) => lines.push(back),
            None => objects.push((line.object, alloc::vec![back])),
        }
    }
    let id = order.return_id(one.no);
    errands.extend(objects.into_iter().map(|(object, lines)| {
        let name = alloc::format!("return:{id}:{object}");
        let movement = Move { id: MovementId::of(&name), reference: alloc::format!("{id}").parse().ok(), lines };
        Errand::Restock { object, no: one.no, movement }
    }));
}
