//! A routing decision as the API shows it: in numbers, and in sentences.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::order::Saving;
use oms_core::routing::{Breakdown, Code, Decision, RunnerUp, Score, Sentence, Shipment};
use oms_core::value::{Amount, Currency, Day, Digest, Label, LocationId, Money, OrderId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::show::Shown;

/// Thousandths of a minor unit in one: what decisions count costs in.
const MILLS: i64 = 1_000;

/// A decision that led an order to a version; with what moving to it saved, and whom it made room for, when the order had
/// another plan before.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The version of the order.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// What was decided.
    pub decision: &'a Decision,
    /// What moving to it saved, and for whom.
    pub moved: Option<(Saving, Option<OrderId>)>,
}

/// How an order was routed.
#[derive(Debug, Serialize)]
pub struct RoutingView<'a> {
    order_id: OrderId,
    decision: usize,
    version: u32,
    at: Shown<Timestamp>,
    policy: &'a Label,
    policy_version: u32,
    strategy: &'a Label,
    inputs: Digest,
    explanation: Vec<SentenceView>,
    shipments: Vec<ShipmentView<'a>>,
    short: Vec<PartView<'a>>,
    cost: CostView,
    scores: &'a [Score],
    proof: ProofView,
    binding: Vec<serde_json::Value>,
    left_out: &'a [oms_core::routing::LeftOut],
    runner_up: Option<RunnerUpView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    improved: Option<ImprovedView>,
    decisions: Vec<ListedView<'a>>,
}

/// A decision among all of an order.
#[derive(Debug, Serialize)]
struct ListedView<'a> {
    decision: usize,
    version: u32,
    at: Shown<Timestamp>,
    strategy: &'a Label,
    locations: Vec<&'a LocationId>,
    cost: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    improved: Option<ImprovedView>,
}

/// What moving to this plan saved: below zero when the order made room for another.
#[derive(Debug, Serialize)]
struct ImprovedView {
    saved: Money,
    shipments: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_room_for: Option<OrderId>,
}

/// What moving to a better plan saves: thousandths of a minor unit, and shipments.
#[derive(Debug, Serialize)]
pub struct SavingView {
    thousandths: i64,
    shipments: i32,
}

impl SavingView {
    /// Of an event.
    pub const fn of(saving: &Saving) -> Self {
        Self { thousandths: saving.cost, shipments: saving.shipments }
    }
}

/// What moving open orders to better plans came to, over all orders.
#[derive(Debug, Serialize)]
pub struct ImprovementsView {
    moves: u64,
    made_room: u64,
    shipments_saved: i64,
    saved: Vec<Money>,
    as_of: Shown<Timestamp>,
}

impl ImprovementsView {
    /// Moves and those of them that made room, shipments, and thousandths of a minor unit by currency.
    pub fn new(
        (moves, made_room): (u64, u64),
        shipments: i64,
        saved: &BTreeMap<Currency, i64>,
        as_of: Timestamp,
    ) -> Self {
        let saved = saved.iter().map(|(currency, mills)| money(*mills, *currency)).collect();
        Self { moves, made_room, shipments_saved: shipments, saved, as_of: Shown(as_of) }
    }
}

#[derive(Debug, Serialize)]
struct SentenceView {
    code: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct ShipmentView<'a> {
    location: &'a LocationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'a Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a Code>,
    meters: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ships: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivers: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    joins: Option<OrderId>,
    grams: u64,
    tariff: Money,
    lines: Vec<PartView<'a>>,
}

#[derive(Debug, Serialize)]
struct PartView<'a> {
    line: u32,
    sku: &'a Sku,
    quantity: Shown<Quantity>,
}

/// A cost: rounded to the minor unit, half away from zero, and exactly by its parts in thousandths of it.
#[derive(Debug, Serialize)]
struct CostView {
    total: Money,
    thousandths: Breakdown,
}

#[derive(Debug, Serialize)]
struct ProofView {
    proven: bool,
    objective: i64,
    lower_bound: i64,
    gap_permille: u64,
    work: u64,
}

#[derive(Debug, Serialize)]
struct RunnerUpView<'a> {
    without: &'a LocationId,
    locations: &'a [LocationId],
    short: Shown<Quantity>,
    cost: CostView,
    dearer_by: Money,
}

