//! Who waits for goods of a SKU, and whom new goods are told to.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::shelf::Page;
use super::{Stock, hold::Owner};
use crate::promise::{Backorder, Backorders, Strategy, Timeline, repromise};
use crate::routing::Code;
use crate::sorting;
use crate::value::{Channel, Day, Delta, OrderId, Quantity, Sku, Timestamp};

/// Most orders on the list of a SKU; the others look for themselves.
pub const MAX_WAITING: usize = 200;

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
    /// What it is to get, and when.
    pub steps: Vec<crate::promise::Step>,
}

impl Turn {
    /// True when it is to get something by this day.
    pub fn gets_by(&self, day: Day) -> bool {
        self.steps.iter().any(|step| step.day <= day)
    }
}

/// What changes on the lists of these SKUs when an order waits for so much of them.
pub(super) fn enlist(stock: &Stock, order: OrderId, wait: &Waiting, skus: &[(Sku, Quantity)]) -> Vec<Event> {
    let mut events = vec![];
    for (sku, quantity) in skus {
        let Some(page) = stock.pages.get(sku) else { continue };
        let known = page.waiting.iter().find(|waiter| waiter.order == order).map(|waiter| waiter.quantity);
        let full = known.is_none() && page.waiting.len() >= MAX_WAITING;
        if known.unwrap_or_default() == *quantity || full {
            continue;
        }
        let waiter = Waiter { order, quantity: *quantity, wait: wait.clone() };
        events.push(Event::Waiting { sku: sku.clone(), waiter });
    }
    events
}

/// The whole of the list of a SKU in the order in which goods are given out: by strategy, then by the day wanted, then by
/// the time of the order. What is free goes first, what is on its way from the day it is expected.
pub fn turns(page: &Page, rules: &Backorders, today: Day) -> Vec<Turn> {
    let mut waiters: Vec<(&Waiter, Strategy)> =
        page.waiting.iter().map(|waiter| (waiter, rules.strategy(&waiter.wait))).collect();
    sorting::sort_by_key(&mut waiters, |(waiter, strategy)| {
        let wanted = waiter.wait.wanted;
        (*strategy, wanted.is_none(), wanted, waiter.wait.since, waiter.order)
    });
    let backorders: Vec<Backorder> = waiters
        .iter()
        .zip(0..)
        .filter_map(|((waiter, strategy), rank)| {
            let id = waiter.order.to_string().parse().ok()?;
            let (quantity, strategy) = (waiter.quantity, *strategy);
            Some(Backorder { id, quantity, wanted: today, confirmed: vec![], strategy, rank })
        })
        .collect();
    let outcomes = supply(page, today).and_then(|supply| repromise(&supply, &backorders).ok()).unwrap_or_default();
    let mut steps = outcomes.into_iter().map(|outcome| outcome.after);
    let turn = |(waiter, strategy): (&Waiter, Strategy)| Turn {
        order: waiter.order,
        strategy,
        quantity: waiter.quantity,
        steps: steps.next().unwrap_or_default(),
    };
    waiters.into_iter().map(turn).collect()
}

/// What is free today at all locations, and what comes.
fn supply(page: &Page, today: Day) -> Option<Timeline> {
    let free: Quantity = page.shelves.iter().map(|(place, shelf)| shelf.free(page.safety_at(place))).sum();
    let mut supply = Timeline::new(Delta::from(free));
    for inbound in page.inbound.iter().filter(|inbound| !inbound.open().is_zero()) {
        supply.receive(inbound.expected.max(today), inbound.open()).ok()?;
    }
    Some(supply)
}

impl Page {
    /// Takes an order's wait in; one for nothing is over.
    pub(super) fn wait(&mut self, waiter: &Waiter) {
        self.waiting.retain(|known| known.order != waiter.order);
        if !waiter.quantity.is_zero() {
            self.waiting.push(waiter.clone());
        }
    }

    /// True when somebody may want to know of more goods.
    fn matters(&self) -> bool {
        !self.waiting.is_empty() || !self.slots.is_empty()
    }
}

impl Stock {
    /// There is more of a SKU for sale than there was.
    pub(super) fn more_of(&mut self, sku: &Sku) {
        let Some(page) = self.pages.get_mut(sku).filter(|page| page.matters()) else { return };
        page.news = page.news.wrapping_add(1).max(1);
        self.news.insert(sku.clone());
    }

    /// Whoever wanted to know of more goods was told of so much news.
    pub(super) fn told(&mut self, sku: &Sku, news: u32) {
        if let Some(page) = self.pages.get_mut(sku).filter(|page| page.news == news) {
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
