//! The serializer behind canonical JSON: scalars, and where arrays and objects begin.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::Display;

use serde::ser::{Error as _, Serialize, Serializer};

use super::NotCanonical;
use super::compound::{Array, Object};
use crate::value::MAX_SAFE_INTEGER;

pub(super) type Written = Result<(), NotCanonical>;

/// Writes one value at the end of the bytes.
pub(super) struct Writer<'a>(pub(super) &'a mut Vec<u8>);

impl<'a> Writer<'a> {
    #[expect(clippy::unnecessary_wraps, reason = "ends every method of a serializer")]
    pub(super) fn raw(self, text: &str) -> Written {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn integer(self, magnitude: Option<u64>, number: impl Display) -> Written {
        match magnitude {
            Some(magnitude) if magnitude <= MAX_SAFE_INTEGER => self.raw(&number.to_string()),
            _ => Err(NotCanonical::LargeInteger),
        }
    }

    /// `{"variant":`, for an enum variant with data.
    fn variant(self, variant: &str) -> Result<&'a mut Vec<u8>, NotCanonical> {
        self.0.push(b'{');
        write_text(self.0, variant)?;
        self.0.push(b':');
        Ok(self.0)
    }

    fn array(self, end: &'static str) -> Array<'a> {
        Array::new(self.0, end)
    }

    fn object(self, end: &'static str) -> Object<'a> {
        Object::new(self.0, end)
    }
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = NotCanonical;
    type SerializeSeq = Array<'a>;
    type SerializeTuple = Array<'a>;
    type SerializeTupleStruct = Array<'a>;
    type SerializeTupleVariant = Array<'a>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Object<'a>;

    fn serialize_bool(self, value: bool) -> Written {
        self.raw(if value { "true" } else { "false" })
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Written {
        self.integer(Some(value.unsigned_abs()), value)
    }

    fn serialize_i128(self, value: i128) -> Written {
        self.integer(value.unsigned_abs().try_into().ok(), value)
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.integer(Some(value), value)
    }

    fn serialize_u128(self, value: u128) -> Written {
        self.integer(value.try_into().ok(), value)
    }

    fn serialize_f32(self, _: f32) -> Written {
        Err(NotCanonical::Float)
    }

    fn serialize_f64(self, _: f64) -> Written {
        Err(NotCanonical::Float)
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        write_text(self.0, value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Written {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.raw("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let bytes = self.variant(variant)?;
        value.serialize(Writer(bytes))?;
        Writer(bytes).raw("}")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Array<'a>, NotCanonical> {
        Ok(self.array("]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Array<'a>, NotCanonical> {
        Ok(self.array("]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Array<'a>, NotCanonical> {
        Ok(self.array("]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Array<'a>, NotCanonical> {
        self.variant(variant).map(|bytes| Writer(bytes).array("]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a>, NotCanonical> {
        Ok(self.object("}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'a>, NotCanonical> {
        Ok(self.object("}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'a>, NotCanonical> {
        self.variant(variant).map(|bytes| Writer(bytes).object("}}"))
    }
}

/// A string as ECMAScript writes it, which is how `serde_json` does too.
pub(super) fn write_text(bytes: &mut Vec<u8>, text: &str) -> Written {
    let quoted = serde_json::to_string(text).map_err(NotCanonical::custom)?;
    bytes.extend_from_slice(quoted.as_bytes());
    Ok(())
}
