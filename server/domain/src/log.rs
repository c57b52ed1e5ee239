//! The log: what lasts in a room is an entry of its room log, what is drawn an entry of its board
//! log (SPEC 1). An entry is immutable, and `seq` is 1, 2, 3 … in each log.

use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardOp,
    chat::Attachment,
    control::MediaKind,
    files::FileMeta,
    ids::{EventId, MessageId, RoomId, SocketId, TaskId, UserId, VersionId},
    presence::LeaveReason,
    rooms::{Role, RoomSettings},
    tasks::{Task, TaskPatch},
    timer::TimerSettings,
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
    /// A message is gone, and its text with it: privacy outranks immutability (SPEC 1.9).
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
    /// A moderator keeps a message in view, or no longer.
    #[serde(rename = "pinned", rename_all = "camelCase")]
    Pinned {
        /// The message.
        message_id: MessageId,
        /// Kept, or no longer.
        on: bool,
    },
    /// The task list changed.
    #[serde(rename = "task")]
    Task(TaskChange),
    /// A file was shared.
    #[serde(rename = "shared")]
    Shared(FileMeta),
    /// A file was taken away, and its bytes with it.
    #[serde(rename = "unshared", rename_all = "camelCase")]
    Unshared {
        /// Which.
        upload_id: String,
    },
    /// The timer was used, or a phase of it ended.
    #[serde(rename = "timer")]
    Timer(TimerAction),
    /// People worked: the ledger from which minutes, days and streaks are counted.
    #[serde(rename = "focused")]
    Focused(FocusStretch),
    /// A moderator muted someone, or took a mute back; or someone unmuted oneself where they may.
    #[serde(rename = "muted", rename_all = "camelCase")]
    Muted {
        /// Whom.
        target: UserId,
        /// The socket that was pointed at.
        socket_id: SocketId,
        /// What.
        kind: MediaKind,
        /// Muted, or no longer.
        on: bool,
    },
    /// Someone had to go.
    #[serde(rename = "kicked", rename_all = "camelCase")]
    Kicked {
        /// Who.
        target: UserId,
        /// For good.
        ban: bool,
        /// As the moderator put it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Until when nobody new comes in from the addresses of their sockets, in milliseconds since 1970.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address_until: Option<Timestamp>,
    },
    /// Someone is a member no longer, by their own wish.
    #[serde(rename = "resigned")]
    Resigned {
        /// Who.
        target: UserId,
    },
    /// All guests had to go, and are members no longer.
    #[serde(rename = "guestsRemoved")]
    GuestsRemoved {
        /// As the moderator put it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The room has another code: links with the old one lead nowhere.
    #[serde(rename = "codeRenewed")]
    CodeRenewed {
        /// The new one.
        code: String,
    },
    /// Someone may come back.
    #[serde(rename = "unbanned")]
    Unbanned {
        /// Who.
        target: UserId,
    },
    /// Someone got another role.
    #[serde(rename = "role")]
    Role {
        /// Who.
        target: UserId,
        /// Which.
        role: Role,
    },
    /// Title or settings are others.
    #[serde(rename = "settings")]
    Settings {
        /// As it is now.
        title: String,
        /// As they are now.
        settings: RoomSettings,
    },
    /// Someone who waited was let in, or sent away.
    #[serde(rename = "admitted")]
    Admitted {
        /// Who.
        target: UserId,
        /// Let in.
        admit: bool,
        /// As what; none in entries of older programs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// The board as it was at a place of its log got a name.
    #[serde(rename = "saved", rename_all = "camelCase")]
    Saved {
        /// For ever.
        version_id: VersionId,
        /// Position of the board log.
        board_seq: Seq,
        /// As its maker named it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// A small picture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data_url: Option<String>,
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
    /// Someone drew, and what it was is only part of a stored snapshot by now: the log was compacted.
    #[serde(rename = "compacted")]
    Compacted {},
}

impl EntryBody {
    /// The type of chat messages, by which pages are read.
    pub const MESSAGE: &'static str = "message";
    /// The type of pins.
    pub const PINNED: &'static str = "pinned";
    /// The type of changes of the task list.
    pub const TASK: &'static str = "task";
    /// The type of shared files.
    pub const SHARED: &'static str = "shared";
    /// The type of files taken away.
    pub const UNSHARED: &'static str = "unshared";
    /// The type of changes of the timer.
    pub const TIMER: &'static str = "timer";
    /// The type of the focus ledger.
    pub const FOCUSED: &'static str = "focused";
    /// The type of mutes.
    pub const MUTED: &'static str = "muted";
    /// The type of what is drawn.
    pub const DRAWN: &'static str = "drawn";
    /// The type of what was drawn and is only part of a snapshot by now.
    pub const COMPACTED: &'static str = "compacted";
    /// The type of saved versions of the board.
    pub const SAVED: &'static str = "saved";
    /// The types that end memberships, beside bans.
    pub const ENDS_MEMBERSHIP: &'static [&'static str] = &["resigned", "guestsRemoved"];
    /// The types that those in a room see nothing of.
    pub const UNSEEN: &'static [&'static str] = &["joined", "left", "focused"];
    /// The types that change a message.
    pub const AMENDING: &'static [&'static str] = &["edited", "deleted", "reacted", "pinned"];
    /// The types of a room log: all but what is drawn.
    pub const OF_ROOM: &'static [&'static str] = &[
        "message",
        "edited",
        "deleted",
        "reacted",
        "pinned",
        "task",
        "timer",
        "focused",
        "muted",
        "kicked",
        "unbanned",
        "role",
        "settings",
        "admitted",
        "saved",
        "joined",
        "left",
        "shared",
        "unshared",
        "resigned",
        "guestsRemoved",
        "codeRenewed",
    ];
    /// The types that change what is kept of a room beside its log: roles, bans, members, settings, the code,
    /// uploads.
    pub const PROJECTED: &'static [&'static str] =
        &["kicked", "unbanned", "role", "settings", "admitted", "resigned", "guestsRemoved", "codeRenewed", "unshared"];
    /// The types that moderators see in the audit: who came and went, and who decided what.
    pub const AUDITED: &'static [&'static str] = &[
        "joined",
        "left",
        "deleted",
        "pinned",
        "muted",
        "kicked",
        "unbanned",
        "role",
        "settings",
        "admitted",
        "saved",
        "shared",
        "unshared",
        "resigned",
        "guestsRemoved",
        "codeRenewed",
    ];

    /// The `type` it is stored under.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Message(_) => Self::MESSAGE,
            Self::Edited { .. } => "edited",
            Self::Deleted { .. } => "deleted",
            Self::Reacted { .. } => "reacted",
            Self::Pinned { .. } => Self::PINNED,
            Self::Task(_) => Self::TASK,
            Self::Shared(_) => Self::SHARED,
            Self::Unshared { .. } => Self::UNSHARED,
            Self::Timer(_) => Self::TIMER,
            Self::Focused(_) => Self::FOCUSED,
            Self::Muted { .. } => Self::MUTED,
            Self::Kicked { .. } => "kicked",
            Self::Unbanned { .. } => "unbanned",
            Self::Resigned { .. } => "resigned",
            Self::GuestsRemoved { .. } => "guestsRemoved",
            Self::CodeRenewed { .. } => "codeRenewed",
            Self::Role { .. } => "role",
            Self::Settings { .. } => "settings",
            Self::Admitted { .. } => "admitted",
            Self::Saved { .. } => Self::SAVED,
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::Drawn { .. } => Self::DRAWN,
            Self::Compacted {} => Self::COMPACTED,
        }
    }

    /// What it says, without its type.
    ///
    /// # Errors
    /// None that any entry meets: every one of them can be written.
    pub fn payload(&self) -> serde_json::Result<serde_json::Value> {
        Ok(serde_json::to_value(self)?.get_mut("payload").map(serde_json::Value::take).unwrap_or_default())
    }

    /// The message that this changes; none when it changes none.
    #[must_use]
    pub const fn about(&self) -> Option<&MessageId> {
        match self {
            Self::Edited { message_id, .. }
            | Self::Deleted { message_id }
            | Self::Reacted { message_id, .. }
            | Self::Pinned { message_id, .. } => Some(message_id),
            _ => None,
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

/// A change of the task list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum TaskChange {
    /// A new task.
    Created {
        /// All of it.
        task: Task,
    },
    /// Some fields of a task.
    #[serde(rename_all = "camelCase")]
    Updated {
        /// Which.
        task_id: TaskId,
        /// What changes.
        patch: TaskPatch,
    },
    /// A task is gone.
    #[serde(rename_all = "camelCase")]
    Deleted {
        /// Which.
        task_id: TaskId,
    },
}

/// What was done to the timer. Its state is the fold of these (`domain::timer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub enum TimerAction {
    /// Begins with the first focus.
    Start {
        /// Lengths of the phases.
        settings: TimerSettings,
    },
    /// Stops the clock.
    Pause,
    /// Lets it go on.
    Resume,
    /// Goes on to the next phase.
    Skip,
    /// Ends it.
    Stop,
    /// A phase was over by the clock, at `at`.
    Over {
        /// When: the deadline, not the moment it was noticed.
        at: Timestamp,
    },
}

