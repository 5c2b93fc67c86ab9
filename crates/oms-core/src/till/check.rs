//! The edge prices what a till sold again: equal numbers, or a variance with a name. The sale stands either way.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::event::Event;
use super::facts::CLOCK_WARNING_MS;
use super::name::ReceiptNo;
use super::refund::{self, SoldLine};
use super::sale::{Discount, Refunded, Sale, SaleLine, Tender, TenderKind};
use super::settings::rounding;
use super::settings::{Permission, Settings};
use crate::price::{self, LineTotal, PriceEntry, Rate, TaxMode, TaxTable, Totals};
use crate::sorting::Gather as _;
use crate::value::{Amount, Label, OrderId, Quantity, Sku, Timestamp};

/// What the edge knows when it prices again.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The till's settings in force, the tax table with them.
    pub settings: &'a Settings,
    /// The tax tables that were in force before.
    pub past_taxes: &'a [TaxTable],
    /// The page of the price book of every SKU of the entry that there is: the one in force, and before it the versions that are
    /// kept, oldest first.
    pub pages: &'a BTreeMap<Sku, Vec<PriceEntry>>,
    /// The receipt that is next in the till's series.
    pub receipt: &'a ReceiptNo,
    /// What the till has rights to sell before this entry; a SKU that is not there, nothing.
    pub rights: &'a BTreeMap<Sku, Quantity>,
    /// The lines of the order that a refund is of, with what came back before this entry; of other entries nothing.
    pub sold: Option<&'a [SoldLine]>,
    /// When the entry came in.
    pub received_at: Timestamp,
}

/// Something that is not as the edge would have it. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", deny_unknown_fields)]
pub enum Variance {
    /// The entry says that it happened later than it came in: the clock is wrong by this at least, in milliseconds.
    Clock { ahead: i64 },
    /// Another currency or country than the till's.
    Currency,
    /// The receipt is not the next one of the series.
    Receipt { expected: ReceiptNo },
    /// The order's id is not the one that the entry makes.
    Order { expected: OrderId },
    /// Nobody knows the SKU.
    UnknownSku { line: u32 },
    /// Sold at a price that is not the list price of that version of its page, or of a version that never was.
    Price { line: u32, listed: Option<Amount> },
    /// Priced from a version of its page that is older than what is kept: nobody can say any more. The version in force.
    StaleBook { line: u32, version: u32 },
    /// Taxed as another class of goods than its page has.
    TaxClass { line: u32 },
    /// Taxed at another rate than the table of its version has.
    Tax { line: u32, rate: Rate },
    /// Its amounts do not follow from its own numbers.
    Arithmetic { line: u32 },
    /// The totals are not the sums over the lines.
    Totals { totals: Option<Totals> },
    /// Somebody did what they may not do.
    NotPermitted { line: Option<u32>, permission: Permission },
    /// A discount that nobody may give, or by nobody.
    Discount { line: u32, most: Rate },
    /// It says it was within the till's rights; they do not reach that far.
    Rights { line: u32, available: Quantity },
    /// Sold beyond the till's rights, on somebody's word or on none.
    Beyond { line: u32, beyond: Quantity, by: Option<Label> },
    /// Not rounded as cash is rounded here.
    Rounding { expected: Amount },
    /// What was given, less change, is not what was due (or paid back what is to be paid back).
    Tender { due: Amount, paid: Option<Amount> },
    /// Change that was not given out of cash.
    Change,
    /// Another amount was paid back than was paid for it.
    Refund { line: u32, paid: Option<LineTotal> },
    /// More came back than was sold and had not come back yet.
    Returned { line: u32, left: Quantity },
    /// Goods came back that nobody sold, as far as the edge knows.
    UnknownSale,
    /// The drawer did not hold what the till reckoned.
    Cash { expected: Amount, counted: Amount },
    /// A manager let the till go on with a clock that is off by so many milliseconds.
    ClockAccepted { skew: i64 },
}

