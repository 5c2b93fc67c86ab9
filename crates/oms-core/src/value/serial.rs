//! How a value that has one spelling crosses serde: written by `Display`, read by `FromStr`.

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

use super::Malformed;

pub(crate) fn write<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(crate) fn read<'de, T: FromStr<Err = Malformed>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(Spelling(PhantomData))
}

struct Spelling<T>(PhantomData<T>);

impl<T: FromStr<Err = Malformed>> Visitor<'_> for Spelling<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Serde for values that are strings on the wire.
macro_rules! as_string {
    ($($name:ty),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value::serial::write(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::value::serial::read(deserializer)
            }
        }
    )+};
}
pub(crate) use as_string;

/// Serde for a quantity as a decimal, where a page or a person reads it.
pub mod decimal {
    use serde::{Deserializer, Serializer};

    use crate::value::Quantity;

    /// As text.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(quantity: &Quantity, serializer: S) -> Result<S::Ok, S::Error> {
        super::write(quantity, serializer)
    }

    /// From text.
    ///
    /// # Errors
    /// Of a text that is no quantity.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        super::read(deserializer)
    }
}
