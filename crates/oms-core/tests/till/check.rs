//! The edge comes to the same numbers, or says in which it does not.

use std::collections::BTreeMap;

use oms_core::order::Disposition;
use oms_core::price::{PriceEntry, TaxMode, TaxTable};
use oms_core::till::check::{self, Known, Variance};
use oms_core::till::{
    Discount, Event, Permission, ReceiptNo, RefundLine, Refunded, ReturnOf, Sale, Settings, SoldLine, TenderKind,
};
use oms_core::value::{Quantity, Sku, Timestamp};

use crate::kit::{
    at, entry, label, minor, money, page, pages, receipt, rights, settings, sku, start, tender, two_mugs, units,
};

/// What the edge knows in these tests, for each to bend.
struct Edge {
    settings: Settings,
    past_taxes: Vec<TaxTable>,
    pages: BTreeMap<Sku, Vec<PriceEntry>>,
    receipt: ReceiptNo,
    rights: BTreeMap<Sku, Quantity>,
    sold: Option<Vec<SoldLine>>,
    received_at: Timestamp,
}

fn edge() -> Edge {
    let rights = rights(&[("MUG", 2)]);
    let (settings, pages) = (settings(), pages());
    Edge { settings, past_taxes: vec![], pages, receipt: receipt(1), rights, sold: None, received_at: at(60) }
}

impl Edge {
    fn finds(&self, event: Event) -> Vec<Variance> {
        check::entry(&entry(1, start(), event), &self.known())
    }

    fn known(&self) -> Known<'_> {
        Known {
            settings: &self.settings,
            past_taxes: &self.past_taxes,
            pages: &self.pages,
            receipt: &self.receipt,
            rights: &self.rights,
            sold: self.sold.as_deref(),
            received_at: self.received_at,
        }
    }
}

fn mugs() -> Sale {
    two_mugs(&entry(1, start(), Event::DrawerOpened { cashier: label("ana"), reason: label("x") }))
}

fn sold(change: impl FnOnce(&mut Sale)) -> Event {
    let mut sale = mugs();
    change(&mut sale);
    Event::Sold(Box::new(sale))
}

#[test]
fn a_sale_as_it_ought_to_be_has_no_variance() {
    assert_eq!(edge().finds(sold(|_| {})), []);
}

#[test]
fn every_number_of_a_sale_is_checked() {
    let edge = edge();
    let one = |change: fn(&mut Sale)| edge.finds(sold(change));
    assert_eq!(
        one(|sale| sale.country = "PT".parse().unwrap()),
        [Variance::Currency, Variance::Tax { line: 1, rate: "0".parse().unwrap() }]
    );
    assert_eq!(one(|sale| sale.receipt = receipt(3)), [Variance::Receipt { expected: receipt(1) }]);
    let other = entry(2, start(), Event::Surrendered { pieces: Vec::new() }).name().order_id(at(0));
    let named = mugs().order;
    assert_ne!(other, named);
    let mut sale = mugs();
    sale.order = other;
    assert_eq!(edge.finds(Event::Sold(Box::new(sale))), [Variance::Order { expected: named }]);
    assert_eq!(
        one(|sale| sale.lines[0].sku = sku("CUP")),
        [Variance::UnknownSku { line: 1 }, Variance::Rights { line: 1, available: Quantity::ZERO }]
    );
    assert_eq!(
        one(|sale| sale.lines[0].tax_rate = "10".parse().unwrap()),
        [Variance::Tax { line: 1, rate: "21".parse().unwrap() }, Variance::Arithmetic { line: 1 }]
    );
    assert_eq!(one(|sale| sale.lines[0].tax_class = "books".parse().unwrap()), [Variance::TaxClass { line: 1 }]);
    assert_eq!(
        one(|sale| sale.totals = money(1188, 251, 1439)),
        [
            Variance::Totals { totals: Some(money(1188, 250, 1438)) },
            Variance::Rounding { expected: minor(1) },
            Variance::Tender { due: minor(1441), paid: Some(minor(1440)) },
        ]
    );
    assert_eq!(
        one(|sale| sale.rounding = minor(0)),
        [Variance::Rounding { expected: minor(2) }, Variance::Tender { due: minor(1438), paid: Some(minor(1440)) },]
    );
    assert_eq!(one(|sale| sale.change = minor(0)), [Variance::Tender { due: minor(1440), paid: Some(minor(1500)) }]);
    assert_eq!(
        one(|sale| sale.tenders = vec![tender(TenderKind::Card, 1500)]),
        [Variance::Rounding { expected: minor(0) }, Variance::Change]
    );
    assert_eq!(
        one(|sale| sale.lines[0].within = units(3)),
        [Variance::Arithmetic { line: 1 }, Variance::Rights { line: 1, available: units(2) }]
    );
}

