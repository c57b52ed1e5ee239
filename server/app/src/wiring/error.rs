//! Why the program cannot be put together, by the setting.

use crate::{
    auth::{SecretError, oidc::HttpError},
    config::{ConfigError, ProviderError},
    tls::CertificateError,
    turn::TurnError,
    worker::ClientError,
};
use std::path::PathBuf;
use studyrooms_domain::Refusal;
use studyrooms_store::{embedded::OpenError, mongo::ConnectError, redis::ConnectError as RedisError, s3};

/// Why the program cannot be put together; each names the setting.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// The embedded store does not open.
    #[error("DATA_DIR: {0}")]
    Store(#[from] OpenError),
    /// The name of the database in MongoDB is none.
    #[error("MONGODB_DB: {0}")]
    DatabaseName(ConnectError),
    /// MongoDB is configured and cannot be used.
    #[error("MONGODB_URI: {0}")]
    Mongo(ConnectError),
    /// Redis is configured and cannot be used.
    #[error("REDIS_URL: {0}")]
    Redis(RedisError),
    /// The authorities for Redis cannot be read, or are none.
    #[error("REDIS_CA_FILE: {0}")]
    RedisAuthorities(String),
    /// An identity provider is configured and cannot be used.
    #[error("OIDC_PROVIDERS: {0}")]
    Provider(#[from] ProviderError),
    /// No provider can be asked; mostly the machine has no certificates.
    #[error("OIDC_PROVIDERS: {0}")]
    Http(#[from] HttpError),
    /// A setting that does not fit.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No one can be told of anything; mostly the machine has no certificates.
    #[error("WEBHOOK_URLS: {0}")]
    Webhooks(#[from] ClientError),
    /// The data directory, where secrets are kept, cannot be made.
    #[error("DATA_DIR: {path}: {source}")]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The signing secret is not to be had.
    #[error("JWT_SECRET: {0}")]
    Secret(#[from] SecretError),
    /// The S3 server is configured and cannot be used; says which setting it is.
    #[error(transparent)]
    S3(#[from] s3::ConnectError),
    /// HTTPS is configured and cannot be spoken.
    #[error(transparent)]
    Tls(#[from] CertificateError),
    /// Calls cannot be relayed here.
    #[error(transparent)]
    Turn(#[from] TurnError),
    /// Cryptography does not work here.
    #[error("cryptography: {0}")]
    Crypto(#[from] Refusal),
}

impl WiringError {
    /// Whether another process, mostly a server that runs, has the store open.
    #[must_use]
    pub const fn is_in_use(&self) -> bool {
        matches!(self, Self::Store(OpenError::InUse(_)))
    }
}

impl From<ConnectError> for WiringError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::BadName(_) => Self::DatabaseName(error),
            other => Self::Mongo(other),
        }
    }
}

impl From<RedisError> for WiringError {
    fn from(error: RedisError) -> Self {
        match error {
            RedisError::BadAuthorities(_) => Self::RedisAuthorities(error.to_string()),
            other => Self::Redis(other),
        }
    }
}
