//! Working calendars: which days somebody works, until when an order counts for today, and the dates that follow.
//!
//! [`Rules`] are data: a weekly pattern, holidays, extra working days, a time zone as offsets from UTC, a cut-off.
//! [`Calendar::prepare`] checks them and lays them out as a bitmap over [`HORIZON_DAYS`] with counts by word, after which
//! every question is O(1) (counting, rank) or O(log) (finding the n-th, select). Beyond the horizon the answer is `None`,
//! never a guess. A [`Route`] puts the calendar of a node and that of a carrier together: order, ship, deliver, forward
//! and backward.

mod bits;
mod clock;
mod days;
mod route;
mod rules;
mod zone;

pub use clock::Clock;
pub use days::Calendar;
pub use route::{Route, Schedule};
pub use rules::Rules;
pub use zone::{OffsetChange, Zone};

/// Days a prepared calendar looks ahead: five years, leap days included. Nothing is promised later than that.
pub const HORIZON_DAYS: i32 = 1_827;
/// Days a prepared calendar knows before its first day, so that dates can be worked out backward.
pub const LOOKBACK_DAYS: i32 = 92;
/// Most holidays or extra days of one calendar: every day of the horizon and more says nothing.
pub const MAX_DATES: usize = 2_000;
/// Most changes of offset of one zone: two a year for 32 years.
pub const MAX_OFFSET_CHANGES: usize = 64;
/// Most days of processing, transit or lead time: within the horizon.
pub const MAX_DAYS: i32 = 1_000;
