//! Goods come back: only what left, and no more (I13).

use oms_core::order::{
    Action, Answer, Disposition, Errand, Event, FulfillmentStatus, LineStatus, Refusal, Standing, Status,
};
use oms_core::stock::{Move, MoveLine, MovementId};
use oms_core::value::{Quantity, ReturnId};

use crate::kit::*;
use Disposition::{Quarantine, Restock};

fn received(no: u32, lines: &[oms_core::order::Received]) -> Event {
    Event::ReturnReceived { no, location: place("west"), lines: lines.to_vec() }
}

fn authorized() -> Given {
    given(shipped(5)).and(consumed(1, 0, 0)).and(return_requested(1, &[(1, 3)])).and(Event::ReturnAuthorized { no: 1 })
}

#[test]
fn a_return_goes_from_request_to_received() {
    given(shipped(5)).when(request_return("1", &[(1, 3)])).then([return_requested(1, &[(1, 3)])]);
    given(shipped(5)).and(return_requested(1, &[(1, 3)])).when(authorize(1)).then([Event::ReturnAuthorized { no: 1 }]);
    let lines = [came(1, 2, Restock), came(1, 1, Quarantine)];
    let order = authorized().when(receive(1, &lines)).then([received(1, &lines)]);
    assert_eq!((count(&order, 1, LineStatus::Returned), count(&order, 1, LineStatus::Shipped)), (units(3), units(2)));
    assert_eq!(order.status(), Status::Shipped);
}

#[test]
fn what_came_back_is_posted_where_it_came_to() {
    let lines = [came(1, 2, Restock), came(1, 1, Quarantine)];
    let back = |quantity, disposition| MoveLine::Return {
        sku: sku("mug"),
        location: place("west"),
        quantity: units(quantity),
        disposition,
    };
    let id = ReturnId::new(order_id(), 1);
    let movement = Move {
        id: MovementId::of(&format!("return:{id}:0")),
        reference: Some(label(&id.to_string())),
        lines: vec![back(2, Restock), back(1, Quarantine)],
    };
    let told = Answer::Restocked { no: 1, object: 0 };
    let restocked = Event::Restocked { no: 1, object: 0 };
    let came = || authorized().and(received(1, &lines));
    came().owes([Errand::Restock { object: 0, no: 1, movement }]);
    came().when(answered([told.clone()])).then([restocked.clone()]);
    came().and(restocked.clone()).owes([]).wakes_at(None);
    came().and(restocked).when(answered([told.clone()])).nothing();
    authorized().when(answered([told])).nothing();
    came().when(answered([Answer::Restocked { no: 1, object: 7 }, Answer::Restocked { no: 2, object: 0 }])).nothing();
}

#[test]
fn only_what_left_can_come_back() {
    let too_much = |most: Quantity| Refusal::TooMuchToReturn { line: 1, most };
    given(allocated(5)).when(request_return("1", &[(1, 1)])).refused(too_much(Quantity::ZERO));
    given(shipped(5)).when(request_return("1", &[(1, 6)])).refused(too_much(units(5)));
    given(shipped(5))
        .and(return_requested(1, &[(1, 3)]))
        .when(request_return("2", &[(1, 3)]))
        .refused(too_much(units(2)));
    let back = || authorized().and(received(1, &[came(1, 3, Restock)]));
    back().when(request_return("2", &[(1, 3)])).refused(too_much(units(2)));
    back().when(request_return("2", &[(1, 2)])).then([return_requested(2, &[(1, 2)])]);
}

#[test]
fn what_does_not_come_can_be_asked_back_again() {
    let fewer = authorized().and(received(1, &[came(1, 1, Restock)]));
    fewer.when(request_return("2", &[(1, 4)])).then([return_requested(2, &[(1, 4)])]);
    let not_at_all = authorized().and(Event::ReturnCanceled { no: 1, reason: None });
    not_at_all.when(request_return("2", &[(1, 5)])).then([return_requested(2, &[(1, 5)])]);
}

