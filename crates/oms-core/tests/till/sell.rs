//! What a till sells, for how much, and what it does not sell.

use oms_core::till::check::{Known, entry as check};
use oms_core::till::report::report;
use oms_core::till::{Command, Oversell, Permission, Refusal, Tender, TenderKind, price};
use oms_core::value::{Quantity, Timestamp};

use crate::kit::{Shop, at, by_card, cart, cash, label, minor, money, off, pages, receipt, rights, sku, tender, units};

fn sell(cart: oms_core::till::Cart) -> Command {
    Command::Sell(Box::new(cart))
}

#[test]
fn a_sale_in_cash_is_rounded_and_gives_change() {
    let mut shop = Shop::open();
    let mut two = cart(&[("MUG", 2)], cash(1500));
    (two.approver, two.lines[0].discount) = (Some(label("bea")), Some(off(Some("10"), None)));
    let priced = price(&shop.till, &two, &shop.facts());
    assert_eq!((priced.payment.due, priced.payment.due_in_cash, priced.refusals), (minor(1438), minor(1440), vec![]));
    let sale = shop.sells(two);
    let entry = shop.journal.last().unwrap().entry.clone();
    assert_eq!(sale, crate::kit::two_mugs(&entry));
    assert_eq!(shop.till.next_receipt, 2);
    assert_eq!(shop.till.right(&sku("MUG"), &shop.granted), units(8));
}

#[test]
fn what_a_till_sold_is_what_the_edge_comes_to() {
    let mut shop = Shop::open();
    let mut odd = cart(&[("TEA", 1), ("BOOK", 3), ("MUG", 1)], Vec::new());
    odd.lines[0].quantity = "0.375".parse().unwrap();
    odd.lines[2].price = Some(minor(500));
    odd.discount = Some(off(Some("5"), None));
    odd.approver = Some(label("bea"));
    let due = price(&shop.till, &odd, &shop.facts()).payment.due;
    odd.tenders = vec![tender(TenderKind::GiftCard, 1000), tender(TenderKind::Card, due.minor() - 1000)];
    let sale = shop.sells(odd);
    assert_eq!(sale.lines[0].discount.as_ref().unwrap().by, label("ana"));
    let known = Known {
        settings: &shop.settings,
        past_taxes: &[],
        pages: &pages(),
        receipt: &receipt(1),
        rights: &shop.granted,
        sold: None,
        received_at: at(5),
    };
    assert_eq!(check(&shop.journal[1].entry, &known), []);
}

#[test]
fn tax_is_in_the_price_or_on_it() {
    let mut shop = Shop::open();
    assert_eq!(shop.sells(cart(&[("MUG", 1)], by_card(799))).totals, money(660, 139, 799));
    shop.settings.tax.mode = oms_core::price::TaxMode::Exclusive;
    assert_eq!(shop.sells(cart(&[("MUG", 1)], by_card(967))).totals, money(799, 168, 967));
}

#[test]
fn a_discount_on_the_whole_is_shared_out_to_the_last_cent() {
    let mut shop = Shop::open();
    let mut three = cart(&[("MUG", 1), ("BOOK", 1), ("TEA", 1)], by_card(2282));
    (three.discount, three.approver) = (Some(off(None, Some(100))), Some(label("bea")));
    let sale = shop.sells(three);
    let shares: Vec<i64> = sale.lines.iter().map(|line| line.discount.as_ref().unwrap().amount.minor()).collect();
    assert_eq!((shares, sale.totals.total), (vec![34, 52, 14], minor(2282)));
}

#[test]
fn a_discount_takes_somebody_who_may_give_it() {
    let shop = Shop::open();
    let with = |percent: &str, approver: Option<&str>| {
        let mut one = cart(&[("BOOK", 1)], cash(2000));
        (one.discount, one.approver) = (Some(off(Some(percent), None)), approver.map(label));
        sell(one)
    };
    assert!(shop.tries(&with("5", None)).is_ok());
    let most = |most: &str| Refusal::DiscountTooHigh { line: 1, most: most.parse().unwrap() };
    shop.refuses(&with("6", None), most("5"));
    assert!(shop.tries(&with("50", Some("bea"))).is_ok());
    shop.refuses(&with("51", Some("bea")), most("50"));
    shop.refuses(&with("6", Some("eve")), most("5"));
    shop.refuses(&with("101", Some("bea")), Refusal::DiscountBeyondPrice { line: None });
    let mut one = cart(&[("BOOK", 1)], cash(2000));
    one.lines[0].discount = Some(off(None, Some(1251)));
    shop.refuses(&sell(one.clone()), Refusal::DiscountBeyondPrice { line: Some(1) });
    one.lines[0].discount = Some(off(None, Some(-1)));
    shop.refuses(&sell(one), Refusal::DiscountBeyondPrice { line: Some(1) });
}

