//! Listening, and ending well.

use crate::{
    app::App,
    config::TrustedProxies,
    files::sweep_uploads,
    http::{self, Health, health_router},
    net::{self, Capacity, Connections, raise_descriptor_limit},
    room::Coordination,
    telemetry,
    tls::Tls,
};
use std::{future::Future, net::SocketAddr, time::Duration};
use studyrooms_domain::presence::Terms;
use tokio::{
    net::{TcpListener, TcpSocket},
    time::{sleep, timeout},
};

/// How long balancers may take to see that the server is not ready any more, where there are others.
const NOTICED_WITHIN: Duration = Duration::from_secs(3);
/// How long sockets may take to hear that the server ends.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);
/// How long requests under way may take to end.
const FINISH_WITHIN: Duration = Duration::from_secs(3);
/// How often what has expired is swept.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// Connections that the system keeps until they are taken: a crowd that comes at once is not turned away.
const BACKLOG: u32 = 4096;

/// Listens at `address`.
///
/// # Errors
/// The system's: the address is another's, or taken.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` is done: then no one new is let in, clients are told, and what they were
/// promised is stored.
///
/// # Errors
/// The channels of the other instances cannot be subscribed to.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = http::router(app.clone()).await.map_err(std::io::Error::other)?;
    let sweeping = tokio::spawn(sweep(app.clone()));
    let renewing = tokio::spawn(keep_renewing(app.clone()));
    let (stopped, stopping) = tokio::sync::oneshot::channel();
    let (stopping_app, sockets) = (app.clone(), app.sockets.clone());
    let stop = async move {
        stop.await;
        tracing::info!("stopping");
        stopping_app.health.drain();
        if stopping_app.live_rooms.coordination().pubsub.is_shared() {
            sleep(NOTICED_WITHIN).await;
        }
        if timeout(CLOSE_WITHIN, sockets.close()).await.is_err() {
            tracing::warn!("some sockets did not take the goodbye");
        }
        // The receiver lives as long as this function.
        stopped.send(()).ok();
    };
    let acceptor = app.tls.as_ref().map(Tls::acceptor);
    let serving = net::serve(listener, router, acceptor, app.connections.clone(), app.trusted_proxies.clone(), stop);
    tokio::select! {
        () = serving => {}
        () = late(stopping) => tracing::warn!("requests were still under way"),
    }
    sweeping.abort();
    app.live_rooms.drain().await;
    renewing.abort();
    // The people here have the whole of a lease to come back elsewhere.
    renew(&app.live_rooms.coordination()).await;
    if let Some(turn) = &app.turn {
        turn.close().await;
    }
    Ok(())
}

/// Answers about health only, until it is dropped.
pub async fn serve_health(listener: TcpListener, health: Health) {
    let connections = Connections::new(Capacity::new(raise_descriptor_limit(), None, None));
    let proxies = TrustedProxies::default();
    net::serve(listener, health_router(health), None, connections, proxies, std::future::pending()).await;
}

async fn late(stopping: tokio::sync::oneshot::Receiver<()>) {
    if stopping.await.is_err() {
        // The server ended by itself; the other branch tells how.
        std::future::pending::<()>().await;
    }
    sleep(FINISH_WITHIN).await;
}

async fn sweep(app: App) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        match app.stores.refresh_tokens.sweep(app.system.clock.now()).await {
            Ok(swept) => tracing::debug!(swept, "expired refresh tokens"),
            Err(error) => tracing::warn!(%error, "expired refresh tokens were not swept"),
        }
        // Else the worker does it, which is a process of its own where files are on a server.
        if app.object_endpoint.is_none() || !app.live_rooms.coordination().pubsub.is_shared() {
            continue;
        }
        match sweep_uploads(&app.stores, &*app.objects, app.system.clock.now()).await {
            Ok(swept) => tracing::debug!(?swept, "uploads"),
            Err(error) => tracing::warn!(%error, "uploads were not all swept"),
        }
    }
}

/// Keeps the lease of this instance, beside the rooms, which may have to wait for their store.
async fn keep_renewing(app: App) {
    let coordination = app.live_rooms.coordination();
    let mut every = tokio::time::interval(Terms::RENEW_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        telemetry::live_rooms(app.live_rooms.live());
        telemetry::room_iterations(app.live_rooms.iterations());
        renew(&coordination).await;
    }
}

async fn renew(coordination: &Coordination) {
    if !coordination.pubsub.is_shared() {
        return;
    }
    if let Err(error) = coordination.directory.renew(&coordination.instance).await {
        tracing::debug!(%error, "the lease was not renewed");
    }
}
