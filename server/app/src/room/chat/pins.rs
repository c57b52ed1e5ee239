//! What moderators keep in view.

use crate::history;
use std::{collections::BTreeSet, sync::Arc};
use studyrooms_domain::{
    chat,
    log::{Entry, EntryBody},
    store::{Logs, Stored},
};
use studyrooms_protocol::{
    Seq,
    chat::Message,
    ids::{MessageId, RoomId},
};

/// The pinned messages, in the order of the log.
#[derive(Default)]
pub(in crate::room) struct Pins(Vec<Message>);

impl Pins {
    /// As they are at `seq` of the room log.
    pub(in crate::room) async fn load(logs: &Arc<dyn Logs>, room_id: &RoomId, seq: Seq) -> Stored<Self> {
        let mut ids: BTreeSet<MessageId> = BTreeSet::new();
        for entry in history::all_of(logs, room_id, &[EntryBody::PINNED], seq).await? {
            if let EntryBody::Pinned { message_id, on } = entry.body {
                if on {
                    ids.insert(message_id)
                } else {
                    ids.remove(&message_id)
                };
            }
        }
        let ids: Vec<MessageId> = ids.into_iter().collect();
        let mut messages = history::messages(logs, room_id, &ids).await?;
        messages.retain(|message| message.pinned == Some(true));
        Ok(Self(messages))
    }

    pub(in crate::room) fn list(&self) -> &[Message] {
        &self.0
    }

    pub(in crate::room) fn get(&self, id: &MessageId) -> Option<&Message> {
        self.0.iter().find(|message| &message.id == id)
    }

    /// Takes an entry about a message that may be pinned.
    pub(in crate::room) fn amend(&mut self, entry: &Entry) {
        if let Some(message) = entry.body.about().and_then(|id| self.0.iter_mut().find(|message| &message.id == id)) {
            chat::amend(message, entry);
            self.0.retain(|message| message.pinned == Some(true));
        }
    }

    /// Takes a message that has just been pinned.
    pub(in crate::room) fn add(&mut self, message: Message) {
        if self.get(&message.id).is_none() {
            self.0.push(message);
            self.0.sort_by_key(|message| message.seq);
        }
    }
}
