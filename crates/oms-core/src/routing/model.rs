//! An order as the optimizer sees it: groups of lines, sources, and what each arc costs.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::cost::{Breakdown, Piece, carrying, missing, opening};
use super::leg::{Leg, Load, days_late, leg};
use super::network::Node;
use super::{Fault, Flaw, ItemFacts, LeftOut, LeftOutWhy, LineFacts, OfferFacts, OrderFacts, Pool, Prepared, Strategy};
use crate::optimizer::MAX_UNITS;
use crate::sorting::{self, Gather as _};
use crate::value::{Day, LocationId, OrderId, Sku};

/// Everything a strategy may choose between for an order.
pub(super) struct Model<'a> {
    /// Thousandths of a unit of goods in one unit of the optimizer: the largest number that divides every line's quantity,
    /// every offer (cut to its group's demand) and every location's capacity left (unless it is enough for the order).
    pub(super) unit: u64,
    /// Lines by SKU: lines of one SKU share what is there, so the optimizer sees them as one.
    pub(super) groups: Vec<Group<'a>>,
    /// Locations that may ship, nearest first.
    pub(super) sources: Vec<Source<'a>>,
    /// What each could ship of each, by source, then group.
    pub(super) arcs: Vec<ArcFacts>,
    /// Locations with something on offer that may not ship, and why.
    pub(super) left_out: Vec<LeftOut>,
    /// SKUs of which a location has too little, as the line may not be split.
    pub(super) too_little: Vec<(Sku, LocationId)>,
}

/// The lines of one SKU.
pub(super) struct Group<'a> {
    pub(super) sku: &'a Sku,
    /// The place of its first line in the order.
    pub(super) first: usize,
    pub(super) lines: Vec<&'a LineFacts>,
    pub(super) item: Option<&'a ItemFacts>,
    /// In units of the optimizer.
    pub(super) demand: u64,
    /// Whether it comes from one location or not at all: one of its lines or the strategy says so.
    pub(super) whole: bool,
    /// The least that a unit of goods is worth, in minor units.
    pub(super) value: i64,
    /// What a unit of the optimizer costs when nobody ships it.
    pub(super) short: i64,
}

/// A location that may ship.
pub(super) struct Source<'a> {
    pub(super) node: &'a Node,
    /// Its place in the network.
    pub(super) place: usize,
    pub(super) leg: Leg<'a>,
    pub(super) opening: Breakdown,
    /// The order into whose parcel the goods go.
    pub(super) joins: Option<OrderId>,
    /// In units of the optimizer.
    pub(super) capacity: Option<u64>,
}

/// What a source could ship of a group.
#[derive(Clone, Copy)]
pub(super) struct ArcFacts {
    pub(super) group: u32,
    pub(super) source: u32,
    /// Of a unit of the optimizer.
    pub(super) cost: Breakdown,
    /// In units of the optimizer, at most the demand.
    pub(super) cap: u64,
}

impl Group<'_> {
    pub(super) fn thousandths(&self) -> u64 {
        total(&self.lines)
    }

    fn grams(&self) -> u64 {
        self.item.map_or(0, |item| item.grams)
    }

    fn hazmat(&self) -> bool {
        self.item.is_some_and(|item| item.hazmat)
    }

    fn wanted(&self) -> Option<Day> {
        self.lines.iter().filter_map(|line| line.requested_by).min()
    }
}

fn total(lines: &[&LineFacts]) -> u64 {
    lines.iter().map(|line| line.quantity.thousandths()).fold(0, u64::saturating_add)
}

/// The model of an order under a strategy. `forbidden` is left out besides what the order excludes.
pub(super) fn model<'a>(
    prepared: &'a Prepared,
    order: &'a OrderFacts,
    strategy: &Strategy,
    offers: &'a [OfferFacts],
    forbidden: Option<&LocationId>,
) -> Result<Model<'a>, Fault> {
    let groups = groups(order, strategy);
    let unit = unit(prepared, &groups, offers);
    counted(prepared, order, strategy, offers, forbidden, (groups, unit))
}

/// The same with goods counted in a unit that several orders share: it divides every quantity.
pub(super) fn model_in<'a>(
    prepared: &'a Prepared,
    order: &'a OrderFacts,
    strategy: &Strategy,
    offers: &'a [OfferFacts],
    unit: u64,
) -> Result<Model<'a>, Fault> {
    counted(prepared, order, strategy, offers, None, (groups(order, strategy), unit))
}

