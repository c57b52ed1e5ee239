//! What instances share through Redis.

mod away;
mod directory;
mod limits;
mod listener;
mod relay;
mod turns;

pub use directory::RedisDirectory;
pub use limits::RedisLimits;
pub use relay::RedisRelay;
pub use turns::RedisTurns;

use async_trait::async_trait;
use redis::{
    Client, IntoConnectionInfo, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
    io::tcp::TcpSettings,
};
use std::time::Duration;
use studyrooms_domain::{
    relay::Reachable,
    store::{StoreError, Stored},
};

/// An answer that takes longer is none.
const ANSWER_WITHIN: Duration = Duration::from_millis(400);
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// How long a lost network may go unnoticed.
#[cfg(target_os = "linux")]
const DEAD_AFTER: Duration = Duration::from_secs(5);
/// Begins every key, beside whatever else uses the same Redis.
const PREFIX: &str = "studyrooms:";

/// Why Redis cannot be used. None of the texts holds the password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address cannot be read.
    #[error("not a usable address: it must be redis://[user:password@]host[:port][/number], or rediss:// for TLS")]
    BadUrl,
    /// No server, or none that lets us in.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
}

/// A connection to Redis that comes back by itself. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    connection: ConnectionManager,
}

impl Redis {
    /// Connects.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let tcp = TcpSettings::default().set_nodelay(true);
        #[cfg(target_os = "linux")]
        let tcp = tcp.set_user_timeout(DEAD_AFTER);
        let info = url.into_connection_info().map_err(|_| ConnectError::BadUrl)?.set_tcp_settings(tcp);
        let client = Client::open(info).map_err(|_| ConnectError::BadUrl)?;
        // Whoever asks decides when to ask again, so the manager itself does not repeat.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN));
        let connection = ConnectionManager::new_with_config(client.clone(), config).await.map_err(unreachable)?;
        let redis = Self { client, connection };
        redis.ping().await?;
        Ok(redis)
    }

    /// Whether Redis answers, and lets us in.
    ///
    /// # Errors
    /// `Unreachable`.
    pub async fn ping(&self) -> Result<(), ConnectError> {
        redis::cmd("PING").query_async(&mut self.connection.clone()).await.map_err(unreachable)
    }
}

#[async_trait]
impl Reachable for Redis {
    async fn reach(&self) -> Stored<()> {
        self.ping().await.map_err(|error| StoreError::Unavailable(format!("Redis: {error}")))
    }
}

fn unreachable(error: RedisError) -> ConnectError {
    ConnectError::Unreachable(error.to_string())
}

/// As the scripts take it.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
