//! What instances share through Redis.

mod address;
mod append_leases;
mod away;
mod cluster;
mod connection;
mod directory;
mod limits;
mod listener;
mod pubsub;
mod sentinels;
mod trust;

pub use append_leases::RedisAppendLeases;
pub use directory::RedisDirectory;
pub use limits::RedisLimits;
pub use pubsub::RedisPubSub;

use address::Address;
use async_trait::async_trait;
use connection::Connection;
use redis::RedisError;
use std::time::Duration;
use studyrooms_domain::{
    reachable::Reachable,
    store::{StoreError, Stored},
};
use trust::Trust;

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
    #[error(
        "not a usable address: {0}. It must be redis://[user:password@]host[:port][/number], \
         redis+sentinel://[user:password@]host[:port],…/master[/number] or \
         redis+cluster://[user:password@]host[:port],…; with rediss in place of redis for TLS"
    )]
    BadUrl(&'static str),
    /// The file with the authorities that sign the servers' certificates holds none.
    #[error("not usable as authorities: {0}")]
    BadAuthorities(String),
    /// No server, or none that lets us in.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
}

/// A connection to Redis that comes back by itself. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    connection: Connection,
}

impl Redis {
    /// Connects.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        Self::open(Address::parse(url)?, Trust::default()).await
    }

    /// Connects where servers are signed by these authorities, in PEM, and no others.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn connect_trusting(url: &str, authorities: Vec<u8>) -> Result<Self, ConnectError> {
        Self::open(Address::parse(url)?, Trust::of(authorities)?).await
    }

    async fn open(address: Address, trust: Trust) -> Result<Self, ConnectError> {
        // Boxed: the ways to connect are many, and one within the other too deep for the compiler.
        let connection = Box::pin(Connection::open(address, trust)).await.map_err(unreachable)?;
        let redis = Self { connection };
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
