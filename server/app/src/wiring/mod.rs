//! Puts the program together. The only place that names engines.

mod calls;
mod error;
mod files;
mod sharing;
mod stores;
mod working;

pub use error::WiringError;
pub use files::{Files, files, object_server};
pub use sharing::redis;
pub use stores::{OpenStores, open};
pub use working::{worker, worker_beside};

use crate::{
    app::{App, AppParts, Stores, System},
    auth::{
        AccessTokens, AddressKey, FamilyIds, KnownSignIns, Passwords, SocketIds, jwt_secret,
        oidc::{Attempts, Providers},
    },
    config::{Settings, TrustedProxies},
    http::Health,
    net::{Connections, raise_descriptor_limit},
    room::LiveRooms,
    socket::Sockets,
    system::{SystemClock, SystemRandom},
    telemetry,
    tls::Tls,
};
use calls::calls;
use files::quotas;
use sharing::{Sharing, sharing};
use std::{path::Path, sync::Arc};
use studyrooms_domain::reachable::Reachable;
use studyrooms_store::{memory::MemoryLimits, redis::Redis};

/// All parts over these stores, as `settings` says.
///
/// # Errors
/// [`WiringError`].
pub async fn wire(settings: &Settings, open: &OpenStores) -> Result<App, WiringError> {
    let system = system();
    let secret = match &settings.jwt_secret {
        Some(secret) => secret.clone(),
        None => kept_secret(&settings.store.data_dir, &system)?,
    };
    let data_dir = settings.store.data_dir.clone();
    let tls = Tls::open(&settings.tls, &data_dir, settings.public_url.as_ref(), system.clock.clone())?;
    let (ice, turn) = calls(settings, &system).await?;
    let Sharing { limits, coordination, append_leases, redis } = sharing(settings, &system).await?;
    let stores = open.with_append_leases(append_leases);
    let files = files(settings, &secret, system.random.clone(), stores.uploads.clone()).await?;
    let sockets = Sockets::default();
    let broadcaster = Arc::new(sockets.clone());
    Ok(App::new(AppParts {
        access_tokens: AccessTokens::new(&secret),
        family_ids: FamilyIds::new(&secret)?,
        known_sign_ins: KnownSignIns::default(),
        passwords: Passwords::new(system.random.clone())?,
        socket_ids: SocketIds::new(&secret)?,
        address_key: AddressKey::new(&secret)?,
        limits,
        connects: Arc::new(MemoryLimits::new(system.clock.clone(), settings.rate_limit_factor)),
        trusted_proxies: TrustedProxies::new(settings.trusted_proxies.clone()),
        connections: Connections::new(settings.connections.capacity(raise_descriptor_limit())),
        providers: Providers::new(settings.providers()?, Attempts::new(&secret)?)?,
        sockets,
        health: health(&stores, redis),
        live_rooms: LiveRooms::new(
            stores.clone(),
            files.objects.clone(),
            system.clone(),
            ice.clone(),
            coordination,
            broadcaster,
        ),
        objects: files.objects,
        object_endpoint: files.endpoint,
        object_origin: files.origin,
        quotas: quotas(&settings.files),
        ice,
        turn,
        tls,
        stores,
        system,
        public_url: settings.public_url.clone(),
        cors_origins: settings.cors_origins.clone(),
    }))
}

fn system() -> System {
    System { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) }
}

fn health(stores: &Stores, redis: Option<Redis>) -> Health {
    let redis = redis.map(|redis| Arc::new(redis) as Arc<dyn Reachable>);
    Health::new(stores.logs.clone(), stores.write_probe.clone(), redis, telemetry::handle())
}

fn kept_secret(data_dir: &Path, system: &System) -> Result<String, WiringError> {
    let failed = |source| WiringError::DataDir { path: data_dir.to_owned(), source };
    std::fs::create_dir_all(data_dir).map_err(failed)?;
    Ok(jwt_secret(data_dir, &*system.random)?)
}
