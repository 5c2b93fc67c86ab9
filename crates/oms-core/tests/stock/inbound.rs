//! Goods on their way: told once, changed at will, and received under their number.

use oms_core::promise::{Inbound, Source, Stage};
use oms_core::stock::{Command, Event, Move, MoveLine, MovementId, Refusal};
use oms_core::value::{Problem, Quantity};

use crate::kit::*;

fn coming(quantity: u64) -> Inbound {
    Inbound {
        id: label("PO 7"),
        sku: sku("mug"),
        location: place("east"),
        source: Source::Purchase,
        stage: Stage::Ready,
        expected: "2026-03-05".parse().expect("a day"),
        ordered: units(quantity),
        received: Quantity::ZERO,
        sent: Quantity::ZERO,
    }
}

fn expected(quantity: u64, received: u64) -> Event {
    Event::Expected { inbound: Inbound { received: units(received), ..coming(quantity) } }
}

fn receive_under(number: &str, quantity: u64) -> Command {
    let lines = vec![receive(quantity)];
    Command::Move(Move { id: MovementId::of(number), reference: Some(label(number)), lines })
}

#[test]
fn what_is_on_its_way_is_told_once_and_changes_no_balance() {
    let stock = given([item("mug")]).when(Command::Expect(coming(24))).then([expected(24, 0)]);
    assert_eq!(figures(&stock, "mug", "east"), (units(0), units(0), units(0)));
    assert_eq!(stock.pages[&sku("mug")].incoming(&place("east")), units(24));
    given([item("mug"), expected(24, 0)]).when(Command::Expect(coming(24))).nothing();
}

#[test]
fn what_is_received_under_its_number_is_not_on_its_way_any_more() {
    let stock = given([item("mug"), expected(24, 0)]).when(receive_under("PO 7", 10)).happened();
    assert_eq!(stock.pages[&sku("mug")].incoming(&place("east")), units(14));
    let other = given([item("mug"), expected(24, 0)]).when(receive_under("PO 8", 10)).happened();
    assert_eq!(other.pages[&sku("mug")].incoming(&place("east")), units(24));
}

#[test]
fn a_change_keeps_what_came_and_a_closed_number_tells_what_is_missing() {
    let came = given([item("mug"), expected(24, 10)]);
    let stock = came.when(Command::Expect(coming(30))).happened();
    assert_eq!(stock.pages[&sku("mug")].incoming(&place("east")), units(30), "the stock alone knows what came");
    let received = given([item("mug"), expected(24, 0)]).when(receive_under("PO 7", 10)).happened();
    let closed = received.pages[&sku("mug")].inbound[0].clone();
    assert_eq!(Inbound { stage: Stage::Closed, ..closed }.discrepancy(), by(-14));
}

#[test]
fn what_cannot_be_on_its_way_is_refused() {
    given([]).when(Command::Expect(coming(1))).refused(Refusal::UnknownSku { line: 1, sku: sku("mug") });
    let nothing = Refusal::BadInbound { line: 1, field: "ordered".into(), problem: Problem::Zero };
    given([item("mug")]).when(Command::Expect(coming(0))).refused(nothing);
}

/// Ten from the west.
fn transfer_of(stage: Stage, sent: u64, received: u64) -> Inbound {
    let source = Source::Transfer { from: place("west"), ships: "2026-03-03".parse().expect("a day") };
    Inbound { id: label("TR 1"), source, stage, sent: units(sent), received: units(received), ..coming(10) }
}

fn leaves(number: &str, quantity: u64) -> Command {
    let line = MoveLine::Dispatch { sku: sku("mug"), from: place("west"), quantity: units(quantity) };
    Command::Move(Move { id: MovementId::of("leaves"), reference: Some(label(number)), lines: vec![line] })
}

/// Twelve mugs in the west, ten of them to go.
fn to_go() -> Vec<Event> {
    let ready = Event::Expected { inbound: transfer_of(Stage::Ready, 0, 0) };
    stocked(&[("mug", "west", 12)]).into_iter().chain([ready]).collect()
}

#[test]
fn a_transfer_leaves_and_arrives_and_both_books_say_so() {
    let left = given(to_go()).when(leaves("TR 1", 10)).happened();
    assert_eq!(left.pages[&sku("mug")].inbound, [transfer_of(Stage::InTransit, 10, 0)]);
    assert_eq!(left.pages[&sku("mug")].shelf(&place("west")).on_hand, units(2));
    let (mut stock, came) = (left, receive_under("TR 1", 9));
    stock.run(&came, noon()).1.expect("it arrives");
    let page = &stock.pages[&sku("mug")];
    assert_eq!(page.inbound[0].open(), units(1));
    assert_eq!(
        (page.shelf(&place("east")).sums.transferred_in, page.shelf(&place("east")).sums.received),
        (units(9), units(0))
    );
    books_balance(&stock);
}

#[test]
fn no_more_leaves_than_is_to_leave_from_where_it_is_to_leave() {
    let none = Refusal::NoTransfer { line: 1, sku: sku("mug") };
    given(to_go()).when(leaves("TR 1", 11)).refused(none.clone());
    given(to_go()).when(leaves("TR 2", 1)).refused(none.clone());
    let draft = Event::Expected { inbound: transfer_of(Stage::Draft, 0, 0) };
    let drafted: Vec<Event> = stocked(&[("mug", "west", 12)]).into_iter().chain([draft]).collect();
    given(drafted).when(leaves("TR 1", 1)).refused(none);
}

#[test]
fn what_has_left_is_not_called_back_by_its_papers() {
    let left = given(to_go()).when(leaves("TR 1", 10)).happened();
    let back = left.clone().run(&Command::Expect(transfer_of(Stage::Ready, 0, 0)), noon()).1;
    assert_eq!(back, Err(Refusal::BadInbound { line: 1, field: "stage".into(), problem: Problem::Unordered }));
    let closed = left.clone().run(&Command::Expect(transfer_of(Stage::Closed, 0, 0)), noon());
    assert_eq!(closed.0, [Event::Expected { inbound: transfer_of(Stage::Closed, 10, 0) }]);
}
