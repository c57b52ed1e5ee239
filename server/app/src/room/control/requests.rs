//! What moderators ask for. Its entry says it all, and is judged where it will stand; the records beside the log
//! follow it (`projecting.rs`).

use crate::room::{Acting, Outgoing, Reply, append::Origin, live::LiveRoom, notifications::Notification};
use std::collections::BTreeSet;
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
    control::{valid_address_sec, valid_reason},
    log::{Entry, EntryBody},
    rights::Claim,
    room_code::room_code,
    rooms::Member,
};
use studyrooms_protocol::{
    Seq,
    control::{Admit, Kick, Kicked, Mute, RemoveGuests, SetRole},
    error::ErrorCode,
    events::{Done, Noted, server},
    ids::UserId,
    presence::{LeaveReason, Participant},
    rooms::{PatchRoom, Role, RoomPatched},
};

impl LiveRoom {
    pub(in crate::room) fn mute(&mut self, acting: Acting, mute: Mute, reply: Reply<Noted>) {
        let target = self
            .participant(&mute.target_socket_id)
            .cloned()
            .map_err(|_| Refusal::new(ErrorCode::NotInRoom, "targetSocketId: no such socket in your rooms"));
        match target {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(target) => {
                let body = EntryBody::Muted {
                    target: target.user_id,
                    socket_id: target.socket_id,
                    kind: mute.kind.unwrap_or_default(),
                    on: mute.on.unwrap_or(true),
                };
                self.append_noted(self.claim(&acting, Action::Mute), body, reply);
            }
        }
    }

