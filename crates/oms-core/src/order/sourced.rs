//! How an order finds its stock: plan, reserve, commit or settle for less.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use super::buying;
use super::command::{Answer, Facts, Offer};
use super::event::{Event, HoldAsk};
use super::head::Head;
use super::line::{Line, LineStatus};
use super::refusal::ShortLine;
use super::state::{FulfillmentStage, Order, Peg, Stage};
use super::{BACKORDER_LONGEST_MILLIS, BACKORDER_WAIT_MILLIS, MAX_MISSES, PATIENCE_MILLIS};
use crate::routing::{
    self, Binding, Decision, Demand, Destination, Effort, Fault, LineFacts, Method, OfferFacts, OrderFacts, Plan,
};
use crate::sorting::{self, Gather as _};
use crate::stock::{Ask, HoldId};
use crate::value::{Amount, LocationId, OrderId, Quantity, Sku, Timestamp};

/// Sources what is open, and what is backordered when it is time to look again.
pub(super) fn plan(order: &Order, facts: &Facts, now: Timestamp) -> Vec<Event> {
    if order.stage != Stage::Open || order.attempt.is_some() || !order.dead.is_empty() {
        return vec![];
    }
    let looks = order.look_at.is_some_and(|at| at <= now);
    let wishes = wishes(order, looks);
    if wishes.is_empty() {
        return vec![];
    }
    let demands = demands(&wishes);
    // What cannot be routed now was routed when it was placed: it waits, as what nobody has.
    let decision = route(&order.head, &wishes, facts, &order.excluded, now).ok();
    let nothing = || Plan { serves: vec![], short: demands.clone() };
    let plan = decision.as_ref().map_or_else(nothing, |decision| decision.plan.clone());
    let patient = now < order.open_since.saturating_add_millis(PATIENCE_MILLIS);
    if patient && !plan.short.is_empty() && may_come(&order.head, &plan.short, facts, &order.excluded) {
        return vec![];
    }
    // Too many misses: what can be had by the look of it is taken by others again and again.
    let spent = order.misses >= MAX_MISSES && !patient;
    let short = if spent { &demands } else { &plan.short };
    settle(order, &wishes, short, &plan, decision, facts, now)
}

/// What a plan leads to: a new epoch, a backorder, a rejection.
fn settle(
    order: &Order,
    wishes: &[Wish<'_>],
    short: &[Demand],
    plan: &Plan,
    decision: Option<Decision>,
    facts: &Facts,
    now: Timestamp,
) -> Vec<Event> {
    let first = order.fulfillments.is_empty() && order.quantity_in(&[LineStatus::Backordered]).is_zero();
    let demands = &demands(wishes);
    let pegged = buying::bought(order, wishes, short, facts, now);
    if !short.is_empty() && first && buying::refuses(&order.head, pegged.as_ref()) {
        let decided = decision.as_ref().filter(|decision| decision.plan.short == short);
        let told = decided.map(|decision| short_of_all(demands, decision, facts));
        return vec![Event::Rejected { short: told.unwrap_or_else(|| short_lines(demands, short, plan)) }];
    }
    let tries = !plan.serves.is_empty() && short != demands;
    let mut events = Vec::new();
    let mut news = tries;
    if !short.is_empty() {
        let waiting = newly_short(order, short);
        let look_at = next_look(order, now);
        if !waiting.is_empty() {
            news = true;
            events.push(Event::Backordered { lines: waiting, look_at });
        } else if !tries {
            events.push(Event::Waited { look_at });
        }
    }
    events.extend(pegged);
    // Also of what has to wait the decision says why; looking again in vain is no news.
    events.extend(decision.filter(|_| news).map(|decision| Event::Routed { decision: Box::new(decision) }));
    if tries {
        let lines: Vec<(u32, u16)> = order.lines.iter().map(|line| (line.no, line.object)).collect();
        events.push(reserving(order.id, order.epochs, &lines, plan));
    }
    events
}

/// The event that begins an epoch: what a plan serves, by SKU object, ascending.
pub(super) fn reserving(order: OrderId, epoch: u32, objects: &[(u32, u16)], plan: &Plan) -> Event {
    let mut holds: Vec<HoldAsk> = Vec::new();
    for serve in &plan.serves {
        let object = objects.iter().find(|(line, _)| *line == serve.line).map_or(0, |(_, object)| *object);
        let ask = Ask {
            line: serve.line,
            sku: serve.sku.clone(),
            location: serve.location.clone(),
            quantity: serve.quantity,
        };
        match holds.iter_mut().find(|hold| hold.object == object) {
            Some(hold) => hold.parts.push(ask),
            None => {
                let hold = HoldId::of_order(&order, epoch, object);
                holds.push(HoldAsk { object, hold, parts: vec![ask] });
            }
        }
    }
    sorting::sort_by_key(&mut holds, |hold| hold.object);
    Event::Reserving { epoch, holds }
}

/// A line and how much of it is to be sourced.
pub(super) type Wish<'a> = (&'a Line, Quantity);

