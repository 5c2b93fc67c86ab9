//! The words in which orders are tested: histories by hand, and one helper that asks, compares and checks the laws that
//! hold after every step.
#![allow(dead_code, clippy::std_instead_of_alloc, reason = "each test binary uses a part of the words, on the host")]

use core::cell::RefCell;
use std::collections::BTreeMap;

pub(crate) use oms_core::machine::Machine;
use oms_core::network::{Fulfilling, Location, LocationKind, Network};
use oms_core::order::{
    Address, Answer, CanceledPart, Command, Customer, Disposition, Draft, DraftLine, Errand, Event, Facts, Head,
    HoldAsk, ItemFacts, LineStatus, Offer, Order, Placement, Received, Refusal, ReturnLine, Router, ShortLine,
    Shortage,
};
use oms_core::price::{PriceEntry, TaxClass, TaxMode, TaxTable};
use oms_core::routing::{Handling, Method};
use oms_core::stock::{Ask, HoldId};
use oms_core::value::{Amount, Day, Digest, Label, LocationId, OrderId, Quantity, Sku, Slot, Timestamp};

/// A history to ask something after.
pub(crate) struct Given {
    events: Vec<Event>,
    now: Timestamp,
}

/// What came of asking.
pub(crate) struct Outcome {
    before: Option<Order>,
    command: Command,
    now: Timestamp,
    decided: Result<Vec<Event>, Refusal>,
}

/// Everything happened at noon, and it is noon still.
pub(crate) fn given(events: impl IntoIterator<Item = Event>) -> Given {
    Given { events: events.into_iter().collect(), now: noon() }
}

impl Given {
    /// So many milliseconds after noon.
    pub(crate) fn after(self, millis: i64) -> Self {
        Self { now: noon().saturating_add_millis(millis), ..self }
    }

    /// What happened next.
    pub(crate) fn and(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    pub(crate) fn order(&self) -> Order {
        replay(&self.events, noon()).expect("an order was captured")
    }

    /// What is owed as things stand.
    #[track_caller]
    pub(crate) fn owes(self, errands: impl IntoIterator<Item = Errand>) -> Self {
        let errands: Vec<Errand> = errands.into_iter().collect();
        assert_eq!(self.order().errands(self.now), errands);
        self
    }

    #[track_caller]
    pub(crate) fn wakes_at(self, at: Option<Timestamp>) -> Self {
        assert_eq!(self.order().wake_at(), at);
        self
    }

    pub(crate) fn when(self, command: Command) -> Outcome {
        let before = replay(&self.events, noon());
        let decided = Order::decide(before.as_ref(), &command, self.now);
        Outcome { before, command, now: self.now, decided }
    }
}

impl Outcome {
    /// These events happened. Hands back the order after them.
    #[track_caller]
    pub(crate) fn then(self, events: impl IntoIterator<Item = Event>) -> Order {
        let expected: Vec<Event> = events.into_iter().collect();
        let decided = self
            .decided
            .clone()
            .map(|events| events.iter().filter(|event| is_told(event)).cloned().collect::<Vec<_>>());
        assert_eq!(decided, Ok(expected));
        self.happened()
    }

    /// It was done already.
    #[track_caller]
    pub(crate) fn nothing(self) {
        assert_eq!(self.decided, Ok(vec![]));
    }

    #[track_caller]
    pub(crate) fn refused(self, refusal: Refusal) {
        assert_eq!(self.decided, Err(refusal));
    }

    /// Hands back the order after whatever happened, once the laws are seen to hold.
    #[track_caller]
    pub(crate) fn happened(self) -> Order {
        let events = self.decided.expect("it is not refused");
        let order = events.iter().fold(self.before, |order, event| Order::apply(order, event, self.now));
        let order = order.expect("there is an order");
        sums_hold(&order);
        let again = Order::decide(Some(&order), &self.command, self.now);
        assert!(again.as_ref().is_ok_and(Vec::is_empty) || again.is_err(), "asked again it writes {again:?}");
        order
    }
}

/// Why a plan was chosen is a story of its own (tests of routing); here it matters what becomes of it.
fn is_told(event: &Event) -> bool {
    !matches!(event, Event::Routed { .. })
}

/// The events one after the other, at one moment.
pub(crate) fn replay(events: &[Event], at: Timestamp) -> Option<Order> {
    events.iter().fold(None, |order, event| Order::apply(order, event, at))
}

/// I14: the quantities of every line by status sum to what was ordered.
#[track_caller]
pub(crate) fn sums_hold(order: &Order) {
    for line in &order.lines {
        assert_eq!(line.counts.sum(), line.quantity, "line {} is whole", line.no);
    }
}

/// `do` it, `done` already, or `no`.
pub(crate) fn verdict(events: &[Event], command: &Command) -> &'static str {
    match Order::decide(replay(events, noon()).as_ref(), command, noon()) {
        Ok(events) if events.is_empty() => "done",
        Ok(_) => "do",
        Err(_) => "no",
    }
}

