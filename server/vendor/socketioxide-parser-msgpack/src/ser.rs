use bytes::BufMut;
use rmp::encode;
use socketioxide_core::{
    Value,
    packet::{Packet, PacketData},
};

/// Manual packet serialization.
pub fn serialize_packet(packet: Packet) -> Vec<u8> {
    let mut buff = Vec::new(); // TODO: with_capacity

    let map_len = get_packet_map_len(&packet);
    encode::write_map_len(&mut buff, map_len).unwrap();
    encode::write_str(&mut buff, "type").unwrap();
    encode::write_uint(&mut buff, packet.inner.index() as u64).unwrap();
    encode::write_str(&mut buff, "nsp").unwrap();
    encode::write_str(&mut buff, &packet.ns).unwrap();

    match packet.inner {
        PacketData::Event(Value::Bytes(data), id) => {
            encode::write_str(&mut buff, "data").unwrap();
            serialize_data(&data, &mut buff);
            if let Some(id) = id {
                serialize_id(&mut buff, id);
            }
        }
        PacketData::BinaryEvent(Value::Bytes(data), id) => {
            encode::write_str(&mut buff, "data").unwrap();
            serialize_data(&data, &mut buff);

            if let Some(id) = id {
                serialize_id(&mut buff, id);
            }
        }
        PacketData::EventAck(Value::Bytes(data), id) => {
            encode::write_str(&mut buff, "data").unwrap();
            serialize_data(&data, &mut buff);
            serialize_id(&mut buff, id);
        }
        PacketData::BinaryAck(Value::Bytes(data), id) => {
            encode::write_str(&mut buff, "data").unwrap();
            serialize_data(&data, &mut buff);
            serialize_id(&mut buff, id);
        }
        PacketData::Connect(Some(Value::Bytes(data))) => {
            encode::write_str(&mut buff, "data").unwrap();
            buff.put_slice(&data)
        }
        PacketData::ConnectError(data) => {
            encode::write_str(&mut buff, "data").unwrap();
            encode::write_map_len(&mut buff, 1).unwrap();
            encode::write_str(&mut buff, "message").unwrap();
            encode::write_str(&mut buff, &data).unwrap();
        }
        _ => (),
    };
    buff
}

/// Serialize event data in place to the following form: `[event, ...data]` if data is an array.
/// Or `[event, data]` if data is not an array.
/// ## Params:
/// - `event`: the event name
/// - `data`: preserialized msgpack data
/// - `buff`: a output buffer to write into
fn serialize_data(data: &[u8], buff: &mut Vec<u8>) {
    buff.put_slice(data)
}

fn serialize_id(buff: &mut Vec<u8>, id: i64) {
    encode::write_str(buff, "id").unwrap();
    encode::write_sint(buff, id).unwrap();
}

fn get_packet_map_len(packet: &Packet) -> u32 {
    2 + match packet.inner {
        PacketData::Connect(Some(_)) => 1,
        PacketData::Connect(None) => 0,
        PacketData::Disconnect => 0,
        PacketData::Event(_, Some(_)) | PacketData::BinaryEvent(_, Some(_)) => 2,
        PacketData::Event(_, None) | PacketData::BinaryEvent(_, None) => 1,
        PacketData::EventAck(_, _) | PacketData::BinaryAck(_, _) => 2,
        PacketData::ConnectError(_) => 1,
    }
}
