//! Why there is no value: problem details as the API has them, for when there is no request.

use serde::Serialize;

/// A refusal.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    code: &'static str,
    detail: String,
    errors: Vec<Fault>,
}

/// What is wrong at one place.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    /// A JSON pointer into the argument.
    pub(crate) pointer: String,
    /// A stable word for it.
    pub(crate) code: &'static str,
    /// The same for people.
    pub(crate) detail: String,
}

impl Problem {
    /// The argument is not what the function takes.
    pub(crate) fn invalid(errors: Vec<Fault>) -> Self {
        let detail = errors.first().map(|fault| fault.detail.clone()).unwrap_or_default();
        Self::new("validation_failed", "The request is not valid", detail, errors)
    }

    /// The browser has no entropy to give.
    pub(crate) fn no_entropy(detail: String) -> Self {
        Self::new("no_entropy", "The browser gave no random numbers", detail, Vec::new())
    }

    fn new(code: &'static str, title: &'static str, detail: String, errors: Vec<Fault>) -> Self {
        Self { kind: format!("urn:estiba:problem:{code}"), title, code, detail, errors }
    }
}
