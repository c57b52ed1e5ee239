//! Why the rules say no.

use crate::store::StoreError;
use studyrooms_protocol::error::{ErrorCode, ErrorInfo};

/// A request that is not carried out, with the code and the words the caller gets.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// For programs.
    pub code: ErrorCode,
    /// Names the field where there is one.
    pub message: String,
    /// Wait this many milliseconds before the next try; of `rate_limited` only.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal with any code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after_ms: None }
    }

    /// Too often.
    #[must_use]
    pub fn rate_limited(what: &str, retry_after_ms: u64) -> Self {
        let message = format!("too many {what}; slow down");
        Self { retry_after_ms: Some(retry_after_ms), ..Self::new(ErrorCode::RateLimited, message) }
    }

    /// A field that breaks its rule.
    #[must_use]
    pub fn field(name: &str, rule: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::BadRequest, format!("{name}: {rule}"))
    }

    /// A field over its limit.
    #[must_use]
    pub fn too_large(name: &str, limit: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::TooLarge, format!("{name}: at most {limit}"))
    }

    /// The caller may not do this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Forbidden, message)
    }

    /// No room that the caller may know of.
    #[must_use]
    pub fn no_room() -> Self {
        Self::new(ErrorCode::NotFound, "roomId: no such room")
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::new(ErrorCode::Unavailable, "the store is out of reach; try again"),
            StoreError::Corrupt(_) => Self::new(ErrorCode::Internal, "the store holds something unreadable"),
        }
    }
}

impl From<Refusal> for ErrorInfo {
    fn from(refusal: Refusal) -> Self {
        Self { retry_after_ms: refusal.retry_after_ms, ..Self::new(refusal.code, refusal.message) }
    }
}
