//! What moderators ask for. What is not in the log (roles, bans, settings) is changed first, in
//! the order it was asked for; the entry then tells everyone, on every instance.

use crate::room::{Acting, Outgoing, Reply, news::News, task::Task};
use studyrooms_domain::{
    Refusal, access,
    control::valid_reason,
    log::EntryBody,
    rooms::{Ban, Member, Room, patched, valid_title},
};
use studyrooms_protocol::{
    control::{Admit, Kick, Kicked, Mute, SetRole},
    error::ErrorCode,
    events::{Done, Noted, server},
    ids::{RoomRef, UserId},
    presence::LeaveReason,
    rooms::{PatchRoom, Role, RoomPatched},
};

impl Task {
    pub(in crate::room) fn mute(&mut self, acting: Acting, mute: Mute, reply: Reply<Noted>) {
        let target = self
            .participant(&mute.target_socket_id)
            .cloned()
            .map_err(|_| Refusal::new(ErrorCode::NotInRoom, "targetSocketId: no such socket in your rooms"));
        let target = target.and_then(|target| access::permit_on(acting.role, target.role).map(|()| target));
        match target {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(target) => {
                let body = EntryBody::Muted {
                    target: target.user_id,
                    socket_id: target.socket_id,
                    kind: mute.kind.unwrap_or_default(),
                    on: mute.on.unwrap_or(true),
                };
                self.append_noted(&acting, body, reply);
            }
        }
    }

    pub(in crate::room) fn kick(&mut self, acting: Acting, kick: Kick, reply: Reply<Noted>) {
        let Kick { room_id: _, user_id: target, ban, reason } = kick;
        let reason = match valid_reason(reason) {
            Ok(_) if target == acting.user_id => return reply.send(Err(Refusal::field("userId", "not oneself"))),
            Ok(reason) => reason,
            Err(refusal) => return reply.send(Err(refusal)),
        };
        let (stores, room_id) = (self.stores.clone(), self.room.room_id.clone());
        let (by, role, ban, now) = (acting.user_id.clone(), acting.role, ban == Some(true), self.outside.clock.now());
        let here = self.participants.has(&target) || self.waiting.get(&target).is_some();
        let (whom, why) = (target.clone(), reason.clone());
        let banning = async move {
            let member = stores.rooms.member(&room_id, &whom).await?;
            if member.is_none() && !here {
                return Err(Refusal::new(ErrorCode::NotFound, "userId: not in this room"));
            }
            access::permit_on(role, member.map_or(Role::Guest, |member| member.role))?;
            if ban {
                let ban = Ban { room_id: room_id.clone(), user_id: whom.clone(), by, reason: why, at: now };
                stores.bans.add(ban).await?;
                stores.rooms.remove_member(&room_id, &whom).await?;
            }
            Ok(())
        };
        self.jobs.begin_in_order(banning, move |task, banned| match banned {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(()) => task.append_noted(&acting, EntryBody::Kicked { target, ban, reason }, reply),
        });
    }

    pub(in crate::room) fn unban(&mut self, acting: Acting, target: UserId, reply: Reply<Noted>) {
        let (bans, room_id) = (self.stores.bans.clone(), self.room.room_id.clone());
        let whom = target.clone();
        let lifting = async move { bans.remove(&room_id, &whom).await };
        self.jobs.begin_in_order(lifting, move |task, lifted| match lifted {
            Ok(true) => task.append_noted(&acting, EntryBody::Unbanned { target }, reply),
            Ok(false) => reply.send(Err(Refusal::new(ErrorCode::NotFound, "userId: not banned"))),
            Err(error) => reply.send(Err(error.into())),
        });
    }

