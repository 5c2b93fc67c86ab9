//! The tax table: how it is put and shown.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::price::{Rate, TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::value::Country;
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;

/// Most rates of a table: it travels whole to every object.
pub const MAX_RATES: usize = 2_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    mode: String,
    rates: Vec<Object<RateBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RateBody {
    country: Option<String>,
    class: String,
    percent: String,
}

const MODES: &[(&str, TaxMode)] = &[("exclusive", TaxMode::Exclusive), ("inclusive", TaxMode::Inclusive)];

/// Reads the body of `PUT /v1/tax-table`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn put(bytes: &[u8]) -> Result<TaxTable, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let mode = faults.choose("", "mode", &body.mode, MODES);
    if body.rates.len() > MAX_RATES {
        faults.add("/rates", "too_many_lines", format!("at most {MAX_RATES} are taken"));
    }
    let mut rates: Vec<TaxRate> = Vec::new();
    for (index, row) in (0..MAX_RATES).zip(&body.rates) {
        let base = format!("/rates/{index}");
        let country = faults.read_some(&base, "country", row.country.as_ref());
        let class: Option<TaxClass> = faults.read(&base, "class", &row.class);
        let rate = faults.read(&base, "percent", &row.percent);
        let (Some(class), Some(rate)) = (class, rate) else { continue };
        if rates.iter().any(|known| known.country == country && known.class == class) {
            faults.add(base, "named_twice", "there is a rate for this country and class already");
        }
        rates.push(TaxRate { country, class, rate });
    }
    faults.finish(|| Some(TaxTable::new(0, mode?, rates)))
}

/// A tax table as it is shown.
#[derive(Debug, Serialize)]
pub struct TaxView {
    version: u32,
    mode: TaxMode,
    rates: Vec<RateView>,
}

#[derive(Debug, Serialize)]
struct RateView {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Country>,
    class: TaxClass,
    percent: Rate,
}

impl TaxView {
    /// A tax table.
    pub fn new(table: &TaxTable) -> Self {
        let rates = table.rates().map(|row| RateView { country: row.country, class: row.class, percent: row.rate });
        Self { version: table.version, mode: table.mode, rates: rates.collect() }
    }
}