fn counted<'a>(
    prepared: &'a Prepared,
    order: &'a OrderFacts,
    strategy: &Strategy,
    offers: &'a [OfferFacts],
    forbidden: Option<&LocationId>,
    (mut groups, unit): (Vec<Group<'a>>, u64),
) -> Result<Model<'a>, Fault> {
    for group in &mut groups {
        let thousandths = group.thousandths();
        group.demand = thousandths.checked_div(unit).unwrap_or(0);
        if group.demand > MAX_UNITS {
            let pointer = alloc::format!("/order/lines/{}/quantity", group.first);
            return Err(Fault::new(pointer, Flaw::Beyond { most: MAX_UNITS.saturating_mul(unit) }));
        }
        let dearest = group.lines.iter().map(|line| line.unit_value.minor()).max().unwrap_or(0);
        group.short = missing(&prepared.policy.costs, dearest, unit);
    }
    let mut model =
        Model { unit, groups, sources: Vec::new(), arcs: Vec::new(), left_out: Vec::new(), too_little: Vec::new() };
    model.find_sources(prepared, order, strategy, offers, forbidden);
    Ok(model)
}

fn groups<'a>(order: &'a OrderFacts, strategy: &Strategy) -> Vec<Group<'a>> {
    let items: BTreeMap<&Sku, &ItemFacts> = order.items.iter().map(|item| (&item.sku, item)).into_map();
    let mut places: BTreeMap<&Sku, usize> = BTreeMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (first, line) in order.lines.iter().enumerate() {
        let place = *places.entry(&line.sku).or_insert(groups.len());
        let value = line.unit_value.minor();
        match groups.get_mut(place) {
            Some(group) => {
                group.lines.push(line);
                group.whole |= line.whole;
                group.value = group.value.min(value);
            }
            None => groups.push(Group {
                sku: &line.sku,
                first,
                lines: alloc::vec![line],
                item: items.get(&line.sku).copied(),
                demand: 0,
                whole: line.whole || strategy.limits.whole_lines,
                value,
                short: 0,
            }),
        }
    }
    groups
}

/// The largest quantity that divides every line, every offer and every location's capacity left; what is more than could
/// be asked for is cut to that.
fn unit(prepared: &Prepared, groups: &[Group<'_>], offers: &[OfferFacts]) -> u64 {
    let wanted: BTreeMap<&Sku, u64> = groups.iter().map(|group| (group.sku, group.thousandths())).into_map();
    let all = wanted.values().copied().fold(0, u64::saturating_add);
    let demands = groups.iter().flat_map(|group| &group.lines).map(|line| line.quantity.thousandths());
    let there = offers.iter().flat_map(|offer| {
        let wanted = wanted.get(&offer.sku).copied().unwrap_or(0);
        let capacity = prepared.node(&offer.location).and_then(|(_, node)| node.capacity);
        let left = capacity.filter(|_| wanted > 0).map_or(0, |capacity| capacity.left().thousandths());
        [offer.free.thousandths().min(wanted), if left < all { left } else { 0 }]
    });
    demands.chain(there).fold(0, gcd).max(1)
}

pub(super) fn gcd(mut one: u64, mut other: u64) -> u64 {
    while let Some(rest) = one.checked_rem(other) {
        (one, other) = (other, rest);
    }
    one
}

/// What a location has of the groups.
type Shelf<'a> = Vec<(usize, &'a OfferFacts)>;

impl<'a> Model<'a> {
    fn find_sources(
        &mut self,
        prepared: &'a Prepared,
        order: &OrderFacts,
        strategy: &Strategy,
        offers: &'a [OfferFacts],
        forbidden: Option<&LocationId>,
    ) {
        let mut found: Vec<(Source<'a>, Shelf<'a>)> = Vec::new();
        for (location, shelf) in self.shelves(offers) {
            let excluded = order.excluded.contains(location) || forbidden == Some(location);
            let source = if excluded {
                Err(LeftOutWhy::Excluded)
            } else {
                self.source(prepared, order, strategy, location, &shelf)
            };
            match source {
                Ok(source) => found.push((source, shelf)),
                Err(why) => self.left_out.push(LeftOut { location: location.clone(), why }),
            }
        }
        sorting::sort_by(&mut found, |(a, _), (b, _)| {
            let place = |source: &Source<'_>| source.leg.meters.unwrap_or(u64::MAX);
            place(a).cmp(&place(b)).then_with(|| a.node.location.cmp(&b.node.location))
        });
        for (number, (source, shelf)) in (0..).zip(found) {
            self.arcs_of(number, prepared, strategy.limits.on_time, &source, &shelf);
            self.sources.push(source);
        }
    }

