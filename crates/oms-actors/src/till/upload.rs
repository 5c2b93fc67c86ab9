//! How entries are taken in: checked against the chain and the key, recorded, and what they lead to carried out.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::sorting;
use oms_core::till::account::{Account, Command, Event, Line, Refusal, Take, Torn, Unreadable, signature};
use oms_core::till::{self, Entry};
use oms_core::value::{Digest, OrderId, Timestamp, Topology};

use super::book::{Fact, entry_key};
use super::message::{Denied, Entered, How, Proof, TillReply};
use super::{Inner, Till, Turn, lines};
use crate::host::{Host, Signature};
use crate::store::Store;

impl<S: Store> Till<S> {
    /// Takes the entries of an upload in. What is to come before is asked for; an entry that cannot be taken keeps no other
    /// one from being taken.
    pub(super) async fn upload(&self, proof: &Proof, body: &str, host: &impl Host) -> Turn<TillReply> {
        if Digest::of(body.as_bytes()) != proof.body {
            return Ok(TillReply::Denied(Denied::Signature));
        }
        if let Err(denied) = self.admit(proof, host).await? {
            return Ok(TillReply::Denied(denied));
        }
        let head = self.turn(|inner| {
            let journal = inner.account()?.and_then(|account| account.journals.get(&proof.epoch));
            Ok(journal.map_or(0, |journal| journal.head))
        })?;
        let read = numbered(body, head.saturating_add(1));
        let signed = self.signed(proof.epoch, &read, host).await?;
        let (hows, need_from) =
            self.turn(|inner| inner.take_in(proof.epoch, &read, &signed, self.topology, host.now()))?;
        self.learn_tax(host).await;
        let _ = self.turn(|inner| inner.run(&Command::Refill, host.now()))?;
        self.settle(host).await?;
        self.turn(|inner| {
            let mut entered = Vec::with_capacity(read.len());
            for ((seq, line), how) in read.iter().zip(hows) {
                entered.push(inner.entered(proof.epoch, *seq, line.as_ref().ok(), how)?);
            }
            let state = inner.state_of(proof.epoch, host.now())?;
            let uploaded = |state| TillReply::Uploaded { entered, need_from, state: Box::new(state) };
            Ok(state.map_or(TillReply::Denied(Denied::Unknown), uploaded))
        })
    }

    /// Which of the entries that are not recorded are signed by the journal's key.
    async fn signed(&self, epoch: u32, read: &[Came], host: &impl Host) -> Turn<BTreeMap<Digest, bool>> {
        let known = self.turn(|inner| {
            let journal = inner.account()?.and_then(|account| account.journals.get(&epoch));
            Ok(journal.map(|journal| {
                let new = |line: &&Line| line.name.seq > journal.head || journal.holes.contains_key(&line.name.seq);
                let new = read.iter().filter_map(|(_, line)| line.as_ref().ok()).filter(new);
                let signatures = new.filter_map(|line| {
                    let bytes = signature(&line.signature)?;
                    Some((line.hash, Signature { message: line.text.clone().into_bytes(), bytes }))
                });
                (journal.key.clone(), signatures.collect::<Vec<_>>())
            }))
        })?;
        let Some((key, new)) = known else { return Ok(BTreeMap::new()) };
        let (hashes, signed): (Vec<Digest>, Vec<Signature>) = new.into_iter().unzip();
        let verified = host.verify(&key, signed).await.unwrap_or_default();
        Ok(hashes.into_iter().zip(verified).collect())
    }
}

/// A line of an upload, and the number of the entry that it is or stands for.
type Came = (u64, Result<Line, Unreadable>);

/// The lines of an upload in the order of their entries. One that cannot be read has the number that follows from where it stands.
fn numbered(body: &str, next: u64) -> Vec<Came> {
    let read: Vec<Result<Line, Unreadable>> = lines(body).map(Line::read).collect();
    let number = |(at, line): (u64, &Result<Line, Unreadable>)| Some(line.as_ref().ok()?.name.seq.saturating_sub(at));
    let mut number = (0..).zip(&read).find_map(number).unwrap_or(next).max(1);
    let mut came: Vec<Came> = Vec::with_capacity(read.len());
    for line in read {
        number = line.as_ref().map_or(number, |line| line.name.seq);
        came.push((number, line));
        number = number.saturating_add(1);
    }
    sorting::sort_by_key(&mut came, |(seq, _)| *seq);
    came
}

/// What a turn comes to that takes lines in.
struct Taking {
    epoch: u32,
    account: Account,
    topology: Topology,
    at: Timestamp,
    recorded: BTreeMap<u64, Digest>,
    /// Lines in place of the entries after the last recorded one: see [`Take::torn`].
    torn: Torn,
    need_from: Option<u64>,
    facts: Vec<Fact>,
}

impl Taking {
    /// Judges a line against those before it.
    fn line(&mut self, seq: u64, line: &Result<Line, Unreadable>, signed: bool, recorded: Option<Digest>) -> How {
        match line {
            Err(unreadable) => {
                let command = Command::Keep { epoch: self.epoch, seq, line: unreadable.clone() };
                let how = self.decide(&command);
                self.tear(seq, unreadable.told);
                how
            }
            Ok(line) => {
                let (epoch, topology, torn) = (self.epoch, self.topology, self.torn);
                let take = Take { epoch, line: line.clone(), signed, recorded, torn, topology };
                let how = self.decide(&Command::Take(Box::new(take)));
                if let How::Refused(Refusal::Unreadable { .. }) = how {
                    self.tear(seq, Some(line.told));
                } else {
                    self.torn = Torn::default();
                }
                if how == How::Recorded {
                    self.recorded.insert(seq, line.hash);
                }
                how
            }
        }
    }

