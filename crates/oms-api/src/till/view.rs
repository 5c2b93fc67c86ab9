//! A till as the API shows it: to the back office and to the device.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::price::PriceEntry;
use oms_core::stock::{Item, Page};
use oms_core::till::account::{Account, Exception, Oddity, Refusal, Standing};
use oms_core::till::{Cashier, DeviceId, Oversell, Permission, Series, Settings};
use oms_core::value::{Amount, Country, Currency, Digest, Label, LocationId, OrderId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::problem::{Code, Problem};
use crate::show::Shown;

/// The word for where a journal stands.
pub const fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Quarantined => "quarantined",
        Standing::Revoked => "revoked",
    }
}

/// A till as the back office sees it.
#[derive(Debug, Serialize)]
pub struct TillView<'a> {
    id: &'a DeviceId,
    label: &'a Label,
    series: &'a Series,
    location: &'a LocationId,
    header: &'a [Label],
    footer: &'a [Label],
    currency: Currency,
    country: Country,
    cash_step: Amount,
    oversell: Oversell,
    cashiers: Vec<CashierView<'a>>,
    version: u32,
    state: &'static str,
    epoch: Option<u32>,
    ack_upto: u64,
    next_receipt: u64,
    last_seen: Option<Shown<Timestamp>>,
    exceptions: u64,
    /// Entries of which something is still to be carried out.
    pending: usize,
    /// Rights that no entry accounts for: what is lost if the device is.
    exposure: Vec<ExposureView<'a>>,
    rights: Vec<RightView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enrollment_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_expires_at: Option<Shown<Timestamp>>,
}

#[derive(Debug, Serialize)]
struct CashierView<'a> {
    id: &'a Label,
    name: &'a Label,
    has_pin: bool,
    discount: oms_core::price::Rate,
    may: Vec<Permission>,
}

#[derive(Debug, Serialize)]
struct ExposureView<'a> {
    sku: &'a Sku,
    quantity: Shown<Quantity>,
}

#[derive(Debug, Serialize)]
struct RightView<'a> {
    sku: &'a Sku,
    asked: Shown<Quantity>,
    granted: Shown<Quantity>,
    surrendered: Shown<Quantity>,
    sold: Shown<Quantity>,
    beyond: Shown<Quantity>,
    available: Shown<Quantity>,
    recall: Shown<Quantity>,
}

impl<'a> TillView<'a> {
    /// A till as it stands; with a code that was issued just now, which is shown this once.
    pub fn new(account: &'a Account, seen: Option<Timestamp>, code: Option<String>) -> Self {
        let settings = &account.settings;
        let journal = account.journal();
        let exposure = journal.into_iter().flat_map(|journal| journal.exposure());
        let rights = journal.into_iter().flat_map(|journal| &journal.rights).map(|(sku, right)| RightView {
            sku,
            asked: Shown(right.asked),
            granted: Shown(right.granted),
            surrendered: Shown(right.surrendered),
            sold: Shown(right.sold),
            beyond: Shown(right.beyond),
            available: Shown(right.available()),
            recall: Shown(right.recall),
        });
        Self {
            id: &settings.device,
            label: &settings.label,
            series: &settings.series,
            location: &settings.location,
            header: &settings.header,
            footer: &settings.footer,
            currency: settings.currency,
            country: settings.country,
            cash_step: settings.cash_step,
            oversell: settings.oversell,
            cashiers: settings.cashiers.iter().map(CashierView::new).collect(),
            version: settings.version,
            state: journal.map_or("not_enrolled", |journal| standing_word(journal.standing)),
            epoch: account.epoch(),
            ack_upto: journal.map_or(0, |journal| journal.head),
            next_receipt: account.next_receipt,
            last_seen: seen.map(Shown),
            exceptions: account.exceptions,
            pending: account.journals.values().map(|journal| journal.pending.len()).sum(),
            exposure: exposure.map(|(sku, quantity)| ExposureView { sku, quantity: Shown(quantity) }).collect(),
            rights: rights.collect(),
            code_expires_at: account.code.filter(|_| code.is_some()).map(|code| Shown(code.until)),
            enrollment_code: code,
        }
    }
}

impl<'a> CashierView<'a> {
    fn new(cashier: &'a Cashier) -> Self {
        Self {
            id: &cashier.id,
            name: &cashier.name,
            has_pin: cashier.pin.is_some(),
            discount: cashier.discount,
            may: cashier.may.iter().copied().collect(),
        }
    }
}

/// What a device is told when it is enrolled.
#[derive(Debug, Serialize)]
pub struct EnrolledView {
    /// The till.
    pub device: DeviceId,
    /// Whose.
    pub tenant: String,
    /// Its enrollment.
    pub epoch: u32,
    /// What its first entry comes after.
    pub genesis: Digest,
    /// The number of its first receipt.
    pub next_receipt: u64,
    /// How it is set up.
    pub settings: Box<Settings>,
    /// What it may sell, by SKU, in total.
    pub rights: BTreeMap<Sku, Shown<Quantity>>,
    /// The time here.
    pub now: Shown<Timestamp>,
}

/// What a device has to know.
#[derive(Debug, Serialize)]
pub struct StateView {
    /// Where its journal stands.
    pub state: &'static str,
    /// The last entry recorded.
    pub ack_upto: u64,
    /// How it is set up.
    pub settings: Box<Settings>,
    /// What it may sell, by SKU, in total.
    pub rights: BTreeMap<Sku, Shown<Quantity>>,
    /// What is asked back.
    pub recall: Vec<RecallView>,
    /// The newest catalog.
    pub catalog_version: u64,
    /// The time here.
    pub now: Shown<Timestamp>,
}

