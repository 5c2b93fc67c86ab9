//! An open order moves to a better plan: new stock is had before old is given up, and whatever fails it keeps what it has.

use oms_core::order::{
    Command, Errand, Event, FulfillmentStage, LineStatus, MAX_IMPROVEMENTS, Order, Planned, Room, Saving, Status, Step,
    trades,
};
use oms_core::value::{OrderId, Slot};

use crate::kit::*;

/// Two mugs of the east, a tea of the west: two parcels.
fn split() -> Vec<Event> {
    let parts = [part(1, "mug", "east", 2), part(2, "tea", "west", 1)];
    [captured(&[("mug", 2), ("tea", 1)])].into_iter().chain(epoch(0, &parts)).collect()
}

/// The same while it moves to the east.
fn moving() -> Vec<Event> {
    let mut events = split();
    events.push(improving(&events, &[("tea", "east", 1)]).expect("it moves"));
    events
}

fn improving(events: &[Event], free: &[(&str, &str, u64)]) -> Option<Event> {
    let order = replay(events, noon()).expect("an order");
    let decided = Order::decide(Some(&order), &improve(facts(free)), noon()).expect("never refused");
    decided.into_iter().next()
}

fn works(order: &Order) -> Vec<(u32, &str, &FulfillmentStage)> {
    order.fulfillments.iter().map(|one| (one.no, one.location.as_str(), &one.stage)).collect()
}

#[test]
fn what_the_better_plan_needs_is_asked_for_and_nothing_given_up() {
    let Some(Event::Improving { epoch, holds, gives, saving, .. }) = improving(&split(), &[("tea", "east", 1)]) else {
        panic!("it moves");
    };
    assert_eq!((epoch, holds.len(), holds[0].parts.clone()), (1, 1, vec![part(2, "tea", "east", 1)]));
    assert_eq!((gives.len(), gives[0].no, gives[0].hold, gives[0].quantity), (1, 2, hold_of(0, 2), units(1)));
    assert_eq!(saving.shipments, 1);
    let order = given(moving()).order();
    assert_eq!(order.status(), Status::Allocated);
    assert_eq!(works(&order), works(&given(split()).order()), "it has what it had");
}

#[test]
fn once_it_is_had_the_old_place_is_given_back() {
    let order = given(moving()).when(answered([holds_it(1, 2)])).happened();
    let canceled = FulfillmentStage::Canceled;
    assert_eq!(works(&order), [(1, "east", &FulfillmentStage::Open), (2, "west", &canceled)]);
    assert_eq!(order.fulfillments[0].lines.len(), 2);
    let owed = order.errands(noon());
    assert!(matches!(owed.as_slice(), [Errand::GiveBack { no: 2, .. }]), "{owed:?}");
    assert_eq!((order.improvements, order.attempt.is_none()), (1, true));
}

#[test]
fn a_refusal_leaves_the_order_as_it_was() {
    let order = given(moving()).when(answered([refuses_it(1, 2)])).happened();
    assert_eq!(works(&order), works(&given(split()).order()));
    assert_eq!((order.status(), order.misses, order.attempt.is_none()), (Status::Allocated, 0, true));
    assert_eq!((order.improvements, order.moves_left()), (0, MAX_IMPROVEMENTS - 1), "a move in vain counts too");
    assert_eq!(order.dead.len(), 1, "what was asked for is given back, answered or not");
}

#[test]
fn whoever_takes_goods_in_hand_ends_the_move() {
    let order = given(moving()).when(pick(2)).happened();
    assert_eq!((order.attempt.is_none(), order.dead.len()), (true, 1));
    assert_eq!(works(&order)[1], (2, "west", &FulfillmentStage::Picked));
    let late = given(moving()).and(picked(2)).when(answered([holds_it(1, 2)]));
    late.nothing();
}

#[test]
fn what_is_no_better_is_left_alone() {
    assert_eq!(improving(&split(), &[]), None);
    assert_eq!(improving(&split(), &[("tea", "north", 9)]), None, "still two parcels, and no nearer");
    let picked: Vec<Event> = split().into_iter().chain([picked(1), picked(2)]).collect();
    assert_eq!(improving(&picked, &[("tea", "east", 1)]), None);
}

#[test]
fn a_line_may_come_from_two_holds_of_one_place() {
    let parts = [part(1, "mug", "east", 1), part(1, "mug", "west", 1)];
    let mut events: Vec<Event> = [captured(&[("mug", 2)])].into_iter().chain(epoch(0, &parts)).collect();
    events.push(improving(&events, &[("mug", "east", 1)]).expect("it moves"));
    let order = given(events.clone()).when(answered([holds_it(1, 0)])).happened();
    let lines: Vec<_> = order.fulfillments[0].lines.iter().map(|line| (line.line, line.hold, line.quantity)).collect();
    assert_eq!(lines, [(1, hold_of(0, 0), units(1)), (1, hold_of(1, 0), units(1))]);
    let whole = given(events.into_iter().chain([held(1, 0), Event::Improved { epoch: 1, saving: Saving::default() }]));
    let canceled = whole.when(cancel_all()).happened();
    assert_eq!(canceled.lines[0].counts.of(LineStatus::Canceled), units(2), "both go when it is canceled");
    assert_eq!(canceled.errands(noon()).len(), 3, "all three pieces are given back");
}

#[test]
fn an_order_moves_only_so_often() {
    let mut order = given(split()).order();
    order.improvements = MAX_IMPROVEMENTS;
    assert!(order.movable().is_empty());
    let decided = Order::decide(Some(&order), &improve(facts(&[("tea", "east", 1)])), noon());
    assert_eq!(decided, Ok(vec![]));
}

