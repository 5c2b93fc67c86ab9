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
use crate::routing::{Decision, Effort, ItemFacts, Lot, Method, OfferFacts, OrderFacts, Plan, Serve};
use crate::sorting;
use crate::stock::HoldId;
use crate::value::{LocationId, OrderId, Quantity, Sku, Timestamp};

/// Most moves of one order to another plan, better ones or to make room, and moves that came to nothing: bounds its record, and
/// whatever trades come to.
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
    /// The order that it makes room for, when it moves for another's sake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub makes_room_for: Option<OrderId>,
}

/// Room that an order is asked to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// For whom.
    pub whom: OrderId,
    /// What it is to do without.
    pub yields: Vec<Lot>,
    /// What that may come to at most: see [`Decision::values`].
    pub most: Vec<i128>,
}

impl Order {
    /// The goods that could still move: set aside, not picked, of an order that is shipped and waits for nothing else. Each
    /// SKU once, with its object; none when the order is not to move.
    pub fn movable(&self) -> Vec<(u16, Sku)> {
        if !may_move(self) {
            return vec![];
        }
        let mut skus: Vec<(u16, Sku)> = held(self).map(|(_, line)| (line.object, line.sku.clone())).collect();
        sorting::sort(&mut skus);
        skus.dedup();
        skus
    }
}

/// A customer who comes to a place is served there, whatever it costs.
fn may_move(order: &Order) -> bool {
    // What goes in another order's parcel stays with it.
    let joins = |one: &Fulfillment| one.planned.as_ref().is_some_and(|planned| planned.joins.is_some());
    if order.fulfillments.iter().any(joins) {
        return false;
    }
    let settled = order.attempt.is_none() && order.dead.is_empty();
    let open = order.lines.iter().any(|line| !line.counts.of(LineStatus::Open).is_zero());
    let shipped = matches!(order.head.method, Method::Ship | Method::ShipToStore { .. });
    order.stage == Stage::Open && settled && !open && shipped && order.moves_left() > 0
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
    let Some(look) = Look::of(order, facts, now) else { return vec![] };
    let better = look.plan(&facts.offers, look.own()).filter(|plan| look.is_better(plan));
    better.map_or(vec![], |better| look.moving(better, None))
}

/// Moves the order to the best plan without what it is asked to yield, if that is no worse than whoever asked reckoned with
/// and delivers no later than was promised.
pub(super) fn make_room(order: &Order, facts: &Facts, room: &Room, now: Timestamp) -> Vec<Event> {
    let Some(look) = Look::of(order, facts, now).filter(Look::may_make_room) else { return vec![] };
    let plan = look.plan(&facts.offers, without(look.own(), &room.yields));
    let plan = plan.filter(|plan| plan.values() <= room.most);
    plan.map_or(vec![], |plan| look.moving(plan, Some(room.whom)))
}

/// An order that looks for another plan.
pub(super) struct Look<'a> {
    pub(super) order: &'a Order,
    pub(super) wishes: Vec<Wish<'a>>,
    /// What is known but for the offers, of which each plan has its own.
    pub(super) facts: Facts,
    /// What the strategy in force makes of what the order has.
    pub(super) kept: Decision,
    now: Timestamp,
}

impl<'a> Look<'a> {
    /// Nothing when the order is not to move, or what it has would not be planned so today.
    pub(super) fn of(order: &'a Order, facts: &Facts, now: Timestamp) -> Option<Self> {
        if !may_move(order) {
            return None;
        }
        let wishes = wishes(order);
        let is_own = |goods: &&ItemFacts| wishes.iter().any(|(line, _)| line.sku == goods.sku);
        let goods = facts.goods.iter().filter(is_own).cloned().collect();
        let free = &facts.offers;
        let facts = Facts { offers: vec![], goods, parcels: vec![], router: facts.router.clone() };
        let asked = sourced::asked(&order.head, &wishes, &facts, &order.excluded, now);
        let kept = sourced::routed(&facts, &asked, &has(order, free, &asked), Effort::Plan).ok()?;
        kept.plan.short.is_empty().then_some(Self { order, wishes, facts, kept, now })
    }

    /// What the order holds itself, as if it were on offer.
    pub(super) fn own(&self) -> Vec<Offer> {
        own(self.order)
    }

    /// What is to be routed.
    pub(super) fn asked(&self) -> OrderFacts {
        sourced::asked(&self.order.head, &self.wishes, &self.facts, &self.order.excluded, self.now)
    }

