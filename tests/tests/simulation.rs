//! The whole house on bad days: mixed orders under loss, doubling, delay, reordering, crashes and late alarms, from a seed.
//!
//! `ESTIBA_SEED=17 cargo test -p oms-tests --test simulation` runs one seed again; `ESTIBA_SEEDS=5000` runs more of them.

use std::collections::BTreeMap;

use oms_tests::simulation::{Outcome, run};

/// Seeds of one run of the test suite; each is a day of mixed orders.
const SEEDS: u64 = 510;

#[test]
fn whatever_goes_wrong_the_invariants_stand_and_nothing_is_left_owing() {
    let mut failed = BTreeMap::new();
    let mut sum = Outcome::default();
    for seed in oms_tests::seeds(SEEDS) {
        let topology = [1, 8, 256][(seed % 3) as usize];
        let outcome = run(seed, topology);
        if !outcome.complaints.is_empty() {
            failed.insert(seed, outcome.complaints.clone());
        }
        sum.add(&outcome);
    }
    println!(
        "{} orders acknowledged, {} allocated, {} rejected, {} canceled, {} shipped units, {} moves, {} of them to make room, {} crashes survived",
        sum.acknowledged, sum.allocated, sum.rejected, sum.canceled, sum.shipped, sum.moved, sum.made_room, sum.crashes
    );
    assert!(failed.is_empty(), "{} seeds failed: {failed:#?}", failed.len());
    assert!(sum.acknowledged > 0 && sum.allocated > 0 && sum.rejected > 0 && sum.canceled > 0 && sum.shipped > 0);
    assert!(sum.moved > sum.made_room && sum.made_room > 0, "orders trade on bad days, too");
    assert!(sum.crashes > 0, "nothing went wrong: the faults are not at work");
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    assert_eq!(run(7, 8), run(7, 8));
}
