//! The whole domain of Estiba: values, prices, orders, stock, routing, forecasting, replenishment and the till.
//!
//! Nothing here reads a clock, draws a random number or talks to anybody: time, ids and facts are arguments. Whatever has
//! a history is a [`machine::Machine`]; a host keeps its journal and runs its errands.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod calendar;
pub mod canonical;
pub mod forecast;
pub mod json;
pub mod machine;
pub mod network;
pub mod optimizer;
pub mod order;
pub mod price;
pub mod promise;
pub mod replenish;
pub mod routing;
pub mod sorting;
pub mod stock;
pub mod till;
pub mod value;
