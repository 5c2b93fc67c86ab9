//! Whether a policy, the network it speaks of and an order make sense: every fault, where it is.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::fault::at;
use super::network::{Carrier, Code, Node, Rate, Service};
use super::policy::{Accept, Costs, Criterion, Limits, Strategy, When};
use super::{
    Fault, Flaw, MAX_CALENDARS, MAX_CARRIERS, MAX_COST, MAX_CRITERIA, MAX_DAYS, MAX_FAULTS, MAX_GRAMS, MAX_LINES,
    MAX_LISTED, MAX_NODES, MAX_OFFERS, MAX_PERMILLE, MAX_QUANTITY, MAX_SERVICES, MAX_STEPS, MAX_STRATEGIES, MAX_ZONES,
    NetworkFacts, OfferFacts, OrderFacts, Policy,
};
use crate::sorting::Gather as _;
use crate::value::{Amount, LocationId, Sku};

/// Whether a policy and the network can be routed by.
///
/// # Errors
/// Every fault of both, at most [`MAX_FAULTS`]; pointers begin with `/policy` or `/network`.
pub fn validate(policy: &Policy, network: &NetworkFacts) -> Result<(), Vec<Fault>> {
    let mut faults = Faults(Vec::new());
    let known = network.locations.iter().map(|node| &node.location).into_set();
    the_policy(&mut faults, policy, &known);
    the_network(&mut faults, network);
    faults.result()
}

/// Whether an order and what is on offer for it can be routed.
///
/// # Errors
/// Every fault of both, at most [`MAX_FAULTS`]; pointers begin with `/order` or `/offers`.
pub fn check_order(order: &OrderFacts, offers: &[OfferFacts]) -> Result<(), Vec<Fault>> {
    let mut faults = Faults(Vec::new());
    if order.lines.is_empty() {
        faults.add("/order/lines", Flaw::Empty);
    }
    faults.count("/order/lines", order.lines.len(), MAX_LINES);
    faults.count("/order/items", order.items.len(), MAX_LINES);
    faults.count("/offers", offers.len(), MAX_OFFERS);
    faults.unique("/order/lines", "line", order.lines.iter().map(|line| line.line));
    faults.unique("/order/items", "sku", order.items.iter().map(|item| &item.sku));
    faults.unique("/offers", "sku", offers.iter().map(|offer| Pair(&offer.sku, &offer.location)));
    for (number, line) in order.lines.iter().enumerate() {
        let here = format!("/order/lines/{number}");
        faults.money(&at(&here, "unit_value"), line.unit_value);
        faults.up_to(&at(&here, "quantity"), line.quantity.thousandths(), MAX_QUANTITY);
        if line.quantity.is_zero() {
            faults.add(&at(&here, "quantity"), Flaw::Zero);
        }
    }
    for (number, item) in order.items.iter().enumerate() {
        faults.up_to(&format!("/order/items/{number}/grams"), item.grams, MAX_GRAMS);
    }
    for (number, offer) in offers.iter().enumerate() {
        faults.money(&format!("/offers/{number}/markdown"), offer.markdown);
        faults.money(&format!("/offers/{number}/stock_out"), offer.stock_out);
    }
    faults.result()
}

/// A SKU at a location.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Pair<'a>(&'a Sku, &'a LocationId);

impl core::fmt::Display for Pair<'_> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "{} at {}", self.0, self.1)
    }
}

fn the_policy(faults: &mut Faults, policy: &Policy, known: &BTreeSet<&LocationId>) {
    costs(faults, &policy.costs);
    let root = "/policy/strategies";
    if policy.strategies.is_empty() {
        faults.add(root, Flaw::Empty);
    }
    faults.count(root, policy.strategies.len(), MAX_STRATEGIES);
    faults.unique(root, "name", policy.strategies.iter().map(|strategy| &strategy.name));
    for (number, one) in policy.strategies.iter().enumerate() {
        strategy(faults, &at(root, number), one, known);
    }
    if policy.strategies.last().is_some_and(|last| !last.when.is_always() || last.accept != Accept::Anything) {
        faults.add(&at(root, policy.strategies.len().saturating_sub(1)), Flaw::NoCatchAll);
    }
}

fn costs(faults: &mut Faults, costs: &Costs) {
    let amounts = [
        ("reroute", costs.reroute),
        ("backlog_day", costs.backlog_day),
        ("late_parcel_day", costs.late_parcel_day),
        ("late_unit_day", costs.late_unit_day),
        ("short_unit", costs.short_unit),
    ];
    for (field, amount) in amounts {
        faults.money(&at("/policy/costs", field), amount);
    }
    faults.up_to("/policy/costs/short_permille", costs.short_permille.into(), MAX_PERMILLE.into());
}

