//! Who is told when there is more for sale: orders that wait for it, in the order the tenant's rules give, then the order
//! objects whose orders hold some and may find a better plan.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_core::order::{self, LineStatus, Order};
use oms_core::promise::Backorders;
use oms_core::sorting;
use oms_core::stock::{Command, turns};
use oms_core::value::{Day, OrderId, Quantity, Sku, Timestamp};

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

/// Who was called upon news that is not over yet, and upon how much of it.
pub(super) type Called = BTreeMap<(Sku, OrderId), u32>;

/// News of some SKUs, and whom it is for.
#[derive(Default)]
struct News {
    /// The SKUs, and how much news of each there is.
    of: Vec<(Sku, u32)>,
    /// Orders to be called now, first served first, and the SKUs that each is called for.
    waiting: Vec<(OrderId, Vec<(Sku, u32)>)>,
    /// SKUs that more orders wait for than are called now.
    unfinished: BTreeSet<Sku>,
    /// Order objects with holders, and the SKUs they hold.
    holders: BTreeMap<u16, BTreeSet<Sku>>,
    /// By what rules those who wait are promised anew.
    rules: Backorders,
}

impl News {
    /// Has an order called for a SKU, while there is room for one more.
    fn call(&mut self, order: OrderId, sku: &Sku, news: u32) {
        let full = self.waiting.len() >= CALLED_PER_ALARM;
        match self.waiting.iter_mut().find(|(waiting, _)| *waiting == order) {
            Some((_, skus)) => skus.push((sku.clone(), news)),
            None if full => drop(self.unfinished.insert(sku.clone())),
            None => self.waiting.push((order, vec![(sku.clone(), news)])),
        }
    }
}

impl<S: Store> Stocks<S> {
    /// Tells whoever wants to know of more goods. Waiting orders are told one after the other, each when the one before it has
    /// what it could get. Whoever cannot be reached keeps the news alive until the next time.
    pub(super) async fn tell_news(&self, host: &impl Host) -> Turn<()> {
        let news = self.turn(|inner| inner.news(self.topology, host.now()))?;
        if news.of.is_empty() {
            return Ok(());
        }
        let mut reached = true;
        let skus: Vec<Sku> = news.of.iter().map(|(sku, _)| sku.clone()).collect();
        for (order, of) in news.waiting {
            let answered = self.call(order, &skus, host).await?;
            reached &= answered;
            if answered {
                let called = of.into_iter().map(|(sku, news)| ((sku, order), news));
                self.inner.borrow_mut().called.extend(called);
            }
        }
        let holders: Vec<(u16, BTreeSet<Sku>)> = news.holders.into_iter().collect();
        for some in holders.chunks(TOLD_AT_ONCE) {
            let calls = some.iter().map(|(object, skus)| {
                let skus = skus.iter().cloned().collect();
                host.call(Address::Orders(*object), Ask::Orders(OrderAsk::Supplied { skus }))
            });
            let replies = join_all(calls).await;
            reached &= replies.iter().all(|reply| matches!(reply, Ok(Reply::Orders(OrderReply::Noted))));
        }
        if !reached {
            return Ok(());
        }
        let told = news.of.into_iter().filter(|(sku, _)| !news.unfinished.contains(sku));
        let told: Vec<Command> =
            told.map(|(sku, of)| Command::Told { sku, news: of, rules: news.rules.clone() }).collect();
        self.turn(|inner| {
            inner.run_all(&told, host.now())?;
            let pages = &inner.journal.book.stock.pages;
            inner.called.retain(|(sku, _), _| pages.get(sku).is_some_and(|page| page.news != 0));
            Ok(())
        })
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

    /// What is to be told now, and to whom.
    fn news(&mut self, topology: oms_core::value::Topology, now: Timestamp) -> Turn<News> {
        let mut news = News::default();
        let early = now < self.told_at.saturating_add_millis(TELL_AGAIN_MILLIS);
        if early || !self.journal.book.stock.has_news() {
            return Ok(news);
        }
        self.journal.ensure(NETWORK_KEY)?;
        let book = &self.journal.book;
        news.rules = book.network.as_ref().map(|network| network.backorders.clone()).unwrap_or_default();
        let today = Day::of_utc(now);
        let mut buyers: Vec<(u32, OrderId, &Sku, u32)> = Vec::new();
        for (sku, page) in book.stock.news().take(NEWS_PER_ALARM) {
            news.of.push((sku.clone(), page.news));
            let called = |order: OrderId| self.called.get(&(sku.clone(), order)).copied().unwrap_or(0);
            let served = turns(page, &news.rules, today).into_iter().filter(|turn| turn.gets_by(today));
            for turn in served.filter(|turn| called(turn.order) != page.news) {
                news.call(turn.order, sku, page.news);
            }
            // Whoever bought what comes hears when it comes.
            let bought = page.waiting.iter().filter(|waiter| !waiter.pegs.is_empty()).map(|waiter| waiter.order);
            let missed = bought.map(|order| (called(order), order)).filter(|(before, _)| *before != page.news);
            buyers.extend(missed.map(|(before, order)| (before, order, sku, page.news)));
        }
        // They have what they bought anyway: whoever is served comes first, and of them who was not called for longest.
        sorting::sort_by_key(&mut buyers, |(before, ..)| *before);
        for (_, order, sku, of) in buyers {
            news.call(order, sku, of);
        }
        for (sku, _) in news.of.iter().filter(|(sku, _)| !news.unfinished.contains(sku)) {
            for slot in book.stock.pages.get(sku).into_iter().flat_map(|page| page.slots.keys()) {
                news.holders.entry(slot.object(topology)).or_default().insert(sku.clone());
            }
        }
        self.told_at = now;
        Ok(news)
    }
}
