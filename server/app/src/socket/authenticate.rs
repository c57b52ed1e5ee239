//! Who may connect. Runs before CONNECT is answered, without waiting for anything, so that no
//! early event is lost. No store is called for a socket that has no valid token.

use super::{
    ack::{Ack, WantsAck, send_by},
    argument::{self, Arguments},
    broadcaster,
    engine_session::EngineSession,
    inbox::{self, Caller, Inbox, Packet},
    outlet::SocketOutlet,
};
use crate::{app::App, auth::TokenError, http, room::Outlet};
use socketioxide::{
    adapter::Adapter,
    extract::{AckSender, Event, SocketRef, State},
    handler::FromConnectParts,
    socket::{DisconnectReason, Socket},
};
use socketioxide_core::Value;
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use studyrooms_domain::limits::Limited;
use studyrooms_protocol::{auth::SocketAuth, error::ErrorCode};

/// What a client shows when it connects; none when that cannot be read.
pub(super) struct Credentials(Option<SocketAuth>);

impl<A: Adapter> FromConnectParts<A> for Credentials {
    type Error = Infallible;

    fn from_connect_parts(_: &Arc<Socket<A>>, auth: &Option<Value>) -> Result<Self, Infallible> {
        let auth = argument::only(auth.as_ref()).ok();
        Ok(Self(auth.and_then(|auth| serde_json::from_str(auth.get()).ok())))
    }
}

static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

/// Checks the token and sets up the socket's inbox.
///
/// # Errors
/// The code alone, which becomes the message of `connect_error`.
pub(super) async fn authenticate<A: Adapter, const MESSAGEPACK: bool>(
    socket: SocketRef<A>,
    Credentials(auth): Credentials,
    State(app): State<App>,
) -> Result<(), ErrorCode> {
    // The library keeps what came with the request that opened the session.
    let session = socket.req_parts().extensions.get::<Arc<EngineSession>>().cloned().ok_or(ErrorCode::Internal)?;
    let auth = auth.ok_or(ErrorCode::Unauthorized)?;
    let now = app.system.clock.now();
    let bearer = app.access_tokens.verify(&auth.token, now).map_err(|error| match error {
        TokenError::Expired => ErrorCode::TokenExpired,
        TokenError::Invalid => ErrorCode::Unauthorized,
    })?;
    let taken = app.connects.take_now(Limited::Connect, bearer.user_id.as_str());
    taken.map_err(|_| ErrorCode::RateLimited)?;
    let address = http::hashed(socket.req_parts(), &app);
    let outlet: Arc<dyn Outlet> =
        Arc::new(SocketOutlet { socket: socket.clone(), session: session.clone(), messagepack: MESSAGEPACK, address });
    session.join(&outlet);
    let caller = Caller {
        socket_id: app.socket_ids.of(&bearer.user_id, auth.session.as_deref(), &*app.system.random),
        connection: CONNECTIONS.fetch_add(1, Ordering::Relaxed),
        bearer,
        outlet,
    };
    socket.join([broadcaster::user(&caller.bearer.user_id), broadcaster::socket(&caller.socket_id)]);
    tracing::debug!(socket = %caller.socket_id, user = %caller.bearer.user_id, "connected");
    let inbox = inbox::open(app.clone(), caller);
    listen::<A, MESSAGEPACK>(&socket, inbox, session);
    Ok(())
}

/// Characters of an event's name that are said back. No event has a name that long.
const NAME_CHARACTERS: usize = 64;

fn shortened(event: &str) -> String {
    event.chars().take(NAME_CHARACTERS).collect()
}

/// All is registered before CONNECT is sent: a client may emit at once.
fn listen<A: Adapter, const MESSAGEPACK: bool>(socket: &SocketRef<A>, inbox: Inbox, session: Arc<EngineSession>) {
    let (packets, of_packets) = (inbox.clone(), session.clone());
    // One handler for every name, and its work is done before it returns a future: handlers that
    // wait are spawned, and would overtake one another. The socket keeps its handlers, so none of them
    // may keep the socket: it would never be freed.
    socket.on_fallback(
        move |socket: SocketRef<A>,
              Event(event): Event,
              arguments: Arguments,
              wants: WantsAck,
              sender: AckSender<A>| {
            let session = of_packets.clone();
            let send = send_by::<A, MESSAGEPACK>(sender, session.clone());
            let outlet = Arc::new(SocketOutlet { socket, session, messagepack: MESSAGEPACK, address: None });
            let ack = Ack::new(shortened(&event), wants, send, outlet);
            match arguments.payload(&event) {
                Ok(payload) => packets.push(Packet { event, payload, ack }),
                Err(refusal) => ack.refuse(refusal),
            }
            async {}
        },
    );
    socket.on_disconnect(move |reason: DisconnectReason| {
        inbox.close(reason == DisconnectReason::ClientNSDisconnect);
        session.leave();
        async {}
    });
}
