//! The values every part of the domain speaks in: each is parsed once, bounded for ever and has one spelling.

mod amount;
mod currency;
mod day;
mod digest;
mod id;
mod invalid;
mod malformed;
mod place;
pub(crate) mod quantity;
pub(crate) mod serial;
mod slot;
pub(crate) mod text;
mod time;

pub use amount::{Amount, Money};
pub use currency::Currency;
pub use day::{Day, Weekday};
pub use digest::Digest;
pub use id::{OrderId, ReturnId};
pub use invalid::{Invalid, Problem};
pub use malformed::Malformed;
pub use place::{Country, Position};
pub use quantity::{Delta, Quantity};
pub use serial::decimal;
pub use slot::{Slot, Topology};
pub use text::{CartId, Channel, Label, LocationId, Sku};
pub use time::Timestamp;

/// The largest integer a JSON reader holds exactly (2^53 - 1). Every counted value stays within plus or minus this.
pub const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;
/// [`MAX_SAFE_INTEGER`] for signed values.
pub(crate) const MAX_SAFE_SIGNED: i64 = 9_007_199_254_740_991;
