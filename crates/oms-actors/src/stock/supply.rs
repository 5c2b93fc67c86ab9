//! Who is told when there is more for sale: orders that wait for it, in the order the tenant's rules give, then the order
//! objects whose orders hold some and may find a better plan.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_core::order::{self, LineStatus, Order};
use oms_core::promise::Backorders;
use oms_core::sorting;
use oms_core::sorting::Gather as _;
use oms_core::stock::{Command, to_call};
use oms_core::value::{Day, OrderId, Quantity, Sku, Timestamp, Topology};

use super::book::NETWORK_KEY;
use super::{Inner, Stocks, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, OrderAsk, OrderReply, Reply};
use crate::store::Store;

/// Others are told at most this often, in milliseconds: many changes, one round of calls.
pub(super) const TELL_AGAIN_MILLIS: i64 = 10_000;
/// SKUs whose news one alarm tells; the next one goes on.
const NEWS_PER_ALARM: usize = 64;
/// Waiting orders told by one alarm; the next one goes on.
const CALLED_PER_ALARM: usize = 64;
/// Order objects told at the same time.
const TOLD_AT_ONCE: usize = 16;

/// Passes that are not over yet.
pub(super) type Passes = BTreeMap<Sku, Pass>;

/// One pass over those whom news of a SKU concern: it begins at some news and calls each of them once, until nobody is left; then
/// the holders hear, and whoever waits is promised anew. News that come meanwhile begin another one after it, so that
/// news without end keep nobody from hearing.
#[derive(Debug)]
pub(super) struct Pass {
    /// How much news there was when it began.
    news: u32,
    /// Who was called.
    called: BTreeSet<OrderId>,
}

/// Whom to call now.
#[derive(Default)]
struct Round {
    /// Orders, first served first, and the SKUs that each is called for.
    calls: Vec<(OrderId, Vec<Sku>)>,
    /// SKUs whose pass goes on.
    open: BTreeSet<Sku>,
}

impl Round {
    /// Has an order called for a SKU, while there is room for one more.
    fn call(&mut self, order: OrderId, sku: &Sku, most: usize) {
        let full = self.calls.len() >= most;
        match self.calls.iter_mut().find(|(called, _)| *called == order) {
            Some((_, skus)) => skus.push(sku.clone()),
            None if full => {}
            None => self.calls.push((order, vec![sku.clone()])),
        }
        self.open.insert(sku.clone());
    }
}

impl<S: Store> Stocks<S> {
    /// Tells whoever wants to know of more goods. Waiting orders are told one after the other, each when the one before it has
    /// what it could get; who cannot take what is there leaves it to the next round of calls. Whoever cannot be reached keeps the news
    /// alive until the next time.
    pub(super) async fn tell_news(&self, host: &impl Host) -> Turn<()> {
        let skus = self.turn(|inner| Ok(inner.begin_passes(host.now())))?;
        if skus.is_empty() {
            return Ok(());
        }
        let (mut open, mut missed) = (skus.iter().cloned().into_set(), Vec::new());
        let mut left = CALLED_PER_ALARM;
        // Every round calls somebody, or it is the last one.
        while !open.is_empty() {
            let round = self.turn(|inner| inner.round(&open, &missed, left, host.now()))?;
            open = round.open;
            if round.calls.is_empty() {
                break;
            }
            for (order, of) in round.calls {
                left = left.saturating_sub(1);
                if self.call(order, &skus, host).await? {
                    self.inner.borrow_mut().note_called(order, &of);
                } else {
                    missed.push((order, of));
                }
            }
        }
        let mut over: BTreeSet<Sku> = skus.into_iter().filter(|sku| !open.contains(sku)).into_set();
        self.tell_holders(&mut over, host).await?;
        over.retain(|sku| !missed.iter().any(|(_, of)| of.contains(sku)));
        self.turn(|inner| inner.end_passes(&over, host.now()))
    }

    /// Tells the order objects with holders of these SKUs; keeps those of which all could be told.
    async fn tell_holders(&self, skus: &mut BTreeSet<Sku>, host: &impl Host) -> Turn<()> {
        let holders = self.turn(|inner| Ok(inner.with_holders(skus, self.topology)))?;
        let holders: Vec<(u16, BTreeSet<Sku>)> = holders.into_iter().collect();
        for some in holders.chunks(TOLD_AT_ONCE) {
            let calls = some.iter().map(|(object, skus)| {
                let skus = skus.iter().cloned().collect();
                host.call(Address::Orders(*object), Ask::Orders(OrderAsk::Supplied { skus }))
            });
            for ((_, of), reply) in some.iter().zip(join_all(calls).await) {
                if !matches!(reply, Ok(Reply::Orders(OrderReply::Noted))) {
                    skus.retain(|sku| !of.contains(sku));
                }
            }
        }
        Ok(())
    }

