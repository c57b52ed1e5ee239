//! From a request to what it does: who it is, whether they may, and then the noun's own code.

use super::{Acting, Actor, Reply, Request, append::Origin, task::Task};
use studyrooms_domain::{
    Refusal, access,
    log::{Draft, Entry, EntryBody},
    outside::random_id,
};
use studyrooms_protocol::{
    error::ErrorCode,
    events::{Done, Noted},
    ids::{EventId, SocketId, UserId},
    presence::Participant,
};

impl Task {
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
        let permitted = self.acting(actor).and_then(|acting| {
            access::permit(request.action(), acting.role, &self.room)?;
            Ok(acting)
        });
        match permitted {
            Ok(acting) => self.carry_out_for(acting, request),
            Err(refusal) => request.refuse(refusal),
        }
    }

    fn carry_out_for(&mut self, acting: Acting, request: Request) {
        match request {
            Request::Leave((), reply) => self.leave(&acting, reply),
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
            Request::Board((), reply) => reply.send(Ok(self.elements())),
            Request::Files((), reply) => reply.send(Ok(self.file_list())),
            Request::Announce(announced, reply) => self.announce(acting, announced, reply),
            Request::Unshare(upload_id, reply) => self.unshare(acting, upload_id, reply),
            Request::Media(media, reply) => reply.send(self.set_media(&acting, media)),
            Request::Signal(signal, reply) => reply.send(self.signal(&acting, &signal)),
            Request::Hand(hand, reply) => reply.send(self.raise_hand(&acting, hand.raised)),
            Request::Reaction(reaction, reply) => reply.send(self.show_reaction(&acting, reaction.emoji)),
            Request::Mute(mute, reply) => self.mute(acting, mute, reply),
            Request::Kick(kick, reply) => self.kick(acting, kick, reply),
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
            Actor::Member(acting) => Ok(acting),
            Actor::Socket(socket_id, connection) => {
                let present = self.participants.get(&socket_id).filter(|present| present.is_on(connection));
                let present = present.filter(|_| !self.listed.leaving.has(&socket_id));
                let Participant { user_id, name, role, .. } = &present.ok_or_else(not_here)?.participant;
                let (user_id, name, role) = (user_id.clone(), name.clone(), *role);
                Ok(Acting { user_id, name, role, socket_id: Some(socket_id) })
            }
        }
    }

    /// The participant of a socket.
    pub(super) fn participant(&self, socket_id: &SocketId) -> Result<&Participant, Refusal> {
        self.participants.get(socket_id).map(|present| &present.participant).ok_or_else(not_here)
    }

    /// An entry of `user_id`, from now, under an event of its own.
    pub(super) fn draft(&self, user_id: &UserId, body: EntryBody) -> Draft {
        let event_id = EventId(random_id(&*self.outside.random));
        Draft { event_id, user_id: user_id.clone(), timestamp: self.outside.clock.now(), body }
    }

    /// Appends to the room log; `answer` makes what the one who asked is told, from the entry and
    /// the room with it.
    pub(super) fn append<T: Send + 'static>(
        &mut self,
        draft: Draft,
        reply: Reply<T>,
        answer: impl FnOnce(&Entry, &Self) -> Result<T, Refusal> + Send + 'static,
    ) {
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, task: &Self| {
            reply.send(stored.and_then(|entry| answer(entry, task)));
        });
        self.append_room(draft, Origin { is_asked: true, socket_id: None, on_stored });
    }

    fn append_room(&mut self, draft: Draft, origin: Origin) {
        if let Err(origin) = self.room_log.push(draft, origin) {
            (origin.on_stored)(Err(too_busy()), self);
        }
    }

    /// Appends to the board log.
    pub(super) fn append_drawn(&mut self, draft: Draft, origin: Origin) {
        if let Err(origin) = self.board_log.push(draft, origin) {
            (origin.on_stored)(Err(too_busy()), self);
        }
    }

    /// Appends what is answered by its place in the log.
    pub(super) fn append_noted(&mut self, acting: &Acting, body: EntryBody, reply: Reply<Noted>) {
        self.append(self.draft(&acting.user_id, body), reply, |entry, _| Ok(Noted { seq: entry.seq }));
    }

    /// Appends what no one waits for.
    pub(super) fn note(&mut self, user_id: &UserId, body: EntryBody) {
        let (room_id, kind) = (self.room.room_id.clone(), body.kind());
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, _: &Self| {
            if let Err(refusal) = stored {
                tracing::warn!(room = %room_id, kind, %refusal, "not noted");
            }
        });
        self.append_room(self.draft(user_id, body), Origin { is_asked: false, socket_id: None, on_stored });
    }
}

/// The answer to a socket that acts in a room it is not in.
pub(super) fn not_here() -> Refusal {
    Refusal::new(ErrorCode::NotInRoom, "roomId: join the room first")
}

fn too_busy() -> Refusal {
    Refusal::new(ErrorCode::Unavailable, "the room is too busy; try again")
}

impl Acting {
    /// The socket; what is asked for makes no sense by HTTP.
    pub(super) fn socket(&self) -> Result<&SocketId, Refusal> {
        self.socket_id.as_ref().ok_or_else(not_here)
    }
}
