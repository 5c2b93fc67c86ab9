//! What things cost: a versioned price book, a tax table, and the arithmetic of lines, totals and shares.
//!
//! All money is in integer minor units and every division rounds half to even, so a till, a browser and an edge come to
//! the same numbers from the same book.

mod book;
mod line;
mod quote;
mod rate;
mod spread;
mod tax;

pub use book::{PriceBook, PriceEntry, of_version};
pub use line::{LineTotal, Overflow, Totals, extended, line, percent, portion, taxed, totals};
pub use quote::{Ask, NoQuote, Quote, quote};
pub use rate::Rate;
pub use spread::spread;
pub use tax::{TaxClass, TaxMode, TaxRate, TaxTable};
