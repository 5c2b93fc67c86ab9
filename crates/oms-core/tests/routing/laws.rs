//! What holds for every plan, on random orders; and the simple rule as a policy.

use alloc::collections::{BTreeMap, BTreeSet};

use oms_core::routing::{
    Capacity, Criterion, Decision, Effort, Limits, NetworkFacts, OfferFacts, OrderFacts, Policy, Prepared, route,
};
use oms_core::sourcing;
use oms_core::value::{LocationId, Quantity};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

use crate::kit::*;

const SKUS: [&str; 4] = ["a", "b", "c", "d"];

#[derive(Clone, Debug)]
struct Case {
    network: NetworkFacts,
    order: OrderFacts,
    offers: Vec<OfferFacts>,
    policy: Policy,
}

fn any_limits() -> impl Strategy<Value = Limits> {
    let most = prop::option::of(1..4_u32);
    let floor = prop::option::of(0..6_000_i64);
    (most, floor, prop::bool::weighted(0.2), prop::bool::weighted(0.3)).prop_map(
        |(max_shipments, floor, ship_complete, whole_lines)| Limits {
            max_shipments,
            value_floor: floor.map(money),
            ship_complete,
            whole_lines,
            ..Limits::default()
        },
    )
}

fn any_criteria() -> impl Strategy<Value = Vec<Criterion>> {
    use Criterion::{BalanceLoad, Cheapest, Earliest, FewestShipments, LeastShort, Nearest, ProtectStores};
    let lists = vec![vec![place("far")], vec![place("east"), place("west")]];
    let later = prop::sample::subsequence(
        vec![FewestShipments, Criterion::Priority { lists }, ProtectStores, Nearest, Earliest, BalanceLoad, Cheapest],
        0..4,
    );
    (prop::bool::ANY, later.prop_shuffle()).prop_map(|(money, mut later)| {
        later.insert(0, if money { Cheapest } else { LeastShort });
        later
    })
}

fn any_case() -> impl Strategy<Value = Case> {
    let lines = prop::collection::vec((0..4_usize, 1..6_u64), 1..5);
    let stock = prop::collection::btree_map((0..4_usize, 0..6_usize), 0..5_u64, 0..16);
    let capacities = prop::collection::vec(prop::option::of(1..8_u64), 6);
    (lines, stock, capacities, any_limits(), any_criteria(), 0..3_000_i64).prop_map(
        |(lines, stock, capacities, limits, criteria, short)| {
            let lines: Vec<(&str, u64)> = lines.into_iter().map(|(sku, quantity)| (SKUS[sku], quantity)).collect();
            let mut network = network();
            for (node, daily) in network.locations.iter_mut().zip(capacities) {
                node.capacity =
                    daily.map(|daily| Capacity { daily: units(daily), backlog: Quantity::ZERO, window_days: 1 });
            }
            let mut policy = wanting(&criteria);
            policy.strategies[0].limits = limits;
            policy.costs.short_unit = money(short);
            let offers = stock.into_iter().map(|((sku, at), free)| offer(SKUS[sku], PLACES[at], free)).collect();
            let mut order = order(&lines);
            order.items = vec![item("a", 300), item("b", 2_500)];
            Case { network, order, offers, policy }
        },
    )
}

fn decided(case: &Case) -> Decision {
    let prepared = Prepared::new(&case.policy, &case.network, day("2026-11-23")).expect("a policy that holds");
    route(&prepared, &case.order, &case.offers, Effort::Plan).expect("a decision")
}

fn locations(plan: &sourcing::Plan) -> BTreeSet<&LocationId> {
    plan.serves.iter().map(|serve| &serve.location).collect()
}

