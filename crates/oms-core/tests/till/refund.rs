//! Goods that come back.

use oms_core::order::Disposition;
use oms_core::till::check::{Known, entry as check};
use oms_core::till::{
    Command, Event, Permission, RefundAsk, RefundLineAsk, Refunded, Refusal, ReturnOf, Sale, SoldLine,
};

use crate::kit::{Shop, at, by_card, cart, cash, label, minor, off, pages, receipt, sku, units};

fn line(no: Option<u32>, name: &str, count: u64) -> RefundLineAsk {
    RefundLineAsk { line: no, sku: sku(name), quantity: units(count), price: None, disposition: Disposition::Restock }
}

/// Ana takes a sale back with Bea's word.
fn ask(sale: &Sale, lines: Vec<RefundLineAsk>, tenders: Vec<oms_core::till::Tender>) -> RefundAsk {
    RefundAsk {
        cashier: label("ana"),
        approver: Some(label("bea")),
        of: ReturnOf::Order { order: sale.order, receipt: Some(sale.receipt.clone()) },
        sold: Some(SoldLine::of(sale)),
        reason: label("chipped"),
        lines,
        tenders,
    }
}

fn refund(ask: RefundAsk) -> Command {
    Command::Refund(Box::new(ask))
}

fn refunded(shop: &mut Shop, ask: RefundAsk) -> Refunded {
    let Event::Refunded(refunded) = shop.does(&refund(ask)).event else { panic!("no refund") };
    *refunded
}

/// Three mugs with a discount, 22.77 for all.
fn three_mugs(shop: &mut Shop) -> Sale {
    let mut three = cart(&[("MUG", 3)], by_card(2277));
    three.lines[0].discount = Some(off(Some("5"), None));
    shop.sells(three)
}

#[test]
fn piece_by_piece_exactly_what_was_paid_comes_back() {
    let mut shop = Shop::open();
    let sale = three_mugs(&mut shop);
    let mut back = Vec::new();
    for _ in 0..3 {
        let due = [759, 759, 759][back.len()];
        back.push(refunded(&mut shop, ask(&sale, vec![line(Some(1), "MUG", 1)], by_card(due))));
    }
    let sum: i64 = back.iter().map(|back| back.totals.total.minor()).sum();
    let tax: i64 = back.iter().map(|back| back.totals.tax.minor()).sum();
    assert_eq!((sum, tax), (sale.totals.total.minor(), sale.totals.tax.minor()));
    assert_eq!(back[2].receipt, receipt(4));
    let more = refund(ask(&sale, vec![line(Some(1), "MUG", 1)], by_card(759)));
    shop.refuses(&more, Refusal::ReturnedTooMuch { line: 1, left: units(0) });
    // Coming back does not give rights back.
    assert_eq!(shop.till.right(&sku("MUG"), &shop.granted), units(7));
}

#[test]
fn the_edge_comes_to_the_same() {
    let mut shop = Shop::open();
    let sale = three_mugs(&mut shop);
    refunded(&mut shop, ask(&sale, vec![line(Some(1), "MUG", 2)], cash(1520)));
    let known = Known {
        settings: &shop.settings,
        past_taxes: &[],
        pages: &pages(),
        receipt: &receipt(2),
        rights: &shop.granted,
        sold: Some(&SoldLine::of(&sale)),
        received_at: at(5),
    };
    assert_eq!(check(&shop.journal[2].entry, &known), []);
}

#[test]
fn every_reason_not_to_take_it_back_has_a_name() {
    let mut shop = Shop::open();
    let sale = three_mugs(&mut shop);
    let one = |tenders| ask(&sale, vec![line(Some(1), "MUG", 1)], tenders);
    let with = |change: fn(&mut RefundAsk)| {
        let mut ask = one(cash(760));
        change(&mut ask);
        refund(ask)
    };
    assert!(shop.tries(&refund(one(cash(760)))).is_ok());
    shop.refuses(&refund(one(cash(759))), Refusal::TooLittle { missing: minor(1) });
    shop.refuses(&refund(one(cash(765))), Refusal::TooMuch { over: minor(5) });
    shop.refuses(&refund(one(by_card(760))), Refusal::TooMuch { over: minor(1) });
    shop.refuses(&refund(one(Vec::new())), Refusal::TooLittle { missing: minor(759) });
    shop.refuses(&with(|ask| ask.approver = None), Refusal::NotPermitted { permission: Permission::Refund });
    shop.refuses(&with(|ask| ask.sold = None), Refusal::UnknownSale);
    shop.refuses(&with(|ask| ask.lines[0].line = Some(2)), Refusal::UnknownLine { line: 1 });
    shop.refuses(&with(|ask| ask.lines[0].sku = sku("BOOK")), Refusal::UnknownLine { line: 1 });
    shop.refuses(&with(|ask| ask.lines[0].quantity = units(0)), Refusal::NothingOrdered { line: 1 });
    shop.refuses(&with(|ask| ask.lines.clear()), Refusal::Empty);
    shop.refuses(
        &with(|ask| ask.lines = vec![line(Some(1), "MUG", 2); 2]),
        Refusal::ReturnedTooMuch { line: 2, left: units(1) },
    );
    // What the edge told of it counts as well.
    let mut known = one(cash(760));
    known.sold.as_mut().unwrap()[0].returned = units(3);
    shop.refuses(&refund(known), Refusal::ReturnedTooMuch { line: 1, left: units(0) });
    shop.till.shift = None;
    shop.refuses(&with(|_| {}), Refusal::NoShift);
}

#[test]
fn without_a_receipt_it_takes_more_of_a_word() {
    let mut shop = Shop::open();
    let blind = |approver: Option<&str>, lines, tenders| RefundAsk {
        cashier: label("ana"),
        approver: approver.map(label),
        of: ReturnOf::Unknown,
        sold: None,
        reason: label("no receipt"),
        lines,
        tenders,
    };
    let mug = || vec![line(None, "MUG", 1)];
    let no = Refusal::NotPermitted { permission: Permission::BlindRefund };
    shop.refuses(&refund(blind(None, mug(), cash(800))), no);
    let back = refunded(&mut shop, blind(Some("bea"), mug(), cash(800)));
    assert_eq!((back.totals.total, back.lines[0].line, back.allowed_by), (minor(799), None, Some(label("bea"))));
    let mut cheap = mug();
    cheap[0].price = Some(minor(100));
    assert_eq!(refunded(&mut shop, blind(Some("bea"), cheap, cash(100))).totals.total, minor(100));
    let mut odd = mug();
    odd[0].price = Some(minor(-1));
    shop.refuses(&refund(blind(Some("bea"), odd, cash(1))), Refusal::NegativePrice { line: 1 });
    shop.refuses(&refund(blind(Some("bea"), vec![line(None, "CUP", 1)], cash(1))), Refusal::UnknownSku { line: 1 });
    assert_eq!(shop.till.shift.as_ref().unwrap().expected(), minor(10_000 - 900));
}
