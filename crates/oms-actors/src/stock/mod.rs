//! Stock: items, balances at all locations, holds and the ledger of the SKUs of some slots.

mod audit;
mod book;
mod oversold;
mod reading;
mod supply;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

use futures_util::future::join_all;
use oms_core::machine::Machine;
use oms_core::network::{self, Network};
use oms_core::order::Fate;
use oms_core::promise::Source;
use oms_core::sorting;
use oms_core::stock::{Asker, CartAsk, Command, HoldId, Inquiry, Key, MoveLine, Stock};
use oms_core::value::{Day, LocationId, Sku, Timestamp, Topology};

use self::book::{Fact, NETWORK_KEY, StockBook, key_name};
use self::supply::{Passes, TELL_AGAIN_MILLIS};
use crate::alarm::Alarm;
use crate::host::Host;
use crate::journal::Journal;
use crate::message::{
    Address, Ask, OrderAsk, OrderReply, Ran, Reply, Stats, StockAsk, StockReply, TenantAsk, TenantReply,
};
use crate::store::{Store, StoreError};
use crate::troubles::Troubles;

/// Room where too much was sold is made after this long, in milliseconds, and tried again after this long.
const ROOM_AGAIN_MILLIS: i64 = 2_000;
/// An order that was asked about a hold and did not know yet is asked again after this long, in milliseconds.
const INQUIRE_AGAIN_MILLIS: i64 = 30_000;
/// Inquiries that one alarm makes; the next one goes on.
const INQUIRIES_PER_ALARM: usize = 128;
/// The alarm is set at least this far ahead, in milliseconds.
const SOONEST_MILLIS: i64 = 500;

/// The stock of some slots.
#[derive(Debug)]
pub(crate) struct Stocks<S> {
    topology: Topology,
    inner: RefCell<Inner<S>>,
}

/// What is in memory; borrowed for a turn, never across an await.
#[derive(Debug)]
struct Inner<S> {
    journal: Journal<S, StockBook>,
    /// When others were told of news last. Not part of the state: after a restart they are told at once.
    told_at: Timestamp,
    /// Who of those was called already. Not part of the state either: being called twice changes nothing.
    passes: Passes,
    calls: u64,
}

type Turn<T> = Result<T, StoreError>;

impl<S: Store> Stocks<S> {
    /// Opens it on what is on disk.
    pub(crate) fn open(store: S, alarm: Rc<Alarm>, topology: Topology) -> Result<Self, StoreError> {
        let inner = Inner {
            journal: Journal::open(store, alarm)?,
            told_at: Timestamp::default(),
            passes: Passes::default(),
            calls: 0,
        };
        Ok(Self { topology, inner: RefCell::new(inner) })
    }

    /// Answers a request.
    pub(crate) async fn handle(&self, ask: Ask, host: &impl Host) -> Reply {
        let reply = match ask {
            Ask::Stock(StockAsk::Quote { skus, cart, class, order }) => {
                let asker = Asker { class: &class, cart: cart.as_ref(), order, on: Day::of_utc(host.now()) };
                self.turn(|inner| inner.quote(&skus, asker, self.topology))
            }
            Ask::Stock(StockAsk::Run(commands)) => match self.know_network(&commands, host).await {
                Ok(()) => self.turn(|inner| inner.run_all(&commands, host.now())),
                Err(error) => Err(error),
            },
            Ask::Stock(StockAsk::Check(commands)) => match self.know_network(&commands, host).await {
                Ok(()) => self.turn(|inner| inner.check_all(&commands, host.now())),
                Err(error) => Err(error),
            },
            Ask::Stock(StockAsk::Catalog { since, after, limit }) => {
                self.turn(|inner| inner.catalog(since, after.as_deref(), limit, host.now()))
            }
            Ask::Stock(StockAsk::Pages { skus }) => self.turn(|inner| inner.pages(skus, host.now())),
            Ask::Stock(StockAsk::Prices { skus }) => self.turn(|inner| inner.prices(skus)),
            Ask::Learn(network) => self.turn(|inner| inner.learn(*network, host.now())).map(|()| Reply::Learned),
            Ask::Audit { after } => {
                self.turn(|inner| inner.audit(after.as_deref())).map(|audit| Reply::Audit(Box::new(audit)))
            }
            Ask::Stats => self.turn(|inner| inner.stats()).map(Reply::Stats),
            Ask::Orders(_) | Ask::Tenant(_) | Ask::Index(_) | Ask::Till(_) => {
                Ok(Reply::Failed { detail: "this object does not answer that".into() })
            }
        };
        reply.unwrap_or_else(|error| Reply::Failed { detail: alloc::format!("{error}") })
    }

