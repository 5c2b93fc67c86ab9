//! More buyers than goods, with the same checks as the suite of that name.

use oms_tests::edge::{TEST_TOPOLOGY, Edge, EdgeOptions};
use oms_tests::rush::{self, Rush};
use serde_json::{Value, json};

use crate::{Outcome, ui};

const CLIENTS: usize = 64;
/// Units on hand and buyers: of one SKU, and of two SKUs in different objects.
const SINGLE: (usize, usize) = (100, 300);
const OVERLAPPING: (usize, usize) = (100, 300);

pub fn run(mut parser: lexopt::Parser) -> Outcome {
    if let Some(argument) = parser.next()? {
        return Err(argument.unexpected().into());
    }
    super::build_worker()?;
    let edge = Edge::start(EdgeOptions::default())?;
    let client = edge.client();
    let step = ui::Step::start("300 buyers of one SKU with 100 on hand");
    let single = rush::single(&client, "single", SINGLE.0 as u64, CLIENTS, SINGLE.1)?;
    step.done("");
    let step = ui::Step::start("300 buyers of three lines that overlap on two SKUs in different objects");
    let both =
        rush::overlapping(&client, "overlap", TEST_TOPOLOGY, OVERLAPPING.0 as u64, CLIENTS, OVERLAPPING.1)?;
    step.done("");
    let runs = [("one SKU, one line", SINGLE, single), ("two SKUs in two objects, three lines", OVERLAPPING, both)];
    println!();
    let header = ["rush", "on hand", "orders", "allocated", "refused", "misled", "5xx", "other", "orders/s", "verdict"];
    ui::table(&header, &runs.iter().map(|(what, size, rush)| row(what, *size, rush)).collect::<Vec<_>>());
    let complaints: Vec<String> =
        runs.iter().flat_map(|(_, (on_hand, orders), rush)| rush.complaints(*on_hand, *orders)).collect();
    complaints.iter().for_each(|complaint| println!("  {complaint}"));
    super::write("contention", &runs.iter().map(|(what, size, rush)| figures(what, *size, rush)).collect::<Vec<_>>())?;
    anyhow::ensure!(complaints.is_empty(), "{} complaints", complaints.len());
    Ok(())
}

fn row(what: &str, (on_hand, orders): (usize, usize), rush: &Rush) -> Vec<String> {
    let sound = rush.complaints(on_hand, orders).is_empty();
    let counts = [on_hand, orders, rush.allocated, rush.refused, rush.misled, rush.failures];
    let others: usize = rush.unexpected.values().sum();
    let mut row = vec![what.to_owned()];
    row.extend(counts.iter().chain([&others]).map(ToString::to_string));
    row.push(format!("{:.0}", orders as f64 / rush.seconds));
    row.push(if sound { "nothing oversold, leaked or idle" } else { "BROKEN" }.to_owned());
    row
}

fn figures(what: &str, (on_hand, orders): (usize, usize), rush: &Rush) -> Value {
    json!({
        "rush": what, "on_hand": on_hand, "orders": orders, "clients": CLIENTS, "allocated": rush.allocated,
        "refused": rush.refused, "misled": rush.misled, "failures": rush.failures, "seconds": rush.seconds,
        "complaints": rush.complaints(on_hand, orders),
    })
}
