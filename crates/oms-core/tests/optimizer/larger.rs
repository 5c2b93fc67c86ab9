//! Problems too large to try everything: the verifier agrees, no rule is cheaper, nothing panics.

use oms_core::optimizer::{Arc, Line, Location, Problem, check, rules, solve};
use proptest::prelude::*;

/// Ten lines, up to forty locations, some capacities, quantities up to eighty.
fn any_problem() -> impl Strategy<Value = Problem> {
    let lines = prop::collection::vec((1..80_u64, 500..9_000_u64), 1..11);
    let locations = prop::collection::vec((100..5_000_u64, prop::option::of(1..200_u64)), 1..41);
    let arcs = prop::collection::btree_map((0..10_u32, 0..40_u32), (-50..900_i64, 1..50_u64), 0..250);
    (lines, locations, arcs, prop::option::of(1..9_u32)).prop_map(|(lines, locations, arcs, max_shipments)| Problem {
        arcs: arcs
            .into_iter()
            .filter(|((line, site), _)| (*line as usize) < lines.len() && (*site as usize) < locations.len())
            .map(|((line, site), (cost, cap))| Arc(line, site, cost, cap))
            .collect(),
        lines: lines.into_iter().map(|(demand, penalty)| Line { demand, penalty, value: 0 }).collect(),
        locations: locations.into_iter().map(|(open_cost, capacity)| Location { open_cost, capacity }).collect(),
        max_shipments,
        work_limit: Some(100_000),
        min_shipment_value: None,
    })
}

proptest! {
    #![proptest_config(super::config(500))]

    #[test]
    fn the_verifier_agrees_and_no_rule_is_cheaper(problem in any_problem()) {
        let answer = solve(&problem).expect("in bounds");
        prop_assert_eq!(check(&problem, &answer), Ok(()));
        prop_assert!(answer.cost <= rules::best(&problem).cost);
    }

    #[test]
    fn more_budget_is_never_worse(problem in any_problem(), limit in 1..20_000_u64) {
        let few = solve(&Problem { work_limit: Some(limit), ..problem.clone() }).expect("in bounds");
        let many = solve(&problem).expect("in bounds");
        prop_assert!(many.cost <= few.cost);
    }
}
