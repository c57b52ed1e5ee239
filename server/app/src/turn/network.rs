//! The machine's own addresses.

use ipnet::IpNet;
use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
};

/// An address that nobody has (RFC 5737): what is asked is only which way leads to the world.
const SOMEWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)), 9);

/// The address that others reach, of one who listens there.
pub(super) fn own_address(listening: IpAddr) -> io::Result<IpAddr> {
    if !listening.is_unspecified() {
        return Ok(listening);
    }
    let outward = || {
        let socket = UdpSocket::bind(("0.0.0.0", 0))?;
        socket.connect(SOMEWHERE)?;
        Ok(socket.local_addr()?.ip())
    };
    // Without a way out there is the machine itself.
    outward().or_else(|error: io::Error| match error.kind() {
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => Ok(IpAddr::from([127, 0, 0, 1])),
        _ => Err(error),
    })
}

/// The network that this address of the machine's is in.
pub(super) fn around(own: IpAddr) -> io::Result<Option<IpNet>> {
    let interfaces = if_addrs::get_if_addrs()?;
    let interface = interfaces.into_iter().find(|interface| interface.ip() == own);
    Ok(interface.and_then(|interface| match interface.addr {
        if_addrs::IfAddr::V4(v4) => IpNet::with_netmask(v4.ip.into(), v4.netmask.into()).ok(),
        if_addrs::IfAddr::V6(v6) => IpNet::with_netmask(v6.ip.into(), v6.netmask.into()).ok(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_knows_where_it_is() {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        assert_eq!(own_address(loopback).unwrap(), loopback);
        assert!(!own_address(IpAddr::from([0, 0, 0, 0])).unwrap().is_unspecified());
        assert!(around(loopback).unwrap().unwrap().contains(&IpAddr::from([127, 9, 9, 9])));
    }
}
