//! An entry as a document.

use crate::{
    boards::StoredBody,
    messages::{message_of, tokens_of},
};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use studyrooms_domain::log::{Entry, EntryBody, LogName};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{EventId, MessageId, RoomId, UserId, VersionId},
};

/// Its fields, which log it stands in, and by what it is found.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryDocument {
    pub(super) log: LogName,
    #[serde(flatten, serialize_with = "stored")]
    pub(super) entry: Entry,
    /// The message that it began or amends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_id: Option<MessageId>,
    /// The words of a message; never read again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) tokens: BTreeSet<String>,
    /// The version of the board that it saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version_id: Option<VersionId>,
    /// Whether that has a picture.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_picture: bool,
    /// What this means for its message is not done yet (`settle.rs`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unsettled: bool,
}

/// As [`Entry`], with its body as it is stored.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StoredEntry<'a> {
    event_id: &'a EventId,
    room_id: &'a RoomId,
    seq: Seq,
    user_id: &'a UserId,
    timestamp: Timestamp,
    #[serde(flatten)]
    body: StoredBody<'a>,
}

fn stored<S: Serializer>(entry: &Entry, serializer: S) -> Result<S::Ok, S::Error> {
    let Entry { event_id, room_id, seq, user_id, timestamp, body } = entry;
    let (seq, timestamp, body) = (*seq, *timestamp, StoredBody::of(body));
    StoredEntry { event_id, room_id, seq, user_id, timestamp, body }.serialize(serializer)
}

impl EntryDocument {
    pub(super) fn new(log: LogName, entry: Entry) -> Self {
        let message_id = message_of(log, &entry.body).cloned();
        let tokens = tokens_of(log, &entry.body);
        let unsettled = log == LogName::Room && entry.body.about().is_some();
        let (version_id, has_picture) = match &entry.body {
            EntryBody::Saved { version_id, data_url, .. } => (Some(version_id.clone()), data_url.is_some()),
            _ => (None, false),
        };
        Self { log, entry, message_id, tokens, version_id, has_picture, unsettled }
    }

    /// The message that is not settled.
    pub(super) fn unsettled(&self) -> Option<&MessageId> {
        self.message_id.as_ref().filter(|_| self.unsettled)
    }
}
