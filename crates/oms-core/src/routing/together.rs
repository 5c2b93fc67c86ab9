//! Orders that wait to be picked, routed together by the strategy that decided them: who could make room for whom so that all
//! of them are better off by what it wants. This only proposes; whoever carries a trade out decides each order by itself.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::criteria::together;
use super::model::{Model, gcd, model_in};
use super::{OfferFacts, OrderFacts, Prepared, Serve, Strategy};
use crate::optimizer::{Batch, Flow, Location, OpenOrder, Problem, check_plan};
use crate::sorting::{self, Gather as _};
use crate::value::{Amount, LocationId, Quantity, Sku};

/// Work of one search for trades, in scanned arcs: some milliseconds.
const WORK: u64 = 2_000_000;

/// An order that waits to be picked.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    /// What it is routed by.
    pub prepared: &'a Prepared,
    /// What there is to route of it.
    pub order: &'a OrderFacts,
    /// What it has: all that it asks for.
    pub has: &'a [Serve],
}

/// Goods on a shelf.
pub type Lot = (Sku, LocationId, Quantity);

/// An order that a trade routes otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its place among the orders.
    pub order: usize,
    /// What it has and would give up.
    pub gives: Vec<Lot>,
    /// What it would have instead.
    pub takes: Vec<Lot>,
}

/// Orders that trade.
#[derive(Debug)]
pub struct Together {
    batch: Batch,
    /// Where the orders of the batch stand among those that came.
    places: Vec<usize>,
    skus: Vec<Sku>,
    sites: Vec<LocationId>,
    /// Thousandths of a unit of goods in one of the optimizer.
    unit: u64,
    /// The last trade, to be taken back.
    last: Vec<crate::optimizer::Shift>,
}

impl Together {
    /// Orders that a strategy decided, and what is free besides. An order whose plan the strategy would not allow today stays
    /// out of it; nothing when fewer than two are left.
    pub fn new(strategy: &Strategy, orders: &[Waiting<'_>], free: &[OfferFacts]) -> Option<Self> {
        let shelves = shelves(orders, free);
        let offers: Vec<Vec<OfferFacts>> = orders.iter().map(|one| offers(one.order, &shelves)).collect();
        let unit = unit(orders);
        let (mut places, mut models) = (Vec::new(), Vec::new());
        for (place, (one, offers)) in orders.iter().zip(&offers).enumerate() {
            if let Ok(model) = model_in(one.prepared, one.order, strategy, offers, unit) {
                places.push(place);
                models.push(model);
            }
        }
        let problems = together(&models, strategy)?;
        let skus: BTreeMap<&Sku, usize> = shelves.keys().copied().zip(0..).into_map();
        let sources = models.iter().flat_map(|model| &model.sources).map(|source| &source.node.location);
        let mut sites: BTreeMap<&LocationId, usize> = sources.map(|location| (location, 0)).into_map();
        sites.values_mut().zip(0..).for_each(|(number, next)| *number = next);
        let names = Names { skus: &skus, sites: &sites };
        let mut open = Vec::new();
        let known = core::mem::take(&mut places);
        for ((place, model), problem) in known.into_iter().zip(&models).zip(problems) {
            let one = orders.get(place).and_then(|one| names.open(model, problem, one.has));
            if let Some(one) = one {
                open.push(one);
                places.push(place);
            }
        }
        let free = free.iter().filter_map(|offer| {
            let units = offer.free.thousandths().checked_div(unit)?;
            Some((number(&skus, &offer.sku)?, number(&sites, &offer.location)?, units))
        });
        let batch = Batch::new(open, &free.collect::<Vec<_>>()).ok().filter(|batch| batch.orders().len() > 1)?;
        let skus = skus.into_keys().cloned().collect();
        let sites = sites.into_keys().cloned().collect();
        Some(Self { batch, places, skus, sites, unit, last: Vec::new() })
    }

    /// The next trade that saves.
    pub fn trade(&mut self) -> Option<Vec<Shift>> {
        self.last = self.batch.trade(WORK)?;
        let shifts = self.last.iter().filter_map(|(number, before)| {
            let one = self.batch.orders().get(*number as usize)?;
            let (had, has) = (&before.flows, &one.plan.flows);
            Some(Shift {
                order: *self.places.get(*number as usize)?,
                gives: self.lots(one, had, has),
                takes: self.lots(one, has, had),
            })
        });
        Some(shifts.collect())
    }

    /// Takes the last trade back: it cannot be carried out.
    pub fn put_back(&mut self) {
        let last = core::mem::take(&mut self.last);
        self.batch.put_back(last);
    }

    /// What is in some flows beyond others.
    fn lots(&self, one: &OpenOrder, flows: &[Flow], others: &[Flow]) -> Vec<Lot> {
        let lots = flows.iter().filter_map(|flow| {
            let same = others.iter().find(|other| (other.0, other.1) == (flow.0, flow.1));
            let more = flow.2.saturating_sub(same.map_or(0, |same| same.2));
            let sku = self.skus.get(*one.skus.get(flow.0 as usize)? as usize)?.clone();
            let site = self.sites.get(flow.1 as usize)?.clone();
            Some((sku, site, Quantity::from_thousandths(more.checked_mul(self.unit)?)?)).filter(|_| more > 0)
        });
        lots.collect()
    }
}

/// What is on each shelf: free, or held by one of the orders; by SKU.
fn shelves<'a>(orders: &[Waiting<'a>], free: &'a [OfferFacts]) -> BTreeMap<&'a Sku, Vec<OfferFacts>> {
    let mut shelves: BTreeMap<&Sku, Vec<OfferFacts>> = BTreeMap::new();
    for offer in free {
        shelves.entry(&offer.sku).or_default().push(offer.clone());
    }
    for Serve { sku, location, quantity, .. } in orders.iter().flat_map(|one| one.has) {
        let of_sku = shelves.entry(sku).or_default();
        match of_sku.iter_mut().find(|offer| offer.location == *location) {
            Some(offer) => offer.free = offer.free.saturating_add(*quantity),
            None => of_sku.push(OfferFacts {
                sku: sku.clone(),
                location: location.clone(),
                free: *quantity,
                markdown: Amount::ZERO,
                stock_out: Amount::ZERO,
            }),
        }
    }
    shelves
}