    /// Another line in place of an entry. Those after it need not wait for it, as long as none is missing in between.
    fn tear(&mut self, seq: u64, told: Option<Digest>) {
        let head = self.account.journals.get(&self.epoch).map_or(0, |journal| journal.head);
        let lines = self.torn.lines.saturating_add(1);
        if seq == head.saturating_add(lines) {
            self.torn = Torn { lines, told };
        }
    }

    fn decide(&mut self, command: &Command) -> How {
        let events = match Account::decide(Some(&self.account), command, self.at) {
            Ok(events) => events,
            Err(refusal) => {
                if let Refusal::Gap { need_from } = refusal {
                    self.need_from = self.need_from.or(Some(need_from));
                }
                return How::Refused(refusal);
            }
        };
        let how = how(&events);
        for event in events {
            if let Some(after) = Account::apply(Some(self.account.clone()), &event, self.at) {
                self.account = after;
            }
            self.facts.push(Fact::Account(event));
        }
        how
    }
}

impl<S: Store> Inner<S> {
    /// One turn: every line is judged against those before it, and all that are recorded are one row.
    fn take_in(
        &mut self,
        epoch: u32,
        read: &[Came],
        signed: &BTreeMap<Digest, bool>,
        topology: Topology,
        now: Timestamp,
    ) -> Turn<(Vec<How>, Option<u64>)> {
        let at = self.journal.at(now);
        let Some(account) = self.account()?.cloned() else { return Ok((Vec::new(), None)) };
        let head = account.journals.get(&epoch).map_or(0, |journal| journal.head);
        let (recorded, torn, facts) = (BTreeMap::new(), Torn::default(), Vec::new());
        let mut taking = Taking { epoch, account, topology, at, recorded, torn, need_from: None, facts };
        let mut judge = |(seq, line): &Came| {
            let recorded = match taking.recorded.get(seq) {
                Some(hash) => Some(*hash),
                None => self.kept_hash(epoch, *seq)?,
            };
            let is_signed = line.as_ref().is_ok_and(|line| signed.get(&line.hash).copied().unwrap_or_default());
            Ok(taking.line(*seq, line, is_signed, recorded))
        };
        // Of entries in a row that could not be read when others followed, each says which one belongs before it: last first.
        let (past, new) = read.split_at(read.partition_point(|(seq, _)| *seq <= head));
        let mut hows = past.iter().rev().map(&mut judge).collect::<Turn<Vec<How>>>()?;
        hows.reverse();
        for came in new {
            hows.push(judge(came)?);
        }
        self.journal.write(now, &taking.facts)?;
        self.journal.checkpoint_if_due();
        self.arm(now);
        Ok((hows, taking.need_from))
    }

    fn kept_hash(&mut self, epoch: u32, seq: u64) -> Turn<Option<Digest>> {
        self.journal.ensure(&entry_key(epoch, seq))?;
        Ok(self.journal.book.entries.get(&(epoch, seq)).map(|kept| kept.hash))
    }

    /// What an upload is told of an entry.
    fn entered(&mut self, epoch: u32, seq: u64, line: Option<&Line>, how: How) -> Turn<Entered> {
        let is_kept = self.kept_hash(epoch, seq)?.is_some_and(|hash| line.is_some_and(|line| line.hash == hash));
        let kept = self.journal.book.entries.get(&(epoch, seq)).filter(|_| is_kept);
        let oddities = kept.map(|kept| kept.oddities.clone()).unwrap_or_default();
        let pending = self.account()?.and_then(|account| account.journals.get(&epoch));
        let settled = pending.is_none_or(|journal| !journal.pending.contains_key(&seq));
        let order = line.and_then(|line| line.entry.as_ref()).and_then(order_of);
        Ok(Entered { seq, how, oddities, order, settled })
    }
}

fn how(events: &[Event]) -> How {
    match events.first() {
        Some(Event::Contradicted { code, .. }) => How::Refused(Refusal::Contradicts { code: code.clone() }),
        Some(Event::Unreadable { detail, .. }) => How::Refused(Refusal::Unreadable { detail: detail.clone() }),
        Some(_) => How::Recorded,
        None => How::Known,
    }
}

/// The order that an entry makes or is about.
fn order_of(entry: &Entry) -> Option<OrderId> {
    match &entry.event {
        till::Event::Sold(_) | till::Event::Requested { .. } => Some(entry.name().order_id(entry.at)),
        till::Event::Refunded(refunded) => match &refunded.of {
            till::ReturnOf::Order { order, .. } => Some(*order),
            till::ReturnOf::Unknown => None,
        },
        till::Event::HandedOver { order, .. } => Some(*order),
        till::Event::ShiftOpened { .. }
        | till::Event::ShiftClosed { .. }
        | till::Event::PaidIn { .. }
        | till::Event::PaidOut { .. }
        | till::Event::DrawerOpened { .. }
        | till::Event::Counted { .. }
        | till::Event::Surrendered { .. }
        | till::Event::ClockAccepted { .. } => None,
    }
}
