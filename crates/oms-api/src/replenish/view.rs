//! What replenishment shows.

use alloc::format;
use alloc::vec::Vec;

use oms_core::forecast::{Class, Method};
use oms_core::promise::{Inbound, Source, Stage};
use oms_core::replenish::{
    Band, Buying, Draft, DraftLine, Expected, Lot, Thresholds, Watch, Watched, expected, propose, rounded,
};
use oms_core::sorting;
use oms_core::stock::Page;
use oms_core::value::{Day, Delta, Label, LocationId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::problem::Problem;
use crate::show::Shown;

/// Days of a week.
const WEEK_DAYS: i32 = 7;

/// What is said of a SKU's replenishment.
#[derive(Debug, Serialize)]
pub struct WatchView<'a> {
    sku: &'a Sku,
    thresholds: ThresholdsView,
    buying: Option<BuyingView<'a>>,
}

#[derive(Debug, Serialize)]
struct ThresholdsView {
    low: Option<Shown<Quantity>>,
    medium: Option<Shown<Quantity>>,
    high: Option<Shown<Quantity>>,
}

#[derive(Debug, Serialize)]
struct BuyingView<'a> {
    supplier: &'a LocationId,
    locations: &'a [LocationId],
    lead_days: u32,
    lead_deviation_days: u32,
    service_permille: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_quantity: Option<Shown<Quantity>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_cost: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holding_cost: Option<u32>,
    multiple: Shown<Quantity>,
    least: Shown<Quantity>,
    keep_safety: bool,
}

impl<'a> WatchView<'a> {
    /// A SKU's.
    pub fn new(sku: &'a Sku, watch: &'a Watch) -> Self {
        let Thresholds { low, medium, high } = watch.thresholds;
        let thresholds = ThresholdsView { low: low.map(Shown), medium: medium.map(Shown), high: high.map(Shown) };
        Self { sku, thresholds, buying: watch.buying.as_ref().map(BuyingView::new) }
    }
}

impl<'a> BuyingView<'a> {
    fn new(buying: &'a Buying) -> Self {
        let (order_quantity, order_cost, holding_cost) = match buying.lot {
            Lot::Cover => (None, None, None),
            Lot::Fixed(quantity) => (Some(Shown(quantity)), None, None),
            Lot::Economic { order, holding } => (None, Some(order), Some(holding)),
        };
        Self {
            supplier: &buying.supplier,
            locations: &buying.locations,
            lead_days: buying.lead_days,
            lead_deviation_days: buying.lead_deviation_days,
            service_permille: buying.service_permille,
            order_quantity,
            order_cost,
            holding_cost,
            multiple: Shown(buying.pack.multiple),
            least: Shown(buying.pack.least),
            keep_safety: buying.keep_safety,
        }
    }
}

/// Demand by week, as it was and as it is expected.
#[derive(Debug, Serialize)]
pub struct ForecastsView<'a> {
    data: Vec<ForecastView<'a>>,
    as_of: Shown<Timestamp>,
}

#[derive(Debug, Serialize)]
struct ForecastView<'a> {
    sku: &'a Sku,
    location: &'a LocationId,
    history: Vec<WeekView>,
    class: Option<Class>,
    method: Option<Method>,
    next: Vec<WeekView>,
    deviation: Option<Shown<Quantity>>,
}

#[derive(Debug, Serialize)]
struct WeekView {
    week: Day,
    quantity: Shown<Quantity>,
}

impl<'a> ForecastsView<'a> {
    /// Of these SKUs, at all locations or at one, so many weeks ahead.
    ///
    /// # Errors
    /// What cannot be forecast.
    pub fn new(
        pages: &'a [(Sku, Page)],
        only: Option<&LocationId>,
        weeks: usize,
        as_of: Timestamp,
    ) -> Result<Self, Problem> {
        let today = Day::of_utc(as_of);
        let mut data = Vec::new();
        for (sku, page) in pages {
            for (location, demand) in page.demand.iter().filter(|(at, _)| only.is_none_or(|only| only == *at)) {
                let found = expected(demand, today, weeks).map_err(|refusal| no_forecast(sku, &refusal))?;
                let history = (0..).zip(&demand.weeks).map(|(at, quantity)| week(demand.first, at, *quantity));
                data.push(ForecastView::new(sku, location, history.collect(), found.as_ref(), today));
            }
        }
        Ok(Self { data, as_of: Shown(as_of) })
    }
}

