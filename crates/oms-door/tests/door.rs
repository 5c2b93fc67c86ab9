//! The door before anybody is asked: routes, methods, credentials, sizes, types and parameters.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may crash")]

use core::cell::RefCell;
use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use oms_actors::host::{Host, Lost, Signature};
use oms_actors::message::{Address, Ask, IndexAsk, IndexReply, Reply};
use oms_core::till::account::PublicKey;
use oms_core::value::Timestamp;
use oms_door::{Keys, MAX_BODY_BYTES, Request, Response, answer, authenticate};
use serde_json::Value;

const SECRET: &str = "a secret";

/// A host whose objects never answer, but for the index, which is empty. It remembers what was asked.
#[derive(Default)]
struct Nobody {
    asked: RefCell<Vec<(Address, Ask)>>,
}

impl Host for Nobody {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH
    }

    fn entropy(&self) -> u128 {
        7
    }

    async fn call(&self, to: Address, ask: Ask) -> Result<Reply, Lost> {
        let list = matches!(ask, Ask::Index(IndexAsk::List(_)));
        self.asked.borrow_mut().push((to, ask));
        let listed = IndexReply::Listed { entries: vec![], more: false, as_of: Timestamp::EPOCH };
        if list { Ok(Reply::Index(listed)) } else { Err(Lost) }
    }

    async fn verify(&self, _key: &PublicKey, signed: Vec<Signature>) -> Option<Vec<bool>> {
        Some(vec![false; signed.len()])
    }

    async fn pause(&self, _millis: u32) {}
}

fn keys() -> Keys {
    let digest = oms_core::value::Digest::of(SECRET.as_bytes());
    let json = format!(r#"[{{"key_sha256":"{digest}","tenant":"demo","topology":8,"name":"development"}}]"#);
    Keys::parse(&json).unwrap()
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nobody here waits"),
    }
}

fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.map(str::to_owned),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.as_bytes().to_vec(),
        request_id: "req_7".to_owned(),
    }
}

fn send(host: &Nobody, request: &Request) -> Response {
    let keys = keys();
    match authenticate(request, &keys) {
        Ok(key) => ready(answer(request, key.as_ref(), host)),
        Err(response) => response,
    }
}

