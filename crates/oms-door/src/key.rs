//! Who asks: API keys, known by their SHA-256 only.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_api::problem::{Code, Problem};
use oms_core::json;
use oms_core::till::DeviceId;
use oms_core::value::{Digest, Topology};
use serde::Deserialize;

use crate::answer::Answer;
use crate::wire::{Request, Response};

/// How a till shows that a request is its own.
pub(crate) const SIGNED: &str = "Estiba-Signature realm=\"estiba\"";
/// Where devices are enrolled.
const ENROLLMENTS: &str = "/v1/enrollments";
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
    /// Who asks: a key of this list is the back office's.
    #[serde(skip)]
    pub caller: Caller,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// Somebody with an API key.
    #[default]
    Office,
    /// A till, as it says: its object is still to look at the signature.
    Till {
        /// Which.
        device: DeviceId,
        /// In which enrollment.
        epoch: u32,
    },
    /// A device that is to be enrolled: the code names whose it is.
    Newcomer,
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
        let keys: Vec<Key> = json::read(json.as_bytes()).map_err(|unread| BadKeys::Json(alloc::format!("{unread}")))?;
        match keys.iter().find(|key| !is_tenant(&key.tenant)) {
            Some(key) => Err(BadKeys::Tenant(key.tenant.clone())),
            None => Ok(Self(keys)),
        }
    }

    /// How many objects of a kind a tenant has. Its keys agree: they are made together.
    pub fn topology(&self, tenant: &str) -> Option<Topology> {
        self.0.iter().find(|key| key.tenant == tenant).map(|key| key.topology)
    }

    /// A credential of a tenant that needs no secret of this list.
    fn of(&self, tenant: &str, name: &str, caller: Caller) -> Option<Key> {
        let topology = self.topology(tenant)?;
        Some(Key { sha256: Digest::of(b""), tenant: tenant.into(), topology, name: name.into(), caller })
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
pub fn authenticate(request: &Request, keys: &Keys) -> Result<Option<Key>, Response> {
    if is_open(&request.path) {
        return Ok(None);
    }
    if request.path == ENROLLMENTS {
        return Ok(newcomer(request, keys));
    }
    let key = match request.header("estiba-device") {
        Some(said) => till(said, keys),
        None => bearer(request).and_then(|secret| keys.find(secret)).cloned(),
    };
    key.map(Some).ok_or_else(|| unauthorized(request).finish(&request.request_id))
}

/// A till of a tenant that there is: `{tenant}/{device}/{epoch}`.
fn till(said: &str, keys: &Keys) -> Option<Key> {
    let (tenant, rest) = said.split_once('/')?;
    let (device, epoch) = rest.split_once('/')?;
    let caller = Caller::Till { device: device.parse().ok()?, epoch: epoch.parse().ok()? };
    keys.of(tenant, &format!("till:{device}"), caller)
}

/// Whoever shows a code of a tenant that there is. What is wrong with the request is for the route to say.
fn newcomer(request: &Request, keys: &Keys) -> Option<Key> {
    let (code, _) = oms_api::till::enroll(&request.body).ok()?;
    keys.of(&code.tenant, "enrollment", Caller::Newcomer)
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
        None if request.header("estiba-device").is_some() => (SIGNED, "the till or its signature is not known"),
        None => ("Bearer realm=\"estiba\"", "send Authorization: Bearer and the API key"),
        Some(_) => ("Bearer realm=\"estiba\", error=\"invalid_token\"", "the API key is not known"),
    };
    Answer::problem(Problem::new(Code::Unauthorized, detail), &request.request_id).with("www-authenticate", challenge)
}
