//! One line a request: ids only, nothing personal. One that dies of a bug has its line too, with what the panic said.

use alloc::rc::Rc;
use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::pin::pin;
use std::panic;

use oms_core::value::Timestamp;
use oms_door::Request;
use serde_json::{Value, json};

use crate::host;

/// What a panic's request is answered with by the platform.
const DIED: u16 = 500;

thread_local! {
    /// Whose code runs right now.
    static RUNNING: RefCell<Option<Rc<Line>>> = const { RefCell::new(None) };
    static HOOKED: Cell<bool> = const { Cell::new(false) };
}

/// What is told of a request.
#[derive(Debug)]
pub(crate) struct Line {
    facts: Value,
    began: Timestamp,
}

impl Line {
    pub(crate) fn of(request: &Request, tenant: Option<&str>, began: Timestamp) -> Rc<Self> {
        let facts = json!({
            "request_id": request.request_id,
            "tenant": tenant,
            "method": request.method,
            "path": request.path,
        });
        Rc::new(Self { facts, began })
    }

    pub(crate) fn write(&self, status: u16) {
        self.write_with(status, None);
    }

    fn write_with(&self, status: u16, panic: Option<&str>) {
        let mut line = self.facts.clone();
        if let Some(members) = line.as_object_mut() {
            members.insert("status".to_owned(), status.into());
            members.insert("ms".to_owned(), host::now().millis().saturating_sub(self.began.millis()).into());
            if let Some(panic) = panic {
                members.insert("panic".to_owned(), panic.into());
            }
        }
        worker::console_log!("{line}");
    }
}

/// The work of a request: should it panic, its line is written all the same.
pub(crate) async fn attended<T>(line: &Rc<Line>, work: impl Future<Output = T>) -> T {
    watch_panics();
    let mut work = pin!(work);
    poll_fn(|context| {
        RUNNING.set(Some(Rc::clone(line)));
        let polled = work.as_mut().poll(context);
        RUNNING.set(None);
        polled
    })
    .await
}

/// Once an instance: after a panic the platform makes a new one.
pub(crate) fn watch_panics() {
    if HOOKED.replace(true) {
        return;
    }
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        before(panic);
        match RUNNING.take() {
            Some(line) => line.write_with(DIED, Some(&panic.to_string())),
            None => worker::console_error!("{}", json!({"level": "error", "panic": panic.to_string()})),
        }
    }));
}
