//! How an order that waits to be picked moves to a better plan: what the new plan needs besides is had before anything of the
//! old one is given up, so that whatever fails, the order keeps what it has.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::command::{Facts, Offer};
use super::event::Event;
use super::line::LineStatus;
use super::sourced::{self, Wish};
use super::state::{Fulfillment, FulfillmentLine, FulfillmentStage, Order, Routed, Stage};
use crate::routing::{Decision, Method, Plan, Serve};
use crate::stock::HoldId;
use crate::value::{LocationId, Quantity, Sku, Timestamp};

/// Most moves of one order to a better plan; bounds its record.
pub const MAX_IMPROVEMENTS: u32 = 8;

/// What an order gives up of a fulfillment when it moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Give {
    /// The fulfillment.
    pub no: u32,
    /// The order line.
    pub line: u32,
    /// The hold that backs it.
    pub hold: HoldId,
    /// How much.
    pub quantity: Quantity,
}

/// What moving saves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Saving {
    /// Thousandths of a minor unit; below zero when the strategy puts something above money.
    pub cost: i64,
    /// Shipments; below zero likewise.
    pub shipments: i32,
}

/// A move under way: what is given up once the new epoch is had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// What is given up.
    pub gives: Vec<Give>,
    /// The decision it follows.
    pub routed: Routed,
    /// What it saves.
    pub saving: Saving,
}

impl Order {
    /// The goods that could still move: set aside, not picked, of an order that is shipped and waits for nothing else. Each
    /// SKU once, with its object; none when the order is not to move.
    pub fn movable(&self) -> Vec<(u16, Sku)> {
        if !may_move(self) {
            return vec![];
        }
        let mut skus: Vec<(u16, Sku)> = held(self).map(|(_, line)| (line.object, line.sku.clone())).collect();
        skus.sort();
        skus.dedup();
        skus
    }
}

/// A customer who comes to a place is served there, whatever it costs.
fn may_move(order: &Order) -> bool {
    let settled = order.attempt.is_none() && order.dead.is_empty();
    let open = order.lines.iter().any(|line| !line.counts.of(LineStatus::Open).is_zero());
    let shipped = order.head.method == Method::Ship;
    order.stage == Stage::Open && settled && !open && shipped && order.improvements < MAX_IMPROVEMENTS
}

/// What is set aside and not picked yet.
fn held(order: &Order) -> impl Iterator<Item = (&Fulfillment, &FulfillmentLine)> {
    let open = order.fulfillments.iter().filter(|one| one.stage == FulfillmentStage::Open);
    let lines = open.flat_map(|one| one.lines.iter().map(move |line| (one, line)));
    lines.filter(|(_, line)| !line.quantity.is_zero())
}

/// Moves the order when what is free now makes a plan that the strategy in force finds better than the one it has, and that
/// delivers no later than was promised.
pub(super) fn improve(order: &Order, facts: &Facts, now: Timestamp) -> Vec<Event> {
    if !may_move(order) {
        return vec![];
    }
    let wishes = wishes(order);
    let own = own(order);
    let Some(kept) = decided(order, &wishes, &with_offers(facts, own.clone()), now) else { return vec![] };
    let Some(better) = decided(order, &wishes, &with_offers(facts, joined(&facts.offers, own)), now) else {
        return vec![];
    };
    if !is_better(&better, &kept) || !keeps_promise(order, &better) {
        return vec![];
    }
    let (gives, missing) = difference(order, &better.plan);
    if missing.serves.is_empty() {
        return vec![];
    }
    let objects: Vec<(u32, u16)> = order.lines.iter().map(|line| (line.no, line.object)).collect();
    let Event::Reserving { epoch, holds } = sourced::reserving(order.id, order.epochs, &objects, &missing) else {
        return vec![];
    };
    let saving = Saving {
        cost: kept.cost.total().saturating_sub(better.cost.total()),
        shipments: count(&kept).saturating_sub(count(&better)),
    };
    vec![Event::Improving { epoch, holds, gives, decision: Box::new(better), saving }]
}

fn count(decision: &Decision) -> i32 {
    i32::try_from(decision.shipments.len()).unwrap_or(i32::MAX)
}

fn wishes(order: &Order) -> Vec<Wish<'_>> {
    let of_line = |no: u32| held(order).filter(|(_, line)| line.line == no).map(|(_, line)| line.quantity).sum();
    let lines = order.lines.iter().map(|line| (line, of_line(line.no)));
    lines.filter(|(_, quantity): &Wish<'_>| !quantity.is_zero()).collect()
}

