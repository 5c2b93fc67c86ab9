//! A policy and a network made ready to route many orders.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use serde::Serialize;

use super::fault::at;
use super::{
    Carrier, Code, Fault, Flaw, NetworkFacts, Node, OfferFacts, OrderFacts, Policy, Serve, Strategy, validate,
};
use crate::calendar::Calendar;
use crate::canonical;
use crate::sorting::Gather as _;
use crate::value::{Day, Digest, Label, LocationId, MAX_SAFE_INTEGER, Quantity};

/// A policy and a network, validated, with their calendars laid out around a day and their digests taken.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) policy: Policy,
    network: NetworkFacts,
    nodes: BTreeMap<LocationId, usize>,
    carriers: BTreeMap<Code, usize>,
    calendars: BTreeMap<Code, Calendar>,
    digests: (Digest, Digest),
}

/// What a decision is made from, as its digest has it.
#[derive(Serialize)]
struct Inputs<'a> {
    policy: Digest,
    network: Digest,
    order: &'a OrderFacts,
    offers: &'a [OfferFacts],
}

impl Prepared {
    /// Makes ready. Orders placed within [`crate::calendar::LOOKBACK_DAYS`] before `around` and about five years after it
    /// get dates; others find no location.
    ///
    /// # Errors
    /// Everything that [`validate`] finds, and calendars on which nobody works from `around` on.
    pub fn new(policy: &Policy, network: &NetworkFacts, around: Day) -> Result<Self, Vec<Fault>> {
        validate(policy, network)?;
        let mut calendars = BTreeMap::new();
        for (name, rules) in &network.calendars {
            let calendar = Calendar::prepare(rules, around).map_err(|invalid| {
                let flaw = Flaw::Calendar { field: invalid.field, problem: invalid.problem };
                vec![Fault::new(at("/network/calendars", name), flaw)]
            })?;
            calendars.insert(name.clone(), calendar);
        }
        let digests = (digest("/policy", policy)?, digest("/network", network)?);
        let nodes = network.locations.iter().map(|node| node.location.clone()).zip(0..).into_map();
        let carriers = network.carriers.iter().map(|carrier| carrier.name.clone()).zip(0..).into_map();
        Ok(Self { policy: policy.clone(), network: network.clone(), nodes, carriers, calendars, digests })
    }

    /// The digests of policy and network.
    pub fn digests(&self) -> (Digest, Digest) {
        self.digests
    }

    /// A location and its place in the network.
    pub fn node(&self, location: &LocationId) -> Option<(usize, &Node)> {
        let place = *self.nodes.get(location)?;
        Some((place, self.network.locations.get(place)?))
    }

    /// The day so many working days of a location after a day; for none, the first of them on or after it.
    pub fn works(&self, location: &LocationId, from: Day, days: u32) -> Option<Day> {
        self.calendar(&self.node(location)?.1.calendar)?.add(from, days)
    }

    /// Whether any strategy puts orders of a customer together.
    pub fn consolidates(&self) -> bool {
        self.policy.strategies.iter().any(|strategy| strategy.limits.consolidate)
    }

    /// A strategy of the policy.
    pub fn strategy(&self, name: &Label) -> Option<&Strategy> {
        self.policy.strategies.iter().find(|strategy| strategy.name == *name)
    }

    /// Lets what is served wait at the locations that serve it, where capacity is counted. Nothing else of the network changes.
    pub(super) fn await_work(&mut self, serves: &[Serve]) -> Result<(), Vec<Fault>> {
        let mut is_busier = false;
        for serve in serves {
            let place = self.nodes.get(&serve.location).copied();
            let node = place.and_then(|place| self.network.locations.get_mut(place));
            if let Some(capacity) = node.and_then(|node| node.capacity.as_mut()) {
                capacity.backlog = capacity.backlog.saturating_add(serve.quantity);
                is_busier = true;
            }
        }
        if is_busier {
            self.digests.1 = digest("/network", &self.network)?;
        }
        Ok(())
    }

    /// The same while so much waits at these locations, where capacity is counted. Nothing when none of them counts any.
    pub fn busy(&self, waiting: &BTreeMap<LocationId, Quantity>) -> Option<Self> {
        let mut busier = self.clone();
        let mut counts = false;
        for (location, quantity) in waiting {
            let place = busier.nodes.get(location).copied();
            let node = place.and_then(|place| busier.network.locations.get_mut(place));
            if let Some(capacity) = node.and_then(|node| node.capacity.as_mut()) {
                capacity.backlog = *quantity;
                counts = true;
            }
        }
        busier.digests.1 = digest("/network", &busier.network).ok().filter(|_| counts)?;
        Some(busier)
    }

    /// True when any location counts its capacity.
    pub fn counts_any(&self) -> bool {
        self.network.locations.iter().any(|node| node.capacity.is_some())
    }

    /// True when a location counts its capacity.
    pub fn counts_capacity(&self, location: &LocationId) -> bool {
        self.node(location).is_some_and(|(_, node)| node.capacity.is_some())
    }

    pub(super) fn carrier(&self, name: &Code) -> Option<&Carrier> {
        self.network.carriers.get(*self.carriers.get(name)?)
    }

    pub(super) fn calendar(&self, name: &Code) -> Option<&Calendar> {
        self.calendars.get(name)
    }

    /// The digest of everything that a decision about an order is made from: the SHA-256 of the canonical JSON of
    /// `{"network", "offers", "order", "policy"}`, where policy and network stand as the digests of theirs.
    pub fn digest(&self, order: &OrderFacts, offers: &[OfferFacts]) -> Result<Digest, Vec<Fault>> {
        let (policy, network) = self.digests;
        digest("/order", &Inputs { policy, network, order, offers })
    }
}

/// The digest of something; an integer beyond 2^53 - 1 has no canonical spelling and is refused.
fn digest(pointer: &str, value: &impl Serialize) -> Result<Digest, Vec<Fault>> {
    canonical::digest(value).map_err(|_| vec![Fault::new(pointer, Flaw::Beyond { most: MAX_SAFE_INTEGER })])
}
