//! The way out to one Socket.IO socket.

use super::loudspeaker;
use crate::room::{Full, Outgoing, Outlet};
use socketioxide::{SendError, SocketError, adapter::Adapter, extract::SocketRef};
use std::time::Duration;
use studyrooms_domain::rooms::AddressHash;
use studyrooms_protocol::ids::RoomId;

/// While the queue is full even the word to disconnect does not fit; it is tried again this often.
const CLOSE_RETRY: Duration = Duration::from_millis(250);
/// After so many tries the connection's own timeouts have ended it.
const CLOSE_TRIES: u32 = 240;

pub(super) struct SocketOutlet<A: Adapter> {
    pub socket: SocketRef<A>,
    /// Which parser its server has.
    pub messagepack: bool,
    /// Where it comes from.
    pub address: Option<AddressHash>,
}

impl<A: Adapter> Outlet for SocketOutlet<A> {
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full> {
        let sent = if self.messagepack {
            self.socket.emit(outgoing.event, outgoing.value())
        } else {
            self.socket.emit(outgoing.event, &outgoing.body)
        };
        match sent {
            Err(SendError::Socket(SocketError::InternalChannelFull)) => Err(Full),
            Err(SendError::Socket(SocketError::Closed)) | Ok(()) => Ok(()),
            Err(SendError::Serialize(error)) => {
                tracing::error!(%error, event = outgoing.event, "an event could not be encoded");
                Ok(())
            }
        }
    }

    fn enter(&self, room_id: &RoomId) {
        self.socket.join(loudspeaker::room(room_id));
    }

    fn exit(&self, room_id: &RoomId) {
        self.socket.leave(loudspeaker::room(room_id));
    }

    fn reached_by(&self) -> Option<String> {
        let host = self.socket.req_parts().headers.get(http::header::HOST)?;
        host.to_str().ok().map(str::to_owned)
    }

    fn address(&self) -> Option<AddressHash> {
        self.address.clone()
    }

    fn close(&self) {
        let socket = self.socket.clone();
        tokio::spawn(async move {
            for _ in 0..CLOSE_TRIES {
                match socket.clone().disconnect() {
                    Err(SocketError::InternalChannelFull) => tokio::time::sleep(CLOSE_RETRY).await,
                    Ok(()) | Err(SocketError::Closed) => return,
                }
            }
        });
    }
}
