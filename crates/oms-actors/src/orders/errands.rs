//! How an order object runs what its orders owe: grouped by object, answered in one turn, retried when nobody answers.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_core::machine::Machine;
use oms_core::order::{Answer, Command, Errand, Event, Facts, ItemFacts, Offer, Order, ShortLine};
use oms_core::promise::DemandClass;
use oms_core::sorting;
use oms_core::stock::{self, Ask as Want, Hold, HoldId, Part, Short, Stage};
use oms_core::value::{CartId, OrderId, Sku, Timestamp};

use super::book::Fact;
use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::journal::write_json;
use crate::message::{Address, Ask, Entry, IndexAsk, Ran, Record, Reply, StockAsk, StockReply};
use crate::store::Store;
use crate::troubles::Troubles;

/// Rounds of errands that one request waits for; the alarm goes on with the rest.
const MAX_ROUNDS: u32 = 64;
/// Orders whose errands run at the same time when the alarm rings.
const DUE_AT_ONCE: usize = 16;
/// Orders that one alarm looks after; the next one goes on.
const DUE_PER_ALARM: usize = 256;
/// First wait, in milliseconds, for stock that undecided orders may give back; grows by half each time.
const FIRST_PAUSE_MILLIS: u32 = 20;
/// Longest such wait, in milliseconds.
const LONGEST_PAUSE_MILLIS: u32 = 500;
/// First wait, in milliseconds, before a call that brought no answer is made again; doubles each time.
const FIRST_RETRY_MILLIS: i64 = 2_000;
/// Longest such wait, in milliseconds.
const LONGEST_RETRY_MILLIS: i64 = 5 * 60 * 1000;
/// The index is told of changes after this long, in milliseconds: many changes, one call.
const INDEX_DELAY_MILLIS: i64 = 1_000;
/// Orders told to the index in one call.
const INDEX_BATCH: usize = 256;
/// Bytes told to the index in one call. It writes them as one parameter of a statement, where SQLite takes 2,000,000 bytes;
/// as JSON within JSON they may be twice as many.
const MAX_INDEX_BYTES: usize = 900_000;

/// What came back from errands: answers, and the versions of items of which something was set aside.
pub(super) type Outcome = (Vec<Answer>, Vec<(Sku, u32)>);

/// What a round of errands came to.
enum Round {
    /// Nothing is owed.
    Settled,
    /// Something changed: go on at once.
    Moved,
    /// Nothing changed: stock may come in a moment.
    Waits,
    /// Somebody did not answer.
    Lost,
}

impl<S: Store> Orders<S> {
    /// Runs what an order owes until nothing is owed, somebody does not answer, or it takes too long.
    pub(super) async fn settle(&self, id: OrderId, host: &impl Host) -> Turn<()> {
        if !self.inner.borrow_mut().running.insert(id) {
            return Ok(());
        }
        let _running = Running { orders: self, id };
        let mut pause = FIRST_PAUSE_MILLIS;
        for _ in 0..MAX_ROUNDS {
            match self.round(id, host).await? {
                Round::Settled => break,
                Round::Moved => {}
                Round::Waits => {
                    host.pause(pause).await;
                    pause = pause.saturating_add(pause >> 1).min(LONGEST_PAUSE_MILLIS);
                }
                Round::Lost => {
                    self.inner.borrow_mut().retry_later(id, host.now());
                    break;
                }
            }
        }
        Ok(())
    }

