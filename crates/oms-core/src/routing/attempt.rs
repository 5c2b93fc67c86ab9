//! One strategy tried on an order: solve, keep whole lines whole, and read the flows back as a plan.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::cost::Breakdown;
use super::criteria::{objective, score};
use super::model::{Model, Source, model};
use super::{
    Binding, Code, Demand, Fault, LeftOut, OfferFacts, OrderFacts, Plan, Prepared, Proof, Score, Serve, Shipment,
    Strategy,
};
use crate::optimizer::{Answer, Problem, solve};
use crate::sorting::{self, Gather as _};
use crate::value::{Amount, LocationId, Quantity};

/// Most times that a plan is solved again because it splits a line that may not be split, or ships less than the value floor.
/// After that such lines are left out altogether. Only node capacity and the value floor lead here: a location with too
/// little for the line is never offered.
const MAX_REPAIRS: usize = 16;

/// What a strategy makes of an order.
pub(super) struct Attempt {
    pub(super) plan: Plan,
    pub(super) shipments: Vec<Shipment>,
    pub(super) cost: Breakdown,
    pub(super) scores: Vec<Score>,
    pub(super) proof: Proof,
    pub(super) binding: Vec<Binding>,
    pub(super) left_out: Vec<LeftOut>,
    /// The location that serves most of the value.
    pub(super) main: Option<LocationId>,
}

impl Attempt {
    pub(super) fn short(&self) -> Quantity {
        self.plan.short.iter().map(|demand| demand.quantity).sum()
    }
}

/// The problem that a strategy poses for an order: locations nearest first, lines of one SKU as one, in the order in which
/// the SKUs first come up; costs are those of the strategy's criteria as one objective. See [`Proof::unit`] for the unit of
/// goods. The order and the offers are taken as they are: see [`super::check_order`].
///
/// # Errors
/// Costs or quantities beyond what is counted exactly, at the line or location they belong to.
pub fn build(
    prepared: &Prepared,
    order: &OrderFacts,
    strategy: &Strategy,
    offers: &[OfferFacts],
) -> Result<Problem, Fault> {
    let model = model(prepared, order, strategy, offers, None)?;
    let complete = order.ship_complete || strategy.limits.ship_complete;
    objective(&model, strategy, complete).map(|objective| objective.problem)
}

/// Tries a strategy, without a location that is forbidden.
pub(super) fn attempt(
    prepared: &Prepared,
    order: &OrderFacts,
    strategy: &Strategy,
    offers: &[OfferFacts],
    forbidden: Option<&LocationId>,
) -> Result<Attempt, Fault> {
    let model = model(prepared, order, strategy, offers, forbidden)?;
    let complete = order.ship_complete || strategy.limits.ship_complete;
    let mut objective = objective(&model, strategy, complete)?;
    let solved = Solved::of(&model, &mut objective.problem)?;
    let mut binding = binding(&model, strategy, &solved);
    let (found, bound, mut flows) = (solved.answer.cost, solved.lower_bound, solved.flows);
    let leading = objective.leading(&model, &flows, &solved.answer.backordered, found, bound);
    if complete && solved.answer.backordered.iter().any(|units| *units > 0) && !solved.answer.open.is_empty() {
        binding.push(Binding::ShipComplete);
        flows.fill(0);
    }
    sorting::sort(&mut binding);
    let read = Read { model: &model, short: missing(&model, &flows), flows };
    let proof = Proof {
        objective: found,
        lower_bound: bound,
        proven: bound == found,
        leading,
        unit: model.unit,
        coarser: objective.coarser,
        work: solved.work,
    };
    let scores = strategy.criteria.iter().map(|criterion| Score {
        criterion: criterion.clone(),
        value: score(&model, criterion, &read.flows, &read.short),
    });
    Ok(Attempt {
        plan: read.plan(order),
        shipments: read.shipments(),
        cost: read.cost(),
        scores: scores.collect(),
        proof,
        binding,
        main: read.main(),
        left_out: model.left_out.clone(),
    })
}

/// What the optimizer found, by arc.
struct Solved {
    answer: Answer,
    flows: Vec<u64>,
    /// Of the problem as it was first asked: keeping lines whole only makes plans dearer.
    lower_bound: i64,
    work: u64,
}

