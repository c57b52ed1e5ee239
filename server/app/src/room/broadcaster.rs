//! Ephemeral events to the sockets of a room on every instance: they are never stored and may be lost.

use super::Outgoing;
use studyrooms_protocol::ids::{RoomId, SocketId};

/// Reaches sockets wherever they are connected. Never blocks; what does not fit into a socket's
/// queue is lost for that socket.
pub trait Broadcaster: Send + Sync {
    /// Sends to all sockets that entered a room (`Outlet::enter`), but one.
    fn send_to_room(&self, room_id: &RoomId, except: Option<&SocketId>, outgoing: &Outgoing);
    /// Sends to one socket.
    fn send_to_socket(&self, socket_id: &SocketId, outgoing: &Outgoing);
}
