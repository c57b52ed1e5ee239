//! From a request to what it does: who it is, whether they may, and then the noun's own code.

use super::{
    Acting, Actor, Reply, Request,
    append::{Origin, Waiting},
    live::LiveRoom,
};
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
    log::{Draft, Entry, EntryBody},
    rights::{self, Claim, Rights},
    system::random_id,
};
use studyrooms_protocol::{
    events::{Done, Noted},
    ids::{EventId, SocketId, UserId},
    presence::Participant,
};

impl LiveRoom {
    pub(super) fn act(&mut self, actor: Actor, request: Request) {
        let (actor, request) = match (actor, request) {
            // Who only waits at the door may go away from it.
            (Actor::Socket(socket_id, connection), Request::Leave((), reply))
                if self.stop_waiting_on(&socket_id, connection) =>
            {
                return reply.send(Ok(Done {}));
            }
            other => other,
        };
        let permitted = self.acting(actor).and_then(|mut acting| match &request {
            // Whoever may not stay may go.
            Request::Resign(..) => Ok(acting),
            _ => {
                acting.role = self.rights().permit(&self.claim(&acting, request.action()))?;
                Ok(acting)
            }
        });
        match permitted {
            Ok(acting) => self.carry_out_for(acting, request),
            Err(refusal) => request.refuse(refusal),
        }
    }

    /// Who may do what behind all that waits to be written: what is done now takes effect there.
    pub(super) fn rights(&self) -> &Rights {
        self.room_log.rights()
    }

    /// What someone says to be allowed to who is about to do something.
    pub(super) fn claim(&self, acting: &Acting, action: Action) -> Claim {
        let from = match &acting.socket_id {
            Some(_) => rights::Origin::Socket,
            None if self.participants.has(&acting.user_id) => rights::Origin::Inside,
            None => rights::Origin::Outside,
        };
        Claim {
            user_id: acting.user_id.clone(),
            role: acting.role,
            since: acting.since,
            action,
            from,
            target_since: None,
            patch: None,
            repeats: false,
        }
    }

    fn carry_out_for(&mut self, acting: Acting, request: Request) {
        match request {
            Request::Leave((), reply) => self.leave(&acting, reply),
            Request::Resign((), reply) => self.resign(acting, reply),
            Request::Attend((), reply) => reply.send(Ok(Done {})),
            Request::Sync(sync, reply) => self.sync(&acting, &sync, reply),
            Request::Post(post, reply) => self.post(acting, post, reply),
            Request::Edit(edit, reply) => self.edit(acting, edit, reply),
            Request::Delete(delete, reply) => self.delete(acting, delete, reply),
            Request::React(react, reply) => self.react(acting, react, reply),
            Request::Pin(pin, reply) => self.pin(acting, pin, reply),
            Request::Read(read, reply) => self.read(acting, &read, reply),
            Request::Typing(typing, reply) => reply.send(self.set_typing(&acting, typing.is_typing)),
            Request::Draw(draw, reply) => self.draw(acting, draw, reply),
            Request::Cursor(cursor, reply) => reply.send(self.move_cursor(&acting, cursor)),
            Request::Save(save, reply) => self.save(acting, save, reply),
            Request::Restore(restore, reply) => self.restore(acting, restore, reply),
            Request::Board((), reply) => reply.send(Ok(self.board.now())),
            Request::Files((), reply) => reply.send(Ok(self.file_list())),
            Request::Announce(announced, reply) => self.announce(acting, announced, reply),
            Request::Unshare(upload_id, reply) => self.unshare(acting, upload_id, reply),
            Request::Media(media, reply) => reply.send(self.set_media(&acting, media)),
            Request::Signal(signal, reply) => reply.send(self.signal(&acting, &signal)),
            Request::Hand(hand, reply) => reply.send(self.raise_hand(&acting, hand.raised)),
            Request::Reaction(reaction, reply) => reply.send(self.show_reaction(&acting, reaction.emoji)),
            Request::Mute(mute, reply) => self.mute(acting, mute, reply),
            Request::Kick(kick, reply) => self.kick(acting, kick, reply),
            Request::RemoveGuests(remove, reply) => self.remove_guests(acting, remove, reply),
            Request::Unban(unban, reply) => self.unban(acting, unban.user_id, reply),
            Request::SetRole(set, reply) => self.set_role(acting, set, reply),
            Request::Change(patch, reply) => self.change(acting, patch, reply),
            Request::Admit(admit, reply) => self.admit(acting, admit, reply),
            Request::Remove((), reply) => self.remove(&acting, reply),
            Request::Timer(request, reply) => self.run_timer(acting, request, reply),
            Request::Tasks((), reply) => reply.send(Ok(self.task_list())),
            Request::CreateTask(new, reply) => self.create_task(acting, new, reply),
            Request::UpdateTask(update, reply) => self.update_task(acting, update, reply),
            Request::DeleteTask(delete, reply) => self.delete_task(acting, delete.task_id, reply),
        }
    }

