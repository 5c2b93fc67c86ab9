//! A till's object: its settings, the journals of its device, its rights, and what its entries lead to.

mod book;
mod errands;
pub(crate) mod message;
mod sold;
mod tasks;
mod upload;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

use oms_core::machine::Machine;
use oms_core::sorting::Gather as _;
use oms_core::till::Settings;
use oms_core::till::account::{self, Standing};
use oms_core::till::account::{Account, Command, Event, Exception, Journal as TillJournal, PublicKey, Refusal};
use oms_core::value::{Digest, Quantity, Timestamp, Topology};

use self::book::{ACCOUNT_KEY, Fact, TillBook};
use self::message::{Denied, KeptEntry, Proof, TillAsk, TillReply, TillState};
use crate::alarm::Alarm;
use crate::host::{Host, Signature};
use crate::journal::{Journal, read};
use crate::message::{Address, Ask, Reply, Stats, TenantAsk, TenantReply};
use crate::store::{Store, StoreError};
use crate::troubles::Troubles;

/// A request is taken for the device's for this long, in milliseconds, after and before it was signed by the edge's clock.
const FRESH_MILLIS: i64 = 5 * 60 * 1000;
/// The tax table is asked for again after this long, in milliseconds: a till learns of new taxes that much later.
const TAX_MILLIS: i64 = 60 * 1000;
/// Rows of a list read at once.
const LIST_ROWS: u32 = 100;

/// A till's object.
#[derive(Debug)]
pub struct Till<S> {
    topology: Topology,
    alarm: Rc<Alarm>,
    inner: RefCell<Inner<S>>,
}

/// What is in memory; borrowed for a turn, never across an await.
#[derive(Debug)]
struct Inner<S> {
    journal: Journal<S, TillBook>,
    /// When the tax table was asked for last.
    tax_at: Option<Timestamp>,
    /// When the device was last heard of.
    seen: Option<Timestamp>,
    /// True while errands are being run.
    running: bool,
    /// Rounds of errands in vain since the last that moved something.
    failures: u32,
    calls: u64,
}

type Turn<T> = Result<T, StoreError>;

impl<S: Store> Till<S> {
    /// Opens the object on what is on disk.
    pub fn open(store: S, topology: Topology) -> Result<Self, StoreError> {
        let alarm = Rc::new(Alarm::default());
        let journal = Journal::open(store, Rc::clone(&alarm))?;
        let inner = Inner { journal, tax_at: None, seen: None, running: false, failures: 0, calls: 0 };
        Ok(Self { topology, alarm, inner: RefCell::new(inner) })
    }

    /// Answers a request.
    pub async fn handle(&self, ask: Ask, host: &impl Host) -> Reply {
        // Whatever is asked: what is owed has its alarm, also right after the object was opened.
        self.inner.borrow_mut().arm(host.now());
        let reply = match ask {
            Ask::Till(ask) => self.answer(ask, host).await.map(Reply::Till),
            Ask::Stats => self.turn(|inner| Ok(Reply::Stats(inner.stats()))),
            Ask::Audit { .. } => Ok(Reply::Audit(Box::default())),
            Ask::Orders(_) | Ask::Stock(_) | Ask::Tenant(_) | Ask::Index(_) | Ask::Learn(_) => {
                Ok(Reply::Failed { detail: "this object does not answer that".into() })
            }
        };
        reply.unwrap_or_else(|error| Reply::Failed { detail: alloc::format!("{error}") })
    }