#[test]
fn no_more_comes_than_was_to_come() {
    let most = units(3);
    authorized().when(receive(1, &[came(1, 4, Restock)])).refused(Refusal::TooMuchReceived { line: 1, most });
    let twice = [came(1, 2, Restock), came(1, 2, Quarantine)];
    authorized().when(receive(1, &twice)).refused(Refusal::TooMuchReceived { line: 1, most });
    authorized().when(receive(1, &[came(2, 1, Restock)])).refused(Refusal::NoSuchLine { line: 2 });
    authorized().when(receive(1, &[came(1, 0, Restock)])).refused(Refusal::NothingOrdered { line: 1 });
    authorized().when(receive(1, &[])).refused(Refusal::NoLines);
}

#[test]
fn a_request_for_a_return_is_carried_out_once() {
    let requested = || given(shipped(5)).and(return_requested(1, &[(1, 3)]));
    requested().when(request_return("1", &[(1, 3)])).nothing();
    requested().when(request_return("1", &[(1, 2)])).refused(Refusal::KeyReused);
}

#[test]
fn lines_to_return_are_there_once_and_not_empty() {
    given(shipped(5)).when(request_return("1", &[])).refused(Refusal::NoLines);
    given(shipped(5)).when(request_return("1", &[(2, 1)])).refused(Refusal::NoSuchLine { line: 2 });
    given(shipped(5)).when(request_return("1", &[(1, 1), (1, 1)])).refused(Refusal::LineTwice { line: 1 });
    given(shipped(5)).when(request_return("1", &[(1, 0)])).refused(Refusal::NothingOrdered { line: 1 });
}

#[test]
fn a_return_is_received_once_it_is_authorized_and_only_once() {
    let lines = [came(1, 3, Restock)];
    let not_now = |action, status| Refusal::NotNow { action, standing: Standing::Part(status) };
    let requested = given(shipped(5)).and(return_requested(1, &[(1, 3)]));
    requested.when(receive(1, &lines)).refused(not_now(Action::Receive, FulfillmentStatus::Requested));
    let received = || authorized().and(received(1, &lines));
    received().when(receive(1, &lines)).nothing();
    received().when(receive(1, &[came(1, 2, Restock)])).refused(not_now(Action::Receive, FulfillmentStatus::Received));
    received().when(cancel_return(1)).refused(not_now(Action::Cancel, FulfillmentStatus::Received));
    given(shipped(5)).when(authorize(1)).refused(Refusal::NoSuchReturn { no: 1 });
}

#[test]
fn delivered_goods_come_back_before_those_on_their_way() {
    let parts = [part(1, "mug", "east", 2), part(1, "mug", "west", 3)];
    let mut history = vec![captured(&[("mug", 5)])];
    history.extend(epoch(0, &parts));
    history.extend([picked(1), packed(1), left(1), delivered(1), picked(2), packed(2), left(2)]);
    history.extend([return_requested(1, &[(1, 3)]), Event::ReturnAuthorized { no: 1 }]);
    let order = given(history).when(receive(1, &[came(1, 3, Restock)])).happened();
    assert_eq!((count(&order, 1, LineStatus::Delivered), count(&order, 1, LineStatus::Shipped)), (units(0), units(2)));
}

#[test]
fn an_order_has_at_most_two_hundred_returns() {
    let one = |no| [return_requested(no, &[(1, 1)]), Event::ReturnCanceled { no, reason: None }];
    let full = given(shipped(5).into_iter().chain((1..=200).flat_map(one)));
    full.when(request_return("one more", &[(1, 1)])).refused(Refusal::TooMany { most: 200 });
}

#[test]
fn all_returns_of_an_order_have_at_most_ten_thousand_lines() {
    let hundred = [(1, 1); 100];
    let one = |no| [return_requested(no, &hundred), Event::ReturnCanceled { no, reason: None }];
    let almost = || shipped(5).into_iter().chain((1..=99).flat_map(one));
    given(almost()).when(request_return("one more", &[(1, 1)])).happened();
    let full = given(almost().chain(one(100)));
    full.when(request_return("one more", &[(1, 1)])).refused(Refusal::TooMany { most: 10_000 });
}

#[test]
fn what_comes_back_is_dealt_with_in_few_pieces() {
    let asked = || given(shipped(5)).and(return_requested(1, &[(1, 5)])).and(Event::ReturnAuthorized { no: 1 });
    asked().when(receive(1, &vec![came(1, 1, Restock); 4])).happened();
    asked().when(receive(1, &vec![came(1, 1, Restock); 5])).refused(Refusal::TooManyLines { most: 4 });
}