    async fn round(&self, id: OrderId, host: &impl Host) -> Turn<Round> {
        let errands = self.turn(|inner| inner.errands(id, host.now()))?;
        if errands.is_empty() {
            return Ok(Round::Settled);
        }
        let (quotes, errands): (Vec<Errand>, Vec<Errand>) =
            errands.into_iter().partition(|errand| matches!(errand, Errand::Quote { .. }));
        if !errands.is_empty() {
            let (answers, _) = self.run_all(id, errands, host).await;
            let moved = self.turn(|inner| inner.take_in(id, &Command::Answered(answers), host.now()))?;
            // Lost, or answered to no avail (a broken invariant, a stale answer): not at once again.
            return Ok(if moved { Round::Moved } else { Round::Lost });
        }
        let Some(Errand::Quote { skus, cart, class }) = quotes.into_iter().next() else { return Ok(Round::Settled) };
        let Some((items, offers)) = self.quote(&skus, cart.as_ref(), &class, Some(id), host).await else {
            return Ok(Round::Lost);
        };
        let head = self.turn(|inner| Ok(inner.record(id)?.map(|record| record.order.head.clone())))?;
        let Some(head) = head else { return Ok(Round::Settled) };
        let parcels = self.parcels_for(&head, id, host).await;
        let moved = self.turn(|inner| {
            let Some(router) = inner.router(Some(id), host.now())? else { return Ok(false) };
            let goods = items.iter().map(|item| item.handling.of(&item.sku)).collect();
            inner.take_in(id, &Command::Plan(Facts { offers, goods, parcels, router }), host.now())
        })?;
        Ok(if moved { Round::Moved } else { Round::Waits })
    }

    /// Runs errands, one call per SKU object. Whoever does not answer is missing among the answers. Of what was set aside,
    /// the versions of the items as they are in the stock.
    pub(super) async fn run_all(&self, id: OrderId, errands: Vec<Errand>, host: &impl Host) -> Outcome {
        let mut calls: BTreeMap<u16, Vec<(Errand, stock::Command)>> = BTreeMap::new();
        for errand in errands {
            if let Some((object, command)) = addressed(&errand, id) {
                calls.entry(object).or_default().push((errand, command));
            }
        }
        let runs = calls.into_iter().map(|(object, errands)| self.run(object, errands, host));
        let (mut answers, mut versions) = (Vec::new(), Vec::new());
        for (some, of_some) in join_all(runs).await.into_iter().flatten() {
            answers.extend(some);
            versions.extend(of_some);
        }
        (answers, versions)
    }

    /// Carries commands to a SKU object, with the confirmations that wait for a ride.
    async fn run(&self, object: u16, errands: Vec<(Errand, stock::Command)>, host: &impl Host) -> Option<Outcome> {
        let confirms = self.inner.borrow_mut().take_confirms(object);
        let riders = confirms.len();
        let (errands, commands): (Vec<Errand>, Vec<stock::Command>) = errands.into_iter().unzip();
        let all = confirms.into_iter().map(|hold| stock::Command::Confirm { hold }).chain(commands).collect();
        self.inner.borrow_mut().called(Address::Stock(object), host);
        let reply = host.call(Address::Stock(object), Ask::Stock(StockAsk::Run(all))).await;
        let Ok(Reply::Stock(StockReply::Ran(ran))) = reply else { return None };
        let versions = self.inner.borrow_mut().hear(&ran, host.now());
        let answers = errands.iter().zip(ran.iter().skip(riders)).filter_map(|(errand, ran)| answer(errand, ran));
        Some((answers.collect(), versions))
    }

    /// Asks the SKU objects what is known of SKUs and what could be had as this class; nothing when somebody did not answer.
    pub(super) async fn quote(
        &self,
        skus: &[(u16, Sku)],
        cart: Option<&CartId>,
        class: &DemandClass,
        order: Option<OrderId>,
        host: &impl Host,
    ) -> Option<(Vec<ItemFacts>, Vec<Offer>)> {
        let mut objects: BTreeMap<u16, Vec<Sku>> = BTreeMap::new();
        for (object, sku) in skus {
            objects.entry(*object).or_default().push(sku.clone());
        }
        let asked_at = host.now();
        let calls = objects.into_iter().map(|(object, skus)| {
            self.inner.borrow_mut().called(Address::Stock(object), host);
            host.call(
                Address::Stock(object),
                Ask::Stock(StockAsk::Quote { skus, cart: cart.cloned(), class: class.clone(), order }),
            )
        });
        let (mut items, mut offers) = (Vec::new(), Vec::new());
        for reply in join_all(calls).await {
            let Ok(Reply::Stock(StockReply::Quoted { items: some, offers: more })) = reply else { return None };
            items.extend(some);
            offers.extend(more);
        }
        if cart.is_none() {
            self.inner.borrow_mut().memory.learn(&items, &offers, asked_at);
        }
        Some((items, offers))
    }

