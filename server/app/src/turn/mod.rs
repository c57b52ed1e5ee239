//! STUN and TURN over UDP, for one machine without coturn (docs/OPERATIONS.md). The crate speaks the protocol;
//! who may relay, whom they reach and how much is said here.

mod credentials;
mod network;
mod peers;
mod relays;
mod service;

use crate::config::{Switch, TurnSettings};
use credentials::Credentials;
use hmac::Hmac;
use peers::Peers;
use relays::Relays;
use service::Service;
use sha1::Sha1;
use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};
use studyrooms_domain::system::{Clock, Random};
use tokio::{net::UdpSocket, sync::oneshot, task::JoinHandle};

/// The port that browsers try, unless another program has it.
pub(crate) const PORT: u16 = 3478;

/// Why calls cannot be relayed here.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The address to listen on is taken, or none of this machine's.
    #[error("TURN_LISTEN: {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The addresses of this machine cannot be read.
    #[error("TURN_LISTEN: the network cannot be read: {0}")]
    Network(std::io::Error),
    /// The crate does not take what we gave it.
    #[error("TURN_LISTEN: {0}")]
    Crate(#[from] turn::Error),
}

/// The server, until it is closed or dropped.
pub struct EmbeddedTurn {
    address: SocketAddr,
    local: SocketAddr,
    running: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl EmbeddedTurn {
    /// Begins to listen, beside what listens at `beside`, to people whose credentials are made by `secret`.
    ///
    /// # Errors
    /// [`TurnError`].
    pub async fn start(
        settings: &TurnSettings,
        beside: SocketAddr,
        secret: Hmac<Sha1>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, TurnError> {
        let socket = match settings.turn_listen {
            Some(address) => bind(address).await?,
            None => bind_by_default(beside).await?,
        };
        let listening = socket.local_addr().map_err(TurnError::Network)?;
        let own = network::own_address(listening.ip()).map_err(TurnError::Network)?;
        let advertised = settings.turn_relay_ip.unwrap_or(own);
        let near = match settings.turn_allow_private_peers {
            Switch::On if peers::is_special(own) => network::around(own).map_err(TurnError::Network)?,
            Switch::On | Switch::Off => None,
        };
        let peers = Arc::new(Peers { own, advertised, ports: settings.turn_relay_ports.0.clone(), near });
        let credentials = |expired_too| Credentials { secret: secret.clone(), clock: clock.clone(), expired_too };
        let service = Service::new(
            socket,
            Relays { peers: peers.clone(), random, even_only: Arc::default() },
            peers,
            Arc::new(credentials(false)),
            Arc::new(credentials(true)),
        );
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(service.run(stopped));
        let address = SocketAddr::new(advertised, listening.port());
        tracing::info!(%listening, relay = %advertised, ports = %settings.turn_relay_ports, "calls are relayed here, by UDP");
        let local = SocketAddr::new(own, listening.port());
        Ok(Self { address, local, running: Mutex::new(Some((stop, serving))) })
    }

    /// Where it is reached, by the address of its relays.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where this machine reaches it.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.local
    }

    /// Ends all allocations.
    pub async fn close(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, serving)) = running {
            stop.send(()).ok();
            if let Err(error) = serving.await {
                tracing::warn!(%error, "the relay did not end well");
            }
        }
    }
}

impl Drop for EmbeddedTurn {
    fn drop(&mut self) {
        if let Some((_, serving)) = self.running.lock().unwrap_or_else(PoisonError::into_inner).take() {
            serving.abort();
        }
    }
}

async fn bind(address: SocketAddr) -> Result<UdpSocket, TurnError> {
    UdpSocket::bind(address).await.map_err(|source| TurnError::Listen { address, source })
}

/// The usual port, or any where another server has that.
async fn bind_by_default(beside: SocketAddr) -> Result<UdpSocket, TurnError> {
    let address = match beside.ip() {
        // Clients of both families would be told addresses in the wrong clothes.
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::from([0, 0, 0, 0]),
        address => address,
    };
    match bind(SocketAddr::new(address, PORT)).await {
        Err(TurnError::Listen { source, .. }) if source.kind() == std::io::ErrorKind::AddrInUse => {
            bind(SocketAddr::new(address, 0)).await
        }
        bound => bound,
    }
}