/// Another order, as it has what these say.
fn other(number: u128, lines: &[(&str, u64)], parts: &[oms_core::stock::Ask]) -> Order {
    let Event::Captured { head, lines, totals, .. } = captured(lines) else { unreachable!("it was captured") };
    let id = OrderId::new(Slot::new(7), noon(), number);
    let captured = Event::Captured { id, head, lines, totals, to_confirm: false };
    replay(&[captured].into_iter().chain(epoch(0, parts)).collect::<Vec<_>>(), noon()).expect("an order")
}

fn traded(open: &[&Order], free: &[(&str, &str, u64)]) -> Vec<Vec<Step>> {
    let facts = facts(free);
    let open: Vec<_> = open.iter().map(|order| (*order, facts.router.clone())).collect();
    trades(&open, &facts.offers, &facts.goods, noon())
}

/// An order in two parcels for want of the one tea of the east, and the one that has it and could have it in the west.
fn in_each_others_way() -> (Order, Order) {
    let parts = [part(1, "mug", "east", 2), part(2, "tea", "north", 1)];
    (other(1, &[("mug", 2), ("tea", 1)], &parts), other(2, &[("tea", 1)], &[part(1, "tea", "east", 1)]))
}

#[test]
fn an_order_makes_room_first_and_then_the_other_moves() {
    let (split, holder) = in_each_others_way();
    let found = traded(&[&split, &holder], &[("tea", "west", 1)]);
    let [steps] = found.as_slice() else { panic!("one trade: {found:?}") };
    let seen: Vec<(OrderId, bool)> = steps.iter().map(|step| (step.order, step.room.is_some())).collect();
    assert_eq!(seen, [(holder.id, true), (split.id, false)]);
    let room = steps[0].room.clone().expect("room");
    assert_eq!((room.whom, &room.yields), (split.id, &vec![(sku("tea"), place("east"), units(1))]));
    let command = Command::MakeRoom(facts(&[("tea", "west", 1)]), room);
    let moving = Order::decide(Some(&holder), &command, noon()).expect("never refused");
    let [Event::Improving { makes_room_for, gives, .. }] = moving.as_slice() else { panic!("it moves: {moving:?}") };
    assert_eq!((*makes_room_for, gives.len()), (Some(split.id), 1));
}

#[test]
fn nobody_makes_room_without_a_place_to_go_or_for_nothing() {
    let (split, holder) = in_each_others_way();
    assert!(traded(&[&split, &holder], &[]).is_empty(), "the holder would have nothing");
    assert!(traded(&[&holder], &[("tea", "west", 1)]).is_empty(), "nobody wants it");
    let whole = other(3, &[("mug", 2)], &[part(1, "mug", "east", 2)]);
    assert!(traded(&[&whole, &holder], &[("tea", "west", 1)]).is_empty(), "nobody gains");
}

#[test]
fn what_has_come_to_cost_more_than_was_reckoned_is_not_done() {
    let (split, holder) = in_each_others_way();
    let dearer = Room { whom: split.id, yields: vec![(sku("tea"), place("east"), units(1))], most: vec![0, 0, 0] };
    let command = Command::MakeRoom(facts(&[("tea", "west", 1)]), dearer);
    assert_eq!(Order::decide(Some(&holder), &command, noon()), Ok(vec![]));
}

#[test]
fn orders_that_moved_often_enough_make_no_room() {
    let (split, mut holder) = in_each_others_way();
    holder.improvements = MAX_IMPROVEMENTS;
    assert!(traded(&[&split, &holder], &[("tea", "west", 1)]).is_empty());
}

#[test]
fn whoever_makes_room_can_still_move_back() {
    let (split, mut holder) = in_each_others_way();
    holder.missed_moves = MAX_IMPROVEMENTS - 1;
    assert!(traded(&[&split, &holder], &[("tea", "west", 1)]).is_empty());
    let room = Room { whom: split.id, yields: vec![(sku("tea"), place("east"), units(1))], most: vec![i128::MAX] };
    let make_room = |order: &Order| {
        Order::decide(Some(order), &Command::MakeRoom(facts(&[("tea", "west", 1)]), room.clone()), noon())
    };
    assert_eq!(make_room(&holder), Ok(vec![]));
    holder.missed_moves = MAX_IMPROVEMENTS - 2;
    assert_eq!(make_room(&holder).expect("never refused").len(), 1);
}

#[test]
fn what_moves_comes_no_later_than_it_was_planned_whatever_else_is_waited_for() {
    let mut order = given(split()).order();
    let plan = |ships: &str, delivers: &str| {
        let day = |text: &str| text.parse().expect("a day");
        Planned { carrier: None, service: None, ships: day(ships), delivers: day(delivers), joins: None }
    };
    let moves = |order: &Order| {
        Order::decide(Some(order), &improve(facts(&[("tea", "east", 1)])), noon()).expect("never refused").len() == 1
    };
    for fulfillment in &mut order.fulfillments {
        fulfillment.planned = Some(plan("2100-01-01", "2100-01-02"));
    }
    assert!(moves(&order));
    for fulfillment in &mut order.fulfillments {
        fulfillment.planned = Some(plan("2000-01-01", "2000-01-02"));
    }
    assert!(!moves(&order), "later than its parcels were planned");
    // An order that waits for something has no day as a whole.
    let mut waits = order.lines[0].clone();
    waits.no = 9;
    waits.counts = oms_core::order::Counts::all(LineStatus::Backordered, waits.quantity);
    order.lines.push(waits);
    assert_eq!(order.promised_by(), None);
    assert!(!moves(&order), "its parcels still have theirs");
}
