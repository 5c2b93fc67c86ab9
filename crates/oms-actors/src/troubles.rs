//! What went wrong while an alarm was looked after: one thing that fails does not keep the others from being done.

use alloc::format;
use alloc::string::String;

use crate::store::StoreError;

/// Errors told in full at most; the rest is counted.
const MAX_TOLD: u32 = 4;

/// What went wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    told: String,
    count: u32,
}

impl Troubles {
    /// Notes how something went; true when it went well.
    pub(crate) fn note(&mut self, outcome: Result<(), StoreError>) -> bool {
        let Err(StoreError(error)) = outcome else { return true };
        self.count = self.count.saturating_add(1);
        if self.count <= MAX_TOLD {
            if !self.told.is_empty() {
                self.told.push_str("; ");
            }
            self.told.push_str(&error);
        }
        false
    }

    /// All of it.
    pub(crate) fn end(self) -> Result<(), StoreError> {
        match self.count.checked_sub(MAX_TOLD).filter(|more| *more > 0) {
            _ if self.count == 0 => Ok(()),
            Some(more) => Err(StoreError(format!("{}; and {more} more", self.told))),
            None => Err(StoreError(self.told)),
        }
    }
}
