//! HTTP as the door sees it, whoever speaks it.

use alloc::string::String;
use alloc::vec::Vec;

/// The largest body of a request, in bytes: an order of 200 lines with every field at its longest stays below.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// The largest body of an import, in bytes.
pub const MAX_IMPORT_BYTES: usize = 8 * 1024 * 1024;

/// The headers that the door looks at, in lower case; a host may leave out all others.
pub const HEADERS: &[&str] = &[
    "authorization",
    "content-type",
    "content-length",
    "idempotency-key",
    "if-match",
    "estiba-device",
    "estiba-time",
    "estiba-signature",
];

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, upper case.
    pub method: String,
    /// The path as it came, without the query.
    pub path: String,
    /// The query as it came, without the question mark.
    pub query: Option<String>,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body. A host may stop reading one byte beyond [`body_limit`].
    pub body: Vec<u8>,
    /// What the request is called in logs and answers.
    pub request_id: String,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Response {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// How many bytes the body of a request to this path may have.
pub fn body_limit(path: &str) -> usize {
    if path.starts_with("/v1/imports/") { MAX_IMPORT_BYTES } else { MAX_BODY_BYTES }
}