    fn acting(&self, actor: Actor) -> Result<Acting, Refusal> {
        match actor {
            Actor::Member(acting) => Ok(*acting),
            Actor::Socket(socket_id, connection) => {
                let present = self.participants.get(&socket_id).filter(|present| present.is_on(connection));
                let present = present.filter(|_| !self.listed.leaving.has(&socket_id));
                let Participant { user_id, name, role, joined_at, .. } =
                    &present.ok_or_else(access::not_in_room)?.participant;
                let (user_id, name, role, since) = (user_id.clone(), name.clone(), *role, *joined_at);
                Ok(Acting { user_id, name, role, since, socket_id: Some(socket_id) })
            }
        }
    }

    /// The participant of a socket.
    pub(super) fn participant(&self, socket_id: &SocketId) -> Result<&Participant, Refusal> {
        self.participants.get(socket_id).map(|present| &present.participant).ok_or_else(access::not_in_room)
    }

    /// An entry of `user_id`, from now, under an event of its own.
    pub(super) fn draft(&self, user_id: &UserId, body: EntryBody) -> Draft {
        let event_id = EventId(random_id(&*self.system.random));
        Draft { event_id, user_id: user_id.clone(), timestamp: self.system.clock.now(), body }
    }

    /// Appends to the room log by right of `claim`; `answer` makes what the one who asked is told, from the
    /// entry and the room with it.
    pub(super) fn append<T: Send + 'static>(
        &mut self,
        claim: Claim,
        draft: Draft,
        reply: Reply<T>,
        answer: impl FnOnce(&Entry, &Self) -> Result<T, Refusal> + Send + 'static,
    ) {
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, live: &mut Self| {
            reply.send(stored.and_then(|entry| answer(entry, live)));
        });
        self.append_room(draft, Some(claim), Origin { is_asked: true, socket_id: None, on_stored });
    }

    pub(super) fn append_room(&mut self, draft: Draft, claim: Option<Claim>, origin: Origin) {
        if let Err(refused) = self.room_log.push(draft, claim, origin) {
            let (origin, refusal) = *refused;
            (origin.on_stored)(Err(refusal), self);
        }
    }

    /// Appends to the board log by right of `claim`.
    pub(super) fn append_drawn(&mut self, draft: Draft, claim: Claim, origin: Origin) {
        if let Err(refused) = self.board_log.push(Waiting { draft, claim: Some(claim), origin }) {
            let (origin, refusal) = *refused;
            (origin.on_stored)(Err(refusal), self);
        }
    }

    /// Begins what is to be written next.
    pub(super) fn start_writing(&mut self) {
        self.start_room_log();
        self.start_board_log();
    }

    pub(super) fn start_room_log(&mut self) {
        for (origin, refusal) in self.room_log.start() {
            (origin.on_stored)(Err(refusal), self);
        }
    }

    pub(super) fn start_board_log(&mut self) {
        let refused = self.board_log.start_drawing(self.room_log.rights());
        for (origin, refusal) in refused {
            (origin.on_stored)(Err(refusal), self);
        }
    }

    /// Appends what is answered by its place in the log.
    pub(super) fn append_noted(&mut self, claim: Claim, body: EntryBody, reply: Reply<Noted>) {
        self.append(claim.clone(), self.draft(&claim.user_id, body), reply, |entry, _| Ok(Noted { seq: entry.seq }));
    }

    /// Appends what no one waits for.
    pub(super) fn note(&mut self, user_id: &UserId, body: EntryBody) {
        self.note_claimed(user_id, None, body);
    }

    /// The same, by right of `claim`.
    pub(super) fn note_claimed(&mut self, user_id: &UserId, claim: Option<Claim>, body: EntryBody) {
        let (room_id, kind) = (self.room.room_id.clone(), body.kind());
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, _: &mut Self| {
            if let Err(refusal) = stored {
                tracing::warn!(room = %room_id, kind, %refusal, "not noted");
            }
        });
        self.append_room(self.draft(user_id, body), claim, Origin { is_asked: false, socket_id: None, on_stored });
    }
}

impl Acting {
    /// The socket; what is asked for makes no sense by HTTP.
    pub(super) fn socket(&self) -> Result<&SocketId, Refusal> {
        self.socket_id.as_ref().ok_or_else(access::not_in_room)
    }
}