impl Solved {
    fn of(model: &Model<'_>, problem: &mut Problem) -> Result<Self, Fault> {
        let places: BTreeMap<(u32, u32), usize> =
            model.arcs.iter().enumerate().map(|(at, arc)| ((arc.group, arc.source), at)).into_map();
        let solved = |problem: &Problem| -> Result<(Answer, Vec<u64>), Fault> {
            let answer = solve(problem).map_err(|refusal| super::criteria::fault(model, &refusal))?;
            let mut flows = vec![0; model.arcs.len()];
            for flow in &answer.flows {
                let place = places.get(&(flow.0, flow.1)).and_then(|place| flows.get_mut(*place));
                if let Some(units) = place {
                    *units = flow.2;
                }
            }
            Ok((answer, flows))
        };
        let (mut answer, mut flows) = solved(problem)?;
        let (lower_bound, mut work) = (answer.lower_bound, answer.work);
        let rounds = MAX_REPAIRS.saturating_add(model.groups.len()).saturating_add(model.sources.len());
        for round in 0..rounds {
            let split = keep_whole(model, problem, &flows, round >= MAX_REPAIRS);
            if !split && !close_small(problem, &flows) {
                break;
            }
            (answer, flows) = solved(problem)?;
            work = work.saturating_add(answer.work);
        }
        Ok(Self { answer, flows, lower_bound, work })
    }
}

/// Takes away arcs that split the first group that may not be split: all but the largest, or that, too, when it alone is
/// not enough; all arcs of the group when `give_up`. False when nothing is split.
fn keep_whole(model: &Model<'_>, problem: &mut Problem, flows: &[u64], give_up: bool) -> bool {
    for (number, group) in (0_u32..).zip(&model.groups).filter(|(_, group)| group.whole) {
        let of_group = || model.arcs.iter().zip(flows).enumerate().filter(|(_, (arc, _))| arc.group == number);
        let sent: Vec<(usize, u64)> =
            of_group().map(|(at, (_, units))| (at, *units)).filter(|(_, units)| *units > 0).collect();
        let whole = matches!(sent.as_slice(), [] | [_]) && sent.iter().all(|(_, units)| *units == group.demand);
        if whole {
            continue;
        }
        let largest = sent.iter().max_by_key(|(at, units)| (*units, core::cmp::Reverse(*at))).map(|(at, _)| *at);
        let keep = largest.filter(|_| sent.len() > 1 && !give_up);
        let gone: Vec<usize> = if give_up {
            of_group().map(|(at, _)| at).collect()
        } else {
            sent.iter().map(|(at, _)| *at).filter(|at| Some(*at) != keep).collect()
        };
        for at in gone {
            if let Some(arc) = problem.arcs.get_mut(at) {
                arc.3 = 0;
            }
        }
        return true;
    }
    false
}

/// Closes the first location that ships less than the value floor, and takes away its arcs. The optimizer reckons with the
/// floor, but where several plans cost the same the one it tells may be below it. False when there is none.
fn close_small(problem: &mut Problem, flows: &[u64]) -> bool {
    let Some(floor) = problem.min_shipment_value else { return false };
    let mut worth: BTreeMap<u32, u64> = BTreeMap::new();
    for (arc, units) in problem.arcs.iter().zip(flows).filter(|(_, units)| **units > 0) {
        let each = problem.lines.get(arc.0 as usize).map_or(0, |line| line.value);
        let sum = worth.entry(arc.1).or_default();
        *sum = sum.saturating_add(units.saturating_mul(each));
    }
    let Some(small) = worth.iter().find(|(_, value)| **value < floor).map(|(source, _)| *source) else { return false };
    for arc in problem.arcs.iter_mut().filter(|arc| arc.1 == small) {
        arc.3 = 0;
    }
    true
}

/// Units of each group that nobody ships.
fn missing(model: &Model<'_>, flows: &[u64]) -> Vec<u64> {
    let mut left: Vec<u64> = model.groups.iter().map(|group| group.demand).collect();
    for (arc, units) in model.arcs.iter().zip(flows) {
        if let Some(left) = left.get_mut(arc.group as usize) {
            *left = left.saturating_sub(*units);
        }
    }
    left
}

fn binding(model: &Model<'_>, strategy: &Strategy, solved: &Solved) -> Vec<Binding> {
    let answer = &solved.answer;
    let sku = |group: u32| model.groups.get(group as usize).map(|group| group.sku.clone());
    let location = |source: u32| model.sources.get(source as usize).map(|source| source.node.location.clone());
    let mut found: Vec<Binding> = Vec::new();
    found.extend(answer.binding.short.iter().filter_map(|group| Some(Binding::Supply { sku: sku(*group)? })));
    let stock = answer.binding.stock.iter();
    found.extend(
        stock.filter_map(|(group, source)| Some(Binding::Stock { sku: sku(*group)?, location: location(*source)? })),
    );
    let full = answer.binding.capacity.iter();
    found.extend(full.filter_map(|source| Some(Binding::Capacity { location: location(*source)? })));
    if let Some(most) = strategy.limits.max_shipments.filter(|_| answer.binding.max_shipments) {
        found.push(Binding::MaxShipments { most });
    }
    let too_little = model.too_little.iter();
    found.extend(too_little.map(|(sku, location)| Binding::WholeLine { sku: sku.clone(), location: location.clone() }));
    let short = answer.backordered.iter().any(|units| *units > 0);
    if let Some(least) = strategy.limits.value_floor.filter(|_| short && !model.arcs.is_empty()) {
        found.push(Binding::ValueFloor { least });
    }
    found
}

