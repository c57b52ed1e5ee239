//! What reaches a live room.

use super::{ConnectionId, Outgoing, Outlet, Reply, Request};
use serde_json::Value;
use std::sync::Arc;
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    Seq, Timestamp,
    error::ErrorEvent,
    events::server,
    ids::{SocketId, UserId},
    rooms::{Joined, Role},
};
use tokio::sync::oneshot;

/// A socket that comes in.
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
    /// Where their picture is.
    pub avatar_url: Option<String>,
    /// As it was when the door was asked.
    pub role: Role,
    /// Since when they are a member.
    pub since: Timestamp,
    /// Why the door does not open, for who is not in the room already.
    pub refused: Option<Refusal>,
    /// Whether the name looks like that of a moderator who is someone else.
    pub resembles_moderator: bool,
    /// How far they have read.
    pub read: Seq,
    /// What the client has of the room log.
    pub chat_seq: Option<Seq>,
    /// What the client has of the board log.
    pub board_seq: Option<Seq>,
}

/// A socket at the door of a room whose moderators let people in.
pub struct Knocking {
    /// Its public id.
    pub socket_id: SocketId,
    /// Its present connection.
    pub connection: ConnectionId,
    /// The way to it.
    pub outlet: Arc<dyn Outlet>,
    /// Who.
    pub user_id: UserId,
    /// As moderators see it.
    pub name: String,
    /// Whether they have no account.
    pub guest: bool,
}

impl Knocking {
    /// Tells them that nobody will let them in, and why.
    fn turn_away(&self, refusal: Refusal) {
        let Refusal { code, message, .. } = refusal;
        let turned_away = ErrorEvent { code, message, event: Some("joinRoom".into()), retry_after_ms: None };
        if self.outlet.emit(&Outgoing::new(server::ERROR, &turned_away)).is_err() {
            self.outlet.close();
        }
    }
}

/// Who does something.
pub enum Actor {
    /// A socket, which must be in the room on this very connection.
    Socket(SocketId, ConnectionId),
    /// A member, by HTTP.
    Member(Box<Acting>),
}

/// Someone who does something, as the room knows them.
#[derive(Clone)]
pub struct Acting {
    /// Who.
    pub user_id: UserId,
    /// As shown.
    pub name: String,
    /// As the room gave it.
    pub role: Role,
    /// Since when they are in the room or, by HTTP, a member.
    pub since: Timestamp,
    /// On which socket; none by HTTP.
    pub socket_id: Option<SocketId>,
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
    /// To whom.
    pub to: SocketId,
    /// What.
    pub body: Arc<SignalBody>,
}

/// What a live room is told or asked; taken in the order it comes.
pub enum Command {
    /// Come in, or come back.
    Join(Box<Entering>, Reply<Joined>),
    /// Wait at the door.
    Knock(Box<Knocking>),
    /// A connection ended; its socket may come back on another one.
    Lost(SocketId, ConnectionId),
    /// Something to be done by someone.
    Act(Actor, Request),
    /// Store what is waiting and end.
    Drain(oneshot::Sender<()>),
}

impl Command {
    /// The positions of both logs that the one who asks says to know.
    pub(super) fn known(&self) -> Option<(Seq, Seq)> {
        match self {
            Self::Join(entering, _) => {
                Some((entering.chat_seq.unwrap_or_default(), entering.board_seq.unwrap_or_default()))
            }
            Self::Act(_, Request::Sync(sync, _)) => Some((sync.chat_seq, sync.board_seq.unwrap_or_default())),
            _ => None,
        }
    }

    /// Who asks, in the role that was looked up for them outside the room.
    pub(super) fn looked_up(&self) -> Option<(&UserId, Role)> {
        match self {
            Self::Join(entering, _) => Some((&entering.user_id, entering.role)),
            Self::Act(Actor::Member(acting), _) => Some((&acting.user_id, acting.role)),
            _ => None,
        }
    }

    /// Answers with a refusal in place of carrying it out.
    pub fn refuse(self, refusal: Refusal) {
        match self {
            Self::Join(_, reply) => reply.send(Err(refusal)),
            Self::Act(_, request) => request.refuse(refusal),
            Self::Knock(knocking) => knocking.turn_away(refusal),
            // Nobody waits for these, or waits for the end of the sender.
            Self::Lost(..) | Self::Drain(_) => {}
        }
    }
}