    /// The alarm rang: what is owed is tried again.
    ///
    /// # Errors
    /// What went wrong, after the next alarm was set.
    pub async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        self.alarm.rang();
        let mut troubles = Troubles::default();
        troubles.note(self.settle(host).await);
        troubles.note(self.turn(|inner| {
            inner.journal.flush(host.now())?;
            inner.journal.checkpoint_if_due();
            inner.arm(host.now());
            Ok(())
        }));
        troubles.end()
    }

    /// True when its memory cannot be trusted any more: the host lets go of it and opens it anew.
    pub fn is_broken(&self) -> bool {
        self.inner.borrow().journal.is_broken()
    }

    fn turn<T>(&self, turn: impl FnOnce(&mut Inner<S>) -> Turn<T>) -> Turn<T> {
        let mut inner = self.inner.borrow_mut();
        inner.journal.check()?;
        inner.journal.relieve();
        turn(&mut inner)
    }

    async fn answer(&self, ask: TillAsk, host: &impl Host) -> Turn<TillReply> {
        match ask {
            TillAsk::Create { settings, code } => self.create(settings, code, host),
            TillAsk::Change { settings } => self.act(&Command::Change(settings), host).await,
            TillAsk::Issue { code } => self.act(&Command::Issue { code }, host).await,
            TillAsk::Enroll { code, key } => self.enroll(code, key, host).await,
            TillAsk::Show => self.turn(|inner| inner.show()),
            TillAsk::Grant { key, lines } => self.act(&Command::Grant { key, lines }, host).await,
            TillAsk::Recall { lines } => self.act(&Command::Recall { lines }, host).await,
            TillAsk::Revoke { reason } => self.act(&Command::Revoke { reason }, host).await,
            TillAsk::Entries { after, limit } => self.turn(|inner| inner.entries(after, limit)),
            TillAsk::Exceptions { after, limit } => self.turn(|inner| inner.exceptions(after, limit)),
            TillAsk::Admit { proof } => self.admitted(&proof, host).await,
            TillAsk::State { proof } => self.state(&proof, host).await,
            TillAsk::Upload { proof, body } => self.upload(&proof, &body, host).await,
        }
    }

    /// Sets the till up and issues its first code. The same request again, before a device was enrolled, issues another.
    fn create(&self, settings: Box<Settings>, code: Digest, host: &impl Host) -> Turn<TillReply> {
        self.turn(|inner| {
            if inner.account()?.is_some_and(|account| !account.journals.is_empty()) {
                return Ok(TillReply::Refused(Refusal::AlreadyThere));
            }
            match inner.run(&Command::Create(settings), host.now())? {
                Ok(()) => {}
                Err(refusal) => return Ok(TillReply::Refused(refusal)),
            }
            inner
                .run(&Command::Issue { code }, host.now())?
                .map_or_else(|no| Ok(TillReply::Refused(no)), |()| inner.show())
        })
    }

    /// Carries a command out, runs what it leads to, and shows the till.
    async fn act(&self, command: &Command, host: &impl Host) -> Turn<TillReply> {
        if let Err(refusal) = self.turn(|inner| inner.run(command, host.now()))? {
            return Ok(TillReply::Refused(refusal));
        }
        self.settle(host).await?;
        self.turn(|inner| inner.show())
    }

    async fn enroll(&self, code: Digest, key: PublicKey, host: &impl Host) -> Turn<TillReply> {
        if !key.is_sized() || host.verify(&key, vec![]).await.is_none() {
            return Ok(TillReply::BadKey);
        }
        self.learn_tax(host).await;
        if let Err(refusal) = self.turn(|inner| inner.run(&Command::Enroll { code, key }, host.now()))? {
            return Ok(TillReply::Refused(refusal));
        }
        self.settle(host).await?;
        self.turn(|inner| {
            let now = host.now();
            let epoch = inner.account()?.and_then(Account::epoch).unwrap_or_default();
            Ok(inner
                .state_of(epoch, now)?
                .map_or(TillReply::Denied(Denied::Unknown), |state| TillReply::State(Box::new(state))))
        })
    }

    async fn admitted(&self, proof: &Proof, host: &impl Host) -> Turn<TillReply> {
        Ok(match self.admit(proof, host).await? {
            Err(denied) => TillReply::Denied(denied),
            Ok(()) => self.turn(|inner| {
                let account = inner.account()?;
                let revoked = account
                    .and_then(|account| account.journals.get(&proof.epoch))
                    .is_none_or(|journal| journal.standing == Standing::Revoked);
                Ok(match account {
                    Some(account) if !revoked => TillReply::Admitted { location: account.settings.location.clone() },
                    Some(_) | None => TillReply::Denied(Denied::Revoked),
                })
            })?,
        })
    }

    async fn state(&self, proof: &Proof, host: &impl Host) -> Turn<TillReply> {
        if let Err(denied) = self.admit(proof, host).await? {
            return Ok(TillReply::Denied(denied));
        }
        self.learn_tax(host).await;
        let _ = self.turn(|inner| inner.run(&Command::Refill, host.now()))?;
        self.settle(host).await?;
        let state = self.turn(|inner| inner.state_of(proof.epoch, host.now()))?;
        Ok(state.map_or(TillReply::Denied(Denied::Unknown), |state| TillReply::State(Box::new(state))))
    }

    /// Whether a request is the device's.
    async fn admit(&self, proof: &Proof, host: &impl Host) -> Turn<Result<(), Denied>> {
        let known = self.turn(|inner| {
            Ok(inner.account()?.and_then(|account| account.journals.get(&proof.epoch)).map(|one| one.key.clone()))
        })?;
        let Some(key) = known else { return Ok(Err(Denied::Unknown)) };
        let now = host.now();
        if now.millis_since(proof.time).abs() > FRESH_MILLIS {
            return Ok(Err(Denied::Clock { now }));
        }
        let Some(bytes) = account::signature(&proof.signature) else { return Ok(Err(Denied::Signature)) };
        let message = alloc::format!("{}{}", proof.said, proof.body).into_bytes();
        let verified = host.verify(&key, vec![Signature { message, bytes }]).await;
        if verified.as_deref() != Some(&[true]) {
            return Ok(Err(Denied::Signature));
        }
        self.turn(|inner| {
            inner.seen = Some(host.now());
            Ok(Ok(()))
        })
    }

    /// Asks for the tax table now and then. Whoever does not answer is asked again with the next request.
    async fn learn_tax(&self, host: &impl Host) {
        let now = host.now();
        let known = self.turn(|inner| {
            let fresh = inner.tax_at.is_some_and(|at| now.millis_since(at) < TAX_MILLIS);
            Ok(inner.account()?.filter(|_| !fresh).map(|account| account.settings.tax.version))
        });
        let Ok(Some(known)) = known else { return };
        let reply = host.call(Address::Tenant, Ask::Tenant(TenantAsk::Tax { known })).await;
        let Ok(Reply::Tenant(TenantReply::Tax(tax))) = reply else { return };
        // A failed write shows with the next turn.
        let _ = self.turn(|inner| {
            inner.tax_at = Some(now);
            tax.map_or(Ok(Ok(())), |tax| inner.run(&Command::LearnTax(tax), host.now()))
        });
    }
}

