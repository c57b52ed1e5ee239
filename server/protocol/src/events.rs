//! The table of socket events on `/rooms` (DESIGN 4): the one place where a name meets its payload.

use crate::{board, call, chat, error, presence, rooms};
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

/// Reads a payload, naming the field that does not fit.
///
/// # Errors
/// [`Malformed`] with the path of the field and what was expected there.
pub fn parse_payload<T: DeserializeOwned>(json: &str) -> Result<T, Malformed> {
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
    /// Start or stop typing; never stored.
    "presence:typing" Typing(presence::SetTyping) -> Done;
    /// Change the board; stored.
    "whiteboard:draw" Draw(board::Draw) -> board::DrawAck;
    /// Where the pointer is; volatile.
    "whiteboard:cursor" Cursor(board::MoveCursor) -> Done;
    /// An offer for one socket.
    "signal:offer" Offer(call::SendDescription) -> Done;
    /// An answer for one socket.
    "signal:answer" Answer(call::SendDescription) -> Done;
    /// A candidate for one socket.
    "signal:ice" Ice(call::SendCandidate) -> Done;
    /// What this socket sends from now on.
    "media:state" MediaState(call::SetMedia) -> Done;
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
    /// The board, in parts.
    "whiteboard:snapshot" WHITEBOARD_SNAPSHOT(board::BoardSnapshot);
    /// A change of the board; from the board log.
    "whiteboard:update" WHITEBOARD_UPDATE(board::BoardUpdate);
    /// Where someone's pointer is.
    "whiteboard:cursor" WHITEBOARD_CURSOR(board::Cursor);
    /// An offer for this socket.
    "signal:offer" SIGNAL_OFFER(call::Description);
    /// An answer for this socket.
    "signal:answer" SIGNAL_ANSWER(call::Description);
    /// A candidate for this socket.
    "signal:ice" SIGNAL_ICE(call::Candidate);
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

    #[test]
    fn a_field_deep_inside_is_named_by_its_path() {
        let draw =
            r##"{"roomId":"r","ops":[{"type":"clear"},{"type":"stroke","points":[[1]],"color":"#000","width":2}]}"##;
        let error = parse("whiteboard:draw", draw).unwrap_err();
        assert_eq!(error.0, "ops[1]: invalid length 1, expected a point [x, y] or [x, y, pressure]");
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
