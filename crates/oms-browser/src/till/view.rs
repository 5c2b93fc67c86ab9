//! What a page is given: quantities as decimals, the rest as it is.

use alloc::collections::BTreeMap;

use oms_api::problem::{Code, Problem};
use oms_api::show::Shown;
use oms_core::canonical;
use oms_core::order::Disposition;
use oms_core::price::{Rate, TaxClass};
use oms_core::till::goods::Article;
use oms_core::till::receipt::{self, Line, Options};
use oms_core::till::{
    BOOK_WARNING_MS, CLOCK_WARNING_MS, DeviceId, Entry, Event, Facts, Priced, PricedRefund, ReceiptNo, Refusal, TaxSum,
    Till, taxes,
};
use oms_core::value::{Amount, Digest, Label, OrderId, Quantity, Sku, Timestamp};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::answer::{self, No};

/// Where a till stands.
#[derive(Serialize)]
pub(super) struct TillView {
    device: DeviceId,
    epoch: u32,
    seq: u64,
    head: Digest,
    next_receipt: ReceiptNo,
    shift: Option<ShiftView>,
    items: usize,
    warnings: Vec<&'static str>,
}

#[derive(Serialize)]
struct ShiftView {
    cashier: Label,
    opened_at: Timestamp,
    sales: u32,
}

impl TillView {
    pub(super) fn new(till: &Till, facts: &Facts<'_>, items: usize) -> Self {
        let clock = facts.clock;
        let skew = clock.skew.unwrap_or_default();
        let old = |checked: Timestamp| clock.now.millis_since(checked) > BOOK_WARNING_MS;
        let warnings = [
            (facts.book.is_none_or(|book| old(book.checked_at)), "book_old"),
            (skew.saturating_abs() > CLOCK_WARNING_MS, "clock_off"),
            (till.at.millis_since(clock.now) > CLOCK_WARNING_MS, "clock_set_back"),
        ];
        Self {
            device: till.tip.device.clone(),
            epoch: till.tip.epoch,
            seq: till.tip.seq,
            head: till.tip.head,
            next_receipt: ReceiptNo { series: facts.settings.series.clone(), number: till.next_receipt },
            shift: till.shift.as_ref().map(|shift| ShiftView {
                cashier: shift.cashier.clone(),
                opened_at: shift.opened_at,
                sales: shift.sales,
            }),
            items,
            warnings: warnings.into_iter().filter_map(|(is, warning)| is.then_some(warning)).collect(),
        }
    }
}

/// What became of a part of the catalog.
#[derive(Serialize)]
pub(super) struct Taken {
    pub(super) items: usize,
    pub(super) left_out: Vec<LeftOut>,
}

#[derive(Serialize)]
pub(super) struct LeftOut {
    index: usize,
    detail: String,
}

impl LeftOut {
    pub(super) fn new(index: usize, no: &No) -> Self {
        Self { index, detail: no.detail() }
    }
}

#[derive(Serialize)]
pub(super) struct Category {
    pub(super) name: Label,
    pub(super) items: usize,
}

/// An item at hand.
#[derive(Serialize)]
pub(super) struct ItemView {
    sku: Sku,
    title: Label,
    unit: Label,
    category: Option<Label>,
    barcodes: Vec<Label>,
    price: Option<Amount>,
    tax_class: TaxClass,
    available: Option<Shown<Quantity>>,
    right: Shown<Quantity>,
}

impl ItemView {
    pub(super) fn new(article: &Article, till: &Till, granted: &BTreeMap<Sku, Quantity>) -> Self {
        Self {
            sku: article.sku.clone(),
            title: article.title.clone(),
            unit: article.unit.clone(),
            category: article.category.clone(),
            barcodes: article.barcodes.clone(),
            price: article.price,
            tax_class: article.tax_class.clone(),
            available: article.available.map(Shown),
            right: Shown(till.right(&article.sku, granted)),
        }
    }
}

/// What a scanned code is.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Scanned {
    Item {
        item: Box<ItemView>,
        #[serde(with = "oms_core::value::decimal")]
        quantity: Quantity,
        price: Option<Amount>,
    },
    Receipt {
        order: OrderId,
        seq: u64,
        hash: String,
        total: Amount,
    },
    Unknown {
        code: String,
    },
}

/// A cart with its numbers.
#[derive(Serialize)]
pub(super) struct PricedView {
    lines: Vec<LineView>,
    net: Amount,
    tax: Amount,
    total: Amount,
    discount: Amount,
    taxes: Vec<TaxSum>,
    without_cash: Amount,
    due: Amount,
    due_in_cash: Amount,
    rounding: Amount,
    change: Amount,
    refusals: Vec<Refusal>,
}

#[derive(Serialize)]
struct LineView {
    no: u32,
    sku: Sku,
    title: Label,
    unit: Label,
    quantity: Shown<Quantity>,
    unit_price: Amount,
    list_price: Option<Amount>,
    discount: Amount,
    tax_class: TaxClass,
    tax_rate: Rate,
    net: Amount,
    tax: Amount,
    total: Amount,
    within: Shown<Quantity>,
}

