//! The rules of movements: what comes, goes, is counted or changes places.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::Stock;
use super::command::{Move, MoveLine};
use super::event::{Event, Posting};
use super::refusal::Refusal;
use super::shelf::Reason;
use crate::value::{LocationId, Quantity, Sku};

/// All lines or none; a movement posted before posts nothing.
pub(super) fn decide(stock: &Stock, movement: &Move) -> Result<Vec<Event>, Refusal> {
    if stock.movements.contains(&movement.id) {
        return Ok(vec![]);
    }
    let mut balances = Balances { stock, changed: BTreeMap::new() };
    let mut postings = Vec::new();
    for (line, change) in (1..).zip(&movement.lines) {
        postings.extend(balances.post(line, change)?);
    }
    Ok(vec![Event::Moved { id: movement.id, reference: movement.reference.clone(), postings }])
}

/// On hand and free to take as the lines of one movement change them, one after the other.
struct Balances<'a> {
    stock: &'a Stock,
    changed: BTreeMap<(Sku, LocationId), (Quantity, Quantity)>,
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
                Posting::Received { sku: sku.clone(), location: location.clone(), quantity: *quantity }
            }
            MoveLine::Return { sku, location, quantity, disposition } => {
                asked(line, *quantity)?;
                self.put(line, sku, location, *quantity)?;
                let (sku, location) = (sku.clone(), location.clone());
                Posting::Returned { sku, location, quantity: *quantity, disposition: *disposition }
            }
            MoveLine::Adjust { sku, location, by, reason } => {
                asked(line, by.magnitude())?;
                self.correct(line, sku, location, by.is_negative(), by.magnitude(), *reason)?
            }
            MoveLine::Count { sku, location, counted } => {
                let (on_hand, _) = self.of(sku, location);
                let (gone, by) = match counted.checked_sub(on_hand) {
                    Some(found) => (false, found),
                    None => (true, on_hand.saturating_sub(*counted)),
                };
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
                let (_, free) = self.of(sku, from);
                if free < *quantity {
                    return Err(Refusal::NotEnough { line, sku: sku.clone(), location: from.clone(), available: free });
                }
                self.take(sku, from, *quantity);
                self.put(line, sku, to, *quantity)?;
                Posting::Transferred { sku: sku.clone(), from: from.clone(), to: to.clone(), quantity: *quantity }
            }
        }))
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
        let (on_hand, _) = self.of(sku, location);
        if on_hand < quantity {
            return Err(Refusal::NotEnough { line, sku: sku.clone(), location: location.clone(), available: on_hand });
        }
        self.take(sku, location, quantity);
        Ok(Posting::Lost { sku: sku.clone(), location: location.clone(), quantity, reason })
    }

    /// On hand, and what of it nobody was promised.
    fn of(&self, sku: &Sku, location: &LocationId) -> (Quantity, Quantity) {
        if let Some(changed) = self.changed.get(&(sku.clone(), location.clone())) {
            return *changed;
        }
        let shelf = self.stock.pages.get(sku).map(|page| page.shelf(location)).unwrap_or_default();
        (shelf.on_hand, shelf.free(Quantity::ZERO))
    }

    fn put(&mut self, line: u32, sku: &Sku, location: &LocationId, quantity: Quantity) -> Result<(), Refusal> {
        let (on_hand, free) = self.of(sku, location);
        let on_hand = on_hand.checked_add(quantity).ok_or(Refusal::TooMuch { line })?;
        self.changed.insert((sku.clone(), location.clone()), (on_hand, free.saturating_add(quantity)));
        Ok(())
    }

    fn take(&mut self, sku: &Sku, location: &LocationId, quantity: Quantity) {
        let (on_hand, free) = self.of(sku, location);
        let after = (on_hand.saturating_sub(quantity), free.saturating_sub(quantity));
        self.changed.insert((sku.clone(), location.clone()), after);
    }
}

fn asked(line: u32, quantity: Quantity) -> Result<(), Refusal> {
    if quantity.is_zero() { Err(Refusal::NothingAsked { line }) } else { Ok(()) }
}
