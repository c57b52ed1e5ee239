//! Notifications between the instances of a room (SPEC 1.6). Any of them may be lost; the logs and the directory are
//! read for whatever is missing.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use studyrooms_domain::{
    log::{Entry, LogName},
    presence::{Directory, InstanceId, Place},
    pubsub::PubSub,
    worker::{ROOM_LOG_CHANNEL, RoomLogGrown},
};
use studyrooms_protocol::{
    Seq,
    ids::{RoomId, SocketId, UserId},
    presence::LeaveReason,
};

/// Entries together larger than this are not sent along: the others read them.
const LARGE: usize = 32 << 10;

/// What this instance shares with others.
#[derive(Clone)]
pub struct Coordination {
    /// This one.
    pub instance: InstanceId,
    /// How it notifies the others.
    pub pubsub: Arc<dyn PubSub>,
    /// Who is where.
    pub directory: Arc<dyn Directory>,
}

/// Something that the other instances are to be told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Notification {
    /// A log has entries up to `last`; these are the newest of them, in order, unless they are large.
    Appended { log: LogName, last: Seq, entries: Vec<Entry> },
    /// The directory's list has changed from `before`, which earlier releases do not tell, to `version`.
    Listed {
        version: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
        put: Vec<(SocketId, Place)>,
        gone: Vec<(SocketId, LeaveReason)>,
    },
    /// Someone has read on.
    Read { user_id: UserId, seq: Seq },
    /// The room is being taken away.
    Removed { by: UserId },
}

/// A notification as it travels.
#[derive(Serialize, Deserialize)]
pub(super) struct Envelope {
    pub from: InstanceId,
    #[serde(flatten)]
    pub notification: Notification,
}

pub(super) fn channel(room_id: &RoomId) -> String {
    format!("room:{room_id}")
}

impl Coordination {
    /// Notifies the other instances, when there can be any.
    pub(super) fn notify(&self, room_id: &RoomId, notification: Notification) {
        if !self.pubsub.is_shared() {
            return;
        }
        match serde_json::to_vec(&Envelope { from: self.instance.clone(), notification }) {
            Ok(message) => self.pubsub.publish(&channel(room_id), message),
            Err(error) => tracing::error!(%error, "a notification could not be encoded"),
        }
    }

    /// Notifies the workers, in this process or another, that a room log has grown.
    pub(super) fn notify_workers(&self, room_id: &RoomId, seq: Seq) {
        match serde_json::to_vec(&RoomLogGrown { room_id: room_id.clone(), seq }) {
            Ok(message) => self.pubsub.publish(ROOM_LOG_CHANNEL, message),
            Err(error) => tracing::error!(%error, "a notification of a worker could not be encoded"),
        }
    }

    /// Notifies of entries that were appended.
    pub(super) fn notify_appended<'a>(&self, room_id: &RoomId, log: LogName, entries: impl Iterator<Item = &'a Entry>) {
        let entries: Vec<&Entry> = entries.collect();
        let Some(last) = entries.last().map(|entry| entry.seq) else { return };
        if log == LogName::Room {
            self.notify_workers(room_id, last);
        }
        if !self.pubsub.is_shared() {
            return;
        }
        let entries: Vec<Entry> = entries.into_iter().cloned().collect();
        let size = |entry: &Entry| serde_json::to_string(entry).map_or(LARGE, |text| text.len());
        let is_small = entries.iter().map(size).sum::<usize>() < LARGE;
        self.notify(room_id, Notification::Appended { log, last, entries: if is_small { entries } else { vec![] } });
    }
}
