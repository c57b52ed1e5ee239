//! Broadcasts over Socket.IO's rooms: the adapter reaches the sockets of every instance. The parser
//! is a server's own, so each event is sent to both servers.

use super::NAMESPACE;
use crate::{
    room::{Broadcaster, Outgoing},
    telemetry,
};
use futures_util::{FutureExt, future::BoxFuture};
use socketioxide::{SocketIo, adapter::Adapter, operators::BroadcastOperators};
use std::sync::{Arc, OnceLock};
use studyrooms_protocol::{
    error::{ErrorCode, ErrorEvent},
    events::server,
    ids::{RoomId, SocketId, UserId},
};

/// The Socket.IO room of those who are in a room.
pub(super) fn room(room_id: &RoomId) -> String {
    format!("room:{room_id}")
}

/// That of the connections of one public id.
pub(super) fn socket(socket_id: &SocketId) -> String {
    format!("socket:{socket_id}")
}

/// That of all sockets of a person.
pub(super) fn user(user_id: &UserId) -> String {
    format!("user:{user_id}")
}

/// The Socket.IO servers of this process, once they run. Cheap to clone.
#[derive(Clone, Default)]
pub struct Sockets(Arc<OnceLock<Vec<Box<dyn Server>>>>);

/// A Socket.IO server, whatever its adapter.
pub(super) trait Server: Send + Sync {
    fn tell(&self, room: String, except: Option<String>, outgoing: &Outgoing);
    fn end(&self, room: String);
    fn close(&self) -> BoxFuture<'_, ()>;
}

pub(super) struct Io<A: Adapter> {
    pub io: SocketIo<A>,
    pub messagepack: bool,
}

impl<A: Adapter> Io<A> {
    fn within(&self, room: String) -> Option<BroadcastOperators<A>> {
        Some(self.io.of(NAMESPACE)?.within(room))
    }
}

impl<A: Adapter> Server for Io<A> {
    fn tell(&self, room: String, except: Option<String>, outgoing: &Outgoing) {
        let Some(mut audience) = self.within(room) else { return };
        if let Some(except) = except {
            audience = audience.except(except);
        }
        // An adapter that had to wait would hold up a room: then it is lost.
        let told = if self.messagepack {
            audience.emit(outgoing.event, outgoing.value()).now_or_never()
        } else {
            audience.emit(outgoing.event, &outgoing.body).now_or_never()
        };
        if !matches!(told, Some(Ok(()))) {
            telemetry::ephemeral_dropped();
        }
    }

    fn end(&self, room: String) {
        if let Some(audience) = self.within(room)
            && !matches!(audience.disconnect().now_or_never(), Some(Ok(())))
        {
            tracing::warn!("some sockets may not have been ended");
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.io.close().boxed()
    }
}

impl Sockets {
    /// The servers run.
    pub(super) fn run(&self, servers: Vec<Box<dyn Server>>) {
        if self.0.set(servers).is_err() {
            tracing::error!("the sockets are served already");
        }
    }

    fn servers(&self) -> impl Iterator<Item = &dyn Server> {
        self.0.get().into_iter().flatten().map(|server| &**server)
    }

    /// Ends all connections to this process; clients may come back, to it or another one.
    pub(crate) async fn close(&self) {
        futures_util::future::join_all(self.servers().map(Server::close)).await;
    }

    /// Ends all sockets of `user_id` on every instance, who must sign in again.
    pub(crate) fn sign_out(&self, user_id: &UserId) {
        let error = ErrorEvent {
            code: ErrorCode::Unauthorized,
            message: "signed out everywhere; sign in again".into(),
            event: None,
            retry_after_ms: None,
        };
        let goodbye = Outgoing::new(server::ERROR, &error);
        for server in self.servers() {
            server.tell(user(user_id), None, &goodbye);
            server.end(user(user_id));
        }
    }
}

impl Broadcaster for Sockets {
    fn send_to_room(&self, room_id: &RoomId, except: Option<&SocketId>, outgoing: &Outgoing) {
        self.servers().for_each(|server| server.tell(room(room_id), except.map(socket), outgoing));
    }

    fn send_to_socket(&self, socket_id: &SocketId, outgoing: &Outgoing) {
        self.servers().for_each(|server| server.tell(socket(socket_id), None, outgoing));
    }
}
