//! What can be no facts and no request. Every refusal names its field.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};

use super::facts::{Bill, Facts, Item, Lane, Mode, Resource, Stock};
use super::fence::within;
use super::{
    CalendarId, Component, Goal, MAX_ENTRIES, MAX_PARTS, MAX_REQUEST_LINES, MOST_QUANTITY, Method, Request, Service,
    explode,
};
use crate::value::{Amount, Day, Invalid, Label, LocationId, Problem, Quantity, Sku};

impl Facts {
    /// Refuses facts that make no sense, naming the field: negative days, unknown calendars, locations and resources,
    /// calendars without working days (when they are prepared), bills and kits that lead back to themselves.
    pub fn check(&self) -> Result<(), Invalid> {
        self.check_sizes()?;
        for (id, rules) in &self.calendars {
            rules.check().map_err(|problem| problem.within(format!("calendars.{id}")))?;
        }
        for (id, node) in &self.locations {
            let checked = self.known_calendar(&node.calendar).and(within("processing_days", node.processing_days));
            checked.map_err(|problem| problem.within(format!("locations.{id}")))?;
        }
        each("lanes", &self.lanes, |lane| self.check_lane(lane))?;
        for (sku, item) in &self.items {
            self.check_item(item).map_err(|problem| problem.within(format!("items.{sku}")))?;
        }
        each("stocks", &self.stocks, |stock| self.check_stock(stock))?;
        each("inbound", &self.inbound, |inbound| {
            inbound.check()?;
            self.known_location(&inbound.location)
        })?;
        for (id, resource) in &self.resources {
            self.check_resource(resource).map_err(|problem| problem.within(format!("resources.{id}")))?;
        }
        each("bids", &self.bids, |bid| self.known_location(&bid.location))?;
        self.check_allocations()?;
        self.check_unique()?;
        explode::check(self)
    }

    fn check_sizes(&self) -> Result<(), Invalid> {
        let sizes = [
            ("calendars", self.calendars.len()),
            ("locations", self.locations.len()),
            ("lanes", self.lanes.len()),
            ("items", self.items.len()),
            ("stocks", self.stocks.len()),
            ("inbound", self.inbound.len()),
            ("resources", self.resources.len()),
            ("allocations", self.allocations.len()),
            ("bids", self.bids.len()),
        ];
        match sizes.into_iter().find(|(_, size)| *size > MAX_ENTRIES) {
            Some((field, _)) => Err(Invalid::new(field, Problem::TooMany { most: MAX_ENTRIES as u64 })),
            None => Ok(()),
        }
    }

    fn check_lane(&self, lane: &Lane) -> Result<(), Invalid> {
        self.known_location(&lane.location)?;
        self.known_calendar(&lane.calendar)?;
        within("min_days", lane.min_days)?;
        within("max_days", lane.max_days)?;
        if lane.max_days < lane.min_days {
            return Err(Invalid::new("max_days", Problem::Unordered));
        }
        not_negative("cost", lane.cost)?;
        not_negative("unit_cost", lane.unit_cost)
    }

    fn check_item(&self, item: &Item) -> Result<(), Invalid> {
        self.check_mode(&item.mode).map_err(|problem| problem.within("mode"))?;
        for (location, mode) in &item.mode_at {
            let known = self.known_location(location).map_err(|problem| problem.within("mode_at"));
            known.and(self.check_mode(mode).map_err(|problem| problem.within(format!("mode_at.{location}"))))?;
        }
        item.fences.check().map_err(|problem| problem.within("fences"))?;
        each("substitutes", &item.substitutes, |other| not_negative("unit_cost", other.unit_cost))
    }

    fn check_mode(&self, mode: &Mode) -> Result<(), Invalid> {
        match mode {
            Mode::Infinite | Mode::Atp => Ok(()),
            Mode::LeadTime { days } => within("lead_time.days", *days),
            Mode::Ctp { bill } => self.check_bill(bill).map_err(|problem| problem.within("ctp.bill")),
            Mode::Kit { components } if components.is_empty() => Err(Invalid::new("kit.components", Problem::Empty)),
            Mode::Kit { components } => check_components("kit.components", components),
        }
    }

