//! Online Retail (see `data/README.md`) as invoices in time order: what a year of one wholesaler really sold and took back.

mod fields;
mod places;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Read as _;
use std::sync::Arc;

use anyhow::Context as _;

use crate::{Outcome, paths};
use fields::{FIRST_DAY, alpha2, days, pence};
pub use places::{Cities, City, spread};

/// The whole file, read once.
#[derive(Debug)]
pub struct Retail {
    /// Sales and credits, in the order they were written.
    pub invoices: Vec<Invoice>,
    /// Every article that was ever sold, by SKU.
    pub items: BTreeMap<Arc<str>, Item>,
    /// The file as read, before anything is dropped.
    pub read: Read,
    /// Rows that are no sale and no return of goods.
    pub dropped: BTreeMap<Dropped, u32>,
}

/// The sums of the file as read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub rows: u32,
    pub invoices: u32,
    pub units: i64,
}

/// Why a row is neither a sale nor a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dropped {
    /// Postage, fees, discounts and the like: no goods move.
    NotGoods,
    /// The price is zero, negative or under half a penny: write-offs, samples, bad debt.
    NoPrice,
    /// A quantity that does not fit its invoice: negative on a sale, positive on a credit.
    WrongSign,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotGoods => "postage, fees, discounts: no goods",
            Self::NoPrice => "no price: write-offs, samples, bad debt",
            Self::WrongSign => "quantity of the wrong sign",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sale,
    /// An invoice whose number starts with `C`: goods canceled or sent back.
    Credit,
}

/// One invoice with the lines that are goods; it has at least one.
#[derive(Debug)]
pub struct Invoice {
    pub number: String,
    pub kind: Kind,
    /// RFC 3339. The file has no time zone; its times are taken as UTC.
    pub at: String,
    /// Days since the first day of the file, 2010-12-01.
    pub day: u32,
    /// The account, where the customer has one.
    pub customer: Option<Arc<str>>,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    pub lines: Vec<Line>,
}

impl Invoice {
    pub fn units(&self) -> u64 {
        self.lines.iter().map(|line| line.quantity).sum()
    }
}

#[derive(Debug)]
pub struct Line {
    pub sku: Arc<str>,
    /// Whole units, never zero; on a credit the units that come back.
    pub quantity: u64,
    /// Price of one unit in pence.
    pub pence: u64,
}

/// An article, as most of its rows have it.
#[derive(Debug)]
pub struct Item {
    pub title: String,
    /// The price it was sold at most often, in pence.
    pub pence: u64,
}

/// Reads the file of the repository.
pub fn load() -> Outcome<Retail> {
    let packed = std::fs::read(paths::root().join("data").join("uci_online_retail.csv.zst"))?;
    let mut text = Vec::new();
    ruzstd::decoding::StreamingDecoder::new(packed.as_slice())?.read_to_end(&mut text)?;
    decode(&text)
}

/// Reads CSV with the columns of Online Retail, in time order.
pub fn decode(text: &[u8]) -> Outcome<Retail> {
    let mut reading = Reading::default();
    let mut rows = csv::Reader::from_reader(text);
    let mut row = csv::StringRecord::new();
    while rows.read_record(&mut row)? {
        let fields: [&str; 8] =
            row.iter().collect::<Vec<_>>().try_into().ok().context("a row of Online Retail has eight fields")?;
        reading.row(&fields)?;
    }
    Ok(reading.finish())
}

#[derive(Default)]
struct Reading {
    invoices: Vec<Invoice>,
    by_number: HashMap<String, usize>,
    skus: HashMap<String, Arc<str>>,
    customers: HashMap<String, Arc<str>>,
    seen: BTreeMap<Arc<str>, Seen>,
    read: Read,
    dropped: BTreeMap<Dropped, u32>,
}

/// How often an article was sold under a title and at a price.
#[derive(Default)]
struct Seen {
    titles: BTreeMap<String, u32>,
    pence: BTreeMap<u64, u32>,
}

impl Reading {
    fn row(&mut self, fields: &[&str; 8]) -> Outcome<()> {
        let [number, code, title, quantity, at, price, customer, country] = fields.map(str::trim);
        let quantity: i64 = quantity.parse()?;
        self.read.rows += 1;
        self.read.units += quantity;
        let index = self.invoice(number, at, customer, country)?;
        let kind = self.invoices[index].kind;
        let pence = pence(price).with_context(|| format!("{number}: {price:?} is no price"))?;
        let Some(quantity) = goods(code, kind, quantity, pence, &mut self.dropped) else { return Ok(()) };
        let sku = intern(&mut self.skus, &code.to_ascii_uppercase());
        if kind == Kind::Sale {
            let seen = self.seen.entry(sku.clone()).or_default();
            *seen.titles.entry(title.to_owned()).or_default() += 1;
            *seen.pence.entry(pence).or_default() += 1;
        }
        self.invoices[index].lines.push(Line { sku, quantity, pence });
        Ok(())
    }

    /// The invoice of that number. Some of them are not written in one stretch, and some run over a full minute: the first time counts.
    fn invoice(&mut self, number: &str, at: &str, customer: &str, country: &str) -> Outcome<usize> {
        if let Some(index) = self.by_number.get(number) {
            return Ok(*index);
        }
        let kind = if number.starts_with('C') { Kind::Credit } else { Kind::Sale };
        let customer = (!customer.is_empty()).then(|| intern(&mut self.customers, customer));
        let day = days(at).with_context(|| format!("{number}: {at:?} is no time"))?;
        let day = u32::try_from(day - FIRST_DAY)?;
        let country =
            alpha2(country).with_context(|| format!("{number}: {country:?} is not in the table of countries"))?;
        let at = format!("{}.000Z", at.replace(' ', "T"));
        self.invoices.push(Invoice { number: number.to_owned(), kind, at, day, customer, country, lines: Vec::new() });
        self.read.invoices += 1;
        self.by_number.insert(number.to_owned(), self.invoices.len() - 1);
        Ok(self.invoices.len() - 1)
    }

