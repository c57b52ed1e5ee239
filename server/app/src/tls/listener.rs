//! Takes connections, plain or by TLS. A client that is slow to agree on TLS holds up no other.

use axum::serve::Listener;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::either::Either;

/// How long a client may take to agree on TLS.
const AGREE_WITHIN: Duration = Duration::from_secs(10);
/// Clients that do so at the same time; who comes beyond is let go and comes again.
const AGREEING: usize = 1024;

type Connection = Either<TcpStream, TlsStream<TcpStream>>;

/// The listener, with what each connection is tuned by.
pub(crate) struct Doors {
    tcp: TcpListener,
    acceptor: Option<TlsAcceptor>,
    tune: fn(&TcpStream),
    agreeing: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl Doors {
    pub(crate) fn new(tcp: TcpListener, acceptor: Option<TlsAcceptor>, tune: fn(&TcpStream)) -> Self {
        Self { tcp, acceptor, tune, agreeing: JoinSet::new() }
    }
}

impl Listener for Doors {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            tokio::select! {
                (stream, peer) = Listener::accept(&mut self.tcp) => {
                    (self.tune)(&stream);
                    match &self.acceptor {
                        None => return (Either::Left(stream), peer),
                        Some(acceptor) if self.agreeing.len() < AGREEING => {
                            self.agreeing.spawn(agree(acceptor.clone(), stream, peer));
                        }
                        Some(_) => tracing::warn!(%peer, "too many clients at once wish to begin TLS"),
                    }
                }
                Some(agreed) = self.agreeing.join_next() => {
                    if let Ok(Some((stream, peer))) = agreed {
                        return (Either::Right(stream), peer);
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

async fn agree(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
) -> Option<(TlsStream<TcpStream>, SocketAddr)> {
    match timeout(AGREE_WITHIN, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some((stream, peer)),
        Ok(Err(error)) => {
            tracing::debug!(%peer, %error, "no TLS");
            None
        }
        Err(_) => {
            tracing::debug!(%peer, "TLS took too long");
            None
        }
    }
}
