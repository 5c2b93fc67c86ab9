//! Who waits for goods of a SKU, and whom new goods are told to.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::coming::portion;
use super::command::Ask;
use super::event::Event;
use super::refusal::Refusal;
use super::shelf::Page;
use super::{Stock, hold::Owner};
use crate::promise::{Backorder, Backorders, MAX_CONFIRMED, Step, Strategy, Timeline, repromise};
use crate::routing::Code;
use crate::sorting::{self, Gather as _};
use crate::value::{Channel, Day, Delta, LocationId, OrderId, Quantity, Sku, Timestamp};

/// Most orders on the list of a SKU that wait for whatever comes; the others look for themselves.
pub const MAX_WAITING: usize = 200;
/// Most orders on it that bought what comes: each was promised it, so what would be beyond is refused.
pub const MAX_PREORDERS: usize = 2_000;

/// As whom an order waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Where it was captured.
    pub channel: Channel,
    /// The class of its customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Code>,
    /// The day it is wanted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Day>,
    /// When it was placed.
    pub since: Timestamp,
}

/// An order that waits for a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiter {
    /// The order.
    pub order: OrderId,
    /// For how much.
    pub quantity: Quantity,
    /// As whom.
    pub wait: Waiting,
    /// What of it was bought of goods on their way, by the location they come to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pegs: Vec<(LocationId, Quantity)>,
    /// What it was last told that it gets, and when; who bought what comes is told by that. At most [`MAX_CONFIRMED`] days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Step>,
}

/// What a waiting order is promised, in the order in which goods are given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The order.
    pub order: OrderId,
    /// Under which strategy.
    pub strategy: Strategy,
    /// For how much it waits.
    pub quantity: Quantity,
    /// What it was told before.
    pub earlier: Vec<Step>,
    /// What it is to get, and when.
    pub steps: Vec<Step>,
}

/// What changes on the lists of these SKUs when an order waits for so much of them, and bought so much of what comes.
/// Refuses to sell more of that than comes.
pub(super) fn enlist(
    stock: &Stock,
    order: OrderId,
    wait: &Waiting,
    skus: &[(Sku, Quantity)],
    bought: &[Ask],
    today: Day,
) -> Result<Vec<Event>, Refusal> {
    let mut events = vec![];
    for (sku, quantity) in skus {
        let Some(page) = stock.pages.get(sku) else { continue };
        let pegs = by_place(sku, bought);
        let known = page.waiter(order);
        let same = |waiter: &Waiter| waiter.quantity == *quantity && waiter.pegs == pegs;
        if known.map_or(quantity.is_zero(), same) {
            continue;
        }
        has_room(page, sku, order, &pegs, today)?;
        let plain = page.waiting.iter().filter(|waiter| waiter.is_plain()).count();
        if known.is_none() && pegs.is_empty() && plain >= MAX_WAITING {
            continue;
        }
        let mut waiter = Waiter { order, quantity: *quantity, wait: wait.clone(), pegs, told: vec![] };
        waiter.told = first_told(page, &waiter, today);
        events.push(Event::Waiting { sku: sku.clone(), waiter });
    }
    Ok(events)
}

/// What an order is told when it says for how much it waits: one that is known what it was told, less what it has got; a
/// new one what all the others leave.
fn first_told(page: &Page, waiter: &Waiter, today: Day) -> Vec<Step> {
    if waiter.quantity.is_zero() || !waiter.pegs.is_empty() {
        return vec![];
    }
    if let Some(known) = page.waiter(waiter.order).filter(|known| known.pegs.is_empty()) {
        return portion(known.told.clone(), known.quantity.saturating_sub(waiter.quantity), waiter.quantity);
    }
    let others = page.waiting.iter().filter(|other| other.order != waiter.order);
    let keeping = |other| (other, if Waiter::is_plain(other) { Strategy::Gain } else { Strategy::Win });
    let mut all: Vec<(&Waiter, Strategy)> = others.map(keeping).collect();
    all.push((waiter, Strategy::Redistribute));
    noted(promised(page, &all, Quantity::ZERO, today).pop().unwrap_or_default())
}

/// As much of a promise as is written down.
fn noted(mut steps: Vec<Step>) -> Vec<Step> {
    steps.truncate(MAX_CONFIRMED);
    steps
}