impl PricedView {
    pub(super) fn new(priced: Priced) -> Self {
        let taxes = taxes(priced.lines.iter().map(|line| (line.tax_rate, line.total)));
        let line = |line: oms_core::till::PricedLine| LineView {
            no: line.no,
            sku: line.sku,
            title: line.title,
            unit: line.unit,
            quantity: Shown(line.quantity),
            unit_price: line.unit_price,
            list_price: line.list_price,
            discount: line.discount,
            tax_class: line.tax_class,
            tax_rate: line.tax_rate,
            net: line.total.net,
            tax: line.total.tax,
            total: line.total.total,
            within: Shown(line.within),
        };
        Self {
            lines: priced.lines.into_iter().map(line).collect(),
            net: priced.totals.net,
            tax: priced.totals.tax,
            total: priced.totals.total,
            discount: priced.discount,
            taxes,
            without_cash: priced.payment.without_cash,
            due: priced.payment.due,
            due_in_cash: priced.payment.due_in_cash,
            rounding: priced.payment.rounding,
            change: priced.payment.change,
            refusals: priced.refusals,
        }
    }
}

/// A refund with its numbers.
#[derive(Serialize)]
pub(super) struct RefundView {
    lines: Vec<RefundLineView>,
    net: Amount,
    tax: Amount,
    total: Amount,
    without_cash: Amount,
    due: Amount,
    due_in_cash: Amount,
    rounding: Amount,
    refusals: Vec<Refusal>,
}

#[derive(Serialize)]
struct RefundLineView {
    line: Option<u32>,
    sku: Sku,
    title: Label,
    quantity: Shown<Quantity>,
    disposition: Disposition,
    net: Amount,
    tax: Amount,
    total: Amount,
}

impl RefundView {
    pub(super) fn new(priced: PricedRefund) -> Self {
        let line = |line: oms_core::till::RefundLine| RefundLineView {
            line: line.line,
            sku: line.sku,
            title: line.title,
            quantity: Shown(line.quantity),
            disposition: line.disposition,
            net: line.total.net,
            tax: line.total.tax,
            total: line.total.total,
        };
        Self {
            lines: priced.lines.into_iter().map(line).collect(),
            net: priced.totals.net,
            tax: priced.totals.tax,
            total: priced.totals.total,
            without_cash: priced.payment.without_cash,
            due: priced.payment.due,
            due_in_cash: priced.payment.due_in_cash,
            rounding: priced.payment.rounding,
            refusals: priced.refusals,
        }
    }
}

/// What was decided and is not written yet.
#[derive(Serialize)]
pub(super) struct DecidedView {
    seq: u64,
    key: String,
    kind: &'static str,
    entry: String,
    hash: Digest,
    snapshot: Option<String>,
    receipt: Option<ReceiptNo>,
    order: Option<OrderId>,
    total: Amount,
    change: Amount,
}

impl DecidedView {
    pub(super) fn new(entry: &Entry, bytes: &[u8], hash: Digest, state: Option<&Till>) -> Result<Self, No> {
        let bad = |error: &dyn ToString| No::from(Problem::new(Code::Internal, error.to_string()));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|error| bad(&error));
        let snapshot = state.map(canonical::to_bytes).transpose().map_err(|error| bad(&error))?;
        let (receipt, order, total, change) = match &entry.event {
            Event::Sold(sale) => (Some(&sale.receipt), Some(sale.order), sale.totals.total, sale.change),
            Event::Refunded(back) => (Some(&back.receipt), None, back.totals.total, Amount::ZERO),
            Event::Requested { draft, .. } => (None, Some(draft.id), Amount::ZERO, Amount::ZERO),
            Event::ShiftOpened { .. }
            | Event::ShiftClosed { .. }
            | Event::PaidIn { .. }
            | Event::PaidOut { .. }
            | Event::DrawerOpened { .. }
            | Event::Counted { .. }
            | Event::HandedOver { .. }
            | Event::Surrendered { .. }
            | Event::ClockAccepted { .. } => (None, None, Amount::ZERO, Amount::ZERO),
        };
        Ok(Self {
            seq: entry.seq,
            key: entry.name().to_string(),
            kind: entry.event.kind(),
            entry: text(bytes.to_vec())?,
            hash,
            snapshot: snapshot.map(text).transpose()?,
            receipt: receipt.cloned(),
            order,
            total,
            change,
        })
    }
}

#[derive(Serialize)]
struct ReceiptView<'a> {
    lines: &'a [Line],
    qr: Option<&'a str>,
}

/// A receipt with its bytes for a printer.
pub(super) fn printed(receipt: &receipt::Receipt, options: &Options) -> Result<JsValue, No> {
    let object = answer::object(&ReceiptView { lines: &receipt.lines, qr: receipt.qr.as_deref() })?;
    answer::set(&object, "escpos", &answer::bytes(&receipt::bytes(receipt, options.drawer)));
    Ok(object)
}
