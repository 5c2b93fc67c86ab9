//! Arrays and objects of canonical JSON: an object is gathered, sorted and only then written.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::ser::{self, Serialize};

use super::NotCanonical;
use super::writer::{Writer, Written, write_text};

/// An array being written.
pub(super) struct Array<'a> {
    bytes: &'a mut Vec<u8>,
    first: bool,
    end: &'static str,
}

impl<'a> Array<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>, end: &'static str) -> Self {
        bytes.push(b'[');
        Self { bytes, first: true, end }
    }

    #[inline(never)]
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

impl<'a> Object<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>, end: &'static str) -> Self {
        Self { bytes, members: Vec::new(), key: None, end }
    }

    #[inline(never)]
    fn member<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Written {
        let mut bytes = Vec::new();
        value.serialize(Writer(&mut bytes))?;
        self.put(key, bytes);
        Ok(())
    }

    /// Keeps the members in order as they come: they are few, and no sort has to be brought along.
    #[inline(never)]
    fn put(&mut self, key: String, value: Vec<u8>) {
        let before = |other: &(String, Vec<u8>)| other.0.encode_utf16().le(key.encode_utf16());
        let place = if self.members.last().is_none_or(before) {
            self.members.len()
        } else {
            self.members.partition_point(before)
        };
        self.members.insert(place, (key, value));
    }

    #[inline(never)]
    fn close(self) -> Written {
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