    /// The alarm rang: carts lapse, orders are asked about holds nobody decided. What fails does not keep the rest from being
    /// done.
    ///
    /// # Errors
    /// What went wrong, after everything else was done.
    pub(crate) async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        let mut troubles = Troubles::default();
        troubles.note(self.turn(|inner| inner.run_all(&[Command::Lapse], host.now()).map(|_| ())));
        let inquiries = self.inner.borrow().journal.book.stock.inquiries(host.now(), INQUIRIES_PER_ALARM);
        for answered in join_all(inquiries.into_iter().map(|inquiry| self.inquire(inquiry, host))).await {
            troubles.note(answered);
        }
        troubles.note(self.tell_news(host).await);
        troubles.note(self.make_room(host).await);
        troubles.note(self.turn(|inner| {
            inner.journal.checkpoint_if_due();
            Ok(())
        }));
        troubles.end()
    }

    /// Sees to it that the alarm rings for what waits.
    pub(crate) fn arm(&self, now: Timestamp) {
        self.inner.borrow_mut().arm(now);
    }

    fn turn<T>(&self, turn: impl FnOnce(&mut Inner<S>) -> Turn<T>) -> Turn<T> {
        let mut inner = self.inner.borrow_mut();
        inner.journal.check()?;
        inner.journal.relieve();
        turn(&mut inner)
    }

    /// True when its memory cannot be trusted any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.inner.borrow().journal.is_broken()
    }

    /// Asks an order what becomes of a hold, and does it.
    async fn inquire(&self, inquiry: Inquiry, host: &impl Host) -> Turn<()> {
        let Inquiry { hold, order, epoch } = inquiry;
        let to = Address::Orders(order.slot().object(self.topology));
        self.turn(|inner| {
            inner.calls = inner.calls.saturating_add(u64::from(!host.is_near(to)));
            Ok(())
        })?;
        let reply = host.call(to, Ask::Orders(OrderAsk::Inquire { order, epoch })).await;
        let command = match reply {
            Ok(Reply::Orders(OrderReply::Fate(Fate::Confirm))) => Some(Command::Confirm { hold }),
            Ok(Reply::Orders(OrderReply::Fate(Fate::Release))) => Some(Command::Release { hold, totals: None }),
            Ok(_) | Err(_) => None,
        };
        self.turn(|inner| {
            // Asked again later, whatever comes of it now; a hold that is decided is asked about no more.
            let again = host.now().saturating_add_millis(INQUIRE_AGAIN_MILLIS);
            inner.journal.book.stock.ask_again(hold, again);
            command.map_or(Ok(()), |command| inner.run_all(&[command], host.now()).map(|_| ()))
        })
    }

    /// Movements name locations: the first time, the tenant object is asked which there are.
    async fn know_network(&self, commands: &[Command], host: &impl Host) -> Turn<()> {
        if !commands.iter().any(names_locations) {
            return Ok(());
        }
        let known = self.turn(|inner| {
            inner.journal.ensure(NETWORK_KEY)?;
            Ok(inner.journal.book.network.is_some())
        })?;
        if known {
            return Ok(());
        }
        match host.call(Address::Tenant, Ask::Tenant(TenantAsk::Network)).await {
            Ok(Reply::Tenant(TenantReply::Network(network))) => self.turn(|inner| inner.learn(*network, host.now())),
            Ok(_) | Err(_) => Err(StoreError("the tenant did not answer; nothing was written".into())),
        }
    }
}

/// True for commands whose locations come from outside and are to be checked.
fn names_locations(command: &Command) -> bool {
    match command {
        Command::PutItem { item, .. } => item.locations().next().is_some(),
        Command::PutWatch { watch, .. } => watch.buying.is_some(),
        Command::Expect(_) | Command::Move(_) | Command::HoldCart { .. } => true,
        Command::Reserve { .. }
        | Command::Release { .. }
        | Command::Confirm { .. }
        | Command::Consume { .. }
        | Command::PutPromising { .. }
        | Command::Enlist { .. }
        | Command::Told { .. }
        | Command::Allot { .. }
        | Command::Draw { .. }
        | Command::Lapse => false,
    }
}

impl<S: Store> Inner<S> {
    /// Carries commands out one after the other, in one turn.
    fn run_all(&mut self, commands: &[Command], now: Timestamp) -> Turn<Reply> {
        let mut outcomes = Vec::with_capacity(commands.len());
        let mut facts = Vec::new();
        // Events are taken in as they are decided, so that each command sees the one before. Should the write fail, the
        // object is opened anew from disk by its host.
        let at = self.journal.at(now);
        for command in commands {
            if let Some(unknown) = self.unknown_location(command) {
                outcomes.push(unknown);
                continue;
            }
            self.load(command, at)?;
            let again = self.is_again(command);
            let (events, answer) = self.journal.book.stock.run(command, at);
            events.iter().for_each(|event| self.journal.book.stamp(event, at));
            facts.extend(events.into_iter().map(Fact::Stock));
            outcomes.push(match answer {
                Ok(()) => self.done(command, again),
                Err(refusal) => Ran::Refused(refusal),
            });
        }
        self.journal.wrote(now, &facts)?;
        self.journal.checkpoint_if_due();
        self.arm(now);
        Ok(Reply::Stock(StockReply::Ran(outcomes)))
    }

