//! Shifts, cash and what is reported of them.

use oms_core::order::{Address, Customer, Draft, DraftLine, Head, Shortage};
use oms_core::routing::Method;
use oms_core::till::report::{Kind, report};
use oms_core::till::{Amounted, Command, Event, Permission, Refusal, TenderKind};
use oms_core::value::{OrderId, Slot};

use crate::kit::{Shop, at, by_card, cart, cash, label, minor, sku, tender, units};

fn open_shift(by: &str, float: i64) -> Command {
    Command::OpenShift { cashier: label(by), float: minor(float) }
}

fn close(by: &str, approver: Option<&str>, counted: i64) -> Command {
    Command::CloseShift { cashier: label(by), approver: approver.map(label), counted: minor(counted) }
}

fn pay_in(amount: i64) -> Command {
    Command::PayIn { cashier: label("ana"), amount: minor(amount), reason: label("coins") }
}

fn pay_out(approver: Option<&str>, amount: i64) -> Command {
    let approver = approver.map(label);
    Command::PayOut { cashier: label("ana"), approver, amount: minor(amount), reason: label("bank") }
}

fn open_drawer() -> Command {
    Command::OpenDrawer { cashier: label("ana"), reason: label("change a note") }
}

/// An order for somebody at home, paid by these tenders.
fn request(tenders: Vec<oms_core::till::Tender>) -> Command {
    let head = Head {
        channel: "pos".parse().unwrap(),
        external_ref: None,
        customer: Customer::default(),
        ship_to: Address {
            name: None,
            line1: None,
            line2: None,
            city: None,
            postal_code: None,
            country: "ES".parse().unwrap(),
            position: None,
        },
        currency: "EUR".parse().unwrap(),
        shortage: Shortage::Reject,
        method: Method::Ship,
        requested_by: None,
        ship_complete: false,
        demand_class: None,
        cart: None,
        placed_at: at(-1),
    };
    let lines =
        vec![DraftLine { sku: sku("SOFA"), quantity: units(1), unit_price: None, whole: false, requested_by: None }];
    let id = OrderId::new(Slot::new(0), at(-1), 0);
    let draft = Box::new(Draft { id, head, to_confirm: false, lines });
    Command::Request { cashier: label("ana"), draft, tenders }
}

#[test]
fn without_a_shift_nothing_goes_through_the_drawer() {
    let shop = Shop::closed();
    for command in [pay_in(1), pay_out(Some("bea"), 1), open_drawer(), close("ana", None, 0), request(by_card(1))] {
        shop.refuses(&command, Refusal::NoShift);
    }
    // What touches no cash is done all the same.
    let lines = vec![Amounted { sku: sku("MUG"), quantity: units(4) }];
    assert!(shop.tries(&Command::Count { cashier: label("ana"), lines }).is_ok());
    assert!(shop.tries(&request(Vec::new())).is_ok());
    let order = OrderId::new(Slot::new(3), at(0), 7);
    assert!(shop.tries(&Command::HandOver { cashier: label("ana"), order, no: 1 }).is_ok());
    shop.refuses(&open_shift("ana", -1), Refusal::BadAmount);
    shop.refuses(&open_shift("eve", 0), Refusal::NoCashier { cashier: label("eve") });
}

