//! Chat messages (SPEC 5).

use crate::{
    Seq, Timestamp,
    files::PictureSize,
    ids::{EventId, MessageId, RoomId, RoomRef, UserId},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file shown with a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// Of a picture, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureSize>,
}

/// One emoji under a message, and who chose it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// In order of choosing.
    pub user_ids: Vec<UserId>,
}

/// A chat message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Message {
    /// For ever.
    pub id: MessageId,
    /// Its room.
    pub room_id: RoomId,
    /// Its place in the room log.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
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
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub timestamp: Timestamp,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub edited_at: Option<Timestamp>,
    /// True when its text is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// True while a moderator keeps it in view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct PostMessage {
    /// 1 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000, pattern = r"\S"))]
    pub text: String,
    /// At most 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub attachments: Option<Vec<Attachment>>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 64))]
    pub reply_to: Option<MessageId>,
    /// The same id again from the same person is the same message: nothing is stored twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 64))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageAck {
    /// As it was stored.
    pub message: Message,
}

/// `GET /api/rooms/:id/messages`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// Oldest to newest of the page.
    pub messages: Vec<Message>,
    /// What to pass as `before` (or as `after`, when paging forward) for the next page.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub next: Option<Seq>,
}

/// Event `chat:edit`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EditMessage {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// A message of the caller's own.
    pub message_id: MessageId,
    /// All of the new text, 1 to 4000 characters.
    pub text: String,
}

/// Event `chat:edited`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageEdited {
    /// Place of the edit in the room log.
    pub seq: Seq,
    /// As it is now.
    pub message: Message,
}

/// Event `chat:delete`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeleteMessage {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The caller's own, or anyone's for moderators.
    pub message_id: MessageId,
}

/// Event `chat:deleted`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageDeleted {
    /// The room.
    pub room_id: RoomId,
    /// Whose text is gone.
    pub message_id: MessageId,
    /// Place of the deletion in the room log.
    pub seq: Seq,
}

/// Event `chat:react`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct React {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The message.
    pub message_id: MessageId,
    /// One emoji.
    pub emoji: String,
    /// Put there, or taken away.
    pub on: bool,
}

/// Event `chat:reaction`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reacted {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// The message.
    pub message_id: MessageId,
    /// Who.
    pub user_id: UserId,
    /// The emoji.
    pub emoji: String,
    /// Put there, or taken away.
    pub on: bool,
}

/// Event `chat:pin`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PinMessage {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The message.
    pub message_id: MessageId,
    /// Kept in view, or no longer.
    pub on: bool,
}

/// Event `chat:pinned`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessagePinned {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// The message.
    pub message_id: MessageId,
    /// Who did it.
    pub user_id: UserId,
    /// Kept in view, or no longer.
    pub on: bool,
}

/// Event `chat:read`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadUpTo {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The place of the newest entry that was seen; it moves forward only.
    pub seq: Seq,
}

/// Event `chat:receipt`: how far someone has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The room.
    pub room_id: RoomId,
    /// Who.
    pub user_id: UserId,
    /// Up to this place in the room log.
    pub seq: Seq,
}
