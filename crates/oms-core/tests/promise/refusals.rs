//! What makes no sense is refused with the name of its field, and nothing panics.

use oms_core::promise::{Backorder, Facts, Request, Timeline, promise, repromise};
use oms_core::value::Delta;
use oms_core::value::Problem;
use serde_json::{Value, json};

use crate::kit::{facts, one, request, stock, timeline, today};

fn refused(more: Value) -> (String, Problem) {
    let refusal = promise(&one(json!({})), &facts(more)).expect_err("no facts");
    (refusal.field, refusal.problem)
}

fn is(field: &str, problem: Problem) -> (String, Problem) {
    (field.into(), problem)
}

#[test]
fn negative_days_are_refused() {
    let node = json!({"near": {"calendar": "work", "processing_days": -1}});
    assert_eq!(
        refused(json!({"locations": node, "lanes": []})),
        is("locations.near.processing_days", Problem::Negative)
    );
    let lane = |min: i32, max: i32| json!([{"location": "near", "service": "s", "calendar": "post", "min_days": min, "max_days": max}]);
    assert_eq!(refused(json!({"lanes": lane(-1, 2)})), is("lanes[0].min_days", Problem::Negative));
    assert_eq!(refused(json!({"lanes": lane(3, 2)})), is("lanes[0].max_days", Problem::Unordered));
    assert_eq!(refused(json!({"lanes": lane(0, 1_001)})), is("lanes[0].max_days", Problem::Beyond { most: 1_000 }));
    let item = |item: Value| json!({"items": {"a": item}});
    let lead = item(json!({"mode": {"lead_time": {"days": -4}}}));
    assert_eq!(refused(lead), is("items.a.mode.lead_time.days", Problem::Negative));
    let bill = item(json!({"mode": {"ctp": {"bill": {"lead_days": -4}}}}));
    assert_eq!(refused(bill), is("items.a.mode.ctp.bill.lead_days", Problem::Negative));
    let fence = item(json!({"fences": {"late_supply": {"offset_days": -1}}}));
    assert_eq!(refused(fence), is("items.a.fences.late_supply.offset_days", Problem::Negative));
}

#[test]
fn what_is_not_known_is_refused() {
    let unknown = |name: &str| Problem::unknown(&name);
    assert_eq!(refused(json!({"stocks": [stock("a", "mars", 1)]})), is("stocks[0].location", unknown("mars")));
    let node = json!({"near": {"calendar": "moon"}});
    assert_eq!(refused(json!({"locations": node})), is("locations.near.calendar", unknown("moon")));
    let load = json!({"a": {"mode": {"ctp": {"bill": {"load": {"resource": "mill", "per": 1}}}}}});
    assert_eq!(refused(json!({"items": load})), is("items.a.mode.ctp.bill.load.resource", unknown("mill")));
    let refusal = promise(&one(json!({"only_from": ["mars"]})), &facts(json!({}))).expect_err("no request");
    assert_eq!((refusal.field, refusal.problem), is("lines[0].only_from[0]", unknown("mars")));
}

#[test]
fn a_calendar_without_working_days_is_refused() {
    let calendars = json!({"work": {"week": []}, "post": {"week": ["monday"]}});
    assert_eq!(refused(json!({"calendars": calendars})), is("calendars.work.week", Problem::NoWorkingDay));
}

#[test]
fn what_is_made_of_itself_is_refused_with_its_name() {
    let of = |sku: &str| json!({"mode": {"ctp": {"bill": {"components": [{"sku": sku, "per": 1_000}]}}}});
    let cycle = refused(json!({"items": {"a": of("b"), "b": of("c"), "c": of("a")}}));
    assert_eq!(cycle, is("items.a.mode", Problem::Cycle { name: "a".into() }));
    let kit = json!({"mode": {"kit": {"components": [{"sku": "k", "per": 1_000}]}}});
    assert_eq!(refused(json!({"items": {"k": kit}})), is("items.k.mode", Problem::Cycle { name: "k".into() }));
    let mut deep = serde_json::Map::new();
    for level in 0..40 {
        deep.insert(format!("p{level:02}"), of(&format!("p{:02}", level + 1)));
    }
    let (field, problem) = refused(json!({"items": deep}));
    assert!(matches!(problem, Problem::TooDeep { most: 16, .. }), "{field}: {problem}");
    let empty = json!({"a": {"mode": {"kit": {"components": []}}}});
    assert_eq!(refused(json!({"items": empty})), is("items.a.mode.kit.components", Problem::Empty));
}