/// A table of verdicts: a row per history, a column per command.
pub(crate) fn table<H>(
    histories: &[(&str, H)],
    commands: &[(&str, Command)],
    verdict: impl Fn(&H, &Command) -> &'static str,
) -> String {
    let row = |name: &str, cells: Vec<&str>| {
        let cells = cells.into_iter().fold(format!("{name:<14}"), |row, cell| format!("{row}{cell:<9}"));
        format!("{}\n", cells.trim_end())
    };
    let head = row("when", commands.iter().map(|(name, _)| *name).collect());
    histories.iter().fold(head, |table, (name, history)| {
        table + &row(name, commands.iter().map(|(_, command)| verdict(history, command)).collect())
    })
}

// Values.

pub(crate) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

pub(crate) fn later(millis: i64) -> Timestamp {
    noon().saturating_add_millis(millis)
}

pub(crate) fn order_id() -> OrderId {
    OrderId::new(Slot::new(0x3f), noon(), 7)
}

pub(crate) fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

pub(crate) fn minor(minor: i64) -> Amount {
    Amount::new(minor).expect("an amount")
}

pub(crate) fn sku(name: &str) -> Sku {
    name.parse().expect("a SKU")
}

pub(crate) fn place(name: &str) -> LocationId {
    name.parse().expect("a location")
}

pub(crate) fn label(text: &str) -> Label {
    text.parse().expect("a label")
}

