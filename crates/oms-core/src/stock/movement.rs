//! The rules of movements: what comes, goes, is counted or changes places.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::Stock;
use super::command::{Move, MoveLine};
use super::event::{Event, Posting};
use super::refusal::Refusal;
use super::shelf::{Reason, Verdict};
use crate::order::Disposition;
use crate::promise::Inbound;
use crate::value::{Label, LocationId, Quantity, Sku};

/// All lines or none; a movement posted before posts nothing.
pub(super) fn decide(stock: &Stock, movement: &Move) -> Result<Vec<Event>, Refusal> {
    if stock.movements.contains(&movement.id) {
        return Ok(vec![]);
    }
    let reference = movement.reference.as_ref();
    let mut balances = Balances { stock, reference, changed: BTreeMap::new() };
    let mut postings = Vec::new();
    for (line, change) in (1..).zip(&movement.lines) {
        postings.extend(balances.post(line, change)?);
    }
    Ok(vec![Event::Moved { id: movement.id, reference: movement.reference.clone(), postings }])
}

/// Balances as the lines of one movement change them, one after the other.
struct Balances<'a> {
    stock: &'a Stock,
    /// The movement's document.
    reference: Option<&'a Label>,
    changed: BTreeMap<(Sku, LocationId), Balance>,
}

/// What a movement looks at of a shelf.
#[derive(Clone, Copy)]
struct Balance {
    on_hand: Quantity,
    /// Set aside or unfit for sale: it stays where it is.
    promised: Quantity,
    /// Of that, unfit for sale.
    quarantined: Quantity,
    /// Everything that ever came; its bound is what keeps the ledger exact.
    come: Quantity,
}

impl Balance {
    fn free(self) -> Quantity {
        self.on_hand.saturating_sub(self.promised)
    }
}

