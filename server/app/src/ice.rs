//! STUN and TURN servers with short-lived credentials (SPEC 9.1; the REST API for access to TURN
//! services, draft-uberti-behave-turn-rest-00).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::net::SocketAddr;
use studyrooms_protocol::{
    Timestamp,
    call::{IceServer, IceServers},
    ids::UserId,
};
use url::{Host, Url};

/// How long TURN credentials last.
const LIFETIME_MS: u64 = 60 * 60 * 1000;

/// The servers, and the secret shared with those that relay.
#[derive(Clone, Default)]
pub struct IceConfig {
    stun: Vec<String>,
    turn: Vec<String>,
    secret: Option<Hmac<Sha1>>,
    embedded: Option<Embedded>,
}

/// The server in this program. Whatever name leads a client here leads it there too.
#[derive(Clone)]
struct Embedded {
    address: SocketAddr,
    /// By `PUBLIC_URL`.
    host: Option<String>,
}

impl Embedded {
    /// By the name in `PUBLIC_URL`, the one that the client used (`Host`, or what it says is one), or the
    /// address of the relays.
    fn host(&self, reached_by: Option<&str>) -> String {
        let used = || reached_by.and_then(named);
        let name = self.host.clone().or_else(used);
        name.unwrap_or_else(|| SocketAddr::new(self.address.ip(), 0).to_string().replace(":0", ""))
    }
}

/// The host of a `Host` header, unless that says only that the client is on this machine.
pub(crate) fn named(header: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{header}")).ok()?;
    match url.host()? {
        Host::Domain("localhost") => None,
        Host::Ipv4(address) if address.is_loopback() => None,
        Host::Ipv6(address) if address.is_loopback() => None,
        host => Some(host.to_string()),
    }
}

/// The password for a name.
pub(crate) fn credential(secret: &Hmac<Sha1>, username: &str) -> String {
    STANDARD.encode(secret.clone().chain_update(username.as_bytes()).finalize().into_bytes())
}

impl IceConfig {
    /// Sorts `urls` into those that relay and those that do not.
    #[must_use]
    pub fn new(urls: &[String], secret: Option<&str>) -> Self {
        let (turn, stun) = urls.iter().cloned().partition(|url| url.starts_with("turn"));
        let secret = secret.and_then(|secret| Hmac::new_from_slice(secret.as_bytes()).ok());
        Self { stun, turn, secret, embedded: None }
    }

    /// The server of this program, reached at `address`, or at the host of `public_url`.
    #[must_use]
    pub fn embedded(address: SocketAddr, public_url: Option<&Url>, secret: Hmac<Sha1>) -> Self {
        let host = public_url.and_then(Url::host_str).map(str::to_owned);
        Self { secret: Some(secret), embedded: Some(Embedded { address, host }), ..Self::default() }
    }

    /// The servers for one person, from `now`, who reached this one by the `Host` given.
    #[must_use]
    pub fn servers_for(&self, user_id: &UserId, now: Timestamp, reached_by: Option<&str>) -> IceServers {
        let expires_at = now + LIFETIME_MS;
        let (mut stun, mut turn) = (self.stun.clone(), self.turn.clone());
        if let Some(embedded) = &self.embedded {
            let (host, port) = (embedded.host(reached_by), embedded.address.port());
            stun.push(format!("stun:{host}:{port}"));
            turn.push(format!("turn:{host}:{port}?transport=udp"));
        }
        let mut ice_servers = Vec::new();
        if !stun.is_empty() {
            ice_servers.push(IceServer { urls: stun, username: None, credential: None });
        }
        if let Some(secret) = self.secret.as_ref().filter(|_| !turn.is_empty()) {
            let username = format!("{}:{user_id}", expires_at / 1000);
            let credential = credential(secret, &username);
            ice_servers.push(IceServer { urls: turn, username: Some(username), credential: Some(credential) });
        }
        IceServers { ice_servers, expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // SPEC 9.1
    #[test]
    fn credentials_are_those_that_coturn_computes() {
        let urls = ["stun:a:3478".to_owned(), "turn:a:3478".to_owned(), "turns:a:5349".to_owned()];
        let servers = IceConfig::new(&urls, Some("north")).servers_for(&"ann".into(), 1_700_000_000_000, None);
        assert_eq!(servers.ice_servers[0].urls, ["stun:a:3478"]);
        let turn = &servers.ice_servers[1];
        assert_eq!(turn.urls, ["turn:a:3478", "turns:a:5349"]);
        assert_eq!(turn.username.as_deref(), Some("1700003600:ann"));
        // printf 1700003600:ann | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(turn.credential.as_deref(), Some("TwqKCcbzejRFa1sgGqGS7SEzCGg="));
    }

    #[test]
    fn the_embedded_server_is_where_the_client_found_this_one() {
        let secret = Hmac::new_from_slice(b"north").unwrap();
        let urls = |public_url: Option<&str>, host: Option<&str>| {
            let public_url = public_url.map(|url| url.parse().unwrap());
            let ice = IceConfig::embedded("192.168.7.2:3478".parse().unwrap(), public_url.as_ref(), secret.clone());
            let servers = ice.servers_for(&"ann".into(), 0, host).ice_servers;
            [servers[0].urls[0].clone(), servers[1].urls[0].clone()]
        };
        let own = ["stun:192.168.7.2:3478", "turn:192.168.7.2:3478?transport=udp"];
        for here in [None, Some("localhost:3000"), Some("127.0.0.1:3000"), Some("[::1]:3000"), Some("a b"), Some("")] {
            assert_eq!(urls(None, here), own, "{here:?}");
        }
        assert_eq!(urls(None, Some("rooms.lan:3000"))[0], "stun:rooms.lan:3478");
        assert_eq!(urls(None, Some("[fd00::7]:3000"))[0], "stun:[fd00::7]:3478");
        assert_eq!(urls(Some("https://rooms.example.org"), Some("10.0.0.1"))[0], "stun:rooms.example.org:3478");
    }

    #[test]
    fn nothing_configured_is_nothing_given() {
        assert!(IceConfig::default().servers_for(&"ann".into(), 0, None).ice_servers.is_empty());
    }
}
