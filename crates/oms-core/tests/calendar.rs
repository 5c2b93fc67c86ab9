//! Calendars: the fast count equals walking day by day, and dates go forward and come back.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test may crash")]

use oms_core::calendar::{Calendar, Clock, HORIZON_DAYS, LOOKBACK_DAYS, OffsetChange, Route, Rules, Zone};
use oms_core::value::{Day, Invalid, Malformed, Problem, Timestamp, Weekday};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/calendar.txt");

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn around() -> Day {
    day("2026-11-21")
}

fn prepared(rules: &Rules) -> Calendar {
    Calendar::prepare(rules, around()).expect("a calendar")
}

/// Lisbon without the islands: summer time of two years.
fn lisbon() -> Zone {
    let change = |moment, offset_minutes| OffsetChange { at: at(moment), offset_minutes };
    let changes = vec![
        change("2026-03-29T01:00:00Z", 60),
        change("2026-10-25T01:00:00Z", 0),
        change("2027-03-28T01:00:00Z", 60),
        change("2027-10-31T01:00:00Z", 0),
    ];
    Zone { offset_minutes: 0, changes }
}

#[test]
fn a_day_is_an_iso_date() {
    assert_eq!(serde_json::to_string(&around()).expect("text"), "\"2026-11-21\"");
    assert_eq!(serde_json::from_str::<Day>("\"2026-11-21\"").expect("a day"), around());
    assert_eq!(around().weekday(), Weekday::Saturday);
    assert_eq!(around().monday(), day("2026-11-16"));
    assert_eq!(around().month(), (2026, 11));
    assert_eq!((Day::FIRST.to_string(), Day::LAST.to_string()), ("1970-01-01".into(), "9999-12-31".into()));
    for (text, problem) in [
        ("", Malformed::Empty),
        ("2026-11-31", Malformed::OutOfRange),
        ("2026-02-29", Malformed::OutOfRange),
        ("1969-12-31", Malformed::OutOfRange),
        ("2026-1-1", Malformed::Shape),
        ("2026-11-21T", Malformed::Shape),
    ] {
        assert_eq!(text.parse::<Day>().expect_err("no day"), problem, "{text}");
    }
}

#[test]
fn an_order_before_the_cutoff_counts_for_today_and_after_it_for_the_next_working_day() {
    let rules = Rules { cutoff: "14:00".parse().expect("a time"), zone: lisbon(), ..Rules::weekdays() };
    let calendar = prepared(&rules);
    assert_eq!(calendar.ship_day(at("2026-11-23T13:59:59Z"), 0), Some(day("2026-11-23")));
    assert_eq!(calendar.ship_day(at("2026-11-23T14:00:00Z"), 0), Some(day("2026-11-24")));
    assert_eq!(calendar.ship_day(at("2026-11-27T14:00:00Z"), 1), Some(day("2026-12-01")), "Friday late: Tuesday");
    assert_eq!(calendar.latest_order(day("2026-11-29"), 0), Some(at("2026-11-27T13:59:59.999Z")), "a Sunday: Friday");
    // Summer time: 14:00 in Lisbon is 13:00 in UTC.
    assert_eq!(calendar.ship_day(at("2027-06-01T12:59:59Z"), 0), Some(day("2027-06-01")));
    assert_eq!(calendar.ship_day(at("2027-06-01T13:00:00Z"), 0), Some(day("2027-06-02")));
}

#[test]
fn a_time_that_is_skipped_or_comes_twice_has_one_moment() {
    let clock = |text: &str| text.parse::<Clock>().expect("a time");
    let zone = lisbon();
    assert_eq!(zone.moment(day("2027-03-28"), clock("01:30")), at("2027-03-28T01:00:00Z"), "skipped");
    assert_eq!(zone.moment(day("2027-03-28"), clock("02:00")), at("2027-03-28T01:00:00Z"));
    assert_eq!(zone.moment(day("2027-10-31"), clock("01:30")), at("2027-10-31T00:30:00Z"), "the first coming");
    assert_eq!(zone.moment(day("2027-10-31"), clock("02:00")), at("2027-10-31T02:00:00Z"));
    assert_eq!(zone.moment(day("2027-10-31"), Clock::END), at("2027-11-01T00:00:00Z"));
    assert_eq!(zone.day(at("2027-06-01T23:30:00Z")), day("2027-06-02"));
}

#[test]
fn holidays_stop_and_extra_days_work() {
    let rules = Rules {
        holidays: vec![day("2026-12-25"), day("2026-12-08")],
        extra: vec![day("2026-12-19"), day("2026-12-08")],
        ..Rules::weekdays()
    };
    let calendar = prepared(&rules);
    assert!(!calendar.works(day("2026-12-25")));
    assert!(calendar.works(day("2026-12-19")), "a Saturday made extra");
    assert!(calendar.works(day("2026-12-08")), "extra wins");
    assert_eq!(calendar.add(day("2026-12-24"), 1), Some(day("2026-12-28")));
    assert_eq!(calendar.between(day("2026-12-14"), day("2026-12-28")), Some(10));
}

