//! Promising: by when so much of something can be had, from where, what stands in the way, and what else could be had.

pub mod allocation;
mod fence;
mod inbound;
mod names;
mod peg;
mod share;
mod timeline;
mod tree;

pub use fence::{Fences, Late};
pub use inbound::{Inbound, Source, Stage};
pub use names::{CalendarId, DemandClass, ResourceId, Service};
pub use peg::{Found, Method, accumulated, backward};
pub use share::{Component, kits, prorate};
pub use timeline::{Bucket, Step, Timeline};
pub use tree::Tree;

use crate::value::Quantity;

/// Most of anything on one day, in thousandths of a unit (2^48 - 1, some 281 thousand million units). Together with
/// [`MAX_EVENTS`] it keeps every sum within an `i64`.
pub const MOST_QUANTITY: Quantity = match Quantity::from_thousandths(0xffff_ffff_ffff) {
    Some(most) => most,
    None => Quantity::ZERO,
};
/// Most days with an event in one timeline: more than the horizon of any calendar here.
pub const MAX_EVENTS: usize = 8_192;
/// Most days of a [`Tree`]: eleven years.
pub const MAX_BUCKETS: usize = 4_096;
