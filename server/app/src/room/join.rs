//! Coming in and going out. Joining is a point in the logs: `joined` carries the state there, and
//! the socket then gets exactly what follows.

use super::{
    Acting, Entering, Outgoing, Reply,
    live::LiveRoom,
    participants::{Arrived, Present},
};
use studyrooms_domain::{Refusal, access, log::EntryBody, text};
use studyrooms_protocol::{
    call::Media,
    chat::Receipt,
    error::ErrorCode,
    events::{Done, server},
    ids::{SocketId, UserId},
    presence::{LeaveReason, Participant, UserJoined, UserLeft, UserUpdated},
    rooms::{Joined, Role, RoomState, SyncRoom, Synced, You},
};

/// Read markers that a newcomer gets beside their own, and that are read to open a room.
pub(super) const RECEIPTS: usize = 500;

impl LiveRoom {
    /// Takes `participant` in, who was made of `entering`.
    pub(super) fn join(&mut self, entering: Entering, participant: Participant, reply: Reply<Joined>) {
        if self.participants.is_on_later(&entering.socket_id, entering.connection) {
            // It had come back before this was taken: whoever is still there connects anew.
            entering.outlet.close();
            return reply.send(Err(Refusal::new(ErrorCode::Unavailable, "the socket has a newer connection")));
        }
        self.settle_leaving(&entering.socket_id);
        let role = match self.may_enter(&entering) {
            Ok(role) => role,
            Err(refusal) => return reply.send(Err(refusal)),
        };
        let participant = Participant { role, ..participant };
        let Entering { socket_id, connection, outlet, user_id, name, read, chat_seq, board_seq, .. } = entering;
        if read > 0 {
            let known = self.receipts.entry(user_id.clone()).or_default();
            *known = read.max(*known);
        }
        self.stop_waiting(&socket_id);
        self.room_log.note(|rights| rights.came_in(&user_id));
        outlet.enter(&self.room.room_id);
        let reached_by = outlet.reached_by();
        let arrived = self.participants.enter(participant, connection, outlet);
        self.listed.claim(&socket_id);
        let you = You { socket_id: socket_id.clone(), user_id: user_id.clone(), name: name.clone(), role };
        let joined = Joined { room_state: self.state_for(you, chat_seq, reached_by.as_deref()) };
        if let Some(present) = self.participants.get_mut(&socket_id) {
            present.tell(&Outgoing::new(server::JOINED, &joined));
            reply.send(Ok(joined));
            self.feed_board(&socket_id, board_seq);
        }
        self.tell_of_arrival(&socket_id, arrived);
        self.tell_who_waits(&socket_id);
        self.attend();
        if arrived == Arrived::New {
            self.note(&user_id, EntryBody::Joined { socket_id, name });
        }
    }

    /// Whether a socket may come in at the end of what waits to be written, and as what. One that is in the room
    /// already, and whose connection was lost for a moment, stays: the door is for who comes in.
    pub(super) fn may_enter(&self, entering: &Entering) -> Result<Role, Refusal> {
        let (rights, user_id) = (self.rights(), &entering.user_id);
        rights.not_banned(user_id)?;
        let role = rights.role_of(user_id, entering.role);
        let is_in = self.participants.get(&entering.socket_id).is_some_and(|one| one.participant.user_id == *user_id);
        if is_in {
            access::keeps(rights.room(), role, true)?;
            return Ok(role);
        }
        entering.refused.clone().map_or(Ok(()), Err)?;
        rights.is_still_member(user_id, role, entering.since)?;
        access::takes(rights.room(), role)?;
        access::fits(rights.room(), self.participants.len())?;
        Ok(role)
    }

    /// Someone who comes in now.
    pub(super) fn as_participant(&self, entering: &Entering) -> Participant {
        let alike = |present: &Present| {
            let Participant { user_id, name, role, .. } = &present.participant;
            *role >= Role::Mod && *user_id != entering.user_id && text::look_alike(name, &entering.name)
        };
        let resembles =
            entering.role < Role::Mod && (entering.resembles_moderator || self.participants.iter().any(alike));
        Participant {
            socket_id: entering.socket_id.clone(),
            user_id: entering.user_id.clone(),
            name: entering.name.clone(),
            avatar_url: entering.avatar_url.clone(),
            role: entering.role,
            joined_at: self.system.clock.now(),
            media: Media::default(),
            hand_raised: false,
            muted: self.mutes.of(&entering.user_id),
            resembles_moderator: resembles.then_some(true),
        }
    }

