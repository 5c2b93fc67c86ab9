//! The facts of a promise out of what the house knows: the network, and the pages of the SKUs asked for.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::allocation::Taking;
use super::ledger::Ledger;
use super::{Ask, CalendarId, Facts, Lane, Mode, Node, Service, Step, Stock};
use crate::network::Network;
use crate::routing::{self, Carrier, Code, Destination, NetworkFacts, Rate};
use crate::stock::{Asker, Page, Part, Shelf};
use crate::value::{Amount, Day, LocationId, OrderId, Quantity, Sku};

impl Facts {
    /// Everything known when goods of these pages are promised: so much of what is asked, to a destination. What live
    /// holds set aside is committed today; safety stock is kept back; what is on its way counts from the day it is
    /// expected. Without a destination there are no ways to it.
    pub fn of_house(network: &Network, to: Option<(&Destination, &[Ask])>, pages: &[(Sku, Page)], today: Day) -> Self {
        let routed = network.facts();
        let calendars = routed.calendars.iter().map(|(name, rules)| (calendar(name), rules.clone())).collect();
        let locations = routed.locations.iter().map(|node| {
            let processing_days = i32::try_from(node.processing_days).unwrap_or(i32::MAX);
            (node.location.clone(), Node { calendar: calendar(&node.calendar), processing_days })
        });
        let locations: BTreeMap<LocationId, Node> = locations.collect();
        let mut facts = Self {
            calendars,
            lanes: to.map(|(to, asked)| lanes(&routed, to, asked, pages)).unwrap_or_default(),
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

/// The ways from every location that ships, by every service that reaches the destination and that routing would let the
/// location's load go by.
fn lanes(network: &NetworkFacts, to: &Destination, asked: &[Ask], pages: &[(Sku, Page)]) -> Vec<Lane> {
    let dangerous = pages.iter().filter(|(_, page)| page.item.handling.hazmat).map(|(sku, _)| sku);
    let dangerous: Vec<Sku> = dangerous.cloned().collect();
    let mut lanes = Vec::new();
    for node in network.locations.iter().filter(|node| node.allows.ship) {
        let load = Load::at(&node.location, asked, pages);
        let reaching = reaching(network, node, to, load.grams);
        let takes = |service: &routing::Service| node.allows.hazmat && service.hazmat;
        // Whoever takes dangerous goods takes everything else with them.
        let special = load.hazmat && reaching.iter().any(|(_, service, _)| takes(service));
        let open = reaching.into_iter().filter(|(_, service, _)| !special || takes(service));
        lanes.extend(open.map(|(carrier, service, rate)| {
            let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
            Lane {
                location: node.location.clone(),
                service: named(carrier, &service.name),
                calendar: calendar(&service.calendar),
                min_days: days(rate.days.0),
                max_days: days(rate.days.1),
                cost: Amount::new(load.price(rate).saturating_add(node.pick_pack.minor())).unwrap_or_default(),
                unit_cost: node.handling,
                never: if takes(service) { vec![] } else { dangerous.clone() },
            }
        }));
    }
    lanes
}

/// The services that carry so much from a location to the destination, and at what rate.
fn reaching<'a>(
    network: &'a NetworkFacts,
    node: &routing::Node,
    to: &Destination,
    grams: u64,
) -> Vec<(&'a Carrier, &'a routing::Service, &'a Rate)> {
    let meters = node.position.zip(to.position).map(|(from, to)| from.distance_meters(&to));
    let mut found = Vec::new();
    for carrier in network.carriers.iter().filter(|carrier| node.carriers.contains(&carrier.name)) {
        let Some(zone) = carrier.zone(to, meters) else { continue };
        for service in carrier.services.iter().filter(|service| service.carries(grams)) {
            let rate = service.rates.iter().find(|rate| rate.zone == zone.name);
            found.extend(rate.map(|rate| (carrier, service, rate)));
        }
    }
    found
}

/// All that a location could send of what is asked, which is what routing weighs: of what is counted as much as is there or
/// comes, of what is made or bought in all of it.
#[derive(Default)]
struct Load {
    skus: i64,
    grams: u64,
    hazmat: bool,
}

impl Load {
    fn at(location: &LocationId, asked: &[Ask], pages: &[(Sku, Page)]) -> Self {
        let there = |page: &Page| {
            let is_counted = page.promising.as_ref().is_none_or(|said| *said.item.mode_of(location) == Mode::Atp);
            let free = page.free(location);
            if is_counted { free.saturating_add(page.incoming(location)) } else { Quantity::MAX }
        };
        let load = Self::of(asked, pages, there);
        // Where there is nothing, goods can only be supposed: all of them.
        if load.skus == 0 { Self::of(asked, pages, |_| Quantity::MAX) } else { load }
    }

    fn of(asked: &[Ask], pages: &[(Sku, Page)], there: impl Fn(&Page) -> Quantity) -> Self {
        let mut load = Self::default();
        let mut milligrams = 0_u64;
        for (sku, page) in pages {
            let wanted: Quantity = asked.iter().filter(|ask| ask.sku == *sku).map(|ask| ask.quantity).sum();
            let sent = wanted.min(there(page)).thousandths();
            if sent > 0 {
                let handling = &page.item.handling;
                load.skus = load.skus.saturating_add(1);
                load.hazmat |= handling.hazmat;
                milligrams = milligrams.saturating_add(sent.saturating_mul(handling.grams));
            }
        }
        Self { grams: milligrams.div_ceil(1_000), ..load }
    }

    /// What carrying costs a line, in minor units: the lightest parcel, and its share of what the weight of all adds.
    fn price(&self, rate: &Rate) -> i64 {
        let weight = rate.price(self.grams).saturating_sub(rate.base());
        let share = weight.saturating_add(self.skus.saturating_sub(1)).checked_div(self.skus.max(1)).unwrap_or(0);
        rate.base().saturating_add(share)
    }
}

/// A service with its carrier's name before it; without, where both together are too long for a name.
fn named(carrier: &Carrier, service: &Code) -> Service {
    let whole = format!("{}-{service}", carrier.name);
    let whole = if carrier.name == *service { service.as_str() } else { &whole };
    whole.parse().or_else(|_| service.as_str().parse()).unwrap_or_else(|_| Service::of_the_house("service"))
}

fn stocks(sku: &Sku, page: &Page, today: Day) -> Vec<Stock> {
    let pegs = page.waiting.iter().flat_map(|waiter| &waiter.pegs).map(|(location, _)| location);
    let comes = page.inbound.iter().map(|inbound| &inbound.location);
    let places: BTreeSet<&LocationId> = page.shelves.keys().chain(pegs).chain(comes).collect();
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
        // Today only what lies there is kept for tills: what the asker holds fills no share.
        let set_aside = shelf.allotted.saturating_add(self.kept_for_tills(location));
        let kept_back = self.safety_at(location).saturating_add(set_aside);
        let stock = Stock { kept_back, takings, ..stock(sku, self, location, &shelf, asker.order, today) };
        let mut facts = Facts { stocks: vec![stock], inbound: self.inbound.clone(), ..Facts::default() };
        promising.said_of(sku, &mut facts);
        // What cannot be counted is nobody's.
        let Ok(mut ledger) = Ledger::new(&facts, today) else { return Some(Quantity::ZERO) };
        let at = ledger.place(&facts, sku, location);
        ledger.pool(at).map(|pool| pool.available(Some(asker.class), today, today))
    }
}
