//! What holds after every step of every history, whatever is asked in whatever order.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    reason = "a test may crash, and runs on the host"
)]

mod allocation;
mod allotment;
mod buying;
mod desk;
mod extremes;
mod house;
mod model;
mod order;
#[path = "../order/kit.rs"]
mod orders;
mod shop;
mod stock;
#[path = "../stock/kit.rs"]
mod stocks;
mod takings;
mod tills;
mod together;
mod wire;

use proptest::test_runner::{Config, FileFailurePersistence};

/// Histories of each law in a run, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 10_000;

/// So many cases, and failing seeds kept in this file of `proptest-regressions`: they are tried first ever after.
fn cases(seeds: &'static str) -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(seeds)));
    config
}

/// The file of a law's failing seeds.
macro_rules! seeds {
    ($law:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/", $law, ".txt")
    };
}
use seeds;
