//! What is stored goes out: strictly by `seq`, to everyone, and then the one who asked is told.

use super::{
    Outgoing,
    append::{Batch, OnStored, Origin},
    command::Speaker,
    reply::Reply,
    task::Task,
};
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
    board, chat,
    log::{Draft, Entry, EntryBody, LogName},
    outside::random_id,
};
use studyrooms_protocol::{
    Seq,
    board::{Draw, DrawAck},
    chat::{MessageAck, MessageSent, PostMessage},
    error::ErrorCode,
    events::server,
    ids::{EventId, SocketId, UserId},
};

/// Entries read at a time while catching up.
const PAGE: usize = 500;

impl Task {
    pub(super) fn post(&mut self, speaker: Speaker, post: PostMessage, reply: Reply<MessageAck>) {
        match self.message_draft(speaker, post) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(draft) => {
                let on_stored: OnStored = Box::new(move |stored| {
                    reply.send(stored.and_then(|entry| {
                        let clash = || Refusal::new(ErrorCode::Conflict, "eventId: used for something else");
                        chat::message(entry).map(|message| MessageAck { message }).ok_or_else(clash)
                    }));
                });
                self.room_log.push(draft, Origin { socket_id: None, on_stored });
            }
        }
    }

    fn message_draft(&self, speaker: Speaker, post: PostMessage) -> Result<Draft, Refusal> {
        let (user_id, name, role) = match speaker {
            Speaker::Member { user_id, name, role } => (user_id, name, role),
            Speaker::Socket(socket_id) => {
                let participant = self.participant(&socket_id)?;
                (participant.user_id.clone(), participant.name.clone(), participant.role)
            }
        };
        access::permit(Action::Post, role, &self.room.settings)?;
        chat::draft(post, (user_id, name), self.outside.clock.now(), &*self.outside.random)
    }

    pub(super) fn draw(&mut self, socket_id: &SocketId, draw: Draw, reply: Reply<DrawAck>) {
        match self.board_draft(socket_id, draw) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(draft) => {
                let on_stored: OnStored =
                    Box::new(move |stored| reply.send(stored.map(|entry| DrawAck { seq: entry.seq })));
                self.board_log.push(draft, Origin { socket_id: Some(socket_id.clone()), on_stored });
            }
        }
    }

    fn board_draft(&self, socket_id: &SocketId, draw: Draw) -> Result<Draft, Refusal> {
        let participant = self.participant(socket_id)?;
        access::permit(Action::Draw, participant.role, &self.room.settings)?;
        let random = &*self.outside.random;
        let ops = board::admit(draw.ops, &self.board.board, random)?;
        let event_id =
            draw.op_id.map_or_else(|| Ok(EventId(random_id(random))), |id| chat::valid_event_id("opId", id))?;
        Ok(Draft {
            event_id,
            user_id: participant.user_id.clone(),
            timestamp: self.outside.clock.now(),
            body: EntryBody::Drawn { ops },
        })
    }

    /// Appends what no one waits for.
    pub(super) fn note(&mut self, user_id: UserId, body: EntryBody) {
        let event_id = EventId(random_id(&*self.outside.random));
        let draft = Draft { event_id, user_id, timestamp: self.outside.clock.now(), body };
        let room_id = self.room.room_id.clone();
        let on_stored: OnStored = Box::new(move |stored| {
            if let Err(refusal) = stored {
                tracing::warn!(room = %room_id, %refusal, "coming or going was not noted");
            }
        });
        self.room_log.push(draft, Origin { socket_id: None, on_stored });
    }

    pub(super) async fn room_stored(&mut self, batch: Batch) {
        let Batch { result, origins } = batch;
        let appended = match result {
            Ok(appended) => appended,
            Err(error) => return self.not_stored(&error.clone(), error.into(), origins),
        };
        for (appended, origin) in appended.into_iter().zip(origins) {
            let entry = appended.entry;
            self.catch_up_room(Some(entry.seq - 1)).await;
            if entry.seq == self.chat.seq + 1 {
                self.show_in_room(&entry);
            }
            (origin.on_stored)(Ok(&entry));
        }
    }

    pub(super) async fn board_stored(&mut self, batch: Batch) {
        let Batch { result, origins } = batch;
        let appended = match result {
            Ok(appended) => appended,
            Err(error) => return self.not_stored(&error.clone(), error.into(), origins),
        };
        for (appended, origin) in appended.into_iter().zip(origins) {
            let entry = appended.entry;
            self.catch_up_board(Some(entry.seq - 1)).await;
            if entry.seq == self.board.seq + 1 {
                self.show_on_board(&entry, origin.socket_id.as_ref());
            }
            (origin.on_stored)(Ok(&entry));
        }
    }

    /// Whether anything of the batch is in the log after all, the log itself will tell.
    fn not_stored(&mut self, error: &studyrooms_domain::store::StoreError, refusal: Refusal, origins: Vec<Origin>) {
        self.fell_behind(error);
        for origin in origins {
            (origin.on_stored)(Err(refusal.clone()));
        }
    }

    /// Delivers from the log up to `target`, or to its end.
    pub(super) async fn catch_up_room(&mut self, target: Option<Seq>) {
        while target.is_none_or(|target| self.chat.seq < target) {
            match self.stores.logs.after(&self.room.room_id, LogName::Room, self.chat.seq, PAGE).await {
                Ok(entries) if entries.is_empty() => return,
                Ok(entries) => entries.iter().for_each(|entry| self.show_in_room(entry)),
                Err(error) => return self.fell_behind(&error),
            }
        }
    }

    /// Delivers from the log up to `target`, or to its end.
    pub(super) async fn catch_up_board(&mut self, target: Option<Seq>) {
        while target.is_none_or(|target| self.board.seq < target) {
            match self.stores.logs.after(&self.room.room_id, LogName::Board, self.board.seq, PAGE).await {
                Ok(entries) if entries.is_empty() => return,
                Ok(entries) => entries.iter().for_each(|entry| self.show_on_board(entry, None)),
                Err(error) => return self.fell_behind(&error),
            }
        }
    }

    fn show_in_room(&mut self, entry: &Entry) {
        let message = self.chat.apply(entry);
        if let Some(message) = message.filter(|_| !self.participants.is_empty()) {
            let sent = MessageSent { seq: entry.seq, message };
            self.participants.tell_all(&Outgoing::new(server::CHAT_MESSAGE, &sent));
        }
    }

    fn show_on_board(&mut self, entry: &Entry, from: Option<&SocketId>) {
        let Some(outgoing) = self.board.apply(entry) else { return };
        match from {
            Some(from) => self.participants.tell_others(from, &outgoing),
            None => self.participants.tell_all(&outgoing),
        }
    }
}