pub(crate) fn key(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

/// The SKU object a SKU lives in: mugs in 0, jam in 1, tea in 2.
pub(crate) fn object_of(sku: &str) -> u16 {
    match sku {
        "mug" => 0,
        "jam" => 1,
        _ => 2,
    }
}

/// The hold of an epoch in one SKU object.
pub(crate) fn hold_of(epoch: u32, object: u16) -> HoldId {
    HoldId::of_order(&order_id(), epoch, object)
}

// Drafts.

pub(crate) fn draft(lines: &[(&str, u64)]) -> Draft {
    let line = |(name, quantity): &(&str, u64)| DraftLine {
        sku: sku(name),
        quantity: units(*quantity),
        unit_price: Some(minor(250)),
        whole: false,
        requested_by: None,
    };
    Draft { id: order_id(), head: head(), to_confirm: false, lines: lines.iter().map(line).collect() }
}

pub(crate) fn head() -> Head {
    Head {
        channel: "web".parse().expect("a channel"),
        external_ref: None,
        customer: Customer::default(),
        ship_to: Address {
            name: None,
            line1: None,
            line2: None,
            city: None,
            postal_code: None,
            country: "GB".parse().expect("a country"),
            position: None,
        },
        currency: "GBP".parse().expect("a currency"),
        shortage: Shortage::Reject,
        method: Method::Ship,
        requested_by: None,
        ship_complete: false,
        demand_class: None,
        cart: None,
        placed_at: noon(),
    }
}

pub(crate) fn item(name: &str) -> ItemFacts {
    let prices = [(head().currency, minor(255))].into_iter().collect();
    let price = PriceEntry { version: 4, prices, tax_class: TaxClass::standard() };
    ItemFacts {
        sku: sku(name),
        title: label(name),
        unit: label("each"),
        price,
        object: object_of(name),
        handling: Handling::default(),
    }
}

pub(crate) fn placement(draft: Draft, facts: Facts) -> Placement {
    let items = ["mug", "jam", "tea"].map(item).to_vec();
    Placement { draft, items, tax: TaxTable::new(1, TaxMode::Exclusive, []), facts, first_epoch: 0 }
}

/// What three locations have, the first of the alphabet nearest.
pub(crate) fn facts(free: &[(&str, &str, u64)]) -> Facts {
    let offers = free.iter().map(|(name, location, free)| Offer {
        sku: sku(name),
        location: place(location),
        free: units(*free),
        undecided: Quantity::ZERO,
        coming: vec![],
        lead_days: None,
        personal: false,
    });
    Facts { offers: offers.collect(), goods: vec![], parcels: vec![], router: router(&["east", "north", "west"]) }
}

/// Nothing is known of any stock.
pub(crate) fn no_facts() -> Facts {
    facts(&[])
}

/// Routing over the three locations, of which these ship. Made ready once.
pub(crate) fn router(ships: &[&str]) -> Router {
    thread_local! {
        static READY: RefCell<BTreeMap<String, Router>> = RefCell::default();
    }
    READY.with_borrow_mut(|ready| ready.entry(ships.join(" ")).or_insert_with(|| new_router(ships)).clone())
}

fn new_router(ships: &[&str]) -> Router {
    let locations = ["east", "north", "west"].map(|name| Location {
        id: place(name),
        name: label(name),
        kind: LocationKind::Dc,
        country: "GB".parse().expect("a country"),
        postal_code: None,
        position: None,
        ships: ships.contains(&name),
        accepts_returns: true,
        fulfilling: Fulfilling::default(),
        version: 1,
    });
    let locations = locations.map(|location| (location.id.clone(), location)).into();
    Router::new(&Network { locations, ..Network::default() }, Day::of_utc(noon())).expect("a network to route by")
}

/// The same, with so much of everything in the hands of undecided orders.
pub(crate) fn undecided(mut facts: Facts, quantity: u64) -> Facts {
    facts.offers.iter_mut().for_each(|offer| offer.undecided = units(quantity));
    facts
}

// Events.

/// Captured and open; all or nothing.
pub(crate) fn captured(lines: &[(&str, u64)]) -> Event {
    captured_as(draft(lines))
}

/// Captured and open; what is short waits.
pub(crate) fn patient(lines: &[(&str, u64)]) -> Event {
    let mut draft = draft(lines);
    draft.head.shortage = Shortage::Backorder;
    captured_as(draft)
}

/// Captured, to be confirmed.
pub(crate) fn drafted(lines: &[(&str, u64)]) -> Event {
    captured_as(Draft { to_confirm: true, ..draft(lines) })
}

pub(crate) fn captured_as(draft: Draft) -> Event {
    let to_confirm = draft.to_confirm;
    let draft = Draft { to_confirm: true, ..draft };
    let place = Command::Place(Box::new(placement(draft, no_facts())));
    let decided = Order::decide(None, &place, noon()).expect("a priced draft");
    match decided.into_iter().next() {
        Some(Event::Captured { id, head, lines, totals, .. }) => {
            Event::Captured { id, head, lines, totals, to_confirm }
        }
        other => panic!("a draft is captured first, not {other:?}"),
    }
}

pub(crate) fn part(line: u32, name: &str, location: &str, quantity: u64) -> Ask {
    Ask { line, sku: sku(name), location: place(location), quantity: units(quantity) }
}

/// The holds of an epoch: one per SKU object, ascending.
pub(crate) fn holds(epoch: u32, parts: &[Ask]) -> Vec<HoldAsk> {
    let objects = [0, 1, 2].into_iter().map(|object| {
        let parts = parts.iter().filter(|part| object_of(part.sku.as_str()) == object).cloned().collect();
        HoldAsk { object, hold: hold_of(epoch, object), parts }
    });
    objects.filter(|ask| !ask.parts.is_empty()).collect()
}

pub(crate) fn reserving(epoch: u32, parts: &[Ask]) -> Event {
    Event::Reserving { epoch, holds: holds(epoch, parts) }
}

pub(crate) fn held(epoch: u32, object: u16) -> Event {
    Event::Held { hold: hold_of(epoch, object) }
}

pub(crate) fn missed(epoch: u32) -> Event {
    Event::Missed { epoch, short: vec![] }
}

pub(crate) fn released(epoch: u32, object: u16) -> Event {
    Event::Released { hold: hold_of(epoch, object) }
}

pub(crate) fn backordered(lines: &[(u32, u64)], look_at: Timestamp) -> Event {
    Event::Backordered { lines: lines.iter().map(|(line, quantity)| (*line, units(*quantity))).collect(), look_at }
}

/// An epoch from its beginning to its commit.
pub(crate) fn epoch(number: u32, parts: &[Ask]) -> Vec<Event> {
    let mut events = vec![reserving(number, parts)];
    events.extend(holds(number, parts).iter().map(|ask| Event::Held { hold: ask.hold }));
    events.push(Event::Allocated { epoch: number });
    events
}

/// Mugs, all set aside at the eastern location.
pub(crate) fn allocated(mugs: u64) -> Vec<Event> {
    let mut events = vec![captured(&[("mug", mugs)])];
    events.extend(epoch(0, &[part(1, "mug", "east", mugs)]));
    events
}

/// The same, and they left.
pub(crate) fn shipped(mugs: u64) -> Vec<Event> {
    [allocated(mugs), vec![picked(1), packed(1), left(1)]].concat()
}

pub(crate) fn picked(no: u32) -> Event {
    Event::Picked { no }
}

pub(crate) fn packed(no: u32) -> Event {
    Event::Packed { no }
}

pub(crate) fn left(no: u32) -> Event {
    Event::Shipped { no, carrier: None, tracking: None }
}

pub(crate) fn delivered(no: u32) -> Event {
    Event::Delivered { no }
}

pub(crate) fn turned_down(no: u32) -> Event {
    Event::LocationRejected { no, reason: None }
}

pub(crate) fn consumed(no: u32, epoch: u32, object: u16) -> Event {
    Event::Consumed { no, hold: hold_of(epoch, object) }
}

pub(crate) fn canceled(parts: Vec<CanceledPart>) -> Event {
    Event::Canceled { reason: None, parts, key: None }
}

pub(crate) fn put_on_hold(name: &str) -> Event {
    Event::HoldPut { name: label(name), reason: None }
}

pub(crate) fn return_requested(no: u32, lines: &[(u32, u64)]) -> Event {
    Event::ReturnRequested { no, key: key(&no.to_string()), lines: return_lines(lines) }
}

pub(crate) fn return_lines(lines: &[(u32, u64)]) -> Vec<ReturnLine> {
    let line = |(line, quantity): &(u32, u64)| ReturnLine { line: *line, quantity: units(*quantity), reason: None };
    lines.iter().map(line).collect()
}

pub(crate) fn came(line: u32, quantity: u64, disposition: Disposition) -> Received {
    Received { line, quantity: units(quantity), disposition }
}

pub(crate) fn short(line: u32, name: &str, requested: u64, available: u64) -> ShortLine {
    ShortLine { line, sku: sku(name), requested: units(requested), available: units(available) }
}

// Commands.

pub(crate) fn pick(no: u32) -> Command {
    Command::Pick { no }
}

pub(crate) fn pack(no: u32) -> Command {
    Command::Pack { no }
}

pub(crate) fn ship(no: u32) -> Command {
    Command::Ship { no, carrier: None, tracking: None }
}

pub(crate) fn deliver(no: u32) -> Command {
    Command::Deliver { no }
}

pub(crate) fn reject(no: u32) -> Command {
    Command::Reject { no, reason: None }
}

pub(crate) fn cancel_all() -> Command {
    Command::Cancel { reason: None, lines: None, key: None }
}

pub(crate) fn cancel(lines: &[(u32, u64)]) -> Command {
    let lines = lines.iter().map(|(line, quantity)| (*line, units(*quantity))).collect();
    Command::Cancel { reason: None, lines: Some(lines), key: Some(key("cancel")) }
}

pub(crate) fn hold(name: &str) -> Command {
    Command::Hold { name: label(name), reason: None }
}

pub(crate) fn lift(name: &str) -> Command {
    Command::Release { name: label(name) }
}

pub(crate) fn request_return(name: &str, lines: &[(u32, u64)]) -> Command {
    Command::RequestReturn { key: key(name), lines: return_lines(lines) }
}

pub(crate) fn authorize(no: u32) -> Command {
    Command::AuthorizeReturn { no }
}

pub(crate) fn receive(no: u32, lines: &[Received]) -> Command {
    Command::ReceiveReturn { no, location: place("west"), lines: lines.to_vec() }
}

pub(crate) fn cancel_return(no: u32) -> Command {
    Command::CancelReturn { no, reason: None }
}

pub(crate) fn plan(facts: Facts) -> Command {
    Command::Plan(facts)
}

pub(crate) fn holds_it(epoch: u32, object: u16) -> Answer {
    Answer::Held { hold: hold_of(epoch, object) }
}

pub(crate) fn refuses_it(epoch: u32, object: u16) -> Answer {
    Answer::Refused { hold: hold_of(epoch, object), short: vec![] }
}

pub(crate) fn answered(answers: impl IntoIterator<Item = Answer>) -> Command {
    Command::Answered(answers.into_iter().collect())
}

pub(crate) fn count(order: &Order, line: u32, status: LineStatus) -> Quantity {
    order.line(line).expect("the line").counts.of(status)
}

pub(crate) fn improve(facts: Facts) -> Command {
    Command::Improve(facts)
}