    fn finish(mut self) -> Retail {
        self.invoices.retain(|invoice| !invoice.lines.is_empty());
        let items = self.seen.into_iter().map(|(sku, seen)| (sku, seen.item())).collect();
        Retail { invoices: self.invoices, items, read: self.read, dropped: self.dropped }
    }
}

impl Seen {
    fn item(self) -> Item {
        let title = most(self.titles.into_iter().filter(|(title, _)| !title.is_empty()));
        Item { title: title.unwrap_or_else(|| "Untitled".to_owned()), pence: most(self.pence).unwrap_or_default() }
    }
}

/// The key counted most often; of equals the first.
fn most<K>(counts: impl IntoIterator<Item = (K, u32)>) -> Option<K> {
    let mut best: Option<(K, u32)> = None;
    for (key, count) in counts {
        if best.as_ref().is_none_or(|(_, most)| count > *most) {
            best = Some((key, count));
        }
    }
    best.map(|(key, _)| key)
}

/// Units of goods in this row, or none and its reason is counted.
fn goods(code: &str, kind: Kind, quantity: i64, pence: u64, dropped: &mut BTreeMap<Dropped, u32>) -> Option<u64> {
    let units = match kind {
        Kind::Sale => quantity,
        Kind::Credit => -quantity,
    };
    let reason = if NOT_GOODS.iter().any(|other| other.eq_ignore_ascii_case(code)) {
        Dropped::NotGoods
    } else if pence == 0 {
        Dropped::NoPrice
    } else if units <= 0 {
        Dropped::WrongSign
    } else {
        return u64::try_from(units).ok();
    };
    *dropped.entry(reason).or_default() += 1;
    None
}

/// Codes that stand for money, not for goods: postage, carriage, discount, manual entries, samples, fees, bad debt, a charity.
const NOT_GOODS: [&str; 10] = ["POST", "DOT", "C2", "D", "M", "S", "BANK CHARGES", "AMAZONFEE", "B", "CRUK"];

fn intern(known: &mut HashMap<String, Arc<str>>, text: &str) -> Arc<str> {
    if let Some(same) = known.get(text) {
        return same.clone();
    }
    let shared: Arc<str> = Arc::from(text);
    known.insert(text.to_owned(), shared.clone());
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_what_its_origin_says() {
        let retail = load().expect("the file of the repository reads");
        assert_eq!(retail.read, Read { rows: 541_909, invoices: 25_900, units: 5_176_450 });
        let sales = retail.invoices.iter().filter(|invoice| invoice.kind == Kind::Sale).count();
        assert_eq!(sales, 19_773);
        let kept: usize = retail.invoices.iter().map(|invoice| invoice.lines.len()).sum();
        let dropped: u32 = retail.dropped.values().sum();
        assert_eq!(kept + dropped as usize, 541_909);
        assert!(retail.invoices.is_sorted_by(|one, next| one.at <= next.at));
        let first = &retail.invoices[0];
        assert_eq!((first.number.as_str(), first.at.as_str(), first.day), ("536365", "2010-12-01T08:26:00.000Z", 0));
        assert_eq!((&*first.lines[0].sku, first.lines[0].quantity, first.lines[0].pence), ("85123A", 6, 255));
        assert_eq!(retail.invoices.last().expect("not empty").day, 373);
        assert_eq!(retail.items["85123A"].title, "WHITE HANGING HEART T-LIGHT HOLDER");
    }

    #[test]
    fn every_sku_is_one_the_api_takes() {
        let retail = load().expect("the file of the repository reads");
        let fits = |sku: &str| {
            (1..=64).contains(&sku.len())
                && sku.bytes().all(|byte| (0x20..0x7f).contains(&byte) && !b",/\"'".contains(&byte))
                && sku.trim() == sku
        };
        let skus = retail.invoices.iter().flat_map(|invoice| &invoice.lines).map(|line| &line.sku);
        assert_eq!(skus.filter(|sku| !fits(sku)).count(), 0);
    }

    #[test]
    fn charges_free_goods_and_wrong_signs_are_no_goods() {
        let text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
            1,85123a,HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n\
            1,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850,United Kingdom\n\
            2,22139,,56,2010-12-01 08:27:00,0.0,,United Kingdom\n\
            3,22140,lost,-5,2010-12-01 08:28:00,1.0,,United Kingdom\n\
            C4,85123A,HEART,-2,2010-12-01 08:29:00,2.55,17850,EIRE\n";
        let retail = decode(text.as_bytes()).expect("reads");
        let numbers: Vec<&str> = retail.invoices.iter().map(|invoice| invoice.number.as_str()).collect();
        assert_eq!(numbers, ["1", "C4"]);
        assert_eq!(&*retail.invoices[0].lines[0].sku, "85123A");
        assert_eq!((retail.invoices[1].lines[0].quantity, retail.invoices[1].country), (2, "IE"));
        let dropped: Vec<(Dropped, u32)> = retail.dropped.into_iter().collect();
        assert_eq!(dropped, [(Dropped::NotGoods, 1), (Dropped::NoPrice, 1), (Dropped::WrongSign, 1)]);
    }
}
