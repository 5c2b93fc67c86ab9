//! What is refused, and that the refusal names the field.

use oms_core::optimizer::{MAX_LINES, MAX_UNITS, Problem, Refusal, solve};

fn refusal(text: &str) -> (Refusal, String) {
    let problem: Problem = serde_json::from_str(text).expect("reads");
    let refusal = solve(&problem).expect_err("is refused");
    let told = refusal.to_string();
    (refusal, told)
}

fn with(lines: &str, locations: &str, arcs: &str, rest: &str) -> String {
    format!(r#"{{"lines":[{lines}],"locations":[{locations}],"arcs":[{arcs}]{rest}}}"#)
}

const LINE: &str = r#"{"demand":2,"penalty":5}"#;
const SITE: &str = r#"{"open_cost":7}"#;

#[test]
fn indices_must_be_there_and_pairs_told_once() {
    assert_eq!(refusal(&with(LINE, SITE, "[1,0,3,2]", "")).0, Refusal::NoSuchLine(0));
    assert_eq!(refusal(&with(LINE, SITE, "[0,0,3,2],[0,4,3,2]", "")).0, Refusal::NoSuchLocation(1));
    let (twice, told) = refusal(&with(LINE, SITE, "[0,0,3,2],[0,0,4,1]", ""));
    assert_eq!(twice, Refusal::DuplicateArc(1));
    assert!(told.starts_with("arcs[1]"), "{told}");
}

#[test]
fn amounts_must_stay_countable() {
    let much = MAX_UNITS + 1;
    let (large, told) = refusal(&with(&format!(r#"{{"demand":{much},"penalty":1}}"#), SITE, "", ""));
    assert_eq!(large, Refusal::DemandTooLarge(0));
    assert!(told.starts_with("lines[0].demand"), "{told}");
    let dear = format!(r#"{{"demand":2,"penalty":{}}}"#, u64::MAX);
    assert_eq!(refusal(&with(&format!("{LINE},{dear}"), SITE, "", "")).0, Refusal::PenaltyTooLarge(1));
    let site = format!(r#"{{"open_cost":{}}}"#, u64::MAX);
    assert_eq!(refusal(&with(LINE, &site, "", "")).0, Refusal::OpenCostTooLarge(0));
    let arc = format!("[0,0,{},1]", i64::MIN);
    assert_eq!(refusal(&with(LINE, SITE, &arc, "")).0, Refusal::UnitCostTooLarge(0));
    let value = format!(r#"{{"demand":2,"penalty":5,"value":{}}}"#, u64::MAX);
    assert_eq!(refusal(&with(&value, SITE, "", "")).0, Refusal::ValueTooLarge(0));
    let least = format!(r#","min_shipment_value":{}"#, u64::MAX);
    assert_eq!(refusal(&with(LINE, SITE, "", &least)).0, Refusal::MinShipmentValueTooLarge);
}

#[test]
fn some_work_must_be_allowed() {
    assert_eq!(refusal(&with(LINE, SITE, "[0,0,3,2]", r#","work_limit":0"#)).0, Refusal::NoWork);
}

#[test]
fn an_order_has_a_bounded_number_of_lines() {
    let lines = vec![LINE; MAX_LINES + 1].join(",");
    assert_eq!(refusal(&with(&lines, SITE, "", "")).0, Refusal::TooManyLines);
}

#[test]
fn a_field_that_nobody_knows_is_no_problem() {
    assert!(serde_json::from_str::<Problem>(&with(LINE, SITE, "", r#","capacities":3"#)).is_err());
}

#[test]
fn the_largest_amounts_that_pass_are_solved() {
    let line = r#"{"demand":1099511627776,"penalty":100}"#;
    let text = with(line, r#"{"open_cost":1000000,"capacity":700000000000}"#, "[0,0,-1,9000000000000]", "");
    let problem: Problem = serde_json::from_str(&text).expect("reads");
    let answer = solve(&problem).expect("in bounds");
    assert_eq!(answer.cost, 1_000_000 - 700_000_000_000 + 399_511_627_776 * 100);
    assert!(answer.proven);
}

#[test]
fn an_empty_order_costs_nothing() {
    let answer = solve(&Problem::default()).expect("in bounds");
    assert_eq!((answer.cost, answer.proven, answer.open.len()), (0, true, 0));
}