/// So much news of a SKU was told; whoever waits for it is promised anew, also when there is more meanwhile: else nobody
/// would be while it never ends.
pub(super) fn told(stock: &Stock, sku: &Sku, news: u32, rules: &Backorders, today: Day) -> Vec<Event> {
    let Some(page) = stock.pages.get(sku).filter(|page| page.news != 0) else { return vec![] };
    let plain = page.waiting.iter().filter(|waiter| waiter.is_plain()).map(|waiter| waiter.order);
    let plain: BTreeSet<OrderId> = plain.into_set();
    let turns = if plain.is_empty() { vec![] } else { turns(page, rules, today) };
    let anew = turns.into_iter().filter(|turn| plain.contains(&turn.order)).filter_map(|turn| {
        let steps = noted(turn.steps);
        (steps != turn.earlier).then_some((turn.order, steps))
    });
    let promised: Vec<(OrderId, Vec<Step>)> = anew.collect();
    let changes = page.news == news || page.is_rescheduled_by(news) || !promised.is_empty();
    if changes { vec![Event::Told { sku: sku.clone(), news, promised }] } else { vec![] }
}

/// What was bought of a SKU, by location.
fn by_place(sku: &Sku, bought: &[Ask]) -> Vec<(LocationId, Quantity)> {
    let mut pegs: Vec<(LocationId, Quantity)> = Vec::new();
    for part in bought.iter().filter(|part| part.sku == *sku && !part.quantity.is_zero()) {
        match pegs.iter_mut().find(|(location, _)| *location == part.location) {
            Some((_, sum)) => *sum = sum.saturating_add(part.quantity),
            None => pegs.push((part.location.clone(), part.quantity)),
        }
    }
    pegs
}

/// Refuses what others bought or were told of already, and what the location keeps. Goods that came meanwhile are as good
/// as those that come. What is allocated to classes of demand is sold when it is there.
fn has_room(
    page: &Page,
    sku: &Sku,
    order: OrderId,
    pegs: &[(LocationId, Quantity)],
    today: Day,
) -> Result<(), Refusal> {
    let known = page.waiter(order).map(|waiter| waiter.pegs.as_slice()).unwrap_or_default();
    let full = known.is_empty() && page.is_full();
    let coming = page.coming(Some(order), today);
    for (location, quantity) in pegs.iter().filter(|peg| !known.contains(peg)) {
        let there = page.incoming(location).saturating_add(page.free(location));
        let none = full || page.is_allocated(location);
        let others = page.pegged(location, Some(order)).saturating_add(coming.told(location));
        let room = there.saturating_sub(others.saturating_add(page.lacks(location)));
        let room = if none { Quantity::ZERO } else { room };
        let had = known.iter().find(|(at, _)| at == location).map(|(_, had)| *had).unwrap_or_default();
        if *quantity > room.max(had) {
            let (sku, location) = (sku.clone(), location.clone());
            return Err(Refusal::NotEnough { line: 1, sku, location, available: room });
        }
    }
    Ok(())
}

/// The whole of the list of a SKU in the order in which goods are given out: by strategy, then by the day wanted, then by
/// the time of the order. What is free goes first, what is on its way from the day it is expected.
pub fn turns(page: &Page, rules: &Backorders, today: Day) -> Vec<Turn> {
    let waiters = in_turn(page, rules);
    let mut steps = promised(page, &waiters, Quantity::ZERO, today).into_iter();
    let turn = |(waiter, strategy): (&Waiter, Strategy)| Turn {
        order: waiter.order,
        strategy,
        quantity: waiter.quantity,
        earlier: waiter.told.clone(),
        steps: steps.next().unwrap_or_default(),
    };
    waiters.into_iter().map(turn).collect()
}

/// The list of a SKU in the order of [`turns`], and under which strategy each waits.
fn in_turn<'a>(page: &'a Page, rules: &Backorders) -> Vec<(&'a Waiter, Strategy)> {
    let mut waiters: Vec<(&Waiter, Strategy)> =
        page.waiting.iter().map(|waiter| (waiter, strategy(waiter, rules))).collect();
    sorting::sort_by_key(&mut waiters, |(waiter, strategy)| {
        let wanted = waiter.wait.wanted;
        (waiter.is_plain(), *strategy, wanted.is_none(), wanted, waiter.wait.since, waiter.order)
    });
    waiters
}

