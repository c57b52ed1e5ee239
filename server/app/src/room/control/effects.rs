//! What the entries of moderators do to the room, on every instance alike.

use crate::room::{Outgoing, live::LiveRoom};
use studyrooms_domain::{
    control::silenced,
    log::{Entry, EntryBody},
    rooms::AddressHash,
};
use studyrooms_protocol::{
    control::{Kicked, MediaKind, Muted, RoomUpdated},
    events::server,
    ids::{SocketId, UserId},
    presence::{LeaveReason, UserUpdated},
    rooms::Role,
};

impl LiveRoom {
    pub(in crate::room) fn show_control(&mut self, entry: &Entry) {
        let addresses = match &entry.body {
            EntryBody::Kicked { target, address_until: Some(_), .. } => self.addresses_of(target),
            _ => vec![],
        };
        // First: whoever hears of it asks at once.
        if EntryBody::PROJECTED.contains(&entry.body.kind()) {
            self.project(entry, addresses);
        }
        self.show_decided(entry);
    }

    /// Of the sockets of a person that are connected here.
    fn addresses_of(&self, user_id: &UserId) -> Vec<AddressHash> {
        let theirs = self.participants.here().filter(|(participant, _)| &participant.user_id == user_id);
        let mut addresses: Vec<AddressHash> = theirs.filter_map(|(_, here)| here.outlet.address()).collect();
        addresses.extend(self.waiting.addresses_of(user_id));
        addresses.sort();
        addresses.dedup();
        addresses
    }

    fn show_decided(&mut self, entry: &Entry) {
        match &entry.body {
            EntryBody::Muted { target, socket_id, kind, on } => {
                self.mutes.apply(entry);
                self.show_muted(entry, target, socket_id, *kind, *on);
            }
            EntryBody::Kicked { target, ban, reason, .. } => {
                let kicked = Kicked {
                    room_id: entry.room_id.clone(),
                    seq: entry.seq,
                    user_id: target.clone(),
                    by: entry.user_id.clone(),
                    ban: *ban,
                    reason: reason.clone(),
                };
                self.participants.tell_all(&Outgoing::new(server::CONTROL_KICKED, &kicked));
                self.depart_user(target, LeaveReason::Kicked);
            }
            EntryBody::Role { target, role } => self.show_role(entry, target, *role),
            EntryBody::Settings { title, settings } => {
                self.room.title.clone_from(title);
                self.room.settings = settings.clone();
                if settings.slow_mode_sec > 0 {
                    let chat = &self.chat;
                    self.room_log.note(|rights| chat.said().for_each(|(user_id, at)| rights.said(user_id, at)));
                }
                let updated = self.room_updated(entry);
                self.participants.tell_all(&updated);
                if !settings.guests {
                    let reason = Some("this room takes no guests".into());
                    self.send_out(&entry.user_id, entry.seq, reason, |participant| participant.role == Role::Guest);
                }
            }
            EntryBody::CodeRenewed { code } => {
                self.room.code.clone_from(code);
                let updated = self.room_updated(entry);
                self.participants.tell_all(&updated);
            }
            EntryBody::GuestsRemoved { reason } => {
                let (by, reason) = (entry.user_id.clone(), reason.clone());
                self.send_out(&by, entry.seq, reason, |participant| participant.role == Role::Guest);
            }
            EntryBody::Resigned { target } => self.depart_user(target, LeaveReason::Left),
            EntryBody::Admitted { .. } | EntryBody::Unbanned { .. } => {
                let updated = self.room_updated(entry);
                self.participants.tell_all(&updated);
            }
            _ => {}
        }
    }

    /// Tells those at the door what an entry means for them, once the records say it: who hears of it joins at once.
    pub(in crate::room) fn show_at_door(&mut self, entry: &Entry) {
        match &entry.body {
            EntryBody::Kicked { target, .. } => self.answer_knock(target, None),
            EntryBody::Admitted { target, admit, .. } => {
                let updated = self.room_updated(entry);
                self.answer_knock(target, admit.then_some(&updated));
            }
            EntryBody::Settings { .. } => {
                // The door may be open now: who waits tries again. Or it is closed for good.
                self.turn_away_where_closed();
                self.waiting.tell_all(&self.room_updated(entry));
            }
            _ => {}
        }
    }

    fn room_updated(&self, entry: &Entry) -> std::sync::Arc<Outgoing> {
        Outgoing::new(server::ROOM_UPDATED, &RoomUpdated { seq: entry.seq, room: self.room.clone() })
    }

    fn show_muted(&mut self, entry: &Entry, target: &UserId, socket_id: &SocketId, kind: MediaKind, on: bool) {
        if on {
            let muted = Muted {
                room_id: entry.room_id.clone(),
                seq: entry.seq,
                target_socket_id: socket_id.clone(),
                user_id: target.clone(),
                by: entry.user_id.clone(),
                kind,
            };
            self.participants.tell_all(&Outgoing::new(server::CONTROL_MUTED, &muted));
        }
        let muted = self.mutes.of(target);
        self.update_user(target, |participant| {
            participant.muted.clone_from(&muted);
            if on {
                participant.media = silenced(participant.media, kind);
            }
        });
    }

    /// Who gets the room takes it from its owner.
    fn show_role(&mut self, entry: &Entry, target: &UserId, role: Role) {
        if role == Role::Owner {
            let before = std::mem::replace(&mut self.room.owner_id, target.clone());
            if before != *target {
                self.update_user(&before, |participant| participant.role = Role::Mod);
            }
        }
        if role == Role::Owner || *target != self.room.owner_id {
            self.update_user(target, |participant| participant.role = role);
        }
        let updated = self.room_updated(entry);
        self.participants.tell_all(&updated);
        let sockets: Vec<SocketId> = self.participants.sockets_of(target);
        sockets.iter().for_each(|socket_id| self.tell_who_waits(socket_id));
    }

    /// Changes every socket of a person, and tells of each.
    fn update_user(&mut self, user_id: &UserId, change: impl Fn(&mut studyrooms_protocol::presence::Participant)) {
        for socket_id in self.participants.sockets_of(user_id) {
            if let Some(present) = self.participants.get_mut(&socket_id) {
                change(&mut present.participant);
            }
            self.tell_updated(&socket_id);
        }
    }

    /// Tells everyone how a participant is now.
    pub(in crate::room) fn tell_updated(&mut self, socket_id: &SocketId) {
        let Some(present) = self.participants.get(socket_id) else { return };
        let (room_id, user) = (self.room.room_id.clone(), present.participant.clone());
        let updated = UserUpdated { room_id, socket_id: socket_id.clone(), user };
        self.participants.tell_all(&Outgoing::new(server::USER_UPDATED, &updated));
        self.listed.change(socket_id);
    }
}
