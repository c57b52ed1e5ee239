//! Where a request comes from: the peer, or what trusted balancers say (`TRUSTED_PROXIES`).

use super::answer::Failure;
use crate::{app::App, config::TrustedProxies, net::network_of};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, request::Parts},
};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};
use studyrooms_domain::{Refusal, rooms::AddressHash};
use studyrooms_protocol::error::ErrorCode;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(IpAddr);

impl ClientAddress {
    /// That of a request, where it is known.
    pub(crate) fn of_request(headers: &HeaderMap, extensions: &Extensions, app: &App) -> Option<Self> {
        let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
        Some(Self::of(peer.ip(), headers, &app.trusted_proxies))
    }

    pub(crate) const fn ip(&self) -> IpAddr {
        self.0
    }

    /// The rightmost address that is none of ours: what stands left of it, its sender may have made up.
    fn of(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let mut nearest = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        // A line that is no text ends the chain as an unreadable address does.
        let hops = lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
        for hop in hops {
            if !proxies.trust(nearest) {
                break;
            }
            let Some(address) = parse(hop.trim()) else { break };
            nearest = address.to_canonical();
        }
        Self(nearest)
    }
}

/// Where a request comes from, as it may be kept; none when its peer is not known.
pub(crate) fn hashed(parts: &Parts, app: &App) -> Option<AddressHash> {
    let kept = parts.extensions.get::<ClientAddress>().copied();
    let address = kept.or_else(|| ClientAddress::of_request(&parts.headers, &parts.extensions, app))?;
    let hash = app.address_key.hash(&address);
    hash.inspect_err(|refusal| tracing::error!(%refusal, "an address could not be hashed")).ok()
}

/// An address as balancers write it: some add the port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// As the key of rate limits: whoever has one address of IPv6 has all of its network.
impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        network_of(self.0).fmt(f)
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let unknown = || Refusal::new(ErrorCode::Internal, "the client's address is not known");
        Ok(Self::of_request(&parts.headers, &parts.extensions, app).ok_or_else(unknown)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, trusted: &[&str], forwarded: &[&str]) -> String {
        let proxies = TrustedProxies::new(trusted.iter().map(|network| network.parse().unwrap()).collect());
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        ClientAddress::of(peer.parse().unwrap(), &headers, &proxies).0.to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(address("203.0.113.9", &[], &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(address("203.0.113.9", &["10.0.0.0/8"], &["1.2.3.4, 10.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn what_a_client_wrote_itself_is_not_believed() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(address("10.0.0.1", &trusted, &["1.2.3.4, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(address("10.0.0.1", &trusted, &["1.2.3.4, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(address("10.0.0.1", &trusted, &["10.0.0.3", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(address("10.0.0.1", &trusted, &["1.2.3.4, rubbish"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &trusted, &["1.2.3.4, , 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn all_spellings_are_read() {
        let trusted = ["::1", "10.0.0.1"];
        assert_eq!(address("::1", &trusted, &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(address("::1", &trusted, &["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(address("::1", &trusted, &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(address("::ffff:10.0.0.1", &trusted, &["::ffff:203.0.113.9"]), "203.0.113.9");
        assert_eq!(address("::1", &trusted, &[]), "::1");
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let key = |text: &str| ClientAddress(text.parse().unwrap()).to_string();
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(key("203.0.113.9"), "203.0.113.9");
    }
}
