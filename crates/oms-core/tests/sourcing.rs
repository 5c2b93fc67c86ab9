//! Sourcing, whatever rule is in force: nobody serves more than there is, nothing is lost, as few locations as can be.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test may crash")]

use oms_core::sourcing::{Demand, Plan, Problem, Site, Supply, plan};
use oms_core::value::{LocationId, Quantity, Sku};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/sourcing.txt");

fn sku(number: usize) -> Sku {
    format!("s{number}").parse().expect("a SKU")
}

fn location(number: usize) -> LocationId {
    format!("l{number}").parse().expect("a location")
}

fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

/// Up to five lines of three SKUs, up to six locations, some at the same distance.
fn any_problem() -> impl Strategy<Value = Problem> {
    let demands = prop::collection::vec((0..3_usize, 0..6_u64), 1..6);
    let distances = prop::collection::vec(0..4_u64, 0..7);
    let supply = prop::collection::btree_map((0..3_usize, 0..6_usize), 0..5_u64, 0..14);
    (demands, distances, supply).prop_map(|(demands, distances, supply)| Problem {
        demands: (1..)
            .zip(demands)
            .map(|(line, (name, quantity))| Demand { line, sku: sku(name), quantity: units(quantity) })
            .collect(),
        sites: (0..).zip(distances).map(|(number, distance)| Site { location: location(number), distance }).collect(),
        supply: supply
            .into_iter()
            .map(|((name, number), free)| Supply { sku: sku(name), location: location(number), free: units(free) })
            .collect(),
    })
}

fn free(problem: &Problem, sku: &Sku, sites: &[&Site]) -> Quantity {
    let there = problem.supply.iter().filter(|supply| supply.sku == *sku);
    there.filter(|supply| sites.iter().any(|site| site.location == supply.location)).map(|supply| supply.free).sum()
}

fn wanted(problem: &Problem, sku: &Sku) -> Quantity {
    problem.demands.iter().filter(|demand| demand.sku == *sku).map(|demand| demand.quantity).sum()
}

fn used(plan: &Plan) -> Vec<&LocationId> {
    let mut used: Vec<&LocationId> = plan.serves.iter().map(|serve| &serve.location).collect();
    used.sort();
    used.dedup();
    used
}

/// True when these sites have all that can be had of everything.
fn suffices(problem: &Problem, sites: &[&Site]) -> bool {
    let all: Vec<&Site> = problem.sites.iter().collect();
    let enough = |demand: &Demand| {
        let want = wanted(problem, &demand.sku).min(free(problem, &demand.sku, &all));
        free(problem, &demand.sku, sites) >= want
    };
    problem.demands.iter().all(enough)
}

/// The fewest sites that suffice, by trying all.
fn fewest(problem: &Problem) -> u32 {
    let subsets = 0..1_u32 << problem.sites.len();
    let those = |subset: u32| -> Vec<&Site> {
        (0..).zip(&problem.sites).filter(|(bit, _)| subset & (1 << *bit) != 0).map(|(_, site)| site).collect()
    };
    subsets.filter(|subset| suffices(problem, &those(*subset))).map(u32::count_ones).min().unwrap_or(0)
}

fn config() -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 10_000;
    }
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(SEEDS)));
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_line_is_served_or_short_and_no_location_serves_more_than_it_has(problem in any_problem()) {
        let plan = plan(&problem);
        for demand in &problem.demands {
            let served = plan.serves.iter().filter(|serve| serve.line == demand.line);
            let served: Quantity = served.map(|serve| serve.quantity).sum();
            let short: Quantity =
                plan.short.iter().filter(|short| short.line == demand.line).map(|short| short.quantity).sum();
            prop_assert_eq!(served.saturating_add(short), demand.quantity);
        }
        for serve in &plan.serves {
            prop_assert!(!serve.quantity.is_zero());
            let same = plan.serves.iter().filter(|one| one.sku == serve.sku && one.location == serve.location);
            let there = problem.supply.iter().filter(|one| one.sku == serve.sku && one.location == serve.location);
            let there: Quantity = there.map(|supply| supply.free).sum();
            prop_assert!(same.map(|one| one.quantity).sum::<Quantity>() <= there);
            prop_assert!(problem.sites.iter().any(|site| site.location == serve.location));
        }
    }

    #[test]
    fn nothing_is_short_that_somebody_has(problem in any_problem()) {
        let plan = plan(&problem);
        let all: Vec<&Site> = problem.sites.iter().collect();
        for demand in &problem.demands {
            let short = plan.short.iter().filter(|short| short.sku == demand.sku).map(|short| short.quantity).sum::<Quantity>();
            let had = free(&problem, &demand.sku, &all);
            prop_assert_eq!(short, wanted(&problem, &demand.sku).saturating_sub(had));
        }
    }

    #[test]
    fn up_to_three_locations_are_as_few_as_can_be(problem in any_problem()) {
        let (plan, fewest) = (plan(&problem), fewest(&problem));
        let used = u32::try_from(used(&plan).len()).expect("few locations");
        prop_assert!(if fewest <= 3 { used == fewest } else { used >= fewest }, "{used} instead of {fewest}");
    }

    #[test]
    fn one_location_is_the_nearest_that_has_all(problem in any_problem()) {
        let plan = plan(&problem);
        if let [only] = used(&plan).as_slice() {
            let near = |site: &&Site| (site.distance, site.location.clone());
            let nearest = problem.sites.iter().filter(|site| suffices(&problem, &[*site])).min_by_key(near);
            prop_assert_eq!(nearest.map(|site| &site.location), Some(*only));
        }
    }

    #[test]
    fn the_order_in_which_sites_and_supply_are_told_does_not_matter(problem in any_problem()) {
        let mut turned = problem.clone();
        turned.sites.reverse();
        turned.supply.reverse();
        prop_assert_eq!(plan(&turned), plan(&problem));
    }
}
