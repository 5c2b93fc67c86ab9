//! Checking an order without a network, with the very reader of the edge.

use oms_api::order;
use oms_api::problem::{Code, Problem};
use oms_core::canonical;
use oms_core::value::Digest;
use serde::Serialize;

/// What is known of an order that is well formed.
#[derive(Debug, Serialize)]
pub(crate) struct CheckedOrder {
    lines: usize,
    digest: Digest,
}

/// Reads the body of a new order.
pub(crate) fn order(json: &[u8]) -> Result<CheckedOrder, Problem> {
    let order = order::place(json)?;
    let digest = canonical::digest(&order).map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    Ok(CheckedOrder { lines: order.lines.len(), digest })
}