    /// Has an order look for its goods; false when it could not be reached. What it does not wait for any more is taken off
    /// the list: what it said of that is lost or late.
    async fn call(&self, order: OrderId, skus: &[Sku], host: &impl Host) -> Turn<bool> {
        let to = Address::Orders(order.slot().object(self.topology));
        let ask = OrderAsk::Act { order, command: order::Command::Look, expected: None };
        self.turn(|inner| {
            inner.calls = inner.calls.saturating_add(1);
            Ok(())
        })?;
        let Ok(Reply::Orders(reply)) = host.call(to, Ask::Orders(ask)).await else { return Ok(false) };
        let waits = match &reply {
            OrderReply::Order { record, .. } => waits_for(&record.order),
            OrderReply::NoSuchOrder => Vec::new(),
            OrderReply::Refused { .. }
            | OrderReply::Claimed { .. }
            | OrderReply::Elsewhere { .. }
            | OrderReply::KeyReused
            | OrderReply::InFlight
            | OrderReply::Stale { .. }
            | OrderReply::History(_)
            | OrderReply::Sold
            | OrderReply::Fate(_)
            | OrderReply::Noted
            | OrderReply::Improvements(_)
            | OrderReply::Parcels(_) => return Ok(true),
        };
        let over = skus.iter().filter(|sku| !waits.contains(sku));
        let over: Vec<(Sku, Quantity)> = over.map(|sku| (sku.clone(), Quantity::ZERO)).collect();
        self.turn(|inner| inner.strike(order, over, host.now()))?;
        Ok(true)
    }
}

/// The goods that an order waits for.
fn waits_for(order: &Order) -> Vec<&Sku> {
    let waiting = order.lines.iter().filter(|line| !line.counts.of(LineStatus::Backordered).is_zero());
    waiting.map(|line| &line.sku).collect()
}

impl<S: Store> Inner<S> {
    /// Takes an order off the lists of goods that it does not wait for.
    fn strike(&mut self, order: OrderId, over: Vec<(Sku, Quantity)>, now: Timestamp) -> Turn<()> {
        let pages = &self.journal.book.stock.pages;
        let listed = |sku: &Sku| pages.get(sku)?.waiting.iter().find(|waiter| waiter.order == order);
        let Some(wait) = over.iter().find_map(|(sku, _)| listed(sku)).map(|waiter| waiter.wait.clone()) else {
            return Ok(());
        };
        self.run_all(&[Command::Enlist { order, wait, skus: over, pegs: Vec::new() }], now).map(|_| ())
    }

    /// The SKUs with a pass, which begins where there is none. None when others were told a moment ago.
    fn begin_passes(&mut self, now: Timestamp) -> Vec<Sku> {
        let stock = &self.journal.book.stock;
        if now < self.told_at.saturating_add_millis(TELL_AGAIN_MILLIS) || !stock.has_news() {
            return Vec::new();
        }
        self.told_at = now;
        let mut skus = Vec::new();
        for (sku, page) in stock.news().take(NEWS_PER_ALARM) {
            let begins = || Pass { news: page.news, called: BTreeSet::new() };
            self.passes.entry(sku.clone()).or_insert_with(begins);
            skus.push(sku.clone());
        }
        skus
    }

    /// An order was called for these SKUs.
    fn note_called(&mut self, order: OrderId, skus: &[Sku]) {
        for (_, pass) in self.passes.iter_mut().filter(|(sku, _)| skus.contains(sku)) {
            pass.called.insert(order);
        }
    }

    /// By what rules those who wait are promised.
    fn rules(&mut self) -> Turn<Backorders> {
        self.journal.ensure(NETWORK_KEY)?;
        Ok(self.journal.book.network.as_ref().map(|network| network.backorders.clone()).unwrap_or_default())
    }

    /// Whom to call next, at most so many: whoever is served comes before all who have what they bought anyway, and goods of which
    /// fewer were called before others, so that many who want one thing keep nobody waiting who wants another. Whoever was missed
    /// keeps its turn until the next time.
    fn round(
        &mut self,
        skus: &BTreeSet<Sku>,
        missed: &[(OrderId, Vec<Sku>)],
        most: usize,
        now: Timestamp,
    ) -> Turn<Round> {
        let rules = self.rules()?;
        let mut all: Vec<(bool, usize, OrderId, &Sku)> = Vec::new();
        for sku in skus {
            let (page, pass) = (self.journal.book.stock.pages.get(sku), self.passes.get(sku));
            let (Some(page), Some(pass)) = (page, pass) else { continue };
            let called = |order: OrderId| pass.called.contains(&order);
            let next = to_call(page, &rules, Day::of_utc(now), &called);
            all.extend(next.into_iter().map(|(order, served)| (!served, pass.called.len(), order, sku)));
        }
        sorting::sort_by_key(&mut all, |(later, called, ..)| (*later, *called));
        let mut round = Round::default();
        for (.., order, sku) in all.into_iter().filter(|(.., order, _)| !missed.iter().any(|(one, _)| one == order)) {
            round.call(order, sku, most);
        }
        Ok(round)
    }

    /// Order objects with holders of these SKUs, and which of them they hold.
    fn with_holders(&self, skus: &BTreeSet<Sku>, topology: Topology) -> BTreeMap<u16, BTreeSet<Sku>> {
        let mut holders = BTreeMap::<u16, BTreeSet<Sku>>::new();
        for sku in skus {
            for slot in self.journal.book.stock.pages.get(sku).into_iter().flat_map(|page| page.slots.keys()) {
                holders.entry(slot.object(topology)).or_default().insert(sku.clone());
            }
        }
        holders
    }

    /// Everybody whom the news of these SKUs concern has heard.
    fn end_passes(&mut self, skus: &BTreeSet<Sku>, now: Timestamp) -> Turn<()> {
        let rules = self.rules()?;
        let over = skus.iter().filter_map(|sku| Some((sku.clone(), self.passes.remove(sku)?.news)));
        let told: Vec<Command> = over.map(|(sku, news)| Command::Told { sku, news, rules: rules.clone() }).collect();
        self.run_all(&told, now).map(|_| ())
    }
}
