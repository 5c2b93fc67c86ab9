//! Promising: by when so much of something can be had, from where, what stands in the way, and what else could be had.
//!
//! [`promise`] answers a whole order from [`Facts`] and takes nothing; [`what_if`] answers it twice and tells the answers
//! apart; [`repromise`] shares supply anew among backorders; [`outlook`] shows a SKU day by day. Beneath them stand the
//! [`Timeline`] (a list) and the [`Tree`] (for a hot SKU), the two semantics of available to promise ([`Method`]) and
//! [`allocation`] by demand class. Quantities are in thousandths, money in minor units, days are ISO dates.
//!
//! ```
//! use oms_core::promise::{Facts, Request, promise};
//!
//! let facts: Facts = serde_json::from_str(r#"{
//!     "calendars": {"work": {"week": ["monday", "tuesday", "wednesday", "thursday", "friday"], "cutoff": "12:00"}},
//!     "locations": {"ldn": {"calendar": "work", "processing_days": 1}},
//!     "lanes": [
//!         {"location": "ldn", "service": "slow", "calendar": "work", "min_days": 2, "max_days": 3, "cost": 500},
//!         {"location": "ldn", "service": "fast", "calendar": "work", "min_days": 1, "max_days": 1, "cost": 1500}
//!     ],
//!     "stocks": [{"sku": "CUP", "location": "ldn", "on_hand": 2000}],
//!     "inbound": [{"id": "PO-7", "sku": "CUP", "location": "ldn", "source": "purchase", "stage": "in_transit",
//!         "expected": "2026-11-25", "ordered": 24000}]
//! }"#)?;
//! let request: Request = serde_json::from_str(r#"{
//!     "placed_at": 1795428000000,
//!     "lines": [{"line": 1, "sku": "CUP", "quantity": 6000, "goal": "cheapest"}]
//! }"#)?;
//! let answer = promise(&request, &facts)?;
//! assert_eq!(answer.deliver, "2026-12-01".parse().ok(), "PO-7 on Wednesday, out on Thursday, three days on the way");
//! let sooner = answer.lines[0].sooner.as_ref().ok_or("the fast service")?;
//! assert_eq!((sooner.choice.deliver, sooner.cost.minor()), ("2026-11-27".parse()?, 1000));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod allocation;
mod backorder;
mod binds;
mod check;
mod compare;
mod engine;
mod explode;
mod facts;
mod fence;
mod house;
mod inbound;
mod ledger;
mod names;
mod outlook;
mod peg;
mod ready;
mod request;
mod rules;
mod said;
mod share;
mod timeline;
mod tree;
mod ways;

pub use backorder::{Backorder, Change, Outcome, Strategy, repromise};
pub use compare::{LineChange, WhatIf, differ, what_if};
pub use engine::promise;
pub use facts::{Bid, Bill, Facts, Item, Lane, Load, Mode, Node, Resource, Stock, Substitute};
pub use fence::{Fences, Late};
pub use house::Sending;
pub use inbound::{Inbound, Source, Stage};
pub use names::{CalendarId, DemandClass, ResourceId, Service};
pub use outlook::{Outlook, outlook, timeline as timeline_of};
pub use peg::{Found, Method, accumulated, backward};
pub use request::{
    Alternate, Ask, Bind, Choice, Constraint, Differs, Draw, Goal, LinePromise, Origin, Part, Promise, Request,
};
pub use rules::{BackorderRule, Backorders, MAX_BACKORDER_RULES, MAX_RULE_NAMES};
pub use said::{MAX_SAID, Promising, Worth};
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
/// Most days of one outlook.
pub const MAX_OUTLOOK_DAYS: u32 = 400;
/// Most entries of each kind of fact: one request is answered from one message.
pub const MAX_ENTRIES: usize = 20_000;
/// Most lines of one request, as of an order.
pub const MAX_REQUEST_LINES: usize = 2_000;
/// Most levels of what things are made of.
pub const MAX_BILL_LEVELS: usize = 16;
/// Most looks at supply for one request: bounds the time of an answer.
pub const MAX_WORK: u32 = 500_000;
/// Most alternates told of a line.
pub const MAX_ALTERNATES: usize = 8;
/// Most parts of a split line.
pub const MAX_PARTS: usize = 32;
/// Most backorders of one run.
pub const MAX_BACKORDERS: usize = 20_000;
/// Most schedule lines of one backorder.
pub const MAX_CONFIRMED: usize = 100;
