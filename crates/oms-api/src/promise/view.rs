//! A promise as the API shows it.

use alloc::vec::Vec;

use oms_core::calendar::Schedule;
use oms_core::promise::{
    Alternate, Bind, Choice, Constraint, Differs, Draw, LineChange, LinePromise, Origin, Part, Promise, Service, WhatIf,
};
use oms_core::value::{Amount, Day, Delta, Label, LocationId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::show::Shown;

/// A promise.
#[derive(Debug, Serialize)]
pub struct PromiseView<'a> {
    deliver: Option<Day>,
    cost: Amount,
    lines: Vec<LineView<'a>>,
    as_of: Shown<Timestamp>,
}

#[derive(Debug, Serialize)]
struct LineView<'a> {
    line: u32,
    deliver: Option<Day>,
    short: Shown<Quantity>,
    parts: Vec<PartView<'a>>,
    binds: Vec<BindView<'a>>,
    alternates: Vec<AlternateView<'a>>,
    sooner: Option<AlternateView<'a>>,
}

#[derive(Debug, Serialize)]
struct PartView<'a> {
    sku: &'a Sku,
    location: &'a LocationId,
    service: &'a Service,
    quantity: Shown<Quantity>,
    ready: Day,
    dates: Schedule,
    order_by: Shown<Timestamp>,
    from: Vec<DrawView<'a>>,
}

#[derive(Debug, Serialize)]
struct DrawView<'a> {
    sku: &'a Sku,
    location: &'a LocationId,
    quantity: Shown<Quantity>,
    day: Day,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inbound: Option<&'a Label>,
}

/// What binds, and how many days sooner it would be without it; nothing when the line can be had only without it.
#[derive(Debug, Serialize)]
struct BindView<'a> {
    code: &'static str,
    days: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a LocationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a Service>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inbound: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<Shown<Timestamp>>,
}

/// Another way: days later and cost more than what is promised; sooner and less when negative.
#[derive(Debug, Serialize)]
struct AlternateView<'a> {
    deliver: Day,
    days: i32,
    cost: Amount,
    differs: &'a [Differs],
    parts: Vec<PartView<'a>>,
}

impl<'a> PromiseView<'a> {
    /// A promise worked out from what was so at a moment.
    pub fn new(promise: &'a Promise, as_of: Timestamp) -> Self {
        Self {
            deliver: promise.deliver,
            cost: promise.cost,
            lines: promise.lines.iter().map(LineView::new).collect(),
            as_of: Shown(as_of),
        }
    }
}

impl<'a> LineView<'a> {
    fn new(line: &'a LinePromise) -> Self {
        Self {
            line: line.line,
            deliver: line.choice.as_ref().map(|choice| choice.deliver),
            short: Shown(line.short),
            parts: line.choice.as_ref().map(parts).unwrap_or_default(),
            binds: line.binds.iter().map(BindView::new).collect(),
            alternates: line.alternates.iter().map(AlternateView::new).collect(),
            sooner: line.sooner.as_ref().map(AlternateView::new),
        }
    }
}

fn parts(choice: &Choice) -> Vec<PartView<'_>> {
    choice.parts.iter().map(PartView::new).collect()
}

impl<'a> PartView<'a> {
    fn new(part: &'a Part) -> Self {
        Self {
            sku: &part.sku,
            location: &part.location,
            service: &part.service,
            quantity: Shown(part.quantity),
            ready: part.ready,
            dates: part.schedule,
            order_by: Shown(part.order_by),
            from: part.draws.iter().map(DrawView::new).collect(),
        }
    }
}

impl<'a> DrawView<'a> {
    fn new(draw: &'a Draw) -> Self {
        let (origin, inbound) = match &draw.from {
            Origin::Stock => ("stock", None),
            Origin::Inbound(number) => ("inbound", Some(number)),
            Origin::Freed => ("freed", None),
            Origin::Fence => ("fence", None),
            Origin::Infinite => ("infinite", None),
            Origin::LeadTime => ("lead_time", None),
            Origin::Made { .. } => ("made", None),
        };
        Self {
            sku: &draw.sku,
            location: &draw.location,
            quantity: Shown(draw.quantity),
            day: draw.day,
            origin,
            inbound,
        }
    }
}

impl<'a> BindView<'a> {
    fn new(bind: &'a Bind) -> Self {
        let bare = |code| Self { code, days: bind.days, location: None, service: None, inbound: None, missed: None };
        match &bind.constraint {
            Constraint::Supply { last } => {
                let inbound = last.as_ref().and_then(|draw| match &draw.from {
                    Origin::Inbound(number) => Some(number),
                    Origin::Stock
                    | Origin::Freed
                    | Origin::Fence
                    | Origin::Infinite
                    | Origin::LeadTime
                    | Origin::Made { .. } => None,
                });
                Self { location: last.as_ref().map(|draw| &draw.location), inbound, ..bare("supply") }
            }
            Constraint::LeadTime => bare("lead_time"),
            Constraint::Capacity { .. } => bare("capacity"),
            Constraint::Allocation { .. } => bare("allocation"),
            Constraint::Cutoff { location, missed } => {
                Self { location: Some(location), missed: Some(Shown(*missed)), ..bare("cutoff") }
            }
            Constraint::Calendar { .. } => bare("calendar"),
            Constraint::Processing { location, .. } => Self { location: Some(location), ..bare("processing") },
            Constraint::Transit { location, service, .. } => {
                Self { location: Some(location), service: Some(service), ..bare("transit") }
            }
            Constraint::TransitCalendar { .. } => bare("transit_calendar"),
        }
    }
}

impl<'a> AlternateView<'a> {
    fn new(other: &'a Alternate) -> Self {
        Self {
            deliver: other.choice.deliver,
            days: other.days,
            cost: other.cost,
            differs: &other.differs,
            parts: parts(&other.choice),
        }
    }
}

/// The same request on things as they are, and as they are supposed.
#[derive(Debug, Serialize)]
pub struct WhatIfView<'a> {
    before: PromiseView<'a>,
    after: PromiseView<'a>,
    changes: Vec<ChangeView<'a>>,
}

#[derive(Debug, Serialize)]
struct ChangeView<'a> {
    line: u32,
    before: Option<Day>,
    after: Option<Day>,
    days: Option<i32>,
    cost: Amount,
    short: Shown<Delta>,
    rerouted: bool,
    binds: Vec<BindView<'a>>,
    freed: Vec<BindView<'a>>,
}

impl<'a> WhatIfView<'a> {
    /// Both, and what is different.
    pub fn new(both: &'a WhatIf, as_of: Timestamp) -> Self {
        Self {
            before: PromiseView::new(&both.before, as_of),
            after: PromiseView::new(&both.after, as_of),
            changes: both.changes.iter().map(ChangeView::new).collect(),
        }
    }
}

impl<'a> ChangeView<'a> {
    fn new(change: &'a LineChange) -> Self {
        Self {
            line: change.line,
            before: change.before,
            after: change.after,
            days: change.days,
            cost: change.cost,
            short: Shown(change.short),
            rerouted: change.rerouted,
            binds: change.binds.iter().map(BindView::new).collect(),
            freed: change.freed.iter().map(BindView::new).collect(),
        }
    }
}
