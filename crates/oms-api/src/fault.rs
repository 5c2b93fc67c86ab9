//! What is wrong with a request, place by place: a reader collects every fault before it gives up.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use oms_core::price::{Rate, TaxClass};
use oms_core::routing::Code;
use oms_core::till::{DeviceId, Series};
use oms_core::value::{
    CartId, Channel, Country, Currency, Day, Delta, Label, LocationId, Malformed, OrderId, Quantity, Sku, Timestamp,
};
use serde::Serialize;

use crate::problem::{self, Problem};

/// Most faults of one answer: enough to mend a request, few enough to read.
const MAX_FAULTS: usize = 100;

/// What is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// A JSON pointer (RFC 6901) into the body; of a query or a path, the name of the parameter.
    pub pointer: String,
    /// A stable word for it.
    pub code: &'static str,
    /// The same for people.
    pub detail: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// A value that the wire has as text, with the words for texts that are none.
pub trait Wire: FromStr<Err = Malformed> {
    /// The code of a fault.
    const CODE: &'static str;
    /// What it is called.
    const NAME: &'static str;
}

macro_rules! wire {
    ($($name:ty => $code:literal, $words:literal;)+) => {$(
        impl Wire for $name {
            const CODE: &'static str = $code;
            const NAME: &'static str = $words;
        }
    )+};
}

wire! {
    Sku => "invalid_sku", "the SKU";
    LocationId => "invalid_location", "the location";
    Channel => "invalid_channel", "the channel";
    CartId => "invalid_cart", "the cart id";
    Label => "invalid_text", "the text";
    Country => "invalid_country", "the country";
    Currency => "invalid_currency", "the currency";
    Quantity => "invalid_quantity", "the quantity";
    Delta => "invalid_quantity", "the quantity";
    Timestamp => "invalid_time", "the time";
    OrderId => "invalid_order_id", "the order id";
    Rate => "invalid_percent", "the percentage";
    TaxClass => "invalid_tax_class", "the tax class";
    Code => "invalid_code", "the name";
    Day => "invalid_date", "the date";
    DeviceId => "invalid_till", "the till's id";
    Series => "invalid_series", "the series";
}

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a fault.
    pub fn add(&mut self, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Fault::new(pointer, code, detail));
        }
    }

    /// Reads a text at `{base}/{member}`.
    pub fn read<T: Wire>(&mut self, base: &str, member: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(malformed) => {
                self.add(format!("{base}/{member}"), T::CODE, format!("{} {malformed}", T::NAME));
                None
            }
        }
    }

    /// Reads a text that may be missing.
    pub fn read_some<T: Wire>(&mut self, base: &str, member: &str, text: Option<&String>) -> Option<T> {
        text.and_then(|text| self.read(base, member, text))
    }

    /// Reads a quantity of something: zero is none.
    pub fn read_positive(&mut self, base: &str, member: &str, text: &str) -> Option<Quantity> {
        let quantity: Quantity = self.read(base, member, text)?;
        if quantity.is_zero() {
            self.add(format!("{base}/{member}"), Quantity::CODE, "the quantity is zero");
            return None;
        }
        Some(quantity)
    }

    /// Reads one of a few words.
    pub fn choose<T: Copy>(&mut self, base: &str, member: &str, text: &str, known: &[(&str, T)]) -> Option<T> {
        if let Some((_, value)) = known.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        self.add(format!("{base}/{member}"), "unknown_value", format!("it must be one of: {}", words.join(", ")));
        None
    }

    /// Checks how many lines there are: at least one, and no more than the most.
    pub fn count(&mut self, member: &str, count: usize, most: usize) {
        if count == 0 {
            self.add(format!("/{member}"), "no_lines", "at least one line is needed");
        } else if count > most {
            self.add(format!("/{member}"), "too_many_lines", format!("{count} lines, at most {most} are taken"));
        }
    }

    /// The value, or the problem when there was any fault.
    ///
    /// # Errors
    /// The problem that lists every fault.
    pub fn finish<T>(self, value: impl FnOnce() -> Option<T>) -> Result<T, Problem> {
        if self.0.is_empty()
            && let Some(value) = value()
        {
            return Ok(value);
        }
        Err(self.problem())
    }

    fn problem(self) -> Problem {
        let detail = match self.0.as_slice() {
            [one] => one.detail.clone(),
            _ => "several things are wrong: see errors".to_owned(),
        };
        Problem::new(problem::Code::ValidationFailed, detail).with_errors(self.0)
    }
}
