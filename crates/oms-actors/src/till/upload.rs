//! How entries are taken in: checked against the chain and the key, recorded, and what they lead to carried out.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::sorting;
use oms_core::till::account::{Account, Command, Event, Line, Refusal, Take, signature};
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
        let mut read: Vec<Line> = Vec::new();
        for (line, text) in lines(body) {
            match Line::read(text) {
                Ok(entry) => read.push(entry),
                Err(unreadable) => return Ok(TillReply::Unreadable { line, detail: unreadable.0 }),
            }
        }
        sorting::sort_by_key(&mut read, |line| line.name.seq);
        let signed = self.signed(proof.epoch, &read, host).await?;
        let (hows, need_from) =
            self.turn(|inner| inner.take_in(proof.epoch, &read, &signed, self.topology, host.now()))?;
        self.learn_tax(host).await;
        let _ = self.turn(|inner| inner.run(&Command::Refill, host.now()))?;
        self.settle(host).await?;
        self.turn(|inner| {
            let mut entered = Vec::with_capacity(read.len());
            for (line, how) in read.iter().zip(hows) {
                entered.push(inner.entered(proof.epoch, line, how)?);
            }
            let state = inner.state_of(proof.epoch, host.now())?;
            let uploaded = |state| TillReply::Uploaded { entered, need_from, state: Box::new(state) };
            Ok(state.map_or(TillReply::Denied(Denied::Unknown), uploaded))
        })
    }

    /// Which of the entries after the last recorded one are signed by the journal's key.
    async fn signed(&self, epoch: u32, read: &[Line], host: &impl Host) -> Turn<BTreeMap<Digest, bool>> {
        let (key, head) = self.turn(|inner| {
            let journal = inner.account()?.and_then(|account| account.journals.get(&epoch));
            Ok(journal.map(|journal| (journal.key.clone(), journal.head)).unzip())
        })?;
        let (Some(key), Some(head)) = (key, head) else { return Ok(BTreeMap::new()) };
        let new: Vec<(Digest, Signature)> = read
            .iter()
            .filter(|line| line.name.seq > head)
            .filter_map(|line| {
                let bytes = signature(&line.signature)?;
                Some((line.hash, Signature { message: line.text.clone().into_bytes(), bytes }))
            })
            .collect();
        let (hashes, signed): (Vec<Digest>, Vec<Signature>) = new.into_iter().unzip();
        let verified = host.verify(&key, signed).await.unwrap_or_default();
        Ok(hashes.into_iter().zip(verified).collect())
    }
}

impl<S: Store> Inner<S> {
    /// One turn: every entry is judged against those before it, and all that are recorded are one row.
    fn take_in(
        &mut self,
        epoch: u32,
        read: &[Line],
        signed: &BTreeMap<Digest, bool>,
        topology: Topology,
        now: Timestamp,
    ) -> Turn<(Vec<How>, Option<u64>)> {
        let at = self.journal.at(now);
        let Some(mut account) = self.account()?.cloned() else { return Ok((Vec::new(), None)) };
        let (mut hows, mut need_from, mut facts) = (Vec::with_capacity(read.len()), None, Vec::new());
        let mut recorded_now: BTreeMap<u64, Digest> = BTreeMap::new();
        for line in read {
            let seq = line.name.seq;
            let recorded = match recorded_now.get(&seq) {
                Some(hash) => Some(*hash),
                None => self.kept_hash(epoch, seq)?,
            };
            let is_signed = signed.get(&line.hash).copied().unwrap_or_default();
            let take = Take { epoch, line: line.clone(), signed: is_signed, recorded, topology };
            let (events, how) = match Account::decide(Some(&account), &Command::Take(Box::new(take)), at) {
                Err(refusal) => {
                    if let Refusal::Gap { need_from: from } = refusal {
                        need_from = need_from.or(Some(from));
                    }
                    (Vec::new(), How::Refused(refusal))
                }
                Ok(events) => {
                    let how = how(&events);
                    (events, how)
                }
            };
            if how == How::Recorded {
                recorded_now.insert(seq, line.hash);
            }
            for event in events {
                if let Some(after) = Account::apply(Some(account.clone()), &event, at) {
                    account = after;
                }
                facts.push(Fact::Account(event));
            }
            hows.push(how);
        }
        self.journal.write(now, &facts)?;
        self.journal.checkpoint_if_due();
        self.arm(now);
        Ok((hows, need_from))
    }

    fn kept_hash(&mut self, epoch: u32, seq: u64) -> Turn<Option<Digest>> {
        self.journal.ensure(&entry_key(epoch, seq))?;
        Ok(self.journal.book.entries.get(&(epoch, seq)).map(|kept| kept.hash))
    }

    /// What an upload is told of an entry.
    fn entered(&mut self, epoch: u32, line: &Line, how: How) -> Turn<Entered> {
        let seq = line.name.seq;
        let is_kept = self.kept_hash(epoch, seq)? == Some(line.hash);
        let kept = self.journal.book.entries.get(&(epoch, seq)).filter(|_| is_kept);
        let oddities = kept.map(|kept| kept.oddities.clone()).unwrap_or_default();
        let pending = self.account()?.and_then(|account| account.journals.get(&epoch));
        let settled = pending.is_none_or(|journal| !journal.pending.contains_key(&seq));
        Ok(Entered { seq, how, oddities, order: line.entry.as_ref().and_then(order_of), settled })
    }
}

fn how(events: &[Event]) -> How {
    match events.first() {
        Some(Event::Contradicted { code, .. }) => How::Refused(Refusal::Contradicts { code: code.clone() }),
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
