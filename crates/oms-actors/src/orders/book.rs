//! What an order object remembers: orders, whose names are whose, the network.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::network::{self, Network};
use oms_core::order::{self, FulfillmentStage, Order};
use oms_core::value::{Digest, LocationId, OrderId, Quantity, Timestamp};
use serde::{Deserialize, Serialize};

use crate::agenda::Agenda;
use crate::journal::{Book, read, write_json};
use crate::message::{ClaimName, Improvements, Record};
use crate::store::StoreError;

/// The state of the network.
pub(super) const NETWORK_KEY: &str = "n";
/// The state of what the index has to be told.
const UNINDEXED_KEY: &str = "u";
/// The state of which orders may still move to a better plan.
pub(super) const MOVABLE_KEY: &str = "m";
/// The state of what moving them came to.
pub(super) const IMPROVED_KEY: &str = "i";
/// The state of what waits to be shipped.
pub(super) const LOAD_KEY: &str = "l";
/// Most orders kept in mind to be moved, thirty bytes each in one state: those placed last.
const MAX_MOVABLE: usize = 5_000;

/// Something that happened in an order object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fact {
    /// To an order.
    Order { id: OrderId, events: Vec<order::Event> },
    /// Errands of an order came back as they should: nothing that anybody looks at changed.
    Quiet { id: OrderId, events: Vec<order::Event> },
    /// A name became an order's.
    Claimed {
        name: ClaimName,
        order: OrderId,
        fingerprint: Digest,
        /// The request was refused for what the stock had then: that stays its answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<Box<order::Refusal>>,
    },
    /// The network changed.
    Network(network::Event),
}

/// An order with its history's turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) record: Record,
    pub(super) turns: Vec<u64>,
}

/// Whose a name is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) order: OrderId,
    pub(super) fingerprint: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<Box<order::Refusal>>,
    /// Since when.
    #[serde(default)]
    pub(super) at: Timestamp,
}

/// The memory of an order object.
#[derive(Debug, Default)]
pub(super) struct OrderBook {
    pub(super) orders: BTreeMap<OrderId, Kept>,
    pub(super) claims: BTreeMap<String, Claim>,
    pub(super) network: Option<Network>,
    /// Orders that owe an errand or wait for a time, and when that is.
    pub(super) waiting: Agenda<OrderId>,
    /// Orders that changed since the index was told.
    pub(super) unindexed: BTreeSet<OrderId>,
    /// Orders that may still move to a better plan.
    pub(super) movable: BTreeSet<OrderId>,
    /// What moving them came to.
    pub(super) improved: Improvements,
    /// What waits to be shipped for orders of this object, by location.
    pub(super) load: BTreeMap<LocationId, Quantity>,
}

pub(super) fn order_key(id: &OrderId) -> String {
    format!("o/{id}")
}

pub(super) fn claim_key(name: &ClaimName) -> String {
    match name {
        ClaimName::Key { principal, key } => format!("k/{principal}/{key}"),
        ClaimName::Ref { channel, external_ref } => format!("r/{channel}/{external_ref}"),
    }
}

impl Book for OrderBook {
    type Fact = Fact;

    fn take(&mut self, fact: &Fact, at: Timestamp, seq: u64) {
        match fact {
            Fact::Order { id, events } => self.take_order(*id, events, at, seq),
            Fact::Quiet { id, events } => self.take_quietly(*id, events, at),
            Fact::Claimed { name, order, fingerprint, refusal } => {
                let claim = Claim { order: *order, fingerprint: *fingerprint, refusal: refusal.clone(), at };
                self.claims.insert(claim_key(name), claim);
            }
            Fact::Network(event) => self.network = Network::apply(self.network.take(), event, at),
        }
    }

    fn keys(fact: &Fact) -> Vec<String> {
        match fact {
            Fact::Order { id, events } => {
                let mut keys: Vec<String> = [UNINDEXED_KEY, MOVABLE_KEY, LOAD_KEY].map(ToString::to_string).into();
                keys.push(order_key(id));
                if events.iter().any(|event| matches!(event, order::Event::Improved { .. })) {
                    keys.push(IMPROVED_KEY.to_string());
                }
                keys
            }
            Fact::Quiet { id, .. } => vec![order_key(id), MOVABLE_KEY.to_string()],
            Fact::Claimed { name, .. } => vec![claim_key(name)],
            Fact::Network(_) => vec![NETWORK_KEY.to_string()],
        }
    }

    fn has(&self, key: &str) -> bool {
        match key.split_once('/') {
            Some(("o", id)) => id.parse().is_ok_and(|id| self.orders.contains_key(&id)),
            Some(_) => self.claims.contains_key(key),
            None => matches!(key, UNINDEXED_KEY | MOVABLE_KEY | IMPROVED_KEY | LOAD_KEY) || self.network.is_some(),
        }
    }

