//! What a page hands over.

use js_sys::Reflect;
use oms_api::order;
use oms_api::problem::Problem;
use oms_core::json::{Mismatch, Tree};
use oms_core::order::Draft;
use oms_core::till::{
    Amounted, Command, DeviceId, Entry, Event, ReceiptNo, RefundAsk, RefundLineAsk, ReturnOf, Settings, SoldLine,
    Tender,
};
use oms_core::value::{Digest, Label, OrderId, Slot, Timestamp};
use wasm_bindgen::JsValue;

use crate::answer::No;
use crate::read::{self, Decimal, Members, Raw, Read, Rights, objects, unknown};

/// A plain object, read as the API reads a body.
pub(super) fn body<T: Read>(argument: &JsValue) -> Result<T, No> {
    Ok(read::json(&oms_js::json(argument)?)?)
}

pub(super) struct Opening {
    pub(super) device: DeviceId,
    pub(super) epoch: u32,
    pub(super) genesis: Digest,
    pub(super) next_receipt: u64,
    pub(super) settings: Settings,
    pub(super) rights: Rights,
    pub(super) snapshot: Option<String>,
    pub(super) entries: Vec<String>,
}

pub(super) struct RefundBody {
    cashier: Label,
    approver: Option<Label>,
    /// The entry of the sale, where this till still has it.
    sale: Option<String>,
    order: Option<OrderId>,
    sold: Option<Vec<SoldLine>>,
    receipt: Option<ReceiptNo>,
    reason: Label,
    lines: Vec<RefundLineAsk>,
    tenders: Vec<Tender>,
}

/// A line of a count.
struct CountLine(Amounted);

impl Read for CountLine {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut members = Members::of(tree)?;
        let Decimal(quantity) = members.take("counted")?;
        let line = Amounted { sku: members.take("sku")?, quantity };
        members.end()?;
        Ok(Self(line))
    }
}

objects! {
    Opening { device, epoch, genesis, next_receipt, settings, rights, snapshot, entries }
    RefundBody { cashier, approver, sale, order, sold, receipt, reason, lines, tenders }
}

impl RefundBody {
    pub(super) fn ask(self) -> Result<RefundAsk, No> {
        let (of, sold) = match (&self.sale, self.order) {
            (Some(sale), _) => {
                let entry: Entry = read::json(sale.as_bytes())?;
                let Event::Sold(sale) = entry.event else {
                    return Err(Problem::invalid("/sale", "no_sale", "the entry is no sale").into());
                };
                let of = ReturnOf::Order { order: sale.order, receipt: Some(sale.receipt.clone()) };
                (of, Some(SoldLine::of(&sale)))
            }
            (None, Some(order)) => (ReturnOf::Order { order, receipt: self.receipt }, self.sold),
            (None, None) => (ReturnOf::Unknown, None),
        };
        let Self { cashier, approver, reason, lines, tenders, .. } = self;
        Ok(RefundAsk { cashier, approver, of, sold, reason, lines, tenders })
    }
}

/// A command as it is read: of a refund the sale is still a text, of a request the order is not read yet.
enum Ask {
    Whole(Command),
    Refund(Box<RefundBody>),
    Request { cashier: Label, tenders: Vec<Tender> },
}

impl Read for Ask {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let (kind, tree) = Members::only(tree)?;
        let read = Self::of(&kind, tree);
        let known = |mismatch: Mismatch| mismatch.within(oms_core::json::Step::Member(kind.clone()));
        read.map_err(known)?.ok_or_else(|| unknown(&kind))
    }
}

impl Ask {
    /// Nothing for a kind that nobody knows.
    fn of(kind: &str, tree: Tree) -> Result<Option<Self>, Mismatch> {
        match kind {
            "sell" => return Ok(Some(Self::Whole(Command::Sell(Read::read(tree)?)))),
            "refund" => return Ok(Some(Self::Refund(Read::read(tree)?))),
            _ => {}
        }
        let mut members = Members::of(tree)?;
        let ask = match kind {
            "request" => {
                // Read by the API's own reader afterwards.
                let Raw(_) = members.take("order")?;
                Self::Request { cashier: members.take("cashier")?, tenders: members.take("tenders")? }
            }
            _ => match drawer(kind, &mut members)? {
                Some(command) => Self::Whole(command),
                None => return Ok(None),
            },
        };
        members.end()?;
        Ok(Some(ask))
    }
}

/// Commands of the drawer, of the shelf, and of the clock.
fn drawer(kind: &str, members: &mut Members) -> Result<Option<Command>, Mismatch> {
    Ok(Some(match kind {
        "open_shift" => Command::OpenShift { cashier: members.take("cashier")?, float: members.take("float")? },
        "close_shift" => Command::CloseShift {
            cashier: members.take("cashier")?,
            approver: members.take("approver")?,
            counted: members.take("counted")?,
        },
        "pay_in" => Command::PayIn {
            cashier: members.take("cashier")?,
            amount: members.take("amount")?,
            reason: members.take("reason")?,
        },
        "pay_out" => Command::PayOut {
            cashier: members.take("cashier")?,
            approver: members.take("approver")?,
            amount: members.take("amount")?,
            reason: members.take("reason")?,
        },
        "open_drawer" => Command::OpenDrawer { cashier: members.take("cashier")?, reason: members.take("reason")? },
        "count" => {
            let lines: Vec<CountLine> = members.take("lines")?;
            let lines = lines.into_iter().map(|CountLine(line)| line).collect();
            Command::Count { cashier: members.take("cashier")?, lines }
        }
        "hand_over" => Command::HandOver {
            cashier: members.take("cashier")?,
            order: members.take("order")?,
            no: members.take("no")?,
        },
        "surrender" => Command::Surrender { recall: members.take("recall")? },
        "accept_clock" => Command::AcceptClock { manager: members.take("manager")? },
        _ => return Ok(None),
    }))
}

/// A command as the page sends it.
pub(super) fn command(argument: &JsValue) -> Result<Command, No> {
    Ok(match body(argument)? {
        Ask::Whole(command) => command,
        Ask::Refund(refund) => Command::Refund(Box::new(refund.ask()?)),
        Ask::Request { cashier, tenders } => Command::Request { cashier, draft: Box::new(draft(argument)?), tenders },
    })
}

/// The order of a request, as `POST /v1/orders` takes it; the entry gives it its id and its time.
fn draft(argument: &JsValue) -> Result<Draft, No> {
    let member = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let order = order::place(&oms_js::json(&member(&member(argument, "request"), "order"))?)?;
    let id = OrderId::new(Slot::new(0), Timestamp::EPOCH, 0);
    Ok(order.into_draft(id, Timestamp::EPOCH))
}
