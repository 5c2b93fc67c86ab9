//! The public wire of Estiba: requests and how they become values of the core, what is shown of the core's values, and
//! problems. Knows nothing of HTTP servers, objects or tenants.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod availability;
pub mod backorder;
pub mod cart;
pub mod cursor;
pub mod decode;
pub mod fault;
pub mod import;
pub mod inbound;
pub mod item;
pub mod list;
pub mod location;
pub mod order;
pub mod problem;
pub mod promise;
pub mod refusal;
pub mod replenish;
pub mod returns;
pub mod routing;
pub mod show;
pub mod stock;
pub mod tax;
pub mod till;