    pub(in crate::room) fn set_role(&mut self, acting: Acting, set: SetRole, reply: Reply<Noted>) {
        let SetRole { room_id: _, user_id: target, role } = set;
        if target == acting.user_id {
            let refusal = Refusal::new(ErrorCode::Conflict, "userId: hand the room to someone else instead");
            return reply.send(Err(refusal));
        }
        let (rooms, room_id) = (self.stores.rooms.clone(), self.room.room_id.clone());
        let (whom, giver) = (target.clone(), acting.user_id.clone());
        let giving = async move {
            let none = || Refusal::new(ErrorCode::NotFound, "userId: not a member of this room");
            let member = rooms.member(&room_id, &whom).await?.ok_or_else(none)?;
            access::permit_role(&member, role)?;
            rooms.set_role(&room_id, &whom, role).await?;
            if role == Role::Owner {
                rooms.set_role(&room_id, &giver, Role::Mod).await?;
            }
            Ok(())
        };
        self.jobs.begin_in_order(giving, move |task, given: Result<(), Refusal>| match given {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(()) => {
                task.append_noted(&acting, EntryBody::Role { target, role }, reply);
                if role == Role::Owner {
                    let giver = acting.user_id.clone();
                    task.note(&acting.user_id, EntryBody::Role { target: giver, role: Role::Mod });
                }
            }
        });
    }

    pub(in crate::room) fn change(&mut self, acting: Acting, patch: PatchRoom, reply: Reply<RoomPatched>) {
        let (rooms, room_ref) = (self.stores.rooms.clone(), RoomRef(self.room.room_id.0.clone()));
        let changing = async move {
            // As it is in the store: the request before this one may not have been told yet.
            let room = rooms.lookup(&room_ref).await?.ok_or_else(Refusal::no_room)?;
            let title = patch.title.map_or(Ok(room.title.clone()), |title| valid_title(&title))?;
            let settings = patched(room.settings.clone(), patch.settings.unwrap_or_default())?;
            let room = Room { title, settings, ..room };
            rooms.update(room.clone()).await?;
            Ok(room)
        };
        self.jobs.begin_in_order(changing, move |task, changed: Result<Room, Refusal>| match changed {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(room) => {
                let body = EntryBody::Settings { title: room.title.clone(), settings: room.settings.clone() };
                let draft = task.draft(&acting.user_id, body);
                task.append(draft, reply, |_, _| Ok(RoomPatched { room }));
            }
        });
    }

    pub(in crate::room) fn admit(&mut self, acting: Acting, admit: Admit, reply: Reply<Noted>) {
        let Admit { room_id: _, user_id: target, admit } = admit;
        let Some(guest) = self.waiting.get(&target).map(|knocking| knocking.guest) else {
            return reply.send(Err(Refusal::new(ErrorCode::NotFound, "userId: does not wait at this room")));
        };
        let (rooms, room_id) = (self.stores.rooms.clone(), self.room.room_id.clone());
        let role = access::admitted_role(guest);
        let member = Member { room_id, user_id: target.clone(), role, joined_at: self.outside.clock.now() };
        let admitting = async move { if admit { rooms.add_member(member).await } else { Ok(()) } };
        self.jobs.begin_in_order(admitting, move |task, admitted| match admitted {
            Ok(()) => task.append_noted(&acting, EntryBody::Admitted { target, admit }, reply),
            Err(error) => reply.send(Err(error.into())),
        });
    }

    /// Everyone goes out first and no one acts any more, so that nothing is written behind it.
    pub(in crate::room) fn remove(&mut self, acting: &Acting, reply: Reply<Done>) {
        self.coordination.tell(&self.room.room_id, News::Removed { by: acting.user_id.clone() });
        self.send_everyone_out(&acting.user_id);
        self.removing = Some(reply);
    }

    pub(in crate::room) fn send_everyone_out(&mut self, by: &UserId) {
        let kicked = Kicked {
            room_id: self.room.room_id.clone(),
            seq: self.chat.seq,
            user_id: by.clone(),
            by: by.clone(),
            ban: false,
            reason: Some("the room was removed".into()),
        };
        for user in self.participants.users_online() {
            let gone =
                Outgoing::new(server::CONTROL_KICKED, &Kicked { user_id: user.user_id.clone(), ..kicked.clone() });
            self.participants.tell_user(&user.user_id, &gone);
            self.depart_user(&user.user_id, LeaveReason::Kicked);
        }
    }
}
