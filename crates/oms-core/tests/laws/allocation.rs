//! Orders of classes of demand: whatever is asked, shipped, given back or counted, no class takes what is kept for another,
//! and what classes took is what their holds set aside or shipped.

use std::collections::BTreeMap;

use oms_core::promise::Promising;
use oms_core::promise::allocation::{Allocation, Class, DemandClass, Limit, Portion, Protection, Span, Taking};
use oms_core::stock::{Ask, Asker, Command, Event, HoldId, Move, MoveLine, MovementId, Stock};
use oms_core::value::{Day, OrderId, Quantity, Slot, Timestamp};
use proptest::prelude::*;

use crate::orders::{noon, place, sku, units};
use crate::wire::survives;
use crate::{cases, seeds, stocks};

/// The tree, and somebody outside of it.
const TREE: [(&str, Option<&str>); 6] =
    [("r", None), ("a", Some("r")), ("b", Some("r")), ("a1", Some("a")), ("a2", Some("a")), ("b1", Some("b"))];
const ASKING: [&str; 7] = ["r", "a", "b", "a1", "a2", "b1", "any"];
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

#[derive(Clone, Debug)]
enum Step {
    Reserve { class: usize, quantity: u64 },
    Ship { order: usize, quantity: u64 },
    GiveBack { order: usize, total: u64 },
    Release { order: usize },
    Cart { name: usize, class: usize, quantity: u64 },
    Receive(u64),
    Count(u64),
    Say(Vec<Class>),
    Wait(i64),
}

fn part(quantity: u64) -> Ask {
    Ask { line: 1, sku: sku("mug"), location: place("east"), quantity: units(quantity) }
}

fn named(name: &str) -> DemandClass {
    name.parse().expect("a class")
}

fn today() -> Day {
    Day::of_utc(noon())
}

fn ahead(days: i32) -> Day {
    today().checked_add(days).expect("near")
}

/// A class with nothing due to it.
fn plain(name: &str) -> Class {
    Class {
        name: named(name),
        parent: None,
        rank: None,
        limits: vec![],
        protections: vec![],
        fence: None,
        share: None,
        since: None,
    }
}

