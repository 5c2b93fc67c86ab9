//! A sale as the order that it is, and an order as a refund looks at it.

use alloc::vec::Vec;

use oms_core::order::{
    self, Address, CounterSale, Counts, Head, Line, LineStatus, Order, PriceSource, ReturnStage, Shortage,
};
use oms_core::price::{self, LineTotal};
use oms_core::routing::Method;
use oms_core::till::{Entry, Sale, SaleLine, SoldLine};
use oms_core::value::{Digest, LocationId, Quantity, Slot, Topology};

/// The channel of everything sold at a till.
const CHANNEL: &str = "pos";

/// The order that a sale is: its receipt is its channel's own number. Nothing when its amounts cannot be summed.
pub(super) fn order(entry: &Entry, sale: &Sale, location: &LocationId, topology: Topology) -> Option<CounterSale> {
    let lines: Vec<Line> = (1..).zip(&sale.lines).map(|(no, line)| line_of(no, line, topology)).collect();
    let sums: Vec<LineTotal> = lines.iter().map(|line| line.total).collect();
    let head = Head {
        channel: CHANNEL.parse().ok()?,
        external_ref: alloc::format!("{}", sale.receipt).parse().ok(),
        customer: sale.customer.clone().unwrap_or_default(),
        ship_to: Address {
            name: None,
            line1: None,
            line2: None,
            city: None,
            postal_code: None,
            country: sale.country,
            position: None,
        },
        currency: sale.currency,
        shortage: Shortage::Reject,
        method: Method::PickUp { location: location.clone() },
        requested_by: None,
        ship_complete: false,
        demand_class: None,
        cart: None,
        placed_at: entry.at,
    };
    // What was on the receipt may be summed wrongly: that is a variance. The order's sum is of its lines (I12).
    let totals = price::totals(&sums).ok()?;
    Some(CounterSale { id: entry.name().order_id(entry.at), head, lines, totals, location: location.clone() })
}

fn line_of(no: u32, line: &SaleLine, topology: Topology) -> Line {
    Line {
        no,
        sku: line.sku.clone(),
        title: line.title.clone(),
        unit: line.unit.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        price_source: line.list_version.map_or(PriceSource::Channel, |version| PriceSource::List { version }),
        tax_class: line.tax_class.clone(),
        tax_rate: line.tax_rate,
        total: line.total,
        whole: false,
        requested_by: None,
        object: Slot::of_sku(&line.sku).object(topology),
        counts: Counts::all(LineStatus::Delivered, line.quantity),
    }
}

/// The lines of an order as they were before a refund: what other returns brought back, this one left out.
pub(super) fn lines(order: &Order, key: Digest) -> Vec<SoldLine> {
    let returned = |no: u32| -> Quantity {
        let others = order.returns.iter().filter(|one| one.key != key);
        let came = others.filter_map(|one| received(&one.stage)).flatten();
        came.filter(|line| line.line == no).map(|line| line.quantity).sum()
    };
    let lines = order.lines.iter().map(|line| SoldLine {
        line: line.no,
        sku: line.sku.clone(),
        title: line.title.clone(),
        quantity: line.quantity,
        returned: returned(line.no),
        tax_class: line.tax_class.clone(),
        tax_rate: line.tax_rate,
        total: line.total,
    });
    lines.collect()
}

fn received(stage: &ReturnStage) -> Option<&Vec<order::Received>> {
    match stage {
        ReturnStage::Received { lines, .. } => Some(lines),
        ReturnStage::Requested | ReturnStage::Authorized | ReturnStage::Canceled { .. } => None,
    }
}
