//! Ephemeral events of a room, which are not kept: typing, pointers, media state, signals, lost sockets.

use super::{Acting, Outgoing, Signal, SignalBody, live::LiveRoom};
use std::time::Duration;
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
    chat,
    control::sends,
    log::EntryBody,
};
use studyrooms_protocol::{
    board::{Cursor, MoveCursor},
    call::{Candidate, Description, Media, SignalUser},
    error::ErrorCode,
    events::{Done, server},
    ids::SocketId,
    presence::{LeaveReason, PresenceUpdate, ReactionSent, Typing},
};
use tokio::time::Instant;

/// A client that reconnects has this long to return without anyone noticing.
const RETURN_WITHIN: Duration = Duration::from_secs(5);
/// Typing ends by itself.
const TYPING_LASTS: Duration = Duration::from_secs(5);

impl LiveRoom {
    /// When the next of the expiries below is due.
    pub(super) fn presence_deadline(&self) -> Option<Instant> {
        self.participants
            .here()
            .flat_map(|(participant, here)| {
                let lost = here.lost_since.filter(|_| !self.listed.leaving.has(&participant.socket_id));
                let lost = lost.map(|since| since + RETURN_WITHIN);
                lost.into_iter().chain(here.typing_since.map(|since| since + TYPING_LASTS))
            })
            .min()
    }

    pub(super) fn expire_lost(&mut self) {
        let over = |since: Option<Instant>| since.is_some_and(|since| since.elapsed() >= RETURN_WITHIN);
        let gone: Vec<SocketId> = self
            .participants
            .here()
            .filter(|(_, here)| over(here.lost_since))
            .map(|(participant, _)| participant.socket_id.clone())
            .collect();
        for socket_id in gone {
            self.go_out(&socket_id, LeaveReason::Lost, None);
        }
    }

    pub(super) fn expire_typing(&mut self) {
        let over = |since: Option<Instant>| since.is_some_and(|since| since.elapsed() >= TYPING_LASTS);
        let done: Vec<SocketId> = self
            .participants
            .here()
            .filter(|(_, here)| over(here.typing_since))
            .map(|(participant, _)| participant.socket_id.clone())
            .collect();
        for socket_id in done {
            self.tell_typing(&socket_id, false);
        }
    }

    pub(super) fn set_typing(&mut self, acting: &Acting, is_typing: bool) -> Result<Done, Refusal> {
        self.tell_typing(acting.socket()?, is_typing);
        Ok(Done {})
    }

    /// A socket that was seen to type here is now another instance's.
    pub(super) fn stop_typing(&mut self, socket_id: &SocketId) {
        let here = self.participants.get(socket_id).and_then(|present| present.here());
        if here.is_some_and(|here| here.typing_since.is_some()) {
            self.tell_typing(socket_id, false);
        }
    }

    fn tell_typing(&mut self, socket_id: &SocketId, is_typing: bool) {
        let Some(present) = self.participants.get_mut(socket_id) else { return };
        let Some(here) = present.here_mut() else { return };
        here.typing_since = is_typing.then(Instant::now);
        let typing = Typing {
            room_id: self.room.room_id.clone(),
            user_id: present.participant.user_id.clone(),
            socket_id: socket_id.clone(),
            is_typing,
        };
        self.send_ephemeral(Some(socket_id), &Outgoing::new(server::PRESENCE_TYPING, &typing));
    }

    pub(super) fn move_cursor(&mut self, acting: &Acting, cursor: MoveCursor) -> Result<Done, Refusal> {
        let socket_id = acting.socket()?;
        let MoveCursor { room_id: _, x, y, tool } = cursor;
        if !(x.is_finite() && y.is_finite()) {
            return Err(Refusal::field("x, y", "finite numbers"));
        }
        if tool.as_ref().is_some_and(|tool| tool.len() > 32) {
            return Err(Refusal::too_large("tool", "32 bytes"));
        }
        let (room_id, user_id) = (self.room.room_id.clone(), acting.user_id.clone());
        let cursor = Cursor { room_id, socket_id: socket_id.clone(), user_id, x, y, tool };
        self.send_ephemeral(Some(socket_id), &Outgoing::new(server::WHITEBOARD_CURSOR, &cursor));
        Ok(Done {})
    }

    pub(super) fn set_media(&mut self, acting: &Acting, media: Media) -> Result<Done, Refusal> {
        let socket_id = acting.socket()?;
        let muted = self.mutes.of(&acting.user_id);
        let unmuted: Vec<_> = muted.into_iter().filter(|kind| sends(media, *kind)).collect();
        if !unmuted.is_empty() {
            access::permit_unmute(&self.rights().room().settings)?;
        }
        for kind in unmuted {
            let (target, socket_id) = (acting.user_id.clone(), socket_id.clone());
            let claim = self.claim(acting, Action::BePresent);
            let body = EntryBody::Muted { target, socket_id, kind, on: false };
            self.note_claimed(&acting.user_id, Some(claim), body);
        }
        if let Some(present) = self.participants.get_mut(socket_id) {
            present.participant.media = media;
        }
        self.tell_updated(socket_id);
        Ok(Done {})
    }

    pub(super) fn raise_hand(&mut self, acting: &Acting, raised: bool) -> Result<Done, Refusal> {
        let socket_id = acting.socket()?;
        if let Some(present) = self.participants.get_mut(socket_id) {
            present.participant.hand_raised = raised;
        }
        self.tell_updated(socket_id);
        Ok(Done {})
    }

    pub(super) fn show_reaction(&mut self, acting: &Acting, emoji: String) -> Result<Done, Refusal> {
        let socket_id = acting.socket()?.clone();
        chat::valid_emoji(&emoji)?;
        let (room_id, user_id) = (self.room.room_id.clone(), acting.user_id.clone());
        let sent = ReactionSent { room_id, socket_id, user_id, emoji };
        self.send_ephemeral(None, &Outgoing::new(server::REACTION_SENT, &sent));
        Ok(Done {})
    }

    pub(super) fn signal(&mut self, acting: &Acting, signal: &Signal) -> Result<Done, Refusal> {
        let from_socket_id = acting.socket()?.clone();
        let user = SignalUser { user_id: acting.user_id.clone(), name: acting.name.clone(), role: acting.role };
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
        if target.here().is_some() {
            target.tell(&outgoing);
        } else {
            self.broadcaster.send_to_socket(&signal.to, &outgoing);
        }
        Ok(Done {})
    }

    /// Tells everyone on every instance, but one, what may be lost. A room that is all here has no need of
    /// the others, which costs several times as much.
    fn send_ephemeral(&mut self, except: Option<&SocketId>, outgoing: &Outgoing) {
        if self.participants.is_anyone_elsewhere() {
            self.broadcaster.send_to_room(&self.room.room_id, except, outgoing);
        } else {
            self.participants.tell_ephemeral(except, outgoing);
        }
    }

    pub(super) fn tell_presence(&mut self) {
        self.presence_changed = false;
        let update =
            PresenceUpdate { room_id: self.room.room_id.clone(), users_online: self.participants.users_online() };
        self.participants.tell_all(&Outgoing::new(server::PRESENCE_UPDATE, &update));
    }
}
