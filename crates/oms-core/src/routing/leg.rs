//! How a location would reach a customer: by which service, when, at what price.

use super::network::{Node, Rate};
use super::{Carrier, Code, LeftOutWhy, MAX_DAYS, Method, OrderFacts, Parcel, Prepared, Service};
use crate::calendar::{Calendar, Route};
use crate::value::{Day, LocationId};

/// A location's way to the customer of an order.
#[derive(Clone, Debug)]
pub(super) struct Leg<'a> {
    /// Meters to the destination.
    pub(super) meters: Option<u64>,
    /// What carries; nothing when the customer comes.
    pub(super) by: Option<Carriage<'a>>,
    /// The day it leaves or lies ready.
    pub(super) ships: Day,
    /// The last day of the delivery window.
    pub(super) delivers: Day,
    /// Days from placing to delivery.
    pub(super) days: i32,
    /// Whether dangerous goods may take it.
    pub(super) hazmat: bool,
}

impl Leg<'_> {
    /// Whether goods that go this way from a location can go in a parcel.
    pub(super) fn joins(&self, location: &LocationId, parcel: &Parcel) -> bool {
        let same = |by: Carriage<'_>| *by.carrier == parcel.carrier && by.service.name == parcel.service;
        *location == parcel.location && self.ships == parcel.ships && self.by.is_some_and(same)
    }
}

/// A carrier's service, with its rate to the zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carriage<'a> {
    pub(super) carrier: &'a Code,
    pub(super) service: &'a Service,
    pub(super) rate: &'a Rate,
}

/// What is looked for: a parcel of at most so many grams, with or without dangerous goods, by which days how many thousandths
/// of it are wanted besides the order's day, and whether being in time comes before the price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load<'l> {
    pub(super) grams: u64,
    pub(super) hazmat: bool,
    pub(super) wanted: &'l [(Day, u64)],
    pub(super) on_time: bool,
}

impl Load<'_> {
    /// Whether some of it would be late, where it must not be.
    fn too_late(&self, delivers: Day, order: &OrderFacts) -> bool {
        let mut days = self.wanted.iter().map(|(day, _)| Some(*day)).chain([order.requested_by]);
        self.on_time && days.any(|day| days_late(delivers, day) > 0)
    }

    /// What the lateness of its units costs, in minor units.
    fn lateness(&self, delivers: Day, unit_day: i64) -> i64 {
        let late = |(day, thousandths): &(Day, u64)| {
            u128::from(*thousandths).saturating_mul(days_late(delivers, Some(*day)).into())
        };
        let unit_days = self.wanted.iter().map(late).fold(0, u128::saturating_add).div_ceil(1_000);
        unit_day.saturating_mul(i64::try_from(unit_days).unwrap_or(i64::MAX))
    }
}

/// The way of a location, or why there is none.
pub(super) fn leg<'a>(
    prepared: &'a Prepared,
    order: &OrderFacts,
    node: &'a Node,
    load: Load<'_>,
) -> Result<Leg<'a>, LeftOutWhy> {
    let meters = node.position.zip(order.to.position).map(|(from, to)| from.distance_meters(&to));
    let calendar = prepared.calendar(&node.calendar).ok_or(LeftOutWhy::NoDate)?;
    match &order.method {
        Method::ShipToStore { location } if node.location == *location => {
            at_the_door(order, node, calendar, node.allows.pick_up, location, meters)
        }
        Method::Ship | Method::ShipToStore { .. } if !node.allows.ship => Err(LeftOutWhy::NotAllowed),
        Method::Ship | Method::ShipToStore { .. } => by_carrier(prepared, order, node, calendar, load, meters),
        Method::PickUp { location } => at_the_door(order, node, calendar, node.allows.pick_up, location, meters),
        Method::Curbside { location } => at_the_door(order, node, calendar, node.allows.curbside, location, meters),
    }
}

fn at_the_door<'a>(
    order: &OrderFacts,
    node: &Node,
    calendar: &Calendar,
    allowed: bool,
    chosen: &LocationId,
    meters: Option<u64>,
) -> Result<Leg<'a>, LeftOutWhy> {
    if !allowed || node.location != *chosen {
        return Err(LeftOutWhy::NotAllowed);
    }
    let ready = calendar.ship_day(order.placed_at, processing(node)).ok_or(LeftOutWhy::NoDate)?;
    let days = days_until(order, ready);
    Ok(Leg { meters, by: None, ships: ready, delivers: ready, days, hazmat: node.allows.hazmat })
}

