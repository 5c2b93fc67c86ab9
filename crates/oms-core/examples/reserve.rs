//! The work that `cargo xtask bench core` times: three-line orders reserved and released in memory, so many times over. It
//! reads no clock, so the same program is timed from outside as machine code and as WebAssembly.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a program of a bench: a crash is the right answer"
)]

use oms_core::price::PriceEntry;
use oms_core::promise::DemandClass;
use oms_core::routing::Handling;
use oms_core::stock::{Ask, Command, HoldId, Item, Move, MoveLine, MovementId, Stock};
use oms_core::value::{Label, LocationId, OrderId, Quantity, Sku, Slot, Timestamp};

/// Orders reserved and released in one run. The bench divides by the same number.
const ORDERS: u128 = 100_000;
const SKUS: usize = 64;
const LINES: usize = 3;

fn main() {
    let now = Timestamp::from_millis(1_291_191_960_000).expect("a time of 2010");
    let location: LocationId = "ldn".parse().expect("an id");
    let skus: Vec<Sku> = (0..SKUS).map(|number| format!("BENCH-{number}").parse().expect("a SKU")).collect();
    let mut stock = Stock::default();
    stocked(&mut stock, &skus, &location, now);
    let empty = stock.clone();
    for number in 0..ORDERS {
        let order = OrderId::new(Slot::new(7), now, number);
        let hold = HoldId::of_order(&order, 0, 0);
        let first = usize::try_from(number).expect("a small number");
        let parts = (1..=3).zip(0..LINES).map(|(line, next)| Ask {
            line,
            sku: skus[(first + next * 21) % SKUS].clone(),
            location: location.clone(),
            quantity: Quantity::from_units(1).expect("one"),
        });
        let reserve = Command::Reserve {
            hold,
            order,
            epoch: 0,
            parts: parts.collect(),
            cart: None,
            class: DemandClass::default(),
            sole: true,
        };
        done(&mut stock, &reserve, now);
        done(&mut stock, &Command::Release { hold, totals: None }, now);
        // A host keeps tombstones elsewhere; here they would only measure the growth of a map.
        stock.holds.remove(&hold);
    }
    assert!(stock == empty, "everything is back on the shelf");
}

fn stocked(stock: &mut Stock, skus: &[Sku], location: &LocationId, now: Timestamp) {
    for sku in skus {
        let label = |text: &str| text.parse::<Label>().expect("a label");
        let price = PriceEntry { version: 1, tax_class: "standard".parse().expect("a class"), prices: [].into() };
        let item = Item {
            title: label("Bench"),
            unit: label("each"),
            price,
            safety: [].into(),
            kept_for_tills: [].into(),
            low_stock: None,
            handling: Handling::default(),
            barcodes: Vec::new(),
            category: None,
        };
        done(stock, &Command::PutItem { sku: sku.clone(), item }, now);
        let quantity = Quantity::from_units(1_000).expect("a thousand");
        let receive = MoveLine::Receive { sku: sku.clone(), location: location.clone(), quantity };
        let id = MovementId::of(sku.as_str());
        done(stock, &Command::Move(Move { id, reference: None, lines: vec![receive] }), now);
    }
}

fn done(stock: &mut Stock, command: &Command, now: Timestamp) {
    let (events, answer) = stock.run(command, now);
    assert!(answer.is_ok() && !events.is_empty(), "{command:?}: {answer:?}");
}
