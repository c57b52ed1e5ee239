//! Puts the program together. The only file that names engines.

use crate::{
    app::{App, Outside, Parts, Stores},
    auth::{
        AccessTokens, Passwords, SecretError, SocketIds, derived_secret,
        elsewhere::{Attempts, HttpError, Sites},
        jwt_secret,
    },
    config::{
        ConfigError, FileSettings, ProviderError, RedisSettings, Settings, StoreSettings, Switch, TrustedProxies,
        WebhookSettings, Work,
    },
    http::{Health, ObjectEndpoint},
    ice::{self, IceConfig},
    outside::{SystemClock, SystemRandom},
    room::{Coordination, HotRooms},
    socket::Sockets,
    telemetry,
    tls::{CertificateError, Tls},
    turn::{EmbeddedTurn, TurnError},
    worker::{ClientError, Webhooks, Worker},
};
use hmac::{Hmac, KeyInit};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use studyrooms_domain::{
    Refusal,
    files::{Objects, Quotas},
    limits::RateLimits,
    outside::{Random, random_id},
    presence::{InstanceId, Terms},
    relay::{Reachable, Relay},
    turns::Turns,
};
use studyrooms_protocol::error::ErrorCode;
use studyrooms_store::{
    embedded::{Embedded, OpenError},
    memory::{MemoryDirectory, MemoryLimits, MemoryRelay},
    mongo::{ConnectError, Mongo, MongoConfig},
    redis::{ConnectError as RedisError, Redis, RedisDirectory, RedisLimits, RedisRelay, RedisTurns},
    s3::{self, Keys, LocalS3, Origins, S3, S3Config},
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
    Redis(RedisError),
    /// The authorities for Redis cannot be read, or are none.
    #[error("REDIS_CA_FILE: {0}")]
    RedisAuthorities(String),
    /// A site to sign in at is configured and cannot be used.
    #[error("OIDC_PROVIDERS: {0}")]
    Provider(#[from] ProviderError),
    /// No other site can be asked; mostly the machine has no certificates.
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
pub async fn redis(settings: &RedisSettings) -> Result<Option<Redis>, WiringError> {
    let Some(url) = &settings.redis_url else { return Ok(None) };
    Ok(Some(match &settings.redis_ca_file {
        None => Redis::connect(url).await?,
        Some(file) => {
            let unreadable = |error| WiringError::RedisAuthorities(format!("{}: {error}", file.display()));
            Redis::connect_trusting(url, std::fs::read(file).map_err(unreadable)?).await?
        }
    }))
}

async fn sharing(settings: &Settings, outside: &Outside) -> Result<Sharing, WiringError> {
    let (clock, factor) = (outside.clock.clone(), settings.rate_limit_factor);
    let instance = InstanceId(random_id(&*outside.random));
    let Some(redis) = redis(&settings.redis).await? else {
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

fn webhooks(settings: &WebhookSettings) -> Result<Webhooks, WiringError> {
    let Some(telling) = settings.telling()? else { return Ok(Webhooks::none()) };
    Ok(Webhooks::new(telling.urls, telling.secret, telling.filter, telling.schedule, telling.answer_within)?)
}

fn outside() -> Outside {
    Outside { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
}

/// The worker within `serve`; none where instances share rooms, for then it is a process of its own.
///
/// # Errors
/// [`WiringError`].
pub fn worker_beside(settings: &Settings, app: &App) -> Result<Option<Worker>, WiringError> {
    let relay = app.hot_rooms.coordination().relay;
    if relay.is_shared() {
        if settings.webhooks.telling()?.is_some() {
            tracing::warn!(
                "WEBHOOK_URLS: with REDIS_URL they are told by `studyrooms worker`, which takes the same settings"
            );
        }
        return Ok(None);
    }
    let webhooks = webhooks(&settings.webhooks)?;
    let objects = Some(app.objects.clone());
    Ok(Some(Worker::new(app.stores.clone(), objects, app.outside.clone(), relay, webhooks)))
}

/// The worker as a process of its own, and whether it can do its work.
///
/// # Errors
/// [`WiringError`].
pub async fn worker(settings: &Work, stores: Stores) -> Result<(Worker, Health), WiringError> {
    let webhooks = webhooks(&settings.webhooks)?;
    let redis = redis(&settings.redis).await?;
    let relay: Arc<dyn Relay> = match &redis {
        Some(redis) => Arc::new(RedisRelay::new(redis.clone())),
        None => Arc::new(MemoryRelay::alone()),
    };
    let health = health(&stores, redis);
    // It serves no pages. Files of the data directory are swept by who serves them.
    let objects = object_server(&settings.files).await?;
    Ok((Worker::new(stores, objects, outside(), relay, webhooks), health))
}

fn health(stores: &Stores, redis: Option<Redis>) -> Health {
    let redis = redis.map(|redis| Arc::new(redis) as Arc<dyn Reachable>);
    Health::new(stores.logs.clone(), redis, telemetry::handle())
}

/// Where the bytes of files are: on the S3 server that is configured, and never here in its place.
pub struct Files {
    /// The objects.
    pub objects: Arc<dyn Objects>,
    endpoint: Option<ObjectEndpoint>,
    origin: Option<String>,
}

/// The object store, as `settings` says.
///
/// # Errors
/// [`WiringError`].
pub async fn files(settings: &Settings, secret: &str, random: Arc<dyn Random>) -> Result<Files, WiringError> {
    let own = settings.public_url.as_ref().map(origin);
    let origins = match own {
        Some(own) => std::iter::once(own).chain(settings.cors_origins.iter().map(origin)).collect(),
        // Which pages are ours nobody said; what may be done is signed all the same.
        None => vec!["*".into()],
    };
    if let Some((objects, public)) = s3(&settings.files, &Origins(origins)).await? {
        return Ok(Files { objects: Arc::new(objects), endpoint: None, origin: Some(public) });
    }
    if settings.redis.redis_url.is_some() {
        tracing::warn!("S3_ENDPOINT: instances that share REDIS_URL must share it too, or files are on one of them");
    }
    local_files(&settings.store.data_dir, secret, random)
}

/// The S3 server, when there is an address of one, for who serves no pages.
///
/// # Errors
/// [`WiringError`].
pub async fn object_server(settings: &FileSettings) -> Result<Option<Arc<dyn Objects>>, WiringError> {
    let found = s3(settings, &Origins(vec![])).await?;
    Ok(found.map(|(objects, _)| Arc::new(objects) as Arc<dyn Objects>))
}

/// The S3 server, when there is an address of one, and where browsers reach it.
async fn s3(settings: &FileSettings, origins: &Origins) -> Result<Option<(S3, String)>, WiringError> {
    let FileSettings { s3_endpoint, s3_public_endpoint, s3_region, s3_bucket, s3_access_key, s3_secret_key, .. } =
        settings;
    let (Some(endpoint), Some(bucket), Some(access), Some(key)) =
        (s3_endpoint, s3_bucket, s3_access_key, s3_secret_key)
    else {
        return Ok(None);
    };
    let public = origin(s3_public_endpoint.as_ref().unwrap_or(endpoint));
    let config = S3Config {
        endpoint: origin(endpoint),
        public_endpoint: public.clone(),
        region: s3_region.clone(),
        bucket: bucket.clone(),
        keys: Keys { access: access.clone(), secret: key.clone() },
    };
    Ok(Some((S3::connect(config, origins).await?, public)))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn local_files(data_dir: &Path, secret: &str, random: Arc<dyn Random>) -> Result<Files, WiringError> {
    let root = data_dir.join("files");
    let keys = Keys { access: "studyrooms".into(), secret: derived_secret(secret, "objects")? };
    let failed = |source| WiringError::DataDir { path: root.clone(), source };
    let local = LocalS3::open(&root, &keys, random).map_err(failed)?;
    let objects = Arc::new(S3::inside(local.clone(), &keys));
    let endpoint: ObjectEndpoint = Arc::new(move |request| {
        let local = local.clone();
        Box::pin(async move { local.answer(request).await.map(axum::body::Body::new) })
    });
    Ok(Files { objects, endpoint: Some(endpoint), origin: None })
}

fn quotas(settings: &FileSettings) -> Quotas {
    let bytes = |mib: u32| u64::from(mib) << 20;
    Quotas {
        file: bytes(settings.max_file_mib),
        room: bytes(settings.max_room_files_mib),
        user: bytes(settings.max_user_files_mib),
    }
}

/// All parts over these stores, as `settings` says.
///
/// # Errors
/// [`WiringError`].
pub async fn wire(settings: &Settings, open: &OpenStores) -> Result<App, WiringError> {
    let outside = outside();
    let secret = match &settings.jwt_secret {
        Some(secret) => secret.clone(),
        None => kept_secret(&settings.store.data_dir, &outside)?,
    };
    let data_dir = settings.store.data_dir.clone();
    let tls = Tls::open(&settings.tls, &data_dir, settings.public_url.as_ref(), outside.clock.clone())?;
    let (ice, turn) = calls(settings, &outside).await?;
    let Sharing { limits, coordination, turns, redis } = sharing(settings, &outside).await?;
    let stores = open.taking(turns);
    let files = files(settings, &secret, outside.random.clone()).await?;
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
        health: health(&stores, redis),
        hot_rooms: HotRooms::new(
            stores.clone(),
            files.objects.clone(),
            outside.clone(),
            ice.clone(),
            coordination,
            loudspeaker,
        ),
        objects: files.objects,
        object_endpoint: files.endpoint,
        object_origin: files.origin,
        quotas: quotas(&settings.files),
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
    let is_alone = settings.turn_urls.is_empty() && settings.redis.redis_url.is_none();
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
