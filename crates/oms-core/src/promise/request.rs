//! What is asked and what is answered.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{CalendarId, DemandClass, ResourceId, Service};
use crate::calendar::Schedule;
use crate::value::{Amount, Day, Label, LocationId, Quantity, Sku, Timestamp};

/// By when can this be had?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// When the order is placed, or would be. Today is its day in UTC.
    pub placed_at: Timestamp,
    /// The lines; an earlier line has first choice.
    pub lines: Vec<Ask>,
    /// Whether all lines are to arrive with the last one.
    #[serde(default)]
    pub ship_complete: bool,
    /// Whether a line may come from several locations, or one after the other.
    #[serde(default)]
    pub may_split: bool,
    /// Whether substitutes may be chosen; otherwise they are only named as alternates.
    #[serde(default)]
    pub may_substitute: bool,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its number, unique in the request.
    pub line: u32,
    /// What.
    pub sku: Sku,
    /// How much; more than nothing.
    pub quantity: Quantity,
    /// When it is wanted at the door; as soon as can be when nothing is said. Under [`Goal::Wanted`] goods leave as late
    /// as makes the day, so that nobody's earlier supply is held for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Day>,
    /// Whom it is for.
    #[serde(default)]
    pub class: DemandClass,
    /// What makes one way better than another.
    #[serde(default)]
    pub goal: Goal,
    /// The locations it may come from; any with a lane when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only_from: Vec<LocationId>,
}

/// What makes one way better than another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Goal {
    /// In time at the least cost; else as soon as can be. Without a wanted day: as soon as can be.
    #[default]
    Wanted,
    /// As soon as can be, however early.
    Earliest,
    /// At the least cost, whenever.
    Cheapest,
    /// At the most profit (profitable to promise): price - cost of sourcing - bid price - penalty, over dates, locations
    /// and, where allowed, substitutes.
    Profit {
        /// What the customer pays for a unit.
        unit_price: Amount,
        /// What each day after the wanted one costs.
        #[serde(default)]
        late_per_day: Amount,
    },
}

/// What is promised. Nothing is taken: whoever accepts it has to hold the stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The lines, as asked.
    pub lines: Vec<LinePromise>,
    /// The day the last line arrives; none when a line cannot be had in full.
    pub deliver: Option<Day>,
    /// What all lines cost to source.
    pub cost: Amount,
}

/// What is promised of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePromise {
    /// Its number.
    pub line: u32,
    /// How it is had; none when nothing of it can be.
    pub choice: Option<Choice>,
    /// What of the quantity cannot be had within the horizon.
    pub short: Quantity,
    /// What stands in the way of an earlier day (of any day, for a line that cannot be had), the heaviest first. Empty
    /// when the wish is met.
    pub binds: Vec<Bind>,
    /// Other ways, the soonest first.
    pub alternates: Vec<Alternate>,
    /// The cheapest way to have it at least a day sooner; none when there is no such way at any price.
    pub sooner: Option<Alternate>,
}

/// A way to have a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The day all of it is there.
    pub deliver: Day,
    /// What it costs to source.
    pub cost: Amount,
    /// What is earned, under [`Goal::Profit`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profit: Option<Amount>,
    /// Where from and when; more than one when it is split.
    pub parts: Vec<Part>,
}

/// A quantity from one place at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What goes: the SKU asked for, or a substitute.
    pub sku: Sku,
    /// Where from.
    pub location: LocationId,
    /// How.
    pub service: Service,
    /// How much.
    pub quantity: Quantity,
    /// The day the goods are there.
    pub ready: Day,
    /// The dates that follow.
    pub schedule: Schedule,
    /// The last moment at which an order has these dates, as far as calendars go and the goods last.
    pub order_by: Timestamp,
    /// What it is taken from.
    pub draws: Vec<Draw>,
}

/// A quantity taken from some supply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// What.
    pub sku: Sku,
    /// Where.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
    /// The day it is had.
    pub day: Day,
    /// From what.
    pub from: Origin,
}

/// What supply a draw is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// What is there, or gets free, at the day it is needed.
    Stock,
    /// It waits for this inbound.
    Inbound(Label),
    /// It waits for a commitment or a protection to pass.
    Freed,
    /// Beyond the fence there is always enough.
    Fence,
    /// There is always enough.
    Infinite,
    /// After its lead time.
    LeadTime,
    /// Made.
    Made {
        /// The day its components are there.
        start: Day,
        /// The last day of work.
        finish: Day,
        /// On what.
        #[serde(skip_serializing_if = "Option::is_none")]
        resource: Option<ResourceId>,
    },
}

/// Something that binds, and what it would bring if it did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// What binds.
    pub constraint: Constraint,
    /// Days sooner without it (a day less of it, where it is days); none when the line can be had only without it.
    pub days: Option<i32>,
}

/// What can bind a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// Supply: these draws wait.
    Supply {
        /// The last of them.
        last: Option<Draw>,
    },
    /// Days of lead time, of the item or of anything it is made of.
    LeadTime,
    /// Capacity of what it is made on.
    Capacity {
        /// Which.
        resource: Option<ResourceId>,
    },
    /// What is kept for others, or a limit of its own.
    Allocation {
        /// Whose promise it binds.
        class: DemandClass,
    },
    /// The order came after the cut-off.
    Cutoff {
        /// Of which location.
        location: LocationId,
        /// When it was.
        missed: Timestamp,
    },
    /// Days on which the location does not work.
    Calendar {
        /// Its calendar.
        calendar: CalendarId,
    },
    /// Working days of processing.
    Processing {
        /// Where.
        location: LocationId,
        /// How many.
        days: i32,
    },
    /// Days on the way.
    Transit {
        /// From where.
        location: LocationId,
        /// How.
        service: Service,
        /// How many.
        days: i32,
    },
    /// Days on which the carrier does not move.
    TransitCalendar {
        /// Its calendar.
        calendar: CalendarId,
    },
}

/// Another way, and what is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    /// The way.
    pub choice: Choice,
    /// Days later than what is promised; sooner when negative.
    pub days: i32,
    /// What it costs more; less when negative.
    pub cost: Amount,
    /// What is different besides.
    pub differs: Vec<Differs>,
}

/// In what an alternate differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    /// It ships from other locations.
    ShipFrom(Vec<LocationId>),
    /// It goes by other services.
    Service(Vec<Service>),
    /// Something else goes.
    Substitute(Sku),
    /// It comes in so many parts.
    Parts(u32),
}
