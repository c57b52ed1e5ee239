//! The table of socket events on `/rooms` (docs/PROTOCOL.md): the one place where a name meets its payload.

use crate::{board, call, chat, control, error, files, presence, rooms, tasks, timer};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use ts_rs::TS;

/// Why a packet is not an event: the text names the event or the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// An ack that says no more than `ok`.
#[derive(Clone, Copy, Debug, serde::Serialize, Deserialize, TS)]
#[ts(type = "Record<never, never>")]
pub struct Done {}

/// The ack of what became an entry of a log and needs no other answer.
#[derive(Clone, Copy, Debug, serde::Serialize, Deserialize, TS)]
pub struct Noted {
    /// Its place there.
    pub seq: crate::Seq,
}

/// Reads a payload, naming the field that does not fit.
///
/// # Errors
/// [`Malformed`] with the path of the field and what was expected there.
pub fn parse_payload<T: DeserializeOwned>(json: &str) -> Result<T, Malformed> {
    // Serde would take a sequence for the fields in their order.
    if json.trim_start().starts_with('[') {
        return Err(Malformed("invalid type: sequence, expected one JSON object".into()));
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let what = error.inner().to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        Malformed(if path == "." { what.to_owned() } else { format!("{path}: {what}") })
    })
}

/// What an event carries and what its ack says, as TypeScript sees it.
#[derive(TS)]
#[allow(dead_code)]
pub struct Call<P, A> {
    payload: P,
    ack: A,
}

/// A row of the table, as text.
pub struct Described {
    /// The event.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// The type of its payload.
    pub payload: &'static str,
    /// The type of what its ack says beside `ok`; none for events of the server.
    pub ack: Option<&'static str>,
}

macro_rules! client_events {
    ($($(#[doc = $doc:literal])* $name:literal $variant:ident($payload:ty) -> $ack:ty;)*) => {
        /// An event as a client sends it.
        #[derive(Clone, Debug)]
        pub enum ClientEvent {
            $($(#[doc = $doc])* $variant($payload),)*
        }

        impl ClientEvent {
            /// Every name a client may send.
            pub const NAMES: &'static [&'static str] = &[$($name),*];
            /// Every event with the names of its payload and ack, for the reference.
            pub const TABLE: &'static [Described] = &[$(Described {
                name: $name,
                doc: concat!($($doc),*),
                payload: stringify!($payload),
                ack: Some(stringify!($ack)),
            }),*];

            /// The name it is sent by.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(..) => $name,)*
                }
            }

            /// Reads an event from its name and its first argument.
            ///
            /// # Errors
            /// [`Malformed`] for a name that is not in the table, and for a payload of another form.
            pub fn parse(name: &str, payload: &RawValue) -> Result<Self, Malformed> {
                match name {
                    $($name => parse_payload(payload.get()).map(Self::$variant),)*
                    other => Err(Malformed(format!("event: unknown name {other:.64?}"))),
                }
            }
        }

        /// Payload and ack of every event a client may send, by name.
        #[derive(TS)]
        #[allow(non_snake_case, dead_code)]
        pub struct ClientEvents {
            $($(#[doc = $doc])* #[ts(rename = $name)] $variant: Call<$payload, $ack>,)*
        }
    };
}

