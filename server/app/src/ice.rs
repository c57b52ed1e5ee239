//! STUN and TURN servers with short-lived credentials (DESIGN 8; the REST API for access to TURN
//! services, draft-uberti-behave-turn-rest-00).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use studyrooms_protocol::{
    Timestamp,
    call::{IceServer, IceServers},
    ids::UserId,
};

/// How long TURN credentials last.
const LIFETIME_MS: u64 = 60 * 60 * 1000;

/// The servers, and the secret shared with those that relay.
#[derive(Clone, Default)]
pub struct IceConfig {
    stun: Vec<String>,
    turn: Vec<String>,
    secret: Option<Hmac<Sha1>>,
}

impl IceConfig {
    /// Sorts `urls` into those that relay and those that do not.
    #[must_use]
    pub fn new(urls: &[String], secret: Option<&str>) -> Self {
        let (turn, stun) = urls.iter().cloned().partition(|url| url.starts_with("turn"));
        let secret = secret.and_then(|secret| Hmac::new_from_slice(secret.as_bytes()).ok());
        Self { stun, turn, secret }
    }

    /// The servers for one person, from `now`.
    #[must_use]
    pub fn servers_for(&self, user_id: &UserId, now: Timestamp) -> IceServers {
        let expires_at = now + LIFETIME_MS;
        let mut ice_servers = Vec::new();
        if !self.stun.is_empty() {
            ice_servers.push(IceServer { urls: self.stun.clone(), username: None, credential: None });
        }
        if let Some(secret) = self.secret.as_ref().filter(|_| !self.turn.is_empty()) {
            let username = format!("{}:{user_id}", expires_at / 1000);
            let mac = secret.clone().chain_update(username.as_bytes());
            let credential = STANDARD.encode(mac.finalize().into_bytes());
            ice_servers.push(IceServer {
                urls: self.turn.clone(),
                username: Some(username),
                credential: Some(credential),
            });
        }
        IceServers { ice_servers, expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_those_that_coturn_computes() {
        let urls = ["stun:a:3478".to_owned(), "turn:a:3478".to_owned(), "turns:a:5349".to_owned()];
        let servers = IceConfig::new(&urls, Some("north")).servers_for(&"ann".into(), 1_700_000_000_000);
        assert_eq!(servers.ice_servers[0].urls, ["stun:a:3478"]);
        let turn = &servers.ice_servers[1];
        assert_eq!(turn.urls, ["turn:a:3478", "turns:a:5349"]);
        assert_eq!(turn.username.as_deref(), Some("1700003600:ann"));
        // printf 1700003600:ann | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(turn.credential.as_deref(), Some("TwqKCcbzejRFa1sgGqGS7SEzCGg="));
    }

    #[test]
    fn nothing_configured_is_nothing_given() {
        assert!(IceConfig::default().servers_for(&"ann".into(), 0).ice_servers.is_empty());
    }
}