/// Processing days, those included that what already waits takes.
fn processing(node: &Node) -> u32 {
    let waiting = node.capacity.map_or(0, |capacity| capacity.backlog_days());
    node.processing_days.saturating_add(waiting).min(MAX_DAYS)
}

/// The best service: one that is in time, where that is asked for; among these the one whose price and lateness together cost
/// least, then the earliest, then the first.
/// Dangerous goods are tried first, as whoever takes them takes everything.
fn by_carrier<'a>(
    prepared: &'a Prepared,
    order: &OrderFacts,
    node: &'a Node,
    calendar: &Calendar,
    load: Load<'_>,
    meters: Option<u64>,
) -> Result<Leg<'a>, LeftOutWhy> {
    let best = |hazmat: bool| {
        let candidates = node.carriers.iter().filter_map(|name| prepared.carrier(name)).flat_map(|carrier| {
            let carriages = carriages(carrier, order, meters, Load { hazmat, ..load });
            carriages.filter_map(|by| dated(prepared, order, node, calendar, by))
        });
        candidates.min_by_key(|(by, _, delivers)| {
            (load.too_late(*delivers, order), price(prepared, order, by, *delivers, load), *delivers)
        })
    };
    let dangerous = load.hazmat && node.allows.hazmat;
    let found = if dangerous { best(true).map(|found| (found, true)) } else { None };
    let ((by, ships, delivers), hazmat) =
        found.or_else(|| best(false).map(|found| (found, false))).ok_or(LeftOutWhy::NoService)?;
    Ok(Leg { meters, by: Some(by), ships, delivers, days: days_until(order, delivers), hazmat })
}

fn days_until(order: &OrderFacts, delivers: Day) -> i32 {
    delivers.days_since(Day::of_utc(order.placed_at)).max(0)
}

fn carriages<'a>(
    carrier: &'a Carrier,
    order: &OrderFacts,
    meters: Option<u64>,
    load: Load<'_>,
) -> impl Iterator<Item = Carriage<'a>> {
    let zone = carrier.zone(&order.to, meters);
    let fits = move |service: &&Service| service.carries(load.grams) && (service.hazmat || !load.hazmat);
    zone.into_iter().flat_map(move |zone| {
        carrier.services.iter().filter(fits).filter_map(move |service| {
            let rate = service.rates.iter().find(|rate| rate.zone == zone.name)?;
            Some(Carriage { carrier: &carrier.name, service, rate })
        })
    })
}

fn dated<'a>(
    prepared: &'a Prepared,
    order: &OrderFacts,
    node: &Node,
    calendar: &Calendar,
    by: Carriage<'a>,
) -> Option<(Carriage<'a>, Day, Day)> {
    let transit = prepared.calendar(&by.service.calendar)?;
    let (fastest, slowest) = by.rate.days;
    let route = Route { node: calendar, processing: processing(node), transit, fastest, slowest };
    let schedule = route.forward(order.placed_at, None)?;
    Some((by, schedule.ship, schedule.deliver))
}

/// Price of the whole load and the cost of its lateness, in minor units.
fn price(prepared: &Prepared, order: &OrderFacts, by: &Carriage<'_>, delivers: Day, load: Load<'_>) -> i64 {
    let costs = &prepared.policy.costs;
    let late = i64::from(days_late(delivers, order.requested_by));
    let lateness = costs.late_parcel_day.minor().saturating_mul(late);
    let of_units = load.lateness(delivers, costs.late_unit_day.minor());
    by.rate.price(load.grams).saturating_add(lateness).saturating_add(of_units)
}

/// Days after a wanted day, at most [`MAX_DAYS`]; none without one.
pub(super) fn days_late(delivers: Day, wanted: Option<Day>) -> u32 {
    let days = wanted.map_or(0, |wanted| delivers.days_since(wanted).max(0));
    u32::try_from(days).unwrap_or(0).min(MAX_DAYS)
}
