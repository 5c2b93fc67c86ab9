//! What entries lead to: orders, goods that come back, counts, and reckoning again. Each is done exactly once, however often
//! it is tried: every message has a name that follows from its entry.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_core::json;
use oms_core::order::{self, CounterSale, Received};
use oms_core::price::PriceEntry;
use oms_core::sorting::Gather as _;
use oms_core::stock::{self, Holder, Move, MoveLine, MovementId};
use oms_core::till::account::{Account, Command, Oddity, Task, checked};
use oms_core::till::{Entry, EntryName, Event, Refunded, ReturnOf};
use oms_core::value::{Digest, OrderId, Quantity, Sku, Slot, Timestamp};

use super::sold;
use super::{Inner, Till, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, OrderAsk, OrderReply, Ran, Record, Reply, StockAsk, StockReply};
use crate::store::Store;

/// Entries whose tasks are run at the same time.
const ENTRIES_AT_ONCE: usize = 48;
/// Rounds of tasks that one request or alarm makes. What could not be done is left alone until the next, so that it keeps
/// nothing else waiting.
const MAX_ROUNDS: usize = 24;
/// An order that goods come back of and that nobody knows is waited for so long, in milliseconds: its till may be offline.
const UNKNOWN_ORDER_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A task of an entry, with everything it takes.
#[derive(Clone, Debug)]
pub(super) struct Job {
    epoch: u32,
    seq: u64,
    task: Task,
    entry: Entry,
    left: BTreeMap<Sku, Quantity>,
    received_at: Timestamp,
}

/// What came of a job: nothing when nobody answered.
type Came = Option<Vec<Oddity>>;

impl<S: Store> Till<S> {
    /// Runs what entries lead to, some at a time. False when something could not be done yet.
    pub(super) async fn run_tasks(&self, host: &impl Host) -> Turn<bool> {
        let mut tried: BTreeSet<(u32, u64)> = BTreeSet::new();
        for _ in 0..MAX_ROUNDS {
            let jobs = self.turn(|inner| inner.jobs(&tried))?;
            if jobs.is_empty() {
                break;
            }
            let names: Vec<(u32, u64)> = jobs.iter().map(|job| (job.epoch, job.seq)).collect();
            self.round(jobs, host).await?;
            tried.extend(names);
        }
        Ok(self.turn(|inner| inner.jobs(&BTreeSet::new()))?.is_empty())
    }

    /// One round: sales first, since what comes back may be of one of them.
    async fn round(&self, jobs: Vec<Job>, host: &impl Host) -> Turn<()> {
        let (sales, others): (Vec<Job>, Vec<Job>) =
            jobs.into_iter().partition(|job| job.task == Task::Order && matches!(job.entry.event, Event::Sold(_)));
        let mut done: Vec<(Job, Came)> = self.sell(sales, host).await?;
        let (stock, others): (Vec<Job>, Vec<Job>) = others.into_iter().partition(|job| object_of(job).is_some());
        done.extend(self.post(stock, host).await?);
        let (checks, orders): (Vec<Job>, Vec<Job>) = others.into_iter().partition(|job| job.task == Task::Check);
        done.extend(self.check(checks, host).await?);
        let came = join_all(orders.iter().map(|job| self.on_order(job, host))).await;
        for (job, came) in orders.into_iter().zip(came) {
            done.push((job, came?));
        }
        self.turn(|inner| inner.done(done, host.now()))
    }

    /// Has sales recorded as orders: one call to each order object.
    async fn sell(&self, jobs: Vec<Job>, host: &impl Host) -> Turn<Vec<(Job, Came)>> {
        let location = self.turn(|inner| Ok(inner.account()?.map(|account| account.settings.location.clone())))?;
        let Some(location) = location else { return Ok(vec![]) };
        let (mut done, mut calls) = (Vec::new(), BTreeMap::<u16, Vec<(Job, CounterSale)>>::new());
        for job in jobs {
            let Event::Sold(sale) = &job.entry.event else { continue };
            match sold::order(&job.entry, sale, &location, self.topology) {
                Some(order) => {
                    let object = order.id.slot().object(self.topology);
                    calls.entry(object).or_default().push((job, order));
                }
                None => done.push((job, Some(vec![Oddity::new("no_order", "its amounts are too large for an order")]))),
            }
        }
        let asks = calls.iter().map(|(object, sales)| {
            self.inner.borrow_mut().called();
            let sales = sales.iter().map(|(_, sale)| sale.clone()).collect();
            host.call(Address::Orders(*object), Ask::Orders(OrderAsk::Sell(sales)))
        });
        let replies = join_all(asks).await;
        for (reply, (_, sales)) in replies.into_iter().zip(calls) {
            let sold = matches!(reply, Ok(Reply::Orders(OrderReply::Sold)));
            done.extend(sales.into_iter().map(|(job, _)| (job, sold.then(Vec::new))));
        }
        Ok(done)
    }

