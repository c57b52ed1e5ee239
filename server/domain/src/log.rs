//! The log: what lasts in a room is an entry of its room log, what is drawn an entry of its board
//! log (DESIGN 5). An entry is immutable, and `seq` is 1, 2, 3 … in each log.

use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardOp,
    chat::Attachment,
    ids::{EventId, MessageId, RoomId, SocketId, UserId},
    presence::LeaveReason,
};

/// Which of a room's logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogName {
    /// Messages, coming and going, all that is not drawn.
    Room,
    /// What is drawn.
    Board,
}

impl LogName {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Board => "board",
        }
    }
}

/// What happened. Stored as `type` and `payload`; the names are for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "payload")]
pub enum EntryBody {
    /// Someone said something.
    #[serde(rename = "message")]
    Message(MessageBody),
    /// A message has another text.
    #[serde(rename = "edited", rename_all = "camelCase")]
    Edited {
        /// The message.
        message_id: MessageId,
        /// All of the new text.
        text: String,
    },
    /// A message is gone, and its text with it: privacy outranks immutability (DESIGN 5).
    #[serde(rename = "deleted", rename_all = "camelCase")]
    Deleted {
        /// The message.
        message_id: MessageId,
    },
    /// Someone put an emoji under a message, or took it away.
    #[serde(rename = "reacted", rename_all = "camelCase")]
    Reacted {
        /// The message.
        message_id: MessageId,
        /// The emoji.
        emoji: String,
        /// Put there, or taken away.
        on: bool,
    },
    /// A socket came.
    #[serde(rename = "joined", rename_all = "camelCase")]
    Joined {
        /// The socket.
        socket_id: SocketId,
        /// As shown in the room.
        name: String,
    },
    /// A socket left.
    #[serde(rename = "left", rename_all = "camelCase")]
    Left {
        /// The socket.
        socket_id: SocketId,
        /// Why.
        reason: LeaveReason,
    },
    /// Someone drew.
    #[serde(rename = "drawn")]
    Drawn {
        /// Checked, and every stroke with its id.
        ops: Vec<BoardOp>,
    },
}

impl EntryBody {
    /// The type of chat messages, by which pages are read.
    pub const MESSAGE: &'static str = "message";

    /// The `type` it is stored under.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Message(_) => Self::MESSAGE,
            Self::Edited { .. } => "edited",
            Self::Deleted { .. } => "deleted",
            Self::Reacted { .. } => "reacted",
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::Drawn { .. } => "drawn",
        }
    }

    /// The message that this changes; none when it changes none.
    #[must_use]
    pub const fn about(&self) -> Option<&MessageId> {
        match self {
            Self::Edited { message_id, .. } | Self::Deleted { message_id } | Self::Reacted { message_id, .. } => {
                Some(message_id)
            }
            Self::Message(_) | Self::Joined { .. } | Self::Left { .. } | Self::Drawn { .. } => None,
        }
    }
}

/// What is kept of a message at the moment it is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageBody {
    /// The message's own id.
    pub id: MessageId,
    /// The name shown when it was written.
    pub sender_name: String,
    /// Plain text.
    pub text: String,
    /// Files shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// Whether the sender chose the entry's `eventId`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_event_id: bool,
}

/// An entry that has no place in a log yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Unique for its user in its log.
    pub event_id: EventId,
    /// Who did it.
    pub user_id: UserId,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// What happened.
    pub body: EntryBody,
}

/// An entry of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Unique for its user in its log.
    pub event_id: EventId,
    /// The room.
    pub room_id: RoomId,
    /// 1, 2, 3 …
    pub seq: Seq,
    /// Who did it.
    pub user_id: UserId,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub body: EntryBody,
}

/// What became of a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The entry in the log.
    pub entry: Entry,
    /// False when the same event was there already: nothing was stored.
    pub fresh: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_the_type_it_is_written_under() {
        let message = MessageBody {
            id: "m".into(),
            sender_name: "Ann".into(),
            text: "hi".into(),
            attachments: vec![],
            reply_to: None,
            own_event_id: false,
        };
        for body in [
            EntryBody::Message(message),
            EntryBody::Edited { message_id: "m".into(), text: "ho".into() },
            EntryBody::Deleted { message_id: "m".into() },
            EntryBody::Reacted { message_id: "m".into(), emoji: "👍".into(), on: true },
            EntryBody::Joined { socket_id: "s".into(), name: "Ann".into() },
            EntryBody::Left { socket_id: "s".into(), reason: LeaveReason::Lost },
            EntryBody::Drawn { ops: vec![] },
        ] {
            let json = serde_json::to_value(&body).unwrap();
            assert_eq!(json["type"], body.kind());
        }
    }
}
