//! Criteria in order of importance, made one objective in integers.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::model::{ArcFacts, Group, Model, Source};
use super::{Criterion, Fault, Flaw, Limits, Strategy};
use crate::network::LocationKind;
use crate::optimizer::{Arc, Line, Location, Problem, Refusal};
use crate::sorting::{self, Gather as _};
use crate::value::LocationId;

/// Kilometers that stand for an unknown distance: farther than any point on Earth.
const UNKNOWN_KILOMETERS: i64 = 20_038;
/// By how many bits a criterion that does not fit is made coarser at a time.
const COARSER: u32 = 4;
/// After so many bits nothing is left of it.
const MOST_COARSE: u32 = 64;

/// A criterion's figures: what opening each source, carrying over each arc and leaving a unit of each group cost.
#[derive(Clone)]
struct Level {
    opening: Vec<i128>,
    carrying: Vec<i128>,
    short: Vec<i128>,
}

/// A problem for the optimizer, and what is needed to read its answer.
pub(super) struct Objective {
    pub(super) problem: Problem,
    /// By how many bits the last criterion had to be made coarser.
    pub(super) coarser: u32,
    /// For each criterion that is in the problem, the most important first, all later ones as one.
    later: Vec<Level>,
    /// Whether least short stands before the strategy's own criteria.
    complete: bool,
}

/// Makes one objective of several. Each criterion is multiplied by more than all later ones together can differ between
/// two plans, so that they only ever decide between plans it finds alike. When that does not fit into what the optimizer
/// counts exactly, the last criterion is made coarser (divided by powers of two) until it does, at worst left out: the
/// earlier ones stay exact. What a single criterion cannot hold is refused.
pub(super) fn objective(model: &Model<'_>, strategy: &Strategy, complete: bool) -> Result<Objective, Fault> {
    let mut levels = Vec::new();
    let complete = complete && strategy.criteria.first() != Some(&Criterion::LeastShort);
    if complete {
        levels.push(level(model, &Criterion::LeastShort));
    }
    levels.extend(strategy.criteria.iter().map(|criterion| level(model, criterion)));
    let mut coarser = 0;
    let mut sum = 0_u32;
    loop {
        let refusal = match problem(model, &levels, coarser, &strategy.limits) {
            Ok((problem, later)) => {
                return Ok(Objective { problem, coarser: sum.saturating_add(coarser), later, complete });
            }
            Err(refusal) => refusal,
        };
        if levels.len() <= 1 {
            return Err(fault(model, &refusal));
        }
        coarser = coarser.saturating_add(COARSER);
        if coarser > MOST_COARSE {
            levels.pop();
            sum = sum.saturating_add(MOST_COARSE);
            coarser = 0;
        }
    }
}

/// What a criterion says of a source being opened, of a unit carried, of a unit missing.
fn level(model: &Model<'_>, criterion: &Criterion) -> Level {
    let ranks = ranks(criterion);
    let by_arc = |arc: &ArcFacts| {
        let source = model.sources.get(arc.source as usize);
        source.map_or(0, |source| carrying(criterion, &ranks, source, arc)).into()
    };
    Level {
        opening: model.sources.iter().map(|source| opening(criterion, source).into()).collect(),
        carrying: model.arcs.iter().map(by_arc).collect(),
        short: model.groups.iter().map(|group| short(criterion, group).into()).collect(),
    }
}

fn opening(criterion: &Criterion, source: &Source<'_>) -> i64 {
    match criterion {
        Criterion::FewestShipments => source.joins.is_none().into(),
        Criterion::Cheapest => source.opening.total(),
        Criterion::LeastShort
        | Criterion::Nearest
        | Criterion::Earliest
        | Criterion::Priority { .. }
        | Criterion::BalanceLoad
        | Criterion::ProtectStores => 0,
    }
}

