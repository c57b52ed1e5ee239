//! Links an identity at a provider to a user of this server.

use super::{ProviderClaims, SignInError};
use crate::app::{Stores, System};
use studyrooms_domain::{
    Refusal,
    auth::{User, valid_email, valid_name},
    system::random_id,
};
use studyrooms_protocol::{error::ErrorCode, ids::UserId};

const NAME_CHARACTERS: usize = 60;
/// Two tabs may bring the same new user at once: the second then finds what the first has made.
const TRIES: usize = 3;

/// The user of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedUser {
    /// Found, or just made.
    pub user: User,
    /// Whether an account with a password and the same address became theirs by this: every session
    /// of it must end.
    pub taken_over: bool,
}

/// Finds the user of an identity, or makes one.
///
/// An account with the same address is theirs when the provider has verified the address. Whoever made
/// that account here had proved nothing, so its password is removed: else one could make an account
/// with a stranger's address and keep access once the stranger uses it.
///
/// # Errors
/// `NoEmail`, `UnverifiedEmail`, `Refused`.
pub async fn link_user(stores: &Stores, system: &System, claims: &ProviderClaims) -> Result<LinkedUser, SignInError> {
    for _ in 0..TRIES {
        if let Some(user) = stores.users.lookup_by_identity(&claims.identity).await? {
            return Ok(LinkedUser { user, taken_over: false });
        }
        let email = claims.email.as_deref().and_then(|email| valid_email(email).ok()).ok_or(SignInError::NoEmail)?;
        if !claims.email_verified {
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
                let user = new_user(system, claims, email);
                if !stores.users.add(user.clone()).await? {
                    continue;
                }
                (user, false)
            }
        };
        if stores.users.add_identity(&user.user_id, claims.identity.clone()).await? {
            return Ok(LinkedUser { user, taken_over });
        }
    }
    Err(Refusal::new(ErrorCode::Unavailable, "too many sign-ins of one person at once").into())
}

fn new_user(system: &System, claims: &ProviderClaims, email: String) -> User {
    let local = email.split('@').next().map(str::to_owned);
    let mut names = claims.names.iter().cloned().chain(local).map(|name| shortened(&name));
    let name = names.find_map(|name| valid_name("name", &name).ok()).unwrap_or_else(|| "Someone".into());
    User {
        user_id: UserId(random_id(&*system.random)),
        name,
        email: Some(email),
        password_hash: None,
        time_zone: None,
        avatar: None,
        created_at: system.clock.now(),
    }
}

fn shortened(name: &str) -> String {
    name.chars().filter(|character| !character.is_control()).take(NAME_CHARACTERS).collect()
}