/// Anything due to each class; in a tree of shares nothing else, as they are told apart by who may borrow.
fn any_classes() -> impl Strategy<Value = Vec<Class>> {
    let due = (0..5_u8, 0..4_i32, 1..6_i32, 0..12_u64, prop::option::of(0..3_u32));
    (prop::collection::vec(due, TREE.len()), any::<bool>()).prop_map(|(dues, shared)| {
        let class = |((name, parent), (kind, from, days, quantity, rank)): (&(&str, Option<&str>), _)| {
            let plain = Class { parent: parent.map(named), rank, ..plain(name) };
            let (quantity, consumed) = (units(quantity), Quantity::ZERO);
            let kept = Protection { from: ahead(from), until: ahead(from + days), quantity, consumed };
            let per = [Span::Day, Span::Week, Span::Ever][usize::try_from(from).expect("small") % 3];
            match kind {
                _ if shared => Class { share: Some(Portion { quantity, consumed }), ..plain },
                0 => Class { protections: vec![kept], ..plain },
                1 => Class { limits: vec![Limit { per, quantity, used: vec![] }], ..plain },
                2 => Class { fence: Some(Portion { quantity, consumed }), ..plain },
                _ => plain,
            }
        };
        TREE.iter().zip(dues).map(class).collect()
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    let order = || 0..8_usize;
    prop_oneof![
        8 => (0..ASKING.len(), 1..9_u64).prop_map(|(class, quantity)| Step::Reserve { class, quantity }),
        2 => (order(), 1..5_u64).prop_map(|(order, quantity)| Step::Ship { order, quantity }),
        2 => (order(), 1..5_u64).prop_map(|(order, total)| Step::GiveBack { order, total }),
        1 => order().prop_map(|order| Step::Release { order }),
        2 => (0..2_usize, 0..ASKING.len(), 0..5_u64)
            .prop_map(|(name, class, quantity)| Step::Cart { name, class, quantity }),
        2 => (1..12_u64).prop_map(Step::Receive),
        1 => (0..30_u64).prop_map(Step::Count),
        1 => any_classes().prop_map(Step::Say),
        1 => (1..3_i64).prop_map(|days| Step::Wait(days * DAY_MILLIS)),
    ]
}

struct House {
    stock: Stock,
    now: Timestamp,
    orders: Vec<OrderId>,
    documents: u32,
    /// Shares may be said smaller than what was taken of them before.
    said_again: bool,
    journal: Vec<Event>,
}

impl House {
    fn open(classes: Vec<Class>) -> Self {
        let mut house = Self {
            stock: Stock::default(),
            now: noon(),
            orders: vec![],
            documents: 0,
            said_again: false,
            journal: vec![],
        };
        house.run(&Command::PutItem { sku: sku("mug"), item: stocks::master() });
        house.say(classes);
        house.receive(20);
        house
    }

    fn run(&mut self, command: &Command) -> Vec<Event> {
        let events = self.stock.run(command, self.now).0;
        self.journal.extend(events.iter().cloned());
        events
    }

    fn say(&mut self, classes: Vec<Class>) {
        let allocations = [(place("east"), classes)].into_iter().collect();
        let promising = Box::new(Promising { allocations, ..Promising::default() });
        self.run(&Command::PutPromising { sku: sku("mug"), promising });
    }

    fn moves(&mut self, line: MoveLine) {
        self.documents += 1;
        let id = MovementId::of(&self.documents.to_string());
        self.run(&Command::Move(Move { id, reference: None, lines: vec![line] }));
    }

    fn receive(&mut self, quantity: u64) {
        self.moves(MoveLine::Receive { sku: sku("mug"), location: place("east"), quantity: units(quantity) });
    }

    fn reserve(&mut self, class: &str, quantity: u64) -> bool {
        let number = u128::try_from(self.orders.len()).expect("few");
        let order = OrderId::new(Slot::new(1), self.now, number);
        self.orders.push(order);
        let (hold, parts) = (HoldId::of_order(&order, 0, 0), vec![part(quantity)]);
        let command =
            Command::Reserve { hold, order, epoch: 0, parts, cart: None, class: named(class), sole: number % 2 == 0 };
        self.run(&command).iter().any(|event| matches!(event, Event::Held { .. }))
    }

    fn hold(&self, order: usize) -> Option<HoldId> {
        self.orders.get(order).map(|order| HoldId::of_order(order, 0, 0))
    }

    fn free(&self) -> i64 {
        let shelf = self.stock.pages[&sku("mug")].shelf(&place("east"));
        i64::try_from(shelf.on_hand.thousandths()).expect("few")
            - i64::try_from(shelf.promised().thousandths()).expect("few")
    }

    fn takings(&self) -> Vec<Taking> {
        self.stock.pages[&sku("mug")].takings.get(&place("east")).cloned().unwrap_or_default()
    }

    fn classes(&self) -> Vec<Class> {
        let promising = self.stock.pages[&sku("mug")].promising.as_ref().expect("it is allocated");
        promising.allocations[&place("east")].clone()
    }

    fn allowed(&self, class: &str) -> Quantity {
        let asker = Asker { class: &named(class), cart: None, order: None, on: Day::of_utc(self.now) };
        self.stock.available_to(&sku("mug"), &place("east"), asker)
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Reserve { class, quantity } => self.reserve_by_the_law(ASKING[*class], *quantity),
            Step::Ship { order, quantity } => {
                let Some(hold) = self.hold(*order) else { return };
                let there = self.stock.holds.get(&hold).and_then(|hold| hold.parts.first()).map(|part| part.reserved());
                let quantity = units(*quantity).min(there.unwrap_or_default());
                let shipment = self.documents;
                self.documents += 1;
                let parts = vec![Ask { quantity, ..part(0) }];
                self.run(&Command::Consume { hold, shipment, parts });
            }
            Step::GiveBack { order, total } => {
                let Some(hold) = self.hold(*order) else { return };
                let totals = Some(vec![part(*total)]);
                self.run(&Command::Release { hold, totals });
            }
            Step::Release { order } => {
                let Some(hold) = self.hold(*order) else { return };
                self.run(&Command::Release { hold, totals: None });
            }
            Step::Cart { name, class, quantity } => {
                let parts = if *quantity == 0 { vec![] } else { vec![stocks::wish("mug", *quantity)] };
                let (cart, class) = (stocks::cart(["ann", "ben"][*name]), named(ASKING[*class]));
                self.run(&Command::HoldCart { cart, parts, class });
            }
            Step::Receive(quantity) => self.receive(*quantity),
            Step::Count(counted) => {
                self.moves(MoveLine::Count { sku: sku("mug"), location: place("east"), counted: units(*counted) });
            }
            Step::Say(classes) => {
                self.said_again = true;
                self.say(classes.clone());
            }
            Step::Wait(millis) => {
                self.now = self.now.saturating_add_millis(*millis);
                self.run(&Command::Lapse);
            }
        }
    }

    /// It has what it asks for if and only if nobody else is kept from what is theirs, and no bound of its own is passed.
    fn reserve_by_the_law(&mut self, class: &str, quantity: u64) {
        let (classes, before, allowed) = (self.classes(), self.takings(), self.allowed(class));
        let room = self.room(&classes, &before, class);
        let held = self.reserve(class, quantity);
        assert_eq!(held, units(quantity) <= allowed, "it is told what it can have");
        let quantity = i64::try_from(units(quantity).thousandths()).expect("few");
        if classes.iter().any(|class| class.share.is_some()) {
            if held {
                self.shares_cover(&classes);
            }
        } else {
            assert_eq!(held, quantity <= room, "{class} asks for {quantity} of {room}: {classes:#?} {before:#?}");
        }
        assert!(!held || self.free() >= 0, "I1");
    }

    /// What is left for a class, worked out the slow way from what everybody took.
    fn room(&self, classes: &[Class], takings: &[Taking], asking: &str) -> i64 {
        let today = Day::of_utc(self.now);
        let way = way_up(classes, asking);
        let days = (0..12).map(ahead).filter(|day| *day > today).chain([today]);
        let left = days.map(|day| self.free() - kept(classes, takings, None, &way, day));
        let mut room = left.min().expect("today");
        for class in classes.iter().filter(|class| way.contains(&class.name)) {
            for limit in &class.limits {
                let used = taken(classes, takings, class, |day| limit.per.same(day, today));
                room = room.min(thousandths(limit.quantity) - used);
            }
        }
        let fence =
            way.iter().find_map(|name| classes.iter().find(|class| class.name == *name && class.fence.is_some()));
        if let Some(class) = fence {
            let whole = thousandths(class.fence.expect("it has one").quantity);
            room = room.min(whole - taken(classes, takings, class, |_| true));
        }
        room.max(0)
    }

    /// Everybody's takings fit into the shares they may reach: no group of classes took more than all that any of them may
    /// eat of.
    fn shares_cover(&self, classes: &[Class]) {
        let said = Allocation { sku: sku("mug"), location: place("east"), classes: classes.to_vec() };
        let takings = self.takings();
        let took = |name: &DemandClass| -> i64 {
            takings.iter().filter(|one| one.class == *name).map(|one| thousandths(one.quantity)).sum()
        };
        for one in classes {
            let reach: i64 =
                said.reaches(&one.name).iter().map(|class| thousandths(class.share.unwrap_or_default().quantity)).sum();
            let mine = took(&one.name);
            assert!(mine <= reach || self.said_again, "{} took {mine} of {reach}", one.name);
        }
    }
}

fn thousandths(quantity: Quantity) -> i64 {
    i64::try_from(quantity.thousandths()).expect("few")
}

/// A class and those above it.
fn way_up(classes: &[Class], asking: &str) -> Vec<DemandClass> {
    let mut way = vec![];
    let mut next = classes.iter().find(|class| class.name.as_str() == asking);
    while let Some(class) = next {
        way.push(class.name.clone());
        next = classes.iter().find(|above| Some(&above.name) == class.parent.as_ref());
    }
    way
}

/// What a class and everything under it took on such days.
fn taken(classes: &[Class], takings: &[Taking], class: &Class, on: impl Fn(Day) -> bool) -> i64 {
    let under = |one: &&Taking| way_up(classes, one.class.as_str()).contains(&class.name) && on(one.day);
    takings.iter().filter(under).map(|one| thousandths(one.quantity)).sum()
}

/// What is kept on a day for the classes under one that are not on the way up from whoever asks.
fn kept(classes: &[Class], takings: &[Taking], under: Option<&DemandClass>, way: &[DemandClass], day: Day) -> i64 {
    let children = classes.iter().filter(|class| class.parent.as_ref() == under);
    let of_child = |class: &Class| {
        let below = kept(classes, takings, Some(&class.name), way, day);
        let protected = class.protections.iter().filter(|one| one.from <= day && day < one.until);
        let protected = protected.map(|one| {
            let gone = taken(classes, takings, class, |on| one.from <= on && on < one.until);
            (thousandths(one.quantity) - gone).max(0)
        });
        let fenced = class.fence.map_or(0, |fence| thousandths(fence.quantity));
        let fenced = (fenced - taken(classes, takings, class, |_| true)).max(0);
        if way.contains(&class.name) { below } else { below.max(protected.sum::<i64>() + fenced) }
    };
    children.map(of_child).sum()
}

/// What classes took, as their holds have it.
fn as_held(stock: &Stock) -> BTreeMap<DemandClass, Quantity> {
    let mut sums: BTreeMap<DemandClass, Quantity> = BTreeMap::new();
    for part in stock.holds.values().flat_map(|hold| &hold.parts) {
        let class = part.taker.as_ref().expect("it is allocated all the time").class.clone();
        let sum = sums.entry(class).or_default();
        *sum = sum.saturating_add(part.quantity.saturating_sub(part.released));
    }
    sums.retain(|_, quantity| !quantity.is_zero());
    sums
}

/// As many rows: what is allocated is had, given back and shipped in one event each, like anything else.
#[test]
fn what_is_allocated_takes_no_more_events_than_anything_else() {
    let counts =
        [vec![], vec![Class { fence: Some(Portion { quantity: units(9), consumed: Quantity::ZERO }), ..plain("a") }]]
            .map(|classes| {
                let mut house = House::open(vec![]);
                house.run(&Command::PutPromising { sku: sku("mug"), promising: Box::default() });
                if !classes.is_empty() {
                    house.say(classes);
                }
                let before = house.journal.len();
                assert!(house.reserve("a", 5));
                house.take(&Step::GiveBack { order: 0, total: 2 });
                house.take(&Step::Ship { order: 0, quantity: 3 });
                house.journal.len() - before
            });
    assert_eq!(counts, [3, 3]);
}

proptest! {
    #![proptest_config(cases(seeds!("allocation")))]

    #[test]
    fn no_class_takes_what_is_kept_for_another_and_what_was_taken_is_what_is_held_or_left(
        classes in any_classes(), steps in prop::collection::vec(any_step(), 1..25)
    ) {
        let mut house = House::open(classes);
        for step in &steps {
            house.take(step);
            let mut sums: BTreeMap<DemandClass, Quantity> = BTreeMap::new();
            for one in house.takings() {
                let sum = sums.entry(one.class).or_default();
                *sum = sum.saturating_add(one.quantity);
            }
            prop_assert_eq!(sums, as_held(&house.stock), "what was taken is held or has left");
            stocks::books_balance(&house.stock);
        }
        let replayed = house.journal.iter().fold(Stock::default(), |mut stock, event| {
            stock.take(event);
            stock
        });
        prop_assert_eq!(&replayed, &house.stock, "the journal replays to what is");
        house.journal.iter().for_each(survives);
        house.stock.pages.values().for_each(survives);
        house.stock.holds.values().for_each(survives);
    }
}