    /// Appends what changes the records beside the log, and answers once it has.
    fn decide<T: Send + 'static>(
        &mut self,
        claim: Claim,
        body: EntryBody,
        reply: Reply<T>,
        answer: impl FnOnce(&Entry, &Self) -> T + Send + 'static,
    ) {
        let draft = self.draft(&claim.user_id, body);
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, live: &mut Self| match stored {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(entry) => {
                let entry = entry.clone();
                live.reply_when_projected(entry.seq, reply, move |live| answer(&entry, live));
            }
        });
        self.append_room(draft, Some(claim), Origin { is_asked: true, socket_id: None, on_stored });
    }

    fn decide_noted(&mut self, claim: Claim, body: EntryBody, reply: Reply<Noted>) {
        self.decide(claim, body, reply, |entry, _| Noted { seq: entry.seq });
    }

    pub(in crate::room) fn kick(&mut self, acting: Acting, kick: Kick, reply: Reply<Noted>) {
        let Kick { room_id: _, user_id: target, ban, reason, address_sec } = kick;
        let checked = valid_reason(reason).and_then(|reason| Ok((reason, valid_address_sec(ban, address_sec)?)));
        let (reason, address_sec) = match checked {
            Ok(_) if target == acting.user_id => return reply.send(Err(Refusal::field("userId", "not oneself"))),
            Ok(checked) => checked,
            Err(refusal) => return reply.send(Err(refusal)),
        };
        let address_until = address_sec.map(|seconds| self.system.clock.now() + u64::from(seconds) * 1000);
        let body = EntryBody::Kicked { target: target.clone(), ban: ban == Some(true), reason, address_until };
        let rights = self.rights();
        let is_known = rights.is_moderator(&target) || rights.is_answered(&target);
        if is_known || self.participants.has(&target) || self.waiting.get(&target).is_some() {
            return self.decide_noted(self.claim(&acting, Action::Kick), body, reply);
        }
        let (rooms, room_id) = (self.stores.rooms.clone(), self.room.room_id.clone());
        let looking = async move { rooms.member(&room_id, &target).await };
        self.jobs.begin(looking, move |live, member| match member {
            Ok(Some(_)) => live.decide_noted(live.claim(&acting, Action::Kick), body, reply),
            Ok(None) => reply.send(Err(Refusal::new(ErrorCode::NotFound, "userId: not in this room"))),
            Err(error) => reply.send(Err(error.into())),
        });
    }

    /// Sends all guests out, and takes them out of the members.
    pub(in crate::room) fn remove_guests(&mut self, acting: Acting, remove: RemoveGuests, reply: Reply<Noted>) {
        match valid_reason(remove.reason) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(reason) => {
                let claim = self.claim(&acting, Action::Kick);
                self.decide_noted(claim, EntryBody::GuestsRemoved { reason }, reply);
            }
        }
    }

    pub(in crate::room) fn unban(&mut self, acting: Acting, target: UserId, reply: Reply<Noted>) {
        self.decide_noted(self.claim(&acting, Action::Unban), EntryBody::Unbanned { target }, reply);
    }

    /// Ends one's own membership.
    pub(in crate::room) fn resign(&mut self, acting: Acting, reply: Reply<Done>) {
        let target = acting.user_id.clone();
        self.decide(self.claim(&acting, Action::Read), EntryBody::Resigned { target }, reply, |_, _| Done {});
    }

    pub(in crate::room) fn set_role(&mut self, acting: Acting, set: SetRole, reply: Reply<Noted>) {
        let SetRole { room_id: _, user_id: target, role } = set;
        if target == acting.user_id {
            let refusal = Refusal::new(ErrorCode::Conflict, "userId: hand the room to someone else instead");
            return reply.send(Err(refusal));
        }
        if role != Role::Guest && self.rights().is_moderator(&target) {
            let now = Some(self.system.clock.now());
            let claim = Claim { target_since: now, ..self.claim(&acting, Action::SetRole) };
            return self.give(claim, target, role, reply);
        }
        let (rooms, room_id) = (self.stores.rooms.clone(), self.room.room_id.clone());
        let whom = target.clone();
        let looking = async move {
            let none = || Refusal::new(ErrorCode::NotFound, "userId: not a member of this room");
            let member = rooms.member(&room_id, &whom).await?.ok_or_else(none)?;
            access::permit_role(&member, role)?;
            Ok(member)
        };
        self.jobs.begin_in_order(looking, move |live, found: Result<Member, Refusal>| match found {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(member) => {
                let claim = Claim { target_since: Some(member.joined_at), ..live.claim(&acting, Action::SetRole) };
                live.give(claim, target, role, reply);
            }
        });
    }

    fn give(&mut self, claim: Claim, target: UserId, role: Role, reply: Reply<Noted>) {
        let giver = claim.user_id.clone();
        let draft = self.draft(&giver, EntryBody::Role { target, role });
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, live: &mut Self| match stored {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(entry) => {
                // Said of both, although the first says it all: who gets the room takes it from its owner.
                if role == Role::Owner {
                    live.note(&giver, EntryBody::Role { target: giver.clone(), role: Role::Mod });
                }
                let seq = entry.seq;
                live.reply_when_projected(seq, reply, move |_| Noted { seq });
            }
        });
        self.append_room(draft, Some(claim), Origin { is_asked: true, socket_id: None, on_stored });
    }

    /// Title and settings are made of what they are where the entry will stand.
    pub(in crate::room) fn change(&mut self, acting: Acting, patch: PatchRoom, reply: Reply<RoomPatched>) {
        let answer = |_: &Entry, live: &Self| RoomPatched { room: live.room.clone() };
        let renews = patch.renew_code == Some(true);
        let changes = !renews || patch.title.is_some() || patch.settings.is_some();
        let (title, settings) = (self.room.title.clone(), self.room.settings.clone());
        let claim = Claim { patch: Some(patch), ..self.claim(&acting, Action::ChangeSettings) };
        let renewed = EntryBody::CodeRenewed { code: room_code(&*self.system.random) };
        match (renews, changes) {
            (true, false) => self.decide(claim, renewed, reply, answer),
            (false, _) => self.decide(claim, EntryBody::Settings { title, settings }, reply, answer),
            (true, true) => {
                // The settings first, which may be refused.
                let draft = self.draft(&acting.user_id, EntryBody::Settings { title, settings });
                let by = claim.clone();
                let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, live: &mut Self| match stored {
                    Err(refusal) => reply.send(Err(refusal)),
                    Ok(_) => live.decide(by, renewed, reply, answer),
                });
                self.append_room(draft, Some(claim), Origin { is_asked: true, socket_id: None, on_stored });
            }
        }
    }

    pub(in crate::room) fn admit(&mut self, acting: Acting, admit: Admit, reply: Reply<Noted>) {
        let Admit { room_id: _, user_id: target, admit } = admit;
        let Some(guest) = self.waiting.get(&target).map(|knocking| knocking.guest) else {
            return reply.send(Err(Refusal::new(ErrorCode::NotFound, "userId: does not wait at this room")));
        };
        let role = admit.then(|| access::admitted_role(guest));
        self.decide_noted(self.claim(&acting, Action::Admit), EntryBody::Admitted { target, admit, role }, reply);
    }

    /// Everyone goes out first and no one acts any more, so that nothing is written behind it.
    pub(in crate::room) fn remove(&mut self, acting: &Acting, reply: Reply<Done>) {
        self.coordination.notify(&self.room.room_id, Notification::Removed { by: acting.user_id.clone() });
        self.send_everyone_out(&acting.user_id);
        self.removing = Some(reply);
    }

    pub(in crate::room) fn send_everyone_out(&mut self, by: &UserId) {
        self.send_out(by, self.chat.seq, Some("the room was removed".into()), |_| true);
        self.turn_away(|_| Some(Refusal::new(ErrorCode::NotFound, "the room was removed")));
    }

    /// Sends some people out, with all their sockets, and tells them why.
    pub(in crate::room) fn send_out(
        &mut self,
        by: &UserId,
        seq: Seq,
        reason: Option<String>,
        whom: impl Fn(&Participant) -> bool,
    ) {
        let room_id = self.room.room_id.clone();
        let them: BTreeSet<UserId> = self
            .participants
            .iter()
            .map(|present| &present.participant)
            .filter(|participant| whom(participant))
            .map(|participant| participant.user_id.clone())
            .collect();
        for user_id in them {
            let (room_id, by, reason) = (room_id.clone(), by.clone(), reason.clone());
            let kicked = Kicked { room_id, seq, user_id: user_id.clone(), by, ban: false, reason };
            self.participants.tell_user(&user_id, &Outgoing::new(server::CONTROL_KICKED, &kicked));
            self.depart_user(&user_id, LeaveReason::Kicked);
        }
    }
}
