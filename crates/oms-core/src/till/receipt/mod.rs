//! What is printed: receipts of sales, refunds and requests, and reports, in lines of equal width.

mod escpos;
mod mark;
mod page;
mod report;
mod words;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::cart::{TaxSum, taxes};
use super::entry::Entry;
use super::event::Event;
use super::name::ReceiptNo;
use super::sale::{Refunded, ReturnOf, Sale, SaleLine, Tender, TenderKind};
use super::settings::Settings;
use crate::price;
use crate::value::{Amount, Currency, Digest, Label, Timestamp};

pub use escpos::bytes;
pub use mark::Mark;
pub use page::{Line, Style};
pub use report::report;
pub use words::Language;

use page::Page;
use words::Words;

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Characters of a line: 32 on paper of 58 mm, 48 on 80 mm.
    pub columns: usize,
    /// In which language.
    pub language: Language,
    /// Whether it says that it is a copy.
    #[serde(default)]
    pub copy: bool,
    /// Whether the drawer is opened.
    #[serde(default)]
    pub drawer: bool,
    /// Minutes that the shop's clock is ahead of UTC.
    #[serde(default)]
    pub offset: i32,
}

/// Fewest characters of a line that everything fits on.
pub const MIN_COLUMNS: usize = 24;
/// Most characters of a line that a receipt printer has.
pub const MAX_COLUMNS: usize = 64;
/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// What is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Its lines, each of all the columns.
    pub lines: Vec<Line>,
    /// What its QR code says.
    pub qr: Option<String>,
}

/// The receipt of an entry, also of an old one; nothing for entries that have none.
pub fn of(entry: &Entry, hash: &Digest, settings: &Settings, options: &Options) -> Option<Receipt> {
    let mut slip = Slip::new(settings, options);
    slip.head();
    let total = match &entry.event {
        Event::Sold(sale) => slip.sale(sale, entry.at),
        Event::Refunded(refunded) => slip.refunded(refunded, entry.at),
        Event::Requested { cashier, draft, tenders } => {
            slip.requested(cashier, draft, tenders, entry.at);
            tenders.iter().map(|tender| tender.amount).sum()
        }
        Event::ShiftOpened { .. }
        | Event::ShiftClosed { .. }
        | Event::PaidIn { .. }
        | Event::PaidOut { .. }
        | Event::DrawerOpened { .. }
        | Event::Counted { .. }
        | Event::HandedOver { .. }
        | Event::Surrendered { .. }
        | Event::ClockAccepted { .. } => return None,
    };
    let mark = Mark { order: entry.name().order_id(entry.at), seq: entry.seq, hash: mark::prefix(hash), total };
    slip.foot(&mark);
    Some(Receipt { lines: slip.page.lines, qr: Some(mark.to_string()) })
}

/// A receipt while it is written.
struct Slip<'a> {
    page: Page,
    words: &'static Words,
    settings: &'a Settings,
    options: &'a Options,
}

impl<'a> Slip<'a> {
    fn new(settings: &'a Settings, options: &'a Options) -> Self {
        let page = Page::new(options.columns.clamp(MIN_COLUMNS, MAX_COLUMNS));
        Self { page, words: words::of(options.language), settings, options }
    }

    fn money(&self, amount: Amount) -> String {
        words::money(amount, self.settings.currency, self.words)
    }

    fn time(&self, at: Timestamp) -> String {
        words::time(at.saturating_add_millis(i64::from(self.options.offset).saturating_mul(MINUTE_MS)), self.words)
    }

    fn head(&mut self) {
        for (index, line) in self.settings.header.iter().enumerate() {
            let style = if index == 0 { Style::Strong } else { Style::Plain };
            self.page.center(line.as_str(), style);
        }
        if self.options.copy {
            self.page.center(self.words.copy, Style::Strong);
        }
        self.page.rule();
    }

    /// Kind, number, time and who.
    fn title(&mut self, kind: &str, receipt: Option<&ReceiptNo>, cashier: &Label, at: Timestamp) {
        self.page.left(kind, Style::Strong);
        if let Some(receipt) = receipt {
            self.page.left(&format!("{} {receipt}", self.words.number), Style::Plain);
        }
        let (time, cashier) = (self.time(at), self.settings.cashier(cashier).map_or(cashier, |known| &known.name));
        self.page.both(&time, cashier.as_str(), Style::Plain);
        self.page.rule();
    }

    fn sale(&mut self, sale: &Sale, at: Timestamp) -> Amount {
        self.title(self.words.sale, Some(&sale.receipt), &sale.cashier, at);
        if let Some(name) = sale.customer.as_ref().and_then(|customer| customer.name.as_ref()) {
            self.page.left(&format!("{}: {name}", self.words.customer), Style::Plain);
        }
        let mut shown = Amount::ZERO;
        for line in &sale.lines {
            shown = shown.saturating_add(self.line(line));
        }
        self.page.rule();
        // Prices without tax add up to the net: then the tax is a line of its own.
        if shown != sale.totals.total {
            self.amount(self.words.net, sale.totals.net);
            self.amount(self.words.tax, sale.totals.tax);
        }
        self.total(sale.totals.total);
        self.settle(&sale.tenders, sale.rounding, sale.change);
        self.taxes(&taxes(sale.lines.iter().map(|line| (line.tax_rate, line.total))));
        sale.totals.total
    }

