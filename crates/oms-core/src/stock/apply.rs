//! How the stock changes by what happened. Judges nothing.

use alloc::vec::Vec;

use super::Stock;
use super::allotment::{Allotment, Holder};
use super::event::{Event, Piece, Posting};
use super::hold::{Hold, HoldId, Owner, Part, Stage, Taker};
use super::shelf::{KEPT_CROSSINGS, Page, Shelf, Verdict};
use crate::order::Disposition;
use crate::promise::Promising;
use crate::promise::allocation::Taking;
use crate::replenish::{Demand, Watch};
use crate::value::{Day, Label, LocationId, Quantity, Sku};

pub(super) fn apply(stock: &mut Stock, event: &Event) {
    match event {
        Event::ItemPut { sku, item } => {
            let before = stock.frees(sku);
            match stock.pages.get_mut(sku) {
                Some(page) => page.put(item.clone()),
                None => {
                    stock.pages.insert(sku.clone(), Page::of(item.clone()));
                }
            }
            // Less may be kept back.
            stock.more_than(sku, &before);
        }
        Event::Expected { inbound } => {
            let Some(page) = stock.pages.get_mut(&inbound.sku) else { return };
            page.expect(inbound);
            // Whoever bought it hears when it comes now, whoever waits is promised it.
            if !page.waiting.is_empty() {
                stock.reschedule(&inbound.sku);
            }
        }
        Event::Moved { id, reference, postings } => {
            stock.movements.insert(*id);
            for posting in postings {
                post(stock, posting);
                if posting.is_more() {
                    stock.more_of(posting.sku());
                }
                if let (Some(number), Some(page)) = (reference, stock.pages.get_mut(posting.sku())) {
                    under_number(page, number, posting);
                }
            }
        }
        Event::Held { hold, owner, parts, until, taker } => {
            for part in parts {
                on_shelf(stock, &part.sku, &part.location, |shelf| {
                    shelf.reserved = shelf.reserved.saturating_add(part.quantity);
                });
            }
            let stage = until.map_or(Stage::Confirmed, |until| Stage::Held { until });
            let parts = parts.iter().map(|part| taken(stock, part, taker.as_ref())).collect();
            let new = Hold { owner: Some(owner.clone()), stage, parts, shipments: Vec::new() };
            for sku in new.set_aside() {
                stock.count_holder(&sku, Some(owner), true);
            }
            stock.put_hold(*hold, new);
        }
        Event::Refused { hold, owner, short } => {
            let stage = Stage::Refused { short: short.clone() };
            stock.put_hold(*hold, ended(Some(owner.clone()), stage));
        }
        Event::Tombstoned { hold } => stock.put_hold(*hold, ended(None, Stage::Released)),
        Event::Released { hold, parts } | Event::Lapsed { hold, parts, .. } => {
            give_back(stock, *hold, parts);
            changed(stock, *hold, |held| {
                for piece in parts {
                    on_part(held, piece, |part| part.released = part.released.saturating_add(piece.quantity));
                }
                let over = held.parts.iter().all(|part| part.reserved().is_zero());
                if over && held.parts.iter().all(|part| part.consumed.is_zero()) {
                    held.stage = Stage::Released;
                }
            });
            parts.iter().for_each(|piece| stock.more_of(&piece.sku));
        }
        Event::Confirmed { hold } => stock.on_hold(*hold, |held| held.stage = Stage::Confirmed),
        Event::Consumed { hold, shipment, parts, on } => {
            for piece in parts {
                on_shelf(stock, &piece.sku, &piece.location, |shelf| {
                    shelf.reserved = shelf.reserved.saturating_sub(piece.quantity);
                    shelf.on_hand = shelf.on_hand.saturating_sub(piece.quantity);
                    shelf.sums.shipped = shelf.sums.shipped.saturating_add(piece.quantity);
                });
                demanded(stock, &piece.sku, &piece.location, piece.quantity, *on);
            }
            changed(stock, *hold, |held| {
                held.shipments.push(*shipment);
                held.stage = Stage::Confirmed;
                for piece in parts {
                    on_part(held, piece, |part| part.consumed = part.consumed.saturating_add(piece.quantity));
                }
            });
        }
        Event::Allotted { holder, sku, location, asked, granted } => {
            on_allotment(stock, (holder, sku, location), |one| {
                one.asked = one.asked.max(*asked);
                one.granted = one.granted.max(*granted);
            });
        }
        Event::Drawn { holder, sku, location, drawn, left, on } => {
            let before = stock.frees(sku);
            on_allotment(stock, (holder, sku, location), |one| one.drawn = one.drawn.merged(drawn));
            on_shelf(stock, sku, location, |shelf| {
                shelf.on_hand = shelf.on_hand.saturating_sub(*left);
                shelf.sums.shipped = shelf.sums.shipped.saturating_add(*left);
            });
            demanded(stock, sku, location, *left, *on);
            stock.more_than(sku, &before);
        }
        Event::LowStock { sku, location, .. } => on_shelf(stock, sku, location, |shelf| shelf.low = true),
        Event::LowStockOver { sku, location } => on_shelf(stock, sku, location, |shelf| shelf.low = false),
        Event::WatchPut { sku, watch } => {
            if let Some(page) = stock.pages.get_mut(sku) {
                page.watch = (**watch != Watch::default()).then(|| watch.clone());
            }
        }
        Event::PromisingPut { sku, promising } => {
            if let Some(page) = stock.pages.get_mut(sku) {
                page.promising = (**promising != Promising::default()).then(|| promising.clone());
            }
            // Whoever waits may have more of it now.
            stock.more_of(sku);
        }
        Event::Crossed { sku, crossed } => {
            on_shelf(stock, sku, &crossed.location, |shelf| shelf.band = crossed.crossing.to);
            if let Some(page) = stock.pages.get_mut(sku) {
                page.crossings.push(crossed.clone());
                let spare = page.crossings.len().saturating_sub(KEPT_CROSSINGS);
                page.crossings.drain(..spare);
            }
        }
        Event::SafetyForecast { sku, location, quantity } => {
            let before = stock.frees(sku);
            if let Some(page) = stock.pages.get_mut(sku) {
                if quantity.is_zero() {
                    page.forecast_safety.remove(location);
                } else {
                    page.forecast_safety.insert(location.clone(), *quantity);
                }
            }
            stock.more_than(sku, &before);
        }
        Event::Waiting { sku, waiter } => {
            let Some(page) = stock.pages.get_mut(sku) else { return };
            let freed = page.wait(waiter);
            // Goods may have come while the order said so; or it gave up what the others may have now.
            let free = page.frees().iter().any(|free| !free.is_zero());
            if free && !waiter.quantity.is_zero() || freed && page.has_more_than_claimed() {
                stock.more_of(sku);
            }
        }
        Event::Told { sku, news, promised } => stock.told(sku, *news, promised),
        Event::Shortage { sku, location, missing } => on_shelf(stock, sku, location, |shelf| shelf.short = *missing),
    }
}