#[test]
fn a_price_is_the_one_of_its_page_or_somebody_answers_for_it() {
    let mut edge = edge();
    edge.pages.insert(sku("MUG"), vec![page(1, 899, "standard")]);
    assert_eq!(edge.finds(sold(|_| {})), [Variance::Price { line: 1, listed: Some(minor(899)) }]);
    let keyed = |by: Option<&str>| {
        edge.finds(sold(|sale| {
            sale.lines[0].list_version = None;
            sale.lines[0].priced_by = by.map(label);
        }))
    };
    let unanswered = [Variance::NotPermitted { line: Some(1), permission: Permission::Price }];
    assert_eq!(
        (keyed(None), keyed(Some("ana")), keyed(Some("bea"))),
        (unanswered.to_vec(), unanswered.to_vec(), vec![])
    );
}

#[test]
fn a_price_is_of_the_version_that_the_till_had_as_long_as_that_is_kept() {
    let mut edge = edge();
    // Another price and another class since: neither is this sale's.
    edge.pages.insert(sku("MUG"), vec![page(1, 799, "standard"), page(2, 899, "books"), page(4, 999, "books")]);
    let of = |edge: &Edge, version: u32| edge.finds(sold(|sale| sale.lines[0].list_version = Some(version)));
    assert_eq!(of(&edge, 1), []);
    let listed = |price: i64| Variance::Price { line: 1, listed: Some(minor(price)) };
    let of_books = [Variance::TaxClass { line: 1 }, Variance::Tax { line: 1, rate: "4".parse().unwrap() }];
    assert_eq!(of(&edge, 2), [&[listed(899)], &of_books[..]].concat());
    // The third said the same as the second, and there is no fifth yet.
    assert_eq!(of(&edge, 3), of(&edge, 2));
    assert_eq!(of(&edge, 5), [&[listed(999)], &of_books[..]].concat());
    edge.pages.get_mut(&sku("MUG")).unwrap().remove(0);
    assert_eq!(of(&edge, 1), [&[Variance::StaleBook { line: 1, version: 4 }], &of_books[..]].concat());
}

#[test]
fn a_sale_is_taxed_by_the_table_that_the_till_had_as_long_as_that_is_kept() {
    let mut edge = edge();
    let before = edge.settings.tax.clone();
    edge.settings.tax = TaxTable::new(before.version + 1, TaxMode::Inclusive, []);
    let rate = "0".parse().unwrap();
    assert_eq!(edge.finds(sold(|_| {})), [Variance::Tax { line: 1, rate }]);
    edge.past_taxes.push(before);
    assert_eq!(edge.finds(sold(|_| {})), []);
    assert_eq!(
        edge.finds(sold(|sale| sale.lines[0].tax_rate = "0".parse().unwrap())),
        [Variance::Tax { line: 1, rate: "21".parse().unwrap() }, Variance::Arithmetic { line: 1 }]
    );
}

#[test]
fn a_discount_is_what_somebody_may_give() {
    let found = |amount: i64, by: &str| {
        edge().finds(sold(|sale| {
            let line = &mut sale.lines[0];
            line.discount = Some(Discount { amount: minor(amount), reason: label("x"), by: label(by) });
        }))
    };
    let rate = |text: &str| text.parse().unwrap();
    assert_eq!(found(160, "bea"), []);
    assert_eq!(found(160, "ana"), [Variance::Discount { line: 1, most: rate("5") }]);
    assert_eq!(found(160, "eve"), [Variance::Discount { line: 1, most: rate("0") }]);
    let (off, more) = (Variance::Arithmetic { line: 1 }, Variance::Discount { line: 1, most: rate("50") });
    assert_eq!(found(1700, "bea"), [off.clone(), more]);
    assert_eq!(found(-160, "bea"), [off]);
}

#[test]
fn the_mode_of_an_older_table_is_not_known_any_more() {
    let mut edge = edge();
    edge.settings.tax = TaxTable::new(2, TaxMode::Exclusive, edge.settings.tax.rates());
    assert_eq!(edge.finds(sold(|_| {})), []);
    assert_eq!(edge.finds(sold(|sale| sale.tax_version = 2)), [Variance::Arithmetic { line: 1 }]);
}

#[test]
fn rights_are_used_up_line_by_line() {
    let mut edge = edge();
    edge.rights = rights(&[("MUG", 1)]);
    assert_eq!(edge.finds(sold(|_| {})), [Variance::Rights { line: 1, available: units(1) }]);
    let by_word = |by: &str| {
        edge.finds(sold(|sale| {
            sale.lines[0].within = units(1);
            sale.lines[0].allowed_by = Some(label(by));
        }))
    };
    let beyond = |by: &str| Variance::Beyond { line: 1, beyond: units(1), by: Some(label(by)) };
    assert_eq!(by_word("bea"), [beyond("bea")]);
    let nobody = Variance::NotPermitted { line: Some(1), permission: Permission::Oversell };
    assert_eq!(by_word("ana"), [nobody, beyond("ana")]);
}

