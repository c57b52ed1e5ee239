//! Why a sign-in at an identity provider failed.

use studyrooms_domain::{Refusal, store::StoreError};
use studyrooms_protocol::error::ErrorCode;

/// Why a sign-in at an identity provider failed. None of the texts holds a token.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The person or the provider refused.
    #[error("the provider did not sign the person in: {0}")]
    Declined(String),
    /// This browser has no such attempt under way.
    #[error("not an attempt that began in this browser, or too long ago")]
    Attempt,
    /// The provider does not answer, or its answer is not valid.
    #[error("{0}")]
    Provider(String),
    /// An account needs an e-mail address.
    #[error("the provider names no e-mail address")]
    NoEmail,
    /// The address may be someone else's.
    #[error("the provider does not say that the e-mail address is verified")]
    UnverifiedEmail,
    /// This server could not do its part.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl SignInError {
    pub(super) fn provider(reason: impl std::fmt::Display) -> Self {
        Self::Provider(reason.to_string())
    }

    /// The code in the address of the page that is shown then.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Declined(_) => "declined",
            Self::Attempt => "expired",
            Self::Provider(_) => "site",
            Self::NoEmail => "no_email",
            Self::UnverifiedEmail => "email_unverified",
            Self::Refused(refusal) => match refusal.code {
                ErrorCode::RateLimited => "rate_limited",
                _ => "unavailable",
            },
        }
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}
