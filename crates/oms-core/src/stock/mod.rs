//! Stock of the SKUs of one object: items, balances at all locations, holds and the ledger of movements.
//!
//! `on_hand = available + reserved + allotted + kept for tills + safety + quarantined` (never below zero available); on hand moves only by a
//! movement (receive, adjust, count, transfer, return) or by shipping a hold.

mod allotment;
mod apply;
mod coming;
mod command;
mod decide;
mod event;
mod hold;
mod movement;
mod refusal;
mod shelf;
mod timed;
mod waiting;

pub use allotment::{Allotment, Drawn, Holder};
pub use coming::Coming;
pub use command::{Ask, CartAsk, Command, Move, MoveLine};
pub use event::{Event, Piece, Posting, Short};
pub use hold::{Hold, HoldId, MovementId, Owner, Part, Stage, Taker};
pub use refusal::Refusal;
pub use shelf::{Crossed, Item, MAX_INBOUND, Page, Reason, Shelf, Sums, Verdict};
pub use waiting::{MAX_PREORDERS, MAX_WAITING, Turn, Waiter, Waiting, to_call, turns};

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::promise::DemandClass;
use crate::value::{CartId, Day, LocationId, OrderId, Quantity, Sku, Timestamp};

/// A cart's hold lapses by itself after this long, in milliseconds: ten minutes, long enough to pay, short enough to free
/// what a shopper walked away from.
pub const CART_HOLD_MILLIS: i64 = 10 * 60 * 1000;
/// An order's hold that was neither confirmed nor released after this long, in milliseconds, makes the stock side ask the
/// order. It never lapses by itself: that would ship what nobody backs.
pub const INQUIRE_AFTER_MILLIS: i64 = 60 * 1000;

/// The stock of the SKUs that live together in one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// One page per SKU: item master and its shelf at every location.
    pub pages: BTreeMap<Sku, Page>,
    /// Every hold ever asked for, live or not: a hold that ended is its own tombstone.
    pub holds: BTreeMap<HoldId, Hold>,
    /// Movements already posted.
    pub movements: BTreeSet<MovementId>,
    /// Holds with a time limit: undecided orders' and carts'. An index of `holds`.
    timed: timed::Timed,
    /// SKUs whose page has news. An index of `pages`.
    news: BTreeSet<Sku>,
}

/// What a part of the stock is called when it is kept on its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key {
    /// The page of a SKU.
    Page(Sku),
    /// A hold.
    Hold(HoldId),
    /// A movement that was posted.
    Movement(MovementId),
}

/// A question to the order that owns a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The hold in doubt.
    pub hold: HoldId,
    /// The order it was made for.
    pub order: OrderId,
    /// The epoch it was made in.
    pub epoch: u32,
}

/// Who asks what could be had.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// As which class of demand.
    pub class: &'a DemandClass,
    /// With which cart.
    pub cart: Option<&'a CartId>,
    /// For which order, if it is one already.
    pub order: Option<OrderId>,
    /// On which day.
    pub on: Day,
}

impl Stock {
    /// What can be sold of a SKU at a location to this cart: what is free, and what the cart itself holds.
    pub fn available(&self, sku: &Sku, location: &LocationId, cart: Option<&CartId>) -> Quantity {
        let Some(page) = self.pages.get(sku) else { return Quantity::ZERO };
        page.free_with(location, self.held_by_cart(sku, location, cart))
    }

    /// What of that somebody may have: nothing that came for others who bought it before; where goods are allocated, no
    /// more than what is not kept for other classes.
    pub fn available_to(&self, sku: &Sku, location: &LocationId, asker: Asker<'_>) -> Quantity {
        let free = self.available(sku, location, asker.cart);
        let Some(page) = self.pages.get(sku).filter(|_| !free.is_zero()) else { return free };
        let held = asker.cart.and_then(|cart| self.holds.get(&HoldId::of_cart(cart))).filter(|hold| hold.is_live());
        let own = held.map(|hold| hold.parts.as_slice()).unwrap_or_default();
        let free = free.saturating_sub(page.awaited(location, asker.order));
        page.allowed(sku, location, asker, own).map_or(free, |most| free.min(most))
    }

