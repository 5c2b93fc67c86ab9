//! The fewest locations that together have everything that can be had.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::{Demand, Free, Site};
use crate::value::{Quantity, Sku};

/// Most combinations of locations looked at before the greedy cover takes over; bounds the work of one order.
pub(super) const MAX_COMBINATIONS: usize = 4_000;

/// Chooses from sites sorted nearest first; the answer is sorted the same way.
pub(super) fn choose<'a>(demands: &[Demand], sites: &[&'a Site], free: &Free<'_>) -> Vec<&'a Site> {
    let need = Need::new(demands, sites, free);
    if let Some(site) = sites.iter().find(|site| need.met_by(&[site])) {
        return vec![site];
    }
    smallest(&need, sites).unwrap_or_else(|| greedy(&need, sites))
}

/// What can be served at all of each SKU, and what each location has of it.
struct Need<'a> {
    wanted: BTreeMap<&'a Sku, Quantity>,
    free: &'a Free<'a>,
}

impl<'a> Need<'a> {
    fn new(demands: &'a [Demand], sites: &[&Site], free: &'a Free<'a>) -> Self {
        let mut wanted: BTreeMap<&Sku, Quantity> = BTreeMap::new();
        for demand in demands {
            let sum = wanted.entry(&demand.sku).or_default();
            *sum = sum.saturating_add(demand.quantity);
        }
        let mut need = Self { wanted: BTreeMap::new(), free };
        for (sku, quantity) in wanted {
            let there = need.had_by(sku, sites);
            need.wanted.insert(sku, quantity.min(there));
        }
        need
    }

    fn had_by(&self, sku: &Sku, sites: &[&Site]) -> Quantity {
        sites.iter().filter_map(|site| self.free.get(&(sku, &site.location)).copied()).sum()
    }

    fn met_by(&self, sites: &[&Site]) -> bool {
        self.wanted.iter().all(|(sku, quantity)| self.had_by(sku, sites) >= *quantity)
    }
}

/// Pairs, then triples, nearest first, while the number of combinations is bounded.
fn smallest<'a>(need: &Need<'_>, sites: &[&'a Site]) -> Option<Vec<&'a Site>> {
    let useful: Vec<&'a Site> = sites.iter().copied().filter(|site| has_any(need, site)).collect();
    let pairs = pairs(&useful).take(MAX_COMBINATIONS).find(|pair| need.met_by(pair));
    pairs.map(|pair| pair.to_vec()).or_else(|| {
        triples(&useful).take(MAX_COMBINATIONS).find(|triple| need.met_by(triple)).map(|triple| triple.to_vec())
    })
}

fn has_any(need: &Need<'_>, site: &Site) -> bool {
    need.wanted.keys().any(|sku| need.free.get(&(*sku, &site.location)).is_some_and(|free| !free.is_zero()))
}

fn pairs<'s, 'a>(sites: &'s [&'a Site]) -> impl Iterator<Item = [&'a Site; 2]> + 's {
    sites
        .iter()
        .enumerate()
        .flat_map(move |(at, first)| sites.iter().skip(at.saturating_add(1)).map(move |second| [*first, *second]))
}

fn triples<'s, 'a>(sites: &'s [&'a Site]) -> impl Iterator<Item = [&'a Site; 3]> + 's {
    sites.iter().enumerate().flat_map(move |(at, first)| {
        let rest = sites.get(at.saturating_add(1)..).unwrap_or_default();
        pairs(rest).map(move |[second, third]| [*first, second, third])
    })
}

/// The location that adds most units of what is still missing, until nothing is missing; ties go to the nearest.
fn greedy<'a>(need: &Need<'_>, sites: &[&'a Site]) -> Vec<&'a Site> {
    let mut missing = need.wanted.clone();
    let mut left: Vec<&'a Site> = sites.to_vec();
    let mut chosen: Vec<&'a Site> = Vec::new();
    while missing.values().any(|quantity| !quantity.is_zero()) {
        let gain = |site: &&Site| -> u64 {
            let taken = missing.iter().map(|(sku, quantity)| need.had_by(sku, &[site]).min(*quantity));
            taken.sum::<Quantity>().thousandths()
        };
        // `max_by_key` keeps the last of equals: looking from the far end, that is the nearest.
        let Some(best) = left.iter().copied().rev().max_by_key(|site| gain(site)).filter(|site| gain(site) > 0) else {
            break;
        };
        for (sku, quantity) in &mut missing {
            *quantity = quantity.saturating_sub(need.had_by(sku, &[best]));
        }
        left.retain(|site| site.location != best.location);
        chosen.push(best);
    }
    let place = |site: &&Site| (site.distance, site.location.clone());
    chosen.sort_by_key(place);
    chosen
}
