//! Sockets: the namespace `/rooms`, who may connect, and each socket's ordered inbox (DESIGN 4).

mod ack;
mod argument;
mod authenticate;
mod dispatch;
mod inbox;
mod outlet;
mod rooms;

use crate::app::App;
use authenticate::authenticate;
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler, layer::SocketIoLayer};
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

/// The layer that serves Socket.IO under `/socket.io/`, and the handle to end it.
pub(crate) fn layer(app: App) -> (SocketIoLayer, SocketIo) {
    let (layer, io) = SocketIo::builder()
        .max_buffer_size(OUTGOING)
        .max_payload(PACKET_BYTES as u64)
        .ws_max_message_size(PACKET_BYTES)
        .ping_interval(PING_EVERY)
        .ping_timeout(PONG_WITHIN)
        .with_state(app)
        .build_layer();
    // All is registered by the middleware, before CONNECT is sent: a client may emit at once.
    io.ns(NAMESPACE, (async |_: SocketRef| {}).with(authenticate));
    (layer, io)
}