#[test]
fn a_shift_is_counted_blind_and_the_difference_stands() {
    let mut shop = Shop::open();
    shop.refuses(&open_shift("bea", 0), Refusal::ShiftOpen);
    shop.sells(cart(&[("MUG", 1)], cash(1000)));
    shop.sells(cart(&[("BOOK", 1)], vec![tender(TenderKind::Card, 1000), tender(TenderKind::Cash, 500)]));
    shop.does(&pay_in(2000));
    shop.refuses(&pay_out(None, 500), Refusal::NotPermitted { permission: Permission::PayOut });
    shop.refuses(&pay_out(Some("bea"), 0), Refusal::BadAmount);
    shop.refuses(&pay_in(-1), Refusal::BadAmount);
    shop.does(&pay_out(Some("bea"), 500));
    shop.does(&open_drawer());
    shop.does(&request(cash(300)));
    // 100.00 + 8.00 + 2.50 + 20.00 - 5.00 + 3.00
    let x = report(&shop.till, &shop.settings).unwrap();
    assert_eq!((x.kind, x.expected, x.sales, x.drawer_openings), (Kind::X, None, 2, 1));
    shop.refuses(&close("bea", None, -1), Refusal::BadAmount);
    shop.refuses(&close("eve", None, 0), Refusal::NoCashier { cashier: label("eve") });
    shop.does(&close("ana", None, 12_800));
    let z = report(&shop.till, &shop.settings).unwrap();
    assert_eq!((z.kind, z.no), (Kind::Z, 1));
    assert_eq!((z.expected, z.counted, z.difference), (Some(minor(12_850)), Some(minor(12_800)), Some(minor(-50))));
    let tenders: Vec<_> = z.tenders.iter().map(|sum| (sum.kind, sum.sold.minor())).collect();
    assert_eq!(tenders, [(TenderKind::Cash, 1350), (TenderKind::Card, 1000)]);
    let taxes: Vec<_> = z.taxes.iter().map(|sum| (sum.rate.to_string(), sum.tax.minor(), sum.total.minor())).collect();
    assert_eq!(taxes, [("4".to_owned(), 48, 1250), ("21".to_owned(), 139, 799)]);
    assert_eq!((z.rounding, z.sold_total), (minor(1), minor(2049)));
    shop.refuses(&close("ana", None, 0), Refusal::NoShift);
    shop.does(&open_shift("bea", 0));
    assert_eq!(report(&shop.till, &shop.settings).unwrap().no, 2);
}

#[test]
fn somebody_elses_shift_takes_who_may_manage() {
    let mut shop = Shop::closed();
    shop.does(&open_shift("bea", 0));
    shop.refuses(&close("ana", None, 0), Refusal::NotPermitted { permission: Permission::Manage });
    shop.does(&close("ana", Some("bea"), 0));
    shop.does(&open_shift("ana", 0));
    shop.does(&close("bea", None, 0));
}

#[test]
fn a_request_is_an_order_under_the_name_of_its_entry() {
    let mut shop = Shop::open();
    let entry = shop.does(&request(by_card(59_900)));
    let Event::Requested { draft, .. } = &entry.event else { panic!("{entry:?}") };
    assert_eq!((draft.id, draft.head.placed_at), (entry.name().order_id(entry.at), at(0)));
    shop.refuses(&request(by_card(0)), Refusal::TenderAmount { index: 1 });
    let Command::Request { cashier, mut draft, tenders } = request(Vec::new()) else { unreachable!() };
    draft.head.currency = "USD".parse().unwrap();
    let command = |draft: Box<Draft>| Command::Request { cashier: cashier.clone(), draft, tenders: tenders.clone() };
    shop.refuses(&command(draft.clone()), Refusal::Currency);
    draft.head.currency = "EUR".parse().unwrap();
    draft.lines.clear();
    shop.refuses(&command(draft), Refusal::Empty);
}

#[test]
fn an_entry_is_no_longer_than_the_edge_takes() {
    let mut shop = Shop::open();
    let mut long = cart(&[("MUG", 1); 200], by_card(1));
    long.approver = Some(label("bea"));
    let reason = label(&"\u{10348}".repeat(200));
    for line in &mut long.lines {
        line.discount =
            Some(oms_core::till::DiscountAsk { percent: None, amount: Some(minor(1)), reason: reason.clone() });
    }
    long.tenders = by_card(200 * 798);
    shop.refuses(&Command::Sell(Box::new(long)), Refusal::TooLong);
    shop.refuses(&Command::Count { cashier: label("ana"), lines: Vec::new() }, Refusal::Empty);
    let lines = vec![Amounted { sku: sku("MUG"), quantity: units(1) }; 201];
    shop.refuses(&Command::Count { cashier: label("ana"), lines }, Refusal::TooManyLines);
    shop.does(&open_drawer());
}
