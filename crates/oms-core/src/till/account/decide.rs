//! The rules of the edge's side of a till. Reads the state, changes nothing.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::command::{Command, Take};
use super::event::{Event, Recorded};
use super::refusal::Refusal;
use super::{Account, CODE_MILLIS, Journal, Line, Oddity, PublicKey, Standing, Task, Unreadable};
use crate::price::{PriceEntry, TaxTable};
use crate::till::check::{self, Known};
use crate::till::{self, Entry, Sale, Settings, genesis};
use crate::value::{Day, Digest, Label, Quantity, Sku, Slot, Timestamp, Topology};

type Decided = Result<Vec<Event>, Refusal>;

pub(super) fn decide(state: Option<&Account>, command: &Command, now: Timestamp) -> Decided {
    if let Command::Create(settings) = command {
        return create(state, settings);
    }
    let account = state.ok_or(Refusal::NoSuchTill)?;
    match command {
        Command::Create(_) => Err(Refusal::AlreadyThere),
        Command::Change(settings) => change(account, settings),
        Command::LearnTax(tax) => Ok(learn_tax(account, tax)),
        Command::Issue { code } => {
            Ok(vec![Event::CodeIssued { digest: *code, until: now.saturating_add_millis(CODE_MILLIS) }])
        }
        Command::Enroll { code, key } => enroll(account, *code, key, now),
        Command::Take(take) => self::take(account, take, now),
        Command::Keep { epoch, seq, line } => keep(account, *epoch, *seq, line),
        Command::Grant { key, lines } => Ok(grant(account, *key, lines)),
        Command::Refill => Ok(refill(account, now)),
        Command::Recall { lines } => recall(account, lines),
        Command::Revoke { reason } => revoke(account, reason.as_ref()),
        Command::Granted { epoch, sku, answered, granted } => {
            Ok(granted_now(account, *epoch, sku, *answered, *granted))
        }
        Command::Told { epoch, sku, drawn } => {
            let right = account.journals.get(epoch).and_then(|journal| journal.rights.get(sku));
            let news = right.is_some_and(|right| right.told.merged(drawn) != right.told);
            Ok(if news { vec![Event::Told { epoch: *epoch, sku: sku.clone(), drawn: *drawn }] } else { vec![] })
        }
        Command::Done { epoch, seq, task, oddities } => {
            let tasks = account.journals.get(epoch).and_then(|journal| journal.pending.get(seq));
            let news = tasks.is_some_and(|tasks| tasks.contains(task));
            let done = Event::Done { epoch: *epoch, seq: *seq, task: *task, oddities: oddities.clone() };
            Ok(if news { vec![done] } else { vec![] })
        }
    }
}

fn create(state: Option<&Account>, settings: &Settings) -> Decided {
    match state {
        None => Ok(vec![put(settings, 1, settings.tax.clone())]),
        Some(known) if same(&known.settings, settings) => Ok(vec![]),
        Some(_) => Err(Refusal::AlreadyThere),
    }
}

fn change(account: &Account, settings: &Settings) -> Decided {
    let known = &account.settings;
    // Its receipts, its books and its stock are told apart by these.
    let fixed = [
        ("series", known.series != settings.series),
        ("location", known.location != settings.location),
        ("currency", known.currency != settings.currency),
    ];
    if let Some((field, _)) = fixed.iter().find(|(_, other)| *other) {
        return Err(Refusal::Fixed { field: (*field).to_string() });
    }
    let settings = with_pins(known, settings);
    if same(known, &settings) {
        return Ok(vec![]);
    }
    Ok(vec![put(&settings, known.version.saturating_add(1), known.tax.clone())])
}

/// Pins are never shown, so that whoever changes settings cannot send them back: a cashier who comes without one keeps theirs.
fn with_pins(known: &Settings, settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    for cashier in settings.cashiers.iter_mut().filter(|cashier| cashier.pin.is_none()) {
        let before = known.cashiers.iter().find(|before| before.id == cashier.id);
        cashier.pin = before.and_then(|before| before.pin.clone());
    }
    settings
}

fn learn_tax(account: &Account, tax: &TaxTable) -> Vec<Event> {
    let known = &account.settings;
    if tax.version <= known.tax.version {
        return vec![];
    }
    vec![put(known, known.version.saturating_add(1), tax.clone())]
}

fn put(settings: &Settings, version: u32, tax: TaxTable) -> Event {
    Event::SettingsPut(Box::new(Settings { version, tax, ..settings.clone() }))
}

/// The same but for version and taxes, which are the edge's to give.
fn same(known: &Settings, settings: &Settings) -> bool {
    *known == Settings { version: known.version, tax: known.tax.clone(), ..settings.clone() }
}

