//! A channel's own number is one order's: also when the order that claimed it first was never placed.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use oms_actors::Slots;
use oms_actors::host::{Host, Lost, Signature};
use oms_actors::message::{Address, Ask, ClaimName, OrderAsk, OrderReply, Reply, claim_slot};
use oms_core::order::Fate;
use oms_core::till::account::PublicKey;
use oms_core::value::{Digest, OrderId, Slot, Timestamp, Topology};
use oms_door::Response;
use oms_tests::simulation::{json_of, request};
use oms_tests::world::{Memory, World};
use serde_json::{Value, json};

const TOPOLOGY: u16 = 8;

fn name() -> ClaimName {
    let reference = |text: &str| text.parse().expect("a label");
    ClaimName::Ref { channel: "web".parse().expect("a channel"), external_ref: reference("SO-1") }
}

/// An order whose home is so many objects behind the one that keeps the name.
fn order(away: u8, entropy: u128) -> OrderId {
    let slot = claim_slot(&name()).number().wrapping_add(away);
    OrderId::new(Slot::new(slot), Timestamp::from_millis(1_750_000_000_000).expect("a time"), entropy)
}

fn at() -> Address {
    Address::Orders(claim_slot(&name()).object(Topology::new(TOPOLOGY).expect("a topology")))
}

fn claim(order: OrderId) -> Ask {
    Ask::Orders(OrderAsk::Claim { name: name(), order, fingerprint: Digest::of(b"x"), instead_of: None })
}

fn call(world: &mut World, method: &str, path: &str, key: Option<&str>, body: &Value) -> Response {
    let ticket = world.send(request(method, path, key, Some(body)));
    world.finish(ticket)
}

fn shop() -> World {
    let mut world = World::new(1, TOPOLOGY);
    let location = json!({"name": "ldn", "kind": "dc", "country": "GB"});
    assert_eq!(call(&mut world, "PUT", "/v1/locations/ldn", None, &location).status, 201);
    let item = json!({"title": "Mug", "prices": [{"amount": 250, "currency": "GBP"}]});
    assert_eq!(call(&mut world, "PUT", "/v1/items/mug", None, &item).status, 201);
    let stock = json!({"location": "ldn", "lines": [{"sku": "mug", "quantity": "10"}]});
    assert_eq!(call(&mut world, "POST", "/v1/stock/receipts", Some("r"), &stock).status, 201);
    world
}

fn place(world: &mut World, key: &str, id: Option<OrderId>) -> Response {
    let mut body = json!({"channel": "web", "external_ref": "SO-1", "currency": "GBP", "ship_to": {"country": "GB"},
        "lines": [{"sku": "mug", "quantity": "1"}]});
    if let Some(id) = id {
        body["id"] = json!(id.to_string());
    }
    call(world, "POST", "/v1/orders", Some(key), &body)
}

/// A first order claims the number and is never placed; these try it next, one after the other.
fn after_an_abandoned_claim(by: OrderId, next: &[Option<OrderId>]) {
    let mut world = shop();
    let Reply::Orders(OrderReply::Claimed { order, .. }) = world.ask(at(), claim(by)) else { panic!("no claim") };
    assert_eq!(order, by);
    let mut placed: Option<Value> = None;
    for (at, id) in next.iter().enumerate() {
        let soon = place(&mut world, &format!("soon-{at}"), *id);
        if placed.is_none() && id.is_none_or(|id| id.slot() != by.slot()) {
            assert_eq!(
                (soon.status, &json_of(&soon)["code"]),
                (409, &json!("request_in_flight")),
                "it may be on its way"
            );
            world.pass(61_000);
        }
        let told = place(&mut world, &format!("later-{at}"), *id);
        assert_eq!(told.status, 201, "{}", json_of(&told));
        let told = json_of(&told);
        if let (None, Some(id)) = (&placed, id) {
            assert_eq!(told["id"], json!(id.to_string()));
        }
        let first = placed.get_or_insert_with(|| told.clone());
        assert_eq!(told["id"], first["id"], "one number, one order");
        world.pass(61_000);
    }
}

#[test]
fn a_number_is_free_again_when_its_order_never_came() {
    // The order that never came lives elsewhere, or with the name; the next one likewise, or with the one that never came.
    for away in [0, 1] {
        let lost = order(away, 1);
        after_an_abandoned_claim(lost, &[None, Some(order(2, 2)), Some(lost)]);
        after_an_abandoned_claim(lost, &[Some(order(2, 3)), None, Some(lost)]);
        after_an_abandoned_claim(lost, &[Some(order(1, 4)), Some(lost), None]);
    }
}

/// The order's home, as the keeper of the name reaches it.
struct Home {
    now: Cell<i64>,
    keeper: RefCell<Option<Rc<Slots<Memory>>>>,
    /// While the home answers that there is no such order, it claims the name again.
    claims_again: Option<OrderId>,
}

impl Host for Home {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.get()).expect("a time")
    }

    fn entropy(&self) -> u128 {
        7
    }

    async fn call(&self, _to: Address, ask: Ask) -> Result<Reply, Lost> {
        let Ask::Orders(OrderAsk::IsPlaced { .. }) = ask else { return Err(Lost) };
        if let Some(order) = self.claims_again {
            let keeper = self.keeper.borrow().clone().expect("a keeper");
            let told = Box::pin(keeper.handle(at(), claim(order), self)).await;
            assert!(matches!(told, Reply::Orders(OrderReply::Claimed { order: owner, .. }) if owner == order));
        }
        Ok(Reply::Orders(OrderReply::Fate(Fate::Release)))
    }

    async fn verify(&self, _key: &PublicKey, signed: Vec<Signature>) -> Option<Vec<bool>> {
        Some(vec![false; signed.len()])
    }

    async fn pause(&self, _millis: u32) {}
}

fn finished<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

#[test]
fn a_claim_that_is_granted_again_while_it_is_doubted_stands() {
    for claims_again in [None, Some(order(1, 1))] {
        let topology = Topology::new(TOPOLOGY).expect("a topology");
        let keeper = Rc::new(Slots::open(|part| Ok(Memory { disk: Rc::default(), part }), topology).expect("it opens"));
        let home =
            Home { now: Cell::new(1_750_000_000_000), keeper: RefCell::new(Some(Rc::clone(&keeper))), claims_again };
        finished(keeper.handle(at(), claim(order(1, 1)), &home));
        home.now.set(home.now.get() + 3_600_000);
        let told = finished(keeper.handle(at(), claim(order(2, 2)), &home));
        let owner = claims_again.unwrap_or(order(2, 2));
        assert!(matches!(told, Reply::Orders(OrderReply::Claimed { order, .. }) if order == owner), "{told:?}");
    }
}
