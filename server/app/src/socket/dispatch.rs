//! From an event to the live room that it is for.

use super::{ack::Ack, inbox::Caller};
use crate::{
    app::App,
    room::{Command, Reply, Signal, SignalBody, Speaker},
};
use std::{collections::HashMap, sync::Arc};
use studyrooms_domain::{Refusal, outside::normalize_code};
use studyrooms_protocol::{
    error::ErrorCode,
    events::{ClientEvent, Done},
    ids::{RoomId, RoomRef, SocketId},
};

/// One connection's place at the server: who it is, and which rooms it went into.
pub(super) struct Door {
    pub app: App,
    pub caller: Caller,
    /// Rooms it asked to join, with their codes. Whether it is in, the room knows.
    pub rooms: HashMap<RoomId, String>,
}

impl Door {
    pub(super) fn new(app: App, caller: Caller) -> Self {
        Self { app, caller, rooms: HashMap::new() }
    }

    pub(super) async fn handle(&mut self, event: ClientEvent, ack: Ack) {
        let socket_id = self.caller.socket_id.clone();
        match event {
            ClientEvent::JoinRoom(join) => self.join(join, ack).await,
            ClientEvent::LeaveRoom(leave) => self.leave(&leave.room_id, ack).await,
            ClientEvent::SyncRoom(sync) => {
                let room = sync.room_id.clone();
                self.ask(&room, ack, |ack| Command::Sync(socket_id, sync, ack.into_reply())).await;
            }
            ClientEvent::ChatMessage(message) => {
                let room = message.room_id.clone();
                let command = |ack: Ack| Command::Post(Speaker::Socket(socket_id), message.into(), ack.into_reply());
                self.ask(&room, ack, command).await;
            }
            ClientEvent::Typing(typing) => {
                let command = |ack: Ack| Command::Typing(socket_id, typing.is_typing, ack.into_reply());
                self.ask(&typing.room_id, ack, command).await;
            }
            ClientEvent::Draw(draw) => {
                let room = draw.room_id.clone();
                self.ask(&room, ack, |ack| Command::Draw(socket_id, draw, ack.into_reply())).await;
            }
            ClientEvent::Cursor(cursor) => {
                let room = cursor.room_id.clone();
                self.ask(&room, ack, |ack| Command::Cursor(socket_id, cursor, ack.into_reply())).await;
            }
            ClientEvent::MediaState(state) => {
                let command = |ack: Ack| Command::Media(socket_id, state.media(), ack.into_reply());
                self.ask(&state.room_id, ack, command).await;
            }
            ClientEvent::Offer(offer) => self.signal(offer.to_socket_id, SignalBody::Offer(offer.sdp), ack).await,
            ClientEvent::Answer(answer) => self.signal(answer.to_socket_id, SignalBody::Answer(answer.sdp), ack).await,
            ClientEvent::Ice(ice) => self.signal(ice.to_socket_id, SignalBody::Candidate(ice.candidate), ack).await,
        }
    }

    /// The room meant, among those this connection went into.
    pub(super) fn joined(&self, room: &RoomRef) -> Result<RoomId, Refusal> {
        let id = RoomId(room.0.clone());
        if self.rooms.contains_key(&id) {
            return Ok(id);
        }
        let code = normalize_code(room.as_str());
        let by_code = self.rooms.iter().find(|(_, known)| **known == code).map(|(id, _)| id.clone());
        by_code.ok_or_else(|| Refusal::new(ErrorCode::NotInRoom, "roomId: join the room first"))
    }

    async fn ask(&self, room: &RoomRef, ack: Ack, command: impl FnOnce(Ack) -> Command) {
        match self.joined(room) {
            Ok(room_id) => self.app.hot_rooms.send(&room_id, command(ack)).await,
            Err(refusal) => ack.refuse(refusal),
        }
    }

    /// Tries each room of the caller until one knows the target: a signal goes only between
    /// sockets that share a room.
    async fn signal(&self, to: SocketId, body: SignalBody, ack: Ack) {
        let body = Arc::new(body);
        let mut outcome = Err(Refusal::new(ErrorCode::NotInRoom, "join a room first"));
        for room_id in self.rooms.keys() {
            let signal = Signal { from: self.caller.socket_id.clone(), to: to.clone(), body: body.clone() };
            outcome = self.answer_of(room_id, |reply| Command::Signal(signal, reply)).await;
            if !matches!(&outcome, Err(refusal) if refusal.code == ErrorCode::NotInRoom) {
                break;
            }
        }
        ack.settle(outcome);
    }

    /// Asks a room and waits for its answer.
    pub(super) async fn answer_of(
        &self,
        room_id: &RoomId,
        command: impl FnOnce(Reply<Done>) -> Command,
    ) -> Result<Done, Refusal> {
        let (reply, answer) = Reply::channel();
        self.app.hot_rooms.send(room_id, command(reply)).await;
        answer.await.unwrap_or_else(|_| Err(Refusal::new(ErrorCode::Unavailable, "the room is not available")))
    }
}
