//! An order is canceled, in part or as a whole, wherever it stands.

use oms_core::order::{Action, CanceledPart, Command, Errand, Event, LineStatus, Refusal, Standing, Status};
use oms_core::value::{Digest, Quantity};

use crate::kit::*;

fn part_of(line: u32, open: u64, backordered: u64, allocated: &[(u32, u64)]) -> CanceledPart {
    let allocated = allocated.iter().map(|(no, quantity)| (*no, units(*quantity))).collect();
    CanceledPart { line, open: units(open), backordered: units(backordered), allocated }
}

/// The event of the commands that name their lines.
fn canceled_by_request(parts: Vec<CanceledPart>) -> Event {
    Event::Canceled { reason: None, parts, key: Some(key("cancel")) }
}

fn give_back(no: u32, epoch: u32, object: u16, totals: &[oms_core::stock::Ask]) -> Errand {
    Errand::GiveBack { object, no, hold: hold_of(epoch, object), totals: totals.to_vec() }
}

#[test]
fn a_draft_is_canceled_and_can_never_be_confirmed() {
    let events = [drafted(&[("mug", 2)]), canceled(vec![part_of(1, 2, 0, &[])])];
    let order = given([events[0].clone()]).when(cancel_all()).then([events[1].clone()]);
    assert_eq!((order.status(), order.errands(noon())), (Status::Canceled, vec![]));
    let standing = Standing::Order(Status::Canceled);
    given(events).when(Command::Confirm).refused(Refusal::NotNow { action: Action::Confirm, standing });
}

#[test]
fn an_order_canceled_while_it_reserves_releases_every_hold_it_ever_asked_for() {
    let parts = [part(1, "mug", "east", 1), part(2, "tea", "east", 1)];
    let reserving = [captured(&[("mug", 1), ("tea", 1)]), reserving(0, &parts), held(0, 0)];
    let all = vec![part_of(1, 1, 0, &[]), part_of(2, 1, 0, &[])];
    let order = given(reserving.clone()).when(cancel_all()).then([canceled(all.clone())]);
    let release = |object| Errand::Release { object, hold: hold_of(0, object) };
    assert_eq!((order.status(), order.errands(noon())), (Status::Canceled, vec![release(0), release(2)]));
    given(reserving).and(canceled(all)).when(answered([holds_it(0, 0), holds_it(0, 2)])).nothing();
}

#[test]
fn a_part_canceled_while_it_reserves_starts_the_rest_again() {
    let reserving = [captured(&[("mug", 3)]), reserving(0, &[part(1, "mug", "east", 3)])];
    let less = canceled_by_request(vec![part_of(1, 1, 0, &[])]);
    let order = given(reserving.clone()).when(cancel(&[(1, 1)])).then([less.clone()]);
    assert_eq!(order.status(), Status::Placing);
    let again = given(reserving).and(less).and(released(0, 0));
    again.when(plan(facts(&[("mug", "east", 9)]))).then([reserving_two()]);
}

fn reserving_two() -> Event {
    reserving(1, &[part(1, "mug", "east", 2)])
}

#[test]
fn what_waits_for_stock_is_canceled() {
    let waiting = [patient(&[("mug", 3)]), backordered(&[(1, 3)], later(900_000))];
    let order = given(waiting).when(cancel_all()).then([canceled(vec![part_of(1, 0, 3, &[])])]);
    assert_eq!((order.status(), order.wake_at()), (Status::Canceled, None));
}

#[test]
fn what_is_set_aside_is_given_back() {
    let order = given(allocated(5)).when(cancel_all()).then([canceled(vec![part_of(1, 0, 0, &[(1, 5)])])]);
    assert_eq!(order.status(), Status::Canceled);
    assert_eq!(order.errands(noon()), [give_back(1, 0, 0, &[part(1, "mug", "east", 5)])]);
}

#[test]
fn a_partial_cancellation_takes_what_is_least_advanced_first() {
    // Seven mugs: two open again, one waiting, two at each of two locations.
    let history = || {
        let first = epoch(0, &[part(1, "mug", "east", 4), part(1, "mug", "west", 2)]);
        let mut events = vec![patient(&[("mug", 7)]), backordered(&[(1, 1)], later(900_000))];
        events.extend(first);
        events.push(turned_down(2));
        events.extend([reserving(1, &[part(1, "mug", "north", 1)])]);
        events.extend([held(1, 0), Event::Allocated { epoch: 1 }]);
        events
    };
    let order = given(history()).order();
    assert_eq!(count(&order, 1, LineStatus::Open), units(1));
    let canceled = |quantity, part| {
        given(history()).when(cancel(&[(1, quantity)])).then([canceled_by_request(vec![part])]);
    };
    canceled(1, part_of(1, 1, 0, &[]));
    canceled(2, part_of(1, 1, 1, &[]));
    canceled(3, part_of(1, 1, 1, &[(3, 1)]));
    canceled(5, part_of(1, 1, 1, &[(3, 1), (1, 2)]));
    let most = units(7);
    given(history()).when(cancel(&[(1, 8)])).refused(Refusal::TooMuchToCancel { line: 1, most });
}

