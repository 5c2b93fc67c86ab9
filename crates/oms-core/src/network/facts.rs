//! The network as routing sees it.

use alloc::vec;
use alloc::vec::Vec;

use super::{Fulfilling, Location, Network, Refusal};
use crate::calendar::{Calendar, Rules};
use crate::routing::{
    self, Allows, Capacity, Carrier, Code, Criterion, Fault, Flaw, NetworkFacts, Node, Policy, Prepared, Rate, Reach,
    Service, Step, Strategy, Zone,
};
use crate::value::{Amount, Day, Label, Quantity};

/// The calendar of a location that names none: every day until midnight UTC.
const EVERY_DAY: &str = "every-day";
/// The carrier of a tenant that has none: everything goes everywhere, at once, for nothing.
const ANY_CARRIER: &str = "any";
/// Heaviest step of a price list that knows one price.
const ANY_WEIGHT: u64 = routing::MAX_GRAMS;

impl Network {
    /// Everything that routing is told of the network.
    pub fn facts(&self) -> NetworkFacts {
        self.facts_with(self.locations.values().map(|location| self.node(location)).collect())
    }

    /// The routing policy and the network made ready around a day. A policy or calendar that time has overtaken (a calendar
    /// whose last working day has passed) leaves the standard policy on plain facts, so that orders are still served.
    pub fn prepared(&self, today: Day) -> Option<Prepared> {
        Prepared::new(&self.policy_in_force(), &self.facts(), today).ok().or_else(|| {
            let plain =
                |location: &Location| self.node(&Location { fulfilling: Fulfilling::default(), ..location.clone() });
            let bare = Self { locations: self.locations.clone(), ..Self::default() };
            let nodes = self.locations.values().map(plain).map(|node| Node { carriers: vec![any()], ..node });
            Prepared::new(&standard(), &bare.facts_with(nodes.collect()), today).ok()
        })
    }

    /// The routing policy in force; without one, the standard.
    pub fn policy_in_force(&self) -> Policy {
        self.policy.clone().unwrap_or_else(standard)
    }

    fn facts_with(&self, locations: Vec<Node>) -> NetworkFacts {
        let mut calendars = self.calendars.clone();
        calendars.entry(every_day()).or_insert_with(Rules::every_day);
        let mut carriers: Vec<Carrier> = self.carriers.values().cloned().collect();
        if carriers.is_empty() {
            carriers.push(any_carrier());
        }
        NetworkFacts { locations, carriers, calendars }
    }

    fn node(&self, location: &Location) -> Node {
        let how = &location.fulfilling;
        let all = || {
            if self.carriers.is_empty() { vec![any()] } else { self.carriers.keys().cloned().collect() }
        };
        let carriers = how.carriers.clone().unwrap_or_else(all);
        Node {
            location: location.id.clone(),
            kind: location.kind,
            country: location.country,
            postal_code: location.postal_code.clone(),
            position: location.position,
            allows: Allows {
                ship: location.ships,
                pick_up: how.pick_up,
                curbside: how.curbside,
                returns: location.accepts_returns,
                hazmat: how.hazmat,
            },
            calendar: how.calendar.clone().unwrap_or_else(every_day),
            processing_days: how.processing_days,
            capacity: how.capacity.map(|can| Capacity {
                daily: can.daily,
                backlog: Quantity::ZERO,
                window_days: can.window_days,
            }),
            carriers,
            pick_pack: how.pick_pack,
            handling: how.handling,
            acceptance_permille: how.acceptance_permille,
        }
    }

    pub(super) fn check_location(&self, location: &Location, _today: Day) -> Result<(), Refusal> {
        let facts = self.facts_with(vec![self.node(location)]);
        within(routing::validate(&standard(), &facts), "/network/locations/0", "/fulfillment")?;
        Ok(())
    }

