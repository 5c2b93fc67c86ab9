//! Holds: set aside, given back, confirmed, shipped; and what ends as its own tombstone.

use oms_core::stock::{Command, Event, HoldId, Inquiry, MovementId, Posting, Reason, Refusal, Stage, Stock};
use oms_core::value::{Malformed, Quantity};

use crate::kit::*;

/// Five mugs at the eastern location.
fn five() -> Vec<Event> {
    stocked(&[("mug", "east", 5)])
}

fn stage(stock: &Stock, number: u8) -> Stage {
    stock.holds[&hold_of(number)].stage.clone()
}

#[test]
fn a_holds_name_is_worked_out_and_has_one_spelling() {
    let name = "4d91a9da80973ff3f93b6c3ab639d7f2";
    assert_eq!(hold_of(1).to_string(), name);
    assert_eq!(name.parse(), Ok(hold_of(1)));
    for (text, problem) in [
        ("", Malformed::Empty),
        (&name[1..], Malformed::Shape),
        (&name.to_uppercase(), Malformed::Character),
        (&format!("+{}", &name[1..]), Malformed::Character),
    ] {
        assert_eq!(text.parse::<HoldId>(), Err(problem), "{text:?}");
    }
}

#[test]
fn what_is_free_is_set_aside() {
    let stock = given(five()).when(reserve(1, &[mugs(3)])).then([held(1, &[mugs(3)])]);
    assert_eq!(figures(&stock, "mug", "east"), (units(5), units(3), units(0)));
    assert_eq!(stock.available(&sku("mug"), &place("east"), None), units(2));
}

#[test]
fn a_hold_that_stands_alone_is_confirmed_at_once() {
    let Command::Reserve { hold, order, epoch, parts, cart, class, .. } = reserve(1, &[mugs(3)]) else { return };
    let alone = Command::Reserve { hold, order, epoch, parts, cart, class, sole: true };
    let stock = given(five()).when(alone).then([held_for_good(1, &[mugs(3)])]);
    assert_eq!((stage(&stock, 1), stock.wake_at()), (Stage::Confirmed, None));
}

#[test]
fn all_parts_are_set_aside_or_none() {
    let parts = [mugs(3), part(2, "tea", "east", 1)];
    let stock = given(five()).when(reserve(1, &parts)).then([refused(1, vec![short(2, "tea", "east", 0, 0)])]);
    assert_eq!(figures(&stock, "mug", "east").1, units(0));
}

#[test]
fn parts_of_one_sku_at_one_location_are_taken_together() {
    let parts = [mugs(3), part(2, "mug", "east", 3)];
    let short = vec![short(1, "mug", "east", 5, 0), short(2, "mug", "east", 5, 0)];
    given(five()).when(reserve(1, &parts)).then([refused(1, short)]);
}

#[test]
fn a_part_that_is_named_twice_is_one_part() {
    given(five()).when(reserve(1, &[mugs(3), mugs(2)])).then([held(1, &[mugs(5)])]);
    given(five()).when(reserve(1, &[mugs(3), mugs(0)])).then([held(1, &[mugs(3)])]);
    given(five()).when(reserve(1, &[mugs(3), mugs(3)])).then([refused(1, vec![short(1, "mug", "east", 5, 0)])]);
}

#[test]
fn a_hold_of_nothing_is_refused() {
    given(five()).when(reserve(1, &[])).then([refused(1, vec![])]);
    given(five()).when(reserve(1, &[mugs(0)])).then([refused(1, vec![])]);
}

#[test]
fn a_refusal_says_what_undecided_orders_may_give_back() {
    let some = || given(five()).and(held(1, &[mugs(4)]));
    some().when(reserve(2, &[mugs(2)])).then([refused(2, vec![short(1, "mug", "east", 1, 4)])]);
    let decided = some().and(confirmed(1));
    decided.when(reserve(2, &[mugs(2)])).then([refused(2, vec![short(1, "mug", "east", 1, 0)])]);
}

#[test]
fn a_refusal_is_for_ever() {
    let none = || given(stocked(&[])).and(refused(1, vec![short(1, "mug", "east", 0, 0)]));
    none().when(reserve(1, &[mugs(1)])).nothing();
    none().and(received("more", &[("mug", "east", 5)])).when(reserve(1, &[mugs(1)])).nothing();
    none().when(release(1)).nothing();
}

#[test]
fn asking_again_sets_nothing_more_aside() {
    given(five()).and(held(1, &[mugs(3)])).when(reserve(1, &[mugs(3)])).nothing();
}

