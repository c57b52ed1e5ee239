//! Public socket ids. One client instance of one person has the same id on every connection and
//! every server that shares the secret, so that calls outlive a dropped connection; nobody can
//! make another's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use studyrooms_domain::{
    Refusal,
    system::{Random, random_id},
};
use studyrooms_protocol::{
    error::ErrorCode,
    ids::{SocketId, UserId},
};

const SESSION_BYTES: usize = 128;

/// Gives public ids to sockets.
pub struct SocketIds {
    key: Hmac<Sha256>,
}

impl SocketIds {
    /// With this secret.
    ///
    /// # Errors
    /// `internal` when the secret is of no use as a key, which no length of it is.
    pub fn new(secret: &str) -> Result<Self, Refusal> {
        let mut key = Hmac::new_from_slice(secret.as_bytes())
            .map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
        key.update(b"socket id\0");
        Ok(Self { key })
    }

    /// The id of a client instance; one of its own for a client that names no session.
    #[must_use]
    pub fn of(&self, user_id: &UserId, session: Option<&str>, random: &dyn Random) -> SocketId {
        let Some(session) = session.filter(|session| (1..=SESSION_BYTES).contains(&session.len())) else {
            return SocketId(random_id(random));
        };
        let mut mac = self.key.clone();
        mac.update(user_id.as_str().as_bytes());
        mac.update(b"\0");
        mac.update(session.as_bytes());
        SocketId(URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandom;

    // SPEC 2.3
    #[test]
    fn a_client_that_comes_back_is_the_same_socket_and_no_one_else_is() {
        let id = |secret: &str, user: &str, session| {
            SocketIds::new(secret).unwrap().of(&user.into(), session, &SystemRandom)
        };
        assert_eq!(id("secret", "ann", Some("s")), id("secret", "ann", Some("s")));
        assert_ne!(id("secret", "ann", Some("s")), id("secret", "bob", Some("s")));
        assert_ne!(id("secret", "ann", Some("s")), id("secret", "ann", Some("t")));
        assert_ne!(id("secret", "ann", Some("s")), id("other", "ann", Some("s")));
        assert_ne!(id("secret", "ann", None), id("secret", "ann", None));
    }
}
