//! What things are made of: the graph of bills and kits leads down and ends.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use super::MAX_BILL_LEVELS;
use super::facts::{Facts, Mode};
use crate::value::{Invalid, Problem, Sku};

/// How far a SKU has been looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// It is being looked at: who comes back to it stands in a cycle.
    Open,
    /// So many levels hang under it.
    Depth(usize),
}

/// Refuses bills and kits that lead back to themselves or nest deeper than [`MAX_BILL_LEVELS`], naming the item.
pub(super) fn check(facts: &Facts) -> Result<(), Invalid> {
    let mut seen: BTreeMap<&Sku, Seen> = BTreeMap::new();
    facts.items.keys().try_for_each(|sku| depth(facts, sku, &mut seen, 0).map(|_| ()))
}

/// Levels under a SKU.
fn depth<'a>(
    facts: &'a Facts,
    sku: &'a Sku,
    seen: &mut BTreeMap<&'a Sku, Seen>,
    level: usize,
) -> Result<usize, Invalid> {
    match seen.get(sku) {
        Some(Seen::Depth(known)) => return Ok(*known),
        Some(Seen::Open) => return Err(refused(sku, Problem::Cycle { name: sku.as_str().into() })),
        None => {}
    }
    // The walk itself never goes deeper than the bound, whatever the data.
    if level > MAX_BILL_LEVELS {
        return Err(too_deep(sku));
    }
    seen.insert(sku, Seen::Open);
    let mut deepest = 0_usize;
    for part in parts(facts, sku) {
        let below = depth(facts, part, seen, level.saturating_add(1))?;
        deepest = deepest.max(below.saturating_add(1));
    }
    if deepest > MAX_BILL_LEVELS {
        return Err(too_deep(sku));
    }
    seen.insert(sku, Seen::Depth(deepest));
    Ok(deepest)
}

/// Everything a SKU may be made of, at any location.
fn parts<'a>(facts: &'a Facts, sku: &Sku) -> Vec<&'a Sku> {
    let modes =
        facts.items.get(sku).into_iter().flat_map(|item| core::iter::once(&item.mode).chain(item.mode_at.values()));
    modes
        .flat_map(|mode| match mode {
            Mode::Ctp { bill } => bill.components.as_slice(),
            Mode::Kit { components } => components.as_slice(),
            Mode::Infinite | Mode::LeadTime { .. } | Mode::Atp => &[],
        })
        .map(|component| &component.sku)
        .collect()
}

fn too_deep(sku: &Sku) -> Invalid {
    refused(sku, Problem::TooDeep { name: sku.as_str().into(), most: MAX_BILL_LEVELS as u64 })
}

fn refused(sku: &Sku, problem: Problem) -> Invalid {
    Invalid::new(format!("items.{sku}.mode"), problem)
}
