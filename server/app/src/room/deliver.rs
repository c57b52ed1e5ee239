//! What is stored goes out: strictly by `seq`, to everyone, and then the one who asked is told.

use super::{
    BOARD_PAGE, Outgoing,
    append::{Batch, Origin},
    live::LiveRoom,
};
use crate::history;
use std::{sync::Arc, time::Duration};
use studyrooms_domain::{
    Refusal,
    log::{Appended, Entry, EntryBody, LogName, TaskChange},
    store::{Logs, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq,
    chat::{Message, MessageDeleted, MessageEdited, MessagePinned, MessageSent, Reacted},
    events::server,
    ids::{MessageId, RoomId, SocketId},
    tasks::{TaskDeleted, TaskUpdated},
};

/// Entries read at a time while catching up.
const PAGE: usize = 500;
/// How long a page may take while the room stands still.
const READ_WITHIN: Duration = Duration::from_secs(4);

/// The next page of a log. The room stands still meanwhile, so a store that does not answer is not
/// waited for.
async fn read_on(logs: &Arc<dyn Logs>, room_id: &RoomId, log: LogName, seq: Seq, limit: usize) -> Stored<Vec<Entry>> {
    let late = |_| StoreError::Unavailable("a page of the log comes too late".into());
    tokio::time::timeout(READ_WITHIN, logs.after(room_id, log, seq, limit)).await.map_err(late)?
}

impl LiveRoom {
    pub(super) async fn room_stored(&mut self, batch: Batch) {
        let Batch { result, origins, .. } = batch;
        let written = match result {
            Ok(written) => written,
            Err(error) => {
                let behind = self.room_log.withdraw();
                return self.not_stored(&error, origins.into_iter().chain(behind));
            }
        };
        self.notify_appended(LogName::Room, &written);
        for (written, origin) in written.into_iter().zip(origins) {
            let entry = match written {
                Ok(appended) => appended.entry,
                Err(refusal) => {
                    // What forbade it is delivered first.
                    self.catch_up_room(None).await;
                    (origin.on_stored)(Err(refusal), self);
                    continue;
                }
            };
            self.catch_up_room(Some(entry.seq - 1)).await;
            if entry.seq == self.chat.seq + 1 {
                self.show_in_room(&entry).await;
            }
            (origin.on_stored)(Ok(&entry), self);
        }
    }

    pub(super) async fn board_stored(&mut self, batch: Batch) {
        let Batch { result, origins, .. } = batch;
        let written = match result {
            Ok(written) => written,
            Err(error) => {
                let behind = self.board_log.withdraw();
                return self.not_stored(&error, origins.into_iter().chain(behind));
            }
        };
        self.notify_appended(LogName::Board, &written);
        for (written, origin) in written.into_iter().zip(origins) {
            let entry = match written {
                Ok(appended) => appended.entry,
                Err(refusal) => {
                    (origin.on_stored)(Err(refusal), self);
                    continue;
                }
            };
            self.catch_up_board(Some(entry.seq - 1)).await;
            if entry.seq == self.board.seq + 1 {
                self.show_on_board(&entry, origin.socket_id.as_ref());
            }
            (origin.on_stored)(Ok(&entry), self);
        }
    }

    /// Tells the other instances of what was stored; only then is it sure to be.
    fn notify_appended(&self, log: LogName, written: &[Result<Appended, Refusal>]) {
        let fresh = written.iter().flatten().filter(|appended| appended.fresh).map(|appended| &appended.entry);
        self.coordination.notify_appended(&self.room.room_id, log, fresh);
    }

    /// Whether anything of the batch is in the log after all, the log itself will tell.
    fn not_stored(&mut self, error: &StoreError, origins: impl Iterator<Item = Origin>) {
        self.fell_behind(error);
        let refusal = Refusal::from(error.clone());
        for origin in origins {
            (origin.on_stored)(Err(refusal.clone()), self);
        }
    }

    /// Delivers from the log up to `target`, or to its end.
    pub(super) async fn catch_up_room(&mut self, target: Option<Seq>) {
        while target.is_none_or(|target| self.chat.seq < target) {
            match read_on(&self.stores.logs, &self.room.room_id, LogName::Room, self.chat.seq, PAGE).await {
                Ok(entries) if entries.is_empty() => return,
                Ok(entries) => {
                    for entry in &entries {
                        self.show_in_room(entry).await;
                    }
                }
                Err(error) => return self.fell_behind(&error),
            }
        }
    }

    /// Delivers from the log up to `target`, or to its end.
    pub(super) async fn catch_up_board(&mut self, target: Option<Seq>) {
        while target.is_none_or(|target| self.board.seq < target) {
            match read_on(&self.stores.logs, &self.room.room_id, LogName::Board, self.board.seq, BOARD_PAGE).await {
                Ok(entries) if entries.is_empty() => return,
                Ok(entries) if !history::follow(self.board.seq, &entries) => return self.reload_board().await,
                Ok(entries) => entries.iter().for_each(|entry| self.show_drawn(entry)),
                Err(error) => return self.fell_behind(&error),
            }
        }
    }

    pub(super) async fn show_in_room(&mut self, entry: &Entry) {
        self.room_log.shown(entry);
        let changed = self.chat.apply(entry).cloned();
        self.count_folded(entry);
        match &entry.body {
            EntryBody::Message(_) => self.show_message(entry, changed),
            EntryBody::Task(change) => self.show_task(entry, change),
            EntryBody::Timer(_) => self.show_timer(entry),
            EntryBody::Shared(_) | EntryBody::Unshared { .. } => self.show_file(entry),
            EntryBody::Muted { .. }
            | EntryBody::Kicked { .. }
            | EntryBody::Unbanned { .. }
            | EntryBody::Role { .. }
            | EntryBody::Settings { .. }
            | EntryBody::CodeRenewed { .. }
            | EntryBody::Resigned { .. }
            | EntryBody::GuestsRemoved { .. }
            | EntryBody::Admitted { .. } => self.show_control(entry),
            body => {
                if let Some(message_id) = body.about() {
                    self.show_amended(entry, message_id, changed).await;
                }
            }
        }
    }

    fn show_message(&mut self, entry: &Entry, message: Option<Message>) {
        if let Some(message) = message.filter(|_| self.participants.is_anyone_here()) {
            let sent = MessageSent { seq: entry.seq, message };
            self.participants.tell_all(&Outgoing::new(server::CHAT_MESSAGE, &sent));
        }
    }

    fn show_task(&mut self, entry: &Entry, change: &TaskChange) {
        let (room_id, seq) = (entry.room_id.clone(), entry.seq);
        let outgoing = match (self.tasks.apply(change), change) {
            (Some(task), _) => Outgoing::new(server::TASK_UPDATED, &TaskUpdated { room_id, seq, task: task.clone() }),
            (None, TaskChange::Deleted { task_id }) => {
                Outgoing::new(server::TASK_DELETED, &TaskDeleted { room_id, seq, task_id: task_id.clone() })
            }
            (None, _) => return,
        };
        self.participants.tell_all(&outgoing);
    }

    /// Something was done to a message, which may be in memory (`changed`) or far back.
    async fn show_amended(&mut self, entry: &Entry, message_id: &MessageId, changed: Option<Message>) {
        self.pins.amend(entry);
        let whole = matches!(entry.body, EntryBody::Edited { .. } | EntryBody::Pinned { on: true, .. });
        let message = match changed {
            Some(message) => Some(message),
            None if whole && self.chat.get(message_id).is_none() => self.read_back(message_id).await,
            None => None,
        };
        let (room_id, seq, message_id) = (entry.room_id.clone(), entry.seq, message_id.clone());
        let user_id = entry.user_id.clone();
        let outgoing = match &entry.body {
            EntryBody::Edited { .. } => match message {
                Some(message) => Outgoing::new(server::CHAT_EDITED, &MessageEdited { seq, message }),
                None => return,
            },
            EntryBody::Deleted { .. } => {
                Outgoing::new(server::CHAT_DELETED, &MessageDeleted { room_id, message_id, seq })
            }
            EntryBody::Reacted { emoji, on, .. } => {
                let (emoji, on) = (emoji.clone(), *on);
                Outgoing::new(server::CHAT_REACTION, &Reacted { room_id, seq, message_id, user_id, emoji, on })
            }
            EntryBody::Pinned { on, .. } => {
                if let Some(message) = message.filter(|message| message.pinned == Some(true)) {
                    self.pins.add(message);
                }
                Outgoing::new(server::CHAT_PINNED, &MessagePinned { room_id, seq, message_id, user_id, on: *on })
            }
            _ => return,
        };
        self.participants.tell_all(&outgoing);
    }

    /// A message that is no longer in memory. What was amended is shown as it is by now.
    fn read_back(&self, message_id: &MessageId) -> impl Future<Output = Option<Message>> + Send + 'static {
        let (logs, room_id, ids) = (self.stores.logs.clone(), self.room.room_id.clone(), [message_id.clone()]);
        async move {
            match history::messages(&logs, &room_id, &ids).await {
                Ok(messages) => messages.into_iter().next().filter(|message| message.deleted != Some(true)),
                Err(error) => {
                    // A change of an old message is not shown to those present; they see it when they
                    // read that page again.
                    tracing::warn!(room = %room_id, %error, "an old message could not be read");
                    None
                }
            }
        }
    }

    /// Shows what was read from the log, or received from another instance.
    pub(super) fn show_drawn(&mut self, entry: &Entry) {
        let from = self.board_log.source_of(entry).cloned();
        self.show_on_board(entry, from.as_ref());
    }

    fn show_on_board(&mut self, entry: &Entry, from: Option<&SocketId>) {
        if !self.board.apply(entry) || !self.participants.is_anyone_here() {
            return;
        }
        self.feed_those_behind(entry.seq, from);
        let Some(outgoing) = self.board.encoded(entry.seq) else { return };
        // Who is behind gets it when it is its turn.
        let feeds = &self.board.feeds;
        let hears = |socket_id: &SocketId| Some(socket_id) != from && !feeds.contains_key(socket_id);
        self.participants.tell_some(&outgoing, |participant| hears(&participant.socket_id));
    }
}
