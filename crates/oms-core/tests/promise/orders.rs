//! Promises of orders from what is there and what comes.

use oms_core::promise::{Constraint, DemandClass, Differs, Inbound, Origin, outlook, timeline_of};
use oms_core::value::Amount;
use serde_json::json;

use crate::kit::{bound, chosen, day, facts, line, one, promised, purchase, request, shown, stock, told};

#[test]
fn what_is_there_goes_by_the_fastest_lane_and_transit_binds() {
    let line = line(&one(json!({})), &facts(json!({"stocks": [stock("a", "near", 5)]})));
    assert_eq!(told(chosen(&line)), (vec!["1 near fast".into()], "2026-11-25".into()), "Monday, Tuesday, Wednesday");
    assert_eq!(bound(&line), [("processing", Some(1)), ("transit", Some(1))]);
    assert_eq!(chosen(&line).parts[0].draws[0].from, Origin::Stock);
    assert_eq!(chosen(&line).parts[0].order_by.to_string(), "2026-11-23T11:59:59.999Z");
    assert_eq!(line.sooner, None);
}

#[test]
fn what_is_not_there_waits_for_its_purchase_order_and_says_so() {
    let facts = facts(json!({"inbound": [purchase("PO-7", "a", "near", "2026-12-02", 10)]}));
    let line = line(&one(json!({"quantity": 4_000})), &facts);
    assert_eq!(told(chosen(&line)), (vec!["4 near fast".into()], "2026-12-04".into()));
    let Constraint::Supply { last: Some(draw) } = &line.binds[0].constraint else { panic!("{:?}", line.binds) };
    assert_eq!((draw.day, &draw.from), (day("2026-12-02"), &Origin::Inbound("PO-7".parse().expect("a name"))));
    assert_eq!(line.binds[0].days, Some(9), "from the shelf it would be there on the twenty-fifth");
}

#[test]
fn an_order_after_the_cutoff_is_bound_by_it() {
    let mut late = one(json!({}));
    late.placed_at = "2026-11-23T12:00:00Z".parse().expect("a time");
    let line = line(&late, &facts(json!({"stocks": [stock("a", "near", 5)]})));
    assert_eq!(chosen(&line).deliver, day("2026-11-26"));
    let cutoff = line.binds.iter().find(|bind| matches!(bind.constraint, Constraint::Cutoff { .. })).expect("it binds");
    let missed = "2026-11-23T12:00:00Z".parse().expect("a time");
    let location = "near".parse().expect("a location");
    assert_eq!((&cutoff.constraint, cutoff.days), (&Constraint::Cutoff { location, missed }, Some(1)));
}

#[test]
fn a_weekend_binds() {
    let mut friday = one(json!({}));
    friday.placed_at = "2026-11-27T13:00:00Z".parse().expect("a time");
    let line = line(&friday, &facts(json!({"stocks": [stock("a", "near", 5)]})));
    assert_eq!(chosen(&line).deliver, day("2026-12-02"), "Monday, Tuesday, Wednesday");
    assert_eq!(bound(&line)[..2], [("calendar", Some(2)), ("cutoff", Some(1))]);
}

#[test]
fn a_wanted_day_is_met_at_the_least_cost_and_a_day_sooner_has_its_price() {
    let facts = facts(json!({"stocks": [stock("a", "near", 5), stock("a", "far", 5)]}));
    let line = line(&one(json!({"wanted": "2026-11-27"})), &facts);
    assert_eq!(told(chosen(&line)), (vec!["1 near slow".into()], "2026-11-27".into()));
    assert_eq!(chosen(&line).cost, Amount::new(500).expect("money"));
    assert_eq!(line.binds, [], "the wish is met");
    let sooner = line.sooner.as_ref().expect("there is a faster service");
    assert_eq!(told(&sooner.choice).0, ["1 near fast"]);
    assert_eq!((sooner.cost.minor(), sooner.days <= -1), (1_000, true));
    assert_eq!(sooner.differs, [Differs::Service(vec!["fast".parse().expect("a service")])]);
}

