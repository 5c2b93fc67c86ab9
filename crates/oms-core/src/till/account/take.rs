//! How an entry is taken in: the chain it has to go on, what it says of rights and receipts, and what it leads to.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use super::command::Take;
use super::event::{Event, Recorded};
use super::refusal::Refusal;
use super::{Account, Journal, Line, Oddity, Standing, Task, Unreadable};
use crate::price::PriceEntry;
use crate::sorting::Gather as _;
use crate::till::check::{self, Known};
use crate::till::{self, Entry, Sale};
use crate::value::{Digest, Quantity, Sku, Slot, Timestamp, Topology};

type Decided = Result<Vec<Event>, Refusal>;

/// Takes an entry in: new and next in its chain, known already, or contradicting what was recorded.
pub(super) fn take(account: &Account, take: &Take, now: Timestamp) -> Decided {
    let line = &take.line;
    let journal = account.journals.get(&take.epoch).ok_or(Refusal::NotEnrolled)?;
    if line.name.device != account.settings.device || line.name.epoch != take.epoch {
        return Err(Refusal::OtherJournal);
    }
    if take.recorded == Some(line.hash) {
        return Ok(vec![]);
    }
    if !take.signed && line.told != line.hash {
        return damaged(account, take, "it is not what its hash is of");
    }
    let skipped = skipped(journal, take).map_err(|need_from| Refusal::Gap { need_from })?;
    if let Some(code) = contradiction(journal, take) {
        return contradicted(journal, take, code);
    }
    if !take.signed && !vouched(journal, take) {
        return damaged(account, take, "it is not signed, and what it follows cannot be read");
    }
    Ok(vec![Event::Recorded(Box::new(recorded(account, journal, take, skipped, now)))])
}

/// The hashes of the entries right before this that could not be read: of the last one it is what this one says that it comes
/// after; of those before it nobody knows until the one after each comes. An error is the entry that is to come first.
fn skipped(journal: &Journal, take: &Take) -> Result<Vec<Option<Digest>>, u64> {
    let line = &take.line;
    let seq = line.name.seq;
    if let Some((hash, before)) = journal.holes.get(&seq) {
        // Which entry belongs in the hole only the one after it tells.
        hash.ok_or(seq.saturating_add(1))?;
        return Ok(before.is_none().then_some(Some(line.prev)).into_iter().collect());
    }
    let missing = seq.saturating_sub(journal.head).saturating_sub(1);
    if missing == 0 {
        return Ok(vec![]);
    }
    if take.torn.lines != missing {
        return Err(journal.head.saturating_add(1));
    }
    Ok((1..missing).map(|_| None).chain([Some(line.prev)]).collect())
}

fn contradiction(journal: &Journal, take: &Take) -> Option<&'static str> {
    let line = &take.line;
    if line.name.seq <= journal.head && !fills(journal, line) {
        Some("fork")
    } else if comes_after(journal, take).is_some_and(|hash| hash != line.prev) {
        Some("broken_chain")
    } else {
        None
    }
}

/// True for the very entry that others follow though it could not be read.
fn fills(journal: &Journal, line: &Line) -> bool {
    journal.holes.get(&line.name.seq).is_some_and(|(hash, _)| *hash == Some(line.hash))
}

/// The hash that an entry has to come after. Nothing where that is an entry of which not even the hash can be read: the device
/// that signed this one is all there is to say so.
fn comes_after(journal: &Journal, take: &Take) -> Option<Digest> {
    if let Some((_, before)) = journal.holes.get(&take.line.name.seq) {
        return *before;
    }
    if take.line.name.seq > journal.head.saturating_add(1) { take.torn.told } else { Some(journal.hash) }
}

/// True when the chain says that an entry is the device's, whatever became of its signature: a signed one follows it, or it
/// follows what is recorded and came in a request that the device signed.
fn vouched(journal: &Journal, take: &Take) -> bool {
    fills(journal, &take.line) || comes_after(journal, take).is_some()
}

/// Neither signature nor chain says that this is what the device wrote: evidence, as what cannot be read is.
fn damaged(account: &Account, take: &Take, detail: &str) -> Decided {
    keep(account, take.epoch, take.line.name.seq, &take.line.damaged(detail))
}