macro_rules! server_events {
    ($($(#[doc = $doc:literal])* $name:literal $constant:ident($payload:ty);)*) => {
        /// Names of the events the server sends.
        pub mod server {
            $($(#[doc = $doc])* pub const $constant: &str = $name;)*

            /// Every event with the name of its payload, for the reference.
            pub const TABLE: &[super::Described] = &[$(super::Described {
                name: $name,
                doc: concat!($($doc),*),
                payload: stringify!($payload),
                ack: None,
            }),*];
        }

        /// Payload of every event the server sends, by name.
        #[derive(TS)]
        #[allow(non_snake_case, dead_code)]
        pub struct ServerEvents {
            $($(#[doc = $doc])* #[ts(rename = $name)] $constant: $payload,)*
        }
    };
}

client_events! {
    /// Into a room.
    "joinRoom" JoinRoom(rooms::JoinRoom) -> rooms::Joined;
    /// Out of a room.
    "leaveRoom" LeaveRoom(rooms::LeaveRoom) -> Done;
    /// Ask for what came after.
    "room:sync" SyncRoom(rooms::SyncRoom) -> rooms::Synced;
    /// Say something; stored.
    "chat:message" ChatMessage(chat::SendMessage) -> chat::MessageAck;
    /// Give a message of one's own another text.
    "chat:edit" EditMessage(chat::EditMessage) -> chat::MessageAck;
    /// Take a message away, text and all.
    "chat:delete" DeleteMessage(chat::DeleteMessage) -> Noted;
    /// Put an emoji under a message, or take it away.
    "chat:react" React(chat::React) -> Noted;
    /// Keep a message in view, or no longer.
    "chat:pin" PinMessage(chat::PinMessage) -> Noted;
    /// Say how far one has read; the ack says where the marker is.
    "chat:read" Read(chat::ReadUpTo) -> Noted;
    /// Start or stop typing; never stored.
    "presence:typing" Typing(presence::SetTyping) -> Done;
    /// Change the board; stored.
    "whiteboard:draw" Draw(board::Draw) -> board::DrawAck;
    /// Where the pointer is; volatile.
    "whiteboard:cursor" Cursor(board::MoveCursor) -> Done;
    /// Save the board as a version.
    "whiteboard:save" SaveBoard(board::SaveBoard) -> board::BoardSaved;
    /// Bring a version back, by ops.
    "whiteboard:restore" RestoreBoard(board::RestoreBoard) -> board::DrawAck;
    /// Show what was uploaded; stored.
    "file:uploadMeta" AnnounceFile(files::AnnounceFile) -> files::FileAck;
    /// An offer for one socket.
    "signal:offer" Offer(call::SendDescription) -> Done;
    /// An answer for one socket.
    "signal:answer" Answer(call::SendDescription) -> Done;
    /// A candidate for one socket.
    "signal:ice" Ice(call::SendCandidate) -> Done;
    /// What this socket sends from now on.
    "media:state" MediaState(call::SetMedia) -> Done;
    /// Raise the hand, or lower it.
    "hand:raise" RaiseHand(presence::RaiseHand) -> Done;
    /// Show an emoji on one's tile for a moment.
    "reaction:send" SendReaction(presence::SendReaction) -> Done;
    /// Mute someone, or take the mute back.
    "control:mute" Mute(control::Mute) -> Noted;
    /// Send someone out, for now or for good.
    "control:kick" Kick(control::Kick) -> Noted;
    /// Send all guests out.
    "control:removeGuests" RemoveGuests(control::RemoveGuests) -> Noted;
    /// Let someone come back.
    "control:unban" Unban(control::Unban) -> Noted;
    /// Give a member another role.
    "control:role" SetRole(control::SetRole) -> Noted;
    /// Change the room's settings.
    "control:settings" ChangeSettings(control::ChangeSettings) -> rooms::RoomPatched;
    /// Let in, or send away, someone who waits.
    "control:admit" Admit(control::Admit) -> Noted;
    /// Start the timer.
    "timer:start" StartTimer(timer::StartTimer) -> timer::TimerAck;
    /// Stop the clock, keeping what is left.
    "timer:pause" PauseTimer(timer::RunTimer) -> timer::TimerAck;
    /// Go on after a pause.
    "timer:resume" ResumeTimer(timer::RunTimer) -> timer::TimerAck;
    /// Go on to the next phase.
    "timer:skip" SkipPhase(timer::RunTimer) -> timer::TimerAck;
    /// End the timer.
    "timer:stop" StopTimer(timer::RunTimer) -> timer::TimerAck;
    /// Add a task.
    "task:create" CreateTask(tasks::CreateTask) -> tasks::TaskAck;
    /// Change a task.
    "task:update" UpdateTask(tasks::UpdateTask) -> tasks::TaskAck;
    /// Take a task away.
    "task:delete" DeleteTask(tasks::DeleteTask) -> Noted;
}

server_events! {
    /// The room at the moment of joining.
    "joined" JOINED(rooms::Joined);
    /// A socket came.
    "user:joined" USER_JOINED(presence::UserJoined);
    /// A participant changed.
    "user:updated" USER_UPDATED(presence::UserUpdated);
    /// A socket left.
    "user:left" USER_LEFT(presence::UserLeft);
    /// Who is online.
    "presence:update" PRESENCE_UPDATE(presence::PresenceUpdate);
    /// Someone types, or no longer does.
    "presence:typing" PRESENCE_TYPING(presence::Typing);
    /// A message; from the room log.
    "chat:message" CHAT_MESSAGE(chat::MessageSent);
    /// A message has another text; from the room log.
    "chat:edited" CHAT_EDITED(chat::MessageEdited);
    /// A message is gone; from the room log.
    "chat:deleted" CHAT_DELETED(chat::MessageDeleted);
    /// An emoji came or went; from the room log.
    "chat:reaction" CHAT_REACTION(chat::Reacted);
    /// A message is kept in view, or no longer; from the room log.
    "chat:pinned" CHAT_PINNED(chat::MessagePinned);
    /// How far someone has read.
    "chat:receipt" CHAT_RECEIPT(chat::Receipt);
    /// The board, in parts.
    "whiteboard:snapshot" WHITEBOARD_SNAPSHOT(board::BoardSnapshot);
    /// A change of the board; from the board log.
    "whiteboard:update" WHITEBOARD_UPDATE(board::BoardUpdate);
    /// Where someone's pointer is.
    "whiteboard:cursor" WHITEBOARD_CURSOR(board::Cursor);
    /// A file; from the room log.
    "file:shared" FILE_SHARED(files::FileShared);
    /// A file is gone; from the room log.
    "file:deleted" FILE_DELETED(files::FileDeleted);
    /// An offer for this socket.
    "signal:offer" SIGNAL_OFFER(call::Description);
    /// An answer for this socket.
    "signal:answer" SIGNAL_ANSWER(call::Description);
    /// A candidate for this socket.
    "signal:ice" SIGNAL_ICE(call::Candidate);
    /// Someone's emoji, for a moment.
    "reaction:sent" REACTION_SENT(presence::ReactionSent);
    /// A moderator muted someone; from the room log.
    "control:muted" CONTROL_MUTED(control::Muted);
    /// Someone must go; from the room log.
    "control:kicked" CONTROL_KICKED(control::Kicked);
    /// Who stands at the door; to moderators.
    "control:waiting" CONTROL_WAITING(control::Waiting);
    /// Title, settings or a role changed; from the room log.
    "room:updated" ROOM_UPDATED(control::RoomUpdated);
    /// The timer; from the room log.
    "timer:state" TIMER_STATE(timer::TimerChanged);
    /// A task is new or changed; from the room log.
    "task:updated" TASK_UPDATED(tasks::TaskUpdated);
    /// A task is gone; from the room log.
    "task:deleted" TASK_DELETED(tasks::TaskDeleted);
    /// What an ack would have said, where none was asked for.
    "error" ERROR(error::ErrorEvent);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, json: &str) -> Result<ClientEvent, Malformed> {
        ClientEvent::parse(name, &RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn a_missing_field_is_named() {
        let error = parse("chat:message", r#"{"roomId":"r"}"#).unwrap_err();
        assert_eq!(error.0, "missing field `text`");
    }

    #[test]
    fn a_field_of_another_type_is_named_with_what_was_expected() {
        let error = parse("chat:message", r#"{"roomId":"r","text":5}"#).unwrap_err();
        assert_eq!(error.0, "text: invalid type: integer `5`, expected a string");
    }

    // SPEC 11.1
    #[test]
    fn a_field_deep_inside_is_named_by_its_path() {
        let draw =
            r##"{"roomId":"r","ops":[{"type":"clear"},{"type":"stroke","points":[[1]],"color":"#000","width":2}]}"##;
        let error = parse("whiteboard:draw", draw).unwrap_err();
        assert_eq!(error.0, "ops[1]: invalid length 1, expected a point [x, y] or [x, y, pressure]");
    }

    #[test]
    fn fields_without_names_are_no_payload() {
        assert!(parse("leaveRoom", r#" ["r"]"#).unwrap_err().0.contains("expected one JSON object"));
    }

    #[test]
    fn an_unknown_event_is_named() {
        let error = parse("chat:shout", "{}").unwrap_err();
        assert_eq!(error.0, r#"event: unknown name "chat:shout""#);
    }

    #[test]
    fn fields_nobody_knows_are_ignored() {
        assert!(parse("leaveRoom", r#"{"roomId":"r","colour":"blue"}"#).is_ok());
    }

    #[test]
    fn signalling_accepts_to_for_to_socket_id() {
        let Ok(ClientEvent::Offer(offer)) = parse("signal:offer", r#"{"to":"s1","sdp":{"type":"offer","sdp":""}}"#)
        else {
            panic!("not an offer")
        };
        assert_eq!(offer.to_socket_id.as_str(), "s1");
    }
}
