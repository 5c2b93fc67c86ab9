//! A stock object looks at itself: balances against holds, and against its whole ledger.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};

use oms_core::order::Disposition;
use oms_core::stock::{Allotment, Event, Hold, Page, Posting, Shelf, Sums, Verdict};
use oms_core::value::{LocationId, Quantity, Sku};

use super::book::Fact;
use super::{Inner, Turn};
use crate::journal::read;
use crate::message::{AuditReply, Violation};
use crate::store::Store;

/// SKUs looked at in one call. The ledger is read once per call.
const AUDIT_PAGE: u32 = 4_096;
/// Holds read from disk at once.
const HOLDS_AT_ONCE: u32 = 500;

type Place = (Sku, LocationId);

/// What the ledger comes to at a place.
#[derive(Clone, Copy, Default)]
struct Ledger {
    sums: Sums,
    quarantined: Quantity,
}

impl<S: Store> Inner<S> {
    /// Looks at the SKUs after this one.
    pub(super) fn audit(&mut self, after: Option<&str>) -> Turn<AuditReply> {
        self.journal.checkpoint_now()?;
        let mut audit = AuditReply::default();
        let rows = self.journal.scan("p/", after.unwrap_or_default(), AUDIT_PAGE)?;
        if rows.len() >= usize::try_from(AUDIT_PAGE).unwrap_or(usize::MAX) {
            audit.next = rows.last().map(|(key, _)| key.clone());
        }
        let mut pages: BTreeMap<Sku, Page> = BTreeMap::new();
        for (key, body) in rows {
            if let Some(sku) = key.strip_prefix("p/").and_then(|sku| sku.parse().ok()) {
                pages.insert(sku, read(&body)?);
            }
        }
        let held = self.held(&pages, &mut audit)?;
        let sums = self.ledger(&pages, &mut audit)?;
        for (sku, page) in &pages {
            audit.skus = audit.skus.saturating_add(1);
            for (location, shelf) in &page.shelves {
                let place = (sku.clone(), location.clone());
                let held = held.get(&place).copied().unwrap_or(Quantity::ZERO);
                allotted(&place, page, shelf, &mut audit);
                look_at(&place, shelf, held, sums.get(&place).copied().unwrap_or_default(), &mut audit);
            }
        }
        Ok(audit)
    }

    /// What live holds set aside, per shelf.
    fn held(&self, pages: &BTreeMap<Sku, Page>, audit: &mut AuditReply) -> Turn<BTreeMap<Place, Quantity>> {
        let mut held: BTreeMap<Place, Quantity> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let rows = self.journal.scan("h/", &after, HOLDS_AT_ONCE)?;
            let Some((last, _)) = rows.last() else { return Ok(held) };
            after.clone_from(last);
            for (_, body) in &rows {
                let hold: Hold = read(body)?;
                if !hold.is_live() {
                    continue;
                }
                let mut live = false;
                for part in hold.parts.iter().filter(|part| pages.contains_key(&part.sku)) {
                    live |= !part.reserved().is_zero();
                    let sum = held.entry((part.sku.clone(), part.location.clone())).or_default();
                    *sum = sum.saturating_add(part.reserved());
                }
                audit.live_holds = audit.live_holds.saturating_add(u64::from(live));
            }
        }
    }

    /// Sums the ledger from its first line; a balance below zero at any prefix is a violation.
    fn ledger(&self, pages: &BTreeMap<Sku, Page>, audit: &mut AuditReply) -> Turn<BTreeMap<Place, Ledger>> {
        let mut sums: BTreeMap<Place, Ledger> = BTreeMap::new();
        self.journal.each_turn(0, |seq, turn| {
            for fact in &turn.facts {
                let Fact::Stock(event) = fact else { continue };
                let lines = ledger_lines(event);
                for (place, change) in lines {
                    if !pages.contains_key(&place.0) {
                        continue;
                    }
                    audit.ledger_entries = audit.ledger_entries.saturating_add(1);
                    let sum = sums.entry(place.clone()).or_default();
                    change(sum);
                    if sum.sums.balance().is_none() {
                        audit.violations.push(violation("I2", &place, format!("below zero after turn {seq}")));
                    }
                }
            }
            Ok(())
        })?;
        Ok(sums)
    }
}

fn set_apart(quantity: Quantity) -> Change {
    alloc::boxed::Box::new(move |ledger| ledger.quarantined = ledger.quarantined.saturating_add(quantity))
}

fn judged(quantity: Quantity) -> Change {
    alloc::boxed::Box::new(move |ledger| ledger.quarantined = ledger.quarantined.saturating_sub(quantity))
}

type Change = alloc::boxed::Box<dyn Fn(&mut Ledger)>;

