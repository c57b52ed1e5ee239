//! What instances tell one another of a room (SPEC 1.6): a doorbell. Any of it may be lost; the
//! logs and the directory are read for whatever is missing.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use studyrooms_domain::{
    log::{Entry, LogName},
    presence::{Directory, InstanceId, Place},
    relay::Relay,
    worker::{HINTS, Hint},
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
    /// How it tells the others.
    pub relay: Arc<dyn Relay>,
    /// Who is where.
    pub directory: Arc<dyn Directory>,
}

/// Something that the other instances should hear of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum News {
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

#[derive(Serialize, Deserialize)]
pub(super) struct Told {
    pub from: InstanceId,
    #[serde(flatten)]
    pub news: News,
}

pub(super) fn channel(room_id: &RoomId) -> String {
    format!("room:{room_id}")
}

impl Coordination {
    /// Tells the other instances, when there can be any.
    pub(super) fn tell(&self, room_id: &RoomId, news: News) {
        if !self.relay.is_shared() {
            return;
        }
        match serde_json::to_vec(&Told { from: self.instance.clone(), news }) {
            Ok(message) => self.relay.publish(&channel(room_id), message),
            Err(error) => tracing::error!(%error, "news could not be encoded"),
        }
    }

    /// Tells the workers, in this process or another, that a room log has grown.
    pub(super) fn hint(&self, room_id: &RoomId, seq: Seq) {
        match serde_json::to_vec(&Hint { room_id: room_id.clone(), seq }) {
            Ok(message) => self.relay.publish(HINTS, message),
            Err(error) => tracing::error!(%error, "a hint could not be encoded"),
        }
    }

    /// Tells of entries that were appended.
    pub(super) fn ring<'a>(&self, room_id: &RoomId, log: LogName, entries: impl Iterator<Item = &'a Entry>) {
        let entries: Vec<&Entry> = entries.collect();
        let Some(last) = entries.last().map(|entry| entry.seq) else { return };
        if log == LogName::Room {
            self.hint(room_id, last);
        }
        if !self.relay.is_shared() {
            return;
        }
        let entries: Vec<Entry> = entries.into_iter().cloned().collect();
        let size = |entry: &Entry| serde_json::to_string(entry).map_or(LARGE, |text| text.len());
        let is_small = entries.iter().map(size).sum::<usize>() < LARGE;
        self.tell(room_id, News::Appended { log, last, entries: if is_small { entries } else { vec![] } });
    }
}