/// Whom news of a SKU concern besides those that were called, first those that get something today, in the order in which
/// goods are given out (true): who was called and could not take what is there leaves it to the next, but for what lies there because it
/// bought that. Then those that bought goods that came, or of which something else was told since they heard.
pub fn to_call(page: &Page, rules: &Backorders, today: Day, called: &dyn Fn(OrderId) -> bool) -> Vec<(OrderId, bool)> {
    let mut waiters = in_turn(page, rules);
    waiters.retain(|(waiter, _)| !called(waiter.order));
    let steps = promised(page, &waiters, lies_for(page, called), today);
    let pegs = waiters.iter().flat_map(|(waiter, _)| &waiter.pegs).map(|(location, _)| location);
    let mut came: BTreeSet<&LocationId> = pegs.into_set();
    came.retain(|location| page.rescheduled != 0 || !page.awaited(location, None).is_zero());
    let (mut served, mut others) = (Vec::new(), Vec::new());
    for ((waiter, _), steps) in waiters.iter().zip(steps) {
        if steps.iter().any(|step| step.day <= today) {
            served.push((waiter.order, true));
        } else if waiter.pegs.iter().any(|(location, _)| came.contains(location)) {
            others.push((waiter.order, false));
        }
    }
    served.append(&mut others);
    served
}

/// What lies at its location for some orders that bought it.
fn lies_for(page: &Page, some: &dyn Fn(OrderId) -> bool) -> Quantity {
    let buyers: Vec<&Waiter> = page.waiting.iter().filter(|waiter| !waiter.is_plain() && some(waiter.order)).collect();
    let places: BTreeSet<&LocationId> =
        buyers.iter().flat_map(|waiter| &waiter.pegs).map(|(location, _)| location).into_set();
    let lies = places.into_iter().map(|location| {
        let theirs: Quantity = buyers.iter().map(|waiter| waiter.peg_at(location)).sum();
        theirs.min(page.awaited(location, None)).min(page.free(location))
    });
    lies.sum()
}

/// What each of these gets of what is there and comes besides what is kept for others today, given what it was told; within a
/// strategy in this order.
fn promised(page: &Page, waiters: &[(&Waiter, Strategy)], kept: Quantity, today: Day) -> Vec<Vec<Step>> {
    let backorders = waiters.iter().zip(0..).filter_map(|((waiter, strategy), rank)| {
        let id = waiter.order.to_string().parse().ok()?;
        let mut confirmed = Vec::new();
        // Rows of before have a day twice.
        waiter.told.iter().for_each(|step| step.add_to(&mut confirmed));
        Some(Backorder { id, quantity: waiter.quantity, wanted: today, confirmed, strategy: *strategy, rank })
    });
    let backorders: Vec<Backorder> = backorders.collect();
    let outcomes = supply(page, today).and_then(|mut supply| {
        supply.commit(today, kept).ok()?;
        repromise(&supply, &backorders).ok()
    });
    match outcomes {
        Some(outcomes) => outcomes.into_iter().map(|outcome| outcome.after).collect(),
        // What cannot be counted changes nothing of what was told.
        None => backorders.into_iter().map(|backorder| backorder.confirmed).collect(),
    }
}

/// Whoever bought what comes has it first; of the others the tenant's rules say.
fn strategy(waiter: &Waiter, rules: &Backorders) -> Strategy {
    if waiter.is_plain() { rules.strategy(&waiter.wait) } else { Strategy::Win }
}

/// What is free today at all locations, and what comes and no location lacks.
fn supply(page: &Page, today: Day) -> Option<Timeline> {
    let free: Quantity = page.frees().into_iter().sum();
    let mut supply = Timeline::new(Delta::from(free));
    for place in page.destinations() {
        let bought = portion(page.receipts(place, today), Quantity::ZERO, page.bought(place));
        for step in bought.into_iter().chain(page.unbought(place, today)) {
            supply.receive(step.day, step.quantity).ok()?;
        }
    }
    Some(supply)
}

impl Waiter {
    /// True when it waits for whatever comes: it bought nothing of it.
    fn is_plain(&self) -> bool {
        self.pegs.is_empty()
    }

    /// What it bought or was told that it gets.
    fn claims(&self) -> Quantity {
        let bought = self.pegs.iter().map(|(_, quantity)| *quantity);
        bought.chain(self.told.iter().map(|step| step.quantity)).sum()
    }

    pub(super) fn peg_at(&self, location: &LocationId) -> Quantity {
        self.pegs.iter().filter(|(at, _)| at == location).map(|(_, quantity)| *quantity).sum()
    }
}