fn short(criterion: &Criterion, group: &Group<'_>) -> i64 {
    match criterion {
        Criterion::LeastShort => 1,
        Criterion::Cheapest => group.short,
        Criterion::FewestShipments
        | Criterion::Nearest
        | Criterion::Earliest
        | Criterion::Priority { .. }
        | Criterion::BalanceLoad
        | Criterion::ProtectStores => 0,
    }
}

fn carrying(criterion: &Criterion, ranks: &BTreeMap<&LocationId, i64>, source: &Source<'_>, arc: &ArcFacts) -> i64 {
    match criterion {
        Criterion::LeastShort | Criterion::FewestShipments => 0,
        Criterion::Cheapest => arc.cost.total(),
        Criterion::Nearest => kilometers(source),
        Criterion::Earliest => source.leg.days.into(),
        Criterion::Priority { lists } => {
            let last = i64::try_from(lists.len()).unwrap_or(i64::MAX);
            ranks.get(&source.node.location).copied().unwrap_or(last)
        }
        Criterion::BalanceLoad => {
            let load = source.node.capacity.map_or(0, |capacity| capacity.load_permille());
            i64::try_from(load).unwrap_or(i64::MAX)
        }
        Criterion::ProtectStores => match source.node.kind {
            LocationKind::Store => 1,
            LocationKind::Dc | LocationKind::Supplier => 0,
        },
    }
}

fn kilometers(source: &Source<'_>) -> i64 {
    let rounded = |meters: u64| i64::try_from(meters.saturating_add(500) / 1_000).unwrap_or(i64::MAX);
    source.leg.meters.map_or(UNKNOWN_KILOMETERS, rounded)
}

fn ranks(criterion: &Criterion) -> BTreeMap<&LocationId, i64> {
    let Criterion::Priority { lists } = criterion else { return BTreeMap::new() };
    (0..).zip(lists).flat_map(|(rank, list)| list.iter().map(move |location| (location, rank))).into_map()
}

/// The value of a criterion for a plan of flows, by arc, and of what is short, by group.
pub(super) fn score(model: &Model<'_>, criterion: &Criterion, flows: &[u64], short_units: &[u64]) -> i64 {
    let level = level(model, criterion);
    i64::try_from(level.value(model, flows, short_units)).unwrap_or(i64::MAX)
}

impl Level {
    fn nothing(model: &Model<'_>) -> Self {
        Self {
            opening: vec![0; model.sources.len()],
            carrying: vec![0; model.arcs.len()],
            short: vec![0; model.groups.len()],
        }
    }

    /// Adds so many times another, made coarser by so many bits.
    fn add(&mut self, other: &Self, factor: i128, shift: u32) {
        let put = |sums: &mut [i128], figures: &[i128]| {
            for (sum, figure) in sums.iter_mut().zip(figures) {
                *sum = sum.saturating_add(factor.saturating_mul(figure.checked_shr(shift).unwrap_or(0)));
            }
        };
        put(&mut self.opening, &other.opening);
        put(&mut self.carrying, &other.carrying);
        put(&mut self.short, &other.short);
    }

    fn value(&self, model: &Model<'_>, flows: &[u64], short_units: &[u64]) -> i128 {
        let times = |figure: &i128, units: u64| figure.saturating_mul(units.into());
        let mut open = vec![false; model.sources.len()];
        for (arc, _) in model.arcs.iter().zip(flows).filter(|(_, units)| **units > 0) {
            if let Some(flag) = open.get_mut(arc.source as usize) {
                *flag = true;
            }
        }
        let opened = self.opening.iter().zip(&open).filter(|(_, open)| **open).map(|(figure, _)| *figure);
        let carried = self.carrying.iter().zip(flows).map(|(figure, units)| times(figure, *units));
        let missing = self.short.iter().zip(short_units).map(|(figure, units)| times(figure, *units));
        opened.chain(carried).chain(missing).fold(0, i128::saturating_add)
    }
}