fn strategy(faults: &mut Faults, here: &str, strategy: &Strategy, known: &BTreeSet<&LocationId>) {
    let criteria = at(here, "criteria");
    match strategy.criteria.first() {
        None => faults.add(&criteria, Flaw::Empty),
        Some(Criterion::LeastShort | Criterion::Cheapest) => {}
        Some(
            Criterion::FewestShipments
            | Criterion::Nearest
            | Criterion::Earliest
            | Criterion::Priority { .. }
            | Criterion::BalanceLoad
            | Criterion::ProtectStores,
        ) => faults.add(&criteria, Flaw::ShipsNothing),
    }
    faults.count(&criteria, strategy.criteria.len(), MAX_CRITERIA);
    for (number, criterion) in strategy.criteria.iter().enumerate() {
        if let Criterion::Priority { lists } = criterion {
            priority(faults, &at(&at(&at(&criteria, number), "priority"), "lists"), lists, known);
        }
    }
    for (field, listed) in [("only", &strategy.from.only), ("never", &strategy.from.never)] {
        locations(faults, &at(&at(here, "from"), field), listed, known);
    }
    when(faults, &at(here, "when"), &strategy.when);
    limits(faults, &at(here, "limits"), &strategy.limits);
}

fn priority(faults: &mut Faults, here: &str, lists: &[Vec<LocationId>], known: &BTreeSet<&LocationId>) {
    if lists.is_empty() {
        faults.add(here, Flaw::Empty);
    }
    faults.count(here, lists.len(), MAX_LISTED);
    for (number, list) in lists.iter().enumerate() {
        if list.is_empty() {
            faults.add(&at(here, number), Flaw::Empty);
        }
        locations(faults, &at(here, number), list, known);
    }
    faults.unique(here, "", lists.iter().flatten());
}

fn locations(faults: &mut Faults, here: &str, listed: &[LocationId], known: &BTreeSet<&LocationId>) {
    faults.count(here, listed.len(), MAX_LISTED);
    for (number, location) in listed.iter().enumerate() {
        if !known.contains(location) {
            faults.add(&at(here, number), Flaw::unknown(location));
        }
    }
}

fn when(faults: &mut Faults, here: &str, when: &When) {
    for (field, amount) in [("value_from", when.value_from), ("value_below", when.value_below)] {
        if amount.is_some_and(Amount::is_negative) {
            faults.add(&at(here, field), Flaw::Negative);
        }
    }
    if when.value_from.zip(when.value_below).is_some_and(|(from, below)| from >= below) {
        faults.add(&at(here, "value_below"), Flaw::Unordered);
    }
    let lengths = [
        ("channels", when.channels.len()),
        ("customer_classes", when.customer_classes.len()),
        ("countries", when.countries.len()),
        ("postal_prefixes", when.postal_prefixes.len()),
    ];
    for (field, length) in lengths {
        faults.count(&at(here, field), length, MAX_LISTED);
    }
    for (field, lines) in [("any_line", &when.any_line), ("every_line", &when.every_line)] {
        let length = lines.as_ref().map_or(0, |lines| lines.skus.len().max(lines.classes.len()));
        faults.count(&at(here, field), length, MAX_LISTED);
    }
}

fn limits(faults: &mut Faults, here: &str, limits: &Limits) {
    if limits.max_shipments == Some(0) {
        faults.add(&at(here, "max_shipments"), Flaw::Zero);
    }
    if limits.work == Some(0) {
        faults.add(&at(here, "work"), Flaw::Zero);
    }
    if let Some(floor) = limits.value_floor {
        faults.money(&at(here, "value_floor"), floor);
    }
}

fn the_network(faults: &mut Faults, network: &NetworkFacts) {
    faults.count("/network/locations", network.locations.len(), MAX_NODES);
    faults.count("/network/carriers", network.carriers.len(), MAX_CARRIERS);
    faults.count("/network/calendars", network.calendars.len(), MAX_CALENDARS);
    faults.unique("/network/locations", "location", network.locations.iter().map(|node| &node.location));
    faults.unique("/network/carriers", "name", network.carriers.iter().map(|carrier| &carrier.name));
    for (name, rules) in &network.calendars {
        if let Err(invalid) = rules.check() {
            let flaw = Flaw::Calendar { field: invalid.field, problem: invalid.problem };
            faults.add(&at("/network/calendars", name), flaw);
        }
    }
    for (number, one) in network.locations.iter().enumerate() {
        node(faults, &at("/network/locations", number), one, network);
    }
    for (number, one) in network.carriers.iter().enumerate() {
        carrier(faults, &at("/network/carriers", number), one, network);
    }
}

fn calendar(faults: &mut Faults, here: &str, name: &Code, network: &NetworkFacts) {
    if !network.calendars.contains_key(name) {
        faults.add(&at(here, "calendar"), Flaw::unknown(name));
    }
}

