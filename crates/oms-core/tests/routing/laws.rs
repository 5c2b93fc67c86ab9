//! What holds for every plan, on random orders; and what the standard policy comes to.

use alloc::collections::{BTreeMap, BTreeSet};

use oms_core::optimizer::{Arc, Problem};
use oms_core::routing::{
    Capacity, Criterion, Decision, Effort, Limits, NetworkFacts, OfferFacts, OrderFacts, Plan, Policy, Prepared, build,
    route,
};

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

fn locations(plan: &Plan) -> BTreeSet<&LocationId> {
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
        prop_assert_eq!(proof.proven && proof.coarser == 0, proof.leading as usize == decision.scores.len());
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

    /// The standard policy serves whatever can be had, from as few locations as can be, and from the nearest one when one has
    /// everything: found by trying every set of locations.
    #[test]
    fn the_standard_policy_is_the_fewest_locations_that_have_everything(case in any_case()) {
        let policy = Policy::standard(label("standard"));
        let mut network = case.network.clone();
        network.locations.iter_mut().for_each(|node| node.capacity = None);
        let decision = decided(&Case { network, policy, ..case.clone() });
        let had = |sku: &str, places: &[&str]| -> u64 {
            let there = case.offers.iter().filter(|offer| offer.sku.as_str() == sku);
            there.filter(|offer| places.contains(&offer.location.as_str())).map(|offer| offer.free.thousandths()).sum()
        };
        let wanted = |sku: &str| -> u64 {
            let lines = case.order.lines.iter().filter(|line| line.sku.as_str() == sku);
            lines.map(|line| line.quantity.thousandths()).sum()
        };
        let suffices = |places: &[&str]| {
            SKUS.iter().all(|sku| had(sku, places) >= wanted(sku).min(had(sku, &PLACES)))
        };
        for sku in SKUS {
            let short = decision.plan.short.iter().filter(|short| short.sku.as_str() == sku);
            let short: u64 = short.map(|short| short.quantity.thousandths()).sum();
            prop_assert_eq!(short, wanted(sku).saturating_sub(had(sku, &PLACES)));
        }
        let sets = (0..1_u32 << PLACES.len()).filter(|set| {
            let places: Vec<&str> = (0..).zip(PLACES).filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, name)| name).collect();
            suffices(&places)
        });
        let fewest = sets.map(u32::count_ones).min().expect("all of them suffice");
        prop_assert_eq!(u32::try_from(locations(&decision.plan).len()).expect("few"), fewest);
        if fewest == 1 {
            let nearest = PLACES.into_iter().find(|name| suffices(&[*name])).expect("one suffices");
            prop_assert_eq!(decision.shipments[0].location.as_str(), nearest);
        }
        prop_assert!(decision.proof.proven);
    }
}

/// Two lines, three locations, few units: every plan can be tried.
fn any_small_case() -> impl Strategy<Value = Case> {
    let lines = prop::collection::vec(1..4_u64, 1..3);
    let stock = prop::collection::btree_map((0..2_usize, 0..3_usize), 0..4_u64, 0..6);
    let capacities = prop::collection::vec(prop::option::of(1..5_u64), 3);
    let packing = prop::collection::vec(0..900_i64, 3);
    (lines, stock, capacities, packing, any_limits(), any_criteria(), 0..3_000_i64).prop_map(
        |(lines, stock, capacities, packing, limits, criteria, short)| {
            let lines: Vec<(&str, u64)> = SKUS.into_iter().zip(lines).collect();
            let mut network = network();
            for ((node, daily), packing) in network.locations.iter_mut().zip(capacities).zip(packing) {
                node.pick_pack = money(packing);
                node.capacity =
                    daily.map(|daily| Capacity { daily: units(daily), backlog: Quantity::ZERO, window_days: 1 });
            }
            let mut policy = wanting(&criteria);
            // Little work leaves some plans unproven.
            policy.strategies[0].limits = Limits { work: (short % 2 == 0).then_some(1), ..limits };
            policy.costs.short_unit = money(short);
            let mut offers: Vec<OfferFacts> =
                stock.into_iter().map(|((sku, at), free)| offer(SKUS[sku], PLACES[at], free)).collect();
            // Some markdown to be had: unit costs below zero.
            offers.iter_mut().step_by(2).for_each(|offer| offer.markdown = money(260));
            let mut order = order(&lines);
            order.items = vec![item("a", 300), item("b", 2_500)];
            Case { network, order, offers, policy }
        },
    )
}

