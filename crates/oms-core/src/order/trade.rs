//! Orders that trade stock: one makes room so that another saves more than that costs.
//!
//! A trade is a sequence of ordinary moves, each an epoch and a row of its own, and each from one valid plan to another. Whoever
//! makes room moves first; who moved for nothing, as somebody else was faster, finds its way back like any better plan. So there
//! is nothing to undo.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use super::command::{Facts, Offer, Router};
use super::improve::{Give, Look, Room, difference, without};
use super::state::Order;
use crate::routing::{ItemFacts, Lot, OfferFacts, OrderFacts, Serve, Shift, Together, Waiting};
use crate::sorting::Gather as _;
use crate::value::{LocationId, OrderId, Quantity, Sku, Timestamp};

/// A trade is worth its moves when it saves one part in so many of the first criterion that it changes.
const LEAST_SHARE: i128 = 100;

/// A move of a trade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who moves.
    pub order: OrderId,
    /// To make room, or nothing to what is better for itself.
    pub room: Option<Room>,
}

/// The trades among orders that save most by what their strategy wants, each as its moves in their order. No order takes part in
/// two. `offers` is what is free besides what they have.
pub fn trades(open: &[(&Order, Router)], offers: &[Offer], goods: &[ItemFacts], now: Timestamp) -> Vec<Vec<Step>> {
    // What an order has is priced beside what is free, like every plan that it is held against.
    let facts = |router: &Router| Facts {
        offers: offers.to_vec(),
        goods: goods.to_vec(),
        parcels: vec![],
        router: router.clone(),
    };
    let looks = open.iter().filter_map(|(order, router)| Look::of(order, &facts(router), now));
    let looks: Vec<Look<'_>> = looks.collect();
    let strategies: BTreeSet<&str> = looks.iter().map(|look| look.kept.strategy.as_str()).into_set();
    let mut market = Market { free: offers.to_vec(), trades: Vec::new() };
    for strategy in strategies {
        let some: Vec<&Look<'_>> = looks.iter().filter(|look| look.kept.strategy.as_str() == strategy).collect();
        market.trade(&some);
    }
    market.trades
}

/// What is free once the trades so far are carried out.
struct Market {
    free: Vec<Offer>,
    trades: Vec<Vec<Step>>,
}