impl<'a> ForecastView<'a> {
    fn new(
        sku: &'a Sku,
        location: &'a LocationId,
        history: Vec<WeekView>,
        found: Option<&Expected>,
        today: Day,
    ) -> Self {
        let units = |value: &f64| rounded(*value).unwrap_or(Quantity::MAX);
        let next = found.iter().flat_map(|found| (0..).zip(&found.next));
        Self {
            sku,
            location,
            history,
            class: found.and_then(|found| found.class),
            method: found.map(|found| found.method),
            next: next.map(|(at, value)| week(today.monday(), at, units(value))).collect(),
            deviation: found.map(|found| Shown(units(&found.deviation))),
        }
    }
}

fn week(first: Day, at: i32, quantity: Quantity) -> WeekView {
    WeekView { week: first.saturating_add(at.saturating_mul(WEEK_DAYS)), quantity: Shown(quantity) }
}

fn no_forecast(sku: &Sku, refusal: &oms_core::forecast::Refusal) -> Problem {
    Problem::invalid("/sku", "cannot_be_forecast", format!("{sku}: {refusal}"))
}

/// Where stock stands against what is to be kept, and what to order.
#[derive(Debug, Serialize)]
pub struct ReplenishmentView<'a> {
    data: Vec<PlaceView<'a>>,
    proposals: Vec<ProposalView>,
    as_of: Shown<Timestamp>,
}

#[derive(Debug, Serialize)]
struct PlaceView<'a> {
    sku: &'a Sku,
    location: &'a LocationId,
    supplier: &'a LocationId,
    band: Band,
    on_hand: Shown<Quantity>,
    on_order: Shown<Quantity>,
    committed: Shown<Quantity>,
    weekly_demand: Shown<Quantity>,
    safety_stock: Shown<Quantity>,
    reorder_point: Shown<Quantity>,
    order_up_to: Shown<Quantity>,
}

#[derive(Debug, Serialize)]
struct ProposalView {
    #[serde(skip_serializing_if = "Option::is_none")]
    purchase_order: Option<Label>,
    supplier: LocationId,
    lines: Vec<ProposalLineView>,
}

#[derive(Debug, Serialize)]
struct ProposalLineView {
    sku: Sku,
    location: LocationId,
    quantity: Shown<Quantity>,
    position: Shown<Delta>,
    reorder_point: Shown<Quantity>,
    order_up_to: Shown<Quantity>,
    rounded_up: Shown<Quantity>,
}

impl ProposalView {
    fn new(draft: &Draft, purchase_order: Option<Label>) -> Self {
        let line = |line: &DraftLine| ProposalLineView {
            sku: line.sku.clone(),
            location: line.location.clone(),
            quantity: Shown(line.quantity),
            position: Shown(line.why.position),
            reorder_point: Shown(line.why.levels.reorder_point),
            order_up_to: Shown(line.why.levels.order_up_to),
            rounded_up: Shown(line.why.rounded_up),
        };
        Self { purchase_order, supplier: draft.supplier.clone(), lines: draft.lines.iter().map(line).collect() }
    }
}

impl<'a> ReplenishmentView<'a> {
    /// Of these SKUs, where they are bought and something of their demand is known.
    ///
    /// # Errors
    /// What cannot be forecast.
    pub fn new(pages: &'a [(Sku, Page)], as_of: Timestamp) -> Result<Self, Problem> {
        let today = Day::of_utc(as_of);
        let mut data = Vec::new();
        for (sku, page) in pages {
            for (location, buying, kept) in kept(sku, page, today)? {
                let watched = watched(sku, page, location, buying, kept.levels, None);
                let weekly = kept.expected.next.first().copied().unwrap_or_default();
                data.push(PlaceView {
                    sku,
                    location,
                    supplier: &buying.supplier,
                    band: page.shelf(location).band,
                    on_hand: Shown(watched.on_hand),
                    on_order: Shown(watched.on_order),
                    committed: Shown(watched.committed),
                    weekly_demand: Shown(rounded(weekly).unwrap_or(Quantity::MAX)),
                    safety_stock: Shown(kept.safety),
                    reorder_point: Shown(kept.levels.reorder_point),
                    order_up_to: Shown(kept.levels.order_up_to),
                });
            }
        }
        let drafts = drafts(pages, today, None)?;
        let proposals = drafts.iter().map(|draft| ProposalView::new(draft, None)).collect();
        Ok(Self { data, proposals, as_of: Shown(as_of) })
    }
}

type KeptAt<'a> = (&'a LocationId, &'a Buying, oms_core::replenish::Kept);

fn kept<'a>(sku: &Sku, page: &'a Page, today: Day) -> Result<Vec<KeptAt<'a>>, Problem> {
    let Some(buying) = page.buying() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for location in &buying.locations {
        let Some(demand) = page.demand.get(location) else { continue };
        let kept = buying.kept(demand, today).map_err(|refusal| no_forecast(sku, &refusal))?;
        found.extend(kept.map(|kept| (location, buying, kept)));
    }
    Ok(found)
}

