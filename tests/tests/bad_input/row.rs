//! A row of the table: a request, and what it is to be told.

use std::fmt;

use oms_tests::shop::Shop;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Row {
    pub method: &'static str,
    pub path: String,
    /// Besides a content type of JSON and a fresh idempotency key, or instead of them.
    pub headers: Vec<(&'static str, String)>,
    pub left_out: Vec<&'static str>,
    pub body: Option<Vec<u8>>,
    pub status: u16,
    pub code: &'static str,
    /// The places of `errors`, each with its code.
    pub faults: Vec<(&'static str, &'static str)>,
    /// No HTTP client sends this.
    pub in_memory_only: bool,
}

impl Row {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            left_out: Vec::new(),
            body: None,
            status: 0,
            code: "",
            faults: Vec::new(),
            in_memory_only: false,
        }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", path).bytes(body.to_string())
    }

    pub fn put(path: impl Into<String>, body: &Value) -> Self {
        Self::new("PUT", path).bytes(body.to_string())
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn without(mut self, name: &'static str) -> Self {
        self.left_out.push(name);
        self
    }

    pub fn in_memory_only(mut self) -> Self {
        self.in_memory_only = true;
        self
    }

    pub fn is(mut self, status: u16, code: &'static str) -> Self {
        (self.status, self.code) = (status, code);
        self
    }

    pub fn at(mut self, pointer: &'static str, code: &'static str) -> Self {
        self.faults.push((pointer, code));
        self
    }

    /// 422 with one fault.
    pub fn invalid(self, pointer: &'static str, code: &'static str) -> Self {
        self.is(422, "validation_failed").at(pointer, code)
    }

    /// 400 with one fault.
    pub fn parameter(self, pointer: &'static str, code: &'static str) -> Self {
        self.is(400, "invalid_parameter").at(pointer, code)
    }

    pub fn malformed(self) -> Self {
        self.is(400, "malformed_json")
    }

    pub fn not_found(self) -> Self {
        self.is(404, "not_found")
    }
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String =
            String::from_utf8_lossy(self.body.as_deref().unwrap_or_default()).chars().take(160).collect();
        write!(out, "{} {} {:?} {body}", self.method, self.path, self.headers)
    }
}

/// An order of one red with a member changed, by its JSON pointer; a member that is not there yet is added.
pub fn order(pointer: &str, value: Value) -> Value {
    changed(Shop::order(&[("red", "1")]), pointer, value)
}

pub fn changed(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect("a parent");
    parent.as_object_mut().expect("an object").insert(member.to_owned(), value);
    body
}

pub fn without(mut body: Value, pointer: &str) -> Value {
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect("a parent");
    parent.as_object_mut().expect("an object").remove(member).expect("a member");
    body
}