/// Flows by arc and what is short by group, to be read.
struct Read<'m, 'a> {
    model: &'m Model<'a>,
    flows: Vec<u64>,
    short: Vec<u64>,
}

impl Read<'_, '_> {
    /// Every line in turn takes the remainder of what its group gets, nearest first.
    fn plan(&self, order: &OrderFacts) -> Plan {
        let mut left = self.flows.clone();
        let mut plan = Plan::default();
        let groups: BTreeMap<&str, u32> =
            (0..).zip(&self.model.groups).map(|(number, group)| (group.sku.as_str(), number)).into_map();
        for line in &order.lines {
            let group = groups.get(line.sku.as_str()).copied();
            let mut wanted = line.quantity.thousandths();
            for (arc, units) in self.model.arcs.iter().zip(&mut left).filter(|(arc, _)| Some(arc.group) == group) {
                let there = units.saturating_mul(self.model.unit);
                let taken = there.min(wanted);
                let Some(source) = self.model.sources.get(arc.source as usize).filter(|_| taken > 0) else { continue };
                wanted = wanted.saturating_sub(taken);
                *units = there.saturating_sub(taken).checked_div(self.model.unit).unwrap_or(0);
                let (sku, location) = (line.sku.clone(), source.node.location.clone());
                plan.serves.push(Serve { line: line.line, sku, location, quantity: quantity(taken) });
            }
            if wanted > 0 {
                plan.short.push(Demand { line: line.line, sku: line.sku.clone(), quantity: quantity(wanted) });
            }
        }
        plan
    }

    fn open(&self) -> impl Iterator<Item = (u32, &Source<'_>)> {
        let ships = |source: u32| {
            self.model.arcs.iter().zip(&self.flows).any(|(arc, units)| arc.source == source && *units > 0)
        };
        (0..).zip(&self.model.sources).filter(move |(number, _)| ships(*number))
    }

    fn shipments(&self) -> Vec<Shipment> {
        let shipment = |(number, source): (u32, &Source<'_>)| {
            let by = source.leg.by;
            let grams = self.grams(number);
            let tariff = Amount::new(by.map_or(0, |by| by.rate.price(grams))).unwrap_or(Amount::MAX);
            Shipment {
                location: source.node.location.clone(),
                carrier: by.map(|by| Code::clone(by.carrier)),
                service: by.map(|by| by.service.name.clone()),
                meters: source.leg.meters,
                ships: source.leg.ships,
                delivers: source.leg.delivers,
                joins: source.joins,
                grams,
                tariff,
            }
        };
        self.open().map(shipment).collect()
    }

    /// What a source sends weighs, in grams begun.
    fn grams(&self, source: u32) -> u64 {
        let sent = self.model.arcs.iter().zip(&self.flows).filter(|(arc, _)| arc.source == source);
        let milligrams = sent.filter_map(|(arc, units)| {
            let grams = self.model.groups.get(arc.group as usize)?.item.map_or(0, |item| item.grams);
            Some(u128::from(*units).saturating_mul(self.model.unit.into()).saturating_mul(grams.into()))
        });
        u64::try_from(milligrams.fold(0, u128::saturating_add).div_ceil(1_000)).unwrap_or(u64::MAX)
    }

    fn cost(&self) -> Breakdown {
        let opened = self.open().fold(Breakdown::default(), |sum, (_, source)| sum.plus(&source.opening, 1));
        let carried = self.model.arcs.iter().zip(&self.flows);
        let shipped = carried.fold(opened, |sum, (arc, units)| sum.plus(&arc.cost, *units));
        let missing = self.model.groups.iter().zip(&self.short);
        missing.fold(shipped, |sum, (group, units)| {
            sum.plus(&Breakdown { short: group.short, ..Breakdown::default() }, *units)
        })
    }

    /// The open source that sends most of the value, then most units, then the nearest.
    fn main(&self) -> Option<LocationId> {
        let sent = |number: u32| {
            let arcs = self.model.arcs.iter().zip(&self.flows).filter(move |(arc, _)| arc.source == number);
            arcs.fold((0_u128, 0_u64), |(value, units), (arc, more)| {
                let each = self.model.groups.get(arc.group as usize).map_or(0, |group| group.value.max(0));
                let worth = u128::from(*more).saturating_mul(each.unsigned_abs().into());
                (value.saturating_add(worth), units.saturating_add(*more))
            })
        };
        let main = self.open().max_by_key(|(number, _)| (sent(*number), core::cmp::Reverse(*number)));
        main.map(|(_, source)| source.node.location.clone())
    }
}

fn quantity(thousandths: u64) -> Quantity {
    Quantity::from_thousandths(thousandths).unwrap_or(Quantity::MAX)
}
