//! Bytes that no HTTP client sends, to the Worker on workerd.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use oms_tests::edge::{DEVELOPMENT_KEY, Edge, EdgeOptions, WORKER_VARIABLE};
use oms_tests::shop::Shop;

/// An answer that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends bytes as they are; gives the status of the answer and its text.
fn exchange(edge: &Edge, bytes: &[u8]) -> (u16, String) {
    let base = edge.base_url();
    let mut stream = TcpStream::connect(base.strip_prefix("http://").expect("an address")).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    // A server that has heard enough may close before everything is written.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, text)
}

fn request(line: &[u8], headers: &[&[u8]], body: &[u8]) -> Vec<u8> {
    let mut bytes = line.to_vec();
    bytes.extend_from_slice(b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for header in headers {
        bytes.extend_from_slice(header);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// A body in chunks, whose length nobody says beforehand.
fn chunked(length: usize) -> Vec<u8> {
    let piece = [&b"1000\r\n"[..], &[b' '; 0x1000], b"\r\n"].concat();
    let mut body = piece.repeat(length.div_ceil(0x1000));
    body.extend_from_slice(b"0\r\n\r\n");
    body
}

#[test]
fn nonsense_on_the_wire_is_refused_and_the_next_request_is_answered() {
    if std::env::var_os(WORKER_VARIABLE).is_none() {
        return;
    }
    let edge = Edge::start(EdgeOptions::default()).expect("workerd starts");
    let key = format!("Authorization: Bearer {DEVELOPMENT_KEY}");
    let key = key.as_bytes();
    let order = Shop::order(&[("red", "1")]).to_string();
    let length = format!("Content-Length: {}", order.len());
    let place = |headers: &[&[u8]]| {
        let all = [&[key, length.as_bytes()], headers].concat();
        request(b"POST /v1/orders", &all, order.as_bytes())
    };
    let one_key = &b"Idempotency-Key: a"[..];
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        (
            "a key of no bytes of text",
            request(b"GET /v1/orders", &[b"Authorization: Bearer \xff\xfe"], b""),
            401,
            "unauthorized",
        ),
        (
            "two credentials",
            request(b"GET /v1/orders", &[key, b"Authorization: Bearer other"], b""),
            401,
            "unauthorized",
        ),
        ("an idempotency key that is not ASCII", place(&[b"Idempotency-Key: cl\xe9"]), 400, "invalid_parameter"),
        ("two idempotency keys", place(&[one_key, b"Idempotency-Key: b"]), 400, "invalid_parameter"),
        (
            "two content types",
            place(&[one_key, b"Content-Type: application/json", b"Content-Type: text/plain"]),
            415,
            "unsupported_media_type",
        ),
        ("a path that is not UTF-8", request(b"GET /v1/orders/\xe9", &[key], b""), 0, ""),
        (
            "a body too long, in chunks",
            request(b"POST /v1/orders", &[key, one_key, b"Transfer-Encoding: chunked"], &chunked(300 * 1024)),
            413,
            "body_too_large",
        ),
        (
            "a body too long, by its length",
            request(b"POST /v1/orders", &[key, one_key, b"Content-Length: 4000000000"], b"{"),
            413,
            "body_too_large",
        ),
        ("a length that is none", request(b"POST /v1/orders", &[key, one_key, b"Content-Length: -1"], b"{"), 400, ""),
        ("NUL in a header", place(&[b"Idempotency-Key: a\0b"]), 400, ""),
        ("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n".to_vec(), 400, ""),
        ("no body where one is due", request(b"POST /v1/orders", &[key, one_key], b""), 400, "malformed_json"),
    ];
    let client = edge.client();
    for (what, bytes, status, code) in cases {
        let (found, text) = exchange(&edge, &bytes);
        println!("{what}: {found}");
        assert!((400..500).contains(&found), "{what}: {text}");
        assert!(status == 0 || found == status, "{what}: {text}");
        assert!(text.contains(code), "{what}: {text}");
        assert_eq!(client.get("/v1/health").expect("an answer").status, 200, "after {what}");
    }
    assert_eq!(client.get("/v1/audit").expect("an answer").json()["data"]["orders"], 0);
}
