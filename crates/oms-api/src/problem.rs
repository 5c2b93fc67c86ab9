//! Problems: RFC 9457 details with a stable code and whether it helps to try again.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use oms_core::order::{Action, ShortLine};
use oms_core::value::{LocationId, OrderId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::fault::Fault;
use crate::show::Shown;

/// Whether the same request may do better later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// The same request gets the same answer.
    Never,
    /// Once something has changed.
    After,
    /// At once and with the same idempotency key: it may or may not have been carried out, and is at most once.
    SameKey,
}

/// Every kind of problem there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON.
    MalformedJson,
    /// The body is JSON, but not what the request needs.
    ValidationFailed,
    /// The path, the query or a header is not well formed.
    InvalidParameter,
    /// No idempotency key where one is required.
    IdempotencyKeyMissing,
    /// The key made another request before.
    IdempotencyKeyReused,
    /// The same request is being answered right now.
    RequestInFlight,
    /// No credential, or an unknown one.
    Unauthorized,
    /// The credential is known, and may not do this.
    Forbidden,
    /// A till signed too long ago, or its clock is off: see `now`.
    ClockOff,
    /// The till's device was given up.
    DeviceRevoked,
    /// There is no such thing.
    NotFound,
    /// The path knows other methods.
    MethodNotAllowed,
    /// More bytes than are taken.
    BodyTooLarge,
    /// Neither JSON nor, on imports, NDJSON.
    UnsupportedMediaType,
    /// The order is at another version.
    StaleVersion,
    /// Not legal where it stands.
    NotPossibleNow,
    /// An administrative hold forbids it.
    OnHold,
    /// Not everything can be had.
    InsufficientStock,
    /// More than can be canceled, returned or received.
    QuantityExceeded,
    /// The id is taken.
    AlreadyExists,
    /// A bound of a record.
    LimitReached,
    /// Some objects posted their lines, another could not any more.
    PartlyPosted,
    /// An object did not answer, or could not.
    Unavailable,
    /// A mistake of ours.
    Internal,
}

impl Code {
    /// Status, word, title and whether to try again: the whole table.
    const fn facts(self) -> (u16, &'static str, &'static str, Retry) {
        use Retry::{After, Never, SameKey};
        match self {
            Self::MalformedJson => (400, "malformed_json", "The body is not JSON", Never),
            Self::ValidationFailed => (422, "validation_failed", "The request is not valid", Never),
            Self::InvalidParameter => (400, "invalid_parameter", "A parameter is not well formed", Never),
            Self::IdempotencyKeyMissing => {
                (400, "idempotency_key_missing", "The request needs an Idempotency-Key", Never)
            }
            Self::IdempotencyKeyReused => {
                (422, "idempotency_key_reused", "The Idempotency-Key made another request", Never)
            }
            Self::RequestInFlight => (409, "request_in_flight", "The same request is being answered", SameKey),
            Self::Unauthorized => (401, "unauthorized", "The request needs an API key", Never),
            Self::Forbidden => (403, "forbidden", "The credential may not do this", Never),
            Self::ClockOff => (401, "clock_off", "The clock of the till is off", After),
            Self::DeviceRevoked => (403, "device_revoked", "The device was given up", Never),
            Self::NotFound => (404, "not_found", "There is no such thing", Never),
            Self::MethodNotAllowed => (405, "method_not_allowed", "The path does not know the method", Never),
            Self::BodyTooLarge => (413, "body_too_large", "The body is too large", Never),
            Self::UnsupportedMediaType => {
                (415, "unsupported_media_type", "The body has a type that is not taken", Never)
            }
            Self::StaleVersion => (412, "stale_version", "It has changed since", After),
            Self::NotPossibleNow => (409, "not_possible_now", "It is not possible where it stands", After),
            Self::OnHold => (409, "on_hold", "The order is on hold", After),
            Self::InsufficientStock => (409, "insufficient_stock", "Not everything can be had", After),
            Self::QuantityExceeded => (409, "quantity_exceeded", "It is more than there is", After),
            Self::AlreadyExists => (409, "already_exists", "The id is taken", Never),
            Self::LimitReached => (409, "limit_reached", "There can be no more of these", Never),
            Self::PartlyPosted => (409, "partly_posted", "Some lines were posted, others could not be", SameKey),
            Self::Unavailable => (503, "unavailable", "It could not be done right now", SameKey),
            Self::Internal => (500, "internal", "Something went wrong here", SameKey),
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.facts().0
    }

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        self.facts().1
    }
}

