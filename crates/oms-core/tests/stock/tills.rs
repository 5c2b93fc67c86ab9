//! What a store keeps for its tills together: nobody else may have it, and what tills give back fills it again.

use oms_core::promise::allocation::Class;
use oms_core::promise::{DemandClass, Promising};
use oms_core::stock::{Ask, Asker, Command, Drawn, Holder, Item, Stock, Waiting};
use oms_core::value::{Day, OrderId, Quantity, Slot};

use crate::kit::*;

/// Mugs in the east: so many there, kept for safety and kept for tills.
fn mugs(on_hand: u64, safety: u64, tills: u64) -> Stock {
    let mut stock = Stock::default();
    run(&mut stock, &keep(safety, tills));
    run(&mut stock, &movement("first", vec![receive(on_hand)]));
    stock
}

fn run(stock: &mut Stock, command: &Command) {
    assert_eq!(stock.run(command, noon()).1, Ok(()));
}

fn keep(safety: u64, tills: u64) -> Command {
    let at = |quantity| [(place("east"), units(quantity))].into();
    Command::PutItem { sku: sku("mug"), item: Item { safety: at(safety), kept_for_tills: at(tills), ..master() } }
}

fn holder(till: u32) -> Holder {
    format!("till-{till}:1").parse().expect("a holder")
}

/// What a till has been granted once it asked for so much in total.
fn asks(stock: &mut Stock, till: u32, total: u64) -> Quantity {
    let (holder, sku) = (holder(till), sku("mug"));
    let asked = units(total);
    run(stock, &Command::Allot { holder: holder.clone(), sku: sku.clone(), location: place("east"), asked });
    stock.pages[&sku].allotments[&holder].granted
}

fn gives_back(stock: &mut Stock, till: u32, total: u64) {
    let drawn = Drawn { surrendered: units(total), ..Drawn::default() };
    run(stock, &Command::Draw { holder: holder(till), sku: sku("mug"), location: place("east"), drawn });
}

fn order(number: u32) -> OrderId {
    OrderId::new(Slot::new(0), noon(), number.into())
}

/// The east is allocated to these classes of demand.
fn allocate(stock: &mut Stock, classes: Vec<Class>) {
    let promising = Promising { allocations: [(place("east"), classes)].into(), ..Promising::default() };
    run(stock, &Command::PutPromising { sku: sku("mug"), promising: Box::new(promising) });
}

/// What an order may have, and what is still kept for tills.
fn may_have(stock: &Stock, order: Option<OrderId>) -> (Quantity, Quantity) {
    let class = DemandClass::default();
    let asker = Asker { class: &class, cart: None, order, on: Day::of_utc(noon()) };
    let free = stock.available_to(&sku("mug"), &place("east"), asker);
    (free, stock.pages[&sku("mug")].kept_for_tills(&place("east")))
}

/// An order waits for more than there is.
fn waits(stock: &mut Stock, pegs: Vec<Ask>) -> OrderId {
    let wait = Waiting { channel: "web".parse().expect("a channel"), class: None, wanted: None, since: noon() };
    let skus = vec![(sku("mug"), pegs.first().map_or(units(9), |peg| peg.quantity))];
    run(stock, &Command::Enlist { order: order(1), wait, skus, pegs });
    order(1)
}

#[test]
fn a_till_has_what_is_kept_for_tills_first_and_then_what_is_free() {
    let mut stock = mugs(10, 2, 5);
    assert_eq!(may_have(&stock, None), (units(3), units(5)));
    assert_eq!(asks(&mut stock, 1, 4), units(4));
    assert_eq!(may_have(&stock, None), (units(3), units(1)), "the share is what it was, four of it are a till's");
    assert_eq!(asks(&mut stock, 2, 3), units(3));
    assert_eq!(may_have(&stock, None), (units(1), Quantity::ZERO), "two were anybody's");
    assert_eq!(asks(&mut stock, 3, 9), units(1), "safety stock is nobody's");
}

#[test]
fn what_a_till_gives_back_fills_the_share_and_then_is_anybodys() {
    let mut stock = mugs(10, 0, 5);
    assert_eq!(asks(&mut stock, 1, 8), units(8));
    gives_back(&mut stock, 1, 2);
    assert_eq!(may_have(&stock, None), (units(4), Quantity::ZERO), "six are out: more than the share");
    gives_back(&mut stock, 1, 8);
    assert_eq!(may_have(&stock, None), (units(5), units(5)));
}

#[test]
fn what_a_cart_holds_counts_for_it_and_not_against_the_share() {
    let mut stock = mugs(6, 0, 3);
    run(&mut stock, &hold_cart("ann", &[wish("mug", 3)]));
    assert_eq!(may_have(&stock, None), (Quantity::ZERO, units(3)));
    run(&mut stock, &hold_cart("ann", &[wish("mug", 2)]));
    run(&mut stock, &hold_cart("ann", &[wish("mug", 3)]));
    let short = hold_cart("ann", &[wish("mug", 4)]);
    assert!(stock.run(&short, noon()).1.is_err());
}

