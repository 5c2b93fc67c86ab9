//! Laws of stock: any history agrees with the model, the books balance at every step (I1, I2), what is repeated writes
//! nothing, and the journal replays to what is.

use std::collections::BTreeMap;

use oms_core::order::Disposition;
use oms_core::promise::DemandClass;
use oms_core::stock::{
    Ask, CartAsk, Command, Event, HoldId, Item, Move, MoveLine, MovementId, Reason, Stage, Stock, Verdict,
};
use oms_core::value::{Quantity, Timestamp};
use proptest::prelude::*;

use crate::model::{self, Model};
use crate::stocks::{Machine, books_balance, by, cart, hold_of, master, noon, order, place, sku, units};
use crate::wire::survives;

const SKUS: [&str; 2] = ["mug", "tea"];
const PLACES: [&str; 2] = ["east", "west"];

/// A step of a history. What depends on where things stand is worked out when it is taken.
#[derive(Clone, Debug)]
enum Step {
    Ask(Box<Command>),
    /// What is left of a hold leaves, all of it or one unit of each part.
    Ship {
        number: u8,
        shipment: u32,
        all: bool,
    },
    /// So much of each part of a hold was given back in total.
    GiveBack {
        number: u8,
        total: u64,
    },
    Wait(i64),
}

fn ask() -> impl Strategy<Value = Ask> {
    (1..=2_u32, 0..2_usize, 0..2_usize, 0..4_u64).prop_map(|(line, name, location, quantity)| Ask {
        line,
        sku: sku(SKUS[name]),
        location: place(PLACES[location]),
        quantity: units(quantity),
    })
}

fn item() -> impl Strategy<Value = Item> {
    (0..3_u64, 0..3_u64, prop::option::of(0..4_u64)).prop_map(|(safety, kept, low)| Item {
        safety: [(place("east"), units(safety))].into_iter().collect(),
        kept_for_tills: [(place("east"), units(kept))].into_iter().collect(),
        low_stock: low.map(units),
        ..master()
    })
}

