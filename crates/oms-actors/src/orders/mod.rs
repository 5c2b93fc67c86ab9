//! Orders: those of some slots, with their returns, their names and their errands.

mod audit;
mod book;
mod claims;
mod errands;
mod improve;
mod load;
mod memory;
mod parcels;
mod place;
mod trade;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use oms_core::machine::Machine;
use oms_core::network;
use oms_core::order::{self, CounterSale, Fate, Order, Router};
use oms_core::stock::HoldId;
use oms_core::value::{Day, OrderId, Timestamp, Topology};

use self::book::{Fact, NETWORK_KEY, OrderBook, order_key};
use self::improve::Looks;
use self::load::Loads;
use self::memory::Memory;
use self::parcels::Parcels;
use crate::alarm::Alarm;
use crate::host::Host;
use crate::journal::{Journal, read};
use crate::message::{Ask, OrderAsk, OrderReply, Record, Reply, Stats, Step};
use crate::store::{Store, StoreError};
use crate::troubles::Troubles;

/// The orders of some slots.
#[derive(Debug)]
pub(crate) struct Orders<S> {
    topology: Topology,
    inner: RefCell<Inner<S>>,
}

/// What is in memory; borrowed for a turn, never across an await.
#[derive(Debug)]
struct Inner<S> {
    journal: Journal<S, OrderBook>,
    /// Requests being answered right now, by the names they claim.
    in_flight: BTreeSet<String>,
    /// Names whose order is being asked for at its home, and whether it was granted the name again meanwhile.
    doubted: BTreeMap<String, bool>,
    /// Orders whose stock is being asked for before they are written, and the epochs of these tries.
    placing: BTreeSet<(OrderId, u32)>,
    /// Orders whose errands are being run right now.
    running: BTreeSet<OrderId>,
    /// Calls in vain, per order, since the last that succeeded.
    failures: BTreeMap<OrderId, u32>,
    /// Holds whose orders committed, to be told to their SKU objects with the next call there. Losing this costs an
    /// inquiry, nothing more.
    confirms: BTreeMap<u16, Vec<HoldId>>,
    /// What the stock told a moment ago.
    memory: Memory,
    /// What orders are to look for a better plan. Losing this costs a chance, nothing more.
    looks: Looks,
    /// What waits to be shipped elsewhere.
    loads: Loads,
    /// What waits for which customer. Losing this costs a chance, nothing more.
    parcels: Parcels,
    /// The network made ready for routing: at which version, around which day.
    router: Option<(u32, Day, Router)>,
    calls: u64,
}

type Turn<T> = Result<T, StoreError>;

impl<S: Store> Orders<S> {
    /// Opens them on what is on disk.
    pub(crate) fn open(store: S, alarm: Rc<Alarm>, topology: Topology) -> Result<Self, StoreError> {
        let inner = Inner {
            journal: Journal::open(store, alarm)?,
            in_flight: BTreeSet::new(),
            doubted: BTreeMap::new(),
            placing: BTreeSet::new(),
            running: BTreeSet::new(),
            failures: BTreeMap::new(),
            confirms: BTreeMap::new(),
            memory: Memory::default(),
            looks: Looks::default(),
            loads: Loads::default(),
            parcels: Parcels::default(),
            router: None,
            calls: 0,
        };
        Ok(Self { topology, inner: RefCell::new(inner) })
    }