/// Noted once; said every time.
pub(super) fn keep(account: &Account, epoch: u32, seq: u64, line: &Unreadable) -> Decided {
    let journal = account.journals.get(&epoch).ok_or(Refusal::NotEnrolled)?;
    if journal.unreadable.contains(&(seq, line.came)) || journal.unreadable.len() >= super::MAX_UNREADABLE {
        return Err(Refusal::Unreadable { detail: line.detail.clone() });
    }
    Ok(vec![Event::Unreadable { epoch, seq, line: line.came, detail: line.detail.clone(), text: line.text.clone() }])
}

/// Noted once; said every time.
fn contradicted(journal: &Journal, take: &Take, code: &str) -> Decided {
    let line = &take.line;
    if journal.forks.contains(&(line.name.seq, line.hash)) || journal.forks.len() >= super::MAX_FORKS {
        return Err(Refusal::Contradicts { code: code.into() });
    }
    Ok(vec![Event::Contradicted {
        epoch: take.epoch,
        seq: line.name.seq,
        hash: line.hash,
        code: code.into(),
        entry: line.text.clone(),
    }])
}

fn recorded(
    account: &Account,
    journal: &Journal,
    take: &Take,
    skipped: Vec<Option<Digest>>,
    now: Timestamp,
) -> Recorded {
    let line = &take.line;
    let mut recorded = Recorded {
        epoch: take.epoch,
        seq: line.name.seq,
        hash: line.hash,
        skipped,
        entry: line.text.clone(),
        signature: line.signature.clone(),
        receipt: None,
        rights: BTreeMap::new(),
        left: BTreeMap::new(),
        tasks: BTreeSet::new(),
        oddities: Vec::new(),
    };
    match &line.entry {
        Some(entry) => {
            recorded.oddities.extend(check::clock(entry, now).iter().map(Oddity::of));
            read(account, journal, entry, take.topology, &mut recorded);
        }
        None => recorded.oddities.push(Oddity::new("not_understood", "this version does not understand the entry")),
    }
    if !take.signed {
        recorded
            .oddities
            .push(Oddity::new("bad_signature", "the signature is not the device's; the chain says that it is"));
    }
    if line.told != line.hash {
        recorded.oddities.push(Oddity::new("broken_hash", "the hash that came with it is another entry's"));
    }
    if journal.standing == Standing::Revoked {
        recorded.oddities.push(Oddity::new("after_revocation", "the device was given up before this came"));
    }
    recorded
}

/// What an entry says of rights and receipts, and what it leads to.
fn read(account: &Account, journal: &Journal, entry: &Entry, topology: Topology, recorded: &mut Recorded) {
    match &entry.event {
        till::Event::Sold(sale) => {
            number(account, sale.receipt.number, &sale.receipt.series, recorded);
            sold(journal, sale, recorded);
            recorded.tasks.extend([Task::Check, Task::Order]);
        }
        till::Event::Refunded(refunded) => {
            number(account, refunded.receipt.number, &refunded.receipt.series, recorded);
            recorded.tasks.extend(objects(refunded.lines.iter().map(|line| &line.sku), topology));
            // What is paid back is checked against the order, where there is one.
            recorded.tasks.insert(match &refunded.of {
                till::ReturnOf::Order { .. } => Task::Order,
                till::ReturnOf::Unknown => Task::Check,
            });
        }
        till::Event::Counted { lines, .. } => {
            let left = |sku| journal.rights.get(sku).map(|right| right.sold.saturating_add(right.beyond));
            let lines_left = lines.iter().map(|line| (line.sku.clone(), left(&line.sku).unwrap_or_default()));
            recorded.left.extend(lines_left);
            recorded.tasks.extend(objects(lines.iter().map(|line| &line.sku), topology));
        }
        till::Event::HandedOver { .. } | till::Event::Requested { .. } => {
            recorded.tasks.insert(Task::Order);
        }
        till::Event::Surrendered { pieces } => surrendered(journal, pieces, recorded),
        till::Event::ShiftOpened { .. }
        | till::Event::ShiftClosed { .. }
        | till::Event::PaidIn { .. }
        | till::Event::PaidOut { .. }
        | till::Event::DrawerOpened { .. }
        | till::Event::ClockAccepted { .. } => {
            // Nothing of it is anybody else's: it is checked at once.
            recorded.oddities.extend(checked(account, entry, &BTreeMap::new(), None));
        }
    }
}