impl Page {
    /// Takes an order's wait in; one for nothing is over. True when it claims less than before.
    pub(super) fn wait(&mut self, waiter: &Waiter) -> bool {
        let claimed = self.waiter(waiter.order).map(Waiter::claims).unwrap_or_default();
        match self.waiting.iter_mut().find(|known| known.order == waiter.order) {
            Some(known) => *known = waiter.clone(),
            None => self.waiting.push(waiter.clone()),
        }
        self.waiting.retain(|known| !known.quantity.is_zero());
        waiter.claims() < claimed
    }

    /// True when somebody waits, and more is there and comes than all of them bought or were told.
    pub(super) fn has_more_than_claimed(&self) -> bool {
        let comes = self.destinations().into_iter().map(|at| self.incoming(at).saturating_sub(self.lacks(at)));
        let there: Quantity = self.frees().into_iter().chain(comes).sum();
        let claimed: Quantity = self.waiting.iter().map(Waiter::claims).sum();
        !self.waiting.is_empty() && there > claimed
    }

    pub(super) fn waiter(&self, order: OrderId) -> Option<&Waiter> {
        self.waiting.iter().find(|waiter| waiter.order == order)
    }

    /// True when nobody more may buy goods of it that are on their way.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.iter().filter(|waiter| !waiter.pegs.is_empty()).count() >= MAX_PREORDERS
    }

    /// True when goods on their way come otherwise than those who bought them know, since no more than so much news.
    const fn is_rescheduled_by(&self, news: u32) -> bool {
        self.rescheduled != 0 && self.rescheduled <= news
    }

    /// True when somebody may want to know of more goods.
    fn matters(&self) -> bool {
        !self.waiting.is_empty() || !self.slots.is_empty()
    }
}

impl Stock {
    /// Whoever wants to know hears of it when there is more of a SKU for sale than there was.
    pub(super) fn more_than(&mut self, sku: &Sku, before: &[Quantity]) {
        let now = self.frees(sku);
        if now.iter().zip(before).any(|(now, before)| now > before) {
            self.more_of(sku);
        }
    }

    /// What can be sold of a SKU, shelf by shelf.
    pub(super) fn frees(&self, sku: &Sku) -> Vec<Quantity> {
        self.pages.get(sku).map(Page::frees).unwrap_or_default()
    }

    /// There is more of a SKU for sale than there was.
    pub(super) fn more_of(&mut self, sku: &Sku) {
        let Some(page) = self.pages.get_mut(sku).filter(|page| page.matters()) else { return };
        page.news = page.news.wrapping_add(1).max(1);
        self.news.insert(sku.clone());
    }

    /// What is on its way of a SKU comes otherwise than was told: that is news, and who bought it hears of it in any case.
    pub(super) fn reschedule(&mut self, sku: &Sku) {
        self.more_of(sku);
        if let Some(page) = self.pages.get_mut(sku) {
            page.rescheduled = page.news;
        }
    }

    /// Whoever wanted to know of more goods was told of so much news, and this is what is promised anew.
    pub(super) fn told(&mut self, sku: &Sku, news: u32, promised: &[(OrderId, Vec<Step>)]) {
        let Some(page) = self.pages.get_mut(sku) else { return };
        for (order, steps) in promised {
            if let Some(waiter) = page.waiting.iter_mut().find(|waiter| waiter.order == *order) {
                waiter.told.clone_from(steps);
            }
        }
        if page.is_rescheduled_by(news) {
            page.rescheduled = 0;
        }
        if page.news == news {
            page.news = 0;
            self.news.remove(sku);
        }
    }

    /// Puts a page in, keeping the index of news.
    pub fn put_page(&mut self, sku: Sku, page: Page) {
        if page.news != 0 {
            self.news.insert(sku.clone());
        }
        self.pages.insert(sku, page);
    }

    /// SKUs of which there is more since those who want to know were told.
    pub fn news(&self) -> impl Iterator<Item = (&Sku, &Page)> {
        self.news.iter().filter_map(|sku| Some((sku, self.pages.get(sku)?)))
    }

    /// True when somebody has to be told of more goods.
    pub fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// An order's hold began or ended in a slot: who holds goods of a SKU is counted by slot.
    pub(super) fn count_holder(&mut self, sku: &Sku, owner: Option<&Owner>, begins: bool) {
        let Some(Owner::Order { order, .. }) = owner else { return };
        let Some(page) = self.pages.get_mut(sku) else { return };
        let slot = order.slot();
        let count = page.slots.entry(slot).or_default();
        *count = if begins { count.saturating_add(1) } else { count.saturating_sub(1) };
        if *count == 0 {
            page.slots.remove(&slot);
        }
    }
}
