//! Identifiers. All travel as plain strings; the types keep them from being mixed up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

id! {
    /// A person, signed up or guest.
    UserId
}
id! {
    /// A room, for ever. People type its `code` instead.
    RoomId
}
id! {
    /// What a client names a room by: its [`RoomId`] or its code (docs/PROTOCOL.md).
    RoomRef
}
id! {
    /// The public id of one socket. Never the engine.io session id, which would let others take
    /// the connection over (SPEC 3.4).
    SocketId
}
id! {
    /// A chat message.
    MessageId
}
id! {
    /// What makes an entry unique for its user: the same id again is the same entry (SPEC 1.3).
    EventId
}
id! {
    /// An element of a board.
    ElementId
}
id! {
    /// A task of a room.
    TaskId
}
id! {
    /// A saved version of a board.
    VersionId
}