    fn check_bill(&self, bill: &Bill) -> Result<(), Invalid> {
        within("lead_days", bill.lead_days)?;
        if let Some(load) = &bill.load {
            if !self.resources.contains_key(&load.resource) {
                return Err(Invalid::new("load.resource", Problem::unknown(&load.resource)));
            }
            bounded("load.per", load.per)?;
        }
        check_components("components", &bill.components)
    }

    fn check_stock(&self, stock: &Stock) -> Result<(), Invalid> {
        self.known_location(&stock.location)?;
        bounded("on_hand", stock.on_hand)?;
        bounded("kept_back", stock.kept_back)?;
        not_negative("unit_cost", stock.unit_cost)?;
        each("commitments", &stock.commitments, |step| bounded("quantity", step.quantity))
    }

    fn check_resource(&self, resource: &Resource) -> Result<(), Invalid> {
        self.known_calendar(&resource.calendar)?;
        if resource.per_day.is_zero() {
            return Err(Invalid::new("per_day", Problem::Zero));
        }
        bounded("per_day", resource.per_day)
    }

    fn check_allocations(&self) -> Result<(), Invalid> {
        each("allocations", &self.allocations, |allocation| {
            self.known_location(&allocation.location)?;
            let method = self.items.get(&allocation.sku).map(|item| item.method).unwrap_or_default();
            if method != Method::Netted {
                // What is kept for others is kept from what is left; pegged receipts have no such thing.
                return Err(Invalid::new(
                    "sku",
                    Problem::Excludes { name: format!("items.{}.method", allocation.sku) },
                ));
            }
            allocation.check()
        })
    }

    fn check_unique(&self) -> Result<(), Invalid> {
        let at = |(sku, location): &(&Sku, &LocationId)| format!("{sku} at {location}");
        unique("stocks", self.stocks.iter().map(|stock| (&stock.sku, &stock.location)), at)?;
        unique("allocations", self.allocations.iter().map(|pool| (&pool.sku, &pool.location)), at)?;
        let by = |(location, service): &(&LocationId, &Service)| format!("{location} by {service}");
        unique("lanes", self.lanes.iter().map(|lane| (&lane.location, &lane.service)), by)?;
        let line = |inbound: &(&Label, &Sku, &LocationId)| inbound.0.to_string();
        unique("inbound", self.inbound.iter().map(|inbound| (&inbound.id, &inbound.sku, &inbound.location)), line)
    }

    fn known_calendar(&self, id: &CalendarId) -> Result<(), Invalid> {
        if self.calendars.contains_key(id) { Ok(()) } else { Err(Invalid::new("calendar", Problem::unknown(id))) }
    }

    pub(super) fn known_location(&self, id: &LocationId) -> Result<(), Invalid> {
        if self.locations.contains_key(id) { Ok(()) } else { Err(Invalid::new("location", Problem::unknown(id))) }
    }
}

impl Request {
    /// Refuses a request that makes no sense beside these facts, naming the field.
    pub fn check(&self, facts: &Facts) -> Result<(), Invalid> {
        if self.lines.is_empty() {
            return Err(Invalid::new("lines", Problem::Empty));
        }
        if self.lines.len() > MAX_REQUEST_LINES {
            return Err(Invalid::new("lines", Problem::TooMany { most: MAX_REQUEST_LINES as u64 }));
        }
        unique("lines", self.lines.iter().map(|ask| ask.line), |line| line.to_string())?;
        each("lines", &self.lines, |ask| {
            if ask.quantity.is_zero() {
                return Err(Invalid::new("quantity", Problem::Zero));
            }
            bounded("quantity", ask.quantity)?;
            each("only_from", &ask.only_from, |location| {
                let known = facts.locations.contains_key(location);
                if known { Ok(()) } else { Err(Invalid::new("", Problem::unknown(location))) }
            })
        })?;
        self.check_costs(facts)
    }