#[test]
fn what_a_till_sells_and_what_is_kept_for_tills_since_take_nothing_of_what_a_cart_holds() {
    let less: [More; 2] = [
        ("sold", |stock| {
            assert_eq!(asks(stock, 1, 4), units(4));
            let drawn = Drawn { sold: units(4), ..Drawn::default() };
            run(stock, &Command::Draw { holder: holder(1), sku: sku("mug"), location: place("east"), drawn });
        }),
        ("kept", |stock| run(stock, &keep(0, 9))),
    ];
    for (how, take) in less {
        let mut stock = mugs(10, 0, 4);
        run(&mut stock, &hold_cart("ann", &[wish("mug", 6)]));
        take(&mut stock);
        allocate(&mut stock, vec![]);
        let ann = "ann".parse().expect("a cart");
        assert_eq!(stock.available(&sku("mug"), &place("east"), Some(&ann)), units(6), "{how}");
        let class = DemandClass::default();
        let asker = Asker { class: &class, cart: Some(&ann), order: None, on: Day::of_utc(noon()) };
        assert_eq!(stock.available_to(&sku("mug"), &place("east"), asker), units(6), "{how}, where it is allocated");
        run(&mut stock, &hold_cart("ann", &[wish("mug", 6)]));
        let more = hold_cart("ann", &[wish("mug", 7)]);
        assert!(stock.run(&more, noon()).1.is_err(), "{how}");
    }
}

#[test]
fn goods_that_an_order_bought_on_their_way_are_not_kept_for_tills() {
    let mut stock = mugs(1, 0, 0);
    crate::waiting::comes(&mut stock, 5);
    let bought = waits(&mut stock, vec![crate::kit::mugs(4)]);
    run(&mut stock, &keep(0, 5));
    crate::waiting::came(&mut stock, 5);
    assert_eq!(may_have(&stock, Some(bought)), (units(4), units(2)));
    assert_eq!(may_have(&stock, None), (Quantity::ZERO, units(2)));
}

#[test]
fn the_first_goods_that_come_fill_what_a_location_lacks_and_nobody_is_told_of_them() {
    for (safety, tills) in [(0, 5), (5, 0), (2, 3)] {
        let mut stock = Stock::default();
        run(&mut stock, &keep(safety, tills));
        crate::waiting::comes(&mut stock, 5);
        let left =
            |stock: &Stock| stock.pages[&sku("mug")].coming(Some(order(1)), Day::of_utc(noon())).to(&place("east"));
        assert_eq!(left(&stock), []);
        assert!(!crate::waiting::buys(&mut stock, 2, 1), "{safety} and {tills} are kept");
        waits(&mut stock, vec![]);
        assert_eq!(crate::waiting::told(&stock), [(order(1), 0)]);
        crate::waiting::comes(&mut stock, 8);
        crate::waiting::tell(&mut stock);
        assert_eq!(crate::waiting::told(&stock), [(order(1), 3)]);
        assert_eq!(left(&stock).iter().map(|step| step.quantity).sum::<Quantity>(), units(3));
        crate::waiting::came(&mut stock, 8);
        assert_eq!(may_have(&stock, None).0, units(3), "which is what it gets");
    }
}

/// Something that makes more of a SKU, and what happens.
type More = (&'static str, fn(&mut Stock));

#[test]
fn who_waits_hears_of_what_is_given_back_given_up_or_no_longer_kept() {
    let frees: [More; 4] = [
        ("given back", |stock| gives_back(stock, 1, 3)),
        ("given up", |stock| {
            let drawn = Drawn { closed: true, ..Drawn::default() };
            run(stock, &Command::Draw { holder: holder(1), sku: sku("mug"), location: place("east"), drawn });
        }),
        ("less for safety", |stock| run(stock, &keep(1, 4))),
        ("less for tills", |stock| run(stock, &keep(2, 3))),
    ];
    for (how, free) in frees {
        let mut stock = mugs(6, 2, 4);
        assert_eq!(asks(&mut stock, 1, 4), units(4));
        // Another till is not granted anything: it is all out.
        assert_eq!(asks(&mut stock, 2, 1), Quantity::ZERO);
        if how.starts_with("given") {
            run(&mut stock, &keep(2, 2));
        } else {
            gives_back(&mut stock, 1, 4);
        }
        waits(&mut stock, vec![]);
        assert!(!stock.has_news(), "nothing is free before it is {how}");
        free(&mut stock);
        assert!(stock.has_news(), "{how}");
    }
}

#[test]
fn who_waits_hears_nothing_of_what_goes_back_into_the_share() {
    let mut stock = mugs(6, 2, 4);
    assert_eq!(asks(&mut stock, 1, 4), units(4));
    waits(&mut stock, vec![]);
    gives_back(&mut stock, 1, 3);
    run(&mut stock, &keep(2, 5));
    assert!(!stock.has_news());
}