/// A line that cannot be had.
#[derive(Clone, Debug, Serialize)]
pub struct ShortView {
    /// The line, from 1.
    pub line: u32,
    /// Its SKU.
    pub sku: Sku,
    /// Where it was wanted, when it mattered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    /// What was asked.
    pub requested: Shown<Quantity>,
    /// What could be had.
    pub available: Shown<Quantity>,
}

impl From<&ShortLine> for ShortView {
    fn from(short: &ShortLine) -> Self {
        Self {
            line: short.line,
            sku: short.sku.clone(),
            location: None,
            requested: Shown(short.requested),
            available: Shown(short.available),
        }
    }
}

/// Problem details, `application/problem+json`. In a box: a problem is the rare way out of almost everything.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

#[derive(Clone, Debug, Serialize)]
struct Details {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: String,
    errors: Vec<Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    retry: Retry,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<Vec<Action>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<ShortView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Shown<Timestamp>>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let (status, word, title, retry) = code.facts();
        Self(Box::new(Details {
            kind: format!("urn:estiba:problem:{word}"),
            title,
            status,
            code: word,
            detail: detail.into(),
            errors: Vec::new(),
            request_id: None,
            retry,
            order_id: None,
            current_version: None,
            current_status: None,
            actions: None,
            lines: None,
            now: None,
        }))
    }

    /// The request is not valid at one place.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(Code::ValidationFailed, detail.clone()).with_errors(vec![Fault::new(pointer, code, detail)])
    }

    /// A parameter of the path, the query or a header is not well formed.
    pub fn parameter(name: &str, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let errors = vec![Fault::new(format!("/{name}"), code, detail.clone())];
        Self::new(Code::InvalidParameter, detail).with_errors(errors)
    }

    /// There is no such thing.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// Not everything can be had.
    pub fn insufficient(lines: Vec<ShortView>) -> Self {
        let mut problem = Self::new(Code::InsufficientStock, "not everything can be had: see lines");
        problem.0.lines = Some(lines);
        problem
    }

    /// An order was taken in, and then could not be had: the refusal is on record.
    pub fn rejected(order: OrderId, short: &[ShortLine]) -> Self {
        let mut problem = Self::insufficient(short.iter().map(ShortView::from).collect());
        problem.0.order_id = Some(order);
        problem.0.retry = Retry::Never;
        problem
    }

    /// The order is at another version.
    pub fn stale(version: u32) -> Self {
        let mut problem = Self::new(Code::StaleVersion, format!("the order is at version {version}"));
        problem.0.current_version = Some(version);
        problem
    }

    /// A till's clock is off.
    pub fn clock_off(now: Timestamp) -> Self {
        let mut problem =
            Self::new(Code::ClockOff, "the request was signed more than five minutes before or after now");
        problem.0.now = Some(Shown(now));
        problem
    }

    /// With these faults.
    pub fn with_errors(mut self, errors: Vec<Fault>) -> Self {
        self.0.errors = errors;
        self
    }

    /// With the place it is about.
    pub fn at(self, pointer: impl Into<String>, code: &'static str) -> Self {
        let fault = Fault::new(pointer, code, self.0.detail.clone());
        self.with_errors(vec![fault])
    }

    /// With where the thing stands and what is legal there.
    pub fn with_standing(mut self, status: &impl ToString, actions: Vec<Action>) -> Self {
        self.0.current_status = Some(status.to_string());
        self.0.actions = Some(actions);
        self
    }

    /// With the request it answers.
    pub fn with_request(mut self, request_id: &str) -> Self {
        self.0.request_id = Some(request_id.into());
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The stable word.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What it is, for people.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The faults it lists.
    pub fn errors(&self) -> &[Fault] {
        &self.0.errors
    }

    /// Whether to try again.
    pub fn retry(&self) -> Retry {
        self.0.retry
    }
}
