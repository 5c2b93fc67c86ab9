//! Pricing an order without a network, from a price book and a tax table the page has.

use oms_core::price::{self, Ask, LineTotal, NoQuote, PriceBook, Quote, Rate, TaxClass, TaxTable};
use oms_core::value::{Amount, Country, Currency, Money, Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::problem::{Fault, Problem};
use crate::text::Text;

/// What is to be priced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceOrder {
    currency: Currency,
    country: Country,
    tax_table: TaxTable,
    price_book: PriceBook,
    lines: Vec<AskedLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedLine {
    sku: Sku,
    quantity: Text<Quantity>,
    unit_price: Option<Money>,
}

/// What it comes to.
#[derive(Debug, Serialize)]
pub(crate) struct PricedOrder {
    currency: Currency,
    price_book_version: u32,
    tax_table_version: u32,
    lines: Vec<PricedLine>,
    totals: Sums,
}

#[derive(Debug, Serialize)]
struct PricedLine {
    line: u32,
    sku: Sku,
    quantity: Text<Quantity>,
    unit_price: Money,
    list_version: Option<u32>,
    tax_class: TaxClass,
    tax_rate: Rate,
    #[serde(flatten)]
    sums: Sums,
}

#[derive(Debug, Serialize)]
struct Sums {
    net: Money,
    tax: Money,
    total: Money,
}

impl Sums {
    fn new(sums: LineTotal, currency: Currency) -> Self {
        let money = |amount: Amount| Money::new(amount, currency);
        Self { net: money(sums.net), tax: money(sums.tax), total: money(sums.total) }
    }
}

/// Prices every line and sums them up, or says what is wrong with each line that has no price.
pub(crate) fn order(order: &PriceOrder) -> Result<PricedOrder, Problem> {
    if order.lines.is_empty() {
        return Err(Problem::invalid(vec![fault("/lines", "no_lines", "an order needs at least one line")]));
    }
    let mut quotes = Vec::new();
    let mut faults = Vec::new();
    for (index, line) in order.lines.iter().enumerate() {
        match quote(order, line, index) {
            Ok(quote) => quotes.push((line, quote)),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let sums: Vec<LineTotal> = quotes.iter().map(|(_, quote)| quote.total).collect();
    let totals = price::totals(&sums)
        .map_err(|overflow| Problem::invalid(vec![fault("/lines", "too_much_money", &overflow.to_string())]))?;
    Ok(PricedOrder {
        currency: order.currency,
        price_book_version: order.price_book.version,
        tax_table_version: order.tax_table.version,
        lines: (1..).zip(quotes).map(|(no, (line, quote))| priced(no, line, quote, order.currency)).collect(),
        totals: Sums::new(totals, order.currency),
    })
}

fn quote(order: &PriceOrder, line: &AskedLine, index: usize) -> Result<Quote, Fault> {
    let at = |member: &str| format!("/lines/{index}/{member}");
    let unit_price = match line.unit_price {
        Some(price) if price.currency != order.currency => {
            let detail = format!("the order is in {}", order.currency);
            return Err(fault(&at("unit_price/currency"), "currency_mismatch", &detail));
        }
        own => own.map(|price| price.amount),
    };
    let page = order.price_book.entry(&line.sku);
    let page = page.ok_or_else(|| fault(&at("sku"), "unknown_sku", &format!("there is no item {}", line.sku)))?;
    let ask = Ask { quantity: line.quantity.0, unit_price, currency: order.currency, country: order.country };
    price::quote(&ask, page, &order.tax_table).map_err(|refusal| {
        let (member, code) = match refusal {
            NoQuote::NothingOrdered => ("quantity", "nothing_ordered"),
            NoQuote::NoPrice => ("sku", "no_price"),
            NoQuote::NegativePrice => ("unit_price", "negative_price"),
            NoQuote::TooMuchMoney => ("quantity", "too_much_money"),
        };
        fault(&at(member), code, &refusal.to_string())
    })
}

fn priced(no: u32, line: &AskedLine, quote: Quote, currency: Currency) -> PricedLine {
    PricedLine {
        line: no,
        sku: line.sku.clone(),
        quantity: line.quantity,
        unit_price: Money::new(quote.unit_price, currency),
        list_version: quote.list_version,
        tax_class: quote.tax_class,
        tax_rate: quote.tax_rate,
        sums: Sums::new(quote.total, currency),
    }
}

fn fault(pointer: &str, code: &'static str, detail: &str) -> Fault {
    Fault { pointer: pointer.to_owned(), code, detail: detail.to_owned() }
}