    /// What is on offer of the groups, by location; offers of nothing are passed over.
    fn shelves(&self, offers: &'a [OfferFacts]) -> BTreeMap<&'a LocationId, Shelf<'a>> {
        let places: BTreeMap<&Sku, usize> =
            self.groups.iter().enumerate().map(|(at, group)| (group.sku, at)).into_map();
        let mut shelves: BTreeMap<&LocationId, Shelf<'a>> = BTreeMap::new();
        for offer in offers.iter().filter(|offer| !offer.free.is_zero()) {
            if let Some(group) = places.get(&offer.sku) {
                shelves.entry(&offer.location).or_default().push((*group, offer));
            }
        }
        shelves
    }

    fn source(
        &self,
        prepared: &'a Prepared,
        order: &OrderFacts,
        strategy: &Strategy,
        location: &LocationId,
        shelf: &[(usize, &OfferFacts)],
    ) -> Result<Source<'a>, LeftOutWhy> {
        let (place, node) = prepared.node(location).ok_or(LeftOutWhy::Unknown)?;
        if !strategy.from.has(node, order) {
            return Err(LeftOutWhy::NotInPool);
        }
        let dangerous = shelf.iter().filter_map(|(group, _)| self.groups.get(*group)).any(Group::hazmat);
        let grams = u64::try_from(self.milligrams(shelf).div_ceil(1_000)).unwrap_or(u64::MAX);
        let wanted = self.wanted(shelf);
        let on_time = strategy.limits.on_time;
        let leg = leg(prepared, order, node, Load { grams, hazmat: dangerous, wanted: &wanted, on_time })?;
        let late = |day: Option<Day>| on_time && days_late(leg.delivers, day) > 0;
        let groups = || shelf.iter().filter_map(|(group, _)| self.groups.get(*group));
        if late(order.requested_by) || groups().all(|group| late(group.wanted())) {
            return Err(LeftOutWhy::Late);
        }
        let left = |capacity: super::Capacity| capacity.left().thousandths().checked_div(self.unit).unwrap_or(0);
        let capacity = node.capacity.map(left);
        if capacity == Some(0) {
            return Err(LeftOutWhy::NoCapacity);
        }
        let mut opening = opening(&prepared.policy.costs, order, node, &leg);
        let parcel = order.parcels.iter().find(|parcel| strategy.limits.consolidate && leg.joins(location, parcel));
        if parcel.is_some() {
            (opening.parcel, opening.pick_pack) = (0, 0);
        }
        Ok(Source { node, place, leg, opening, joins: parcel.map(|parcel| parcel.order), capacity })
    }

    /// By which days how much of what a shelf could send is wanted, where a line says so.
    fn wanted(&self, shelf: &[(usize, &OfferFacts)]) -> Vec<(Day, u64)> {
        let dated = shelf.iter().filter_map(|(group, offer)| {
            let group = self.groups.get(*group)?;
            Some((group.wanted()?, offer.free.thousandths().min(group.thousandths())))
        });
        dated.collect()
    }

    /// Everything of the groups that a shelf could send.
    fn milligrams(&self, shelf: &[(usize, &OfferFacts)]) -> u128 {
        let weights = shelf.iter().filter_map(|(group, offer)| {
            let group = self.groups.get(*group)?;
            let sent = offer.free.thousandths().min(group.thousandths());
            Some(u128::from(sent).saturating_mul(group.grams().into()))
        });
        weights.fold(0, u128::saturating_add)
    }

    fn arcs_of(
        &mut self,
        number: u32,
        prepared: &Prepared,
        on_time: bool,
        source: &Source<'_>,
        shelf: &[(usize, &OfferFacts)],
    ) {
        let load_milligrams = self.milligrams(shelf);
        for (place, offer) in shelf {
            let Some(group) = self.groups.get(*place) else { continue };
            let late = on_time && days_late(source.leg.delivers, group.wanted()) > 0;
            if late || (group.hazmat() && !source.leg.hazmat) {
                continue;
            }
            let there = offer.free.thousandths().min(group.thousandths()).checked_div(self.unit).unwrap_or(0);
            let cap = there.min(source.capacity.unwrap_or(u64::MAX));
            if group.whole && cap < group.demand {
                self.too_little.push((group.sku.clone(), source.node.location.clone()));
                continue;
            }
            let piece = Piece { thousandths: self.unit, grams: group.grams(), load_milligrams, wanted: group.wanted() };
            let cost = carrying(&prepared.policy.costs, source.node, &source.leg, offer, piece);
            let group = u32::try_from(*place).unwrap_or(u32::MAX);
            self.arcs.push(ArcFacts { group, source: number, cost, cap });
        }
    }
}

impl Pool {
    fn has(&self, node: &Node, order: &OrderFacts) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&node.kind))
            && (self.only.is_empty() || self.only.contains(&node.location))
            && !self.never.contains(&node.location)
            && (!self.same_country || node.country == order.to.country)
    }
}