/// Changes a hold; the SKUs of which it then sets nothing aside any more are not counted to its order's slot.
fn changed(stock: &mut Stock, id: HoldId, change: impl FnOnce(&mut Hold)) {
    let Some(hold) = stock.holds.get(&id) else { return };
    let (owner, before) = (hold.owner.clone(), hold.set_aside());
    stock.on_hold(id, change);
    let after = stock.holds.get(&id).map(Hold::set_aside).unwrap_or_default();
    for sku in before.iter().filter(|sku| !after.contains(*sku)) {
        stock.count_holder(sku, owner.as_ref(), false);
    }
}

fn ended(owner: Option<Owner>, stage: Stage) -> Hold {
    Hold { owner, stage, parts: Vec::new(), shipments: Vec::new() }
}

/// A part of a new hold. Where its goods are allocated, its class took them.
fn taken(stock: &mut Stock, piece: &Piece, taker: Option<&Taker>) -> Part {
    let page = stock.pages.get_mut(&piece.sku).filter(|page| page.is_allocated(&piece.location));
    let taker = page.zip(taker).map(|(page, taker)| {
        let said = page.promising.as_ref().and_then(|promising| promising.allocations.get(&piece.location));
        let takings = page.takings.entry(piece.location.clone()).or_default();
        Taking::add(takings, said.map(Vec::as_slice).unwrap_or_default(), &taker.class, taker.on, piece.quantity);
        taker.clone()
    });
    Part {
        line: piece.line,
        sku: piece.sku.clone(),
        location: piece.location.clone(),
        quantity: piece.quantity,
        consumed: Quantity::ZERO,
        released: Quantity::ZERO,
        taker,
    }
}

/// Parts of a hold are free again, and its class has not taken them.
fn give_back(stock: &mut Stock, hold: HoldId, parts: &[Piece]) {
    for piece in parts {
        let held = stock.holds.get(&hold).and_then(|hold| hold.parts.iter().find(|part| is_of(part, piece)));
        let taker = held.and_then(|part| part.taker.clone());
        if let (Some(taker), Some(page)) = (taker, stock.pages.get_mut(&piece.sku)) {
            let takings = page.takings.entry(piece.location.clone()).or_default();
            Taking::give_back(takings, &taker.class, taker.on, piece.quantity);
            page.takings.retain(|_, takings| !takings.is_empty());
        }
        on_shelf(stock, &piece.sku, &piece.location, |shelf| {
            shelf.reserved = shelf.reserved.saturating_sub(piece.quantity);
        });
    }
}

fn on_shelf(stock: &mut Stock, sku: &Sku, location: &LocationId, change: impl FnOnce(&mut Shelf)) {
    if let Some(page) = stock.pages.get_mut(sku) {
        match page.shelves.get_mut(location) {
            Some(shelf) => change(shelf),
            None => change(page.shelves.entry(location.clone()).or_default()),
        }
    }
}