/// A stretch of focus, and who was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FocusStretch {
    /// When it ended.
    pub to: Timestamp,
    /// Each person once.
    pub people: Vec<Focus>,
}

/// A person's part in a stretch of focus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Focus {
    /// Who.
    pub user_id: UserId,
    /// Since when: the beginning of the stretch, or when they came.
    pub from: Timestamp,
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
            EntryBody::Pinned { message_id: "m".into(), on: true },
            EntryBody::Task(TaskChange::Deleted { task_id: "t".into() }),
            EntryBody::Timer(TimerAction::Over { at: 1 }),
            EntryBody::Focused(FocusStretch { to: 2, people: vec![Focus { user_id: "ann".into(), from: 1 }] }),
            EntryBody::Muted { target: "ben".into(), socket_id: "s".into(), kind: MediaKind::Audio, on: true },
            EntryBody::Kicked { target: "ben".into(), ban: true, reason: None, address_until: Some(2) },
            EntryBody::Resigned { target: "ben".into() },
            EntryBody::GuestsRemoved { reason: None },
            EntryBody::CodeRenewed { code: "abc-defg-hjk".into() },
            EntryBody::Unbanned { target: "ben".into() },
            EntryBody::Role { target: "ben".into(), role: Role::Mod },
            EntryBody::Settings { title: "Algebra".into(), settings: crate::rooms::default_settings() },
            EntryBody::Admitted { target: "ben".into(), admit: false, role: None },
            EntryBody::Saved { version_id: "v".into(), board_seq: 3, title: None, data_url: None },
            EntryBody::Joined { socket_id: "s".into(), name: "Ann".into() },
            EntryBody::Left { socket_id: "s".into(), reason: LeaveReason::Lost },
            EntryBody::Drawn { ops: vec![] },
            EntryBody::Compacted {},
        ] {
            let json = serde_json::to_value(&body).unwrap();
            assert_eq!(json["type"], body.kind());
            let of_board = [EntryBody::DRAWN, EntryBody::COMPACTED].contains(&body.kind());
            assert_eq!(EntryBody::OF_ROOM.contains(&body.kind()), !of_board, "{}", body.kind());
            assert_eq!(serde_json::from_value::<EntryBody>(json).unwrap(), body);
        }
    }
}
