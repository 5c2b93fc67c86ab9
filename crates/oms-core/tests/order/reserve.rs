//! An order finds its stock: epochs of holds, misses, backorders, rejection.

use oms_core::order::{Answer, Command, Errand, Event, LineStatus, Status};

use crate::kit::*;

const PATIENCE: i64 = 5_000;
const FIRST_WAIT: i64 = 15 * 60_000;

fn reserve(epoch: u32, object: u16, parts: &[oms_core::stock::Ask], sole: bool) -> Errand {
    Errand::Reserve {
        object,
        hold: hold_of(epoch, object),
        epoch,
        parts: parts.to_vec(),
        cart: None,
        class: head().demand_class(),
        sole,
    }
}

fn quote(names: &[&str]) -> Errand {
    Errand::Quote {
        skus: names.iter().map(|name| (object_of(name), sku(name))).collect(),
        cart: None,
        class: head().demand_class(),
    }
}

fn release(epoch: u32, object: u16) -> Errand {
    Errand::Release { object, hold: hold_of(epoch, object) }
}

/// A mug and a tea, placed in two objects.
fn two_objects() -> Vec<Event> {
    vec![captured(&[("mug", 1), ("tea", 1)]), reserving(0, &[part(1, "mug", "east", 1), part(2, "tea", "east", 1)])]
}

/// The same in a later epoch, after a miss.
fn second_try() -> Vec<Event> {
    let parts = [part(1, "mug", "east", 1), part(2, "tea", "east", 1)];
    [two_objects(), vec![missed(0), released(0, 0), released(0, 2), reserving(1, &parts)]].concat()
}

#[test]
fn the_first_epoch_asks_every_object_at_once() {
    let (mug, tea) = ([part(1, "mug", "east", 1)], [part(2, "tea", "east", 1)]);
    given(two_objects()).owes([reserve(0, 0, &mug, false), reserve(0, 2, &tea, false)]).wakes_at(Some(noon()));
}

#[test]
fn a_later_epoch_asks_one_object_after_the_other() {
    let (mug, tea) = ([part(1, "mug", "east", 1)], [part(2, "tea", "east", 1)]);
    given(second_try()).owes([reserve(1, 0, &mug, false)]);
    given(second_try()).and(held(1, 0)).owes([reserve(1, 2, &tea, false)]);
}

#[test]
fn a_hold_that_stands_alone_says_so() {
    let mug = part(1, "mug", "east", 1);
    given([captured(&[("mug", 1)]), reserving(0, core::slice::from_ref(&mug))]).owes([reserve(0, 0, &[mug], true)]);
}

#[test]
fn an_order_is_allocated_when_every_hold_is_had() {
    given(two_objects()).when(answered([holds_it(0, 0)])).then([held(0, 0)]);
    let all = given(two_objects()).and(held(0, 0)).when(answered([holds_it(0, 2)]));
    let order = all.then([held(0, 2), Event::Allocated { epoch: 0 }]);
    assert_eq!(order.status(), Status::Allocated);
    assert_eq!((order.errands(noon()), order.wake_at()), (vec![], None));
}

#[test]
fn every_location_gets_one_fulfillment() {
    let parts = [part(1, "mug", "west", 1), part(2, "tea", "east", 2), part(1, "mug", "east", 1)];
    let order = given([captured(&[("mug", 2), ("tea", 2)])].into_iter().chain(epoch(0, &parts))).order();
    let places: Vec<_> =
        order.fulfillments.iter().map(|one| (one.no, one.location.as_str(), one.lines.len())).collect();
    assert_eq!(places, [(1, "east", 2), (2, "west", 1)]);
}

#[test]
fn answers_that_repeat_or_come_late_mean_nothing() {
    given(two_objects()).and(held(0, 0)).when(answered([holds_it(0, 0)])).nothing();
    given(second_try()).when(answered([holds_it(0, 0), refuses_it(0, 2)])).nothing();
    given(allocated(1)).when(answered([holds_it(0, 0), refuses_it(0, 0)])).nothing();
    given(two_objects()).when(answered([holds_it(0, 0), holds_it(0, 0)])).then([held(0, 0)]);
    given(two_objects()).when(answered([])).nothing();
}

#[test]
fn one_refusal_kills_the_epoch_and_every_hold_is_released_answered_or_not() {
    let order = given(two_objects()).and(held(0, 0)).when(answered([refuses_it(0, 2)])).then([missed(0)]);
    assert_eq!(order.errands(noon()), [release(0, 0), release(0, 2)]);
    given(two_objects()).when(answered([refuses_it(0, 2), holds_it(0, 0)])).then([missed(0)]);
    given(two_objects()).when(answered([holds_it(0, 0), refuses_it(0, 2)])).then([held(0, 0), missed(0)]);
}