    /// Posts what came back or was counted: one call to each SKU object, a movement for each line.
    async fn post(&self, jobs: Vec<Job>, host: &impl Host) -> Turn<Vec<(Job, Came)>> {
        let location = self.turn(|inner| Ok(inner.account()?.map(|account| account.settings.location.clone())))?;
        let Some(location) = location else { return Ok(vec![]) };
        let mut calls: BTreeMap<u16, Vec<(Job, Vec<stock::Command>)>> = BTreeMap::new();
        for job in jobs {
            let Some(object) = object_of(&job) else { continue };
            let moves = lines_of(&job, &location)
                .into_iter()
                .filter(|(_, line)| Slot::of_sku(line.sku()).object(self.topology) == object);
            let commands = moves.map(|(no, line)| movement(&job.entry.name(), no, line)).collect();
            calls.entry(object).or_default().push((job, commands));
        }
        let asks = calls.iter().map(|(object, jobs)| {
            self.inner.borrow_mut().called();
            let commands = jobs.iter().flat_map(|(_, commands)| commands.clone()).collect();
            host.call(Address::Stock(*object), Ask::Stock(StockAsk::Run(commands)))
        });
        let replies = join_all(asks).await;
        let mut done = Vec::new();
        for (reply, (_, jobs)) in replies.into_iter().zip(calls) {
            let ran = if let Ok(Reply::Stock(StockReply::Ran(ran))) = reply { Some(ran) } else { None };
            let mut rest = ran.as_deref();
            for (job, commands) in jobs {
                let mine = rest.and_then(|ran| ran.split_at_checked(commands.len()));
                done.push((job, mine.map(|(mine, _)| mine.iter().filter_map(refused).collect())));
                rest = mine.map(|(_, others)| others);
            }
        }
        Ok(done)
    }

    /// Reckons again with the prices that the till had: one call to each SKU object.
    async fn check(&self, jobs: Vec<Job>, host: &impl Host) -> Turn<Vec<(Job, Came)>> {
        let skus: BTreeSet<Sku> = jobs.iter().flat_map(|job| skus_of(&job.entry)).cloned().into_set();
        let pages = self.prices(skus, host).await;
        self.turn(|inner| {
            let Some(account) = inner.account()? else { return Ok(vec![]) };
            let came = |job: Job| {
                let came = pages.as_ref().map(|pages| checked(account, &job.entry, pages, None));
                (job, came)
            };
            Ok(jobs.into_iter().map(came).collect())
        })
    }

    /// The pages of the price book, as far back as they are kept; nothing when somebody did not answer.
    async fn prices(&self, skus: BTreeSet<Sku>, host: &impl Host) -> Option<BTreeMap<Sku, Vec<PriceEntry>>> {
        let mut objects: BTreeMap<u16, Vec<Sku>> = BTreeMap::new();
        for sku in skus {
            objects.entry(Slot::of_sku(&sku).object(self.topology)).or_default().push(sku);
        }
        let asks = objects.into_iter().map(|(object, skus)| {
            self.inner.borrow_mut().called();
            host.call(Address::Stock(object), Ask::Stock(StockAsk::Prices { skus }))
        });
        let mut prices = BTreeMap::new();
        for reply in join_all(asks).await {
            let Ok(Reply::Stock(StockReply::Prices(pages))) = reply else { return None };
            prices.extend(pages);
        }
        Some(prices)
    }