impl Objective {
    /// How many of the strategy's criteria, from the first, are proven: no plan is better by them, compared in order.
    ///
    /// A plan that is better by the first `k` saves at least the weight of the `k`-th, which is one more than all later
    /// ones can spread; so its objective is below this plan's, less what this plan's later ones are above their least. When
    /// the lower bound is not below that, there is no such plan.
    pub(super) fn leading(&self, model: &Model<'_>, flows: &[u64], short: &[u64], found: i64, bound: i64) -> u32 {
        let proven = self.later.iter().take_while(|later| {
            let above = later.value(model, flows, short).saturating_sub(least(model, later));
            i128::from(bound) >= i128::from(found).saturating_sub(above)
        });
        let exact = self.later.len().saturating_sub(usize::from(self.coarser > 0));
        let leading = proven.count().min(exact).saturating_sub(usize::from(self.complete));
        u32::try_from(leading).unwrap_or(u32::MAX)
    }
}

fn problem(
    model: &Model<'_>,
    levels: &[Level],
    coarser: u32,
    limits: &Limits,
) -> Result<(Problem, Vec<Level>), Refusal> {
    let (combined, later) = combined(model, levels, coarser, limits);
    posed(model, &combined, limits).map(|problem| (problem, later))
}

/// The problem of a model under one objective.
fn posed(model: &Model<'_>, combined: &Level, limits: &Limits) -> Result<Problem, Refusal> {
    let least = |figure: i128| u64::try_from(figure).unwrap_or(u64::MAX);
    let lines = model.groups.iter().zip(&combined.short).map(|(group, short)| Line {
        demand: group.demand,
        penalty: least(*short),
        value: worth(group.value, model.unit),
    });
    let locations = model
        .sources
        .iter()
        .zip(&combined.opening)
        .map(|(source, opening)| Location { open_cost: least(*opening), capacity: source.capacity });
    let arcs = model
        .arcs
        .iter()
        .zip(&combined.carrying)
        .map(|(arc, figure)| Arc(arc.group, arc.source, i64::try_from(*figure).unwrap_or(i64::MAX), arc.cap));
    let problem = Problem {
        lines: lines.collect(),
        locations: locations.collect(),
        arcs: arcs.collect(),
        max_shipments: limits.max_shipments,
        work_limit: limits.work,
        min_shipment_value: limits.value_floor.map(|floor| worth(floor.minor(), 1_000)),
    };
    problem.validate()?;
    Ok(problem)
}

