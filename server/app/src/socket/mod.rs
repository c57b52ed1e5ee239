//! Sockets: the namespace `/rooms`, who may connect, and each socket's ordered inbox (DESIGN 4).

mod ack;
mod argument;
mod authenticate;
mod dispatch;
mod driver;
mod inbox;
mod loudspeaker;
mod messagepack;
mod outlet;
mod rooms;

pub use loudspeaker::Sockets;

use crate::app::App;
use authenticate::authenticate;
use axum::Router;
use driver::RelayDriver;
use loudspeaker::{Io, Server};
use socketioxide::{
    ParserConfig, SocketIo, SocketIoBuilder, adapter::Adapter, extract::SocketRef, handler::ConnectHandler,
};
use socketioxide_redis::{CustomRedisAdapter, InitError, RedisAdapterConfig, RedisAdapterCtr};
use std::time::Duration;
use studyrooms_domain::store::StoreError;

pub(crate) const NAMESPACE: &str = "/rooms";

/// Packets that wait for one socket to read them. A socket that falls further behind is closed:
/// it comes back and catches up.
const OUTGOING: usize = 1024;
/// What other instances told and was not yet passed on; what comes beyond is lost.
const HEARD: usize = 4096;
/// Bytes of one packet. Above what any event may hold, so that a field too large is answered with
/// its name instead of a dropped connection.
const PACKET_BYTES: usize = 4 << 20;
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_WITHIN: Duration = Duration::from_secs(8);

const MESSAGEPACK_PATH: &str = "/socket.io-msgpack";

/// Puts Socket.IO before `router`, under `/socket.io/` and, for `socket.io-msgpack-parser`, under
/// `/socket.io-msgpack/`. The parser is a server's own, so there are two of them; the rooms are the
/// same. Where there can be other instances, socketioxide's Redis adapter reaches their sockets too.
///
/// # Errors
/// The other instances cannot be heard.
pub(crate) async fn serve(router: Router, app: &App) -> Result<Router, StoreError> {
    let (json, messagepack) = (builder(app.clone()), builder(app.clone()));
    let messagepack = messagepack.with_parser(ParserConfig::msgpack()).req_path(MESSAGEPACK_PATH);
    let relay = app.hot_rooms.coordination().relay;
    if relay.is_shared() {
        let adapter = |prefix| {
            let config = RedisAdapterConfig::new().with_prefix(prefix).with_stream_buffer(HEARD);
            RedisAdapterCtr::new_with_driver(RelayDriver(relay.clone()), config)
        };
        let (json_layer, json) = json.with_adapter::<Shared<_>>(adapter("json")).build_layer();
        let (messagepack_layer, messagepack) =
            messagepack.with_adapter::<Shared<_>>(adapter("messagepack")).build_layer();
        json.ns(NAMESPACE, connected.with(authenticate::<_, false>)).await.map_err(unheard)?;
        messagepack.ns(NAMESPACE, connected.with(authenticate::<_, true>)).await.map_err(unheard)?;
        run(app, json, messagepack);
        Ok(router.layer(json_layer).layer(messagepack_layer))
    } else {
        let (json_layer, json) = json.build_layer();
        let (messagepack_layer, messagepack) = messagepack.build_layer();
        json.ns(NAMESPACE, connected.with(authenticate::<_, false>));
        messagepack.ns(NAMESPACE, connected.with(authenticate::<_, true>));
        run(app, json, messagepack);
        Ok(router.layer(json_layer).layer(messagepack_layer))
    }
}

/// An adapter over the relay.
type Shared<E> = CustomRedisAdapter<E, RelayDriver>;

/// All is set up before a socket is connected.
async fn connected<A: Adapter>(_: SocketRef<A>) {}

fn run<A: Adapter>(app: &App, json: SocketIo<A>, messagepack: SocketIo<A>) {
    let servers = [Io { io: json, messagepack: false }, Io { io: messagepack, messagepack: true }];
    app.sockets.run(servers.into_iter().map(|io| Box::new(io) as Box<dyn Server>).collect());
}

fn unheard(error: InitError<RelayDriver>) -> StoreError {
    match error {
        InitError::Driver(error) => error,
        InitError::MalformedNamespace => StoreError::Corrupt("the name of the namespace".into()),
    }
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