#[test]
fn a_dead_epoch_is_released_before_the_next_plan() {
    let dead = || given(two_objects()).and(missed(0));
    dead().when(plan(facts(&[("mug", "east", 5), ("tea", "east", 5)]))).nothing();
    dead().and(released(0, 0)).owes([release(0, 2)]);
    dead().and(released(0, 0)).and(released(0, 2)).owes([quote(&["mug", "tea"])]);
    dead().when(answered([Answer::Released { hold: hold_of(0, 0) }])).then([released(0, 0)]);
    dead().and(released(0, 0)).when(answered([Answer::Released { hold: hold_of(0, 0) }])).nothing();
}

#[test]
fn the_next_epoch_has_the_next_number() {
    let again = given(two_objects()).and(missed(0)).and(released(0, 0)).and(released(0, 2));
    let parts = [part(1, "mug", "west", 1), part(2, "tea", "west", 1)];
    again.when(plan(facts(&[("mug", "west", 5), ("tea", "west", 5)]))).then([reserving(1, &parts)]);
}

#[test]
fn nothing_is_planned_while_an_epoch_lives_or_nothing_is_open() {
    given(two_objects()).when(plan(facts(&[("mug", "east", 5)]))).nothing();
    given(allocated(1)).when(plan(facts(&[("mug", "east", 5)]))).nothing();
}

#[test]
fn an_order_of_all_or_nothing_is_rejected_when_nothing_may_come() {
    let short = vec![short(1, "mug", 2, 1)];
    let rejected = [Event::Rejected { short }];
    let order = given([captured(&[("mug", 2)])]).when(plan(facts(&[("mug", "east", 1)]))).then(rejected);
    assert_eq!((order.status(), order.errands(noon()), order.wake_at()), (Status::Rejected, vec![], None));
    assert_eq!(count(&order, 1, LineStatus::Canceled), units(2));
}

#[test]
fn an_order_waits_five_seconds_for_what_undecided_orders_hold() {
    let open = || given([captured(&[("mug", 2)])]);
    let asked = || plan(undecided(facts(&[("mug", "east", 1)]), 1));
    open().after(PATIENCE - 1).when(asked()).nothing();
    let short = vec![short(1, "mug", 2, 1)];
    open().after(PATIENCE).when(asked()).then([Event::Rejected { short: short.clone() }]);
    open().when(plan(facts(&[("mug", "east", 1)]))).then([Event::Rejected { short }]);
}

#[test]
fn nobody_waits_for_what_undecided_orders_hold_where_nothing_ships() {
    let mut asked = undecided(facts(&[("mug", "west", 1)]), 5);
    asked.router = router(&["east", "north"]);
    let short = vec![short(1, "mug", 2, 0)];
    given([captured(&[("mug", 2)])]).when(plan(asked)).then([Event::Rejected { short }]);
}

/// An order of one mug whose epochs were refused so many times.
fn missed_times(first: Event, times: u32) -> Vec<Event> {
    let tries = (0..times)
        .flat_map(|number| [reserving(number, &[part(1, "mug", "east", 1)]), missed(number), released(number, 0)]);
    [first].into_iter().chain(tries).collect()
}

#[test]
fn three_misses_after_five_seconds_are_enough() {
    let there = || plan(facts(&[("mug", "east", 1)]));
    let next = |number| [reserving(number, &[part(1, "mug", "east", 1)])];
    let missed = |times| given(missed_times(captured(&[("mug", 1)]), times));
    missed(2).after(PATIENCE).when(there()).then(next(2));
    missed(3).after(PATIENCE - 1).when(there()).then(next(3));
    missed(3).after(PATIENCE).when(there()).then([Event::Rejected { short: vec![short(1, "mug", 1, 1)] }]);
}

#[test]
fn a_patient_order_that_missed_too_often_waits_and_then_tries_again() {
    let missed = || given(missed_times(patient(&[("mug", 1)]), 3)).after(PATIENCE);
    let look_at = later(PATIENCE + FIRST_WAIT);
    let there = || plan(facts(&[("mug", "east", 1)]));
    missed().when(there()).then([backordered(&[(1, 1)], look_at)]);
    let waiting = || missed().and(backordered(&[(1, 1)], look_at));
    waiting().after(PATIENCE + FIRST_WAIT - 1).when(there()).nothing();
    waiting().after(PATIENCE + FIRST_WAIT).when(there()).then([reserving(3, &[part(1, "mug", "east", 1)])]);
}

#[test]
fn a_patient_order_takes_what_is_there_and_the_rest_waits() {
    let events = [backordered(&[(1, 2)], later(FIRST_WAIT)), reserving(0, &[part(1, "mug", "east", 3)])];
    given([patient(&[("mug", 5)])]).when(plan(facts(&[("mug", "east", 3)]))).then(events);
}

