//! Asking objects: one function per kind, and what it means when no answer comes.

use alloc::boxed::Box;
use alloc::vec::Vec;

use oms_actors::host::{Host, Lost};
use oms_actors::message::{
    Address, Ask, AuditReply, IndexAsk, IndexReply, OrderAsk, OrderReply, Ran, Reply, Stats, StockAsk, StockReply,
    TenantAsk, TenantReply, TillAsk, TillReply,
};
use oms_api::problem::{Code, Problem};
use oms_api::refusal;
use oms_core::network::{self, Network};
use oms_core::stock::{Command, Page};
use oms_core::till::DeviceId;
use oms_core::value::{Sku, Timestamp};

/// Most calls that are under way at once for one request.
pub(crate) const CALLS: usize = 8;

/// An answer that no object should give.
pub(crate) fn odd() -> Problem {
    Problem::new(Code::Internal, "an object gave an answer to another question")
}

async fn call<H: Host>(host: &H, to: Address, ask: Ask) -> Result<Reply, Problem> {
    let unavailable = || Problem::new(Code::Unavailable, "an object could not do it right now: nothing is lost");
    match host.call(to, ask).await {
        Err(Lost) | Ok(Reply::Failed { .. }) => Err(unavailable()),
        Ok(reply) => Ok(reply),
    }
}

/// Asks an order object.
pub(crate) async fn orders<H: Host>(host: &H, to: Address, ask: OrderAsk) -> Result<OrderReply, Problem> {
    let Reply::Orders(reply) = call(host, to, Ask::Orders(ask)).await? else { return Err(odd()) };
    Ok(reply)
}

/// Asks a stock object.
pub(crate) async fn stock<H: Host>(host: &H, to: Address, ask: StockAsk) -> Result<StockReply, Problem> {
    let Reply::Stock(reply) = call(host, to, Ask::Stock(ask)).await? else { return Err(odd()) };
    Ok(reply)
}

/// Has a stock object carry out commands: an answer for each.
pub(crate) async fn run<H: Host>(host: &H, to: Address, commands: Vec<Command>) -> Result<Vec<Ran>, Problem> {
    ran(stock(host, to, StockAsk::Run(commands)).await?)
}

/// Asks a stock object whether it would carry out commands: an answer for each.
pub(crate) async fn check<H: Host>(host: &H, to: Address, commands: Vec<Command>) -> Result<Vec<Ran>, Problem> {
    ran(stock(host, to, StockAsk::Check(commands)).await?)
}

fn ran(reply: StockReply) -> Result<Vec<Ran>, Problem> {
    let StockReply::Ran(ran) = reply else { return Err(odd()) };
    Ok(ran)
}

/// The pages of SKUs of one stock object; unknown ones are missing.
pub(crate) async fn pages<H: Host>(
    host: &H,
    to: Address,
    skus: Vec<Sku>,
) -> Result<(Vec<(Sku, Page)>, Timestamp), Problem> {
    let StockReply::Pages { pages, as_of } = stock(host, to, StockAsk::Pages { skus }).await? else {
        return Err(odd());
    };
    Ok((pages, as_of))
}

/// Asks the tenant object.
pub(crate) async fn tenant<H: Host>(host: &H, ask: TenantAsk) -> Result<TenantReply, Problem> {
    let Reply::Tenant(reply) = call(host, Address::Tenant, Ask::Tenant(ask)).await? else { return Err(odd()) };
    Ok(reply)
}

/// The network.
pub(crate) async fn network<H: Host>(host: &H) -> Result<Box<Network>, Problem> {
    let TenantReply::Network(network) = tenant(host, TenantAsk::Network).await? else { return Err(odd()) };
    Ok(network)
}

/// Changes the network: the network after it.
pub(crate) async fn change<H: Host>(host: &H, command: network::Command) -> Result<Box<Network>, Problem> {
    put(host, command).await.map(|(network, _)| network)
}

/// Changes the network: the network after it, and 201 when what was put is new, else 200.
pub(crate) async fn put<H: Host>(host: &H, command: network::Command) -> Result<(Box<Network>, u16), Problem> {
    let TenantReply::Changed(changed) = tenant(host, TenantAsk::Change(Box::new(command))).await? else {
        return Err(odd());
    };
    let (network, new) = changed.map_err(refusal::of_network)?;
    Ok((network, if new { 201 } else { 200 }))
}

/// Asks a till's object.
pub(crate) async fn till<H: Host>(host: &H, device: &DeviceId, ask: TillAsk) -> Result<TillReply, Problem> {
    let to = Address::Till(device.into());
    let Reply::Till(reply) = call(host, to, Ask::Till(ask)).await? else { return Err(odd()) };
    Ok(reply)
}

/// Asks the index.
pub(crate) async fn index<H: Host>(host: &H, ask: IndexAsk) -> Result<IndexReply, Problem> {
    let Reply::Index(reply) = call(host, Address::Index, Ask::Index(ask)).await? else { return Err(odd()) };
    Ok(reply)
}

/// Has an object look at a part of itself.
pub(crate) async fn audit<H: Host>(
    host: &H,
    to: Address,
    after: Option<alloc::string::String>,
) -> Result<Box<AuditReply>, Problem> {
    let Reply::Audit(reply) = call(host, to, Ask::Audit { after }).await? else { return Err(odd()) };
    Ok(reply)
}

/// What there is in an object.
pub(crate) async fn stats<H: Host>(host: &H, to: Address) -> Result<Stats, Problem> {
    let Reply::Stats(stats) = call(host, to, Ask::Stats).await? else { return Err(odd()) };
    Ok(stats)
}
