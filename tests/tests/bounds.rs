//! What objects do at their bounds: texts longer than a row, checkpoints and states that fail, alarms that got lost, more
//! objects than can be told at once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use oms_actors::Tenant;
use oms_actors::host::{Host, Lost, Signature};
use oms_actors::message::{Address, Ask, Object, Reply, TenantAsk};
use oms_actors::store::Part;
use oms_core::till::account::PublicKey;
use oms_core::value::{Timestamp, Topology};
use oms_door::Response;
use oms_tests::simulation::{json_of, request};
use oms_tests::world::{Memory, World};
use serde_json::{Value, json};

/// A label as long as labels get.
const LONG: usize = 200;
/// Turns between two checkpoints, as the journal has it.
const CHECKPOINT_TURNS: usize = 512;

fn call(world: &mut World, method: &str, path: &str, key: Option<&str>, body: &Value) -> Response {
    let ticket = world.send(request(method, path, key, (*body != Value::Null).then_some(body)));
    world.finish(ticket)
}

fn get(world: &mut World, path: &str) -> Value {
    let told = call(world, "GET", path, None, &Value::Null);
    assert_eq!(told.status, 200, "{}", json_of(&told));
    json_of(&told)
}

/// NDJSON in; every line is taken.
fn import(world: &mut World, kind: &str, lines: &[Value]) {
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    let mut import = request("POST", &format!("/v1/imports/{kind}"), None, Some(&json!({})));
    import.body = text.join("\n").into_bytes();
    import.headers.retain(|(name, _)| name != "content-type");
    import.headers.push(("content-type".to_owned(), "application/x-ndjson".to_owned()));
    let ticket = world.send(import);
    let told = world.finish(ticket);
    let text = String::from_utf8(told.body).expect("text");
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a result");
        assert!(line["status"].as_u64().is_some_and(|status| status < 300), "{line}");
    }
}

/// One location with this many SKUs of this title, ten of each.
fn shop(world: &mut World, skus: usize, title: &str) {
    let location = json!({"name": "ldn", "kind": "dc", "country": "GB"});
    assert_eq!(call(world, "PUT", "/v1/locations/ldn", None, &location).status, 201);
    let sku = |at: usize| format!("sku-{at}");
    for some in (0..skus).collect::<Vec<_>>().chunks(1_000) {
        let item = |at: &usize| {
            let prices = json!([{"amount": 250, "currency": "GBP"}]);
            json!({"sku": sku(*at), "title": title, "prices": prices})
        };
        import(world, "items", &some.iter().map(item).collect::<Vec<_>>());
        let stock = |at: &usize| json!({"key": sku(*at), "sku": sku(*at), "location": "ldn", "quantity": "10"});
        import(world, "stock", &some.iter().map(stock).collect::<Vec<_>>());
    }
}

fn order(key: &str, skus: impl Iterator<Item = usize>) -> Value {
    let lines: Vec<Value> = skus.map(|at| json!({"sku": format!("sku-{at}"), "quantity": "1"})).collect();
    json!({"key": key, "channel": "web", "currency": "GBP", "ship_to": {"country": "GB"}, "lines": lines})
}

fn place(world: &mut World, key: &str, sku: usize, shortage: &str) -> Value {
    let mut body = order(key, [sku].into_iter());
    body["shortage"] = json!(shortage);
    body.as_object_mut().expect("an order").remove("key");
    let told = call(world, "POST", "/v1/orders", Some(key), &body);
    assert_eq!(told.status, 201, "{}", json_of(&told));
    json_of(&told)
}

fn path(order: &Value) -> String {
    format!("/v1/orders/{}", order["id"].as_str().expect("an id"))
}

fn audit(world: &mut World) {
    for at in [Address::Orders(0), Address::Stock(0)] {
        let Reply::Audit(found) = world.ask(at, Ask::Audit { after: None }) else {
            panic!("{at} does not audit itself")
        };
        assert!(found.violations.is_empty(), "{:#?}", found.violations);
    }
}

