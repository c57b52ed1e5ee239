//! Puts the program together. The only file that names engines.

use crate::{
    app::{App, Outside, Parts, Stores},
    auth::{
        AccessTokens, Passwords, SecretError, SocketIds,
        elsewhere::{Attempts, HttpError, Sites},
        jwt_secret,
    },
    config::{ProviderError, Settings, StoreSettings, Switch, TrustedProxies},
    http::StoreHealth,
    ice::{self, IceConfig},
    outside::{SystemClock, SystemRandom},
    room::{Coordination, HotRooms},
    socket::Sockets,
    telemetry,
    tls::{CertificateError, Tls},
    turn::{EmbeddedTurn, TurnError},
};
use hmac::{Hmac, KeyInit};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};
use studyrooms_domain::{
    Refusal,
    limits::RateLimits,
    outside::random_id,
    presence::{InstanceId, Terms},
    relay::Reachable,
    turns::Turns,
};
use studyrooms_protocol::error::ErrorCode;
use studyrooms_store::{
    embedded::{Embedded, OpenError},
    memory::{MemoryDirectory, MemoryLimits, MemoryRelay},
    mongo::{ConnectError, Mongo, MongoConfig},
    redis::{self, Redis, RedisDirectory, RedisLimits, RedisRelay, RedisTurns},
};
use url::Url;

/// Where MongoDB is given without the name of a database.
const DATABASE: &str = "studyrooms";

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
    Redis(redis::ConnectError),
    /// The authorities for Redis cannot be read, or are none.
    #[error("REDIS_CA_FILE: {0}")]
    RedisAuthorities(String),
    /// A site to sign in at is configured and cannot be used.
    #[error("OIDC_PROVIDERS: {0}")]
    Provider(#[from] ProviderError),
    /// No other site can be asked; mostly the machine has no certificates.
    #[error("OIDC_PROVIDERS: {0}")]
    Http(#[from] HttpError),
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

impl From<ConnectError> for WiringError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::BadName(_) => Self::DatabaseName(error),
            other => Self::Mongo(other),
        }
    }
}

impl From<redis::ConnectError> for WiringError {
    fn from(error: redis::ConnectError) -> Self {
        match error {
            redis::ConnectError::BadAuthorities(_) => Self::RedisAuthorities(error.to_string()),
            other => Self::Redis(other),
        }
    }
}

/// Stores that are open, and what is to be closed at the end.
pub struct OpenStores {
    /// The stores.
    pub stores: Stores,
    mongo: Option<Mongo>,
}

impl OpenStores {
    /// The stores, whose logs instances append to in turns where they can.
    fn taking(&self, turns: Option<Arc<dyn Turns>>) -> Stores {
        let mut stores = self.stores.clone();
        if let (Some(mongo), Some(turns)) = (self.mongo.clone(), turns) {
            stores.logs = Arc::new(mongo.in_turns(turns));
        }
        stores
    }

    /// Ends the connections; nothing is stored or read any more.
    pub async fn close(self) {
        if let Some(mongo) = self.mongo {
            mongo.close().await;
        }
    }
}

/// The stores that `settings` names: MongoDB when there is an address of one, and never the
/// embedded store in its place.
///
/// # Errors
/// [`WiringError`].
pub async fn open(settings: &StoreSettings) -> Result<OpenStores, WiringError> {
    if let Some(uri) = settings.mongodb_uri.clone() {
        let database = settings.mongodb_db.clone().unwrap_or_else(|| DATABASE.into());
        let mongo = Mongo::connect(MongoConfig { uri, database }).await?;
        return Ok(OpenStores { stores: Stores::of(Arc::new(mongo.clone())), mongo: Some(mongo) });
    }
    let data_dir = settings.data_dir.clone();
    let opening = tokio::task::spawn_blocking(move || Embedded::open(&data_dir));
    let embedded = opening.await.map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))??;
    Ok(OpenStores { stores: Stores::of(Arc::new(embedded)), mongo: None })
}

/// What instances share: through Redis when there is an address of one, else within this process.
struct Sharing {
    limits: Arc<dyn RateLimits>,
    coordination: Coordination,
    turns: Option<Arc<dyn Turns>>,
    redis: Option<Redis>,
}

/// Redis, when there is an address of one.
///
/// # Errors
/// [`WiringError`].
pub async fn redis(settings: &Settings) -> Result<Option<Redis>, WiringError> {
    let Some(url) = &settings.redis_url else { return Ok(None) };
    let redis = match &settings.redis_ca_file {
        None => Redis::connect(url).await?,
        Some(file) => {
            let unreadable = |error| WiringError::RedisAuthorities(format!("{}: {error}", file.display()));
            Redis::connect_trusting(url, std::fs::read(file).map_err(unreadable)?).await?
        }
    };
    Ok(Some(redis))
}

