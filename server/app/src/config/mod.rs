//! Settings: flags win over the environment, which wins over the file, which wins over defaults.

mod check;
mod commands;
mod connections;
mod file;
mod network;
mod settings;
mod sign_in;
#[cfg(test)]
mod tests;
mod tls;
mod turn;
mod webhooks;

pub use commands::{Command, DeadLetters, DeadLettersAction, Export, Import, Work};
pub use connections::ConnectionSettings;
pub use network::{Network, TrustedProxies};
pub use settings::{FileSettings, LogFormat, RedisSettings, Settings, StoreSettings};
pub use sign_in::{OAuth2Endpoints, ProviderError, ProviderSettings, ProviderType};
pub use tls::TlsSettings;
pub use turn::{Ports, Switch, TurnSettings};
pub use webhooks::{Telling, WebhookSettings};

use std::path::PathBuf;

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A flag, or a value of one; also `--help` and `--version`, which are no errors.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    /// The configuration file cannot be read.
    #[error("--config {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("--config {path}: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<toml::de::Error>,
    },
    /// The file sets something that no flag is called.
    #[error("--config {path}: {setting}: no such setting")]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The name in the file.
        setting: String,
    },
    /// An identity provider.
    #[error("OIDC_PROVIDERS: {0}")]
    Provider(#[from] ProviderError),
    /// Two settings do not go together, or one lacks the other.
    #[error("{setting}: {rule}")]
    Contradiction {
        /// The setting to change.
        setting: &'static str,
        /// What it must fit.
        rule: &'static str,
    },
}
