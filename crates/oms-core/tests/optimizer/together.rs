//! Open orders routed anew together: nothing is lost on the way, nobody takes what is not there, and it never costs more.

use alloc::collections::BTreeMap;

use oms_core::optimizer::{Arc, Batch, BatchRefusal, Line, Location, OpenOrder, Plan, Problem, check_plan, solve};
use proptest::prelude::*;

const SKUS: u32 = 5;
const SITES: u32 = 4;

/// Up to eight orders of one to three of five SKUs, routed one after another over scarce stock at four locations; then some arrives.
fn any_batch() -> impl Strategy<Value = (Vec<OpenOrder>, Vec<(u32, u32, u64)>)> {
    let order =
        (prop::collection::btree_map(0..SKUS, 1..4_u64, 1..4), prop::collection::vec(10..60_u64, SITES as usize));
    let stock = prop::collection::vec(0..4_u64, (SKUS * SITES) as usize);
    let arrived = prop::collection::vec((0..SKUS, 0..SITES, 1..4_u64), 0..5);
    (prop::collection::vec(order, 1..9), stock, arrived).prop_map(|(orders, stock, arrived)| {
        let shelf = |sku: u32, site: u32| (sku * SITES + site) as usize;
        let mut left = stock;
        let mut open = Vec::new();
        for (lines, costs) in orders {
            let mut order = one_order(&lines, &costs);
            let mut now = order.problem.clone();
            now.arcs.iter_mut().for_each(|arc| arc.3 = left[shelf(order.skus[arc.0 as usize], arc.1)]);
            order.plan = solve(&now).expect("in bounds").plan();
            order.plan.flows.iter().for_each(|flow| left[shelf(order.skus[flow.0 as usize], flow.1)] -= flow.2);
            open.push(order);
        }
        arrived.iter().for_each(|(sku, site, units)| left[shelf(*sku, *site)] += units);
        let free = (0..SKUS).flat_map(|sku| (0..SITES).map(move |site| (sku, site)));
        (open, free.map(|(sku, site)| (sku, site, left[shelf(sku, site)])).collect())
    })
}

fn one_order(lines: &BTreeMap<u32, u64>, costs: &[u64]) -> OpenOrder {
    let skus: Vec<u32> = lines.keys().copied().collect();
    let arcs = (0..).zip(&skus).flat_map(|(line, _)| (0..SITES).map(move |site| Arc(line, site, i64::from(site), 9)));
    let problem = Problem {
        lines: lines.values().map(|demand| Line { demand: *demand, penalty: 200, value: 0 }).collect(),
        locations: costs.iter().map(|open_cost| Location { open_cost: *open_cost, capacity: None }).collect(),
        arcs: arcs.collect(),
        ..Problem::default()
    };
    OpenOrder { problem, skus, plan: Plan::default() }
}

/// Units by shelf: what is free and what orders hold.
fn there(orders: &[OpenOrder], free: &[(u32, u32, u64)]) -> BTreeMap<(u32, u32), u64> {
    let mut there: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    free.iter().for_each(|(sku, site, units)| *there.entry((*sku, *site)).or_default() += units);
    for order in orders {
        order
            .plan
            .flows
            .iter()
            .for_each(|flow| *there.entry((order.skus[flow.0 as usize], flow.1)).or_default() += flow.2);
    }
    there
}

proptest! {
    #![proptest_config(super::config(1_000))]

    #[test]
    fn plans_stay_plans_within_the_same_stock_and_cost_what_was_told((orders, free) in any_batch()) {
        let before = there(&orders, &free);
        let mut batch = Batch::new(orders, &free).expect("plans of their problems");
        let cost = batch.cost();
        let slice = batch.run(u64::MAX);
        prop_assert!(slice.done && slice.saved >= 0);
        prop_assert_eq!(batch.cost(), cost - i128::from(slice.saved));
        for order in batch.orders() {
            prop_assert_eq!(check_plan(&order.problem, &order.plan), Ok(()));
        }
        for (shelf, held) in there(batch.orders(), &[]) {
            prop_assert!(held <= before[&shelf], "{:?} holds {} of {}", shelf, held, before[&shelf]);
        }
        prop_assert_eq!(batch.run(u64::MAX), oms_core::optimizer::Slice { done: true, ..Default::default() });
    }

    #[test]
    fn slices_come_to_the_same_plans((orders, free) in any_batch(), work in 1..500_u64) {
        let mut whole = Batch::new(orders.clone(), &free).expect("plans of their problems");
        let mut sliced = whole.clone();
        let told = whole.run(u64::MAX);
        let mut sum = 0;
        for _ in 0..10_000 {
            let slice = sliced.run(work);
            sum += slice.work;
            if slice.done {
                break;
            }
        }
        prop_assert_eq!(sliced.orders(), whole.orders());
        prop_assert_eq!(sum, told.work);
    }
}

#[test]
fn an_order_gives_up_what_another_needs_more() {
    // The first order took the only unit of SKU 1 from location 0, though 1 would have done; the second had to be split.
    let mut first = one_order(&BTreeMap::from([(1, 1)]), &[50, 50, 900, 900]);
    let mut second = one_order(&BTreeMap::from([(0, 1), (1, 1)]), &[50, 50, 900, 900]);
    let plan = |order: &OpenOrder, at: &[(u32, u32)]| {
        let mut problem = order.problem.clone();
        problem.arcs.retain(|arc| at.contains(&(arc.0, arc.1)));
        solve(&problem).expect("in bounds").plan()
    };
    first.plan = plan(&first, &[(0, 0)]);
    second.plan = plan(&second, &[(0, 0), (1, 1)]);
    assert_eq!((first.plan.cost, second.plan.cost), (50, 101));
    let mut batch = Batch::new(vec![first, second], &[]).expect("plans of their problems");
    assert_eq!(batch.run(u64::MAX).saved, 50);
    let open: Vec<&[u32]> = batch.orders().iter().map(|order| order.plan.open.as_slice()).collect();
    assert_eq!(open, [&[1][..], &[0][..]]);
}

#[test]
fn a_sku_is_named_once_in_an_order() {
    let mut order = one_order(&BTreeMap::from([(0, 1), (1, 1)]), &[50; 4]);
    order.plan = solve(&Problem { arcs: Vec::new(), ..order.problem.clone() }).expect("in bounds").plan();
    order.skus = vec![1, 1];
    assert_eq!(Batch::new(vec![order], &[]).expect_err("is refused"), BatchRefusal::Skus(0));
}
