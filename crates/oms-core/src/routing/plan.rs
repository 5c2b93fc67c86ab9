//! Who serves what of an order, and what nobody can.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::value::{LocationId, Quantity, Sku};

/// Who serves what, and what nobody can. Every line's served and short quantities sum to its demand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Who serves what, by line, then nearest first.
    pub serves: Vec<Serve>,
    /// What is left over.
    pub short: Vec<Demand>,
}

/// A location serves a quantity of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serve {
    /// The line's number.
    pub line: u32,
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
}

/// A line's demand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The line's number.
    pub line: u32,
    /// Its SKU; lines may share one.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
}
