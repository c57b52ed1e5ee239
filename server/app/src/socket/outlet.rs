//! The way out to one Socket.IO socket.

use super::{broadcaster, engine_session::EngineSession};
use crate::room::{Full, Outgoing, Outlet};
use socketioxide::{SendError, SocketError, adapter::Adapter, extract::SocketRef};
use std::sync::Arc;
use studyrooms_domain::rooms::AddressHash;
use studyrooms_protocol::ids::RoomId;
use tokio::sync::Notify;

pub(super) struct SocketOutlet<A: Adapter> {
    pub socket: SocketRef<A>,
    pub session: Arc<EngineSession>,
    /// Which parser its server has.
    pub messagepack: bool,
    /// Where it comes from.
    pub address: Option<AddressHash>,
}

impl<A: Adapter> Outlet for SocketOutlet<A> {
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full> {
        let payload = outgoing.event.len() + outgoing.encoded_bytes(self.messagepack);
        self.session.queue(payload)?;
        let sent = if self.messagepack {
            self.socket.emit(outgoing.event, outgoing.value())
        } else {
            self.socket.emit(outgoing.event, &outgoing.body)
        };
        match sent {
            Err(SendError::Socket(SocketError::InternalChannelFull)) => Err(self.session.overflows()),
            Ok(()) => Ok(()),
            Err(SendError::Socket(SocketError::Closed)) => {
                self.session.unqueue(payload);
                Ok(())
            }
            Err(SendError::Serialize(error)) => {
                self.session.unqueue(payload);
                tracing::error!(%error, event = outgoing.event, "an event could not be encoded");
                Ok(())
            }
        }
    }

    fn queued_bytes(&self) -> usize {
        self.session.queued()
    }

    fn wake_when_read(&self, below: usize, waker: &Arc<Notify>) {
        self.session.wake_when_read(below, waker);
    }

    fn stands_still(&self) -> bool {
        self.session.stands_still()
    }

    fn enter(&self, room_id: &RoomId) {
        self.socket.join(broadcaster::room(room_id));
    }

    fn exit(&self, room_id: &RoomId) {
        self.socket.leave(broadcaster::room(room_id));
    }

    fn reached_by(&self) -> Option<String> {
        let host = self.socket.req_parts().headers.get(http::header::HOST)?;
        host.to_str().ok().map(str::to_owned)
    }

    fn address(&self) -> Option<AddressHash> {
        self.address.clone()
    }

    /// Who does not read would not read the goodbye either, and there is no place for it in a full queue.
    fn close(&self) {
        let is_slow = self.session.has_overflown();
        if is_slow || matches!(self.socket.clone().disconnect(), Err(SocketError::InternalChannelFull)) {
            self.session.end();
        }
    }
}