impl<S: Store> Inner<S> {
    fn account(&mut self) -> Turn<Option<&Account>> {
        self.journal.ensure(ACCOUNT_KEY)?;
        Ok(self.journal.book.account.as_ref())
    }

    /// Decides a command and writes what follows.
    fn run(&mut self, command: &Command, now: Timestamp) -> Turn<Result<(), Refusal>> {
        let at = self.journal.at(now);
        match Account::decide(self.account()?, command, at) {
            Ok(events) => self.write(events, now).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn write(&mut self, events: Vec<Event>, now: Timestamp) -> Turn<()> {
        let facts: Vec<Fact> = events.into_iter().map(Fact::Account).collect();
        self.journal.write(now, &facts)?;
        self.journal.checkpoint_if_due();
        self.arm(now);
        Ok(())
    }

    fn show(&mut self) -> Turn<TillReply> {
        let seen = self.seen;
        Ok(match self.account()? {
            Some(account) => TillReply::Account { account: Box::new(account.clone()), seen },
            None => TillReply::Refused(Refusal::NoSuchTill),
        })
    }

    /// What a device has to know; nothing when it was never enrolled.
    fn state_of(&mut self, epoch: u32, now: Timestamp) -> Turn<Option<TillState>> {
        let Some(account) = self.account()? else { return Ok(None) };
        let Some(journal) = account.journals.get(&epoch) else { return Ok(None) };
        let totals = |of: fn(&account::Right) -> Quantity| -> BTreeMap<_, _> {
            let rights = journal.rights.iter().map(|(sku, right)| (sku.clone(), of(right)));
            rights.filter(|(_, quantity)| !quantity.is_zero()).into_map()
        };
        Ok(Some(TillState {
            standing: journal.standing,
            epoch,
            hash: journal.hash,
            ack_upto: journal.head,
            first_receipt: journal.first_receipt,
            settings: Box::new(account.settings.clone()),
            rights: if sells(journal) { totals(|right| right.granted) } else { BTreeMap::new() },
            recall: totals(|right| right.recall),
            now,
        }))
    }

    fn entries(&mut self, after: Option<(u32, u64)>, limit: u32) -> Turn<TillReply> {
        self.journal.checkpoint_now()?;
        let after = after.map(|(epoch, seq)| book::entry_key(epoch, seq)).unwrap_or_default();
        let rows = self.journal.scan("e/", &after, limit.saturating_add(1))?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        let entries: Turn<Vec<KeptEntry>> = rows.iter().take(limit).map(|(_, body)| read(body)).collect();
        Ok(TillReply::Entries { entries: entries?, more })
    }

    fn exceptions(&mut self, after: Option<(u32, u64)>, limit: u32) -> Turn<TillReply> {
        self.journal.checkpoint_now()?;
        let after = after.map(|(epoch, seq)| book::exception_key(epoch, seq)).unwrap_or_default();
        let rows = self.journal.scan("x/", &after, limit.min(LIST_ROWS).saturating_add(1))?;
        let limit = usize::try_from(limit.min(LIST_ROWS)).unwrap_or(usize::MAX);
        let mut exceptions: Vec<Exception> = Vec::new();
        for (_, body) in rows.iter().take(limit) {
            exceptions.extend(read::<Vec<Exception>>(body)?);
        }
        let last = exceptions.last().map(|one| (one.epoch, one.seq));
        Ok(TillReply::Exceptions { exceptions, next: last.filter(|_| rows.len() > limit) })
    }

    fn stats(&self) -> Stats {
        Stats { rows_written: self.journal.store.rows_written(), calls: self.calls, ..Stats::default() }
    }
}

/// A journal that was given up has nothing to sell.
fn sells(journal: &TillJournal) -> bool {
    journal.standing != Standing::Revoked
}

/// For the text of an upload: its lines that are not empty.
fn lines(body: &str) -> impl Iterator<Item = &str> {
    body.lines().filter(|line| !line.trim().is_empty())
}