    /// The plan that the same strategy makes of these, if it leaves nothing out and delivers no later than was promised.
    pub(super) fn plan(&self, free: &[Offer], own: Vec<Offer>) -> Option<Decision> {
        let is_own = |offer: &&Offer| self.wishes.iter().any(|(line, _)| line.sku == offer.sku);
        let free: Vec<Offer> = free.iter().filter(is_own).cloned().collect();
        let facts = Facts { offers: joined(&free, own), ..self.facts.clone() };
        let plan = sourced::route(&self.order.head, &self.wishes, &facts, &self.order.excluded, self.now).ok()?;
        let fits =
            plan.plan.short.is_empty() && plan.strategy == self.kept.strategy && keeps_promise(self.order, &plan);
        fits.then_some(plan)
    }

    /// Whoever makes room for nothing finds its way back by a move of its own.
    pub(super) fn may_make_room(&self) -> bool {
        self.order.moves_left() > 1
    }

    /// Criterion by criterion.
    pub(super) fn is_better(&self, plan: &Decision) -> bool {
        plan.values() < self.kept.values()
    }

    /// What moving there begins with.
    fn moving(&self, plan: Decision, makes_room_for: Option<OrderId>) -> Vec<Event> {
        let (gives, missing) = difference(self.order, &plan.plan);
        if missing.serves.is_empty() {
            return vec![];
        }
        let objects: Vec<(u32, u16)> = self.order.lines.iter().map(|line| (line.no, line.object)).collect();
        let Event::Reserving { epoch, holds } =
            sourced::reserving(self.order.id, self.order.epochs, &objects, &missing)
        else {
            return vec![];
        };
        let saving = Saving {
            cost: self.kept.cost.total().saturating_sub(plan.cost.total()),
            shipments: count(&self.kept).saturating_sub(count(&plan)),
        };
        vec![Event::Improving { epoch, holds, gives, decision: Box::new(plan), saving, makes_room_for }]
    }
}

fn count(decision: &Decision) -> i32 {
    i32::try_from(decision.shipments.len()).unwrap_or(i32::MAX)
}

fn wishes(order: &Order) -> Vec<Wish<'_>> {
    let of_line = |no: u32| held(order).filter(|(_, line)| line.line == no).map(|(_, line)| line.quantity).sum();
    let lines = order.lines.iter().map(|line| (line, of_line(line.no)));
    lines.filter(|(_, quantity): &Wish<'_>| !quantity.is_zero()).collect()
}

fn own(order: &Order) -> Vec<Offer> {
    let offers = held(order).map(|(one, line)| Offer {
        sku: line.sku.clone(),
        location: one.location.clone(),
        free: line.quantity,
        undecided: Quantity::ZERO,
        coming: vec![],
        lead_days: None,
        personal: false,
    });
    joined(&[], offers.collect())
}

/// What the order holds itself, at the price that it has beside what is free: a plan is held against it.
fn has(order: &Order, free: &[Offer], asked: &OrderFacts) -> Vec<OfferFacts> {
    let own = own(order);
    let is_own = |offer: &&Offer| own.iter().any(|one| one.sku == offer.sku && one.location == offer.location);
    let there: Vec<Offer> = free.iter().filter(is_own).cloned().collect();
    let mut priced = OfferFacts::of(&joined(&there, own.clone()), asked);
    for offer in &mut priced {
        let held = own.iter().find(|one| one.sku == offer.sku && one.location == offer.location);
        offer.free = held.map_or(Quantity::ZERO, |held| held.free);
    }
    priced
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

/// Offers without what is yielded.
pub(super) fn without(mut offers: Vec<Offer>, yields: &[Lot]) -> Vec<Offer> {
    for (sku, location, quantity) in yields {
        for offer in offers.iter_mut().filter(|offer| offer.sku == *sku && offer.location == *location) {
            offer.free = offer.free.saturating_sub(*quantity);
        }
    }
    offers
}

/// What moves is with the customer no later than the last of it was planned to be, whatever else the order waits for.
fn keeps_promise(order: &Order, new: &Decision) -> bool {
    let known = held(order).filter_map(|(one, _)| one.planned.as_ref()).map(|planned| planned.delivers).max();
    let last = new.shipments.iter().map(|shipment| shipment.delivers).max();
    known.is_none_or(|known| last.is_none_or(|last| last <= known))
}

/// What is given up of the old plan, and what the new one needs besides what is kept.
pub(super) fn difference(order: &Order, plan: &Plan) -> (Vec<Give>, Plan) {
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
    /// How often it may still move.
    pub fn moves_left(&self) -> u32 {
        MAX_IMPROVEMENTS.saturating_sub(self.improvements.saturating_add(self.missed_moves))
    }

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
