//! The words in which stock is tested: histories by hand, and one helper that asks, compares and checks the laws that hold
//! after every step.
#![allow(dead_code, reason = "each test binary uses a part of the words")]

use std::collections::BTreeMap;

pub(crate) use oms_core::machine::Machine;
use oms_core::price::{PriceEntry, TaxClass};
use oms_core::promise::DemandClass;
use oms_core::routing::Handling;
use oms_core::stock::{
    Ask, CartAsk, Command, Event, HoldId, Item, Move, MoveLine, MovementId, Owner, Posting, Refusal, Shelf, Short,
    Stock,
};
use oms_core::value::{CartId, Day, Delta, Label, LocationId, OrderId, Quantity, Sku, Slot, Timestamp};

/// A history to ask something after.
pub(crate) struct Given {
    events: Vec<Event>,
    now: Timestamp,
}

/// What came of asking.
pub(crate) struct Outcome {
    before: Stock,
    after: Stock,
    command: Command,
    now: Timestamp,
    events: Vec<Event>,
    answer: Result<(), Refusal>,
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

    pub(crate) fn stock(&self) -> Stock {
        replay(&self.events)
    }

    pub(crate) fn when(self, command: Command) -> Outcome {
        let before = self.stock();
        let mut after = before.clone();
        let (events, answer) = after.run(&command, self.now);
        Outcome { before, after, command, now: self.now, events, answer }
    }
}

impl Outcome {
    /// These events happened. Hands back the stock after them.
    #[track_caller]
    pub(crate) fn then(self, events: impl IntoIterator<Item = Event>) -> Stock {
        let expected: Vec<Event> = events.into_iter().collect();
        assert_eq!((&self.events, &self.answer), (&expected, &Ok(())));
        self.happened()
    }

    /// It was done already.
    #[track_caller]
    pub(crate) fn nothing(self) {
        assert_eq!((self.events, self.answer), (vec![], Ok(())));
    }

    #[track_caller]
    pub(crate) fn refused(self, refusal: Refusal) {
        assert_eq!((self.events, self.answer), (vec![], Err(refusal)));
    }

    /// Hands back the stock after whatever happened, once the laws are seen to hold.
    #[track_caller]
    pub(crate) fn happened(self) -> Stock {
        assert_eq!(self.answer, Ok(()));
        books_balance(&self.after);
        let mut replayed = self.before;
        self.events.iter().for_each(|event| replayed.take(event));
        assert_eq!(replayed, self.after, "replay is what happened");
        let again = self.after.clone().run(&self.command, self.now);
        assert_eq!(again, (vec![], Ok(())), "asked again it writes nothing");
        self.after
    }
}

pub(crate) fn replay(events: &[Event]) -> Stock {
    let stock = events.iter().fold(None, |stock, event| Stock::apply(stock, event, noon()));
    stock.unwrap_or_default()
}

/// I2: the ledger sums to what is on hand, the live holds to what is reserved; and what is promised beyond what is there
/// stands on record.
#[track_caller]
pub(crate) fn books_balance(stock: &Stock) {
    let mut held: BTreeMap<(&Sku, &LocationId), Quantity> = BTreeMap::new();
    for part in stock.holds.values().filter(|hold| hold.is_live()).flat_map(|hold| &hold.parts) {
        assert!(part.consumed.saturating_add(part.released) <= part.quantity, "no more than all of a part");
        let sum = held.entry((&part.sku, &part.location)).or_default();
        *sum = sum.saturating_add(part.reserved());
    }
    for (sku, page) in &stock.pages {
        for (location, shelf) in &page.shelves {
            assert_eq!(shelf.sums.balance(), Some(shelf.on_hand), "the ledger of {sku} at {location}");
            let live = held.remove(&(sku, location)).unwrap_or_default();
            assert_eq!(shelf.reserved, live, "what is reserved of {sku} at {location}");
            assert_eq!(shelf.short, shelf.shortage(), "the shortage of {sku} at {location} is on record");
        }
    }
    assert!(held.values().all(|left| left.is_zero()), "every hold is of a shelf");
}

// Values.

pub(crate) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

pub(crate) fn later(millis: i64) -> Timestamp {
    noon().saturating_add_millis(millis)
}

pub(crate) fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