/// An entry from the future: the clock of the till is wrong by so much at least. One that is behind cannot be told from a till
/// that was without a network.
pub fn clock(entry: &Entry, received_at: Timestamp) -> Option<Variance> {
    let ahead = entry.at.millis_since(received_at);
    (ahead > CLOCK_WARNING_MS).then_some(Variance::Clock { ahead })
}

/// What of an entry is not as it ought to be: in the order of the receipt, nothing when all is well.
pub fn entry(entry: &Entry, known: &Known<'_>) -> Vec<Variance> {
    let clock = clock(entry, known.received_at);
    let rest = match &entry.event {
        Event::Sold(sold) => {
            let expected = entry.name().order_id(entry.at);
            let order = (sold.order != expected).then_some(Variance::Order { expected });
            order.into_iter().chain(sale(sold, known)).collect()
        }
        Event::Refunded(back) => refunded(back, known),
        Event::ShiftClosed { counted, expected, .. } if counted != expected => {
            Vec::from([Variance::Cash { expected: *expected, counted: *counted }])
        }
        Event::PaidOut { cashier, .. } => may(known, None, cashier, Permission::PayOut).into_iter().collect(),
        Event::ClockAccepted { manager, skew } => {
            let permitted = may(known, None, manager, Permission::Manage);
            permitted.into_iter().chain([Variance::ClockAccepted { skew: *skew }]).collect()
        }
        Event::ShiftClosed { .. }
        | Event::ShiftOpened { .. }
        | Event::PaidIn { .. }
        | Event::DrawerOpened { .. }
        | Event::Counted { .. }
        | Event::HandedOver { .. }
        | Event::Requested { .. }
        | Event::Surrendered { .. } => Vec::new(),
    };
    clock.into_iter().chain(rest).collect()
}

/// Prices a sale again.
pub fn sale(sale: &Sale, known: &Known<'_>) -> Vec<Variance> {
    let settings = known.settings;
    let mut found = Vec::new();
    if sale.currency != settings.currency || sale.country != settings.country {
        found.push(Variance::Currency);
    }
    if sale.receipt != *known.receipt {
        found.push(Variance::Receipt { expected: known.receipt.clone() });
    }
    let mut rights = known.rights.clone();
    for line in &sale.lines {
        listed(line, sale, known, &mut found);
        if !adds_up(line, sale, known) {
            found.push(Variance::Arithmetic { line: line.no });
        }
        answered_for(line, known, &mut found);
        within(line, &mut rights, &mut found);
    }
    let lines = sale.lines.iter().map(|line| line.total);
    found.extend(sums(&sale.totals, lines));
    found.extend(paid(&sale.totals, sale.rounding, &sale.tenders, sale.change, settings));
    found
}

/// The price, the tax class and the rate as the book and the table have them.
fn listed(line: &SaleLine, sale: &Sale, known: &Known<'_>, found: &mut Vec<Variance>) {
    let no = line.no;
    let pages = known.pages.get(&line.sku).map(Vec::as_slice).unwrap_or_default();
    let Some(newest) = pages.last() else {
        found.push(Variance::UnknownSku { line: no });
        return;
    };
    let page = match line.list_version {
        // Whatever it was when the price was keyed in.
        None => pages.iter().rev().find(|page| page.tax_class == line.tax_class),
        Some(version) => price::of_version(pages, version),
    };
    let oldest = pages.first().map_or(0, |page| page.version);
    match line.list_version {
        Some(version) if version < oldest => {
            found.push(Variance::StaleBook { line: no, version: newest.version });
        }
        Some(_) if page.and_then(|page| page.price(sale.currency)) != Some(line.unit_price) => {
            found.push(Variance::Price { line: no, listed: page.unwrap_or(newest).price(sale.currency) });
        }
        Some(_) => {}
        None => {
            let by = line.priced_by.as_ref();
            found.extend(
                by.map_or(Some(Variance::NotPermitted { line: Some(no), permission: Permission::Price }), |by| {
                    may(known, Some(no), by, Permission::Price)
                }),
            );
        }
    }
    let tax_class = &page.unwrap_or(newest).tax_class;
    if line.tax_class != *tax_class {
        found.push(Variance::TaxClass { line: no });
    }
    let rate = known.taxes(sale.tax_version).unwrap_or(&known.settings.tax).rate(sale.country, tax_class);
    if line.tax_rate != rate {
        found.push(Variance::Tax { line: no, rate });
    }
}