    /// Answers a request.
    pub(crate) async fn handle(&self, ask: Ask, host: &impl Host) -> Reply {
        let reply = match ask {
            Ask::Orders(OrderAsk::Place { draft, claims, fingerprint }) => {
                self.place(*draft, claims, fingerprint, host).await.map(Reply::Orders)
            }
            Ask::Orders(OrderAsk::Claim { name, order, fingerprint, instead_of }) => {
                self.claim(name, order, fingerprint, instead_of, host).await.map(Reply::Orders)
            }
            Ask::Orders(OrderAsk::IsPlaced { name }) => {
                self.turn(|inner| inner.is_placed(&name)).map(|fate| Reply::Orders(OrderReply::Fate(fate)))
            }
            Ask::Orders(OrderAsk::Get { order }) => self.turn(|inner| inner.get(order)).map(Reply::Orders),
            Ask::Orders(OrderAsk::History { order }) => self.turn(|inner| inner.history(order)).map(Reply::Orders),
            Ask::Orders(OrderAsk::Act { order, command, expected }) => {
                self.act(order, &command, expected, host).await.map(Reply::Orders)
            }
            Ask::Orders(OrderAsk::Sell(sales)) => {
                self.turn(|inner| inner.sell(sales, host.now())).map(|()| Reply::Orders(OrderReply::Sold))
            }
            Ask::Orders(OrderAsk::Inquire { order, epoch }) => {
                self.turn(|inner| inner.fate(order, epoch)).map(|fate| Reply::Orders(OrderReply::Fate(fate)))
            }
            Ask::Orders(OrderAsk::Supplied { skus }) => self.turn(|inner| {
                inner.supplied(skus, host.now());
                Ok(Reply::Orders(OrderReply::Noted))
            }),
            Ask::Orders(OrderAsk::Improvements) => {
                self.turn(|inner| inner.improvements()).map(|sum| Reply::Orders(OrderReply::Improvements(sum)))
            }
            Ask::Orders(OrderAsk::Parcels { household, order, has }) => self.turn(|inner| {
                Ok(Reply::Orders(OrderReply::Parcels(inner.parcels.meet(household, order, has, host.now()))))
            }),
            Ask::Learn(network) => self.turn(|inner| inner.learn(*network, host.now())).map(|()| Reply::Learned),
            Ask::Audit { after } => {
                self.turn(|inner| inner.audit(after.as_deref())).map(|audit| Reply::Audit(Box::new(audit)))
            }
            Ask::Stats => self.turn(|inner| Ok(inner.stats())).map(Reply::Stats),
            Ask::Stock(_) | Ask::Tenant(_) | Ask::Index(_) | Ask::Till(_) => Ok(misdirected()),
        };
        reply.unwrap_or_else(|error| failed(&error))
    }

    /// The alarm rang: run what is due, tell the index, write a checkpoint. What fails does not keep the rest from being done.
    ///
    /// # Errors
    /// What went wrong, after everything else was done.
    pub(crate) async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        let mut troubles = Troubles::default();
        self.settle_due(host, &mut troubles).await;
        self.improve_some(host, &mut troubles).await;
        troubles.note(self.tell_loads(host).await);
        self.send_confirms(host).await;
        troubles.note(self.tell_index(host).await);
        troubles.note(self.turn(|inner| inner.journal.flush(host.now())));
        troubles.note(self.turn(|inner| {
            inner.journal.checkpoint_if_due();
            Ok(())
        }));
        troubles.end()
    }

    /// Sees to it that the alarm rings for what is owed.
    pub(crate) fn arm(&self, now: Timestamp) {
        self.inner.borrow_mut().arm(now);
    }

    /// One turn: everything in it is decided and written before anything else happens.
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

    async fn act(
        &self,
        id: OrderId,
        command: &order::Command,
        expected: Option<u32>,
        host: &impl Host,
    ) -> Turn<OrderReply> {
        let again = match self.turn(|inner| inner.act(id, command, expected, host.now()))? {
            Acted::Done { again } => again,
            Acted::Not(reply) => return Ok(reply),
        };
        self.settle(id, host).await?;
        let mut reply = self.turn(|inner| inner.get(id))?;
        if let OrderReply::Order { replayed, .. } = &mut reply {
            *replayed = again;
        }
        Ok(reply)
    }
}

/// What came of a command.
enum Acted {
    /// It was done, now or (`again`) before.
    Done { again: bool },
    /// It was not: this is why.
    Not(OrderReply),
}

impl<S: Store> Inner<S> {
    /// Decides a command and writes what follows.
    fn act(&mut self, id: OrderId, command: &order::Command, expected: Option<u32>, now: Timestamp) -> Turn<Acted> {
        let at = self.journal.at(now);
        let Some(record) = self.record(id)? else { return Ok(Acted::Not(OrderReply::NoSuchOrder)) };
        let decided = Order::decide(Some(&record.order), command, at);
        // What was done already stays done, whatever version the asker had seen.
        let stale = expected.is_some_and(|expected| expected != record.version);
        match decided {
            Ok(events) if events.is_empty() => Ok(Acted::Done { again: true }),
            Ok(_) | Err(_) if stale => Ok(Acted::Not(OrderReply::Stale { version: record.version })),
            Ok(events) => {
                self.write(now, &[Fact::Order { id, events }])?;
                Ok(Acted::Done { again: false })
            }
            Err(refusal) => {
                let record = Some(Box::new(record.clone()));
                Ok(Acted::Not(OrderReply::Refused { refusal: Box::new(refusal), record }))
            }
        }
    }

    /// Writes a turn and sees to it that the object wakes if something is left to do.
    fn write(&mut self, now: Timestamp, facts: &[Fact]) -> Turn<()> {
        self.journal.write(now, facts)?;
        for fact in facts {
            self.note_commit(fact);
        }
        self.journal.checkpoint_if_due();
        self.arm(now);
        Ok(())
    }