#[test]
fn an_order_longer_than_a_row_is_kept_in_pieces() {
    let mut world = World::new(1, 1);
    shop(&mut world, 2_000, &"\u{1F381}".repeat(LONG));
    import(&mut world, "orders", &[order("long", 0..2_000)]);
    world.pass(5_000);
    let list = get(&mut world, "/v1/orders");
    let path = path(&list["data"][0]);
    let before = get(&mut world, &path);
    assert_eq!((&before["status"], before["lines"].as_array().map(Vec::len)), (&json!("allocated"), Some(2_000)));
    let history = get(&mut world, &format!("{path}/events"));
    // Folded from its turns, then from its state.
    for _ in 0..2 {
        world.crash(Object::Slots(0));
        assert!(get(&mut world, &path) == before, "the order is another one");
        assert!(get(&mut world, &format!("{path}/events")) == history, "its history is another one");
        audit(&mut world);
    }
}

#[test]
fn the_index_is_told_no_more_than_it_can_write() {
    let mut world = World::new(1, 1);
    shop(&mut world, 100, &"\u{1F381}".repeat(LONG));
    let orders: Vec<Value> = (0..10).map(|at| order(&format!("order-{at}"), 0..100)).collect();
    for some in orders.chunks(5) {
        import(&mut world, "orders", some);
    }
    // More orders of the same stock need more of it.
    for at in 10..40 {
        let again: Vec<Value> = (0..100)
            .map(|sku| json!({"key": format!("{at}-{sku}"), "sku": format!("sku-{sku}"), "location": "ldn", "quantity": "1"}))
            .collect();
        import(&mut world, "stock", &again);
        import(&mut world, "orders", &[order(&format!("order-{at}"), 0..100)]);
    }
    world.pass(60_000);
    assert_eq!(get(&mut world, "/v1/orders?limit=100")["data"].as_array().map(Vec::len), Some(40));
}

#[test]
fn a_turn_stands_though_the_checkpoint_after_it_fails() {
    let mut world = World::new(1, 1);
    shop(&mut world, 100, "short");
    world.disk(Object::Slots(0)).borrow_mut().defects.checkpoints = true;
    let orders: Vec<Value> =
        (0..CHECKPOINT_TURNS + 40).map(|at| place(&mut world, &format!("o-{at}"), at % 100, "reject")).collect();
    assert!(world.disk(Object::Slots(0)).borrow().states().is_empty());
    world.crash(Object::Slots(0));
    for order in &orders {
        assert_eq!(get(&mut world, &path(order))["id"], order["id"]);
    }
    world.disk(Object::Slots(0)).borrow_mut().defects.checkpoints = false;
    for at in 0..20 {
        place(&mut world, &format!("last-{at}"), at, "reject");
    }
    assert!(world.disk(Object::Slots(0)).borrow().states().len() > CHECKPOINT_TURNS, "it is tried again");
}

#[test]
fn a_lost_alarm_is_set_by_whoever_looks() {
    let mut world = World::new(1, 1);
    shop(&mut world, 1, "short");
    let wanted = json!({"lines": [{"sku": "sku-0", "quantity": "10"}]});
    assert_eq!(call(&mut world, "POST", "/v1/carts/c/holds", Some("c"), &wanted).status, 201);
    let order = place(&mut world, "b", 0, "backorder");
    world.pass(10_000);
    assert_eq!(get(&mut world, &path(&order))["status"], "backordered");
    for looks in [path(&order).as_str(), "/v1/availability?sku=sku-0"] {
        world.disk(Object::Slots(0)).borrow_mut().lose_alarm();
        world.crash(Object::Slots(0));
        get(&mut world, looks);
        assert!(world.disk(Object::Slots(0)).borrow().alarm().is_some(), "{looks} sets no alarm");
    }
    world.pass(60 * 60 * 1000);
    assert_eq!(get(&mut world, &path(&order))["status"], "allocated");
}

#[test]
fn a_backorder_knows_the_locations_after_a_crash() {
    let mut world = World::new(1, 1);
    shop(&mut world, 1, "short");
    let wanted = json!({"lines": [{"sku": "sku-0", "quantity": "10"}]});
    assert_eq!(call(&mut world, "POST", "/v1/carts/c/holds", Some("c"), &wanted).status, 201);
    let order = place(&mut world, "b", 0, "backorder");
    audit(&mut world);
    world.crash(Object::Slots(0));
    world.pass(60 * 60 * 1000);
    assert_eq!(get(&mut world, &path(&order))["status"], "allocated");
}