impl Market {
    /// The trades among the orders of one strategy.
    fn trade(&mut self, looks: &[&Look<'_>]) {
        let Some(first) = looks.first().filter(|_| looks.len() > 1) else { return };
        let Some(strategy) = first.facts.router.prepared().strategy(&first.kept.strategy) else { return };
        let asked: Vec<OrderFacts> = looks.iter().map(|look| look.asked()).collect();
        let has: Vec<Vec<Serve>> = looks.iter().map(|look| has(look)).collect();
        let waiting = looks.iter().zip(&asked).zip(&has).map(|((look, order), has)| Waiting {
            prepared: look.facts.router.prepared(),
            order,
            has,
        });
        let waiting: Vec<Waiting<'_>> = waiting.collect();
        let Some(mut together) = Together::new(strategy, &waiting, &OfferFacts::plain(&self.free)) else { return };
        let mut busy = BTreeSet::new();
        while let Some(shifts) = together.trade() {
            let fresh = shifts.len() > 1 && shifts.iter().all(|shift| !busy.contains(&shift.order));
            match fresh.then(|| self.steps(looks, &shifts)).flatten() {
                Some((steps, free)) => {
                    busy.extend(shifts.iter().map(|shift| shift.order));
                    self.free = free;
                    self.trades.push(steps);
                }
                None => together.put_back(),
            }
        }
    }

    /// The moves of a trade, if each can be made once those before it are, and all of them together are worth it. Every plan is
    /// the one that the order itself would decide. With what is free afterwards.
    fn steps(&self, looks: &[&Look<'_>], shifts: &[Shift]) -> Option<(Vec<Step>, Vec<Offer>)> {
        let mut free = self.free.clone();
        let mut left: Vec<&Shift> = shifts.iter().collect();
        let (mut steps, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
        while !left.is_empty() {
            let can = |shift: &&Shift| shift.takes.iter().all(|lot| is_free(&free, lot));
            // Orders that would swap the same units: who was asked last steps aside to what is free.
            let at = left.iter().position(can).unwrap_or(left.len().saturating_sub(1));
            let shift = left.remove(at);
            let look = looks.get(shift.order)?;
            let wanted = |lot: &&Lot| left.iter().flat_map(|other| &other.takes).any(|other| same_shelf(lot, other));
            let yields: Vec<Lot> = shift.gives.iter().filter(wanted).cloned().collect();
            let plan = look.plan(&free, without(look.own(), &yields))?;
            let may = if yields.is_empty() { look.is_better(&plan) } else { look.may_make_room() };
            if !may {
                return None;
            }
            add(&mut before, &look.kept.values());
            add(&mut after, &plan.values());
            let (gives, missing) = difference(look.order, &plan.plan);
            let took = missing.serves.into_iter().map(|serve| (serve.sku, serve.location, serve.quantity));
            free = without(free, &took.collect::<Vec<Lot>>());
            gives.iter().filter_map(|give| shelf(look.order, give)).for_each(|lot| put(&mut free, lot));
            let room = (!yields.is_empty()).then(|| (yields, plan.values()));
            steps.push((look.order.id, room));
        }
        let (whom, _) = steps.last()?.clone();
        let room = |(yields, most)| Room { whom, yields, most };
        let steps = steps.into_iter().map(|(order, wanted)| Step { order, room: wanted.map(room) }).collect();
        is_worth_it(&before, &after).then_some((steps, free))
    }
}

/// What an order has, as a plan says it.
fn has(look: &Look<'_>) -> Vec<Serve> {
    let of_sku = |sku: &Sku| look.wishes.iter().find(|(line, _)| line.sku == *sku).map_or(0, |(line, _)| line.no);
    let serves = look.own().into_iter().map(|offer| Serve {
        line: of_sku(&offer.sku),
        sku: offer.sku,
        location: offer.location,
        quantity: offer.free,
    });
    serves.collect()
}

fn same_shelf(one: &Lot, other: &Lot) -> bool {
    (&one.0, &one.1) == (&other.0, &other.1)
}

fn is_free(free: &[Offer], (sku, location, quantity): &Lot) -> bool {
    let there = free.iter().find(|offer| offer.sku == *sku && offer.location == *location);
    there.is_some_and(|offer| offer.free >= *quantity)
}

fn put(free: &mut Vec<Offer>, (sku, location, quantity): Lot) {
    match free.iter_mut().find(|offer| offer.sku == sku && offer.location == location) {
        Some(offer) => offer.free = offer.free.saturating_add(quantity),
        None => {
            let (undecided, coming) = (Quantity::ZERO, Vec::new());
            free.push(Offer { sku, location, free: quantity, undecided, coming, lead_days: None, personal: false });
        }
    }
}

/// The shelf of what an order gives up.
fn shelf(order: &Order, give: &Give) -> Option<Lot> {
    let location: LocationId = order.fulfillment(give.no)?.location.clone();
    Some((order.line(give.line)?.sku.clone(), location, give.quantity))
}

fn add(sums: &mut Vec<i128>, values: &[i128]) {
    sums.resize(values.len(), 0);
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum = sum.saturating_add(*value);
    }
}

/// By the first criterion in which they differ.
fn is_worth_it(before: &[i128], after: &[i128]) -> bool {
    let differs = before.iter().zip(after).find(|(before, after)| before != after);
    differs.is_some_and(|(before, after)| {
        let saved = before.saturating_sub(*after);
        saved > 0 && saved.saturating_mul(LEAST_SHARE) >= before.saturating_abs()
    })
}
