//! Cursors: where a list goes on. Opaque to callers, kept nowhere.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::value::{OrderId, Timestamp};

/// The longest cursor that is read, in characters.
const LONGEST: usize = 512;

/// A place in the list of orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListCursor {
    /// Oldest first.
    pub ascending: bool,
    /// When the last order shown was captured.
    pub created_at: Timestamp,
    /// The last order shown.
    pub order: OrderId,
}

impl ListCursor {
    /// As text.
    pub fn write(&self) -> String {
        let direction = if self.ascending { 'a' } else { 'd' };
        seal(&format!("{direction}:{}:{}", self.created_at.millis(), self.order))
    }

    /// From text that [`ListCursor::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let open = unseal(text)?;
        let mut parts = open.splitn(3, ':');
        let ascending = match parts.next()? {
            "a" => true,
            "d" => false,
            _ => return None,
        };
        let created_at = Timestamp::from_millis(parts.next()?.parse().ok()?)?;
        let order = parts.next()?.parse().ok()?;
        Some(Self { ascending, created_at, order })
    }
}

/// A place in the audit of all objects: the object, counted over orders and then stock, and where in it to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCursor {
    /// Which object, from 0.
    pub object: u16,
    /// Where in it; nothing is its beginning.
    pub after: Option<String>,
}

impl AuditCursor {
    /// As text.
    pub fn write(&self) -> String {
        match &self.after {
            Some(after) => seal(&format!("{}:{after}", self.object)),
            None => seal(&format!("{}", self.object)),
        }
    }

    /// From text that [`AuditCursor::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let open = unseal(text)?;
        let (object, after) = match open.split_once(':') {
            Some((object, after)) => (object, Some(after.into())),
            None => (open.as_str(), None),
        };
        Some(Self { object: object.parse().ok()?, after })
    }
}

/// A place in the catalog: the SKU object, where in it, and the version that it all leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogCursor {
    /// Which SKU object, from 0.
    pub object: u16,
    /// The version of the catalog when its first page was asked for.
    pub version: i64,
    /// Where in the object; nothing is its beginning.
    pub after: Option<String>,
}

impl CatalogCursor {
    /// As text.
    pub fn write(&self) -> String {
        seal(&format!("{}:{}:{}", self.object, self.version, self.after.as_deref().unwrap_or_default()))
    }

    /// From text that [`CatalogCursor::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let open = unseal(text)?;
        let mut parts = open.splitn(3, ':');
        let (object, version) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let after = parts.next().filter(|after| !after.is_empty()).map(Into::into);
        Some(Self { object, version, after })
    }
}

/// A place among the entries of a till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryCursor {
    /// The enrollment.
    pub epoch: u32,
    /// The last entry shown.
    pub seq: u64,
}

impl EntryCursor {
    /// As text.
    pub fn write(&self) -> String {
        seal(&format!("{}:{}", self.epoch, self.seq))
    }

    /// From text that [`EntryCursor::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let open = unseal(text)?;
        let (epoch, seq) = open.split_once(':')?;
        Some(Self { epoch: epoch.parse().ok()?, seq: seq.parse().ok()? })
    }
}

fn seal(text: &str) -> String {
    text.bytes().fold(String::new(), |sealed, byte| format!("{sealed}{byte:02x}"))
}

fn unseal(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect();
    rest.is_empty().then_some(bytes?).and_then(|bytes| String::from_utf8(bytes).ok())
}
