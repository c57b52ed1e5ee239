//! What moderators keep in view.

use crate::history;
use std::{collections::BTreeSet, sync::Arc};
use studyrooms_domain::{
    chat,
    log::Entry,
    store::{Logs, Stored},
};
use studyrooms_protocol::{
    chat::Message,
    ids::{MessageId, RoomId},
};

/// The pinned messages, in the order of the log.
#[derive(Default)]
pub(in crate::room) struct Pins(Vec<Message>);

impl Pins {
    /// Those of these messages that are pinned and not deleted.
    pub(in crate::room) async fn load(
        logs: &Arc<dyn Logs>,
        room_id: &RoomId,
        ids: &BTreeSet<MessageId>,
    ) -> Stored<Self> {
        let ids: Vec<MessageId> = ids.iter().cloned().collect();
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