/// What an event adds to the sums of which shelves.
fn ledger_lines(event: &Event) -> alloc::vec::Vec<(Place, Change)> {
    fn add(field: fn(&mut Sums) -> &mut Quantity, quantity: Quantity) -> Change {
        alloc::boxed::Box::new(move |ledger| {
            let sum = field(&mut ledger.sums);
            *sum = sum.saturating_add(quantity);
        })
    }
    let at = |sku: &Sku, location: &LocationId| (sku.clone(), location.clone());
    match event {
        Event::Moved { postings, .. } => {
            let mut lines = alloc::vec::Vec::new();
            for posting in postings {
                match posting {
                    Posting::Received { sku, location, quantity } => {
                        lines.push((at(sku, location), add(|sums| &mut sums.received, *quantity)));
                    }
                    Posting::Found { sku, location, quantity, .. } => {
                        lines.push((at(sku, location), add(|sums| &mut sums.adjusted_in, *quantity)));
                    }
                    Posting::Lost { sku, location, quantity, .. } => {
                        lines.push((at(sku, location), add(|sums| &mut sums.adjusted_out, *quantity)));
                    }
                    Posting::Dispatched { sku, location, quantity } => {
                        lines.push((at(sku, location), add(|sums| &mut sums.transferred_out, *quantity)));
                    }
                    Posting::Arrived { sku, location, quantity } => {
                        lines.push((at(sku, location), add(|sums| &mut sums.transferred_in, *quantity)));
                    }
                    Posting::Transferred { sku, from, to, quantity } => {
                        lines.push((at(sku, from), add(|sums| &mut sums.transferred_out, *quantity)));
                        lines.push((at(sku, to), add(|sums| &mut sums.transferred_in, *quantity)));
                    }
                    Posting::Returned { sku, location, quantity, disposition } => {
                        lines.push((at(sku, location), add(|sums| &mut sums.returned, *quantity)));
                        if *disposition == Disposition::Quarantine {
                            lines.push((at(sku, location), set_apart(*quantity)));
                        }
                    }
                    Posting::Judged { sku, location, quantity, verdict } => {
                        lines.push((at(sku, location), judged(*quantity)));
                        if *verdict == Verdict::Scrap {
                            lines.push((at(sku, location), add(|sums| &mut sums.adjusted_out, *quantity)));
                        }
                    }
                }
            }
            lines
        }
        Event::Consumed { parts, .. } => {
            let line = |part: &oms_core::stock::Piece| {
                (at(&part.sku, &part.location), add(|sums| &mut sums.shipped, part.quantity))
            };
            parts.iter().map(line).collect()
        }
        Event::Drawn { sku, location, left, .. } => {
            alloc::vec![(at(sku, location), add(|sums| &mut sums.shipped, *left))]
        }
        Event::ItemPut { .. }
        | Event::Allotted { .. }
        | Event::Expected { .. }
        | Event::Held { .. }
        | Event::Refused { .. }
        | Event::Tombstoned { .. }
        | Event::Released { .. }
        | Event::Confirmed { .. }
        | Event::Lapsed { .. }
        | Event::LowStock { .. }
        | Event::LowStockOver { .. }
        | Event::WatchPut { .. }
        | Event::PromisingPut { .. }
        | Event::Crossed { .. }
        | Event::SafetyForecast { .. }
        | Event::Waiting { .. }
        | Event::Told { .. }
        | Event::Shortage { .. } => alloc::vec::Vec::new(),
    }
}

/// What a shelf sets aside for holders of rights is what they have open (E3).
fn allotted(place: &Place, page: &Page, shelf: &Shelf, audit: &mut AuditReply) {
    let here = page.allotments.values().filter(|one| one.location == place.1);
    let open: Quantity = here.map(Allotment::open).sum();
    let signed = |quantity: Quantity| i64::try_from(quantity.thousandths()).unwrap_or(i64::MAX);
    audit.allotted = audit.allotted.saturating_add(signed(shelf.allotted));
    audit.kept_for_tills = audit.kept_for_tills.saturating_add(signed(page.kept_for_tills(&place.1)));
    if open != shelf.allotted {
        let detail = format!("allotted {}, open rights {open}", shelf.allotted);
        audit.violations.push(violation("E3", place, detail));
    }
}

fn look_at(place: &Place, shelf: &Shelf, held: Quantity, ledger: Ledger, audit: &mut AuditReply) {
    let Ledger { sums, quarantined } = ledger;
    let signed = |quantity: Quantity| i64::try_from(quantity.thousandths()).unwrap_or(i64::MAX);
    audit.on_hand = audit.on_hand.saturating_add(signed(shelf.on_hand));
    audit.reserved = audit.reserved.saturating_add(signed(shelf.reserved));
    audit.received = audit.received.saturating_add(signed(sums.received));
    audit.shipped = audit.shipped.saturating_add(signed(sums.shipped));
    audit.returned = audit.returned.saturating_add(signed(sums.returned));
    audit.adjusted = audit.adjusted.saturating_add(signed(sums.adjusted_in)).saturating_sub(signed(sums.adjusted_out));
    let gone = signed(sums.transferred_out).saturating_sub(signed(sums.transferred_in));
    audit.in_transit = audit.in_transit.saturating_add(gone);
    // A shortage on record is a fact somebody counted; one that is not is stock sold twice.
    if shelf.shortage() > shelf.short {
        let detail = format!("{} more promised than there is", shelf.shortage());
        audit.violations.push(violation("I1", place, detail));
    }
    if sums != shelf.sums || sums.balance() != Some(shelf.on_hand) {
        let detail = format!("on hand {}, the ledger says otherwise", shelf.on_hand);
        audit.violations.push(violation("I2", place, detail));
    }
    if quarantined != shelf.quarantined {
        let detail = format!("quarantined {}, the ledger says {quarantined}", shelf.quarantined);
        audit.violations.push(violation("I2", place, detail));
    }
    if held != shelf.reserved {
        let detail = format!("reserved {}, live holds {held}", shelf.reserved);
        audit.violations.push(violation("I2", place, detail));
    }
}

fn violation(invariant: &str, (sku, location): &Place, detail: String) -> Violation {
    Violation { invariant: invariant.to_string(), subject: format!("{sku} at {location}"), detail }
}