    /// Records sales over a counter: facts, each once.
    fn sell(&mut self, sales: Vec<CounterSale>, now: Timestamp) -> Turn<()> {
        let at = self.journal.at(now);
        let mut facts: Vec<Fact> = Vec::new();
        for sale in sales {
            let id = sale.id;
            let again = facts.iter().any(|fact| matches!(fact, Fact::Order { id: known, .. } if *known == id));
            let state = self.record(id)?.map(|record| &record.order);
            let events = Order::decide(state, &order::Command::Sell(Box::new(sale)), at).unwrap_or_default();
            if !again && !events.is_empty() {
                facts.push(Fact::Order { id, events });
            }
        }
        self.write(now, &facts)
    }

    fn record(&mut self, id: OrderId) -> Turn<Option<&Record>> {
        self.journal.ensure(&order_key(&id))?;
        Ok(self.journal.book.orders.get(&id).map(|kept| &kept.record))
    }

    fn get(&mut self, id: OrderId) -> Turn<OrderReply> {
        Ok(match self.record(id)? {
            Some(record) => OrderReply::Order { record: Box::new(record.clone()), replayed: false },
            None => OrderReply::NoSuchOrder,
        })
    }

    fn history(&mut self, id: OrderId) -> Turn<OrderReply> {
        self.journal.ensure(&order_key(&id))?;
        let Some(kept) = self.journal.book.orders.get(&id) else { return Ok(OrderReply::NoSuchOrder) };
        let mut steps = Vec::new();
        let rows = kept.turns.iter().zip(self.journal.store.turns(&kept.turns)?);
        for (version, (seq, row)) in (1..).zip(rows) {
            let turn: crate::journal::Turn<Fact> = read(&self.journal.whole_turn(*seq, row)?)?;
            let of_order = turn.facts.into_iter().filter_map(|fact| match fact {
                Fact::Order { id: of, events } if of == id => Some(events),
                Fact::Order { .. } | Fact::Quiet { .. } | Fact::Claimed { .. } | Fact::Network(_) => None,
            });
            steps.push(Step { version, at: turn.at, events: of_order.flatten().collect() });
        }
        Ok(OrderReply::History(steps))
    }

    /// What becomes of the holds of an epoch: unknown orders and dead epochs give back, committed ones keep.
    fn fate(&mut self, id: OrderId, epoch: u32) -> Turn<Fate> {
        let placing = self.placing.contains(&(id, epoch));
        Ok(match self.record(id)? {
            Some(record) => record.order.fate(epoch),
            None if placing => Fate::Later,
            None => Fate::Release,
        })
    }

    /// The network made ready for routing, once per version and day, and again while work waits where capacity is counted;
    /// what waits for this order does not count. Nothing before the network is known.
    fn router(&mut self, order: Option<OrderId>, now: Timestamp) -> Turn<Option<Router>> {
        let plain = self.plain_router(now)?;
        Ok(plain.map(|router| self.busy_router(router, order)))
    }

    /// The same while nothing waits anywhere.
    fn plain_router(&mut self, now: Timestamp) -> Turn<Option<Router>> {
        self.journal.ensure(NETWORK_KEY)?;
        let Some(network) = &self.journal.book.network else { return Ok(None) };
        let today = Day::of_utc(now);
        let fits = |(version, day, _): &&(u32, Day, Router)| *version == network.version && *day == today;
        if let Some((_, _, router)) = self.router.as_ref().filter(fits) {
            return Ok(Some(router.clone()));
        }
        let router = Router::new(network, today);
        self.router = router.clone().map(|router| (network.version, today, router));
        Ok(router)
    }

    fn learn(&mut self, newer: network::Network, now: Timestamp) -> Turn<()> {
        self.journal.ensure(book::NETWORK_KEY)?;
        let known = self.journal.book.network.as_ref();
        let events =
            network::Network::decide(known, &network::Command::Learn(Box::new(newer)), now).unwrap_or_default();
        let facts: Vec<Fact> = events.into_iter().map(Fact::Network).collect();
        self.write(now, &facts)
    }

    fn stats(&self) -> Stats {
        Stats { rows_written: self.journal.store.rows_written(), calls: self.calls, ..Stats::default() }
    }
}

fn misdirected() -> Reply {
    Reply::Failed { detail: "this object does not answer that".into() }
}

fn failed(error: &StoreError) -> Reply {
    Reply::Failed { detail: alloc::format!("{error}") }
}
