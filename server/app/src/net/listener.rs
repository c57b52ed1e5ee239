//! Takes connections, plain or by TLS, and answers the requests on them. Whoever is slow to agree on TLS or to say
//! what they want holds up no other, and goes when there is no room.

use super::{
    connections::{Connection, ConnectionSlot, Connections},
    stream::Stream,
};
use crate::config::TrustedProxies;
use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower_service::Service;

/// How long a client may take to agree on TLS.
const AGREE_WITHIN: Duration = Duration::from_secs(10);
/// How long it may take to say what it wants, first and after each answer.
const ASK_WITHIN: Duration = Duration::from_secs(20);
/// Bytes of a request's line and headers together, at most.
const HEAD_BYTES: usize = 32 << 10;
/// A peer that takes no bytes for this long is gone, although its connection looks open.
const UNREAD_FOR: Duration = Duration::from_secs(5);
/// After a connection could not be taken, for want of a descriptor.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// What is needed for each connection.
#[derive(Clone)]
struct Front {
    connections: Connections,
    proxies: TrustedProxies,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    stopping: CancellationToken,
}

/// Serves `router` until `stop` is done, and then until the requests under way are answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    acceptor: Option<TlsAcceptor>,
    connections: Connections,
    proxies: TrustedProxies,
    stop: impl Future<Output = ()> + Send,
) {
    let front = Front { connections, proxies, acceptor, router, stopping: CancellationToken::new() };
    let mut open = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = open.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let is_proxy = front.proxies.trust(peer.ip());
                    match front.connections.admit(peer, is_proxy) {
                        Some(slot) => drop(open.spawn(attend(front.clone(), stream, peer, slot))),
                        None => tracing::debug!(%peer, "no room for another connection"),
                    }
                }
                Err(error) => not_taken(&front.connections, &error).await,
            },
        }
    }
    drop(listener);
    front.stopping.cancel();
    while open.join_next().await.is_some() {}
}

/// A connection could not be taken: of a peer that is gone already, or because the process or the system has no
/// descriptor left.
async fn not_taken(connections: &Connections, error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    let made_room = connections.make_room();
    tracing::warn!(%error, made_room, "a connection could not be taken");
    sleep(TRY_AGAIN_AFTER).await;
}

async fn attend(front: Front, stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot) {
    tune(&stream);
    let stream = Stream::new(stream, slot);
    let connection = stream.connection().clone();
    let Some(acceptor) = &front.acceptor else {
        return answer(front, stream, peer, connection).await;
    };
    match timeout(AGREE_WITHIN, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => answer(front, stream, peer, connection).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
        Err(_) => tracing::debug!(%peer, "TLS took too long"),
    }
}

async fn answer<S>(front: Front, stream: S, peer: SocketAddr, connection: Arc<Connection>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Front { router, stopping, .. } = front;
    let service = service_fn(move |request: Request<Incoming>| {
        let (mut router, connection) = (router.clone(), connection.clone());
        async move {
            let _under_way = connection.request();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(connection);
            let response: Result<Response, Infallible> = router.call(request).await;
            response
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(ASK_WITHIN)
        .max_header_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let outcome = tokio::select! {
        outcome = serving.as_mut() => outcome,
        () = stopping.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

fn tune(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    if let Err(error) = stream.set_nodelay(true).and_then(|()| set_user_timeout(&socket)) {
        tracing::debug!(%error, "a connection could not be tuned");
    }
}

#[cfg(target_os = "linux")]
fn set_user_timeout(socket: &socket2::SockRef<'_>) -> io::Result<()> {
    socket.set_tcp_user_timeout(Some(UNREAD_FOR))
}

#[cfg(not(target_os = "linux"))]
fn set_user_timeout(_: &socket2::SockRef<'_>) -> io::Result<()> {
    Ok(())
}
