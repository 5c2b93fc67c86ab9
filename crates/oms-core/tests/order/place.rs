//! An order is captured: priced for good, checked as a whole, drafted or placed.

use oms_core::order::{
    Answer, Command, Draft, Errand, Event, Facts, Line, LineStatus, Order, PriceSource, Refusal, Shortage, Status,
};
use oms_core::price::{LineTotal, TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::value::{Amount, Quantity};

use crate::kit::*;

fn place_it(draft: Draft, facts: Facts) -> Command {
    Command::Place(Box::new(placement(draft, facts)))
}

/// A line of two mugs at a price, under a tax of 20 %.
fn priced(unit_price: Option<Amount>, mode: TaxMode) -> Line {
    let mut draft = draft(&[("mug", 2)]);
    draft.to_confirm = true;
    draft.lines[0].unit_price = unit_price;
    let country = Some(draft.head.ship_to.country);
    let rate = TaxRate { country, class: TaxClass::standard(), rate: "20".parse().expect("a rate") };
    let mut placement = placement(draft, no_facts());
    placement.tax = TaxTable::new(1, mode, [rate]);
    let order = given([]).when(Command::Place(Box::new(placement))).happened();
    order.lines[0].clone()
}

fn money(net: i64, tax: i64, total: i64) -> LineTotal {
    LineTotal { net: minor(net), tax: minor(tax), total: minor(total) }
}

#[test]
fn a_line_without_a_price_of_its_own_has_the_list_price() {
    let line = priced(None, TaxMode::Exclusive);
    assert_eq!((line.unit_price, line.price_source), (minor(255), PriceSource::List { version: 4 }));
    assert_eq!(line.total, money(510, 102, 612));
}

#[test]
fn the_channel_may_bring_its_own_price() {
    let line = priced(Some(minor(300)), TaxMode::Exclusive);
    assert_eq!((line.unit_price, line.price_source), (minor(300), PriceSource::Channel));
    assert_eq!(line.total, money(600, 120, 720));
}

#[test]
fn inclusive_prices_have_the_tax_in_them() {
    assert_eq!(priced(None, TaxMode::Inclusive).total, money(425, 85, 510));
}

#[test]
fn the_totals_of_an_order_are_the_sums_of_its_lines() {
    let order = given([captured(&[("mug", 2), ("tea", 3)])]).order();
    assert_eq!(order.totals, money(1250, 0, 1250));
}

#[test]
fn what_one_location_has_is_asked_of_its_objects_all_at_once() {
    let draft = draft(&[("mug", 2), ("tea", 1)]);
    let parts = [part(1, "mug", "east", 2), part(2, "tea", "east", 1)];
    let asked = facts(&[("mug", "east", 5), ("tea", "east", 5)]);
    let order =
        given([]).when(place_it(draft, asked)).then([captured(&[("mug", 2), ("tea", 1)]), reserving(0, &parts)]);
    assert_eq!(order.status(), Status::Placing);
    assert_eq!(order.errands(noon()).len(), 2);
}

#[test]
fn what_nobody_has_is_refused_whole() {
    let asked = facts(&[("mug", "east", 5), ("tea", "east", 1)]);
    let short = vec![short(2, "tea", 3, 1)];
    given([]).when(place_it(draft(&[("mug", 2), ("tea", 3)]), asked)).refused(Refusal::Insufficient { short });
}

#[test]
fn what_a_location_has_but_does_not_ship_cannot_be_had() {
    let mut asked = facts(&[("mug", "east", 1), ("mug", "west", 5)]);
    asked.router = router(&["east", "north"]);
    let short = vec![short(1, "mug", 2, 1)];
    given([]).when(place_it(draft(&[("mug", 2)]), asked)).refused(Refusal::Insufficient { short });
}

#[test]
fn what_nobody_has_waits_when_the_order_is_patient() {
    let mut draft = draft(&[("mug", 2), ("tea", 3)]);
    draft.head.shortage = Shortage::Backorder;
    let asked = facts(&[("mug", "east", 5), ("tea", "east", 1)]);
    let parts = [part(1, "mug", "east", 2), part(2, "tea", "east", 1)];
    let waits = backordered(&[(2, 2)], later(15 * 60_000));
    let order =
        given([]).when(place_it(draft, asked)).then([patient(&[("mug", 2), ("tea", 3)]), waits, reserving(0, &parts)]);
    assert_eq!(count(&order, 2, LineStatus::Backordered), units(2));
}

#[test]
fn an_order_that_wants_what_undecided_orders_may_give_back_is_taken_and_waits_a_moment() {
    let asked = undecided(facts(&[("mug", "east", 1)]), 1);
    let order = given([]).when(place_it(draft(&[("mug", 2)]), asked)).then([captured(&[("mug", 2)])]);
    assert_eq!(
        order.errands(noon()),
        [Errand::Quote { skus: vec![(0, sku("mug"))], cart: None, class: head().demand_class() }]
    );
}

#[test]
fn what_cannot_be_an_order_is_refused() {
    let refused = |draft: Draft, refusal: Refusal| given([]).when(place_it(draft, no_facts())).refused(refusal);
    refused(draft(&[]), Refusal::NoLines);
    refused(draft(&[("mug", 0)]), Refusal::NothingOrdered { line: 1 });
    refused(draft(&[("mug", 1), ("gin", 1)]), Refusal::UnknownSku { line: 2, sku: sku("gin") });
    refused(draft(&vec![("mug", 1); 2001]), Refusal::TooManyLines { most: 2000 });

    let with_price = |unit_price: Option<Amount>| {
        let mut draft = draft(&[("mug", 1), ("mug", 1)]);
        draft.lines[1].unit_price = unit_price;
        draft
    };
    refused(with_price(Some(minor(-1))), Refusal::NegativePrice { line: 2 });
    refused(with_price(Some(Amount::MAX)), Refusal::TooMuchMoney { line: 2 });
    let mut in_yen = with_price(None);
    in_yen.head.currency = "JPY".parse().expect("a currency");
    let (sku, currency) = (sku("mug"), in_yen.head.currency);
    refused(in_yen, Refusal::NoPrice { line: 2, sku, currency });

    let mut too_many = draft(&[("mug", 1)]);
    too_many.lines[0].quantity = Quantity::MAX;
    too_many.lines[0].unit_price = Some(minor(1001));
    refused(too_many, Refusal::TooMuchMoney { line: 1 });
}

#[test]
fn a_draft_asks_for_nothing_until_it_is_confirmed() {
    let draft = Draft { to_confirm: true, ..draft(&[("mug", 2)]) };
    let order = given([]).when(place_it(draft, no_facts())).then([drafted(&[("mug", 2)])]);
    assert_eq!((order.status(), order.errands(noon()), order.wake_at()), (Status::Draft, vec![], None));
}

#[test]
fn a_confirmed_draft_looks_for_its_stock() {
    let order = given([drafted(&[("mug", 2)])]).when(Command::Confirm).then([Event::Confirmed]);
    assert_eq!(
        order.errands(noon()),
        [Errand::Quote { skus: vec![(0, sku("mug"))], cart: None, class: head().demand_class() }]
    );
    given([drafted(&[("mug", 2)]), Event::Confirmed]).when(Command::Confirm).nothing();
}

#[test]
fn a_draft_plans_nothing() {
    given([drafted(&[("mug", 2)])]).when(plan(facts(&[("mug", "east", 5)]))).nothing();
}

#[test]
fn an_order_is_placed_once() {
    given(allocated(1)).when(place_it(draft(&[("mug", 1)]), no_facts())).refused(Refusal::AlreadyThere);
}

#[test]
fn nothing_is_known_of_an_order_that_was_never_captured() {
    for command in [Command::Confirm, cancel_all(), hold("fraud"), pick(1), plan(no_facts())] {
        given([]).when(command).refused(Refusal::NoSuchOrder);
    }
    given([]).when(answered([Answer::Held { hold: hold_of(0, 0) }])).refused(Refusal::NoSuchOrder);
    assert_eq!(replay(&[Event::Confirmed], noon()), None::<Order>);
}
