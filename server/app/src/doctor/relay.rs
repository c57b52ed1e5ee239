//! The relay in this program, where no other is named: it is opened as the server would open it, and
//! asked as browsers would ask. It speaks UDP alone.

use super::{
    Finding,
    stun::{Client, StunError, Transport},
};
use crate::{
    config::{Settings, Switch},
    ice::{IceConfig, named},
    system::{SystemClock, SystemRandom},
    turn::{EmbeddedTurn, PORT, TurnError},
};
use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use std::{io, net::SocketAddr, sync::Arc};
use studyrooms_domain::system::{Clock, random_id};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};
use url::Url;

const PART: &str = "EMBEDDED_TURN";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let secret: Hmac<Sha1> = match Hmac::new_from_slice(random_id(&SystemRandom).as_bytes()) {
        Ok(secret) => secret,
        Err(error) => return vec![Finding::wrong(PART, error.to_string(), "Cryptography does not work here.")],
    };
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let starting = EmbeddedTurn::start(&settings.turn, settings.listen, secret.clone(), clock, random);
    // It serves nobody: that calls are relayed here would be no news.
    let relay = match starting.with_subscriber(NoSubscriber::default()).await {
        Ok(relay) => relay,
        Err(error) => return vec![not_opened(error).await],
    };
    let mut findings = Vec::new();
    if settings.turn.turn_allow_private_peers == Switch::On {
        findings.push(Finding::advice(
            "TURN_ALLOW_PRIVATE_PEERS",
            format!(
                "whoever may join a call can send packets of UDP into the network around {}, through the relay; \
                 people there meet without it",
                relay.local().ip()
            ),
        ));
    }
    if settings.turn.turn_listen.is_none() && relay.local().port() != PORT {
        let taken = format!("port {PORT} is taken, by a server that runs or by another program");
        findings.push(Finding::advice(
            PART,
            format!("{taken}; then calls are relayed at any free one. Where a firewall must know it, set TURN_LISTEN"),
        ));
    }
    let public = settings.public_url.as_ref().and_then(Url::host_str).and_then(named);
    if public.is_some() && relay.address().ip().is_loopback() {
        findings.push(Finding::wrong(
            PART,
            "calls are not relayed: the relay has an address of this machine alone, and PUBLIC_URL is for others",
            format!("Set TURN_LISTEN=0.0.0.0:{PORT}, or EMBEDDED_TURN=off."),
        ));
    } else {
        let ice = IceConfig::embedded(relay.local(), None, secret);
        findings.push(look(&ice, relay.local(), settings).await);
        if let Some(host) = public {
            findings.push(look_from_outside(&host, relay.local().port(), settings).await);
        }
    }
    relay.close().await;
    findings
}

async fn not_opened(error: TurnError) -> Finding {
    if let TurnError::Listen { address, source } = &error
        && source.kind() == io::ErrorKind::AddrInUse
    {
        return match bind(&address.ip().to_string(), address.port()).await {
            Ok(_) => Finding::advice(PART, "a server has it open and answers; stop that to have its relay tried"),
            Err(_) => Finding::wrong(
                PART,
                format!("TURN_LISTEN: {address} is another program's"),
                "Choose another port, or stop that program.",
            ),
        };
    }
    Finding::wrong(PART, error.to_string(), "TURN_LISTEN must be an address of this machine, with a port of UDP.")
}

async fn bind(host: &str, port: u16) -> Result<SocketAddr, StunError> {
    Client::connect(host, port, Transport::Udp).await?.bind().await
}

async fn look(ice: &IceConfig, at: SocketAddr, settings: &Settings) -> Finding {
    let servers = ice.servers_for(&"doctor".into(), SystemClock.now(), None).ice_servers;
    let credentials = servers.iter().find_map(|server| server.username.as_deref().zip(server.credential.as_deref()));
    let Some((username, password)) = credentials else {
        return Finding::wrong(PART, "it is named to nobody", "This is a fault of the program.");
    };
    let host = at.ip().to_string();
    let asking = async {
        bind(&host, at.port()).await?;
        let relayed = Client::relayed(&host, at.port(), Transport::Udp, username, password).await?;
        Ok::<_, StunError>(relayed.ip())
    };
    match asking.await {
        Ok(relayed) => Finding::well(PART, format!("it answers at {at}, and it relays over UDP, at {relayed}")),
        Err(error) => Finding::wrong(PART, error.to_string(), remedy(&error, settings)),
    }
}

fn remedy(error: &StunError, settings: &Settings) -> String {
    match error {
        StunError::Silent => "Nothing comes back: see that the machine's firewall lets UDP through.".into(),
        StunError::Refused(_) | StunError::Malformed(_) | StunError::Io(_) | StunError::Open => format!(
            "See that ports {} of UDP are free, or choose others by TURN_RELAY_PORTS.",
            settings.turn.turn_relay_ports
        ),
    }
}

/// Some routers do not lead back to who is behind them, so silence is no proof.
async fn look_from_outside(host: &str, port: u16, settings: &Settings) -> Finding {
    match bind(host, port).await {
        Ok(_) => Finding::well(PART, format!("it answers as {host}:{port}")),
        Err(error) => Finding::advice(
            PART,
            format!(
                "it is not reached from here as {host}:{port} ({error}). Ports {port} and {} of UDP must be open to others",
                settings.turn.turn_relay_ports
            ),
        ),
    }
}