#[test]
fn totals_of_what_is_given_back_only_grow() {
    let once = given(allocated(5)).and(canceled(vec![part_of(1, 0, 0, &[(1, 1)])]));
    let twice = || given(allocated(5)).and(canceled(vec![part_of(1, 0, 0, &[(1, 1)])]));
    let twice = || twice().and(canceled(vec![part_of(1, 0, 0, &[(1, 2)])]));
    once.owes([give_back(1, 0, 0, &[part(1, "mug", "east", 1)])]);
    twice().owes([give_back(1, 0, 0, &[part(1, "mug", "east", 3)])]);

    let told = |total: u64| Event::GivenBack { no: 1, hold: hold_of(0, 0), totals: vec![(1, units(total))] };
    let answer = |total: u64| {
        let totals = vec![(1, units(total))];
        answered([oms_core::order::Answer::GivenBack { no: 1, hold: hold_of(0, 0), totals }])
    };
    twice().when(answer(1)).then([told(1)]);
    twice().and(told(1)).owes([give_back(1, 0, 0, &[part(1, "mug", "east", 3)])]);
    twice().and(told(1)).when(answer(3)).then([told(3)]);
    twice().and(told(3)).owes([]);
    twice().and(told(3)).when(answer(1)).nothing();
    // It is believed no further than what was given up, or the next to be given up would never be told.
    let third = canceled(vec![part_of(1, 0, 0, &[(1, 1)])]);
    twice().and(told(9)).and(third).owes([give_back(1, 0, 0, &[part(1, "mug", "east", 4)])]);
    given(allocated(5)).when(answer(5)).nothing();
}

#[test]
fn what_somebody_took_from_the_shelf_cannot_be_canceled() {
    let not_now = |status| Refusal::NotNow { action: Action::Cancel, standing: Standing::Order(status) };
    let most = Quantity::ZERO;
    given(allocated(5)).and(picked(1)).when(cancel_all()).refused(not_now(Status::InFulfillment));
    given(allocated(5)).and(picked(1)).when(cancel(&[(1, 1)])).refused(Refusal::TooMuchToCancel { line: 1, most });
    given(shipped(5)).when(cancel_all()).refused(not_now(Status::Shipped));
    given(shipped(5)).and(delivered(1)).when(cancel_all()).refused(not_now(Status::Delivered));
}

#[test]
fn canceling_everything_takes_what_can_still_be_taken() {
    let parts = [part(1, "mug", "east", 2), part(1, "mug", "west", 3)];
    let history = [vec![captured(&[("mug", 5)])], epoch(0, &parts), vec![picked(1)]].concat();
    let order = given(history).when(cancel_all()).then([canceled(vec![part_of(1, 0, 0, &[(2, 3)])])]);
    assert_eq!((count(&order, 1, LineStatus::Picked), order.status()), (units(2), Status::InFulfillment));
}

#[test]
fn a_cancellation_is_carried_out_once() {
    let all = canceled(vec![part_of(1, 0, 0, &[(1, 5)])]);
    given(allocated(5)).and(all).when(cancel_all()).nothing();
    let some = canceled_by_request(vec![part_of(1, 0, 0, &[(1, 2)])]);
    given(allocated(5)).and(some.clone()).when(cancel(&[(1, 2)])).nothing();
    given(allocated(5)).and(some).when(cancel(&[(1, 1)])).refused(Refusal::KeyReused);
}

#[test]
fn a_rejected_order_has_nothing_to_cancel() {
    let rejected = given([captured(&[("mug", 1)]), Event::Rejected { short: vec![] }]);
    let standing = Standing::Order(Status::Rejected);
    rejected.when(cancel_all()).refused(Refusal::NotNow { action: Action::Cancel, standing });
}

#[test]
fn lines_to_cancel_are_there_once_and_not_empty() {
    given(allocated(5)).when(cancel(&[])).refused(Refusal::NoLines);
    given(allocated(5)).when(cancel(&[(2, 1)])).refused(Refusal::NoSuchLine { line: 2 });
    given(allocated(5)).when(cancel(&[(1, 1), (1, 1)])).refused(Refusal::LineTwice { line: 1 });
    given(allocated(5)).when(cancel(&[(1, 0)])).refused(Refusal::NothingOrdered { line: 1 });
}

#[test]
fn partial_cancellations_of_an_order_are_bounded_but_the_whole_can_always_go() {
    let nth = |nth: u32| Event::Canceled {
        reason: None,
        parts: vec![part_of(1, 0, 0, &[(1, 1)])],
        key: Some(Digest::of(&nth.to_be_bytes())),
    };
    let full = || given(allocated(500).into_iter().chain((0..200).map(nth)));
    full().when(cancel(&[(1, 1)])).refused(Refusal::TooMany { most: 200 });
    full().when(cancel_all()).then([canceled(vec![part_of(1, 0, 0, &[(1, 300)])])]);
}