    /// Runs the errands of every order whose time has come. An order whose errands cannot even be looked at waits longer
    /// every time, and keeps no other order waiting.
    pub(super) async fn settle_due(&self, host: &impl Host, troubles: &mut Troubles) {
        let due = self.inner.borrow().due(host.now());
        for some in due.chunks(DUE_AT_ONCE) {
            let settled = join_all(some.iter().map(|id| self.settle(*id, host))).await;
            for (id, settled) in some.iter().zip(settled) {
                if !troubles.note(settled) {
                    self.inner.borrow_mut().retry_later(*id, host.now());
                }
            }
        }
    }

    /// Tells SKU objects which holds are committed.
    pub(super) async fn send_confirms(&self, host: &impl Host) {
        let objects: Vec<u16> = self.inner.borrow().confirms.keys().copied().collect();
        for object in objects {
            let _ = self.run(object, vec![], host).await;
        }
    }

    /// Tells the index what changed.
    pub(super) async fn tell_index(&self, host: &impl Host) -> Turn<()> {
        loop {
            let batch = self.turn(|inner| inner.index_batch())?;
            if batch.is_empty() {
                return Ok(());
            }
            self.tell_parcels(batch.iter().map(|entry| entry.id), host).await;
            let told: Vec<(OrderId, u32)> = batch.iter().map(|entry| (entry.id, entry.version)).collect();
            let reply = host.call(Address::Index, Ask::Index(IndexAsk::Upsert(batch))).await;
            if !matches!(reply, Ok(Reply::Index(_))) {
                return Ok(());
            }
            self.turn(|inner| inner.index_told(&told))?;
        }
    }
}

/// Marks an order's errands as being run, for as long as it lives.
struct Running<'a, S> {
    orders: &'a Orders<S>,
    id: OrderId,
}

impl<S> Drop for Running<'_, S> {
    fn drop(&mut self) {
        if let Ok(mut inner) = self.orders.inner.try_borrow_mut() {
            inner.running.remove(&self.id);
        }
    }
}

/// The command that carries an errand out, and the SKU object that is to get it.
fn addressed(errand: &Errand, order: OrderId) -> Option<(u16, stock::Command)> {
    Some(match errand.clone() {
        Errand::Quote { .. } => return None,
        Errand::Reserve { object, hold, epoch, parts, cart, class, sole } => {
            (object, stock::Command::Reserve { hold, order, epoch, parts, cart, class, sole })
        }
        Errand::Release { object, hold } => (object, stock::Command::Release { hold, totals: None }),
        Errand::GiveBack { object, hold, totals, .. } => {
            (object, stock::Command::Release { hold, totals: Some(totals) })
        }
        Errand::Consume { object, no, hold, parts } => (object, stock::Command::Consume { hold, shipment: no, parts }),
        Errand::Restock { object, movement, .. } => (object, stock::Command::Move(movement)),
        Errand::Enlist { object, wait, skus, pegs } => (object, stock::Command::Enlist { order, wait, skus, pegs }),
    })
}