/// The problems of several orders under one objective, so that what one of them loses can be held against what another gains:
/// each criterion is multiplied by more than all later ones together can differ between any plans of all orders. First of
/// all nobody loses goods. Criteria that do not fit are left out, the last ones first; nothing when not even the first does.
pub(super) fn together(models: &[Model<'_>], strategy: &Strategy) -> Option<Vec<Problem>> {
    let wanted = strategy.criteria.iter().filter(|criterion| **criterion != Criterion::LeastShort);
    let mut criteria: Vec<&Criterion> = core::iter::once(&Criterion::LeastShort).chain(wanted).collect();
    while criteria.len() > 1 {
        let mut sums: Vec<Level> = models.iter().map(Level::nothing).collect();
        for criterion in criteria.iter().rev() {
            let all = models.iter().zip(&sums);
            let spread = all.map(|(model, sum)| spread(model, sum, &strategy.limits)).fold(0, i128::saturating_add);
            for (model, sum) in models.iter().zip(&mut sums) {
                sum.add(&level(model, criterion), spread.saturating_add(1), 0);
            }
        }
        let posed: Result<Vec<Problem>, Refusal> =
            models.iter().zip(&sums).map(|(model, sum)| posed(model, sum, &strategy.limits)).collect();
        if let Ok(problems) = posed {
            return Some(problems);
        }
        criteria.pop();
    }
    None
}

/// By how much two plans can differ at most.
fn spread(model: &Model<'_>, level: &Level, limits: &Limits) -> i128 {
    most(model, level, limits).saturating_sub(least(model, level))
}

/// A value of a unit of goods in minor units, for so many thousandths of it, in thousandths of a minor unit.
fn worth(minor: i64, thousandths: u64) -> u64 {
    u64::try_from(minor).unwrap_or(0).saturating_mul(thousandths)
}

/// The levels as one, the last one shifted; and for each level all later ones as one.
fn combined(model: &Model<'_>, levels: &[Level], coarser: u32, limits: &Limits) -> (Level, Vec<Level>) {
    let mut sum = Level::nothing(model);
    let mut later = Vec::new();
    for (number, level) in levels.iter().rev().enumerate() {
        let shift = if number == 0 { coarser } else { 0 };
        let factor = spread(model, &sum, limits).saturating_add(1);
        later.push(sum.clone());
        sum.add(level, factor, shift);
    }
    later.reverse();
    (sum, later)
}

/// What no plan is below: each unit of a group goes its cheapest way, and nothing is opened.
fn least(model: &Model<'_>, level: &Level) -> i128 {
    let each = ways(model, level, i128::min);
    times_demand(model, &each)
}

/// What no good plan is above: each unit goes its dearest way, and the dearest sources are open. No good plan opens a source
/// for nothing, so that there are never more open than units.
fn most(model: &Model<'_>, level: &Level, limits: &Limits) -> i128 {
    let units = model.groups.iter().map(|group| group.demand).fold(0, u64::saturating_add);
    let open = u64::from(limits.max_shipments.unwrap_or(u32::MAX)).min(units);
    let mut opening = level.opening.clone();
    sorting::sort(&mut opening);
    let opened = opening.iter().rev().take(usize::try_from(open).unwrap_or(usize::MAX)).copied();
    let each = ways(model, level, i128::max);
    opened.fold(times_demand(model, &each), i128::saturating_add)
}

/// Of each group, one of the figures of its ways: carried by somebody or short.
fn ways(model: &Model<'_>, level: &Level, choose: fn(i128, i128) -> i128) -> Vec<i128> {
    let mut chosen = level.short.clone();
    for (arc, figure) in model.arcs.iter().zip(&level.carrying) {
        if let Some(best) = chosen.get_mut(arc.group as usize) {
            *best = choose(*best, *figure);
        }
    }
    chosen
}

fn times_demand(model: &Model<'_>, each: &[i128]) -> i128 {
    let all = model.groups.iter().zip(each).map(|(group, figure)| figure.saturating_mul(group.demand.into()));
    all.fold(0, i128::saturating_add)
}

/// The input behind what the optimizer refuses.
pub(super) fn fault(model: &Model<'_>, refusal: &Refusal) -> Fault {
    let line = |number: u32| {
        let first = model.groups.get(number as usize).map_or(0, |group| group.first);
        format!("/order/lines/{first}")
    };
    let location = |number: u32| {
        let place = model.sources.get(number as usize).map_or(0, |source| source.place);
        format!("/network/locations/{place}")
    };
    let pointer = match refusal {
        Refusal::PenaltyTooLarge(number) | Refusal::DemandTooLarge(number) | Refusal::ValueTooLarge(number) => {
            line(*number)
        }
        Refusal::OpenCostTooLarge(number) => location(*number),
        Refusal::UnitCostTooLarge(number)
        | Refusal::NoSuchLine(number)
        | Refusal::NoSuchLocation(number)
        | Refusal::DuplicateArc(number) => location(model.arcs.get(*number as usize).map_or(0, |arc| arc.source)),
        Refusal::MinShipmentValueTooLarge | Refusal::NoWork => "/policy/strategies".into(),
        Refusal::TooManyLines => "/order/lines".into(),
        Refusal::TooManyLocations | Refusal::TooManyArcs => "/offers".into(),
    };
    Fault::new(pointer, Flaw::Overflow)
}
