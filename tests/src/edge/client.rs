//! A blocking HTTP client that keeps its connections and takes any status for an answer.

use super::Failure;
use std::fmt;
use std::time::Duration;
use ureq::http::Request;

/// Idle connections kept; more than any test or benchmark opens at a time.
const IDLE_CONNECTIONS: usize = 256;
/// A request that takes longer has hung.
const LIMIT: Duration = Duration::from_secs(120);
/// Longest answer read: an import of 5,000 lines answers far less.
const LONGEST_ANSWER: u64 = 64 * 1024 * 1024;

/// Talks to one address, with one key or none. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    base_url: String,
    authorization: Option<String>,
}

/// What came back: any status at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Client {
    /// `base_url` without a slash at its end.
    #[must_use]
    pub fn new(base_url: &str, key: Option<&str>) -> Self {
        Self::with_limit(base_url, key, LIMIT)
    }

    /// A client that waits no longer than `limit` for an answer.
    #[must_use]
    pub fn with_limit(base_url: &str, key: Option<&str>, limit: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(limit));
        let authorization = key.map(|key| format!("Bearer {key}"));
        Self { agent: config.build().new_agent(), base_url: base_url.to_owned(), authorization }
    }

    /// The same address with another key, or with none.
    #[must_use]
    pub fn with_key(&self, key: Option<&str>) -> Self {
        Self { authorization: key.map(|key| format!("Bearer {key}")), ..self.clone() }
    }

    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Sends one request; a body goes as JSON unless `headers` says otherwise.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answer, Failure> {
        self.call_bytes(method, path, headers, body.map(str::as_bytes))
    }

    /// The same with a body that need not be text.
    pub fn call_bytes(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, Failure> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base_url));
        let named = |name: &str| headers.iter().any(|(header, _)| header.eq_ignore_ascii_case(name));
        if let Some(authorization) = self.authorization.as_ref().filter(|_| !named("authorization")) {
            request = request.header("authorization", authorization);
        }
        if body.is_some() && !named("content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => self.agent.run(request.body(body)?),
            None => self.agent.run(request.body(())?),
        };
        let (parts, mut body) = answer?.into_parts();
        let value = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers.iter().map(|(name, text)| (name.as_str().to_owned(), value(text))).collect(),
            body: body.with_config().limit(LONGEST_ANSWER).read_to_string()?,
        })
    }

    pub fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.call("GET", path, &[], None)
    }
}

impl Answer {
    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
