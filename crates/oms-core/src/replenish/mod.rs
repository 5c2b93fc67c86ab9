//! Replenishment: how much to keep, when to order and what to propose. The formulas are planning and count in floats; what
//! comes of them (levels, proposals, crossings) is data in integer quantities.

mod formula;
mod proposal;
mod threshold;
mod watch;

pub use formula::{Lead, economic_order_quantity, reorder_point, safety_stock, service_factor};
pub use proposal::{Draft, DraftLine, Levels, MAX_WATCHED, Pack, Reason, Watched, levels, propose};
pub use threshold::{Band, Crossing, Thresholds, crossing};
pub use watch::{
    Buying, Demand, Expected, Kept, Lot, MAX_LEAD_DAYS, MAX_WATCHED_PLACES, MAX_WEEKS, Watch, expected, rounded, units,
};
