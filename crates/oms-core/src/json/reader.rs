//! Values read from a tree.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::mismatch::{Mismatch, Step};
use super::tree::Tree;

/// Readers of one kind of value: what else stands there does not fit. Nothing is tried that JSON does not have, so a reader
/// is no longer than it has to be.
macro_rules! only {
    ($visitor:ident: $($method:ident)+ => $arms:tt) => {$(
        fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Mismatch> {
            only!(@ self $visitor $arms)
        }
    )+};
    (@ $tree:ident $visitor:ident { $($kind:pat => $visit:expr),+ }) => {
        match $tree {
            $($kind => $visit,)+
            other => Err(other.misfit(&$visitor)),
        }
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Truth(value) => visitor.visit_bool(value),
            Self::Natural(value) => visitor.visit_u64(value),
            Self::Integer(value) => visitor.visit_i64(value),
            Self::Fraction(value) => visitor.visit_f64(value),
            Self::Text(value) => visitor.visit_string(value),
            Self::List(list) => visitor.visit_seq(Elements::new(list)),
            Self::Object(members) => visitor.visit_map(Members::new(members)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Self::Null => visitor.visit_none(),
            Self::Truth(_)
            | Self::Natural(_)
            | Self::Integer(_)
            | Self::Fraction(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Object(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self {
            Self::Text(word) => visitor.visit_enum(word.into_deserializer()),
            Self::Object(members) => match <[_; 1]>::try_from(members) {
                Ok([(variant, value)]) => visitor.visit_enum(Variant { variant, value }),
                Err(_) => Err(Mismatch::invalid_value(Unexpected::Map, &"an object with one member")),
            },
            other => Err(Mismatch::invalid_type(other.unexpected(), &"a word or an object with one member")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    only! { visitor: deserialize_map => { Self::Object(members) => visitor.visit_map(Members::new(members)) } }
    only! { visitor: deserialize_seq => { Self::List(list) => visitor.visit_seq(Elements::new(list)) } }
    only! {
        visitor: deserialize_str deserialize_string deserialize_identifier =>
        { Self::Text(text) => visitor.visit_string(text) }
    }
    only! { visitor: deserialize_bool => { Self::Truth(value) => visitor.visit_bool(value) } }
    only! {
        visitor: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i8 deserialize_i16
        deserialize_i32 deserialize_i64 =>
        { Self::Natural(value) => visitor.visit_u64(value), Self::Integer(value) => visitor.visit_i64(value) }
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct }
}

struct Elements {
    rest: vec::IntoIter<Tree>,
    index: usize,
}

impl Elements {
    fn new(list: Vec<Tree>) -> Self {
        Self { rest: list.into_iter(), index: 0 }
    }
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let Some(element) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index = index.saturating_add(1);
        seed.deserialize(element).map(Some).map_err(|mismatch| mismatch.within(Step::Element(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Members {
    rest: vec::IntoIter<(String, Tree)>,
    value: Option<(String, Tree)>,
}

impl Members {
    fn new(members: Vec<(String, Tree)>) -> Self {
        Self { rest: members.into_iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Members {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        let read = seed.deserialize(Key(&key)).map_err(|mismatch| mismatch.of_key(&key));
        self.value = Some((key, value));
        read.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let Some((key, value)) = self.value.take() else { return Err(Mismatch::custom("a value without its key")) };
        seed.deserialize(value).map_err(|mismatch| mismatch.within(Step::Member(key)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The name of a member; a number where numbers name them.
struct Key<'k>(&'k str);

macro_rules! numbers {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            match self.0.parse::<u64>() {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_str(self.0),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_str(self.0)
    }

    numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct
        map struct identifier ignored_any
    }
}

struct Variant {
    variant: String,
    value: Tree,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Mismatch;
    type Variant = Content;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content), Mismatch> {
        let read = seed.deserialize(Key(&self.variant))?;
        Ok((read, Content(self)))
    }
}

/// What stands under the name of a variant.
struct Content(Variant);

impl<'de> VariantAccess<'de> for Content {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.0.value {
            Tree::Null => Ok(()),
            other => Err(Mismatch::invalid_type(other.unexpected(), &"nothing").within(Step::Member(self.0.variant))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self.0.value).map_err(|mismatch| mismatch.within(Step::Member(self.0.variant)))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.0.value.deserialize_any(visitor).map_err(|mismatch| mismatch.within(Step::Member(self.0.variant)))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        self.0.value.deserialize_any(visitor).map_err(|mismatch| mismatch.within(Step::Member(self.0.variant)))
    }
}