fn config(cases: u32) -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/routing.txt");
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(seeds)));
    config
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn every_plan_keeps_to_what_is_there_and_to_its_limits(case in any_case()) {
        let decision = decided(&case);
        let plan = &decision.plan;
        let limits = &case.policy.strategies[0].limits;
        // Every line is served or short.
        for line in &case.order.lines {
            let served: Quantity =
                plan.serves.iter().filter(|serve| serve.line == line.line).map(|serve| serve.quantity).sum();
            let short: Quantity =
                plan.short.iter().filter(|short| short.line == line.line).map(|short| short.quantity).sum();
            prop_assert_eq!(served.saturating_add(short), line.quantity);
        }
        // Nobody serves more than is on offer, or than it can do.
        let mut by_offer: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut by_location: BTreeMap<&str, u64> = BTreeMap::new();
        let mut worth: BTreeMap<&str, u64> = BTreeMap::new();
        for serve in &plan.serves {
            prop_assert!(!serve.quantity.is_zero());
            *by_offer.entry((serve.sku.as_str(), serve.location.as_str())).or_default() += serve.quantity.thousandths();
            *by_location.entry(serve.location.as_str()).or_default() += serve.quantity.thousandths();
            *worth.entry(serve.location.as_str()).or_default() += serve.quantity.thousandths();
        }
        for ((sku, location), quantity) in by_offer {
            let free = case.offers.iter().find(|offer| offer.sku.as_str() == sku && offer.location.as_str() == location);
            prop_assert!(free.is_some_and(|offer| offer.free.thousandths() >= quantity));
        }
        for node in &case.network.locations {
            let left = node.capacity.map_or(u64::MAX, |capacity| capacity.left().thousandths());
            prop_assert!(by_location.get(node.location.as_str()).is_none_or(|quantity| *quantity <= left));
        }
        // Limits. A unit is worth 1,000 minor units, so a thousandth of it one.
        let ship = locations(plan).len();
        prop_assert_eq!(ship, decision.shipments.len());
        prop_assert!(limits.max_shipments.is_none_or(|most| ship <= most as usize));
        prop_assert!(!limits.ship_complete || plan.serves.is_empty() || plan.short.is_empty());
        if let Some(floor) = limits.value_floor {
            prop_assert!(worth.values().all(|value| *value >= floor.minor().unsigned_abs()));
        }
        if limits.whole_lines {
            for line in &case.order.lines {
                let serves: Vec<_> = plan.serves.iter().filter(|serve| serve.line == line.line).collect();
                prop_assert!(serves.len() <= 1 && serves.iter().all(|serve| serve.quantity == line.quantity));
            }
        }
    }

    #[test]
    fn bounds_and_scores_agree_with_the_plan(case in any_case()) {
        let decision = decided(&case);
        let proof = decision.proof;
        prop_assert!(proof.lower_bound <= proof.objective);
        prop_assert_eq!(proof.proven, proof.lower_bound == proof.objective);
        prop_assert_eq!(proof.gap_permille() == 0, proof.proven);
        for score in &decision.scores {
            let expected = match score.criterion {
                Criterion::Cheapest => decision.cost.total(),
                Criterion::FewestShipments => i64::try_from(decision.shipments.len()).expect("few"),
                Criterion::LeastShort => {
                    let short: Quantity = decision.plan.short.iter().map(|short| short.quantity).sum();
                    i64::try_from(short.thousandths() / proof.unit).expect("few")
                }
                Criterion::Nearest
                | Criterion::Earliest
                | Criterion::Priority { .. }
                | Criterion::BalanceLoad
                | Criterion::ProtectStores => continue,
            };
            prop_assert_eq!(score.value, expected, "{:?}", score.criterion);
        }
    }

    #[test]
    fn telling_offers_in_another_order_changes_nothing_but_the_digest(case in any_case()) {
        let mut turned = case.clone();
        turned.offers.reverse();
        let (mut one, mut other) = (decided(&case), decided(&turned));
        other.inputs = one.inputs;
        one.left_out.clear();
        other.left_out.clear();
        prop_assert_eq!(one.plan, other.plan);
        prop_assert_eq!(one.cost, other.cost);
    }

    /// The rule in force, one location that has all, else the fewest, nearest first, is the standard policy: both serve as
    /// much, and the policy never from more locations. Where the rule is exact (up to three), from as many.
    #[test]
    fn the_simple_rule_is_the_standard_policy(case in any_case()) {
        let policy = Policy::standard(label("standard"));
        let mut network = case.network.clone();
        network.locations.iter_mut().for_each(|node| node.capacity = None);
        let decision = decided(&Case { network, policy, ..case.clone() });
        let sites = (1..).zip(PLACES).map(|(number, name)| sourcing::Site { location: place(name), distance: number });
        let problem = sourcing::Problem {
            demands: case.order.lines.iter().map(|line| sourcing::Demand {
                line: line.line,
                sku: line.sku.clone(),
                quantity: line.quantity,
            }).collect(),
            sites: sites.collect(),
            supply: case.offers.iter().map(|offer| sourcing::Supply {
                sku: offer.sku.clone(),
                location: offer.location.clone(),
                free: offer.free,
            }).collect(),
        };
        let rule = sourcing::plan(&problem);
        prop_assert_eq!(&decision.plan.short, &rule.short);
        let (policy, rule) = (locations(&decision.plan).len(), locations(&rule).len());
        prop_assert!(policy <= rule);
        prop_assert!(rule > 3 || policy == rule, "{} instead of {}", policy, rule);
        prop_assert!(decision.proof.proven);
    }
}