#[test]
fn a_price_keyed_in_takes_somebody_who_may() {
    let mut shop = Shop::open();
    let with = |price: i64, approver: Option<&str>| {
        let mut one = cart(&[("MUG", 1)], cash(2000));
        (one.lines[0].price, one.approver) = (Some(minor(price)), approver.map(label));
        one
    };
    shop.refuses(&sell(with(500, None)), Refusal::NotPermitted { permission: Permission::Price });
    shop.refuses(&sell(with(-1, Some("bea"))), Refusal::NegativePrice { line: 1 });
    let sale = shop.sells(with(500, Some("bea")));
    assert_eq!((sale.lines[0].list_version, sale.lines[0].priced_by.clone()), (None, Some(label("bea"))));
    // The list price is the list price, whoever keys it in.
    let sale = shop.sells(with(799, None));
    assert_eq!((sale.lines[0].list_version, sale.lines[0].priced_by.clone()), (Some(1), None));
}

#[test]
fn gift_cards_and_store_credit_pay_under_their_numbers_and_give_no_change() {
    let mut shop = Shop::open();
    let under = |kind, amount, reference: &str| Tender { reference: Some(label(reference)), ..tender(kind, amount) };
    let gift = under(TenderKind::GiftCard, 500, "GC-0815");
    let credit = |amount| under(TenderKind::StoreCredit, amount, "SC-77");
    let mug = |tenders: &[Tender]| cart(&[("MUG", 1)], tenders.to_vec());
    shop.refuses(&sell(mug(&[gift.clone(), credit(300)])), Refusal::ChangeOnlyFromCash { over: minor(1) });
    shop.refuses(&sell(mug(&[gift.clone(), credit(298)])), Refusal::TooLittle { missing: minor(1) });
    let tenders = [gift, credit(200), tender(TenderKind::Cash, 200)];
    // 7.99 less 7.00 is 0.99, in cash 1.00.
    let sale = shop.sells(mug(&tenders));
    assert_eq!((sale.tenders, sale.rounding, sale.change), (tenders.to_vec(), minor(1), minor(100)));
    // They are counted by themselves, and never as cash in the drawer.
    shop.does(&Command::CloseShift { cashier: label("ana"), approver: None, counted: minor(10_100) });
    let z = report(&shop.till, &shop.settings).unwrap();
    let sold: Vec<_> = z.tenders.iter().map(|sum| (sum.kind, sum.sold.minor())).collect();
    let by_kind = [(TenderKind::Cash, 100), (TenderKind::GiftCard, 500), (TenderKind::StoreCredit, 200)];
    assert_eq!((sold, z.difference), (by_kind.to_vec(), Some(minor(0))));
}

#[test]
fn every_reason_not_to_sell_has_a_name() {
    let shop = Shop::open();
    let mug = || cart(&[("MUG", 1)], cash(800));
    shop.refuses(&sell(cart(&[], cash(1))), Refusal::Empty);
    shop.refuses(&sell(cart(&[("MUG", 1); 201], cash(1))), Refusal::TooManyLines);
    shop.refuses(&sell(cart(&[("MUG", 1), ("CUP", 1)], cash(900))), Refusal::UnknownSku { line: 2 });
    shop.refuses(&sell(cart(&[("MUG", 0)], cash(900))), Refusal::NothingOrdered { line: 1 });
    shop.refuses(&sell(cart(&[("MUG", 1)], Vec::new())), Refusal::TooLittle { missing: minor(799) });
    shop.refuses(&sell(cart(&[("MUG", 1)], cash(799))), Refusal::TooLittle { missing: minor(1) });
    shop.refuses(&sell(cart(&[("MUG", 1)], by_card(798))), Refusal::TooLittle { missing: minor(1) });
    shop.refuses(&sell(cart(&[("MUG", 1)], by_card(800))), Refusal::ChangeOnlyFromCash { over: minor(1) });
    shop.refuses(&sell(cart(&[("MUG", 1)], by_card(0))), Refusal::TenderAmount { index: 1 });
    shop.refuses(&sell(cart(&[("MUG", 1)], cash(-1))), Refusal::TenderAmount { index: 1 });
    let mut stranger = mug();
    stranger.cashier = label("eve");
    shop.refuses(&sell(stranger), Refusal::NoCashier { cashier: label("eve") });
    let mut dollars = Shop::open();
    dollars.goods = oms_core::till::goods::Goods::new("USD".parse().unwrap());
    dollars.refuses(&sell(mug()), Refusal::UnknownSku { line: 1 });
    Shop::closed().refuses(&sell(mug()), Refusal::NoShift);
    let mut much = mug();
    (much.approver, much.lines[0].price) = (Some(label("bea")), Some(oms_core::value::Amount::MAX));
    much.lines[0].quantity = units(9);
    shop.refuses(&sell(much), Refusal::TooMuchMoney);
}

