//! What a till's object tells others: rights to the stock, and what its entries lead to.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_core::machine::Machine;
use oms_core::stock::{self, Holder};
use oms_core::till::account::{Account, Command, Event};
use oms_core::value::{Slot, Timestamp, Topology};

use super::book::Fact;
use super::{Inner, Till, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, Ran, Reply, StockAsk, StockReply};
use crate::store::Store;

/// Commands to a SKU object in one call.
const RIGHTS_PER_CALL: usize = 500;
/// Calls to SKU objects at the same time.
const CALLS_AT_ONCE: usize = 16;
/// First wait, in milliseconds, before what brought no answer is tried again; doubles each time.
const FIRST_RETRY_MILLIS: i64 = 2_000;
/// Longest such wait, in milliseconds.
const LONGEST_RETRY_MILLIS: i64 = 5 * 60 * 1000;

/// What is told to a SKU object, and of which journal.
type Told = (u32, stock::Command);

impl<S: Store> Till<S> {
    /// Runs what is owed, once. What brings no answer is tried again by the alarm.
    pub(super) async fn settle(&self, host: &impl Host) -> Turn<()> {
        {
            let mut inner = self.inner.borrow_mut();
            if inner.running {
                return Ok(());
            }
            inner.running = true;
        }
        let _running = Running { till: self };
        // Both are tried, whatever becomes of the other.
        let (told, ran) = (self.tell_stock(host).await, self.run_tasks(host).await);
        let moved = told? && ran?;
        self.turn(|inner| {
            inner.failures = if moved { 0 } else { inner.failures.saturating_add(1) };
            inner.arm(host.now());
            Ok(())
        })
    }

    /// Tells the SKU objects what was asked and what was sold. False when somebody did not answer.
    async fn tell_stock(&self, host: &impl Host) -> Turn<bool> {
        let calls = self.turn(|inner| Ok(inner.rights_owed(self.topology)))?;
        let mut all = true;
        for some in calls.chunks(CALLS_AT_ONCE) {
            let asks = some.iter().map(|(object, told)| self.tell(*object, told, host));
            for told in join_all(asks).await {
                all &= told?;
            }
        }
        Ok(all)
    }

    async fn tell(&self, object: u16, told: &[Told], host: &impl Host) -> Turn<bool> {
        let commands = told.iter().map(|(_, command)| command.clone()).collect();
        self.inner.borrow_mut().called();
        let reply = host.call(Address::Stock(object), Ask::Stock(StockAsk::Run(commands))).await;
        let Ok(Reply::Stock(StockReply::Ran(ran))) = reply else { return Ok(false) };
        self.turn(|inner| inner.hear(told, &ran, host.now()))?;
        Ok(true)
    }
}

/// Marks errands as being run, for as long as it lives.
struct Running<'a, S> {
    till: &'a Till<S>,
}

impl<S> Drop for Running<'_, S> {
    fn drop(&mut self) {
        if let Ok(mut inner) = self.till.inner.try_borrow_mut() {
            inner.running = false;
        }
    }
}

impl<S: Store> Inner<S> {
    /// What the SKU objects do not know yet, by object, some at a time.
    fn rights_owed(&self, topology: Topology) -> Vec<(u16, Vec<Told>)> {
        let Some(account) = &self.journal.book.account else { return Vec::new() };
        let location = &account.settings.location;
        let mut calls: BTreeMap<u16, Vec<Told>> = BTreeMap::new();
        for (epoch, journal) in &account.journals {
            let holder = Holder { device: account.settings.device.clone(), epoch: *epoch };
            for (sku, right) in journal.rights.iter().filter(|(_, right)| right.owes(journal)) {
                let told = calls.entry(Slot::of_sku(sku).object(topology)).or_default();
                let (holder, sku, location) = (holder.clone(), sku.clone(), location.clone());
                if right.asked > right.answered {
                    let (holder, sku, location) = (holder.clone(), sku.clone(), location.clone());
                    told.push((*epoch, stock::Command::Allot { holder, sku, location, asked: right.asked }));
                }
                let drawn = right.drawn(journal.standing);
                if drawn != right.told {
                    told.push((*epoch, stock::Command::Draw { holder, sku, location, drawn }));
                }
            }
        }
        let chunks = calls.into_iter().flat_map(|(object, told)| {
            told.chunks(RIGHTS_PER_CALL).map(|some| (object, some.to_vec())).collect::<Vec<_>>()
        });
        chunks.collect()
    }

    /// Takes in what a SKU object answered. An item that there is not has nothing to grant and nothing to take from.
    fn hear(&mut self, told: &[Told], ran: &[Ran], now: Timestamp) -> Turn<()> {
        let at = self.journal.at(now);
        let mut facts = Vec::new();
        for ((epoch, command), ran) in told.iter().zip(ran) {
            let Some(command) = heard(*epoch, command, ran) else { continue };
            let decided = Account::decide(self.account()?, &command, at).unwrap_or_default();
            facts.extend(decided.into_iter().map(Fact::Account));
        }
        let (told, news): (Vec<Fact>, Vec<Fact>) =
            facts.into_iter().partition(|fact| matches!(fact, Fact::Account(Event::Told { .. })));
        // That the stock knows is told again when it is lost: no row of its own.
        for fact in told {
            self.journal.write_quietly(now, fact)?;
        }
        self.journal.write(now, &news)
    }

    pub(super) fn called(&mut self) {
        self.calls = self.calls.saturating_add(1);
    }

    /// As long as something is owed, the alarm is set.
    pub(super) fn arm(&mut self, now: Timestamp) {
        let owes = self.journal.book.account.as_ref().is_some_and(|account| account.wake_at().is_some());
        if !owes && !self.journal.is_quiet_pending() {
            return;
        }
        let doubled = 1_i64.checked_shl(self.failures.min(16)).unwrap_or(i64::MAX);
        let wait = FIRST_RETRY_MILLIS.saturating_mul(doubled).min(LONGEST_RETRY_MILLIS);
        self.journal.arm(now.saturating_add_millis(wait), now);
    }
}

/// What an answer of the stock means to the account.
fn heard(epoch: u32, command: &stock::Command, ran: &Ran) -> Option<Command> {
    let allotment = match ran {
        Ran::Done { allotment, .. } => allotment.as_deref(),
        Ran::Refused(stock::Refusal::UnknownSku { .. }) => None,
        Ran::Refused(_) | Ran::UnknownLocation { .. } => return None,
    };
    match command {
        stock::Command::Allot { sku, asked, .. } => {
            let (answered, granted) = allotment.map_or((*asked, oms_core::value::Quantity::ZERO), |one| {
                // A holder that was given up is granted nothing any more.
                (if one.drawn.closed { *asked } else { one.asked }, one.granted)
            });
            Some(Command::Granted { epoch, sku: sku.clone(), answered, granted })
        }
        stock::Command::Draw { sku, drawn, .. } => Some(Command::Told { epoch, sku: sku.clone(), drawn: *drawn }),
        stock::Command::PutItem { .. }
        | stock::Command::PutWatch { .. }
        | stock::Command::PutPromising { .. }
        | stock::Command::Expect(_)
        | stock::Command::Move(_)
        | stock::Command::Reserve { .. }
        | stock::Command::Release { .. }
        | stock::Command::Confirm { .. }
        | stock::Command::Consume { .. }
        | stock::Command::HoldCart { .. }
        | stock::Command::Enlist { .. }
        | stock::Command::Told { .. }
        | stock::Command::Lapse => None,
    }
}
