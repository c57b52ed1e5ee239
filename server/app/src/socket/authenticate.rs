//! Who may connect. Runs before CONNECT is answered, without waiting for anything, so that no
//! early event is lost. No store is called for a socket that has no valid token.

use super::{
    ack::{Ack, WantsAck},
    argument::FirstArgument,
    inbox::{self, Caller, Inbox, Packet},
    outlet::SocketOutlet,
};
use crate::{app::App, auth::TokenError, room::Outlet};
use socketioxide::{
    adapter::Adapter,
    extract::{AckSender, Event, SocketRef, State, TryData},
    socket::DisconnectReason,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use studyrooms_domain::Refusal;
use studyrooms_protocol::{auth::SocketAuth, error::ErrorCode};

static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

/// Checks the token and sets up the socket's inbox.
///
/// # Errors
/// The code alone, which becomes the message of `connect_error`.
pub(super) async fn authenticate<A: Adapter>(
    socket: SocketRef<A>,
    TryData(auth): TryData<SocketAuth>,
    State(app): State<App>,
) -> Result<(), ErrorCode> {
    let auth = auth.map_err(|_| ErrorCode::Unauthorized)?;
    let now = app.outside.clock.now();
    let bearer = app.access_tokens.verify(&auth.token, now).map_err(|error| match error {
        TokenError::Expired => ErrorCode::TokenExpired,
        TokenError::Invalid => ErrorCode::Unauthorized,
    })?;
    let outlet: Arc<dyn Outlet> = Arc::new(SocketOutlet(socket.clone()));
    let caller = Caller {
        socket_id: app.socket_ids.of(&bearer.user_id, auth.session.as_deref(), &*app.outside.random),
        connection: CONNECTIONS.fetch_add(1, Ordering::Relaxed),
        bearer,
        outlet: outlet.clone(),
    };
    tracing::debug!(socket = %caller.socket_id, user = %caller.bearer.user_id, "connected");
    let inbox = inbox::open(app, caller);
    listen(&socket, inbox, outlet);
    Ok(())
}

fn listen<A: Adapter>(socket: &SocketRef<A>, inbox: Inbox, outlet: Arc<dyn Outlet>) {
    let packets = inbox.clone();
    // One handler for every name, and its work is done before it returns a future: handlers that
    // wait are spawned, and would overtake one another.
    socket.on_fallback(
        move |Event(event): Event, TryData(argument): TryData<FirstArgument>, wants: WantsAck, sender: AckSender<A>| {
            let ack = Ack::new(event.clone(), wants, sender, outlet.clone());
            match argument {
                Ok(FirstArgument(Some(payload))) => packets.push(Packet { event, payload, ack }),
                Ok(FirstArgument(None)) | Err(_) => {
                    ack.refuse(Refusal::new(ErrorCode::BadRequest, "payload: expected one JSON object"))
                }
            }
            async {}
        },
    );
    socket.on_disconnect(move |reason: DisconnectReason| {
        inbox.close(reason == DisconnectReason::ClientNSDisconnect);
        async {}
    });
}