#[test]
fn a_clock_that_is_ahead_is_seen() {
    let mut edge = edge();
    edge.received_at = at(-6);
    assert_eq!(edge.finds(sold(|_| {})), [Variance::Clock { ahead: 360_000 }]);
    edge.received_at = at(-5);
    assert_eq!(edge.finds(sold(|_| {})), []);
}

#[test]
fn other_entries_are_checked_for_what_they_say() {
    let edge = edge();
    let (cashier, reason) = (label("ana"), label("x"));
    let counted = |counted: i64, expected: i64| {
        edge.finds(Event::ShiftClosed { cashier: label("ana"), counted: minor(counted), expected: minor(expected) })
    };
    assert_eq!(counted(100, 100), []);
    assert_eq!(counted(90, 100), [Variance::Cash { expected: minor(100), counted: minor(90) }]);
    let not = |permission| Variance::NotPermitted { line: None, permission };
    assert_eq!(
        edge.finds(Event::PaidOut { cashier: cashier.clone(), amount: minor(1), reason: reason.clone() }),
        [not(Permission::PayOut)]
    );
    assert_eq!(edge.finds(Event::PaidIn { cashier: cashier.clone(), amount: minor(1), reason }), []);
    assert_eq!(
        edge.finds(Event::ClockAccepted { manager: cashier, skew: 5 }),
        [not(Permission::Manage), Variance::ClockAccepted { skew: 5 }]
    );
}

fn mugs_sold(returned: u64) -> SoldLine {
    let line = &mugs().lines[0];
    SoldLine {
        line: 1,
        sku: sku("MUG"),
        title: line.title.clone(),
        quantity: line.quantity,
        returned: units(returned),
        tax_class: line.tax_class.clone(),
        tax_rate: line.tax_rate,
        total: line.total,
    }
}

fn back(change: impl FnOnce(&mut Refunded)) -> Event {
    let sale = mugs();
    let line = RefundLine {
        line: Some(1),
        sku: sku("MUG"),
        title: label("Mug"),
        quantity: units(1),
        tax_class: sale.lines[0].tax_class.clone(),
        tax_rate: sale.lines[0].tax_rate,
        total: money(594, 125, 719),
        disposition: Disposition::Restock,
    };
    let mut refunded = Refunded {
        receipt: receipt(1),
        cashier: label("ana"),
        allowed_by: Some(label("bea")),
        of: ReturnOf::Order { order: sale.order, receipt: Some(sale.receipt) },
        reason: label("chipped"),
        currency: sale.currency,
        country: sale.country,
        lines: vec![line],
        totals: money(594, 125, 719),
        rounding: minor(1),
        tenders: vec![tender(TenderKind::Cash, 720)],
    };
    change(&mut refunded);
    Event::Refunded(Box::new(refunded))
}

#[test]
fn what_is_paid_back_is_what_was_paid() {
    let mut edge = edge();
    edge.sold = Some(vec![mugs_sold(0)]);
    assert_eq!(edge.finds(back(|_| {})), []);
    let too_much = |back: &mut Refunded| {
        back.lines[0].total = money(600, 126, 726);
        back.totals = money(600, 126, 726);
        (back.rounding, back.tenders) = (minor(-1), vec![tender(TenderKind::Cash, 725)]);
    };
    assert_eq!(edge.finds(back(too_much)), [Variance::Refund { line: 1, paid: Some(money(594, 125, 719)) }]);
    let nobody = |back: &mut Refunded| back.allowed_by = None;
    assert_eq!(edge.finds(back(nobody)), [Variance::NotPermitted { line: None, permission: Permission::Refund }]);
    let blind = |back: &mut Refunded| (back.allowed_by, back.of) = (None, ReturnOf::Unknown);
    assert_eq!(edge.finds(back(blind)), [Variance::NotPermitted { line: None, permission: Permission::BlindRefund }]);
    edge.sold = Some(vec![mugs_sold(2)]);
    assert_eq!(edge.finds(back(|_| {})), [Variance::Returned { line: 1, left: Quantity::ZERO }]);
    edge.sold = Some(Vec::new());
    assert_eq!(edge.finds(back(|_| {})), [Variance::UnknownSale]);
    edge.sold = None;
    assert_eq!(edge.finds(back(|_| {})), [Variance::UnknownSale]);
}