/// Every way to fill the arcs of a problem within its stock, demand and capacity.
fn every_plan(problem: &Problem) -> Vec<Vec<u64>> {
    let mut plans = vec![vec![]];
    for arc in &problem.arcs {
        let longer =
            |plan: &Vec<u64>| (0..=arc.3).map(|units| [plan.as_slice(), &[units]].concat()).collect::<Vec<_>>();
        plans = plans.iter().flat_map(longer).collect();
    }
    let sum = |plan: &[u64], of: &dyn Fn(&Arc) -> bool| -> u64 {
        problem.arcs.iter().zip(plan).filter(|(arc, _)| of(arc)).map(|(_, units)| units).sum()
    };
    plans.retain(|plan| {
        let lines = (0..).zip(&problem.lines).all(|(line, need)| sum(plan, &|arc| arc.0 == line) <= need.demand);
        let locations = (0..).zip(&problem.locations);
        let mut rooms =
            locations.map(|(at, there)| there.capacity.is_none_or(|most| sum(plan, &|arc| arc.1 == at) <= most));
        lines && rooms.all(|fits| fits)
    });
    plans
}

/// Whether a plan keeps to what a problem and the case's limits say.
fn allowed(case: &Case, problem: &Problem, plan: &[u64]) -> bool {
    let limits = &case.policy.strategies[0].limits;
    let mut worth: BTreeMap<u32, u64> = BTreeMap::new();
    let mut sent: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for (arc, units) in problem.arcs.iter().zip(plan).filter(|(_, units)| **units > 0) {
        *worth.entry(arc.1).or_default() += units * problem.lines[arc.0 as usize].value;
        sent.entry(arc.0).or_default().push(*units);
    }
    let full = |line: u32, units: &[u64]| units.iter().sum::<u64>() == problem.lines[line as usize].demand;
    let whole = sent.iter().all(|(line, units)| units.len() == 1 && full(*line, units));
    let complete = sent.len() == problem.lines.len() && sent.iter().all(|(line, units)| full(*line, units));
    limits.max_shipments.is_none_or(|most| worth.len() <= most as usize)
        && problem.min_shipment_value.is_none_or(|least| worth.values().all(|value| *value >= least))
        && (!limits.whole_lines || whole)
        && (!limits.ship_complete || complete || sent.is_empty())
}

/// What a problem of one criterion says a plan costs.
fn figure(problem: &Problem, plan: &[u64]) -> i64 {
    let mut left: Vec<u64> = problem.lines.iter().map(|line| line.demand).collect();
    let mut open = BTreeSet::new();
    let mut sum = 0_i64;
    for (arc, units) in problem.arcs.iter().zip(plan).filter(|(_, units)| **units > 0) {
        left[arc.0 as usize] -= units;
        open.insert(arc.1);
        sum += arc.2 * units.cast_signed();
    }
    sum += open.iter().map(|at| problem.locations[*at as usize].open_cost.cast_signed()).sum::<i64>();
    sum + problem.lines.iter().zip(left).map(|(line, left)| (line.penalty * left).cast_signed()).sum::<i64>()
}

proptest! {
    #![proptest_config(config(3_000))]

    /// Criterion by criterion, the most important first, no plan is better than one that is proven; none that is allowed is
    /// better than what was decided by more than the bound says.
    #[test]
    fn no_plan_is_better_than_a_proven_one(case in any_small_case()) {
        let strategy = &case.policy.strategies[0];
        let prepared = Prepared::new(&case.policy, &case.network, day("2026-11-23")).expect("a policy that holds");
        let problem = |criterion: &Criterion| {
            let one = oms_core::routing::Strategy { criteria: vec![criterion.clone()], ..strategy.clone() };
            let limits = Limits { ship_complete: false, ..one.limits };
            let one = oms_core::routing::Strategy { limits, ..one };
            build(&prepared, &case.order, &one, &case.offers).expect("a problem")
        };
        let problems: Vec<Problem> = strategy.criteria.iter().map(problem).collect();
        let shape = &problems[0];
        let figures = |plan: &Vec<u64>| -> Vec<i64> {
            let least = strategy.limits.ship_complete.then(|| figure(&problem(&Criterion::LeastShort), plan));
            least.into_iter().chain(problems.iter().map(|problem| figure(problem, plan))).collect()
        };
        let best = every_plan(shape).iter().filter(|plan| allowed(&case, shape, plan)).map(figures).min().expect("nothing");
        let decision = decided(&case);
        let mut found: Vec<i64> = decision.scores.iter().map(|score| score.value).collect();
        if strategy.limits.ship_complete {
            let short: Quantity = decision.plan.short.iter().map(|short| short.quantity).sum();
            found.insert(0, i64::try_from(short.thousandths() / decision.proof.unit).expect("few"));
        }
        prop_assert!(found >= best, "{:?} is better than the best {:?}", found, best);
        prop_assert!(!decision.proof.proven || found == best, "{:?} is proven and {:?} is better", found, best);
        if !strategy.limits.ship_complete {
            let leading = decision.proof.leading as usize;
            prop_assert_eq!(&found[..leading], &best[..leading], "the first {} are proven", leading);
        }
        let repaired = strategy.limits.whole_lines || strategy.limits.value_floor.is_some();
        prop_assert!(decision.proof.proven || repaired || strategy.limits.work.is_some(), "{:?} is not proven", found);
    }
}
