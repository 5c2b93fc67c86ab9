//! An order as the API shows it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::{
    Action, Address, Customer, Flag, Fulfillment, FulfillmentStatus, Line, LineStatus, Order, Peg, Planned, Shortage,
    Status,
};
use oms_core::price::{Rate, TaxClass};
use oms_core::promise::DemandClass;
use oms_core::routing::Method;
use oms_core::value::{Channel, Country, Currency, Day, Label, LocationId, Money, OrderId, Quantity, Sku, Timestamp};
use serde::Serialize;

use super::Recorded;
use crate::returns::ReturnView;
use crate::show::{Shown, TotalsView};

/// An order.
#[derive(Debug, Serialize)]
pub struct OrderView<'a> {
    id: OrderId,
    number: String,
    version: u32,
    status: Status,
    fulfillment_status: FulfillmentStatus,
    payment_status: &'static str,
    channel: &'a Channel,
    external_ref: Option<&'a Label>,
    customer: &'a Customer,
    ship_to: AddressView<'a>,
    currency: Currency,
    shortage: Shortage,
    demand_class: DemandClass,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pick_up_at: Option<&'a LocationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<Day>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    ship_complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    promised_by: Option<Day>,
    lines: Vec<LineView<'a>>,
    totals: TotalsView,
    holds: Vec<FlagView<'a>>,
    fulfillments: Vec<FulfillmentView<'a>>,
    returns: Vec<ReturnView<'a>>,
    actions: Vec<Action>,
    created_at: Shown<Timestamp>,
    updated_at: Shown<Timestamp>,
}

impl<'a> OrderView<'a> {
    /// The order as it stands.
    pub fn new(recorded: Recorded<'a>) -> Self {
        let Recorded { order, number, version, updated_at } = recorded;
        let currency = order.head.currency;
        Self {
            id: order.id,
            number,
            version,
            status: order.status(),
            fulfillment_status: order.fulfillment_status(),
            payment_status: "none",
            channel: &order.head.channel,
            external_ref: order.head.external_ref.as_ref(),
            customer: &order.head.customer,
            ship_to: AddressView::new(&order.head.ship_to),
            currency,
            shortage: order.head.shortage,
            demand_class: order.head.demand_class(),
            method: way(&order.head.method),
            pick_up_at: order.head.method.place(),
            requested_by: order.head.requested_by,
            ship_complete: order.head.ship_complete,
            promised_by: order.promised_by(),
            lines: lines(order, currency),
            totals: TotalsView::new(order.totals, currency),
            holds: order.flags.iter().map(FlagView::new).collect(),
            fulfillments: order.fulfillments.iter().map(|one| FulfillmentView::new(order, one)).collect(),
            returns: order.returns.iter().map(|one| ReturnView::new(order, one)).collect(),
            actions: order.actions(),
            created_at: Shown(order.head.placed_at),
            updated_at: Shown(updated_at),
        }
    }
}

fn lines(order: &Order, currency: Currency) -> Vec<LineView<'_>> {
    let pegs = order.pegs_now();
    order.lines.iter().map(|line| LineView::new(line, currency, &pegs)).collect()
}

const fn way(method: &Method) -> &'static str {
    match method {
        Method::Ship => "ship",
        Method::PickUp { .. } => "pick_up",
        Method::Curbside { .. } => "curbside",
        Method::ShipToStore { .. } => "ship_to_store",
    }
}

#[derive(Debug, Serialize)]
struct AddressView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line1: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line2: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<&'a Label>,
    country: Country,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f64>,
}

impl<'a> AddressView<'a> {
    fn new(address: &'a Address) -> Self {
        let degrees = address.position.map(oms_core::value::Position::degrees);
        Self {
            name: address.name.as_ref(),
            line1: address.line1.as_ref(),
            line2: address.line2.as_ref(),
            city: address.city.as_ref(),
            postal_code: address.postal_code.as_ref(),
            country: address.country,
            latitude: degrees.map(|(latitude, _)| latitude),
            longitude: degrees.map(|(_, longitude)| longitude),
        }
    }
}

#[derive(Debug, Serialize)]
struct LineView<'a> {
    line: u32,
    sku: &'a Sku,
    title: &'a Label,
    unit: &'a Label,
    quantity: Shown<Quantity>,
    unit_price: Money,
    #[serde(flatten)]
    totals: TotalsView,
    tax_class: &'a TaxClass,
    tax_rate: Rate,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    whole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<Day>,
    quantities: BTreeMap<LineStatus, Shown<Quantity>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    coming: Vec<ComingView>,
}

/// Goods on their way that an order bought.
#[derive(Debug, Serialize)]
pub(super) struct ComingView {
    line: u32,
    location: LocationId,
    quantity: Shown<Quantity>,
    ready: Option<Day>,
}

impl ComingView {
    pub(super) fn new(peg: &Peg) -> Self {
        let part = &peg.part;
        Self { line: part.line, location: part.location.clone(), quantity: Shown(part.quantity), ready: peg.ready }
    }
}

impl<'a> LineView<'a> {
    fn new(line: &'a Line, currency: Currency, pegs: &[Peg]) -> Self {
        Self {
            line: line.no,
            sku: &line.sku,
            title: &line.title,
            unit: &line.unit,
            quantity: Shown(line.quantity),
            unit_price: Money::new(line.unit_price, currency),
            totals: TotalsView::new(line.total, currency),
            tax_class: &line.tax_class,
            tax_rate: line.tax_rate,
            whole: line.whole,
            requested_by: line.requested_by,
            quantities: line.counts.iter().map(|(status, quantity)| (status, Shown(quantity))).collect(),
            coming: pegs.iter().filter(|peg| peg.part.line == line.no).map(ComingView::new).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct FlagView<'a> {
    name: &'a Label,
    reason: Option<&'a Label>,
    at: Shown<Timestamp>,
}

impl<'a> FlagView<'a> {
    fn new(flag: &'a Flag) -> Self {
        Self { name: &flag.name, reason: flag.reason.as_ref(), at: Shown(flag.at) }
    }
}

/// What one location does for an order.
#[derive(Debug, Serialize)]
pub struct FulfillmentView<'a> {
    no: u32,
    location: &'a LocationId,
    status: FulfillmentStatus,
    lines: Vec<FulfillmentLineView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned: Option<&'a Planned>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arrived_at: Option<Shown<Timestamp>>,
    carrier: Option<&'a Label>,
    tracking: Option<&'a Label>,
    actions: Vec<Action>,
}

#[derive(Debug, Serialize)]
struct FulfillmentLineView<'a> {
    line: u32,
    sku: &'a Sku,
    quantity: Shown<Quantity>,
}

impl<'a> FulfillmentView<'a> {
    fn new(order: &Order, fulfillment: &'a Fulfillment) -> Self {
        let lines = fulfillment.lines.iter().map(|line| FulfillmentLineView {
            line: line.line,
            sku: &line.sku,
            quantity: Shown(line.quantity),
        });
        Self {
            no: fulfillment.no,
            location: &fulfillment.location,
            status: fulfillment.status(),
            lines: lines.collect(),
            planned: fulfillment.planned.as_ref(),
            arrived_at: fulfillment.arrived.map(Shown),
            carrier: fulfillment.carrier.as_ref(),
            tracking: fulfillment.tracking.as_ref(),
            actions: order.fulfillment_actions(fulfillment),
        }
    }
}
