//! A bug in one request is that request's alone: the next ones are answered as if nothing had been.

use oms_tests::edge::{Edge, EdgeOptions};
use oms_tests::shop::Shop;
use serde_json::json;

const PANIC: &str = "/v1/panic";
const ROUNDS: usize = 5;

#[test]
fn a_panic_does_not_poison_the_next_request() {
    let variables = vec![("ESTIBA_PANIC_PATH".to_owned(), PANIC.to_owned())];
    let edge = Edge::start(EdgeOptions { variables, ..EdgeOptions::default() }).unwrap();
    let client = edge.client();
    let send = |method: &str, path: &str, key: &str, body: serde_json::Value| {
        client.call(method, path, &[("idempotency-key", key)], Some(&body.to_string())).unwrap()
    };
    let location = json!({"name": "ldn", "kind": "dc", "country": "GB"});
    assert_eq!(send("PUT", "/v1/locations/ldn", "-", location).status, 201);
    let item = json!({"title": "Red", "prices": [{"amount": 100, "currency": "GBP"}]});
    assert_eq!(send("PUT", "/v1/items/red", "-", item).status, 201);
    let receipt = json!({"location": "ldn", "lines": [{"sku": "red", "quantity": "100"}]});
    assert_eq!(send("POST", "/v1/stock/receipts", "receipt", receipt).status, 201);

    for round in 0..ROUNDS {
        let died = client.call("GET", PANIC, &[], None).unwrap();
        assert!(died.status >= 500, "{died:?}");
        let health = client.get("/v1/health").unwrap();
        assert_eq!((health.status, &health.json()["status"]), (200, &json!("ok")));
        let placed = send("POST", "/v1/orders", &format!("order-{round}"), Shop::order(&[("red", "1")]));
        assert_eq!((placed.status, &placed.json()["status"]), (201, &json!("allocated")), "{placed:?}");
    }
    let log = edge.log();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line.get(line.find('{')?..)?).ok())
        .filter(|line: &serde_json::Value| line["path"] == PANIC)
        .collect();
    assert_eq!(lines.len(), ROUNDS, "a line for each request that died\n{log}");
    assert!(
        lines
            .iter()
            .all(|line| line["status"] == 500 && line["panic"].as_str().is_some_and(|p| p.contains("asked to")))
    );
    let shelf = client.get("/v1/availability?sku=red").unwrap().json();
    assert_eq!(shelf["data"][0]["available"], (100 - ROUNDS).to_string());
}
