//! To everyone in a room on every instance, for what is never stored and may be lost.

use super::Outgoing;
use studyrooms_protocol::ids::{RoomId, SocketId};

/// Reaches sockets wherever they are connected. Never blocks; what does not fit into a socket's
/// queue is lost for that socket.
pub trait Loudspeaker: Send + Sync {
    /// Tells all sockets that entered a room (`Outlet::enter`), but one.
    fn tell_room(&self, room_id: &RoomId, except: Option<&SocketId>, outgoing: &Outgoing);
    /// Tells one socket.
    fn tell_socket(&self, socket_id: &SocketId, outgoing: &Outgoing);
}
