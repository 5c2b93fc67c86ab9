//! What a handler answers, and what every response carries.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use oms_api::problem::{Code, Problem, Retry};
use serde::Serialize;

use crate::wire::Response;

/// Seconds to wait before a request that could not be carried out is sent again.
const RETRY_AFTER: &str = "1";

/// An answer before it has the headers that all have.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// What a handler gives.
pub(crate) type Outcome = Result<Answer, Problem>;

impl Answer {
    /// JSON.
    pub(crate) fn json<T: Serialize>(status: u16, value: &T) -> Outcome {
        Self::new(status, "application/json", value)
    }

    /// JSON lines.
    pub(crate) fn lines<T: Serialize>(values: &[T]) -> Outcome {
        let mut body = Vec::new();
        for value in values {
            body.extend(bytes(value)?);
            body.push(b'\n');
        }
        Ok(Self { status: 200, headers: vec![("content-type", "application/x-ndjson".to_owned())], body })
    }

    /// A problem. It is an answer too, when it needs headers of its own.
    pub(crate) fn problem(problem: Problem, request_id: &str) -> Self {
        let problem = problem.with_request(request_id);
        let status = problem.status();
        let again = problem.retry() == Retry::SameKey;
        let answer = Self::new(status, "application/problem+json", &problem);
        let answer = answer.unwrap_or_else(|_| Self { status: 500, headers: vec![], body: vec![] });
        if again { answer.with("retry-after", RETRY_AFTER) } else { answer }
    }

    fn new<T: Serialize>(status: u16, kind: &str, value: &T) -> Outcome {
        Ok(Self { status, headers: vec![("content-type", kind.to_owned())], body: bytes(value)? })
    }

    /// With a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With the version as its tag.
    pub(crate) fn tagged(self, version: u32) -> Self {
        self.with("etag", format!("\"v{version}\""))
    }

    /// Marked when it had been given before.
    pub(crate) fn replayed(self, replayed: bool) -> Self {
        if replayed { self.with("idempotency-replayed", "true") } else { self }
    }

    /// The response, with the headers that all have: nothing is cached, nothing is guessed.
    pub(crate) fn finish(self, request_id: &str) -> Response {
        let always =
            [("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("x-request-id", request_id)];
        let always = always.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let own = self.headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        Response { status: self.status, headers: own.chain(always).collect(), body: self.body }
    }
}

fn bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::new(Code::Internal, format!("it cannot be shown: {error}")))
}
