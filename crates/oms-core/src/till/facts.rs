//! What a till is told when it decides: settings, catalog, rights, clocks.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::settings::{Permission, Settings};
use crate::price::TaxClass;
use crate::value::{Amount, Label, Quantity, Sku, Timestamp};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Prices that were not compared for this long are worth a warning: a shop changes prices overnight.
pub const BOOK_WARNING_MS: i64 = DAY_MS;
/// Prices that were not compared for this long are not sold by, in milliseconds: thirty days, as long as a journal is kept.
pub const BOOK_LIMIT_MS: i64 = 30 * DAY_MS;
/// A clock that is off by more is worth a warning, in milliseconds: five minutes, as long as a signed request holds.
pub const CLOCK_WARNING_MS: i64 = 5 * 60 * 1000;
/// A clock that is off by more has to be accepted by a manager, in milliseconds: another day is another tax day.
pub const CLOCK_LIMIT_MS: i64 = DAY_MS;

/// What a till is told.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// How it is set up.
    pub settings: &'a Settings,
    /// What there is to sell.
    pub catalog: &'a dyn Catalog,
    /// Which catalog that is; nothing before one was loaded.
    pub book: Option<Book>,
    /// What the edge granted in this epoch, in all.
    pub granted: &'a BTreeMap<Sku, Quantity>,
    /// The clocks.
    pub clock: Clock,
}

impl core::fmt::Debug for Facts<'_> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Facts").field("book", &self.book).field("clock", &self.clock).finish_non_exhaustive()
    }
}

/// What there is to sell.
pub trait Catalog {
    /// The page of a SKU.
    fn page(&self, sku: &Sku) -> Option<Page<'_>>;
}

/// What a catalog has about a SKU.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Its name.
    pub title: &'a Label,
    /// Its unit.
    pub unit: &'a Label,
    /// The price of one unit in the till's currency.
    pub price: Option<Amount>,
    /// The version of its page of the price book.
    pub version: u32,
    /// What kind of goods it is for tax.
    pub tax_class: &'a TaxClass,
}

/// Which catalog a till sells from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Its version.
    pub version: u64,
    /// When the edge last said that it is the newest.
    pub checked_at: Timestamp,
}

/// The clocks of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The device's clock.
    pub now: Timestamp,
    /// Milliseconds since the app was started.
    pub uptime: u64,
    /// The device's clock less the edge's, in milliseconds, as last heard.
    #[serde(default)]
    pub skew: Option<i64>,
}

/// Who does something: the cashier, and somebody else who gave their word for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct People<'a> {
    pub(super) settings: &'a Settings,
    pub(super) cashier: &'a Label,
    pub(super) approver: Option<&'a Label>,
}

impl<'a> People<'a> {
    /// The two, the cashier first.
    pub(super) fn both(self) -> impl Iterator<Item = &'a Label> {
        [Some(self.cashier), self.approver].into_iter().flatten()
    }

    /// Who answers for what takes a permission.
    pub(super) fn answers(self, permission: Permission) -> Result<&'a Label, Refusal> {
        self.both().find(|id| self.settings.may(id, permission)).ok_or(Refusal::NotPermitted { permission })
    }
}