#[test]
fn prices_and_clocks_that_are_too_old_stop_the_till() {
    let mut shop = Shop::open();
    let mug = sell(cart(&[("MUG", 1)], cash(800)));
    let days = |days: i64| Some(oms_core::till::Book { version: 7, checked_at: at(-days * 24 * 60) });
    shop.book = days(30);
    assert!(shop.tries(&mug).is_ok());
    shop.book = days(31);
    shop.refuses(&mug, Refusal::BookTooOld { days: 31 });
    shop.book = days(0);
    let hours = |hours: i64| Some(hours * 3_600_000);
    shop.clock.skew = hours(-24);
    assert!(shop.tries(&mug).is_ok());
    shop.clock.skew = hours(25);
    shop.refuses(&mug, Refusal::ClockOff { skew: 25 * 3_600_000 });
    let accept = |who: &str| Command::AcceptClock { manager: label(who) };
    shop.refuses(&accept("ana"), Refusal::NotPermitted { permission: Permission::Manage });
    shop.refuses(&accept("eve"), Refusal::NoCashier { cashier: label("eve") });
    shop.does(&accept("bea"));
    shop.refuses(&accept("bea"), Refusal::NothingToDo);
    shop.does(&mug);
    // It is a day from there now, both ways.
    shop.clock.skew = hours(0);
    shop.refuses(&mug, Refusal::ClockOff { skew: 0 });
    // Without the edge's word a clock that was set back is seen by the journal.
    shop.clock.skew = None;
    assert!(shop.tries(&mug).is_ok());
    shop.clock.now = at(-25 * 60);
    shop.refuses(&mug, Refusal::ClockOff { skew: -25 * 3_600_000 });
    shop.does(&accept("bea"));
    shop.does(&mug);
    shop.clock.now = Timestamp::MAX;
    shop.book = None;
    assert!(shop.tries(&mug).is_ok(), "forward is only known from the edge");
}

#[test]
fn beyond_its_rights_a_till_asks_refuses_or_says_so() {
    let mut shop = Shop::open();
    shop.granted = rights(&[("MUG", 1)]);
    let two = |approver: Option<&str>| {
        let mut two = cart(&[("MUG", 1), ("MUG", 1)], cash(1600));
        two.approver = approver.map(label);
        two
    };
    let no = |may_ask| Refusal::NoRights { line: 2, sku: sku("MUG"), available: Quantity::ZERO, may_ask };
    shop.refuses(&sell(two(None)), no(true));
    shop.settings.oversell = Oversell::Refuse;
    shop.refuses(&sell(two(Some("bea"))), no(false));
    shop.settings.oversell = Oversell::Ask;
    let sale = shop.sells(two(Some("bea")));
    let within: Vec<_> = sale.lines.iter().map(|line| (line.within, line.allowed_by.clone())).collect();
    assert_eq!(within, [(units(1), None), (Quantity::ZERO, Some(label("bea")))]);
    shop.settings.oversell = Oversell::Allow;
    let sale = shop.sells(two(None));
    assert!(sale.lines.iter().all(|line| line.within.is_zero() && line.allowed_by.is_none()));
}

#[test]
fn what_was_given_back_is_not_sold() {
    let mut shop = Shop::open();
    let recall = |name: &str, count: u64| oms_core::till::Amounted { sku: sku(name), quantity: units(count) };
    let surrender = |wanted: Vec<_>| Command::Surrender { recall: wanted };
    shop.sells(cart(&[("MUG", 3)], by_card(2397)));
    let entry = shop.does(&surrender(vec![recall("MUG", 5), recall("CUP", 1), recall("BOOK", 99), recall("MUG", 5)]));
    let oms_core::till::Event::Surrendered { pieces } = entry.event else { panic!("{entry:?}") };
    let pieces: Vec<_> = pieces.into_iter().map(|piece| (piece.sku, piece.quantity)).collect();
    assert_eq!(pieces, [(sku("MUG"), units(5)), (sku("BOOK"), units(10))]);
    assert_eq!(shop.till.right(&sku("MUG"), &shop.granted), units(2));
    shop.refuses(&surrender(vec![recall("BOOK", 1)]), Refusal::NothingToDo);
    let no = Refusal::NoRights { line: 1, sku: sku("BOOK"), available: Quantity::ZERO, may_ask: true };
    shop.refuses(&sell(cart(&[("BOOK", 1)], by_card(1250))), no);
    shop.granted = rights(&[("BOOK", 11)]);
    shop.sells(cart(&[("BOOK", 1)], by_card(1250)));
}

#[test]
fn a_price_below_the_smallest_coin_is_nothing_in_cash() {
    let mut shop = Shop::open();
    let mut crumb = cart(&[("TEA", 1)], cash(0));
    crumb.lines[0].quantity = "0.006".parse().unwrap();
    let sale = shop.sells(crumb);
    assert_eq!((sale.totals.total, sale.rounding, sale.change), (minor(2), minor(-2), minor(0)));
}
