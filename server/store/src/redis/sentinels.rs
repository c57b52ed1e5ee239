//! The server that sentinels call the master: followed wherever it goes.

use super::{ANSWER_WITHIN, CONNECT_WITHIN, trust::Trust, trust::is_tls};
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, ErrorKind, RedisError, RedisResult, Role,
    ServerErrorKind, TlsMode,
    aio::MultiplexedConnection,
    sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    time::{sleep, timeout},
};

/// How often the sentinels are asked. A master that hangs, or was cut off, does not tell of it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// And how often at most, when the master does not answer.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// The master of now.
#[derive(Clone)]
pub(super) struct Master {
    now: watch::Receiver<Option<Seat>>,
    lost: Arc<Notify>,
}

#[derive(Clone)]
struct Seat {
    client: Client,
    connection: MultiplexedConnection,
}

impl Master {
    /// Finds it, and goes on looking until nobody holds a `Master` any more.
    pub(super) async fn follow(sentinels: &[ConnectionInfo], name: &str, trust: &Trust) -> RedisResult<Self> {
        let mut sentinels = Sentinels::new(sentinels, name, trust)?;
        let seat = sentinels.seat(None).await?;
        let (seats, now) = watch::channel(seat);
        let lost = Arc::new(Notify::new());
        tokio::spawn(follow(sentinels, seats, lost.clone()));
        Ok(Self { now, lost })
    }

    /// How to connect to it.
    pub(super) fn client(&self) -> RedisResult<Client> {
        self.now.borrow().as_ref().map(|seat| seat.client.clone()).ok_or_else(away)
    }

    /// Whether this is it.
    pub(super) fn is(&self, client: &Client) -> bool {
        self.now.borrow().as_ref().is_some_and(|seat| address(&seat.client) == address(client))
    }

    pub(super) fn connection(&self) -> RedisResult<MultiplexedConnection> {
        self.now.borrow().as_ref().map(|seat| seat.connection.clone()).ok_or_else(away)
    }

    /// Looks at once where an answer tells that the master is gone, or is none any more.
    pub(super) fn heed<T>(&self, answer: RedisResult<T>) -> RedisResult<T> {
        answer.inspect_err(|error| {
            let read_only = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
            if read_only || error.is_io_error() || error.is_unrecoverable_error() {
                self.lost.notify_one();
            }
        })
    }
}

fn away() -> RedisError {
    std::io::Error::new(std::io::ErrorKind::NotConnected, "there is no master now").into()
}

fn address(client: &Client) -> &ConnectionAddr {
    client.get_connection_info().addr()
}

async fn follow(mut sentinels: Sentinels, seats: watch::Sender<Option<Seat>>, lost: Arc<Notify>) {
    loop {
        tokio::select! {
            () = seats.closed() => return,
            () = sleep(LOOK_EVERY) => {}
            () = lost.notified() => sleep(LOOK_AGAIN_AFTER).await,
        }
        let before = seats.borrow().clone();
        match sentinels.seat(before.as_ref()).await {
            Ok(None) => {}
            Ok(Some(seat)) => {
                let was = before.map(|before| address(&before.client).to_string());
                tracing::info!(master = %address(&seat.client), was, "Redis has a master to follow");
                seats.send_replace(Some(seat));
            }
            Err(error) => {
                if let Some(before) = before
                    && !before.is_master().await
                {
                    tracing::warn!(%error, "Redis has no master now");
                    seats.send_replace(None);
                }
            }
        }
    }
}

impl Seat {
    async fn is_master(&self) -> bool {
        let asking = redis::cmd("ROLE");
        let mut connection = self.connection.clone();
        matches!(timeout(ANSWER_WITHIN, asking.query_async(&mut connection)).await, Ok(Ok(Role::Primary { .. })))
    }
}

/// Those that know. The credentials are the servers'; sentinels that want some are given the same.
struct Sentinels {
    open: SentinelClient,
    guarded: Option<SentinelClient>,
}

impl Sentinels {
    fn new(sentinels: &[ConnectionInfo], name: &str, trust: &Trust) -> RedisResult<Self> {
        let has_credentials = sentinels.first().is_some_and(|info| info.redis_settings().password().is_some());
        Ok(Self {
            open: asking(sentinels, name, trust, false)?,
            guarded: has_credentials.then(|| asking(sentinels, name, trust, true)).transpose()?,
        })
    }

    /// The master's seat, if it is another than this, or this answers no more.
    async fn seat(&mut self, before: Option<&Seat>) -> RedisResult<Option<Seat>> {
        let client = self.master().await?;
        if let Some(before) = before
            && address(&before.client) == address(&client)
            && before.is_master().await
        {
            return Ok(None);
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN));
        let connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Some(Seat { client, connection }))
    }

    async fn master(&mut self) -> RedisResult<Client> {
        let late = |_| RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
        let answer = timeout(CONNECT_WITHIN, self.open.async_get_client()).await.map_err(late)?;
        match (answer, &mut self.guarded) {
            (Err(error), Some(guarded)) if wants_credentials(&error) => {
                timeout(CONNECT_WITHIN, guarded.async_get_client()).await.map_err(late)?
            }
            (answer, _) => answer,
        }
    }
}

fn wants_credentials(error: &RedisError) -> bool {
    error.code() == Some("NOAUTH") || error.kind() == ErrorKind::AuthenticationFailed
}

fn asking(sentinels: &[ConnectionInfo], name: &str, trust: &Trust, guarded: bool) -> RedisResult<SentinelClient> {
    let addresses = sentinels.iter().map(|info| info.addr().clone());
    let mut asking = SentinelClientBuilder::new(addresses, name, SentinelServerType::Master)?;
    let Some(info) = sentinels.first() else { return asking.build() };
    let settings = info.redis_settings();
    asking = asking
        .set_client_to_redis_tcp_settings(info.tcp_settings().clone())
        .set_client_to_sentinel_tcp_settings(info.tcp_settings().clone())
        .set_client_to_redis_db(settings.db());
    if is_tls(info) {
        asking = asking.set_client_to_redis_tls_mode(TlsMode::Secure);
    }
    if let Some(certificates) = trust.certificates(info) {
        asking = asking
            .set_client_to_redis_certificates(certificates.clone())
            .set_client_to_sentinel_certificates(certificates);
    }
    if let Some(username) = settings.username() {
        asking = asking.set_client_to_redis_username(username);
        asking = if guarded { asking.set_client_to_sentinel_username(username) } else { asking };
    }
    if let Some(password) = settings.password() {
        asking = asking.set_client_to_redis_password(password);
        asking = if guarded { asking.set_client_to_sentinel_password(password) } else { asking };
    }
    asking.build()
}