    /// What would come of commands, each by itself. Writes nothing.
    fn check_all(&mut self, commands: &[Command], now: Timestamp) -> Turn<Reply> {
        let at = self.journal.at(now);
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            if let Some(unknown) = self.unknown_location(command) {
                outcomes.push(unknown);
                continue;
            }
            self.load(command, at)?;
            let decided = Stock::decide(Some(&self.journal.book.stock), command, at);
            outcomes.push(match decided {
                Ok(_) => self.done(command, self.is_again(command)),
                Err(refusal) => Ran::Refused(refusal),
            });
        }
        Ok(Reply::Stock(StockReply::Ran(outcomes)))
    }

    /// Brings everything a command touches into memory: decide finds every fact there.
    fn load(&mut self, command: &Command, at: Timestamp) -> Turn<()> {
        let mut skus: Vec<Sku> = Vec::new();
        let mut holds: Vec<HoldId> = Vec::new();
        match command {
            Command::PutItem { sku, .. }
            | Command::PutWatch { sku, .. }
            | Command::PutPromising { sku, .. }
            | Command::Told { sku, .. }
            | Command::Allot { sku, .. }
            | Command::Draw { sku, .. } => skus.push(sku.clone()),
            Command::Expect(inbound) => skus.push(inbound.sku.clone()),
            Command::Move(movement) => {
                self.journal.ensure(&key_name(&Key::Movement(movement.id)))?;
                skus.extend(movement.lines.iter().map(|line| line.sku().clone()));
            }
            Command::Reserve { hold, parts, cart, .. } => {
                holds.push(*hold);
                holds.extend(cart.iter().map(HoldId::of_cart));
                skus.extend(parts.iter().map(|part| part.sku.clone()));
            }
            Command::Release { hold, .. } | Command::Confirm { hold } | Command::Consume { hold, .. } => {
                holds.push(*hold);
            }
            Command::HoldCart { cart, parts, .. } => {
                holds.push(HoldId::of_cart(cart));
                skus.extend(parts.iter().map(|part| part.sku.clone()));
            }
            Command::Enlist { skus: named, .. } => skus.extend(named.iter().map(|(sku, _)| sku.clone())),
            Command::Lapse => {}
        }
        for hold in &holds {
            self.journal.ensure(&key_name(&Key::Hold(*hold)))?;
        }
        holds.extend(self.journal.book.stock.lapsed(at));
        for hold in holds {
            let parts = self.journal.book.stock.holds.get(&hold).map(|hold| &hold.parts);
            skus.extend(parts.into_iter().flatten().map(|part| part.sku.clone()));
        }
        sorting::sort(&mut skus);
        skus.dedup();
        for sku in skus {
            self.journal.ensure(&key_name(&Key::Page(sku)))?;
        }
        Ok(())
    }

    /// True when a command was carried out before.
    fn is_again(&self, command: &Command) -> bool {
        let stock = &self.journal.book.stock;
        match command {
            Command::Move(movement) => stock.movements.contains(&movement.id),
            Command::Reserve { hold, .. } => stock.holds.contains_key(hold),
            Command::PutItem { sku, item } => stock.pages.get(sku).is_some_and(|page| page.item.same_as(item)),
            Command::Expect(_)
            | Command::PutWatch { .. }
            | Command::PutPromising { .. }
            | Command::Release { .. }
            | Command::Confirm { .. }
            | Command::Consume { .. }
            | Command::HoldCart { .. }
            | Command::Enlist { .. }
            | Command::Told { .. }
            | Command::Allot { .. }
            | Command::Draw { .. }
            | Command::Lapse => false,
        }
    }

    fn done(&self, command: &Command, again: bool) -> Ran {
        let stock = &self.journal.book.stock;
        let (mut hold, mut places, mut item, mut versions) = (None, Vec::new(), None, Vec::new());
        let mut allotment = None;
        match command {
            Command::PutItem { sku, .. } => item = stock.pages.get(sku).map(|page| page.item.price.version),
            Command::Move(movement) => places.extend(movement.lines.iter().flat_map(places_of)),
            Command::Reserve { hold: id, parts, .. } => {
                hold = Some(*id);
                let pages = parts.iter().filter_map(|part| Some((part.sku.clone(), stock.pages.get(&part.sku)?)));
                versions.extend(pages.map(|(sku, page)| (sku, page.item.price.version)));
            }
            Command::HoldCart { cart, .. } => hold = Some(HoldId::of_cart(cart)),
            Command::Allot { holder, sku, location, .. } | Command::Draw { holder, sku, location, .. } => {
                places.push((sku.clone(), location.clone()));
                allotment = stock.pages.get(sku).and_then(|page| page.allotments.get(holder)).cloned().map(Box::new);
            }
            Command::Expect(_)
            | Command::PutWatch { .. }
            | Command::PutPromising { .. }
            | Command::Release { .. }
            | Command::Confirm { .. }
            | Command::Consume { .. }
            | Command::Enlist { .. }
            | Command::Told { .. }
            | Command::Lapse => {}
        }
        let shelves = places.into_iter().filter_map(|(sku, location)| {
            let page = stock.pages.get(&sku)?;
            let shelf = page.shelf(&location);
            let free = page.free(&location);
            Some((sku, location, shelf, free))
        });
        let hold = hold.and_then(|id| stock.holds.get(&id).map(|hold| (id, hold.clone())));
        Ran::Done { again, hold, shelves: shelves.collect(), item, versions, allotment }
    }

    fn unknown_location(&self, command: &Command) -> Option<Ran> {
        let known = |location: &LocationId| {
            self.journal.book.network.as_ref().is_some_and(|network| network.locations.contains_key(location))
        };
        let named: Vec<(u32, LocationId)> = match command {
            Command::PutItem { item, .. } => (1..).zip(item.locations().cloned()).collect(),
            Command::Expect(inbound) => {
                let from = match &inbound.source {
                    Source::Transfer { from, .. } => Some((2, from.clone())),
                    Source::Purchase => None,
                };
                [(1, inbound.location.clone())].into_iter().chain(from).collect()
            }
            Command::PutWatch { watch, .. } => {
                let places =
                    watch.buying.iter().flat_map(|buying| [&buying.supplier].into_iter().chain(&buying.locations));
                (0..).zip(places.cloned()).collect()
            }
            Command::Move(movement) => {
                let lines = (1..).zip(&movement.lines);
                lines.flat_map(|(line, change)| places_of(change).into_iter().map(move |(_, at)| (line, at))).collect()
            }
            Command::HoldCart { parts, .. } => {
                let place = |(line, ask): (u32, &CartAsk)| ask.location.clone().map(|location| (line, location));
                (1..).zip(parts).filter_map(place).collect()
            }
            Command::Reserve { .. }
            | Command::Release { .. }
            | Command::Confirm { .. }
            | Command::Consume { .. }
            | Command::PutPromising { .. }
            | Command::Enlist { .. }
            | Command::Told { .. }
            | Command::Allot { .. }
            | Command::Draw { .. }
            | Command::Lapse => vec![],
        };
        let unknown = named.into_iter().find(|(_, location)| !known(location));
        unknown.map(|(line, location)| Ran::UnknownLocation { line, location })
    }

    fn learn(&mut self, newer: Network, now: Timestamp) -> Turn<()> {
        self.journal.ensure(NETWORK_KEY)?;
        let known = self.journal.book.network.as_ref();
        let events = Network::decide(known, &network::Command::Learn(Box::new(newer)), now).unwrap_or_default();
        let facts: Vec<Fact> = events.into_iter().map(Fact::Network).collect();
        self.journal.write(now, &facts)
    }

    fn arm(&mut self, now: Timestamp) {
        let look = self.journal.book.stock.next_look();
        let news = self.journal.book.stock.has_news().then(|| self.told_at.saturating_add_millis(TELL_AGAIN_MILLIS));
        let short = (!self.journal.book.oversold.is_empty()).then(|| now.saturating_add_millis(ROOM_AGAIN_MILLIS));
        if let Some(at) = look.into_iter().chain(news).chain(short).min() {
            self.journal.arm(at.max(now.saturating_add_millis(SOONEST_MILLIS)), now);
        }
    }

    fn stats(&mut self) -> Turn<Stats> {
        let skus = self.journal.count("p/")?;
        Ok(Stats { skus, rows_written: self.journal.store.rows_written(), calls: self.calls, ..Stats::default() })
    }
}

/// The shelves that a line of a movement touches.
fn places_of(line: &MoveLine) -> Vec<(Sku, LocationId)> {
    match line {
        MoveLine::Receive { sku, location, .. }
        | MoveLine::Adjust { sku, location, .. }
        | MoveLine::Count { sku, location, .. }
        | MoveLine::Recount { sku, location, .. }
        | MoveLine::Judge { sku, location, .. }
        | MoveLine::Return { sku, location, .. }
        | MoveLine::Dispatch { sku, from: location, .. } => vec![(sku.clone(), location.clone())],
        MoveLine::Transfer { sku, from, to, .. } => vec![(sku.clone(), from.clone()), (sku.clone(), to.clone())],
    }
}