/// Five mugs, three allocated, two waiting.
fn waiting() -> Vec<Event> {
    let first = epoch(0, &[part(1, "mug", "east", 3)]);
    let noted = Event::Enlisted { object: 0, skus: vec![(sku("mug"), units(2))] };
    [vec![patient(&[("mug", 5)]), backordered(&[(1, 2)], later(FIRST_WAIT))], first, vec![noted]].concat()
}

#[test]
fn the_stock_is_told_who_waits_and_that_it_is_over() {
    let mut unheard = waiting();
    let noted = unheard.pop().expect("the last");
    let owed = given(unheard).order().errands(noon());
    let [Errand::Enlist { object: 0, skus, .. }] = owed.as_slice() else { panic!("{owed:?}") };
    assert_eq!(skus, &[(sku("mug"), units(2))]);
    let told = |quantity: u64| match quantity {
        0 => answered([Answer::Enlisted { object: 0, skus: vec![] }]),
        _ => answered([Answer::Enlisted { object: 0, skus: vec![(sku("mug"), units(quantity))] }]),
    };
    given(waiting()).when(told(2)).nothing();
    let canceled = given(waiting()).when(cancel(&[(1, 2)])).happened();
    let owed = canceled.errands(noon());
    let [Errand::Enlist { object: 0, skus, .. }] = owed.as_slice() else { panic!("{owed:?}") };
    assert_eq!(skus, &[(sku("mug"), units(0))], "{noted:?} is over");
}

#[test]
fn the_first_day_by_which_something_that_waits_is_wanted_counts() {
    let mut unheard = waiting();
    unheard.pop();
    let mut order = given(unheard).order();
    let day = |day: &str| Some(day.parse().expect("a day"));
    let mut wanted = |head, line| {
        order.head.requested_by = head;
        order.lines[0].requested_by = line;
        let owed = order.errands(noon());
        let [Errand::Enlist { wait, .. }] = owed.as_slice() else { panic!("{owed:?}") };
        wait.wanted
    };
    assert_eq!(wanted(None, None), None);
    assert_eq!(wanted(None, day("2026-03-09")), day("2026-03-09"));
    assert_eq!(wanted(day("2026-03-12"), day("2026-03-09")), day("2026-03-09"));
    assert_eq!(wanted(day("2026-03-05"), day("2026-03-09")), day("2026-03-05"));
}

#[test]
fn a_backorder_that_is_called_looks_at_once() {
    let order = given(waiting()).when(Command::Look).then([Event::SupplyCame]);
    assert_eq!(order.errands(noon()), [quote(&["mug"])]);
    given(allocated(1)).when(Command::Look).nothing();
}

#[test]
fn a_backorder_looks_again_when_its_time_comes() {
    let still = |millis| given(waiting()).after(millis);
    still(FIRST_WAIT - 1).owes([]).wakes_at(Some(later(FIRST_WAIT)));
    still(FIRST_WAIT).owes([quote(&["mug"])]);
    still(FIRST_WAIT - 1).when(plan(facts(&[("mug", "east", 9)]))).nothing();
    let parts = [part(1, "mug", "east", 2)];
    still(FIRST_WAIT).when(plan(facts(&[("mug", "east", 9)]))).then([reserving(1, &parts)]);
    assert_eq!(given(waiting()).order().status(), Status::Backordered);
}

#[test]
fn a_backorder_looks_ever_more_rarely_up_to_six_hours() {
    let mut events = waiting();
    let mut now = FIRST_WAIT;
    for minutes in [15, 30, 60, 120, 240, 360, 360] {
        let waited = Event::Waited { look_at: later(now + minutes * 60_000) };
        given(events.clone()).after(now).when(plan(facts(&[]))).then([waited.clone()]);
        events.push(waited);
        now += minutes * 60_000;
    }
}

#[test]
fn a_backorder_that_misses_too_often_waits_and_then_tries_again() {
    let mut events = waiting();
    for number in 1..=3 {
        events.extend([reserving(number, &[part(1, "mug", "east", 2)]), missed(number), released(number, 0)]);
    }
    let there = || plan(facts(&[("mug", "east", 9)]));
    let waited = Event::Waited { look_at: later(2 * FIRST_WAIT) };
    given(events.clone()).after(FIRST_WAIT).when(there()).then([waited.clone()]);
    events.push(waited);
    given(events).after(2 * FIRST_WAIT).when(there()).then([reserving(4, &[part(1, "mug", "east", 2)])]);
}

#[test]
fn lines_of_one_sku_share_what_is_there_and_each_is_told_what_it_lacks() {
    let lines = [("mug", 2), ("mug", 2)];
    let short = vec![short(2, "mug", 2, 1)];
    given([captured(&lines)]).when(plan(facts(&[("mug", "east", 3)]))).then([Event::Rejected { short }]);
}
