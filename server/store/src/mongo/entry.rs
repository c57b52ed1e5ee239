//! An entry as a document.

use crate::messages::{message_of, tokens_of};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use studyrooms_domain::log::{Entry, LogName};
use studyrooms_protocol::ids::MessageId;

/// Its fields, which log it stands in, and by what it is found.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryDocument {
    pub(super) log: LogName,
    #[serde(flatten)]
    pub(super) entry: Entry,
    /// The message that it began or amends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_id: Option<MessageId>,
    /// The words of a message; never read again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) tokens: BTreeSet<String>,
    /// What this means for its message is not done yet (`settle.rs`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unsettled: bool,
}

impl EntryDocument {
    pub(super) fn new(log: LogName, entry: Entry) -> Self {
        let message_id = message_of(log, &entry.body).cloned();
        let tokens = tokens_of(log, &entry.body);
        let unsettled = log == LogName::Room && entry.body.about().is_some();
        Self { log, entry, message_id, tokens, unsettled }
    }

    /// The message that is not settled.
    pub(super) fn unsettled(&self) -> Option<&MessageId> {
        self.message_id.as_ref().filter(|_| self.unsettled)
    }
}
