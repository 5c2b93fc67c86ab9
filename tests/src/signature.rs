//! ES256 as a device makes it and as the edge looks at it, for a house in memory.

use oms_actors::host::Signature;
use oms_core::till::account::{PublicKey, base64url};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{SigningKey, VerifyingKey};

/// Which of these messages were signed by the key; nothing when it is no point of the curve.
pub fn verify(key: &PublicKey, signed: &[Signature]) -> Option<Vec<bool>> {
    let point = [vec![4], base64url(&key.x)?, base64url(&key.y)?].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).ok()?;
    let is_signed = |one: &Signature| {
        let signature = p256::ecdsa::Signature::from_slice(&one.bytes);
        signature.is_ok_and(|signature| key.verify(&one.message, &signature).is_ok())
    };
    Some(signed.iter().map(is_signed).collect())
}

/// The key of a device.
#[derive(Clone, Debug)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// A key from a seed: the same seed, the same key.
    ///
    /// # Panics
    /// Never: a digest that is no scalar of the curve is as likely as a collision.
    #[must_use]
    pub fn of(seed: &str) -> Self {
        let digest = oms_core::value::Digest::of(seed.as_bytes());
        Self(SigningKey::from_slice(digest.as_bytes()).expect("a scalar"))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let point = self.0.verifying_key().to_sec1_point(false);
        let [x, y] = [point.x(), point.y()].map(|one| base64(one.expect("a coordinate")));
        PublicKey { x, y }
    }

    /// A signature over a message, base64url.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        base64(&signature.to_bytes())
    }
}

/// Base64url without padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = (bits << 8) | u32::from(group.get(place).copied().unwrap_or(0));
        }
        for place in 0..=group.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}
