//! The facts of a promise out of what the house knows: the network, and the pages of the SKUs asked for.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::allocation::Taking;
use super::ledger::Ledger;
use super::{CalendarId, Facts, Lane, Node, Service, Step, Stock};
use crate::network::Network;
use crate::routing::{Carrier, Code, Destination, NetworkFacts};
use crate::stock::{Asker, Page, Part, Shelf};
use crate::value::{Amount, Day, LocationId, OrderId, Quantity, Sku};

impl Facts {
    /// Everything known when goods of these pages are promised to a destination. What live holds set aside is committed
    /// today; safety stock is kept back; what is on its way counts from the day it is expected. Without a destination there
    /// are no ways to it.
    pub fn of_house(network: &Network, to: Option<&Destination>, pages: &[(Sku, Page)], today: Day) -> Self {
        let routed = network.facts();
        let calendars = routed.calendars.iter().map(|(name, rules)| (calendar(name), rules.clone())).collect();
        let locations = routed.locations.iter().map(|node| {
            let processing_days = i32::try_from(node.processing_days).unwrap_or(i32::MAX);
            (node.location.clone(), Node { calendar: calendar(&node.calendar), processing_days })
        });
        let locations: BTreeMap<LocationId, Node> = locations.collect();
        let mut facts = Self {
            calendars,
            lanes: to.map(|to| lanes(&routed, to)).unwrap_or_default(),
            stocks: pages.iter().flat_map(|(sku, page)| stocks(sku, page, today)).collect(),
            inbound: pages.iter().flat_map(|(_, page)| page.inbound.iter().cloned()).collect(),
            locations,
            resources: network.resources.clone(),
            ..Self::default()
        };
        for (sku, page) in pages {
            if let Some(promising) = &page.promising {
                promising.said_of(sku, &mut facts);
            }
        }
        facts
    }
}

fn calendar(name: &Code) -> CalendarId {
    name.as_str().parse().unwrap_or_else(|_| CalendarId::of_the_house("calendar"))
}

/// The ways from every location that ships, by every service that reaches the destination.
fn lanes(network: &NetworkFacts, to: &Destination) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for node in network.locations.iter().filter(|node| node.allows.ship) {
        let meters = node.position.zip(to.position).map(|(from, to)| from.distance_meters(&to));
        let calls = |carrier: &&Carrier| node.carriers.contains(&carrier.name);
        for carrier in network.carriers.iter().filter(calls) {
            let Some(zone) = carrier.zone(to, meters) else { continue };
            for service in &carrier.services {
                let Some(rate) = service.rates.iter().find(|rate| rate.zone == zone.name) else { continue };
                let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
                lanes.push(Lane {
                    location: node.location.clone(),
                    service: named(carrier, &service.name),
                    calendar: calendar(&service.calendar),
                    min_days: days(rate.days.0),
                    max_days: days(rate.days.1),
                    cost: Amount::new(rate.base().saturating_add(node.pick_pack.minor())).unwrap_or_default(),
                    unit_cost: node.handling,
                });
            }
        }
    }
    lanes
}

/// A service with its carrier's name before it; without, where both together are too long for a name.
fn named(carrier: &Carrier, service: &Code) -> Service {
    let whole = format!("{}-{service}", carrier.name);
    let whole = if carrier.name == *service { service.as_str() } else { &whole };
    whole.parse().or_else(|_| service.as_str().parse()).unwrap_or_else(|_| Service::of_the_house("service"))
}

fn stocks(sku: &Sku, page: &Page, today: Day) -> Vec<Stock> {
    let pegs = page.waiting.iter().flat_map(|waiter| &waiter.pegs).map(|(location, _)| location);
    let places: BTreeSet<&LocationId> = page.shelves.keys().chain(pegs).collect();
    places.into_iter().map(|location| stock(sku, page, location, &page.shelf(location), None, today)).collect()
}

/// What there is on a shelf, with what is spoken for by orders other than one.
fn stock(sku: &Sku, page: &Page, location: &LocationId, shelf: &Shelf, but: Option<OrderId>, today: Day) -> Stock {
    // What comes fills the share of the store's tills before it is anybody's.
    let share = page.item.kept_for_tills.get(location).copied().unwrap_or_default();
    let mut commitments = page.spoken_for(location, but, today);
    if !shelf.reserved.is_zero() {
        commitments.push(Step { day: today, quantity: shelf.reserved });
    }
    Stock {
        sku: sku.clone(),
        location: location.clone(),
        on_hand: shelf.on_hand.saturating_sub(shelf.quarantined),
        kept_back: page.safety_at(location).saturating_add(shelf.allotted.max(share)),
        commitments,
        unit_cost: Amount::ZERO,
        takings: page.takings.get(location).cloned().unwrap_or_default(),
    }
}

impl Page {
    /// What a demand class may have at a location today, where it is allocated: as much as a promise says. What a cart
    /// of its own holds there (`own`), and what its order bought of goods on their way, is thought away. Nothing is said
    /// where nothing is allocated.
    pub fn allowed(&self, sku: &Sku, location: &LocationId, asker: Asker<'_>, own: &[Part]) -> Option<Quantity> {
        let today = asker.on;
        let promising = self.promising.as_ref().filter(|promising| promising.allocations.contains_key(location))?;
        let mut shelf = self.shelf(location);
        let mut takings = self.takings.get(location).cloned().unwrap_or_default();
        for part in own.iter().filter(|part| part.sku == *sku && part.location == *location) {
            shelf.reserved = shelf.reserved.saturating_sub(part.reserved());
            if let Some(taker) = &part.taker {
                Taking::give_back(&mut takings, &taker.class, taker.on, part.reserved());
            }
        }
        let stock = Stock { takings, ..stock(sku, self, location, &shelf, asker.order, today) };
        let mut facts = Facts { stocks: vec![stock], inbound: self.inbound.clone(), ..Facts::default() };
        promising.said_of(sku, &mut facts);
        // What cannot be counted is nobody's.
        let Ok(mut ledger) = Ledger::new(&facts, today) else { return Some(Quantity::ZERO) };
        let at = ledger.place(&facts, sku, location);
        ledger.pool(at).map(|pool| pool.available(Some(asker.class), today, today))
    }
}
