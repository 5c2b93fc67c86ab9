//! Pricing an order without a network, from a price book and a tax table the page has.

use oms_api::fault::Faults;
use oms_api::order::MAX_LINES;
use oms_api::problem::Problem;
use oms_api::show::{Shown, TotalsView};
use oms_core::price::{self, Ask, LineTotal, NoQuote, PriceBook, Quote, Rate, TaxClass, TaxTable};
use oms_core::value::{Country, Currency, Money, Quantity, Sku};
use serde::Serialize;

use crate::read::{self, objects};

struct Body {
    currency: String,
    country: String,
    tax_table: TaxTable,
    price_book: PriceBook,
    lines: Vec<LineBody>,
}

struct LineBody {
    sku: String,
    quantity: String,
    unit_price: Option<Money>,
}

objects! {
    Body { currency, country, tax_table, price_book, lines }
    LineBody { sku, quantity, unit_price }
}

/// What an order comes to.
#[derive(Debug, Serialize)]
pub(crate) struct PricedOrder {
    currency: Currency,
    price_book_version: u32,
    tax_table_version: u32,
    lines: Vec<PricedLine>,
    totals: TotalsView,
}

#[derive(Debug, Serialize)]
struct PricedLine {
    line: u32,
    sku: Sku,
    quantity: Shown<Quantity>,
    unit_price: Money,
    list_version: Option<u32>,
    tax_class: TaxClass,
    tax_rate: Rate,
    #[serde(flatten)]
    sums: TotalsView,
}

/// A line that was read and priced.
struct Priced {
    sku: Sku,
    quantity: Quantity,
    quote: Quote,
}

/// Prices every line and sums them up, or says what is wrong with each line that has no price.
pub(crate) fn order(json: &[u8]) -> Result<PricedOrder, Problem> {
    let body: Body = read::json(json)?;
    let mut faults = Faults::new();
    let currency = faults.read("", "currency", &body.currency);
    let country = faults.read("", "country", &body.country);
    faults.count("lines", body.lines.len(), MAX_LINES);
    let lines: Vec<Option<Priced>> = (0..MAX_LINES)
        .zip(&body.lines)
        .map(|(index, line)| priced(&mut faults, index, line, &body, currency.zip(country)))
        .collect();
    let sums: Vec<LineTotal> = lines.iter().flatten().map(|line| line.quote.total).collect();
    let totals = price::totals(&sums);
    if let Err(overflow) = totals {
        faults.add("/lines", "too_much_money", overflow.to_string());
    }
    faults.finish(|| {
        let (currency, totals) = (currency?, totals.ok()?);
        let lines = (1..).zip(lines).map(|(no, line)| Some(shown(no, line?, currency)));
        Some(PricedOrder {
            currency,
            price_book_version: body.price_book.version,
            tax_table_version: body.tax_table.version,
            lines: lines.collect::<Option<_>>()?,
            totals: TotalsView::new(totals, currency),
        })
    })
}

fn priced(
    faults: &mut Faults,
    index: usize,
    line: &LineBody,
    body: &Body,
    order: Option<(Currency, Country)>,
) -> Option<Priced> {
    let base = format!("/lines/{index}");
    let sku: Option<Sku> = faults.read(&base, "sku", &line.sku);
    let quantity = faults.read_positive(&base, "quantity", &line.quantity);
    let ((currency, country), sku, quantity) = (order?, sku?, quantity?);
    if line.unit_price.is_some_and(|price| price.currency != currency) {
        let detail = format!("the order is in {currency}");
        faults.add(format!("{base}/unit_price/currency"), "currency_mismatch", detail);
        return None;
    }
    let Some(page) = body.price_book.entry(&sku) else {
        faults.add(format!("{base}/sku"), "unknown_sku", format!("there is no item {sku}"));
        return None;
    };
    let unit_price = line.unit_price.map(|price| price.amount);
    match price::quote(&Ask { quantity, unit_price, currency, country }, page, &body.tax_table) {
        Ok(quote) => Some(Priced { sku, quantity, quote }),
        Err(refusal) => {
            let (member, code) = place(refusal);
            faults.add(format!("{base}/{member}"), code, refusal.to_string());
            None
        }
    }
}

/// The member a refusal is about, and its code.
fn place(refusal: NoQuote) -> (&'static str, &'static str) {
    match refusal {
        NoQuote::NothingOrdered => ("quantity", "invalid_quantity"),
        NoQuote::NoPrice => ("sku", "no_price"),
        NoQuote::NegativePrice => ("unit_price/amount", "negative_price"),
        NoQuote::TooMuchMoney => ("quantity", "too_much_money"),
    }
}

fn shown(no: u32, line: Priced, currency: Currency) -> PricedLine {
    PricedLine {
        line: no,
        sku: line.sku,
        quantity: Shown(line.quantity),
        unit_price: Money::new(line.quote.unit_price, currency),
        list_version: line.quote.list_version,
        tax_class: line.quote.tax_class,
        tax_rate: line.quote.tax_rate,
        sums: TotalsView::new(line.quote.total, currency),
    }
}
