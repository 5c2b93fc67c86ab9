//! The rules of a till. Reads the state, changes nothing.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::cart::{Cart, MAX_LINES, MAX_TENDERS};
use super::command::{Amounted, Command};
use super::entry::Entry;
use super::event::{CountedLine, Event, Piece};
use super::facts::{BOOK_LIMIT_MS, Facts, People};
use super::name::ReceiptNo;
use super::pricing;
use super::refund::{self, RefundAsk};
use super::refusal::Refusal;
use super::sale::{Refunded, ReturnOf, Sale, Tender};
use super::settings::Permission;
use super::shift::Shift;
use super::state::Till;
use crate::order::{Draft, Head};
use crate::value::{Amount, Digest, Label, OrderId};

/// Longest entry, in bytes of its canonical JSON: half of what an upload may have, so that two always fit.
pub const MAX_ENTRY_BYTES: usize = 128 * 1024;

/// An entry that is to be signed and written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The entry.
    pub entry: Entry,
    /// Its canonical JSON: what is signed.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: Digest,
}

/// Judges a command against where the till stands. Nothing has happened until the entry is written for good and taken in
/// by [`Till::apply`].
///
/// # Errors
/// [`Refusal`], the first that applies.
pub fn decide(till: &Till, command: &Command, facts: &Facts<'_>) -> Result<Decided, Refusal> {
    let event = judge(till, command, facts)?;
    let entry = Entry {
        device: till.tip.device.clone(),
        epoch: till.tip.epoch,
        seq: till.tip.seq.saturating_add(1),
        prev: till.tip.head,
        at: facts.clock.now,
        uptime: facts.clock.uptime,
        book: facts.book.map_or(0, |book| book.version),
        event,
    };
    // The only number that is not bounded by its type is the uptime.
    let bytes = entry.bytes().map_err(|_| Refusal::TooLong)?;
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(Refusal::TooLong);
    }
    let hash = Digest::of(&bytes);
    Ok(Decided { entry, bytes, hash })
}

fn judge(till: &Till, command: &Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let who = Who { till, facts };
    match command {
        Command::OpenShift { cashier, float } => {
            who.at_work(cashier)?;
            match till.shift {
                Some(_) => Err(Refusal::ShiftOpen),
                None if float.is_negative() => Err(Refusal::BadAmount),
                None => Ok(Event::ShiftOpened { cashier: cashier.clone(), float: *float }),
            }
        }
        Command::CloseShift { cashier, approver, counted } => close(who, cashier, approver.as_ref(), *counted),
        Command::PayIn { cashier, amount, reason } => {
            who.in_shift(cashier)?;
            let amount = above_zero(*amount)?;
            Ok(Event::PaidIn { cashier: cashier.clone(), amount, reason: reason.clone() })
        }
        Command::PayOut { cashier, approver, amount, reason } => {
            who.in_shift(cashier)?;
            let amount = above_zero(*amount)?;
            let by = who.people(cashier, approver.as_ref()).answers(Permission::PayOut)?;
            Ok(Event::PaidOut { cashier: by.clone(), amount, reason: reason.clone() })
        }
        Command::OpenDrawer { cashier, reason } => {
            who.in_shift(cashier)?;
            Ok(Event::DrawerOpened { cashier: cashier.clone(), reason: reason.clone() })
        }
        Command::Sell(cart) => sell(who, cart),
        Command::Refund(ask) => refund(who, ask),
        Command::Count { cashier, lines } => {
            who.at_work(cashier)?;
            counted(cashier, lines)
        }
        Command::HandOver { cashier, order, no } => {
            who.at_work(cashier)?;
            Ok(Event::HandedOver { cashier: cashier.clone(), order: *order, no: *no })
        }
        Command::Request { cashier, draft, tenders } => request(who, cashier, draft, tenders),
        Command::Surrender { recall } => surrender(who, recall),
        Command::AcceptClock { manager } => accept_clock(who, manager),
    }
}

/// The state and the facts, for the questions that every rule asks first.
#[derive(Clone, Copy)]
struct Who<'a> {
    till: &'a Till,
    facts: &'a Facts<'a>,
}

impl<'a> Who<'a> {
    /// Somebody who works here, at a till whose clock is right.
    fn at_work(self, cashier: &Label) -> Result<(), Refusal> {
        if self.facts.settings.cashier(cashier).is_none() {
            return Err(Refusal::NoCashier { cashier: cashier.clone() });
        }
        match self.till.clock_off(&self.facts.clock) {
            Some(skew) => Err(Refusal::ClockOff { skew }),
            None => Ok(()),
        }
    }

    /// And a drawer that is in use.
    fn in_shift(self, cashier: &Label) -> Result<&'a Shift, Refusal> {
        self.at_work(cashier)?;
        self.till.shift.as_ref().ok_or(Refusal::NoShift)
    }

    /// Prices that are not too old to sell by. Before a catalog was loaded there is nothing to sell either.
    fn prices(self) -> Result<(), Refusal> {
        let Some(book) = self.facts.book else { return Ok(()) };
        let age = self.facts.clock.now.millis_since(book.checked_at);
        if age <= BOOK_LIMIT_MS {
            return Ok(());
        }
        let days = age.checked_div(24 * 60 * 60 * 1000).unwrap_or(age);
        Err(Refusal::BookTooOld { days: u32::try_from(days).unwrap_or(u32::MAX) })
    }

    fn people(self, cashier: &'a Label, approver: Option<&'a Label>) -> People<'a> {
        People { settings: self.facts.settings, cashier, approver }
    }

    fn receipt(self) -> ReceiptNo {
        ReceiptNo { series: self.facts.settings.series.clone(), number: self.till.next_receipt }
    }

    /// The order that the next entry makes.
    fn order(self) -> OrderId {
        let tip = &self.till.tip;
        let (device, epoch, seq) = (tip.device.clone(), tip.epoch, tip.seq.saturating_add(1));
        super::entry::EntryName { device, epoch, seq }.order_id(self.facts.clock.now)
    }
}

