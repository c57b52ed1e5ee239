//! Whose word on a client's address is believed.

use ipnet::IpNet;
use std::{
    net::{AddrParseError, IpAddr},
    str::FromStr,
};

/// An address, or a network in CIDR form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, AddrParseError> {
        let text = text.trim();
        if let Ok(network) = text.parse() {
            return Ok(Self(network));
        }
        Ok(Self(text.parse::<IpAddr>()?.into()))
    }
}

/// The balancers before the server.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// Of these networks.
    #[must_use]
    pub const fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|Network(network)| network.contains(&address.to_canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_trusted() {
        let networks = ["10.0.0.0/8", " 192.0.2.7", "fd00::/8"].map(|text| text.parse().unwrap());
        let proxies = TrustedProxies::new(networks.into());
        for inside in ["10.200.1.1", "192.0.2.7", "fd12::1", "::ffff:10.0.0.1"] {
            assert!(proxies.trust(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["11.0.0.1", "192.0.2.8", "fe80::1"] {
            assert!(!proxies.trust(outside.parse().unwrap()), "{outside}");
        }
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "balancer".parse::<Network>().is_err());
    }
}
