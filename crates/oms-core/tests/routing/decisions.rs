//! Decisions carry why they are what they are, and can be made again.

use oms_core::routing::{Criterion, Decision, Effort, Policy, Prepared, Sentence, route};

use crate::kit::*;

use Criterion::{Cheapest, LeastShort};

fn cheapest() -> Policy {
    wanting(&[LeastShort, Cheapest])
}

fn two_ways() -> Decision {
    let network = network_with("west", |node| node.pick_pack = money(25));
    decide_with(&cheapest(), &network, &order(&[("a", 2)]), &offers(&[("a", "east", 5), ("a", "west", 5)]))
}

#[test]
fn the_runner_up_does_without_the_main_location() {
    let decision = two_ways();
    let other = decision.runner_up.expect("a runner-up");
    assert_eq!((other.without, other.locations), (place("east"), vec![place("west")]));
    assert_eq!(other.dearer_by, 25_000);
    assert!(other.short.is_zero());
}

#[test]
fn without_another_way_the_runner_up_is_short() {
    let mut policy = cheapest();
    policy.costs.short_unit = money(10);
    let decision = decide(&policy, &order(&[("a", 2)]), &offers(&[("a", "east", 5)]));
    let other = decision.runner_up.expect("a runner-up");
    assert_eq!((other.short, other.locations.len()), (units(2), 0));
    assert_eq!(other.dearer_by, 20_000 - 500_000);
    let nothing = decide(&policy, &order(&[("a", 2)]), &[]);
    assert_eq!(nothing.runner_up, None);
}

#[test]
fn a_decision_explains_itself() {
    let mut asked = order(&[("a", 2), ("b", 3)]);
    asked.excluded = vec![place("north")];
    let stock = offers(&[("a", "east", 5), ("a", "west", 5), ("b", "east", 1), ("b", "north", 9)]);
    let mut first = strategy("first", &[LeastShort]);
    first.accept = oms_core::routing::Accept::Everything;
    let policy = policy(vec![first, strategy("second", &[LeastShort, Cheapest])]);
    let told = decide(&policy, &asked, &stock).explain();
    let english: Vec<String> = told.iter().map(ToString::to_string).collect();
    let expected = [
        "Strategy \"first\" would leave 2 short, which it does not accept.",
        "Decided by strategy \"second\" of policy \"test\", version 0.",
        "east serves 3 on 2 lines from 100 km by post parcel, there by 2026-11-25.",
        "Of line 2, 2 of b cannot be served.",
        "It costs 500 minor units in all.",
        "No plan is better, and that is proven.",
        "There is not enough of b anywhere.",
        "east ships all it has of b.",
        "Not considered, as it refused or is excluded: north.",
        "Without east it would cost 0 minor units more, from west, with 3 short.",
    ];
    assert_eq!(english, expected);
    let json = serde_json::to_value(&told[3]).expect("JSON");
    assert_eq!(json, serde_json::json!({"code": "short", "line": 2, "sku": "b", "quantity": 2000}));
    assert!(told.contains(&Sentence::Best));
}

#[test]
fn a_decision_is_read_and_written_the_same() {
    let decision = two_ways();
    let text = serde_json::to_string(&decision).expect("JSON");
    assert_eq!(serde_json::from_str::<Decision>(&text).expect("a decision"), decision);
    oms_core::canonical::digest(&decision).expect("a canonical spelling");
}

#[test]
fn other_inputs_are_another_digest() {
    let (policy, network) = (cheapest(), network());
    let today = day("2026-11-23");
    let prepared = Prepared::new(&policy, &network, today).expect("a policy that holds");
    let (asked, stock) = (order(&[("a", 2)]), offers(&[("a", "east", 5)]));
    let decision = route(&prepared, &asked, &stock, Effort::Plan).expect("a decision");
    assert!(decision.verify(&prepared, &asked, &stock));
    assert!(!decision.verify(&prepared, &asked, &offers(&[("a", "east", 6)])), "the same plan from other stock");
    let mut other = asked.clone();
    other.lines[0].unit_value = money(1_001);
    assert!(!decision.verify(&prepared, &other, &stock));
    let revised = policy.revised();
    let later = Prepared::new(&revised, &network, today).expect("a policy that holds");
    assert!(!decision.verify(&later, &asked, &stock));
    let moved = network_with("edge", |node| node.handling = money(1));
    let elsewhere = Prepared::new(&policy, &moved, today).expect("a policy that holds");
    assert!(!decision.verify(&elsewhere, &asked, &stock));
    let mut forged = decision.clone();
    forged.plan.serves[0].quantity = units(1);
    assert!(!forged.verify(&prepared, &asked, &stock));
    let tomorrow = Prepared::new(&policy, &network, day("2026-11-24")).expect("a policy that holds");
    assert!(decision.verify(&tomorrow, &asked, &stock), "when it was prepared does not matter");
}

#[test]
fn a_digest_is_the_same_for_ever() {
    let (policy, network) = (Policy::standard(label("standard")), network());
    let prepared = Prepared::new(&policy, &network, day("2026-11-23")).expect("a policy that holds");
    let digest = prepared.digest(&order(&[("a", 2)]), &offers(&[("a", "east", 5)])).expect("a digest");
    assert_eq!(digest.to_string(), "68a84df308a6282ffd37ccdf22904e2dd3cbbfec8ef9af1b6aeb4dcc1903a2d9");
}
