//! The objects of Estiba without a host: what each loads, decides, writes, owes and when it wakes.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod host;
pub mod message;
