//! Readers of what a till keeps and is told.

use alloc::collections::{BTreeMap, BTreeSet};

use oms_core::json::{Mismatch, Tree};
use oms_core::till::chain::Tip;
use oms_core::till::goods::{Item, Search};
use oms_core::till::receipt::{Language, Options};
use oms_core::till::{
    Amounted, Book, Cart, CartLine, Cashier, Clock, Closed, CountedLine, DeviceId, Discount, DiscountAsk, Entry, Event,
    Oversell, Permission, Piece, PinHash, ReceiptNo, RefundLine, RefundLineAsk, Refunded, ReturnOf, Returned, Sale,
    SaleLine, Series, Settings, Shift, SoldLine, TaxSum, Tender, TenderKind, TenderSum, Till, Used,
};
use oms_core::value::Sku;

use super::{Decimal, Members, Read, by_sku, objects, text, unknown, words};

objects! {
    Settings {
        version, device, label, series, location, header, footer, currency, country, cash_step, oversell, cashiers, tax
    }
    Cashier { id, name, pin, discount, may }
    PinHash { salt, hash }
    Clock { now, uptime, skew }
    Book { version, checked_at }
    Search { text, category, limit }
    Options { columns, language, copy, drawer, offset: Offset }
    Cart { cashier, approver, customer, lines, discount, tenders }
    CartLine { sku, quantity: Decimal, price, discount }
    DiscountAsk { percent, amount, reason }
    Tender { kind, amount, reference }
    Amounted { sku, quantity: Decimal }
    SoldLine { line, sku, title, quantity: Decimal, returned: Decimal, tax_class, tax_rate, total }
    RefundLineAsk { line, sku, quantity: Decimal, price, disposition }
    Entry { device, epoch, seq, prev, at, uptime, book, event }
    Sale {
        receipt, order, cashier, customer, currency, country, tax_version, lines, totals, rounding, tenders, change
    }
    SaleLine {
        no, sku, title, unit, quantity, unit_price, list_version, discount, tax_class, tax_rate, total, within, allowed_by,
        priced_by
    }
    Discount { amount, reason, by }
    Refunded {
        receipt, cashier, allowed_by, of, reason, currency, country, lines, totals, rounding, tenders
    }
    RefundLine { line, sku, title, quantity, tax_class, tax_rate, total, disposition }
    Piece { sku, quantity }
    CountedLine { sku, counted }
    Till { tip, next_receipt, at, accepted_skew, shift, last_shift, shifts, used: UsedBySku, returned }
    Tip { device, epoch, seq, head }
    Shift {
        no, cashier, opened_at, float, tenders, paid_in, paid_out, sales, refunds, drawer_openings, sold, refunded, discounts,
        rounding, taxes, first_receipt, last_receipt, closed
    }
    TenderSum { kind, sold, refunded }
    TaxSum { rate, net, tax, total }
    Closed { cashier, at, counted, expected }
    Used { sold, surrendered }
    Returned { order, line, quantity }
}

words! {
    Oversell { "ask" => Self::Ask, "refuse" => Self::Refuse, "allow" => Self::Allow }
    Permission {
        "price" => Self::Price,
        "refund" => Self::Refund,
        "blind_refund" => Self::BlindRefund,
        "oversell" => Self::Oversell,
        "pay_out" => Self::PayOut,
        "manage" => Self::Manage,
    }
    TenderKind {
        "cash" => Self::Cash,
        "card" => Self::Card,
        "gift_card" => Self::GiftCard,
        "store_credit" => Self::StoreCredit,
    }
    Language { "es" => Self::Es, "pt" => Self::Pt, "en" => Self::En }
}

/// Minutes, none when nobody says.
struct Offset(i32);

impl Read for Offset {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        i32::read(tree).map(Self)
    }

    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(Self(0))
    }
}

impl Read for DeviceId {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree)
    }
}

impl Read for Series {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree)
    }
}

impl Read for ReceiptNo {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree)
    }
}

impl Read for BTreeSet<Permission> {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut all = Self::new();
        for permission in Vec::read(tree)? {
            all.insert(permission);
        }
        Ok(all)
    }

    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(Self::new())
    }
}

struct UsedBySku(BTreeMap<Sku, Used>);

impl Read for UsedBySku {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        by_sku(tree, Used::read).map(Self)
    }
}

/// Quantities by SKU, as decimals.
pub(crate) struct Rights(pub(crate) BTreeMap<Sku, oms_core::value::Quantity>);

impl Read for Rights {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        by_sku(tree, |tree| Decimal::read(tree).map(|Decimal(quantity)| quantity)).map(Self)
    }
}

/// An item as the edge lists it; what a later edge adds is passed over.
impl Read for Item {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut members = Members::of(tree)?;
        let available: Option<Decimal> = members.take("available")?;
        Ok(Self {
            sku: members.take("sku")?,
            title: members.take("title")?,
            unit: members.take("unit")?,
            barcodes: members.take("barcodes")?,
            category: members.take("category")?,
            price: members.take("price")?,
            available: available.map(|Decimal(quantity)| quantity),
        })
    }
}

impl Read for ReturnOf {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        if let Tree::Text(word) = &tree {
            return if word == "unknown" { Ok(Self::Unknown) } else { Err(unknown(word)) };
        }
        let (kind, tree) = Members::only(tree)?;
        if kind != "order" {
            return Err(unknown(&kind));
        }
        let mut members = Members::of(tree)?;
        let of = Self::Order { order: members.take("order")?, receipt: members.take("receipt")? };
        members.end()?;
        Ok(of)
    }
}

impl Read for Event {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let (kind, tree) = Members::only(tree)?;
        match kind.as_str() {
            "sold" => return Read::read(tree).map(Self::Sold),
            "refunded" => return Read::read(tree).map(Self::Refunded),
            _ => {}
        }
        let mut members = Members::of(tree)?;
        let event = match kind.as_str() {
            "shift_opened" => Self::ShiftOpened { cashier: members.take("cashier")?, float: members.take("float")? },
            "shift_closed" => Self::ShiftClosed {
                cashier: members.take("cashier")?,
                counted: members.take("counted")?,
                expected: members.take("expected")?,
            },
            "paid_in" => Self::PaidIn {
                cashier: members.take("cashier")?,
                amount: members.take("amount")?,
                reason: members.take("reason")?,
            },
            "paid_out" => Self::PaidOut {
                cashier: members.take("cashier")?,
                amount: members.take("amount")?,
                reason: members.take("reason")?,
            },
            "drawer_opened" => {
                Self::DrawerOpened { cashier: members.take("cashier")?, reason: members.take("reason")? }
            }
            "counted" => Self::Counted { cashier: members.take("cashier")?, lines: members.take("lines")? },
            "handed_over" => Self::HandedOver {
                cashier: members.take("cashier")?,
                order: members.take("order")?,
                no: members.take("no")?,
            },
            "requested" => Self::Requested {
                cashier: members.take("cashier")?,
                draft: members.take("draft")?,
                tenders: members.take("tenders")?,
            },
            "surrendered" => Self::Surrendered { pieces: members.take("pieces")? },
            "clock_accepted" => Self::ClockAccepted { manager: members.take("manager")?, skew: members.take("skew")? },
            _ => return Err(unknown(&kind)),
        };
        members.end()?;
        Ok(event)
    }
}
