//! What can be asked of a live room.

use super::{ConnectionId, Outlet, Reply};
use serde_json::Value;
use std::sync::Arc;
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    Seq,
    board::{Draw, DrawAck, MoveCursor},
    call::{Media, SignalUser},
    chat::{MessageAck, PostMessage},
    events::Done,
    ids::{SocketId, UserId},
    rooms::{Joined, Role, SyncRoom, Synced},
};
use tokio::sync::oneshot;

/// A socket that comes in. The door has admitted it.
pub struct Entering {
    /// Its public id.
    pub socket_id: SocketId,
    /// Its present connection.
    pub connection: ConnectionId,
    /// The way to it.
    pub outlet: Arc<dyn Outlet>,
    /// Who.
    pub user_id: UserId,
    /// As shown in this room.
    pub name: String,
    /// As the room gave it.
    pub role: Role,
    /// What the client has of the room log.
    pub chat_seq: Option<Seq>,
    /// What the client has of the board log.
    pub board_seq: Option<Seq>,
}

/// Who says something.
pub enum Speaker {
    /// A socket that is in the room.
    Socket(SocketId),
    /// A member, by HTTP.
    Member {
        /// Who.
        user_id: UserId,
        /// As in the profile.
        name: String,
        /// As the room gave it.
        role: Role,
    },
}

/// What is signalled.
pub enum SignalBody {
    /// `signal:offer`.
    Offer(Value),
    /// `signal:answer`.
    Answer(Value),
    /// `signal:ice`.
    Candidate(Value),
}

/// Something for one socket alone.
pub struct Signal {
    /// Who signals.
    pub from: SocketId,
    /// To whom.
    pub to: SocketId,
    /// What.
    pub body: Arc<SignalBody>,
}

/// A request to a live room; carried out in the order they come.
pub enum Command {
    /// Come in, or come back.
    Join(Box<Entering>, Reply<Joined>),
    /// Go out.
    Leave(SocketId, Reply<Done>),
    /// Tell what came after.
    Sync(SocketId, SyncRoom, Reply<Synced>),
    /// A connection ended; its socket may come back on another one.
    Lost(SocketId, ConnectionId),
    /// Say something.
    Post(Speaker, PostMessage, Reply<MessageAck>),
    /// Start or stop typing.
    Typing(SocketId, bool, Reply<Done>),
    /// Change the board.
    Draw(SocketId, Draw, Reply<DrawAck>),
    /// Move the pointer.
    Cursor(SocketId, MoveCursor, Reply<Done>),
    /// Say what one sends.
    Media(SocketId, Media, Reply<Done>),
    /// Speak to one socket; who is not in this room is `not_in_room`.
    Signal(Signal, Reply<Done>),
    /// Store what is waiting and end.
    Drain(oneshot::Sender<()>),
}

impl Command {
    /// Answers with a refusal in place of carrying it out.
    pub fn refuse(self, refusal: Refusal) {
        match self {
            Self::Join(_, reply) => reply.send(Err(refusal)),
            Self::Sync(_, _, reply) => reply.send(Err(refusal)),
            Self::Leave(_, reply)
            | Self::Typing(_, _, reply)
            | Self::Cursor(_, _, reply)
            | Self::Media(_, _, reply)
            | Self::Signal(_, reply) => reply.send(Err(refusal)),
            Self::Post(_, _, reply) => reply.send(Err(refusal)),
            Self::Draw(_, _, reply) => reply.send(Err(refusal)),
            // Nobody waits for these, or waits for the end of the sender.
            Self::Lost(..) | Self::Drain(_) => {}
        }
    }
}

/// A participant as those who get a signal see it.
pub(super) fn signal_user(participant: &studyrooms_protocol::presence::Participant) -> SignalUser {
    SignalUser { user_id: participant.user_id.clone(), name: participant.name.clone(), role: participant.role }
}
