//! ES256 by the platform: WebCrypto is outside of the bundle and faster than anything inside it.

use js_sys::{Array, Boolean, Object, Reflect, Uint8Array};
use oms_actors::host::Signature;
use oms_core::till::account::PublicKey;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::host::settled;

#[wasm_bindgen]
extern "C" {
    /// `crypto.subtle`.
    type Subtle;

    #[wasm_bindgen(thread_local_v2, js_namespace = crypto, js_name = subtle)]
    static SUBTLE: Subtle;

    #[wasm_bindgen(method, catch, js_name = importKey)]
    fn import_key(
        this: &Subtle,
        format: &str,
        key: &Object,
        algorithm: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn verify(
        this: &Subtle,
        algorithm: &Object,
        key: &JsValue,
        signature: &Uint8Array,
        data: &Uint8Array,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// Which of these messages were signed by the key.
///
/// # Errors
/// What the platform says of a key that is no point of the curve.
pub(crate) async fn verify(key: &PublicKey, signed: Vec<Signature>) -> Result<Vec<bool>, JsValue> {
    let jwk = object(&[("kty", "EC"), ("crv", "P-256"), ("x", &key.x), ("y", &key.y)])?;
    let curve = object(&[("name", "ECDSA"), ("namedCurve", "P-256")])?;
    let usages = Array::of1(&JsValue::from_str("verify"));
    let key = settled(SUBTLE.with(|subtle| subtle.import_key("jwk", &jwk, &curve, false, &usages))?).await?;
    let algorithm = object(&[("name", "ECDSA"), ("hash", "SHA-256")])?;
    let mut verified = Vec::with_capacity(signed.len());
    for one in signed {
        let (bytes, message) = (Uint8Array::from(one.bytes.as_slice()), Uint8Array::from(one.message.as_slice()));
        let answer = settled(SUBTLE.with(|subtle| subtle.verify(&algorithm, &key, &bytes, &message))?).await?;
        verified.push(answer.unchecked_into::<Boolean>().value_of());
    }
    Ok(verified)
}

fn object(members: &[(&str, &str)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value))?;
    }
    Ok(object)
}
