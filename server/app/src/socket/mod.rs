//! Sockets: the namespace `/rooms`, who may connect, and each socket's ordered inbox (docs/PROTOCOL.md).

mod ack;
mod argument;
mod authenticate;
mod broadcaster;
mod dispatch;
mod driver;
mod engine;
mod engine_session;
mod frames;
mod gate;
mod inbox;
mod messagepack;
mod nesting;
mod outlet;
mod rooms;

pub use broadcaster::Sockets;

use crate::app::App;
use authenticate::authenticate;
use axum::Router;
use broadcaster::{Io, Server};
use driver::PubSubDriver;
use engine::{Engine, NoOther};
use engine_session::{EngineSessions, JOIN_WITHIN};
use gate::Gate;
use socketioxide::{
    ParserConfig, SocketIo, SocketIoBuilder, adapter::Adapter, extract::SocketRef, handler::ConnectHandler,
};
use socketioxide_redis::{CustomRedisAdapter, InitError, RedisAdapterConfig, RedisAdapterCtr};
use std::{sync::Arc, time::Duration};
use studyrooms_domain::{rules::FRAME_BYTES, store::StoreError};

pub(crate) const NAMESPACE: &str = "/rooms";

/// Packets that wait for one socket to read them. A socket that falls further behind is closed:
/// it comes back and catches up.
const OUTGOING: usize = 4096;
/// What other instances told and was not yet passed on; what comes beyond is lost.
const HEARD: usize = 4096;
/// Attachments of one packet, which are counted with it.
const ATTACHMENTS: usize = 16;
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_WITHIN: Duration = Duration::from_secs(8);

const JSON_PATH: &str = "/socket.io";
const MESSAGEPACK_PATH: &str = "/socket.io-msgpack";

/// Puts Socket.IO before `router`, under `/socket.io/` and, for `socket.io-msgpack-parser`, under
/// `/socket.io-msgpack/`. The parser is a server's own, so there are two of them; the rooms are the
/// same. Where there can be other instances, socketioxide's Redis adapter reaches their sockets too.
///
/// # Errors
/// The channels of the other instances cannot be subscribed to.
pub(crate) async fn serve(router: Router, app: &App) -> Result<Router, StoreError> {
    let common = ParserConfig::common().max_incoming_binaries(ATTACHMENTS).max_incoming_binary_buf_size(FRAME_BYTES);
    let json = builder(app.clone(), JSON_PATH).with_parser(common);
    let messagepack = builder(app.clone(), MESSAGEPACK_PATH).with_parser(ParserConfig::msgpack());
    let pubsub = app.live_rooms.coordination().pubsub;
    let engines = if pubsub.is_shared() {
        let adapter = |prefix| {
            let config = RedisAdapterConfig::new().with_prefix(prefix).with_stream_buffer(HEARD);
            RedisAdapterCtr::new_with_driver(PubSubDriver(pubsub.clone()), config)
        };
        let (json_service, json) = json.with_adapter::<Shared<_>>(adapter("json")).build_with_inner_svc(NoOther);
        let (messagepack_service, messagepack) =
            messagepack.with_adapter::<Shared<_>>(adapter("messagepack")).build_with_inner_svc(NoOther);
        json.ns(NAMESPACE, connected.with(authenticate::<_, false>)).await.map_err(not_subscribed)?;
        messagepack.ns(NAMESPACE, connected.with(authenticate::<_, true>)).await.map_err(not_subscribed)?;
        run(app, json, messagepack);
        [Engine::new(JSON_PATH, json_service), Engine::new(MESSAGEPACK_PATH, messagepack_service)]
    } else {
        let (json_service, json) = json.build_with_inner_svc(NoOther);
        let (messagepack_service, messagepack) = messagepack.build_with_inner_svc(NoOther);
        json.ns(NAMESPACE, connected.with(authenticate::<_, false>));
        messagepack.ns(NAMESPACE, connected.with(authenticate::<_, true>));
        run(app, json, messagepack);
        [Engine::new(JSON_PATH, json_service), Engine::new(MESSAGEPACK_PATH, messagepack_service)]
    };
    let sessions = EngineSessions::default();
    let [json, messagepack] = engines.map(Arc::new);
    let router = Gate::new(app.clone(), json, sessions.clone(), false).before(router);
    Ok(Gate::new(app.clone(), messagepack, sessions, true).before(router))
}

/// An adapter over pub/sub.
type Shared<E> = CustomRedisAdapter<E, PubSubDriver>;

/// All is set up before a socket is connected.
async fn connected<A: Adapter>(_: SocketRef<A>) {}

fn run<A: Adapter>(app: &App, json: SocketIo<A>, messagepack: SocketIo<A>) {
    let servers = [Io { io: json, messagepack: false }, Io { io: messagepack, messagepack: true }];
    app.sockets.run(servers.into_iter().map(|io| Box::new(io) as Box<dyn Server>).collect());
}

fn not_subscribed(error: InitError<PubSubDriver>) -> StoreError {
    match error {
        InitError::Driver(error) => error,
        InitError::MalformedNamespace => StoreError::Corrupt("the name of the namespace".into()),
    }
}

fn builder(app: App, path: &'static str) -> SocketIoBuilder {
    SocketIo::builder()
        .req_path(path)
        .max_buffer_size(OUTGOING)
        .max_payload(FRAME_BYTES as u64)
        .ws_max_message_size(FRAME_BYTES)
        .ws_max_frame_size(FRAME_BYTES)
        .connect_timeout(JOIN_WITHIN)
        .ping_interval(PING_EVERY)
        .ping_timeout(PONG_WITHIN)
        .with_state(app)
}
