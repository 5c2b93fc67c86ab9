//! Calendars: how they are put and shown.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::calendar::{Clock, OffsetChange, Rules, Zone};
use oms_core::network::Network;
use oms_core::routing::Code;
use oms_core::value::{Day, Timestamp, Weekday};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;
use crate::show::Shown;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    week: Vec<Weekday>,
    #[serde(default)]
    holidays: Vec<Day>,
    #[serde(default)]
    extra: Vec<Day>,
    zone: Option<Object<ZoneBody>>,
    #[serde(default)]
    cutoff: Clock,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ZoneBody {
    #[serde(default)]
    offset_minutes: i32,
    #[serde(default)]
    changes: Vec<Object<ChangeBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ChangeBody {
    at: String,
    offset_minutes: i32,
}

/// Reads the body of `PUT /v1/calendars/{name}`.
///
/// # Errors
/// The problem with the name or the body.
pub fn put_calendar(named: &str, bytes: &[u8]) -> Result<(Code, Rules), Problem> {
    let name = super::name(named)?;
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let zone = body.zone.as_ref().map(|zone| self::zone(&mut faults, zone)).unwrap_or_default();
    let Body { week, holidays, extra, cutoff, zone: _ } = body;
    faults.finish(|| Some((name, Rules { week, holidays, extra, zone, cutoff })))
}

fn zone(faults: &mut Faults, body: &ZoneBody) -> Zone {
    let changes = (0_usize..).zip(&body.changes).filter_map(|(index, change)| {
        let at = faults.read(&format!("/zone/changes/{index}"), "at", &change.at)?;
        Some(OffsetChange { at, offset_minutes: change.offset_minutes })
    });
    Zone { changes: changes.collect(), offset_minutes: body.offset_minutes }
}

/// A calendar as it is shown.
#[derive(Debug, Serialize)]
pub struct CalendarView<'a> {
    name: &'a Code,
    week: &'a [Weekday],
    holidays: &'a [Day],
    extra: &'a [Day],
    zone: ZoneView,
    cutoff: Clock,
}

#[derive(Debug, Serialize)]
struct ZoneView {
    offset_minutes: i32,
    changes: Vec<ChangeView>,
}

#[derive(Debug, Serialize)]
struct ChangeView {
    at: Shown<Timestamp>,
    offset_minutes: i32,
}

impl<'a> CalendarView<'a> {
    /// A calendar of the network.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn new(network: &'a Network, named: &str) -> Result<Self, Problem> {
        let found = network.calendars.iter().find(|(name, _)| name.as_str() == named);
        let (name, rules) = found.ok_or_else(|| Problem::not_found("calendar"))?;
        let change = |one: &OffsetChange| ChangeView { at: Shown(one.at), offset_minutes: one.offset_minutes };
        let zone = ZoneView {
            offset_minutes: rules.zone.offset_minutes,
            changes: rules.zone.changes.iter().map(change).collect(),
        };
        let Rules { week, holidays, extra, zone: _, cutoff } = rules;
        Ok(Self { name, week, holidays, extra, zone, cutoff: *cutoff })
    }
}
