//! MessagePack as JSON text, so that both parsers' packets are read by the same code, and a stock
//! client means the same by both.
//!
//! What JSON has not:
//! - `undefined`, which `socket.io-msgpack-parser` sends as an extension of its own, is left out of
//!   objects and `null` in arrays, as `JSON.stringify` has it.
//! - Bytes become `{"_bytes": base64}`: a field that takes bytes knows it, and every other one
//!   refuses it by name. A text that is not UTF-8 counts as bytes.
//! - NaN and the infinities become their names as text, and other extensions `{"_extension": type}`,
//!   which every field refuses by name.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use std::{fmt, io::Write};
use studyrooms_protocol::board::BYTES;

/// Deeper payloads than any event has.
pub(super) const DEPTH: usize = 64;
/// The extension type of `undefined`, whose only byte is 0.
const UNDEFINED: i8 = 0;

/// A reader of MessagePack that bears no deeper nesting than [`DEPTH`].
pub(super) fn reader(bytes: &[u8]) -> rmp_serde::Deserializer<rmp_serde::decode::ReadRefReader<'_, [u8]>> {
    let mut reader = rmp_serde::Deserializer::from_read_ref(bytes);
    reader.set_max_depth(DEPTH);
    reader
}

/// Reads any value as JSON text, without building it in memory; none for `undefined`.
pub(super) struct AsJson;

impl<'de> DeserializeSeed<'de> for AsJson {
    type Value = Option<Vec<u8>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut text = Vec::new();
        let defined = Writer(&mut text).deserialize(deserializer)?;
        Ok(defined.then_some(text))
    }
}

/// Writes a value behind what is there; false, and nothing written, for `undefined`.
struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn json<E: Error>(self, value: impl serde::Serialize) -> Result<bool, E> {
        serde_json::to_writer(self.0, &value).map_err(E::custom)?;
        Ok(true)
    }
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        self.json(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        self.json(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        self.json(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        self.json(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<bool, E> {
        if value.is_finite() { self.json(value) } else { self.json(value.to_string()) }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<bool, E> {
        self.json(value)
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<bool, E> {
        write!(self.0, "{{\"{BYTES}\":\"{}\"}}", STANDARD.encode(value)).map_err(E::custom)?;
        Ok(true)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        match <(i8, Bytes)>::deserialize(deserializer)? {
            (UNDEFINED, Bytes { only_a_zero: true }) => Ok(false),
            (extension, _) => {
                write!(self.0, "{{\"_extension\":{extension}}}").map_err(D::Error::custom)?;
                Ok(true)
            }
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<bool, A::Error> {
        self.0.push(b'[');
        let mut first = true;
        loop {
            let before = self.0.len();
            if !first {
                self.0.push(b',');
            }
            match elements.next_element_seed(Writer(self.0))? {
                Some(true) => {}
                Some(false) => self.0.extend_from_slice(b"null"),
                None => {
                    self.0.truncate(before);
                    break;
                }
            }
            first = false;
        }
        self.0.push(b']');
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<bool, A::Error> {
        self.0.push(b'{');
        let mut first = true;
        while let Some(name) = fields.next_key::<String>()? {
            let before = self.0.len();
            if !first {
                self.0.push(b',');
            }
            Writer(self.0).json::<A::Error>(name)?;
            self.0.push(b':');
            if fields.next_value_seed(Writer(self.0))? {
                first = false;
            } else {
                self.0.truncate(before);
            }
        }
        self.0.push(b'}');
        Ok(true)
    }
}

/// What an extension holds, as far as it matters.
struct Bytes {
    only_a_zero: bool,
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Content;
        impl Visitor<'_> for Content {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes { only_a_zero: bytes == [0] })
            }
        }
        deserializer.deserialize_any(Content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(bytes: &[u8]) -> Result<Option<String>, String> {
        let text = AsJson.deserialize(&mut reader(bytes)).map_err(|error| error.to_string())?;
        Ok(text.map(|text| String::from_utf8(text).unwrap()))
    }

    fn packed(value: &impl serde::Serialize) -> String {
        json(&rmp_serde::to_vec_named(value).unwrap()).unwrap().unwrap()
    }

    /// `{"a": …, "b": 1}` with these bytes as `a`.
    fn with(a: &[u8]) -> String {
        json(&[&[0x82, 0xa1, b'a'][..], a, &[0xa1, b'b', 1]].concat()).unwrap().unwrap()
    }

    #[test]
    fn what_json_has_stays_what_it_is() {
        let values = serde_json::json!({"a": [1, -2, 1.5, "x\n\"", null, true, {}, []], "b": {"c": u64::MAX}});
        assert_eq!(packed(&values), values.to_string());
    }

    #[test]
    fn undefined_is_left_out_or_null_as_in_json() {
        let undefined = [0xd4, 0x00, 0x00];
        assert_eq!(with(&undefined), r#"{"b":1}"#);
        assert_eq!(json(&[&[0x81, 0xa1, b'a'][..], &undefined].concat()).unwrap().unwrap(), "{}");
        assert_eq!(json(&[&[0x92, 0x01][..], &undefined].concat()).unwrap().unwrap(), "[1,null]");
        assert_eq!(json(&undefined).unwrap(), None);
    }

    #[test]
    fn what_json_has_not_is_marked() {
        assert_eq!(with(&[0xc4, 2, b'h', b'i']), r#"{"a":{"_bytes":"aGk="},"b":1}"#);
        assert_eq!(with(&[0xa1, 0xff]), r#"{"a":{"_bytes":"/w=="},"b":1}"#, "a text that is none");
        assert_eq!(with(&rmp_serde::to_vec(&f64::NAN).unwrap()), r#"{"a":"NaN","b":1}"#);
        assert_eq!(with(&rmp_serde::to_vec(&f64::NEG_INFINITY).unwrap()), r#"{"a":"-inf","b":1}"#);
        assert_eq!(with(&[0xd4, 0x05, 0x00]), r#"{"a":{"_extension":5},"b":1}"#);
    }

    #[test]
    fn garbage_and_depth_are_errors() {
        assert!(json(&[0xc1]).is_err());
        assert!(json(&[]).is_err());
        assert!(json(&[0x81, 0x01, 0x01]).is_err(), "a number for a name");
        let deep: Vec<u8> = std::iter::repeat_n(0x91, 100_000).collect();
        assert!(json(&deep).is_err());
        // An array that says it is longer than memory.
        assert!(json(&[0xdd, 0xff, 0xff, 0xff, 0xff]).is_err());
    }
}