#[test]
fn an_order_that_cannot_be_read_keeps_no_other_waiting() {
    let mut world = World::new(1, 1);
    shop(&mut world, 1, "short");
    for at in 0..10 {
        place(&mut world, &format!("o-{at}"), 0, "reject");
    }
    let waiting: Vec<Value> = (0..40).map(|at| place(&mut world, &format!("b-{at}"), 0, "backorder")).collect();
    world.pass(10_000);
    audit(&mut world);
    world.crash(Object::Slots(0));
    let unreadable = waiting[0]["id"].as_str().map(str::to_owned);
    world.disk(Object::Slots(0)).borrow_mut().defects.unreadable = unreadable;
    let more = json!({"location": "ldn", "lines": [{"sku": "sku-0", "quantity": "40"}]});
    assert_eq!(call(&mut world, "POST", "/v1/stock/receipts", Some("more"), &more).status, 201);
    world.pass(60 * 60 * 1000);
    for order in &waiting[1..] {
        let now = get(&mut world, &path(order));
        assert_eq!(now["status"], "allocated", "{now}");
    }
    world.disk(Object::Slots(0)).borrow_mut().defects.unreadable = None;
    world.pass(10 * 60 * 1000);
    assert_eq!(get(&mut world, &path(&waiting[0]))["status"], "allocated", "it is tried again");
}

#[test]
fn an_alarm_that_cannot_be_set_undoes_nothing() {
    let mut world = World::new(1, 1);
    shop(&mut world, 1, "short");
    world.disk(Object::Slots(0)).borrow_mut().defects.alarm = true;
    let order = place(&mut world, "a", 0, "reject");
    assert_eq!(order["status"], "allocated");
    world.disk(Object::Slots(0)).borrow_mut().defects.alarm = false;
    get(&mut world, &path(&order));
    world.pass(5_000);
    assert_eq!(get(&mut world, "/v1/orders")["data"].as_array().map(Vec::len), Some(1));
}

/// Objects that take one poll to answer, and may not answer at all.
#[derive(Default)]
struct Objects {
    calls: RefCell<BTreeMap<Address, u32>>,
    under_way: Cell<usize>,
    most: Cell<usize>,
    /// These many answer; nobody after that.
    answers: Cell<usize>,
}

impl Host for Objects {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_750_000_000_000).expect("a time")
    }

    fn entropy(&self) -> u128 {
        7
    }

    async fn call(&self, to: Address, _ask: Ask) -> Result<Reply, Lost> {
        *self.calls.borrow_mut().entry(to).or_default() += 1;
        self.under_way.set(self.under_way.get() + 1);
        self.most.set(self.most.get().max(self.under_way.get()));
        let mut waited = false;
        std::future::poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending })
            .await;
        self.under_way.set(self.under_way.get() - 1);
        match self.answers.get().checked_sub(1) {
            Some(left) => {
                self.answers.set(left);
                Ok(Reply::Learned)
            }
            None => Err(Lost),
        }
    }

    async fn verify(&self, _key: &PublicKey, _signed: Vec<Signature>) -> Option<Vec<bool>> {
        None
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
fn the_tenant_tells_some_at_a_time_and_goes_on_where_it_was() {
    let topology = Topology::new(256).expect("a topology");
    let store = Memory { disk: Rc::default(), part: Part::Tenant };
    let open = || Tenant::open(store.clone(), topology).expect("it opens");
    let location =
        json!({"id": "ldn", "name": "London", "kind": "dc", "country": "GB", "ships": true, "accepts_returns": true});
    let location = serde_json::from_value(location).expect("a location");

    let objects = Objects::default();
    objects.answers.set(100);
    finished(open().handle(Ask::Tenant(TenantAsk::PutLocations(vec![location])), &objects));
    assert_eq!((objects.calls.borrow().len(), objects.most.get()), (512, 16));

    // It dies; who was told is not told again.
    let objects = Objects::default();
    objects.answers.set(usize::MAX);
    let tenant = open();
    assert!(finished(tenant.wake(&objects)).is_ok());
    assert_eq!(objects.calls.borrow().len(), 412);
    let objects = Objects::default();
    assert!(finished(tenant.wake(&objects)).is_ok() && finished(open().wake(&objects)).is_ok());
    assert_eq!(objects.calls.borrow().len(), 0, "everybody knows");
}