/// What the edge finds when it reckons an entry again: prices as its pages had them in the till's version, and for a refund the
/// order's lines.
/// Its rights, its receipt and its clock were looked at when it was recorded.
pub fn checked(
    account: &Account,
    entry: &Entry,
    pages: &BTreeMap<Sku, Vec<PriceEntry>>,
    sold: Option<&[till::SoldLine]>,
) -> Vec<Oddity> {
    let (receipt, rights) = match &entry.event {
        till::Event::Sold(sale) => {
            let mut rights: BTreeMap<Sku, Quantity> = BTreeMap::new();
            for line in &sale.lines {
                let sum = rights.entry(line.sku.clone()).or_default();
                *sum = sum.saturating_add(line.within);
            }
            (sale.receipt.clone(), rights)
        }
        till::Event::Refunded(back) => (back.receipt.clone(), BTreeMap::new()),
        till::Event::ShiftOpened { .. }
        | till::Event::ShiftClosed { .. }
        | till::Event::PaidIn { .. }
        | till::Event::PaidOut { .. }
        | till::Event::DrawerOpened { .. }
        | till::Event::Counted { .. }
        | till::Event::HandedOver { .. }
        | till::Event::Requested { .. }
        | till::Event::Surrendered { .. }
        | till::Event::ClockAccepted { .. } => {
            let series = account.settings.series.clone();
            (till::ReceiptNo { series, number: account.next_receipt }, BTreeMap::new())
        }
    };
    let settings = &account.settings;
    let past_taxes = &account.past_taxes;
    let known = Known { settings, past_taxes, pages, receipt: &receipt, rights: &rights, sold, received_at: entry.at };
    check::entry(entry, &known).iter().map(Oddity::of).collect()
}

fn objects<'a>(skus: impl Iterator<Item = &'a Sku>, topology: Topology) -> BTreeSet<Task> {
    skus.map(|sku| Task::Stock(Slot::of_sku(sku).object(topology))).into_set()
}

/// Receipts of a series have no gaps.
fn number(account: &Account, number: u64, series: &till::Series, recorded: &mut Recorded) {
    if *series != account.settings.series {
        recorded.oddities.push(Oddity::new("receipt", "the receipt is of another series"));
        return;
    }
    recorded.receipt = Some(number);
    if number != account.next_receipt {
        let detail = alloc::format!("receipt {number} came where {} was next", account.next_receipt);
        recorded.oddities.push(Oddity::new("receipt", detail));
    }
}

/// What was sold within rights, as far as there were any: the rest was sold beyond.
fn sold(journal: &Journal, sale: &Sale, recorded: &mut Recorded) {
    let mut missing = Vec::new();
    for line in &sale.lines {
        let before = recorded.rights.get(&line.sku).map(|change| change.sold).unwrap_or_default();
        let open = open(journal, &line.sku).saturating_sub(before);
        let within = line.within.min(line.quantity).min(open);
        let rest = line.quantity.saturating_sub(within);
        let change = recorded.rights.entry(line.sku.clone()).or_default();
        change.sold = change.sold.saturating_add(within);
        change.beyond = change.beyond.saturating_add(rest);
        // What the till says was beyond is a variance of its own.
        let unsaid = line.within.saturating_sub(within);
        if !unsaid.is_zero() {
            missing.push(alloc::format!("{unsaid} {}", line.sku));
        }
    }
    if !missing.is_empty() {
        let detail = alloc::format!("said to be within rights that there were not: {}", missing.join(", "));
        recorded.oddities.push(Oddity::new("rights", detail));
    }
}

fn open(journal: &Journal, sku: &Sku) -> Quantity {
    let right = journal.rights.get(sku).filter(|_| journal.standing != Standing::Revoked);
    right.map(super::Right::available).unwrap_or_default()
}

fn surrendered(journal: &Journal, pieces: &[till::Piece], recorded: &mut Recorded) {
    for piece in pieces {
        let change = recorded.rights.entry(piece.sku.clone()).or_default();
        let left = open(journal, &piece.sku).saturating_sub(change.surrendered);
        let given = piece.quantity.min(left);
        change.surrendered = change.surrendered.saturating_add(given);
        if given < piece.quantity {
            let detail = alloc::format!("{} {} given back, it had {given}", piece.quantity, piece.sku);
            recorded.oddities.push(Oddity::new("surrendered_too_much", detail));
        }
    }
}