/// Those of an order's SKUs.
fn offers(order: &OrderFacts, shelves: &BTreeMap<&Sku, Vec<OfferFacts>>) -> Vec<OfferFacts> {
    let mut skus: Vec<&Sku> = order.lines.iter().map(|line| &line.sku).collect();
    sorting::sort(&mut skus);
    skus.dedup();
    skus.into_iter().filter_map(|sku| shelves.get(sku)).flatten().cloned().collect()
}

/// What divides everything that is asked for and held.
fn unit(orders: &[Waiting<'_>]) -> u64 {
    let asked = orders.iter().flat_map(|one| &one.order.lines).map(|line| line.quantity);
    let held = orders.iter().flat_map(|one| one.has).map(|serve| serve.quantity);
    asked.chain(held).map(Quantity::thousandths).fold(0, gcd).max(1)
}

/// How all orders number SKUs and locations.
struct Names<'n> {
    skus: &'n BTreeMap<&'n Sku, usize>,
    sites: &'n BTreeMap<&'n LocationId, usize>,
}

fn number<K: Ord>(numbers: &BTreeMap<&K, usize>, name: &K) -> Option<u32> {
    numbers.get(name).and_then(|number| u32::try_from(*number).ok())
}

impl Names<'_> {
    /// An order as the batch sees it; nothing when what it has is no plan of its problem.
    fn open(&self, model: &Model<'_>, mut problem: Problem, has: &[Serve]) -> Option<OpenOrder> {
        let sites: Vec<u32> = model
            .sources
            .iter()
            .map(|source| number(self.sites, &source.node.location))
            .collect::<Option<Vec<u32>>>()?;
        let skus: Vec<u32> =
            model.groups.iter().map(|group| number(self.skus, group.sku)).collect::<Option<Vec<u32>>>()?;
        let nowhere = Location { open_cost: 0, capacity: Some(0) };
        let mut locations = alloc::vec![nowhere; self.sites.len()];
        for (site, location) in sites.iter().zip(&problem.locations) {
            *locations.get_mut(*site as usize)? = *location;
        }
        problem.locations = locations;
        for arc in &mut problem.arcs {
            arc.1 = sites.get(arc.1 as usize).copied()?;
        }
        let mut flows: Vec<Flow> = Vec::new();
        for serve in has {
            let sku = number(self.skus, &serve.sku)?;
            let line = u32::try_from(skus.iter().position(|known| *known == sku)?).ok()?;
            let site = number(self.sites, &serve.location)?;
            let units = serve.quantity.thousandths().checked_div(model.unit)?;
            match flows.iter_mut().find(|flow| (flow.0, flow.1) == (line, site)) {
                Some(flow) => flow.2 = flow.2.saturating_add(units),
                None => flows.push(Flow(line, site, units)),
            }
        }
        let open = OpenOrder::shipping(problem, skus, flows);
        let whole = open.plan.backordered.iter().all(|units| *units == 0);
        (whole && check_plan(&open.problem, &open.plan).is_ok()).then_some(open)
    }
}