    pub(super) fn check_carrier(&self, carrier: &Carrier, _today: Day) -> Result<(), Refusal> {
        let alone = Self { carriers: [(carrier.name.clone(), carrier.clone())].into(), ..Self::default() };
        let facts = NetworkFacts { calendars: self.facts_with(vec![]).calendars, ..alone.facts_with(vec![]) };
        within(routing::validate(&standard(), &facts), "/network/carriers/0", "")
    }

    pub(super) fn check_policy(&self, policy: &Policy, _today: Day) -> Result<(), Refusal> {
        within(routing::validate(policy, &self.facts()), "/policy", "")?;
        let faults: Vec<Fault> = idle(policy).collect();
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults)) }
    }
}

/// Strategies that save money first where it costs nothing to ship nothing: they would serve nobody.
fn idle(policy: &Policy) -> impl Iterator<Item = Fault> {
    let free = policy.costs.short_unit.minor() == 0 && policy.costs.short_permille == 0;
    let idles = move |strategy: &Strategy| {
        free && !strategy.limits.ship_complete && strategy.criteria.first() == Some(&Criterion::Cheapest)
    };
    let strategies = policy.strategies.iter().enumerate().filter(move |(_, strategy)| idles(strategy));
    strategies
        .map(|(number, _)| Fault { pointer: alloc::format!("/strategies/{number}/criteria"), flaw: Flaw::ShipsNothing })
}

/// Whether a tenant may give this name: the calendar and the carrier of whoever says nothing have theirs.
pub(super) fn check_name(name: &Code) -> Result<(), Refusal> {
    let taken = [EVERY_DAY, ANY_CARRIER].contains(&name.as_str());
    let fault = || Fault { pointer: "/name".into(), flaw: Flaw::Reserved };
    if taken { Err(Refusal::Faults(vec![fault()])) } else { Ok(()) }
}

/// Whether a calendar has working days, also from today on.
pub(super) fn check_calendar(rules: &Rules, today: Day) -> Result<(), Refusal> {
    Calendar::prepare(rules, today).map(|_| ()).map_err(|invalid| {
        let pointer = alloc::format!("/{}", invalid.field.replace('.', "/"));
        let flaw = Flaw::Calendar { field: invalid.field, problem: invalid.problem };
        Refusal::Faults(vec![Fault { pointer, flaw }])
    })
}

/// The faults below a pointer, told from what was put.
fn within(found: Result<(), Vec<Fault>>, root: &str, base: &str) -> Result<(), Refusal> {
    let Err(faults) = found else { return Ok(()) };
    let mine = faults.into_iter().filter_map(|fault| {
        let rest = fault.pointer.strip_prefix(root)?;
        Some(Fault { pointer: alloc::format!("{base}{rest}"), flaw: fault.flaw })
    });
    let mine: Vec<Fault> = mine.collect();
    if mine.is_empty() { Ok(()) } else { Err(Refusal::Faults(mine)) }
}

fn every_day() -> Code {
    Code::of_the_house(EVERY_DAY)
}

fn any() -> Code {
    Code::of_the_house(ANY_CARRIER)
}

/// True for the carrier of a tenant that names none: it says nothing of days.
pub fn is_any_carrier(carrier: Option<&Code>) -> bool {
    carrier.is_some_and(|carrier| carrier.as_str() == ANY_CARRIER)
}

/// The policy of a tenant that has none.
fn standard() -> Policy {
    Policy { version: 0, ..Policy::standard(Label::of_the_house("standard")) }
}

/// A carrier that goes everywhere, at once, for nothing: a tenant that names no carriers is routed by distance alone.
fn any_carrier() -> Carrier {
    let rate = Rate {
        zone: any(),
        days: (0, 0),
        steps: vec![Step { up_to_grams: ANY_WEIGHT, price: Amount::default() }],
        beyond_per_kg: Amount::default(),
    };
    let service = Service { name: any(), calendar: every_day(), hazmat: true, heaviest_grams: None, rates: vec![rate] };
    Carrier { name: any(), zones: vec![Zone { name: any(), reach: Reach::Anywhere }], services: vec![service] }
}
