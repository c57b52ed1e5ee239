//! Chat messages (DESIGN 4).

use crate::{
    Seq, Timestamp,
    ids::{EventId, MessageId, RoomId, RoomRef, UserId},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file shown with a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Attachment {
    /// As `POST /api/upload-url` gave it.
    pub file_url: String,
    /// Shown, never used as a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
}

/// One emoji under a message, and who chose it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// In order of choosing.
    pub user_ids: Vec<UserId>,
}

/// A chat message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Message {
    /// For ever.
    pub id: MessageId,
    /// Its room.
    pub room_id: RoomId,
    /// Its place in the room log.
    pub seq: Seq,
    /// Who wrote it.
    pub sender_id: UserId,
    /// The name shown when it was written.
    pub sender_name: String,
    /// Plain text.
    pub text: String,
    /// Files shown with it.
    pub attachments: Vec<Attachment>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// True when its text is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// In order of first use.
    pub reactions: Vec<Reaction>,
    /// As its sender gave it, so that the sender knows its own again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

/// Event `chat:message` as a client sends it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SendMessage {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// 1 to 4000 characters.
    pub text: String,
    /// At most 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The same id again from the same person is the same message: nothing is stored twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

impl From<SendMessage> for PostMessage {
    fn from(sent: SendMessage) -> Self {
        let SendMessage { room_id: _, text, attachments, reply_to, event_id } = sent;
        Self { text, attachments, reply_to, event_id }
    }
}

/// `POST /api/rooms/:id/messages`: [`SendMessage`] without the room, which the path names.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct PostMessage {
    /// 1 to 4000 characters.
    pub text: String,
    /// At most 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The same id again from the same person is the same message: nothing is stored twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

/// Event `chat:message` as everyone gets it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageSent {
    /// Place in the room log.
    pub seq: Seq,
    /// The message.
    pub message: Message,
}

/// The ack of `chat:message`, and the answer to posting by HTTP.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MessageAck {
    /// As it was stored.
    pub message: Message,
}

/// `GET /api/rooms/:id/messages`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MessagePage {
    /// Oldest to newest of the page.
    pub messages: Vec<Message>,
    /// What to pass as `before` (or as `after`, when paging forward) for the next page.
    pub next: Option<Seq>,
}
