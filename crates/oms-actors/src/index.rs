//! The index object: orders to be listed and found. Fed by versioned upserts, it may lag and says as of when it speaks.

use alloc::vec::Vec;
use core::cell::RefCell;

use oms_core::value::Timestamp;

use crate::host::Host;
use crate::message::{Ask, IndexAsk, IndexReply, Query, Reply};
use crate::store::{IndexStore, StoreError};

/// Most orders of one list.
pub const MAX_LIMIT: u32 = 100;

/// The index object.
#[derive(Debug)]
pub struct Index<S> {
    store: RefCell<S>,
}

impl<S: IndexStore> Index<S> {
    /// Opens the object.
    pub fn open(store: S) -> Self {
        Self { store: RefCell::new(store) }
    }

    /// Answers a request. Nothing is awaited: every request is one turn.
    #[expect(clippy::unused_async, reason = "the same shape as every object")]
    pub async fn handle(&self, ask: Ask, host: &impl Host) -> Reply {
        let reply = match ask {
            Ask::Index(IndexAsk::Upsert(entries)) => {
                self.store.borrow_mut().upsert(&entries).map(|()| Reply::Index(IndexReply::Upserted))
            }
            Ask::Index(IndexAsk::List(query)) => self.list(&query, host.now()).map(Reply::Index),
            Ask::Stats => self.store.borrow().stats().map(Reply::Stats),
            Ask::Orders(_) | Ask::Stock(_) | Ask::Tenant(_) | Ask::Till(_) | Ask::Learn(_) | Ask::Audit { .. } => {
                Ok(Reply::Failed { detail: "this object does not answer that".into() })
            }
        };
        reply.unwrap_or_else(|error| Reply::Failed { detail: alloc::format!("{error}") })
    }

    /// Never: it remembers nothing.
    pub const fn is_broken(&self) -> bool {
        false
    }

    fn list(&self, query: &Query, now: Timestamp) -> Result<IndexReply, StoreError> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let mut entries: Vec<_> = self.store.borrow().list(&Query { limit, ..query.clone() })?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = entries.len() > limit;
        entries.truncate(limit);
        Ok(IndexReply::Listed { entries, more, as_of: now })
    }
}