fn above_zero(amount: Amount) -> Result<Amount, Refusal> {
    if amount.is_negative() || amount.is_zero() { Err(Refusal::BadAmount) } else { Ok(amount) }
}

fn close(who: Who<'_>, cashier: &Label, approver: Option<&Label>, counted: Amount) -> Result<Event, Refusal> {
    let shift = who.in_shift(cashier)?;
    if counted.is_negative() {
        return Err(Refusal::BadAmount);
    }
    if shift.cashier != *cashier {
        who.people(cashier, approver).answers(Permission::Manage)?;
    }
    Ok(Event::ShiftClosed { cashier: cashier.clone(), counted, expected: shift.expected() })
}

fn sell(who: Who<'_>, cart: &Cart) -> Result<Event, Refusal> {
    who.in_shift(&cart.cashier)?;
    who.prices()?;
    let (priced, lines) = pricing::work_out(who.till, cart, who.facts);
    if let Some(refusal) = priced.refusals.into_iter().next() {
        return Err(refusal);
    }
    let settings = who.facts.settings;
    Ok(Event::Sold(Box::new(Sale {
        receipt: who.receipt(),
        order: who.order(),
        cashier: cart.cashier.clone(),
        customer: cart.customer.clone(),
        currency: settings.currency,
        country: settings.country,
        tax_version: settings.tax.version,
        lines,
        totals: priced.totals,
        rounding: priced.payment.rounding,
        tenders: cart.tenders.clone(),
        change: priced.payment.change,
    })))
}

fn refund(who: Who<'_>, ask: &RefundAsk) -> Result<Event, Refusal> {
    who.in_shift(&ask.cashier)?;
    let priced = refund::price(who.till, ask, who.facts);
    let people = who.people(&ask.cashier, ask.approver.as_ref());
    let by = match &ask.of {
        ReturnOf::Order { .. } => people.answers(Permission::Refund)?,
        ReturnOf::Unknown => {
            who.prices()?;
            people.answers(Permission::BlindRefund)?
        }
    };
    if let Some(refusal) = priced.refusals.into_iter().next() {
        return Err(refusal);
    }
    let settings = who.facts.settings;
    Ok(Event::Refunded(Box::new(Refunded {
        receipt: who.receipt(),
        cashier: ask.cashier.clone(),
        allowed_by: (*by != ask.cashier).then(|| by.clone()),
        of: ask.of.clone(),
        reason: ask.reason.clone(),
        currency: settings.currency,
        country: settings.country,
        lines: priced.lines,
        totals: priced.totals,
        rounding: priced.payment.rounding,
        tenders: ask.tenders.clone(),
    })))
}

fn counted(cashier: &Label, lines: &[Amounted]) -> Result<Event, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::Empty);
    }
    if lines.len() > MAX_LINES {
        return Err(Refusal::TooManyLines);
    }
    let line = |line: &Amounted| CountedLine { sku: line.sku.clone(), counted: line.quantity };
    Ok(Event::Counted { cashier: cashier.clone(), lines: lines.iter().map(line).collect() })
}

/// An order for others: it needs no rights and no price book of the till's, the edge prices and places it.
fn request(who: Who<'_>, cashier: &Label, draft: &Draft, tenders: &[Tender]) -> Result<Event, Refusal> {
    who.at_work(cashier)?;
    if !tenders.is_empty() {
        who.in_shift(cashier)?;
    }
    if draft.head.currency != who.facts.settings.currency {
        return Err(Refusal::Currency);
    }
    if draft.lines.is_empty() {
        return Err(Refusal::Empty);
    }
    if draft.lines.len() > MAX_LINES || tenders.len() > MAX_TENDERS {
        return Err(Refusal::TooManyLines);
    }
    for (tender, index) in tenders.iter().zip(1_u32..) {
        above_zero(tender.amount).map_err(|_| Refusal::TenderAmount { index })?;
    }
    let head = Head { placed_at: who.facts.clock.now, ..draft.head.clone() };
    let draft = Draft { id: who.order(), head, ..draft.clone() };
    Ok(Event::Requested { cashier: cashier.clone(), draft: Box::new(draft), tenders: tenders.to_vec() })
}

/// Gives back what is left of what is wanted back; nobody has to be there for it.
fn surrender(who: Who<'_>, recall: &[Amounted]) -> Result<Event, Refusal> {
    let mut pieces: Vec<Piece> = Vec::new();
    for wanted in recall.iter().take(MAX_LINES) {
        let quantity = wanted.quantity.min(who.till.right(&wanted.sku, who.facts.granted));
        let named = pieces.iter().any(|piece| piece.sku == wanted.sku);
        if !quantity.is_zero() && !named {
            pieces.push(Piece { sku: wanted.sku.clone(), quantity });
        }
    }
    if pieces.is_empty() { Err(Refusal::NothingToDo) } else { Ok(Event::Surrendered { pieces }) }
}

fn accept_clock(who: Who<'_>, manager: &Label) -> Result<Event, Refusal> {
    let settings = who.facts.settings;
    if settings.cashier(manager).is_none() {
        return Err(Refusal::NoCashier { cashier: manager.clone() });
    }
    if !settings.may(manager, Permission::Manage) {
        return Err(Refusal::NotPermitted { permission: Permission::Manage });
    }
    let skew = who.till.clock_off(&who.facts.clock).ok_or(Refusal::NothingToDo)?;
    Ok(Event::ClockAccepted { manager: manager.clone(), skew })
}
