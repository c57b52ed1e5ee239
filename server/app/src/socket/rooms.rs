//! Into rooms and out of them.

use super::{ack::Ack, dispatch::Door};
use crate::{
    membership,
    room::{Command, Entering},
};
use studyrooms_domain::{Refusal, auth::valid_name};
use studyrooms_protocol::{
    ids::{RoomId, RoomRef},
    rooms::JoinRoom,
};

impl Door {
    pub(super) async fn join(&mut self, join: JoinRoom, ack: Ack) {
        match self.entering(join).await {
            Ok((room_id, entering)) => {
                let command = Command::Join(Box::new(entering), ack.into_reply());
                self.app.hot_rooms.send(&room_id, command).await;
            }
            Err(refusal) => ack.refuse(refusal),
        }
    }

    async fn entering(&mut self, join: JoinRoom) -> Result<(RoomId, Entering), Refusal> {
        let JoinRoom { room_id, name, role: _, chat_seq, board_seq } = join;
        let name = name.map(|name| valid_name("name", &name)).transpose()?;
        let entry = membership::enter(&self.app, &self.caller.bearer, &room_id).await?;
        self.rooms.insert(entry.room.room_id.clone(), entry.room.code.clone());
        let entering = Entering {
            socket_id: self.caller.socket_id.clone(),
            connection: self.caller.connection,
            outlet: self.caller.outlet.clone(),
            user_id: self.caller.bearer.user_id.clone(),
            name: name.unwrap_or(entry.user.name),
            role: entry.role,
            chat_seq,
            board_seq,
        };
        Ok((entry.room.room_id, entering))
    }

    pub(super) async fn leave(&mut self, room: &RoomRef, ack: Ack) {
        match self.joined(room) {
            Ok(room_id) => {
                self.rooms.remove(&room_id);
                let command = Command::Leave(self.caller.socket_id.clone(), ack.into_reply());
                self.app.hot_rooms.send(&room_id, command).await;
            }
            Err(refusal) => ack.refuse(refusal),
        }
    }

    /// The connection ended: with a goodbye its socket leaves at once, else it may come back.
    pub(super) async fn leave_all(self, goodbye: bool) {
        for room_id in self.rooms.keys() {
            let socket_id = self.caller.socket_id.clone();
            if goodbye {
                // A socket the room had refused is not in it: then there is nothing to leave.
                drop(self.answer_of(room_id, |reply| Command::Leave(socket_id, reply)).await);
            } else {
                let lost = Command::Lost(socket_id, self.caller.connection);
                self.app.hot_rooms.send(room_id, lost).await;
            }
        }
    }
}