/// What an outcome means to the order. Nothing when it means nothing: the errand is then still owed.
fn answer(errand: &Errand, ran: &Ran) -> Option<Answer> {
    if let (Errand::Enlist { object, .. }, Ran::Refused(_)) = (errand, ran) {
        return Some(Answer::NotComing { object: *object });
    }
    let Ran::Done { hold, .. } = ran else { return None };
    match errand {
        Errand::Quote { .. } => None,
        Errand::Reserve { hold: id, parts, .. } => {
            let (_, hold) = hold.as_ref()?;
            Some(match &hold.stage {
                Stage::Held { .. } | Stage::Confirmed if holds(&hold.parts, parts) => Answer::Held { hold: *id },
                Stage::Refused { short } => Answer::Refused { hold: *id, short: short_lines(parts, short) },
                // Released before it came, or held for something else: not ours.
                Stage::Held { .. } | Stage::Confirmed | Stage::Released => Answer::Refused { hold: *id, short: vec![] },
            })
        }
        Errand::Release { hold, .. } => Some(Answer::Released { hold: *hold }),
        Errand::GiveBack { no, hold, totals, .. } => {
            let totals = totals.iter().map(|total| (total.line, total.quantity)).collect();
            Some(Answer::GivenBack { no: *no, hold: *hold, totals })
        }
        Errand::Consume { no, hold, .. } => Some(Answer::Consumed { no: *no, hold: *hold }),
        Errand::Restock { no, object, .. } => Some(Answer::Restocked { no: *no, object: *object }),
        Errand::Enlist { object, skus, .. } => {
            let skus = skus.iter().filter(|(_, quantity)| !quantity.is_zero()).cloned().collect();
            Some(Answer::Enlisted { object: *object, skus })
        }
    }
}

/// True when a hold is for exactly what was asked.
fn holds(held: &[Part], asked: &[Want]) -> bool {
    let same = |(part, want): (&Part, &Want)| {
        part.line == want.line
            && part.quantity == want.quantity
            && part.sku == want.sku
            && part.location == want.location
    };
    held.len() == asked.len() && held.iter().zip(asked).all(same)
}

fn short_lines(parts: &[Want], short: &[Short]) -> Vec<ShortLine> {
    let lines = short.iter().map(|short| ShortLine {
        line: short.line,
        sku: short.sku.clone(),
        requested: parts.iter().filter(|part| part.line == short.line).map(|part| part.quantity).sum(),
        available: short.available,
    });
    lines.collect()
}

impl<S: Store> Inner<S> {
    fn errands(&mut self, id: OrderId, now: Timestamp) -> Turn<Vec<Errand>> {
        let at = self.journal.at(now);
        Ok(self.record(id)?.map(|record| record.order.errands(at)).unwrap_or_default())
    }

    /// Lets an order take something in; true when that changed anything.
    pub(super) fn take_in(&mut self, id: OrderId, command: &Command, now: Timestamp) -> Turn<bool> {
        let at = self.journal.at(now);
        let Some(record) = self.record(id)? else { return Ok(false) };
        let events = Order::decide(Some(&record.order), command, at).unwrap_or_default();
        if events.is_empty() {
            return Ok(false);
        }
        self.failures.remove(&id);
        if events.iter().all(Event::is_quiet) {
            self.journal.write_quietly(now, Fact::Quiet { id, events })?;
            self.arm(now);
        } else {
            self.write(now, &[Fact::Order { id, events }])?;
        }
        Ok(true)
    }

    /// Notes holds that a commit made final, so that their SKU objects stop wondering.
    pub(super) fn note_commit(&mut self, fact: &Fact) {
        let Fact::Order { id, events } = fact else { return };
        let committed = events.iter().find_map(Event::committed);
        let (Some(epoch), Some(kept)) = (committed, self.journal.book.orders.get(id)) else { return };
        let mut holds: Vec<(u16, HoldId)> = kept.record.order.holds_of(epoch);
        sorting::sort(&mut holds);
        holds.dedup();
        for (object, hold) in holds {
            self.confirms.entry(object).or_default().push(hold);
        }
    }

    /// Hears what outcomes tell of items: their versions, or that there is less than was thought.
    fn hear(&mut self, ran: &[Ran], now: Timestamp) -> Vec<(Sku, u32)> {
        let mut heard = Vec::new();
        for ran in ran {
            let Ran::Done { hold, versions, .. } = ran else { continue };
            for (sku, version) in versions {
                self.memory.hear(sku, *version);
                heard.push((sku.clone(), *version));
            }
            if let Some((_, Hold { stage: Stage::Refused { short }, .. })) = hold {
                short.iter().for_each(|short| self.memory.forget(&short.sku, now));
            }
        }
        heard
    }

    fn take_confirms(&mut self, object: u16) -> Vec<HoldId> {
        self.confirms.remove(&object).unwrap_or_default()
    }

