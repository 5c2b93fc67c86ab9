//! The route table: what a method and a path mean. The only one.

use alloc::string::String;
use alloc::vec::Vec;

/// What is asked, with the ids of the path as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    Health,
    Version,
    Stats,
    Audit,
    GetLocation(&'a str),
    PutLocation(&'a str),
    GetItem(&'a str),
    PutItem(&'a str),
    GetTax,
    PutTax,
    GetCarrier(&'a str),
    PutCarrier(&'a str),
    GetCalendar(&'a str),
    PutCalendar(&'a str),
    GetPolicy,
    DraftPolicy,
    ActivatePolicy,
    RoutingSnapshot,
    Routing(&'a str),
    Improvements,
    GetBackorderPolicy,
    PutBackorderPolicy,
    Backorders,
    Move(Movement),
    PutPurchaseOrder(&'a str),
    AcceptPurchaseOrder(&'a str),
    PutTransferOrder(&'a str),
    GetWatch(&'a str),
    PutWatch(&'a str),
    GetPromising(&'a str),
    PutPromising(&'a str),
    Atp(&'a str),
    GetResource(&'a str),
    PutResource(&'a str),
    Forecasts,
    Replenishment,
    Propose,
    Crossings,
    Inbound,
    Promise,
    WhatIf,
    Availability,
    HoldCart(&'a str),
    ListOrders,
    PlaceOrder,
    GetOrder(&'a str),
    History(&'a str),
    Order(&'a str, OrderVerb),
    Fulfillment(&'a str, &'a str, FulfillmentVerb),
    RequestReturn(&'a str),
    Return(&'a str, ReturnVerb),
    Import(Import),
    ListTills,
    CreateTill,
    GetTill(&'a str),
    PutTill(&'a str),
    Till(&'a str, TillVerb),
    RecallStore(&'a str),
    TillEntries(&'a str),
    TillExceptions(&'a str),
    Enroll,
    Device,
    DeviceJournal,
    DeviceCatalog,
}

/// Kinds of stock documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Movement {
    Receipt,
    Adjustment,
    Count,
    Transfer,
    Dispatch,
    Disposition,
}

/// What is asked of an order as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderVerb {
    Confirm,
    Cancel,
    Hold,
    Release,
}

/// What is asked of a fulfillment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FulfillmentVerb {
    Pick,
    Pack,
    Ship,
    Arrive,
    Deliver,
    Reject,
}

/// What is asked of a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReturnVerb {
    Authorize,
    Receive,
    Cancel,
}

/// What is asked of a till by the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TillVerb {
    Code,
    Grant,
    Recall,
    Revoke,
}

/// Kinds of imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Import {
    Locations,
    Items,
    Stock,
    Orders,
}

/// Why there is no route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// No such path.
    Path,
    /// The path knows these methods only.
    Method(Vec<&'static str>),
}

/// Finds the route.
pub(crate) fn find<'a>(method: &str, segments: &'a [String]) -> Result<Route<'a>, Miss> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let Some(("v1", path)) = segments.split_first().map(|(version, path)| (*version, path)) else {
        return Err(Miss::Path);
    };
    let on = |routes: &[(&'static str, Route<'a>)]| pick(method, routes);
    let post = |route: Route<'a>| pick(method, &[("POST", route)]);
    match *path {
        ["health"] => on(&[("GET", Route::Health)]),
        ["version"] => on(&[("GET", Route::Version)]),
        ["stats"] => on(&[("GET", Route::Stats)]),
        ["audit"] => on(&[("GET", Route::Audit)]),
        ["locations", id] => on(&[("GET", Route::GetLocation(id)), ("PUT", Route::PutLocation(id))]),
        ["locations", id, "recalls"] => post(Route::RecallStore(id)),
        ["items", sku] => on(&[("GET", Route::GetItem(sku)), ("PUT", Route::PutItem(sku))]),
        ["tax-table"] => on(&[("GET", Route::GetTax), ("PUT", Route::PutTax)]),
        ["carriers", name] => on(&[("GET", Route::GetCarrier(name)), ("PUT", Route::PutCarrier(name))]),
        ["calendars", name] => on(&[("GET", Route::GetCalendar(name)), ("PUT", Route::PutCalendar(name))]),
        ["routing", "policy"] => on(&[("GET", Route::GetPolicy), ("PUT", Route::DraftPolicy)]),
        ["routing", "policy", "activate"] => post(Route::ActivatePolicy),
        ["routing", "snapshot"] => on(&[("GET", Route::RoutingSnapshot)]),
        ["routing", "improvements"] => on(&[("GET", Route::Improvements)]),
        ["backorder-policy"] => on(&[("GET", Route::GetBackorderPolicy), ("PUT", Route::PutBackorderPolicy)]),
        ["backorders"] => on(&[("GET", Route::Backorders)]),
        ["orders", id, "routing"] => on(&[("GET", Route::Routing(id))]),
        ["stock", "receipts"] => post(Route::Move(Movement::Receipt)),
        ["stock", "adjustments"] => post(Route::Move(Movement::Adjustment)),
        ["stock", "counts"] => post(Route::Move(Movement::Count)),
        ["stock", "transfers"] => post(Route::Move(Movement::Transfer)),
        ["stock", "dispatches"] => post(Route::Move(Movement::Dispatch)),
        ["stock", "dispositions"] => post(Route::Move(Movement::Disposition)),
        ["purchase-orders", id] => on(&[("PUT", Route::PutPurchaseOrder(id))]),
        ["purchase-orders", id, "accept"] => post(Route::AcceptPurchaseOrder(id)),
        ["transfer-orders", id] => on(&[("PUT", Route::PutTransferOrder(id))]),
        ["items", sku, "replenishment"] => on(&[("GET", Route::GetWatch(sku)), ("PUT", Route::PutWatch(sku))]),
        ["items", sku, "atp"] => on(&[("GET", Route::Atp(sku))]),
        ["items", sku, "promising"] => on(&[("GET", Route::GetPromising(sku)), ("PUT", Route::PutPromising(sku))]),
        ["resources", name] => on(&[("GET", Route::GetResource(name)), ("PUT", Route::PutResource(name))]),
        ["forecasts"] => on(&[("GET", Route::Forecasts)]),
        ["replenishment"] => on(&[("GET", Route::Replenishment), ("POST", Route::Propose)]),
        ["stock", "crossings"] => on(&[("GET", Route::Crossings)]),
        ["inbound"] => on(&[("GET", Route::Inbound)]),
        ["promises"] => post(Route::Promise),
        ["promises", "what-if"] => post(Route::WhatIf),
        ["availability"] => on(&[("GET", Route::Availability)]),
        ["carts", cart, "holds"] => post(Route::HoldCart(cart)),
        ["orders"] => on(&[("GET", Route::ListOrders), ("POST", Route::PlaceOrder)]),
        ["orders", id] => on(&[("GET", Route::GetOrder(id))]),
        ["orders", id, "events"] => on(&[("GET", Route::History(id))]),
        ["orders", id, "confirm"] => post(Route::Order(id, OrderVerb::Confirm)),
        ["orders", id, "cancel"] => post(Route::Order(id, OrderVerb::Cancel)),
        ["orders", id, "hold"] => post(Route::Order(id, OrderVerb::Hold)),
        ["orders", id, "release"] => post(Route::Order(id, OrderVerb::Release)),
        ["orders", id, "fulfillments", no, "pick"] => post(Route::Fulfillment(id, no, FulfillmentVerb::Pick)),
        ["orders", id, "fulfillments", no, "pack"] => post(Route::Fulfillment(id, no, FulfillmentVerb::Pack)),
        ["orders", id, "fulfillments", no, "ship"] => post(Route::Fulfillment(id, no, FulfillmentVerb::Ship)),
        ["orders", id, "fulfillments", no, "arrive"] => post(Route::Fulfillment(id, no, FulfillmentVerb::Arrive)),
        ["orders", id, "fulfillments", no, "deliver"] => post(Route::Fulfillment(id, no, FulfillmentVerb::Deliver)),
        ["orders", id, "fulfillments", no, "reject"] => post(Route::Fulfillment(id, no, FulfillmentVerb::Reject)),
        ["orders", id, "returns"] => post(Route::RequestReturn(id)),
        ["returns", id, "authorize"] => post(Route::Return(id, ReturnVerb::Authorize)),
        ["returns", id, "receive"] => post(Route::Return(id, ReturnVerb::Receive)),
        ["returns", id, "cancel"] => post(Route::Return(id, ReturnVerb::Cancel)),
        ["tills"] => on(&[("GET", Route::ListTills), ("POST", Route::CreateTill)]),
        ["tills", id] => on(&[("GET", Route::GetTill(id)), ("PUT", Route::PutTill(id))]),
        ["tills", id, "codes"] => post(Route::Till(id, TillVerb::Code)),
        ["tills", id, "grants"] => post(Route::Till(id, TillVerb::Grant)),
        ["tills", id, "recalls"] => post(Route::Till(id, TillVerb::Recall)),
        ["tills", id, "revoke"] => post(Route::Till(id, TillVerb::Revoke)),
        ["tills", id, "entries"] => on(&[("GET", Route::TillEntries(id))]),
        ["tills", id, "exceptions"] => on(&[("GET", Route::TillExceptions(id))]),
        ["enrollments"] => post(Route::Enroll),
        ["till"] => on(&[("GET", Route::Device)]),
        ["till", "journal"] => post(Route::DeviceJournal),
        ["till", "catalog"] => on(&[("GET", Route::DeviceCatalog)]),
        ["imports", "locations"] => post(Route::Import(Import::Locations)),
        ["imports", "items"] => post(Route::Import(Import::Items)),
        ["imports", "stock"] => post(Route::Import(Import::Stock)),
        ["imports", "orders"] => post(Route::Import(Import::Orders)),
        _ => Err(Miss::Path),
    }
}

fn pick<'a>(method: &str, routes: &[(&'static str, Route<'a>)]) -> Result<Route<'a>, Miss> {
    let found = routes.iter().find(|(known, _)| *known == method).map(|(_, route)| *route);
    found.ok_or_else(|| Miss::Method(routes.iter().map(|(known, _)| *known).collect()))
}