/// Routes what is wished for over the locations that did not refuse, by the policy in force.
///
/// # Errors
/// The first thing that cannot be counted exactly.
pub(super) fn route(
    head: &Head,
    wishes: &[Wish<'_>],
    facts: &Facts,
    excluded: &[LocationId],
    now: Timestamp,
) -> Result<Decision, Fault> {
    let order = asked(head, wishes, facts, excluded, now);
    let offers = OfferFacts::of(&facts.offers, &order);
    let places: BTreeSet<&LocationId> =
        offers.iter().filter(|offer| !offer.free.is_zero()).map(|offer| &offer.location).into_set();
    // From one place there is no other plan to compare with.
    let effort = if places.len() > 1 { Effort::RunnerUp } else { Effort::Plan };
    routed(facts, &order, &offers, effort)
}

/// Routes what is asked from what is on offer.
pub(super) fn routed(
    facts: &Facts,
    order: &OrderFacts,
    offers: &[OfferFacts],
    effort: Effort,
) -> Result<Decision, Fault> {
    let decided = routing::route(facts.router.prepared(), order, offers, effort);
    // There is at least one fault where there are faults.
    decided.map_err(|faults| faults.into_iter().next().unwrap_or_else(Fault::nameless))
}

/// What is wished for, as routing sees it.
pub(super) fn asked(
    head: &Head,
    wishes: &[Wish<'_>],
    facts: &Facts,
    excluded: &[LocationId],
    now: Timestamp,
) -> OrderFacts {
    // What is worth more counts as worth this: values choose strategies and are held against floors, no more.
    let dearest = Amount::new(routing::MAX_COST).unwrap_or_default();
    let lines = wishes.iter().map(|(line, quantity)| LineFacts {
        line: line.no,
        sku: line.sku.clone(),
        quantity: *quantity,
        unit_value: line.unit_price.clamp(Amount::default(), dearest),
        whole: line.whole,
        requested_by: line.requested_by,
    });
    OrderFacts {
        channel: head.channel.clone(),
        customer_class: head.customer.class.clone(),
        method: head.method.clone(),
        to: destination(head, facts),
        placed_at: now,
        requested_by: head.requested_by,
        ship_complete: head.ship_complete,
        excluded: excluded.to_vec(),
        lines: lines.collect(),
        items: facts.goods.clone(),
        parcels: facts.parcels.clone(),
    }
}

/// Where a carrier brings it: to the customer, or to the store where the customer fetches it.
fn destination(head: &Head, facts: &Facts) -> Destination {
    let store = if let Method::ShipToStore { location } = &head.method { Some(location) } else { None };
    match store.and_then(|store| facts.router.prepared().node(store)) {
        Some((_, node)) => {
            Destination { country: node.country, postal_code: node.postal_code.clone(), position: node.position }
        }
        None => Destination {
            country: head.ship_to.country,
            postal_code: head.ship_to.postal_code.clone(),
            position: head.ship_to.position,
        },
    }
}

pub(super) fn hands_over(offer: &Offer, head: &Head, facts: &Facts, excluded: &[LocationId]) -> bool {
    serves(&offer.location, head, facts, excluded)
}

/// True when a location hands goods over as the order wants, and did not refuse.
pub(super) fn serves(location: &LocationId, head: &Head, facts: &Facts, excluded: &[LocationId]) -> bool {
    let node = facts.router.prepared().node(location);
    node.is_some_and(|(_, node)| node.hands_over(&head.method)) && !excluded.contains(location)
}

/// True when undecided orders hold enough of what is short that waiting a moment may bring all of it.
pub(super) fn may_come(head: &Head, short: &[Demand], facts: &Facts, excluded: &[LocationId]) -> bool {
    let serves = |offer: &&Offer| hands_over(offer, head, facts, excluded);
    let undecided = |sku: &Sku| -> Quantity {
        facts.offers.iter().filter(|offer| offer.sku == *sku).filter(serves).map(|offer| offer.undecided).sum()
    };
    let missing = |sku: &Sku| -> Quantity {
        short.iter().filter(|demand| demand.sku == *sku).map(|demand| demand.quantity).sum()
    };
    short.iter().all(|demand| undecided(&demand.sku) >= missing(&demand.sku))
}

/// For every line that falls short, what was asked and what could be had for it.
pub(super) fn short_lines(demands: &[Demand], short: &[Demand], plan: &Plan) -> Vec<ShortLine> {
    let available = |line: u32| -> Quantity {
        plan.serves.iter().filter(|serve| serve.line == line).map(|serve| serve.quantity).sum()
    };
    let short = |line: u32| short.iter().any(|demand| demand.line == line);
    let lines = demands.iter().filter(|demand| short(demand.line)).map(|demand| ShortLine {
        line: demand.line,
        sku: demand.sku.clone(),
        requested: demand.quantity,
        available: available(demand.line),
    });
    lines.collect()
}

/// The same when nothing was planned because not all of it could be: what the locations that come into question have.
pub(super) fn short_of_all(demands: &[Demand], decision: &Decision, facts: &Facts) -> Vec<ShortLine> {
    if !decision.binding.contains(&Binding::ShipComplete) {
        return short_lines(demands, &decision.plan.short, &decision.plan);
    }
    let counts = |offer: &&Offer| decision.left_out.iter().all(|left| left.location != offer.location);
    let mut free: BTreeMap<&Sku, Quantity> = BTreeMap::new();
    for offer in facts.offers.iter().filter(counts) {
        let sum = free.entry(&offer.sku).or_default();
        *sum = sum.saturating_add(offer.free);
    }
    let mut short = Vec::new();
    for demand in demands {
        let left = free.entry(&demand.sku).or_default();
        let available = demand.quantity.min(*left);
        *left = left.saturating_sub(available);
        if available < demand.quantity {
            let (line, sku, requested) = (demand.line, demand.sku.clone(), demand.quantity);
            short.push(ShortLine { line, sku, requested, available });
        }
    }
    // Goods enough, but limits that keep them apart.
    if short.is_empty() { short_lines(demands, &decision.plan.short, &decision.plan) } else { short }
}

/// What wishes ask for.
pub(super) fn demands(wishes: &[Wish<'_>]) -> Vec<Demand> {
    let demand = |(line, quantity): &Wish<'_>| Demand { line: line.no, sku: line.sku.clone(), quantity: *quantity };
    wishes.iter().map(demand).collect()
}

fn wishes(order: &Order, looks: bool) -> Vec<Wish<'_>> {
    let wanted: &[LineStatus] = if looks { &[LineStatus::Open, LineStatus::Backordered] } else { &[LineStatus::Open] };
    let lines = order.lines.iter().map(|line| (line, line.counts.of_any(wanted)));
    lines.filter(|(_, quantity)| !quantity.is_zero()).collect()
}

/// What of the shortage is not backordered yet.
fn newly_short(order: &Order, short: &[Demand]) -> Vec<(u32, Quantity)> {
    let open = |no: u32| order.line(no).map(|line| line.counts.of(LineStatus::Open)).unwrap_or(Quantity::ZERO);
    let lines = short.iter().map(|demand| (demand.line, demand.quantity.min(open(demand.line))));
    lines.filter(|(_, quantity)| !quantity.is_zero()).collect()
}

pub(super) fn next_look(order: &Order, now: Timestamp) -> Timestamp {
    let doubled = 1_i64.checked_shl(order.looks.min(16)).unwrap_or(i64::MAX);
    now.saturating_add_millis(BACKORDER_WAIT_MILLIS.saturating_mul(doubled).min(BACKORDER_LONGEST_MILLIS))
}

/// Goods came that the order waits for: it looks now instead of later.
pub(super) fn look(order: &Order, now: Timestamp) -> Vec<Event> {
    let waits = !order.quantity_in(&[LineStatus::Backordered]).is_zero();
    let later = order.look_at.is_none_or(|at| at > now);
    if waits && later { vec![Event::SupplyCame] } else { vec![] }
}

/// Takes in what errands brought back. An answer to a dead epoch, or one that came before, means nothing.
pub(super) fn answered(order: &Order, answers: &[Answer]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut held: Vec<HoldId> = order.attempt.iter().flat_map(|attempt| &attempt.held).copied().collect();
    let mut missed = false;
    for answer in answers {
        match answer {
            Answer::Held { hold } => {
                let asked = order.attempt.as_ref().is_some_and(|attempt| attempt.asked(*hold));
                if asked && !missed && !held.contains(hold) {
                    held.push(*hold);
                    events.push(Event::Held { hold: *hold });
                }
            }
            Answer::Refused { hold, short } => {
                let attempt = order.attempt.as_ref().filter(|attempt| attempt.asked(*hold));
                if let Some(attempt) = attempt.filter(|_| !missed) {
                    missed = true;
                    events.push(Event::Missed { epoch: attempt.epoch, short: short.clone() });
                }
            }
            Answer::Released { hold } => {
                if order.dead.iter().any(|dead| dead.hold == *hold) {
                    events.push(Event::Released { hold: *hold });
                }
            }
            Answer::GivenBack { no, hold, totals } => events.extend(given_back(order, *no, *hold, totals)),
            Answer::Consumed { no, hold } => events.extend(consumed(order, *no, *hold)),
            Answer::Enlisted { object, skus } => events.extend(enlisted(order, *object, skus)),
            Answer::NotComing { object } => events.extend(not_coming(order, *object)),
            Answer::Restocked { no, object } => events.extend(super::returns::restocked(order, *no, *object)),
        }
    }
    let complete = |attempt: &super::Attempt| attempt.holds.iter().all(|ask| held.contains(&ask.hold));
    if let Some(attempt) = order.attempt.as_ref().filter(|attempt| !missed && complete(attempt)) {
        let epoch = attempt.epoch;
        events.push(match &attempt.swap {
            Some(swap) => Event::Improved { epoch, saving: swap.saving },
            None => Event::Allocated { epoch },
        });
    }
    events
}

impl super::Attempt {
    fn asked(&self, hold: HoldId) -> bool {
        self.holds.iter().any(|ask| ask.hold == hold)
    }
}

fn given_back(order: &Order, no: u32, hold: HoldId, totals: &[(u32, Quantity)]) -> Option<Event> {
    let fulfillment = order.fulfillment(no)?;
    let news = fulfillment.lines.iter().any(|line| {
        let told = totals.iter().find(|(of, _)| *of == line.line).map(|(_, total)| *total);
        line.hold == hold && told.is_some_and(|told| told.min(line.given_up) > line.given_back)
    });
    news.then(|| Event::GivenBack { no, hold, totals: totals.to_vec() })
}

fn enlisted(order: &Order, object: u16, skus: &[(Sku, Quantity)]) -> Option<Event> {
    let known = order.enlisted.iter().find(|(of, _)| *of == object).map(|(_, skus)| skus.as_slice());
    let news = known.unwrap_or_default() != skus || order.repegged.contains(&object);
    news.then(|| Event::Enlisted { object, skus: skus.to_vec() })
}

/// Others were quicker to buy what comes. An order that had not bought it before is over; one that had waits like anybody.
fn not_coming(order: &Order, object: u16) -> Vec<Event> {
    let there = |peg: &Peg| !peg.made && order.line(peg.part.line).is_some_and(|line| line.object == object);
    let (lost, kept): (Vec<Peg>, Vec<Peg>) = order.pegs_now().into_iter().partition(there);
    if order.stage != Stage::Open || lost.is_empty() {
        return vec![];
    }
    if order.enlisted.iter().any(|(of, _)| *of == object) {
        return vec![Event::Pegged { pegs: kept, by: None }];
    }
    if !order.fulfillments.is_empty() {
        let reason = "what is on its way is sold".parse().ok();
        return super::decide::cancel(order, reason.as_ref(), None, None).unwrap_or_default();
    }
    let short = lost.into_iter().map(|peg| ShortLine {
        line: peg.part.line,
        sku: peg.part.sku,
        requested: peg.part.quantity,
        available: Quantity::ZERO,
    });
    vec![Event::Rejected { short: short.collect() }]
}

fn consumed(order: &Order, no: u32, hold: HoldId) -> Option<Event> {
    let fulfillment = order.fulfillment(no)?;
    let left = matches!(fulfillment.stage, FulfillmentStage::Shipped { .. } | FulfillmentStage::Delivered { .. });
    let news = fulfillment.lines.iter().any(|line| line.hold == hold && !line.consumed);
    (left && news).then_some(Event::Consumed { no, hold })
}