    fn called(&mut self, to: Address, host: &impl Host) {
        self.calls = self.calls.saturating_add(u64::from(!host.is_near(to)));
    }

    fn retry_later(&mut self, id: OrderId, now: Timestamp) {
        let failures = self.failures.entry(id).or_default();
        let doubled = 1_i64.checked_shl((*failures).min(16)).unwrap_or(i64::MAX);
        *failures = failures.saturating_add(1);
        let wait = FIRST_RETRY_MILLIS.saturating_mul(doubled).min(LONGEST_RETRY_MILLIS);
        if self.journal.book.waiting.contains(id) {
            self.journal.book.waiting.put(id, now.saturating_add_millis(wait));
        }
        self.arm(now);
    }

    fn due(&self, now: Timestamp) -> Vec<OrderId> {
        self.journal.book.waiting.due(now).filter(|id| !self.running.contains(id)).take(DUE_PER_ALARM).collect()
    }

    /// Arms the alarm for whatever comes first: an order's time, or telling the index. What is due now is being run by
    /// the request that made it due; the alarm is there in case that request never ends.
    pub(super) fn arm(&mut self, now: Timestamp) {
        let soon = now.saturating_add_millis(FIRST_RETRY_MILLIS);
        let waiting = self.journal.book.waiting.first().map(|at| at.max(soon));
        let tell = !self.journal.book.unindexed.is_empty()
            || !self.confirms.is_empty()
            || self.journal.is_quiet_pending()
            || self.looks.is_due();
        let tell = tell.then(|| now.saturating_add_millis(INDEX_DELAY_MILLIS));
        if let Some(at) = waiting.into_iter().chain(tell).min() {
            self.journal.arm(at, now);
        }
    }

    /// What the index is told next: many entries, but no more bytes than it can write at once.
    fn index_batch(&mut self) -> Turn<Vec<Entry>> {
        let ids: Vec<OrderId> = self.journal.book.unindexed.iter().take(INDEX_BATCH).copied().collect();
        let mut batch = Vec::new();
        let mut bytes = 0_usize;
        for id in ids {
            let Some(entry) = self.record(id)?.map(entry) else { continue };
            bytes = bytes.saturating_add(write_json(&entry).map_or(0, |json| json.len()));
            if bytes > MAX_INDEX_BYTES && !batch.is_empty() {
                break;
            }
            batch.push(entry);
        }
        Ok(batch)
    }

    /// Forgets what the index knows, unless it changed again meanwhile.
    fn index_told(&mut self, told: &[(OrderId, u32)]) -> Turn<()> {
        for (id, version) in told {
            if self.record(*id)?.is_none_or(|record| record.version == *version) {
                self.journal.book.unindexed.remove(id);
            }
        }
        Ok(())
    }
}

fn entry(record: &Record) -> Entry {
    let order = &record.order;
    let customer = &order.head.customer;
    let number = record.number();
    let mut text = alloc::format!("{number} ");
    let names = [&customer.name, &customer.email, &customer.phone, &customer.id, &order.head.external_ref];
    let places = [&order.head.ship_to.name, &order.head.ship_to.city, &order.head.ship_to.postal_code];
    for word in names.into_iter().chain(places).flatten() {
        text.push_str(word.as_str());
        text.push(' ');
    }
    for line in order.lines.iter().take(MAX_TEXT_LINES) {
        text.push_str(line.sku.as_str());
        text.push(' ');
        text.push_str(line.title.as_str());
        text.push(' ');
    }
    Entry {
        id: order.id,
        number,
        version: record.version,
        status: order.status(),
        channel: order.head.channel.clone(),
        external_ref: order.head.external_ref.clone(),
        customer_id: customer.id.clone(),
        pick_up_at: order.head.method.place().cloned(),
        total: order.totals.total,
        currency: order.head.currency,
        created_at: order.head.placed_at,
        updated_at: record.updated_at,
        text,
    }
}

/// Lines of an order whose SKU and title it can be found by.
const MAX_TEXT_LINES: usize = 100;
