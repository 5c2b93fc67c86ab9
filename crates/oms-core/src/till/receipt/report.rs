//! A report on paper.

use alloc::format;
use alloc::string::ToString;

use super::page::Style;
use super::{Options, Receipt, Slip};
use crate::till::report::{Kind, Report};
use crate::till::settings::Settings;
use crate::value::Amount;

/// A report as it is printed.
pub fn report(report: &Report, settings: &Settings, options: &Options) -> Receipt {
    let mut slip = Slip::new(settings, options);
    slip.head();
    let kind = match report.kind {
        Kind::X => "X",
        Kind::Z => "Z",
    };
    let title = format!("{kind} / {} {} / {}", slip.words.shift, report.no, report.label);
    slip.page.left(&title, Style::Strong);
    let opened = slip.time(report.opened_at);
    slip.page.both(&format!("{} {opened}", slip.words.opened), report.opened_by.as_str(), Style::Plain);
    if let (Some(by), Some(at)) = (&report.closed_by, report.closed_at) {
        let closed = slip.time(at);
        slip.page.both(&format!("{} {closed}", slip.words.closed), by.as_str(), Style::Plain);
    }
    slip.page.rule();
    if let (Some(first), Some(last)) = (&report.first_receipt, &report.last_receipt) {
        slip.page.left(&format!("{} {first} - {}", slip.words.receipts, last.number), Style::Plain);
    }
    sums(&mut slip, report);
    Receipt { lines: slip.page.lines, qr: None }
}

fn sums(slip: &mut Slip<'_>, report: &Report) {
    let words = slip.words;
    let less = |amount: Amount| amount.checked_neg().unwrap_or_default();
    slip.amount(&format!("{} ({})", words.sales, report.sales), report.sold_total);
    slip.amount(&format!("{} ({})", words.refunds, report.refunds), less(report.refunded_total));
    slip.amount(words.discounts, less(report.discounts));
    slip.amount(words.rounding, report.rounding);
    slip.page.rule();
    for tender in &report.tenders {
        let kind = slip.tender(tender.kind);
        slip.amount(kind, tender.sold);
        if !tender.refunded.is_zero() {
            slip.amount(&format!("  {}", words.refunds), less(tender.refunded));
        }
    }
    slip.page.rule();
    slip.taxes(&report.taxes);
    slip.amount(words.float, report.opening_float);
    slip.amount(words.paid_in, report.paid_in);
    slip.amount(words.paid_out, less(report.paid_out));
    slip.page.both(words.drawer, &report.drawer_openings.to_string(), Style::Plain);
    if let (Some(expected), Some(counted), Some(difference)) = (report.expected, report.counted, report.difference) {
        slip.page.rule();
        slip.amount(words.expected, expected);
        slip.amount(words.counted, counted);
        let difference = slip.money(difference);
        slip.page.both(words.difference, &difference, Style::Large);
    }
}
