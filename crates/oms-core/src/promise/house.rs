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
use crate::sorting::Gather as _;
use crate::stock::{Asker, Coming, Page, Part, Shelf};
use crate::value::{Amount, Day, LocationId, Quantity, Sku};

/// What is asked for, as far as it says by which ways it may come.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// Where to.
    pub to: &'a Destination,
    /// What.
    pub lines: &'a [Ask],
    /// Whether something else may go instead.
    pub may_substitute: bool,
    /// Where more is supposed to be than there is: all of what is asked could go from there.
    pub supposed: &'a [&'a LocationId],
}

impl Facts {
    /// Everything known when goods of these pages are promised: so much of what is asked, to a destination. What live
    /// holds set aside is committed today; safety stock is kept back; what is on its way counts from the day it is
    /// expected. Without one there are no ways to anywhere.
    pub fn of_house(network: &Network, sending: Option<Sending<'_>>, pages: &[(Sku, Page)], today: Day) -> Self {
        let routed = network.facts();
        let calendars = routed.calendars.iter().map(|(name, rules)| (calendar(name), rules.clone())).into_map();
        let locations = routed.locations.iter().map(|node| {
            let processing_days = i32::try_from(node.processing_days).unwrap_or(i32::MAX);
            (node.location.clone(), Node { calendar: calendar(&node.calendar), processing_days })
        });
        let locations: BTreeMap<LocationId, Node> = locations.into_map();
        let mut facts = Self {
            calendars,
            lanes: sending.map(|sending| lanes(&routed, sending, pages)).unwrap_or_default(),
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
fn lanes(network: &NetworkFacts, sending: Sending<'_>, pages: &[(Sku, Page)]) -> Vec<Lane> {
    let lines = sending.lines.iter().filter_map(|ask| page_of(pages, &ask.sku));
    let go = lines.flat_map(|line| [line].into_iter().chain(instead(&line.1, pages)));
    let dangerous: BTreeSet<&Sku> = go.filter(|(_, page)| page.item.handling.hazmat).map(|(sku, _)| sku).into_set();
    let mut lanes = Vec::new();
    for node in network.locations.iter().filter(|node| node.allows.ship) {
        let load = Load::at(&node.location, sending, pages);
        let reaching = reaching(network, node, sending.to, load.grams);
        let takes = |service: &routing::Service| node.allows.hazmat && service.hazmat;
        // Whoever takes dangerous goods takes everything else with them.
        let special = load.hazmat && reaching.iter().any(|(_, service, _)| takes(service));
        let open = reaching.into_iter().filter(|(_, service, _)| !special || takes(service));
        lanes.extend(open.filter_map(|(carrier, service, rate)| {
            let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
            // What nobody could pay is no way.
            let cost = Amount::new(load.price(rate).saturating_add(node.pick_pack.minor()))?;
            Some(Lane {
                location: node.location.clone(),
                service: named(carrier, &service.name),
                calendar: calendar(&service.calendar),
                min_days: days(rate.days.0),
                max_days: days(rate.days.1),
                cost,
                unit_cost: node.handling,
                never: if takes(service) { vec![] } else { dangerous.iter().copied().cloned().collect() },
            })
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

/// A SKU and its page, where it is among these.
fn page_of<'a>(pages: &'a [(Sku, Page)], sku: &Sku) -> Option<&'a (Sku, Page)> {
    pages.iter().find(|(known, _)| known == sku)
}

/// What may go instead of the SKU of a page.
fn instead<'a>(page: &'a Page, pages: &'a [(Sku, Page)]) -> impl Iterator<Item = &'a (Sku, Page)> {
    let others = page.promising.iter().flat_map(|promising| &promising.item.substitutes);
    others.filter_map(|other| page_of(pages, &other.sku))
}

/// All that a location could send of what is asked, which is what routing weighs: of what is counted as much as is there or
/// comes, of what is made, bought in or supposed all of it; the heaviest of what may go instead of each other.
#[derive(Default)]
struct Load {
    lines: i64,
    grams: u64,
    hazmat: bool,
}

impl Load {
    fn at(location: &LocationId, sending: Sending<'_>, pages: &[(Sku, Page)]) -> Self {
        let is_supposed = sending.supposed.contains(&location);
        let there = |page: &Page| {
            let is_counted = page.promising.as_ref().is_none_or(|said| *said.item.mode_of(location) == Mode::Atp);
            let free = page.free(location);
            if is_counted && !is_supposed { free.saturating_add(page.incoming(location)) } else { Quantity::MAX }
        };
        let load = Self::of(sending, pages, &there);
        // Where there is nothing it does not matter: it is weighed as if all of it were there.
        if load.lines == 0 { Self::of(sending, pages, &|_| Quantity::MAX) } else { load }
    }

    fn of(sending: Sending<'_>, pages: &[(Sku, Page)], there: &dyn Fn(&Page) -> Quantity) -> Self {
        let mut load = Self::default();
        let mut milligrams = 0_u64;
        for page in pages {
            let lines = sending.lines.iter().filter(|ask| ask.sku == page.0);
            let (lines, wanted) = lines.fold((0_i64, Quantity::ZERO), |(lines, wanted), ask| {
                (lines.saturating_add(1), wanted.saturating_add(ask.quantity))
            });
            let others = instead(&page.1, pages).filter(|_| sending.may_substitute);
            let sent = [page].into_iter().chain(others).filter_map(|(_, page)| {
                let (sent, handling) = (wanted.min(there(page)).thousandths(), &page.item.handling);
                (sent > 0).then(|| (sent.saturating_mul(handling.grams), handling.hazmat))
            });
            if let Some((heaviest, hazmat)) = sent.max() {
                load.lines = load.lines.saturating_add(lines);
                load.hazmat |= hazmat;
                milligrams = milligrams.saturating_add(heaviest);
            }
        }
        Self { grams: milligrams.div_ceil(1_000), ..load }
    }

    /// What carrying costs a line, in minor units: the lightest parcel, and its share of what the weight of all adds.
    fn price(&self, rate: &Rate) -> i64 {
        let weight = rate.price(self.grams).saturating_sub(rate.base());
        let share = weight.saturating_add(self.lines.saturating_sub(1)).checked_div(self.lines.max(1)).unwrap_or(0);
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
    let places: BTreeSet<&LocationId> = page.shelves.keys().chain(pegs).chain(comes).into_set();
    let coming = page.coming(None, today);
    places.into_iter().map(|location| stock(sku, page, location, &page.shelf(location), &coming, today)).collect()
}

/// What there is on a shelf, with what is spoken for by others than the one that sees what comes.
fn stock(sku: &Sku, page: &Page, location: &LocationId, shelf: &Shelf, coming: &Coming<'_>, today: Day) -> Stock {
    // What comes fills the share of the store's tills before it is anybody's.
    let share = page.item.kept_for_tills.get(location).copied().unwrap_or_default();
    let mut commitments = coming.spoken_for(location);
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
        let stock =
            Stock { kept_back, takings, ..stock(sku, self, location, &shelf, &self.coming(asker.order, today), today) };
        let mut facts = Facts { stocks: vec![stock], inbound: self.inbound.clone(), ..Facts::default() };
        promising.said_of(sku, &mut facts);
        // What cannot be counted is nobody's.
        let Ok(mut ledger) = Ledger::new(&facts, today) else { return Some(Quantity::ZERO) };
        let at = ledger.place(&facts, sku, location);
        ledger.pool(at).map(|pool| pool.available(Some(asker.class), today, today))
    }
}
