//! Which object answers: slots of orders, claims and SKUs, and the lines of a request by object.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use oms_actors::host::Host;
use oms_actors::message::{Address, ClaimName, claim_slot};
use oms_core::value::{Digest, OrderId, Sku, Slot, Timestamp, Topology};

/// The object of an order.
pub(crate) fn of_order(order: OrderId, topology: Topology) -> Address {
    Address::Orders(order.slot().object(topology))
}

/// The object where a name is claimed.
pub(crate) fn of_claim(name: &ClaimName, topology: Topology) -> Address {
    Address::Orders(claim_slot(name).object(topology))
}

/// The object of a SKU.
pub(crate) fn of_sku(sku: &Sku, topology: Topology) -> Address {
    Address::Stock(Slot::of_sku(sku).object(topology))
}

/// All stock objects.
pub(crate) fn all_stock(topology: Topology) -> impl Iterator<Item = Address> {
    (0..topology.get()).map(Address::Stock)
}

/// All order objects.
pub(crate) fn all_orders(topology: Topology) -> impl Iterator<Item = Address> {
    (0..topology.get()).map(Address::Orders)
}

/// A new order's id. Its home is the slot of the channel's own number if it has one, else of its idempotency key: a
/// request that is sent again finds the order without asking around.
pub(crate) fn new_order<H: Host>(claims: &[ClaimName], host: &H) -> OrderId {
    let is_ref = |name: &&ClaimName| matches!(name, ClaimName::Ref { .. });
    let home = claims.iter().find(is_ref).or(claims.first());
    OrderId::new(home.map(claim_slot).unwrap_or_default(), host.now(), host.entropy())
}

/// The order id that stands for a key which makes something else than an order. Worked out, so that it is always the same.
pub(crate) fn stand_in(name: &ClaimName) -> OrderId {
    let digest = key_digest(name);
    OrderId::new(claim_slot(name), Timestamp::EPOCH, u128::from_be_bytes(digest.short()))
}

/// The digest that stands for a key in what keys make.
pub(crate) fn key_digest(name: &ClaimName) -> Digest {
    match name {
        ClaimName::Key { principal, key } => Digest::of(format!("key:{principal}:{key}").as_bytes()),
        ClaimName::Ref { channel, external_ref } => Digest::of(format!("ref:{channel}:{external_ref}").as_bytes()),
    }
}

/// Indexes of things by the object of their SKU, ascending by object.
pub(crate) fn by_object<'a>(skus: impl Iterator<Item = &'a Sku>, topology: Topology) -> BTreeMap<Address, Vec<usize>> {
    let mut groups: BTreeMap<Address, Vec<usize>> = BTreeMap::new();
    for (index, sku) in skus.enumerate() {
        groups.entry(of_sku(sku, topology)).or_default().push(index);
    }
    groups
}
