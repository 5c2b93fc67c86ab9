//! What is fixed about an order when it is captured: who buys what for where, and how it is to come.

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::promise::DemandClass;
use crate::routing::{Code, Method};
use crate::value::{CartId, Channel, Country, Currency, Day, Digest, Label, Position, Timestamp};

/// Who buys. Every field is as the channel gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The channel's id of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Label>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Label>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Label>,
    /// The class of customers it belongs to, for routing and promising.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Code>,
}

/// Where goods go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Addressee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line1: Option<Label>,
    /// More of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<Label>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Label>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Label>,
    /// Country.
    pub country: Country,
    /// Coordinates, when the channel knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// What happens when not everything can be had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortage {
    /// All or nothing.
    #[default]
    Reject,
    /// What is short waits.
    Backorder,
    /// What is short is bought of goods on their way, all of it, or nothing is.
    Preorder,
}

/// What is fixed about an order when it is captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Where it was captured.
    pub channel: Channel,
    /// The channel's own number of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<Label>,
    /// Who buys.
    pub customer: Customer,
    /// Where it goes.
    pub ship_to: Address,
    /// Every amount's currency.
    pub currency: Currency,
    /// What happens when not everything can be had.
    pub shortage: Shortage,
    /// How it reaches the customer.
    #[serde(default, skip_serializing_if = "is_shipped")]
    pub method: Method,
    /// The day it is wanted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Day>,
    /// All of it leaves, or nothing.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub ship_complete: bool,
    /// The class of demand it is said to be of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand_class: Option<Code>,
    /// The cart it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cart: Option<CartId>,
    /// When the customer ordered.
    pub placed_at: Timestamp,
}

impl Head {
    /// The class of demand that it takes goods as: what is said, else its customer's class, else its channel.
    pub fn demand_class(&self) -> DemandClass {
        let said = self.demand_class.as_ref().or(self.customer.class.as_ref()).map(Code::as_str);
        DemandClass::named(said, Some(self.channel.as_str()))
    }

    /// The name under which orders of one customer to one address find each other; nothing for who is not known, or fetches
    /// the goods.
    pub fn household(&self) -> Option<Digest> {
        let customer = self.customer.id.as_ref().filter(|_| self.method == Method::Ship)?;
        canonical::digest(&(&self.channel, customer, &self.ship_to)).ok()
    }
}

fn is_shipped(method: &Method) -> bool {
    *method == Method::Ship
}
