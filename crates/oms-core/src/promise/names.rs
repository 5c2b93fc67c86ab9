//! Names a tenant makes up.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::value::{
    Malformed,
    serial::as_string,
    text::{check_code, checked_text},
};

checked_text!(
    /// Whom goods are for: 1 to 32 of `a-z 0-9 _ -`. What a class means is the tenant's: a channel, a region, a customer.
    DemandClass, check_code
);
checked_text!(
    /// A calendar: 1 to 32 of `a-z 0-9 _ -`.
    CalendarId, check_code
);
checked_text!(
    /// What makes things: 1 to 32 of `a-z 0-9 _ -`.
    ResourceId, check_code
);
checked_text!(
    /// A way of shipping: 1 to 32 of `a-z 0-9 _ -`.
    Service, check_code
);

impl DemandClass {
    /// The first of these names that is one; nobody in particular when none is.
    pub fn named(said: Option<&str>, channel: Option<&str>) -> Self {
        said.into_iter().chain(channel).find_map(|name| name.parse().ok()).unwrap_or_default()
    }
}

impl Default for DemandClass {
    /// `any`: whoever belongs to no class.
    fn default() -> Self {
        Self("any".to_owned())
    }
}
