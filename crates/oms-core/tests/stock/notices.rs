//! Items, and low stock: raised once when it is crossed, per location.

use oms_core::price::{PriceEntry, of_version};
use oms_core::stock::{Command, Event, Item};
use oms_core::value::{Amount, Currency};

use crate::kit::*;

/// A mug is low at two or fewer for sale.
fn watched() -> Item {
    Item { low_stock: Some(units(2)), ..master() }
}

fn put(item: Item) -> Command {
    Command::PutItem { sku: sku("mug"), item }
}

/// As it stands in history, with its version.
fn item_put(version: u32, mut item: Item) -> Event {
    item.price.version = version;
    Event::ItemPut { sku: sku("mug"), item }
}

fn low(available: u64) -> Event {
    Event::LowStock { sku: sku("mug"), location: place("east"), available: units(available), threshold: units(2) }
}

fn over() -> Event {
    Event::LowStockOver { sku: sku("mug"), location: place("east") }
}

fn five() -> Vec<Event> {
    vec![item_put(1, watched()), received("opening", &[("mug", "east", 5)])]
}

#[test]
fn an_item_has_a_version_that_rises_with_every_change() {
    given([])
        .when(put(Item { price: PriceEntry { version: 9, ..master().price }, ..master() }))
        .then([item_put(1, master())]);
    given([item_put(1, master())]).when(put(master())).nothing();
    given([item_put(1, master())]).when(put(watched())).then([item_put(2, watched())]);
}

/// Tills sell by the version that they know: each says what it said, though it is not kept by itself.
#[test]
fn a_price_that_is_said_again_is_kept_once() {
    let currency: Currency = "GBP".parse().expect("a currency");
    let priced = |pence: i64, low: u64| {
        let prices = [(currency, Amount::new(pence).expect("a price"))].into();
        let price = PriceEntry { prices, ..master().price };
        Item { price, low_stock: Some(units(low)), ..master() }
    };
    let put_before = [(100, 1), (100, 2), (100, 3), (250, 3), (250, 4)];
    let events: Vec<Event> = (1..).zip(put_before).map(|(no, (pence, low))| item_put(no, priced(pence, low))).collect();
    let stock = given(events).when(put(priced(300, 4))).happened();
    let pages = stock.pages[&sku("mug")].prices();
    assert_eq!(pages.iter().map(|page| page.version).collect::<Vec<_>>(), [1, 4, 6]);
    let of = |version| of_version(&pages, version).and_then(|page| page.price(currency)).map(Amount::minor);
    let said = [None, Some(100), Some(100), Some(100), Some(250), Some(250), Some(300), None];
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(of), said);
}

#[test]
fn stock_that_falls_to_the_threshold_is_low() {
    given(five()).when(reserve(1, &[mugs(2)])).then([held(1, &[mugs(2)])]);
    given(five()).when(reserve(1, &[mugs(3)])).then([held(1, &[mugs(3)]), low(2)]);
    let lost = movement("c", vec![count(1)]);
    let stock = given(five()).when(lost).happened();
    assert!(shelf(&stock, "mug", "east").low);
}

#[test]
fn low_stock_is_raised_once_per_crossing() {
    let low_already = || given(five()).and(held(1, &[mugs(3)])).and(low(2));
    low_already().when(reserve(2, &[mugs(1)])).then([held(2, &[mugs(1)])]);
    low_already().when(release(1)).then([released(1, &[mugs(3)]), over()]);
    low_already().when(consume(1, 1, &[mugs(3)])).then([consumed(1, 1, &[mugs(3)])]);
    let again = low_already().and(released(1, &[mugs(3)])).and(over());
    again.when(reserve(2, &[mugs(4)])).then([held(2, &[mugs(4)]), low(1)]);
}

#[test]
fn what_is_kept_back_is_not_counted() {
    let mut careful = watched();
    careful.safety = [(place("east"), units(3))].into_iter().collect();
    given(five()).when(put(careful.clone())).then([item_put(2, careful), low(2)]);
}

#[test]
fn a_new_threshold_may_be_crossed_at_once() {
    let more = Item { low_stock: Some(units(5)), ..master() };
    let low = Event::LowStock { sku: sku("mug"), location: place("east"), available: units(5), threshold: units(5) };
    given(five()).when(put(more.clone())).then([item_put(2, more), low]);
}

#[test]
fn without_a_threshold_nothing_is_low() {
    let low_already = given(five()).and(held(1, &[mugs(3)])).and(low(2));
    low_already.when(put(master())).then([item_put(2, master()), over()]);
    given(stocked(&[("mug", "east", 1)])).when(reserve(1, &[mugs(1)])).then([held(1, &[mugs(1)])]);
}

#[test]
fn a_location_where_little_arrives_first_is_low() {
    let few = movement("po", vec![receive(1)]);
    given([item_put(1, watched())]).when(few).then([received("po", &[("mug", "east", 1)]), low(1)]);
}

#[test]
fn each_location_is_watched_by_itself() {
    let two = given(five()).and(received("po", &[("mug", "west", 9)]));
    let stock = two.when(reserve(1, &[part(1, "mug", "west", 8)])).happened();
    assert_eq!((shelf(&stock, "mug", "west").low, shelf(&stock, "mug", "east").low), (true, false));
}
