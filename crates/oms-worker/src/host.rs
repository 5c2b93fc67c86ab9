//! The world as a Worker or a Durable Object reaches it.

use alloc::rc::Rc;
use core::pin::Pin;
use core::time::Duration;

use oms_actors::Slots;
use oms_actors::host::{Host, Lost, Signature};
use oms_actors::message::{Address, Ask, Envelope, Object, Reply};
use oms_core::json;
use oms_core::till::account::PublicKey;
use oms_core::value::{Timestamp, Topology};
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Delay, Env};

use crate::crypto;
use crate::journal::SqlJournal;

#[wasm_bindgen]
extern "C" {
    /// A stub, called without the `Request` and `Response` of `worker`: those cross into JavaScript a dozen times.
    type BareStub;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &BareStub, url: &str, init: &js_sys::Object) -> Result<js_sys::Promise, JsValue>;

    type BareResponse;

    #[wasm_bindgen(method, catch)]
    fn text(this: &BareResponse) -> Result<js_sys::Promise, JsValue>;
}

/// Objects look at the body only.
const OBJECT_URL: &str = "https://object/";

/// What a promise comes to.
pub(crate) async fn settled(promise: js_sys::Promise) -> Result<JsValue, JsValue> {
    js_sys::futures::JsFuture::from(promise).await
}

/// The tenant's objects, the platform's clock and its entropy.
pub(crate) struct EdgeHost {
    pub(crate) env: Env,
    pub(crate) tenant: String,
    pub(crate) topology: Topology,
    /// The object that this is the world of, when it has several actors: they reach each other without a hop.
    pub(crate) own: Option<(Object, Rc<Slots<SqlJournal>>)>,
}

impl EdgeHost {
    async fn send(&self, to: Address, ask: Ask) -> worker::Result<Reply> {
        let envelope = Envelope { tenant: self.tenant.clone(), topology: self.topology, to, ask };
        let body = serde_json::to_string(&envelope)?;
        let object = to.object();
        let stub = self.env.durable_object(binding(object))?.get_by_name(&object_name(&self.tenant, object))?;
        let init = js_sys::Object::new();
        js_sys::Reflect::set(&init, &JsValue::from_str("method"), &JsValue::from_str("POST"))?;
        js_sys::Reflect::set(&init, &JsValue::from_str("body"), &JsValue::from_str(&body))?;
        let response: BareResponse =
            settled(stub.into_rpc::<BareStub>().fetch(OBJECT_URL, &init)?).await?.unchecked_into();
        let text = settled(response.text()?).await?.as_string().unwrap_or_default();
        json::read(text.as_bytes()).map_err(|unread| worker::Error::RustError(unread.to_string()))
    }
}

impl Host for EdgeHost {
    fn now(&self) -> Timestamp {
        now()
    }

    fn entropy(&self) -> u128 {
        let mut bytes = [0; 16];
        // Without entropy there is no id; the platform never fails to give it, and a zero would be refused as taken.
        let _ = getrandom::fill(&mut bytes);
        u128::from_be_bytes(bytes)
    }

    async fn call(&self, to: Address, ask: Ask) -> Result<Reply, Lost> {
        if let Some((_, slots)) = self.own.as_ref().filter(|_| self.is_near(to)) {
            // In a box, because an actor's future has those of its calls in it.
            let handled: Pin<Box<dyn Future<Output = Reply> + '_>> = Box::pin(slots.handle(to, ask, self));
            return Ok(handled.await);
        }
        match self.send(to, ask).await {
            Ok(reply) => Ok(reply),
            Err(error) => {
                worker::console_error!("{{\"level\":\"error\",\"to\":\"{to}\",\"error\":{:?}}}", error.to_string());
                Err(Lost)
            }
        }
    }

    fn is_near(&self, to: Address) -> bool {
        self.own.as_ref().is_some_and(|(object, _)| *object == to.object())
    }

    async fn verify(&self, key: &PublicKey, signed: Vec<Signature>) -> Option<Vec<bool>> {
        crypto::verify(key, signed).await.ok()
    }

    async fn pause(&self, millis: u32) {
        Delay::from(Duration::from_millis(u64::from(millis))).await;
    }
}

/// The platform's clock.
pub(crate) fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let millis = js_sys::Date::now() as i64;
    Timestamp::from_millis(millis).unwrap_or_default()
}

/// The binding of wrangler.toml that leads to a kind of object.
fn binding(object: Object) -> &'static str {
    match object {
        Object::Slots(_) => "SLOTS",
        Object::Tenant => "TENANT",
        Object::Index => "INDEX",
        Object::Till(_) => "TILL",
    }
}

/// The name of an object; the tenant always comes first.
pub(crate) fn object_name(tenant: &str, object: Object) -> String {
    format!("{tenant}/{object}")
}
