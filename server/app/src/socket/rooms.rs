//! Into rooms and out of them.

use super::{ack::Ack, dispatch::SocketSession};
use crate::{
    membership,
    room::{Command, Entering, Knocking, Request},
};
use studyrooms_domain::{Refusal, auth::valid_name, avatars};
use studyrooms_protocol::{
    error::ErrorCode,
    events::Done,
    ids::{RoomId, RoomRef},
    rooms::{JoinRoom, Role},
};

/// What a join leads to.
enum Joining {
    Enter(RoomId, Box<Entering>),
    /// The waiting room; what the socket is told.
    Wait(RoomId, Box<Knocking>, Refusal),
}

impl SocketSession {
    pub(super) async fn join(&mut self, join: JoinRoom, ack: Ack) {
        match self.entering(join).await {
            Ok(Joining::Enter(room_id, entering)) => {
                let command = Command::Join(entering, ack.into_reply());
                self.app.live_rooms.send(&room_id, command).await;
            }
            Ok(Joining::Wait(room_id, knocking, refusal)) => {
                // Before the room can let them in: whoever hears that knows that they wait.
                ack.refuse(refusal);
                self.app.live_rooms.send(&room_id, Command::Knock(knocking)).await;
            }
            Err(refusal) => ack.refuse(refusal),
        }
    }

    async fn entering(&mut self, join: JoinRoom) -> Result<Joining, Refusal> {
        let JoinRoom { room_id, name, role: _, chat_seq, board_seq } = join;
        let name = name.map(|name| valid_name("name", &name)).transpose()?;
        let address = self.caller.outlet.address();
        let (applicant, admitted) = membership::admit(&self.app, &self.caller.bearer, &room_id, address).await?;
        let (admission, refused) = match admitted {
            Ok(admission) => (admission, None),
            Err(refusal) if refusal.code == ErrorCode::WaitingForAdmission => {
                return Ok(self.waiting(applicant, name, refusal));
            }
            // Who is in the room already may be back on another connection: the room knows.
            Err(refusal) => (applicant.back().ok_or_else(|| refusal.clone())?, Some(refusal)),
        };
        self.rooms.insert(admission.room.room_id.clone(), admission.room.code.clone());
        let name = name.unwrap_or_else(|| admission.user.name.clone());
        let resembles_moderator =
            admission.role < Role::Mod && membership::is_moderators_name(&self.app, &admission, &name).await?;
        let room_ids = [admission.room.room_id.clone()];
        let markers = self.app.stores.read_markers.of_user(&admission.user.user_id, &room_ids).await?;
        let entering = Entering {
            read: markers.first().map_or(0, |marker| marker.seq),
            socket_id: self.caller.socket_id.clone(),
            connection: self.caller.connection,
            outlet: self.caller.outlet.clone(),
            user_id: self.caller.bearer.user_id.clone(),
            avatar_url: avatars::url(&admission.user),
            name,
            resembles_moderator,
            role: admission.role,
            since: admission.since,
            refused,
            chat_seq,
            board_seq,
        };
        Ok(Joining::Enter(admission.room.room_id, Box::new(entering)))
    }

    /// The room is noted, so that it is told when the socket ends.
    fn waiting(&mut self, applicant: membership::Applicant, name: Option<String>, refusal: Refusal) -> Joining {
        let membership::Applicant { room, user, .. } = applicant;
        let guest = user.is_guest();
        let (socket_id, connection) = (self.caller.socket_id.clone(), self.caller.connection);
        let (outlet, name) = (self.caller.outlet.clone(), name.unwrap_or(user.name));
        let knocking = Knocking { socket_id, connection, outlet, user_id: user.user_id, name, guest };
        self.rooms.insert(room.room_id.clone(), room.code);
        Joining::Wait(room.room_id, Box::new(knocking), refusal)
    }

    pub(super) async fn leave(&mut self, room: &RoomRef, ack: Ack) {
        match self.joined(room) {
            Ok(room_id) => {
                self.rooms.remove(&room_id);
                let command = Command::Act(self.actor(), Request::Leave((), ack.into_reply()));
                self.app.live_rooms.send(&room_id, command).await;
            }
            Err(refusal) => ack.refuse(refusal),
        }
    }

    /// The connection ended: with a goodbye its socket leaves at once, else it may come back.
    pub(super) async fn leave_all(self, goodbye: bool) {
        for room_id in self.rooms.keys() {
            if goodbye {
                // A socket the room had refused is not in it: then there is nothing to leave.
                let left: Result<Done, Refusal> = self.answer_of(room_id, |reply| Request::Leave((), reply)).await;
                drop(left);
            }
            // Also of a socket that waits at the door.
            let lost = Command::Lost(self.caller.socket_id.clone(), self.caller.connection);
            self.app.live_rooms.send(room_id, lost).await;
        }
    }
}