    /// What a cart holds of a SKU at a location.
    pub fn held_by_cart(&self, sku: &Sku, location: &LocationId, cart: Option<&CartId>) -> Quantity {
        let Some(cart) = cart else { return Quantity::ZERO };
        self.holds.get(&HoldId::of_cart(cart)).map_or(Quantity::ZERO, |hold| hold.reserved_of(sku, location))
    }

    /// What undecided orders hold of a SKU at a location, and may give back within moments.
    pub fn undecided(&self, sku: &Sku, location: &LocationId) -> Quantity {
        self.timed.undecided(sku, location)
    }

    /// Carts' holds whose time is over.
    pub fn lapsed(&self, now: Timestamp) -> impl Iterator<Item = HoldId> + '_ {
        self.timed.due_carts(now)
    }

    /// The questions that are due to orders about their holds, longest due first, at most so many.
    pub fn inquiries(&self, now: Timestamp, most: usize) -> Vec<Inquiry> {
        let due = self.timed.due_orders(now).filter_map(|id| self.holds.get(&id)?.inquiry(id, now));
        due.take(most).collect()
    }

    /// Puts the next question about a hold off. Not part of the state: after a restart it is asked at once.
    pub fn ask_again(&mut self, hold: HoldId, at: Timestamp) {
        self.timed.put_off(hold, at);
    }

    /// When a hold is to be looked at next: a cart lapses, or an order is asked.
    pub fn next_look(&self) -> Option<Timestamp> {
        self.timed.first()
    }

    /// Lets go of everything but holds with a time limit and what is to be kept; a host that kept the rest elsewhere brings
    /// it back when it is needed.
    pub fn shed(&mut self, keep: impl Fn(&Key) -> bool) {
        let news = &self.news;
        self.pages.retain(|sku, _| news.contains(sku) || keep(&Key::Page(sku.clone())));
        self.movements.retain(|id| keep(&Key::Movement(*id)));
        let timed = &self.timed;
        self.holds.retain(|id, _| timed.contains(*id) || keep(&Key::Hold(*id)));
    }

    /// Puts a hold in, keeping the index of time limits.
    pub fn put_hold(&mut self, id: HoldId, hold: Hold) {
        if let Some(before) = self.holds.get(&id) {
            self.timed.forget(id, before);
        }
        self.timed.put(id, &hold);
        self.holds.insert(id, hold);
    }

    /// Changes a hold, keeping the index of time limits.
    fn on_hold(&mut self, id: HoldId, change: impl FnOnce(&mut Hold)) {
        if let Some(hold) = self.holds.get_mut(&id) {
            self.timed.forget(id, hold);
            change(hold);
            self.timed.put(id, hold);
        }
    }
}

impl Machine for Stock {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Errand = Inquiry;

    fn decide(state: Option<&Self>, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match state {
            Some(stock) => decide::decide(stock, command, now),
            None => decide::decide(&Self::default(), command, now),
        }
    }

    fn apply(state: Option<Self>, event: &Event, _at: Timestamp) -> Option<Self> {
        let mut stock = state.unwrap_or_default();
        apply::apply(&mut stock, event);
        Some(stock)
    }

    fn errands(&self, now: Timestamp) -> Vec<Inquiry> {
        self.inquiries(now, usize::MAX)
    }

    fn wake_at(&self) -> Option<Timestamp> {
        self.next_look()
    }
}

impl Stock {
    /// Takes an event in, in place.
    pub fn take(&mut self, event: &Event) {
        apply::apply(self, event);
    }

    /// Decides a command and takes in what follows from it. First, carts whose time is over give their stock back. The
    /// events are to be kept even when the command is refused.
    pub fn run(&mut self, command: &Command, now: Timestamp) -> (Vec<Event>, Result<(), Refusal>) {
        let mut events = decide::lapse(self, now);
        events.iter().for_each(|event| self.take(event));
        let answer = decide::decide(self, command, now).map(|decided| {
            decided.iter().for_each(|event| self.take(event));
            events.extend(decided);
        });
        let follow_up = decide::follow_up(self, &events, now);
        follow_up.iter().for_each(|event| self.take(event));
        events.extend(follow_up);
        (events, answer)
    }
}

/// For serde: a quantity that need not be written.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")
)]
pub(crate) const fn is_nothing(quantity: &Quantity) -> bool {
    quantity.is_zero()
}
