//! Who may relay: whoever has credentials that this server made (`ice.rs`).

use crate::ice::credential;
use hmac::Hmac;
use sha1::Sha1;
use std::{net::SocketAddr, sync::Arc};
use studyrooms_domain::system::Clock;
use turn::{
    Error,
    auth::{AuthHandler, generate_auth_key},
};

/// Checks `expiry:user` against the secret.
pub(super) struct Credentials {
    pub secret: Hmac<Sha1>,
    pub clock: Arc<dyn Clock>,
    /// An allocation that was made in time goes on after the credentials have expired: a call does not
    /// end with them.
    pub expired_too: bool,
}

impl AuthHandler for Credentials {
    fn auth_handle(&self, username: &str, realm: &str, _: SocketAddr) -> Result<Vec<u8>, Error> {
        let expiry: Option<u64> = username.split_once(':').and_then(|(expiry, _)| expiry.parse().ok());
        let refused = |why: &str| Err(Error::Other(why.to_owned()));
        let Some(expiry) = expiry else { return refused("no such user") };
        if !self.expired_too && expiry.saturating_mul(1000) <= self.clock.now() {
            return refused("expired");
        }
        Ok(generate_auth_key(username, realm, &credential(&self.secret, username)))
    }
}

/// The person behind a name: it differs with every hour.
pub(super) fn person(username: &str) -> &str {
    username.split_once(':').map_or(username, |(_, person)| person)
}