fn move_line() -> impl Strategy<Value = MoveLine> {
    let place = || (0..2_usize).prop_map(|at| place(PLACES[at]));
    let what = || ((0..2_usize).prop_map(|at| sku(SKUS[at])), place(), (0..6_u64).prop_map(units));
    prop_oneof![
        4 => what().prop_map(|(sku, location, quantity)| MoveLine::Receive { sku, location, quantity }),
        1 => (what(), -3..4_i64).prop_map(|((sku, location, _), change)| {
            MoveLine::Adjust { sku, location, by: by(change), reason: Reason::Damaged }
        }),
        1 => what().prop_map(|(sku, from, quantity)| MoveLine::Dispatch { sku, from, quantity }),
        1 => what().prop_map(|(sku, location, counted)| MoveLine::Count { sku, location, counted }),
        2 => (what(), place()).prop_map(|((sku, from, quantity), to)| MoveLine::Transfer { sku, from, to, quantity }),
        1 => (what(), any::<bool>()).prop_map(|((sku, location, quantity), fit)| {
            let verdict = if fit { Verdict::Restock } else { Verdict::Scrap };
            MoveLine::Judge { sku, location, quantity, verdict }
        }),
        1 => (what(), any::<bool>()).prop_map(|((sku, location, quantity), fit)| {
            let disposition = if fit { Disposition::Restock } else { Disposition::Quarantine };
            MoveLine::Return { sku, location, quantity, disposition }
        }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let number = || 0..4_u8;
    let asks = || prop::collection::vec(ask(), 0..4);
    let name = || (0..2_usize).prop_map(|at| cart(["ann", "ben"][at]));
    let wish = (0..2_usize, 0..4_u64, prop::option::of(0..2_usize)).prop_map(|(name, quantity, location)| CartAsk {
        sku: sku(SKUS[name]),
        quantity: units(quantity),
        location: location.map(|at| place(PLACES[at])),
    });
    prop_oneof![
        1 => ((0..2_usize), item()).prop_map(|(at, item)| Command::PutItem { sku: sku(SKUS[at]), item }),
        4 => (0..12_u8, prop::collection::vec(move_line(), 0..4)).prop_map(|(document, lines)| {
            Command::Move(Move { id: MovementId::of(&document.to_string()), reference: None, lines })
        }),
        6 => (number(), asks(), prop::option::of(name()), any::<bool>()).prop_map(|(number, parts, cart, sole)| {
            Command::Reserve { hold: hold_of(number), order: order(number), epoch: 0, parts, cart, class: DemandClass::default(), sole }
        }),
        2 => number().prop_map(|number| Command::Release { hold: hold_of(number), totals: None }),
        1 => (number(), asks()).prop_map(|(number, totals)| {
            Command::Release { hold: hold_of(number), totals: Some(totals) }
        }),
        1 => number().prop_map(|number| Command::Confirm { hold: hold_of(number) }),
        1 => (number(), 1..3_u32, asks()).prop_map(|(number, shipment, parts)| {
            Command::Consume { hold: hold_of(number), shipment, parts }
        }),
        3 => (name(), prop::collection::vec(wish, 0..3)).prop_map(|(cart, parts)| Command::HoldCart { cart, parts, class: DemandClass::default() }),
        1 => Just(Command::Lapse),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => command().prop_map(|command| Step::Ask(Box::new(command))),
        2 => (0..4_u8, 1..4_u32, any::<bool>()).prop_map(|(number, shipment, all)| Step::Ship { number, shipment, all }),
        2 => (0..4_u8, 0..4_u64).prop_map(|(number, total)| Step::GiveBack { number, total }),
        2 => prop_oneof![Just(1), Just(60_000), Just(300_000), Just(600_000)].prop_map(Step::Wait),
    ]
}

/// Both SKUs are there, and some stock: else most histories would be short.
fn opening() -> Vec<Step> {
    let item = |name| Step::Ask(Box::new(Command::PutItem { sku: sku(name), item: master() }));
    let receive = |name, location| MoveLine::Receive { sku: sku(name), location: place(location), quantity: units(4) };
    let lines = vec![receive("mug", "east"), receive("mug", "west"), receive("tea", "east")];
    let movement = Move { id: MovementId::of("opening"), reference: None, lines };
    vec![item("mug"), item("tea"), Step::Ask(Box::new(Command::Move(movement)))]
}

fn asked(stock: &Stock, step: &Step) -> Option<Command> {
    let parts_of = |number: u8, quantity: &dyn Fn(&oms_core::stock::Part) -> Quantity| {
        let parts = stock.holds.get(&hold_of(number)).map(|hold| hold.parts.as_slice()).unwrap_or_default();
        let part = |part: &oms_core::stock::Part| Ask {
            line: part.line,
            sku: part.sku.clone(),
            location: part.location.clone(),
            quantity: quantity(part),
        };
        parts.iter().map(part).collect::<Vec<Ask>>()
    };
    match step {
        Step::Ask(command) => Some((**command).clone()),
        Step::Ship { number, shipment, all } => {
            let parts = parts_of(*number, &|part| if *all { part.reserved() } else { part.reserved().min(units(1)) });
            Some(Command::Consume { hold: hold_of(*number), shipment: *shipment, parts })
        }
        Step::GiveBack { number, total } => {
            Some(Command::Release { hold: hold_of(*number), totals: Some(parts_of(*number, &|_| units(*total))) })
        }
        Step::Wait(_) => None,
    }
}

fn agrees(stock: &Stock, model: &Model) {
    assert_eq!(stock.movements, model.movements);
    let shelves: BTreeMap<_, _> = stock
        .pages
        .iter()
        .flat_map(|(sku, page)| page.shelves.iter().map(move |(place, shelf)| ((sku.clone(), place.clone()), *shelf)))
        .collect();
    assert!(shelves.keys().eq(model.shelves.keys()), "the same shelves");
    for (place, shelf) in &shelves {
        let expected = model.shelves[place];
        let figures = (shelf.on_hand, shelf.reserved, shelf.quarantined, shelf.short);
        let figures = [figures.0, figures.1, figures.2, figures.3].map(Quantity::thousandths);
        let expected_figures = [expected.on_hand, model.reserved(place), expected.quarantined, model.shortage(place)];
        assert_eq!(figures, expected_figures, "on hand, reserved, quarantined, short of {place:?}");
        assert_eq!(shelf.low, expected.low, "low {place:?}");
        assert_eq!(stock.available(&place.0, &place.1, None).thousandths(), model.available(place, None));
    }
    assert!(stock.holds.keys().eq(model.holds.keys()), "the same holds");
    for (id, hold) in &stock.holds {
        let expected = &model.holds[id];
        let stage = match &hold.stage {
            Stage::Held { until } => model::Stage::Held { until: *until },
            Stage::Confirmed => model::Stage::Confirmed,
            Stage::Refused { .. } => model::Stage::Refused,
            Stage::Released if hold.owner.is_none() => model::Stage::Tombstone,
            Stage::Released => model::Stage::Released,
        };
        assert_eq!(stage, expected.stage, "{hold:?}");
        let left =
            hold.parts.iter().map(|part| (part.line, part.reserved().thousandths(), part.released.thousandths()));
        assert!(
            left.eq(expected.parts.iter().map(|part| (part.line, part.left, part.released))),
            "{hold:?} {expected:?}"
        );
    }
}

fn shortages(stock: &Stock) -> Quantity {
    stock.pages.values().flat_map(|page| page.shelves.values()).map(|shelf| shelf.short).sum()
}

/// Only a count or an adjustment may leave more promised than there is (I1).
fn may_leave_a_shortage(command: &Command) -> bool {
    let Command::Move(movement) = command else { return false };
    movement.lines.iter().any(|line| matches!(line, MoveLine::Count { .. } | MoveLine::Adjust { .. }))
}

fn crossings(model: &Model) -> usize {
    model.shelves.values().filter(|shelf| shelf.low).count()
}

fn keeps_the_laws(steps: &[Step]) {
    let (mut stock, mut model, mut journal): (_, _, Vec<Event>) = (Stock::default(), Model::default(), vec![]);
    let mut now: Timestamp = noon();
    for step in opening().iter().chain(steps) {
        if let Step::Wait(millis) = step {
            now = now.saturating_add_millis(*millis);
        }
        let Some(command) = asked(&stock, step) else { continue };
        let (short, low) = (shortages(&stock), crossings(&model));
        let (events, answer) = stock.run(&command, now);
        let expected = model.run(&command, now);
        assert_eq!(answer.as_ref().map_err(model::word), expected.as_ref().map_err(|word| *word), "{command:?}");
        agrees(&stock, &model);
        books_balance(&stock);
        assert!(shortages(&stock) <= short || may_leave_a_shortage(&command), "{command:?} breaks I1");
        let raised = events.iter().filter(|event| matches!(event, Event::LowStock { .. })).count();
        let over = events.iter().filter(|event| matches!(event, Event::LowStockOver { .. })).count();
        assert_eq!(low + raised, crossings(&model) + over, "low stock is raised once per crossing");
        let again = stock.clone().run(&command, now);
        assert_eq!(again, (vec![], answer), "{command:?} is repeated");
        owes_what_it_wakes_for(&stock, now);
        journal.extend(events);
    }
    let replayed = journal.iter().fold(Stock::default(), |mut stock, event| {
        stock.take(event);
        stock
    });
    assert_eq!(replayed, stock, "the journal replays to what is");
    assert_eq!(from_its_parts(&stock), stock, "the parts kept one by one are the whole");
    journal.iter().for_each(survives);
    stock.pages.values().for_each(survives);
    stock.holds.values().for_each(survives);
}

/// Undecided orders are asked once their minute is over, and somebody wakes up for it.
fn owes_what_it_wakes_for(stock: &Stock, now: Timestamp) {
    let asked: Vec<HoldId> = stock.errands(now).iter().map(|inquiry| inquiry.hold).collect();
    for (id, hold) in &stock.holds {
        let due = matches!(hold.stage, Stage::Held { until } if until <= now);
        assert_eq!(asked.contains(id), due && hold.is_undecided());
    }
    assert!(asked.is_empty() || stock.wake_at().is_some_and(|at| at <= now), "it wakes for what it owes");
}

/// As a host loads it: pages, holds and movements, each by itself.
fn from_its_parts(stock: &Stock) -> Stock {
    let mut loaded = Stock::default();
    stock.pages.iter().for_each(|(sku, page)| loaded.put_page(sku.clone(), page.clone()));
    loaded.movements.clone_from(&stock.movements);
    stock.holds.iter().for_each(|(id, hold)| loaded.put_hold(*id, hold.clone()));
    loaded
}

proptest! {
    #![proptest_config(crate::cases(crate::seeds!("stock")))]

    #[test]
    fn any_history_of_stock_agrees_with_the_model(steps in prop::collection::vec(step(), 1..60)) {
        keeps_the_laws(&steps);
    }
}
