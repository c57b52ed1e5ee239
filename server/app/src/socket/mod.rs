//! Sockets: the namespace `/rooms`, who may connect, and each socket's ordered inbox (DESIGN 4).

mod ack;
mod argument;
mod authenticate;
mod connections;
mod dispatch;
mod inbox;
mod messagepack;
mod outlet;
mod rooms;

pub use connections::Connections;

use crate::app::App;
use authenticate::authenticate;
use socketioxide::{
    ParserConfig, SocketIo, SocketIoBuilder, extract::SocketRef, handler::ConnectHandler, layer::SocketIoLayer,
};
use std::time::Duration;

pub(crate) const NAMESPACE: &str = "/rooms";

/// Packets that wait for one socket to read them. A socket that falls further behind is closed:
/// it comes back and catches up.
const OUTGOING: usize = 1024;
/// Bytes of one packet. Above what any event may hold, so that a field too large is answered with
/// its name instead of a dropped connection.
const PACKET_BYTES: usize = 4 << 20;
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_WITHIN: Duration = Duration::from_secs(8);

const MESSAGEPACK_PATH: &str = "/socket.io-msgpack";

/// The layers that serve Socket.IO, and the handles to end it. The parser is a server's own, so
/// there are two of them; the rooms are the same.
pub(crate) struct Servers {
    /// Under `/socket.io/`.
    pub json: (SocketIoLayer, SocketIo),
    /// Under `/socket.io-msgpack/`, for `socket.io-msgpack-parser`.
    pub messagepack: (SocketIoLayer, SocketIo),
}

/// Sets both up.
pub(crate) fn servers(app: App) -> Servers {
    let (json_layer, json) = builder(app.clone()).build_layer();
    json.ns(NAMESPACE, (async |_: SocketRef| {}).with(authenticate::<_, false>));
    let messagepack = builder(app).with_parser(ParserConfig::msgpack()).req_path(MESSAGEPACK_PATH);
    let (messagepack_layer, messagepack) = messagepack.build_layer();
    messagepack.ns(NAMESPACE, (async |_: SocketRef| {}).with(authenticate::<_, true>));
    Servers { json: (json_layer, json), messagepack: (messagepack_layer, messagepack) }
}

fn builder(app: App) -> SocketIoBuilder {
    SocketIo::builder()
        .max_buffer_size(OUTGOING)
        .max_payload(PACKET_BYTES as u64)
        .ws_max_message_size(PACKET_BYTES)
        .ping_interval(PING_EVERY)
        .ping_timeout(PONG_WITHIN)
        .with_state(app)
}