#[test]
fn goods_leave_as_late_as_the_wanted_day_allows() {
    let facts = facts(json!({"stocks": [stock("a", "near", 5)]}));
    let line = line(&one(json!({"wanted": "2026-12-18"})), &facts);
    let part = &chosen(&line).parts[0];
    assert_eq!((part.schedule.start, part.schedule.ship), (day("2026-12-14"), day("2026-12-15")));
    assert_eq!(chosen(&line).deliver, day("2026-12-18"));
}

#[test]
fn alternates_name_another_place_a_substitute_and_a_split_with_their_differences() {
    let facts = facts(json!({
        "stocks": [stock("a", "near", 3), stock("a", "far", 4), stock("b", "near", 9)],
        "inbound": [purchase("PO-1", "a", "near", "2026-12-14", 50)],
        "items": {"a": {"substitutes": [{"sku": "b", "unit_cost": 100}]}},
    }));
    let mut asked = one(json!({"quantity": 5_000}));
    let line = line(&asked, &facts);
    assert_eq!(told(chosen(&line)), (vec!["5 near fast".into()], "2026-12-16".into()));
    let substitute =
        line.alternates.iter().find(|other| other.differs.contains(&Differs::Substitute("b".parse().expect("a SKU"))));
    let substitute = substitute.expect("there are nine");
    assert_eq!((substitute.days, substitute.cost.minor()), (-21, 500), "a hundred more for each of five");
    asked.may_split = true;
    let split = crate::kit::line(&asked, &facts);
    assert_eq!(told(chosen(&split)), (vec!["3 near fast".into(), "2 far fast".into()], "2026-11-26".into()));
    let whole =
        split.alternates.iter().find(|other| other.choice.parts[0].sku.as_str() == "a").expect("the one parcel");
    assert!(whole.differs.contains(&Differs::Parts(1)), "{whole:?}");
    assert_eq!(whole.days, 20);
    asked.may_split = false;
    asked.may_substitute = true;
    let other = crate::kit::line(&asked, &facts);
    assert_eq!(chosen(&other).parts[0].sku.as_str(), "b", "as soon as can be");
}

#[test]
fn lines_of_one_order_do_not_share_the_same_goods() {
    let facts = facts(json!({
        "stocks": [stock("a", "near", 3)],
        "inbound": [purchase("PO-1", "a", "near", "2026-12-01", 3)],
    }));
    let ask = |line| json!({"line": line, "sku": "a", "quantity": 3_000});
    let promise = promised(&request(json!({"lines": [ask(1), ask(2), ask(3)]})), &facts);
    let days: Vec<_> = promise.lines.iter().map(|line| line.choice.as_ref().map(|choice| choice.deliver)).collect();
    assert_eq!(days, [Some(day("2026-11-25")), Some(day("2026-12-03")), None]);
    assert_eq!((shown(promise.lines[2].short), promise.deliver), (3, None));
    assert_eq!(bound(&promise.lines[2]), [("supply", None)], "only with supply could it be had at all");
}

#[test]
fn a_shortfall_is_told_and_what_there_is_may_be_split_off() {
    let facts = facts(json!({"stocks": [stock("a", "near", 3)]}));
    let mut asked = one(json!({"quantity": 5_000}));
    let none = line(&asked, &facts);
    assert_eq!((none.choice.is_none(), shown(none.short)), (true, 5));
    assert_eq!(told(&none.alternates[0].choice).0, ["3 near fast"]);
    asked.may_split = true;
    let some = line(&asked, &facts);
    assert_eq!((told(chosen(&some)).0, shown(some.short)), (vec!["3 near fast".into()], 2));
}

#[test]
fn complete_orders_wait_for_the_last_line_at_less_cost() {
    let facts = facts(json!({
        "stocks": [stock("a", "near", 3)],
        "inbound": [purchase("PO-1", "b", "near", "2026-12-07", 3)],
    }));
    let lines = json!([{"line": 1, "sku": "a", "quantity": 1_000}, {"line": 2, "sku": "b", "quantity": 1_000}]);
    let apart = promised(&request(json!({"lines": lines})), &facts);
    let together = promised(&request(json!({"lines": lines, "ship_complete": true})), &facts);
    assert_eq!(apart.lines[0].choice.as_ref().map(|choice| choice.deliver), Some(day("2026-11-25")));
    assert_eq!(together.deliver, Some(day("2026-12-09")));
    let first = together.lines[0].choice.as_ref().map(|choice| choice.deliver);
    assert_eq!(first, Some(day("2026-12-08")), "leaves on Friday: from Monday on it would be too late");
    assert!(together.cost < apart.cost, "the first line may go slowly now");
}

