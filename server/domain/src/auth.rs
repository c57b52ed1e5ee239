//! People, passwords and refresh tokens: what is valid, and when a token was stolen (SPEC 10).

use crate::{
    Refusal,
    avatars::{self, Avatar},
    text,
};
use serde::{Deserialize, Serialize};
use studyrooms_protocol::{Timestamp, auth::UserProfile, error::ErrorCode, ids::UserId};
use unicode_normalization::UnicodeNormalization;

const NAME_CHARACTERS: usize = 60;
const PASSWORD_CHARACTERS: std::ops::RangeInclusive<usize> = 8..=256;

/// A refresh token lives 30 days from its last use.
pub const REFRESH_LIFETIME_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// For ever.
    pub user_id: UserId,
    /// Shown to others.
    pub name: String,
    /// Lower case; none for guests.
    pub email: Option<String>,
    /// Argon2id in PHC form; none for guests, and for those who sign in at a provider only.
    pub password_hash: Option<String>,
    /// IANA name; none until it is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// None until one is uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Avatar>,
    /// When they came first.
    pub created_at: Timestamp,
}

impl User {
    /// A person without an account.
    #[must_use]
    pub const fn is_guest(&self) -> bool {
        self.email.is_none()
    }

    /// What the person sees of oneself.
    #[must_use]
    pub fn profile(&self) -> UserProfile {
        UserProfile {
            user_id: self.user_id.clone(),
            name: self.name.clone(),
            email: self.email.clone(),
            guest: self.is_guest(),
            time_zone: self.time_zone.clone().unwrap_or_else(|| "UTC".into()),
            avatar_url: avatars::url(self),
        }
    }
}

/// Who a person is at an identity provider (OpenID Connect Core 1.0, section 5.7: the pair is unique, and
/// nothing else of a token is).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The provider: `iss`, or the id it is configured by.
    pub issuer: String,
    /// The person there: `sub`, or the id of the provider's user endpoint.
    pub subject: String,
}

/// A name as it is stored, of at most 60 characters: see [`text::line`].
///
/// # Errors
/// `bad_request` that names `field`.
pub fn valid_name(field: &str, name: &str) -> Result<String, Refusal> {
    text::line(field, name, NAME_CHARACTERS)
}

/// An e-mail address as it is stored: trimmed, lower case. Only its form is checked: whether it
/// exists, a mail tells.
///
/// # Errors
/// `bad_request` that names `email`.
pub fn valid_email(email: &str) -> Result<String, Refusal> {
    let email = email.trim().to_lowercase();
    let form = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
    });
    let plain = !email.chars().any(|character| character.is_whitespace() || character.is_control());
    if form && plain && email.len() <= 254 { Ok(email) } else { Err(Refusal::field("email", "not an e-mail address")) }
}

/// A password that may be set.
///
/// # Errors
/// `bad_request` that names `password`.
pub fn valid_password(password: &str) -> Result<(), Refusal> {
    if PASSWORD_CHARACTERS.contains(&password.nfc().count()) {
        return Ok(());
    }
    let (least, most) = (PASSWORD_CHARACTERS.start(), PASSWORD_CHARACTERS.end());
    Err(Refusal::field("password", format_args!("{least} to {most} characters")))
}

/// The one answer to a wrong password and to an unknown address: it does not tell which.
#[must_use]
pub fn wrong_credentials() -> Refusal {
    Refusal::new(ErrorCode::Unauthorized, "email or password is wrong")
}

/// A refresh token kept by itself, as all were before there were families (`token_family.rs`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// The sign-in it descends from.
    pub family: String,
    /// Whose it is.
    pub user_id: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was first exchanged for a new one.
    pub used_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_case_and_must_look_like_one() {
        assert_eq!(valid_email(" Ann@Example.ORG ").unwrap(), "ann@example.org");
        for wrong in ["", "ann", "@b", "a@", "a@b@c", "a b@c", "a@.c"] {
            assert!(valid_email(wrong).unwrap_err().message.starts_with("email:"), "{wrong}");
        }
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(valid_name("name", "  Ann ").unwrap(), "Ann");
        for wrong in ["", "   ", "a\u{7}b", &"x".repeat(61)] {
            assert!(valid_name("name", wrong).is_err());
        }
    }

    #[test]
    fn passwords_are_counted_in_characters() {
        assert!(valid_password("åäöåäöåä").is_ok());
        assert!(valid_password("short").is_err());
    }
}
