//! The work that `cargo xtask bench promise` times: find the first day at which a quantity can be had, take it, and book a
//! receipt, so many times over, with the tree and with the plain list. It reads no clock. As machine code it is told by
//! its argument which case to run; as WebAssembly, where there are no arguments, every call of `main` runs the next.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a program of a bench: a crash is the right answer"
)]

use core::sync::atomic::{AtomicUsize, Ordering};

use oms_core::promise::{Timeline, Tree};
use oms_core::value::{Day, Delta, Invalid, Quantity};

/// Days with an event, and rounds of the tree and of the list. The bench divides by the same numbers.
const BUCKETS: [usize; 3] = [128, 512, 4_096];
const TREE_ROUNDS: u32 = 1_000_000;
const LIST_ROUNDS: u32 = 50_000;
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let asked = std::env::args().nth(1);
    if asked.as_deref() == Some("idle") {
        return;
    }
    let asked: Option<usize> = asked.and_then(|argument| argument.parse().ok());
    let case = asked.unwrap_or_else(|| NEXT.fetch_add(1, Ordering::Relaxed)) % (2 * BUCKETS.len());
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
