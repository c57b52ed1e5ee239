//! The first argument of an event as JSON text, whichever parser it came by. Further arguments are
//! ignored, as unknown fields are.
//!
//! Bytes become what [`super::messagepack`] makes of them. How large an event may be is looked at before
//! any of it is read.

use super::messagepack::{self, AsJson};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::{RawValue, Value as Json};
use socketioxide::{adapter::Adapter, handler::FromMessageParts, socket::Socket};
use socketioxide_core::Value;
use std::{convert::Infallible, sync::Arc};
use studyrooms_domain::{Refusal, rules};
use studyrooms_protocol::board::BYTES;

/// What an event brings, as it came: its name and its arguments, none of them read.
pub(super) struct Arguments(Value);

impl<A: Adapter> FromMessageParts<A> for Arguments {
    type Error = Infallible;

    fn from_message_parts(_: &Arc<Socket<A>>, value: &mut Value, _: &Option<i64>) -> Result<Self, Infallible> {
        // The text and the bytes are shared, not copied.
        Ok(Self(value.clone()))
    }
}

impl Arguments {
    /// The payload of `event`.
    ///
    /// # Errors
    /// `too_large` when the event may not be that large, `bad_request` when it cannot be read.
    pub(super) fn payload(self, event: &str) -> Result<Box<RawValue>, Refusal> {
        let limit = rules::max_bytes(event);
        fits(encoded_bytes(&self.0).saturating_sub(event.len() + AROUND_PAYLOAD), limit)?;
        let payload = match self.0 {
            Value::Str(text, attachments) => {
                let attachments: Vec<_> = attachments.unwrap_or_default().into();
                from_json(&text, &attachments)
            }
            Value::Bytes(bytes) => from_messagepack(&bytes),
        };
        let payload = payload.map_err(|why| Refusal::field("payload", why))?;
        // MessagePack may be several times as long in JSON.
        fits(payload.get().len(), limit.saturating_mul(2))?;
        Ok(payload)
    }
}

/// What stands around the name and the payload in JSON: `["",]`.
const AROUND_PAYLOAD: usize = 5;

fn encoded_bytes(value: &Value) -> usize {
    match value {
        Value::Str(text, attachments) => {
            text.len() + attachments.iter().flatten().map(|bytes| bytes.len()).sum::<usize>()
        }
        Value::Bytes(bytes) => bytes.len(),
    }
}

fn fits(bytes: usize, limit: usize) -> Result<(), Refusal> {
    if bytes <= limit { Ok(()) } else { Err(Refusal::too_large("payload", format_args!("{} KiB", limit >> 10))) }
}

fn none() -> String {
    "expected one JSON object".into()
}

fn from_json(text: &str, attachments: &[impl AsRef<[u8]>]) -> Result<Box<RawValue>, String> {
    let List(first) = serde_json::from_str::<List>(text).map_err(|error| error.to_string())?;
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
struct List(Option<Box<RawValue>>);

impl<'de> Deserialize<'de> for List {
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
    let first = messagepack::reader(bytes).deserialize_seq(Second(AsJson)).map_err(|error| error.to_string())?;
    raw(first.flatten())
}

/// The one value of a packet that has no event's name before it; none when there is none.
pub(super) fn only(value: Option<&Value>) -> Result<Box<RawValue>, String> {
    match value {
        None => Err(none()),
        Some(Value::Str(text, _)) => RawValue::from_string(text.to_string()).map_err(|error| error.to_string()),
        Some(Value::Bytes(bytes)) => {
            raw(AsJson.deserialize(&mut messagepack::reader(bytes)).map_err(|error| error.to_string())?)
        }
    }
}

fn raw(text: Option<Vec<u8>>) -> Result<Box<RawValue>, String> {
    let text = String::from_utf8(text.ok_or_else(none)?).map_err(|error| error.to_string())?;
    RawValue::from_string(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use studyrooms_protocol::error::ErrorCode;

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
    fn attachments_stand_where_their_placeholders_were() {
        let attached = from_json(r#"["e",{"a":{"_placeholder":true,"num":0}}]"#, &[b"hi"]).unwrap();
        assert_eq!(attached.get(), r#"{"a":{"_bytes":"aGk="}}"#);
        let lying = from_json(r#"["e",{"a":{"_placeholder":true,"num":7}}]"#, &[b"hi"]).unwrap();
        assert_eq!(lying.get(), r#"{"a":{"_placeholder":true,"num":7}}"#);
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        let code = |event: &str, value: Value| Arguments(value).payload(event).map_err(|refusal| refusal.code);
        let json = |event: &str, characters: usize| {
            // The payload is two quotes longer.
            code(event, Value::Str(format!(r#"["{event}","{}"]"#, "x".repeat(characters - 2)).into(), None))
        };
        for (event, limit) in [("chat:message", 32 << 10), ("signal:ice", 64 << 10), ("whiteboard:save", 1 << 20)] {
            assert!(json(event, limit).is_ok(), "{event}");
            assert_eq!(json(event, limit + 1).unwrap_err(), ErrorCode::TooLarge, "{event}");
        }
        // Looked at before it is read: this is no JSON.
        let garbage = Value::Str("x".repeat(40 << 10).into(), None);
        assert_eq!(code("chat:message", garbage).unwrap_err(), ErrorCode::TooLarge);
        let attached = Value::Str(r#"["chat:message",{}]"#.into(), Some([vec![0; 40 << 10].into()].into()));
        assert_eq!(code("chat:message", attached).unwrap_err(), ErrorCode::TooLarge);
        let packed = |characters: usize| {
            Value::Bytes(rmp_serde::to_vec(&("chat:message", "x".repeat(characters))).unwrap().into())
        };
        assert!(code("chat:message", packed(32_000)).is_ok());
        assert_eq!(code("chat:message", packed(33_000)).unwrap_err(), ErrorCode::TooLarge);
        // As JSON each of these characters takes six.
        let longer = rmp_serde::to_vec(&("chat:message", "\u{1}".repeat(32_000))).unwrap();
        assert_eq!(code("chat:message", Value::Bytes(longer.into())).unwrap_err(), ErrorCode::TooLarge);
    }

    #[test]
    fn garbage_is_an_error() {
        assert!(from_messagepack(&[0xc1]).is_err());
        assert!(from_messagepack(&[]).is_err());
        assert!(from_messagepack(&[0x92, 0xa1, b'e', 0xdd, 0xff, 0xff, 0xff, 0xff]).is_err());
        assert_eq!(from_messagepack(&[0x92, 0xa1, b'e', 0xd4, 0, 0]).unwrap_err(), "expected one JSON object");
    }

    #[test]
    fn a_single_value_is_read_by_both_parsers() {
        let both = [
            Value::Str(r#"{"token":"t"}"#.into(), None),
            Value::Bytes(rmp_serde::to_vec_named(&serde_json::json!({"token": "t"})).unwrap().into()),
        ];
        for value in &both {
            assert_eq!(only(Some(value)).unwrap().get(), r#"{"token":"t"}"#);
        }
        assert!(only(None).is_err() && only(Some(&Value::Str("{".into(), None))).is_err());
    }
}
