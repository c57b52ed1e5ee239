//! From an event to the live room that it is for.

use super::{ack::Ack, inbox::Caller};
use crate::{
    app::App,
    room::{Actor, Command, Reply, Request, Signal, SignalBody, TimerRequest},
};
use serde::Serialize;
use std::{collections::HashMap, sync::Arc};
use studyrooms_domain::{
    Refusal, limits,
    room_code::normalize_code,
    rules::{self, Rule},
};
use studyrooms_protocol::{
    control::Mute,
    error::ErrorCode,
    events::{ClientEvent, Noted},
    ids::{RoomId, RoomRef, SocketId},
    rooms::PatchRoom,
};

/// One authenticated socket, from its CONNECT to its end: who it is, and which rooms it joined.
pub(super) struct SocketSession {
    pub app: App,
    pub caller: Caller,
    /// Rooms it asked to join, with their codes. Whether it is in, the room knows.
    pub rooms: HashMap<RoomId, String>,
    /// What holds for the event at hand.
    rule: Option<Rule>,
}

impl SocketSession {
    pub(super) fn new(app: App, caller: Caller) -> Self {
        Self { app, caller, rooms: HashMap::new(), rule: None }
    }

    pub(super) async fn handle(&mut self, event: ClientEvent, ack: Ack) {
        let Some(rule) = rules::of(event.name()) else {
            return ack.refuse(Refusal::forbidden("nobody may send this"));
        };
        let who = self.caller.bearer.user_id.as_str();
        if let Err(refusal) = limits::take(&*self.app.limits, rule.limited, who).await {
            return ack.refuse(refusal);
        }
        self.rule = Some(rule);
        self.carry_out(event, ack).await;
        self.rule = None;
    }