impl<'a> RoutingView<'a> {
    /// One of the decisions of an order by its number, from 1, else the last; nothing when there is none.
    pub fn new(order: OrderId, currency: Currency, told: &[Told<'a>], wanted: Option<usize>) -> Option<Self> {
        let number = wanted.unwrap_or(told.len());
        let Told { version, at, decision, moved } = *told.get(number.checked_sub(1)?)?;
        let short = decision.plan.short.iter();
        let short = short.map(|of| PartView { line: of.line, sku: &of.sku, quantity: Shown(of.quantity) });
        let proof = &decision.proof;
        Some(Self {
            order_id: order,
            decision: number,
            version,
            at: Shown(at),
            policy: &decision.policy,
            policy_version: decision.version,
            strategy: &decision.strategy,
            inputs: decision.inputs,
            explanation: decision.explain().iter().map(SentenceView::new).collect(),
            shipments: decision.shipments.iter().map(|one| ShipmentView::new(decision, one, currency)).collect(),
            short: short.collect(),
            cost: CostView::new(&decision.cost, currency),
            scores: &decision.scores,
            proof: ProofView {
                proven: proof.proven,
                objective: proof.objective,
                lower_bound: proof.lower_bound,
                gap_permille: proof.gap_permille(),
                work: proof.work,
            },
            binding: decision.binding.iter().filter_map(|binding| serde_json::to_value(binding).ok()).collect(),
            left_out: &decision.left_out,
            runner_up: decision.runner_up.as_ref().map(|other| RunnerUpView::new(other, currency)),
            improved: ImprovedView::of(moved, currency),
            decisions: (1..).zip(told).map(|(number, one)| ListedView::new(number, one, currency)).collect(),
        })
    }
}

impl<'a> ListedView<'a> {
    fn new(decision: usize, told: &Told<'a>, currency: Currency) -> Self {
        Self {
            decision,
            version: told.version,
            at: Shown(told.at),
            strategy: &told.decision.strategy,
            locations: told.decision.shipments.iter().map(|shipment| &shipment.location).collect(),
            cost: money(told.decision.cost.total(), currency),
            improved: ImprovedView::of(told.moved, currency),
        }
    }
}

impl ImprovedView {
    fn of(moved: Option<(Saving, Option<OrderId>)>, currency: Currency) -> Option<Self> {
        moved.map(|(saving, made_room_for)| Self {
            saved: money(saving.cost, currency),
            shipments: saving.shipments,
            made_room_for,
        })
    }
}

impl SentenceView {
    fn new(sentence: &Sentence) -> Self {
        let code = serde_json::to_value(sentence).ok();
        let code = code.as_ref().and_then(|value| value.get("code")?.as_str()).unwrap_or_default();
        Self { code: code.to_string(), text: sentence.to_string() }
    }
}

impl<'a> ShipmentView<'a> {
    fn new(decision: &'a Decision, shipment: &'a Shipment, currency: Currency) -> Self {
        let serves = decision.plan.serves.iter().filter(|serve| serve.location == shipment.location);
        let lines = serves.map(|serve| PartView { line: serve.line, sku: &serve.sku, quantity: Shown(serve.quantity) });
        let named = !oms_core::network::is_any_carrier(shipment.carrier.as_ref());
        Self {
            location: &shipment.location,
            carrier: shipment.carrier.as_ref().filter(|_| named),
            service: shipment.service.as_ref().filter(|_| named),
            meters: shipment.meters,
            ships: Some(shipment.ships).filter(|_| named),
            delivers: Some(shipment.delivers).filter(|_| named),
            joins: shipment.joins,
            grams: shipment.grams,
            tariff: Money::new(shipment.tariff, currency),
            lines: lines.collect(),
        }
    }
}

impl CostView {
    fn new(cost: &Breakdown, currency: Currency) -> Self {
        Self { total: money(cost.total(), currency), thousandths: *cost }
    }
}

impl<'a> RunnerUpView<'a> {
    fn new(other: &'a RunnerUp, currency: Currency) -> Self {
        Self {
            without: &other.without,
            locations: &other.locations,
            short: Shown(other.short),
            cost: CostView::new(&other.cost, currency),
            dearer_by: money(other.dearer_by, currency),
        }
    }
}

/// Thousandths of a minor unit as money, rounded half away from zero.
fn money(mills: i64, currency: Currency) -> Money {
    let half = if mills < 0 { -MILLS / 2 } else { MILLS / 2 };
    let minor = mills.saturating_add(half).checked_div(MILLS).unwrap_or_default();
    Money::new(Amount::new(minor).unwrap_or_default(), currency)
}