    fn state_for(&self, you: You, chat_seq: Option<u64>, reached_by: Option<&str>) -> RoomState {
        let now = self.system.clock.now();
        let chat = self.chat.catch_up(chat_seq);
        RoomState {
            room: self.room.clone(),
            participants: self.participants.list(),
            messages: chat.messages,
            reset: chat.reset,
            amended: chat.amended,
            pinned: self.pins.list().to_vec(),
            receipts: self.receipts(&you.user_id),
            chat_seq: self.chat.seq,
            board_seq: self.board.seq,
            timer: self.timer.state.clone(),
            tasks: self.tasks.list().to_vec(),
            ice_servers: self.ice.servers_for(&you.user_id, now, reached_by).ice_servers,
            server_time: now,
            you,
        }
    }

    /// Tells what came after the positions a client has; the whole board, where it must be, goes
    /// as events behind the answer.
    pub(super) fn sync(&mut self, acting: &Acting, sync: &SyncRoom, reply: Reply<Synced>) {
        let socket_id = match acting.socket() {
            Ok(socket_id) => socket_id,
            Err(refusal) => return reply.send(Err(refusal)),
        };
        let chat = self.chat.catch_up(Some(sync.chat_seq));
        let updates = sync.board_seq.map_or_else(|| Some(vec![]), |known| self.board.updates_after(known));
        let board_reset = updates.is_none();
        reply.send(Ok(Synced {
            reset: chat.reset,
            chat_seq: self.chat.seq,
            messages: chat.messages,
            amended: chat.amended,
            room: self.room.clone(),
            timer: self.timer.state.clone(),
            tasks: self.tasks.list().to_vec(),
            pinned: self.pins.list().to_vec(),
            board_seq: self.board.seq,
            board_reset,
            updates: updates.unwrap_or_default(),
            server_time: self.system.clock.now(),
        }));
        if board_reset {
            self.feed_board(socket_id, None);
        } else if sync.board_seq.is_some() {
            self.end_feed(socket_id);
        }
    }

    pub(super) fn tell_of_arrival(&mut self, socket_id: &SocketId, arrived: Arrived) {
        let Some(present) = self.participants.get(socket_id) else { return };
        let (room_id, user) = (self.room.room_id.clone(), present.participant.clone());
        let outgoing = match arrived {
            Arrived::Back => return,
            Arrived::New => {
                Outgoing::new(server::USER_JOINED, &UserJoined { room_id, socket_id: socket_id.clone(), user })
            }
            Arrived::Changed => {
                Outgoing::new(server::USER_UPDATED, &UserUpdated { room_id, socket_id: socket_id.clone(), user })
            }
        };
        self.participants.tell_others(socket_id, &outgoing);
        self.presence_changed = true;
    }

    /// One's own, and of those who have read furthest: who has not read what is shown is of no interest.
    fn receipts(&self, own: &UserId) -> Vec<Receipt> {
        let room_id = &self.room.room_id;
        let receipt =
            |(user_id, seq): (&UserId, &u64)| Receipt { room_id: room_id.clone(), user_id: user_id.clone(), seq: *seq };
        let mut receipts: Vec<Receipt> = self.receipts.iter().map(receipt).collect();
        receipts.sort_by(|a, b| {
            let is_own = |receipt: &Receipt| receipt.user_id == *own;
            is_own(b).cmp(&is_own(a)).then(b.seq.cmp(&a.seq)).then_with(|| a.user_id.cmp(&b.user_id))
        });
        receipts.truncate(RECEIPTS + 1);
        receipts
    }

    pub(super) fn leave(&mut self, acting: &Acting, reply: Reply<Done>) {
        match acting.socket() {
            Ok(socket_id) => self.go_out(socket_id, LeaveReason::Left, Some(reply)),
            Err(refusal) => reply.send(Err(refusal)),
        }
    }

    /// Takes all sockets of a person out.
    pub(super) fn depart_user(&mut self, user_id: &UserId, reason: LeaveReason) {
        for socket_id in self.participants.sockets_of(user_id) {
            self.depart(&socket_id, reason);
        }
    }

    /// Takes a socket out, and tells and notes it.
    pub(super) fn depart(&mut self, socket_id: &SocketId, reason: LeaveReason) {
        let Some(present) = self.participants.remove(socket_id) else { return };
        self.listed.remember(&present.participant);
        let was_here = present.here().map(|here| here.outlet.exit(&self.room.room_id)).is_some();
        let user_id = present.participant.user_id;
        let left = UserLeft {
            room_id: self.room.room_id.clone(),
            socket_id: socket_id.clone(),
            user_id: user_id.clone(),
            reason,
        };
        self.participants.tell_all(&Outgoing::new(server::USER_LEFT, &left));
        self.presence_changed = true;
        self.attend();
        // The instance that has its connection notes that it went.
        if was_here {
            self.listed.went(socket_id, reason);
            self.note(&user_id, EntryBody::Left { socket_id: socket_id.clone(), reason });
        }
    }
}