    fn save(&self, key: &str) -> Option<(String, Option<Timestamp>)> {
        match key.split_once('/') {
            Some(("o", id)) => {
                let kept = self.orders.get(&id.parse().ok()?)?;
                Some((write_json(kept)?, kept.record.order.wake_at()))
            }
            Some(_) => Some((write_json(self.claims.get(key)?)?, None)),
            None if key == UNINDEXED_KEY => {
                let wake_at = (!self.unindexed.is_empty()).then(Timestamp::default);
                Some((write_json(&self.unindexed)?, wake_at))
            }
            // What is always in memory is read when the object opens.
            None if key == MOVABLE_KEY => {
                let wake_at = (!self.movable.is_empty()).then(Timestamp::default);
                Some((write_json(&self.movable)?, wake_at))
            }
            None if key == LOAD_KEY => Some((write_json(&self.load)?, Some(Timestamp::default()))),
            None if key == IMPROVED_KEY => Some((write_json(&self.improved)?, Some(Timestamp::default()))),
            None => Some((write_json(self.network.as_ref()?)?, None)),
        }
    }

    fn restore(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        match key.split_once('/') {
            Some(("o", _)) => {
                let kept: Kept = read(body)?;
                self.orders.insert(kept.record.order.id, kept);
            }
            Some(_) => {
                self.claims.insert(key.to_string(), read(body)?);
            }
            None if key == UNINDEXED_KEY => {
                self.unindexed.extend(read::<BTreeSet<OrderId>>(body)?);
            }
            None if key == MOVABLE_KEY => self.movable.extend(read::<BTreeSet<OrderId>>(body)?),
            None if key == IMPROVED_KEY => self.improved = read(body)?,
            None if key == LOAD_KEY => self.load = read(body)?,
            None => self.network = Some(read(body)?),
        }
        Ok(())
    }

    fn timed(&mut self, key: &str, wake_at: Timestamp, body: &str) -> Result<(), StoreError> {
        // Of an order that waits, its name and time are enough until then.
        match key.split_once('/').and_then(|(_, id)| id.parse().ok()) {
            Some(id) => {
                self.waiting.put(id, wake_at);
                Ok(())
            }
            None => self.restore(key, body),
        }
    }

    fn shed(&mut self, keep: &BTreeSet<String>) {
        self.orders.retain(|id, _| keep.contains(&order_key(id)));
        self.claims.retain(|key, _| keep.contains(key));
    }
}

impl OrderBook {
    fn take_order(&mut self, id: OrderId, events: &[order::Event], at: Timestamp, seq: u64) {
        let before = self.orders.remove(&id);
        let (mut state, made, version, created_at, mut turns) = match before {
            Some(Kept { record, turns }) => (Some(record.order), record.seq, record.version, record.created_at, turns),
            None => (None, seq, 0, at, Vec::new()),
        };
        let waited = state.as_ref().map(Order::waits_at).unwrap_or_default();
        for event in events {
            if let (order::Event::Improved { saving, .. }, Some(order)) = (event, &state) {
                self.improved.add(order, saving);
            }
            state = Order::apply(state, event, at);
        }
        let Some(order) = state else { return };
        turns.push(seq);
        self.note_load(&waited, &order.waits_at());
        self.note_waiting(id, &order);
        self.note_movable(id, &order);
        self.unindexed.insert(id);
        let version = version.saturating_add(1);
        let record = Record { order, seq: made, version, created_at, updated_at: at };
        self.orders.insert(id, Kept { record, turns });
    }

    fn take_quietly(&mut self, id: OrderId, events: &[order::Event], at: Timestamp) {
        let Some(mut kept) = self.orders.remove(&id) else { return };
        let mut state = Some(kept.record.order);
        for event in events {
            state = Order::apply(state, event, at);
        }
        let Some(order) = state else { return };
        self.note_waiting(id, &order);
        self.note_movable(id, &order);
        kept.record.order = order;
        self.orders.insert(id, kept);
    }

    fn note_load(&mut self, before: &BTreeMap<LocationId, Quantity>, after: &BTreeMap<LocationId, Quantity>) {
        for (location, units) in before {
            let load = self.load.entry(location.clone()).or_default();
            *load = load.saturating_sub(*units);
        }
        for (location, units) in after {
            let load = self.load.entry(location.clone()).or_default();
            *load = load.saturating_add(*units);
        }
        self.load.retain(|_, units| !units.is_zero());
    }

    fn note_movable(&mut self, id: OrderId, order: &Order) {
        let waits = order.fulfillments.iter().any(|one| one.stage == FulfillmentStage::Open);
        if waits && order.moves_left() > 0 {
            self.movable.insert(id);
        } else {
            self.movable.remove(&id);
        }
        if self.movable.len() > MAX_MOVABLE {
            self.movable.pop_first();
        }
    }

    fn note_waiting(&mut self, id: OrderId, order: &Order) {
        match order.wake_at() {
            Some(at) => self.waiting.put(id, at),
            None => self.waiting.remove(id),
        }
    }
}