#[test]
fn what_was_set_aside_is_given_back() {
    let stock = given(five()).and(held(1, &[mugs(3)])).when(release(1)).then([released(1, &[mugs(3)])]);
    assert_eq!((figures(&stock, "mug", "east").1, stage(&stock, 1)), (units(0), Stage::Released));
    let over = given(five()).and(held(1, &[mugs(3)])).and(released(1, &[mugs(3)]));
    over.when(reserve(1, &[mugs(3)])).nothing();
}

#[test]
fn a_release_that_comes_first_leaves_a_tombstone() {
    given(five()).when(release(1)).then([tombstoned(1)]);
    given(five()).and(tombstoned(1)).when(reserve(1, &[mugs(3)])).nothing();
    given(five()).and(tombstoned(1)).when(release(1)).nothing();
}

#[test]
fn part_of_a_hold_is_given_back_by_totals_that_repeat_and_overtake() {
    let held = || given(five()).and(held(1, &[mugs(4)]));
    held().when(give_back(1, &[mugs(1)])).then([released(1, &[mugs(1)])]);
    let one = || held().and(released(1, &[mugs(1)]));
    one().when(give_back(1, &[mugs(1)])).nothing();
    one().when(give_back(1, &[mugs(3)])).then([released(1, &[mugs(2)])]);
    let three = || one().and(released(1, &[mugs(2)]));
    three().when(give_back(1, &[mugs(2)])).nothing();
    let stock = three().when(give_back(1, &[mugs(4)])).then([released(1, &[mugs(1)])]);
    assert_eq!(stage(&stock, 1), Stage::Released);
    held().when(give_back(1, &[mugs(9)])).then([released(1, &[mugs(4)])]);
    held().when(give_back(1, &[part(2, "mug", "east", 1)])).nothing();
}

#[test]
fn totals_that_name_a_part_twice_count_the_greater() {
    given(five()).and(held(1, &[mugs(4)])).when(give_back(1, &[mugs(1), mugs(3)])).then([released(1, &[mugs(3)])]);
}

#[test]
fn a_committed_order_confirms_its_hold() {
    let stock = given(five()).and(held(1, &[mugs(3)])).when(confirm(1)).then([confirmed(1)]);
    assert_eq!((stage(&stock, 1), stock.wake_at()), (Stage::Confirmed, None));
    given(five()).and(held(1, &[mugs(3)])).and(confirmed(1)).when(confirm(1)).nothing();
}

#[test]
fn a_late_confirmation_of_what_was_all_given_back_means_nothing() {
    given(five()).and(held(1, &[mugs(3)])).and(released(1, &[mugs(3)])).when(confirm(1)).nothing();
}

#[test]
fn a_broken_hold_is_neither_confirmed_nor_shipped() {
    let broken = [five(), [five(), vec![tombstoned(1)]].concat(), [five(), vec![refused(1, vec![])]].concat()];
    for history in broken {
        given(history.clone()).when(confirm(1)).refused(Refusal::BrokenHold);
        given(history).when(consume(1, 1, &[mugs(1)])).refused(Refusal::BrokenHold);
    }
    let over = given(five()).and(held(1, &[mugs(3)])).and(released(1, &[mugs(3)]));
    over.when(consume(1, 1, &[mugs(1)])).refused(Refusal::BrokenHold);
}

#[test]
fn what_leaves_is_taken_from_its_hold() {
    let held = || given(five()).and(held(1, &[mugs(3)]));
    let stock = held().when(consume(1, 1, &[mugs(2)])).then([consumed(1, 1, &[mugs(2)])]);
    assert_eq!(figures(&stock, "mug", "east"), (units(3), units(1), units(0)));
    assert_eq!((shelf(&stock, "mug", "east").sums.shipped, stage(&stock, 1)), (units(2), Stage::Confirmed));
}

#[test]
fn a_shipment_leaves_once() {
    let left = || given(five()).and(held(1, &[mugs(3)])).and(consumed(1, 1, &[mugs(2)]));
    left().when(consume(1, 1, &[mugs(2)])).nothing();
    left().when(consume(1, 2, &[mugs(1)])).then([consumed(1, 2, &[mugs(1)])]);
    left().when(consume(1, 2, &[mugs(2)])).refused(Refusal::BrokenHold);
    left().when(release(1)).then([released(1, &[mugs(1)])]);
}

#[test]
fn nothing_leaves_that_the_hold_does_not_back() {
    let held = || given(five()).and(held(1, &[mugs(3)]));
    held().when(consume(1, 1, &[mugs(4)])).refused(Refusal::BrokenHold);
    held().when(consume(1, 1, &[mugs(2), mugs(2)])).refused(Refusal::BrokenHold);
    held().when(consume(1, 1, &[part(1, "mug", "west", 1)])).refused(Refusal::BrokenHold);
    held().when(consume(1, 1, &[mugs(2), mugs(1)])).then([consumed(1, 1, &[mugs(3)])]);
}