impl Known<'_> {
    /// The tax table of a version, as long as it is kept.
    fn taxes(&self, version: u32) -> Option<&TaxTable> {
        let mut tables = core::iter::once(&self.settings.tax).chain(self.past_taxes);
        tables.find(|table| table.version == version)
    }
}

/// Whether a line's amounts follow from its quantity, price, discount and rate. By the mode of the table that the sale was taxed
/// by; by either when that is not kept any more.
fn adds_up(line: &SaleLine, sale: &Sale, known: &Known<'_>) -> bool {
    let off = line.discount.as_ref().map(|discount| discount.amount).unwrap_or_default();
    let comes_to = |mode| {
        let extended = price::extended(line.quantity, line.unit_price).ok()?;
        let left = extended.checked_sub(off).filter(|left| !left.is_negative() && !off.is_negative())?;
        price::taxed(left, line.tax_rate, mode).ok()
    };
    let modes: &[TaxMode] = match known.taxes(sale.tax_version) {
        Some(table) => &[table.mode],
        None => &[TaxMode::Inclusive, TaxMode::Exclusive],
    };
    modes.iter().any(|mode| comes_to(*mode) == Some(line.total))
        && !line.quantity.is_zero()
        && line.within <= line.quantity
}

/// Whether whoever gave a discount may, and whoever let it be sold beyond the rights.
fn answered_for(line: &SaleLine, known: &Known<'_>, found: &mut Vec<Variance>) {
    if let Some(Discount { amount, by, .. }) = &line.discount {
        let extended = price::extended(line.quantity, line.unit_price).unwrap_or_default();
        if !known.settings.may_take_off(by, *amount, extended) {
            let most = known.settings.cashier(by).map(|cashier| cashier.discount).unwrap_or_default();
            found.push(Variance::Discount { line: line.no, most });
        }
    }
    if let Some(by) = &line.allowed_by {
        found.extend(may(known, Some(line.no), by, Permission::Oversell));
    }
}

/// Takes a line out of the rights that the edge reckons with.
fn within(line: &SaleLine, rights: &mut BTreeMap<Sku, Quantity>, found: &mut Vec<Variance>) {
    let available = rights.get(&line.sku).copied().unwrap_or_default();
    if line.within > available {
        found.push(Variance::Rights { line: line.no, available });
    }
    if let Some(right) = rights.get_mut(&line.sku) {
        *right = right.saturating_sub(line.within);
    }
    let beyond = line.quantity.saturating_sub(line.within);
    if !beyond.is_zero() {
        found.push(Variance::Beyond { line: line.no, beyond, by: line.allowed_by.clone() });
    }
}

fn sums(said: &Totals, lines: impl Iterator<Item = LineTotal>) -> Option<Variance> {
    let lines: Vec<LineTotal> = lines.collect();
    let totals = price::totals(&lines).ok();
    (totals != Some(*said)).then_some(Variance::Totals { totals })
}