/// Changes a right; what its shelf sets aside follows.
fn on_allotment(
    stock: &mut Stock,
    (holder, sku, location): (&Holder, &Sku, &LocationId),
    change: impl FnOnce(&mut Allotment),
) {
    let Some(page) = stock.pages.get_mut(sku) else { return };
    let one = page.allotments.entry(holder.clone()).or_insert_with(|| Allotment::new(location.clone()));
    let before = one.open();
    change(one);
    let after = one.open();
    on_shelf(stock, sku, location, |shelf| {
        shelf.allotted = shelf.allotted.saturating_sub(before).saturating_add(after);
    });
}

fn on_part(hold: &mut Hold, piece: &Piece, change: impl FnOnce(&mut Part)) {
    if let Some(part) = hold.parts.iter_mut().find(|part| is_of(part, piece)) {
        change(part);
    }
}

fn is_of(part: &Part, piece: &Piece) -> bool {
    part.line == piece.line && part.location == piece.location && part.sku == piece.sku
}

/// What moved under the number of goods on their way was them.
fn under_number(page: &mut Page, number: &Label, posting: &Posting) {
    match posting {
        Posting::Received { location, quantity, .. } | Posting::Arrived { location, quantity, .. } => {
            page.came(number, location, *quantity);
        }
        Posting::Dispatched { location, quantity, .. } => page.left(number, location, *quantity),
        Posting::Found { .. }
        | Posting::Lost { .. }
        | Posting::Transferred { .. }
        | Posting::Judged { .. }
        | Posting::Returned { .. } => {}
    }
}

fn post(stock: &mut Stock, posting: &Posting) {
    match posting {
        Posting::Received { sku, location, quantity } => on_shelf(stock, sku, location, |shelf| {
            shelf.on_hand = shelf.on_hand.saturating_add(*quantity);
            shelf.sums.received = shelf.sums.received.saturating_add(*quantity);
        }),
        Posting::Found { sku, location, quantity, .. } => on_shelf(stock, sku, location, |shelf| {
            shelf.on_hand = shelf.on_hand.saturating_add(*quantity);
            shelf.sums.adjusted_in = shelf.sums.adjusted_in.saturating_add(*quantity);
        }),
        Posting::Lost { sku, location, quantity, .. } => on_shelf(stock, sku, location, |shelf| {
            shelf.on_hand = shelf.on_hand.saturating_sub(*quantity);
            shelf.sums.adjusted_out = shelf.sums.adjusted_out.saturating_add(*quantity);
        }),
        Posting::Dispatched { sku, location, quantity } => on_shelf(stock, sku, location, |shelf| {
            shelf.on_hand = shelf.on_hand.saturating_sub(*quantity);
            shelf.sums.transferred_out = shelf.sums.transferred_out.saturating_add(*quantity);
        }),
        Posting::Arrived { sku, location, quantity } => on_shelf(stock, sku, location, |shelf| {
            shelf.on_hand = shelf.on_hand.saturating_add(*quantity);
            shelf.sums.transferred_in = shelf.sums.transferred_in.saturating_add(*quantity);
        }),
        Posting::Transferred { sku, from, to, quantity } => {
            on_shelf(stock, sku, from, |shelf| {
                shelf.on_hand = shelf.on_hand.saturating_sub(*quantity);
                shelf.sums.transferred_out = shelf.sums.transferred_out.saturating_add(*quantity);
            });
            on_shelf(stock, sku, to, |shelf| {
                shelf.on_hand = shelf.on_hand.saturating_add(*quantity);
                shelf.sums.transferred_in = shelf.sums.transferred_in.saturating_add(*quantity);
            });
        }
        Posting::Judged { sku, location, quantity, verdict } => on_shelf(stock, sku, location, |shelf| {
            shelf.quarantined = shelf.quarantined.saturating_sub(*quantity);
            if *verdict == Verdict::Scrap {
                shelf.on_hand = shelf.on_hand.saturating_sub(*quantity);
                shelf.sums.adjusted_out = shelf.sums.adjusted_out.saturating_add(*quantity);
            }
        }),
        Posting::Returned { sku, location, quantity, disposition } => on_shelf(stock, sku, location, |shelf| {
            shelf.on_hand = shelf.on_hand.saturating_add(*quantity);
            shelf.sums.returned = shelf.sums.returned.saturating_add(*quantity);
            if *disposition == Disposition::Quarantine {
                shelf.quarantined = shelf.quarantined.saturating_add(*quantity);
            }
        }),
    }
}

/// What left counts as demand of the week of its day. Events of long ago have none.
fn demanded(stock: &mut Stock, sku: &Sku, location: &LocationId, quantity: Quantity, on: Option<Day>) {
    let day = on.filter(|_| !quantity.is_zero());
    let (Some(day), Some(page)) = (day, stock.pages.get_mut(sku)) else { return };
    page.demand.entry(location.clone()).or_insert_with(|| Demand::since(day)).add(day, quantity);
}