#[test]
fn what_is_kept_back_late_or_leaving_is_not_promised() {
    let facts = facts(json!({
        "stocks": [{"sku": "a", "location": "near", "on_hand": 10_000, "kept_back": 3_000,
            "commitments": [{"day": "2026-12-04", "quantity": 2_000}, {"day": "2026-11-20", "quantity": 1_000}]}],
        "inbound": [
            {"id": "T-1", "sku": "a", "location": "far", "source": {"transfer": {"from": "near", "ships": "2026-11-30"}},
                "stage": "ready", "expected": "2026-12-01", "ordered": 2_000},
            {"id": "T-2", "sku": "a", "location": "near", "source": "purchase", "stage": "draft",
                "expected": "2026-11-24", "ordered": 9_000},
        ],
    }));
    let near = |quantity: u64| line(&one(json!({"quantity": quantity, "only_from": ["near"]})), &facts);
    assert!(near(2_000).choice.is_some(), "10 - 3 kept - 2 committed - 1 late - 2 leaving");
    assert!(near(2_001).choice.is_none());
    let far = line(&one(json!({"quantity": 2_000, "only_from": ["far"]})), &facts);
    assert_eq!(chosen(&far).parts[0].ready, day("2026-12-01"));
}

#[test]
fn infinite_lead_time_and_fence() {
    let facts = facts(json!({"items": {
        "always": {"mode": "infinite"},
        "ordered": {"mode": {"lead_time": {"days": 4}}},
        "fenced": {"fences": {"infinite_after_days": 10}},
        "dropped": {"mode_at": {"far": {"lead_time": {"days": 2}}}},
    }}));
    let ready = |sku: &str| {
        let line = line(&one(json!({"sku": sku, "quantity": 1_000_000})), &facts);
        (chosen(&line).parts[0].ready, bound(&line)[0].0)
    };
    assert_eq!(ready("always"), (day("2026-11-23"), "processing"));
    assert_eq!(ready("ordered"), (day("2026-11-27"), "supply"), "four working days");
    assert_eq!(ready("fenced").0, day("2026-12-03"));
    assert_eq!(ready("dropped").0, day("2026-11-25"), "from the supplier");
}

#[test]
fn an_allocation_binds_and_says_for_whom() {
    let pool = |store: serde_json::Value| {
        json!([{"sku": "a", "location": "near", "classes": [
            {"name": "web", "protections": [{"from": "2026-11-01", "until": "2026-12-01", "quantity": 8_000}]}, store]}])
    };
    let facts = facts(json!({
        "stocks": [stock("a", "near", 10)],
        "allocations": pool(json!({"name": "store", "limits": [{"per": "week", "quantity": 1_000}]})),
    }));
    let ask = |class: &str, quantity: u64| line(&one(json!({"class": class, "quantity": quantity})), &facts);
    assert_eq!(chosen(&ask("web", 5_000)).deliver, day("2026-11-25"));
    let store = ask("store", 1_000);
    assert_eq!(chosen(&store).deliver, day("2026-11-25"));
    let stranger = ask("marketplace", 3_000);
    assert_eq!(chosen(&stranger).parts[0].ready, day("2026-12-01"), "when nothing is kept for the web any more");
    let allocation = stranger.binds.iter().find(|bind| matches!(bind.constraint, Constraint::Allocation { .. }));
    assert_eq!(allocation.and_then(|bind| bind.days), Some(8));
    let limited = ask("store", 2_000);
    assert!(limited.choice.is_none(), "one a week is never two at once");
    assert!(bound(&limited).contains(&("allocation", None)));
}

