//! The optimizer against the truth: trying everything, the simple rules, a verifier that shares nothing with the search.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_wrap,
    reason = "a test may crash"
)]

extern crate alloc;

mod brute;
mod larger;
mod refusals;
mod together;

use brute::{any_problem, fewest, least_cost};
use oms_core::optimizer::{Answer, Fault, Flow, Plan, Problem, check, check_plan, rules, solve, solve_from};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/optimizer.txt");

fn config(cases: u32) -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(SEEDS)));
    config
}

fn solved(problem: &Problem) -> Answer {
    let answer = solve(problem).expect("a problem in bounds");
    assert_eq!(check(problem, &answer), Ok(()), "{answer:?}");
    answer
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn nothing_costs_less(problem in any_problem()) {
        let answer = solved(&problem);
        prop_assert_eq!(answer.cost, least_cost(&problem));
        prop_assert!(answer.proven);
    }

    #[test]
    fn nothing_needs_fewer_shipments(problem in any_problem().prop_map(fewest)) {
        let answer = solved(&problem);
        prop_assert_eq!(answer.cost, least_cost(&problem));
        prop_assert!(answer.proven);
    }

    #[test]
    fn a_least_value_of_a_shipment_is_kept_and_the_bound_holds(problem in any_problem(), least in 1..200_u64) {
        let problem = Problem { min_shipment_value: Some(least), ..problem };
        let answer = solved(&problem);
        let truth = least_cost(&problem);
        prop_assert!(answer.lower_bound <= truth && truth <= answer.cost, "{} in {:?}", truth, answer);
        prop_assert!(!answer.proven || answer.cost == truth);
    }

    #[test]
    fn a_small_budget_still_has_a_plan_a_bound_and_no_rule_beats_it(problem in any_problem(), limit in 1..200_u64) {
        let limited = Problem { work_limit: Some(limit), ..problem.clone() };
        let answer = solved(&limited);
        let truth = least_cost(&problem);
        prop_assert!(answer.lower_bound <= truth && truth <= answer.cost);
        prop_assert!(answer.cost <= rules::best(&problem).cost);
    }

    #[test]
    fn more_budget_is_never_worse(problem in any_problem(), limit in 1..400_u64, more in 1..400_u64) {
        let few = solved(&Problem { work_limit: Some(limit), ..problem.clone() });
        let many = solved(&Problem { work_limit: Some(limit + more), ..problem });
        prop_assert!(many.cost <= few.cost);
        prop_assert!(!few.proven || many.proven);
    }

    #[test]
    fn every_rule_makes_a_plan_that_the_optimum_does_not_exceed(
        problem in any_problem(),
        order in Just((0..5_u32).collect::<Vec<_>>()).prop_shuffle(),
        least in prop::option::of(1..200_u64),
    ) {
        let order: Vec<u32> = order.into_iter().filter(|site| (*site as usize) < problem.locations.len()).collect();
        let problem = Problem { min_shipment_value: least, ..problem };
        let plans = every_rule(&problem, &order);
        let answer = solve_from(&problem, &plans).expect("a problem in bounds");
        for plan in plans {
            prop_assert_eq!(check_plan(&problem, &plan), Ok(()));
            prop_assert!(answer.cost <= plan.cost);
        }
    }

    #[test]
    fn an_answer_that_was_changed_is_refused(problem in any_problem(), which in 0..9_usize, at in 0..8_usize) {
        let answer = solved(&problem);
        let changed = changed(answer.clone(), which, at);
        prop_assert!(changed == answer || check(&problem, &changed).is_err(), "{:?}", changed);
    }

    #[test]
    fn the_same_problem_has_the_same_answer(problem in any_problem()) {
        prop_assert_eq!(solved(&problem), solved(&problem));
    }

    #[test]
    fn a_problem_is_its_json(problem in any_problem()) {
        let text = serde_json::to_string(&problem).expect("writes");
        prop_assert_eq!(serde_json::from_str::<Problem>(&text).expect("reads"), problem);
    }
}

