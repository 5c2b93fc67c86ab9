//! The serializer behind canonical JSON: objects are gathered, sorted and only then written.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use serde::ser::{self, Serialize, Serializer};

use super::NotCanonical;
use crate::value::MAX_SAFE_INTEGER;

type Written = Result<(), NotCanonical>;

/// Writes one value at the end of the bytes.
pub(super) struct Writer<'a>(pub(super) &'a mut Vec<u8>);

impl<'a> Writer<'a> {
    #[expect(clippy::unnecessary_wraps, reason = "ends every method of a serializer")]
    fn raw(self, text: &str) -> Written {
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
        self.0.push(b'[');
        Array { bytes: self.0, first: true, end }
    }

    fn object(self, end: &'static str) -> Object<'a> {
        Object { bytes: self.0, members: Vec::new(), key: None, end }
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

/// An array being written.
pub(super) struct Array<'a> {
    bytes: &'a mut Vec<u8>,
    first: bool,
    end: &'static str,
}

impl Array<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        if !core::mem::take(&mut self.first) {
            self.bytes.push(b',');
        }
        value.serialize(Writer(self.bytes))
    }

    fn close(self) -> Written {
        Writer(self.bytes).raw(self.end)
    }
}

/// An object whose members are gathered until all are known.
pub(super) struct Object<'a> {
    bytes: &'a mut Vec<u8>,
    members: Vec<(String, Vec<u8>)>,
    key: Option<String>,
    end: &'static str,
}

impl Object<'_> {
    fn member<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Written {
        let mut bytes = Vec::new();
        value.serialize(Writer(&mut bytes))?;
        self.members.push((key, bytes));
        Ok(())
    }

    fn close(mut self) -> Written {
        self.members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        self.bytes.push(b'{');
        let mut before: Option<String> = None;
        for (key, value) in self.members {
            if before.as_ref() == Some(&key) {
                return Err(NotCanonical::RepeatedKey(key));
            }
            if before.is_some() {
                self.bytes.push(b',');
            }
            write_text(self.bytes, &key)?;
            self.bytes.push(b':');
            self.bytes.extend_from_slice(&value);
            before = Some(key);
        }
        Writer(self.bytes).raw(self.end)
    }
}

macro_rules! array_of {
    ($($kind:ident $element:ident),+ $(,)?) => {$(
        impl ser::$kind for Array<'_> {
            type Ok = ();
            type Error = NotCanonical;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.element(value)
            }

            fn end(self) -> Written {
                self.close()
            }
        }
    )+};
}

array_of!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
);

macro_rules! object_of {
    ($($kind:ident),+) => {$(
        impl ser::$kind for Object<'_> {
            type Ok = ();
            type Error = NotCanonical;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
                self.member(key.to_string(), value)
            }

            fn end(self) -> Written {
                self.close()
            }
        }
    )+};
}

object_of!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.key = Some(key_text(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        let key = self.key.take().ok_or(NotCanonical::Key)?;
        self.member(key, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

/// A key is a string, or an integer written as one.
fn key_text<T: Serialize + ?Sized>(key: &T) -> Result<String, NotCanonical> {
    match key.serialize(serde_json::value::Serializer) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        Ok(serde_json::Value::Number(number)) if !number.is_f64() => Ok(number.to_string()),
        Ok(_) | Err(_) => Err(NotCanonical::Key),
    }
}

/// A string as ECMAScript writes it, which is how `serde_json` does too.
fn write_text(bytes: &mut Vec<u8>, text: &str) -> Written {
    let quoted = serde_json::to_string(text).map_err(ser::Error::custom)?;
    bytes.extend_from_slice(quoted.as_bytes());
    Ok(())
}
