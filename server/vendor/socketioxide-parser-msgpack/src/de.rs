use core::str;
use std::{io::Cursor, ops::Range};

use bytes::{Buf, Bytes};
use rmp::{
    Marker,
    decode::{self, RmpRead, ValueReadError, read_map_len},
};
use rmp_serde::decode::Error as DecodeError;
use socketioxide_core::{
    Str, Value,
    packet::{Packet, PacketData},
    parser::{ParseError, ParserError},
};

pub fn deserialize_packet(buff: Bytes) -> Result<Packet, ParseError> {
    let mut reader = Cursor::new(buff);
    let maplen = read_map_len(&mut reader).map_err(|e| {
        use DecodeError::*;
        let e = match e {
            ValueReadError::InvalidMarkerRead(e) => InvalidMarkerRead(e),
            ValueReadError::InvalidDataRead(e) => InvalidDataRead(e),
            ValueReadError::TypeMismatch(e) => TypeMismatch(e),
        };
        ParseError::ParserError(ParserError::new(e))
    })?;

    // Bound check to prevent DoS attacks.
    // other implementations might add some other keys that we don't support
    // Therefore, we limit the number of keys to 20
    if maplen == 0 || maplen > 20 {
        Err(ParserError::new(DecodeError::Uncategorized(format!(
            "packet length too big or empty: {maplen}"
        ))))?;
    }

    let mut index = 0xff;
    let mut nsp = Str::default();
    let mut data_pos: Range<usize> = 0..0;
    let mut id = None;

    for _ in 0..maplen {
        parse_key_value(&mut reader, &mut index, &mut nsp, &mut data_pos, &mut id)
            .map_err(ParserError::new)?;
    }
    let buff = reader.into_inner();
    let mut data = buff.slice(data_pos.clone());

    // Current js socket.io msgpack implementation has a weird way to represent "undefined" with zeroed 1-ext.
    // This is a little workaround to convert this to a proper "undefined" value.
    if *data == [0xd4, 0x00, 0x00] {
        data = Bytes::from_static(&[0xc0]); // nil
    };

    let data = Value::Bytes(data);
    let inner = match index {
        // some implementations might completely omit the data field
        0 => PacketData::Connect((!data_pos.is_empty()).then_some(data)),
        1 => PacketData::Disconnect,
        2 => PacketData::Event(data, id),
        3 => PacketData::EventAck(data, id.ok_or(ParseError::InvalidAckId)?),
        4 => {
            #[derive(serde::Deserialize)]
            struct ErrorMessage {
                message: String,
            }
            let ErrorMessage { message } =
                rmp_serde::decode::from_slice(&buff[data_pos]).map_err(ParserError::new)?;
            PacketData::ConnectError(message)
        }
        5 => PacketData::BinaryEvent(data, id),
        6 => PacketData::BinaryAck(data, id.ok_or(ParseError::InvalidAckId)?),
        _ => Err(ParseError::InvalidPacketType)?,
    };

    Ok(Packet { inner, ns: nsp })
}

fn parse_key_value(
    reader: &mut Cursor<Bytes>,
    index: &mut usize,
    nsp: &mut Str,
    data_pos: &mut Range<usize>,
    id: &mut Option<i64>,
) -> Result<(), DecodeError> {
    let key = read_str(reader)?;

    match key {
        "type" => {
            *index = decode::read_int::<usize, _>(reader)?;
        }
        "nsp" => {
            let ns = read_str(reader)?;
            *nsp = Str::copy_from_slice(ns);
        }
        "data" => {
            let start = reader.position() as usize;
            move_to_next_element(reader)?;
            let end = reader.position() as usize;
            *data_pos = start..end;
        }
        "id" => {
            *id = match reader
                .get_ref()
                .get(reader.position() as usize)
                .map(|b| Marker::from_u8(*b))       //TODO: use remaining_slice when stabilized (issue #86369)
            {
                Some(Marker::Null) => {
                    reader.advance(1);
                    None
                }
                // If there is nothing left to read, this returns an error.
                _ => Some(decode::read_int::<i64, _>(reader)?),
            }
        }
        _ => move_to_next_element(reader)?, // Skip the data corresponding to the key
    };
    Ok(())
}
fn read_u16(rd: &mut Cursor<Bytes>) -> Result<u16, DecodeError> {
    let mut buff = [0u8; 2];
    rd.read_exact_buf(&mut buff)
        .map_err(DecodeError::InvalidDataRead)?;
    Ok(u16::from_be_bytes(buff))
}
fn read_u8(rd: &mut Cursor<Bytes>) -> Result<u8, DecodeError> {
    rd.read_u8().map_err(DecodeError::InvalidDataRead)
}