#[test]
fn doubles_and_pegged_allocations_are_refused() {
    let twice = json!([stock("a", "near", 1), stock("a", "near", 2)]);
    assert_eq!(refused(json!({"stocks": twice})), is("stocks", Problem::Twice { name: "a at near".into() }));
    let pool = json!([{"sku": "a", "location": "near", "classes": []}]);
    let (field, problem) = refused(json!({"allocations": pool, "items": {"a": {"method": "discrete"}}}));
    assert_eq!((field, problem), is("allocations[0].sku", Problem::Excludes { name: "items.a.method".into() }));
    let zero = json!({"shop": {"calendar": "work", "per_day": 0}});
    assert_eq!(refused(json!({"resources": zero})), is("resources.shop.per_day", Problem::Zero));
    let much = json!([{"sku": "a", "location": "near", "on_hand": 9_007_199_254_740_991_u64}]);
    assert_eq!(refused(json!({"stocks": much})).0, "stocks[0].on_hand");
}

#[test]
fn a_request_of_nothing_or_of_too_much_is_refused() {
    let field = |request: Request| promise(&request, &facts(json!({}))).expect_err("no request").field;
    assert_eq!(field(request(json!({"lines": []}))), "lines");
    assert_eq!(field(one(json!({"quantity": 0}))), "lines[0].quantity");
    assert_eq!(field(one(json!({"quantity": 9_007_199_254_740_991_u64}))), "lines[0].quantity");
    let ask = json!({"line": 1, "sku": "a", "quantity": 1_000});
    assert_eq!(field(request(json!({"lines": [ask.clone(), ask]}))), "lines");
}

#[test]
fn words_nobody_knows_are_refused_by_the_reader() {
    assert!(serde_json::from_value::<Facts>(json!({"calendar": {}})).is_err());
    let line = json!({"line": 1, "sku": "a", "quantity": -1});
    assert!(serde_json::from_value::<Request>(json!({"placed_at": 0, "lines": [line]})).is_err());
}

#[test]
fn a_promise_at_either_end_of_time_is_an_answer() {
    for moment in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let mut asked = one(json!({}));
        asked.placed_at = moment.parse().expect("a time");
        let answer = promise(&asked, &facts(json!({"stocks": [stock("a", "near", 5)]})));
        assert!(answer.is_ok(), "{answer:?}");
    }
}

#[test]
fn backorders_that_make_no_sense_are_refused() {
    let order = |id: &str, confirmed: Value| -> Backorder {
        let order = json!({"id": id, "quantity": 5_000, "wanted": today().to_string(), "strategy": "gain", "confirmed": confirmed});
        serde_json::from_value(order).expect("a backorder")
    };
    let step = |day: &str, quantity: u64| json!({"day": day, "quantity": quantity});
    let field = |orders: &[Backorder]| repromise(&timeline(9, &[], &[]), orders).expect_err("no run").field;
    assert_eq!(field(&[order("x", json!([])), order("x", json!([]))]), "backorders[1].id");
    let turned = json!([step("2026-12-02", 1), step("2026-12-01", 1)]);
    assert_eq!(field(&[order("x", turned)]), "backorders[0].confirmed.day");
    assert_eq!(field(&[order("x", json!([step("2026-12-02", 5_001)]))]), "backorders[0].confirmed.quantity");
    assert!(repromise(&Timeline::new(Delta::ZERO), &[]).is_ok());
}
