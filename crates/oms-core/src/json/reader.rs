//! Values read from a tree.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::mem;

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
            Self::List(list) => Elements::read(list, visitor),
            Self::Object(members) => Members::read(members, visitor),
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
                Ok([(name, content)]) => Variant::read(name, content, visitor),
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

    only! { visitor: deserialize_map => { Self::Object(members) => Members::read(members, visitor) } }
    only! { visitor: deserialize_seq => { Self::List(list) => Elements::read(list, visitor) } }
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

/// The elements of an array. Where a fault lies is noted here, once for all types of elements: see [`Elements::read`].
struct Elements {
    rest: vec::IntoIter<Tree>,
    /// How many were begun.
    count: usize,
    /// The last of these is being read.
    inside: bool,
}

impl Elements {
    fn read<'de, V: Visitor<'de>>(list: Vec<Tree>, visitor: V) -> Result<V::Value, Mismatch> {
        let mut elements = Self { rest: list.into_iter(), count: 0, inside: false };
        visitor.visit_seq(&mut elements).map_err(|mismatch| elements.located(mismatch))
    }

    #[cold]
    #[inline(never)]
    fn located(&self, mismatch: Mismatch) -> Mismatch {
        if self.inside { mismatch.within(Step::Element(self.count.saturating_sub(1))) } else { mismatch }
    }
}

impl<'de> SeqAccess<'de> for &mut Elements {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let Some(element) = self.rest.next() else { return Ok(None) };
        (self.count, self.inside) = (self.count.saturating_add(1), true);
        let read = seed.deserialize(element)?;
        self.inside = false;
        Ok(Some(read))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The members of an object; what is being read of them is remembered, for the place of a fault.
struct Members {
    rest: vec::IntoIter<(String, Tree)>,
    key: String,
    value: Tree,
    /// The value of the member is being read.
    inside: bool,
}

impl Members {
    fn read<'de, V: Visitor<'de>>(members: Vec<(String, Tree)>, visitor: V) -> Result<V::Value, Mismatch> {
        let mut members = Self { rest: members.into_iter(), key: String::new(), value: Tree::Null, inside: false };
        visitor.visit_map(&mut members).map_err(|mismatch| members.located(mismatch))
    }

    #[cold]
    #[inline(never)]
    fn located(&mut self, mismatch: Mismatch) -> Mismatch {
        if self.inside { mismatch.within(Step::Member(mem::take(&mut self.key))) } else { mismatch }
    }

    /// Goes on to the next member.
    #[inline(never)]
    fn step(&mut self) -> bool {
        self.inside = false;
        let Some((key, value)) = self.rest.next() else { return false };
        (self.key, self.value) = (key, value);
        true
    }

    #[inline(never)]
    fn enter(&mut self) -> Tree {
        self.inside = true;
        mem::replace(&mut self.value, Tree::Null)
    }
}

impl<'de> MapAccess<'de> for &mut Members {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        if !self.step() {
            return Ok(None);
        }
        seed.deserialize(Key(&self.key)).map(Some).map_err(|mismatch| mismatch.of_key(&self.key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let read = seed.deserialize(self.enter())?;
        self.inside = false;
        Ok(read)
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

/// A variant by its name, and what stands under it.
struct Variant {
    name: String,
    content: Tree,
    /// What stands under the name is being read.
    inside: bool,
}

impl Variant {
    fn read<'de, V: Visitor<'de>>(name: String, content: Tree, visitor: V) -> Result<V::Value, Mismatch> {
        let mut variant = Self { name, content, inside: false };
        visitor.visit_enum(&mut variant).map_err(|mismatch| variant.located(mismatch))
    }

    #[cold]
    #[inline(never)]
    fn located(&mut self, mismatch: Mismatch) -> Mismatch {
        if self.inside { mismatch.within(Step::Member(mem::take(&mut self.name))) } else { mismatch }
    }

    #[inline(never)]
    fn content(&mut self) -> Tree {
        self.inside = true;
        mem::replace(&mut self.content, Tree::Null)
    }
}

impl<'de> EnumAccess<'de> for &mut Variant {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Mismatch> {
        let read = seed.deserialize(Key(&self.name))?;
        Ok((read, self))
    }
}

impl<'de> VariantAccess<'de> for &mut Variant {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.content() {
            Tree::Null => Ok(()),
            other => Err(Mismatch::invalid_type(other.unexpected(), &"nothing")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self.content())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.content().deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        self.content().deserialize_any(visitor)
    }
}
