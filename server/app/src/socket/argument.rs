//! The first argument of an event as JSON text, whichever parser it came by. Further arguments are
//! ignored, as unknown fields are.
//!
//! Bytes, which JSON has not, become `{"_bytes": base64}`: a field that takes bytes knows it, and
//! every other one refuses it by name.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::{RawValue, Value as Json};
use socketioxide::{adapter::Adapter, handler::FromMessageParts, socket::Socket};
use socketioxide_core::Value;
use std::{convert::Infallible, io::Write, sync::Arc};
use studyrooms_protocol::board::BYTES;

/// Deeper payloads than any event has.
const DEPTH: usize = 64;

/// What an event brings; or why that cannot be read.
pub(super) struct Argument(pub Result<Box<RawValue>, String>);

impl<A: Adapter> FromMessageParts<A> for Argument {
    type Error = Infallible;

    fn from_message_parts(_: &Arc<Socket<A>>, value: &mut Value, _: &Option<i64>) -> Result<Self, Infallible> {
        let argument = match value {
            Value::Str(text, attachments) => {
                let attachments: Vec<_> = attachments.take().unwrap_or_default().into();
                from_json(text, &attachments)
            }
            Value::Bytes(bytes) => from_messagepack(bytes),
        };
        Ok(Self(argument.map_err(|why| format!("payload: {why}"))))
    }
}

fn none() -> String {
    "expected one JSON object".into()
}

fn from_json(text: &str, attachments: &[impl AsRef<[u8]>]) -> Result<Box<RawValue>, String> {
    let Arguments(first) = serde_json::from_str::<Arguments>(text).map_err(|error| error.to_string())?;
    let first = first.ok_or_else(none)?;
    if attachments.is_empty() {
        return Ok(first);
    }
    let mut json: Json = serde_json::from_str(first.get()).map_err(|error| error.to_string())?;
    put_in(&mut json, attachments);
    serde_json::value::to_raw_value(&json).map_err(|error| error.to_string())
}

/// Puts attachments where their placeholders are (Socket.IO protocol 5, binary events).
fn put_in(json: &mut Json, attachments: &[impl AsRef<[u8]>]) {
    match json {
        Json::Object(fields) if fields.get("_placeholder") == Some(&Json::Bool(true)) => {
            let number = fields.get("num").and_then(Json::as_u64).and_then(|number| usize::try_from(number).ok());
            if let Some(bytes) = number.and_then(|number| attachments.get(number)) {
                *json = serde_json::json!({ BYTES: STANDARD.encode(bytes) });
            }
        }
        Json::Object(fields) => fields.values_mut().for_each(|value| put_in(value, attachments)),
        Json::Array(values) => values.iter_mut().for_each(|value| put_in(value, attachments)),
        _ => {}
    }
}

/// `[event, first argument, …]`, of which the first argument is wanted.
struct Arguments(Option<Box<RawValue>>);

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Second(std::marker::PhantomData::<Box<RawValue>>)).map(Self)
    }
}

/// Reads the second element of a sequence.
struct Second<S>(S);

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Second<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an event and its arguments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut arguments: A) -> Result<Self::Value, A::Error> {
        arguments.next_element::<IgnoredAny>()?;
        let first = arguments.next_element_seed(self.0)?;
        while arguments.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
}

fn from_messagepack(bytes: &[u8]) -> Result<Box<RawValue>, String> {
    let mut reader = rmp_serde::Deserializer::from_read_ref(bytes);
    reader.set_max_depth(DEPTH);
    let text = reader.deserialize_seq(Second(AsJson)).map_err(|error| error.to_string())?.ok_or_else(none)?;
    let text = String::from_utf8(text).map_err(|error| error.to_string())?;
    RawValue::from_string(text).map_err(|error| error.to_string())
}

/// Writes any value as JSON text, without building it in memory.
struct AsJson;

impl<'de> DeserializeSeed<'de> for AsJson {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u8>, D::Error> {
        let mut text = Vec::new();
        let mut writer = serde_json::Serializer::with_formatter(&mut text, Marked);
        serde_transcode::transcode(deserializer, &mut writer).map_err(serde::de::Error::custom)?;
        Ok(text)
    }
}

/// Compact JSON in which bytes are marked.
struct Marked;

impl serde_json::ser::Formatter for Marked {
    fn write_byte_array<W: ?Sized + Write>(&mut self, writer: &mut W, value: &[u8]) -> std::io::Result<()> {
        write!(writer, "{{\"{BYTES}\":\"{}\"}}", STANDARD.encode(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn packed(value: &impl Serialize) -> Result<String, String> {
        from_messagepack(&rmp_serde::to_vec_named(value).unwrap()).map(|json| json.get().to_owned())
    }

    #[test]
    fn the_first_argument_is_the_payload_by_both_parsers() {
        let json = |text| from_json(text, &[[0u8; 0]; 0]).map(|json| json.get().to_owned());
        assert_eq!(json(r#"["e",{"a":1},2]"#).unwrap(), r#"{"a":1}"#);
        assert_eq!(json(r#"["e"]"#).unwrap_err(), "expected one JSON object");
        assert_eq!(
            packed(&("e", serde_json::json!({"a": [1, -2, 1.5, "x", null, true]}), 2)).unwrap(),
            r#"{"a":[1,-2,1.5,"x",null,true]}"#
        );
        assert_eq!(packed(&["e"]).unwrap_err(), "expected one JSON object");
    }

    #[test]
    fn what_json_has_not_is_marked_or_null() {
        #[derive(Serialize)]
        struct Odd<'a> {
            #[serde(serialize_with = "bytes")]
            bytes: &'a [u8],
            nan: f64,
        }
        fn bytes<S: serde::Serializer>(value: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(value)
        }
        let odd = Odd { bytes: b"hi", nan: f64::NAN };
        assert_eq!(packed(&("e", odd)).unwrap(), r#"{"bytes":{"_bytes":"aGk="},"nan":null}"#);
        let attached = from_json(r#"["e",{"a":{"_placeholder":true,"num":0}}]"#, &[b"hi"]).unwrap();
        assert_eq!(attached.get(), r#"{"a":{"_bytes":"aGk="}}"#);
        let lying = from_json(r#"["e",{"a":{"_placeholder":true,"num":7}}]"#, &[b"hi"]).unwrap();
        assert_eq!(lying.get(), r#"{"a":{"_placeholder":true,"num":7}}"#);
    }

    #[test]
    fn garbage_and_depth_are_errors() {
        assert!(from_messagepack(&[0xc1]).is_err());
        assert!(from_messagepack(&[]).is_err());
        let deep: Vec<u8> = std::iter::repeat_n(0x91, 100_000).collect();
        assert!(from_messagepack(&[&[0x92, 0xa1, b'e'][..], &deep].concat()).is_err());
        // An array that says it is longer than memory.
        assert!(from_messagepack(&[0x92, 0xa1, b'e', 0xdd, 0xff, 0xff, 0xff, 0xff]).is_err());
    }
}
