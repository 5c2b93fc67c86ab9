//! Who asks: API keys, known by their SHA-256 only.

use alloc::string::String;
use alloc::vec::Vec;

use oms_api::problem::{Code, Problem};
use oms_core::value::{Digest, Topology};
use serde::Deserialize;

use crate::answer::Answer;
use crate::wire::{Request, Response};

/// The longest name of a tenant, in characters.
const TENANT_LENGTH: usize = 32;

/// A credential.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// SHA-256 of the key.
    #[serde(rename = "key_sha256")]
    pub sha256: Digest,
    /// Whose it is: 1 to 32 of `a-z 0-9 _ -`.
    pub tenant: String,
    /// How many objects of a kind the tenant has.
    pub topology: Topology,
    /// What the tenant calls the key: the principal of what is done with it.
    pub name: String,
}

/// All credentials of a deployment.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<Key>);

/// Why the credentials cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadKeys {
    /// They are not the JSON they should be.
    Json(String),
    /// A tenant's name has other characters or another length.
    Tenant(String),
}

impl Keys {
    /// Reads `[{"key_sha256": "<64 hex digits>", "tenant": "demo", "topology": 8, "name": "development"}]`.
    ///
    /// # Errors
    /// [`BadKeys`] when it is anything else.
    pub fn parse(json: &str) -> Result<Self, BadKeys> {
        let keys: Vec<Key> = serde_json::from_str(json).map_err(|error| BadKeys::Json(alloc::format!("{error}")))?;
        match keys.iter().find(|key| !is_tenant(&key.tenant)) {
            Some(key) => Err(BadKeys::Tenant(key.tenant.clone())),
            None => Ok(Self(keys)),
        }
    }

    /// How many objects of a kind a tenant has. Its keys agree: they are made together.
    pub fn topology(&self, tenant: &str) -> Option<Topology> {
        self.0.iter().find(|key| key.tenant == tenant).map(|key| key.topology)
    }

    /// The key with this secret. Every key is compared in full, so the time taken tells nothing.
    pub fn find(&self, secret: &str) -> Option<&Key> {
        let digest = Digest::of(secret.as_bytes());
        let mut found = None;
        for key in &self.0 {
            if same(&key.sha256, &digest) {
                found = Some(key);
            }
        }
        found
    }
}

fn same(a: &Digest, b: &Digest) -> bool {
    a.as_bytes().iter().zip(b.as_bytes()).fold(0_u8, |different, (a, b)| different | (a ^ b)) == 0
}

fn is_tenant(name: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    (1..=TENANT_LENGTH).contains(&name.len()) && name.bytes().all(allowed)
}

/// The credential of a request; nothing for the open routes.
///
/// # Errors
/// The 401 to answer when the credential is missing or unknown.
pub fn authenticate<'k>(request: &Request, keys: &'k Keys) -> Result<Option<&'k Key>, Response> {
    if is_open(&request.path) {
        return Ok(None);
    }
    let key = bearer(request).and_then(|secret| keys.find(secret));
    key.map(Some).ok_or_else(|| unauthorized(request).finish(&request.request_id))
}

/// True for the routes that need no key.
fn is_open(path: &str) -> bool {
    matches!(path, "/v1/health" | "/v1/version")
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, secret) = request.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// The 401 for a request without a credential that is known.
pub(crate) fn unauthorized(request: &Request) -> Answer {
    let (challenge, detail) = match request.header("authorization") {
        None => ("Bearer realm=\"estiba\"", "send Authorization: Bearer and the API key"),
        Some(_) => ("Bearer realm=\"estiba\", error=\"invalid_token\"", "the API key is not known"),
    };
    Answer::problem(Problem::new(Code::Unauthorized, detail), &request.request_id).with("www-authenticate", challenge)
}