/// Sends with the key; gives the response, the code of its problem and what was asked of objects.
fn ask(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> (Response, String, Vec<(Address, Ask)>) {
    let bearer = format!("Bearer {SECRET}");
    let headers: Vec<(&str, &str)> =
        [("authorization", bearer.as_str())].into_iter().chain(headers.iter().copied()).collect();
    let host = Nobody::default();
    let response = send(&host, &request(method, target, &headers, body));
    let code = serde_json::from_slice::<Value>(&response.body).unwrap_or_default()["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (response, code, host.asked.into_inner())
}

/// Refused before any object is asked.
#[track_caller]
fn refused(method: &str, target: &str, headers: &[(&str, &str)], body: &str, status: u16, code: &str) -> Response {
    let (response, found, asked) = ask(method, target, headers, body);
    assert_eq!(
        (response.status, found.as_str()),
        (status, code),
        "{method} {target}: {}",
        String::from_utf8_lossy(&response.body)
    );
    assert!(asked.is_empty(), "{method} {target} asked somebody");
    response
}

const ORDER: &str = "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// Every path of the contract with its methods; `:o` stands for an order id.
const PATHS: &[(&str, &[&str])] = &[
    ("/v1/health", &["GET"]),
    ("/v1/version", &["GET"]),
    ("/v1/stats", &["GET"]),
    ("/v1/audit", &["GET"]),
    ("/v1/locations/ldn", &["GET", "PUT"]),
    ("/v1/items/85123A", &["GET", "PUT"]),
    ("/v1/tax-table", &["GET", "PUT"]),
    ("/v1/stock/receipts", &["POST"]),
    ("/v1/stock/adjustments", &["POST"]),
    ("/v1/stock/counts", &["POST"]),
    ("/v1/stock/transfers", &["POST"]),
    ("/v1/stock/dispositions", &["POST"]),
    ("/v1/availability", &["GET"]),
    ("/v1/carts/c1/holds", &["POST"]),
    ("/v1/orders", &["GET", "POST"]),
    ("/v1/orders/:o", &["GET"]),
    ("/v1/orders/:o/events", &["GET"]),
    ("/v1/orders/:o/confirm", &["POST"]),
    ("/v1/orders/:o/cancel", &["POST"]),
    ("/v1/orders/:o/hold", &["POST"]),
    ("/v1/orders/:o/release", &["POST"]),
    ("/v1/orders/:o/fulfillments/1/pick", &["POST"]),
    ("/v1/orders/:o/fulfillments/1/pack", &["POST"]),
    ("/v1/orders/:o/fulfillments/1/ship", &["POST"]),
    ("/v1/orders/:o/fulfillments/1/deliver", &["POST"]),
    ("/v1/orders/:o/fulfillments/1/reject", &["POST"]),
    ("/v1/orders/:o/returns", &["POST"]),
    ("/v1/returns/ret_x-1/authorize", &["POST"]),
    ("/v1/returns/ret_x-1/receive", &["POST"]),
    ("/v1/returns/ret_x-1/cancel", &["POST"]),
    ("/v1/imports/locations", &["POST"]),
    ("/v1/imports/items", &["POST"]),
    ("/v1/imports/stock", &["POST"]),
    ("/v1/imports/orders", &["POST"]),
];

#[test]
fn every_path_knows_its_methods_and_no_others() {
    for (path, known) in PATHS {
        let path = path.replace(":o", ORDER);
        for method in ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"] {
            if known.contains(&method) {
                let (response, code, _) = ask(method, &path, &[], "");
                assert_ne!(response.status, 405, "{method} {path}");
                assert_ne!((response.status, code.contains("path")), (404, true), "{method} {path}");
            } else if !matches!(path.as_str(), "/v1/health" | "/v1/version") || method != "GET" {
                let response = refused(method, &path, &[], "", 405, "method_not_allowed");
                assert_eq!(response.header("allow"), Some(known.join(", ").as_str()));
            }
        }
    }
}

#[test]
fn other_paths_are_not_there() {
    for path in [
        "/",
        "",
        "/v1",
        "/v1/",
        "/v2/orders",
        "/v1/orders/",
        "/v1/order",
        "/V1/orders",
        "/v1/imports/prices",
        "/v1//orders",
    ] {
        refused("GET", path, &[], "", 404, "not_found");
    }
    refused("GET", "/v1/orders/ord_1", &[], "", 404, "not_found");
    refused("POST", "/v1/returns/ret_x-1/cancel", &[], "", 404, "not_found");
    refused("GET", "/v1/items/%zz", &[], "", 400, "invalid_parameter");
    refused("GET", "/v1/items/%ff", &[], "", 400, "invalid_parameter");
}

#[test]
fn a_request_needs_a_known_key() {
    let host = Nobody::default();
    for (authorization, challenge) in [
        (None, "Bearer realm=\"estiba\""),
        (Some("Bearer another"), "Bearer realm=\"estiba\", error=\"invalid_token\""),
        (Some("Basic YTpi"), "Bearer realm=\"estiba\", error=\"invalid_token\""),
        (Some(""), "Bearer realm=\"estiba\", error=\"invalid_token\""),
    ] {
        let headers: Vec<(&str, &str)> = authorization.map(|value| ("authorization", value)).into_iter().collect();
        let response = send(&host, &request("GET", "/v1/orders", &headers, ""));
        assert_eq!((response.status, response.header("www-authenticate")), (401, Some(challenge)));
    }
    for path in ["/v1/health", "/v1/version"] {
        assert_eq!(send(&host, &request("GET", path, &[], "")).status, 200);
    }
    assert!(host.asked.borrow().is_empty());
}

#[test]
fn keys_that_cannot_be_meant_are_refused() {
    for json in ["", "{}", r#"[{"tenant":"a"}]"#, r#"[{"key_sha256":"00","tenant":"a","topology":8,"name":"n"}]"#] {
        assert!(Keys::parse(json).is_err(), "{json}");
    }
    let digest = "0".repeat(64);
    for (tenant, topology) in [("A", 8), ("", 8), ("a/b", 8), ("a", 3), ("a", 512)] {
        let json = format!(r#"[{{"key_sha256":"{digest}","tenant":"{tenant}","topology":{topology},"name":"n"}}]"#);
        assert!(Keys::parse(&json).is_err(), "{json}");
    }
}

#[test]
fn every_response_is_told_not_to_be_kept_or_guessed_about() {
    for (method, path) in [("GET", "/v1/health"), ("GET", "/nowhere"), ("DELETE", "/v1/orders"), ("GET", "/v1/orders")]
    {
        let (response, _, _) = ask(method, path, &[], "");
        assert_eq!(response.header("x-request-id"), Some("req_7"));
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_ne!(response.body.last(), Some(&b'\n'));
    }
}

#[test]
fn bodies_are_bounded_and_typed() {
    let json = ("content-type", "application/json");
    let key = ("idempotency-key", "k");
    let large = " ".repeat(MAX_BODY_BYTES + 1);
    refused("POST", "/v1/orders", &[json, key], &large, 413, "body_too_large");
    refused("POST", "/v1/orders", &[("content-type", "text/plain"), key], "{}", 415, "unsupported_media_type");
    refused(
        "POST",
        "/v1/orders",
        &[("content-type", "application/x-ndjson"), key],
        "{}",
        415,
        "unsupported_media_type",
    );
    refused("POST", "/v1/imports/items", &[("content-type", "text/csv")], "a", 415, "unsupported_media_type");
    refused(
        "POST",
        "/v1/orders",
        &[("content-type", "application/json; charset=utf-8"), key],
        "{",
        400,
        "malformed_json",
    );
    refused("POST", "/v1/orders", &[json, key], "", 400, "malformed_json");
    refused("POST", &format!("/v1/orders/{ORDER}/hold"), &[], "", 422, "validation_failed");
    let lines = "{}\n".repeat(5001);
    refused("POST", "/v1/imports/items", &[], &lines, 422, "validation_failed");
}

#[test]
fn what_makes_something_needs_a_key_of_its_own() {
    let returns = format!("/v1/orders/{ORDER}/returns");
    for path in [
        "/v1/orders",
        &returns,
        "/v1/stock/receipts",
        "/v1/stock/counts",
        "/v1/stock/adjustments",
        "/v1/stock/transfers",
        "/v1/stock/dispositions",
    ] {
        refused("POST", path, &[], "{}", 400, "idempotency_key_missing");
        refused("POST", path, &[("idempotency-key", "two words")], "{}", 400, "invalid_parameter");
        refused("POST", path, &[("idempotency-key", &"k".repeat(256))], "{}", 400, "invalid_parameter");
    }
}

#[test]
fn a_version_is_written_as_its_tag() {
    let path = format!("/v1/orders/{ORDER}/confirm");
    for tag in ["3", "v3", "\"3\"", "\"v-1\"", "\"v3", "W/\"v3\""] {
        refused("POST", &path, &[("if-match", tag)], "{}", 400, "invalid_parameter");
    }
    for (tag, expected) in [("\"v3\"", Some(3)), ("*", None)] {
        let (response, _, asked) = ask("POST", &path, &[("if-match", tag)], "");
        let told = format!("{:?}", asked[0].1);
        assert!(told.contains(&format!("expected: {expected:?}")), "{told}");
        assert_eq!((response.status, response.header("retry-after")), (503, Some("1")));
    }
}

#[test]
fn parameters_of_a_list_are_read_or_refused() {
    for (query, code) in [
        ("color=red", "unknown_parameter"),
        ("limit=0", "out_of_range"),
        ("limit=101", "out_of_range"),
        ("limit=ten", "out_of_range"),
        ("limit=1&limit=2", "named_twice"),
        ("status=allocated,gone", "unknown_value"),
        ("sort=total", "unknown_value"),
        ("cursor=abc", "malformed_cursor"),
        ("channel=Web", "invalid_channel"),
        ("created_at[gte]=today", "invalid_time"),
        ("q=%ff", "malformed_query"),
    ] {
        let response = refused("GET", &format!("/v1/orders?{query}"), &[], "", 400, "invalid_parameter");
        let problem: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(problem["errors"][0]["code"], code, "{query}");
    }
    let target = "/v1/orders?status=allocated,placing&channel=web&q=Ada+high%20st&created_at%5Bgte%5D=2010-12-01T00:00:00Z&sort=created_at&limit=7";
    let (response, _, asked) = ask("GET", target, &[], "");
    assert_eq!(response.status, 200);
    let (Address::Index, Ask::Index(IndexAsk::List(query))) = &asked[0] else { panic!("{asked:?}") };
    assert_eq!((query.words.join(" ").as_str(), query.limit, query.ascending), ("ada high st", 7, true));
    assert_eq!((query.status.len(), query.from.is_some(), query.after), (2, true, None));
}

#[test]
fn availability_needs_skus_that_can_be_some() {
    refused("GET", "/v1/availability", &[], "", 400, "invalid_parameter");
    refused("GET", "/v1/availability?sku=a,,b", &[], "", 400, "invalid_parameter");
    let many = vec!["a"; 101].join(",");
    refused("GET", &format!("/v1/availability?sku={many}"), &[], "", 400, "invalid_parameter");
    refused("GET", "/v1/availability?sku=a&location=L%20L", &[], "", 404, "not_found");
}

#[test]
fn the_bad_lines_of_an_import_are_told_in_place() {
    let lines = "{\"id\":\"L\"}\n\nnonsense\r\n{}\n";
    let bearer = format!("Bearer {SECRET}");
    let host = Nobody::default();
    let response = send(&host, &request("POST", "/v1/imports/locations", &[("authorization", &bearer)], lines));
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/x-ndjson")));
    let text = String::from_utf8(response.body).unwrap();
    let told: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<(u64, u64)> =
        told.iter().map(|one| (one["line"].as_u64().unwrap(), one["status"].as_u64().unwrap())).collect();
    assert_eq!(statuses, [(1, 422), (3, 400), (4, 422)]);
    assert!(host.asked.borrow().is_empty());
}
