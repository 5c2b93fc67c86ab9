//! Goods on their way: told once, changed at will, and received under their number.

use oms_core::promise::{Inbound, Source, Stage};
use oms_core::stock::{Command, Event, Move, MovementId, Refusal};
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
