//! Goods are picked, packed, shipped and delivered, or a location turns the order down.

use oms_core::order::{Action, Answer, Errand, Event, FulfillmentStatus, LineStatus, Refusal, Standing, Status};
use oms_core::value::Quantity;

use crate::kit::*;

#[test]
fn quantities_move_with_their_fulfillment() {
    let steps = [
        (pick(1), picked(1), LineStatus::Picked, Status::InFulfillment),
        (pack(1), packed(1), LineStatus::Packed, Status::InFulfillment),
        (ship(1), left(1), LineStatus::Shipped, Status::Shipped),
        (deliver(1), delivered(1), LineStatus::Delivered, Status::Delivered),
    ];
    let mut history = allocated(5);
    for (command, event, status, order_status) in steps {
        let order = given(history.clone()).when(command.clone()).then([event.clone()]);
        assert_eq!((count(&order, 1, status), order.status()), (units(5), order_status));
        history.push(event);
        given(history.clone()).when(command).nothing();
    }
}

#[test]
fn a_parcel_without_goods_cannot_leave() {
    given(allocated(5)).when(ship(2)).refused(Refusal::NoSuchFulfillment { no: 2 });
    let standing = Standing::Part(FulfillmentStatus::Open);
    given(allocated(5)).when(ship(1)).refused(Refusal::NotNow { action: Action::Ship, standing });
}

#[test]
fn a_parcel_that_left_says_who_carries_it() {
    let (carrier, tracking) = (Some(label("Red Van")), Some(label("RV-1")));
    let command = oms_core::order::Command::Ship { no: 1, carrier: carrier.clone(), tracking: tracking.clone() };
    let packed = given(allocated(5)).and(picked(1)).and(packed(1));
    let order =
        packed.when(command).then([Event::Shipped { no: 1, carrier: carrier.clone(), tracking: tracking.clone() }]);
    assert_eq!((&order.fulfillments[0].carrier, &order.fulfillments[0].tracking), (&carrier, &tracking));
}

fn consume(no: u32, object: u16, parts: &[oms_core::stock::Ask]) -> Errand {
    Errand::Consume { object, no, hold: hold_of(0, object), parts: parts.to_vec() }
}

#[test]
fn what_left_is_consumed_from_the_hold_that_backed_it() {
    let mug = [part(1, "mug", "east", 5)];
    let told = Answer::Consumed { no: 1, hold: hold_of(0, 0) };
    given(shipped(5)).owes([consume(1, 0, &mug)]).wakes_at(Some(noon()));
    given(shipped(5)).and(delivered(1)).owes([consume(1, 0, &mug)]);
    given(shipped(5)).when(answered([told.clone()])).then([consumed(1, 0, 0)]);
    given(shipped(5)).and(consumed(1, 0, 0)).owes([]).wakes_at(None);
    given(shipped(5)).and(consumed(1, 0, 0)).when(answered([told.clone()])).nothing();
    given(allocated(5)).when(answered([told])).nothing();
}

#[test]
fn every_object_is_told_what_left_of_its_own() {
    let parts = [part(1, "mug", "east", 1), part(2, "tea", "east", 2)];
    let history = [vec![captured(&[("mug", 1), ("tea", 2)])], epoch(0, &parts), vec![picked(1), packed(1), left(1)]];
    let shipped = || given(history.concat());
    shipped().owes([consume(1, 0, &parts[..1]), consume(1, 2, &parts[1..])]);
    shipped().and(consumed(1, 0, 2)).owes([consume(1, 0, &parts[..1])]);
}

#[test]
fn what_was_canceled_before_does_not_leave() {
    let less = oms_core::order::CanceledPart {
        line: 1,
        open: Quantity::ZERO,
        backordered: Quantity::ZERO,
        allocated: vec![(1, units(2))],
    };
    let history = [allocated(5), vec![canceled(vec![less]), picked(1), packed(1), left(1)]].concat();
    let give_back = Errand::GiveBack { object: 0, no: 1, hold: hold_of(0, 0), totals: vec![part(1, "mug", "east", 2)] };
    let order = given(history).owes([give_back, consume(1, 0, &[part(1, "mug", "east", 3)])]).order();
    assert_eq!((count(&order, 1, LineStatus::Shipped), order.status()), (units(3), Status::Shipped));
}

#[test]
fn a_location_that_cannot_deliver_gives_back_what_it_had_and_the_order_looks_elsewhere() {
    for history in [allocated(5), [allocated(5), vec![picked(1)]].concat()] {
        let order = given(history.clone()).when(reject(1)).then([turned_down(1)]);
        let totals = vec![part(1, "mug", "east", 5)];
        let give_back = Errand::GiveBack { object: 0, no: 1, hold: hold_of(0, 0), totals };
        let quote = Errand::Quote { skus: vec![(0, sku("mug"))], cart: None, class: head().demand_class() };
        assert_eq!(order.errands(noon()), [give_back, quote]);
        assert_eq!(order.status(), Status::Placing);

        let elsewhere =
            given(history.clone()).and(turned_down(1)).when(plan(facts(&[("mug", "east", 9), ("mug", "west", 9)])));
        elsewhere.then([reserving(1, &[part(1, "mug", "west", 5)])]);
        let nowhere = given(history).and(turned_down(1)).when(plan(facts(&[("mug", "east", 9)])));
        nowhere.then([backordered(&[(1, 5)], later(900_000))]);
    }
}

#[test]
fn an_epoch_that_counts_on_a_location_dies_when_that_location_turns_the_order_down() {
    // Three of five mugs at the eastern location, the other two about to be reserved there too.
    let waiting = backordered(&[(1, 2)], noon());
    let first = epoch(0, &[part(1, "mug", "east", 3)]);
    let history = |second: &str| {
        let second = reserving(1, &[part(1, "mug", second, 2)]);
        [vec![patient(&[("mug", 5)]), waiting.clone()], first.clone(), vec![second]].concat()
    };
    let order = given(history("east")).when(reject(1)).then([turned_down(1)]);
    assert_eq!((order.attempt, order.dead.len()), (None, 1));
    let order = given(history("west")).when(reject(1)).then([turned_down(1)]);
    assert!(order.attempt.is_some());
}

#[test]
fn a_packed_parcel_is_not_turned_down_any_more() {
    let standing = Standing::Part(FulfillmentStatus::Packed);
    let packed = given(allocated(5)).and(picked(1)).and(packed(1));
    packed.when(reject(1)).refused(Refusal::NotNow { action: Action::Reject, standing });
}

#[test]
fn two_parcels_of_one_line_leave_one_by_one() {
    let parts = [part(1, "mug", "east", 2), part(1, "mug", "west", 3)];
    let history = [vec![captured(&[("mug", 5)])], epoch(0, &parts), vec![picked(1), packed(1), left(1)]].concat();
    let order = given(history.clone()).order();
    assert_eq!((order.status(), order.fulfillment_status()), (Status::PartShipped, FulfillmentStatus::Partial));
    let order = given(history).and(picked(2)).and(packed(2)).and(left(2)).order();
    assert_eq!((order.status(), order.fulfillment_status()), (Status::Shipped, FulfillmentStatus::Fulfilled));
}
