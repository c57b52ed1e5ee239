//! The sockets that relay: one port for each allocation, from a bounded range.

use super::peers::Peers;
use async_trait::async_trait;
use std::{
    any::Any,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use studyrooms_domain::system::Random;
use tokio::net::UdpSocket;
use turn::{Error, relay::RelayAddressGenerator};
use webrtc_util::Conn;

type Outcome<T> = Result<T, webrtc_util::Error>;

/// Opens them.
pub(super) struct Relays {
    pub peers: Arc<Peers>,
    pub random: Arc<dyn Random>,
    /// Whether the request at hand asks for an even port (EVEN-PORT, RFC 8656, section 18.7). The crate asks for ports
    /// until one is even, and would never end when none is left.
    pub even_only: Arc<AtomicBool>,
}

impl Relays {
    /// All ports of the range, from a random one on: whoever guesses the next one may speak to a call.
    fn ports(&self) -> impl Iterator<Item = u16> {
        let range = self.peers.ports.clone();
        let (first, count) = (*range.start(), u64::try_from(range.len()).unwrap_or(1));
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        let start = u64::from_le_bytes(bytes) % count;
        (0..count).map(move |step| first + u16::try_from((start + step) % count).unwrap_or_default())
    }

    async fn open(&self, port: u16) -> Option<(Arc<dyn Conn + Send + Sync>, SocketAddr)> {
        let socket = UdpSocket::bind((self.peers.own, port)).await.ok()?;
        let advertised = SocketAddr::new(self.peers.advertised, port);
        Some((Arc::new(RelaySocket { socket, peers: self.peers.clone() }), advertised))
    }
}

#[async_trait]
impl RelayAddressGenerator for Relays {
    fn validate(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn allocate_conn(
        &self,
        use_ipv4: bool,
        requested: u16,
    ) -> Result<(Arc<dyn Conn + Send + Sync>, SocketAddr), Error> {
        let mut ports: Vec<u16> = if requested == 0 { self.ports().collect() } else { vec![requested] };
        if self.even_only.load(Ordering::Relaxed) {
            ports.retain(|port| port % 2 == 0);
        }
        if use_ipv4 == self.peers.own.is_ipv4() {
            for port in ports.into_iter().filter(|port| self.peers.ports.contains(port)) {
                if let Some(opened) = self.open(port).await {
                    return Ok(opened);
                }
            }
        }
        Err(Error::Other("no port is free".into()))
    }
}

/// Sends only to whom the relay may reach. What cannot be sent is lost, as on any network, and does
/// not end the allocation.
struct RelaySocket {
    socket: UdpSocket,
    peers: Arc<Peers>,
}

#[async_trait]
impl Conn for RelaySocket {
    async fn connect(&self, peer: SocketAddr) -> Outcome<()> {
        Ok(self.socket.connect(peer).await?)
    }

    async fn recv(&self, buffer: &mut [u8]) -> Outcome<usize> {
        Ok(self.socket.recv(buffer).await?)
    }

    /// Another relay of this machine is known by its advertised address.
    async fn recv_from(&self, buffer: &mut [u8]) -> Outcome<(usize, SocketAddr)> {
        let (size, mut from) = loop {
            let received = self.socket.recv_from(buffer).await?;
            // A request may name several peers, of which only the first is looked at before.
            if self.peers.reach(received.1) {
                break received;
            }
        };
        if from.ip() == self.peers.own && self.peers.ports.contains(&from.port()) {
            from.set_ip(self.peers.advertised);
        }
        Ok((size, from))
    }

    async fn send(&self, bytes: &[u8]) -> Outcome<usize> {
        Ok(self.socket.send(bytes).await?)
    }

    async fn send_to(&self, bytes: &[u8], mut peer: SocketAddr) -> Outcome<usize> {
        if !self.peers.reach(peer) {
            return Ok(bytes.len());
        }
        // The way through the outside may not lead back.
        if peer.ip() == self.peers.advertised {
            peer.set_ip(self.peers.own);
        }
        if let Err(error) = self.socket.send_to(bytes, peer).await {
            tracing::trace!(%error, %peer, "a relayed packet was lost");
        }
        Ok(bytes.len())
    }

    fn local_addr(&self) -> Outcome<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }

    fn remote_addr(&self) -> Option<SocketAddr> {
        None
    }

    async fn close(&self) -> Outcome<()> {
        Ok(())
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandom;
    use std::net::Ipv4Addr;

    #[tokio::test]
    async fn who_asks_for_an_even_port_is_refused_when_only_odd_ones_are_left() {
        // Two ports that nobody has, the even one first.
        let (even, odd) = loop {
            let even = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let port = even.local_addr().unwrap().port();
            if port % 2 == 0
                && let Ok(odd) = UdpSocket::bind((Ipv4Addr::LOCALHOST, port + 1)).await
            {
                break (even, odd);
            }
        };
        let first = even.local_addr().unwrap().port();
        let own = Ipv4Addr::LOCALHOST.into();
        let peers = Arc::new(Peers { own, advertised: own, ports: first..=first + 1, near: None });
        let relays = Relays { peers, random: Arc::new(SystemRandom), even_only: Arc::default() };
        drop(odd);
        relays.even_only.store(true, Ordering::Relaxed);
        assert!(relays.allocate_conn(true, 0).await.is_err());
        relays.even_only.store(false, Ordering::Relaxed);
        let (odd, address) = relays.allocate_conn(true, 0).await.unwrap();
        assert_eq!(address.port(), first + 1);
        drop((odd, even));
        relays.even_only.store(true, Ordering::Relaxed);
        assert_eq!(relays.allocate_conn(true, 0).await.unwrap().1.port(), first);
    }
}
