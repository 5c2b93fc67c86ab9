//! Carts hold stock for ten minutes, and never against their own order.

use oms_core::stock::{Ask, CartAsk, Command, Event, Refusal, Stock};

use crate::kit::*;

const TEN_MINUTES: i64 = 600_000;

fn five() -> Vec<Event> {
    stocked(&[("mug", "east", 2), ("mug", "west", 3)])
}

fn west(quantity: u64) -> Ask {
    part(1, "mug", "west", quantity)
}

/// An order that comes from a cart.
fn reserve_from(name: &str, number: u8, parts: &[Ask]) -> Command {
    let Command::Reserve { hold, order, epoch, parts, class, sole, .. } = reserve(number, parts) else {
        unreachable!()
    };
    Command::Reserve { hold, order, epoch, parts, class, sole, cart: Some(cart(name)) }
}

#[test]
fn a_cart_holds_where_most_is_left() {
    given(five()).when(hold_cart("ann", &[wish("mug", 2)])).then([in_cart("ann", &[west(2)])]);
    given(five()).when(hold_cart("ann", &[wish("mug", 4)])).then([in_cart("ann", &[west(3), mugs(1)])]);
    let lines = [wish("mug", 2), wish("mug", 2)];
    let parts = [west(2), part(2, "mug", "east", 2)];
    given(five()).when(hold_cart("ann", &lines)).then([in_cart("ann", &parts)]);
}

#[test]
fn a_cart_holds_where_the_shopper_says() {
    let here = |quantity| [CartAsk { location: Some(place("east")), ..wish("mug", quantity) }];
    given(five()).when(hold_cart("ann", &here(2))).then([in_cart("ann", &[mugs(2)])]);
    let refusal = Refusal::Insufficient { line: 1, sku: sku("mug"), available: units(2) };
    given(five()).when(hold_cart("ann", &here(3))).refused(refusal);
}

#[test]
fn a_cart_cannot_hold_what_is_not_there() {
    let refusal = Refusal::Insufficient { line: 1, sku: sku("mug"), available: units(5) };
    given(five()).when(hold_cart("ann", &[wish("mug", 6)])).refused(refusal);
    let refusal = Refusal::UnknownSku { line: 2, sku: sku("gin") };
    given(five()).when(hold_cart("ann", &[wish("mug", 1), wish("gin", 1)])).refused(refusal);
    let refusal = Refusal::Insufficient { line: 2, sku: sku("mug"), available: units(1) };
    given(five()).when(hold_cart("ann", &[wish("mug", 4), wish("mug", 2)])).refused(refusal);
}

#[test]
fn a_cart_replaces_what_it_held() {
    let ann = || given(five()).and(in_cart("ann", &[west(3)]));
    ann()
        .when(hold_cart("ann", &[wish("mug", 5)]))
        .then([lapsed("ann", &[west(3)]), in_cart("ann", &[west(3), mugs(2)])]);
    ann().when(hold_cart("ann", &[])).then([lapsed("ann", &[west(3)])]);
    ann().when(hold_cart("ann", &[wish("mug", 0)])).then([lapsed("ann", &[west(3)])]);
    given(five()).when(hold_cart("ann", &[])).nothing();
}

#[test]
fn a_cart_that_asks_for_the_same_gets_no_more_time() {
    let ann = given(five()).and(in_cart("ann", &[west(3)]));
    ann.after(TEN_MINUTES - 1).when(hold_cart("ann", &[wish("mug", 3)])).nothing();
}

#[test]
fn one_cart_has_nothing_of_another() {
    let ann = given(five()).and(in_cart("ann", &[west(3), mugs(1)]));
    let refusal = Refusal::Insufficient { line: 1, sku: sku("mug"), available: units(1) };
    ann.when(hold_cart("ben", &[wish("mug", 2)])).refused(refusal);
}

#[test]
fn a_cart_lapses_after_ten_minutes() {
    let ann = || given(five()).and(in_cart("ann", &[west(3)]));
    assert_eq!(ann().stock().wake_at(), Some(later(TEN_MINUTES)));
    ann().after(TEN_MINUTES - 1).when(Command::Lapse).nothing();
    let stock = ann().after(TEN_MINUTES).when(Command::Lapse).then([lapsed("ann", &[west(3)])]);
    assert_eq!((figures(&stock, "mug", "west").1, stock.wake_at()), (units(0), None));
    assert_eq!(ann().stock().errands(later(TEN_MINUTES)), [], "nobody is asked about a cart");
}

#[test]
fn a_cart_whose_time_is_over_blocks_nobody_even_before_the_alarm() {
    let all = || given(five()).and(in_cart("ann", &[west(3)])).after(TEN_MINUTES);
    let Event::Held { hold, owner, parts, .. } = held(1, &[west(3)]) else { unreachable!() };
    let held = Event::Held { hold, owner, parts, until: Some(later(TEN_MINUTES + 60_000)), taker: None };
    all().when(reserve(1, &[west(3)])).then([lapsed("ann", &[west(3)]), held]);
    let Event::Held { hold, owner, parts, .. } = in_cart("ann", &[west(3)]) else { unreachable!() };
    let again = Event::Held { hold, owner, parts, until: Some(later(2 * TEN_MINUTES)), taker: None };
    let renewed = [lapsed("ann", &[west(3)]), again];
    let decided = Stock::decide(Some(&all().stock()), &hold_cart("ann", &[wish("mug", 3)]), later(TEN_MINUTES));
    assert_eq!(decided.as_deref(), Ok(renewed.as_slice()));
    all().when(hold_cart("ann", &[wish("mug", 3)])).then(renewed);
}

#[test]
fn a_lapse_stands_even_when_what_was_asked_is_refused() {
    let mut stock = given(five()).and(in_cart("ann", &[west(3)])).stock();
    let (events, answer) = stock.run(&confirm(9), later(TEN_MINUTES));
    assert_eq!((events, answer), (vec![lapsed("ann", &[west(3)])], Err(Refusal::BrokenHold)));
    books_balance(&stock);
}

#[test]
fn a_carts_own_hold_makes_way_for_its_order() {
    let ann = || given(five()).and(in_cart("ann", &[west(3)]));
    let took_over = [lapsed("ann", &[west(3)]), held(1, &[west(3)])];
    ann().when(reserve_from("ann", 1, &[west(3)])).then(took_over);
    assert_eq!(ann().stock().available(&sku("mug"), &place("west"), Some(&cart("ann"))), units(3));
    ann().when(reserve_from("ben", 1, &[west(3)])).then([refused(1, vec![short(1, "mug", "west", 0, 0)])]);
    ann().when(reserve(1, &[west(1)])).then([refused(1, vec![short(1, "mug", "west", 0, 0)])]);
}

#[test]
fn a_cart_keeps_its_hold_when_its_order_cannot_be_had() {
    let ann = given(five()).and(in_cart("ann", &[west(3)]));
    let stock = ann.when(reserve_from("ann", 1, &[west(4)])).then([refused(1, vec![short(1, "mug", "west", 3, 0)])]);
    assert_eq!(figures(&stock, "mug", "west").1, units(3));
}