impl Balances<'_> {
    fn post(&mut self, line: u32, change: &MoveLine) -> Result<Option<Posting>, Refusal> {
        let sku = change.sku();
        if !self.stock.pages.contains_key(sku) {
            return Err(Refusal::UnknownSku { line, sku: sku.clone() });
        }
        Ok(Some(match change {
            MoveLine::Receive { sku, location, quantity } => {
                asked(line, *quantity)?;
                self.put(line, sku, location, *quantity)?;
                let (sku, location, quantity) = (sku.clone(), location.clone(), *quantity);
                if self.inbound(&sku, |inbound| inbound.location == location && inbound.is_transfer()).is_some() {
                    Posting::Arrived { sku, location, quantity }
                } else {
                    Posting::Received { sku, location, quantity }
                }
            }
            MoveLine::Dispatch { sku, from, quantity } => {
                asked(line, *quantity)?;
                self.dispatch(line, sku, from, *quantity)?
            }
            MoveLine::Return { sku, location, quantity, disposition } => {
                asked(line, *quantity)?;
                self.put(line, sku, location, *quantity)?;
                if *disposition == Disposition::Quarantine {
                    self.change(sku, location, |balance| {
                        balance.promised = balance.promised.saturating_add(*quantity);
                        balance.quarantined = balance.quarantined.saturating_add(*quantity);
                    });
                }
                let (sku, location) = (sku.clone(), location.clone());
                Posting::Returned { sku, location, quantity: *quantity, disposition: *disposition }
            }
            MoveLine::Judge { sku, location, quantity, verdict } => {
                asked(line, *quantity)?;
                self.judge(line, sku, location, *quantity, *verdict)?
            }
            MoveLine::Adjust { sku, location, by, reason } => {
                asked(line, by.magnitude())?;
                self.correct(line, sku, location, by.is_negative(), by.magnitude(), *reason)?
            }
            MoveLine::Count { sku, location, counted } => {
                let on_hand = self.of(sku, location).on_hand;
                let (gone, by) = match counted.checked_sub(on_hand) {
                    Some(found) => (false, found),
                    None => (true, on_hand.saturating_sub(*counted)),
                };
                if by.is_zero() {
                    return Ok(None);
                }
                self.correct(line, sku, location, gone, by, Reason::Correction)?
            }
            MoveLine::Recount { sku, location, counted, holder, left } => {
                // What is on hand now, as it was when that much had left: sales are told in any order.
                let told = self.stock.pages.get(sku).and_then(|page| page.allotments.get(holder));
                let told = told.map(|one| one.drawn.left()).unwrap_or_default();
                let now = self.of(sku, location).on_hand.saturating_add(told);
                let then = counted.saturating_add(*left);
                let (gone, by) = match then.checked_sub(now) {
                    Some(found) => (false, found),
                    None => (true, now.saturating_sub(then)),
                };
                let by = if gone { by.min(self.of(sku, location).on_hand) } else { by };
                if by.is_zero() {
                    return Ok(None);
                }
                self.correct(line, sku, location, gone, by, Reason::Correction)?
            }
            MoveLine::Transfer { sku, from, to, quantity } => {
                asked(line, *quantity)?;
                if from == to {
                    return Err(Refusal::SameLocation { line });
                }
                let free = self.of(sku, from).free();
                if free < *quantity {
                    return Err(Refusal::NotEnough { line, sku: sku.clone(), location: from.clone(), available: free });
                }
                self.take(sku, from, *quantity);
                self.put(line, sku, to, *quantity)?;
                Posting::Transferred { sku: sku.clone(), from: from.clone(), to: to.clone(), quantity: *quantity }
            }
        }))
    }

    /// Goods on their way under the movement's number.
    fn inbound(&self, sku: &Sku, of: impl Fn(&Inbound) -> bool) -> Option<&Inbound> {
        let number = self.reference?;
        self.stock.pages.get(sku)?.inbound.iter().find(|inbound| inbound.id == *number && of(inbound))
    }

    /// No more leaves than is to leave under the number, and only what is free.
    fn dispatch(&mut self, line: u32, sku: &Sku, from: &LocationId, quantity: Quantity) -> Result<Posting, Refusal> {
        let transfer = self.inbound(sku, |inbound| inbound.comes_from(from));
        let rest = transfer.map(|transfer| transfer.ordered.saturating_sub(transfer.sent));
        if rest.is_none_or(|rest| rest < quantity) {
            return Err(Refusal::NoTransfer { line, sku: sku.clone() });
        }
        let free = self.of(sku, from).free();
        if free < quantity {
            return Err(Refusal::NotEnough { line, sku: sku.clone(), location: from.clone(), available: free });
        }
        self.take(sku, from, quantity);
        Ok(Posting::Dispatched { sku: sku.clone(), location: from.clone(), quantity })
    }

    /// A correction is a fact: it may leave less than is promised, but never less than nothing.
    fn correct(
        &mut self,
        line: u32,
        sku: &Sku,
        location: &LocationId,
        gone: bool,
        quantity: Quantity,
        reason: Reason,
    ) -> Result<Posting, Refusal> {
        if !gone {
            self.put(line, sku, location, quantity)?;
            return Ok(Posting::Found { sku: sku.clone(), location: location.clone(), quantity, reason });
        }
        let on_hand = self.of(sku, location).on_hand;
        if on_hand < quantity {
            return Err(Refusal::NotEnough { line, sku: sku.clone(), location: location.clone(), available: on_hand });
        }
        self.take(sku, location, quantity);
        Ok(Posting::Lost { sku: sku.clone(), location: location.clone(), quantity, reason })
    }

    /// Only what is in quarantine can be judged, and scrapped only what is there.
    fn judge(
        &mut self,
        line: u32,
        sku: &Sku,
        location: &LocationId,
        quantity: Quantity,
        verdict: Verdict,
    ) -> Result<Posting, Refusal> {
        let balance = self.of(sku, location);
        let available = match verdict {
            Verdict::Restock => balance.quarantined,
            Verdict::Scrap => balance.quarantined.min(balance.on_hand),
        };
        if available < quantity {
            return Err(Refusal::NotEnough { line, sku: sku.clone(), location: location.clone(), available });
        }
        self.change(sku, location, |balance| {
            balance.promised = balance.promised.saturating_sub(quantity);
            balance.quarantined = balance.quarantined.saturating_sub(quantity);
        });
        if verdict == Verdict::Scrap {
            self.take(sku, location, quantity);
        }
        Ok(Posting::Judged { sku: sku.clone(), location: location.clone(), quantity, verdict })
    }

    fn of(&self, sku: &Sku, location: &LocationId) -> Balance {
        if let Some(changed) = self.changed.get(&(sku.clone(), location.clone())) {
            return *changed;
        }
        let shelf = self.stock.pages.get(sku).map(|page| page.shelf(location)).unwrap_or_default();
        let (promised, quarantined, come) = (shelf.promised(), shelf.quarantined, shelf.sums.come());
        Balance { on_hand: shelf.on_hand, promised, quarantined, come }
    }

    fn put(&mut self, line: u32, sku: &Sku, location: &LocationId, quantity: Quantity) -> Result<(), Refusal> {
        let before = self.of(sku, location);
        let on_hand = before.on_hand.checked_add(quantity).ok_or(Refusal::TooMuch { line })?;
        let come = before.come.checked_add(quantity).ok_or(Refusal::TooMuch { line })?;
        self.changed.insert((sku.clone(), location.clone()), Balance { on_hand, come, ..before });
        Ok(())
    }

    fn take(&mut self, sku: &Sku, location: &LocationId, quantity: Quantity) {
        self.change(sku, location, |balance| balance.on_hand = balance.on_hand.saturating_sub(quantity));
    }

    fn change(&mut self, sku: &Sku, location: &LocationId, change: impl FnOnce(&mut Balance)) {
        let mut balance = self.of(sku, location);
        change(&mut balance);
        self.changed.insert((sku.clone(), location.clone()), balance);
    }
}

fn asked(line: u32, quantity: Quantity) -> Result<(), Refusal> {
    if quantity.is_zero() { Err(Refusal::NothingAsked { line }) } else { Ok(()) }
}
