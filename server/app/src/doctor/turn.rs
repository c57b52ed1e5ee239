//! STUN and TURN: each server that browsers are told of is asked as they would, with credentials that
//! are made for this look.

use super::{
    Finding, relay,
    stun::{Client, StunError, Transport},
};
use crate::{
    config::{Settings, Switch},
    ice::IceConfig,
    system::SystemClock,
};
use studyrooms_domain::system::Clock;
use studyrooms_protocol::ids::UserId;

const PART: &str = "TURN_URLS";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    if settings.turn_urls.is_empty() {
        return without_servers(settings).await;
    }
    let ice = IceConfig::new(&settings.turn_urls, settings.turn_secret.as_deref());
    let servers = ice.servers_for(&UserId("doctor".into()), SystemClock.now(), None).ice_servers;
    let mut findings = Vec::new();
    for server in &servers {
        let credentials = server.username.as_deref().zip(server.credential.as_deref());
        for url in &server.urls {
            findings.push(look(url, credentials).await);
        }
    }
    findings
}

async fn without_servers(settings: &Settings) -> Vec<Finding> {
    if settings.redis.redis_url.is_some() {
        return vec![Finding::wrong(
            PART,
            "several instances relay no calls by themselves",
            "Run coturn (see turn/README.md) and set TURN_URLS and TURN_SECRET.",
        )];
    }
    if settings.turn.embedded_turn == Switch::Off {
        return vec![Finding::advice(PART, "nobody relays calls: people behind strict networks will not meet")];
    }
    relay::check(settings).await
}

async fn look(url: &str, credentials: Option<(&str, &str)>) -> Finding {
    let Some(server) = Server::read(url) else {
        return Finding::wrong(
            url,
            "it cannot be read",
            "It must be stun:host:port, turn:host:port?transport=udp or tcp, or turns:host:port.",
        );
    };
    match server.ask(credentials).await {
        Ok(told) => Finding::well(url, told),
        Err(error) => {
            let remedy = server.remedy(&error);
            Finding::wrong(url, error.to_string(), remedy)
        }
    }
}

struct Server {
    host: String,
    port: u16,
    transport: Transport,
}

impl Server {
    fn read(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once(':')?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let is_tls = matches!(scheme, "stuns" | "turns");
        let transport = match (is_tls, query) {
            (true, "" | "transport=tcp") => Transport::Tls,
            (false, "" | "transport=udp") => Transport::Udp,
            (false, "transport=tcp") => Transport::Tcp,
            _ => return None,
        };
        let usual = if is_tls { 5349 } else { 3478 };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (place, usual),
        };
        (!host.is_empty()).then(|| Self { host: host.to_owned(), port, transport })
    }

    async fn ask(&self, credentials: Option<(&str, &str)>) -> Result<String, StunError> {
        let Self { host, port, transport } = self;
        match credentials {
            None => {
                let seen = Client::connect(host, *port, *transport).await?.bind().await?;
                Ok(format!("it answers, and sees this machine as {}", seen.ip()))
            }
            Some((username, password)) => {
                let relayed = Client::relayed(host, *port, *transport, username, password).await?;
                Ok(format!("it relays, at {}", relayed.ip()))
            }
        }
    }

    fn remedy(&self, error: &StunError) -> String {
        let Self { host, port, transport } = self;
        match error {
            StunError::Refused(400 | 401 | 441) => {
                "The server has another secret, or another time: TURN_SECRET must be its static-auth-secret.".into()
            }
            StunError::Open => "It must check credentials: use-auth-secret, as in turn/turnserver.conf.".into(),
            StunError::Refused(486 | 508) => {
                "It has no relay left: raise its quotas, or widen its range of ports.".into()
            }
            StunError::Refused(_) | StunError::Malformed(_) => format!("See the log of the server at {host}:{port}."),
            StunError::Io(_) | StunError::Silent => {
                let by = match transport {
                    Transport::Udp => "UDP",
                    Transport::Tcp => "TCP",
                    Transport::Tls => "TCP, with a certificate for this name that this machine trusts",
                };
                format!("See that the server runs, that the name is right, and that port {port} is open for {by}.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let read = |url| Server::read(url).map(|server| (server.host, server.port, server.transport));
        assert_eq!(read("stun:a"), Some(("a".into(), 3478, Transport::Udp)));
        assert_eq!(read("turn:a:1?transport=tcp"), Some(("a".into(), 1, Transport::Tcp)));
        assert_eq!(read("turns:a?transport=tcp"), Some(("a".into(), 5349, Transport::Tls)));
        assert_eq!(read("turn:[::1]:9"), Some(("[::1]".into(), 9, Transport::Udp)));
        assert_eq!(read("turn:[::1]"), Some(("[::1]".into(), 3478, Transport::Udp)));
        for bad in ["turn", "turn:", "turn:a:port", "turn:a?transport=sctp", "turns:a?transport=udp"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
