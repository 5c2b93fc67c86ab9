//! Orders routed one after the other, each from what those before it left: stock that was served is gone, and work that was
//! given away waits at its location. The decisions are those of [`route`]; only the facts move on between them.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{
    Breakdown, Criterion, Decision, Effort, Fault, Flaw, MAX_OFFERS, NetworkFacts, OfferFacts, OrderFacts, Policy,
    Prepared, Serve, route,
};
use crate::sorting;
use crate::value::{Day, Quantity, Sku};

/// Most orders of a series: a day of a large shop, some seconds of work.
pub const MAX_ORDERS: usize = 10_000;

/// Orders to be routed in their order, and what they are routed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The rules.
    pub policy: Policy,
    /// The network before the first order.
    pub network: NetworkFacts,
    /// The orders, at most [`MAX_ORDERS`].
    pub orders: Vec<OrderFacts>,
    /// What is on offer before the first order, at most [`MAX_OFFERS`].
    pub offers: Vec<OfferFacts>,
    /// The day around which calendars are laid out: see [`Prepared::new`].
    pub today: Day,
    /// A simple rule instead of what the strategies want.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
}

/// A simple rule of the trade, as criteria: it stands in for those of every strategy, whose conditions, locations and limits
/// stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Each unit from the nearest location that has it.
    Nearest,
    /// As few locations as can be, then the nearest.
    FewestShipments,
    /// Each unit from the first location of the network that has it.
    Priority,
}

/// What became of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// A decision for each order.
    pub decisions: Vec<Decision>,
    /// All of them together.
    pub totals: Totals,
}

/// Decisions summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// What they cost, in thousandths of a minor unit.
    pub cost: i64,
    /// The same by its parts.
    pub parts: Breakdown,
    /// Shipments.
    pub shipments: u32,
    /// Orders of more than one shipment.
    pub splits: u32,
    /// What is served.
    pub served: Quantity,
    /// What nobody ships.
    pub short: Quantity,
    /// Days from the day an order was placed to the day a shipment is there, summed over shipments.
    pub days: u64,
    /// Shipments that come after the order's date.
    pub late: u32,
    /// Orders of which no better plan exists, and that is proven.
    pub proven: u32,
}

impl Series {
    /// Routes every order from what is left when its turn comes.
    ///
    /// # Errors
    /// Faults of the policy and the network, or those of the first order that cannot be routed; pointers lead into the
    /// series.
    pub fn route(&self, effort: Effort) -> Result<Routed, Vec<Fault>> {
        count("/orders", self.orders.len(), MAX_ORDERS)?;
        count("/offers", self.offers.len(), MAX_OFFERS)?;
        let mut left = Left::of(self)?;
        let mut routed = Routed { decisions: Vec::with_capacity(self.orders.len()), totals: Totals::default() };
        for (number, order) in self.orders.iter().enumerate() {
            let (places, offers) = left.offers_for(order);
            let decision = route(&left.prepared, order, &offers, effort)
                .map_err(|faults| faults.into_iter().map(|fault| within(fault, number, &places)).collect::<Vec<_>>())?;
            routed.totals.count(order, &decision);
            left.take(&decision)?;
            routed.decisions.push(decision);
        }
        Ok(routed)
    }
}

impl Rule {
    /// The policy with this rule in place of what its strategies want.
    pub fn applied(self, policy: &Policy, network: &NetworkFacts) -> Policy {
        let lists = || network.locations.iter().map(|node| vec![node.location.clone()]).collect();
        let mut ruled = policy.clone();
        for strategy in &mut ruled.strategies {
            strategy.criteria = match self {
                Self::Nearest => vec![Criterion::LeastShort, Criterion::Nearest],
                Self::FewestShipments => {
                    vec![Criterion::LeastShort, Criterion::FewestShipments, Criterion::Nearest]
                }
                Self::Priority => vec![Criterion::LeastShort, Criterion::Priority { lists: lists() }],
            };
        }
        ruled
    }
}