#[test]
fn delivery_is_ship_day_and_transit_days_of_the_carrier() {
    let node = prepared(&Rules { cutoff: "12:00".parse().expect("a time"), ..Rules::weekdays() });
    let mut six = Rules::every_day();
    six.week.truncate(6);
    let transit = prepared(&six);
    let route = Route { node: &node, processing: 1, transit: &transit, fastest: 1, slowest: 2 };
    let schedule = route.forward(at("2026-11-26T11:00:00Z"), None).expect("within the horizon");
    assert_eq!((schedule.start, schedule.ship), (day("2026-11-26"), day("2026-11-27")), "Thursday, Friday");
    assert_eq!((schedule.earliest, schedule.deliver), (day("2026-11-28"), day("2026-11-30")), "Saturday to Monday");
    let later = route.forward(at("2026-11-26T11:00:00Z"), Some(day("2026-11-29"))).expect("within the horizon");
    assert_eq!(later.start, day("2026-11-30"), "goods on Sunday are begun on Monday");
    assert_eq!(route.latest_order(day("2026-11-30")), Some(at("2026-11-26T11:59:59.999Z")));
}

#[test]
fn what_can_never_be_a_calendar_is_refused_with_its_field() {
    let refused = |rules: Rules| Calendar::prepare(&rules, around()).expect_err("no calendar");
    assert_eq!(refused(Rules::default()), Invalid::new("week", Problem::NoWorkingDay));
    let past = Rules { extra: vec![day("2001-01-01")], ..Rules::default() };
    assert_eq!(refused(past), Invalid::new("week", Problem::NoWorkingDay));
    let never = Rules { week: vec![Weekday::Friday], ..Rules::default() };
    let holidays = (0..=HORIZON_DAYS).map(|ahead| around().saturating_add(ahead)).collect();
    assert_eq!(refused(Rules { holidays, ..never }), Invalid::new("week", Problem::NoWorkingDay));
    let far = Rules { zone: Zone::fixed(2_000), ..Rules::weekdays() };
    assert_eq!(refused(far), Invalid::new("zone.offset_minutes", Problem::Beyond { most: 1_080 }));
    let mut turned = lisbon();
    turned.changes.reverse();
    let unordered = refused(Rules { zone: turned, ..Rules::weekdays() });
    assert_eq!(unordered, Invalid::new("zone.changes.at", Problem::Unordered));
    let many = Rules { holidays: vec![around(); 2_001], ..Rules::weekdays() };
    assert_eq!(refused(many), Invalid::new("holidays", Problem::TooMany { most: 2_000 }));
}

#[test]
fn beyond_the_horizon_there_is_no_answer() {
    let calendar = prepared(&Rules::weekdays());
    let last = around().saturating_add(HORIZON_DAYS);
    assert!(calendar.next(last).is_none_or(|day| day == last));
    assert_eq!(calendar.next(last.saturating_add(1)), None);
    assert_eq!(calendar.add(around(), 10_000), None);
    assert_eq!(calendar.add(around(), u32::MAX), None);
    assert_eq!(calendar.subtract(around(), u32::MAX), None);
    assert_eq!(calendar.previous(around().saturating_add(-LOOKBACK_DAYS - 1)), None);
    let edge = Calendar::prepare(&Rules::weekdays(), Day::LAST).expect("the last day is a Friday");
    assert_eq!(edge.add(Day::LAST, 1), None);
    assert!(Calendar::prepare(&Rules::weekdays(), Day::FIRST).is_ok());
}