/// True for what a run of proposals wrote.
fn is_of(run: Option<&str>, inbound: &Inbound) -> bool {
    run.is_some_and(|run| inbound.id.as_str().ends_with(run))
}

/// What is still to come, drafts included: what was proposed is not proposed again.
fn expected_of(inbound: &Inbound) -> Quantity {
    if inbound.stage == Stage::Draft { inbound.ordered } else { inbound.open() }
}

/// What is there and to come against what is promised; what this run of proposals wrote before does not count.
fn watched(
    sku: &Sku,
    page: &Page,
    location: &LocationId,
    buying: &Buying,
    levels: oms_core::replenish::Levels,
    run: Option<&str>,
) -> Watched {
    let shelf = page.shelf(location);
    let counts = |one: &&Inbound| one.location == *location && !is_of(run, one);
    let on_order: Quantity = page.inbound.iter().filter(counts).map(expected_of).sum();
    let waiting: Quantity = page.waiting.iter().map(|waiter| waiter.quantity).sum();
    // Orders wait for goods of any place: they count where the SKU is kept first.
    let waiting = if buying.locations.first() == Some(location) { waiting } else { Quantity::ZERO };
    Watched {
        sku: sku.clone(),
        location: location.clone(),
        supplier: buying.supplier.clone(),
        on_hand: shelf.on_hand.saturating_sub(shelf.quarantined),
        on_order,
        committed: shelf.reserved.saturating_add(waiting),
        levels,
        pack: buying.pack,
    }
}

fn drafts(pages: &[(Sku, Page)], today: Day, run: Option<&str>) -> Result<Vec<Draft>, Problem> {
    let mut all = Vec::new();
    for (sku, page) in pages {
        let of_page = kept(sku, page, today)?;
        all.extend(of_page.iter().map(|(at, buying, kept)| watched(sku, page, at, buying, kept.levels, run)));
    }
    propose(&all).map_err(|refusal| Problem::invalid("/sku", "cannot_be_forecast", format!("{refusal}")))
}

/// Draft purchase orders for these SKUs, one a supplier, each with what is to come of it. The run, eight digits, is in their
/// numbers: what it wrote before is told again, and left as it is.
///
/// # Errors
/// What cannot be forecast.
pub fn proposals(pages: &[(Sku, Page)], today: Day, run: &str) -> Result<(ProposalsView, Vec<Inbound>), Problem> {
    let mut view = ProposalsView { data: Vec::new() };
    let mut lines = Vec::new();
    for draft in drafts(pages, today, Some(run))? {
        let name = format!("RPL-{}-{run}", draft.supplier).parse();
        let Ok(id): Result<Label, _> = name else { continue };
        view.data.push(ProposalView::new(&draft, Some(id.clone())));
        for line in draft.lines {
            let page = pages.iter().find(|(sku, _)| *sku == line.sku).map(|(_, page)| page);
            if page.is_some_and(|page| page.inbound.iter().any(|one| one.id == id && one.location == line.location)) {
                continue;
            }
            let days = page.and_then(Page::buying).map_or(0, |buying| buying.lead_days);
            lines.push(Inbound {
                id: id.clone(),
                sku: line.sku,
                location: line.location,
                source: Source::Purchase,
                stage: Stage::Draft,
                expected: today.saturating_add(i32::try_from(days).unwrap_or(i32::MAX)),
                ordered: line.quantity,
                received: Quantity::ZERO,
                sent: Quantity::ZERO,
            });
        }
    }
    Ok((view, lines))
}

/// Draft purchase orders that were written.
#[derive(Debug, Serialize)]
pub struct ProposalsView {
    data: Vec<ProposalView>,
}

/// Crossings of thresholds, the latest first.
#[derive(Debug, Serialize)]
pub struct CrossingsView<'a> {
    data: Vec<CrossedView<'a>>,
}

#[derive(Debug, Serialize)]
struct CrossedView<'a> {
    sku: &'a Sku,
    location: &'a LocationId,
    from: Band,
    to: Band,
    available: Shown<Quantity>,
    at: Shown<Timestamp>,
}

impl<'a> CrossingsView<'a> {
    /// Of these SKUs.
    pub fn new(pages: &'a [(Sku, Page)]) -> Self {
        let of_page = |(sku, page): &'a (Sku, Page)| {
            page.crossings.iter().map(move |crossed| CrossedView {
                sku,
                location: &crossed.location,
                from: crossed.crossing.from,
                to: crossed.crossing.to,
                available: Shown(crossed.crossing.available),
                at: Shown(crossed.at),
            })
        };
        let mut data: Vec<CrossedView<'a>> = pages.iter().flat_map(of_page).collect();
        data.reverse();
        sorting::sort_by_key(&mut data, |crossed| core::cmp::Reverse(crossed.at));
        Self { data }
    }
}
