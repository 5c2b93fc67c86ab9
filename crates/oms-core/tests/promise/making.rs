//! Kits and what can be made.

use oms_core::promise::Origin;
use oms_core::value::Day;
use serde_json::{Value, json};

use crate::kit::{bound, chosen, day, facts, line, one, promised, purchase, request, stock};

fn ready(sku: &str, quantity: u64, more: Value) -> Option<Day> {
    let line = line(&one(json!({"sku": sku, "quantity": quantity * 1_000, "only_from": ["near"]})), &facts(more));
    line.choice.map(|choice| choice.parts[0].ready)
}

fn kit() -> Value {
    json!({"kit": {"components": [{"sku": "cup", "per": 2_000}, {"sku": "pot", "per": 1_000}]}})
}

#[test]
fn a_kit_waits_for_its_last_component() {
    let more = json!({
        "items": {"set": {"mode": kit()}},
        "stocks": [stock("cup", "near", 9), stock("pot", "near", 3)],
        "inbound": [purchase("PO-1", "cup", "near", "2026-12-01", 1)],
    });
    assert_eq!(ready("set", 3, more.clone()), Some(day("2026-11-23")));
    assert_eq!(ready("set", 4, more.clone()), None, "there is no fourth pot");
    let mut more = more;
    more["inbound"].as_array_mut().expect("a list").push(purchase("PO-2", "pot", "near", "2026-11-26", 9));
    assert_eq!(ready("set", 4, more.clone()), Some(day("2026-11-26")));
    assert_eq!(ready("set", 5, more), Some(day("2026-12-01")), "the tenth cup");
}

#[test]
fn components_are_summed_over_all_lines() {
    let facts = facts(json!({
        "items": {"set": {"mode": kit()}},
        "stocks": [stock("cup", "near", 6), stock("pot", "near", 9)],
    }));
    let lines = json!([
        {"line": 1, "sku": "cup", "quantity": 3_000},
        {"line": 2, "sku": "set", "quantity": 1_000},
        {"line": 3, "sku": "set", "quantity": 1_000},
    ]);
    let promise = promised(&request(json!({"lines": lines})), &facts);
    let had: Vec<bool> = promise.lines.iter().map(|line| line.choice.is_some()).collect();
    assert_eq!(had, [true, true, false], "three cups, two cups, and one is not two");
}

/// Tables of a top and four legs, ten hours of the workshop each, twenty a day; then two days of drying.
fn tables(more: Value) -> Value {
    let bill = json!({"components": [{"sku": "top", "per": 1_000}, {"sku": "leg", "per": 4_000}],
        "load": {"resource": "shop", "per": 10_000}, "lead_days": 2});
    let mut all = json!({
        "items": {"table": {"mode": {"ctp": {"bill": bill}}}},
        "resources": {"shop": {"calendar": "work", "per_day": 20_000}},
        "stocks": [stock("table", "near", 1), stock("top", "near", 10), stock("leg", "near", 40)],
    });
    for (field, value) in more.as_object().expect("an object") {
        all[field] = value.clone();
    }
    all
}

#[test]
fn what_is_not_there_is_made_when_components_and_capacity_allow() {
    let none = || json!({});
    assert_eq!(ready("table", 1, tables(none())), Some(day("2026-11-23")), "the one on the shelf");
    assert_eq!(ready("table", 2, tables(none())), Some(day("2026-11-25")), "one made on Monday, dry on Wednesday");
    assert_eq!(ready("table", 5, tables(none())), Some(day("2026-11-26")), "four made: Monday and Tuesday");
    assert_eq!(ready("table", 12, tables(none())), None, "ten tops make ten tables");
    let busy = json!({"calendar": "work", "per_day": 20_000, "used": [{"day": "2026-11-23", "quantity": 15_000}]});
    let when = ready("table", 2, tables(json!({"resources": {"shop": busy}})));
    assert_eq!(when, Some(day("2026-11-26")), "half of it on Monday, half on Tuesday");
}

#[test]
fn what_binds_a_table_is_said() {
    let facts = facts(tables(json!({})));
    let line = line(&one(json!({"sku": "table", "quantity": 9_000, "only_from": ["near"]})), &facts);
    // Eight are made, two a day: Monday to Thursday, dry on Monday.
    assert_eq!(chosen(&line).parts[0].ready, day("2026-11-30"));
    let binds = bound(&line);
    assert_eq!(binds[0], ("supply", Some(7)));
    assert!(binds.contains(&("capacity", Some(5))), "{binds:?}");
    assert!(binds.contains(&("lead time", Some(1))), "{binds:?}");
    let made = chosen(&line).parts[0].draws.iter().find(|draw| matches!(draw.from, Origin::Made { .. })).expect("made");
    let resource = Some("shop".parse().expect("a resource"));
    let (start, finish) = (day("2026-11-23"), day("2026-11-26"));
    assert_eq!(made.from, Origin::Made { start, finish, resource });
}

#[test]
fn components_are_made_in_turn() {
    let bill = |component: &str, lead: i32| json!({"mode": {"ctp": {"bill": {"components": [{"sku": component, "per": 1_000}], "lead_days": lead}}}});
    let more = |ore: &str| {
        json!({
            "items": {"car": bill("engine", 1), "engine": bill("block", 2), "block": bill("ore", 3)},
            "inbound": [purchase("PO-1", "ore", "near", ore, 5)],
        })
    };
    assert_eq!(ready("car", 5, more("2026-11-23")), Some(day("2026-12-01")), "six working days from Monday");
    assert_eq!(ready("car", 5, more("2026-11-30")), Some(day("2026-12-08")));
    assert_eq!(ready("car", 6, more("2026-11-23")), None);
}

#[test]
fn a_purchase_order_that_comes_sooner_is_preferred_to_making() {
    let soon = json!([purchase("PO-1", "table", "near", "2026-11-24", 5)]);
    assert_eq!(ready("table", 4, tables(json!({"inbound": soon}))), Some(day("2026-11-24")));
    let late = json!([purchase("PO-1", "table", "near", "2026-12-24", 5)]);
    assert_eq!(ready("table", 4, tables(json!({"inbound": late}))), Some(day("2026-11-26")));
}