    async fn on_order(&self, job: &Job, host: &impl Host) -> Turn<Came> {
        let ask = {
            let location = self.turn(|inner| Ok(inner.account()?.map(|one| one.settings.location.clone())))?;
            let Some(location) = location else { return Ok(None) };
            order_ask(job, &location)
        };
        let Some((order, ask)) = ask else { return Ok(Some(vec![])) };
        self.inner.borrow_mut().called();
        let to = Address::Orders(order.slot().object(self.topology));
        let Ok(Reply::Orders(reply)) = host.call(to, Ask::Orders(ask)).await else { return Ok(None) };
        match reply {
            OrderReply::Order { record, .. } => self.after(job, Some(&record), vec![]),
            OrderReply::Refused { refusal, .. } if *refusal == order::Refusal::AlreadyThere => Ok(Some(vec![])),
            OrderReply::Refused { refusal, record } => {
                let oddity = Oddity::new("order_refused", format!("{refusal}"));
                self.after(job, record.as_deref(), vec![oddity])
            }
            OrderReply::NoSuchOrder if host.now().millis_since(job.received_at) < UNKNOWN_ORDER_MILLIS => Ok(None),
            OrderReply::NoSuchOrder => {
                let oddity = Oddity::new("unknown_order", format!("there is no order {order}"));
                self.after(job, None, vec![oddity])
            }
            OrderReply::Claimed { .. }
            | OrderReply::Elsewhere { .. }
            | OrderReply::KeyReused
            | OrderReply::InFlight
            | OrderReply::Stale { .. }
            | OrderReply::History(_)
            | OrderReply::Sold
            | OrderReply::Noted
            | OrderReply::Improvements(_)
            | OrderReply::Parcels(_)
            | OrderReply::Fate(_) => Ok(None),
        }
    }

    /// What was paid back is reckoned again by the order as it is known now.
    fn after(&self, job: &Job, record: Option<&Record>, mut oddities: Vec<Oddity>) -> Turn<Came> {
        if let Event::Refunded(_) = &job.entry.event {
            let sold = record.map(|record| sold::lines(&record.order, key_of(&job.entry)));
            self.turn(|inner| {
                let pages = BTreeMap::new();
                let found = inner.account()?.map(|account| checked(account, &job.entry, &pages, sold.as_deref()));
                oddities.extend(found.into_iter().flatten());
                Ok(())
            })?;
        }
        if let Some(record) = record.filter(|_| matches!(job.entry.event, Event::Requested { .. }))
            && matches!(record.order.stage, order::Stage::Rejected { .. })
        {
            oddities.push(Oddity::new("request_refused", "what was asked for cannot be had"));
        }
        Ok(Some(oddities))
    }
}

/// The SKU object that a job is for.
fn object_of(job: &Job) -> Option<u16> {
    if let Task::Stock(object) = job.task { Some(object) } else { None }
}

/// The request that an entry is to an order.
fn key_of(entry: &Entry) -> Digest {
    Digest::of(format!("{}", entry.name()).as_bytes())
}

/// What an entry asks of an order, and of which.
fn order_ask(job: &Job, location: &oms_core::value::LocationId) -> Option<(OrderId, OrderAsk)> {
    let act = |order: OrderId, command| Some((order, OrderAsk::Act { order, command, expected: None }));
    match &job.entry.event {
        Event::Refunded(back) => {
            let ReturnOf::Order { order, .. } = &back.of else { return None };
            let (key, location, reason) = (key_of(&job.entry), location.clone(), Some(back.reason.clone()));
            act(*order, order::Command::TakeBack { key, location, reason, lines: received(back) })
        }
        Event::HandedOver { order, no, .. } => {
            act(*order, order::Command::HandOver { no: *no, location: location.clone() })
        }
        Event::Requested { draft, .. } => {
            let id = job.entry.name().order_id(job.entry.at);
            let draft = Box::new(order::Draft { id, ..(**draft).clone() });
            Some((id, OrderAsk::Place { draft, claims: vec![], fingerprint: key_of(&job.entry) }))
        }
        Event::Sold(_)
        | Event::ShiftOpened { .. }
        | Event::ShiftClosed { .. }
        | Event::PaidIn { .. }
        | Event::PaidOut { .. }
        | Event::DrawerOpened { .. }
        | Event::Counted { .. }
        | Event::Surrendered { .. }
        | Event::ClockAccepted { .. } => None,
    }
}

fn received(back: &Refunded) -> Vec<Received> {
    let lines = back
        .lines
        .iter()
        .filter_map(|line| Some(Received { line: line.line?, quantity: line.quantity, disposition: line.disposition }));
    lines.collect()
}

