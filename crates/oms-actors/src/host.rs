//! What an object needs from whoever hosts it.

use alloc::vec::Vec;
use core::future::Future;

use oms_core::till::account::PublicKey;
use oms_core::value::Timestamp;

use crate::message::{Address, Ask, Reply};

/// A call that brought no answer: it may or may not have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// A message and what is said to be its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What was signed.
    pub message: Vec<u8>,
    /// 64 bytes: r, then s.
    pub bytes: Vec<u8>,
}

/// The world as an object or the front door sees it.
///
/// What is written between two awaits is one turn: it is committed together, and nothing leaves before it is durable.
pub trait Host {
    /// The time now.
    fn now(&self) -> Timestamp;
    /// Entropy for a new id.
    fn entropy(&self) -> u128;
    /// Asks another object of the same tenant.
    fn call(&self, to: Address, ask: Ask) -> impl Future<Output = Result<Reply, Lost>>;
    /// True for an actor of the very object that asks: a call to it is no hop.
    fn is_near(&self, _to: Address) -> bool {
        false
    }
    /// Whether ES256 signatures over messages are of this key; nothing when the key is no point of the curve.
    fn verify(&self, key: &PublicKey, signed: Vec<Signature>) -> impl Future<Output = Option<Vec<bool>>>;
    /// Waits.
    fn pause(&self, millis: u32) -> impl Future<Output = ()>;
}
