//! Why signing in elsewhere came to nothing.

use studyrooms_domain::{Refusal, store::StoreError};
use studyrooms_protocol::error::ErrorCode;

/// Why signing in elsewhere came to nothing. None of the texts holds a token.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The person, or the site, said no.
    #[error("the site did not sign the person in: {0}")]
    Declined(String),
    /// No attempt of this browser is under way, or not this one.
    #[error("not an attempt that began in this browser, or too long ago")]
    Attempt,
    /// The site is down, or what it says cannot be believed.
    #[error("{0}")]
    Site(String),
    /// Without an address one would be a guest.
    #[error("the site names no e-mail address")]
    NoEmail,
    /// The address may be someone else's.
    #[error("the site does not say that the e-mail address is verified")]
    UnverifiedEmail,
    /// This server could not do its part.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl SignInError {
    pub(super) fn site(reason: impl std::fmt::Display) -> Self {
        Self::Site(reason.to_string())
    }

    /// For the page that is shown then.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Declined(_) => "declined",
            Self::Attempt => "expired",
            Self::Site(_) => "site",
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
