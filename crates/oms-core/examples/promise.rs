//! The work that `cargo xtask bench promise` times: find the first day at which a quantity can be had, take it, and book a
//! receipt, so many times over, with the tree and with the plain list; and promise whole orders. It reads no clock. As machine code it is told by
//! its argument which case to run; as WebAssembly, where there are no arguments, every call of `main` runs the next.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a program of a bench: a crash is the right answer"
)]

use core::sync::atomic::{AtomicUsize, Ordering};

use oms_core::promise::{Facts, Request, Timeline, Tree, promise};
use oms_core::value::{Day, Delta, Invalid, Quantity};

/// Days with an event, and rounds of the tree and of the list. The bench divides by the same numbers.
const BUCKETS: [usize; 3] = [128, 512, 4_096];
const TREE_ROUNDS: u32 = 1_000_000;
const LIST_ROUNDS: u32 = 50_000;
/// Orders promised: ten lines of ten SKUs, ten locations with two services each, stock and two receipts everywhere.
const ORDERS: u32 = 200;
const LINES: usize = 10;
const LOCATIONS: usize = 10;
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let asked = std::env::args().nth(1);
    if asked.as_deref() == Some("idle") {
        return;
    }
    let asked: Option<usize> = asked.and_then(|argument| argument.parse().ok());
    let case = asked.unwrap_or_else(|| NEXT.fetch_add(1, Ordering::Relaxed)) % (2 * BUCKETS.len() + 1);
    if case == 2 * BUCKETS.len() {
        return orders();
    }
    let buckets = BUCKETS[case / 2];
    let start = Day::new(20_000).expect("a day of 2024");
    let promised = if case.is_multiple_of(2) {
        let mut tree = Tree::new(start, buckets, Delta::ZERO).expect("few buckets");
        drive(&mut tree, start, buckets, TREE_ROUNDS)
    } else {
        drive(&mut Timeline::new(Delta::ZERO), start, buckets, LIST_ROUNDS)
    };
    assert!(promised > 0, "something could be promised");
}

trait Ledger {
    fn earliest(&self, quantity: Quantity, from: Day) -> Option<Day>;
    fn commit(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid>;
    fn receive(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid>;
}

macro_rules! ledger {
    ($name:ty) => {
        impl Ledger for $name {
            fn earliest(&self, quantity: Quantity, from: Day) -> Option<Day> {
                <$name>::earliest(self, quantity, from)
            }
            fn commit(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
                <$name>::commit(self, day, quantity)
            }
            fn receive(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
                <$name>::receive(self, day, quantity)
            }
        }
    };
}
ledger!(Tree);
ledger!(Timeline);

/// Every day begins with a receipt; then each round takes what an earlier round brings.
fn drive(ledger: &mut impl Ledger, start: Day, buckets: usize, rounds: u32) -> u32 {
    let units = |count: u32| Quantity::from_units(u64::from(count)).expect("a few");
    let mut seed = 0x2545_f491_u32;
    let mut draw = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    let days = u32::try_from(buckets).expect("few buckets");
    let day = |at: u32| start.saturating_add(i32::try_from(at).expect("few buckets"));
    for at in 0..days {
        ledger.receive(day(at), units(8)).expect("in range");
    }
    let mut promised = 0;
    for _ in 0..rounds {
        let quantity = units(1 + draw(16));
        let from = day(draw(days));
        if let Some(found) = ledger.earliest(quantity, from) {
            ledger.commit(found, quantity).expect("in range");
            promised += 1;
        }
        ledger.receive(day(draw(days)), units(9)).expect("in range");
    }
    promised
}

fn orders() {
    let (facts, request) = (facts(), request());
    for _ in 0..ORDERS {
        let promise = promise(&request, &facts).expect("facts that make sense");
        assert!(promise.deliver.is_some(), "everything can be had");
    }
}

/// The facts as they would come over the wire.
fn facts() -> Facts {
    let mut parts: [Vec<String>; 4] = Default::default();
    let [locations, lanes, stocks, inbound] = &mut parts;
    for place in 0..LOCATIONS {
        locations.push(format!(r#""l{place}":{{"calendar":"work","processing_days":1}}"#));
        for (service, days, cost) in [("slow", 4 + place % 3, 500 + 10 * place), ("fast", 1, 1_500 + 10 * place)] {
            lanes.push(format!(
                r#"{{"location":"l{place}","service":"{service}","calendar":"post","min_days":1,"max_days":{days},"cost":{cost}}}"#
            ));
        }
        for sku in 0..LINES {
            let on_hand = (sku * 7 + place * 3) % 5 * 1_000;
            stocks.push(format!(r#"{{"sku":"S{sku}","location":"l{place}","on_hand":{on_hand}}}"#));
            for (number, day) in [(1, "2026-12-02"), (2, "2026-12-16")] {
                inbound.push(format!(
                    r#"{{"id":"PO-{place}-{sku}-{number}","sku":"S{sku}","location":"l{place}","source":"purchase","stage":"ready","expected":"{day}","ordered":9000}}"#
                ));
            }
        }
    }
    let week = r#"["monday","tuesday","wednesday","thursday","friday"]"#;
    let text = format!(
        r#"{{"calendars":{{"work":{{"week":{week},"cutoff":"14:00"}},"post":{{"week":{week}}}}},"locations":{{{}}},"lanes":[{}],"stocks":[{}],"inbound":[{}]}}"#,
        parts[0].join(","),
        parts[1].join(","),
        parts[2].join(","),
        parts[3].join(",")
    );
    serde_json::from_str(&text).expect("facts")
}

fn request() -> Request {
    let lines: Vec<String> = (0..LINES)
        .map(|sku| format!(r#"{{"line":{},"sku":"S{sku}","quantity":3000,"wanted":"2026-12-01"}}"#, sku + 1))
        .collect();
    let text = format!(r#"{{"placed_at":1795428000000,"lines":[{}]}}"#, lines.join(","));
    serde_json::from_str(&text).expect("a request")
}
