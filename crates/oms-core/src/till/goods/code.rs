//! Scanned codes: GTINs in all their lengths, codes of scales, receipts.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::Article;
use crate::till::receipt::Mark;
use crate::value::{Amount, Quantity};

/// Longest code that is looked at: more than any label or receipt has.
const MAX_CODE: usize = 300;
/// Lengths of a GTIN.
const GTIN: [usize; 4] = [8, 12, 13, 14];
/// The unit of goods whose scales write the weight on the label, in grams.
const BY_WEIGHT: &str = "kg";

/// What a scanned code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan<'a> {
    /// An item; of a label of a scale with the weight, or with the price of the whole.
    Item { article: &'a Article, quantity: Quantity, price: Option<Amount> },
    /// A receipt of a till.
    Receipt(Receipted),
    /// Nothing that is known.
    Unknown,
}

/// What the QR code of a receipt says.
pub type Receipted = Mark;

/// A code as it is looked up: of a GTIN what its leading zeros leave, so that a UPC is the same as its EAN.
pub(super) fn normal(code: &str) -> String {
    let code = code.trim();
    if GTIN.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return code.trim_start_matches('0').to_owned();
    }
    code.to_owned()
}

/// What a code is. `find` looks an item up by a code in its normal form, or by its SKU.
pub(super) fn scan<'a>(scanned: &str, find: impl Fn(&str) -> Option<&'a Article>) -> Scan<'a> {
    let code = plain(scanned);
    if code.is_empty() || code.len() > MAX_CODE {
        return Scan::Unknown;
    }
    if let Ok(mark) = code.parse() {
        return Scan::Receipt(mark);
    }
    let one = |article| Scan::Item { article, quantity: Quantity::ONE, price: None };
    if let Some(article) = find(&normal(code)).or_else(|| find(&normal(gs1(code)?))) {
        return one(article);
    }
    // Codes are written by hand too.
    let capital = code.to_ascii_uppercase();
    find(&capital).map(one).or_else(|| scale(code, find)).unwrap_or(Scan::Unknown)
}

/// Without white space and what some scanners put before a code: `]E0` and the like say what kind it is.
fn plain(scanned: &str) -> &str {
    let code = scanned.trim();
    match code.strip_prefix(']') {
        Some(rest) => rest.get(2..).unwrap_or_default(),
        None => code,
    }
}

/// The GTIN of a GS1 element string, `01` and fourteen digits.
fn gs1(code: &str) -> Option<&str> {
    let gtin = code.strip_prefix("01").or_else(|| code.strip_prefix("(01)"))?.get(..14)?;
    gtin.bytes().all(|byte| byte.is_ascii_digit()).then_some(gtin)
}

/// A label of a shop's own scale: thirteen digits that begin with 2, of which the first seven are the item's code, the next
/// five the weight in grams of goods sold by the kilogram, else the price of the whole in minor units, and the last checks.
fn scale<'a>(code: &str, find: impl Fn(&str) -> Option<&'a Article>) -> Option<Scan<'a>> {
    if code.len() != 13 || !code.starts_with('2') || !checks(code) {
        return None;
    }
    let article = find(code.get(..7)?)?;
    let value: u32 = code.get(7..12)?.parse().ok()?;
    if article.unit.as_str().eq_ignore_ascii_case(BY_WEIGHT) {
        let quantity = Quantity::from_thousandths(value.into()).filter(|quantity| !quantity.is_zero())?;
        return Some(Scan::Item { article, quantity, price: None });
    }
    Some(Scan::Item { article, quantity: Quantity::ONE, price: Amount::new(value.into()) })
}

/// Whether the last digit is the check digit of a GTIN (GS1 General Specifications, 7.9).
fn checks(code: &str) -> bool {
    let weighted = code.bytes().rev().zip([1_u32, 3].into_iter().cycle()).try_fold(0_u32, |sum, (byte, weight)| {
        let digit = char::from(byte).to_digit(10)?;
        sum.checked_add(digit.checked_mul(weight)?)
    });
    weighted.is_some_and(|sum| sum.is_multiple_of(10))
}