fn node(faults: &mut Faults, here: &str, node: &Node, network: &NetworkFacts) {
    calendar(faults, here, &node.calendar, network);
    faults.up_to(&at(here, "processing_days"), node.processing_days.into(), MAX_DAYS.into());
    faults.up_to(&at(here, "acceptance_permille"), node.acceptance_permille.into(), 1_000);
    faults.money(&at(here, "pick_pack"), node.pick_pack);
    faults.money(&at(here, "handling"), node.handling);
    for (number, name) in node.carriers.iter().enumerate() {
        if network.carriers.iter().all(|carrier| carrier.name != *name) {
            faults.add(&at(&at(here, "carriers"), number), Flaw::unknown(name));
        }
    }
    faults.unique(&at(here, "carriers"), "", node.carriers.iter());
    if node.allows.ship && node.carriers.is_empty() {
        faults.add(&at(here, "carriers"), Flaw::Empty);
    }
    if let Some(capacity) = node.capacity {
        let window = at(&at(here, "capacity"), "window_days");
        faults.up_to(&window, capacity.window_days.into(), MAX_DAYS.into());
        if capacity.window_days == 0 {
            faults.add(&window, Flaw::Zero);
        }
        if capacity.daily.is_zero() {
            faults.add(&at(&at(here, "capacity"), "daily"), Flaw::Zero);
        }
    }
}

fn carrier(faults: &mut Faults, here: &str, carrier: &Carrier, network: &NetworkFacts) {
    for (field, length, most) in
        [("zones", carrier.zones.len(), MAX_ZONES), ("services", carrier.services.len(), MAX_SERVICES)]
    {
        faults.count(&at(here, field), length, most);
        if length == 0 {
            faults.add(&at(here, field), Flaw::Empty);
        }
    }
    faults.unique(&at(here, "zones"), "name", carrier.zones.iter().map(|zone| &zone.name));
    faults.unique(&at(here, "services"), "name", carrier.services.iter().map(|service| &service.name));
    for (number, one) in carrier.services.iter().enumerate() {
        service(faults, &at(&at(here, "services"), number), one, carrier, network);
    }
}

fn service(faults: &mut Faults, here: &str, service: &Service, carrier: &Carrier, network: &NetworkFacts) {
    calendar(faults, here, &service.calendar, network);
    faults.up_to(&at(here, "heaviest_grams"), service.heaviest_grams.unwrap_or(0), MAX_GRAMS);
    let rates = at(here, "rates");
    if service.rates.is_empty() {
        faults.add(&rates, Flaw::Empty);
    }
    faults.unique(&rates, "zone", service.rates.iter().map(|rate| &rate.zone));
    for (number, one) in service.rates.iter().enumerate() {
        let here = at(&rates, number);
        if carrier.zones.iter().all(|zone| zone.name != one.zone) {
            faults.add(&at(&here, "zone"), Flaw::unknown(&one.zone));
        }
        rate(faults, &here, one);
    }
}

fn rate(faults: &mut Faults, here: &str, rate: &Rate) {
    let (fastest, slowest) = rate.days;
    faults.up_to(&at(&at(here, "days"), 1), slowest.into(), MAX_DAYS.into());
    if fastest > slowest {
        faults.add(&at(here, "days"), Flaw::Unordered);
    }
    faults.money(&at(here, "beyond_per_kg"), rate.beyond_per_kg);
    let steps = at(here, "steps");
    if rate.steps.is_empty() {
        faults.add(&steps, Flaw::Empty);
    }
    faults.count(&steps, rate.steps.len(), MAX_STEPS);
    if !rate.steps.is_sorted_by(|low, high| low.up_to_grams < high.up_to_grams && low.price <= high.price) {
        faults.add(&steps, Flaw::Unordered);
    }
    for (number, step) in rate.steps.iter().enumerate() {
        faults.money(&at(&at(&steps, number), "price"), step.price);
        faults.up_to(&at(&at(&steps, number), "up_to_grams"), step.up_to_grams, MAX_GRAMS);
    }
}

/// The faults found so far.
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, pointer: &str, flaw: Flaw) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Fault::new(pointer, flaw));
        }
    }

    fn money(&mut self, pointer: &str, amount: Amount) {
        if amount.is_negative() {
            self.add(pointer, Flaw::Negative);
        }
        if amount.minor() > MAX_COST {
            self.add(pointer, Flaw::Beyond { most: MAX_COST.unsigned_abs() });
        }
    }

    fn up_to(&mut self, pointer: &str, value: u64, most: u64) {
        if value > most {
            self.add(pointer, Flaw::Beyond { most });
        }
    }

    fn count(&mut self, pointer: &str, length: usize, most: usize) {
        if length > most {
            self.add(pointer, Flaw::TooMany { most: most as u64 });
        }
    }

    /// Names that repeat, each at its entry (and at the field of it that holds the name).
    fn unique<T: Ord + ToString>(&mut self, here: &str, field: &str, names: impl Iterator<Item = T>) {
        let mut seen = BTreeSet::new();
        for (number, name) in names.enumerate() {
            if seen.contains(&name) {
                let pointer = if field.is_empty() { here.to_string() } else { at(&at(here, number), field) };
                self.add(&pointer, Flaw::twice(&name));
            }
            seen.insert(name);
        }
    }

    fn result(self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
