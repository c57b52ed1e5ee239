//! Error codes and the two shapes in which an error reaches a client (docs/PROTOCOL.md).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The payload is not of the event's form; the message names the field.
    BadRequest,
    /// No token, or one that proves nothing.
    Unauthorized,
    /// The token was good once; a fresh one is needed.
    TokenExpired,
    /// The caller is known, and may not do this.
    Forbidden,
    /// No such thing, or none that the caller may know of.
    NotFound,
    /// The caller, or the socket named, is not in that room.
    NotInRoom,
    /// It clashes with what is there already.
    Conflict,
    /// Over a size limit; the message names the field and the limit.
    TooLarge,
    /// Too often; `retryAfterMs` tells when it may be tried again.
    RateLimited,
    /// The room has as many participants as it may.
    RoomFull,
    /// The room lets no one else in for now.
    RoomLocked,
    /// The caller is banned from the room.
    Banned,
    /// A moderator must let the caller in first.
    WaitingForAdmission,
    /// A part the server needs is out of reach; the same request may succeed later.
    Unavailable,
    /// A fault of the server.
    Internal,
}

impl ErrorCode {
    /// Whether the same request, sent again unchanged, may succeed.
    #[must_use]
    pub const fn retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Internal)
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

/// The error inside a refused ack and inside a REST error body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorInfo {
    /// For programs.
    pub code: ErrorCode,
    /// For people who debug a client; names the field where there is one.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// Wait this many milliseconds before the next try.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
}

impl ErrorInfo {
    /// An error that is retryable by its code alone.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: code.retryable(), retry_after_ms: None }
    }
}

/// The body of every REST error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorInfo,
}

/// The `error` event: what an ack would have said, where none was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ErrorEvent {
    /// For programs.
    pub code: ErrorCode,
    /// For people who debug a client.
    pub message: String,
    /// The client's event that failed; none when the server speaks by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub event: Option<String>,
    /// Wait this many milliseconds before the next try.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, rename = "retryAfterMs")]
    #[serde(rename = "retryAfterMs")]
    pub retry_after_ms: Option<u64>,
}
