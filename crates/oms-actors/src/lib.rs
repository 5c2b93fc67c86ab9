//! The objects of Estiba without a host: what each loads, decides, writes, owes and when it wakes.
//!
//! A host gives an object a [`store::Store`] and itself as a [`host::Host`]; it calls `handle` for a message and `wake`
//! for the alarm. There are two hosts: a Durable Object and the test world.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod agenda;
mod alarm;
pub mod host;
mod index;
mod journal;
pub mod message;
mod orders;
mod slots;
mod stock;
pub mod store;
mod tenant;
mod till;
mod troubles;

pub use index::{Index, MAX_LIMIT};
pub use slots::Slots;
pub use tenant::Tenant;
pub use till::Till;