/// Whether what was given is what was due; the same for what was paid back, which has no change.
fn paid(totals: &Totals, rounded: Amount, tenders: &[Tender], change: Amount, settings: &Settings) -> Vec<Variance> {
    let mut found = Vec::new();
    let cash = tenders.iter().any(|tender| tender.kind == TenderKind::Cash);
    let other = sum(tenders.iter().filter(|tender| tender.kind != TenderKind::Cash));
    let left = other.and_then(|other| totals.total.checked_sub(other));
    let expected = match left {
        Some(left) if cash => rounding(left, settings.cash_step),
        Some(_) | None => Amount::ZERO,
    };
    if rounded != expected {
        found.push(Variance::Rounding { expected });
    }
    let due = totals.total.saturating_add(rounded);
    let kept = sum(tenders.iter()).and_then(|given| given.checked_sub(change));
    if kept != Some(due) {
        found.push(Variance::Tender { due, paid: kept });
    }
    let in_cash = sum(tenders.iter().filter(|tender| tender.kind == TenderKind::Cash)).unwrap_or_default();
    if change.is_negative() || change > in_cash {
        found.push(Variance::Change);
    }
    found
}

fn sum<'a>(tenders: impl Iterator<Item = &'a Tender>) -> Option<Amount> {
    let mut tenders = tenders;
    tenders.try_fold(
        Amount::ZERO,
        |sum, tender| {
            if tender.amount.is_negative() { None } else { sum.checked_add(tender.amount) }
        },
    )
}

/// Prices a refund again.
pub fn refunded(back: &Refunded, known: &Known<'_>) -> Vec<Variance> {
    let settings = known.settings;
    let mut found = Vec::new();
    if back.currency != settings.currency || back.country != settings.country {
        found.push(Variance::Currency);
    }
    if back.receipt != *known.receipt {
        found.push(Variance::Receipt { expected: known.receipt.clone() });
    }
    let permission = match back.of {
        super::sale::ReturnOf::Order { .. } => Permission::Refund,
        super::sale::ReturnOf::Unknown => Permission::BlindRefund,
    };
    let by = back.allowed_by.as_ref().unwrap_or(&back.cashier);
    found.extend(may(known, None, by, permission));
    came_back(back, known, &mut found);
    found.extend(sums(&back.totals, back.lines.iter().map(|line| line.total)));
    found.extend(paid(&back.totals, back.rounding, &back.tenders, Amount::ZERO, settings));
    found
}

/// Whether every line came from the order and is worth what was paid back for it.
fn came_back(back: &Refunded, known: &Known<'_>, found: &mut Vec<Variance>) {
    let of_an_order = matches!(back.of, super::sale::ReturnOf::Order { .. });
    let Some(sold) = known.sold else {
        if of_an_order {
            found.push(Variance::UnknownSale);
        }
        found.extend(back.lines.iter().zip(1..).filter_map(|(line, no)| unsound(&line.total, no)));
        return;
    };
    let mut before: BTreeMap<u32, Quantity> = sold.iter().map(|line| (line.line, line.returned)).into_map();
    let mut unknown = BTreeSet::new();
    for (line, no) in back.lines.iter().zip(1..) {
        let of = sold.iter().find(|sold| Some(sold.line) == line.line && sold.sku == line.sku);
        let Some(of) = of else {
            unknown.insert(no);
            continue;
        };
        let returned = before.get(&of.line).copied().unwrap_or_default();
        let left = of.quantity.saturating_sub(returned);
        if line.quantity > left {
            found.push(Variance::Returned { line: no, left });
        } else {
            let paid = refund::share_of(of, returned, line.quantity).ok();
            if paid != Some(line.total) {
                found.push(Variance::Refund { line: no, paid });
            }
        }
        before.insert(of.line, returned.saturating_add(line.quantity));
    }
    if !unknown.is_empty() && of_an_order {
        found.push(Variance::UnknownSale);
    }
}

/// Amounts that cannot be right, whatever was sold.
fn unsound(total: &LineTotal, line: u32) -> Option<Variance> {
    let adds = total.net.checked_add(total.tax) == Some(total.total);
    (!adds || total.total.is_negative()).then_some(Variance::Arithmetic { line })
}

fn may(known: &Known<'_>, line: Option<u32>, by: &Label, permission: Permission) -> Option<Variance> {
    let permitted = known.settings.may(by, permission);
    (!permitted).then_some(Variance::NotPermitted { line, permission })
}
