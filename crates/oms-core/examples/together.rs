//! What routing open orders together saves over routing each exactly as it came, by stock and by what is counted: a JSON object
//! a row. `cargo xtask bench batch` makes a table of it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    dead_code,
    unreachable_pub,
    missing_debug_implementations,
    reason = "a program of a bench: a crash is the right answer"
)]

extern crate alloc;

#[path = "route/family.rs"]
mod family;

use alloc::collections::BTreeMap;
use std::time::Instant;

use family::{Place, Random};
use oms_core::optimizer::{Arc, Batch, Line, Location, OpenOrder, Plan, Problem, solve};

const ORDERS: usize = 400;
const SKUS: u64 = 120;
const LOCATIONS: usize = 25;
const SEED: u64 = 99;
/// Work of a slice, as an alarm would spend it.
const SLICE: u64 = 100_000;

type Shelves = BTreeMap<(u32, u32), u64>;

fn main() {
    let places = family::places(include_str!("../../../tests/data/geo/us_zips.csv"));
    for percent in [110, 130, 200] {
        for shipments_only in [false, true] {
            row(percent, shipments_only, &places);
        }
    }
}

fn row(percent: u64, shipments_only: bool, places: &[Place]) {
    let mut random = Random(SEED);
    let sites: Vec<Place> = (0..LOCATIONS).map(|_| random.one_of(places)).collect();
    let mut orders: Vec<OpenOrder> = (0..ORDERS).map(|_| order(&mut random, &sites, places, shipments_only)).collect();
    let mut stock = stocked(&mut random, &orders, percent);
    let alone: usize = orders.iter().map(|order| routed(order, &stock).open.len()).sum();
    for order in &mut orders {
        let plan = routed(order, &stock);
        for flow in &plan.flows {
            *stock.get_mut(&(order.skus[flow.0 as usize], flow.1)).expect("it was there") -= flow.2;
        }
        order.plan = plan;
    }
    let free: Vec<(u32, u32, u64)> = stock.into_iter().map(|((sku, site), units)| (sku, site, units)).collect();
    let mut batch = Batch::new(orders, &free).expect("plans of their problems");
    let (before, shipped) = (batch.cost(), shipments(&batch));
    let started = Instant::now();
    let mut slices = 1;
    while !batch.run(SLICE).done {
        slices += 1;
    }
    let micros = started.elapsed().as_micros() as f64 / ORDERS as f64;
    println!(
        "{{\"stock_percent\":{percent},\"shipments_only\":{shipments_only},\"cost_before\":{before},\"cost_after\":{},\
         \"shipments_before\":{shipped},\"shipments_after\":{},\"shipments_alone\":{alone},\"us_per_order\":{micros:.0},\
         \"slices\":{slices}}}",
        batch.cost(),
        shipments(&batch),
    );
}

fn shipments(batch: &Batch) -> usize {
    batch.orders().iter().map(|order| order.plan.open.len()).sum()
}

/// One to six lines of one or two units, priced as the orders of the routing bench; counted in shipments, each costs the same.
fn order(random: &mut Random, sites: &[Place], places: &[Place], shipments_only: bool) -> OpenOrder {
    let destination = random.one_of(places);
    let mut wanted: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for _ in 0..random.from(1, 6) {
        wanted.insert(random.from(0, SKUS - 1) as u32, (random.from(1, 2), random.from(2, 60)));
    }
    let lines = wanted.values().map(|(demand, _)| Line { demand: *demand, penalty: 20_000, value: 0 });
    let mut problem = Problem { lines: lines.collect(), ..Problem::default() };
    for (location, site) in (0..).zip(sites) {
        let zone = family::zone(family::miles(*site, destination));
        let open_cost = if shipments_only { 1_000 } else { 420 + 65 * zone };
        problem.locations.push(Location { open_cost, capacity: None });
        for (line, (demand, weight)) in (0..).zip(wanted.values()) {
            let cost = if shipments_only { 0 } else { weight * (3 + 2 * zone) };
            problem.arcs.push(Arc(line, location, cost as i64, *demand));
        }
    }
    OpenOrder { problem, skus: wanted.into_keys().collect(), plan: Plan::default() }
}

/// So many percent of what is wanted of each SKU, on shelves drawn one unit at a time.
fn stocked(random: &mut Random, orders: &[OpenOrder], percent: u64) -> Shelves {
    let mut wanted: BTreeMap<u32, u64> = BTreeMap::new();
    for order in orders {
        for (sku, line) in order.skus.iter().zip(&order.problem.lines) {
            *wanted.entry(*sku).or_default() += line.demand;
        }
    }
    let mut stock = Shelves::new();
    for (sku, units) in wanted {
        for _ in 0..(units * percent).div_ceil(100) {
            *stock.entry((sku, random.from(0, LOCATIONS as u64 - 1) as u32)).or_default() += 1;
        }
    }
    stock
}

fn routed(order: &OpenOrder, stock: &Shelves) -> Plan {
    let mut problem = order.problem.clone();
    for arc in &mut problem.arcs {
        arc.3 = arc.3.min(stock.get(&(order.skus[arc.0 as usize], arc.1)).copied().unwrap_or(0));
    }
    solve(&problem).expect("in bounds").plan()
}
