//! Keys and signatures as text: base64url without padding (RFC 4648).

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Bytes of a coordinate on P-256.
const COORDINATE: usize = 32;
/// Bytes of an ES256 signature.
const SIGNATURE: usize = 64;

/// A public key on P-256: both coordinates base64url without padding, as in a JWK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKey {
    /// The x coordinate.
    pub x: String,
    /// The y coordinate.
    pub y: String,
}

impl PublicKey {
    /// True when both coordinates have their size; whether they are a point of the curve is for who verifies with it.
    pub fn is_sized(&self) -> bool {
        [&self.x, &self.y].into_iter().all(|one| base64url(one).is_some_and(|bytes| bytes.len() == COORDINATE))
    }
}

/// The bytes of a signature: r and s; nothing when it is no signature.
pub fn signature(text: &str) -> Option<Vec<u8>> {
    base64url(text).filter(|bytes| bytes.len() == SIGNATURE)
}

/// The bytes of base64url without padding. It has one spelling: bits that mean nothing are zero.
pub fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            bits = (bits << 6) | group.get(place).map_or(Some(0), |letter| sextet(*letter))?;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        match group.len() {
            4 => bytes.extend([first, second, third]),
            3 if third == 0 => bytes.extend([first, second]),
            2 if second == 0 && third == 0 => bytes.push(first),
            _ => return None,
        }
    }
    Some(bytes)
}

fn sextet(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter.wrapping_sub(b'A'),
        b'a'..=b'z' => letter.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => letter.wrapping_sub(b'0').wrapping_add(52),
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_has_one_spelling() {
        assert_eq!(base64url("_-8B"), Some(alloc::vec![0xFF, 0xEF, 0x01]));
        assert_eq!(base64url("_w"), Some(alloc::vec![0xFF]));
        assert_eq!(base64url("_-8"), Some(alloc::vec![0xFF, 0xEF]));
        assert_eq!((base64url("_x"), base64url("_-9"), base64url("A"), base64url("A=")), (None, None, None, None));
    }
}
