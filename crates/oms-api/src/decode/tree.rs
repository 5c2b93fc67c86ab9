//! JSON as it stands, and values read from it with the place of what does not fit.
//!
//! A body is parsed into a tree first. Everything that serde derives for a type is compiled once for each reader it is read
//! by, and readers that wrap readers multiply it: this one stands alone, which halves what a browser has to fetch.
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else stands there does not fit")]

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

/// A JSON value. Members of an object stay as they came, also those that came twice.
#[derive(Debug)]
pub enum Tree {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A whole number, zero or above.
    Natural(u64),
    /// One below zero.
    Integer(i64),
    /// Any other number.
    Fraction(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Tree>),
    /// An object, its members in the order in which they came.
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Whatever)
    }
}

struct Whatever;

impl<'de> Visitor<'de> for Whatever {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Truth(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Natural(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Integer(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Fraction(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Tree::Object(object))
    }
}

/// A step of a path.
#[derive(Debug)]
pub enum Step {
    /// So many elements into an array.
    Element(usize),
    /// The member of an object.
    Member(String),
}

/// What does not fit, and where. Boxed, for it is carried through every reader.
#[derive(Debug)]
pub struct Mismatch(Box<Misfit>);

#[derive(Debug)]
struct Misfit {
    message: String,
    /// From the inside out.
    steps: Vec<Step>,
}

impl Mismatch {
    /// With these words.
    #[cold]
    pub fn new(message: String) -> Self {
        Self(Box::new(Misfit { message, steps: Vec::new() }))
    }

    /// From the outside in.
    pub fn path(&self) -> impl Iterator<Item = &Step> {
        self.0.steps.iter().rev()
    }

    /// The same, a step further out.
    #[cold]
    #[inline(never)]
    pub fn within(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }

    #[cold]
    #[inline(never)]
    fn unlike(kind: &str, found: &Unexpected<'_>, expected: &dyn Expected) -> Self {
        // Spelled out, for serde's own words bring the printing of floats along.
        let found = match found {
            Unexpected::Bool(value) => format!("boolean `{value}`"),
            Unexpected::Unsigned(value) => format!("integer `{value}`"),
            Unexpected::Signed(value) => format!("integer `{value}`"),
            Unexpected::Str(value) => format!("string {value:?}"),
            Unexpected::Unit => "null".to_owned(),
            Unexpected::Float(_) => "floating point number".to_owned(),
            Unexpected::Seq => "sequence".to_owned(),
            Unexpected::Map => "map".to_owned(),
            _ => "value".to_owned(),
        };
        Self::new(format!("invalid {kind}: {found}, expected {expected}"))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl core::error::Error for Mismatch {}

impl Error for Mismatch {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unlike("type", &found, expected)
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unlike("value", &found, expected)
    }
}

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

impl Tree {
    /// That something else is needed here.
    #[cold]
    #[inline(never)]
    pub fn misfit(&self, expected: &dyn Expected) -> Mismatch {
        Mismatch::invalid_type(self.unexpected(), expected)
    }

    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Unit,
            Self::Truth(value) => Unexpected::Bool(*value),
            Self::Natural(value) => Unexpected::Unsigned(*value),
            Self::Integer(value) => Unexpected::Signed(*value),
            Self::Fraction(value) => Unexpected::Float(*value),
            Self::Text(text) => Unexpected::Str(text),
            Self::List(_) => Unexpected::Seq,
            Self::Object(_) => Unexpected::Map,
        }
    }
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
        let read = seed.deserialize(Key(key.clone())).map_err(|mismatch| {
            // A key that is no name of a member is a fault of the object; one that is no key, of that place.
            if mismatch.0.message.starts_with("unknown field") {
                mismatch
            } else {
                mismatch.within(Step::Member(key.clone()))
            }
        });
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
struct Key(String);

impl<'de> Deserializer<'de> for Key {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_string(self.0)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0.parse() {
            Ok(number) => visitor.visit_u32(number),
            Err(_) => visitor.visit_string(self.0),
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
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
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
        let read = seed.deserialize(Tree::Text(self.variant.clone()))?;
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
