//! The rules of the edge's side of a till. Reads the state, changes nothing.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::command::Command;
use super::event::Event;
use super::refusal::Refusal;
use super::{Account, CODE_MILLIS, Journal, PublicKey, Standing, take};
use crate::price::TaxTable;
use crate::till::{Settings, genesis};
use crate::value::{Day, Digest, Label, Quantity, Sku, Timestamp};

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
        Command::Take(taken) => take::take(account, taken, now),
        Command::Keep { epoch, seq, line } => take::keep(account, *epoch, *seq, line),
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
