//! Access tokens: JWT, HS256 and nothing else, 15 minutes (RFC 7519, RFC 8725).

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use studyrooms_domain::{Refusal, auth::User};
use studyrooms_protocol::{Timestamp, error::ErrorCode, ids::UserId};

/// Seconds an access token lives.
pub const LIFETIME_SEC: u64 = 15 * 60;
const ISSUER: &str = "studyrooms";
const AUDIENCE: &str = "studyrooms";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: u64,
    exp: u64,
    guest: bool,
}

/// Who a valid access token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Who.
    pub user_id: UserId,
    /// Whether they have no account.
    pub guest: bool,
    /// When the token ends.
    pub expires_at: Timestamp,
}

/// Why a token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("the access token has expired")]
    Expired,
    /// It never was, or is for someone else.
    #[error("no valid access token")]
    Invalid,
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        let code = match error {
            TokenError::Expired => ErrorCode::TokenExpired,
            TokenError::Invalid => ErrorCode::Unauthorized,
        };
        Self::new(code, error.to_string())
    }
}

/// Makes and checks access tokens.
pub struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    key_id: String,
}

impl AccessTokens {
    /// With this secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let digest = Sha256::digest(secret.as_bytes());
        Self {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            key_id: digest[..4].iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// A token for `user`, beginning at `now`.
    ///
    /// # Errors
    /// `internal` when signing fails.
    pub fn issue(&self, user: &User, now: Timestamp) -> Result<String, Refusal> {
        let issued = now / 1000;
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user.user_id.0.clone(),
            iat: issued,
            exp: issued + LIFETIME_SEC,
            guest: user.is_guest(),
        };
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &self.encoding).map_err(|error| {
            tracing::error!(%error, "an access token could not be signed");
            Refusal::new(ErrorCode::Internal, "no token could be made")
        })
    }

    /// Who `token` speaks for at `now`.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Bearer, TokenError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is checked below, by our own clock and to the second.
        validation.validate_exp = false;
        let data =
            jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Invalid,
            })?;
        if data.header.kid.as_deref() != Some(&self.key_id) {
            return Err(TokenError::Invalid);
        }
        let Claims { sub, exp, guest, .. } = data.claims;
        let expires_at = exp.saturating_mul(1000);
        if now >= expires_at {
            return Err(TokenError::Expired);
        }
        Ok(Bearer { user_id: UserId(sub), guest, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const NOW: u64 = 1_700_000_000_000;

    fn ann() -> User {
        User {
            user_id: "ann".into(),
            name: "Ann".into(),
            email: Some("ann@example.org".into()),
            password_hash: None,
            time_zone: None,
            avatar: None,
            created_at: 0,
        }
    }

    #[test]
    fn a_token_speaks_for_its_user_until_it_ends() {
        let tokens = AccessTokens::new(SECRET);
        let token = tokens.issue(&ann(), NOW).unwrap();
        let end = NOW + LIFETIME_SEC * 1000;
        let bearer = Bearer { user_id: "ann".into(), guest: false, expires_at: end };
        assert_eq!(tokens.verify(&token, end - 1), Ok(bearer));
        assert_eq!(tokens.verify(&token, end), Err(TokenError::Expired));
    }

    #[test]
    fn another_key_another_algorithm_and_another_issuer_prove_nothing() {
        let tokens = AccessTokens::new(SECRET);
        let other = AccessTokens::new("another secret of at least 32 bytes").issue(&ann(), NOW).unwrap();
        assert_eq!(tokens.verify(&other, NOW), Err(TokenError::Invalid));
        let claims = |iss: &str| Claims {
            iss: iss.into(),
            aud: AUDIENCE.into(),
            sub: "ann".into(),
            iat: NOW / 1000,
            exp: NOW / 1000 + 60,
            guest: false,
        };
        let sign = |algorithm, claims| {
            let header = Header { kid: Some(tokens.key_id.clone()), ..Header::new(algorithm) };
            jsonwebtoken::encode(&header, &claims, &tokens.encoding).unwrap()
        };
        assert!(tokens.verify(&sign(Algorithm::HS256, claims(ISSUER)), NOW).is_ok());
        assert_eq!(tokens.verify(&sign(Algorithm::HS512, claims(ISSUER)), NOW), Err(TokenError::Invalid));
        assert_eq!(tokens.verify(&sign(Algorithm::HS256, claims("else")), NOW), Err(TokenError::Invalid));
        assert_eq!(tokens.verify("eyJhbGciOiJub25lIn0.e30.", NOW), Err(TokenError::Invalid));
        assert_eq!(tokens.verify("", NOW), Err(TokenError::Invalid));
    }
}