fn every_rule(problem: &Problem, order: &[u32]) -> Vec<Plan> {
    vec![
        rules::nearest_first(problem, order),
        rules::priority(problem, order),
        rules::greedy_cover(problem, order),
        rules::fewest_then_nearest(problem, order),
        rules::cheapest_single(problem),
        rules::best(problem),
    ]
}

/// One thing told otherwise; some changes find nothing to change.
fn changed(mut answer: Answer, which: usize, at: usize) -> Answer {
    match which {
        0 => answer.cost += 1,
        1 => answer.root_bound += 1,
        2 => answer.lower_bound = answer.cost + 1,
        3 => answer.proven = !answer.proven,
        4 => answer.flows.get_mut(at).into_iter().for_each(|flow| flow.2 += 1),
        5 => answer.backordered.get_mut(at).into_iter().for_each(|units| *units += 1),
        6 => answer.open.push(9),
        7 => answer.flows.extend(answer.flows.first().copied().or(Some(Flow(0, 0, 1)))),
        _ => answer.multipliers.push(0),
    }
    answer
}

#[test]
fn the_verifier_names_what_is_wrong() {
    let problem: Problem = serde_json::from_str(
        r#"{"lines":[{"demand":2,"penalty":50}],"locations":[{"open_cost":7,"capacity":2}],"arcs":[[0,0,3,2]]}"#,
    )
    .expect("reads");
    let answer = solved(&problem);
    assert_eq!((answer.cost, answer.root_bound, answer.open.as_slice()), (13, 13, [0].as_slice()));
    let wrong = |change: fn(&mut Answer)| {
        let mut answer = answer.clone();
        change(&mut answer);
        check(&problem, &answer).expect_err("it is wrong")
    };
    assert_eq!(wrong(|answer| answer.cost = 12), Fault::Cost(13));
    assert_eq!(wrong(|answer| answer.flows[0].2 = 3), Fault::Flow(0));
    assert_eq!(wrong(|answer| answer.backordered[0] = 1), Fault::Demand(0));
    assert_eq!(wrong(|answer| answer.open.clear()), Fault::Open);
    assert_eq!(wrong(|answer| answer.multipliers[0] = 51), Fault::Multiplier(0));
    assert_eq!(wrong(|answer| answer.multipliers[0] = 0), Fault::RootBound(0));
    assert_eq!(wrong(|answer| answer.scale = 0), Fault::Scale);
}

#[test]
fn what_binds_is_told() {
    let problem: Problem = serde_json::from_str(
        r#"{"lines":[{"demand":4,"penalty":50},{"demand":3,"penalty":60}],
            "locations":[{"open_cost":1,"capacity":3},{"open_cost":1,"capacity":null}],
            "arcs":[[0,0,1,2],[0,1,2,1],[1,0,1,9]],"max_shipments":2}"#,
    )
    .expect("reads");
    let answer = solved(&problem);
    assert_eq!(answer.binding.stock, [(0, 1)]);
    assert_eq!(answer.binding.capacity, [0]);
    assert_eq!(answer.binding.short, [0]);
    assert!(answer.binding.max_shipments);
}

#[test]
fn among_flows_of_one_cost_none_is_answered_that_leaves_a_shipment_below_the_least_value() {
    let problem: Problem = serde_json::from_str(
        r#"{"lines": [{"demand": 3, "penalty": 1, "value": 1000000}, {"demand": 3, "penalty": 1, "value": 1000000}],
            "locations": [{"open_cost": 0, "capacity": null}, {"open_cost": 0, "capacity": null},
                {"open_cost": 0, "capacity": null}],
            "arcs": [[0, 0, 0, 3], [1, 1, 0, 1], [0, 1, 0, 1], [0, 2, 0, 2]],
            "max_shipments": null, "work_limit": null, "min_shipment_value": 1001000}"#,
    )
    .expect("a problem");
    let answer = solve(&problem).expect("an answer");
    assert_eq!(check(&problem, &answer), Ok(()), "{answer:?}");
}