#[test]
fn goods_that_left_are_a_fact_even_when_the_books_had_fewer() {
    let lost =
        Posting::Lost { sku: sku("mug"), location: place("east"), quantity: units(4), reason: Reason::Correction };
    let short = given(five()).and(held(1, &[mugs(3)])).and(moved("count", vec![lost])).and(shortage(2));
    let found =
        Posting::Found { sku: sku("mug"), location: place("east"), quantity: units(2), reason: Reason::Correction };
    let id = MovementId::of(&format!("shipped:{}:1", hold_of(1)));
    let correction = Event::Moved { id, reference: None, postings: vec![found] };
    let stock = short.when(consume(1, 1, &[mugs(3)])).then([correction, consumed(1, 1, &[mugs(3)]), shortage(0)]);
    assert_eq!(figures(&stock, "mug", "east"), (units(0), units(0), units(0)));
}

#[test]
fn an_undecided_hold_leads_to_a_question_and_never_lapses() {
    let undecided = given(five()).and(held(1, &[mugs(3)]));
    let stock = undecided.stock();
    assert_eq!((stock.wake_at(), stock.errands(later(59_999))), (Some(later(60_000)), vec![]));
    assert_eq!(stock.errands(later(60_000)), [Inquiry { hold: hold_of(1), order: order(1), epoch: 0 }]);
    undecided.after(86_400_000).when(Command::Lapse).nothing();
}

#[test]
fn safety_stock_and_quarantine_are_not_for_sale() {
    let mut careful = master();
    careful.safety = [(place("east"), units(2))].into_iter().collect();
    let careful = Event::ItemPut { sku: sku("mug"), item: careful };
    let back = Posting::Returned {
        sku: sku("mug"),
        location: place("east"),
        quantity: units(1),
        disposition: oms_core::order::Disposition::Quarantine,
    };
    let history = || given(five()).and(careful.clone()).and(moved("back", vec![back.clone()]));
    history().when(reserve(1, &[mugs(4)])).then([refused(1, vec![short(1, "mug", "east", 3, 0)])]);
    history().when(reserve(1, &[mugs(3)])).then([held(1, &[mugs(3)])]);
}

#[test]
fn what_is_not_in_the_catalog_cannot_be_had() {
    given([]).when(reserve(1, &[mugs(1)])).then([refused(1, vec![short(1, "mug", "east", 0, 0)])]);
}

#[test]
fn more_than_a_quantity_can_be_is_never_set_aside() {
    let all = oms_core::stock::Ask { quantity: Quantity::MAX, ..mugs(1) };
    let posting = Posting::Received { sku: sku("mug"), location: place("east"), quantity: all.quantity };
    let full = given([item("mug"), moved("all there is", vec![posting])]);
    let both = [all.clone(), oms_core::stock::Ask { line: 2, ..all.clone() }];
    let stock = full.when(reserve(1, &both)).happened();
    assert!(matches!(stage(&stock, 1), Stage::Refused { .. }));
}

#[test]
fn orders_are_asked_in_the_order_of_time_and_not_all_at_once() {
    let mut stock = Stock::default();
    stock.take(&item("mug"));
    stock.take(&received("po", &[("mug", "east", 9)]));
    for number in 1..=4_u8 {
        let until = later(i64::from(10 - number));
        let parts = vec![mugs(1)];
        stock.take(&Event::Held {
            hold: hold_of(number),
            owner: owner(number),
            parts,
            until: Some(until),
            taker: None,
        });
    }
    let asked = |stock: &Stock, now, most| -> Vec<HoldId> {
        stock.inquiries(now, most).into_iter().map(|inquiry| inquiry.hold).collect()
    };
    assert_eq!((stock.undecided(&sku("mug"), &place("east")), stock.next_look()), (units(4), Some(later(6))));
    assert_eq!(asked(&stock, later(60), 2), [hold_of(4), hold_of(3)]);
    stock.ask_again(hold_of(4), later(90));
    assert_eq!(asked(&stock, later(60), 2), [hold_of(3), hold_of(2)]);
    stock.take(&confirmed(3));
    stock.ask_again(hold_of(3), later(1));
    assert_eq!(asked(&stock, later(60), 9), [hold_of(2), hold_of(1)], "who is decided is asked no more");
    stock.take(&released(2, &[mugs(1)]));
    assert_eq!((stock.undecided(&sku("mug"), &place("east")), stock.next_look()), (units(2), Some(later(9))));
}