/// A right that is asked back.
#[derive(Debug, Serialize)]
pub struct RecallView {
    /// Of what.
    pub sku: Sku,
    /// How much of it.
    pub quantity: Shown<Quantity>,
}

/// Rights as they are shown when they are asked back.
pub fn recalls(rights: impl IntoIterator<Item = (Sku, Quantity)>) -> Vec<RecallView> {
    rights.into_iter().map(|(sku, quantity)| RecallView { sku, quantity: Shown(quantity) }).collect()
}

/// What a till of a store is asked to give back.
#[derive(Debug, Serialize)]
pub struct RecalledView {
    /// The till.
    pub till: DeviceId,
    /// Of what, and how much.
    pub lines: Vec<RecallView>,
}

/// What became of an upload.
#[derive(Debug, Serialize)]
pub struct UploadView {
    /// The last entry recorded.
    pub ack_upto: u64,
    /// Each entry of the upload.
    pub results: Vec<ResultView>,
    /// The entry that has to come before some of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need_from: Option<u64>,
    /// Where the journal stands.
    pub state: &'static str,
    /// What the till may sell, by SKU, in total.
    pub rights: BTreeMap<Sku, Shown<Quantity>>,
    /// What is asked back.
    pub recall: Vec<RecallView>,
    /// The version of its settings.
    pub settings_version: u32,
    /// The newest catalog.
    pub catalog_version: u64,
    /// The time here.
    pub now: Shown<Timestamp>,
}

/// What became of an entry.
#[derive(Debug, Serialize)]
pub struct ResultView {
    /// Its number.
    pub seq: u64,
    /// `recorded`, `known` or `refused`.
    pub status: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What is odd about it.
    pub variances: Vec<Oddity>,
    /// The order that it makes or is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// `done` when all that it leads to is carried out, else `pending`.
    pub outcome: &'static str,
}

/// An entry as it is kept.
#[derive(Debug, Serialize)]
pub struct EntryView {
    /// The enrollment.
    pub epoch: u32,
    /// Its number.
    pub seq: u64,
    /// When it came.
    pub received_at: Shown<Timestamp>,
    /// Its hash.
    pub hash: Digest,
    /// The device's signature.
    pub signature: String,
    /// The entry itself, as it was signed.
    pub entry: serde_json::Value,
    /// What is odd about it.
    pub variances: Vec<Oddity>,
}

/// A part of the catalog.
#[derive(Debug, Serialize)]
pub struct CatalogView {
    /// Items that were put since the version that was asked for.
    pub data: Vec<CatalogItem>,
    /// Where to go on.
    pub next_cursor: Option<String>,
    /// The version that the till has once it has all pages.
    pub version: i64,
}

/// An item as a till sells it.
#[derive(Debug, Serialize)]
pub struct CatalogItem {
    sku: Sku,
    title: Label,
    unit: Label,
    barcodes: Vec<Label>,
    category: Option<Label>,
    price: PriceEntry,
    /// For sale at the till's store.
    available: Shown<Quantity>,
}

impl CatalogItem {
    /// An item with what its store has.
    pub fn new(sku: Sku, page: Page, location: &LocationId) -> Self {
        let available = page.free(location).saturating_add(page.kept_for_tills(location));
        let Item { title, unit, price, barcodes, category, .. } = page.item;
        Self { sku, title, unit, barcodes, category, price, available: Shown(available) }
    }
}

/// A page of entries.
#[derive(Debug, Serialize)]
pub struct EntriesView {
    /// The entries.
    pub data: Vec<EntryView>,
    /// Where to go on.
    pub next_cursor: Option<String>,
}

/// A page of exceptions.
#[derive(Debug, Serialize)]
pub struct ExceptionsView {
    /// The exceptions.
    pub data: Vec<ExceptionView>,
    /// Where to go on.
    pub next_cursor: Option<String>,
}

/// Something that a manager should look at.
#[derive(Debug, Serialize)]
pub struct ExceptionView {
    no: u64,
    epoch: u32,
    seq: u64,
    at: Shown<Timestamp>,
    code: String,
    detail: String,
}

impl From<Exception> for ExceptionView {
    fn from(one: Exception) -> Self {
        let Exception { no, epoch, seq, at, code, detail } = one;
        Self { no, epoch, seq, at: Shown(at), code, detail }
    }
}

/// Why the edge's side of a till says no.
pub fn of_refusal(refusal: &Refusal) -> Problem {
    let detail = refusal.to_string();
    match refusal {
        Refusal::NoSuchTill => Problem::not_found("till"),
        Refusal::AlreadyThere => Problem::new(Code::AlreadyExists, detail).at("/id", "already_exists"),
        Refusal::Fixed { field } => Problem::invalid(format!("/{field}"), "fixed", detail),
        Refusal::WrongCode => Problem::invalid("/code", "unknown_code", detail),
        Refusal::CodeExpired => Problem::invalid("/code", "expired_code", detail),
        Refusal::NotEnrolled
        | Refusal::Revoked
        | Refusal::Gap { .. }
        | Refusal::OtherJournal
        | Refusal::Unreadable { .. }
        | Refusal::Contradicts { .. } => Problem::new(Code::NotPossibleNow, detail),
    }
}