pub(crate) fn by(units: i64) -> Delta {
    Delta::from_thousandths(units * 1000).expect("a change")
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

pub(crate) fn cart(name: &str) -> CartId {
    name.parse().expect("a cart")
}

pub(crate) fn order(number: u8) -> OrderId {
    OrderId::new(Slot::new(number), noon(), number.into())
}

/// The hold of an order's first epoch.
pub(crate) fn hold_of(number: u8) -> HoldId {
    HoldId::of_order(&order(number), 0, 0)
}

pub(crate) fn part(line: u32, name: &str, location: &str, quantity: u64) -> Ask {
    Ask { line, sku: sku(name), location: place(location), quantity: units(quantity) }
}

pub(crate) fn mugs(quantity: u64) -> Ask {
    part(1, "mug", "east", quantity)
}

pub(crate) fn short(line: u32, name: &str, location: &str, available: u64, undecided: u64) -> Short {
    let (sku, location) = (sku(name), place(location));
    Short { line, sku, location, available: units(available), undecided: units(undecided) }
}

pub(crate) fn shelf(stock: &Stock, name: &str, location: &str) -> Shelf {
    stock.pages[&sku(name)].shelf(&place(location))
}

/// On hand, reserved and quarantined, in units.
pub(crate) fn figures(stock: &Stock, name: &str, location: &str) -> (Quantity, Quantity, Quantity) {
    let shelf = shelf(stock, name, location);
    (shelf.on_hand, shelf.reserved, shelf.quarantined)
}

// Events.

pub(crate) fn master() -> Item {
    let price = PriceEntry { version: 1, prices: BTreeMap::new(), tax_class: TaxClass::standard() };
    Item {
        title: label("A thing"),
        unit: label("each"),
        price,
        safety: BTreeMap::new(),
        kept_for_tills: BTreeMap::new(),
        low_stock: None,
        handling: Handling::default(),
        barcodes: Vec::new(),
        category: None,
    }
}

pub(crate) fn item(name: &str) -> Event {
    Event::ItemPut { sku: sku(name), item: master() }
}

pub(crate) fn received(document: &str, lines: &[(&str, &str, u64)]) -> Event {
    let posting = |(name, location, quantity): &(&str, &str, u64)| Posting::Received {
        sku: sku(name),
        location: place(location),
        quantity: units(*quantity),
    };
    moved(document, lines.iter().map(posting).collect())
}

pub(crate) fn moved(document: &str, postings: Vec<Posting>) -> Event {
    Event::Moved { id: MovementId::of(document), reference: None, postings }
}

/// Mugs and tea are in the catalog, and so much of them came.
pub(crate) fn stocked(lines: &[(&str, &str, u64)]) -> Vec<Event> {
    vec![item("mug"), item("tea"), received("opening", lines)]
}

pub(crate) fn owner(number: u8) -> Owner {
    Owner::Order { order: order(number), epoch: 0 }
}

/// Set aside for an order, to be asked about in a minute.
pub(crate) fn held(number: u8, parts: &[Ask]) -> Event {
    let until = Some(later(60_000));
    Event::Held { hold: hold_of(number), owner: owner(number), parts: parts.to_vec(), until, taker: None }
}

pub(crate) fn held_for_good(number: u8, parts: &[Ask]) -> Event {
    Event::Held { hold: hold_of(number), owner: owner(number), parts: parts.to_vec(), until: None, taker: None }
}

pub(crate) fn refused(number: u8, short: Vec<Short>) -> Event {
    Event::Refused { hold: hold_of(number), owner: owner(number), short }
}

pub(crate) fn released(number: u8, parts: &[Ask]) -> Event {
    Event::Released { hold: hold_of(number), parts: parts.to_vec() }
}

pub(crate) fn tombstoned(number: u8) -> Event {
    Event::Tombstoned { hold: hold_of(number) }
}

pub(crate) fn confirmed(number: u8) -> Event {
    Event::Confirmed { hold: hold_of(number) }
}

pub(crate) fn consumed(number: u8, shipment: u32, parts: &[Ask]) -> Event {
    let on = Some(Day::of_utc(noon()));
    Event::Consumed { hold: hold_of(number), shipment, parts: parts.to_vec(), on }
}

/// Set aside for a cart, for ten minutes from noon.
pub(crate) fn in_cart(name: &str, parts: &[Ask]) -> Event {
    let (hold, owner) = (HoldId::of_cart(&cart(name)), Owner::Cart(cart(name)));
    Event::Held { hold, owner, parts: parts.to_vec(), until: Some(later(600_000)), taker: None }
}

pub(crate) fn lapsed(name: &str, parts: &[Ask]) -> Event {
    Event::Lapsed { hold: HoldId::of_cart(&cart(name)), cart: cart(name), parts: parts.to_vec() }
}

pub(crate) fn shortage(missing: u64) -> Event {
    Event::Shortage { sku: sku("mug"), location: place("east"), missing: units(missing) }
}

// Commands.

pub(crate) fn reserve(number: u8, parts: &[Ask]) -> Command {
    let (hold, order) = (hold_of(number), order(number));
    Command::Reserve {
        hold,
        order,
        epoch: 0,
        parts: parts.to_vec(),
        cart: None,
        class: DemandClass::default(),
        sole: false,
    }
}

pub(crate) fn release(number: u8) -> Command {
    Command::Release { hold: hold_of(number), totals: None }
}

pub(crate) fn give_back(number: u8, totals: &[Ask]) -> Command {
    Command::Release { hold: hold_of(number), totals: Some(totals.to_vec()) }
}

pub(crate) fn confirm(number: u8) -> Command {
    Command::Confirm { hold: hold_of(number) }
}

pub(crate) fn consume(number: u8, shipment: u32, parts: &[Ask]) -> Command {
    Command::Consume { hold: hold_of(number), shipment, parts: parts.to_vec() }
}

pub(crate) fn wish(name: &str, quantity: u64) -> CartAsk {
    CartAsk { sku: sku(name), quantity: units(quantity), location: None }
}

pub(crate) fn hold_cart(name: &str, parts: &[CartAsk]) -> Command {
    Command::HoldCart { cart: cart(name), parts: parts.to_vec(), class: DemandClass::default() }
}

pub(crate) fn movement(document: &str, lines: Vec<MoveLine>) -> Command {
    Command::Move(Move { id: MovementId::of(document), reference: None, lines })
}

pub(crate) fn receive(quantity: u64) -> MoveLine {
    MoveLine::Receive { sku: sku("mug"), location: place("east"), quantity: units(quantity) }
}

pub(crate) fn count(counted: u64) -> MoveLine {
    MoveLine::Count { sku: sku("mug"), location: place("east"), counted: units(counted) }
}

pub(crate) fn transfer(from: &str, to: &str, quantity: u64) -> MoveLine {
    MoveLine::Transfer { sku: sku("mug"), from: place(from), to: place(to), quantity: units(quantity) }
}
