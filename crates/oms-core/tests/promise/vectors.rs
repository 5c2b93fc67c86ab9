//! Worked examples of others, number for number. Where they come from stands beside the data.

use oms_core::promise::allocation::{Allocation, Class, DemandClass, Limit, Portion, Protection, Span};
use oms_core::promise::{Component, Fences, Late, Method, Timeline, accumulated, backward, kits, prorate};
use oms_core::value::{Day, Delta, Quantity, Sku};
use serde_json::Value;

use crate::kit::{ahead, allocation, class, day, shown, timeline, today, units};

const VECTORS: &str = include_str!("../../../../tests/data/vectors/atp.json");

fn vector(id: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(VECTORS).expect("vectors");
    all.into_iter().find(|vector| vector["id"] == id).expect("the vector")
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a row").iter().map(|number| number.as_i64().expect("a number")).collect()
}

fn row(value: &Value) -> Vec<u64> {
    numbers(value).into_iter().map(|number| number.unsigned_abs()).collect()
}

fn timeline_of(vector: &Value) -> Timeline {
    timeline(vector["onhand"].as_u64().unwrap_or(0), &row(&vector["supply"]), &row(&vector["demand"]))
}

fn whole(rows: &[(Day, i64)]) -> Vec<i64> {
    rows.iter().map(|(_, left)| left / 1_000).collect()
}

/// Supply 6 4 2 4 8 4 4 4, demand 6 2 3 6 6 1 2 2.
fn oracle() -> Timeline {
    timeline_of(&vector("ORA-INV-1-23"))
}

#[test]
fn oracle_by_period_before_anything_is_eaten() {
    let nets = oracle().days().iter().map(|bucket| (bucket.supply - bucket.demand) / 1_000).collect::<Vec<_>>();
    assert_eq!(nets, [0, 2, -1, -2, 2, 3, 2, 2]);
}

#[test]
fn oracle_backward_consumption() {
    assert_eq!(whole(&backward(&oracle(), today())), [0, 0, 0, -1, 2, 3, 2, 2]);
}

#[test]
fn oracle_backward_consumption_and_accumulation() {
    let rows = accumulated(&backward(&oracle(), today()), None);
    assert_eq!(whole(&rows), numbers(&vector("ORA-INV-1-23")["atp"]));
}

#[test]
fn oracle_three_asked_in_the_seventh_period_come_from_the_sixth() {
    let method = Method::Backward { accumulate: false, window_days: None };
    let found = method.earliest(&oracle(), units(3), ahead(6), today()).expect("there is some");
    assert_eq!((found.commit, found.day), (ahead(5), ahead(6)), "the receipt of the sixth, had in the seventh");
}

#[test]
fn netsuite_discrete() {
    let vector = vector("NS-DISCRETE");
    let timeline = timeline_of(&vector);
    assert_eq!(whole(&backward(&timeline, today())), numbers(&vector["atp"]));
    let asked =
        |quantity| Method::Discrete.earliest(&timeline, units(quantity), today(), today()).map(|found| found.day);
    assert_eq!(asked(10), Some(ahead(0)));
    assert_eq!(asked(30), Some(ahead(2)), "the first receipt with 30 free");
    assert_eq!(asked(100), None, "no single receipt: the lead time answers");
}

#[test]
fn dynamics_cumulative_with_look_ahead() {
    for id in ["D365-IV-a", "D365-IV-b"] {
        let vector = vector(id);
        let timeline = timeline_of(&vector);
        let shown: Vec<u64> = (0..7).map(|at| shown(timeline.available(ahead(at)))).collect();
        assert_eq!(shown, row(&vector["atp"]), "{id}");
    }
}

