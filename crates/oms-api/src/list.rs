//! Lists: pages of data with a cursor.

use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::Status;
use oms_core::value::{Channel, Label, LocationId, Money, OrderId, Timestamp};
use serde::Serialize;

use crate::show::Shown;

/// Most entries of a page.
pub const MAX_PAGE: u32 = 100;
/// Entries of a page that does not say.
pub const PAGE: u32 = 25;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct PageView<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
    as_of: Shown<Timestamp>,
}

impl<T> PageView<T> {
    /// A page, and where the list goes on.
    pub fn new(data: Vec<T>, next_cursor: Option<String>, as_of: Timestamp) -> Self {
        Self { data, next_cursor, as_of: Shown(as_of) }
    }
}

/// Data that has no pages.
#[derive(Debug, Serialize)]
pub struct WholeView<T> {
    data: Vec<T>,
}

impl<T> WholeView<T> {
    /// All of it.
    pub fn new(data: Vec<T>) -> Self {
        Self { data }
    }
}

/// An order in a list.
#[derive(Debug, Serialize)]
pub struct EntryView<'a> {
    /// Its id.
    pub id: OrderId,
    /// The number that people call it by.
    pub number: &'a str,
    /// Its version.
    pub version: u32,
    /// Its status.
    pub status: Status,
    /// Where it was captured.
    pub channel: &'a Channel,
    /// The channel's own number.
    pub external_ref: Option<&'a Label>,
    /// The channel's id of the customer.
    pub customer_id: Option<&'a Label>,
    /// Where it is picked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pick_up_at: Option<&'a LocationId>,
    /// What it costs.
    pub total: Money,
    /// When it was captured.
    pub created_at: Shown<Timestamp>,
    /// When it last changed.
    pub updated_at: Shown<Timestamp>,
}