fn enroll(account: &Account, code: Digest, key: &PublicKey, now: Timestamp) -> Decided {
    // The answer was lost: the same device shows the same code again.
    if account.journal().is_some_and(|journal| journal.code == code && journal.key == *key) {
        return Ok(vec![]);
    }
    let issued = account.code.filter(|issued| issued.digest == code).ok_or(Refusal::WrongCode)?;
    if issued.until < now {
        return Err(Refusal::CodeExpired);
    }
    let before = account.epoch();
    let epoch = before.unwrap_or(0).saturating_add(1);
    let genesis = genesis(&account.settings.device, epoch, &key.x, &key.y);
    // The device starts anew: what its last journal did not account for goes back to stock.
    let mut events: Vec<Event> = before.and_then(|epoch| given_up(account, epoch, None)).into_iter().collect();
    events.push(Event::Enrolled { epoch, key: key.clone(), code, genesis });
    let totals: Vec<(Sku, Quantity)> = account.base.iter().map(|(sku, base)| (sku.clone(), *base)).collect();
    events.extend((!totals.is_empty()).then_some(Event::Asked { epoch, totals }));
    Ok(events)
}

fn given_up(account: &Account, epoch: u32, reason: Option<&Label>) -> Option<Event> {
    let journal = account.journals.get(&epoch).filter(|journal| journal.standing != Standing::Revoked)?;
    let lost = journal.exposure().map(|(sku, open)| (sku.clone(), open)).collect();
    Some(Event::Revoked { epoch, reason: reason.cloned(), lost })
}

fn revoke(account: &Account, reason: Option<&Label>) -> Decided {
    let epoch = account.epoch().ok_or(Refusal::NotEnrolled)?;
    Ok(given_up(account, epoch, reason).into_iter().collect())
}

/// The journal that sells.
fn selling(account: &Account) -> Result<(u32, &Journal), Refusal> {
    let (epoch, journal) = account.journals.last_key_value().ok_or(Refusal::NotEnrolled)?;
    if journal.standing == Standing::Revoked { Err(Refusal::Revoked) } else { Ok((*epoch, journal)) }
}

fn grant(account: &Account, key: Digest, lines: &[(Sku, Quantity)]) -> Vec<Event> {
    if account.keys.contains(&key) {
        return vec![];
    }
    let mut base: BTreeMap<Sku, Quantity> = BTreeMap::new();
    for (sku, more) in lines {
        let known = account.base.get(sku).copied().unwrap_or_default();
        let total = base.entry(sku.clone()).or_insert(known);
        *total = total.saturating_add(*more);
    }
    let based = Event::Based { key: Some(key), base: base.into_iter().collect() };
    // A till that nobody enrolled yet begins with it.
    let Ok((epoch, journal)) = selling(account) else { return vec![based] };
    vec![based, Event::Asked { epoch, totals: totals(journal, lines) }]
}

/// What is asked for in total when this is asked for more.
fn totals(journal: &Journal, more: &[(Sku, Quantity)]) -> Vec<(Sku, Quantity)> {
    let mut totals: BTreeMap<Sku, Quantity> = BTreeMap::new();
    for (sku, more) in more {
        let asked = journal.rights.get(sku).map(|right| right.asked).unwrap_or_default();
        let total = totals.entry(sku.clone()).or_insert(asked);
        *total = total.saturating_add(*more);
    }
    totals.into_iter().collect()
}

/// Asks for more of what is half used up: up to what a manager granted, or what it sells in two days if that is more.
fn refill(account: &Account, now: Timestamp) -> Vec<Event> {
    let Some((epoch, journal)) = account.journals.last_key_value() else { return vec![] };
    if journal.standing != Standing::Active {
        return vec![];
    }
    let today = Day::of_utc(now);
    let more = journal.rights.iter().filter_map(|(sku, right)| {
        let due = now.millis_since(right.refilled_at) >= super::REFILL_MILLIS && right.recall.is_zero();
        let settled = right.asked == right.answered;
        let base = account.base.get(sku).copied().filter(|_| due && settled)?;
        let mut paced = right.clone();
        paced.pace(today);
        let daily = paced.pace.max(paced.today).thousandths();
        let most = Quantity::from_thousandths(base.thousandths().saturating_mul(super::MOST_OF_BASE))?;
        let wanted = base.max(Quantity::from_thousandths(daily.saturating_mul(super::COVER_DAYS))?).min(most);
        let low = right.available().thousandths().saturating_mul(2) <= wanted.thousandths();
        let more = wanted.saturating_sub(right.available());
        (low && !more.is_zero()).then(|| (sku.clone(), more))
    });
    let more: Vec<(Sku, Quantity)> = more.collect();
    if more.is_empty() { vec![] } else { vec![Event::Asked { epoch: *epoch, totals: totals(journal, &more) }] }
}

