//! Puts the program together. The only file that names engines.

use crate::{
    app::{App, Outside, Parts, Stores},
    auth::{AccessTokens, Passwords, SecretError, SocketIds, jwt_secret},
    config::Settings,
    ice::IceConfig,
    outside::{SystemClock, SystemRandom},
    room::HotRooms,
};
use std::sync::Arc;
use studyrooms_domain::Refusal;
use studyrooms_store::embedded::{Embedded, OpenError};

/// Why the program cannot be put together; each names the setting.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// The embedded store does not open.
    #[error("DATA_DIR: {0}")]
    Store(#[from] OpenError),
    /// The signing secret is not to be had.
    #[error("JWT_SECRET: {0}")]
    Secret(#[from] SecretError),
    /// Cryptography does not work here.
    #[error("cryptography: {0}")]
    Crypto(#[from] Refusal),
}

/// All parts, as `settings` says. Blocks while files are opened.
///
/// # Errors
/// [`WiringError`].
pub fn wire(settings: &Settings) -> Result<App, WiringError> {
    let outside = Outside { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
    let store = Arc::new(Embedded::open(&settings.data_dir)?);
    let stores = Stores {
        users: store.clone(),
        refresh_tokens: store.clone(),
        rooms: store.clone(),
        logs: store.clone(),
        snapshots: store,
    };
    let secret = match &settings.jwt_secret {
        Some(secret) => secret.clone(),
        None => jwt_secret(&settings.data_dir, &*outside.random)?,
    };
    let ice = IceConfig::new(&settings.turn_urls, settings.turn_secret.as_deref());
    Ok(App::new(Parts {
        access_tokens: AccessTokens::new(&secret),
        passwords: Passwords::new()?,
        socket_ids: SocketIds::new(&secret)?,
        hot_rooms: HotRooms::new(stores.clone(), outside.clone(), ice.clone()),
        ice,
        stores,
        outside,
        public_url: settings.public_url.clone(),
        cors_origins: settings.cors_origins.clone(),
    }))
}