impl Totals {
    fn count(&mut self, order: &OrderFacts, decision: &Decision) {
        let placed = Day::of_utc(order.placed_at);
        self.parts = self.parts.plus(&decision.cost, 1);
        self.cost = self.parts.total();
        let shipments = u32::try_from(decision.shipments.len()).unwrap_or(u32::MAX);
        self.shipments = self.shipments.saturating_add(shipments);
        self.splits = self.splits.saturating_add(u32::from(shipments > 1));
        self.proven = self.proven.saturating_add(u32::from(decision.proof.proven));
        for serve in &decision.plan.serves {
            self.served = self.served.saturating_add(serve.quantity);
        }
        for demand in &decision.plan.short {
            self.short = self.short.saturating_add(demand.quantity);
        }
        for shipment in &decision.shipments {
            let days = u64::try_from(shipment.delivers.days_since(placed)).unwrap_or(0);
            self.days = self.days.saturating_add(days);
            let late = order.requested_by.is_some_and(|wanted| shipment.delivers > wanted);
            self.late = self.late.saturating_add(u32::from(late));
        }
    }
}

/// What is left for the orders that are still to come.
struct Left {
    prepared: Prepared,
    offers: Vec<OfferFacts>,
    /// Where the offers of a SKU stand.
    places: BTreeMap<Sku, Vec<usize>>,
}

impl Left {
    fn of(series: &Series) -> Result<Self, Vec<Fault>> {
        let ruled = series.rule.map(|rule| rule.applied(&series.policy, &series.network));
        let prepared = Prepared::new(ruled.as_ref().unwrap_or(&series.policy), &series.network, series.today)?;
        let mut places: BTreeMap<Sku, Vec<usize>> = BTreeMap::new();
        for (place, offer) in series.offers.iter().enumerate() {
            places.entry(offer.sku.clone()).or_default().push(place);
        }
        Ok(Self { prepared, offers: series.offers.clone(), places })
    }

    /// What is on offer for an order, each once however many of its lines ask for it, and where it stands.
    fn offers_for(&self, order: &OrderFacts) -> (Vec<usize>, Vec<OfferFacts>) {
        let asked = order.lines.iter().filter_map(|line| self.places.get(&line.sku));
        let mut places: Vec<usize> = asked.flatten().copied().collect();
        sorting::sort(&mut places);
        places.dedup();
        let offers = places.iter().filter_map(|place| self.offers.get(*place)).cloned().collect();
        (places, offers)
    }

    /// Takes away what a decision gives.
    fn take(&mut self, decision: &Decision) -> Result<(), Vec<Fault>> {
        for Serve { sku, location, quantity, .. } in &decision.plan.serves {
            let is_it = |place: &&usize| self.offers.get(**place).is_some_and(|offer| offer.location == *location);
            let place = self.places.get(sku).and_then(|places| places.iter().find(is_it)).copied();
            if let Some(offer) = place.and_then(|place| self.offers.get_mut(place)) {
                offer.free = offer.free.saturating_sub(*quantity);
            }
        }
        self.prepared.await_work(&decision.plan.serves)
    }
}

fn count(pointer: &str, count: usize, most: usize) -> Result<(), Vec<Fault>> {
    let flaw = Flaw::TooMany { most: most as u64 };
    if count > most { Err(vec![Fault::new(pointer, flaw)]) } else { Ok(()) }
}

/// The fault of one order, as one of the series.
fn within(fault: Fault, order: usize, places: &[usize]) -> Fault {
    let pointer = if let Some(rest) = fault.pointer.strip_prefix("/order") {
        format!("/orders/{order}{rest}")
    } else {
        offer_of_series(&fault.pointer, places).unwrap_or_else(|| fault.pointer.clone())
    };
    Fault { pointer, ..fault }
}

fn offer_of_series(pointer: &str, places: &[usize]) -> Option<String> {
    let rest = pointer.strip_prefix("/offers/")?;
    let (number, member) = rest.split_once('/').unwrap_or((rest, ""));
    let place = places.get(number.parse::<usize>().ok()?)?;
    Some(if member.is_empty() { format!("/offers/{place}") } else { format!("/offers/{place}/{member}") })
}
