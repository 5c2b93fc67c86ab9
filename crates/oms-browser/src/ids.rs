//! New ids: the one place that reads the browser's clock and entropy.

use oms_api::problem::{Code, Problem};
use oms_core::value::{OrderId, Slot, Timestamp};

/// An order id in a random slot.
pub(crate) fn new_order_id() -> Result<OrderId, Problem> {
    let mut entropy = [0_u8; 16];
    getrandom::fill(&mut entropy).map_err(|error| Problem::new(Code::Unavailable, error.to_string()))?;
    let [slot, ..] = entropy;
    // The slot takes the first byte; an id keeps the last ten as its random part.
    Ok(OrderId::new(Slot::new(slot), now(), u128::from_be_bytes(entropy)))
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53; a cast saturates")]
fn now() -> Timestamp {
    Timestamp::EPOCH.saturating_add_millis(js_sys::Date::now() as i64)
}