    async fn carry_out(&mut self, event: ClientEvent, ack: Ack) {
        match event {
            ClientEvent::JoinRoom(join) => self.join(join, ack).await,
            ClientEvent::LeaveRoom(leave) => self.leave(&leave.room_id, ack).await,
            ClientEvent::SyncRoom(sync) => {
                self.ask(&sync.room_id.clone(), ack, |to| Request::Sync(sync, to)).await;
            }
            ClientEvent::ChatMessage(message) => {
                self.ask(&message.room_id.clone(), ack, |to| Request::Post(message.into(), to)).await;
            }
            ClientEvent::EditMessage(edit) => {
                self.ask(&edit.room_id.clone(), ack, |to| Request::Edit(edit, to)).await;
            }
            ClientEvent::DeleteMessage(delete) => {
                self.ask(&delete.room_id.clone(), ack, |to| Request::Delete(delete, to)).await;
            }
            ClientEvent::React(react) => self.ask(&react.room_id.clone(), ack, |to| Request::React(react, to)).await,
            ClientEvent::PinMessage(pin) => self.ask(&pin.room_id.clone(), ack, |to| Request::Pin(pin, to)).await,
            ClientEvent::Read(read) => self.ask(&read.room_id.clone(), ack, |to| Request::Read(read, to)).await,
            ClientEvent::Typing(typing) => {
                self.ask(&typing.room_id.clone(), ack, |to| Request::Typing(typing, to)).await;
            }
            ClientEvent::Draw(draw) => self.ask(&draw.room_id.clone(), ack, |to| Request::Draw(draw, to)).await,
            ClientEvent::Cursor(cursor) => {
                self.ask(&cursor.room_id.clone(), ack, |to| Request::Cursor(cursor, to)).await;
            }
            ClientEvent::SaveBoard(save) => self.ask(&save.room_id.clone(), ack, |to| Request::Save(save, to)).await,
            ClientEvent::RestoreBoard(restore) => {
                self.ask(&restore.room_id.clone(), ack, |to| Request::Restore(restore, to)).await;
            }
            ClientEvent::AnnounceFile(file) => {
                self.ask(&file.room_id.clone(), ack, |to| Request::Announce(file, to)).await;
            }
            ClientEvent::MediaState(state) => {
                self.ask(&state.room_id, ack, |to| Request::Media(state.media(), to)).await;
            }
            ClientEvent::RaiseHand(hand) => self.ask(&hand.room_id.clone(), ack, |to| Request::Hand(hand, to)).await,
            ClientEvent::SendReaction(reaction) => {
                self.ask(&reaction.room_id.clone(), ack, |to| Request::Reaction(reaction, to)).await;
            }
            ClientEvent::Offer(offer) => self.signal(offer.to_socket_id, SignalBody::Offer(offer.sdp), ack).await,
            ClientEvent::Answer(answer) => self.signal(answer.to_socket_id, SignalBody::Answer(answer.sdp), ack).await,
            ClientEvent::Ice(ice) => self.signal(ice.to_socket_id, SignalBody::Candidate(ice.candidate), ack).await,
            ClientEvent::Mute(mute) => self.mute(mute, ack).await,
            ClientEvent::Kick(kick) => self.ask(&kick.room_id.clone(), ack, |to| Request::Kick(kick, to)).await,
            ClientEvent::RemoveGuests(remove) => {
                self.ask(&remove.room_id.clone(), ack, |to| Request::RemoveGuests(remove, to)).await;
            }
            ClientEvent::Unban(unban) => self.ask(&unban.room_id.clone(), ack, |to| Request::Unban(unban, to)).await,
            ClientEvent::SetRole(set) => self.ask(&set.room_id.clone(), ack, |to| Request::SetRole(set, to)).await,
            ClientEvent::ChangeSettings(change) => {
                let patch = PatchRoom { settings: Some(change.settings), ..PatchRoom::default() };
                self.ask(&change.room_id, ack, |to| Request::Change(patch, to)).await;
            }
            ClientEvent::Admit(admit) => self.ask(&admit.room_id.clone(), ack, |to| Request::Admit(admit, to)).await,
            ClientEvent::StartTimer(start) => {
                let room = start.room_id.clone();
                self.ask(&room, ack, |to| Request::Timer(TimerRequest::Start(start.into()), to)).await;
            }
            ClientEvent::PauseTimer(run) => self.run_timer(&run.room_id, TimerRequest::Pause, ack).await,
            ClientEvent::ResumeTimer(run) => self.run_timer(&run.room_id, TimerRequest::Resume, ack).await,
            ClientEvent::SkipPhase(run) => self.run_timer(&run.room_id, TimerRequest::Skip, ack).await,
            ClientEvent::StopTimer(run) => self.run_timer(&run.room_id, TimerRequest::Stop, ack).await,
            ClientEvent::CreateTask(create) => {
                self.ask(&create.room_id.clone(), ack, |to| Request::CreateTask(create.into(), to)).await;
            }
            ClientEvent::UpdateTask(update) => {
                self.ask(&update.room_id.clone(), ack, |to| Request::UpdateTask(update, to)).await;
            }
            ClientEvent::DeleteTask(delete) => {
                self.ask(&delete.room_id.clone(), ack, |to| Request::DeleteTask(delete, to)).await;
            }
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

    /// Puts a request to a room; the room answers when it is done, and the next event need not
    /// wait for that.
    async fn ask<T: Serialize + Send + 'static>(
        &self,
        room: &RoomRef,
        ack: Ack,
        request: impl FnOnce(Reply<T>) -> Request,
    ) {
        match self.joined(room) {
            Ok(room_id) => {
                let command = Command::Act(self.actor(), self.ruled(request(ack.into_reply())));
                self.app.live_rooms.send(&room_id, command).await;
            }
            Err(refusal) => ack.refuse(refusal),
        }
    }

    async fn run_timer(&self, room: &RoomRef, request: TimerRequest, ack: Ack) {
        self.ask(room, ack, |to| Request::Timer(request, to)).await;
    }

    pub(super) fn actor(&self) -> Actor {
        Actor::Socket(self.caller.socket_id.clone(), self.caller.connection)
    }

    /// A signal goes only between sockets that share a room.
    async fn signal(&self, to: SocketId, body: SignalBody, ack: Ack) {
        let body = Arc::new(body);
        let signal = |reply| Request::Signal(Signal { to: to.clone(), body: body.clone() }, reply);
        ack.settle(self.in_any_room(signal).await);
    }

    async fn mute(&self, mute: Mute, ack: Ack) {
        let outcome: Result<Noted, Refusal> = self.in_any_room(|reply| Request::Mute(mute.clone(), reply)).await;
        ack.settle(outcome);
    }

    /// Tries each room of the caller until one knows the socket that is meant.
    async fn in_any_room<T: Send + 'static>(&self, request: impl Fn(Reply<T>) -> Request) -> Result<T, Refusal> {
        let mut outcome = Err(Refusal::new(ErrorCode::NotInRoom, "join a room first"));
        for room_id in self.rooms.keys() {
            outcome = self.answer_of(room_id, &request).await;
            if !matches!(&outcome, Err(refusal) if refusal.code == ErrorCode::NotInRoom) {
                break;
            }
        }
        outcome
    }

    /// Asks a room and waits for its answer.
    pub(super) async fn answer_of<T: Send + 'static>(
        &self,
        room_id: &RoomId,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, Refusal> {
        self.app.live_rooms.ask(room_id, self.actor(), |reply| self.ruled(request(reply))).await
    }

    /// The room judges a request by its own action: it must be the one that the table of events names.
    fn ruled(&self, request: Request) -> Request {
        if let Some(Rule { action, .. }) = self.rule {
            debug_assert_eq!(action, Some(request.action()), "the rule of an event and its request differ");
        }
        request
    }
}