    /// A line of a sale; what it adds to the sum as prices are quoted.
    fn line(&mut self, line: &SaleLine) -> Amount {
        let extended = price::extended(line.quantity, line.unit_price).unwrap_or_default();
        let off = line.discount.as_ref().map(|discount| discount.amount).unwrap_or_default();
        let amount = self.money(extended);
        if line.quantity == crate::value::Quantity::ONE {
            self.page.both(line.title.as_str(), &amount, Style::Plain);
        } else {
            self.page.left(line.title.as_str(), Style::Plain);
            let (quantity, price) = (self.decimal(&line.quantity.to_string()), self.money(line.unit_price));
            self.page.both(&format!("  {quantity} {} x {price}", line.unit), &amount, Style::Plain);
        }
        let less = off.checked_neg().unwrap_or_default();
        if let Some(discount) = &line.discount {
            let amount = self.money(less);
            self.page.both(&format!("  {}: {}", self.words.discount, discount.reason), &amount, Style::Plain);
        }
        extended.saturating_add(less)
    }

    fn refunded(&mut self, refunded: &Refunded, at: Timestamp) -> Amount {
        self.title(self.words.refund, Some(&refunded.receipt), &refunded.cashier, at);
        match &refunded.of {
            ReturnOf::Order { receipt: Some(receipt), .. } => {
                self.page.left(&format!("{} {receipt}", self.words.of), Style::Plain);
            }
            ReturnOf::Order { order, receipt: None } => {
                self.page.left(&format!("{} {order}", self.words.of), Style::Plain);
            }
            ReturnOf::Unknown => self.page.left(self.words.without_receipt, Style::Plain),
        }
        let reason = format!("{}: {}", self.words.reason, refunded.reason);
        self.page.left(&reason, Style::Plain);
        for line in &refunded.lines {
            let amount = self.money(line.total.total.checked_neg().unwrap_or_default());
            let quantity = self.decimal(&line.quantity.to_string());
            self.page.both(&format!("{quantity} x {}", line.title), &amount, Style::Plain);
        }
        self.page.rule();
        let back = refunded.totals.total.checked_neg().unwrap_or_default();
        self.total(back);
        self.settle(&refunded.tenders, refunded.rounding, Amount::ZERO);
        self.taxes(&taxes(refunded.lines.iter().map(|line| (line.tax_rate, line.total))));
        back
    }

    /// An order that others carry out: what was asked for and what was paid, and that it is not certain yet.
    fn requested(&mut self, cashier: &Label, draft: &crate::order::Draft, tenders: &[Tender], at: Timestamp) {
        self.title(self.words.request, None, cashier, at);
        for line in &draft.lines {
            let quantity = self.decimal(&line.quantity.to_string());
            self.page.left(&format!("{quantity} x {}", line.sku), Style::Plain);
        }
        self.page.rule();
        self.settle(tenders, Amount::ZERO, Amount::ZERO);
        for line in self.words.not_certain {
            self.page.left(line, Style::Strong);
        }
        self.page.rule();
    }

    fn total(&mut self, total: Amount) {
        let label = format!("{} {}", self.words.total, self.settings.currency);
        let total = self.money(total);
        self.page.both(&label, &total, Style::Large);
    }

    fn amount(&mut self, label: &str, amount: Amount) {
        let amount = self.money(amount);
        self.page.both(label, &amount, Style::Plain);
    }

    fn settle(&mut self, tenders: &[Tender], rounding: Amount, change: Amount) {
        if !rounding.is_zero() {
            self.amount(self.words.rounding, rounding);
        }
        for tender in tenders {
            let kind = self.tender(tender.kind);
            let label = match &tender.reference {
                Some(reference) => format!("{kind} {reference}"),
                None => kind.to_string(),
            };
            self.amount(&label, tender.amount);
        }
        if !change.is_zero() {
            self.amount(self.words.change, change);
        }
        self.page.rule();
    }

    fn tender(&self, kind: TenderKind) -> &'static str {
        match kind {
            TenderKind::Cash => self.words.cash,
            TenderKind::Card => self.words.card,
            TenderKind::GiftCard => self.words.gift_card,
            TenderKind::StoreCredit => self.words.store_credit,
        }
    }

    fn taxes(&mut self, sums: &[TaxSum]) {
        for sum in sums {
            let (net, tax) = (self.money(sum.net), self.money(sum.tax));
            let rate = self.decimal(&sum.rate.to_string());
            self.page.both(&format!("{} {rate} % / {net}", self.words.tax), &tax, Style::Plain);
        }
        self.page.rule();
    }

    /// A decimal with the comma or point of the language.
    fn decimal(&self, text: &str) -> String {
        text.replace('.', self.words.point)
    }

    fn foot(&mut self, mark: &Mark) {
        for line in &self.settings.footer {
            self.page.center(line.as_str(), Style::Plain);
        }
        self.page.center(&mark.order.to_string(), Style::Plain);
        self.page.center(&format!("{} {}", mark.seq, mark.hash), Style::Plain);
    }
}

/// What a currency's amounts look like, for whoever prints them elsewhere.
pub fn money(amount: Amount, currency: Currency, language: Language) -> String {
    words::money(amount, currency, words::of(language))
}
