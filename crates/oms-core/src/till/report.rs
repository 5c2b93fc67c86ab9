//! What there was in a shift: X while it lasts, Z once it is closed.

use alloc::vec::Vec;

use serde::Serialize;

use super::cart::TaxSum;
use super::name::{DeviceId, ReceiptNo};
use super::settings::Settings;
use super::shift::{Shift, TenderSum};
use super::state::Till;
use crate::value::{Amount, Currency, Label, Timestamp};

/// What there was in a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// X or Z.
    pub kind: Kind,
    /// Which shift of the journal, from 1.
    pub no: u32,
    /// The till.
    pub device: DeviceId,
    /// What people call it.
    pub label: Label,
    /// Every amount's currency.
    pub currency: Currency,
    /// Who opened it.
    pub opened_by: Label,
    /// When.
    pub opened_at: Timestamp,
    /// Who counted it.
    pub closed_by: Option<Label>,
    /// When.
    pub closed_at: Option<Timestamp>,
    /// Cash there was at the beginning.
    pub opening_float: Amount,
    /// How many sales.
    pub sales: u32,
    /// How many refunds.
    pub refunds: u32,
    /// How often the drawer was opened for nothing.
    pub drawer_openings: u32,
    /// By tender.
    pub tenders: Vec<TenderSum>,
    /// Cash put in.
    pub paid_in: Amount,
    /// Cash taken out.
    pub paid_out: Amount,
    /// Cash there ought to be. Nothing while the shift lasts: the count is blind.
    pub expected: Option<Amount>,
    /// What was counted.
    pub counted: Option<Amount>,
    /// Counted less expected.
    pub difference: Option<Amount>,
    /// What was taken off.
    pub discounts: Amount,
    /// What cash rounding came to.
    pub rounding: Amount,
    /// Sales less refunds by rate.
    pub taxes: Vec<TaxSum>,
    /// What sales come to.
    pub sold_total: Amount,
    /// What refunds come to.
    pub refunded_total: Amount,
    /// The first receipt.
    pub first_receipt: Option<ReceiptNo>,
    /// The last receipt.
    pub last_receipt: Option<ReceiptNo>,
}

/// X while a shift lasts, Z once it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// So far.
    X,
    /// For good.
    Z,
}

/// The report of the shift that is open, else of the last one; nothing before the first.
pub fn report(till: &Till, settings: &Settings) -> Option<Report> {
    let shift = till.shift.as_ref().or(till.last_shift.as_ref())?;
    Some(of(shift, till, settings))
}

fn of(shift: &Shift, till: &Till, settings: &Settings) -> Report {
    let closed = shift.closed.as_ref();
    Report {
        kind: if closed.is_some() { Kind::Z } else { Kind::X },
        no: shift.no,
        device: till.tip.device.clone(),
        label: settings.label.clone(),
        currency: settings.currency,
        opened_by: shift.cashier.clone(),
        opened_at: shift.opened_at,
        closed_by: closed.map(|closed| closed.cashier.clone()),
        closed_at: closed.map(|closed| closed.at),
        opening_float: shift.float,
        sales: shift.sales,
        refunds: shift.refunds,
        drawer_openings: shift.drawer_openings,
        tenders: shift.tenders.clone(),
        paid_in: shift.paid_in,
        paid_out: shift.paid_out,
        expected: closed.map(|closed| closed.expected),
        counted: closed.map(|closed| closed.counted),
        difference: closed.and_then(|closed| closed.counted.checked_sub(closed.expected)),
        discounts: shift.discounts,
        rounding: shift.rounding,
        taxes: shift.taxes.clone(),
        sold_total: shift.sold,
        refunded_total: shift.refunded,
        first_receipt: shift.first_receipt.clone(),
        last_receipt: shift.last_receipt.clone(),
    }
}
