//! The work that `cargo xtask bench routing` times: routing problems solved.
//!
//! With a file of problems it solves each and prints a row of JSON with the time it took. Without, it draws orders itself, solves
//! them and leaves a number made of all answers in memory behind a mark: a WebAssembly module has no other way to tell.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    unreachable_pub,
    missing_debug_implementations,
    reason = "a program of a bench: a crash is the right answer"
)]

#[allow(dead_code, reason = "the bench draws more kinds of orders than this program")]
mod family;

use core::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use family::Random;
use oms_core::optimizer::{Answer, Problem, check, solve};
use serde_json::json;

/// Orders drawn and solved when there is no file; the bench divides by the same number.
const ORDERS: u64 = 400;
/// Runs of each problem of a file; the fastest counts.
const RUNS: usize = 5;
const SEED: u64 = 2_026;
/// A mark of two words, and the number behind it.
static RESULT: [AtomicU64; 3] =
    [AtomicU64::new(0x6573_7469_6261_2e31), AtomicU64::new(0x726f_7574_6573_2e31), AtomicU64::new(0)];

fn main() {
    match std::env::args().nth(1) {
        Some(file) => timed(&file),
        None => drawn(),
    }
}

fn timed(file: &str) {
    let text = std::fs::read_to_string(file).expect("a file of problems");
    let problems: Vec<Problem> = serde_json::from_str(&text).expect("problems");
    // The first calls of a process pay for its memory.
    problems.iter().take(20).for_each(|problem| drop(solve(problem)));
    for problem in problems {
        let once = || {
            let started = Instant::now();
            let answer = solve(&problem).expect("a problem in bounds");
            (started.elapsed().as_nanos() as u64, answer)
        };
        let (first, answer) = once();
        // On a shared machine the fastest run is the one that nobody interrupted.
        let nanos = (1..RUNS).map(|_| once().0).fold(first, u64::min);
        assert_eq!(check(&problem, &answer), Ok(()));
        let Answer { cost, lower_bound, root_bound, proven, work, .. } = answer;
        println!(
            "{}",
            json!({ "cost": cost, "lower_bound": lower_bound, "root_bound": root_bound, "proven": proven, "work": work, "nanos": nanos })
        );
    }
}

fn drawn() {
    let places = family::places(include_str!("../../../../tests/data/geo/us_zips.csv"));
    let mut random = Random(SEED);
    let mut sum = 0_u64;
    for number in 0..ORDERS {
        let answer = solve(&family::order(&mut random, number, &places)).expect("a problem in bounds");
        sum = digest(sum, &answer);
    }
    // Who reads the memory is not known to the compiler.
    core::hint::black_box(&RESULT)[2].store(sum, Ordering::Relaxed);
    println!("{sum}");
}

/// Every number of the answer goes in, FNV-1a by words.
fn digest(sum: u64, answer: &Answer) -> u64 {
    let flows = answer.flows.iter().flat_map(|flow| [u64::from(flow.0), u64::from(flow.1), flow.2]);
    let words = [answer.cost as u64, answer.lower_bound as u64, answer.root_bound as u64, answer.work];
    let multipliers = answer.multipliers.iter().map(|multiplier| *multiplier as u64);
    let all = words.into_iter().chain(flows).chain(multipliers);
    all.fold(sum, |sum, word| (sum ^ word).wrapping_mul(0x0100_0000_01b3))
}