    /// Refuses a line from which on costs could not be counted exactly, whichever way it is had: held at a bound, two
    /// ways would seem to cost the same.
    fn check_costs(&self, facts: &Facts) -> Result<(), Invalid> {
        let substitutes = facts.items.values().flat_map(|item| &item.substitutes).map(|other| other.unit_cost);
        let each = dearest(facts.lanes.iter().map(|lane| lane.unit_cost))
            .saturating_add(dearest(facts.stocks.iter().map(|stock| stock.unit_cost)))
            .saturating_add(dearest(facts.bids.iter().map(|bid| bid.price)))
            .saturating_add(dearest(substitutes));
        let lanes = dearest(facts.lanes.iter().map(|lane| lane.cost)).saturating_mul(MAX_PARTS as u128);
        let mut left = magnitude(Amount::MAX);
        for (at, ask) in self.lines.iter().enumerate() {
            let (price, late) = match ask.goal {
                Goal::Profit { unit_price, late_per_day } => (magnitude(unit_price), magnitude(late_per_day)),
                Goal::Wanted | Goal::Earliest | Goal::Cheapest => (0, 0),
            };
            let whole = late.saturating_mul(u128::from(Day::LAST.number().unsigned_abs())).saturating_add(lanes);
            let (each, units) = (each.saturating_add(price), u128::from(ask.quantity.thousandths()));
            let worst = units.saturating_mul(each).div_ceil(UNIT).saturating_add(whole);
            let Some(rest) = left.checked_sub(worst) else {
                let most = left.saturating_sub(whole).saturating_mul(UNIT).checked_div(each).unwrap_or(0);
                let problem = Problem::Beyond { most: u64::try_from(most).unwrap_or(u64::MAX) };
                return Err(Invalid::new(format!("lines[{at}].quantity"), problem));
            };
            left = rest;
        }
        Ok(())
    }
}

/// Thousandths in a unit.
const UNIT: u128 = 1_000;

/// The largest of some amounts, whatever their signs.
fn dearest(amounts: impl Iterator<Item = Amount>) -> u128 {
    amounts.map(magnitude).max().unwrap_or(0)
}

fn magnitude(amount: Amount) -> u128 {
    u128::from(amount.minor().unsigned_abs())
}

pub(super) fn each<'a, T>(
    field: &str,
    all: &'a [T],
    mut check: impl FnMut(&'a T) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    let mut numbered = all.iter().enumerate();
    numbered.try_for_each(|(at, one)| check(one).map_err(|problem| problem.within(format!("{field}[{at}]"))))
}

fn check_components(field: &str, components: &[Component]) -> Result<(), Invalid> {
    each(field, components, |component| {
        if component.per.is_zero() { Err(Invalid::new("per", Problem::Zero)) } else { bounded("per", component.per) }
    })
}

fn unique<T: Ord>(field: &str, all: impl Iterator<Item = T>, name: impl Fn(&T) -> String) -> Result<(), Invalid> {
    let mut seen = BTreeSet::new();
    for one in all {
        if let Some(one) = seen.replace(one) {
            return Err(Invalid::new(field, Problem::Twice { name: name(&one) }));
        }
    }
    Ok(())
}

pub(super) fn bounded(field: &str, quantity: Quantity) -> Result<(), Invalid> {
    if quantity <= MOST_QUANTITY {
        Ok(())
    } else {
        Err(Invalid::new(field, Problem::Beyond { most: MOST_QUANTITY.thousandths() }))
    }
}

pub(super) fn not_negative(field: &str, amount: Amount) -> Result<(), Invalid> {
    if amount.is_negative() { Err(Invalid::new(field, Problem::Negative)) } else { Ok(()) }
}
