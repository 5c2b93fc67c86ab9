//! Estiba at the edge: a Worker that opens the front door, and Durable Objects that host the actors.

extern crate alloc;

mod crypto;
mod database;
mod host;
mod journal;
mod log;
mod object;
mod sql;

use core::fmt::Write;

use oms_core::value::Topology;
use oms_door::{Key, Keys, Request as DoorRequest, Response as DoorResponse};
use wasm_bindgen::{JsCast as _, JsValue};
use worker::web_sys::{Request, Response, ResponseInit};
use worker::{Context, Env, Result, event};

use crate::host::EdgeHost;
use crate::log::Line;

/// The variable with the API keys: a JSON array of key hashes with tenant and topology.
const KEYS: &str = "ESTIBA_KEYS";
/// Bound only by the tests that prove that a panic does not poison the next request: the path at which the door panics.
const PANIC_PATH: &str = "ESTIBA_PANIC_PATH";
/// Likewise: objects panic when they are asked for an order that is not theirs.
const PANIC_OBJECT: &str = "ESTIBA_PANIC_OBJECT";

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let began = host::now();
    let request = read(request).await?;
    let keys = env.var(KEYS).ok().and_then(|keys| Keys::parse(&keys.to_string()).ok()).unwrap_or_default();
    let (key, refusal) = match oms_door::authenticate(&request, &keys) {
        Ok(key) => (key, None),
        Err(refusal) => (None, Some(refusal)),
    };
    let line = Line::of(&request, key.as_ref().map(|key| key.tenant.as_str()), began);
    let response = match refusal {
        None => log::attended(&line, answer(&request, key.as_ref(), &env)).await,
        Some(refusal) => refusal,
    };
    line.write(response.status);
    send(&response)
}

async fn answer(request: &DoorRequest, key: Option<&Key>, env: &Env) -> DoorResponse {
    let (tenant, topology) = match key {
        Some(key) => (key.tenant.clone(), key.topology),
        None => (String::new(), Topology::default()),
    };
    let response = oms_door::answer(request, key, &EdgeHost { env: env.clone(), tenant, topology, own: None }).await;
    #[expect(clippy::panic, clippy::manual_assert, reason = "what a bug would do, asked for by a test")]
    if response.status == 404 && env.var(PANIC_PATH).is_ok_and(|path| path.to_string() == request.path) {
        panic!("asked to");
    }
    response
}

/// The request as the door knows it, read from the platform's own: the `Request` of `worker` fetches what nobody reads. Of
/// a body too large, one byte more than the limit is kept.
async fn read(request: Request) -> Result<DoorRequest> {
    let (path, query) = path_and_query(&request.url());
    let method = request.method();
    // One by one: iterating over all headers crosses into JavaScript several times for each.
    let all = request.headers();
    let headers: Vec<(String, String)> =
        oms_door::HEADERS.iter().filter_map(|name| Some(((*name).to_owned(), all.get(name).ok().flatten()?))).collect();
    let body = if method == "GET" { vec![] } else { body(&request, &headers, oms_door::body_limit(&path)).await? };
    Ok(DoorRequest { method, path, query, headers, body, request_id: request_id() })
}

async fn body(request: &Request, headers: &[(String, String)], limit: usize) -> Result<Vec<u8>> {
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    match length {
        // 64 bits: on wasm a `usize` has 32, and a length beyond them must not pass for none.
        Some(length) if length > u64::try_from(limit).unwrap_or(u64::MAX) => Ok(vec![b' '; limit.saturating_add(1)]),
        Some(0) => Ok(vec![]),
        Some(_) | None => {
            let buffer = host::settled(request.array_buffer()?.unchecked_into()).await?;
            Ok(js_sys::Uint8Array::new(&buffer).to_vec())
        }
    }
}

/// Path and query of an absolute URL that the platform has normalized. The `url` crate would bring its tables of every
/// script there is: 50 KB for what two splits do.
fn path_and_query(url: &str) -> (String, Option<String>) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    let rest = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    match rest.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (rest.to_owned(), None),
    }
}

fn request_id() -> String {
    let mut bytes = [0_u8; 8];
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().fold(String::from("req_"), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

fn send(response: &DoorResponse) -> Result<Response> {
    let headers = js_sys::Object::new();
    for (name, value) in &response.headers {
        js_sys::Reflect::set(&headers, &JsValue::from_str(name), &JsValue::from_str(value))?;
    }
    let init = ResponseInit::new();
    init.set_status(response.status);
    init.set_headers(&headers);
    let body = (!response.body.is_empty()).then(|| js_sys::Uint8Array::from(response.body.as_slice()));
    Ok(Response::new_with_opt_buffer_source_and_init(body.as_ref().map(AsRef::as_ref), &init)?)
}