#[test]
fn dynamics_past_due_receipts_count_for_an_offset_and_a_larger_order_waits() {
    let vector = vector("D365-OP");
    let late = Late { keep_days: None, offset_days: 1 };
    let fences = Fences { late_supply: late, late_demand: late, infinite_after_days: None };
    let counted = |day: Day| late.counts_for(day, today()).expect("believed in");
    assert!(fences.check().is_ok());
    let mut timeline = Timeline::new(Delta::ZERO);
    // What was due days ago is taken to come, and to go, a day from now; the rest when it says.
    timeline.receive(counted(day("2026-11-18")), units(row(&vector["supply"])[1])).expect("few");
    timeline.commit(counted(day("2026-11-16")), units(row(&vector["demand"])[1])).expect("few");
    timeline.receive(counted(ahead(10)), units(row(&vector["supply"])[10])).expect("few");
    for (at, atp) in vector["atp_day"].as_object().expect("days") {
        let at = at.parse().expect("a day");
        assert_eq!(Some(shown(timeline.available(ahead(at)))), atp.as_u64(), "day {at}");
    }
    let promised = timeline.earliest(units(vector["request"].as_u64().expect("a number")), today());
    assert_eq!(promised, Some(ahead(10)));
    let strict = Late { keep_days: Some(2), offset_days: 1 };
    assert_eq!(strict.counts_for(day("2026-11-18"), today()), None, "three days late is not believed in");
}

#[test]
fn sap_protects_a_percentage_of_safety_stock_and_forecast() {
    let vector = vector("SAP-PASS");
    let number = |field: &str| vector[field].as_u64().expect("a number");
    let share = |of: &str, percent: &str| number(of) * number(percent) / 100;
    let kept = share("safety_stock", "ss_pct") + share("forecast", "fc_pct");
    assert_eq!(kept, number("protected"));
    let whole = Protection { from: Day::FIRST, until: Day::LAST, quantity: units(kept), consumed: Quantity::ZERO };
    let pool = allocation([Class { protections: vec![whole], ..class("protected", None) }, class("other", None)]);
    let other: DemandClass = "other".parse().expect("a class");
    let stock = timeline(number("stock"), &[], &[]);
    let confirmed = pool.available(&other, today(), &stock).min(units(number("request")));
    assert_eq!(shown(confirmed), number("confirmed"));
    assert_eq!(number("request") - shown(confirmed), number("open"));
}

#[test]
fn sap_schedule_lines() {
    let vector = vector("SAP-B1-SCHED");
    let date = |text: &str| day(&format!("2026-{text}"));
    let mut timeline = Timeline::new(Delta::ZERO);
    let mut before = 0;
    for (on, sum) in vector["atp_cum"].as_object().expect("days") {
        let sum = sum.as_u64().expect("a number");
        timeline.receive(date(on), units(sum - before)).expect("few");
        before = sum;
    }
    let asked = units(vector["request"].as_u64().expect("a number"));
    let steps = timeline.steps(asked, date("08-23"));
    let lines = vector["schedule"].as_array().expect("lines").iter();
    let expected: Vec<(Day, u64)> =
        lines.map(|line| (date(line[0].as_str().expect("a day")), line[1].as_u64().expect("a number"))).collect();
    assert_eq!(steps.iter().map(|step| (step.day, shown(step.quantity))).collect::<Vec<_>>(), expected);
}