/// What an entry moves at the store, line by line.
fn lines_of(job: &Job, location: &oms_core::value::LocationId) -> Vec<(u32, MoveLine)> {
    match &job.entry.event {
        Event::Refunded(back) => {
            let line = |line: &oms_core::till::RefundLine| MoveLine::Return {
                sku: line.sku.clone(),
                location: location.clone(),
                quantity: line.quantity,
                disposition: line.disposition,
            };
            (1..).zip(back.lines.iter().map(line)).collect()
        }
        Event::Counted { lines, .. } => {
            let holder = Holder { device: job.entry.device.clone(), epoch: job.epoch };
            let line = |line: &oms_core::till::CountedLine| MoveLine::Recount {
                sku: line.sku.clone(),
                location: location.clone(),
                counted: line.counted,
                holder: holder.clone(),
                left: job.left.get(&line.sku).copied().unwrap_or_default(),
            };
            (1..).zip(lines.iter().map(line)).collect()
        }
        Event::Sold(_)
        | Event::HandedOver { .. }
        | Event::Requested { .. }
        | Event::ShiftOpened { .. }
        | Event::ShiftClosed { .. }
        | Event::PaidIn { .. }
        | Event::PaidOut { .. }
        | Event::DrawerOpened { .. }
        | Event::Surrendered { .. }
        | Event::ClockAccepted { .. } => vec![],
    }
}

fn movement(name: &EntryName, no: u32, line: MoveLine) -> stock::Command {
    let id = MovementId::of(&format!("{name}:{no}"));
    stock::Command::Move(Move { id, reference: format!("{name}").parse().ok(), lines: vec![line] })
}

fn refused(ran: &Ran) -> Option<Oddity> {
    match ran {
        Ran::Done { .. } => None,
        Ran::Refused(refusal) => Some(Oddity::new("stock_refused", format!("{refusal}"))),
        Ran::UnknownLocation { location, .. } => {
            Some(Oddity::new("stock_refused", format!("there is no location {location}")))
        }
    }
}

/// The SKUs whose prices it takes to reckon an entry again.
fn skus_of(entry: &Entry) -> Vec<&Sku> {
    match &entry.event {
        Event::Sold(sale) => sale.lines.iter().map(|line| &line.sku).collect(),
        Event::Refunded(back) => back.lines.iter().map(|line| &line.sku).collect(),
        Event::HandedOver { .. }
        | Event::Counted { .. }
        | Event::Requested { .. }
        | Event::ShiftOpened { .. }
        | Event::ShiftClosed { .. }
        | Event::PaidIn { .. }
        | Event::PaidOut { .. }
        | Event::DrawerOpened { .. }
        | Event::Surrendered { .. }
        | Event::ClockAccepted { .. } => vec![],
    }
}

impl<S: Store> Inner<S> {
    /// The next tasks, with their entries, of those that were not tried yet.
    fn jobs(&mut self, tried: &BTreeSet<(u32, u64)>) -> Turn<Vec<Job>> {
        let owed: Vec<(u32, u64, BTreeSet<Task>)> = {
            let Some(account) = self.account()? else { return Ok(vec![]) };
            let of_journal = |(epoch, journal): (&u32, &oms_core::till::account::Journal)| {
                let epoch = *epoch;
                let entries = journal.pending.iter().map(move |(seq, tasks)| (epoch, *seq, tasks.clone()));
                let fresh = entries.filter(|(epoch, seq, _)| !tried.contains(&(*epoch, *seq)));
                fresh.take(ENTRIES_AT_ONCE).collect::<Vec<_>>()
            };
            account.journals.iter().flat_map(of_journal).take(ENTRIES_AT_ONCE).collect()
        };
        let mut jobs = Vec::new();
        for (epoch, seq, tasks) in owed {
            self.journal.ensure(&super::book::entry_key(epoch, seq))?;
            let Some(kept) = self.journal.book.entries.get(&(epoch, seq)) else { continue };
            let Ok(entry) = json::read::<Entry>(kept.entry.as_bytes()) else { continue };
            let (left, received_at) = (kept.left.clone(), kept.received_at);
            jobs.extend(tasks.into_iter().map(|task| Job {
                epoch,
                seq,
                task,
                entry: entry.clone(),
                left: left.clone(),
                received_at,
            }));
        }
        Ok(jobs)
    }

    /// Writes down what was done, all of it in one turn.
    fn done(&mut self, done: Vec<(Job, Came)>, now: Timestamp) -> Turn<()> {
        let at = self.journal.at(now);
        let mut events = Vec::new();
        for (job, came) in done {
            let Some(oddities) = came else { continue };
            let Job { epoch, seq, task, .. } = job;
            let command = Command::Done { epoch, seq, task, oddities };
            let decided = <Account as oms_core::machine::Machine>::decide(self.account()?, &command, at);
            events.extend(decided.unwrap_or_default());
        }
        self.write(events, now)
    }
}
