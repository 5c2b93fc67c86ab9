//! Administrative holds by name: nothing moves towards the customer while one is on.

use oms_core::order::{Command, Event, Refusal};

use crate::kit::*;

fn on_hold() -> Refusal {
    Refusal::OnHold { name: label("fraud") }
}

#[test]
fn a_hold_has_a_name_and_is_put_once() {
    given(allocated(1)).when(hold("fraud")).then([put_on_hold("fraud")]);
    given(allocated(1)).and(put_on_hold("fraud")).when(hold("fraud")).nothing();
    given(allocated(1)).and(put_on_hold("fraud")).when(hold("credit")).then([put_on_hold("credit")]);
}

#[test]
fn a_hold_is_lifted_by_its_name() {
    let lifted = Event::HoldLifted { name: label("fraud") };
    given(allocated(1)).and(put_on_hold("fraud")).when(lift("fraud")).then([lifted.clone()]);
    given(allocated(1))
        .and(put_on_hold("fraud"))
        .when(lift("credit"))
        .refused(Refusal::NoSuchHold { name: label("credit") });
    given(allocated(1)).and(put_on_hold("fraud")).and(lifted).when(pick(1)).then([picked(1)]);
}

#[test]
fn an_order_on_hold_is_not_confirmed_picked_packed_or_shipped() {
    let held = |history: Vec<Event>| given(history).and(put_on_hold("fraud"));
    held(vec![drafted(&[("mug", 1)])]).when(Command::Confirm).refused(on_hold());
    held(allocated(1)).when(pick(1)).refused(on_hold());
    held([allocated(1), vec![picked(1)]].concat()).when(pack(1)).refused(on_hold());
    held([allocated(1), vec![picked(1), packed(1)]].concat()).when(ship(1)).refused(on_hold());
}

#[test]
fn every_hold_must_be_lifted() {
    let both = given(allocated(1)).and(put_on_hold("fraud")).and(put_on_hold("credit"));
    let one = both.and(Event::HoldLifted { name: label("fraud") });
    one.when(pick(1)).refused(Refusal::OnHold { name: label("credit") });
}

#[test]
fn a_hold_forbids_nothing_else() {
    let held = |history: Vec<Event>| given(history).and(put_on_hold("fraud"));
    held(allocated(1)).when(cancel_all()).happened();
    held(allocated(1)).when(reject(1)).then([turned_down(1)]);
    held(shipped(1)).when(deliver(1)).then([delivered(1)]);
    held(shipped(1)).when(request_return("1", &[(1, 1)])).happened();
    held(vec![captured(&[("mug", 1)])]).when(plan(facts(&[("mug", "east", 1)]))).happened();
    held(allocated(1)).and(picked(1)).when(pick(1)).nothing();
}

#[test]
fn what_can_be_done_is_said_without_what_a_hold_forbids() {
    let order = given(allocated(1)).and(put_on_hold("fraud")).order();
    let words: Vec<&str> =
        order.fulfillment_actions(&order.fulfillments[0]).into_iter().map(|one| one.as_str()).collect();
    assert_eq!(words, ["reject"]);
}

#[test]
fn an_order_has_at_most_thirty_two_holds() {
    let full = given(allocated(1).into_iter().chain((0..32).map(|no| put_on_hold(&format!("hold {no}")))));
    full.when(hold("one more")).refused(Refusal::TooMany { most: 32 });
}