#[test]
fn oracle_scarcity_scales_all_targets_alike() {
    let vector = vector("ORA-GOP-PRORATE");
    let imported = vector["imported"].as_object().expect("targets");
    let targets: Vec<Quantity> = imported.values().map(|target| units(target.as_u64().expect("a number"))).collect();
    let shares = prorate(&targets, units(vector["supply"].as_u64().expect("a number")));
    let expected = imported.keys().map(|name| vector["allocated"][name].as_u64().expect("a number"));
    assert_eq!(shares.into_iter().map(shown).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let thirds = prorate(&[units(1), units(1), units(1)], Quantity::ONE);
    assert_eq!(thirds.iter().map(|share| share.thousandths()).collect::<Vec<_>>(), [334, 333, 333], "nothing is lost");
}

fn shared(name: &str, parent: Option<&str>, target: u64, rank: Option<u32>) -> Class {
    let share = Some(Portion { quantity: units(target), consumed: Quantity::ZERO });
    Class { share, rank, ..class(name, parent) }
}

fn taken(pool: &mut Allocation, from: &str, quantity: u64) -> Vec<(String, u64)> {
    let stock = timeline(1_000, &[], &[]);
    let from: DemandClass = from.parse().expect("a class");
    let taken = pool.take_shares(&from, units(quantity), &stock);
    taken.into_iter().map(|taken| (taken.class.to_string(), shown(taken.quantity))).collect()
}

#[test]
fn oracle_own_share_then_the_parents() {
    let vector = vector("ORA-GOP-PARENT");
    let mut pool = allocation([
        shared("vision-operations", None, 30, None),
        shared("high-volume-region", Some("vision-operations"), 10, None),
        shared("northeast", Some("high-volume-region"), 40, None),
        shared("northwest", Some("high-volume-region"), 25, None),
    ]);
    let mut left = vector["request"].as_u64().expect("a number");
    let rows = taken(&mut pool, "northeast", left);
    for ((class, quantity), step) in rows.iter().zip(vector["steps"].as_array().expect("steps")) {
        left -= quantity;
        assert_eq!(*class, step[0].as_str().expect("a name").to_lowercase().replace(' ', "-"));
        assert_eq!((Some(*quantity), Some(left)), (step[1].as_u64(), step[2].as_u64()));
    }
    assert_eq!((rows.len(), Some(left)), (3, vector["ctp"].as_u64()), "the rest is left to make or buy");
}

/// Oracle, "Get supply from a node's parents, and then its siblings" (24a, fascp): the ranks of its text.
#[test]
fn oracle_siblings_lend_by_rank_the_least_important_first() {
    let mut pool = allocation([
        shared("vision", None, 30, Some(0)),
        shared("high", Some("vision"), 10, Some(2)),
        shared("low", Some("vision"), 30, Some(3)),
        shared("northeast", Some("high"), 40, Some(9)),
        shared("northwest", Some("high"), 50, Some(7)),
        shared("southeast", Some("high"), 20, Some(15)),
        shared("southwest", Some("high"), 20, Some(10)),
    ]);
    let rows = taken(&mut pool, "northeast", 220);
    let expected = [("northeast", 40), ("high", 10), ("vision", 30), ("southeast", 20), ("southwest", 20), ("low", 30)];
    assert_eq!(rows, expected.map(|(name, quantity)| (name.to_owned(), quantity)));
    assert_eq!(220 - rows.iter().map(|(_, quantity)| quantity).sum::<u64>(), 70, "left to make, buy or transfer");
}

/// The steps of the page: a day, a week and a month each cap what is left of the one above.
#[test]
fn sap_product_allocation_by_month_week_and_day() {
    let vector = vector("SAP-SNC-PAL3");
    let limit = |per, field: &str| {
        let quantity = units(vector[field].as_u64().expect("a number"));
        Limit { per, quantity, used: vec![] }
    };
    let limits = vec![limit(Span::Month, "monthly"), limit(Span::Week, "weekly"), limit(Span::Day, "daily")];
    let pool = allocation([Class { limits, ..class("buyer", None) }]);
    let buyer: DemandClass = "buyer".parse().expect("a class");
    // The twelfth of January is a Monday in 2009.
    let steps = pool.steps(&buyer, units(100), day("2009-01-12"), &timeline(1_000, &[], &[]));
    let days: Vec<String> = steps.iter().map(|step| step.day.to_string()[5..].to_owned()).collect();
    let two_a_week = ["01-12", "01-13", "01-19", "01-20", "01-26", "01-27", "02-02", "02-03", "02-09", "02-10"];
    assert_eq!(days, two_a_week);
    assert!(steps.iter().all(|step| step.quantity == units(10)));
    let printed = vector["expected"].as_array().expect("lines").iter().map(|line| line[0].as_str().expect("a day"));
    assert!(printed.into_iter().all(|day| two_a_week.contains(&day)), "what the page prints is among them");
}

/// The example of IBM's bundles: four, one and one in a kit; three nodes.
#[test]
fn ibm_kits_complete_at_one_node() {
    let sku = |name: &str| name.parse::<Sku>().expect("a SKU");
    let part = |name: &str, per| Component { sku: sku(name), per: units(per) };
    let bundle = [part("a", 4), part("b", 1), part("c", 1)];
    let at = |stock: [u64; 3]| {
        shown(kits(&bundle, |wanted| {
            let place = bundle.iter().position(|part| part.sku == *wanted).expect("a part");
            units(stock[place])
        }))
    };
    assert_eq!([at([4, 1, 1]), at([8, 1, 0]), at([8, 2, 2])], [1, 0, 2]);
    let twice = [part("a", 1), part("a", 1)];
    assert_eq!(shown(kits(&twice, |_| units(5))), 2, "the same part twice is summed first");
}