#[test]
fn rules_are_read_as_they_are_written() {
    let json =
        r#"{"week":["monday","friday"],"holidays":["2026-12-25"],"zone":{"offset_minutes":60},"cutoff":"14:00"}"#;
    let rules: Rules = serde_json::from_str(json).expect("rules");
    assert_eq!(serde_json::to_string(&rules).expect("text"), json);
    assert!(serde_json::from_str::<Rules>(r#"{"week":[],"cutof":"14:00"}"#).is_err(), "a word nobody knows");
    assert!(serde_json::from_str::<Rules>(r#"{"week":[],"cutoff":"24:01"}"#).is_err());
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let near = || prop::collection::vec((-60..400_i32).prop_map(|ahead| around().saturating_add(ahead)), 0..12);
    let zone = prop_oneof![Just(lisbon()), (-1_080..=1_080_i32).prop_map(Zone::fixed)];
    let cutoff = (0..=1_440_u16).prop_map(|minutes| Clock::new(minutes).expect("a time"));
    let week = prop::collection::vec(any::<bool>(), 7).prop_map(|worked| {
        let every = Rules::every_day().week;
        every.into_iter().zip(worked).filter(|(_, worked)| *worked).map(|(weekday, _)| weekday).collect()
    });
    (week, near(), near(), zone, cutoff).prop_filter_map("a calendar", |(week, holidays, extra, zone, cutoff)| {
        let rules = Rules { week, holidays, extra, zone, cutoff };
        Calendar::prepare(&rules, around()).is_ok().then_some(rules)
    })
}

/// A moment of the two years around.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    let hour = 3_600_000;
    (-24 * 50..24 * 400_i64, 0..hour)
        .prop_map(move |(hours, millis)| at("2026-11-21T00:00:00Z").saturating_add_millis(hours * hour + millis))
}

fn walk(calendar: &Calendar, from: Day, step: i32) -> Option<Day> {
    let bounds = around().saturating_add(-LOOKBACK_DAYS)..=around().saturating_add(HORIZON_DAYS);
    let mut day = from;
    while bounds.contains(&day) {
        if calendar.works(day) {
            return Some(day);
        }
        day = day.checked_add(step)?;
    }
    None
}

fn walk_many(calendar: &Calendar, from: Day, n: u32, step: i32) -> Option<Day> {
    if n == 0 {
        return walk(calendar, from, step);
    }
    (0..n).try_fold(from, |day, _| walk(calendar, day.checked_add(step)?, step))
}

fn config() -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 2_000;
    }
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(SEEDS)));
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn counting_by_bits_equals_walking_day_by_day(rules in any_rules(), ahead in -80..1_800_i32, n in 0..300_u32, to in 0..500_i32) {
        let calendar = prepared(&rules);
        let from = around().saturating_add(ahead);
        let worked = rules.extra.contains(&from)
            || (rules.week.contains(&from.weekday()) && !rules.holidays.contains(&from));
        prop_assert_eq!(calendar.works(from), worked);
        prop_assert_eq!(calendar.next(from), walk(&calendar, from, 1));
        prop_assert_eq!(calendar.previous(from), walk(&calendar, from, -1));
        prop_assert_eq!(calendar.add(from, n), walk_many(&calendar, from, n, 1));
        prop_assert_eq!(calendar.subtract(from, n), walk_many(&calendar, from, n, -1));
        let until = from.saturating_add(to);
        if let Some(count) = calendar.between(from, until) {
            let walked = (0..to).filter(|step| calendar.works(from.saturating_add(*step))).count();
            prop_assert_eq!(count as usize, walked);
        }
    }

    #[test]
    fn the_latest_order_ships_in_time_and_a_moment_later_does_not(rules in any_rules(), ahead in 100..400_i32, processing in 0..10_u32) {
        let calendar = prepared(&rules);
        let Some(ship) = calendar.previous(around().saturating_add(ahead)) else { return Ok(()) };
        let Some(latest) = calendar.latest_order(ship, processing) else { return Ok(()) };
        prop_assert_eq!(calendar.ship_day(latest, processing), Some(ship));
        prop_assert!(calendar.ship_day(latest.saturating_add_millis(1), processing).is_none_or(|day| day > ship));
    }

    #[test]
    fn whoever_orders_later_never_gets_it_sooner(rules in any_rules(), one in any_moment(), other in any_moment(), processing in 0..5_u32) {
        let calendar = prepared(&rules);
        let (early, late) = (one.min(other), one.max(other));
        if let (Some(sooner), Some(later)) = (calendar.ship_day(early, processing), calendar.ship_day(late, processing)) {
            prop_assert!(sooner <= later);
        }
    }

    #[test]
    fn the_latest_order_for_a_delivery_makes_it_and_a_moment_later_does_not(
        node in any_rules(), transit in any_rules(), ahead in 150..400_i32, processing in 0..5_u32, days in 0..6_u32
    ) {
        let (node, transit) = (prepared(&node), prepared(&transit));
        let route = Route { node: &node, processing, transit: &transit, fastest: 0, slowest: days };
        let wanted = around().saturating_add(ahead);
        let Some(latest) = route.latest_order(wanted) else { return Ok(()) };
        let made = route.forward(latest, None).expect("within the horizon");
        prop_assert!(made.earliest <= made.deliver && made.deliver <= wanted);
        let missed = route.forward(latest.saturating_add_millis(1), None);
        prop_assert!(missed.is_none_or(|missed| missed.deliver > wanted));
        // Backward from what was promised comes back to the promise.
        let again = route.latest_order(made.deliver).and_then(|moment| route.forward(moment, None));
        prop_assert_eq!(again.map(|again| again.deliver), Some(made.deliver));
        let start = route.latest_start(wanted).and_then(|start| route.starting(start));
        prop_assert!(start.is_some_and(|start| start.deliver <= wanted));
    }
}