async fn sharing(settings: &Settings, outside: &Outside) -> Result<Sharing, WiringError> {
    let (clock, factor) = (outside.clock.clone(), settings.rate_limit_factor);
    let instance = InstanceId(random_id(&*outside.random));
    let Some(redis) = redis(settings).await? else {
        let directory = Arc::new(MemoryDirectory::new(clock.clone(), Terms::DEFAULT));
        let coordination = Coordination { instance, relay: Arc::new(MemoryRelay::alone()), directory };
        let limits = Arc::new(MemoryLimits::new(clock, factor));
        return Ok(Sharing { limits, coordination, turns: None, redis: None });
    };
    if settings.store.mongodb_uri.is_none() || settings.jwt_secret.is_none() {
        tracing::warn!("REDIS_URL: instances that share it must share MONGODB_URI and JWT_SECRET too");
    }
    let relay = Arc::new(RedisRelay::new(redis.clone()));
    let turns = Arc::new(RedisTurns::new(redis.clone(), &*relay, instance.clone()).await);
    let coordination =
        Coordination { instance, relay, directory: Arc::new(RedisDirectory::new(redis.clone(), Terms::DEFAULT)) };
    let limits = Arc::new(RedisLimits::new(redis.clone(), clock, factor));
    Ok(Sharing { limits, coordination, turns: Some(turns), redis: Some(redis) })
}

/// All parts over these stores, as `settings` says.
///
/// # Errors
/// [`WiringError`].
pub async fn wire(settings: &Settings, open: &OpenStores) -> Result<App, WiringError> {
    let outside = Outside { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
    let secret = match &settings.jwt_secret {
        Some(secret) => secret.clone(),
        None => kept_secret(&settings.store.data_dir, &outside)?,
    };
    let data_dir = settings.store.data_dir.clone();
    let tls = Tls::open(&settings.tls, &data_dir, settings.public_url.as_ref(), outside.clock.clone())?;
    let (ice, turn) = calls(settings, &outside).await?;
    let Sharing { limits, coordination, turns, redis } = sharing(settings, &outside).await?;
    let stores = open.taking(turns);
    let sockets = Sockets::default();
    let loudspeaker = Arc::new(sockets.clone());
    Ok(App::new(Parts {
        access_tokens: AccessTokens::new(&secret),
        passwords: Passwords::new()?,
        socket_ids: SocketIds::new(&secret)?,
        limits,
        connects: Arc::new(MemoryLimits::new(outside.clock.clone(), settings.rate_limit_factor)),
        trusted_proxies: TrustedProxies::new(settings.trusted_proxies.clone()),
        sites: Sites::new(settings.providers()?, Attempts::new(&secret)?)?,
        sockets,
        store_health: StoreHealth::default(),
        is_draining: AtomicBool::new(false),
        metrics: telemetry::handle(),
        redis: redis.map(|redis| Arc::new(redis) as Arc<dyn Reachable>),
        hot_rooms: HotRooms::new(stores.clone(), outside.clone(), ice.clone(), coordination, loudspeaker),
        ice,
        turn,
        tls,
        stores,
        outside,
        public_url: settings.public_url.clone(),
        cors_origins: settings.cors_origins.clone(),
    }))
}

/// What calls need: the servers that are named, or one in this program.
async fn calls(settings: &Settings, outside: &Outside) -> Result<(IceConfig, Option<EmbeddedTurn>), WiringError> {
    let named = IceConfig::new(&settings.turn_urls, settings.turn_secret.as_deref());
    let is_alone = settings.turn_urls.is_empty() && settings.redis_url.is_none();
    if !is_alone || settings.turn.embedded_turn == Switch::Off {
        return Ok((named, None));
    }
    // Whoever is here comes again with new credentials when the program has started again.
    let secret = Hmac::new_from_slice(random_id(&*outside.random).as_bytes())
        .map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
    let (clock, random) = (outside.clock.clone(), outside.random.clone());
    let turn = EmbeddedTurn::start(&settings.turn, settings.listen, secret.clone(), clock, random).await?;
    let url = settings.public_url.as_ref();
    let is_for_others = url.and_then(Url::host_str).and_then(ice::named).is_some();
    if is_for_others && turn.address().ip().is_loopback() {
        tracing::warn!("calls are not relayed: TURN_LISTEN is an address of this machine alone, PUBLIC_URL is not");
        turn.close().await;
        return Ok((named, None));
    }
    Ok((IceConfig::embedded(turn.address(), url, secret), Some(turn)))
}

fn kept_secret(data_dir: &Path, outside: &Outside) -> Result<String, WiringError> {
    let failed = |source| WiringError::DataDir { path: data_dir.to_owned(), source };
    std::fs::create_dir_all(data_dir).map_err(failed)?;
    Ok(jwt_secret(data_dir, &*outside.random)?)
}
