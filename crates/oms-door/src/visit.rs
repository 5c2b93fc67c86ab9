//! A request with whose it is and who can be asked: what handlers work with.

use alloc::string::ToString;

use oms_actors::host::Host;
use oms_actors::message::ClaimName;
use oms_api::import::is_key;
use oms_api::problem::{Code, Problem};
use oms_core::canonical;
use oms_core::value::{Digest, Topology};
use serde::Serialize;

use crate::answer::Answer;
use crate::key::Key;
use crate::wire::{Request, body_limit};

/// What a body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    JsonOrLines,
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Visit<'a, H> {
    pub(crate) request: &'a Request,
    pub(crate) key: &'a Key,
    pub(crate) host: &'a H,
}

impl<H: Host> Visit<'_, H> {
    /// How many objects of a kind the tenant has.
    pub(crate) fn topology(&self) -> Topology {
        self.key.topology
    }

    /// The body, of a type and size that is taken.
    pub(crate) fn body(&self, media: Media) -> Result<&[u8], Problem> {
        let most = body_limit(&self.request.path);
        if self.request.body.len() > most {
            return Err(Problem::new(Code::BodyTooLarge, alloc::format!("at most {most} bytes are taken")));
        }
        if !self.request.body.is_empty() {
            self.is_taken(media)?;
        }
        Ok(&self.request.body)
    }

    /// The body of an action, which may be left out.
    pub(crate) fn action_body(&self) -> Result<&[u8], Problem> {
        let body = self.body(Media::Json)?;
        Ok(if body.is_empty() { b"{}" } else { body })
    }

    fn is_taken(&self, media: Media) -> Result<(), Problem> {
        let Some(kind) = self.request.header("content-type") else { return Ok(()) };
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let json = kind.eq_ignore_ascii_case("application/json");
        let lines = media == Media::JsonOrLines && kind.eq_ignore_ascii_case("application/x-ndjson");
        if json || lines {
            return Ok(());
        }
        Err(Problem::new(Code::UnsupportedMediaType, alloc::format!("the body is {kind}, not application/json")))
    }

    /// The idempotency key that the request must have.
    pub(crate) fn required_key(&self) -> Result<ClaimName, Problem> {
        let missing = || Problem::new(Code::IdempotencyKeyMissing, "set an Idempotency-Key to send it twice safely");
        self.optional_key()?.ok_or_else(missing)
    }

    /// The idempotency key that the request may have.
    pub(crate) fn optional_key(&self) -> Result<Option<ClaimName>, Problem> {
        match self.request.header("idempotency-key") {
            None => Ok(None),
            Some(key) if is_key(key) => Ok(Some(self.claim(key))),
            Some(_) => {
                let detail = "a key is 1 to 255 visible ASCII characters";
                Err(Problem::parameter("idempotency-key", "invalid_key", detail))
            }
        }
    }

    /// The claim of a key of this credential.
    pub(crate) fn claim(&self, key: &str) -> ClaimName {
        ClaimName::Key { principal: self.key.name.clone(), key: key.to_string() }
    }

    /// The version the order must be at: `If-Match: "v3"`.
    pub(crate) fn expected_version(&self) -> Result<Option<u32>, Problem> {
        let Some(text) = self.request.header("if-match").map(str::trim).filter(|text| *text != "*") else {
            return Ok(None);
        };
        let version = text.strip_prefix("\"v").and_then(|text| text.strip_suffix('"'));
        let detail = "it is a version as an ETag has it, such as \"v3\"";
        let malformed = || Problem::parameter("if-match", "invalid_version", detail);
        version.and_then(|version| version.parse().ok()).map(Some).ok_or_else(malformed)
    }

    /// What a request says, whoever spells it: the same for the same request of the same principal only.
    pub(crate) fn fingerprint<T: Serialize>(&self, route: &str, said: &T) -> Result<Digest, Problem> {
        let whole = (&self.request.method, route, &self.key.name, said);
        canonical::digest(&whole).map_err(|error| Problem::new(Code::Internal, error.to_string()))
    }

    /// A problem as an answer.
    pub(crate) fn problem(&self, problem: Problem) -> Answer {
        Answer::problem(problem, &self.request.request_id)
    }
}