fn read_u32(rd: &mut Cursor<Bytes>) -> Result<u32, DecodeError> {
    let mut buff = [0u8; 4];
    rd.read_exact_buf(&mut buff)
        .map_err(DecodeError::InvalidDataRead)?;
    Ok(u32::from_be_bytes(buff))
}
/// Read a str slice
fn read_str(reader: &mut Cursor<Bytes>) -> Result<&str, DecodeError> {
    let len = decode::read_str_len(reader)? as usize;
    let start = reader.position() as usize;
    skip(reader, len)?;
    let end = reader.position() as usize;
    Ok(str::from_utf8(&reader.get_ref()[start..end])?)
}

/// Move the reader `len` bytes forward. `len` is declared by the client and
/// [`Buf::advance`] panics when going past the end of the buffer, so it must be checked first.
fn skip(reader: &mut Cursor<Bytes>, len: usize) -> Result<(), DecodeError> {
    if len > reader.remaining() {
        return Err(DecodeError::InvalidDataRead(
            std::io::ErrorKind::UnexpectedEof.into(),
        ));
    }
    reader.advance(len);
    Ok(())
}

/// Passes over the next element, however deep it is nested: what stands in it is counted, not called for. Every
/// element has one byte at least, so a length that is a lie ends where the packet does.
fn move_to_next_element(reader: &mut Cursor<Bytes>) -> Result<(), DecodeError> {
    let mut left: u64 = 1;
    while left > 0 {
        left -= 1;
        let marker = decode::read_marker(reader)?;
        let (bytes, elements) = match marker {
            Marker::FixPos(_)
            | Marker::FixNeg(_)
            | Marker::Null
            | Marker::Reserved
            | Marker::False
            | Marker::True => (0, 0),
            Marker::FixMap(n) => (0, u64::from(n) * 2),
            Marker::FixArray(n) => (0, u64::from(n)),
            Marker::FixStr(n) => (n as usize, 0),
            Marker::FixExt1 => (2, 0),
            Marker::FixExt2 => (3, 0),
            Marker::FixExt4 => (5, 0),
            Marker::FixExt8 => (9, 0),
            Marker::FixExt16 => (17, 0),
            Marker::U8 | Marker::I8 => (1, 0),
            Marker::U16 | Marker::I16 => (2, 0),
            Marker::F32 | Marker::U32 | Marker::I32 => (4, 0),
            Marker::F64 | Marker::U64 | Marker::I64 => (8, 0),
            Marker::Str8 | Marker::Bin8 => (read_u8(reader)? as usize, 0),
            Marker::Str16 | Marker::Bin16 => (read_u16(reader)? as usize, 0),
            Marker::Str32 | Marker::Bin32 => (read_u32(reader)? as usize, 0),
            // The ext length does not include its type byte.
            Marker::Ext8 => ((read_u8(reader)? as usize).saturating_add(1), 0),
            Marker::Ext16 => ((read_u16(reader)? as usize).saturating_add(1), 0),
            Marker::Ext32 => ((read_u32(reader)? as usize).saturating_add(1), 0),
            Marker::Array16 => (0, u64::from(read_u16(reader)?)),
            Marker::Array32 => (0, u64::from(read_u32(reader)?)),
            Marker::Map16 => (0, u64::from(read_u16(reader)?) * 2),
            Marker::Map32 => (0, u64::from(read_u32(reader)?) * 2),
        };
        skip(reader, bytes)?;
        left = left.saturating_add(elements);
    }
    Ok(())
}
