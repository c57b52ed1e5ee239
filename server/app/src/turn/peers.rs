//! Whom the relay reaches. Whoever may relay speaks with the server's address: what is reached by it
//! alone, like its own services and its network, must stay out of reach.

use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    ops::RangeInclusive,
};

/// Ranges that are no public addresses (those of `turn/turnserver.conf`).
const SPECIAL_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::new(255, 255, 255, 255), 32),
];
const SPECIAL_V6: [(Ipv6Addr, u8); 9] = [
    // Unspecified, loopback, and IPv4 in other clothes.
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Whether this is no address of the public internet.
pub(super) fn is_special(address: IpAddr) -> bool {
    let within = |network: IpAddr, bits: u8| IpNet::new(network, bits).is_ok_and(|net| net.contains(&address));
    match address {
        IpAddr::V4(_) => SPECIAL_V4.iter().any(|(network, bits)| within((*network).into(), *bits)),
        IpAddr::V6(_) => SPECIAL_V6.iter().any(|(network, bits)| within((*network).into(), *bits)),
    }
}

/// Whom the relay reaches.
#[derive(Clone, Debug)]
pub(super) struct Peers {
    /// The address that relays have on this machine.
    pub own: IpAddr,
    /// The address that the world knows them by.
    pub advertised: IpAddr,
    /// The ports of relays.
    pub ports: RangeInclusive<u16>,
    /// The private network that is reached too, where it was set so (`TURN_ALLOW_PRIVATE_PEERS`).
    pub near: Option<IpNet>,
}

impl Peers {
    /// Two people who both relay meet at the relay's own address, and at its ports alone.
    pub(super) fn reach(&self, peer: SocketAddr) -> bool {
        let address = peer.ip().to_canonical();
        if address == self.own || address == self.advertised {
            return self.ports.contains(&peer.port()) || (self.own.is_loopback() && self.near.is_some());
        }
        !is_special(address) || self.near.is_some_and(|near| near.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(own: &str, advertised: &str, near: Option<&str>) -> Peers {
        Peers {
            own: own.parse().unwrap(),
            advertised: advertised.parse().unwrap(),
            ports: 49160..=49360,
            near: near.map(|near| near.parse().unwrap()),
        }
    }

    fn reached(peers: &Peers, addresses: &[&str]) -> Vec<bool> {
        addresses.iter().map(|address| peers.reach(address.parse().unwrap())).collect()
    }

    const DENIED: [&str; 14] = [
        "10.1.2.3:5000",
        "127.0.0.1:5000",
        "169.254.169.254:80",
        "172.31.0.1:5000",
        "192.168.1.1:53",
        "100.64.0.1:5000",
        "224.0.0.1:5000",
        "255.255.255.255:5000",
        "0.0.0.0:5000",
        "[::1]:5000",
        "[::ffff:10.0.0.1]:5000",
        "[fd00::1]:5000",
        "[fe80::1]:5000",
        "[ff02::1]:5000",
    ];

    // SPEC 9.5
    #[test]
    fn what_is_not_public_is_out_of_reach() {
        let public = peers("10.0.0.5", "203.0.114.7", None);
        assert_eq!(reached(&public, &DENIED), [false; 14]);
        assert_eq!(reached(&public, &["9.9.9.9:53", "[2a00::1]:5000", "172.32.0.1:1"]), [true; 3]);
    }

    #[test]
    fn relays_reach_one_another_and_no_other_port_of_the_machine() {
        let public = peers("10.0.0.5", "203.0.114.7", None);
        assert_eq!(reached(&public, &["203.0.114.7:49160", "10.0.0.5:49360"]), [true, true]);
        assert_eq!(reached(&public, &["203.0.114.7:6379", "10.0.0.5:22", "10.0.0.6:49160"]), [false; 3]);
    }

    #[test]
    fn a_relay_at_a_private_address_reaches_the_other_relays_there_alone() {
        let local = peers("192.168.7.2", "192.168.7.2", None);
        assert_eq!(reached(&local, &["192.168.7.2:49200", "9.9.9.9:53"]), [true, true]);
        assert_eq!(reached(&local, &["192.168.7.9:5000", "192.168.7.9:49200", "192.168.7.2:22"]), [false; 3]);
        let loopback = peers("127.0.0.1", "127.0.0.1", None);
        assert_eq!(reached(&loopback, &["127.0.0.1:49200", "127.0.0.1:5000", "127.0.0.2:5000"]), [true, false, false]);
    }

    #[test]
    fn a_relay_that_may_reach_its_network_reaches_that_one_alone() {
        let local = peers("192.168.7.2", "192.168.7.2", Some("192.168.7.0/24"));
        assert_eq!(reached(&local, &["192.168.7.9:5000", "192.168.7.2:49200"]), [true, true]);
        assert_eq!(reached(&local, &["192.168.8.9:5000", "10.0.0.1:5000", "192.168.7.2:22"]), [false; 3]);
    }
}
