//! The way out to one Socket.IO socket.

use crate::room::{Full, Outgoing, Outlet};
use socketioxide::{SendError, SocketError, adapter::Adapter, extract::SocketRef};
use std::time::Duration;

/// While the queue is full even the word to disconnect does not fit; it is tried again this often.
const CLOSE_RETRY: Duration = Duration::from_millis(250);
/// After so many tries the connection's own timeouts have ended it.
const CLOSE_TRIES: u32 = 240;

pub(super) struct SocketOutlet<A: Adapter>(pub SocketRef<A>);

impl<A: Adapter> Outlet for SocketOutlet<A> {
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full> {
        match self.0.emit(outgoing.event, &outgoing.body) {
            Err(SendError::Socket(SocketError::InternalChannelFull)) => Err(Full),
            Err(SendError::Socket(SocketError::Closed)) | Ok(()) => Ok(()),
            Err(SendError::Serialize(error)) => {
                tracing::error!(%error, event = outgoing.event, "an event could not be encoded");
                Ok(())
            }
        }
    }

    fn close(&self) {
        let socket = self.0.clone();
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