#[test]
fn the_most_profitable_way_is_not_always_the_soonest() {
    let mut stocks = vec![stock("a", "near", 5), stock("b", "near", 5)];
    stocks[0]["unit_cost"] = json!(4_000);
    stocks[1]["unit_cost"] = json!(1_000);
    let facts = facts(json!({
        "stocks": stocks,
        "items": {"a": {"substitutes": [{"sku": "b", "unit_cost": 500}]}},
        "bids": [
            {"sku": "a", "location": "near", "from": "2026-11-01", "price": 3_000},
            {"sku": "a", "location": "near", "from": "2026-12-01", "price": 200},
        ],
    }));
    let goal = |late: i64| json!({"profit": {"unit_price": 10_000, "late_per_day": late}});
    let wanted = "2026-11-27";
    let patient = line(&one(json!({"goal": goal(100), "wanted": wanted})), &facts);
    // 10,000 - 4,000 - 500 for the lane - 200 bid - 7 days late.
    assert_eq!(told(chosen(&patient)), (vec!["1 near slow".into()], "2026-12-05".into()));
    assert_eq!(chosen(&patient).profit.map(Amount::minor), Some(10_000 - 4_500 - 200 - 800));
    let hasty = line(&one(json!({"goal": goal(1_000), "wanted": wanted})), &facts);
    assert_eq!(chosen(&hasty).profit.map(Amount::minor), Some(10_000 - 4_500 - 3_000), "in time, at the higher bid");
    let mut either = one(json!({"goal": goal(1_000), "wanted": wanted}));
    either.may_substitute = true;
    let other = line(&either, &facts);
    assert_eq!(chosen(&other).parts[0].sku.as_str(), "b");
    assert_eq!(chosen(&other).profit.map(Amount::minor), Some(10_000 - 1_000 - 500 - 500));
}

#[test]
fn earliest_means_now_even_when_it_is_wanted_later() {
    let facts = facts(json!({"stocks": [stock("a", "near", 5)]}));
    let line = line(&one(json!({"wanted": "2026-12-18", "goal": "earliest"})), &facts);
    assert_eq!(chosen(&line).deliver, day("2026-11-25"));
}

#[test]
fn a_day_of_the_outlook_says_what_comes_what_goes_and_what_is_left() {
    let facts = facts(json!({
        "stocks": [{"sku": "a", "location": "near", "on_hand": 5_000,
            "commitments": [{"day": "2026-11-25", "quantity": 4_000}]}],
        "inbound": [purchase("PO-1", "a", "near", "2026-11-24", 2)],
    }));
    let (sku, place) = ("a".parse().expect("a SKU"), "near".parse().expect("a location"));
    let rows = outlook(&facts, &sku, &place, &DemandClass::default(), day("2026-11-23"), 4).expect("few days");
    let told: Vec<(i64, u64)> =
        rows.iter().map(|row| (row.projected.thousandths() / 1_000, shown(row.available))).collect();
    assert_eq!(told, [(5, 3), (7, 3), (3, 3), (3, 3)]);
    assert_eq!(rows[1].supply.thousandths(), 2_000);
    assert!(outlook(&facts, &sku, &place, &DemandClass::default(), day("2026-11-23"), 401).is_err());
    let whole = timeline_of(&facts, &sku, &place, day("2026-11-23")).expect("a timeline");
    assert_eq!(shown(whole.available(day("2026-11-24"))), 3);
}

#[test]
fn an_inbound_tells_what_is_open_and_what_does_not_agree() {
    let inbound = |stage: &str, ordered: u64, received: u64| -> Inbound {
        let json = json!({"id": "PO-1", "sku": "a", "location": "near", "source": "purchase", "stage": stage,
            "expected": "2026-12-01", "ordered": ordered * 1_000, "received": received * 1_000});
        serde_json::from_value(json).expect("an inbound")
    };
    let told = |inbound: Inbound| (shown(inbound.open()), inbound.discrepancy().thousandths() / 1_000);
    assert_eq!(told(inbound("in_transit", 10, 4)), (6, 0));
    assert_eq!(told(inbound("in_transit", 10, 12)), (0, 2), "more came than was ordered");
    assert_eq!(told(inbound("closed", 10, 8)), (0, -2), "and this is all that comes");
    assert_eq!(told(inbound("draft", 10, 0)), (0, 0), "nobody counts on it");
    assert!(inbound("ready", 0, 0).check().is_err());
}
