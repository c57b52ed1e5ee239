//! Which person here someone is who signed in elsewhere.

use super::{Found, SignInError};
use crate::app::{Outside, Stores};
use studyrooms_domain::{
    Refusal,
    auth::{User, valid_email, valid_name},
    outside::random_id,
};
use studyrooms_protocol::{error::ErrorCode, ids::UserId};

const NAME_LETTERS: usize = 60;
/// Two tabs may bring the same newcomer at once: the second then finds what the first has made.
const TRIES: usize = 3;

/// Someone who signed in elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Who they are here.
    pub user: User,
    /// Whether an account that someone had made with their address became theirs by this: all that
    /// was signed in to it must end.
    pub taken_over: bool,
}

/// Finds the person, or makes one.
///
/// An account with the same address is theirs when the site vouches for the address. Whoever made
/// that account here had proved nothing of it, so its password goes: else one could make an account
/// with a stranger's address, and wait for the stranger to move in.
///
/// # Errors
/// `NoEmail`, `UnverifiedEmail`, `Refused`.
pub async fn arrive(stores: &Stores, outside: &Outside, found: &Found) -> Result<Arrived, SignInError> {
    for _ in 0..TRIES {
        if let Some(user) = stores.users.lookup_by_identity(&found.identity).await? {
            return Ok(Arrived { user, taken_over: false });
        }
        let email = found.email.as_deref().and_then(|email| valid_email(email).ok()).ok_or(SignInError::NoEmail)?;
        if !found.email_verified {
            return Err(SignInError::UnverifiedEmail);
        }
        let (user, taken_over) = match stores.users.lookup_by_email(&email).await? {
            Some(user) if user.password_hash.is_some() => {
                stores.users.set_password(&user.user_id, None).await?;
                stores.refresh_tokens.end_all(&user.user_id).await?;
                (user, true)
            }
            Some(user) => (user, false),
            None => {
                let user = newcomer(outside, found, email);
                if !stores.users.add(user.clone()).await? {
                    continue;
                }
                (user, false)
            }
        };
        if stores.users.add_identity(&user.user_id, found.identity.clone()).await? {
            return Ok(Arrived { user, taken_over });
        }
    }
    Err(Refusal::new(ErrorCode::Unavailable, "too many sign-ins of one person at once").into())
}

fn newcomer(outside: &Outside, found: &Found, email: String) -> User {
    let local = email.split('@').next().map(str::to_owned);
    let mut names = found.names.iter().cloned().chain(local).map(|name| shortened(&name));
    let name = names.find_map(|name| valid_name("name", &name).ok()).unwrap_or_else(|| "Someone".into());
    User {
        user_id: UserId(random_id(&*outside.random)),
        name,
        email: Some(email),
        password_hash: None,
        time_zone: None,
        avatar: None,
        created_at: outside.clock.now(),
    }
}

fn shortened(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(NAME_LETTERS).collect()
}
