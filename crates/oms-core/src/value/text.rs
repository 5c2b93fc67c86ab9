//! Names and codes: strings that were checked once and cannot be wrong afterwards.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use super::{Malformed, serial::as_string};

/// The longest SKU, in characters.
const SKU_LENGTH: usize = 64;
/// The longest location id or channel, in characters.
const CODE_LENGTH: usize = 32;
/// The longest cart id, in characters.
const CART_LENGTH: usize = 64;
/// The longest label, in characters.
const LABEL_LENGTH: usize = 200;

/// The shape all checked strings share; `$check` holds the rule and says which part of the text is kept.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A name that the house itself gives, known to be one.
            #[allow(dead_code, reason = "not every kind of name has one")]
            pub(crate) fn of_the_house(name: &'static str) -> Self {
                debug_assert!($check(name).is_ok(), "{name} is a name");
                Self(name.to_owned())
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                $check(text).map(|kept| Self(kept.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        as_string!($name);
    };
}
pub(crate) use checked_text;

checked_text!(
    /// What is stocked and sold: 1 to 64 visible ASCII characters, single spaces inside allowed, without comma, slash,
    /// backslash and quotes (they would need escaping in lists, paths and files).
    Sku, check_sku
);
checked_text!(
    /// A place that holds stock: 1 to 32 of `a-z 0-9 _ -`.
    LocationId, check_code
);
checked_text!(
    /// Where an order comes from: 1 to 32 of `a-z 0-9 _ -`.
    Channel, check_code
);
checked_text!(
    /// A shopper's cart: 1 to 64 of `A-Z a-z 0-9 _ -`.
    CartId, check_cart
);
checked_text!(
    /// Text for people (titles, names, reasons): 1 to 200 printable characters. Surrounding white space is cut off.
    Label, check_label
);

fn check_sku(text: &str) -> Result<&str, Malformed> {
    check_length(text, SKU_LENGTH)?;
    let allowed = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b'/' | b'\\' | b'"' | b'\'' | b'`');
    if !text.bytes().all(allowed) {
        return Err(Malformed::Character);
    }
    if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        return Err(Malformed::Shape);
    }
    Ok(text)
}

/// 1 to 32 of `a-z 0-9 _ -`: the form of every short code a tenant makes up.
pub(crate) fn check_code(text: &str) -> Result<&str, Malformed> {
    check_length(text, CODE_LENGTH)?;
    check_bytes(text, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

fn check_cart(text: &str) -> Result<&str, Malformed> {
    check_length(text, CART_LENGTH)?;
    check_bytes(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn check_label(text: &str) -> Result<&str, Malformed> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Malformed::Empty);
    }
    if text.chars().nth(LABEL_LENGTH).is_some() {
        return Err(Malformed::TooLong);
    }
    // Line and paragraph separators break lines wherever a label is shown.
    if text.chars().any(|letter| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')) {
        return Err(Malformed::Character);
    }
    Ok(text)
}

fn check_length(text: &str, longest: usize) -> Result<(), Malformed> {
    if text.is_empty() {
        Err(Malformed::Empty)
    } else if text.len() > longest {
        Err(Malformed::TooLong)
    } else {
        Ok(())
    }
}

fn check_bytes(text: &str, allowed: impl Fn(u8) -> bool) -> Result<&str, Malformed> {
    if text.bytes().all(allowed) { Ok(text) } else { Err(Malformed::Character) }
}
