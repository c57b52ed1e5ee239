//! Sessions: a refresh token in the browser's cookie, exchanged on use; a token that was copied ends the
//! family (RFC 9700, section 4.14).

use crate::{
    app::{Stores, System},
    auth::{AccessTokens, FamilyIds},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use studyrooms_domain::{
    Refusal,
    auth::User,
    token_family::{Refresh, TokenFamily},
};
use studyrooms_protocol::{auth::SignedIn, error::ErrorCode, ids::UserId};

/// Sign-ins of one person that go on at the same time, in all their browsers. One more ends the one that was used
/// least lately.
const FAMILIES_EACH: usize = 50;
/// How often a token is tried to be exchanged while others change its family: each try that fails, another one
/// succeeded.
const TRIES: usize = 64;
const SECRET_BYTES: usize = 32;
/// Between the id of the family and the secret. Tokens without it were kept one by one.
const SEPARATOR: char = '.';

/// What signing in gives.
pub struct Session {
    /// For the answer's body.
    pub signed_in: SignedIn,
    /// For the cookie; kept by hash only.
    pub refresh_token: String,
}

/// A refresh token that someone shows, of a family that there is.
pub struct ShownToken {
    family: TokenFamily,
    hash: String,
}

impl ShownToken {
    /// Whose session it is or was.
    #[must_use]
    pub const fn user_id(&self) -> &UserId {
        &self.family.user_id
    }
}

/// Begins, renews and ends sessions.
pub struct Sessions<'a> {
    /// Where tokens and users are kept.
    pub stores: &'a Stores,
    /// The clock and the source of randomness.
    pub system: &'a System,
    /// Signs the access token.
    pub access_tokens: &'a AccessTokens,
    /// Makes and knows the ids of families.
    pub family_ids: &'a FamilyIds,
}

impl Sessions<'_> {
    /// Begins a session of `user`.
    ///
    /// # Errors
    /// `unavailable`, `internal`.
    pub async fn begin(&self, user: &User) -> Result<Session, Refusal> {
        let id = self.family_ids.make(&*self.system.random);
        let session = self.session(user, &id)?;
        let now = self.system.clock.now();
        let family = TokenFamily::begin(id, user.user_id.clone(), hash(&session.refresh_token), now);
        if !self.stores.refresh_tokens.add(family, FAMILIES_EACH).await? {
            return Err(Refusal::new(ErrorCode::Internal, "no session could be made"));
        }
        Ok(session)
    }

    /// The id of a token's family, where it was made here: a stranger cannot make one up.
    #[must_use]
    pub fn family<'t>(&self, refresh_token: &'t str) -> Option<&'t str> {
        let (id, _) = refresh_token.split_once(SEPARATOR)?;
        self.family_ids.made(id).then_some(id)
    }

    /// The family of a token that someone shows.
    ///
    /// # Errors
    /// `unauthorized` when there is none, `unavailable`.
    pub async fn show(&self, refresh_token: &str) -> Result<ShownToken, Refusal> {
        self.find(refresh_token).await?.ok_or_else(ended)
    }

    /// Exchanges a refresh token for a new session of the same family.
    ///
    /// # Errors
    /// `unauthorized` when it has expired, or its successor was used before; `unavailable`.
    pub async fn renew(&self, shown: ShownToken) -> Result<Session, Refusal> {
        let ShownToken { mut family, hash: shown } = shown;
        let tokens = &self.stores.refresh_tokens;
        for _ in 0..TRIES {
            let now = self.system.clock.now();
            match family.judge(&shown, now) {
                Refresh::Rotate => {
                    let user = self.stores.users.lookup(&family.user_id).await?.ok_or_else(ended)?;
                    let session = self.session(&user, &family.id)?;
                    family.rotate(&shown, hash(&session.refresh_token), now);
                    let id = family.id.clone();
                    if tokens.replace_family(family).await? {
                        return Ok(session);
                    }
                    family = tokens.lookup(&id).await?.ok_or_else(ended)?;
                }
                Refresh::Expired => return Err(ended()),
                Refresh::Reused => {
                    tracing::warn!(user = %family.user_id, "a refresh token was used after its successor; its session ends");
                    tokens.end_family(&family.id).await?;
                    return Err(ended());
                }
            }
        }
        Err(Refusal::new(ErrorCode::Unavailable, "the session is renewed by too many at once; try again"))
    }

    /// Ends the session that a refresh token belongs to; nothing happens when there is none.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn end(&self, refresh_token: &str) -> Result<(), Refusal> {
        if let Some(shown) = self.find(refresh_token).await? {
            self.stores.refresh_tokens.end_family(&shown.family.id).await?;
        }
        Ok(())
    }

    /// Whose session a refresh token continues; none when it continues no more.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn owner(&self, refresh_token: &str) -> Result<Option<UserId>, Refusal> {
        let (shown, now) = (self.find(refresh_token).await?, self.system.clock.now());
        let good = shown.filter(|shown| shown.family.judge(&shown.hash, now) == Refresh::Rotate);
        Ok(good.map(|shown| shown.family.user_id))
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn end_all(&self, user_id: &UserId) -> Result<(), Refusal> {
        Ok(self.stores.refresh_tokens.end_all(user_id).await?)
    }

    async fn find(&self, refresh_token: &str) -> Result<Option<ShownToken>, Refusal> {
        let tokens = &self.stores.refresh_tokens;
        let family = match refresh_token.split_once(SEPARATOR) {
            Some((id, _)) => tokens.lookup(id).await?,
            None => self.family_of_kept_singly(refresh_token).await?,
        };
        Ok(family.map(|family| ShownToken { family, hash: hash(refresh_token) }))
    }

    /// Makes the family of a token that was kept by itself, unless that was done before.
    async fn family_of_kept_singly(&self, refresh_token: &str) -> Result<Option<TokenFamily>, Refusal> {
        let tokens = &self.stores.refresh_tokens;
        let digest = Sha256::digest(refresh_token.as_bytes());
        let Some(family) = TokenFamily::of_tokens(tokens.kept_singly(&digest).await?) else { return Ok(None) };
        let id = family.id.clone();
        if tokens.lookup(&id).await?.is_none() {
            tokens.add(family, FAMILIES_EACH).await?;
            // What ended the tokens in the meantime did not see the family that was just added.
            if tokens.kept_singly(&digest).await?.is_empty() {
                tokens.end_family(&id).await?;
            }
        }
        Ok(tokens.lookup(&id).await?)
    }

    fn session(&self, user: &User, family: &str) -> Result<Session, Refusal> {
        let access_token = self.access_tokens.issue(user, self.system.clock.now())?;
        let mut secret = [0; SECRET_BYTES];
        self.system.random.fill(&mut secret);
        let refresh_token = format!("{family}{SEPARATOR}{}", URL_SAFE_NO_PAD.encode(secret));
        let signed_in = SignedIn { access_token, expires_in: super::LIFETIME_SEC, user: user.profile() };
        Ok(Session { signed_in, refresh_token })
    }
}

fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ended() -> Refusal {
    Refusal::new(ErrorCode::Unauthorized, "the session has ended; sign in again")
}
