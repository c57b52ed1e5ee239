//! Relaying calls in this program, where no TURN server is named.

use clap::{Args, ValueEnum};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    str::FromStr,
};

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

/// The embedded TURN server.
#[derive(Clone, Debug, Args)]
pub struct TurnSettings {
    /// Relay calls in this program (TURN over UDP). Only without TURN_URLS and REDIS_URL.
    #[arg(long, env = "EMBEDDED_TURN", default_value = "on")]
    pub embedded_turn: Switch,

    /// Address and port for that, of UDP. Without it, the address of LISTEN and port 3478, or a free one.
    #[arg(long, env = "TURN_LISTEN", value_name = "ADDRESS")]
    pub turn_listen: Option<SocketAddr>,

    /// Address at which the world reaches the relays, where that is not the machine's own (behind NAT).
    #[arg(long, env = "TURN_RELAY_IP", value_name = "ADDRESS")]
    pub turn_relay_ip: Option<IpAddr>,

    /// UDP ports of the relays, one for each that is in use.
    #[arg(long, env = "TURN_RELAY_PORTS", default_value = "49160-49360", value_name = "FIRST-LAST")]
    pub turn_relay_ports: Ports,

    /// Let the relays reach the network that this machine has a private address in. Whoever may join a call can then
    /// send packets of UDP to everything there. Without it people in that network meet directly, or relay both.
    #[arg(long, env = "TURN_ALLOW_PRIVATE_PEERS", default_value = "off")]
    pub turn_allow_private_peers: Switch,
}

/// A range of ports, both ends in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports(pub RangeInclusive<u16>);

/// Not a range of ports.
#[derive(Debug, thiserror::Error)]
#[error("must be FIRST-LAST, from 1024 on")]
pub struct NoPorts;

impl FromStr for Ports {
    type Err = NoPorts;

    fn from_str(text: &str) -> Result<Self, NoPorts> {
        let (first, last) = text.split_once('-').ok_or(NoPorts)?;
        let port = |text: &str| text.trim().parse::<u16>().map_err(|_| NoPorts);
        let (first, last) = (port(first)?, port(last)?);
        if first < 1024 || last < first { Err(NoPorts) } else { Ok(Self(first..=last)) }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.start(), self.0.end())
    }
}
