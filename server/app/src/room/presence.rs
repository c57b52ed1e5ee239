//! What passes in a room and is not kept: typing, pointers, media state, signals, lost sockets.

use super::{Outgoing, Signal, SignalBody, command::signal_user, task::Task};
use std::time::Duration;
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
};
use studyrooms_protocol::{
    board::{Cursor, MoveCursor},
    call::{Candidate, Description, Media},
    error::ErrorCode,
    events::{Done, server},
    ids::SocketId,
    presence::{LeaveReason, PresenceUpdate, Typing, UserUpdated},
};
use tokio::time::Instant;

/// A client that reconnects has this long to return without anyone noticing.
const RETURN_WITHIN: Duration = Duration::from_secs(5);
/// Typing ends by itself.
const TYPING_LASTS: Duration = Duration::from_secs(5);

impl Task {
    /// When the next of the expiries below is due.
    pub(super) fn presence_deadline(&self) -> Option<Instant> {
        self.participants
            .iter()
            .flat_map(|present| {
                let lost = present.lost_since.map(|since| since + RETURN_WITHIN);
                lost.into_iter().chain(present.typing_since.map(|since| since + TYPING_LASTS))
            })
            .min()
    }

    pub(super) fn expire_lost(&mut self) {
        let over = |since: Option<Instant>| since.is_some_and(|since| since.elapsed() >= RETURN_WITHIN);
        let gone: Vec<SocketId> = self
            .participants
            .iter()
            .filter(|present| over(present.lost_since))
            .map(|present| present.participant.socket_id.clone())
            .collect();
        for socket_id in gone {
            self.depart(&socket_id, LeaveReason::Lost);
        }
    }

    pub(super) fn expire_typing(&mut self) {
        let over = |since: Option<Instant>| since.is_some_and(|since| since.elapsed() >= TYPING_LASTS);
        let done: Vec<SocketId> = self
            .participants
            .iter()
            .filter(|present| over(present.typing_since))
            .map(|present| present.participant.socket_id.clone())
            .collect();
        for socket_id in done {
            self.tell_typing(&socket_id, false);
        }
    }

    pub(super) fn set_typing(&mut self, socket_id: &SocketId, is_typing: bool) -> Result<Done, Refusal> {
        self.present(socket_id)?;
        self.tell_typing(socket_id, is_typing);
        Ok(Done {})
    }

    fn tell_typing(&mut self, socket_id: &SocketId, is_typing: bool) {
        let Some(present) = self.participants.get_mut(socket_id) else { return };
        present.typing_since = is_typing.then(Instant::now);
        let typing = Typing {
            room_id: self.room.room_id.clone(),
            user_id: present.participant.user_id.clone(),
            socket_id: socket_id.clone(),
            is_typing,
        };
        self.participants.hint_others(socket_id, &Outgoing::new(server::PRESENCE_TYPING, &typing));
    }

    pub(super) fn move_cursor(&mut self, socket_id: &SocketId, cursor: MoveCursor) -> Result<Done, Refusal> {
        self.present(socket_id)?;
        let MoveCursor { room_id: _, x, y, tool } = cursor;
        if !(x.is_finite() && y.is_finite()) {
            return Err(Refusal::field("x, y", "finite numbers"));
        }
        if tool.as_ref().is_some_and(|tool| tool.len() > 32) {
            return Err(Refusal::too_large("tool", "32 bytes"));
        }
        let user_id = self.participant(socket_id)?.user_id.clone();
        let cursor = Cursor { room_id: self.room.room_id.clone(), socket_id: socket_id.clone(), user_id, x, y, tool };
        self.participants.hint_others(socket_id, &Outgoing::new(server::WHITEBOARD_CURSOR, &cursor));
        Ok(Done {})
    }

    pub(super) fn set_media(&mut self, socket_id: &SocketId, media: Media) -> Result<Done, Refusal> {
        self.present(socket_id)?;
        let Some(present) = self.participants.get_mut(socket_id) else { return Ok(Done {}) };
        present.participant.media = media;
        let updated = UserUpdated {
            room_id: self.room.room_id.clone(),
            socket_id: socket_id.clone(),
            user: present.participant.clone(),
        };
        self.participants.tell_all(&Outgoing::new(server::USER_UPDATED, &updated));
        Ok(Done {})
    }

    pub(super) fn signal(&mut self, signal: &Signal) -> Result<Done, Refusal> {
        self.present(&signal.from)?;
        let user = signal_user(self.participant(&signal.from)?);
        let from_socket_id = signal.from.clone();
        let absent = || Refusal::new(ErrorCode::NotInRoom, "toSocketId: no such socket in your rooms");
        let target = self.participants.get_mut(&signal.to).ok_or_else(absent)?;
        let description = |sdp: &serde_json::Value| Description {
            from_socket_id: from_socket_id.clone(),
            sdp: sdp.clone(),
            user: user.clone(),
        };
        let outgoing = match &*signal.body {
            SignalBody::Offer(sdp) => Outgoing::new(server::SIGNAL_OFFER, &description(sdp)),
            SignalBody::Answer(sdp) => Outgoing::new(server::SIGNAL_ANSWER, &description(sdp)),
            SignalBody::Candidate(candidate) => {
                let candidate = Candidate { from_socket_id, candidate: candidate.clone(), user };
                Outgoing::new(server::SIGNAL_ICE, &candidate)
            }
        };
        target.tell(&outgoing);
        Ok(Done {})
    }

    pub(super) fn tell_presence(&mut self) {
        self.presence_changed = false;
        let update =
            PresenceUpdate { room_id: self.room.room_id.clone(), users_online: self.participants.users_online() };
        self.participants.tell_all(&Outgoing::new(server::PRESENCE_UPDATE, &update));
    }

    fn present(&self, socket_id: &SocketId) -> Result<(), Refusal> {
        access::permit(Action::BePresent, self.participant(socket_id)?.role, &self.room.settings)
    }
}
