//! A shift: what went through a drawer from the time it came into use until it was counted.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::cart::{TaxSum, taxes_add};
use super::name::ReceiptNo;
use super::sale::{Refunded, Sale, Tender, TenderKind};
use crate::price::{LineTotal, Rate};
use crate::value::{Amount, Label, Timestamp};

/// What went through a drawer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Which shift of the journal, from 1.
    pub no: u32,
    /// Who opened it.
    pub cashier: Label,
    /// When.
    pub opened_at: Timestamp,
    /// Cash that was in the drawer.
    pub float: Amount,
    /// By kind of tender; cash less change.
    pub tenders: Vec<TenderSum>,
    /// Cash put in that is no sale.
    pub paid_in: Amount,
    /// Cash taken out that is no refund.
    pub paid_out: Amount,
    /// How many sales.
    pub sales: u32,
    /// How many refunds.
    pub refunds: u32,
    /// How often the drawer was opened for nothing.
    pub drawer_openings: u32,
    /// What sales come to, with tax, before rounding.
    pub sold: Amount,
    /// What refunds come to.
    pub refunded: Amount,
    /// What was taken off.
    pub discounts: Amount,
    /// What cash rounding added to what was taken in, less what it added to what was paid back.
    pub rounding: Amount,
    /// Sales less refunds by rate of tax.
    pub taxes: Vec<TaxSum>,
    /// The first receipt.
    pub first_receipt: Option<ReceiptNo>,
    /// The last receipt.
    pub last_receipt: Option<ReceiptNo>,
    /// How it ended.
    pub closed: Option<Closed>,
}

/// What was taken and paid back in a kind of tender; cash less change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenderSum {
    /// Which kind.
    pub kind: TenderKind,
    /// Taken.
    pub sold: Amount,
    /// Paid back.
    pub refunded: Amount,
}

/// How a shift ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Who counted.
    pub cashier: Label,
    /// When.
    pub at: Timestamp,
    /// What was counted.
    pub counted: Amount,
    /// What there ought to have been.
    pub expected: Amount,
}

impl Shift {
    /// One that begins.
    pub fn open(no: u32, cashier: Label, opened_at: Timestamp, float: Amount) -> Self {
        Self {
            no,
            cashier,
            opened_at,
            float,
            tenders: Vec::new(),
            paid_in: Amount::ZERO,
            paid_out: Amount::ZERO,
            sales: 0,
            refunds: 0,
            drawer_openings: 0,
            sold: Amount::ZERO,
            refunded: Amount::ZERO,
            discounts: Amount::ZERO,
            rounding: Amount::ZERO,
            taxes: Vec::new(),
            first_receipt: None,
            last_receipt: None,
            closed: None,
        }
    }

    /// The cash that ought to be in the drawer.
    pub fn expected(&self) -> Amount {
        let less = |amount: Amount| amount.checked_neg().unwrap_or_default();
        let cash = self.tenders.iter().filter(|sum| sum.kind == TenderKind::Cash);
        let cash: Amount = cash.flat_map(|sum| [sum.sold, less(sum.refunded)]).sum();
        [self.float, cash, self.paid_in, less(self.paid_out)].iter().sum()
    }

    pub(super) fn take_sale(&mut self, sale: &Sale) {
        self.sales = self.sales.saturating_add(1);
        add(&mut self.sold, sale.totals.total);
        add(&mut self.rounding, sale.rounding);
        for line in &sale.lines {
            add(&mut self.discounts, line.discount.as_ref().map(|discount| discount.amount).unwrap_or_default());
            self.tax(line.tax_rate, line.total, false);
        }
        self.take_tenders(&sale.tenders);
        if !sale.change.is_zero() {
            self.tender(TenderKind::Cash, |cash| take_off(&mut cash.sold, sale.change));
        }
        self.number(&sale.receipt);
    }

    pub(super) fn take_refund(&mut self, refunded: &Refunded) {
        self.refunds = self.refunds.saturating_add(1);
        add(&mut self.refunded, refunded.totals.total);
        take_off(&mut self.rounding, refunded.rounding);
        for line in &refunded.lines {
            self.tax(line.tax_rate, line.total, true);
        }
        for tender in &refunded.tenders {
            self.tender(tender.kind, |sum| add(&mut sum.refunded, tender.amount));
        }
        self.number(&refunded.receipt);
    }

    pub(super) fn take_tenders(&mut self, tenders: &[Tender]) {
        for tender in tenders {
            self.tender(tender.kind, |sum| add(&mut sum.sold, tender.amount));
        }
    }

    fn tax(&mut self, rate: Rate, total: LineTotal, back: bool) {
        let change = if back { take_off } else { add };
        let mut sum = LineTotal::default();
        change(&mut sum.net, total.net);
        change(&mut sum.tax, total.tax);
        change(&mut sum.total, total.total);
        taxes_add(&mut self.taxes, rate, sum);
    }

    /// The sums of a kind of tender, in order of the kinds.
    fn tender(&mut self, kind: TenderKind, change: impl FnOnce(&mut TenderSum)) {
        let place = self.tenders.partition_point(|sum| sum.kind < kind);
        if self.tenders.get(place).is_none_or(|sum| sum.kind != kind) {
            self.tenders.insert(place, TenderSum { kind, sold: Amount::ZERO, refunded: Amount::ZERO });
        }
        if let Some(sum) = self.tenders.get_mut(place) {
            change(sum);
        }
    }

    fn number(&mut self, receipt: &ReceiptNo) {
        self.first_receipt.get_or_insert_with(|| receipt.clone());
        self.last_receipt = Some(receipt.clone());
    }
}

fn add(sum: &mut Amount, amount: Amount) {
    *sum = sum.saturating_add(amount);
}

fn take_off(sum: &mut Amount, amount: Amount) {
    add(sum, amount.checked_neg().unwrap_or_default());
}
