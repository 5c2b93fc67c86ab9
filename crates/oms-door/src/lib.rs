//! The front door of Estiba: who asks, what for, and which objects answer.
//!
//! A host hands over a [`Request`] and a [`Host`] that is bound to the tenant of the key; [`answer`] gives the
//! [`Response`]. There are no rules of the business here: a handler reads a request, asks objects and shows what they said.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod key;
mod wire;

pub use key::{BadKeys, Key, Keys, authenticate};
pub use wire::{MAX_BODY_BYTES, MAX_IMPORT_BYTES, Request, Response, body_limit};

use oms_actors::host::Host;

/// Answers a request. Every outcome is a response; the credential was looked at by [`authenticate`] before.
pub async fn answer<H: Host>(request: &Request, key: Option<&Key>, host: &H) -> Response {
    let _ = (key, host.now());
    Response { status: 404, headers: alloc::vec![], body: request.path.clone().into_bytes() }
}
