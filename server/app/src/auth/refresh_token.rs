//! Sessions: a refresh token in the browser's cookie, rotated on use; a token used twice ends the
//! family (RFC 9700, section 4.14).

use crate::{
    app::{Outside, Stores},
    auth::AccessTokens,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use studyrooms_domain::{
    Refusal,
    auth::{REFRESH_LIFETIME_MS, Refresh, RefreshToken, User},
    outside::random_id,
};
use studyrooms_protocol::{auth::SignedIn, error::ErrorCode, ids::UserId};

/// What signing in gives.
pub struct Session {
    /// For the answer's body.
    pub signed_in: SignedIn,
    /// For the cookie; kept by hash only.
    pub refresh_token: String,
}

/// Begins, renews and ends sessions.
pub struct Sessions<'a> {
    /// Where tokens and users are kept.
    pub stores: &'a Stores,
    /// Time and chance.
    pub outside: &'a Outside,
    /// Signs the access token.
    pub access_tokens: &'a AccessTokens,
}

impl Sessions<'_> {
    /// Begins a session of `user`.
    ///
    /// # Errors
    /// `unavailable`, `internal`.
    pub async fn begin(&self, user: &User) -> Result<Session, Refusal> {
        self.issue(user, random_id(&*self.outside.random)).await
    }

    /// Exchanges a refresh token for a new session of the same family.
    ///
    /// # Errors
    /// `unauthorized` when it is unknown, expired, or was used before.
    pub async fn renew(&self, refresh_token: &str) -> Result<Session, Refusal> {
        let now = self.outside.clock.now();
        let tokens = &self.stores.refresh_tokens;
        let token = tokens.lookup(&hash(refresh_token)).await?.ok_or_else(ended)?;
        match token.judge(now) {
            Refresh::Rotate => {
                tokens.mark_used(&token.hash, now).await?;
                let user = self.stores.users.lookup(&token.user_id).await?.ok_or_else(ended)?;
                let session = self.issue(&user, token.family.clone()).await?;
                // What ended the family in the meantime did not see the token that was just added.
                if tokens.lookup(&token.hash).await?.is_none() {
                    tokens.end_family(&token.family).await?;
                    return Err(ended());
                }
                Ok(session)
            }
            Refresh::Expired => Err(ended()),
            Refresh::Stolen => {
                tracing::warn!(user = %token.user_id, "a refresh token was used twice; its sessions end");
                tokens.end_family(&token.family).await?;
                Err(ended())
            }
        }
    }

    /// Ends the session that a refresh token belongs to; nothing happens when there is none.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn end(&self, refresh_token: &str) -> Result<(), Refusal> {
        if let Some(token) = self.stores.refresh_tokens.lookup(&hash(refresh_token)).await? {
            self.stores.refresh_tokens.end_family(&token.family).await?;
        }
        Ok(())
    }

    /// Whose session a refresh token continues; none when it continues no more.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn owner(&self, refresh_token: &str) -> Result<Option<UserId>, Refusal> {
        let token = self.stores.refresh_tokens.lookup(&hash(refresh_token)).await?;
        let now = self.outside.clock.now();
        Ok(token.filter(|token| token.judge(now) == Refresh::Rotate).map(|token| token.user_id))
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn end_all(&self, user_id: &UserId) -> Result<(), Refusal> {
        Ok(self.stores.refresh_tokens.end_all(user_id).await?)
    }

    async fn issue(&self, user: &User, family: String) -> Result<Session, Refusal> {
        let now = self.outside.clock.now();
        let access_token = self.access_tokens.issue(user, now)?;
        let mut bytes = [0; 32];
        self.outside.random.fill(&mut bytes);
        let refresh_token = URL_SAFE_NO_PAD.encode(bytes);
        let kept = RefreshToken {
            hash: hash(&refresh_token),
            family,
            user_id: user.user_id.clone(),
            expires_at: now + REFRESH_LIFETIME_MS,
            used_at: None,
        };
        self.stores.refresh_tokens.add(kept).await?;
        let signed_in = SignedIn { access_token, expires_in: super::LIFETIME_SEC, user: user.profile() };
        Ok(Session { signed_in, refresh_token })
    }
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn ended() -> Refusal {
    Refusal::new(ErrorCode::Unauthorized, "the session has ended; sign in again")
}