/// What the order holds itself, as if it were on offer.
fn own(order: &Order) -> Vec<Offer> {
    let offers = held(order).map(|(one, line)| Offer {
        sku: line.sku.clone(),
        location: one.location.clone(),
        free: line.quantity,
        undecided: Quantity::ZERO,
        coming: vec![],
        personal: false,
    });
    joined(&[], offers.collect())
}

/// Offers of the same goods at the same place as one.
fn joined(offers: &[Offer], more: Vec<Offer>) -> Vec<Offer> {
    let mut all = offers.to_vec();
    for offer in more {
        match all.iter_mut().find(|known| known.sku == offer.sku && known.location == offer.location) {
            Some(known) => known.free = known.free.saturating_add(offer.free),
            None => all.push(offer),
        }
    }
    all
}

fn with_offers(facts: &Facts, offers: Vec<Offer>) -> Facts {
    Facts { offers, goods: facts.goods.clone(), router: facts.router.clone() }
}

/// The plan from these offers, if it leaves nothing out.
fn decided(order: &Order, wishes: &[Wish<'_>], facts: &Facts, now: Timestamp) -> Option<Decision> {
    let decision = sourced::route(&order.head, wishes, facts, &order.excluded, now).ok()?;
    decision.plan.short.is_empty().then_some(decision)
}

/// Criterion by criterion, by the same strategy.
fn is_better(new: &Decision, old: &Decision) -> bool {
    let values = |decision: &Decision| decision.scores.iter().map(|score| score.value).collect::<Vec<i64>>();
    new.strategy == old.strategy && values(new) < values(old)
}

fn keeps_promise(order: &Order, new: &Decision) -> bool {
    let last = new.shipments.iter().map(|shipment| shipment.delivers).max();
    order.promised_by().is_none_or(|promised| last.is_none_or(|last| last <= promised))
}

/// What is given up of the old plan, and what the new one needs besides what is kept.
fn difference(order: &Order, plan: &Plan) -> (Vec<Give>, Plan) {
    let mut missing: Vec<Serve> = plan.serves.clone();
    let mut gives = Vec::new();
    for (one, line) in held(order) {
        let mut kept = Quantity::ZERO;
        let same = |serve: &&mut Serve| serve.line == line.line && serve.location == one.location;
        for serve in missing.iter_mut().filter(same) {
            let here = serve.quantity.min(line.quantity.saturating_sub(kept));
            kept = kept.saturating_add(here);
            serve.quantity = serve.quantity.saturating_sub(here);
        }
        let quantity = line.quantity.saturating_sub(kept);
        if !quantity.is_zero() {
            gives.push(Give { no: one.no, line: line.line, hold: line.hold, quantity });
        }
    }
    missing.retain(|serve| !serve.quantity.is_zero());
    (gives, Plan { serves: missing, short: vec![] })
}

impl Order {
    /// The live epoch of a move commits: what it has takes the place of what is given up.
    pub(super) fn moved(&mut self) {
        let Some(mut attempt) = self.attempt.take() else { return };
        let Some(swap) = attempt.swap.take() else { return };
        for give in &swap.gives {
            self.give_up(give);
        }
        self.routed = Some(swap.routed);
        self.take_places(&attempt, true);
        self.plan_anew();
        self.improvements = self.improvements.saturating_add(1);
    }

    fn give_up(&mut self, give: &Give) {
        self.shift(give.line, LineStatus::Allocated, LineStatus::Open, give.quantity);
        self.on_fulfillment(give.no, |fulfillment| {
            let same = |line: &&mut FulfillmentLine| line.line == give.line && line.hold == give.hold;
            if let Some(line) = fulfillment.lines.iter_mut().find(same) {
                line.quantity = line.quantity.saturating_sub(give.quantity);
                line.given_up = line.given_up.saturating_add(give.quantity);
            }
            if fulfillment.lines.iter().all(|line| line.quantity.is_zero()) {
                fulfillment.stage = FulfillmentStage::Canceled;
            }
        });
    }

    /// What waits to be picked travels as the last decision says.
    fn plan_anew(&mut self) {
        let open = |one: &&mut Fulfillment| one.stage == FulfillmentStage::Open;
        let planned = self.routed.as_ref().map(|routed| routed.planned.as_slice()).unwrap_or_default();
        for fulfillment in self.fulfillments.iter_mut().filter(open) {
            let of_place = |(place, _): &&(LocationId, super::Planned)| *place == fulfillment.location;
            if let Some((_, planned)) = planned.iter().find(of_place) {
                fulfillment.planned = Some(planned.clone());
            }
        }
    }
}
