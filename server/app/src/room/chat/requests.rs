//! What people do with messages.

use crate::{
    history,
    room::{Acting, Reply, live::LiveRoom, notifications::Notification},
};
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
    chat,
    log::EntryBody,
    rights::Claim,
};
use studyrooms_protocol::{
    chat::{DeleteMessage, EditMessage, Message, MessageAck, PinMessage, PostMessage, React, ReadUpTo, Receipt},
    error::ErrorCode,
    events::{Noted, server},
    ids::{EventId, MessageId, UserId},
};

impl LiveRoom {
    pub(in crate::room) fn post(&mut self, acting: Acting, post: PostMessage, reply: Reply<MessageAck>) {
        let now = self.system.clock.now();
        // What was said already may be sent again: it is not said twice.
        let known = |event_id: &EventId| self.chat.has_event(&acting.user_id, event_id);
        let repeats = post.event_id.as_ref().is_some_and(known);
        let claim = Claim { repeats, ..self.claim(&acting, Action::Post) };
        let sender = (acting.user_id, acting.name);
        match chat::draft(post, &self.files, sender, now, &*self.system.random) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(draft) => {
                self.append(claim, draft, reply, |entry, live| {
                    let clash = || Refusal::new(ErrorCode::Conflict, "eventId: used for something else");
                    let message = chat::message(entry).ok_or_else(clash)?;
                    // The same event again: as it is now, for it may have been edited since.
                    let message = live.chat.get(&message.id).cloned().unwrap_or(message);
                    Ok(MessageAck { message })
                });
            }
        }
    }

    pub(in crate::room) fn edit(&mut self, acting: Acting, edit: EditMessage, reply: Reply<MessageAck>) {
        let EditMessage { room_id: _, message_id, text } = edit;
        if let Err(refusal) = chat::valid_text(&text) {
            return reply.send(Err(refusal));
        }
        self.with_message(message_id, reply, move |live, message, reply| {
            if let Err(refusal) = access::permit_author(&acting.user_id, &message.sender_id) {
                return reply.send(Err(refusal));
            }
            let body = EntryBody::Edited { message_id: message.id.clone(), text };
            let draft = live.draft(&acting.user_id, body);
            live.append(live.claim(&acting, Action::Edit), draft, reply, move |entry, live| {
                let mut message = live.chat.get(&message.id).cloned().unwrap_or(message);
                chat::amend(&mut message, entry);
                Ok(MessageAck { message })
            });
        });
    }

    pub(in crate::room) fn delete(&mut self, acting: Acting, delete: DeleteMessage, reply: Reply<Noted>) {
        self.with_message(delete.message_id, reply, move |live, message, reply| {
            let is_own = acting.user_id == message.sender_id;
            let claim = live.claim(&acting, if is_own { Action::Delete } else { Action::DeleteOthers });
            live.append_noted(claim, EntryBody::Deleted { message_id: message.id }, reply);
        });
    }

    pub(in crate::room) fn react(&mut self, acting: Acting, react: React, reply: Reply<Noted>) {
        let React { room_id: _, message_id, emoji, on } = react;
        if let Err(refusal) = chat::valid_emoji(&emoji) {
            return reply.send(Err(refusal));
        }
        self.with_message(message_id, reply, move |live, message, reply| {
            match if on { chat::fits_under(&message, &emoji) } else { Ok(()) } {
                Err(refusal) => reply.send(Err(refusal)),
                Ok(()) => {
                    let claim = live.claim(&acting, Action::React);
                    let emoji = chat::as_under(&message, emoji);
                    live.append_noted(claim, EntryBody::Reacted { message_id: message.id, emoji, on }, reply);
                }
            }
        });
    }

    pub(in crate::room) fn pin(&mut self, acting: Acting, pin: PinMessage, reply: Reply<Noted>) {
        let on = pin.on;
        self.with_message(pin.message_id, reply, move |live, message, reply| {
            let pinned = live.pins.list();
            if on && message.pinned.is_none() && pinned.len() >= chat::PINNED {
                return reply.send(Err(Refusal::too_large("pins", format_args!("{} in a room", chat::PINNED))));
            }
            live.append_noted(
                live.claim(&acting, Action::Pin),
                EntryBody::Pinned { message_id: message.id, on },
                reply,
            );
        });
    }

    /// Finds a message, in memory or far back, that is not deleted.
    fn with_message<T: Send + 'static>(
        &mut self,
        id: MessageId,
        reply: Reply<T>,
        then: impl FnOnce(&mut Self, Message, Reply<T>) + Send + 'static,
    ) {
        let then = move |live: &mut Self, message: Option<Message>, reply: Reply<T>| match message
            .filter(|message| message.deleted != Some(true))
        {
            Some(message) => then(live, message, reply),
            None => reply.send(Err(chat::no_message())),
        };
        if let Some(message) = self.chat.get(&id).or_else(|| self.pins.get(&id)).cloned() {
            return then(self, Some(message), reply);
        }
        let (logs, room_id) = (self.stores.logs.clone(), self.room.room_id.clone());
        let reading = async move { history::messages(&logs, &room_id, &[id]).await };
        self.jobs.begin(reading, |live, found| match found {
            Ok(messages) => then(live, messages.into_iter().next(), reply),
            Err(error) => reply.send(Err(error.into())),
        });
    }

    pub(in crate::room) fn read(&mut self, acting: Acting, read: &ReadUpTo, reply: Reply<Noted>) {
        // What is not there yet cannot have been read.
        let seq = read.seq.min(self.chat.seq);
        if let Some(known) = self.receipts.get(&acting.user_id).filter(|known| **known >= seq) {
            return reply.send(Ok(Noted { seq: *known }));
        }
        let (markers, room_id) = (self.stores.read_markers.clone(), self.room.room_id.clone());
        let user_id = acting.user_id.clone();
        let advancing = async move { markers.advance(&room_id, &user_id, seq).await };
        self.jobs.begin(advancing, move |live, advanced| match advanced {
            Ok(seq) => {
                if live.has_read(acting.user_id.clone(), seq) {
                    live.coordination.notify(&live.room.room_id, Notification::Read { user_id: acting.user_id, seq });
                }
                reply.send(Ok(Noted { seq }));
            }
            Err(error) => reply.send(Err(error.into())),
        });
    }

    /// Moves a marker that is known here, and tells of it; false when it stands there already.
    pub(in crate::room) fn has_read(&mut self, user_id: UserId, seq: u64) -> bool {
        let known = self.receipts.entry(user_id.clone()).or_default();
        if *known >= seq {
            return false;
        }
        *known = seq;
        let receipt = Receipt { room_id: self.room.room_id.clone(), user_id, seq };
        self.participants.tell_all(&crate::room::Outgoing::new(server::CHAT_RECEIPT, &receipt));
        true
    }
}