fn recall(account: &Account, lines: &[(Sku, Option<Quantity>)]) -> Decided {
    let (epoch, journal) = selling(account)?;
    let mut open: BTreeMap<Sku, Quantity> = BTreeMap::new();
    for (sku, quantity) in lines {
        let Some(right) = journal.rights.get(sku) else { continue };
        let wanted = quantity.unwrap_or(Quantity::MAX).min(right.available());
        if wanted != right.recall {
            open.insert(sku.clone(), wanted);
        }
    }
    let lines: Vec<(Sku, Quantity)> = open.into_iter().collect();
    if lines.is_empty() {
        return Ok(vec![]);
    }
    let base = lines.iter().map(|(sku, less)| {
        let known = account.base.get(sku).copied().unwrap_or_default();
        (sku.clone(), known.saturating_sub(*less))
    });
    Ok(vec![Event::Based { key: None, base: base.collect() }, Event::Recalled { epoch, lines }])
}

fn granted_now(account: &Account, epoch: u32, sku: &Sku, answered: Quantity, granted: Quantity) -> Vec<Event> {
    let right = account.journals.get(&epoch).and_then(|journal| journal.rights.get(sku));
    let news = right.is_none_or(|right| right.answered < answered || right.granted < granted);
    if news { vec![Event::Granted { epoch, sku: sku.clone(), answered, granted }] } else { vec![] }
}

/// Takes an entry in: new and next in its chain, known already, or contradicting what was recorded.
fn take(account: &Account, take: &Take, now: Timestamp) -> Decided {
    let line = &take.line;
    let journal = account.journals.get(&take.epoch).ok_or(Refusal::NotEnrolled)?;
    if line.name.device != account.settings.device || line.name.epoch != take.epoch {
        return Err(Refusal::OtherJournal);
    }
    let Some(skipped) = skipped(journal, take) else {
        return Err(Refusal::Gap { need_from: journal.head.saturating_add(1) });
    };
    if take.recorded == Some(line.hash) && line.told == line.hash {
        return Ok(vec![]);
    }
    if let Some(code) = contradiction(journal, take) {
        return contradicted(journal, take, code);
    }
    Ok(vec![Event::Recorded(Box::new(recorded(account, journal, take, skipped, now)))])
}

/// The hashes of the entries between the last recorded one and this, when each of them came and could not be read. Of the last
/// one it is what this one says that it comes after; of those before, what they say themselves or, where not even that can be
/// read, the hash of what came. Nothing when entries are missing.
fn skipped(journal: &Journal, take: &Take) -> Option<Vec<Digest>> {
    let line = &take.line;
    let missing = line.name.seq.saturating_sub(journal.head).saturating_sub(1);
    if missing == 0 {
        return Some(vec![]);
    }
    if u64::try_from(take.torn.len()) != Ok(missing) {
        return None;
    }
    let mut hashes: Vec<Digest> = take.torn.iter().map(|(told, came)| told.unwrap_or(*came)).collect();
    *hashes.last_mut()? = line.prev;
    Some(hashes)
}

fn contradiction(journal: &Journal, take: &Take) -> Option<&'static str> {
    let line = &take.line;
    if line.told != line.hash {
        Some("broken_hash")
    } else if line.name.seq <= journal.head && hole(journal, line).is_none() {
        Some("fork")
    } else if comes_after(journal, take).is_some_and(|hash| hash != line.prev) {
        Some("broken_chain")
    } else if !take.signed {
        Some("bad_signature")
    } else {
        None
    }
}

/// The hash that an entry comes after, which could not be read when others followed it: it is the very one that they follow.
fn hole(journal: &Journal, line: &Line) -> Option<Digest> {
    journal.holes.get(&line.name.seq).filter(|(hash, _)| *hash == line.hash).map(|(_, before)| *before)
}

/// The hash that an entry has to come after. Nothing where that is an entry of which not even the hash can be read: the device
/// that signed this one is all there is to say so.
fn comes_after(journal: &Journal, take: &Take) -> Option<Digest> {
    if let Some(before) = hole(journal, &take.line) {
        return Some(before);
    }
    match take.torn.last().filter(|_| take.line.name.seq > journal.head.saturating_add(1)) {
        Some((told, _)) => *told,
        None => Some(journal.hash),
    }
}

/// Noted once; said every time.
fn keep(account: &Account, epoch: u32, seq: u64, line: &Unreadable) -> Decided {
    let journal = account.journals.get(&epoch).ok_or(Refusal::NotEnrolled)?;
    if journal.unreadable.contains(&(seq, line.came)) || journal.unreadable.len() >= super::MAX_UNREADABLE {
        return Ok(vec![]);
    }
    Ok(vec![Event::Unreadable { epoch, seq, line: line.came, text: line.text.clone() }])
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

fn recorded(account: &Account, journal: &Journal, take: &Take, skipped: Vec<Digest>, now: Timestamp) -> Recorded {
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

/// What the edge finds when it reckons an entry again, but for its clock: prices as its pages had them in the till's version, and for a refund the
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
    skus.map(|sku| Task::Stock(Slot::of_sku(sku).object(topology))).collect()
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
