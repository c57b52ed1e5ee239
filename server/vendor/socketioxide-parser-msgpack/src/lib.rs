#![warn(missing_docs)]
//! The msgpack parser sub-crate for the socketioxide crate.
//!
//! This is a custom parser implementation that can be enable with the `msgpack` feature flag in socketioxide.
//!
//! It is used to parse and serialize the msgpack packet format of the socket.io protocol:
//! ```json
//! {
//!   "type": 2,
//!   "nsp": "/",
//!   "data": ["event", "foo"],
//!   "id": 1
//! }
//! ```
//! will be directly converted to the following msgpack binary format:
//! `84 A4 74 79 70 65 02 A3 6E 73 70 A1 2F A4 64 61 74 61 92 A5 65 76 65 6E 74 A3 66 6F 6F A2 69 64 01`

use std::str;

use bytes::Bytes;
use de::deserialize_packet;
use ser::serialize_packet;
use serde::Deserialize;
use socketioxide_core::{
    Str, Value,
    packet::Packet,
    parser::{Parse, ParseConfig, ParseError, ParserError, ParserState},
};

mod de;
mod ser;
mod value;

/// The MsgPack parser
#[derive(Default, Debug, Clone, Copy)]
pub struct MsgPackParser;

impl Parse for MsgPackParser {
    fn encode(self, packet: Packet) -> socketioxide_core::Value {
        let data = serialize_packet(packet);
        Value::Bytes(data.into())
    }

    fn decode_str(
        self,
        _: &ParseConfig,
        _: &ParserState,
        _data: Str,
    ) -> Result<Packet, ParseError> {
        Err(ParseError::UnexpectedStringPacket)
    }

    fn decode_bin(
        self,
        _: &ParseConfig,
        _: &ParserState,
        bin: Bytes,
    ) -> Result<Packet, ParseError> {
        deserialize_packet(bin)
    }

    fn encode_value<T: ?Sized + serde::Serialize>(
        self,
        data: &T,
        event: Option<&str>,
    ) -> Result<Value, ParserError> {
        value::to_value(data, event).map_err(ParserError::new)
    }

    fn decode_value<'de, T: Deserialize<'de>>(
        self,
        value: &'de mut Value,
        with_event: bool,
    ) -> Result<T, ParserError> {
        value::from_value(value, with_event).map_err(ParserError::new)
    }

    fn decode_default<'de, T: Deserialize<'de>>(
        self,
        value: Option<&'de Value>,
    ) -> Result<T, ParserError> {
        if let Some(value) = value {
            let value = value.as_bytes().expect("value should be bytes");
            rmp_serde::from_slice(value).map_err(ParserError::new)
        } else {
            rmp_serde::from_slice(&[0xc0]).map_err(ParserError::new) // nil value
        }
    }

    fn encode_default<T: ?Sized + serde::Serialize>(self, data: &T) -> Result<Value, ParserError> {
        rmp_serde::to_vec_named(data)
            .map(|b| Value::Bytes(b.into()))
            .map_err(ParserError::new)
    }

    fn read_event(self, value: &Value) -> Result<&str, ParserError> {
        value::read_event(value).map_err(ParserError::new)
    }
}
